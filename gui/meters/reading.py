"""What the meters are shown: plain numbers, before the matching gain, always. Knows no Qt.

A number that cannot be known is None; silence is minus infinity.
"""
from dataclasses import dataclass, field
from math import inf
from typing import Any

Pair = tuple[float, float]
SILENT: Pair = (-inf, -inf)


@dataclass(slots=True, kw_only=True)             # not frozen: to make one that is costs three times as much
class Reading:
    """One look at the heard source, taken 60 times a second. Nobody changes one.

    time_s: a clock that only goes forward (monotonic), from which falls and holds are computed.
    peak_dbfs, true_peak_dbtp: largest of left and right since the reading before. rms_dbfs: over 300 ms.
    reduction_db: gain reduction of the whole chain, >= 0. fed: whether the chain is bypassed but still listens.
    points: left and right samples for the phase scope, an array of shape (n, 2), or None.
    """

    time_s: float
    peak_dbfs: Pair = SILENT
    rms_dbfs: Pair = SILENT
    true_peak_dbtp: Pair = SILENT
    momentary_lufs: float | None = None
    short_term_lufs: float | None = None
    integrated_lufs: float | None = None
    measuring: bool = False
    other_momentary_lufs: float | None = None
    other_short_term_lufs: float | None = None
    reduction_db: float = 0.0
    fed: bool = False
    correlation: float | None = None
    balance_db: float | None = None
    side_mid_db: float | None = None
    psr_db: float | None = None
    points: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SongNumbers:
    """A whole song, measured in the background. `unknown` says why a number is missing, by field name."""

    integrated_lufs: float | None = None
    loudness_range_lu: float | None = None
    true_peak_dbtp: float | None = None
    max_short_term_lufs: float | None = None
    max_momentary_lufs: float | None = None
    psr_min_db: float | None = None
    reduction_max_db: float | None = None
    stale: bool = False
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def plr_db(self) -> float | None:
        """Peak to loudness ratio: true peak less integrated loudness."""
        if self.true_peak_dbtp is None or self.integrated_lufs is None:
            return None
        return self.true_peak_dbtp - self.integrated_lufs
