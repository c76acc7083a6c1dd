"""Presets: fragments of a session, for a whole chain or for one stage. Some are built in, the user's lie in files of their own.

A preset is read by the same reader as a session, and a session's file can stand in for a preset: its chain is taken.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import force_setattr, replace

from mastering_rt.atomic import write_atomically
from mastering_rt.errors import SessionProblem, UsageProblem, reason, shown
from mastering_rt.identity import is_another
from mastering_rt.places import presets_dir
from mastering_rt.session import text
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.edits import LEVELS, find_slot, hint, paste_values, put_plugin, replace_chain
from mastering_rt.session.frozen import Frozen, freeze
from mastering_rt.session.model import VERSION, PluginRef, Session, SetAside, Slot
from mastering_rt.session.starting_points import points
from mastering_rt.session.store import FORMAT as SESSION_FORMAT
from mastering_rt.session.store import SUFFIX as SESSION_SUFFIX
from mastering_rt.session.store import read_bytes

FORMAT = "mastering-rt preset"
SUFFIX = ".mrtpreset"


class Preset(Struct, frozen=True):
    """A chain, or with scope "stage" the values of one stage, under a name. category and description help to find it again."""

    name: str
    chain: tuple[Slot, ...] = ()
    scope: Literal["chain", "stage"] = "chain"
    description: str = ""
    category: str = ""
    version: int = VERSION
    set_aside: tuple[SetAside, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a preset needs a name")
        if self.scope == "stage" and len(self.chain) + len(self.set_aside) != 1:
            raise ValueError(f"the stage preset {self.name!r} holds {len(self.chain)} stages; it holds one")
        Session(chain=self.chain)  # the rules of a chain
        force_setattr(self, "extra", freeze(self.extra))


RMS_AUTO = {"auto_release": 1, "detector": 1}
LEANING = {"threshold": -16, "ratio": 1.5, "knee": 8, "attack": 30, "release": 200, "detector_low_cut": 80, **RMS_AUTO}
HOLDING = {"threshold": -24, "ratio": 1.5, "attack": 25, "release": 180, "detector_low_cut": 90, "makeup": 2.4, **RMS_AUTO}
DRIVEN = {"gain": 6}
CLEANED = {
    "band1_type": 3, "band1_freq": 25,
    "band3_freq": 160, "band3_gain": -2, "band3_q": 1,
    "band6_freq": 3200, "band6_gain": -1.5, "band6_q": 1.2,
    "band8_type": 2, "band8_freq": 11000, "band8_gain": 0.8,
}

FOR_NEW_MIX = "default"          # nobody has asked for anything yet, so nothing is done to the sound

BASIC = (
    Preset("none", description="An empty chain: the mix as it is."),
    Preset(FOR_NEW_MIX, (Slot("eq", "eq"), Slot("compressor", "compressor"), Slot("limiter", "limiter")),
           description="What a new mix begins with: a flat equaliser, a compressor at 1 : 1, a limiter that only holds -1 dBTP. The mix sounds as it is."),
    Preset("demo", (Slot("eq", "eq", CLEANED), Slot("compressor", "compressor", HOLDING), Slot("limiter", "limiter", DRIVEN)),
           description="For a mix that is a little boomy and harsh: cleaned, held together, brought up to about -12 LUFS."),
    Preset("gentle", (Slot("eq", "eq"), Slot("compressor", "compressor", LEANING), Slot("limiter", "limiter")),
           description="A flat equaliser, a compressor that only leans on the loudest passages, a limiter at -1 dBTP."),
)
STARTING_POINTS = tuple(Preset(point.name, point.chain, "chain" if whole else "stage", point.description, point.tags) for point, whole in points())
BUILT_IN = (*BASIC, *STARTING_POINTS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One preset in a list; path is None for a built-in one."""

    preset: Preset
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All presets there are, built-in first, and a sentence for every preset file that cannot be read."""

    entries: tuple[Entry, ...]
    broken: tuple[str, ...]


def list_presets(folder: Path | None = None) -> Listing:
    """The built-in presets and the user's, by name. Never raises for what it finds in the files."""
    own: list[Entry] = []
    broken: list[str] = []
    for path in sorted((folder or presets_dir()).glob(f"*{SUFFIX}")):
        try:
            own.append(Entry(read_preset(path), path))
        except SessionProblem as problem:
            broken.append(str(problem))
    own.sort(key=lambda entry: entry.preset.name.casefold())
    return Listing((*(Entry(preset) for preset in BUILT_IN), *own), tuple(broken))


def find_preset(name: str, folder: Path | None = None) -> Preset:
    """A preset by its name, or by the path of a preset's or session's file. UsageProblem with the names, SessionProblem."""
    entry = _look_up(name, folder)
    if entry is None and (name.lower().endswith((SUFFIX, SESSION_SUFFIX)) or len(Path(name).parts) > 1):
        return read_preset(Path(name))
    return (entry or _entry(name, folder)).preset


def _look_up(name: str, folder: Path | None) -> Entry | None:
    wanted = name.strip().casefold()
    return next((entry for entry in list_presets(folder).entries if entry.preset.name.casefold() == wanted), None)


def _entry(name: str, folder: Path | None) -> Entry:
    found = _look_up(name, folder)
    if found is None:
        entries = list_presets(folder).entries
        few = [entry.preset.name for entry in entries if entry.preset not in STARTING_POINTS]
        there = f"there are {', '.join(few)} and {len(STARTING_POINTS)} starting points"
        raise UsageProblem(f"There is no preset {name!r}{hint(name, [entry.preset.name for entry in entries], there)}")
    return found


def read_preset(path: Path) -> Preset:
    """A preset from its file, or the chain of a session file. SessionProblem says what is wrong and where."""
    try:
        document = text.parse(read_bytes(path))
        if document.get("format") == SESSION_FORMAT:
            session, _ = from_document(document, Session, SESSION_FORMAT)
            return Preset(path.stem or "session", session.chain, set_aside=session.set_aside)
        preset, _ = from_document(document, Preset, FORMAT)
    except SessionProblem as problem:
        raise SessionProblem(f"The preset {shown(path)} cannot be read: {problem}.") from None
    return preset


def save_preset(preset: Preset, folder: Path | None = None, overwrite: bool = False) -> Path:
    """Keep a preset under its name. UsageProblem for a name that is taken, SessionProblem if it cannot be written."""
    folder = folder or presets_dir()
    path = _path_to_save(preset.name, folder, overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.dump(to_document(preset, FORMAT)))
    except OSError as error:
        raise SessionProblem(f"The preset {preset.name!r} cannot be saved as {shown(path)}: {reason(error)}.") from None
    return path


def _path_to_save(name: str, folder: Path, overwrite: bool) -> Path:
    taken = _look_up(name, folder)
    if taken and taken.path is None:
        raise UsageProblem(f"The preset {name!r} is built in; choose another name.")
    if taken and not overwrite:
        raise UsageProblem(f"The preset {name!r} exists already; choose another name, or ask to overwrite it.")
    if taken and taken.path:
        return taken.path
    stem = "".join(c if c.isalnum() or c in " -_" else "_" for c in name).strip()[:50]
    paths = (folder / f"{stem} preset{number or ''}{SUFFIX}" for number in range(10_000))
    return next(path for path in paths if not path.exists())


def delete_preset(name: str, folder: Path | None = None) -> None:
    """Remove one of the user's presets. UsageProblem for a built-in or missing one, SessionProblem if the disk refuses."""
    entry = _entry(name, folder)
    if entry.path is None:
        raise UsageProblem(f"The preset {entry.preset.name!r} is built in and cannot be deleted.")
    try:
        entry.path.unlink()
    except OSError as error:
        raise SessionProblem(f"The preset {entry.preset.name!r} cannot be deleted: {reason(error)}.") from None


def apply_preset(session: Session, preset: Preset, slot_name: str | None = None, keep_levels: bool | None = None) -> Session:
    """The session with a preset in place: a chain preset replaces the chain, a stage preset the values of the slot `slot_name`,
    which stays bypassed if it is. keep_levels: trim gain, limiter drive and ceiling stay; None asks the session's own switch.
    """
    if preset.scope == "chain":
        return replace(replace_chain(session, preset.chain, keep_levels), set_aside=preset.set_aside)
    if not preset.chain:
        raise UsageProblem(f"The preset {preset.name!r} is for a stage that this version does not have.")
    stage = preset.chain[0]
    slot = find_slot(session, slot_name or stage.kind)
    if slot.kind != stage.kind:
        raise UsageProblem(
            f"The preset {preset.name!r} is for a {stage.kind}, and {slot.name} is a {slot.kind}; choose a {stage.kind} stage."
        )
    keep = session.keep_levels if keep_levels is None else keep_levels
    kept = {key: slot.value(key) for key in ("bypass", *(LEVELS.get(slot.kind, ()) if keep else ()))}
    session = paste_values(session, slot.name, {**stage.values, **kept})
    return session if stage.plugin is None else put_plugin(session, slot.name, at_home(stage.plugin, slot.plugin))


def at_home(wanted: PluginRef, there: PluginRef | None) -> PluginRef:
    """A plugin as a preset sets it, from where the slot has the same one already: presets travel, and folders differ."""
    return replace(wanted, path=there.path) if there is not None and is_same_plugin(wanted, there) else wanted


def is_same_plugin(one: PluginRef, other: PluginRef) -> bool:
    """By what they call themselves, else by their files."""
    if one.identifier and other.identifier:
        return not is_another(one.identifier, other.identifier)
    return (one.path, one.name) == (other.path, other.name)


def stage_preset(name: str, slot: Slot, description: str = "", category: str = "") -> Preset:
    """A preset of one stage's values, as set in `slot`, and of its plugin with state, values, identifier and version; whether it is bypassed is
    no part of it."""
    values = {key: value for key, value in slot.values.items() if key != "bypass"}
    return Preset(name, (Slot(slot.kind, slot.kind, values, plugin=slot.plugin),), "stage", description, category)


def chain_preset(name: str, session: Session, description: str = "", category: str = "") -> Preset:
    """A preset of a session's whole chain."""
    return Preset(name, session.chain, "chain", description, category, set_aside=session.set_aside)
