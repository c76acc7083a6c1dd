"""A native function of a preloaded or built library put between a device and the engine's callback."""
import ctypes
import subprocess
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from mastering_rt.playback import player
from mastering_rt.playback.device import open_device

NATIVE = Path(__file__).parent / "native"


def build_library(name, folder):
    """Compile tests/native/NAME.c into a shared library; gives its path."""
    out = Path(folder) / f"{name}.so"
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", out, NATIVE / f"{name}.c", "-ldl", "-lpthread", "-lm"],
                   check=True)
    return out


class Beat(ctypes.Structure):
    """What the native hooks take as their last argument."""

    _fields_ = [("callback", ctypes.c_void_p), ("user", ctypes.c_void_p)]


class HookedEngine:
    """Looks like the engine to a device, but has the hook called in its place."""

    def __init__(self, engine, hook):
        self.__dict__["_engine"] = engine
        self.__dict__["_beat"] = Beat(engine.callback, engine.userdata)
        self.__dict__["callback"] = ctypes.cast(hook, ctypes.c_void_p).value
        self.__dict__["userdata"] = ctypes.addressof(self._beat)

    def __getattr__(self, name):
        return getattr(self._engine, name)

    def __setattr__(self, name, value):
        setattr(self._engine, name, value)


@contextmanager
def hooked_devices(hook):
    """Every device opened by a player in this block calls `hook` around the engine."""
    with mock.patch.object(player, "open_device", lambda info, engine, *more: open_device(info, HookedEngine(engine, hook), *more)):
        yield
