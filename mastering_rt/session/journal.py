"""The journal: what was done, when, what was heard meanwhile, what it changed in the numbers. It only grows; undo is an entry too.

It lies in the session's file behind everything else, one entry per line, and goes through autosave and recovery with it. Each save is a
version that keeps the whole session, so that any two can be set against each other.
"""
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mastering_rt.errors import SessionProblem, UsageProblem, clock
from mastering_rt.measure.report import figure
from mastering_rt.session.changes import Written, changes, index_of, unwritten
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.model import PluginRef, Session

FORMAT = "mastering-rt version"
MOST_ENTRIES, MOST_VERSIONS, MOST_PASSAGES = 1000, 50, 8
MINUS, PLUS_MINUS_NOTHING = "\N{MINUS SIGN}", 0.05
Kind = Literal["step", "version", "blind", "note"]
Passage = tuple[float, float]


class Numbers(Struct, frozen=True, omit_defaults=True):
    """Of the whole song through the chain: LUFS, LU, dBTP, dB, and the most that all stages together take away, dB."""

    integrated_lufs: float | None = None
    loudness_range_lu: float | None = None
    true_peak_dbtp: float | None = None
    plr_db: float | None = None
    reduction_max_db: float | None = None


NAMES = {"integrated_lufs": ("loudness", "LU"), "loudness_range_lu": ("range", "LU"), "true_peak_dbtp": ("true peak", "dB"),
         "plr_db": ("PLR", "dB"), "reduction_max_db": ("most reduction", "dB")}
FIGURES = {"integrated_lufs": (1, "LUFS"), "loudness_range_lu": (1, "LU"), "true_peak_dbtp": (2, "dBTP"), "plr_db": (1, "dB"),
           "reduction_max_db": (1, "dB")}


class Entry(Struct, frozen=True, omit_defaults=True):
    """number: 1 is the first of the session. time: seconds since 1970. heard: passages of the song that played since the entry before, in
    seconds. numbers: with the settings that this entry led to, once they are known. sounds: the song sounds different behind it. version: of a save,
    and the session as it was saved; written: slot -> parameter of its plugin -> how the plugin writes the value that is set, and the one beneath."""

    number: int
    time: float
    sentence: str
    kind: Kind = "step"
    heard: tuple[Passage, ...] = ()
    numbers: Numbers | None = None
    sounds: bool = False
    version: int = 0
    session: dict[str, Any] | None = None
    written: dict[str, dict[str, tuple[str, str]]] = {}


Entries = tuple[Entry, ...]


def added(entries: Entries, entry: Entry) -> Entries:
    """With one more; beyond what is kept the oldest steps go first, and the oldest versions lose their session."""
    entries = (*entries, entry)
    if len(entries) > MOST_ENTRIES:
        gone = next((old for old in entries if old.kind == "step"), entries[0])
        entries = tuple(old for old in entries if old is not gone)
    kept = [old.number for old in entries if old.session is not None]
    if len(kept) > MOST_VERSIONS:
        entries = tuple(replace(old, session=None, written={}) if old.number == kept[0] else old for old in entries)
    return entries


def with_numbers(entries: Entries, number: int, numbers: Numbers) -> Entries:
    """The same entries, one of them with what was measured of it."""
    return tuple(replace(entry, numbers=numbers) if entry.number == number else entry for entry in entries)


def next_number(entries: Entries) -> int:
    return entries[-1].number + 1 if entries else 1


def version_entry(entries: Entries, session: Session, time: float, heard: Sequence[Passage] = (), written: Written = unwritten) -> Entry:
    """The save of a session, with the next version's number, and in the words of its plugins, who may be gone when it is compared."""
    version = max((entry.version for entry in entries), default=0) + 1
    return Entry(next_number(entries), time, f"Saved as version {version}", "version", tuple(heard), version=version,
                 session=to_document(session, FORMAT), written=dict(_written_in(session, written)))


def _written_in(session: Session, written: Written) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    for slot in session.chain:
        plugin = slot.plugin
        if plugin is not None:
            texts = {key: (written(plugin, index_of(key), value), written(plugin, index_of(key), None)) for key, value in plugin.values.items()}
            if any(any(pair) for pair in texts.values()):
                yield slot.name, texts


# versions

def session_of(entries: Entries, version: int) -> Session:
    """The session as it was saved. UsageProblem with the versions there are."""
    entry = next((entry for entry in entries if entry.version == version and entry.session is not None), None)
    if entry is None or entry.session is None:
        there = [str(entry.version) for entry in entries if entry.session is not None]
        raise UsageProblem(f"There is no version {version}; " + (f"there are {', '.join(there)}." if there else "the session was never saved with one."))
    try:
        return from_document(entry.session, Session, FORMAT)[0]
    except SessionProblem as problem:
        raise UsageProblem(f"Version {version} cannot be read: {problem}.") from None


def between(entries: Entries, older: int, newer: int) -> list[str]:
    """What changed from one version to another, net, each difference a sentence; and what the numbers did where both are known."""
    before, after = session_of(entries, older), session_of(entries, newer)
    found = list(changes(before, after, _written_by(entries, older, newer))) or ["Nothing changed"]
    numbers = numbers_text(numbers_at(entries, older), numbers_at(entries, newer))
    return [*found, f"In numbers: {numbers}"] if numbers else found


def _written_by(entries: Entries, *versions: int) -> Written:
    """How plugins wrote the values of these versions, as far as that was kept."""
    set_to: dict[tuple[str, str, int, float], str] = {}
    beneath: dict[tuple[str, str, int, str], str] = {}
    for entry in entries:
        if entry.version not in versions or not entry.written:
            continue
        for slot in session_of(entries, entry.version).chain:
            plugin, texts = slot.plugin, entry.written.get(slot.name, {})
            for key, value in plugin.values.items() if plugin is not None else ():
                assert plugin is not None
                whose = plugin.path, plugin.name, index_of(key)
                set_to[*whose, value], beneath[*whose, plugin.state] = texts.get(key, ("", ""))

    def written(plugin: PluginRef, index: int, value: float | None) -> str:
        if value is None:
            return beneath.get((plugin.path, plugin.name, index, plugin.state), "")
        return set_to.get((plugin.path, plugin.name, index, value), "")
    return written


def numbers_at(entries: Entries, version: int) -> Numbers | None:
    """Those of a version: of the entry itself, or of the last one before it that sounds the same."""
    place = next((index for index, entry in enumerate(entries) if entry.version == version), None)
    return last_numbers(entries[:place + 1]) if place is not None else None


def last_numbers(entries: Entries) -> Numbers | None:
    """Of the song as the last entry left it; None where they are not known."""
    told = next((entry for entry in reversed(entries) if entry.numbers is not None or entry.sounds), None)
    return told.numbers if told is not None else None


# in words

def numbers_text(before: Numbers | None, after: Numbers | None) -> str:
    """What moved: "loudness +0.4 LU, true peak −0.30 dB". Empty where nothing did or where it is not known."""
    if before is None or after is None:
        return ""
    return ", ".join(f"{name} {_signed(change)} {unit}" for key, (name, unit) in NAMES.items()
                     if (change := _change(getattr(before, key), getattr(after, key))) is not None and abs(change) >= PLUS_MINUS_NOTHING)


def absolute_text(numbers: Numbers) -> str:
    """As they stand: "loudness −14.0 LUFS, range 6.0 LU, true peak −1.00 dBTP"."""
    return ", ".join(f"{NAMES[key][0]} {shown} {unit}" for key, (places, of_it) in FIGURES.items()
                     for shown, unit in [figure(getattr(numbers, key), places, of_it, signed=of_it == "dBTP")] if unit)


def _change(before: float | None, after: float | None) -> float | None:
    return after - before if before is not None and after is not None else None


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", MINUS)


def passages_text(heard: Sequence[Passage]) -> str:
    """ "0:12 to 0:31, 1:05 to 1:26"; empty when nothing played."""
    return ", ".join(f"{_minutes(start)} to {_minutes(stop)}" for start, stop in heard)


def _minutes(seconds: float) -> str:
    return clock(round(seconds)).partition(".")[0]


def changes_of(entries: Entries) -> list[str]:
    """For each entry what it changed in the numbers, against the last entry before it that has any; of the first the numbers themselves."""
    found: list[str] = []
    last: Numbers | None = None
    for entry in entries:
        found.append(numbers_text(last, entry.numbers) if last is not None or entry.numbers is None else absolute_text(entry.numbers))
        last = entry.numbers or last
    return found


# in a file

def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Each as one line of JSON."""
    return (json.dumps(msgspec.to_builtins(entry), ensure_ascii=False, allow_nan=False) for entry in entries)


def read(found: Any) -> tuple[Entries, tuple[str, ...]]:
    """The entries of a file, and a sentence where some cannot be read: those are left out, never the session for their sake."""
    if found is None:
        return (), ()
    if not isinstance(found, list):
        return (), ("The journal of this session cannot be read and begins anew.",)
    entries, lost = [], 0
    for item in found:
        try:
            entries.append(msgspec.convert(item, Entry))
        except msgspec.ValidationError:
            lost += 1
    notice = f"{lost} of {len(found)} entries of the journal cannot be read and {'was' if lost == 1 else 'were'} left out."
    return tuple(sorted(entries, key=lambda entry: entry.number)), (notice,) if lost else ()
