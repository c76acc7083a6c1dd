"""What is wrong with the mix: looked through once in the background, whenever nothing more urgent is worked out."""
import time
from collections.abc import Callable, Iterator

from mastering_rt.audio.mix import LongSong, Planes, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.desk.jobs import Job, Progress
from mastering_rt.errors import Cancelled
from mastering_rt.measure.later import LOADING, load
from mastering_rt.offline.hands import step_back
from mastering_rt.qc.finding import Finding
from mastering_rt.qc.together import new_or_worse

LOOK_AFTER_S = 0.5               # a song is played and measured first
PAUSE_S = 0.02
NICENESS = 4                     # behind sound and pictures, and beside the hands that measure
SAME_PLACE_S = 0.2
OF_A_SOURCE = ("limited_source", "flat_top", "upper_band_cut")

Findings = tuple[Finding, ...]


class Looking:
    """`begin` once, then `take_song` for every mix; `poll` starts what is due and takes what was found.

    busy: whether numbers of the whole song are worked out just now, which come first; asked from the job's thread too.
    """

    def __init__(self, busy: Callable[[], bool], now: Callable[[], float]) -> None:
        self.findings: Findings | None = None   # in the order of the song; None while they are not known
        self.problem = ""                        # why they never will be
        self._busy, self._now = busy, now
        self.wanted = False                     # whether anybody asked to look
        self._song: Song | LongSong | None = None
        self._job: Job[Findings] | None = None
        self._due_at = 0.0

    def begin(self) -> None:
        """From now on, also for the mix that is open."""
        self.wanted = True
        self._due_at = self._now() + LOOK_AFTER_S

    def take_song(self, song: Song | LongSong | None) -> None:
        """Another mix: nothing found so far holds."""
        if song is self._song:
            return
        self._stop()
        self._song, self.findings, self.problem = song, None, ""
        self._due_at = self._now() + LOOK_AFTER_S

    @property
    def under_way(self) -> bool:
        """Whether findings are still to come."""
        return self.wanted and self._song is not None and self.findings is None and not self.problem

    @property
    def share(self) -> float:
        """How far it is, 0 to 1."""
        return self._job.share if self._job is not None else 0.0

    def poll(self) -> str:
        """A sentence when it has just become known that the mix cannot be looked through."""
        if self._job is None:
            if self._song is not None and self.under_way and self._now() >= self._due_at and not self._busy():
                self._job = look_job(self._song, self._busy)
        elif self._job.done:
            self.findings, self.problem = self._job.result, self._job.problem
            self._job = None
            return self.problem
        return ""

    def _stop(self) -> Job[Findings] | None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        return job

    def close(self) -> None:
        """Stop, and wait until it has stopped."""
        self.wanted = False
        job = self._stop()
        if job is not None:
            job.wait()


def new_in_master(mix: Findings, master: Findings) -> Findings:
    """What is wrong with the master and not, or less, with the mix. What only a source can be blamed for is left out: a master is meant to be
    limited."""
    return new_or_worse([finding for finding in master if finding.kind not in OF_A_SOURCE], mix, SAME_PLACE_S)


def look_job(song: Song | LongSong, busy: Callable[[], bool] = lambda: False) -> Job[Findings]:
    """Look through a whole mix; it pauses while `busy`. A mono file is one channel, as when it is analysed."""
    mono = (len(song.source.take) or song.source.channels) == 1

    def work(progress: Progress, cancelled: Callable[[], bool]) -> Findings:
        def check() -> None:
            hold_back(busy, cancelled)
            if cancelled():
                raise Cancelled("Looking through the song was stopped.")

        step_back(NICENESS)
        load(check)
        with LOADING:
            from mastering_rt.qc.inspect import inspect_blocks

        blocks = (block[:1] if mono else block for block in unhurried(stereo_blocks(song), busy, cancelled))
        return inspect_blocks(blocks, song.sample_rate_hz, 1 if mono else 2, frames=song.frames, path=song.source.path,
                              progress=lambda share: progress("Looking through the song", share), cancelled=cancelled)
    return Job("Looking through the song", work)


def unhurried(blocks: Iterator[Planes], busy: Callable[[], bool], cancelled: Callable[[], bool]) -> Iterator[Planes]:
    """The same blocks, each held back while something else is busy."""
    for block in blocks:
        hold_back(busy, cancelled)
        yield block


def hold_back(busy: Callable[[], bool], cancelled: Callable[[], bool]) -> None:
    """Wait until nothing else is busy, or until it is cancelled."""
    while busy() and not cancelled():
        time.sleep(PAUSE_S)
