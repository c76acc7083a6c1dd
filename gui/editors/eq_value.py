"""Numbers of the equaliser that stand by themselves, in the table's cells and in the row above the plot."""
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.controls.value_hand import ValueHand
from gui.theme import paint, theme
from gui.theme.sizes import Weight

LINE, HANDLE = 2, (3, 5)


class TableValue(ValueHand):
    """One number of a band: no label, no track; `prefix` stands before it."""

    ring_gap = 0

    def __init__(self, param: Param, name: str, parent: QWidget, role: str, *, prefix: str = "", align: Qt.AlignmentFlag = paint.LEFT,
                 weight: Weight | None = None) -> None:
        self.role = role
        self.prefix = prefix
        self.align = align
        self.weight = weight
        self.weak = False
        super().__init__(param, name, parent, "panel")

    def value_area(self) -> QRect:
        return self.rect()

    def natural_width(self) -> int:
        """Room for the text and for a short one to be typed."""
        return max(paint.text_width(self.words(), self.role, self.weight) + 2 * theme.px(4), theme.px(52))

    def words(self) -> str:
        """Prefix and value."""
        return self.prefix + self.value_text()

    def show_ground(self, ground: str, weak: bool) -> None:
        """The plane it lies on, and whether its band is off."""
        if (ground, weak) != (self.ground, self.weak):
            self.ground, self.weak = ground, weak
            self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.hover_share or self.dragging:
            paint.rounded(painter, self.rect(), "control" if self.dragging else self.plane(self.ground, "hover"))
        color = "off" if self.weak else "text" if self.align == paint.LEFT else "text2"
        inner = self.rect().adjusted(theme.px(4), 0, -theme.px(4), 0)
        paint.text(painter, inner, self.words(), self.role, color, self.align, self.weight)


class HeaderValue(TableValue):
    """A number of the whole equaliser in the row above it, as wide as its longest text."""

    def __init__(self, param: Param, name: str, prefix: str, parent: QWidget) -> None:
        super().__init__(param, name, parent, "text_medium", prefix=prefix)

    def measure(self) -> None:
        if hasattr(self, "param"):
            longest = paint.text_width(self.prefix + self.param.text(self.param.high), self.role)
            self.setFixedSize(longest + 2 * theme.px(8), theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        """Over a line as every value has it, which what opens a menu has not."""
        super().draw(painter, area)
        high = theme.px(LINE)
        line = QRect(theme.px(4), self.height() - high - 1, self.width() - 2 * theme.px(4), high)
        paint.fill(painter, line, theme.groove)
        at = round(self.param.to_norm(self.value) * line.width())
        paint.fill(painter, QRect(line.x(), line.y(), at, high), "off" if self.weak else "text2")
        handle = QRect(line.x() + at - theme.px(HANDLE[0]) // 2, self.height() - theme.px(HANDLE[1]), *map(theme.px, HANDLE))
        paint.fill(painter, handle, "off" if self.weak else "select")
