"""What a render will write, from the pass of the whole song that is known already: loudness, peaks, and how many samples will be cut."""
from dataclasses import dataclass

import numpy as np

from mastering_rt.measure.bins import BINS_PER_S, Bins
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.song_levels import SongLevels
from mastering_rt.offline.measured import Measured
from mastering_rt.session.model import Bits

FIGURES = 3                      # of the count that are told: dither and the last bit decide about the rest


@dataclass(frozen=True)
class Expected:
    """levels: of the sound before it becomes whole numbers. clipped_samples: about so many will be cut at full scale; 0 for floats."""

    levels: FileReport
    clipped_samples: int

    @property
    def over(self) -> bool:
        """Whether it passes full scale, between the samples at least."""
        return self.levels.true_peak_dbtp is not None and self.levels.true_peak_dbtp > 0


def expected(measured: Measured, bits: Bits, span: tuple[int, int] | None = None) -> Expected:
    """Of the whole song, or of the frames of `span`, to within its first and last 10 ms."""
    if span is None:
        return Expected(measured.master.report, clipped_in(measured.master.bins, bits))
    first, last = (frame * BINS_PER_S // measured.rate_hz for frame in span)
    part = measured.master.bins[first:max(last, first + 1)]
    return Expected(SongLevels(part, measured.rate_hz).report, clipped_in(part, bits))


def clipped_in(bins: Bins, bits: Bits) -> int:
    """Samples that whole numbers of so many bits cannot hold, to three figures: the meter counts them from the largest of 16 bits on, in 10 ms
    in which any passes the largest of these."""
    if bits.endswith("f"):
        return 0
    largest = 1.0 - 2.0 ** (0.5 - int(bits))
    count = int(bins["clipped"][bins["peak"] > largest].sum(dtype=np.int64))
    return round(count, FIGURES - len(str(count))) if count else 0
