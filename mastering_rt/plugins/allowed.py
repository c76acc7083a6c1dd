"""Which files a session may load as plugins. A plugin is a program, and sessions travel: what lies where plugins are installed is loaded, what a
scan has tried, and what the user has allowed; all else waits for a word of the user. Nothing here opens the file in question."""
import os
from pathlib import Path, PurePath

import msgspec
from msgspec import Struct

from mastering_rt.atomic import write_atomically
from mastering_rt.places import config_dir
from mastering_rt.plugins.scan import Catalogue, folders

_here: set[str] = set()


class _Kept(Struct, frozen=True):
    paths: tuple[str, ...] = ()


def is_allowed(path: str) -> bool:
    """Whether a session may load this file. One that is not there may be tried, and says so."""
    named = os.path.abspath(path) in _here | allowed() or any(found.path == path for found in Catalogue().plugins)
    return named or is_installed(path) or (is_of_this_machine(path) and not os.path.exists(path))


def is_of_this_machine(path: str) -> bool:
    """No share of a server: already to look for that tells the server who asks."""
    return not path.replace("\\", "/").startswith("//")


def is_installed(path: str) -> bool:
    """Whether it lies in a folder of plugins. A path that goes up again may lead anywhere."""
    place = PurePath(path)
    return ".." not in place.parts and any(place.is_relative_to(os.path.abspath(folder)) for folder in folders())


def allowed() -> frozenset[str]:
    """Paths that the user has allowed."""
    try:
        return frozenset(msgspec.json.decode(_file().read_bytes(), type=_Kept).paths)
    except (OSError, msgspec.MsgspecError):
        return frozenset()


def allow(path: str, on: bool = True) -> None:
    """Let sessions load it from now on, or ask again. OSError."""
    before, path = allowed(), os.path.abspath(path)
    kept = before | {path} if on else before - {path}
    _here.discard(path)
    if kept != before:
        _file().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_file(), msgspec.json.format(msgspec.json.encode(_Kept(tuple(sorted(kept)))), indent=1))


def allow_here(path: str) -> None:
    """The user has just named it: this run may load it."""
    _here.add(os.path.abspath(path))


def _file() -> Path:
    return config_dir() / "allowed-plugins.json"
