"""The palette as it is seen: a line to type in, under it what was found. It lies in the window, over the page, and never stops the sound."""
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.dialogs.entry import Entry as TextEntry
from gui.palette.entries import Entry
from gui.theme import icons, paint, theme
from gui.theme.sizes import RADIUS_DIALOG

WIDTH, ROWS, PAD, ROW_PAD = 720, 12, 8, 10
ROW = {"comfortable": 30, "compact": 26}
TICK, KEYS_ROOM, GAP = 22, 112, 16
NOTHING = "Nothing has this name. A stage and one of its values can be typed, too: compressor threshold -20"
STAY = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS - 1, Qt.Key.Key_PageUp: 1 - ROWS}


class Line(TextEntry):
    """What is typed; arrows, Enter, Tab and Esc go to the list below."""

    stepped = Signal(int)
    taken = Signal()
    completed = Signal()
    left = Signal(bool)                      # whether by Esc, so that the keyboard goes back to where it was

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.completed.emit()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.stepped.emit(STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAY:
            self.left.emit(False)


class Results(Painted, QWidget):
    """The rows that fit, one of them selected; the wheel and the selection scroll."""

    taken = Signal()
    ring_gap = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.selected = 0
        self.first = 0
        self.setMouseTracking(True)
        self.set_up("What was found", "panel", focus=False)

    @property
    def entry(self) -> Entry | None:
        """The one that is selected."""
        return self.entries[self.selected] if self.selected < len(self.entries) else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Others, the first of them selected."""
        self.entries, self.selected, self.first = list(entries), 0, 0
        self.measure()
        self.update()

    def select(self, index: int) -> None:
        """Another one; what stands outside is scrolled to."""
        if not self.entries:
            return
        self.selected = min(max(index, 0), len(self.entries) - 1)
        self.first = min(max(self.first, self.selected - ROWS + 1), self.selected)
        access.announce(self, self.entries[self.selected].spoken)
        self.update()

    def measure(self) -> None:
        shown = min(max(len(self.entries), 1), ROWS)
        self.setFixedHeight(shown * self.row)

    @property
    def row(self) -> int:
        """Height of one."""
        return theme.px(ROW[theme.density])

    def index_at(self, y: float) -> int:
        """The entry at a height of the widget."""
        return self.first + int(y // self.row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().y())
        if index != self.selected and 0 <= index < len(self.entries):
            self.selected = index
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and 0 <= index < len(self.entries):
            self.selected = index
            self.taken.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        rows = -round(event.angleDelta().y() / 40)
        self.first = min(max(self.first + rows, 0), max(0, len(self.entries) - ROWS))
        self.selected = min(max(self.selected, self.first), self.first + ROWS - 1)
        self.update()
        event.accept()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if not self.entries:
            paint.text(painter, self.rect().adjusted(theme.px(TICK), 0, -theme.px(ROW_PAD), 0), NOTHING, "text", "text2")
        for place, entry in enumerate(self.entries[self.first:self.first + ROWS]):
            self._draw_row(painter, QRect(0, place * self.row, self.width(), self.row), entry, self.first + place == self.selected)

    def _draw_row(self, painter: QPainter, area: QRect, entry: Entry, selected: bool) -> None:
        if selected:
            paint.rounded(painter, area, "control")
        if entry.on:
            icons.draw(painter, "tick", QPointF(area.x() + theme.px(TICK) / 2, area.y() + area.height() / 2), "text", 14)
        inner = area.adjusted(theme.px(TICK), 0, -theme.px(ROW_PAD), 0)
        paint.text(painter, inner, entry.keys, "scale", "text2" if selected else "text3", paint.RIGHT)
        inner.setRight(inner.right() - theme.px(KEYS_ROOM))
        color = "text3" if entry.why else "text"
        taken = min(paint.text_width(entry.words, "text_medium"), inner.width() * 3 // 5 if entry.why or entry.detail else inner.width())
        paint.text(painter, QRect(inner.x(), inner.y(), taken, inner.height()), entry.words, "text_medium", color)
        room = inner.adjusted(taken + theme.px(GAP), 0, 0, 0)
        paint.text(painter, room, entry.why or entry.detail, "text", "text2" if selected else "text3", paint.RIGHT)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def spoken_value(self) -> str:
        return f"{self.selected + 1} of {len(self.entries)}: {self.entries[self.selected].spoken}" if self.entries else NOTHING

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": self.taken.emit, "Increase": lambda: self.select(self.selected + 1), "Decrease": lambda: self.select(self.selected - 1)}


class PaletteView(Painted, QWidget):
    """Line and list in one plane with an edge, under the middle of the title strip."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.line = Line("Command or value", self)
        self.line.setPlaceholderText("Command or value")
        self.results = Results(self)
        self._at = (0, 0)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.line)
        self._column.addWidget(self.results)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.set_up("Commands", "panel", focus=False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.hide()

    def measure(self) -> None:
        pad = theme.px(PAD)
        self._column.setContentsMargins(pad, pad, pad, pad)
        self._column.setSpacing(theme.px(4))
        self.place(*self._at)

    def place(self, center: int, top: int) -> None:
        """As wide as the window allows, its height that of what was found."""
        self._at = (center, top)
        window = self.window()
        wide = min(theme.px(WIDTH), window.width() - theme.px(32))
        high = self.line.height() + self.results.height() + theme.px(4) + 2 * theme.px(PAD)
        self.setGeometry(min(max(center - wide // 2, theme.px(8)), window.width() - wide - theme.px(8)), top, wide, high)

    def full_height(self) -> int:
        """With as many rows as it can have."""
        return self.line.height() + ROWS * self.results.row + theme.px(4) + 3 * theme.px(PAD)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), "panel", RADIUS_DIALOG)
        paint.outline(painter, self.rect(), "edge", 1, RADIUS_DIALOG)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Dialog
