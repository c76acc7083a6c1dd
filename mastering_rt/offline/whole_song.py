"""The whole song through the current chain, in the background: loudness of mix and master, gain reduction, the picture of the master.

A second instance of the chain runs as fast as it goes on its own thread; the next change cancels it and starts anew. It
never touches the engine that plays.
"""
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dsp_core.meters.meter import Meter
from mastering_rt.audio.mix import LongSong, stereo_blocks
from mastering_rt.audio.song import Song
from mastering_rt.errors import MasteringError
from mastering_rt.measure.bins import BIN, Bins, as_bins
from mastering_rt.measure.loudness import Loudness, weighted_energy
from mastering_rt.measure.overview import Overview
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.run import CHUNK_FRAMES, Planes, Reductions, TappedChain, build_stages, run_chain
from mastering_rt.session.model import Slot

NICENESS = 5


class Superseded(Exception):
    """A newer request made this one pointless."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What one pass over the song found. Bins are 10 ms of song time each, those of mix and master side by side."""

    chain: tuple[Slot, ...]
    rate_hz: int
    frames: int
    latency_frames: int
    mix_bins: Bins
    master_bins: Bins
    reduction_db: Reductions                 # (stages, frames / 256), aligned with the song
    master_overview: Overview
    took_s: float
    sums: Reductions = field(repr=False)     # (frames / 256,): all stages together
    behind_lufs: tuple[float | None, ...] = ()   # integrated loudness behind each stage but the last


def measure_mix(song: Song | LongSong, check: Callable[[], None] = lambda: None) -> Bins:
    """Bins of the mix alone; they serve every later pass."""
    meter = Meter(song.sample_rate_hz)
    found = []
    for block in stereo_blocks(song):
        check()
        found.append(as_bins(meter.measure_block(block)))
    return np.concatenate([*found, as_bins(meter.flush_block())]) if found else np.zeros(0, BIN)


def measure_master(song: Song | LongSong, chain: tuple[Slot, ...], mix_bins: Bins, check: Callable[[], None] = lambda: None,
                   points: Checkpoints | None = None) -> Measured:
    """One pass of the whole song through fresh stages of `chain`. `check` may raise to stop it. `points` keeps a place each second."""
    began = time.perf_counter()
    rate = song.sample_rate_hz
    stages = build_stages(chain, rate)
    behind = Behind(rate, len(stages) - 1)
    runner, meter, overview = TappedChain(rate, stages, behind.hear), Meter(rate), Overview(rate)
    found, reductions = [], []
    for master, reduction in run_chain(Kept(runner, points, song), stereo_blocks(song), song.frames):
        check()
        found.append(as_bins(meter.measure_block(master)))
        overview.append(master)
        reductions.append(reduction)
    found.append(as_bins(meter.flush_block()))
    together = _aligned(np.concatenate(reductions, axis=1), runner.latency_frames, song.frames)
    return Measured(chain, rate, song.frames, runner.latency_frames, mix_bins, np.concatenate(found), together, overview,
                    time.perf_counter() - began, together.sum(axis=0), behind.integrated_lufs())


class Kept:
    """A chain that leaves its states at each whole second of the song."""

    def __init__(self, runner: TappedChain, points: Checkpoints | None, song: Song | LongSong) -> None:
        self._runner, self._points, self._rate, self._end = runner, points, song.sample_rate_hz, song.frames
        self.stages, self.latency_frames = runner.stages, runner.latency_frames

    def process(self, master: Planes, mix: None, when: int, reduction_db: Reductions) -> None:
        """As `Chain.process`, `when` on the grid of the reductions."""
        done, frames = 0, master.shape[1]
        while done < frames:
            at = when + done
            if self._points is not None and at % self._rate == 0 and at < self._end:
                self._points.keep(at, tuple(stage.save() for stage in self.stages))
            to_grid = CHUNK_FRAMES - at % CHUNK_FRAMES if at % CHUNK_FRAMES else frames
            n = min(frames - done, self._rate - at % self._rate, to_grid)
            piece = np.ascontiguousarray(master[:, done:done + n])
            found = np.zeros((len(self.stages), -(-n // CHUNK_FRAMES)), np.float32)
            self._runner.process(piece, None, at, found)
            master[:, done:done + n] = piece
            there = reduction_db[:, done // CHUNK_FRAMES:done // CHUNK_FRAMES + found.shape[1]]
            np.maximum(there, found, out=there)
            done += n


class Behind:
    """Integrated loudness at `places` inside a chain."""

    def __init__(self, rate: int, places: int) -> None:
        self._meters = [Meter(rate, 2, False) for _ in range(places)]
        self._loudness = [Loudness() for _ in range(places)]

    def hear(self, place: int, planes: Planes) -> None:
        self._feed(place, as_bins(self._meters[place].measure_block(planes)))

    def _feed(self, place: int, bins: Bins) -> None:
        self._loudness[place].feed(weighted_energy(bins), bins["frames"])

    def integrated_lufs(self) -> tuple[float | None, ...]:
        """What was heard, to the end."""
        for place, meter in enumerate(self._meters):
            self._feed(place, as_bins(meter.flush_block()))
        return tuple(loudness.integrated_lufs() for loudness in self._loudness)


def _aligned(reduction: Reductions, latency: int, frames: int) -> Reductions:
    """Moved to the chunk of the song they act on, as nearly as chunks allow; silence behind the end."""
    chunks = -(-frames // CHUNK_FRAMES)
    shift = round(latency / CHUNK_FRAMES)
    moved = np.zeros((reduction.shape[0], chunks), np.float32)
    there = reduction[:, shift:shift + chunks]
    moved[:, :there.shape[1]] = there
    return moved


def step_back(niceness: int) -> None:
    """Let the threads that play and paint come before this one, where the system can tell threads apart."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


class Analyst:
    """Runs `measure_master` for the last request on a thread of its own. `results` gives what is finished, newest last."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._song: Song | LongSong | None = None
        self._chain: tuple[Slot, ...] | None = None
        self._ticket = 0
        self._closed = False
        self._mix_bins: tuple[object, Bins] | None = None
        self.points: Checkpoints | None = None       # of the pass that is under way or was the last; grows while it runs
        self._done: queue.SimpleQueue[Measured | str] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="whole song", daemon=True)
        self._thread.start()

    def request(self, song: Song | LongSong, chain: tuple[Slot, ...]) -> None:
        """Measure this; whatever is under way is dropped."""
        with self._lock:
            self.points = None
            self._song, self._chain, self._ticket = song, chain, self._ticket + 1
            self._lock.notify()

    def cancel(self) -> None:
        """Drop what is under way and wait for the next request."""
        with self._lock:
            self._chain, self._ticket = None, self._ticket + 1

    def results(self) -> list[Measured | str]:
        """What was finished since the last call: measurements, or a sentence why one could not be made."""
        found: list[Measured | str] = []
        while not self._done.empty():
            found.append(self._done.get())
        return found

    @property
    def busy(self) -> bool:
        with self._lock:
            return self._chain is not None

    def close(self) -> None:
        with self._lock:
            self._closed, self._ticket = True, self._ticket + 1
            self._lock.notify()
        self._thread.join()

    def _work(self) -> None:
        step_back(NICENESS)
        while True:
            with self._lock:
                self._lock.wait_for(lambda: self._closed or self._chain is not None)
                if self._closed:
                    return
                song, chain, ticket = self._song, self._chain, self._ticket
            if song is not None and chain is not None:
                self._answer(song, chain, ticket)

    def _answer(self, song: Song | LongSong, chain: tuple[Slot, ...], ticket: int) -> None:
        answer: Measured | str
        try:
            mix_bins = self._bins_of(song, ticket)
            points = Checkpoints(chain, song.sample_rate_hz)
            with self._lock:
                self.points = points if ticket == self._ticket else None
            answer = measure_master(song, chain, mix_bins, lambda: self._check(ticket), points)
        except Superseded:
            return
        except (MasteringError, ValueError) as error:
            answer = f"The whole song could not be measured: {error}"
        with self._lock:
            if ticket == self._ticket:
                self._chain = None
                self._done.put(answer)

    def _bins_of(self, song: Song | LongSong, ticket: int) -> Bins:
        if self._mix_bins is None or self._mix_bins[0] is not song:
            self._mix_bins = (song, measure_mix(song, lambda: self._check(ticket)))
        return self._mix_bins[1]

    def _check(self, ticket: int) -> None:
        with self._lock:
            if ticket != self._ticket:
                raise Superseded
