"""Whether a window can open. Qt ends the whole program where it cannot, so it is asked before."""
import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

WITHOUT_A_WINDOW = "Without a window there are play, render and analyze; mastering-rt --help lists them."


def why_no_window() -> str:
    """A sentence on what is missing for a window, with the remedy; empty when nothing is, or when Qt alone can tell."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    display = os.environ.get("DISPLAY")
    if not display:
        return f"There is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set. {WITHOUT_A_WINDOW}"
    missing = _missing_library()
    if missing:
        return f"Qt cannot draw a window: {missing}. Install the package with that library. {WITHOUT_A_WINDOW}"
    if not _answers(display):
        return f"The display {display!r} does not answer; DISPLAY names one that is not running or does not let you in. {WITHOUT_A_WINDOW}"
    return ""


def _missing_library() -> str:
    """What the dynamic linker says of Qt's way to X11; empty when all is there."""
    found = find_spec("PySide6")
    for folder in (found.submodule_search_locations or ()) if found else ():
        plugin = Path(folder, "Qt", "plugins", "platforms", "libqxcb.so")
        if plugin.exists():
            try:
                ctypes.CDLL(str(plugin))
            except OSError as error:
                return str(error)
    return ""


def _answers(display: str) -> bool:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True                              # Qt will say what it needs
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    opened = x11.XOpenDisplay(display.encode())
    if opened:
        x11.XCloseDisplay(opened)
    return bool(opened)
