"""Files: opened in the background, saved at once, never lost without a question."""
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from gui.acts.part import Part, short
from gui.controls.choice import Choice
from gui.dialogs.dialog import Dialog, Form, ask, tell
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.opening import Opened
from mastering_rt.errors import CutShort, SessionProblem, TooManyChannels, shown
from mastering_rt.session.presets import FOR_NEW_MIX
from mastering_rt.session.store import SUFFIX

MIXES = "Mixes and sessions (*.wav *.wave *.rf64 *.w64 *.aif *.aiff *.caf *.flac *.ogg *.opus *.mp3 *.mrt);;All files (*)"
ONLY_MIXES = "Mixes (*.wav *.wave *.rf64 *.w64 *.aif *.aiff *.caf *.flac *.ogg *.opus *.mp3);;All files (*)"
SESSIONS = f"Sessions (*{SUFFIX})"
SURROUND = {6: ("L", "R", "C", "LFE", "Ls", "Rs"), 8: ("L", "R", "C", "LFE", "Lb", "Rb", "Ls", "Rs")}
Then = Callable[[], object]


class Files(Part):
    """Open, exchange, save. `opening` is the job under way, of which there is one at a time."""

    opening: Job[Opened] | None = None
    saved_at_s: float | None = None          # on the monotonic clock; None while it is not known

    # asking

    def unless_unsaved(self, then: Then) -> None:
        """Go on at once, or after the question what becomes of changes that are not saved."""
        self.desk.settle()
        if not self.desk.has_unsaved_changes:
            then()
            return
        answers = (("discard", "Do not save"), ("cancel", "Cancel"), ("save", "Save"))
        ask(self.window, f"{short(self.session_name())} has changes that are not saved.", self._unsaved_sentence(), answers, "cancel",
            partial(self._answer_unsaved, then))

    def _unsaved_sentence(self) -> str:
        steps = len(self.desk.history.steps)
        return f"{steps} change{'s' if steps != 1 else ''} since it was opened, the last: {self.desk.history.undo_sentence}." if steps else \
            "It was recovered and lies in no file yet."

    def _answer_unsaved(self, then: Then, answer: str) -> None:
        if answer == "discard" or (answer == "save" and self.save()):
            then()

    def session_name(self) -> str:
        """What the session is called: its file, else its mix."""
        if self.desk.session_path is not None:
            return self.desk.session_path.stem
        source = self.desk.session.source
        return Path(source.path).stem if source is not None else "New session"

    # recent files

    def recent(self) -> list[Path]:
        """Mixes and sessions that were opened or saved, the newest first."""
        return [Path(path) for path in self.acts.settings.recent()]

    def keep_recent(self, path: str | Path) -> None:
        """It is the newest one now."""
        self.acts.settings.keep_recent(str(Path(path).absolute()))

    # opening

    def ask_open(self) -> None:
        """The system's dialog for mixes and sessions."""
        path = self._pick("Open a mix or a session", MIXES)
        if path:
            self.open(path)

    def ask_exchange(self) -> None:
        """Another version of the mix for the session as it is."""
        path = self._pick("Another mix for this session", ONLY_MIXES)
        if path:
            self.start(path, self._exchange)

    def open(self, path: str) -> None:
        """A mix or a session in place of what is open."""
        self.unless_unsaved(lambda: self.start(path))

    def start(self, path: str, take: Callable[[str, Opened], object] | None = None, *, channels: Sequence[int] | None = None,
              cut_short: bool = False) -> None:
        """Read it in the background; `take(path, opened)` says what becomes of it."""
        if self.opening is not None:
            self.opening.cancel()
        job = self.opening = self.desk.open_job(path, channels, cut_short)
        self.acts.background.add(job, lambda job: self._read(path, take or self._take, job), for_song=True)
        self.changed()

    def _read(self, path: str, take: Callable[[str, Opened], object], job: Job[Opened]) -> None:
        if job is not self.opening:
            return
        self.opening = None
        opened = job.result
        if opened is None:
            self._refused(path, take, job)
        else:
            self.convert_then(opened, lambda: take(path, opened))

    def convert_then(self, opened: Opened, then: Then) -> None:
        """A song at another rate than the device's is converted behind the window before it is taken."""
        song = opened.song
        conversion = self.desk.conversion_job(song)
        if conversion is None or song is None:
            then()
            return

        def take(job: Job[object]) -> None:
            if conversion.result is not None:
                self.desk.player.keep_ready(song, conversion.result)  # type: ignore[arg-type]
            then()
        self.acts.background.add(conversion, take, for_song=True)

    def _take(self, path: str, opened: Opened) -> None:
        """A session as it was, or a new one on a mix."""
        self.saved_at_s = None
        if opened.session is not None:
            self.desk.take_opened(path, opened)
            self._miss_mix(opened)
        elif opened.song is not None:
            self.desk.begin(opened.song, FOR_NEW_MIX)
        self.keep_recent(path)
        self.changed()

    def _exchange(self, path: str, opened: Opened) -> None:
        if opened.song is not None:
            self.desk.take_song(opened.song)
        self.changed()

    def _miss_mix(self, opened: Opened) -> None:
        """A session without its mix: everything is there but the sound."""
        source = opened.session.source if opened.session is not None else None
        if opened.song is not None or source is None:
            return
        reason = opened.notices[-1] if opened.notices else f"{shown(source.path)} cannot be read."
        ask(self.window, "The mix of this session is not there.", f"{reason} Chain, loop and markers are as you left them.",
            (("close", "Close"), ("find", "Choose the mix")), "close", lambda answer: self.ask_exchange() if answer == "find" else None)

    # files that are refused

    def _refused(self, path: str, take: Callable[[str, Opened], object], job: Job[Opened]) -> None:
        """What is wrong, what was kept, and the way on where there is one."""
        again = partial(self.start, path, take)
        if job.cancelled:
            return
        if isinstance(job.error, TooManyChannels):
            self.choose_channels(job.error, lambda pair: again(channels=pair))
        elif isinstance(job.error, CutShort):
            ask(self.window, f"{short(Path(path).name)} is cut short.", f"{job.error.fact} Nothing was loaded, your session is as before.",
                (("close", "Close"), ("open", "Open what is there")), "close",
                lambda answer: again(cut_short=True) if answer == "open" else None)
        elif isinstance(job.error, SessionProblem) and job.error.last_good is not None:
            good = str(job.error.last_good)
            ask(self.window, f"{short(Path(path).name)} cannot be opened.", f"{job.problem} Your session is as before.",
                (("close", "Close"), ("good", "Open the last good save")), "close",
                lambda answer: self.start(good) if answer == "good" else None)
        else:
            tell(self.window, f"{short(Path(path).name)} cannot be opened.", f"{job.problem} Your session is as before.")
        self.changed()

    def choose_channels(self, problem: TooManyChannels, then: Callable[[tuple[int, int]], object]) -> None:
        """Which two channels of a file with more of them."""
        names = SURROUND.get(problem.channels, tuple(str(number) for number in range(1, problem.channels + 1)))
        pairs = list(combinations(range(problem.channels), 2))
        dialog = Dialog(self.window, f"{short(Path(problem.path).name)} has {problem.channels} channels.",
                        "Mastering RT opens mono and stereo. Nothing was loaded, your session is as before. "
                        "Choose two channels to open as stereo.")
        form, pair = Form(), Choice("", [f"{names[a]} and {names[b]}" for a, b in pairs], plane="control", width=200, name="Channels")
        form.add("Left and right", pair)
        dialog.body.addWidget(form)
        dialog.add_answer("close", "Close", safe=True)
        dialog.add_answer("open", "Open these two")
        dialog.answered.connect(lambda answer: then(pairs[pair.value]) if answer == "open" else None)
        dialog.open()

    def _pick(self, title: str, kinds: str) -> str:
        path, _ = QFileDialog.getOpenFileName(self.window, title, str(self.folder_for("open")), kinds)
        if path:
            self.acts.settings.keep_folder("open", str(Path(path).parent))
        return path

    # saving

    def save(self) -> bool:
        """Under its own name, or under one that is asked for. False when nothing was saved."""
        if self.desk.session_path is None:
            return self.ask_save()
        return self._save_as(None)

    def ask_save(self) -> bool:
        """Under another name."""
        suggested = self.folder_for("save") / f"{self.session_name()}{SUFFIX}"
        path, _ = QFileDialog.getSaveFileName(self.window, "Save the session", str(suggested), SESSIONS)
        if not path:
            return False
        self.acts.settings.keep_folder("save", str(Path(path).parent))
        return self._save_as(path)

    def _save_as(self, path: str | None) -> bool:
        saved = self.attempt(lambda: self.desk.save(path))
        if saved:
            self.saved_at_s = time.monotonic()
            self.keep_recent(str(self.desk.session_path))
            self.changed()
        return saved
