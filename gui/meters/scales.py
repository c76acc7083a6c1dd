"""Where a level stands on a meter: fractions of the height from the top, straight between the named levels. Knows no Qt."""
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mastering_rt.measure.scales import PpmScale

MINUS: Final = "\N{MINUS SIGN}"
RULED_PER_DB: Final = 50
FULL_SCALE: Final = "FS"          # over the last mark a programme meter goes on to full scale, so that a loud master does not pin it
PPM_FOOT_DB: Final = 4.0         # of scale under the last mark
PPM_FALLS: Final = {1: 20 / 1.5, 2: 24 / 2.8}
VU_LEVELS: Final = (3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0, -5.0, -7.0, -10.0, -20.0)
K_LEVELS: Final = (16.0, 12.0, 8.0, 4.0, 0.0, -4.0, -8.0, -12.0, -16.0, -20.0, -24.0, -30.0, -40.0)


class Scale:
    """Levels and their fractions, from the top down."""

    def __init__(self, *marks: tuple[float, float]) -> None:
        self.marks = marks
        self._depths = [-level for level, _ in marks]
        self.levels, self.shares = np.array([level for level, _ in marks], np.float64), np.array([share for _, share in marks], np.float64)
        self.lowest = marks[-1][0]

    def fraction(self, level: float | None) -> float:
        """Fraction of the height from the top, 0..1; the bottom for silence and for what is unknown."""
        if level is None or not level > self.lowest:
            return 1.0
        right = bisect_left(self._depths, -level)
        if right == 0:
            return 0.0
        (upper, top), (lower, bottom) = self.marks[right - 1], self.marks[right]
        return top + (upper - level) / (upper - lower) * (bottom - top)

    def ruled(self, top: int, bottom: int) -> NDArray[np.int32]:
        """The lines of the screen at which its levels stand between two of them, from the lowest on, RULED_PER_DB for each decibel: to look a
        level up is sooner done than to work it out, and that is asked for many times a picture."""
        highest = self.marks[0][0]
        levels = np.arange(round((highest - self.lowest) * RULED_PER_DB) + 1) / RULED_PER_DB + self.lowest
        rising = self.marks[::-1]
        shares = np.interp(levels, [level for level, _ in rising], [share for _, share in rising])
        return (top + np.rint(shares * (bottom - top))).astype(np.int32)


PEAK: Final = Scale((3, 0), (0, .08), (-3, .20), (-6, .31), (-9, .41), (-12, .50), (-18, .64), (-24, .75), (-36, .89), (-60, 1))
LOUDNESS: Final = Scale((-3, 0), (-6, .10), (-9, .22), (-12, .33), (-15, .44), (-18, .55), (-23, .70), (-30, .84), (-40, .94), (-59, 1))
PEAK_LEVELS: Final = (0, -3, -6, -9, -12, -18, -24, -36, -60)
FEW_PEAK_LEVELS: Final = (0, -3, -6, -12, -24, -60)
LOUDNESS_LEVELS: Final = (-6, -9, -12, -15, -18, -23, -30, -40)
REDUCTION_RANGES: Final = (6.0, 9.0, 12.0, 18.0)


def reduction_range(largest_db: float | None) -> float:
    """The range of a reduction meter for a song whose largest reduction is known; chosen when the song is measured, fixed while it plays."""
    wanted = 9.0 if largest_db is None else largest_db
    return next((step for step in REDUCTION_RANGES if wanted <= step), REDUCTION_RANGES[-1])


def reduction_marks(range_db: float) -> tuple[float, ...]:
    """Levels written at a reduction meter."""
    step = 2.0 if range_db == 6.0 else range_db / 3
    return tuple(step * index for index in range(round(range_db / step) + 1))


@dataclass(frozen=True)
class Face:
    """What a needle meter looks like: its title, its marks (words and dBFS), where its zero stands, and how fast it comes down when the
    sound ends."""

    title: str
    scale: Scale
    marks: tuple[tuple[str, float], ...]
    zero_dbfs: float
    unit: str = "dB"
    step_db: float = 1.0
    counts_from_dbfs: float = 0.0
    fall_db_per_s: float = 100.0
    signed: bool = True
    alert_dbfs: float | None = None      # where loud begins, a second line
    kind: int = 0                # of a programme meter: 1 or 2

    def reading(self, dbfs: float) -> float:
        """A level in the numbers of this face."""
        return (dbfs - self.counts_from_dbfs) / self.step_db


def ppm_face(scale: PpmScale) -> Face:
    """A programme meter, its marks as far apart as their decibels."""
    bottom, top = scale.marks[-1][1], 0.0
    zero = next((dbfs for words, dbfs in scale.marks if words == ("4" if scale.id == "bbc" else "0")), top)
    marks = proper(((FULL_SCALE, 0.0), *scale.marks))
    return Face(scale.title, Scale((top, 0), (bottom - PPM_FOOT_DB, 1)), marks, zero, scale.unit, scale.step_db, scale.zero_dbfs,
                PPM_FALLS[scale.kind], scale.id != "bbc", kind=scale.kind)


def vu_face(reference_dbfs: float) -> Face:
    """A VU meter: even in voltage, as the needle moves, so that 0 stands at 71 % of the height."""
    full = 10 ** (VU_LEVELS[0] / 20)
    marks = [(reference_dbfs + level, 1 - 10 ** (level / 20) / full) for level in VU_LEVELS]
    return Face(f"VU, {reference_dbfs:g} dBFS".replace("-", MINUS), Scale(*marks, (reference_dbfs - 60, 1)),
                tuple((signed(level), reference_dbfs + level) for level in VU_LEVELS), reference_dbfs, "VU", 1.0, reference_dbfs, 60.0)


def k_face(headroom_db: int) -> Face:
    """A K meter: zero at 20, 14 or 12 dB under full scale, 60 % of the height from the bottom."""
    levels = [float(headroom_db), *(level for level in K_LEVELS if level < headroom_db)]
    scale = Scale((0, 0), (-headroom_db, .4), (-headroom_db - 24, .88), (-headroom_db - 40, 1))
    return Face(f"K-{headroom_db}", scale, tuple((signed(level), level - headroom_db) for level in levels), -headroom_db, "dB", 1.0, -headroom_db, 40.0,
                alert_dbfs=4.0 - headroom_db)


def signed(level: float) -> str:
    """ "+3", "0", "−20"."""
    return f"{level:+g}".replace("-", MINUS) if level else "0"


def proper(marks: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """With true minus signs."""
    return tuple((words.replace("-", MINUS), dbfs) for words, dbfs in marks)
