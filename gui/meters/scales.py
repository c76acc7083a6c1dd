"""Where a level stands on a meter: fractions of the height from the top, straight between the named levels. Knows no Qt."""
from bisect import bisect_left
from typing import Final


class Scale:
    """Levels and their fractions, from the top down."""

    def __init__(self, *marks: tuple[float, float]) -> None:
        self.marks = marks
        self._depths = [-level for level, _ in marks]
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
