"""The mastering desk: what is worked on, the player, background measurement, match. Qt-free; one control thread."""
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dsp_core.engine.source import MemorySong
from mastering_rt.audio.mix import LongSong
from mastering_rt.audio.song import Song
from mastering_rt.blind.booth import Booth
from mastering_rt.blind.log import log_path
from mastering_rt.desk.blind_stand import BlindStand, untold
from mastering_rt.desk.comparing import Comparing
from mastering_rt.desk.figures import LiveFigures, word_bits
from mastering_rt.desk.jobs import Job
from mastering_rt.desk.levels import LevelMeters, Peaks
from mastering_rt.desk.looking import Findings, Looking
from mastering_rt.desk.loudness import loudness_job
from mastering_rt.desk.measuring import Measurements
from mastering_rt.desk.opening import Opened, conversion_job, is_session, open_job, recover_job
from mastering_rt.desk.plugins import Plugins
from mastering_rt.desk.pulse import Pulse
from mastering_rt.desk.references import References
from mastering_rt.desk.rendering import render_job
from mastering_rt.desk.sides import MASTER, MIX, Side
from mastering_rt.desk.work import Work
from mastering_rt.errors import SessionProblem, UsageProblem
from mastering_rt.offline.loudness_target import Reached
from mastering_rt.offline.measured import Measured, Spectra
from mastering_rt.offline.render import RenderOptions, RenderReport
from mastering_rt.playback.device import DeviceInfo
from mastering_rt.playback.match import Match, Mode
from mastering_rt.playback.monitor import MonitorSettings
from mastering_rt.playback.player import Player
from mastering_rt.session import edits
from mastering_rt.session.autosave import Recoverable
from mastering_rt.session.changes import describe_change
from mastering_rt.session.journal import Entries
from mastering_rt.session.model import PluginRef, Session, Slot
from mastering_rt.session.presets import apply_preset, find_preset

__all__ = ["Desk", "Opened", "Pulse", "is_session"]


class Desk(Work):
    """Everything a user can do, without a window. All methods belong to one thread, which calls `poll` about 60 times a second."""

    def __init__(self, device: DeviceInfo | None = None, block_frames: int = 0, *, autosave: bool = True,
                 now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(autosave, now)
        self.player = Player(device, block_frames, now)
        self.meters = LevelMeters()
        self.figures = LiveFigures(now)
        self.song: Song | LongSong | None = None
        self.measured: Measured | None = None
        self.monitor = MonitorSettings()
        self.heard = "master"                    # or "mix", "reference", "other" (another chain), "delta"; what a blind test tells
        self._awaited: Job[Any] | None = None    # what a song that is to be played waits for
        self._measurements = Measurements(now, lambda: self.opening or self.plugins.states.about_to_tell)
        self.compare = Comparing(self.player, self._measurements, References())
        self.player.checkpoints_of = self._measurements.checkpoints
        self.plugins = Plugins(self)
        self.looking = Looking(lambda: self._measurements.urgent or self.opening, now)
        self.blind = self._new_booth(None)
        self._matched = True
        self._fresh: Measured | None = None
        self._sentences: list[str] = []

    # the session

    def _describe(self, old: Session, new: Session) -> str:
        return describe_change(old, new, self.plugins.texts.written)

    def _written(self, plugin: PluginRef, index: int, value: float | None) -> str:
        return self.plugins.texts.written(plugin, index, value)

    def _stepped(self, session: Session, sentence: str) -> None:
        super()._stepped(session, sentence)
        self.plugins.texts.learn()

    def say(self, sentence: str) -> None:
        """Something the user should know; it comes with the next pulse."""
        self._sentences.append(sentence)

    def _new_booth(self, session_path: Path | None) -> Booth:
        self._stand = BlindStand(self)
        return Booth(self._stand, log_path(session_path), self._blind_over)

    def settle(self) -> None:
        """End the gesture, and have in the session what the plugins' own windows have done: before it is saved, rendered, stored or left."""
        super().settle()
        self.plugins.states.settle()

    def refuse_in_blind(self) -> None:
        """UsageProblem while a blind test is under way: it compares two sounds that stay as they are."""
        if self.blind.running:
            raise UsageProblem("A blind test is under way, so the sound stays as it is. Finish it, or stop it with Esc.")

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

    def measure_again(self) -> None:
        """What the whole song could not be measured for is there now."""
        self._measurements.try_again()

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
        job = conversion_job(song, self.player.rate_for(song.sample_rate_hz, device))
        self._awaited = job or self._awaited
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
        self.compare.reset()
        self._begin(session, path, saved, journal)
        self.blind = self._new_booth(path)
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
        self._take_over(left)

    def save(self, path: str | None = None) -> Path:
        """Save the session, under its own name unless another is given. SessionProblem, or UsageProblem without a name."""
        target = super().save(path)
        try:
            self.blind.log.move_to(log_path(target))
        except SessionProblem as problem:
            self._sentences.append(str(problem))
        return target

    def render_job(self, out: str, options: RenderOptions) -> Job[RenderReport]:
        """Write the master in the background, with the chain as it is now. UsageProblem without a mix, or for one that is no longer heard."""
        if self.song is not None:
            self.settle()
        return render_job(self.song, self.session, out, options)

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

    def poll(self, *, whole: bool = True) -> Pulse:
        """Once per picture: read the audio thread. With `whole` also pass on what waits, take what was measured and start what is due, for which
        a few times a second are enough while nothing is expected."""
        news, blind = self.player.poll(serve=whole), self.blind.running
        if blind:
            news = untold(news)
        readings = self.meters.feed(news.records, news.glanced)
        self.figures.poll(self.player.ears, news.frames, news.aside, self.player.rate_hz)
        if blind:
            self.figures.of("aside").reset(self.player.rate_hz)      # whether it heard anything would tell
        self.journal.follow(news.status, self.player.song_rate_hz)
        if news.plugins:
            self.plugins.take(news.plugins)
        self.compare.listen(news.records)
        if whole:
            self._look_after()
        fresh, self._fresh = self._fresh, None
        sentences, self._sentences = (*self._sentences, *news.problems), []
        return Pulse(news.status, readings, news.records, news.frames, news.aside, self.match, fresh, sentences)

    def glance(self) -> Peaks | None:
        """The peaks of what is heard just now, and nothing else: for pictures between two polls. None where only `poll` will do: what is heard
        is neither mix nor master, or nothing may tell which it is."""
        if self.heard in ("mix", "master") and not self.blind.running:
            return self.meters.glance(self.player.glance(), self.heard)
        return None

    def _look_after(self) -> None:
        """What goes on by itself and is not of the sound."""
        self.plugins.states.poll()
        for result in self._measurements.poll():
            if isinstance(result, str):
                self._sentences += [] if self.plugins.has_asker and self.plugins.waiting else [result]
            else:
                self.journal.take(result)
                self._use(result)
        self._sentences += self.compare.poll()
        self._measurements.inspect(self.session.chain if self.looking.wanted else None)
        for known in map(self._measurements.known, self.journal.unmeasured):
            if known is not None:
                self.journal.take(known)
        self.journal.poll()
        problem = self.looking.poll()
        self._sentences += [problem] if problem else []

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
        self._let_go(keep_recovery)
