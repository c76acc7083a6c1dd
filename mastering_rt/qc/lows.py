"""Lows whose channels work against each other: lost in mono, and no lathe can cut them."""
from collections.abc import Iterator

import numpy as np
from scipy.signal import butter, sosfilt

from mastering_rt.measure.bins import Floats, sliding_sum
from mastering_rt.qc.finding import Event, Finding, places
from mastering_rt.qc.runs import Runs, best_stretch

CORNER_HZ = 150.0
STEP_S = 0.1
WINDOW_STEPS = LEAST_STEPS = 15
LEAST_DBFS = -40.0
UNDER_LOUDEST_DB = 12.0          # lows softer than that beside the song's loudest do not matter
AGAINST, BADLY = -0.55, -0.85    # correlation; down to -0.6 it is what the reverberation of two microphones does now and then
WIDE, INVERTED = 0.3, -0.9       # where a song's lows are usually under the first, single notes fall anywhere by chance: only the second tells


class Lows:
    """Correlation of what lies under 150 Hz, over a second and a half each."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._step, self._seconds = round(STEP_S * rate_hz), round(STEP_S * rate_hz) / rate_hz
        self._stereo = channels == 2
        self._filter = butter(4, CORNER_HZ, "lowpass", fs=rate_hz, output="sos")
        self._memory = np.zeros((len(self._filter), 2, 2))
        self._rest = np.zeros((2, 0))
        self._sums: list[Floats] = []

    def feed(self, block: Floats) -> None:
        if not self._stereo:
            return
        low, self._memory = sosfilt(self._filter, block, axis=1, zi=self._memory)
        seen = np.concatenate([self._rest, low], axis=1)
        whole = seen.shape[1] // self._step * self._step
        left, right = (plane[:whole].reshape(-1, self._step) for plane in seen)
        self._sums.append(np.stack([(left * left).mean(axis=1), (right * right).mean(axis=1), (left * right).mean(axis=1)]))
        self._rest = seen[:, whole:]

    def end(self) -> Iterator[Finding]:
        if not self._sums:
            return
        steps = np.concatenate(self._sums, axis=1)
        left, right, cross = (sliding_sum(row, WINDOW_STEPS) / WINDOW_STEPS for row in steps)
        power = np.maximum(left, right)
        audible = power > max(10 ** (LEAST_DBFS / 10), float(power.max(initial=0.0)) * 10 ** (-UNDER_LOUDEST_DB / 10))
        if not audible.any():
            return
        correlation = np.where(audible, cross / np.sqrt(np.maximum(left * right, 1e-300)), 1.0)
        against = AGAINST if np.median(correlation[audible]) >= WIDE else INVERTED
        run, events = Runs(1), []
        for first, count in (*run.feed(correlation < AGAINST), *run.end()):
            part = steps[:, first:first + count + WINDOW_STEPS - 1]
            begin, end = best_stretch(0.5 * AGAINST * (part[0] + part[1]) - part[2])
            if end - begin >= LEAST_STEPS:
                left, right, cross = part[:, begin:end].sum(axis=1)
                size = float(max(-1.0, cross / np.sqrt(left * right)))
                if size <= against:
                    events.append(Event(first + begin, end - begin, size, 0))
        for group in places(events, round(1 / self._seconds)):
            worst = min(event.size for event in group)
            time_s, duration_s = group[0].start * self._seconds, (max(e.start + e.frames for e in group) - group[0].start) * self._seconds
            yield Finding(kind="lows_out_of_phase", time_s=time_s, duration_s=duration_s, size=worst, unit="correlation",
                          severity="act" if worst < BADLY else "look", channel="both",
                          text=f"Under 150 Hz the channels work against each other (correlation {worst:.2f}); in mono and in a club these lows "
                               "get thin. Put the stereo stage's mono-maker there.")
