"""A line of text in a form, in the colours of a choice."""
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.theme import paint, theme


class Entry(QLineEdit):
    """As high as the other controls of a form; a ring of its own while it has the keyboard."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setAccessibleName(name)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme.font("text_medium"))
        self.setFixedHeight(theme.px(26))
        self.setTextMargins(theme.px(6), 0, theme.px(6), 0)
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.color("well"))
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self.hasFocus():
            paint.outline(painter, self.rect(), "select", theme.px(2), 0)
        else:
            paint.outline(painter, self.rect(), "line", 1, 0)
        painter.end()
