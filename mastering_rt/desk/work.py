"""What is worked on: a session with undo, its journal, its file, and what a crash would leave of it. Without sound."""
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from mastering_rt.blind.trials import Result
from mastering_rt.desk.journaling import Journaling
from mastering_rt.errors import UsageProblem
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, Recoverable, take_over
from mastering_rt.session.changes import describe_change, unwritten
from mastering_rt.session.history import History
from mastering_rt.session.journal import Entries
from mastering_rt.session.model import PluginRef, Session
from mastering_rt.session.presets import apply_preset, find_preset
from mastering_rt.session.store import save_session


class Work(ABC):
    """Whoever lets it sound says when it may not change (`refuse_in_blind`) and what follows each change (`_follow`)."""

    def __init__(self, autosave: bool, now: Callable[[], float]) -> None:
        self.session_path: Path | None = None
        self.journal = Journaling()
        self._now = now
        self._autosave = Autosave() if autosave else None
        self.history = self._new_history(Session())

    @abstractmethod
    def refuse_in_blind(self) -> None:
        """UsageProblem while the session may not change."""

    @abstractmethod
    def _follow(self) -> None:
        """The session has changed."""

    @property
    def session(self) -> Session:
        return self.history.session

    def _new_history(self, session: Session, saved: bool = True) -> History:
        return History(session, saved=saved, on_step=self._stepped, now=self._now, describe=self._describe)

    def _describe(self, old: Session, new: Session) -> str:
        return describe_change(old, new)

    def _written(self, plugin: PluginRef, index: int, value: float | None) -> str:
        """How a plugin writes a value, as in `changes`."""
        return unwritten(plugin, index, value)

    def _stepped(self, session: Session, sentence: str) -> None:
        self.journal.step(session, sentence, goes_on=self.history.joined)
        self._keep_safe(sentence)

    def reword(self) -> None:
        """Words have come for what was done last."""
        for before, after in self.history.reword():
            self.journal.reword(before, after)

    def _keep_safe(self, sentence: str) -> None:
        if self._autosave:
            self._autosave.note(self.session, sentence, self.journal.entries)

    def note(self, words: str) -> None:
        """A remark for the journal, at what was heard last. UsageProblem without words."""
        if not words.strip():
            raise UsageProblem("A note needs words.")
        self.journal.note(words)
        self._keep_safe("Note")

    def _blind_over(self, result: Result) -> None:
        self.journal.blind(result)
        self._keep_safe("Blind test")

    @property
    def has_unsaved_changes(self) -> bool:
        """Whether the session, a note or a blind result is not in the file yet."""
        return self.history.has_unsaved_changes or self.journal.unsaved

    def edit(self, change: Callable[[Session], Session], key: str = "", sentence: str = "") -> Session:
        """Apply a pure edit (`mastering_rt.session.edits`), heard at once. UsageProblem leaves everything as it was."""
        self.refuse_in_blind()
        self.history.edit(change(self.session), key, sentence)
        self._follow()
        return self.session

    def amend(self, change: Callable[[Session], Session], sentence: str) -> None:
        """Apply an edit as a part of the last step, for what that step has brought about."""
        self.history.amend(change, sentence)
        self._follow()

    def rebase(self, change: Callable[[Session], Session], sentence: str, *, saved: bool = False) -> None:
        """Apply an edit that is no step, to every session that undo can reach. saved: it is nothing that would have to be saved. sentence: for
        the journal; without one it stands in the entries that are there."""
        self.history.rebase(change, sentence, saved=saved)
        if not sentence:
            session = self.session
            self.journal.rebase(lambda chain: change(replace(session, chain=chain)).chain)
            self._keep_safe("")
        self._follow()

    def settle(self) -> None:
        """End the gesture: before the session is saved, rendered, stored or left."""
        self.history.end_gesture()

    def set_value(self, slot: str, param_id: str, value: float) -> None:
        """One parameter of one slot."""
        self.edit(lambda s: edits.set_value(s, slot, param_id, value), key=f"{slot}.{param_id}")

    def set_values(self, slot: str, values: Mapping[str, float]) -> None:
        """Several parameters of one slot at once, as a hand on a node moves frequency and gain."""
        self.edit(lambda s: edits.set_values(s, slot, values), key=f"{slot}.{'.'.join(values)}")

    @contextlib.contextmanager
    def gesture(self) -> Iterator[None]:
        """Everything inside is one undo step."""
        self.begin_gesture()
        try:
            yield
        finally:
            self.end_gesture()

    def begin_gesture(self, key: str = "") -> None:
        """From here to `end_gesture` all edits are one undo step, for hands that start and stop on their own; see `History.begin_gesture`."""
        self.history.begin_gesture(key)

    def end_gesture(self) -> None:
        self.history.end_gesture()

    def undo(self) -> None:
        self.refuse_in_blind()
        self.history.undo()
        self._follow()

    def redo(self) -> None:
        self.refuse_in_blind()
        self.history.redo()
        self._follow()

    def load_preset(self, name: str) -> None:
        """A chain preset in place of the chain."""
        preset = find_preset(name)
        self.edit(lambda s: apply_preset(s, preset), sentence=f"Preset {name}")

    def save(self, path: str | None = None) -> Path:
        """Save the session, under its own name unless another is given. SessionProblem, or UsageProblem without a name."""
        target = Path(path) if path else self.session_path
        if target is None:
            raise UsageProblem("The session has no name yet; say where to save it.")
        self.settle()
        entries = self.journal.with_version(self.session, self._written)
        self.session_path = save_session(self.session, target, entries)
        self.history.mark_saved()
        self.journal.saved(entries)
        if self._autosave:
            self._autosave.saved(self.session_path)
        return self.session_path

    def _begin(self, session: Session, path: Path | None, saved: bool, journal: Entries) -> None:
        """Work on another session, as it was opened or recovered (then it is not `saved`)."""
        self.history = self._new_history(session, saved)
        self.session_path = path
        self.journal.begin(journal)
        self.journal.step(session, f"Opened {Path(session.source.path).name}" if session.source else "Opened without a mix")
        if self._autosave:
            self._autosave.saved(path)

    def _take_over(self, left: Recoverable) -> None:
        """What a crash left behind is kept by this program from now on."""
        if self._autosave:
            take_over(left, self._autosave)

    def _let_go(self, keep_recovery: bool) -> None:
        """Nothing is left to recover, unless it is to be kept."""
        if not self._autosave:
            return
        if keep_recovery:
            self._autosave.wait_until_written()
        else:
            self._autosave.close()

    @property
    def autosave_problem(self) -> str:
        """Why the recovery file cannot be written; empty while it can."""
        return self._autosave.problem if self._autosave else ""
