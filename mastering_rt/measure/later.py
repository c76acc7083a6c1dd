"""Parts of scipy that are loaded when they are first used: together they take longer than the rest of the program takes to start."""
from importlib import import_module
from typing import Any


class Later:
    """A module that is loaded when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, wanted: str) -> Any:
        value = getattr(import_module(self._name), wanted)
        setattr(self, wanted, value)
        return value


fft: Any = Later("scipy.fft")
ndimage: Any = Later("scipy.ndimage")
signal: Any = Later("scipy.signal")
