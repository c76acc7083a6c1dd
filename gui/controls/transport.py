"""Start, play and loop, and the time they are at."""
from bisect import bisect_right

from PySide6.QtCore import QPointF, QRect, QSize, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import IconButton, Key, Toggle
from gui.controls.plane import Words
from gui.theme import icons, numbers, paint, theme


class PlayKey(Key):
    """Play or pause; solid while it plays."""

    edited = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.playing = False
        self.clicked.connect(lambda: self.edited.emit(not self.playing))
        self.setStatusTip("Play or pause, Space")
        self.set_up("Play", ground)

    def show_value(self, playing: bool) -> None:
        """Model to widget; emits nothing."""
        if playing != self.playing:
            self.playing = playing
            self.setAccessibleName("Pause" if playing else "Play")
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(36 if theme.density == "comfortable" else 30), theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        center = QPointF(self.width() / 2, self.height() / 2)
        if not self.isEnabled():
            icons.draw(painter, "play", center, "off")
            return
        plane = "select" if self.playing else "control" if self.isDown() else self.plane("raised")
        paint.rounded(painter, self.rect(), plane)
        icons.draw(painter, "pause" if self.playing else "play", center, "on_select" if self.playing else "text")


class TimeText(Painted, QWidget):
    """The position as "2:13.709", in room that stays the same while it runs."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.text = numbers.clock(0)
        self.set_up("Position", ground, focus=False)

    def show_time(self, seconds: float) -> None:
        """The position in the song."""
        text = numbers.clock(seconds)
        if text != self.text:
            before, self.text = self.text, text
            if len(text) != len(before):
                self.measure()
                self.update()
            else:
                same = 0
                while before[same] == text[same]:
                    same += 1
                left = self._lefts[same]
                self.update(left, 0, self.width() - left, self.height())

    def measure(self) -> None:
        self.setFixedSize(paint.text_width("8" * len(self.text), "time"), theme.px(26))
        self._lefts = [int(theme.metrics("time").horizontalAdvance(self.text[:place])) for place in range(len(self.text))]

    def sizeHint(self) -> QSize:
        return self.size()

    def draw(self, painter: QPainter, area: QRect) -> None:
        first = max(bisect_right(self._lefts, area.left()) - 1, 0)
        paint.figure(painter, self.rect(), self.text, "time", "text", first=first)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return self.text


class Transport(Painted, QWidget):
    """The left end of the song's header: to the start, play, loop, position, length, loop range."""

    to_start = Signal()
    play_edited = Signal(bool)
    loop_edited = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.start_key = IconButton("to_start", "To the start, Home", self, ground=ground)
        self.play_key = PlayKey(self, ground=ground)
        self.loop_key = Toggle("", self, ground=ground, icon="loop", width=30, name="Loop")
        self.loop_key.setStatusTip("Loop on or off, L")
        self.time = TimeText(self, ground=ground)
        self.length = Words("", self, ground=ground)
        self.loop_range = Words("", self, ground=ground)
        self.start_key.clicked.connect(lambda: self.to_start.emit())
        self.play_key.edited.connect(self.play_edited)
        self.loop_key.edited.connect(self.loop_edited)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.start_key, self.play_key, self.loop_key, self.time, self.length, self.loop_range):
            row.addWidget(widget)
        row.addStretch(1)
        self.set_up("Transport", ground, focus=False)

    def show_song(self, length_s: float, whose: str = "") -> None:
        """The length of what is loaded, or of what else has the time: then a word on `whose` that is."""
        self.length.show_words(f"of {numbers.clock(length_s, 0)}{', ' if whose else ''}{whose}")

    def show_loop(self, on: bool, start_s: float, end_s: float) -> None:
        """Whether it loops, and over what; an empty loop has no range."""
        self.loop_key.show_value(on)
        span = numbers.span(numbers.clock(start_s, 0), numbers.clock(end_s, 0))
        words = "" if end_s <= start_s else f"Loop {span}" if on else f"Loop off, {span}"
        self.loop_range.show_words(words, "text2" if on else "text3")

    def show_playing(self, playing: bool, seconds: float) -> None:
        """State and position."""
        self.play_key.show_value(playing)
        self.time.show_time(seconds)

    def measure(self) -> None:
        row = self.layout()
        if row is not None:
            row.setSpacing(theme.px(10 if theme.density == "comfortable" else 8))
        self.loop_range.setVisible(theme.density == "comfortable")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ToolBar
