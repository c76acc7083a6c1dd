"""Typing a value: the field in the place of the number, and the sentence under it when the entry is wrong."""
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QTextOption
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from dsp_core.param import BadValue, Param
from gui.controls import access
from gui.controls.base import Painted
from gui.theme import paint, theme

STAY_REASONS = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


class Field(QLineEdit):
    """A line in a `well` with a 2 px frame. Enter or leaving it commits, Esc gives back."""

    committed = Signal(str)
    given_back = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget, name: str, role: str = "control_value") -> None:
        super().__init__(parent)
        self._role = role
        self._opened_at = 0.0
        self._open = False
        self.setFrame(False)
        self.setAccessibleName(name)
        self.setTextMargins(theme.px(2), 0, theme.px(2), 0)
        self.hide()
        theme.changed.connect(self._dress)
        self._dress()

    def open(self, text: str, area: QRect) -> None:
        """Shows the field with `text` selected."""
        self.setGeometry(area)
        self.setText(text)
        self.selectAll()
        self._opened_at = monotonic()
        self._open = True
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """Hides without committing and gives the focus back to what it belongs to."""
        self._open = False
        if self.hasFocus() and (owner := self.parentWidget()) is not None:
            owner.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self._open

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.committed.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.given_back.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if monotonic() - self._opened_at < QApplication.doubleClickInterval() / 1000:
            self.double_clicked.emit()
        else:
            super().mouseDoubleClickEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._open and event.reason() not in STAY_REASONS:
            self.committed.emit(self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint.outline(painter, self.rect(), "select", theme.px(2), 0)
        painter.end()

    def _dress(self) -> None:
        self.setFont(theme.font(self._role))
        palette = theme.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.color("well"))
        self.setPalette(palette)


class Sentence(Painted, QWidget):
    """One sentence under (or, at the lower edge of the window, over) the widget it is about. Lets the mouse through."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._about: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_up("", "raised", focus=False)
        self.hide()

    def tell(self, words: str, about: QWidget, area: QRect) -> None:
        """Shows `words` beside `area` of the widget `about`, and has them spoken."""
        window = about.window()
        self._words = words
        if self._about is None:
            self._about = about
            about.destroyed.connect(self.deleteLater)
        self.setParent(window)
        width = min(theme.px(300), window.width() - 2 * theme.px(4))
        pad = theme.px(8)
        bounds = theme.metrics("text").boundingRect(QRect(0, 0, width - 2 * pad, 1000), Qt.TextFlag.TextWordWrap, words)
        self.resize(round(bounds.width()) + 2 * pad + 2, round(bounds.height()) + 2 * pad)
        corner = area.translated(about.mapTo(window, QPoint(0, 0)))
        below = corner.bottom() + 1 + theme.px(4)
        y = below if below + self.height() <= window.height() else corner.top() - theme.px(4) - self.height()
        self.move(max(theme.px(4), min(corner.left(), window.width() - self.width() - theme.px(4))), y)
        self.setAccessibleName(words)
        self.show()
        self.raise_()
        access.announce(about, words, urgent=True)

    def words(self) -> str:
        """What it says while it is seen, else nothing."""
        return self._words if not self.isHidden() else ""

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.outline(painter, self.rect(), "danger_text", 1, 0)
        painter.setFont(theme.font("text"))
        painter.setPen(theme.color("danger_text"))
        pad = theme.px(8)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(self.rect().adjusted(pad, pad, -pad, -pad).toRectF(), self._words, wrap)


class ValueEntry:
    """Field and sentence of one value; both are made when they are first needed. `take` gets a value that is in range."""

    def __init__(self, owner: QWidget, param: Param, take: Callable[[float], None], reset: Callable[[], None]) -> None:
        self._owner = owner
        self._param = param
        self._take = take
        self._reset = reset
        self._current = param.default
        self._area = QRect()
        self.field: Field | None = None
        self.sentence: Sentence | None = None

    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self.field is not None and self.field.is_open()

    def wrong(self) -> str:
        """The sentence under a wrong entry, or nothing."""
        return self.sentence.words() if self.sentence is not None else ""

    def open(self, current: float, area: QRect, text: str = "", *, select: bool = True) -> None:
        """Opens the field over the number with `current` in it, or with `text`."""
        self._current, self._area = current, area
        if self.field is None:
            self.field = Field(self._owner, f"{self._owner.accessibleName()}, type a value")
            self.field.committed.connect(self._commit)
            self.field.given_back.connect(self._close)
            self.field.double_clicked.connect(self._to_default)
            self.field.textEdited.connect(self._hush)
        pad = theme.px(4)
        self.field.open(text or self._param.text(current), area.adjusted(-pad, 0, pad, 0))
        if not select:
            self.field.end(False)

    def tell(self, words: str) -> None:
        """Says what is wrong, under the field."""
        if self.sentence is None:
            self.sentence = Sentence()
        self.sentence.tell(words, self._owner, self._area.adjusted(-theme.px(4), 0, 0, 0))

    def _commit(self, text: str) -> None:
        try:
            value = self._param.parse(text, self._current)
        except BadValue as wrong:
            self.tell(str(wrong))
            return
        self._close()
        if value != self._current:
            self._take(value)

    def _to_default(self) -> None:
        self._close()
        self._reset()

    def _close(self) -> None:
        self._hush()
        if self.field is not None:
            self.field.put_away()

    def _hush(self) -> None:
        if self.sentence is not None:
            self.sentence.hide()
