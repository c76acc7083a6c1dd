"""Plugins that the user does not want to be loaded, by anybody: not by a scan, not by a session."""
import os
from pathlib import Path

import msgspec
from msgspec import Struct

from mastering_rt.atomic import write_atomically
from mastering_rt.places import config_dir

WORDS = "is blocked by you; unblock it in the list of plugins, or with: mastering-rt plugins unblock"


class _Kept(Struct, frozen=True):
    paths: tuple[str, ...] = ()


def blocked() -> frozenset[str]:
    """Their paths."""
    try:
        return frozenset(msgspec.json.decode(_file().read_bytes(), type=_Kept).paths)
    except (OSError, msgspec.MsgspecError):
        return frozenset()


def is_blocked(path: str) -> bool:
    return os.path.abspath(path) in blocked()


def block(path: str, on: bool = True) -> None:
    """Do not load it any more, or let it be loaded again. OSError."""
    kept = blocked() | {os.path.abspath(path)} if on else blocked() - {os.path.abspath(path)}
    _file().parent.mkdir(parents=True, exist_ok=True)
    write_atomically(_file(), msgspec.json.format(msgspec.json.encode(_Kept(tuple(sorted(kept)))), indent=1))


def _file() -> Path:
    return config_dir() / "blocked-plugins.json"
