"""The figures on the meters while it plays, for mix and master alike, from the audio thread's 10 ms records."""
from dataclasses import dataclass, replace
from math import inf, log10, sqrt

import numpy as np

from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.loudness import SHORT_TERM_BINS, LiveLoudness
from mastering_rt.playback.telemetry import Records

RMS_BINS = 30                    # 300 ms, of correlation and balance too
STEP_BINS = 4                    # 40 ms; a bar that stands for 300 ms and more moves no finer to the eye
FLOOR_DBFS = -70.0               # below this there is no correlation to speak of


def db(gain: float) -> float:
    """Decibels of a linear level; minus infinity for silence."""
    return 20 * log10(gain) if gain > 0 else -inf


@dataclass(frozen=True)
class Levels:
    """Of one source, now. Peaks are the largest since the last reading; loudness None while it cannot be measured."""

    peak_db: tuple[float, float] = (-inf, -inf)
    true_peak_db: tuple[float, float] = (-inf, -inf)
    rms_db: tuple[float, float] = (-inf, -inf)
    top_true_peak_db: float = -inf
    momentary_lufs: float | None = None
    short_term_lufs: float | None = None
    integrated_lufs: float | None = None
    range_lu: float | None = None
    correlation: float | None = None
    balance_db: float | None = None          # left over right
    side_mid_db: float | None = None
    psr_db: float | None = None              # largest true peak of the last 3 s less their loudness
    clipped: int = 0


class SourceMeter:
    """Running figures of one source. `reset` begins the integrated ones anew."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._loudness = LiveLoudness()
        self._sums, self._peaks = _Last(RMS_BINS, 4), _Last(SHORT_TERM_BINS, 1)
        self._top, self._clipped = 0.0, 0
        self._waiting: list[Bins] = []
        self._slow = Levels()

    def feed(self, bins: Bins) -> Levels:
        """Take the next bins; gives the reading. Peaks are of these bins; whatever looks back over more than a picture follows in steps
        of some bins, because it costs the same for one bin as for many."""
        if len(bins):
            self._top = max(self._top, float(bins["true_peak"].max()))
            self._clipped += int(bins["clipped"].sum())
            self._waiting.append(bins)
        if sum(len(waiting) for waiting in self._waiting) >= STEP_BINS:
            self._slow = self._look_back(np.concatenate(self._waiting))
            self._waiting = []
        peaks = bins["peak"].max(axis=0) if len(bins) else np.zeros(2)
        true_peaks = bins["true_peak"].max(axis=0) if len(bins) else np.zeros(2)
        return replace(self._slow, peak_db=_pair(peaks), true_peak_db=_pair(true_peaks), top_true_peak_db=db(self._top), clipped=self._clipped)

    def _look_back(self, bins: Bins) -> Levels:
        self._loudness.feed(bins)
        self._sums.feed(np.column_stack([bins["energy"], bins["cross"], bins["frames"]]))
        self._peaks.feed(bins["true_peak"].max(axis=1, keepdims=True))
        sums, now = self._sums.values.sum(axis=0), self._loudness.now
        correlation, balance, side_mid = _stereo(sums)
        short_term = now.short_term_lufs
        return Levels(rms_db=_rms(sums), momentary_lufs=now.momentary_lufs, short_term_lufs=short_term,
                      integrated_lufs=self._loudness.integrated_lufs, range_lu=self._loudness.range_lu, correlation=correlation,
                      balance_db=balance, side_mid_db=side_mid, psr_db=self._psr(short_term))

    def _psr(self, short_term_lufs: float | None) -> float | None:
        top = float(self._peaks.values.max(initial=0.0))
        return db(top) - short_term_lufs if short_term_lufs is not None and top > 0 else None


class _Last:
    """The newest rows of a stream, in memory that stays where it is."""

    def __init__(self, rows: int, columns: int) -> None:
        self._memory, self._count = np.zeros((rows, columns)), 0

    def feed(self, rows: Floats) -> None:
        rows = rows[-len(self._memory):]
        self._memory[:-len(rows)] = self._memory[len(rows):]
        self._memory[-len(rows):] = rows
        self._count = min(self._count + len(rows), len(self._memory))

    @property
    def values(self) -> Floats:
        return self._memory[len(self._memory) - self._count:]


def _pair(levels: Floats) -> tuple[float, float]:
    return db(float(levels[0])), db(float(levels[1]))


def _rms(sums: Floats) -> tuple[float, float]:
    """Of sums of left energy, right energy, cross product and frames."""
    return _pair(np.sqrt(sums[:2] / sums[3])) if sums[3] else (-inf, -inf)


def _stereo(sums: Floats) -> tuple[float | None, float | None, float | None]:
    """Correlation, balance and side over mid; None where there is too little sound."""
    left, right, cross, frames = (float(value) for value in sums)
    if not frames:
        return None, None, None
    floor = frames * 10 ** (FLOOR_DBFS / 10)
    mid, side = (left + right + 2 * cross) / 4, (left + right - 2 * cross) / 4
    return (cross / sqrt(left * right) if left > floor and right > floor else None,
            10 * log10(left / right) if left > floor and right > floor else None,
            10 * log10(side / mid) if mid > floor and side > 0 else None)


@dataclass(frozen=True)
class StageLevels:
    """Of one slot since the last reading."""

    in_peak_db: float = -inf
    out_peak_db: float = -inf
    reduction_db: float = 0.0
    measure: float = 0.0         # what MEASURES (dsp_core.params) says of the slot's kind, linear


@dataclass(frozen=True)
class Readings:
    """Everything the meters show at one moment."""

    mix: Levels = Levels()
    master: Levels = Levels()
    stages: tuple[StageLevels, ...] = ()

    @property
    def reduction_db(self) -> float:
        return sum(stage.reduction_db for stage in self.stages)


class LevelMeters:
    """Turns records into readings."""

    def __init__(self) -> None:
        self._mix, self._master = SourceMeter(), SourceMeter()
        self.readings = Readings()

    def reset(self) -> None:
        """Begin integrated loudness, range and largest peak anew."""
        self._mix.reset()
        self._master.reset()

    def feed(self, records: Records) -> Readings:
        """Take what came since the last call."""
        mix, master = self._mix.feed(records["mix"]), self._master.feed(records["master"])
        stages: tuple[StageLevels, ...] = ()
        if len(records):
            last = records[-1]
            slots = records["stage"][:, :int(last["stages"])]
            stages = tuple(StageLevels(db(float(s["in_peak"].max())), db(float(s["out_peak"].max())), float(s["reduction_db"].max()),
                                       float(s["measure"].max())) for s in slots.T)
        self.readings = Readings(mix, master, stages)
        return self.readings
