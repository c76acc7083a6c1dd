"""What survives a crash: after each gesture the whole session is written into a recovery file, for never-saved sessions too.

A recovery file carries the process id and its start in its name and is paired with a lock that the system takes back when
the process dies. It is removed on a clean exit and when the session has been saved. `find_recoverable` lists what crashed
processes left behind.
"""
import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mastering_rt.atomic import parts_of, write_atomically
from mastering_rt.errors import SessionProblem, reason, shown
from mastering_rt.places import recovery_dir
from mastering_rt.session import text
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.journal import Entries, lines, read
from mastering_rt.session.model import Session
from mastering_rt.session.process_lock import ProcessLock
from mastering_rt.session.store import FORMAT as SESSION_FORMAT
from mastering_rt.session.store import read_bytes

FORMAT = "mastering-rt recovery"
SUFFIX = ".mrt-recovery"
LOCK_SUFFIX = ".lock"
PATIENCE_S = 2.0  # longest that a gesture waits for a slow disk
YOUNG_S = 60.0  # a lock without a recovery file is left alone so long

_alive: set[Path] = set()  # recovery files of this very process


class Autosave:
    """Writes the recovery file of one open session, on a thread of its own.

    `note` hands a session over; it waits only while the one before is being written, so that a crash loses at most one gesture.
    A failure never stops the work: it is told by `problem` until a later write succeeds.
    """

    def __init__(self, session_path: Path | None = None, folder: Path | None = None) -> None:
        self.session_path = session_path
        self.gestures = 0
        self.problem = ""
        self._folder = folder or recovery_dir()
        self._path = self._folder / f"{os.getpid()}-{time.time_ns()}{SUFFIX}"
        self._lock: ProcessLock | None = None
        self._job: Callable[[], None] | None = None
        self._busy = False
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="autosave", daemon=True)
        self._thread.start()

    def note(self, session: Session, sentence: str, journal: Entries = ()) -> None:
        """A gesture is finished: have the session written, and its journal. Fits `History(on_step=...)`."""
        self.gestures += 1
        details = {"pid": os.getpid(), "written": time.time(), "gestures": self.gestures, "sentence": sentence,
                   "session_path": str(self.session_path) if self.session_path else None}
        self._hand_over(lambda: self._write(session, details, journal))

    def saved(self, session_path: Path | None) -> None:
        """The session lies in its own file now, or is given up: nothing is left to recover until the next gesture."""
        self.session_path = session_path
        self.gestures = 0
        self._hand_over(self._remove)

    def close(self) -> None:
        """Clean exit: the recovery file goes."""
        self._hand_over(self._remove)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(PATIENCE_S)
        if self._lock:
            self._lock.release(remove=True)
        _alive.discard(self._path)

    def __enter__(self) -> "Autosave":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()

    def wait_until_written(self) -> None:
        """Return when everything noted so far is on disk."""
        with self._changed:
            self._changed.wait_for(self._idle)

    def _idle(self) -> bool:
        return self._job is None and not self._busy

    def _hand_over(self, job: Callable[[], None]) -> None:
        with self._changed:
            if not self._changed.wait_for(self._idle, PATIENCE_S):
                self.problem = (
                    f"The disk does not keep up with the recovery file {shown(self._path)}; save the session elsewhere."
                )
            self._job = job
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._job is not None or self._closing)
                if self._job is None:
                    return
                job, self._job, self._busy = self._job, None, True
            self._do(job)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
            self.problem = ""
        except Exception as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            self.problem = f"The recovery file {shown(self._path)} cannot be written: {why}. Save the session, or free the disk."

    def _write(self, session: Session, details: dict[str, Any], journal: Entries) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._hold_lock()
        document = {"format": FORMAT, "version": 1, **details, "session": to_document(session, SESSION_FORMAT)}
        write_atomically(self._path, text.dump(document, lines(journal)))

    def _hold_lock(self) -> None:
        """Take the lock; again when somebody who looked for crashed sessions was faster, or swept the folder."""
        if self._lock and self._lock.held and self._lock.path.exists():
            return
        _alive.add(self._path)
        if self._lock:
            self._lock.release()
        self._lock = ProcessLock(self._path.with_suffix(LOCK_SUFFIX))

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Recoverable:
    """A session that a crashed process left behind. session_path: its own file, if it has one; written: seconds since 1970."""

    path: Path
    session: Session
    session_path: Path | None
    written: float
    gestures: int
    sentence: str
    journal: Entries = ()

    def age_s(self) -> float:
        """Seconds since the last gesture."""
        return max(0.0, time.time() - self.written)


@dataclass(frozen=True, slots=True)
class Left:
    """What crashed processes left: sessions, newest first, and recovery files that cannot be read, each with a sentence."""

    sessions: tuple[Recoverable, ...]
    broken: tuple[tuple[Path, str], ...]


def find_recoverable(folder: Path | None = None) -> Left:
    """List the recovery files of processes that are gone. Never raises for what it finds in them."""
    folder = folder or recovery_dir()
    sessions: list[Recoverable] = []
    broken: list[tuple[Path, str]] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path in _alive or not _abandoned(path):
            continue
        try:
            sessions.append(_read(path))
        except SessionProblem as problem:
            broken.append((path, f"The recovery file {shown(path)} cannot be read: {problem}."))
    _sweep_locks(folder)
    sessions.sort(key=lambda left: -left.written)
    return Left(tuple(sessions), tuple(broken))


def _abandoned(path: Path) -> bool:
    lock = path.with_suffix(LOCK_SUFFIX)
    if not lock.exists():
        return True
    try:
        probe = ProcessLock(lock)
    except OSError:
        return False
    free = probe.held
    probe.release()
    return free


def _sweep_locks(folder: Path) -> None:
    """Locks of processes that died with nothing to recover. A young one may just be about to be taken."""
    for lock in folder.glob(f"*{LOCK_SUFFIX}"):
        path = lock.with_suffix(SUFFIX)
        with contextlib.suppress(OSError):
            if path not in _alive and not path.exists() and time.time() - lock.stat().st_mtime > YOUNG_S and _abandoned(path):
                lock.unlink()


def _read(path: Path) -> Recoverable:
    document = text.parse(read_bytes(path))
    if document.get("format") != FORMAT or not isinstance(document.get("session"), dict):
        raise SessionProblem(f"it is not a {FORMAT} file")
    session, _ = from_document(document["session"], Session, SESSION_FORMAT)
    own = document.get("session_path")
    written, gestures = document.get("written"), document.get("gestures")
    return Recoverable(
        path=path, session=session, session_path=Path(own) if isinstance(own, str) else None,
        written=float(written) if isinstance(written, int | float) else path.stat().st_mtime,
        gestures=gestures if isinstance(gestures, int) else 0, sentence=str(document.get("sentence", "")),
        journal=read(document.get("journal"))[0])


def take_over(left: Recoverable, autosave: Autosave) -> None:
    """Go on with a recovered session: its old recovery file goes only when the new one is on disk."""
    autosave.session_path = left.session_path
    autosave.note(left.session, f"Recovered: {left.sentence}" if left.sentence else "Recovered", left.journal)
    autosave.wait_until_written()
    if not autosave.problem:
        discard(left.path)


def discard(path: Path) -> None:
    """Remove a recovery file, read or broken, that is not wanted any more."""
    for gone in (path, path.with_suffix(LOCK_SUFFIX), *parts_of(path)):
        with contextlib.suppress(OSError):
            gone.unlink()
