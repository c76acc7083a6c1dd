"""Which files are meant by what was typed: files, and the sound files in folders; and which of them have changed."""
import os
from collections.abc import Iterator, Sequence

from mastering_rt.errors import shown

SUFFIXES = (".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".caf", ".flac", ".ogg", ".oga", ".opus", ".mp3")
State = tuple[int, int]          # time of the last change in ns, bytes


def sound_files(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """The files in the order in which they were typed, folders in the order of their names; and a sentence for each empty folder."""
    paths: list[str] = []
    problems: list[str] = []
    for path in typed:
        inside = list(files_in(path)) if os.path.isdir(path) else [path]
        paths += inside
        if not inside:
            problems.append(f"There are no sound files in the folder {shown(path)}. Sound files end in {', '.join(SUFFIXES)}.")
    return list(dict.fromkeys(paths)), problems


def files_in(folder: str) -> Iterator[str]:
    """Sound files in a folder and the folders in it; hidden ones are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(place, name) for name in sorted(names) if name.lower().endswith(SUFFIXES) and not name.startswith("."))


class Watched:
    """Files and folders that are looked at again and again."""

    def __init__(self, typed: Sequence[str]) -> None:
        self._typed = typed
        self._told: dict[str, State | None] = {}
        self._before: dict[str, State | None] = {}

    def changed(self) -> list[str]:
        """What is new or has changed since it was last given, and stood still since the last look: a file that grows is being written.

        A file that was typed and is not there is given once, so that it is missed.
        """
        paths, _ = sound_files(self._typed)
        first, now = not self._before, {path: state(path) for path in paths}
        still = [path for path in paths if now[path] != self._told.get(path, ()) and (first or now[path] == self._before.get(path, ()))]
        self._told = {path: known for path, known in self._told.items() if path in now} | {path: now[path] for path in still}
        self._before = now
        return still


def state(path: str) -> State | None:
    """None for a file that is not there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
