"""The mastering desk: session with undo and autosave, player, background measurement, match. Qt-free; one control thread."""
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace as replace_struct

from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song, state_of
from mastering_rt.blind.booth import Booth
from mastering_rt.blind.log import log_path
from mastering_rt.blind.trials import Result
from mastering_rt.desk.blind_stand import BlindStand, untold
from mastering_rt.desk.comparing import Comparing
from mastering_rt.desk.figures import LiveFigures, word_bits
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.journaling import Journaling
from mastering_rt.desk.levels import LevelMeters, Readings
from mastering_rt.desk.looking import Findings, Looking
from mastering_rt.desk.loudness import loudness_job
from mastering_rt.desk.measuring import Measurements
from mastering_rt.desk.opening import Opened, is_session, open_job, recover_job
from mastering_rt.desk.plugins import Plugins
from mastering_rt.desk.references import References
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.errors import SessionProblem, UsageProblem, shown
from mastering_rt.offline.loudness_target import Reached
from mastering_rt.offline.measured import Measured, Spectra
from mastering_rt.offline.render import RenderOptions, RenderReport, render
from mastering_rt.playback.device import DeviceInfo
from mastering_rt.playback.match import Match, Mode
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.playback.player import Player, Status
from mastering_rt.playback.sources import memory_song
from mastering_rt.playback.telemetry import Frames, Records
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, Recoverable, take_over
from mastering_rt.session.changes import describe_change
from mastering_rt.session.history import History
from mastering_rt.session.journal import Entries
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import apply_preset, find_preset
from mastering_rt.session.store import save_session

__all__ = ["Desk", "Opened", "Pulse", "is_session"]


class Pulse(NamedTuple):
    """What one `poll` brought for those who show it."""

    status: Status
    readings: Readings
    records: Records
    frames: Frames
    aside: Frames                            # of what is heard beside mix and master, (n, 2)
    match: Match
    measured: Measured | None = None         # only when it has just become known for the chain as it is
    sentences: tuple[str, ...] = ()


class Desk:
    """Everything a user can do, without a window. All methods belong to one thread, which calls `poll` about 60 times a second."""

    def __init__(self, device: DeviceInfo | None = None, block_frames: int = 0, *, autosave: bool = True,
                 now: Callable[[], float] = time.monotonic) -> None:
        self.player = Player(device, block_frames, now)
        self.meters = LevelMeters()
        self.figures = LiveFigures(now)
        self.song: Song | LongSong | None = None
        self.measured: Measured | None = None
        self.session_path: Path | None = None
        self.monitor = MonitorSettings()
        self.heard = "master"                    # or "mix", "reference", "other" (another chain), "delta"; what a blind test tells
        self._now = now
        self._autosave = Autosave() if autosave else None
        self.journal = Journaling()
        self.history = self._new_history(Session())
        self._awaited: Job[Any] | None = None    # what a song that is to be played waits for
        self._measurements = Measurements(now, lambda: self.opening)
        self.compare = Comparing(self.player, self._measurements, References())
        self.player.checkpoints_of = self._measurements.checkpoints
        self.plugins = Plugins(self)
        self.looking = Looking(lambda: self._measurements.urgent or self.opening, now)
        self.blind = self._new_booth(None)
        self._matched = True
        self._fresh: Measured | None = None
        self._sentences: list[str] = []

    # the session

    @property
    def session(self) -> Session:
        return self.history.session

    def _new_history(self, session: Session, saved: bool = True) -> History:
        return History(session, saved=saved, on_step=self._stepped, now=self._now,
                       describe=lambda old, new: describe_change(old, new, self.plugins.texts.written))

    def _stepped(self, session: Session, sentence: str) -> None:
        self.journal.step(session, sentence)
        self._keep_safe(sentence)
        self.plugins.texts.learn()

    def reword(self) -> None:
        """Words have come for what was done last."""
        for before, after in self.history.reword():
            self.journal.reword(before, after)

    def _keep_safe(self, sentence: str) -> None:
        if self._autosave:
            self._autosave.note(self.session, sentence, self.journal.entries)

    def say(self, sentence: str) -> None:
        """Something the user should know; it comes with the next pulse."""
        self._sentences.append(sentence)

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

    def _new_booth(self, session_path: Path | None) -> Booth:
        self._stand = BlindStand(self)
        return Booth(self._stand, log_path(session_path), self._blind_over)

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
            self.journal.rebase(lambda chain: change(replace_struct(session, chain=chain)).chain)
            self._keep_safe("")
        self._follow()

    def settle(self) -> None:
        """End the gesture, and have in the session what the plugins' own windows have done: before it is saved, rendered, stored or left."""
        self.history.end_gesture()
        self.plugins.states.settle()

    def refuse_in_blind(self) -> None:
        """UsageProblem while a blind test is under way: it compares two sounds that stay as they are."""
        if self.blind.running:
            raise UsageProblem("A blind test is under way, so the sound stays as it is. Finish it, or stop it with Esc.")

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

    @property
    def heard_chain(self) -> tuple[Slot, ...]:
        """The chain that sounds: that of another side while it is heard, else the session's."""
        return self.compare.heard_chain

    @property
    def without(self) -> str:
        """The slot that is left out while listening, never in the render; "" for none."""
        return self.compare.side.name if self.compare.side.kind == "without" else ""

    def _follow(self) -> None:
        """Make player, comparison and measurements agree with the session."""
        session = self.session
        self.player.set_chain(session.chain)
        self.player.wishes.word_bits = word_bits(session.outputs)
        if session.loop != self.player.wishes.loop:
            self.player.set_loop(session.loop)
        self.compare.follow(session)
        self._want_measured()
        self._use(self._measurements.known(session.chain))
        self._show_heard()

    def _want_measured(self) -> None:
        """The chains whose whole song is to be known, what is heard first."""
        self._measurements.want((self.heard_chain, self.session.chain, *self.compare.wanted_chains), self.journal.unmeasured)

    def _show_heard(self) -> None:
        if not self.blind.running:
            self.heard = self.compare.heard

    # files

    def take_song(self, song: Song | LongSong) -> None:
        """Play another mix; the chain stays, a new version of the mix keeps loop and markers. Undo goes on with the new mix."""
        self.history.rebase(lambda s: edits.set_source(s, song.source), f"Opened {Path(song.source.path).name}")
        self._put_on(song)
        self._follow()

    def begin(self, song: Song | LongSong, preset: str) -> None:
        """A new session on this mix, with the chain of a preset."""
        self.take_session(apply_preset(Session(source=song.source), find_preset(preset)), None, song)

    def _put_on(self, song: Song | LongSong | None) -> None:
        self.blind.stop()
        self.song, self.measured = song, None
        self._sentences += song.notices if song is not None else ()
        self.player.load(song)
        self._measurements.take_song(song)
        self.looking.take_song(song)
        self.meters.reset()
        self.figures.reset()
        self.compare.song_changed()

    def open_job(self, path: str, channels: Sequence[int] | None = None, partial: bool = False) -> Job[Opened]:
        """Read a mix or a session (.mrt) in the background; give its result to `take_opened`. See `opening.open_job`."""
        job = self._awaited = open_job(path, channels, partial)
        return job

    @property
    def opening(self) -> bool:
        """Whether a song is read or converted to be played, before which nothing else is worked out; may be asked from any thread."""
        awaited = self._awaited
        return awaited is not None and not awaited.done

    def conversion_job(self, song: Song | LongSong | None, device: DeviceInfo | None = None) -> Job[MemorySong] | None:
        """For a device that runs at another rate than the song: convert it in the background, and give the result to
        `player.keep_ready` before the song or the device is taken. None when there is nothing to convert."""
        if not isinstance(song, Song):
            return None
        rate = self.player.rate_for(song.sample_rate_hz, device)
        if rate == song.sample_rate_hz:
            return None
        job = self._awaited = Job(f"Converting to {rate / 1000:g} kHz for listening", lambda progress, cancelled: memory_song(song, rate))
        return job

    def take_opened(self, path: str, opened: Opened) -> None:
        """What `open_job` brought becomes what is worked on."""
        self._sentences += opened.notices
        if opened.session is not None:
            self.take_session(opened.session, Path(path), opened.song, journal=opened.journal)
            if opened.song is not None and opened.session.source != opened.song.source:
                self.take_song(opened.song)
        elif opened.song is not None:
            self.take_song(opened.song)

    def take_session(self, session: Session, path: Path | None, song: Song | LongSong | None, saved: bool = True, journal: Entries = ()) -> None:
        """Work on another session, as it was opened or recovered (then it is not `saved`)."""
        self.blind.stop()
        self.history = self._new_history(session, saved)
        self.session_path = path
        self.compare.reset()
        self.journal.begin(journal)
        self.journal.step(session, f"Opened {Path(session.source.path).name}" if session.source else "Opened without a mix")
        self.blind = self._new_booth(path)
        if self._autosave:
            self._autosave.saved(path)
        self._put_on(song)
        self._follow()

    def open(self, path: str) -> None:
        """The same at once, for a terminal. Raises MasteringError."""
        job = self.open_job(path)
        job.wait()
        if job.result is None:
            raise SessionProblem(job.problem)
        self.take_opened(path, job.result)

    def recover(self, left: Recoverable, opened: Opened | None = None) -> None:
        """Go on with what a crash left behind; its mix is read now unless `opening.recover_job` has brought it."""
        if opened is None:
            job = recover_job(left)
            job.wait()
            opened = job.result
        if opened is not None:
            self._sentences += opened.notices
        self.take_session(left.session, left.session_path, opened.song if opened else None, saved=False, journal=left.journal)
        if self._autosave:
            take_over(left, self._autosave)

    def save(self, path: str | None = None) -> Path:
        """Save the session, under its own name unless another is given. SessionProblem, or UsageProblem without a name."""
        target = Path(path) if path else self.session_path
        if target is None:
            raise UsageProblem("The session has no name yet; say where to save it.")
        self.settle()
        entries = self.journal.with_version(self.session)
        self.session_path = save_session(self.session, target, entries)
        self.history.mark_saved()
        self.journal.saved(entries)
        try:
            self.blind.log.move_to(log_path(self.session_path))
        except SessionProblem as problem:
            self._sentences.append(str(problem))
        if self._autosave:
            self._autosave.saved(self.session_path)
        return self.session_path

    def render_job(self, out: str, options: RenderOptions) -> Job[RenderReport]:
        """Write the master in the background, with the chain as it is now. UsageProblem without a mix, or for one that is no longer heard."""
        if self.song is None:
            raise UsageProblem("There is no mix to render; open one first.")
        self.settle()
        source, session = self.song.source.path, self.session
        if state_of(self.song.source) == "changed":
            raise UsageProblem(f"{shown(source)} has changed on the disk since it was opened, so a render would not be what you hear. "
                               "Exchange the mix for the new one, then render.")
        return Job(f"Rendering {Path(out).name}",
                   lambda progress, cancelled: render(source, out, session, options, progress=progress, cancelled=cancelled))

    def loudness_job(self, target_lufs: float) -> Job[Reached]:
        """Find in the background the drive that makes the whole song `target_lufs`; give it to `take_loudness`. UsageProblem without a mix."""
        if self.song is None:
            raise UsageProblem("There is no mix whose loudness could be set; open one first.")
        return loudness_job(self.song, self.session.chain, target_lufs)

    def take_loudness(self, asked: tuple[Slot, ...], reached: Reached) -> None:
        """Set what was found for the chain `asked`, as one step. UsageProblem when the chain is another one by now."""
        if self.session.chain != asked:
            raise UsageProblem("The chain was changed while its loudness was being measured, so the drive was not set. Ask again.")
        self.edit(lambda s: edits.set_chain(s, reached.chain), sentence=f"Loudness set to {reached.loudness_lufs:.1f} LUFS")

    # hearing

    def play_or_stop(self) -> None:
        if self.player.status.playing:
            self.player.stop()
        elif self.song is not None or self.player.wishes.live_input:
            self.meters.reset()
            self.player.play()

    def meter_behind(self, slot: str) -> None:
        """Let `figures` know of what comes out of one slot, too; "" for none."""
        self.player.wishes.metered_slot = slot

    def hear_side(self, side: Side) -> None:
        """Hear anything there is: aligned, matched, faded. It and what was heard before are the pair that is compared. UsageProblem."""
        self.refuse_in_blind()
        self.compare.hear(side)
        self._want_measured()
        self._show_heard()

    def set_pair(self, before: Side, now: Side) -> None:
        """Compare these two; the second is heard. UsageProblem."""
        self.refuse_in_blind()
        self.compare.set_pair(before, now)
        self._want_measured()
        self._show_heard()

    def swap_pair(self) -> None:
        """The other one of the two that were heard last."""
        self.hear_side(self.compare.pair[0])

    def hear(self, source: str) -> None:
        """"mix" or "master"."""
        self.hear_side({"mix": MIX, "master": MASTER}[source])

    def hear_delta_of(self, slot: str) -> None:
        """Hear only what one slot adds or takes away, until another source is chosen."""
        self.hear_side(Side("delta", slot))

    def leave_out(self, slot: str) -> None:
        """Listen without one slot of the chain, "" for with all of them. The session, and so the render, stays as it is."""
        if slot:
            self.hear_side(Side("without", slot))
        elif self.without:
            self.hear_side(MASTER)

    def swap_heard(self) -> None:
        """The other one of the two that were heard last."""
        self.swap_pair()

    def level_delta(self, on: bool) -> None:
        """Hear a delta without the gain that explains most of it, so that what else the stage does is heard."""
        self.player.level_delta(on)

    @property
    def matched(self) -> bool:
        """Whether what is compared is brought to one loudness."""
        return self._matched

    def set_matched(self, on: bool) -> None:
        """Equal loudness, or the levels as they are. From unity-gain listening either way leads back to equal loudness."""
        self.refuse_in_blind()
        self._matched = on or self.monitor.unity
        self.set_monitor(replace(self.monitor, unity=False))

    def set_match_mode(self, mode: Mode) -> None:
        """What the match goes by: "loop" (the song where there is none), "song", or "recent", what was heard since the last change."""
        self.refuse_in_blind()
        self.compare.set_mode(mode)

    def set_monitor(self, monitor: MonitorSettings) -> None:
        """What the room hears. With `unity` the limiters' drive is taken back in place of the match."""
        if self.blind.running:
            self._stand.allow(monitor, self.blind.paired)
        self.monitor = monitor
        self.player.set_monitor(monitor)
        self.compare.set_level(self.levelled, monitor.unity)

    @property
    def levelled(self) -> bool:
        """True when what is compared is brought to one level, by loudness or by drive."""
        return self._matched or self.monitor.unity

    @property
    def match(self) -> Match:
        """How the chain that is heard stands to the mix, whether they are brought to one level or not."""
        return self.compare.match_of(self.compare.side)

    def measured_of(self, chain: tuple[Slot, ...]) -> Measured | None:
        """What is known of the whole song behind a chain."""
        return self._measurements.known(chain)

    def gain_db(self, side: Side) -> float:
        """What is taken off a side now, at most 0 dB."""
        return self.compare.gain_db(side)

    def loudness_beside(self, chain: tuple[Slot, ...]) -> float | None:
        """How much louder the whole song is behind another chain than behind the session's, in LU; None unless both were measured."""
        found = [self._measurements.known(slots) for slots in (self.session.chain, chain)]
        own, other = (known.master.report.integrated_lufs if known is not None else None for known in found)
        return other - own if own is not None and other is not None else None

    # the pulse

    def poll(self) -> Pulse:
        """Once per picture: read the audio thread, take what was measured, start what is due."""
        news = self.player.poll()
        if self.blind.running:
            news = untold(news)
        readings = self.meters.feed(news.records)
        self.figures.poll(self.player.ears, news.frames, news.aside, self.player.rate_hz)
        if self.blind.running:
            self.figures.of("aside").reset(self.player.rate_hz)      # whether it heard anything would tell
        self.journal.follow(news.status, self.player.song_rate_hz)
        self.plugins.take(news.plugins)
        self.plugins.states.poll()
        for result in self._measurements.poll():
            if isinstance(result, str):
                self._sentences.append(result)
            else:
                self.journal.take(result)
                self._use(result)
        self._sentences += self.compare.poll(news.records)
        self._measurements.inspect(self.session.chain if self.looking.wanted else None)
        for known in map(self._measurements.known, self.journal.unmeasured):
            if known is not None:
                self.journal.take(known)
        self.journal.poll()
        problem = self.looking.poll()
        self._sentences += [problem] if problem else []
        fresh, self._fresh = self._fresh, None
        sentences, self._sentences = (*self._sentences, *news.problems), []
        return Pulse(news.status, readings, news.records, news.frames, news.aside, self.match, fresh, sentences)

    def _use(self, measured: Measured | None) -> None:
        """Something is known of the whole song: of the session's chain, of what is heard, or of both."""
        if measured is None:
            return
        if measured.chain == self.session.chain and measured is not self.measured:
            self.measured = self._fresh = measured
        self.compare.measured(measured)

    @property
    def measuring(self) -> bool:
        """True while the numbers of the whole song are not those of the chain as it is."""
        return self.song is not None and (self.measured is None or self.measured.chain != self.session.chain)

    @property
    def measured_after_s(self) -> float | None:
        """How long after the last change its numbers were there."""
        return self._measurements.after_s

    @property
    def findings(self) -> Findings | None:
        """What is wrong with the mix, in the order of the song; None while it is not known. Call `looking.begin` once to have it."""
        return self.looking.findings

    @property
    def master_findings(self) -> Findings | None:
        """The same of the master; None while it is not known for the chain as it is, which has to be at rest for a second."""
        return self._measurements.findings(self.session.chain)

    @property
    def spectra(self) -> Spectra | None:
        """Spectrum percentiles of the whole mix and master; they come a moment after the numbers."""
        return self._measurements.spectra(self.session.chain)

    @property
    def autosave_problem(self) -> str:
        """Why the recovery file cannot be written; empty while it can."""
        return self._autosave.problem if self._autosave else ""

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self, keep_recovery: bool = False) -> None:
        """Let go of everything. Nothing is left to recover, unless a session that nobody was asked about is to be kept."""
        self.blind.stop()
        self.looking.close()
        self.compare.close()
        self._measurements.close()
        self.player.close()
        self.plugins.close()
        self.song = self.measured = None
        if not self._autosave:
            return
        if keep_recovery:
            self._autosave.wait_until_written()
        else:
            self._autosave.close()
