"""Ten columns over one frequency axis, an octave each: what the meters by octave have in common."""
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme

Values = Sequence[float | None]
LABELS = ("31", "63", "125", "250", "500", "1k", "2k", "4k", "8k", "16k")
NOTHING: Values = (None,) * len(LABELS)
GAP, SCALE_ROOM, FOOT, HEAD = 4, 30, 18, 18


class OctaveColumns(Painted, QWidget):
    """Lays the columns out and writes what stands below them; whoever measures says how large it is and paints what stands in them."""

    def __init__(self, name: str, parent: QWidget | None, ground: str) -> None:
        super().__init__(parent)
        self.source = "master"
        self._columns: list[int] = []
        self._wide = 1
        self._right = 0
        self.set_up(name, ground, focus=False)

    def show_source(self, source: str) -> None:
        """What is heard."""
        if source != self.source:
            self.source = source
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        gap, room = theme.px(GAP), theme.px(SCALE_ROOM)
        self._wide = max(2, (self.width() - room - gap * (len(LABELS) - 1)) // len(LABELS))
        self._columns = [index * (self._wide + gap) for index in range(len(LABELS))]
        self._right = self._columns[-1] + self._wide

    def _draw_label(self, painter: QPainter, column: int) -> None:
        if told(column, self._wide):
            room = QRect(self._columns[column] - theme.px(4), self.height() - theme.px(FOOT), self._wide + 2 * theme.px(4), theme.px(FOOT))
            paint.text(painter, room, LABELS[column], "scale", "text3", paint.CENTER)

    def _draw_from_middle(self, painter: QPainter, x: int, y: int, middle: int, color: str) -> None:
        """A bar from the middle of a column to a value, with a cap at its end."""
        cap = theme.px(2)
        paint.fill(painter, QRect(x, min(y, middle), self._wide, abs(y - middle)), f"{color}_mid")
        paint.fill(painter, QRect(x, y - (cap if y > middle else 0), self._wide, cap), color)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Indicator


def told(column: int, wide: int) -> bool:
    """Whether a column has its label; every second one where they are too narrow for all."""
    return column % 2 == 1 or wide + theme.px(GAP) >= paint.text_width("250", "scale") + theme.px(4)
