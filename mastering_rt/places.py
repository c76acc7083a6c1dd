"""Where the program keeps its own files. MASTERING_RT_HOME puts all of them into one folder, for portable use and tests."""
import os
from pathlib import Path

NAME = "mastering-rt"


def _place(kind: str) -> Path:
    home = os.environ.get("MASTERING_RT_HOME")
    if home:
        return Path(home) / kind
    import platformdirs

    ask = {"config": platformdirs.user_config_dir, "state": platformdirs.user_state_dir, "cache": platformdirs.user_cache_dir}[kind]
    return Path(ask(NAME, appauthor=False))


def config_dir() -> Path:
    """What the user made and would copy to another machine: presets, settings."""
    return _place("config")


def state_dir() -> Path:
    """What belongs to this machine: recovery files, copies of the last good saves."""
    return _place("state")


def cache_dir() -> Path:
    """What can be made again at any time."""
    return _place("cache")


def logs_dir() -> Path:
    return state_dir() / "logs"


def presets_dir() -> Path:
    return config_dir() / "presets"


def recovery_dir() -> Path:
    return state_dir() / "recovery"


def last_good_dir() -> Path:
    return state_dir() / "last-good"
