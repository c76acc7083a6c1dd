"""By how much two spectra differ, as a line on a scale of its own."""
import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gui.plots.axes import Axis
from gui.plots.moving import Moving
from gui.plots.spectrum_traces import Floats
from gui.plots.strokes import Polyline
from gui.theme import theme

DIFFERENCE_DB = 12.0             # to either side of the middle
DIFFERENCE_INK = "off"           # white is the hand's, and the hues are those of sources
NOTHING_DB = -100.0              # under the slope: where neither source has anything, there is no difference either
MOST_APART_DB = 40.0


class Difference:
    """Of spectra that move. `axes` are those of frequencies and of differences; for others, and after `forget`, all of it is to be painted."""

    def __init__(self) -> None:
        self._line = Moving()
        self._axes: tuple[Axis, Axis] | None = None

    def forget(self) -> None:
        """Other frequencies, or another match."""
        self._axes = None

    def follow(self, axes: tuple[Axis, Axis], apart_db: Floats | None) -> QRect | None:
        """Another difference, or none; gives where it looks different, None for all of it."""
        if self._axes != axes:
            return None
        return self._line.follow(axes[1].clipped_px(apart_db)) if apart_db is not None else QRect()

    def paint(self, painter: QPainter, axes: tuple[Axis, Axis], hz: Floats, apart_db: Floats) -> None:
        """The line as it was followed; for new axes these values at these frequencies."""
        if self._axes != axes:
            self._axes = axes
            self._line.begin(axes[0].px(hz), axes[1].clipped_px(apart_db))
        self._line.stroke(painter, theme.color(DIFFERENCE_INK))


def stroke_apart(painter: QPainter, axes: tuple[Axis, Axis], hz: Floats, apart_db: Floats) -> None:
    """A difference that stands."""
    line = Polyline()
    line.put(axes[0].px(hz), axes[1].clipped_px(apart_db))
    line.stroke(painter, theme.color(DIFFERENCE_INK))


def apart_of(before_db: Floats, after_db: Floats, matched_db: float, slope_db: Floats | float) -> Floats:
    """How much more there is after than before, at the levels they are compared at; nothing where neither has any sound."""
    quiet = np.maximum(before_db, after_db) - slope_db < NOTHING_DB
    with np.errstate(invalid="ignore"):
        apart = after_db - before_db + matched_db
    found: Floats = np.where(quiet | ~np.isfinite(apart), 0.0, np.clip(apart, -MOST_APART_DB, MOST_APART_DB))
    return found
