"""What plugins there are: looked for in the usual folders, each tried in a process that may die of it, and remembered."""
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from dsp_core.offline.patience import patience
from mastering_rt.atomic import write_atomically
from mastering_rt.errors import Cancelled, Check, go_on
from mastering_rt.places import cache_dir
from mastering_rt.plugins import wire
from mastering_rt.plugins.blocked import block, is_blocked
from mastering_rt.plugins.unit import Setup, Unit

RATE_HZ = 48000
TEST_S = 20.0
CACHE_VERSION = 1
Progress = Callable[[str, float], None]


class Found(Struct, frozen=True):
    """One plugin as it was when it was last tried. verdicts: what its self-test found, none for one that works. problem: why it cannot be
    used, the end of a sentence that begins with its name; it is tried again when its file changes. live_equals_render: None where it was not
    tested, or could not be found out. blocked: by the user, and so not tried."""

    path: str
    modified: float
    size: int
    name: str = ""
    vendor: str = ""
    version: str = ""
    category: str = ""
    identifier: str = ""
    format: str = ""
    channels: int = 0
    latency: int = 0
    parameters: int = 0
    load_ms: float = 0.0
    verdicts: tuple[str, ...] = ()
    problem: str = ""
    live_tested: bool = False
    live_equals_render: bool | None = None
    realtime_factor: float = 0.0
    blocked: bool = False

    @property
    def title(self) -> str:
        return self.name or Path(self.path).stem

    @property
    def usable(self) -> bool:
        return not self.problem

    @property
    def tested_words(self) -> str:
        """What its tests found, for people."""
        if self.problem:
            return self.problem
        return f"self-test: {', '.join(self.verdicts) or 'good'}; {self.live_words}"

    @property
    def live_words(self) -> str:
        """Whether it sounds live as it renders."""
        if not self.live_tested:
            return "live against render not tested"
        return {True: "live equals render", False: "live differs from render", None: "too slow to compare live and render"}[self.live_equals_render]


class _Cache(Struct, frozen=True):
    version: int
    plugins: tuple[Found, ...] = ()


def folders() -> list[Path]:
    """Where plugins are installed on this system; VST3_PATH adds folders in front."""
    home, own = Path.home(), [Path(p) for p in os.environ.get("VST3_PATH", "").split(os.pathsep) if p]
    if sys.platform == "darwin":
        library = [Path("/Library/Audio/Plug-Ins"), home / "Library/Audio/Plug-Ins"]
        return own + [base / kind for base in library for kind in ("VST3", "Components")]
    if sys.platform == "win32":
        return [*own, Path(os.environ.get("COMMONPROGRAMFILES", "C:/Program Files/Common Files")) / "VST3",
                Path(os.environ.get("LOCALAPPDATA", str(home))) / "Programs/Common/VST3"]
    return [*own, home / ".vst3", Path("/usr/local/lib/vst3"), Path("/usr/lib/vst3")]


def installed(where: Iterable[Path] | None = None) -> list[str]:
    """Paths of all plugins in these folders, without looking into any."""
    found: dict[str, str] = {}
    folders_seen: set[str] = set()
    for folder in folders() if where is None else where:
        if is_plugin(folder.name):
            found[os.path.realpath(folder)] = os.path.abspath(folder)
            continue
        for root, names, files in walk(folder, folders_seen):
            for name in sorted([*names, *files]):
                if is_plugin(name):
                    path = os.path.join(root, name)
                    found.setdefault(os.path.realpath(path), path)
            names[:] = [name for name in names if not is_plugin(name)]
    return list(found.values())


def is_plugin(name: str) -> bool:
    """By the end of its name; the folder ".vst3" is none."""
    return os.path.splitext(name)[1].lower() in (".vst3", ".component")


def walk(folder: str | Path, seen: set[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """As os.walk, through links too, but no folder twice: links may lead round in a circle. `seen`: real paths of folders, which grows."""
    for root, names, files in os.walk(os.path.abspath(folder), followlinks=True):
        real = os.path.realpath(root)
        if real in seen:
            names.clear()
            continue
        seen.add(real)
        yield root, names, files


def watched_folders() -> dict[str, float]:
    """Everything whose change means that plugins came, went or were replaced, with when it last changed: the folders, and all that lie inside
    plugins. Takes as long as their disks take."""
    seen: set[str] = set()
    return {root: changed_at(root) for folder in folders() for root, _, _ in walk(folder, seen)}


def changed_at(path: str) -> float:
    """Seconds since 1970; 0 for what is gone by now."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def lies_in(path: str, where: Iterable[Path]) -> bool:
    """Whether a plugin is one of these, or in one of these folders."""
    return any(Path(path).is_relative_to(os.path.abspath(folder)) for folder in where)


def stamp(path: str) -> tuple[float, int]:
    """When a plugin was last changed, and its size; of a bundle those of what is newest in it."""
    files = [Path(path)] if os.path.isfile(path) else [Path(root, name) for root, _, names in os.walk(path) for name in names]
    states = [file.stat() for file in files if file.exists()]
    return max((state.st_mtime for state in states), default=0.0), sum(state.st_size for state in states)


def is_as_known(found: Found) -> bool:
    """Whether nothing has happened to a plugin since it was tried."""
    return (found.modified, found.size) == stamp(found.path) and found.blocked == is_blocked(found.path)


def try_plugin(path: str, check: Check = go_on) -> Found:
    """Load a plugin in a process of its own, send noise through it, and let it go. What `check` raises meanwhile ends that."""
    modified, size = stamp(path)
    if is_blocked(path):
        return Found(path, modified, size, problem="is blocked", blocked=True)
    unit = Unit(Setup(path), RATE_HZ, title=Path(path).stem, patience=patience())
    try:
        if not unit.wait(check=check) or unit.facts is None:
            return Found(path, modified, size, problem=unit.problem or "did not load in time")
        unit.ask(wire.Test(0))
        tested = unit.next_happening(lambda told: told.verdicts is not None, TEST_S, check)
        facts = unit.facts
        found = Found(path, modified, size, facts.name, facts.vendor, facts.version, facts.category, facts.identifier, facts.format,
                      facts.channels, facts.latency, len(facts.parameters), facts.load_ms)
        if tested is None or tested.verdicts is None:
            return msgspec.structs.replace(found, problem=unit.problem or "does not come back from its test")
        return msgspec.structs.replace(found, verdicts=tested.verdicts)
    finally:
        unit.close(wait=True)


class Catalogue:
    """The plugins of this machine, as the last scan found them."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or cache_dir() / "plugins.json"
        self.plugins: tuple[Found, ...] = self._read()

    def _read(self) -> tuple[Found, ...]:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Cache)
        except (OSError, msgspec.MsgspecError):
            return ()
        return kept.plugins if kept.version == CACHE_VERSION else ()

    def scan(self, where: Sequence[Path] | None = None, *, again: bool = False, progress: Progress | None = None,
             cancelled: Callable[[], bool] | None = None) -> tuple[Found, ...]:
        """Try what is new or changed, or all `again`; forget what is gone. `where`: there only, and what is known of other places stays as it is;
        a later scan without it looks at what was found there too. Gives what was looked at. What was found is kept even when it is stopped
        half-way. Cancelled."""
        known, paths, tried = {found.path: found for found in self.plugins}, self._paths(where), list[Found]()
        elsewhere = [found for found in self.plugins if where is not None and not lies_in(found.path, where)]

        def check() -> None:
            if cancelled and cancelled():
                raise Cancelled("The scan was stopped; what was found so far is kept.")
        try:
            for place, path in enumerate(paths):
                check()
                if progress:
                    progress(Path(path).stem, place / len(paths))
                found = known.get(path)
                tried.append(found if found is not None and not again and is_as_known(found) else try_plugin(path, check))
        finally:
            self._keep([*elsewhere, *tried, *(known[path] for path in paths[len(tried):] if path in known)])
        return tuple(found for found in self.plugins if found.path in paths)

    def _paths(self, where: Sequence[Path] | None) -> list[str]:
        """What is to be looked at: what lies there; without `where` what lies in the usual folders, and what is known of others and still there."""
        there = installed(where)
        if where is None:
            real, usual = set(map(os.path.realpath, there)), folders()
            there += [found.path for found in self.plugins
                      if not lies_in(found.path, usual) and os.path.exists(found.path) and os.path.realpath(found.path) not in real]
        return there

    def keep(self, found: Found) -> None:
        """One plugin as it is known now, in place of how it was known."""
        self._keep([found, *(other for other in self.plugins if other.path != found.path)])

    def block(self, path: str, on: bool = True) -> Found:
        """Never load it again, not even to try it; or try it and let it be loaded. Gives how it is known now. OSError."""
        block(path, on)
        found = try_plugin(path)
        if on:
            known = next((known for known in self.plugins if known.path == path), found)
            found = msgspec.structs.replace(known, problem=found.problem, blocked=True)
        self.keep(found)
        return found

    def stale(self, where: Sequence[Path] | None = None) -> bool:
        """Whether the folders hold other plugins than the catalogue."""
        known = [found for found in self.plugins if where is None or lies_in(found.path, where)]
        return {(found.path, found.modified, found.size) for found in known} != {(path, *stamp(path)) for path in self._paths(where)}

    def _keep(self, found: list[Found]) -> None:
        self.plugins = tuple(sorted(found, key=lambda plugin: plugin.title.casefold()))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(_Cache(CACHE_VERSION, self.plugins)), indent=1))
