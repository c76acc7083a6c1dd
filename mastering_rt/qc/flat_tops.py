"""Clipped samples at full scale, and flat tops below it: a mix that was clipped and turned down afterwards."""
from collections.abc import Iterator

import numpy as np

from mastering_rt.measure.bins import Floats
from mastering_rt.measure.report import figure
from mastering_rt.qc.finding import Event, Finding, moments, places, sides, span_s, times
from mastering_rt.qc.runs import Runs

FULL_SCALE = 1.0 - 1.5 / 32768   # the largest 16-bit sample counts
LEAST_CLIPPED = 3                # samples in a row at full scale that no converter takes for music
LEAST_FLAT = 4
LEAST_LEVEL = 0.1                # flat tops under -20 dBFS are rounding
FEW, LONG = 3, 6                 # fewer at one height, and shorter ones, happen by chance
ONE_HEIGHT = 1.012               # 0.1 dB: what is cut at a ceiling and turned down as a whole stays at one height but for rounding and dither
SAME = 1.01 / 32768              # neighbours that close are equal in 16 bits
CORNER = 8.0                     # how much steeper than its top a wave must run into a flat top
MARGIN = 64                      # frames of the last block kept for the slopes beside a top


class Top(Event, frozen=True):
    """A cut top, and how much higher it would have been."""

    restore_db: float = 0.0


class FlatTops:
    """Both kinds, with the height that the cut tops would have had (a parabola through the slopes beside them)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._rate, self._channels = rate_hz, channels
        self._runs = [Runs(min(LEAST_CLIPPED, LEAST_FLAT) - 1) for _ in range(channels)]
        self._past = np.zeros((channels, 1))
        self._at = self._looked_at = 0
        self._clipped: list[Top] = []
        self._flat: list[Top] = []

    def feed(self, block: Floats) -> None:
        seen = np.concatenate([self._past, block], axis=1)
        first = self._at - self._past.shape[1]
        for channel in range(self._channels):
            fresh = seen[channel, self._looked_at - first - 1:-1]            # the last frame is only the slope behind a top
            same = (np.abs(np.diff(fresh)) <= SAME) & (np.abs(fresh[1:]) >= LEAST_LEVEL)
            for start, length in self._runs[channel].feed(same):
                self._judge(seen[channel], first, start - 1, length + 1, channel)
        self._at += block.shape[1]
        self._looked_at = self._at - 1
        keep = min(seen.shape[1], MARGIN + max(block.shape[1], 1))
        self._past = seen[:, -keep:]

    def _judge(self, wave: Floats, first: int, start: int, length: int, channel: int) -> None:
        """A stretch of equal samples: at full scale, a flat top, or only a slow wave.

        The last step up to the cut is itself cut short, and the one before it is steeper than the wave at its edge: the slope taken lies between.
        """
        begin, end = start - first, start - first + length
        if begin < 2 or end + 1 >= len(wave):
            return
        top = float(np.abs(wave[begin:end]).max())
        sign = 1.0 if wave[begin] > 0 else -1.0
        rise, fall = sign * (wave[begin] - wave[begin - 1]), sign * (wave[end - 1] - wave[end])
        before, behind = sign * (wave[begin - 1] - wave[begin - 2]), sign * (wave[end] - wave[end + 1])
        slopes = max(0.0, 0.5 * (rise + max(rise, before) + fall + max(fall, behind)))
        event = Top(start, length, top, channel, 20 * np.log10(1 + length * slopes / (8 * top)))
        if top >= FULL_SCALE and length >= LEAST_CLIPPED:
            self._clipped.append(event)
        elif length >= LEAST_FLAT and min(rise, fall) > 0 and max(rise, fall) > CORNER * SAME:
            self._flat.append(event)

    def end(self) -> Iterator[Finding]:
        for run in self._runs:
            for _ in run.end():
                pass
        for kind, events in (("clipped", self._clipped), ("flat_top", self._flat)):
            for group in places(events, self._rate):
                if kind == "flat_top" and max(event.frames for event in group) < LONG and not share_a_height(group):
                    continue
                yield self._finding(kind, group)

    def _finding(self, kind: str, group: list[Top]) -> Finding:
        time_s, duration_s = span_s(group, self._rate)
        longest = max(group, key=lambda event: event.frames)
        level_db = 20 * np.log10(max(event.size for event in group))
        count, headroom_db = moments(group), max(event.restore_db for event in group)
        what = times(count, "clipped peak", "clipped peaks") if kind == "clipped" else times(count, "flat top", "flat tops")
        remedy = "Ask for the mix before it was clipped" if count > 2 or longest.frames > 8 else "Listen whether it is heard"
        return Finding(kind=kind, time_s=time_s, duration_s=duration_s, size=float(longest.frames), unit="samples",
                       severity="act" if longest.frames > 8 or count > 10 else "look", channel=sides(group, self._channels),
                       text=f"{what} at {figure(level_db, 1, '')[0]} dBFS, {'the longest ' if count > 1 else ''}of {longest.frames} samples. "
                            f"{remedy}; about {headroom_db:.1f} dB over the cut would hold what is missing.")


def share_a_height(group: list[Top]) -> bool:
    """Whether FEW of them stand at one height, as a ceiling makes them; chance makes them at any."""
    by_height = sorted(group, key=lambda event: event.size)
    heights = np.array([event.size for event in by_height])
    ends = np.searchsorted(heights, ONE_HEIGHT * heights, "right")
    return any(moments(by_height[first:last]) >= FEW for first, last in enumerate(ends) if last - first >= FEW)
