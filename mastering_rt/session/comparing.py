"""What a session is compared with: pure edits of its references and snapshots, as in `edits.py`.

A reference is named by its id, a snapshot by its letter. What does not exist is a UsageProblem with what there is.
"""
from collections.abc import Iterable

from msgspec.structs import replace

from mastering_rt.errors import UsageProblem, shown
from mastering_rt.session.edits import SHORTEST_LOOP_S, hint, telling
from mastering_rt.session.model import (
    LETTERS,
    MOST_REFERENCES,
    REFERENCE,
    Loop,
    Reference,
    Section,
    Session,
    Slot,
    Snapshot,
    Source,
    StageName,
)


def find_reference(session: Session, id: str) -> Reference:
    """The reference of that id. UsageProblem with the ids there are."""
    found = next((reference for reference in session.references if reference.id == id), None)
    if found is None:
        ids = [reference.id for reference in session.references]
        raise UsageProblem(f"There is no reference {id!r}{hint(id, ids, 'there are ' + ', '.join(ids) if ids else 'there is none')}")
    return found


def add_reference(session: Session, source: Source, label: str = "") -> Session:
    """Put a record behind the others. UsageProblem over 20, or for a file that is one already."""
    if len(session.references) >= MOST_REFERENCES:
        raise UsageProblem(f"A session holds at most {MOST_REFERENCES} references; remove one first.")
    if any(reference.source.path == source.path for reference in session.references):
        raise UsageProblem(f"{shown(source.path)} is a reference of this session already.")
    id = str(StageName(REFERENCE, session.name_numbers.get(REFERENCE, 0) + 1))
    return replace(session, references=(*session.references, Reference(id, source, label)))


def remove_reference(session: Session, id: str) -> Session:
    gone = find_reference(session, id)
    return replace(session, references=tuple(reference for reference in session.references if reference is not gone))


def move_reference(session: Session, id: str, position: int) -> Session:
    """To another key; 0 is the first."""
    moved = find_reference(session, id)
    rest = [reference for reference in session.references if reference is not moved]
    rest.insert(min(max(position, 0), len(rest)), moved)
    return replace(session, references=tuple(rest))


def _with(session: Session, id: str, **changes: object) -> Session:
    old = find_reference(session, id)
    with telling(old.title):
        new = replace(old, **changes)
    return replace(session, references=tuple(new if reference is old else reference for reference in session.references))


def set_trim(session: Session, id: str, trim_db: float) -> Session:
    """Louder or softer than the match makes it."""
    return _with(session, id, trim_db=float(trim_db))


def label_reference(session: Session, id: str, label: str) -> Session:
    """Another name on its key; the empty one brings the file's back."""
    return _with(session, id, label=" ".join(label.split()))


def replace_file(session: Session, id: str, source: Source) -> Session:
    """The same reference from another file. What lies past its end goes; everything else keeps its time."""
    old = find_reference(session, id)
    scale = source.sample_rate_hz / old.source.sample_rate_hz
    cues = tuple(cue for cue in (round(cue * scale) for cue in old.cues) if cue < source.frames)
    loop = old.loop and _within(round(old.loop.start_frame * scale), round(old.loop.stop_frame * scale), source, old.loop)
    sections = tuple(replace(s, from_frame=round(s.from_frame * scale), to_frame=min(round(s.to_frame * scale), source.frames))
                     for s in old.sections if round(s.from_frame * scale) < source.frames)
    return _with(session, id, source=source, cues=cues, loop=loop, sections=sections)


def _within(start: int, stop: int, source: Source, loop: Loop) -> Loop | None:
    stop = min(stop, source.frames)
    return replace(loop, start_frame=start, stop_frame=stop) if stop - start >= SHORTEST_LOOP_S * source.sample_rate_hz else None


def set_cues(session: Session, id: str, cues: Iterable[int]) -> Session:
    """Places to start from, in frames of its file."""
    return _with(session, id, cues=tuple(cues))


def set_reference_loop(session: Session, id: str, start_frame: int, stop_frame: int, on: bool = True) -> Session:
    """Where it goes round, in frames of its file; cut at its end. A loop under SHORTEST_LOOP_S is a UsageProblem."""
    source = find_reference(session, id).source
    with telling("Loop of the reference"):
        loop = Loop(start_frame, min(stop_frame, source.frames), on)
    length_s = (loop.stop_frame - loop.start_frame) / source.sample_rate_hz
    if length_s < SHORTEST_LOOP_S:
        raise UsageProblem(f"A loop of {1000 * length_s:.0f} ms in a reference is too short: it takes at least {1000 * SHORTEST_LOOP_S:.0f} ms.")
    return _with(session, id, loop=loop)


def clear_reference_loop(session: Session, id: str) -> Session:
    return _with(session, id, loop=None)


def lock_reference(session: Session, id: str, offset_frames: int) -> Session:
    """It stands where the song stands; frame 0 of the song sounds with its frame `offset_frames`, at the song's rate."""
    return _with(session, id, locked=True, offset_frames=int(offset_frames))


def free_reference(session: Session, id: str) -> Session:
    """It has a playhead of its own again; the offset is kept."""
    return _with(session, id, locked=False)


def add_section(session: Session, id: str, section: Section) -> Session:
    """A passage of the song, and what of the reference is heard in its place; takes the place of one for the same passage."""
    kept = [s for s in find_reference(session, id).sections if (s.start_frame, s.stop_frame) != (section.start_frame, section.stop_frame)]
    return _with(session, id, sections=tuple(sorted((*kept, section), key=lambda s: s.start_frame)))


def pair_section(session: Session, id: str, section: Section) -> Session:
    """The same, and the reference goes round in it."""
    return set_reference_loop(add_section(session, id, section), id, section.from_frame, section.to_frame)


def remove_section(session: Session, id: str, section: Section) -> Session:
    return _with(session, id, sections=tuple(s for s in find_reference(session, id).sections if s != section))


def find_snapshot(session: Session, letter: str) -> Snapshot | None:
    """What lies under a letter; None where nothing does. UsageProblem for another letter."""
    if letter not in LETTERS:
        raise UsageProblem(f"There is no snapshot {letter!r}; there are {', '.join(LETTERS)}.")
    return next((snapshot for snapshot in session.snapshots if snapshot.letter == letter), None)


def store_snapshot(session: Session, letter: str, label: str = "", chain: Iterable[Slot] | None = None) -> Session:
    """Put the chain, or another one, aside under a letter, in place of what was there."""
    find_snapshot(session, letter)
    aside = session.set_aside if chain is None else ()
    snapshot = Snapshot(letter, session.chain if chain is None else tuple(chain), " ".join(label.split()), aside)  # type: ignore[arg-type]
    others = [other for other in session.snapshots if other.letter != letter]
    return replace(session, snapshots=tuple(sorted((*others, snapshot), key=lambda s: s.letter)))


def recall_snapshot(session: Session, letter: str) -> Session:
    """Its chain in place of the one there is. UsageProblem where there is none."""
    snapshot = find_snapshot(session, letter)
    if snapshot is None:
        raise UsageProblem(f"Snapshot {letter} is empty; store a chain in it first.")
    return replace(session, chain=snapshot.chain, set_aside=snapshot.set_aside)


def clear_snapshot(session: Session, letter: str) -> Session:
    find_snapshot(session, letter)
    return replace(session, snapshots=tuple(other for other in session.snapshots if other.letter != letter))
