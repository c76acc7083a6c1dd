"""What stands on the frame of a plugin's own window. pedalboard calls all of them "Pedalboard"; where windows are X11's, anybody may name them."""
import ctypes
import os
import sys
import threading
from collections.abc import Iterator

LOOK_S, AGAIN_S = 0.03, 0.5
DEEPEST = 4                      # a window manager puts windows into frames of its own
REPLACE, ANY_TYPE = 0, 0
AS_IT_COMES = b"Pedalboard"

_kept: list[object] = []


def forgive_x_errors() -> None:
    """Without a settings daemon, as on plain window managers, the toolkit inside pedalboard makes an X error that would end the process; so does a
    window that goes while it is being named."""
    if sys.platform != "linux" or _kept:
        return
    try:
        xlib = ctypes.CDLL("libX11.so.6")
    except OSError:
        return
    handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda display, event: 0)
    xlib.XSetErrorHandler(handler)
    _kept.append(handler)


def name_window(title: str, done: threading.Event) -> None:
    """Wait until this process has a window, and call it `title`, again where the toolkit names it after that; until `done`. Elsewhere than on X11
    nothing happens."""
    if sys.platform != "linux" or not title:
        return
    forgive_x_errors()
    try:
        screen = _Screen()
    except OSError:
        return
    try:
        pause_s = LOOK_S
        while not done.wait(pause_s):
            if screen.name(title):
                pause_s = AGAIN_S
    finally:
        screen.close()


class _Screen:
    """A connection of its own to the X server, for one thread. OSError where there is none."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        for name in ("XOpenDisplay", "XInternAtom", "XDefaultRootWindow"):
            getattr(self._x, name).restype = ctypes.c_void_p if name == "XOpenDisplay" else ctypes.c_ulong
        found = self._x.XOpenDisplay(None)
        if not found:
            raise OSError("there is no X server")
        self._display = ctypes.c_void_p(found)

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)

    def name(self, title: str) -> bool:
        """False while there is no window to name."""
        found = False
        root = self._x.XDefaultRootWindow(self._display)
        for window in self._below(root, DEEPEST):
            if self._pid(window) == os.getpid() and self._title(window) == AS_IT_COMES:
                self._put(window, "WM_NAME", "STRING", title.encode("latin-1", "replace"))
                self._put(window, "_NET_WM_NAME", "UTF8_STRING", title.encode())
                found = True
        self._x.XFlush(self._display)
        return found

    def _atom(self, name: str) -> ctypes.c_ulong:
        return ctypes.c_ulong(self._x.XInternAtom(self._display, name.encode(), 0))

    def _below(self, window: int, depth: int) -> Iterator[int]:
        root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        if not self._x.XQueryTree(self._display, ctypes.c_ulong(window), ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children),
                                  ctypes.byref(count)):
            return
        found = [children[place] for place in range(count.value)]
        if found:
            self._x.XFree(children)
        for child in found:
            yield child
            if depth > 1:
                yield from self._below(child, depth - 1)

    def _property(self, window: int, name: str) -> bytes:
        """At most 64 bytes of it; numbers of 32 bits stand in longs."""
        kind, width = ctypes.c_ulong(), ctypes.c_int()
        count, left = ctypes.c_ulong(), ctypes.c_ulong()
        data = ctypes.POINTER(ctypes.c_char)()
        failed = self._x.XGetWindowProperty(self._display, ctypes.c_ulong(window), self._atom(name), ctypes.c_long(0), ctypes.c_long(16), 0,
                                            ctypes.c_ulong(ANY_TYPE), ctypes.byref(kind), ctypes.byref(width), ctypes.byref(count),
                                            ctypes.byref(left), ctypes.byref(data))
        if failed or not data:
            return b""
        size = count.value * (ctypes.sizeof(ctypes.c_long) if width.value == 32 else width.value // 8)
        found = ctypes.string_at(data, size)
        self._x.XFree(data)
        return found

    def _pid(self, window: int) -> int:
        return int.from_bytes(self._property(window, "_NET_WM_PID")[:4], sys.byteorder)

    def _title(self, window: int) -> bytes:
        return self._property(window, "_NET_WM_NAME") or self._property(window, "WM_NAME")

    def _put(self, window: int, name: str, kind: str, text: bytes) -> None:
        self._x.XChangeProperty(self._display, ctypes.c_ulong(window), self._atom(name), self._atom(kind), 8, REPLACE, text, len(text))
