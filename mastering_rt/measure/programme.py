"""Everything that is measured of one programme, as it comes and in little memory, however long it lasts."""
import math
from collections.abc import Sequence

import numpy as np

from mastering_rt.measure.bins import BINS_PER_S, Bins, Floats, Grown, Windows, running_sum
from mastering_rt.measure.distribution import percentiles_lufs
from mastering_rt.measure.dynamics import correlation, dbfs, difference_db, peak_to_loudness_db, rms_dbfs
from mastering_rt.measure.loudness import SHORT_TERM_BINS, STEP_BINS, Loudness, lufs
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.scales import AES17_DB
from mastering_rt.measure.true_peak import EXACT_DB, error_bar_db

SAME_CHANNELS = 1e-12            # a side so far under the mid is what rounding leaves of two like channels
SURROUND = 1.41                  # BS.1770: a channel between 60 and 120 degrees beside the listener is 1.5 dB louder
WEIGHTS = {                      # channels in the order of WAV files; the LFE channel does not count
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, SURROUND, SURROUND),
    5: (1.0, 1.0, 1.0, SURROUND, SURROUND),
    6: (1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, SURROUND, SURROUND),         # 7.1: back at 135 to 150 degrees, then side
}


class UnknownLayout(ValueError):
    """A number of channels that does not tell where they stand."""


def channel_weights(channels: int) -> tuple[float, ...]:
    """BS.1770 weights for a number of channels. Raises UnknownLayout."""
    if channels not in WEIGHTS:
        *most, last = WEIGHTS
        raise UnknownLayout(f"{channels} channels have no layout that BS.1770 gives weights for; "
                            f"{', '.join(map(str, most))} or {last} can be measured")
    return WEIGHTS[channels]


def pairs(channels: int) -> list[slice]:
    """Which channels share a meter: two by two, the last one alone where their number is odd."""
    return [slice(first, min(first + 2, channels)) for first in range(0, channels, 2)]


class Programme:
    """A programme of `channels` at `rate` Hz: feed the bins of its meters, one per pair of channels; read the report at any time.

    An hour keeps 0.6 MB. Raises UnknownLayout.
    """

    def __init__(self, rate: int, channels: int = 2) -> None:
        self.rate, self.channels = rate, channels
        self.loudness = Loudness()
        self.frames = self.clipped_samples = self.faults = 0
        self.least_psr_db = math.nan
        self.least_psr_at_s: float | None = None
        self.psr_steps = Grown()                     # dB, every 100 ms from 3 s on; NaN where it is too quiet
        self.true_peak_at_s: float | None = None
        self.exact_true_peak: float | None = None                      # linear, where the detector of the meters is not right
        self._weights = np.asarray(channel_weights(channels))
        self._energy, self._total = np.zeros(channels), np.zeros(channels)
        self._peak, self._true_peak = np.zeros(channels), np.zeros(channels)
        self._cross = 0.0
        self._peaks = Windows(SHORT_TERM_BINS, maxima=True)

    def feed(self, parts: Sequence[Bins]) -> None:
        """Take the next bins, as many from each meter."""
        if not len(parts[0]):
            return
        frames = parts[0]["frames"]
        before_s = self.loudness.seconds
        true_peak = self._of_channels(parts, "true_peak")
        self.frames += int(frames.sum())
        self.clipped_samples += int(self._of_channels(parts, "clipped").sum())
        self.faults += int(sum(part["faults"].sum() for part in parts))
        self._energy = running_sum(self._energy, self._of_channels(parts, "energy"))
        self._total = running_sum(self._total, self._of_channels(parts, "total"))
        self._cross = float(running_sum(np.array([self._cross]), parts[0]["cross"][:, np.newaxis])[0])
        self._peak = np.maximum(self._peak, self._of_channels(parts, "peak").max(axis=0))
        if true_peak.max() > self._true_peak.max():
            self.true_peak_at_s = before_s + int(true_peak.max(axis=1).argmax()) / BINS_PER_S
        self._true_peak = np.maximum(self._true_peak, true_peak.max(axis=0))
        of_3_s = self.loudness.feed(self._of_channels(parts, "k_energy") @ self._weights, frames)
        self._take_psr(self._peaks.feed(true_peak.max(axis=1)), of_3_s)

    def _of_channels(self, parts: Sequence[Bins], name: str) -> Floats:
        """One field as (bins, channels)."""
        both: Floats = np.concatenate([part[name] for part in parts], axis=1)
        return both[:, :self.channels]

    def _take_psr(self, peaks: Floats, of_3_s: Floats) -> None:
        psr = peak_to_loudness_db(peaks, lufs(of_3_s))
        first = self.loudness.bins - SHORT_TERM_BINS - len(psr) + 1        # how many windows came before
        self.psr_steps.append(psr[-first % STEP_BINS::STEP_BINS])
        if np.isnan(psr).all():
            return
        least = int(np.nanargmin(psr))
        if not psr[least] >= self.least_psr_db:
            self.least_psr_db = float(psr[least])
            self.least_psr_at_s = self.loudness.seconds - (len(psr) - 1 - least + SHORT_TERM_BINS) / BINS_PER_S

    @property
    def true_peak(self) -> float:
        """Linear, of all channels, as the detector of the meters reads it."""
        return float(self._true_peak.max())

    @property
    def correlation(self) -> float | None:
        """Of the first two channels, over the whole programme; None for mono and where one of them is silent."""
        if self.channels == 1 or not (self._energy[:2] > 0).all():
            return None
        return correlation(self._cross, *self._energy[:2])

    @property
    def balance_db(self) -> float | None:
        """Left over right of the first two channels; None for mono and where one of them is silent."""
        if self.channels == 1 or not (self._energy[:2] > 0).all():
            return None
        return 10 * math.log10(self._energy[0] / self._energy[1])

    @property
    def width_db(self) -> float | None:
        """Side over mid of the first two channels; None for mono, and where mid or side is silent."""
        if self.channels == 1:
            return None
        both = float(self._energy[:2].sum())
        mid, side = both + 2 * self._cross, both - 2 * self._cross
        return 10 * math.log10(side / mid) if mid > 0 and side > mid * SAME_CHANNELS else None

    def report(self, path: str = "") -> FileReport:
        """The numbers so far as those of a whole file."""
        loudness = self.loudness
        rms = rms_dbfs(float(self._energy.sum()), self.frames * self.channels)
        integrated = loudness.integrated_lufs()
        exact = self.exact_true_peak
        true_peak, peak = dbfs(self.true_peak if exact is None else exact), dbfs(float(self._peak.max()))
        return FileReport(
            path=path,
            sample_rate_hz=self.rate,
            channels=self.channels,
            duration_s=self.frames / self.rate,
            integrated_lufs=integrated,
            loudness_range_lu=loudness.range_lu(ended=True),
            max_momentary_lufs=loudness.max_momentary_lufs,
            max_short_term_lufs=loudness.max_short_term_lufs,
            true_peak_dbtp=true_peak,
            sample_peak_dbfs=peak,
            plr_db=difference_db(true_peak, integrated),
            psr_min_db=None if math.isnan(self.least_psr_db) else self.least_psr_db,
            crest_db=difference_db(peak, rms),
            correlation=self.correlation,
            dc_offset_dbfs=dbfs(float(np.abs(self._total).max()) / self.frames) if self.frames else None,
            clipped_samples=self.clipped_samples,
            max_momentary_at_s=loudness.max_momentary_at_s,
            max_short_term_at_s=loudness.max_short_term_at_s,
            true_peak_at_s=self.true_peak_at_s,
            true_peak_error_db=error_bar_db(self.rate) if exact is None else EXACT_DB,
            true_peak_exact=exact is not None,
            psr_min_at_s=self.least_psr_at_s,
            rms_dbfs=rms,
            rms_aes17_dbfs=None if rms is None else rms + AES17_DB,
            balance_db=self.balance_db,
            width_db=self.width_db,
            dc_channels_percent=tuple(100 * float(total) / self.frames for total in self._total) if self.frames else None,
            momentary_percentiles_lufs=percentiles_lufs(loudness.blocks),
            short_term_percentiles_lufs=percentiles_lufs(loudness.windows))
