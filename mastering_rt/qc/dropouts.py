"""Holes: sound that stops dead, is silent for a moment or for long, and goes on as if nothing had been."""
from collections.abc import Iterator

import numpy as np

from mastering_rt.errors import clock
from mastering_rt.measure.bins import Floats
from mastering_rt.qc.finding import Event, Finding, moments, places, sides, span_s, times
from mastering_rt.qc.runs import Runs

LEAST_S = 0.0003                 # of exact zeros
LONG_S = 0.05                    # of what is softer than the last bit of 16: a hole that was dithered, or filled with next to nothing
NOTHING = 1.01 / 32768
ALONE_S = 1.0                    # one channel that is silent for longer while the other goes on is a missing channel
BESIDE_S = 0.005
LEAST_LEVEL = 10 ** (-50 / 20)
EDGE_S, EDGE = 0.001, 0.2        # the last moment beside a hole is not softer than that share of what is beside it: no fade


class Dropouts:
    """Silence between sounds, in one channel or in both, without a fade on either side."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._beside, self._edge = (max(1, round(s * rate_hz)) for s in (BESIDE_S, EDGE_S))
        kinds = ((max(2, round(LEAST_S * rate_hz)), 0.0), (round(LONG_S * rate_hz), NOTHING))
        self._silences = [Silence(Runs(least), level, channel) for least, level in kinds for channel in range(channels)]
        self._past = np.zeros((channels, 0))
        self._at = 0
        self._waiting: list[tuple[Event, Floats]] = []
        self._events: list[Event] = []

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._past, block], axis=1)
        first = self._at - self._past.shape[1]
        for silence in self._silences:
            self._waiting += silence.feed(block[silence.channel], seen[silence.channel], first, self._beside)
        self._at += block.shape[1]
        ready = [(hole, before) for hole, before in self._waiting if hole.start + hole.frames + self._beside <= self._at]
        self._waiting = [(hole, before) for hole, before in self._waiting if hole.start + hole.frames + self._beside > self._at]
        for hole, before in ready:
            end = hole.start + hole.frames - first
            self._judge(hole, before, seen[hole.channel, end:end + self._beside])
        self._past = seen[:, -2 * self._beside:]

    def _judge(self, hole: Event, before: Floats, after: Floats) -> None:
        if not len(before):
            return
        ends = (float(np.abs(before).max()), float(np.abs(after).max()))
        dead = np.abs(before[-self._edge:]).max() >= EDGE * ends[0] and np.abs(after[:self._edge]).max() >= EDGE * ends[1]
        if min(ends) >= LEAST_LEVEL and dead:
            self._events.append(hole)

    def end(self) -> Iterator[Finding]:
        for group in places(list(self._at_once(widest(self._events))), self._rate):
            time_s, duration_s = span_s(group, self._rate)
            longest_s = max(event.frames for event in group) / self._rate
            count = moments(group)
            yield Finding(kind="dropout", time_s=time_s, duration_s=duration_s, size=1e3 * longest_s, unit="ms", severity="act",
                          channel=sides(group, self._channels),
                          text=f"{times(count, 'hole', 'holes')} in the sound, {'the longest ' if count > 1 else ''}of {length_text(longest_s)}. "
                               "Ask for a new export, or repair it before anything else.")

    def _at_once(self, events: list[Event]) -> Iterator[Event]:
        """Without what is long and in one channel alone."""
        for event in events:
            others = [other for other in events if other.channel != event.channel
                      and other.start < event.start + event.frames and event.start < other.start + other.frames]
            if event.frames <= ALONE_S * self._rate or self._channels == 1 or others:
                yield event


class Silence:
    """Stretches of one channel that are no louder than `level`, each with what lies before it."""

    def __init__(self, runs: Runs, level: float, channel: int) -> None:
        self.channel = channel
        self._runs, self._level = runs, level
        self._before: dict[int, Floats] = {}

    def feed(self, block: Floats, seen: Floats, first: int, beside: int) -> Iterator[tuple[Event, Floats]]:
        """Those that ended in `block`, the end of `seen`, whose first frame is `first` of the song."""
        def before(start: int) -> Floats:
            return seen[max(0, start - first - beside):start - first].copy()

        found = list(self._runs.feed(np.abs(block) <= self._level))
        known, at = self._before, self._runs.open_at
        self._before = {} if at is None else {at: known[at] if at in known else before(at)}
        for start, frames in found:
            yield Event(start, frames, 0.0, self.channel), known[start] if start in known else before(start)


def widest(events: list[Event]) -> list[Event]:
    """Without what lies inside another of the same channel: exact zeros in a hole of next to nothing."""
    found: list[Event] = []
    for event in sorted(events, key=lambda event: (event.channel, event.start, -event.frames)):
        if not (found and found[-1].channel == event.channel and event.start + event.frames <= found[-1].start + found[-1].frames):
            found.append(event)
    return found


def length_text(seconds: float) -> str:
    """ "6.3 ms", "1.00 s", "1:05.000"."""
    if seconds < 0.5:
        return f"{1e3 * seconds:.1f} ms"
    return f"{seconds:.2f} s" if seconds < 60 else clock(seconds)
