"""Progress: a neutral line of 4 px, and a job with its name, its state and its line."""
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.theme import icons, paint, theme

LINE = 4


class ProgressBar(Painted, QWidget):
    """0..1, white on the groove; never red, never coloured."""

    def __init__(self, parent: QWidget | None = None, *, name: str = "Progress", ground: str = "panel") -> None:
        super().__init__(parent)
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_up(name, ground, focus=False)

    def show_share(self, share: float) -> None:
        """How far it is; only what moved is painted."""
        share = min(max(share, 0.0), 1.0)
        before, after = round(self.share * self.width()), round(share * self.width())
        self.share = share
        if before != after:
            self.update(QRect(min(before, after) - 2, 0, abs(after - before) + 4, self.height()))
            access.tell_value(self, share)

    def measure(self) -> None:
        self.setFixedHeight(theme.px(LINE))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(LINE))

    def draw(self, painter: QPainter, area: QRect) -> None:
        paint.fill(painter, self.rect(), "control")
        paint.fill(painter, QRect(0, 0, round(self.share * self.width()), self.height()), "select")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ProgressBar

    def spoken_value(self) -> str:
        return f"{self.share * 100:.0f} %"

    def spoken_range(self) -> access.Range:
        return access.Range(self.share, 0.0, 1.0, 0.01)


class ProgressRow(Painted, QWidget):
    """A job: name and state above, a sentence below, then its line. Done, it carries a tick; failed, a danger sign and the reason."""

    def __init__(self, name: str, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.name = name
        self.state = "Waiting"
        self.sentence = ""
        self.mark = ""
        self.bar = ProgressBar(self, name=name, ground=ground)
        self.set_up(name, ground, focus=False)

    def show_name(self, name: str) -> None:
        """Another job, which waits."""
        self.name = name
        self.setAccessibleName(name)
        self.bar.setAccessibleName(name)
        self.show_state("Waiting", share=0.0)
        self.update()

    def show_state(self, state: str, sentence: str = "", *, share: float | None = None, mark: str = "") -> None:
        """`state` at the right ("62 %", "Read back"), `mark` one of "", "tick", "warning"."""
        if (state, sentence, mark) != (self.state, self.sentence, self.mark):
            self.state, self.sentence, self.mark = state, sentence, mark
            self.update()
        if share is not None:
            self.bar.show_share(share)

    def measure(self) -> None:
        self.setMinimumWidth(theme.px(220))
        self.setFixedHeight(theme.px(80))
        self._place()

    def resizeEvent(self, event: object) -> None:
        self._place()

    def _place(self) -> None:
        pad = theme.px(20)
        self.bar.setGeometry(pad, self.height() - theme.px(14) - theme.px(LINE), self.width() - 2 * pad, theme.px(LINE))

    def draw(self, painter: QPainter, area: QRect) -> None:
        pad = theme.px(20)
        first = QRect(pad, theme.px(13), self.width() - 2 * pad, theme.px(20))
        color = "danger_text" if self.mark == "warning" else "text3" if self.state == "Waiting" else "text"
        taken = paint.text(painter, first, self.state, "text", color, paint.RIGHT)
        if self.mark:
            icons.draw(painter, self.mark, QRect(first.right() - round(taken) - theme.px(22), first.y(), theme.px(16), first.height()).toRectF().center(), color)
        paint.text(painter, first.adjusted(0, 0, -round(taken) - theme.px(30), 0), self.name, "text_strong", "text")
        paint.text(painter, QRect(pad, theme.px(33), self.width() - 2 * pad, theme.px(20)), self.sentence, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def spoken_value(self) -> str:
        return f"{self.state}, {self.sentence}".rstrip(", ")
