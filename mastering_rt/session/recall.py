"""The recall sheet: everything that was set, for eyes and for machines. Either form rebuilds the session exactly."""
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mastering_rt.errors import SessionProblem, UsageProblem, clock, shown
from mastering_rt.session import text
from mastering_rt.session.changes import at
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.journal import Entries, Entry, changes_of, lines, passages_text, read
from mastering_rt.session.model import Session, Slot, table_of
from mastering_rt.session.store import FORMAT as SESSION_FORMAT
from mastering_rt.session.store import read_bytes

FORMAT = "mastering-rt recall sheet"
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
    sheet = "\n".join([*_session_lines(session), *_journal_lines(journal), "", MACHINE, machine, ""])
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


def _document(session: Session) -> dict[str, Any]:
    return {"format": FORMAT, "version": 1, "session": to_document(session, SESSION_FORMAT)}


# for people

def _session_lines(session: Session) -> Iterator[str]:
    source = session.source
    yield "Recall sheet"
    yield ""
    if source is not None:
        yield f"Mix      {Path(source.path).name}, {clock(source.frames / source.sample_rate_hz)}, {source.sample_rate_hz} Hz, {source.frames} frames"
        yield f"         {source.path}"
    if session.loop is not None:
        yield f"Loop     {at(session, session.loop.start_frame)} to {at(session, session.loop.stop_frame)}{'' if session.loop.on else ', off'}"
    for marker in session.markers:
        yield f"Marker   {at(session, marker.frame)}  {marker.name}{'  ' + marker.note if marker.note else ''}"
    for output in session.outputs:
        rate = f", {output.sample_rate_hz} Hz" if output.sample_rate_hz else ""
        yield f"Output   {output.suffix}, {output.bits} bits, dither {output.dither}{rate}{', exact' if output.exact else ''}"
    for reference in session.references:
        yield f"Compared {reference.title}, {reference.source.path}"
    for snapshot in session.snapshots:
        yield f"Kept     {snapshot.letter}{'  ' + snapshot.label if snapshot.label else ''}: {', '.join(slot.title for slot in snapshot.chain) or 'empty'}"
    yield from (f"Notes    {line}" for line in session.notes.splitlines())
    yield ""
    if not session.chain:
        yield "The chain is empty."
    for place, slot in enumerate(session.chain, 1):
        yield from _slot_lines(place, slot)


def _slot_lines(place: int, slot: Slot) -> Iterator[str]:
    """A stage with what differs from its defaults, in the words of the table and as `--set` takes it."""
    yield f"{place}  {slot.title}{' (bypassed)' if slot.bypassed else ''}{'' if slot.values else ', as it comes'}"
    table = table_of(slot.kind)
    rows = [(table[key].label, table[key].text(value), f"{slot.name}.{key}") for key, value in slot.values.items()]
    wide, deep = max((len(row[0]) for row in rows), default=0), max((len(row[1]) for row in rows), default=0)
    yield from (f"   {label:<{wide}}  {value:>{deep}}   {setting}" for label, value, setting in rows)


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
