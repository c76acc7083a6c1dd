"""All figures of what plays, source by source, since each began: the numbers that `analyze` gives of a file, from the same code."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.bands import Bands
from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.detail import K_BINS, WordUse
from mastering_rt.measure.distribution import histogram
from mastering_rt.measure.loudness import lufs
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.whole import Whole
from mastering_rt.playback.ears import Piece

FEED_BINS = 50                   # array work costs by the call; half a second is soon enough for what looks back over all
Pair = tuple[float, float]
SILENT: Pair = (-inf, -inf)
Frames = NDArray[np.float32]


@dataclass(frozen=True)
class Needling:
    """What moves with the music, in dBFS; a steady sine reads its peak. k_rms_dbfs: over 600 ms, the sine at its peak too."""

    ppm1_dbfs: Pair = SILENT
    ppm2_dbfs: Pair = SILENT
    vu_dbfs: Pair = SILENT
    k_rms_dbfs: Pair = SILENT
    peak_dbfs: Pair = SILENT
    dc_percent: Pair | None = None           # of the last 600 ms


class LiveSource:
    """One source. `feed` what its ear was told, `hear` its sound; `needling` is of the last picture, `report` of all since it began."""

    def __init__(self) -> None:
        self._rate = 0
        self.reset()

    def reset(self, rate: int = 0) -> None:
        """Another sound, at this rate; 0 keeps the one before."""
        self._rate = rate or self._rate
        self._run = -1
        self._whole = Whole(self._rate) if self._rate else None
        self._waiting: list[tuple[Bins, Bins]] = []
        self._last: list[Bins] = []
        self.needling = Needling()

    def feed(self, piece: Piece) -> None:
        """Take bins; those of another run begin anew."""
        if piece.run != self._run:
            self.reset()
            self._run = piece.run
        self._waiting.append((piece.bins, piece.needles))
        self._last.append(piece.bins)
        while len(self._last) > 1 and sum(map(len, self._last[1:])) >= K_BINS:
            self._last.pop(0)
        self.needling = self._needles(piece)
        if sum(len(bins) for bins, _ in self._waiting) >= FEED_BINS:
            self._catch_up()

    def hear(self, frames: Frames) -> None:
        """Take (frames, 2) of its sound."""
        if self._whole is not None and len(frames):
            self._whole.hear(np.ascontiguousarray(frames.T))

    def _needles(self, piece: Piece) -> Needling:
        needles = piece.needles
        last = np.concatenate(self._last)[-K_BINS:]
        frames = float(last["frames"].sum())
        rms, total = np.sqrt(2 * last["energy"].sum(axis=0) / frames), 100 * last["total"].sum(axis=0) / frames
        return Needling(_pair(needles["ppm1"].max(axis=0)), _pair(needles["ppm2"].max(axis=0)), _pair(needles["vu"].max(axis=0)), _pair(rms),
                        _pair(piece.bins["peak"].max(axis=0)), (float(total[0]), float(total[1])))

    def _catch_up(self) -> None:
        if self._waiting and self._whole is not None:
            self._whole.feed([np.concatenate([bins for bins, _ in self._waiting])], [np.concatenate([needles for _, needles in self._waiting])])
            self._waiting = []

    @property
    def known(self) -> bool:
        """Whether anything was heard."""
        return self._whole is not None and self._run >= 0

    def report(self) -> FileReport | None:
        """All since it began, as of a file that ends now; None before."""
        self._catch_up()
        return self._whole.report() if self._whole is not None and self.known else None

    @property
    def words(self) -> tuple[WordUse, ...]:
        """The bits in use, left and right."""
        self._catch_up()
        return self._whole.detail.words if self._whole is not None else (WordUse(), WordUse())

    def bands(self) -> Bands:
        """Octaves of the last two seconds."""
        return self._whole.bands.now() if self._whole is not None and self._whole.bands is not None else Bands()

    def short_term_lufs(self) -> Floats:
        """Loudness of 3 s, every 100 ms since 3 s after it began."""
        return lufs(self._whole.programme.loudness.windows) if self._whole is not None else np.empty(0)

    def psr_db(self) -> Floats:
        """Peak to short-term loudness, at the same times; NaN where it is too quiet."""
        return self._whole.programme.psr_steps.values if self._whole is not None else np.empty(0)

    def histograms(self, low_lufs: float, high_lufs: float) -> tuple[Floats, Floats]:
        """Shares of time of short-term and of momentary loudness, per LU."""
        if self._whole is None:
            return np.zeros(round(high_lufs - low_lufs)), np.zeros(round(high_lufs - low_lufs))
        loudness = self._whole.programme.loudness
        return histogram(loudness.windows, low_lufs, high_lufs), histogram(loudness.blocks, low_lufs, high_lufs)


class LiveFigures:
    """Mix, master, what is heard aside, and what comes out of the tapped stage. A further source is a further name."""

    SOURCES = ("mix", "master", "aside", "tap")

    def __init__(self) -> None:
        self._sources = {name: LiveSource() for name in self.SOURCES}
        self._rate = 0

    def of(self, source: str) -> LiveSource:
        """One of SOURCES."""
        return self._sources[source]

    def reset(self, rate: int = 0) -> None:
        """Forget everything; the engine runs at this rate from now on."""
        self._rate = rate or self._rate
        for source in self._sources.values():
            source.reset(self._rate)

    def feed(self, pieces: Sequence[Piece], frames: dict[str, Frames], rate: int) -> None:
        """What the ears were told since the last call, and the sound that goes with it, (frames, 2) of each source."""
        if rate != self._rate:
            self.reset(rate)
        for piece in pieces:
            self._sources[piece.source].feed(piece)
        for name, sound in frames.items():
            self._sources[name].hear(sound)


def _pair(levels: Floats) -> Pair:
    left, right = (20 * log10(level) if level > 0 else -inf for level in levels.tolist())
    return left, right
