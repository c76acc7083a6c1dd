"""What the song view shows, without a window: the visible range, series over song time, findings. Knows no Qt."""
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray

from gui.plots.axes import Axis
from mastering_rt.measure.overview import Overview

Floats = NDArray[np.float64]

SMALLEST_SPAN_FRAMES = 256.0
LOUDNESS_SPAN_LU = 28.0
LOUDNESS_TOP_LUFS = -4.0
LOUDNESS_SHIFT_LU = 6.0
REDUCTION_RANGES_DB = (6.0, 9.0, 12.0, 18.0, 24.0)
PSR_RANGE_DB = (2.0, 20.0)
LANES = ("loudness", "psr")                  # what the lane under the wave shows


@dataclass(frozen=True)
class Finding:
    """Something worth a look at a place in the song; `act` asks for a decision, else it is a note."""

    frame: int
    sentence: str
    act: bool = False

    @property
    def brief(self) -> str:
        """What is said in the plot: the fact, without what explains it."""
        return self.sentence.partition(". ")[0]


@dataclass(frozen=True, eq=False)
class Series:
    """A measured value every `hop_frames` of the song, the first at frame 0. NaN is unknown, minus infinity silence."""

    values: Floats
    hop_frames: float

    def largest(self, edges: Floats) -> Floats:
        """Largest known value between each pair of frames; NaN where nothing is known."""
        return self._gather(edges, np.fmax)

    def smallest(self, edges: Floats) -> Floats:
        """Smallest known value between each pair of frames; NaN where nothing is known."""
        return self._gather(edges, np.fmin)

    def _gather(self, edges: Floats, choose: np.ufunc) -> Floats:
        result = np.full(len(edges) - 1, np.nan)
        if not len(self.values):
            return result
        index = edges / self.hop_frames
        inside = np.flatnonzero((index[1:] > 0) & (index[:-1] < len(self.values)))
        if not len(inside):
            return result
        lows = np.clip(np.floor(index[:-1][inside]).astype(np.intp), 0, len(self.values) - 1)
        highs = np.clip(np.ceil(index[1:][inside]).astype(np.intp), lows + 1, len(self.values))
        padded = np.append(self.values, np.nan)
        result[inside] = choose.reduceat(padded, np.stack([lows, highs], axis=1).ravel())[::2]
        return result


class View:
    """The part of the song that is shown, in frames; zooms about a point and never leaves the song."""

    def __init__(self) -> None:
        self.total = 0.0
        self.first = 0.0
        self.last = 0.0

    def set_total(self, frames: int) -> None:
        """A song of this length, shown whole."""
        self.total = float(frames)
        self.first, self.last = 0.0, self.total

    @property
    def span(self) -> float:
        """Frames shown."""
        return self.last - self.first

    @property
    def whole(self) -> bool:
        """Whether the whole song is shown."""
        return self.span >= self.total

    def show(self, first: float, last: float) -> bool:
        """Show a range as far as the song has it; whether anything changed."""
        span = min(max(last - first, min(SMALLEST_SPAN_FRAMES, self.total)), self.total)
        middle = (first + last) / 2
        start = min(max(middle - span / 2, 0.0), self.total - span)
        if (start, start + span) == (self.first, self.last):
            return False
        self.first, self.last = start, start + span
        return True

    def zoom(self, factor: float, at_frame: float) -> bool:
        """Show `factor` times as much (under 1 is closer), keeping `at_frame` where it is on the screen."""
        span = min(max(self.span * factor, min(SMALLEST_SPAN_FRAMES, self.total)), self.total)
        share = (at_frame - self.first) / self.span if self.span else 0.0
        start = min(max(at_frame - share * span, 0.0), self.total - span)
        return self.show(start, start + span)

    def pan(self, frames: float) -> bool:
        """Move by some frames, stopping at the ends."""
        start = min(max(self.first + frames, 0.0), self.total - self.span)
        return self.show(start, start + self.span)

    def follow(self, frame: float) -> bool:
        """Turn the page if a playhead has left it."""
        if self.whole or self.first <= frame < self.last:
            return False
        return self.pan(frame - self.first)


@dataclass
class SongScene:
    """Everything the song view paints. `heard` is "mix", "master" or "ref"; what is in `stale` belongs to older settings."""

    rate: int = 48000
    view: View = field(default_factory=View)
    overviews: dict[str, Overview] = field(default_factory=dict)
    loudness: dict[str, Series] = field(default_factory=dict)
    psr: dict[str, Series] = field(default_factory=dict)
    reduction: Series | None = None
    lane: str = LANES[0]
    stale: set[str] = field(default_factory=set)
    heard: str = "master"
    master_name: str = "Master"
    blind: bool = False
    findings: list[Finding] = field(default_factory=list)
    loop: tuple[int, int] | None = None
    loop_on: bool = False
    coming: tuple[str, float | None] | None = None      # what brings a song, and how far it is
    covered_px: tuple[tuple[float, float], ...] = ()     # of the ruler, where no time is written

    @property
    def other(self) -> str:
        """The source drawn as a line beside the heard one."""
        return "master" if self.heard == "mix" else "mix"

    def seconds(self, width: float) -> Axis:
        """Time axis over `width` pixels, in seconds."""
        return Axis(self.view.first / self.rate, self.view.last / self.rate, 0, width)

    def frame_at(self, px: float, width: float) -> int:
        """Frame under a pixel, within the song."""
        frame = self.view.first + px / max(width, 1) * self.view.span
        return round(min(max(frame, 0.0), self.view.total))

    def px_of(self, frame: float, width: float) -> float:
        """Pixel of a frame; may lie outside what is shown."""
        return (frame - self.view.first) / self.view.span * width if self.view.span else 0.0


@dataclass(frozen=True)
class Parts:
    """Where the lanes lie, in logical pixels: each ends where the next begins; data ends at `data_right`, scales stand behind it."""

    width: int
    data_right: int
    ruler: int
    wave: int
    loudness: int
    reduction: int


def parts_of(width: int, height: int, ruler: int, wave: int, loudness: int, reduction: int, gutter: int) -> Parts:
    """Lanes for a size: what is over or short of the usual heights goes to the wave, which keeps at least 24."""
    wave = max(24, wave + height - (ruler + wave + loudness + reduction))
    return Parts(width, max(1, width - gutter), ruler, ruler + wave, ruler + wave + loudness, ruler + wave + loudness + reduction)


def loudness_range(*series: Series | None) -> tuple[float, float]:
    """dB range of the loudness lane: −32 to −4 LUFS, or lower in whole steps for a song that never comes near the top."""
    tops = [np.nanmax(s.values) for s in series if s is not None and np.isfinite(s.values).any()]
    loudest = max((float(t) for t in tops if np.isfinite(t)), default=LOUDNESS_TOP_LUFS)
    shifts = max(0, ceil((LOUDNESS_TOP_LUFS - 8.0 - loudest) / LOUDNESS_SHIFT_LU))
    top = LOUDNESS_TOP_LUFS - LOUDNESS_SHIFT_LU * shifts
    return top - LOUDNESS_SPAN_LU, top


def reduction_range(series: Series | None) -> float:
    """Depth of the reduction lane in dB, the smallest of the usual ones that holds the song's largest reduction."""
    known = series.values[np.isfinite(series.values)] if series is not None else np.empty(0)
    most = float(known.max()) if len(known) else 0.0
    return next((r for r in REDUCTION_RANGES_DB if most <= r), REDUCTION_RANGES_DB[-1])


def runs(known: NDArray[np.bool_]) -> list[slice]:
    """The unbroken stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def place_sentences(flags: list[tuple[float, float]], labels: list[tuple[float, float]], left: float, right: float,
                    gap: float, covered: Sequence[tuple[float, float]] = ()) -> tuple[list[float | None], set[int]]:
    """Where each flag's sentence starts, and which labels give way to one.

    `flags` are (centre, width of the sentence), `labels` the (start, stop) of time labels. A sentence stands right of its flag,
    else left of it, else right in place of labels, never over another flag, sentence or what is `covered`; None where there is no room.
    """
    taken = [*((x - gap, x + gap) for x, _ in flags), *covered]
    starts: list[float | None] = []
    hidden: set[int] = set()
    for x, width in flags:
        sides = (x + gap, x - gap - width)
        free = [s for s in sides if left <= s and s + width <= right and not _hits((s, s + width), taken, x, gap)]
        clear = [s for s in free if not any(_overlap((s, s + width), label) for label in labels)]
        start = next(iter(clear or free), None)
        starts.append(start)
        if start is not None:
            taken.append((start - gap / 2, start + width + gap / 2))
            hidden |= {i for i, label in enumerate(labels) if _overlap((start - gap / 2, start + width + gap / 2), label)}
    return starts, hidden


def _hits(span: tuple[float, float], taken: list[tuple[float, float]], x: float, gap: float) -> bool:
    return any(_overlap(span, other) for other in taken if other != (x - gap, x + gap))


def _overlap(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] < b[1] and b[0] < a[1]
