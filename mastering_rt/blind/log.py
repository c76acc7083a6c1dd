"""The log of all blind tests of a session: one JSON object per line, appended as it happens, never rewritten.

"sealed" opens a test with the hash of its hidden order, "answer" stands for each trial, "opened" publishes order and salt. Until then the
order cannot be had from the file; from then on the hash proves that it was not chosen afterwards.
"""
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mastering_rt.blind.order import holds
from mastering_rt.blind.trials import BlindTest, Plan, Result, subject_of
from mastering_rt.errors import MasteringError, SessionProblem, reason, shown
from mastering_rt.places import state_dir

SUFFIX = ".blind.jsonl"
UNSAVED = "blind"
Event = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One test as the log tells it. result: None while it was not opened, which a test that was left never is. proven: the order is the
    one that was sealed."""

    plan: Plan
    id: str
    began: float                 # seconds since 1970
    answers: str
    result: Result | None
    proven: bool


def log_path(session: Path | None) -> Path:
    """Where the blind tests of a session are logged: beside its file, or, while it has none, among the program's own files."""
    return session.with_suffix(SUFFIX) if session else state_dir() / UNSAVED / f"{os.getpid()}-{time.time_ns()}{SUFFIX}"


class BlindLog:
    """Appends to `path`; what is written survives the death of the program. SessionProblem when the file cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def sealed(self, test: BlindTest) -> None:
        """A test begins."""
        self._append({"event": "sealed", "test": test.id, "time": test.began, **asdict(test.plan), "seal": test.seal})

    def answered(self, test: BlindTest, answer: str, heard: str, took_s: float, at: float) -> None:
        """One trial: the answer, the keys that were listened to in their order, and how long it took."""
        self._append({"event": "answer", "test": test.id, "time": at, "trial": test.answered, "answer": answer, "heard": heard,
                      "took_s": round(took_s, 2)})

    def opened(self, result: Result, at: float) -> None:
        """A test is over."""
        self._append({"event": "opened", "test": result.id, "time": at, "salt": result.salt, "order": result.order,
                      "hits": result.hits, "answered": result.answered, "p": result.p, "stopped": result.stopped})

    def _append(self, event: Event) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torn = self._torn()
            with open(self.path, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write("\n" * torn + json.dumps(event, ensure_ascii=False) + "\n")
        except OSError as error:
            raise SessionProblem(f"The log of blind tests {shown(self.path)} cannot be written: {reason(error)}. "
                                 "Free the disk, or save the session elsewhere.") from None

    def _torn(self) -> bool:
        """Whether the last line has no end, because a program died while it wrote."""
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with open(self.path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def move_to(self, path: Path) -> None:
        """Go on in another file, which gets what was logged so far behind what it has."""
        if path == self.path:
            return
        before, self.path = self.path, path
        known = events(path)
        for event in events(before):
            if event not in known:
                self._append(event)
        if before.parent == state_dir() / UNSAVED:
            before.unlink(missing_ok=True)

    def records(self) -> tuple[Record, ...]:
        """Every test, oldest first."""
        return tuple(records(events(self.path)))


def events(path: Path) -> list[Event]:
    """The lines that can be read; none where there is no file."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [event for line in lines if isinstance(event := _parsed(line), dict)]


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def records(found: list[Event]) -> Iterator[Record]:
    """The tests in a list of events, in the order in which they were sealed; what is no whole test is left out."""
    for sealed in (event for event in found if event.get("event") == "sealed"):
        try:
            yield _record(sealed, [event for event in found if event.get("test") == sealed["test"]])
        except (KeyError, TypeError, ValueError, MasteringError):
            continue


def _record(sealed: Event, own: list[Event]) -> Record:
    plan = Plan(str(sealed["first"]), str(sealed["second"]), sealed["kind"], sealed["trials"], str(sealed.get("basis", "")))
    answers = "".join(str(event["answer"]) for event in own if event.get("event") == "answer")
    opened = next((event for event in own if event.get("event") == "opened"), None)
    if opened is None:
        return Record(plan, sealed["test"], float(sealed["time"]), answers, None, False)
    order, salt = str(opened["order"]), str(opened["salt"])
    result = Result(plan, sealed["test"], answers, order, salt, sealed["seal"], bool(opened["stopped"]))
    proven = holds(result.seal, subject_of(plan, result.id), salt, order) and opened["hits"] == result.hits and opened["answered"] == len(answers)
    return Record(plan, result.id, float(sealed["time"]), answers, result, proven)
