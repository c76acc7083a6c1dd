"""Clicks: samples that linear prediction cannot have expected (Godsill and Rayner, Digital Audio Restoration, 1998).

Each frame gets a predictor of its own (autocorrelation method); what it leaves is compared with the typical size of what it leaves.
"""
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from mastering_rt.measure.bins import Floats
from mastering_rt.measure.report import figure
from mastering_rt.qc.finding import Event, Finding, moments, places, sides, span_s, times

ORDER = 32
FRAME_S = 0.05
SIGMAS = 16.0                    # times the median residual, scaled to a standard deviation
MAD_TO_SIGMA = 1.4826
MOST_S = 0.0025                  # longer is the attack of an instrument
LEAST_RESIDUAL = 10 ** (-60 / 20)
QUICK_SIGMAS = 6.0               # of the second difference: frames without any such step are not looked at
SPARSE = 4                       # the typical step is known from every fourth
DIAGONAL = 1e-9                  # of the power, so that a pure tone can be predicted too
AROUND = 20.0                    # a click stands that far over the residual of the 10 ms before and after it
BESIDE_S = 0.01


class Clicks:
    """Single bad samples and bursts of up to 2 ms that stand alone; attacks of drums, which go on, are none."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._frame, self._beside = round(FRAME_S * rate_hz), round(BESIDE_S * rate_hz)
        self._rest = np.zeros((channels, 0))
        self._at = 0
        self._events: list[Event] = []

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._rest, block], axis=1)
        hop, margin = self._frame, self._beside + ORDER
        done = 0
        while done + hop + 2 * margin <= seen.shape[1]:
            for channel in range(self._channels):
                self._look(seen[channel, done:done + hop + 2 * margin], self._at + done, margin, channel)
            done += hop
        self._rest = seen[:, done:]
        self._at += done

    def _look(self, wave: Floats, start: int, margin: int, channel: int) -> None:
        """One frame with a margin at both ends; clicks are those in its middle part."""
        step = np.abs(np.diff(wave, 2))
        typical = float(np.median(step[::SPARSE])) * MAD_TO_SIGMA
        if step.max() < max(QUICK_SIGMAS * typical, LEAST_RESIDUAL):
            return
        left_over = np.abs(residual(wave))
        sigma = max(float(np.median(left_over)) * MAD_TO_SIGMA, LEAST_RESIDUAL / SIGMAS)
        hot = np.flatnonzero(left_over[margin:len(wave) - margin] > SIGMAS * sigma) + margin
        for first, last in clusters(hot, round(MOST_S * self._rate)):
            before = left_over[max(0, first - self._beside):max(0, first - 2)]
            after = left_over[last + ORDER // 2:last + ORDER // 2 + self._beside]
            size = float(left_over[first:last + 1].max())
            if last - first <= MOST_S * self._rate and stands_alone(size, before, after):
                self._events.append(Event(start + first, last - first + 1, size, channel))

    def end(self) -> Iterator[Finding]:
        for group in places(self._events, self._rate):
            time_s, duration_s = span_s(group, self._rate)
            level_db = 20 * np.log10(max(event.size for event in group))
            count = moments(group, round(MOST_S * self._rate))
            yield Finding(kind="click", time_s=time_s, duration_s=duration_s, size=float(level_db), unit="dBFS",
                          severity="look", channel=sides(group, self._channels),
                          text=f"{times(count, 'click', 'clicks')}, {'the largest ' if count > 1 else ''}of {figure(level_db, 0, '')[0]} dBFS. "
                               "Listen there; repair it in the mix.")


def residual(wave: Floats) -> Floats:
    """What a predictor of order 32, fitted to this wave, leaves of it."""
    windowed = wave * _window(len(wave))
    correlation = np.array([windowed[:len(wave) - lag] @ windowed[lag:] for lag in range(ORDER + 1)])
    correlation[0] = correlation[0] * (1 + DIAGONAL) + 1e-20
    predictor = solve_toeplitz(correlation[:ORDER], correlation[1:])
    left_over: Floats = lfilter(np.concatenate([[1.0], -predictor]), 1.0, wave)
    left_over[:ORDER] = 0.0
    return left_over


@cache
def _window(frames: int) -> Floats:
    return np.hanning(frames)


def clusters(hot: NDArray[np.intp], gap: int) -> Iterator[tuple[int, int]]:
    """(first, last) of indices that lie no further apart than `gap`."""
    if len(hot):
        breaks = np.flatnonzero(np.diff(hot) > gap)
        for first, last in zip(np.append(0, breaks + 1), np.append(breaks, len(hot) - 1)):
            yield int(hot[first]), int(hot[last])


def stands_alone(size: float, before: Floats, after: Floats) -> bool:
    """True when what surrounds a click is as calm after it as before: an attack is not."""
    calm = max((float(np.percentile(part, 90)) for part in (before, after) if len(part)), default=0.0)
    return size > AROUND * calm
