"""The whole song through the current chain, in the background: loudness of mix and master, gain reduction, the picture of the master.

Second instances of the stages run as fast as they go on threads of their own; the next change cancels them and starts anew. They
never touch the engine that plays. The numbers come first, spectra and findings after them.
"""
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dsp_core.engine.chain import Chain
from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.errors import Cancelled, Check, MasteringError, go_on
from mastering_rt.measure.bins import Bins
from mastering_rt.measure.later import LOADING, load
from mastering_rt.measure.percentiles import Percentiles, percentiles_of
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.hands import Hands, step_back
from mastering_rt.offline.measured import Measured, Spectra
from mastering_rt.offline.run import BLOCK_FRAMES, build_stages, run_chain
from mastering_rt.offline.song_run import SongRun
from mastering_rt.qc.finding import Finding
from mastering_rt.session.model import Slot

__all__ = ["Analyst", "Findings", "Measured", "Spectra", "measure_master", "measure_mix"]

What = Literal["numbers", "spectra", "findings"]
Stages = tuple[Slot, ...]


class Superseded(Exception):
    """A newer request made this one pointless."""


@dataclass(frozen=True, eq=False)
class Findings:
    """What is wrong with the song behind a chain, in its order."""

    chain: Stages
    findings: tuple[Finding, ...]


Result = Measured | Spectra | Findings | Checkpoints | str


def measure_mix(song: Song | LongSong, check: Callable[[], None] = lambda: None) -> Bins:
    """Bins of the mix alone."""
    hands = Hands()
    try:
        return SongRun(song, hands, 0).mix_bins(check)
    finally:
        hands.close()


def measure_master(song: Song | LongSong, chain: Stages, check: Callable[[], None] = lambda: None) -> tuple[Measured, Checkpoints]:
    """One pass of the whole song through fresh stages of `chain`, and the places from which it can go on. `check` may raise to stop it."""
    hands = Hands()
    try:
        run = SongRun(song, hands, 0)
        measured = run.measure(chain, check)
        assert run.points is not None
        return measured, run.points
    finally:
        hands.close()


class Analyst:
    """Answers the last request on threads of its own. `results` gives what is finished, newest last."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._asked: tuple[Song | LongSong, Stages, What] | None = None
        self._ticket = 0
        self._closed = False
        self._hands = Hands()
        self._run: SongRun | None = None
        self._mix_spectrum: tuple[object, Percentiles] | None = None
        self._done: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="whole song", daemon=True)
        self._thread.start()

    def request(self, song: Song | LongSong, chain: Stages, what: What = "numbers") -> None:
        """Find this out; whatever is under way is dropped. One answer comes, or a sentence why there is none; before numbers the places
        from which the chain can go on."""
        with self._lock:
            self._asked, self._ticket = (song, chain, what), self._ticket + 1
            self._lock.notify()

    def cancel(self) -> None:
        """Drop what is under way and wait for the next request."""
        with self._lock:
            self._asked, self._ticket = None, self._ticket + 1

    def forget(self) -> None:
        """Drop what is under way, what nobody has taken yet, and all sound that was kept of the song as soon as nothing works on it."""
        with self._lock:
            self._asked, self._ticket = None, self._ticket + 1
            self._run, self._done = None, queue.SimpleQueue()

    def results(self) -> list[Result]:
        """What was finished since the last call."""
        found: list[Result] = []
        while not self._done.empty():
            found.append(self._done.get())
        return found

    @property
    def points(self) -> Checkpoints | None:
        """Places of the pass that is under way or was the last; more come while it runs."""
        run = self._run
        return run.points if run is not None else None

    @property
    def busy(self) -> bool:
        """Whether numbers or spectra are worked out: what comes before all that is not urgent."""
        with self._lock:
            return self._asked is not None and self._asked[2] != "findings"

    def close(self) -> None:
        """End the threads and let go of all sound."""
        with self._lock:
            self._closed, self._ticket = True, self._ticket + 1
            self._lock.notify()
        self._thread.join()
        self._hands.close()
        self._run = self._mix_spectrum = None

    def _work(self) -> None:
        step_back()
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._closed or self._asked is not None)
                if self._closed:
                    return
                asked, ticket = self._asked, self._ticket
                if asked is not None and (self._run is None or self._run.song is not asked[0]):
                    self._run = None
            if asked is not None:
                self._answer(*asked, ticket)

    def _answer(self, song: Song | LongSong, chain: Stages, what: What, ticket: int) -> None:
        answer: Result
        try:
            answer = self._find(self._run_of(song, ticket), chain, what, lambda: self._check(ticket))
        except (Superseded, Cancelled):
            return
        except (MasteringError, ValueError) as error:
            answer = f"The whole song could not be measured: {error}"
        except MemoryError:
            answer = "The whole song could not be measured: there is not enough memory. Close other programs or use a shorter file."
        with self._lock:
            if ticket == self._ticket:
                self._asked = None
                if isinstance(answer, Measured) and self._run is not None and self._run.points is not None:
                    self._done.put(self._run.points)
                self._done.put(answer)

    def _run_of(self, song: Song | LongSong, ticket: int) -> SongRun:
        run = self._run
        if run is None:
            run = SongRun(song, self._hands)
            with self._lock:
                if ticket == self._ticket:
                    self._run = run
        return run

    def _find(self, run: SongRun, chain: Stages, what: What, check: Callable[[], None]) -> Result:
        if what == "numbers":
            return run.measure(chain, check)
        rate = run.song.sample_rate_hz
        if what == "spectra":
            return Spectra(chain, self._spectrum_of_mix(run.song, check), percentiles_of(master_blocks(run, chain, check), rate, check))
        load(check)
        with LOADING:
            from mastering_rt.qc.inspect import inspect_blocks

        def checked() -> bool:
            check()
            return False
        return Findings(chain, inspect_blocks(master_blocks(run, chain, check), rate, 2, cancelled=checked))

    def _spectrum_of_mix(self, song: Song | LongSong, check: Callable[[], None]) -> Percentiles:
        if self._mix_spectrum is None or self._mix_spectrum[0] is not song:
            self._mix_spectrum = song, percentiles_of(stereo_blocks(song), song.sample_rate_hz, check)
        return self._mix_spectrum[1]

    def _check(self, ticket: int) -> None:
        with self._lock:
            if ticket != self._ticket:
                raise Superseded


def master_blocks(run: SongRun, chain: Stages, check: Check = go_on) -> Iterator[NDArray[np.float64]]:
    """The master of a chain in blocks: as it was kept, in 32 bits, or through fresh stages."""
    song, kept = run.song, run.kept.master_of(chain)
    if kept is not None:
        for start in range(0, song.frames, BLOCK_FRAMES):
            yield kept[:, start:start + BLOCK_FRAMES].astype(np.float64)
        return
    runner = Chain(song.sample_rate_hz, build_stages(chain, song.sample_rate_hz, check=check))
    for master, _ in run_chain(runner, stereo_blocks(song), song.frames, check):
        yield master
