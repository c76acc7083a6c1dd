"""Holes: sound that stops dead, is exactly zero for a moment, and goes on as if nothing had been."""
from collections.abc import Iterator

import numpy as np

from mastering_rt.measure.bins import Floats
from mastering_rt.qc.finding import Event, Finding, places, sides, span_s, times
from mastering_rt.qc.runs import Runs

LEAST_S = 0.0003
MOST_S = 0.5                     # longer is a rest in the music
BESIDE_S = 0.005
LEAST_LEVEL = 10 ** (-50 / 20)
EDGE_S, EDGE = 0.001, 0.2        # the last moment beside a hole is not softer than that share of what is beside it: no fade


class Dropouts:
    """Exact zeros between sounds, in one channel or in both, without a fade on either side."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._least, self._most, self._beside = (max(2, round(s * rate_hz)) for s in (LEAST_S, MOST_S, BESIDE_S))
        self._runs = [Runs(self._least) for _ in range(channels)]
        self._past = np.zeros((channels, 0))
        self._at = 0
        self._waiting: list[tuple[int, int, int]] = []
        self._events: list[Event] = []

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._past, block], axis=1)
        first = self._at - self._past.shape[1]
        for channel in range(self._channels):
            self._waiting += [(start, length, channel) for start, length in self._runs[channel].feed(block[channel] == 0.0)
                              if length <= self._most]
        self._at += block.shape[1]
        ready = [hole for hole in self._waiting if hole[0] + hole[1] + self._beside <= self._at]
        self._waiting = [hole for hole in self._waiting if hole not in ready]
        for start, length, channel in ready:
            self._judge(seen[channel], start - first, start, length, channel)
        self._past = seen[:, -(self._most + 3 * self._beside):]

    def _judge(self, wave: Floats, begin: int, start: int, length: int, channel: int) -> None:
        end = begin + length
        before, after = wave[max(0, begin - self._beside):begin], wave[end:end + self._beside]
        if not (len(before) and len(after)):
            return
        level = min(float(np.abs(before).max()), float(np.abs(after).max()))
        edge = max(1, round(EDGE_S * self._rate))
        dead = np.abs(before[-edge:]).max() >= EDGE * np.abs(before).max() and np.abs(after[:edge]).max() >= EDGE * np.abs(after).max()
        if level >= LEAST_LEVEL and dead:
            self._events.append(Event(start, length, level, channel))

    def end(self) -> Iterator[Finding]:
        for group in places(self._events, self._rate):
            time_s, duration_s = span_s(group, self._rate)
            longest_ms = 1e3 * max(event.frames for event in group) / self._rate
            yield Finding(kind="dropout", time_s=time_s, duration_s=duration_s, size=longest_ms, unit="ms", severity="act",
                          channel=sides(group, self._channels),
                          text=f"{times(len(group), 'hole', 'holes')} in the sound, the longest of {longest_ms:.1f} ms. "
                               "Ask for a new export, or repair it before anything else.")
