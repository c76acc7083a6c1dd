"""Pop-up menus: Qt's own behaviour, our face. The pointed row lies on `hover`, what is chosen carries a tick, keys stand at the right."""
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from gui.theme import icons, paint, theme

WORDS_X = 28
PAD = 12


class Menu(QMenu):
    """A menu that is deleted when it closes; one that hangs on another goes with that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, not isinstance(parent, QMenu))
        self.setFont(theme.font("text"))

    def add(self, words: str, action: Callable[[], object], keys: str = "", *, enabled: bool = True, checked: bool | None = None) -> QAction:
        """One row; `keys` stand at the right, `checked` puts a tick before it."""
        row = self.addAction(f"{words}\t{keys}" if keys else words)
        row.triggered.connect(lambda _checked=False: action())
        row.setEnabled(enabled)
        if checked is not None:
            row.setCheckable(True)
            row.setChecked(checked)
        return row

    def open_at(self, place: QPoint) -> None:
        """Opens at a place of the screen and comes back at once."""
        self.popup(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.fill(painter, self.rect(), "raised")
        for row in self.actions():
            if row.isVisible():
                self._draw_row(painter, row, self.actionGeometry(row))
        paint.outline(painter, self.rect(), "edge", 1, 0)
        painter.end()

    def _draw_row(self, painter: QPainter, row: QAction, area: QRect) -> None:
        if row.isSeparator():
            paint.fill(painter, QRect(area.x() + PAD, area.center().y(), area.width() - 2 * PAD, 1), "line")
            return
        pointed = row == self.activeAction() and row.isEnabled()
        if pointed:
            paint.fill(painter, area, "hover")
        color = "text" if row.isEnabled() else "off"
        words, _, keys = row.text().partition("\t")
        inner = area.adjusted(WORDS_X, 0, -PAD, 0)
        if row.isChecked():
            icons.draw(painter, "tick", QPointF(area.x() + WORDS_X / 2, area.y() + area.height() / 2), color, 14)
        if row.menu() is not None:
            icons.draw(painter, "chevron_right", QPointF(inner.right() - 4, area.y() + area.height() / 2), "text2")
        taken = paint.text(painter, inner, keys, "scale", "text2" if pointed or not row.isEnabled() else "text3", paint.RIGHT) if keys else 0
        paint.text(painter, inner.adjusted(0, 0, -round(taken), 0), words.replace("&", ""), "text", color)
