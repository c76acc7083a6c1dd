"""Planes and words: the ground that zones stand on, and text that is not a control."""
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.controls.base import Painted
from gui.theme import paint, theme
from gui.theme.sizes import Weight


class Plane(Painted, QWidget):
    """A zone: one plain colour, no border."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.set_up("", ground, focus=False)


class Words(Painted, QWidget):
    """One line of text, cut where it does not fit; or several with `wrap`."""

    def __init__(self, words: str = "", parent: QWidget | None = None, *, role: str = "text", color: str = "text2", ground: str = "panel",
                 align: Qt.AlignmentFlag = paint.LEFT, weight: Weight | None = None, wrap: bool = False) -> None:
        super().__init__(parent)
        self.words = words
        self._role = role
        self._color = color
        self._align = align
        self._weight = weight
        self._wrap = wrap
        self._reserved = ""
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.set_up(words, ground, focus=False)

    def reserve(self, widest: str) -> None:
        """Keeps room for this text, so that nothing moves sideways while the words change."""
        self._reserved = widest
        self.measure()

    def show_words(self, words: str, color: str = "") -> None:
        """Other words, in another ink where one is given."""
        if words != self.words or (color and color != self._color):
            self.words = words
            self._color = color or self._color
            self.setAccessibleName(words)
            self.measure()
            self.update()

    def measure(self) -> None:
        self.setMinimumHeight(self._line_height())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        widest = max(paint.text_width(words, self._role, self._weight) for words in (self.words, self._reserved))
        return QSize(0 if self._wrap else widest, self._line_height())

    def _line_height(self) -> int:
        return round(theme.metrics(self._role, self._weight).height())

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        return paint.paragraph_height(self.words, width, self._role, self._weight) + 1

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self._wrap:
            paint.text(painter, self.rect(), self.words, self._role, self._color, self._align, self._weight)
            return
        paint.paragraph(painter, self.rect(), self.words, self._role, self._color, self._align, self._weight)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText
