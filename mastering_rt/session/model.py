"""The session: what the user has set, as one immutable value. Every edit makes a new one (`edits.py`)."""
import re
from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

from msgspec import Struct, field
from msgspec.structs import force_setattr

from dsp_core.param import BadValue, Param, UnknownParameter
from dsp_core.params import LABELS, MOST_STAGES, STAGES, params_of
from mastering_rt.session.frozen import Frozen, freeze

VERSION = 1
Bits = Literal["8", "16", "20", "24", "32", "32f", "64f"]
NAME = re.compile(r"([a-z][a-z_]*?)([2-9]|[1-9][0-9]{1,5})?")
PARAMETER = re.compile(r"(0|[1-9][0-9]{0,4})( .*)?", re.DOTALL)
REFERENCE, MOST_REFERENCES, MOST_TRIM_DB = "reference", 20, 24.0
LETTERS = ("A", "B", "C", "D")


class StageName(NamedTuple):
    """A slot's name taken apart: "compressor2" is the kind "compressor" and the number 2; no number is 1."""

    kind: str
    number: int

    @classmethod
    def parse(cls, name: str) -> "StageName | None":
        """None for what cannot be a slot's name; the kind need not exist."""
        match = NAME.fullmatch(name)
        return cls(match[1], int(match[2] or 1)) if match else None

    def __str__(self) -> str:
        return self.kind if self.number == 1 else f"{self.kind}{self.number}"


@cache
def table_of(kind: str) -> dict[str, Param]:
    """The parameters of a stage kind by id, in the order of the table."""
    return {param.id: param for param in params_of(kind)}


def param_of(kind: str, param_id: str) -> Param:
    """One parameter; UnknownParameter with the ids there are."""
    try:
        return table_of(kind)[param_id]
    except KeyError:
        raise UnknownParameter(f"{kind} has no {param_id!r}; it has {', '.join(table_of(kind))}") from None


def checked(param: Param, value: float) -> float:
    """The value as the session keeps it; BadValue if it is out of range or between two choices."""
    kept = param.check(float(value))
    if param.law == "step" and kept != value:
        raise BadValue(f"{param.label} cannot be {value:g}; it takes whole numbers from {param.low:g} to {param.high:g}")
    return kept


def differing(kind: str, values: Mapping[str, float]) -> Frozen[float]:
    """The checked values that differ from their defaults, in the order of the table. BadValue, UnknownParameter."""
    found = {param_id: checked(param_of(kind, param_id), value) for param_id, value in values.items()}
    return Frozen({p.id: found[p.id] for p in params_of(kind) if p.id in found and found[p.id] != p.default})


class PluginRef(Struct, frozen=True):
    """A foreign plugin and how it is set, kept whether it is there or not.

    path: of its file. name: which of the plugins in the file; empty where it holds one. identifier, vendor, version, format: as it told
    them when it was last loaded. state: all of it in its own format, preset: in the format other hosts read, both as base64.
    values: what was set on top of the state, "3 Threshold" -> 0..1, by the number of the parameter. latency: samples, as last told.
    """

    path: str
    name: str = ""
    identifier: str = ""
    vendor: str = ""
    version: str = ""
    format: str = ""
    state: str = ""
    preset: str = ""
    values: Mapping[str, float] = field(default_factory=Frozen)
    latency: int = 0
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if not self.path or "\0" in self.path:
            raise ValueError(f"a plugin's path cannot be {self.path!r}")
        for key, value in self.values.items():
            if not PARAMETER.fullmatch(key) or not 0 <= value <= 1:
                raise ValueError(f"a plugin's value {key!r} cannot be {value!r}; keys are a number and a name, values go from 0 to 1")
        for what in ("state", "preset"):
            try:
                b64decode(getattr(self, what), validate=True)
            except ValueError:
                raise ValueError(f"a plugin's {what} is base64, and this is not") from None
        force_setattr(self, "values", freeze(self.values))
        force_setattr(self, "extra", freeze(self.extra))

    @property
    def title(self) -> str:
        """What a person reads."""
        return self.name or PurePath(self.path).stem


class Slot(Struct, frozen=True):
    """One place in the chain.

    name: stable handle, unique in the chain: the kind, from the second one on with a number ("compressor2").
    kind: a stage kind of `dsp_core.params`.
    values: parameter id -> value, only what differs from its default, the common bypass, mix and placement included.
    label: what the user calls it; empty for the usual name.
    locked: ids of parameters that presets, pasted settings and a reset leave alone.
    plugin: of a slot of kind plugin, which; None for an empty one.
    extra: keys of a newer version, kept as they are. Raises BadValue, UnknownParameter or ValueError.
    """

    name: str
    kind: str
    values: Mapping[str, float] = field(default_factory=Frozen)
    label: str = ""
    locked: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=Frozen)
    plugin: PluginRef | None = None

    def __post_init__(self) -> None:
        if self.plugin is not None and self.kind != "plugin":
            raise ValueError(f"a stage of kind {self.kind} holds no plugin; a slot of kind plugin does")
        if self.kind not in STAGES:
            raise ValueError(f"there is no stage kind {self.kind!r}; there are {', '.join(STAGES)}")
        name = StageName.parse(self.name)
        if name is None or name.kind != self.kind:
            raise ValueError(
                f"a stage of kind {self.kind} cannot be called {self.name!r}; it is called {self.kind}, {self.kind}2 and so on"
            )
        force_setattr(self, "values", differing(self.kind, self.values))
        force_setattr(self, "locked", tuple(sorted(set(self.locked))))
        force_setattr(self, "extra", freeze(self.extra))

    def value(self, param_id: str) -> float:
        """The value set, or the default. UnknownParameter."""
        param = param_of(self.kind, param_id)
        return self.values.get(param_id, param.default)

    @property
    def bypassed(self) -> bool:
        return self.value("bypass") == 1

    @property
    def title(self) -> str:
        """What a person reads: the user's label, the name of a plugin, or "Compressor 2"."""
        if self.plugin is not None:
            return self.label or self.plugin.title
        name = StageName.parse(self.name)
        number = f" {name.number}" if name and name.number > 1 else ""
        return self.label or LABELS.get(self.kind, self.kind) + number


class Source(Struct, frozen=True):
    """The mix, as it was when it was opened. path is absolute; modified in seconds since 1970, size in bytes.

    take: which channels of the file are used, counted from 0; empty for all. partial: a file that was cut short, used as far as it goes.
    """

    path: str
    sample_rate_hz: int
    channels: int
    frames: int
    modified: float = 0.0
    size: int = 0
    take: tuple[int, ...] = ()
    partial: bool = False
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if not self.path or "\0" in self.path:
            raise ValueError(f"the source's path cannot be {self.path!r}")
        for name in ("sample_rate_hz", "channels", "frames"):
            if getattr(self, name) < 1:
                raise ValueError(f"the source's {name} cannot be {getattr(self, name)}; it is at least 1")
        force_setattr(self, "extra", freeze(self.extra))


class Loop(Struct, frozen=True):
    """A region of the source, from start_frame up to but without stop_frame; `on` tells whether playing goes round in it."""

    start_frame: int
    stop_frame: int
    on: bool = True
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if not 0 <= self.start_frame < self.stop_frame:
            raise ValueError(
                f"a loop cannot go from frame {self.start_frame} to {self.stop_frame}; "
                "it starts at 0 or later and ends after its start"
            )
        force_setattr(self, "extra", freeze(self.extra))


class Marker(Struct, frozen=True):
    """A named place in the source."""

    frame: int
    name: str
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if self.frame < 0:
            raise ValueError(f"marker {self.name!r} cannot stand at frame {self.frame}; the source starts at 0")
        force_setattr(self, "extra", freeze(self.extra))


class OutputSpec(Struct, frozen=True):
    """One file to deliver.

    suffix names the container; dither "auto" is TPDF up to 24 bits; sample_rate_hz None keeps the source's rate. exact: behind the
    limiter, take off what still passes its ceiling (`mastering_rt.offline.exact`).
    """

    suffix: str = ".wav"
    bits: Bits = "24"
    dither: str = "auto"
    sample_rate_hz: int | None = None
    exact: bool = False
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        if self.sample_rate_hz is not None and not 8000 <= self.sample_rate_hz <= 384000:
            raise ValueError(f"an output cannot have {self.sample_rate_hz} Hz; it goes from 8000 to 384000")
        force_setattr(self, "extra", freeze(self.extra))


class SetAside(Struct, frozen=True):
    """A slot of a newer version whose kind this one does not have: not heard, but saved again at its place in the chain."""

    position: int
    document: Mapping[str, Any]

    def __post_init__(self) -> None:
        force_setattr(self, "document", freeze(self.document))


class Section(Struct, frozen=True):
    """A passage of the song and the passage of a reference that is heard in its place, chorus with chorus.

    start_frame .. stop_frame lie in the song; from_frame .. to_frame in the reference, at its own rate.
    """

    start_frame: int
    stop_frame: int
    from_frame: int
    to_frame: int
    name: str = ""
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        for what, start, stop in (("song", self.start_frame, self.stop_frame), ("reference", self.from_frame, self.to_frame)):
            if not 0 <= start < stop:
                raise ValueError(f"a section of the {what} cannot go from frame {start} to {stop}; it ends after its start")
        force_setattr(self, "extra", freeze(self.extra))


class Reference(Struct, frozen=True):
    """A finished record to compare with.

    id: stable handle, "reference", "reference2" and so on. source: its file. label: what its key says; empty for the file's name.
    trim_db: on top of the match. cues: places to start from; loop: where it goes round; both in frames of its own file.
    locked: it stands where the song stands, another version of the same song; frame 0 of the song then sounds with its frame
    `offset_frames`, counted at the song's rate; else it has a playhead of its own.
    """

    id: str
    source: Source
    label: str = ""
    trim_db: float = 0.0
    cues: tuple[int, ...] = ()
    loop: Loop | None = None
    locked: bool = False
    offset_frames: int = 0
    sections: tuple[Section, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        name = StageName.parse(self.id)
        if name is None or name.kind != REFERENCE:
            raise ValueError(f"a reference cannot be called {self.id!r}; it is called {REFERENCE}, {REFERENCE}2 and so on")
        if not abs(self.trim_db) <= MOST_TRIM_DB:
            raise ValueError(f"a trim of {self.trim_db:g} dB is too much; it goes from -{MOST_TRIM_DB:g} to {MOST_TRIM_DB:g} dB")
        outside = next((cue for cue in self.cues if not 0 <= cue < self.source.frames), None)
        if outside is not None:
            raise ValueError(f"a cue cannot stand at frame {outside}; the reference has {self.source.frames}")
        force_setattr(self, "cues", tuple(sorted(set(self.cues))))
        force_setattr(self, "extra", freeze(self.extra))

    @property
    def title(self) -> str:
        """What a person reads: the user's label, or the file's name."""
        return self.label or PurePath(self.source.path).stem


class Snapshot(Struct, frozen=True):
    """A chain that was put aside under a letter, A to D, to be heard beside the present one.

    set_aside: slots of it that this version does not know.
    """

    letter: Literal["A", "B", "C", "D"]
    chain: tuple[Slot, ...] = ()
    label: str = ""
    set_aside: tuple[SetAside, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        check_chain(self.chain)
        force_setattr(self, "extra", freeze(self.extra))


def check_chain(chain: tuple[Slot, ...]) -> None:
    """ValueError for two stages of one name, or too many."""
    names = [slot.name for slot in chain]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"two stages are called {twice!r}; every stage of a chain has its own name")
    if len(names) > MOST_STAGES:
        raise ValueError(f"a chain holds at most {MOST_STAGES} stages, not {len(names)}; remove some")


class Session(Struct, frozen=True):
    """Everything the user has set.

    version: of the file format; a newer one is kept. loop: None until one was drawn.
    keep_levels: loading a preset leaves ceiling and gains alone.
    name_numbers: kind -> highest number ever given to a slot, so that a name is not given to another stage later.
    set_aside: slots this version does not know. extra: keys of a newer version, kept as they are.
    references: up to 20, in the order of their keys. snapshots: in the order of their letters.
    """

    version: int = VERSION
    source: Source | None = None
    chain: tuple[Slot, ...] = ()
    loop: Loop | None = None
    markers: tuple[Marker, ...] = ()
    notes: str = ""
    outputs: tuple[OutputSpec, ...] = ()
    references: tuple[Reference, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    keep_levels: bool = False
    name_numbers: Mapping[str, int] = field(default_factory=Frozen)
    set_aside: tuple[SetAside, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        check_chain(self.chain)
        self._check_compared()
        numbers = dict(self.name_numbers)
        names = [slot.name for slot in self.chain] + [reference.id for reference in self.references]
        names += [str(slot.document.get("name")) for slot in self.set_aside]
        for name in filter(None, map(StageName.parse, names)):
            numbers[name.kind] = max(name.number, numbers.get(name.kind, 0))
        force_setattr(self, "name_numbers", Frozen(dict(sorted(numbers.items()))))
        force_setattr(self, "extra", freeze(self.extra))

    def _check_compared(self) -> None:
        for what, names in (("references", [r.id for r in self.references]), ("snapshots", [s.letter for s in self.snapshots])):
            if len(set(names)) < len(names):
                raise ValueError(f"two {what} have one name: {', '.join(names)}")
        if len(self.references) > MOST_REFERENCES:
            raise ValueError(f"a session holds at most {MOST_REFERENCES} references, not {len(self.references)}; remove some")

    def seconds(self, frame: int) -> float | None:
        """A frame of the source as seconds; None while there is no source."""
        return frame / self.source.sample_rate_hz if self.source else None
