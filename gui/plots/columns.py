"""New columns of a scrolling history: their values in device pixels, and how they are filled and edged. Few at a time, so no arrays to Qt."""
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.axes import Axis
from gui.plots.song_data import runs
from gui.plots.strokes import polygon
from gui.theme.paint import SMOOTH

Floats = NDArray[np.float64]
FEW = 16


@dataclass(frozen=True)
class Fresh:
    """Columns from pixel `left` on, one device pixel each. Arrays of values hold one more: the column before them comes first."""

    left: int
    values: Mapping[str, Floats]
    ratio: float

    def px(self, axis: Axis, db: Floats) -> Floats:
        """Device pixels of values along a vertical axis, always finite and on it."""
        return axis.clipped_px(db) * self.ratio

    def fill(self, painter: QPainter, top: Floats | float, bottom: Floats | float, color: QColor) -> None:
        """Each column from `top` to `bottom`; nothing where top is not above bottom."""
        tops, bottoms = self._rows(top), self._rows(bottom)
        for index, (high, low) in enumerate(zip(tops, bottoms, strict=True)):
            if low > high:
                painter.fillRect(self.left + index, high, 1, low - high, color)

    def edge(self, painter: QPainter, axis: Axis, db: Floats, color: QColor) -> None:
        """A line through the middles of the columns, from the middle of the one before; none where nothing is known."""
        painter.setRenderHint(SMOOTH, True)
        painter.setPen(QPen(color, 0 if self.ratio == 1 else self.ratio))
        y, unknown = self.px(axis, db), np.isnan(db)
        for run in runs(~unknown) if unknown.any() else (slice(0, len(y)),):
            self._line(painter, self.left - 0.5 + run.start, y[run])
        painter.setRenderHint(SMOOTH, False)

    def _line(self, painter: QPainter, left: float, y: Floats) -> None:
        if len(y) <= FEW:
            painter.drawPolyline([QPointF(left + index, height) for index, height in enumerate(y.tolist())])
        else:
            painter.drawPolyline(polygon(left + np.arange(len(y)), y))

    def _rows(self, edge: Floats | float) -> list[int]:
        """Whole pixels of an edge for each new column."""
        if isinstance(edge, float):
            return [round(edge)] * (len(self) - 1)
        return [round(y) for y in edge[1:].tolist()]

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))


def with_start(columns: Mapping[str, Floats], missing: int) -> dict[str, Floats]:
    """The values with `missing` unknown columns in front; where the first of all is unknown it is as the one after it."""
    result = {}
    for name, column in columns.items():
        whole = np.concatenate([np.full(missing, np.nan), column]) if missing else column.copy()
        if len(whole) > 1 and np.isnan(whole[0]):
            whole[0] = whole[1]
        result[name] = whole
    return result
