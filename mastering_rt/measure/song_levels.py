"""Loudness and peaks of a whole song with their curves and places, from the bins of a meter. Everything is worked out when asked for."""
from functools import cached_property

import numpy as np

from mastering_rt.measure.bins import BINS_PER_S, Bins, Floats
from mastering_rt.measure.dynamics import psr_db
from mastering_rt.measure.loudness import MOMENTARY_BINS, SHORT_TERM_BINS, momentary_lufs, short_term_lufs, weighted_energy
from mastering_rt.measure.programme import Programme
from mastering_rt.measure.report import FileReport


class SongLevels:
    """Of stereo `bins` at `rate_hz`. Curves have one value per bin of 10 ms, of the time that ends with it; NaN before there is one,
    minus infinity in silence. Frames count from the start of the song."""

    def __init__(self, bins: Bins, rate_hz: int) -> None:
        self.bins, self.rate_hz = bins, rate_hz

    @cached_property
    def report(self) -> FileReport:
        """The numbers: I, LRA, largest M and S, true and sample peak, PLR, least PSR, crest, correlation, offset, clipped samples."""
        found = Programme(self.rate_hz)
        found.feed([self.bins])
        return found.report()

    @cached_property
    def momentary_lufs(self) -> Floats:
        """Loudness of the last 400 ms, in LUFS."""
        return self._placed(momentary_lufs(weighted_energy(self.bins), self.bins["frames"]), MOMENTARY_BINS)

    @cached_property
    def short_term_lufs(self) -> Floats:
        """Loudness of the last 3 s, in LUFS."""
        return self._placed(short_term_lufs(weighted_energy(self.bins), self.bins["frames"]), SHORT_TERM_BINS)

    @cached_property
    def psr_db(self) -> Floats:
        """True peak of the last 3 s less their loudness, in dB; NaN under -70 LUFS, too."""
        return self._placed(psr_db(self.bins), SHORT_TERM_BINS)

    @property
    def max_momentary_frame(self) -> int | None:
        """Where the loudest 400 ms begin."""
        return self._begin(self.momentary_lufs, MOMENTARY_BINS)

    @property
    def max_short_term_frame(self) -> int | None:
        """Where the loudest 3 s begin."""
        return self._begin(self.short_term_lufs, SHORT_TERM_BINS)

    @property
    def true_peak_frame(self) -> int | None:
        """The first frame of the 10 ms that hold the highest true peak."""
        peaks = self.bins["true_peak"].max(axis=1) if len(self.bins) else np.zeros(1)
        return self.frame_of(int(peaks.argmax())) if peaks.max() > 0 else None

    def frame_of(self, bin_index: int) -> int:
        """The first frame of a bin."""
        return bin_index * self.rate_hz // BINS_PER_S

    def _begin(self, curve: Floats, length: int) -> int | None:
        known = np.where(np.isnan(curve), -np.inf, curve)
        if not len(known) or not np.isfinite(known.max()):
            return None
        return self.frame_of(int(known.argmax()) + 1 - length)

    def _placed(self, windows: Floats, length: int) -> Floats:
        """Each window at the bin with which it ends."""
        curve = np.full(len(self.bins), np.nan)
        curve[length - 1:length - 1 + len(windows)] = windows
        return curve
