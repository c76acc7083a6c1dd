"""The whole song: its picture, its numbers, what was measured of it. Everything that takes longer than a frame is worked out on a thread."""
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from gui.acts.acts import Acts
from gui.meters.reading import SongNumbers
from gui.window.facts import SongFacts, digest, stage_rows
from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.desk.jobs import Job
from mastering_rt.measure.overview import Overview
from mastering_rt.offline.measured import Measured

KEPT = 4
STALE_AFTER_S = 1.0              # a picture that is drawn anew sooner than this is not weakened in between
UNKNOWN = SongNumbers()


class WholeSong:
    """`follow` from every frame: takes a new song, a new measurement, and weakens what is older than the last change.

    changed: to be called when there are other numbers, for what else shows them; that may take until the next frame, this one has enough to paint.
    """

    def __init__(self, acts: Acts, changed: Callable[[], None]) -> None:
        self._acts, self._changed = acts, changed
        self.facts: SongFacts | None = None
        self._song: Song | LongSong | None = None
        self._kept: deque[SongFacts] = deque(maxlen=KEPT)
        self._stale = False
        self._picture_stale = False
        self._measuring_since_s: float | None = None
        self._instead: tuple[bool, SongFacts | None] = (False, None)

    def show_instead(self, on: bool, facts: SongFacts | None) -> None:
        """The song behind another chain in the picture, which is not known where `facts` is None; `on` False is the session's own."""
        if (on, facts) != self._instead:
            self._instead = (on, facts)
            self._show_picture(self._picture_stale)

    def follow(self, measured: Measured | None, time_s: float) -> None:
        """A measurement if one has just come, and the time on a clock that only goes forward."""
        desk = self._acts.desk
        if desk.song is not self._song:
            self._take_song(desk.song)
        if measured is not None:
            self._take_measured(measured)
        self._weaken(desk.measuring, time_s)

    # a song

    def _take_song(self, song: Song | LongSong | None) -> None:
        self._song, self.facts = song, None
        self._kept.clear()
        view, window = self._acts.window.song.view, self._acts.window
        view.set_song(song.frames if song is not None else 0, song.sample_rate_hz if song is not None else 48000)
        window.song.transport.show_song(song.frames / song.sample_rate_hz if song is not None else 0.0)
        window.meters.show_song("mix", UNKNOWN)
        window.meters.show_song("master", UNKNOWN)
        if song is not None:
            job = Job("Drawing the song", lambda progress, cancelled: overview_of(song))
            self._acts.background.add(job, lambda job: self._take_overview(song, job), quiet=True)

    def _take_overview(self, song: Song | LongSong, job: Job[Overview]) -> None:
        if song is self._song and job.result is not None:
            self._acts.window.song.view.set_overview("mix", job.result)

    # measurements

    def _take_measured(self, measured: Measured) -> None:
        known = next((facts for facts in self._kept if facts.measured is measured), None)
        if known is not None:
            self._show(known)
            return
        before = self.facts
        job = Job("Reading the measurement", lambda progress, cancelled: digest(measured, before))
        self._acts.background.add(job, self._take_facts, quiet=True)

    def _take_facts(self, job: Job[SongFacts]) -> None:
        facts = job.result
        if facts is not None and facts.measured is self._acts.desk.measured:
            self._kept.append(facts)
            self._show(facts)

    def _show(self, facts: SongFacts) -> None:
        window = self._acts.window
        self.facts, self._stale, self._picture_stale = facts, False, False
        window.meters.show_song("mix", facts.mix)
        window.meters.show_song("master", facts.master)
        self._show_picture(False)
        self._changed()

    def _show_picture(self, stale: bool) -> None:
        view = self._acts.window.song.view
        if self.facts is not None:
            view.set_loudness("mix", self.facts.mix_loudness)
            view.set_psr("mix", self.facts.mix_psr)
        instead, other = self._instead
        facts, stale = (other, False) if instead else (self.facts, stale)
        if facts is not None or instead:
            view.set_loudness("master", facts.master_loudness if facts is not None else None, stale)
            view.set_psr("master", facts.master_psr if facts is not None else None, stale)
            view.set_reduction(facts.reduction if facts is not None else None)
            view.set_overview("master", facts.measured.master_overview if facts is not None else None, stale)

    def _weaken(self, measuring: bool, time_s: float) -> None:
        """Numbers of older settings are weak at once, the picture only if the new one is long in coming; both are strong again as soon as
        the change was taken back."""
        if not measuring or self.facts is None or self.fresh is not None:
            self._measuring_since_s = None
            if self.fresh is not None and (self._stale or self._picture_stale):
                self._show(self.fresh)
            return
        if self._measuring_since_s is None:
            self._measuring_since_s = time_s
        if not self._stale:
            self._stale = True
            self._acts.window.meters.show_song("master", replace(self.facts.master, stale=True))
        if not self._picture_stale and time_s - self._measuring_since_s > STALE_AFTER_S:
            self._picture_stale = True
            self._show_picture(True)

    # what is said of it

    @property
    def fresh(self) -> SongFacts | None:
        """The facts of the chain as it is."""
        facts = self.facts
        return facts if facts is not None and facts.measured.chain == self._acts.desk.session.chain else None

    def change_of(self, place: int) -> float | None:
        """LU that a slot adds, where that is known for the chain as it is."""
        facts = self.fresh
        return facts.changes_lu[place] if facts is not None and place < len(facts.changes_lu) else None

    def most_of(self, slot: str) -> float | None:
        """The largest reduction of a stage over the whole song, dB, as far as that is known; None before the first measurement."""
        facts = self.facts
        place = next((index for index, known in enumerate(facts.measured.chain) if known.name == slot), None) if facts is not None else None
        return None if facts is None or place is None else float(facts.measured.reduction_db[place].max(initial=0.0))

    def rows_of(self, slot: str) -> list[tuple[str, str]]:
        """The facts of a dynamics stage over the loop or the song; those from before the last change while there are no new ones."""
        facts, loop = self.facts, self._acts.desk.session.loop
        if facts is None:
            return []
        place = next((index for index, known in enumerate(facts.measured.chain) if known.name == slot), None)
        span = (loop.start_frame, loop.stop_frame) if loop is not None and loop.on else None
        return stage_rows(facts.measured, place, span) if place is not None else []


def overview_of(song: Song | LongSong) -> Overview:
    """The picture of a mix at every zoom; what is in memory can be looked at down to the sample."""
    if isinstance(song, Song):
        return Overview.of(song.samples, song.sample_rate_hz, keep=True)
    overview = Overview(song.sample_rate_hz)
    for block in stereo_blocks(song):
        overview.append(block)
    return overview
