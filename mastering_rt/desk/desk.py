"""The mastering desk: session with undo and autosave, player, background measurement, match. Qt-free; one control thread."""
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mastering_rt.audio.mix import LongSong, open_mix
from mastering_rt.audio.song import Song, state_of
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.desk.levels import LevelMeters, Readings
from mastering_rt.desk.matching import Matcher
from mastering_rt.errors import Cancelled, SessionProblem, UsageProblem
from mastering_rt.live.device import DeviceInfo
from mastering_rt.live.match import Match
from mastering_rt.live.monitor import MonitorSettings
from mastering_rt.live.player import Player, Status
from mastering_rt.live.telemetry import Frames
from mastering_rt.offline.render import RenderOptions, RenderReport, render
from mastering_rt.offline.whole_song import Analyst, Measured
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, Recoverable, take_over
from mastering_rt.session.history import History
from mastering_rt.session.model import Session
from mastering_rt.session.presets import apply_preset, find_preset
from mastering_rt.session.store import load_session, save_session

ANALYSE_AFTER_S = 0.12           # a knob at rest for this long is worth a pass over the song


@dataclass(frozen=True)
class Pulse:
    """What one `poll` brought for those who show it."""

    status: Status
    readings: Readings
    frames: Frames
    match: Match
    measured: Measured | None = None         # only when a pass has just been finished
    sentences: tuple[str, ...] = ()


@dataclass
class _Waiting:
    """A measurement that is due when the hand has come to rest."""

    at_s: float = 0.0
    wanted: bool = False


class Desk:
    """Everything a user can do, without a window. All methods belong to one thread, which calls `poll` about 60 times a second."""

    def __init__(self, device: DeviceInfo | None = None, block_frames: int = 0, *, autosave: bool = True,
                 now: Callable[[], float] = time.monotonic) -> None:
        self.player = Player(device, block_frames, now)
        self.analyst = Analyst()
        self.meters = LevelMeters()
        self.matcher = Matcher()
        self.song: Song | LongSong | None = None
        self.measured: Measured | None = None
        self.session_path: Path | None = None
        self.monitor = MonitorSettings()
        self.matched = True
        self.heard = "master"
        self._now = now
        self._autosave = Autosave() if autosave else None
        self.history = self._new_history(Session())
        self._waiting = _Waiting()
        self._sentences: list[str] = []

    # the session

    @property
    def session(self) -> Session:
        return self.history.session

    def _new_history(self, session: Session) -> History:
        return History(session, on_step=self._autosave.note if self._autosave else None, now=self._now)

    def edit(self, change: Callable[[Session], Session], key: str = "", sentence: str = "") -> Session:
        """Apply a pure edit (`mastering_rt.session.edits`), heard at once. UsageProblem leaves everything as it was."""
        self.history.edit(change(self.session), key, sentence)
        self._follow()
        return self.session

    def set_value(self, slot: str, param_id: str, value: float) -> None:
        """One parameter of one slot."""
        self.edit(lambda s: edits.set_value(s, slot, param_id, value), key=f"{slot}.{param_id}")

    @contextlib.contextmanager
    def gesture(self) -> Iterator[None]:
        """Everything inside is one undo step."""
        self.history.begin_gesture()
        try:
            yield
        finally:
            self.history.end_gesture()

    def undo(self) -> None:
        self.history.undo()
        self._follow()

    def redo(self) -> None:
        self.history.redo()
        self._follow()

    def load_preset(self, name: str) -> None:
        """A chain preset in place of the chain."""
        preset = find_preset(name)
        self.edit(lambda s: apply_preset(s, preset), sentence=f"Preset {name}")

    def _follow(self) -> None:
        """Make player, matcher and analyst agree with the session."""
        session = self.session
        self.player.set_chain(session.chain)
        if session.loop != self.player.wishes.loop:
            self.player.set_loop(session.loop)
            self.matcher.loop_changed(session.loop)
        self.matcher.chain_changed(session.chain)
        self._match_player()
        if self.song is not None and (self.measured is None or self.measured.chain != session.chain):
            self.analyst.cancel()
            self._waiting = _Waiting(self._now() + ANALYSE_AFTER_S, True)

    # files

    def take_song(self, song: Song | LongSong) -> None:
        """Play another mix; the chain stays, a new version of the mix keeps loop and markers."""
        self.song, self.measured = song, None
        self._sentences += song.notices
        self.player.load(song)
        self.meters.reset()
        self.matcher.song_changed()
        self.history.edit(edits.set_source(self.session, song.source), sentence=f"Opened {Path(song.source.path).name}")
        self._follow()

    def open_job(self, path: str) -> Job[tuple[Song | LongSong | None, Session | None, tuple[str, ...]]]:
        """Read a mix or a session (.mrt) in the background; give its result to `take_opened`."""
        def work(progress: Progress, cancelled: Callable[[], bool]) -> tuple[Song | LongSong | None, Session | None, tuple[str, ...]]:
            def tell(share: float) -> None:
                if cancelled():
                    raise Cancelled("Opening was stopped; everything is as before.")
                progress("Opening", share)
            if not is_session(path):
                return open_mix(path, tell), None, ()
            loaded = load_session(path)
            source = loaded.session.source
            missing = source is None or state_of(source) == "missing"
            return (None if missing or source is None else open_mix(source.path, tell)), loaded.session, loaded.notices
        return Job(f"Opening {Path(path).name}", work)

    def take_opened(self, path: str, opened: tuple[Song | LongSong | None, Session | None, tuple[str, ...]]) -> None:
        """What `open_job` brought becomes what is worked on."""
        song, session, notices = opened
        self._sentences += notices
        if session is None:
            if song is not None:
                self.take_song(song)
            return
        self.take_session(session, Path(path), song)

    def take_session(self, session: Session, path: Path | None, song: Song | LongSong | None) -> None:
        """Work on another session, as it was opened or recovered."""
        self.history = self._new_history(session)
        self.session_path = path
        if self._autosave:
            self._autosave.session_path = path
        self.song, self.measured = song, None
        if song is not None:
            self.player.load(song)
            self._sentences += song.notices
        self.meters.reset()
        self.matcher.song_changed()
        self.player.wishes.loop = None
        self._follow()
        self.history.mark_saved()

    def open(self, path: str) -> None:
        """The same at once, for a terminal. Raises MasteringError."""
        job = self.open_job(path)
        job.wait()
        if job.result is None:
            raise SessionProblem(job.problem)
        self.take_opened(path, job.result)

    def recover(self, left: Recoverable) -> None:
        """Go on with what a crash left behind."""
        source = left.session.source
        song = open_mix(source.path) if source is not None and state_of(source) != "missing" else None
        self.take_session(left.session, left.session_path, song)
        if self._autosave:
            take_over(left, self._autosave)

    def save(self, path: str | None = None) -> Path:
        """Save the session, under its own name unless another is given. SessionProblem, or UsageProblem without a name."""
        target = Path(path) if path else self.session_path
        if target is None:
            raise UsageProblem("The session has no name yet; say where to save it.")
        self.history.end_gesture()
        self.session_path = save_session(self.session, target)
        self.history.mark_saved()
        if self._autosave:
            self._autosave.saved(self.session_path)
        return self.session_path

    def render_job(self, out: str, options: RenderOptions) -> Job[RenderReport]:
        """Write the master in the background, with the chain as it is now."""
        if self.song is None:
            raise UsageProblem("There is no mix to render; open one first.")
        source, session = self.song.source.path, self.session
        return Job(f"Rendering {Path(out).name}",
                   lambda progress, cancelled: render(source, out, session, options, progress=progress, cancelled=cancelled))

    # hearing

    def play_or_stop(self) -> None:
        if self.player.status.playing:
            self.player.stop()
        elif self.song is not None or self.player.wishes.live_input:
            self.meters.reset()
            self.player.play()

    def hear(self, source: str) -> None:
        """"mix", "master" or "delta"."""
        self.heard = source
        self.player.hear(source)

    def swap_heard(self) -> None:
        """The other one of mix and master."""
        self.hear("master" if self.heard == "mix" else "mix")

    def set_matched(self, on: bool) -> None:
        self.matched = on
        self._match_player()

    def set_monitor(self, monitor: MonitorSettings) -> None:
        self.monitor = monitor
        self.player.set_monitor(monitor)

    def _match_player(self) -> None:
        self.player.set_match(self.matcher.match, self.matched)

    # the pulse

    def poll(self) -> Pulse:
        """Once per picture: read the audio thread, take what was measured, start what is due."""
        news = self.player.poll()
        readings = self.meters.feed(news.records)
        before = self.matcher.match
        self.matcher.heard(news.records)
        fresh = self._take_results()
        if self.matcher.match != before:
            self._match_player()
        if self._waiting.wanted and self._now() >= self._waiting.at_s and self.song is not None:
            self._waiting.wanted = False
            self.analyst.request(self.song, self.session.chain)
        sentences, self._sentences = (*self._sentences, *news.problems), []
        return Pulse(news.status, readings, news.frames, self.matcher.match, fresh, sentences)

    def _take_results(self) -> Measured | None:
        fresh = None
        for result in self.analyst.results():
            if isinstance(result, str):
                self._sentences.append(result)
            elif result.chain == self.session.chain:
                self.measured = fresh = result
                self.matcher.measured(result)
        return fresh

    @property
    def measuring(self) -> bool:
        """True while the numbers of the whole song are not those of the chain as it is."""
        return self.song is not None and (self.measured is None or self.measured.chain != self.session.chain)

    def close(self) -> None:
        """Clean exit: nothing is left to recover."""
        self.analyst.close()
        self.player.close()
        if self._autosave:
            self._autosave.close()


def is_session(path: str) -> bool:
    """True for a session file by its name."""
    return Path(path).suffix.lower() == ".mrt"
