"""The recall sheet: everything that was set, for eyes and for machines. Either form rebuilds the session exactly."""
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dsp_core.param import Param
from mastering_rt.errors import SessionProblem, UsageProblem, clock, shown
from mastering_rt.session import text
from mastering_rt.session.changes import BAND, at
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.journal import (
    Entries,
    Entry,
    absolute_text,
    changes_of,
    last_numbers,
    lines,
    passages_text,
    read,
)
from mastering_rt.session.model import Session, Slot, table_of
from mastering_rt.session.store import FORMAT as SESSION_FORMAT
from mastering_rt.session.store import read_bytes

FORMAT = "mastering-rt recall sheet"
CHANGED = "*"
IDLE_BANDS = ("eq", "dynamic_eq")            # a band of these that was never touched does nothing
MACHINE = "For the program: mastering-rt recall SHEET --rebuild SESSION.mrt makes the session again from what follows."


@dataclass(frozen=True)
class Recalled:
    """What a sheet held."""

    session: Session
    journal: Entries
    notices: tuple[str, ...] = ()


def sheet_json(session: Session, journal: Entries = ()) -> str:
    """The sheet for machines."""
    return text.dump(_document(session), lines(journal)).decode("utf-8")


def sheet_text(session: Session, journal: Entries = ()) -> str:
    """The sheet for people, with the one for machines behind it on lines of its own."""
    machine = json.dumps({**_document(session), "journal": [json.loads(line) for line in lines(journal)]}, ensure_ascii=False)
    sheet = "\n".join([*_session_lines(session, journal), *_journal_lines(journal), "", MACHINE, machine, ""])
    return sheet.encode("utf-8", "backslashreplace").decode("utf-8")


def read_sheet(path: Path) -> Recalled:
    """The session of a sheet in either form. SessionProblem."""
    try:
        return parse_sheet(read_bytes(path))
    except SessionProblem as problem:
        raise SessionProblem(f"The recall sheet {shown(path)} cannot be read: {problem}.") from None


def parse_sheet(data: bytes) -> Recalled:
    """The same from its content; SessionProblem worded to follow the file's name."""
    _, found, behind = data.rpartition(f"\n{MACHINE}\n".encode())
    document = text.parse(behind if found else data)
    if document.get("format") != FORMAT or not isinstance(document.get("session"), dict):
        raise SessionProblem(f"it is not a {FORMAT}")
    session, notices = from_document(document["session"], Session, SESSION_FORMAT)
    journal, lost = read(document.get("journal"))
    return Recalled(session, journal, (*notices, *lost))


def program() -> str:
    """Name and version; only the name where it was never installed."""
    try:
        return f"Mastering RT {version('mastering-rt')}"
    except PackageNotFoundError:
        return "Mastering RT"


def _document(session: Session) -> dict[str, Any]:
    return {"format": FORMAT, "version": 1, "made": when(time.time()), "program": program(),
            "session": to_document(session, SESSION_FORMAT)}


# for people

def _session_lines(session: Session, journal: Entries) -> Iterator[str]:
    source, numbers = session.source, last_numbers(journal)
    yield f"Recall sheet, made {when(time.time())} by {program()}"
    yield ""
    if source is not None:
        yield f"Mix      {Path(source.path).name}, {clock(source.frames / source.sample_rate_hz)}, {source.sample_rate_hz} Hz, {source.frames} frames"
        yield f"         {source.path}"
    yield f"Master   {absolute_text(numbers) if numbers is not None else 'its numbers are not known'}"
    if session.loop is not None:
        yield f"Loop     {at(session, session.loop.start_frame)} to {at(session, session.loop.stop_frame)}{'' if session.loop.on else ', off'}"
    for marker in session.markers:
        yield f"Marker   {at(session, marker.frame)}  {marker.name}{'  ' + marker.note if marker.note else ''}"
    for output in session.outputs:
        rate = f", {output.sample_rate_hz} Hz" if output.sample_rate_hz else ""
        yield f"Output   {output.suffix}, {output.bits} bits, dither {output.dither}{rate}{', exact' if output.exact else ''}"
    for reference in session.references:
        yield f"Compared {reference.title}, {reference.source.path}"
    yield from (f"Notes    {line}" for line in session.notes.splitlines())
    yield ""
    yield "The chain is empty." if not session.chain else f"{CHANGED} differs from how the stage comes"
    for place, slot in enumerate(session.chain, 1):
        yield from _slot_lines(place, slot)
    for snapshot in session.snapshots:
        yield ""
        yield f"Kept as {snapshot.letter}{', ' + snapshot.label if snapshot.label else ''}{'' if snapshot.chain else ': an empty chain'}"
        for place, slot in enumerate(snapshot.chain, 1):
            same = next((number for number, other in enumerate(session.chain, 1) if other == slot), None)
            yield from [f"{place}  {slot.title}, as {same} above"] if same is not None else _slot_lines(place, slot)


def _slot_lines(place: int, slot: Slot) -> Iterator[str]:
    """A stage with all its settings, in the words of the table and as `--set` takes them; bands that do nothing are left out."""
    yield f"{place}  {slot.title}{' (bypassed)' if slot.bypassed else ''}"
    used = {band_of(key) for key in slot.values}
    rows = [(label_of(param), param.text(slot.value(key)), CHANGED if key in slot.values else " ", f"{slot.name}.{key}")
            for key, param in table_of(slot.kind).items()
            if slot.kind not in IDLE_BANDS or band_of(key) is None or band_of(key) in used]
    wide, deep = (max(len(row[column]) for row in rows) for column in (0, 1))
    yield from (f" {mark} {label:<{wide}}  {value:>{deep}}   {setting}" for label, value, mark, setting in rows)


def band_of(param_id: str) -> int | None:
    """The number of the band that a parameter belongs to."""
    found = BAND.match(param_id)
    return int(found[1]) if found is not None else None


def label_of(param: Param) -> str:
    """With its band first: "Band 3 type"."""
    band = band_of(param.id)
    if band is None:
        return param.label
    if param.label.startswith(f"Band {band}"):
        return f"Band {band} on" if param.label == f"Band {band}" else param.label
    return f"Band {band} {param.label[0].lower() + param.label[1:] if param.label[1:2].islower() else param.label}"


def _journal_lines(journal: Entries) -> Iterator[str]:
    if journal:
        yield ""
        yield "Journal"
    for entry, changed in zip(journal, changes_of(journal)):
        yield from entry_lines(entry, changed)


def entry_lines(entry: Entry, changed: str) -> Iterator[str]:
    """Time and sentence; below, what was heard and what moved."""
    mark = {"blind": "Blind test. ", "note": "Note: "}.get(entry.kind, "")
    yield f"{when(entry.time)}  {mark if not entry.sentence.startswith('Blind') else ''}{entry.sentence}"
    heard = passages_text(entry.heard)
    details = [f"heard {heard}" if heard else "", changed]
    if any(details):
        yield " " * 21 + "; ".join(part for part in details if part)


def when(time: float) -> str:
    """A moment on the wall, to the second."""
    return datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S")


def check_target(path: Path) -> None:
    """UsageProblem for a sheet that would take another file's place."""
    if path.exists():
        raise UsageProblem(f"{shown(path)} exists already; choose another name.")
