"""Everything that is measured of a programme, offline and while it plays by the same code: a file, a mix, a master, a reference, a stage."""
from collections.abc import Sequence

from msgspec.structs import replace

from mastering_rt.measure.bands import CENTRES_HZ, BandMeter, Bands, Frames
from mastering_rt.measure.bins import Bins, Floats
from mastering_rt.measure.detail import Detail
from mastering_rt.measure.dynamics import dbfs, rms_dbfs
from mastering_rt.measure.programme import Programme
from mastering_rt.measure.report import FileReport
from mastering_rt.measure.scales import K_SYSTEM_DB, k_of


class Whole:
    """A programme of `channels` at `rate` Hz: feed its bins and those of its needles, hear its sound; `report` at any time.

    Whatever pieces it comes in, the numbers are the same. Raises UnknownLayout.
    """

    def __init__(self, rate: int, channels: int = 2) -> None:
        self.programme = Programme(rate, channels)
        self.detail = Detail(channels)
        self.bands = BandMeter(rate) if channels >= 2 else None

    def feed(self, parts: Sequence[Bins], needles: Sequence[Bins]) -> None:
        """Take the next bins of the meters and of the needles, as many from each."""
        self.programme.feed(parts)
        self.detail.feed(parts, needles)

    def hear(self, frames: Frames) -> None:
        """Take the next (2, frames) of the first two channels as float32."""
        if self.bands is not None:
            self.bands.push(frames)

    def end(self) -> None:
        """The sound is over."""
        if self.bands is not None:
            self.bands.end()

    def report(self, path: str = "") -> FileReport:
        """The numbers so far as those of a whole file."""
        return replace(self.programme.report(path), **detail_fields(self.detail), **band_fields(self.bands))


def detail_fields(detail: Detail) -> dict[str, object]:
    """What the detail adds to a report."""
    k_rms = rms_dbfs(float(detail.k_rms.max()), 1)
    words = detail.words
    lengths, finer = [word.length_bits or 0 for word in words], any(word.finer for word in words)
    return {
        "overs": int(detail.overs.sum()), "dr_db": detail.dynamic_range.db(), "dr_channels_db": detail.dynamic_range.channels_db(),
        "ppm_type1_max_dbfs": _top(detail.ppm1), "ppm_type2_max_dbfs": _top(detail.ppm2), "vu_max_dbfs": _top(detail.vu),
        **{f"k{headroom}_max_db": None if k_rms is None else k_of(k_rms, headroom) for headroom in K_SYSTEM_DB},
        "correlation_min": None if detail.least_correlation_at_s is None else detail.least_correlation,
        "correlation_min_at_s": detail.least_correlation_at_s,
        "bits_used": tuple(f"{word.mask:08x}" for word in words), "word_length_bits": None if finer else max(lengths) or None,
        "finer_than_32_bits": finer}


def band_fields(bands: BandMeter | None) -> dict[str, object]:
    """What the octaves add to a report; nothing for mono."""
    if bands is None:
        return {}
    whole: Bands = bands.whole()
    return {f"band_{name}": {f"{hz:g}": value for hz, value in zip(CENTRES_HZ, getattr(whole, name), strict=True)}
            for name in ("correlation", "width_db", "balance_db")}


def _top(readings: Floats) -> float | None:
    return dbfs(float(readings.max()))
