"""A line that is given new heights many times a second and says where it looks different, because the rest need not be painted."""
import numpy as np
from PySide6.QtCore import QRect

from gui.plots.strokes import Floats, Numbers, Polyline
from mastering_rt.measure.eye import moved

REACH_PX = 2
UNSEEN_PX = 0.1                  # a line that moved less looks the same


class Moving(Polyline):
    """A line over rising x."""

    def __init__(self) -> None:
        super().__init__()
        self._x: Numbers = np.empty(0)
        self._painted: Floats = np.empty(0)

    def begin(self, x: Numbers, y: Floats) -> None:
        """Takes points that are to be painted whole."""
        self.put(x, y)
        self._x, self._painted = x, y.copy()

    def follow(self, y: Floats) -> QRect:
        """Takes other heights for the same x; gives what has to be painted for it, an empty rectangle where nothing is to be seen of it.

        One rectangle for all of it, because Qt copies pictures several times as fast into a rectangle as into a region of any other form.
        """
        self.put_y(y)
        found = moved(y, self._painted, UNSEEN_PX)
        if found is None:
            return QRect()
        first, last, highest, lowest = found
        left, right = int(self._x[first]) - REACH_PX, int(self._x[last]) + REACH_PX + 1
        top, bottom = int(highest) - REACH_PX, int(lowest) + REACH_PX + 1
        return QRect(left, top, right - left, bottom - top)
