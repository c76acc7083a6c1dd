"""New columns of a scrolling history: the pixels that keep the past, and how their values are filled and edged."""
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor, QImage

from gui.plots.axes import Axis
from gui.theme import theme
from mastering_rt.measure.eye import Columns, Scale

Values = list[float]


class Strip:
    """A picture whose columns are drawn one behind the other. `pixels` are its memory, rows by columns."""

    def __init__(self, width: int = 1, height: int = 1) -> None:
        self.width, self.height = width, height
        self.pixels = np.zeros((height, width), np.uint32)
        self.image = QImage(self.pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self.columns = Columns(self.pixels)

    def move_back(self, by: int) -> None:
        """The columns stand so much further left; the last ones are worthless."""
        self.pixels[:, :-by] = self.pixels[:, by:].copy()


@dataclass(frozen=True)
class Fresh:
    """Columns of a strip from pixel `left` on, one device pixel each. Lists of values hold one more: the column before them comes first."""

    strip: Strip
    left: int
    values: Mapping[str, Values]
    ratio: float

    def scale(self, axis: Axis) -> Scale:
        """Device pixels of a vertical axis."""
        return Scale(axis.low, axis.high, axis.low_px * self.ratio, axis.high_px * self.ratio)

    def fill(self, scale: Scale, top: Values | float, bottom: Values | float, color: QColor) -> None:
        """Each column between two values in dB, one for all or one for each; nothing where top is not above bottom."""
        self.strip.columns.fill(self.left, scale, top, bottom, color.rgb())

    def edge(self, scale: Scale, db: Values, color: QColor) -> None:
        """A line through the middles of the columns, from the middle of the one before; none where nothing is known."""
        self.strip.columns.edge(self.left, scale, db, color.rgb(), theme.px(1) * self.ratio)

    def block(self, index: int, top: int, height: int, color: QColor) -> None:
        """Some pixels of one column, from row `top` on."""
        self.strip.columns.block(self.left + index, top, top + height, color.rgb())
