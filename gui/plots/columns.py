"""New columns of a scrolling history: their values in device pixels, and how they are filled and edged. Few at a time, so no arrays."""
from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.axes import Axis
from gui.plots.song_data import runs
from gui.plots.strokes import line_width, polygon
from gui.theme.paint import SMOOTH

Values = list[float]
FEW = 16


@dataclass(frozen=True)
class Fresh:
    """Columns from pixel `left` on, one device pixel each. Lists of values hold one more: the column before them comes first."""

    left: int
    values: Mapping[str, Values]
    ratio: float

    def px(self, axis: Axis, db: Values) -> Values:
        """Device pixels of values along a vertical axis, always finite and on it: what is unknown lies at the low end."""
        low, high, start = axis.low, axis.high, axis.low_px * self.ratio
        scale = (axis.high_px - axis.low_px) / (high - low) * self.ratio
        return [start + ((value if value < high else high) - low) * scale if value > low else start for value in db]

    def fill(self, painter: QPainter, top: Values | float, bottom: Values | float, color: QColor) -> None:
        """Each column from `top` to `bottom`; nothing where top is not above bottom."""
        for index, (high, low) in enumerate(zip(self._rows(top), self._rows(bottom), strict=True)):
            if low > high:
                painter.fillRect(self.left + index, high, 1, low - high, color)

    def edge(self, painter: QPainter, axis: Axis, db: Values, color: QColor) -> None:
        """A line through the middles of the columns, from the middle of the one before; none where nothing is known."""
        painter.setRenderHint(SMOOTH, True)
        painter.setPen(QPen(color, line_width(self.ratio) * self.ratio))
        y = self.px(axis, db)
        if any(map(isnan, db)):
            for run in runs(~np.isnan(db)):
                self._line(painter, self.left - 0.5 + run.start, y[run])
        else:
            self._line(painter, self.left - 0.5, y)
        painter.setRenderHint(SMOOTH, False)

    def _line(self, painter: QPainter, left: float, y: Values) -> None:
        if len(y) <= FEW:
            painter.drawPolyline([QPointF(left + index, height) for index, height in enumerate(y)])
        else:
            painter.drawPolyline(polygon(left + np.arange(len(y)), np.array(y)))

    def _rows(self, edge: Values | float) -> list[int]:
        """Whole pixels of an edge for each new column."""
        return [round(edge)] * (len(self) - 1) if isinstance(edge, float) else [round(y) for y in edge[1:]]

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))


def with_start(columns: Mapping[str, Values], missing: int) -> dict[str, Values]:
    """The values with `missing` unknown columns in front; where the first of all is unknown it is as the one after it."""
    result = {}
    for name, column in columns.items():
        whole = [nan] * missing + column
        if len(whole) > 1 and isnan(whole[0]):
            whole[0] = whole[1]
        result[name] = whole
    return result
