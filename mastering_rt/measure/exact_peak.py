"""The true peak of a whole programme, right for any content.

The detector of the meters sees everything up to 0.465 of the sample rate within 0.05 dB. Sound above that, up to half the rate, it can
miss by decibels: alternating bursts, clipped noise, clicks. How far depends on how much of it there is; only where that leaves the
highest peak in doubt is the sound interpolated over thousands of frames: by sums at single places, by Fourier transforms where there
are many. Music costs hardly more than finding out.
"""
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

import numpy as np

from dsp_core.meters.truepeak import TruePeakDetector
from dsp_core.offline.peaks import CRESTS_EDGE, find_peaks, read_crest
from dsp_core.offline.top_band import top_band
from mastering_rt.measure.bins import Bins, Floats, Singles
from mastering_rt.measure.fourier_peaks import interpolated

DETECTOR_ERROR_DB = 0.05         # of the live detector on sound up to 0.465 of the rate: what both readings may differ by
REACH = 1.6                      # what it can miss, in units of the top band: 1.25 where 200 alternating samples turn over
SURE = 0.003                     # of its reading: a doubt this small changes no figure that is shown
GRID_MISS = 0.9                  # a crest is seen on the fourfold grid at no less than 0.92 of its height (BS.1770-5, attachment)
STEP = 4096                      # frames that are judged, and read, together
EDGE = CRESTS_EDGE               # beside them, for sums
FADE = 6144                      # beside them, for a transform of 16384
FEW = 24                         # places in a step that are read one by one sooner than by a transform
WARM_UP = 256                    # frames that the detector is shown before a step
AT_ONCE = 16                     # steps held in memory
MOST_WAITING = 64                # steps in doubt; beyond that the most promising is read
LARGEST = 1e15                   # what is no sound the meters take for silence


class ExactPeak:
    """Follows a programme of `channels` beside its meters: feed each block with the bins it made known; ask at the end."""

    def __init__(self, rate: int, channels: int) -> None:
        self._sound = np.zeros((channels, EDGE + AT_ONCE * STEP + EDGE), np.float32)
        self._detector = TruePeakDetector(rate)
        self._filled = EDGE
        self._peaks, self._ends = np.zeros((0, channels)), np.zeros(0, np.int64)     # of bins, counted from the first step's first frame
        self._end = 0
        self._known = 0.0                                            # the highest peak that is certain
        self._waiting: list[tuple[float, int, float, Singles]] = []  # what it may be at most, in which order it came, its doubt, the sound
        self._order = count()

    def feed(self, block: Floats, parts: Sequence[Bins]) -> None:
        """Take the next frames (channels, frames), and the bins that the meters handed on with them, one array per meter."""
        self._note(parts)
        done = 0
        while done < block.shape[1]:
            taken = min(block.shape[1] - done, self._sound.shape[1] - self._filled)
            fresh = self._sound[:, self._filled:self._filled + taken]
            fresh[:] = block[:, done:done + taken]
            if not np.abs(fresh).max() < LARGEST:
                fresh[~(np.abs(fresh) < LARGEST)] = 0.0
            self._filled += taken
            done += taken
            if self._filled == self._sound.shape[1]:
                self._judge()

    def end(self, parts: Sequence[Bins]) -> None:
        """The programme is over, and these are its last bins."""
        self._note(parts)
        while self._filled > EDGE:
            self._sound[:, self._filled:] = 0.0
            self._judge()

    def exact(self, detected: float) -> float | None:
        """The linear true peak, where it is not what the meters `detected`; None where they are right within 0.05 dB."""
        while self._waiting:
            self._read()
        limit = 10 ** (DETECTOR_ERROR_DB / 20)
        return None if detected <= limit * self._known and self._known <= limit * detected else self._known

    def _note(self, parts: Sequence[Bins]) -> None:
        if len(parts[0]):
            peaks = np.concatenate([part["true_peak"] for part in parts], axis=1)[:, :len(self._sound)]
            self._peaks = np.concatenate([self._peaks, peaks])
            self._ends = np.concatenate([self._ends, self._end + np.cumsum(parts[0]["frames"].astype(np.int64))])
            self._end = int(self._ends[-1])

    def _judge(self) -> None:
        """Which readings of these steps are certain, and which sound might have a higher peak than all so far? Then go on."""
        detected, doubt = self._detected(), REACH * self._top_bands()
        certain = doubt <= SURE * detected
        self._known = max(self._known, float(detected.max(where=certain, initial=0.0)), float((detected - doubt).max()))
        for step, channel in np.argwhere(~certain & (detected + doubt > self._known * (1.0 + SURE))):
            sound = self._sound[channel, step * STEP:step * STEP + EDGE + STEP + EDGE].copy()
            most, unsure = float(detected[step, channel] + doubt[step, channel]), float(doubt[step, channel])
            heappush(self._waiting, (-most, next(self._order), unsure, sound))
            if len(self._waiting) > MOST_WAITING:
                self._read()
        self._shift()

    def _detected(self) -> Floats:
        """(steps, channels): the detector's reading; a bin on a border counts for both steps."""
        borders = np.searchsorted(self._ends, np.arange(AT_ONCE + 1) * STEP, "right")
        peaks = np.concatenate([self._peaks, np.zeros((1, len(self._sound)))])
        inside = np.maximum.reduceat(peaks, np.minimum(borders[:-1], len(peaks) - 1))
        detected: Floats = np.maximum(inside, peaks[np.minimum(borders[1:], len(peaks) - 1)])
        return detected

    def _top_bands(self) -> Floats:
        """(steps, channels): the most of a step and its neighbours, since a bin on a border tells of both."""
        levels = np.empty((len(self._sound), AT_ONCE + 2))
        for plane, level in zip(self._sound, levels):
            top_band(plane, EDGE - STEP, STEP, level)
        most: Floats = np.maximum(np.maximum(levels[:, :-2], levels[:, 1:-1]), levels[:, 2:]).T
        return most

    def _shift(self) -> None:
        gone = AT_ONCE * STEP
        self._sound[:, :2 * EDGE] = self._sound[:, gone:].copy()
        self._filled = max(EDGE, self._filled - gone)
        self._ends, self._end = self._ends - gone, self._end - gone
        over = int(np.searchsorted(self._ends, 0, "right"))
        self._peaks, self._ends = self._peaks[over:], self._ends[over:]

    def _read(self) -> None:
        """Read the most promising of the steps that wait; one that can no longer have the highest peak is let go."""
        most, _, doubt, sound = heappop(self._waiting)
        if -most <= self._known * (1.0 + SURE):
            self._waiting.clear()
            return
        places, readings = self._places(sound, doubt)
        if len(places) > FEW:
            inner = sound[EDGE - FADE:len(sound) - (EDGE - FADE)]
            points, _ = interpolated(inner[None], FADE)
            self._known = max(self._known, find_peaks(points[0], FADE, FADE + STEP, GRID_MISS * self._known, np.zeros(len(inner))))
            return
        for place, reading in zip(places, readings):
            if reading + doubt <= self._known * (1.0 + SURE):
                return
            self._known = max(self._known, read_crest(sound, place, GRID_MISS * self._known))

    def _places(self, sound: Singles, doubt: float) -> tuple[list[int], list[float]]:
        """The frames of a step around which the highest peak may be, where the detector's reading and the doubt reach it, and the
        readings; the most promising first."""
        detector, first = self._detector, EDGE - WARM_UP
        heard = sound[first:EDGE + STEP + detector.delay].astype(np.float64)
        peaks = np.empty(len(heard), np.float32)
        detector.reset()
        detector.run(heard, peaks)
        inside = peaks[WARM_UP + detector.delay:]
        found = np.flatnonzero(inside + doubt > self._known * (1.0 + SURE))
        found = found[np.argsort(-inside[found])]
        return (EDGE + found).tolist(), inside[found].tolist()
