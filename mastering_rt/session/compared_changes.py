"""What changed in the references and snapshots of a session, in words; a part of `changes.py`."""
from collections.abc import Iterator

from mastering_rt.errors import clock
from mastering_rt.session.model import Loop, Reference, Session

ARROW, MINUS = "\N{RIGHTWARDS ARROW}", "\N{MINUS SIGN}"


def compared_changes(old: Session, new: Session) -> Iterator[str]:
    """Every difference as a sentence of its own."""
    before, after = {r.id: r for r in old.references}, {r.id: r for r in new.references}
    yield from (f"Reference {r.title} removed" for r in old.references if r.id not in after)
    yield from (f"Reference {r.title} added" for r in new.references if r.id not in before)
    if [id for id in before if id in after] != [id for id in after if id in before]:
        yield f"Order of the references {ARROW} {', '.join(r.title for r in new.references)}"
    for reference in new.references:
        if reference.id in before and reference != before[reference.id]:
            yield from _reference_changes(before[reference.id], reference, new)
    yield from _snapshot_changes(old, new)


def _reference_changes(old: Reference, new: Reference, session: Session) -> Iterator[str]:
    what = f"Reference {old.title}"
    if old.title != new.title:
        yield f"{what} is now called {new.title}"
    elif old.source != new.source:
        yield f"{what} read again"
    if old.trim_db != new.trim_db:
        yield f"{what} trim {_signed(old.trim_db)} {ARROW} {_signed(new.trim_db)} dB"
    if old.cues != new.cues:
        yield f"{what} cues {', '.join(_at(new, cue) for cue in new.cues) or 'removed'}"
    if old.loop != new.loop:
        yield f"{what} {_loop_text(old.loop, new)}"
    if (old.locked, old.offset_frames) != (new.locked, new.offset_frames):
        yield f"{what} {_lock_text(new, session)}"
    if old.sections != new.sections:
        yield f"{what} sections {', '.join(f'{_at(new, s.from_frame)} to {_at(new, s.to_frame)}' for s in new.sections) or 'removed'}"


def _loop_text(old: Loop | None, new: Reference) -> str:
    loop = new.loop
    if loop is None:
        return "loop removed"
    if old and (old.start_frame, old.stop_frame) == (loop.start_frame, loop.stop_frame):
        return f"loop {'on' if loop.on else 'off'}"
    return f"loop {_at(new, loop.start_frame)} to {_at(new, loop.stop_frame)}"


def _lock_text(new: Reference, session: Session) -> str:
    if not new.locked:
        return "plays on its own"
    rate = session.source.sample_rate_hz if session.source else new.source.sample_rate_hz
    return f"locked to the song, {_signed(1000 * new.offset_frames / rate, 3)} ms"


def _snapshot_changes(old: Session, new: Session) -> Iterator[str]:
    before, after = {s.letter: s for s in old.snapshots}, {s.letter: s for s in new.snapshots}
    yield from (f"Snapshot {letter} cleared" for letter in before if letter not in after)
    yield from (f"Snapshot {letter} stored" for letter, snapshot in after.items() if snapshot != before.get(letter))


def _at(reference: Reference, frame: int) -> str:
    return clock(frame / reference.source.sample_rate_hz)


def _signed(value: float, decimals: int = 1) -> str:
    text = f"{abs(value):.{decimals}f}"
    return text if not float(text) else f"{'+' if value > 0 else MINUS}{text}"
