"""Undo and redo. A gesture (a drag of a knob, a run of wheel notches) is one step, told in one sentence."""
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from mastering_rt.session.changes import describe_change
from mastering_rt.session.model import Session

LIMIT = 1000
LATEST = 4        # steps whose words may still come
MOST_TOLD = 8     # sentences whose words may still come
SAME_RUN_S = 1.0  # edits with one key that follow each other faster than this are one run


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the user did: the sessions before and after it, and what it was. described: in the words of their difference."""

    before: Session
    after: Session
    sentence: str
    described: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of a step: when it was done, or that it was taken back or done again."""

    sentence: str
    verb: str
    step: Step


class History:
    """The present session and the way that led to it. For the control thread only.

    on_step(session, sentence) is called once for every finished step, undo and redo, never in the middle of a gesture:
    the place to write the recovery file; `joined` says there whether it is the step before, gone on. saved: False for a recovered session, which lies in no file of its own.
    now: seconds on a clock that does not jump. describe: gives the words for the difference of two sessions.
    """

    def __init__(
        self,
        session: Session,
        *,
        limit: int = LIMIT,
        saved: bool = True,
        on_step: Callable[[Session, str], None] | None = None,
        now: Callable[[], float] = time.monotonic,
        describe: Callable[[Session, Session], str] = describe_change,
    ) -> None:
        self._session = session
        self._saved = session if saved else None
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._told: list[Told] = []
        self._limit = limit
        self._on_step = on_step
        self._now = now
        self._describe = describe
        self._gesture: Session | None = None
        self._gesture_sentence = self._gesture_key = ""
        self._gesture_joins = False
        self._run_key = ""
        self._run_at = 0.0
        self._run_stands = False                 # whether the last edit left a step that can be gone on with
        self.joined = False

    @property
    def session(self) -> Session:
        """The present; in the middle of a gesture too."""
        return self._session

    @property
    def in_gesture(self) -> bool:
        """Whether a hand is at it: edits are not steps until it lets go."""
        return self._gesture is not None

    def edit(self, new: Session, key: str = "", sentence: str = "") -> Session:
        """Make `new` the present.

        Outside a gesture this is a step, unless the last edit had the same key less than a second ago: then it joins that step.
        sentence: what to call it, for edits that mean more than their difference (a preset); else the difference is described.
        """
        before, self._session = self._session, new
        if self._gesture is not None:
            self._gesture_sentence = sentence or self._gesture_sentence
            return new
        self._record(before, sentence, self._goes_on(key))
        self._run_key, self._run_at = key, self._now()
        return new

    def _goes_on(self, key: str) -> bool:
        """Whether an edit or gesture with this key belongs to the last step."""
        return bool(key) and key == self._run_key and self._now() - self._run_at <= SAME_RUN_S and self._run_stands and bool(self._done)

    def rebase(self, change: Callable[[Session], Session], sentence: str, *, saved: bool = False) -> Session:
        """Change the present and every session that undo and redo can reach, without a step: for what undo cannot take back. saved: and what
        lies in the file counts as changed, too; for what would be found out again if it were not saved. No sentence: it is not told."""
        self.end_gesture()
        if saved and self._saved is not None:
            self._saved = change(self._saved)
        for steps in (self._done, self._undone):
            steps[:] = [_rebased(step, change) for step in steps]
        self._told = [replace(told, step=_rebased(told.step, change)) for told in self._told]
        self._session, self._run_key = change(self._session), ""
        if sentence:
            self._tell(sentence)
        return self._session

    def amend(self, change: Callable[[Session], Session], sentence: str) -> Session:
        """Change the present as a part of the last step, for what that step has brought about and what is known only now."""
        self.end_gesture()
        self._session, self._run_key = change(self._session), ""
        if self._done:
            self._done[-1] = replace(self._done[-1], after=self._session, described=False)
        self._tell(sentence)
        return self._session

    def begin_gesture(self, key: str = "") -> None:
        """From here to `end_gesture` all edits are one step. A gesture still open is ended first.

        One that begins less than a second after the last gesture with the same key joins its step, as the taps of an arrow key do.
        """
        self.end_gesture()
        self._gesture, self._gesture_key, self._gesture_joins = self._session, key, self._goes_on(key)
        self._gesture_sentence = ""

    def end_gesture(self) -> None:
        """Finish the gesture; one that ends where it began leaves no step."""
        if self._gesture is None:
            return
        before, self._gesture = self._gesture, None
        if before != self._session:
            self._record(before, self._gesture_sentence, self._gesture_joins)
        elif self._run_key != self._gesture_key:
            self._gesture_key = ""
        self._run_key, self._run_at = self._gesture_key, self._now()

    def cancel_gesture(self) -> Session:
        """Leave the gesture and go back to where it began."""
        if self._gesture is not None:
            self._session, self._gesture = self._gesture, None
        return self._session

    def _record(self, before: Session, sentence: str, joined: bool) -> None:
        if joined:
            before = self._done.pop().before
        self._run_stands = before != self._session
        if not self._run_stands:
            if joined:
                self._tell("Back to where it was", joined=True)
            return
        step = Step(before, self._session, sentence or self._describe(before, self._session), not sentence)
        self._done.append(step)
        del self._done[: -self._limit]
        self._undone.clear()
        self._tell_of(step, joined=joined)

    def reword(self) -> list[tuple[str, str]]:
        """Describe the latest steps again, because words have come that were not known; gives each sentence that was told and is another now,
        before and after, the latest first. That something was taken back or done again was told, too."""
        for steps in (self._done, self._undone):
            steps[-LATEST:] = [replace(step, sentence=self._words_of(step)) for step in steps[-LATEST:]]
        told, self._told = self._told, [replace(told, sentence=told.verb + self._words_of(told.step)) for told in self._told]
        return [(old.sentence, new.sentence) for old, new in zip(reversed(told), reversed(self._told)) if old.sentence != new.sentence]

    def _words_of(self, step: Step) -> str:
        return self._describe(step.before, step.after) if step.described else step.sentence

    def undo(self) -> Session:
        """One step back; the present if there is none."""
        self.end_gesture()
        if self._done:
            self._go(self._done, self._undone, "Undo")
        return self._session

    def redo(self) -> Session:
        """One step forward again; the present if there is none."""
        self.end_gesture()
        if self._undone:
            self._go(self._undone, self._done, "Redo")
        return self._session

    def _go(self, source: list[Step], target: list[Step], verb: str) -> None:
        step = source.pop()
        target.append(step)
        self._session = step.before if verb == "Undo" else step.after
        self._run_key = ""
        self._tell_of(step, f"{verb}: ")

    def _tell_of(self, step: Step, verb: str = "", *, joined: bool = False) -> None:
        before = self._told[:-1] if joined else self._told
        self._told = [*before, Told(verb + step.sentence, verb, step)][-MOST_TOLD:]
        self._tell(verb + step.sentence, joined=joined)

    def _tell(self, sentence: str, *, joined: bool = False) -> None:
        self.joined = joined
        if self._on_step:
            self._on_step(self._session, sentence)

    @property
    def undo_sentence(self) -> str:
        """What undo would take back; empty if there is nothing."""
        return self._done[-1].sentence if self._done else ""

    @property
    def redo_sentence(self) -> str:
        """What redo would do again; empty if there is nothing."""
        return self._undone[-1].sentence if self._undone else ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done and not undone, oldest first."""
        return tuple(self._done)

    def mark_saved(self) -> None:
        """The present is what lies in the file."""
        self._saved = self._session
        self._run_key = ""

    @property
    def has_unsaved_changes(self) -> bool:
        """Whether the present differs from what was opened or saved last; undoing back to it counts as saved."""
        return self._session != self._saved


def _rebased(step: Step, change: Callable[[Session], Session]) -> Step:
    return replace(step, before=change(step.before), after=change(step.after))
