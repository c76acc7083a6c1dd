"""Parts of scipy that are loaded when they are first used: together they take longer than the rest of the program takes to start.

Two threads that load parts of it at once find each other's half-made modules and fail for good. So whoever loads it on a thread of its own,
by something else that needs it, does so inside `LOADING`.
"""
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

LOADING: Final = threading.RLock()
PARTS = ("scipy.special", "scipy.linalg", "scipy.fft", "scipy.ndimage", "scipy.optimize", "scipy.interpolate", "scipy.stats", "scipy.signal")


def load(check: Callable[[], None]) -> None:
    """Load what filters need, a part of it (0.1 to 0.3 s) after another. `check` is called before each and may raise; what was loaded stays."""
    for part in PARTS:
        check()
        with LOADING:
            import_module(part)


class Later:
    """A module that is loaded when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        with LOADING:
            value = getattr(import_module(self._name), wanted)
        setattr(self, wanted, value)
        return value


fft: Any = Later("scipy.fft")
ndimage: Any = Later("scipy.ndimage")
signal: Any = Later("scipy.signal")
