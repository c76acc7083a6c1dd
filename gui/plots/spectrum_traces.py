"""What stands in a plot of spectra: the lines of one source, and where the data lies."""
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from gui.plots.axes import Axis
from mastering_rt.measure.eye import LiveLine

Floats = NDArray[np.float64]
Place = tuple[int, int, int, int]            # x, y, width, height
LOW_HZ, HIGH_HZ = 20.0, 20000.0


class Trace:
    """One source's spectrum, as handed over and as pixels."""

    def __init__(self) -> None:
        self.hz: Floats = np.empty(0)
        self.db: Floats = np.empty(0)
        self.hold_db: Floats | None = None
        self.line = LiveLine()
        self.hold_line = LiveLine()
        self.axes: tuple[Axis, Axis] | None = None
        self._x = np.empty(0)
        self._x_of: tuple[Floats, Axis] | None = None

    def map(self, frequencies: Axis, levels: Axis, offset_db: float) -> None:
        """Pixels for these axes, all of them to be painted."""
        self.axes = (frequencies, levels)
        if self._x_of is None or self._x_of[0] is not self.hz or self._x_of[1] != frequencies:
            self._x_of = (self.hz, frequencies)
            self._x = frequencies.px(self.hz) if len(self.hz) else self.hz
        self.line.lay(self._x, levels.ends, self.db, offset_db)
        if self.hold_db is not None:
            self.hold_line.lay(self._x, levels.ends, self.hold_db, offset_db)

    def follow(self, offset_db: float, asked: Place | None) -> Place | None:
        """Other values at the same frequencies and axes; gives where they look different, together with what is `asked` for already."""
        asked = self.line.follow(self.db, offset_db, asked)
        return asked if self.hold_db is None else self.hold_line.follow(self.hold_db, offset_db, asked)


@dataclass(frozen=True, eq=False)
class Places:
    """Where the data of a plot lies, for its width and height, the height of the scale under it, dB shown and the uppermost of them."""

    key: tuple[int, int, int, float, float]
    area: QRect
    axes: tuple[Axis, Axis]

    @classmethod
    def of(cls, key: tuple[int, int, int, float, float]) -> "Places":
        width, height, strip, range_db, top_db = key
        area = QRect(0, 0, width, max(1, height - strip))
        frequencies = Axis(LOW_HZ, HIGH_HZ, area.left(), area.left() + area.width(), log=True)
        return cls(key, area, (frequencies, Axis(top_db - range_db, top_db, area.top() + area.height(), area.top())))

    @property
    def frequencies(self) -> Axis:
        return self.axes[0]

    @property
    def levels(self) -> Axis:
        return self.axes[1]
