"""The session's file. Saving replaces it in one step; loading says what is wrong and where, and what can be opened instead."""
import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from mastering_rt.atomic import sweep_stale_parts, write_atomically
from mastering_rt.errors import SessionProblem, reason, shown
from mastering_rt.places import last_good_dir
from mastering_rt.session import text
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.journal import Entries, lines, read
from mastering_rt.session.model import Session, Source

SUFFIX = ".mrt"
FORMAT = "mastering-rt session"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session as it was opened, and sentences about what the user should know of it."""

    session: Session
    notices: tuple[str, ...] = ()
    journal: Entries = ()


def session_bytes(session: Session, folder: Path | None = None, journal: Entries = ()) -> bytes:
    """The file's content; mix and references in or under `folder` are named relative to it, so that the folder can be moved."""
    if session.source and folder:
        session = replace(session, source=_to_write(session.source, folder))
    if session.references and folder:
        session = replace(session, references=tuple(replace(r, source=_to_write(r.source, folder)) for r in session.references))
    return text.dump(to_document(session, FORMAT), lines(journal))


def _to_write(source: Source, folder: Path) -> Source:
    with contextlib.suppress(ValueError):
        return replace(source, path=Path(source.path).relative_to(folder.absolute()).as_posix())
    return source


def save_session(session: Session, path: "str | os.PathLike[str]", journal: Entries = ()) -> Path:
    """Write a session; `.mrt` is added to a name that lacks it. Returns where it lies. SessionProblem if it cannot be written."""
    target = Path(path)
    try:
        if target.suffix.lower() != SUFFIX:
            target = target.with_name(target.name + SUFFIX)
        sweep_stale_parts(target)
        write_atomically(target, session_bytes(session, target.parent, journal))
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise SessionProblem(
            f"The session cannot be saved as {shown(target)}: {why}. What was there before is untouched; choose another place."
        ) from None
    with contextlib.suppress(OSError):
        _keep_last_good(session, target, journal)
    return target


def load_session(path: "str | os.PathLike[str]") -> Loaded:
    """Open a session file. SessionProblem says what is wrong with it and where."""
    try:
        return parse_session(read_bytes(path), Path(path).absolute().parent)
    except SessionProblem as problem:
        copy = last_good(path)
        remedy = f"; the last good save can be opened from {shown(copy)}" if copy else ""
        raise SessionProblem(f"The session {shown(path)} cannot be opened: {problem}{remedy}.", last_good=copy) from None


def read_bytes(path: "str | os.PathLike[str]") -> bytes:
    """A small file whole. SessionProblem for a sentence that begins with the file."""
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            raise SessionProblem("it is not a file")
        with open(path, "rb") as file:
            return file.read(text.LARGEST_BYTES + 1)
    except OSError as error:
        raise SessionProblem(reason(error)) from None
    except ValueError as error:
        raise SessionProblem(str(error)) from None


def parse_session(data: bytes, folder: Path) -> Loaded:
    """A session from its file's content; relative paths start at `folder`. SessionProblem, worded to follow the file's name."""
    document = text.parse(data)
    journal, lost = read(document.pop("journal", None))
    session, notices = from_document(document, Session, FORMAT)
    notices = (*notices, *lost)
    references = []
    for reference in session.references:
        source, moved = _found_source(reference.source, folder, f"The reference {reference.title}")
        references.append(replace(reference, source=source))
        notices = (*notices, *moved)
    session = replace(session, references=tuple(references))
    if session.source is None:
        return Loaded(session, notices, journal)
    source, moved = _found_source(session.source, folder)
    return Loaded(replace(session, source=source), (*notices, *moved), journal)


def _found_source(source: Source, folder: Path, what: str = "The mix") -> tuple[Source, tuple[str, ...]]:
    """The source with an absolute path: where the file says, else a file of the same name and size beside the session."""
    wanted = Path(os.path.abspath(folder / source.path))
    if os.path.isfile(wanted):
        return replace(source, path=str(wanted)), ()
    beside = folder / wanted.name
    if os.path.isfile(beside) and beside.stat().st_size == source.size:
        return replace(source, path=str(beside)), (
            f"{what} is not at {shown(wanted)} any more; {shown(beside)} of the same size is used.",
        )
    return replace(source, path=str(wanted)), (f"{what} {shown(wanted)} is missing; put it back or choose it anew.",)


def _keep_last_good(session: Session, target: Path, journal: Entries) -> None:
    copy = _last_good_path(target)
    copy.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(copy, session_bytes(session, None, journal))


def _last_good_path(path: "str | os.PathLike[str]") -> Path:
    where = os.fsencode(os.path.realpath(path))
    return last_good_dir() / f"{Path(path).stem[:40]}-{hashlib.sha256(where).hexdigest()[:16]}{SUFFIX}"


def last_good(path: "str | os.PathLike[str]") -> Path | None:
    """A copy of the last save of this session, if there is one that can be opened."""
    with contextlib.suppress(SessionProblem, OSError, ValueError):
        copy = _last_good_path(path)
        parse_session(read_bytes(copy), copy.parent)
        return copy
    return None
