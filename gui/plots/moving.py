"""A line that is given new heights many times a second and says where it looks different, because the rest need not be painted."""
import numpy as np
from PySide6.QtCore import QRect

from gui.plots.strokes import Floats, Numbers, Polyline

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
        moved = np.flatnonzero(np.abs(y - self._painted) > UNSEEN_PX)
        if not len(moved):
            return QRect()
        first, last = max(int(moved[0]) - 1, 0), min(int(moved[-1]) + 1, len(y) - 1)
        now, before = y[first:last + 1], self._painted[first:last + 1]
        top, bottom = int(min(now.min(), before.min())) - REACH_PX, int(max(now.max(), before.max())) + REACH_PX + 1
        left, right = int(self._x[first]) - REACH_PX, int(self._x[last]) + REACH_PX + 1
        self._painted[first:last + 1] = now
        return QRect(left, top, right - left, bottom - top)
