"""Axes of the plots: value to pixel and back, which values get a line, and what their labels say. Knows no Qt."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log, log10
from typing import overload

import numpy as np
from numpy.typing import NDArray

MINUS = "\N{MINUS SIGN}"
Floats = NDArray[np.float64]

FREQUENCY_LABELS_HZ = (20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0)
FREQUENCY_EXTRAS_HZ = (30.0, 16000.0)
DB_STEPS = (0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0)
TIME_STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
EDGE_SLACK = 1e-9


@dataclass(frozen=True)
class Tick:
    """A grid line: its value, where it lies in pixels, its label ("" for a line without one), and its weight."""

    value: float
    px: float
    label: str
    major: bool


@dataclass(frozen=True)
class Axis:
    """Maps `low`..`high` to `low_px`..`high_px`; `log` in equal ratios. A dB axis has low_px below, so low_px > high_px."""

    low: float
    high: float
    low_px: float
    high_px: float
    log: bool = False

    def __post_init__(self) -> None:
        if not (isfinite(self.low) and isfinite(self.high) and self.low < self.high):
            raise ValueError(f"an axis cannot go from {self.low} to {self.high}; the low end must be finite and under the high one")
        if self.log and self.low <= 0:
            raise ValueError(f"a log axis cannot start at {self.low}; its low end must be over 0")

    @overload
    def px(self, value: float) -> float: ...
    @overload
    def px(self, value: Floats) -> Floats: ...
    def px(self, value: float | Floats) -> float | Floats:
        """Pixel of a value, or of each of an array. Not clipped; a log axis takes values over 0."""
        span = self.high_px - self.low_px
        if not self.log and not isinstance(value, np.ndarray):
            return float(self.low_px + (value - self.low) / (self.high - self.low) * span)
        if self.log:
            ratio = np.log(np.asarray(value) / self.low) / log(self.high / self.low)
        else:
            ratio = (np.asarray(value) - self.low) / (self.high - self.low)
        px = self.low_px + ratio * span
        return px if isinstance(value, np.ndarray) else float(px)

    def value(self, px: float) -> float:
        """Value under a pixel; past the ends it goes on."""
        span = self.high_px - self.low_px
        norm = (px - self.low_px) / span if span else 0.0
        if self.log:
            return float(self.low * (self.high / self.low) ** norm)
        return self.low + norm * (self.high - self.low)

    def clipped_px(self, values: Floats) -> Floats:
        """Pixels of an array, always finite and within the axis: NaN and minus infinity lie at the low end."""
        return self.px(np.minimum(np.fmax(values, self.low), self.high))

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """Lowest and highest value, and their pixels."""
        return self.low, self.high, self.low_px, self.high_px

    def covers(self, value: float) -> bool:
        """Whether the value lies on the axis, both ends included."""
        slack = EDGE_SLACK * (self.high - self.low)
        return self.low - slack <= value <= self.high + slack

    def moved(self, low: float, high: float) -> "Axis":
        """The same pixels showing another range."""
        return Axis(low, high, self.low_px, self.high_px, self.log)


def frequency_label(hz: float) -> str:
    """ "50", "1k", "2.5k": no unit, the axis is read as Hz."""
    return f"{hz:g}" if hz < 1000 else f"{hz / 1000:g}k"


def db_label(db: float, plus: bool = True) -> str:
    """ "+3", "0", "−12", with a decimal only where the value has one."""
    rounded = round(db, 2)
    if rounded == 0:
        return "0"
    sign = MINUS if rounded < 0 else "+" if plus else ""
    return f"{sign}{abs(rounded):g}"


def time_label(seconds: float, step_s: float) -> str:
    """ "0:30", "1:02:30"; under a second of step with as many decimals as the step needs."""
    decimals = max(0, ceil(-log10(step_s) - EDGE_SLACK)) if step_s < 1 else 0
    whole = round(abs(seconds), decimals)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(int(minutes), 60)
    tail = f"{rest:0{3 + decimals if decimals else 2}.{decimals}f}"
    sign = MINUS if seconds < 0 and whole else ""
    return f"{sign}{hours}:{minutes:02d}:{tail}" if hours else f"{sign}{minutes}:{tail}"


def frequency_ticks(axis: Axis, min_gap_px: float = 44.0) -> list[Tick]:
    """Lines at 1 to 9 of each decade, decades major; labels at 1, 2, 5 and where there is room at 30 and 16k too."""
    values = [digit * 10.0 ** decade for decade in range(floor(log10(axis.low)), ceil(log10(axis.high)) + 1) for digit in range(1, 10)]
    values = sorted({v for v in (*values, *FREQUENCY_EXTRAS_HZ) if axis.covers(v)})
    labelled = _labelled_frequencies(axis, min_gap_px)
    return [Tick(v, axis.px(v), frequency_label(v) if v in labelled else "", _is_decade(v)) for v in values if _is_line(v) or v in labelled]


def _labelled_frequencies(axis: Axis, min_gap_px: float) -> set[float]:
    chosen: list[float] = []
    ordered = (*(v for v in FREQUENCY_LABELS_HZ if _is_decade(v)), *(v for v in FREQUENCY_LABELS_HZ if not _is_decade(v)),
               *FREQUENCY_EXTRAS_HZ)
    ends = sorted((axis.low_px, axis.high_px))
    for value in ordered:
        if not axis.covers(value):
            continue
        px = axis.px(value)
        inside = ends[0] + min_gap_px / 3 <= px <= ends[1] - min_gap_px / 3
        if inside and all(abs(px - axis.px(other)) >= min_gap_px for other in chosen):
            chosen.append(value)
    return set(chosen)


def _is_decade(hz: float) -> bool:
    return abs(log10(hz) - round(log10(hz))) < EDGE_SLACK


def _is_line(hz: float) -> bool:
    digit = hz / 10.0 ** floor(log10(hz) + EDGE_SLACK)
    return abs(digit - round(digit)) < EDGE_SLACK


def db_step(axis: Axis, min_gap_px: float = 34.0) -> float:
    """Smallest of the usual dB steps whose lines stand at least `min_gap_px` apart."""
    per_db = abs(axis.high_px - axis.low_px) / (axis.high - axis.low)
    largest = DB_STEPS[-1]
    return next((step for step in DB_STEPS if step * per_db >= min_gap_px), largest * ceil(min_gap_px / per_db / largest))


def db_ticks(axis: Axis, min_gap_px: float = 34.0, step: float | None = None, plus: bool = True, unit: str = "") -> list[Tick]:
    """Lines at multiples of a dB step, zero major. `unit` follows the uppermost label only."""
    step = step or db_step(axis, min_gap_px)
    values = [i * step for i in range(ceil(axis.low / step - EDGE_SLACK), floor(axis.high / step + EDGE_SLACK) + 1)]
    labels = [db_label(v, plus) for v in values]
    if unit and labels:
        labels[-1] = f"{labels[-1]} {unit}"
    return [Tick(v, axis.px(v), label, v == 0) for v, label in zip(values, labels, strict=True)]


def time_ticks(axis: Axis, min_gap_px: float = 110.0, minor: int = 5) -> list[Tick]:
    """Labelled lines at a round time step on an axis of seconds, and `minor` - 1 plain ones between them."""
    per_s = abs(axis.high_px - axis.low_px) / (axis.high - axis.low)
    step = next((s for s in TIME_STEPS_S if s * per_s >= min_gap_px), TIME_STEPS_S[-1] * ceil(min_gap_px / per_s / TIME_STEPS_S[-1]))
    fine = step / (minor if step not in (15.0, 30.0, 60.0) else 3)
    count = round(step / fine)
    first, last = ceil(axis.low / fine - EDGE_SLACK), floor(axis.high / fine + EDGE_SLACK)
    return [Tick(i * fine, axis.px(i * fine), time_label(i * fine, step) if i % count == 0 else "", i % count == 0)
            for i in range(first, last + 1)]


def clock_text(seconds: float, decimals: int = 3) -> str:
    """A position as the transport writes it: "2:13.709"."""
    return time_label(seconds, 10.0 ** -decimals if decimals else 1.0)


def rising(values: Sequence[float]) -> Floats:
    """Each value once, the smallest first. (numpy's `unique` loads a library of masked arrays at its first call, which is in the middle of a picture.)"""
    return np.array(sorted(set(values)), dtype=np.float64)
