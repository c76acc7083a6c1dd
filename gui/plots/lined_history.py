"""A history whose level lane carries a level to drag."""
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.plots.axes import Axis
from gui.plots.history import HistoryPlot
from gui.plots.level_line import TAB_HEIGHT, LevelLine
from gui.plots.line_hand import LineHand
from gui.theme import theme


class LinedHistory(LineHand, HistoryPlot):
    """Mouse and picture of one `LevelLine` over a `HistoryPlot`."""

    def __init__(self, name: str, seconds: float, fields: Sequence[str], param: Param, parent: QWidget | None = None, *,
                 lowest: Sequence[str] = ()) -> None:
        super().__init__(name, seconds, fields, parent, lowest=lowest)
        self.line = LevelLine(param, self)
        self.line.edited.connect(lambda _value: self.line_moved())
        self.setMouseTracking(True)

    def show_line(self, value: float) -> None:
        """Where the level stands; emits nothing."""
        if self.line.show_value(value):
            self.line_moved()

    def line_moved(self) -> None:
        """The tab covers another figure of the scale."""
        self._ground.renew()
        self.renew_overlay()

    def covered(self, px: float) -> bool:
        return abs(px - self.levels.px(self.line.value)) < theme.px(TAB_HEIGHT - 2)

    def paint_overlay(self, painter: QPainter) -> None:
        area = self.level_area
        self.line.paint(painter, self.levels, area.left(), area.left() + area.width(), self.width() - theme.px(2))

    def line_axis(self) -> Axis:
        return self.levels

    def has_line_at(self, place: QPoint) -> bool:
        return QRect(0, self.level_area.top(), self.width(), self.level_area.height()).contains(place)
