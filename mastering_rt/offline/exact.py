"""The exact mode: what still passes the ceiling between the samples behind a limiter, found by Fourier transforms and taken off.

A limiter that works live sees only so much of the sound around a peak; where the sound reaches up to half the sample rate, that leaves
up to 1 dB. Offline there is no such need. Each pass reads the true peak of every frame from windows of 32768 frames, and where
it is over the limit, turns both channels down alike by a smooth gain of 1.5 ms to either side. What a pass has changed is read
again by the next. Everything else passes bit for bit.
"""
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappush, heappushpop
from math import inf, log10

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from dsp_core.offline.peaks import smooth_reduction
from mastering_rt.measure.fourier_peaks import EDGE, STEP, true_peaks

Planes = NDArray[np.float64]

PASSES = 8
MARGIN_DB = 0.02                 # under the limit is the goal: what the gain itself can raise again
MORE_MARGIN_DB = 0.01            # from each pass to the next
QUIET = 0.125                    # of the limit: a sample peak from which no sound can swing up to it within a window
GRID_MISS = 0.9                  # a crest is seen on the fourfold grid at no less than 0.92 of its height (BS.1770-5, attachment)
REACH_MS = 1.5                   # of the gain to either side of a peak
JOINED_MS = 10.0                 # places closer than this are one
MOST_TOLD = 20
LARGEST = 1e30                   # what is no sound is left for the writer to refuse
ROWS = 3                         # left, right, and the gain that was applied to them


class Place(Struct, frozen=True):
    """One place that was turned down: where the gain is lowest, and by how much."""

    at_s: float
    reduction_db: float


class ExactReport(Struct, frozen=True, kw_only=True):
    """What the exact mode did. places: the largest, at most 20 of them, in the order of the song.

    left_over_db: what was found over the limit after the last pass, 0 when nothing was. margin_db: how far under the ceiling the limit
    lies, for what dither adds.
    """

    places_touched: int
    frames_touched: int
    reduction_max_db: float
    reduction_max_at_s: float | None
    places: tuple[Place, ...]
    passes: int
    left_over_db: float
    margin_db: float


class Exact:
    """A stereo stream on its way through the exact mode. The result does not depend on how the stream is cut.

    ceiling: linear true peak that nothing may pass, also when noise of up to `noise_peak` is added afterwards. start_s: song time of
    the first frame, for the report. Memory is constant. Raises ValueError for a ceiling that the noise alone reaches.
    """

    def __init__(self, rate_hz: int, ceiling: float, noise_peak: float = 0.0, start_s: float = 0.0) -> None:
        if not 0 <= noise_peak < ceiling < inf:
            raise ValueError(f"a true peak cannot be held to {ceiling:g} under noise of {noise_peak:g}; give a higher linear level")
        limit = ceiling - noise_peak
        self._margin_db = 20 * log10(ceiling / limit)
        half = max(1, round(0.5 * REACH_MS * rate_hz / 1000))
        self._passes = [_Pass(limit, limit * gain_of(-MARGIN_DB - MORE_MARGIN_DB * turn), half) for turn in range(PASSES)]
        self._check = _Pass(limit, inf, half)
        self._places = _Places(rate_hz, start_s)
        self._waiting = np.zeros((ROWS, 0))
        self._in = self._out = 0

    def process(self, block: Planes) -> Planes:
        """What comes out for (2, frames) of input: (2, any number of frames)."""
        self._in += block.shape[1]
        self._waiting = np.concatenate([self._waiting, _with_gain(block)], axis=1)
        return self._run(self._waiting.shape[1] // STEP)

    def finish(self) -> Planes:
        """The rest, so that as much has come out as went in. Nothing goes in any more."""
        steps = -(-self._waiting.shape[1] // STEP) + 2 * (len(self._passes) + 1)
        silence = np.zeros((2, steps * STEP - self._waiting.shape[1]))
        self._waiting = np.concatenate([self._waiting, _with_gain(silence)], axis=1)
        return self._run(steps)

    def report(self) -> ExactReport:
        """What was done, once everything has come out."""
        found = self._places.found()
        most = max(found, key=lambda place: place.reduction_db, default=None)
        left = self._check.over
        return ExactReport(
            places_touched=self._places.count, frames_touched=self._places.frames,
            reduction_max_db=most.reduction_db if most else 0.0, reduction_max_at_s=most.at_s if most else None, places=found,
            passes=sum(each.acted for each in self._passes), left_over_db=max(0.0, 20 * log10(left)) if left > 0 else 0.0,
            margin_db=self._margin_db)

    def _run(self, steps: int) -> Planes:
        done: list[Planes] = []
        for at in range(0, steps * STEP, STEP):
            for step in self._through(_Step(np.ascontiguousarray(self._waiting[:, at:at + STEP]), True)):
                sound = step.sound[:, :self._in - self._out]
                self._places.take(sound[2], self._out)
                self._out += sound.shape[1]
                done.append(sound[:2])
        self._waiting = self._waiting[:, steps * STEP:]
        return np.concatenate(done, axis=1) if done else np.zeros((2, 0))

    def _through(self, step: "_Step") -> Iterator["_Step"]:
        steps = [step]
        for each in (*self._passes, self._check):
            steps = [out for inner in steps for out in each.take(inner)]
        yield from steps


@dataclass
class _Step:
    """STEP frames on their way: left, right and gain; `unread`: whether their peaks have to be read (again)."""

    sound: Planes
    unread: bool


class _Pass:
    """Steps go in, and come out two steps later, turned down where a peak was over the limit."""

    def __init__(self, limit: float, goal: float, half: int) -> None:
        self.over = 0.0                  # highest true peak so far, in units of the limit
        self.acted = False
        self._limit, self._goal, self._half = limit, goal, half
        silence = np.zeros((ROWS, STEP))
        self._steps = deque([_Step(silence, False)] * 2, 3)
        self._wanted: deque[NDArray[np.float64] | None] = deque([None, None], 3)
        self._led = 0

    def take(self, step: _Step) -> Iterator[_Step]:
        """The next step; gives the one two steps back, once there is one."""
        self._steps.append(step)
        self._wanted.append(self._read() if any(each.unread for each in self._steps) else None)
        self._led += 1
        if self._led > 2:
            yield self._turned_down()

    def _read(self) -> NDArray[np.float64] | None:
        """The reduction wanted at each frame of the middle step; None for none."""
        before, here, after = (each.sound[:2] for each in self._steps)
        sound = np.concatenate([before[:, -EDGE:], here, after[:, :EDGE]], axis=1)
        if not QUIET * self._limit < np.abs(sound).max() < LARGEST:
            return None
        peaks, doubt = true_peaks(sound, GRID_MISS * self._limit)
        limit, goal = self._limit - doubt, self._goal - doubt
        highest = float(peaks.max())
        self.over = max(self.over, highest / limit)
        return np.where(peaks > limit, 1.0 - goal / np.maximum(peaks, limit), 0.0) if highest > limit else None

    def _turned_down(self) -> _Step:
        """The first of the three steps, for which the reductions of the step before and of the step behind it are known."""
        step = self._steps[0]
        if self._goal == inf or all(wanted is None for wanted in self._wanted):
            return _Step(step.sound, False)
        reach = 2 * self._half
        before, here, after = (np.zeros(STEP) if wanted is None else wanted for wanted in self._wanted)
        near = np.concatenate([before[-reach:], here, after[:reach]])
        reduction = np.empty_like(near)
        smooth_reduction(near, self._half, reduction)
        touched = reduction[reach:-reach]
        if not touched.any():
            return _Step(step.sound, False)
        self.acted = True
        return _Step(step.sound * (1.0 - touched), True)


class _Places:
    """Runs of gain under 1, as they come out."""

    def __init__(self, rate_hz: int, start_s: float) -> None:
        self.count = self.frames = 0
        self._rate_hz, self._start_s, self._gap = rate_hz, start_s, round(JOINED_MS * rate_hz / 1000)
        self._largest: list[tuple[float, float]] = []
        self._open: tuple[float, int] | None = None     # lowest gain of the place that is not over yet, and its frame
        self._last = -inf

    def take(self, gain: NDArray[np.float64], at: int) -> None:
        touched = np.flatnonzero(gain < 1.0)
        self.frames += len(touched)
        if not len(touched):
            return
        for run in np.split(touched, np.flatnonzero(np.diff(touched) > self._gap) + 1):
            if at + run[0] - self._last > self._gap:
                self._end()
            lowest = run[np.argmin(gain[run])]
            here = (float(gain[lowest]), int(at + lowest))
            self._open = min(self._open, here) if self._open else here
            self._last = int(at + run[-1])

    def _end(self) -> None:
        if self._open is None:
            return
        self.count += 1
        kept = (-20 * log10(self._open[0]), self._start_s + self._open[1] / self._rate_hz)
        (heappush if len(self._largest) < MOST_TOLD else heappushpop)(self._largest, kept)
        self._open = None

    def found(self) -> tuple[Place, ...]:
        """The largest places so far, in the order of the song."""
        self._end()
        return tuple(Place(at_s, reduction_db) for reduction_db, at_s in sorted(self._largest, key=lambda pair: pair[1]))


def gain_of(db: float) -> float:
    """Linear gain."""
    return float(10 ** (db / 20))


def _with_gain(block: Planes) -> Planes:
    return np.concatenate([block, np.ones((1, block.shape[1]))])
