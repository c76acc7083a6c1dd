"""How a run begins: what a crash left, the file that was asked for, or the demo mix. And how it ends."""
from datetime import datetime
from functools import partial
from pathlib import Path, PureWindowsPath

from gui.acts.part import Part, short
from gui.dialogs.dialog import ask
from mastering_rt.demo.cached import cached_demo, interesting_s
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.opening import Opened, recover_job
from mastering_rt.places import cache_dir
from mastering_rt.session.autosave import Recoverable, discard, find_recoverable

DEMO_PRESET = "demo"


class Recovery(Part):
    """`begin` once, when the window is there; `may_close` whenever somebody wants to leave."""

    leaving = False

    # the beginning

    def begin(self, path: str | None) -> None:
        """First ask about what a crash left, then open what was asked for."""
        left = find_recoverable()
        for _, sentence in left.broken:
            self.tell(sentence, fault=True)
        if left.sessions:
            self._ask_recover(left.sessions[0], path)
        else:
            self._open_first(path)

    def _open_first(self, path: str | None) -> None:
        if path is not None:
            self.acts.files.start(path)
        elif self.acts.settings.habits().demo_first:
            self.open_demo()

    def _ask_recover(self, left: Recoverable, path: str | None) -> None:
        saved = left.session_path is not None and left.session_path.exists()
        answers = (("later", "Not now"), ("saved", "Open saved") if saved else ("discard", "Discard"), ("recovered", "Open recovered"))
        ask(self.window, "The last run ended without closing.", f"{recovered_sentence(left)} {waiting_sentence(path)}", answers, "later",
            partial(self._answer_recover, left, path))

    def _answer_recover(self, left: Recoverable, path: str | None, answer: str) -> None:
        if answer == "recovered":
            job = recover_job(left)
            self.acts.background.add(job, lambda job: self._recovered(left, job), for_song=True)
            self._tell_waiting(path)
        elif answer == "saved" and left.session_path is not None:
            discard(left.path)
            self.acts.files.start(str(left.session_path))
            self._tell_waiting(path)
        else:
            if answer == "discard":
                discard(left.path)
            self._open_first(path)

    def _tell_waiting(self, path: str | None) -> None:
        """What was asked for is not forgotten over what was recovered."""
        if path is not None:
            self.tell(f"{short(Path(path).name)} was asked for and not opened.", [("Open it", lambda: self.acts.files.open(path))])

    def _recovered(self, left: Recoverable, job: Job[Opened]) -> None:
        opened = job.result or Opened(None, left.session, (job.problem,))
        self.acts.files.convert_then(opened, lambda: self._take_recovered(left, opened))

    def _take_recovered(self, left: Recoverable, opened: Opened) -> None:
        self.desk.recover(left, opened)
        self.changed()

    # the demo mix

    def open_demo(self) -> None:
        """The built-in mix with its chain, one bar before the chorus."""
        words = "Making the demo mix, this once"
        job = Job(words, lambda progress, cancelled: cached_demo(progress=lambda share: progress(words, share)))
        self.acts.background.add(job, self._demo_made, for_song=True)
        self.changed()

    def _demo_made(self, job: Job[Path]) -> None:
        if job.result is None:
            self.tell(job.problem, fault=True)
        elif self.desk.song is None and self.acts.files.opening is None:
            self.acts.files.start(str(job.result), self._take_demo)

    def _take_demo(self, path: str, opened: Opened) -> None:
        if opened.song is not None:
            self.desk.begin(opened.song, DEMO_PRESET)
            self.desk.player.seek(round(interesting_s() * opened.song.sample_rate_hz))
            self.window.show_first_minute(not self.acts.settings.first_minute_hidden())
        self.changed()

    def is_demo(self) -> bool:
        """Whether the mix is the built-in one, which lies in the cache and in no folder of the user's."""
        source = self.desk.session.source
        return source is not None and cache_dir() in Path(source.path).parents

    # the end

    def may_close(self) -> bool:
        """Whether the window may close now; asks if something would be lost, and closes it again when that is settled."""
        self.desk.blind.stop()
        if self.leaving:
            return True
        if self.acts.rendering.busy:
            ask(self.window, "A master is still being rendered.", "Closing now stops it; nothing half-written is left.",
                (("stop", "Stop and close"), ("wait", "Go on rendering")), "wait", self._answer_render)
            return False
        self.desk.settle()
        if not self.desk.has_unsaved_changes:
            return True
        self.acts.files.unless_unsaved(self.leave)
        return False

    def _answer_render(self, answer: str) -> None:
        if answer == "stop":
            self.acts.rendering.cancel()
            self.acts.files.unless_unsaved(self.leave)

    def leave(self) -> None:
        """Close without asking again."""
        self.leaving = True
        self.window.close()


def recovered_sentence(left: Recoverable) -> str:
    """Whose song it is, how many changes were kept, up to when, and how much newer they are than the saved file."""
    source = left.session.source
    song = short(PureWindowsPath(source.path).name) if source is not None else "a chain without a mix"
    name = f"Session {short(left.session_path.stem)} ({song})" if left.session_path is not None else f"Never saved: {song}"
    changes = f"{left.gestures} change{'s' if left.gestures != 1 else ''}"
    gesture = f", {left.sentence}" if left.sentence else ""
    sentence = f"{name}. {changes} kept, up to your last gesture at {time_of(left.written)}{gesture}."
    if left.session_path is None or not left.session_path.exists():
        return sentence
    older_s = left.written - left.session_path.stat().st_mtime
    return f"{sentence} The saved file is {spoken_time(older_s)} {'older' if older_s >= 0 else 'newer'}."


def waiting_sentence(path: str | None) -> str:
    """What Not now means."""
    opens = f" and opens {short(Path(path).name)}" if path is not None else ""
    return f"Not now keeps it for the next start{opens}."


def time_of(written: float, now: datetime | None = None) -> str:
    """ "14:03:22"; with its day where that is another one."""
    at, now = datetime.fromtimestamp(written), now or datetime.now()
    return f"{at:%H:%M:%S}" if at.date() == now.date() else f"{at:%H:%M:%S} on {at.day} {at:%B}"


def spoken_time(seconds: float) -> str:
    """ "9 s", "12 min", "3 h", "2 days"."""
    seconds = abs(seconds)
    for limit, unit, words in ((120, 1, "s"), (7200, 60, "min"), (172800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {words}"
    return f"{seconds / 86400:.0f} days"
