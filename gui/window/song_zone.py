"""The song zone: transport, time and legend over the view of the whole song."""
from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from gui.controls.base import Painted
from gui.controls.transport import Transport
from gui.plots.song_markers import MarkedSongView
from gui.theme import paint, theme

NAMES = {"mix": "Mix", "master": "Master"}


class Legend(Painted, QWidget):
    """Which colour is what: a box where it is filled because it is heard, a line where it is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heard = "master"
        self.set_up("Legend", "panel", focus=False)

    def show_heard(self, heard: str) -> None:
        """What is filled."""
        if heard != self.heard:
            self.heard = heard
            self.update()

    def entries(self) -> tuple[tuple[str, str, bool], ...]:
        """(words, colour, filled) from left to right."""
        reduction = "Gain reduction" if theme.density == "comfortable" else "GR"
        return (("Mix", "mix", self.heard == "mix"), ("Master", "master", self.heard == "master"), (reduction, "gr", True))

    def measure(self) -> None:
        marks = theme.px(14 + 6) * 3 + theme.px(16) * 2
        self.setFixedSize(marks + sum(paint.text_width(words, "text") for words, _, _ in self.entries()), theme.px(24))

    def draw(self, painter: QPainter, area: QRect) -> None:
        x, middle = 0, self.height() // 2
        for words, color, filled in self.entries():
            size = theme.px(11)
            if filled:
                paint.fill(painter, QRect(x + theme.px(2), middle - size // 2, size, size), f"{color}_mid")
            else:
                paint.fill(painter, QRect(x, middle - 1, theme.px(14), 2), color)
            x += theme.px(14 + 6)
            width = paint.text_width(words, "text")
            paint.text(painter, QRect(x, 0, width, self.height()), words, "text", "text2")
            x += width + theme.px(16)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return f"{NAMES[self.heard]} is filled, the other a line"


class SongZone(Painted, QWidget):
    """`transport` and `view` ask for themselves; this only puts them in their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.transport = Transport(self)
        self.legend = Legend(self)
        self.view = MarkedSongView(self)
        self.set_up("Song", "panel", focus=False)

    def show_heard(self, heard: str) -> None:
        """What is filled, here and in the view."""
        self.legend.show_heard(heard)
        self.view.set_heard(heard)

    def show_blind(self, blind: bool) -> None:
        """The wave in grey, and nothing said of sources."""
        self.legend.setVisible(not blind)
        self.view.set_blind(blind)

    def measure(self) -> None:
        self.place()

    def resizeEvent(self, event: object) -> None:
        self.place()

    def place(self) -> None:
        """Header above, view below."""
        header, margin = theme.px(theme.sizes.song_header), theme.px(12)
        self.legend.measure()
        self.legend.move(self.width() - margin - self.legend.width(), (header - self.legend.height()) // 2)
        self.transport.setGeometry(theme.px(8), 0, max(1, self.legend.x() - 2 * margin), header)
        self.view.setGeometry(0, header, self.width(), max(1, self.height() - header))
