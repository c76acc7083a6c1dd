"""Clipped samples at full scale, and flat tops below it: a mix that was clipped and turned down afterwards."""
from collections.abc import Iterator

import numpy as np

from mastering_rt.measure.bins import Floats
from mastering_rt.qc.finding import Event, Finding, places, sides, span_s, times
from mastering_rt.qc.runs import Runs

FULL_SCALE = 1.0 - 1.5 / 32768   # the largest 16-bit sample counts
LEAST_CLIPPED = 3                # samples in a row at full scale that no converter takes for music
LEAST_FLAT = 4
LEAST_LEVEL = 0.1                # flat tops under -20 dBFS are rounding
FEW, LONG = 3, 6                 # fewer and shorter flat tops than this happen by chance
SAME = 1.01 / 32768              # neighbours that close are equal in 16 bits
CORNER = 8.0                     # how much steeper than its top a wave must run into a flat top
MARGIN = 64                      # frames of the last block kept for the slopes beside a top


class FlatTops:
    """Both kinds, with the height that the cut tops would have had (a parabola through the slopes beside them)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._runs = [Runs(min(LEAST_CLIPPED, LEAST_FLAT) - 1) for _ in range(channels)]
        self._past = np.zeros((channels, 1))
        self._at = 0
        self._clipped: list[Event] = []
        self._flat: list[Event] = []
        self._restore_db: list[float] = []

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._past, block], axis=1)
        first = self._at - self._past.shape[1]
        for channel in range(self._channels):
            fresh = seen[channel, self._past.shape[1] - 1:]
            same = (np.abs(np.diff(fresh)) <= SAME) & (np.abs(fresh[1:]) >= LEAST_LEVEL)
            for start, length in self._runs[channel].feed(same):
                self._judge(seen[channel], first, start - 1, length + 1, channel)
        self._at += block.shape[1]
        keep = min(seen.shape[1], MARGIN + max(block.shape[1], 1))
        self._past = seen[:, -keep:]

    def _judge(self, wave: Floats, first: int, start: int, length: int, channel: int) -> None:
        """A stretch of equal samples: at full scale, a flat top, or only a slow wave."""
        begin, end = start - first, start - first + length
        if begin < 1 or end >= len(wave):
            return
        top = float(np.abs(wave[begin:end]).max())
        sign = 1.0 if wave[begin] > 0 else -1.0
        rise, fall = sign * (wave[begin] - wave[begin - 1]), sign * (wave[end - 1] - wave[end])
        event = Event(start, length, top, channel)
        if top >= FULL_SCALE and length >= LEAST_CLIPPED:
            self._clipped.append(event)
        elif length >= LEAST_FLAT and min(rise, fall) > 0 and max(rise, fall) > CORNER * SAME:
            self._flat.append(event)
        else:
            return
        self._restore_db.append(20 * np.log10(1 + length * max(rise + fall, 0.0) / (8 * top)))

    def end(self) -> Iterator[Finding]:
        for run in self._runs:
            for _ in run.end():
                pass
        headroom_db = float(np.percentile(self._restore_db, 95)) if self._restore_db else 0.0
        for kind, events in (("clipped", self._clipped), ("flat_top", self._flat)):
            for group in places(events, self._rate):
                if kind == "flat_top" and len(group) < FEW and max(event.frames for event in group) < LONG:
                    continue
                yield self._finding(kind, group, headroom_db)

    def _finding(self, kind: str, group: list[Event], headroom_db: float) -> Finding:
        time_s, duration_s = span_s(group, self._rate)
        longest = max(group, key=lambda event: event.frames)
        level_db = 20 * np.log10(max(event.size for event in group))
        what = times(len(group), "clipped peak", "clipped peaks") if kind == "clipped" else times(len(group), "flat top", "flat tops")
        remedy = "Ask for the mix before it was clipped" if len(group) > 2 or longest.frames > 8 else "Listen whether it is heard"
        return Finding(kind=kind, time_s=time_s, duration_s=duration_s, size=float(longest.frames), unit="samples",
                       severity="act" if longest.frames > 8 or len(group) > 10 else "look", channel=sides(group, self._channels),
                       text=f"{what} at {level_db:.1f} dBFS, the longest of {longest.frames} samples. {remedy}; about {headroom_db:.1f} dB "
                            "over the cut would hold what is missing.")
