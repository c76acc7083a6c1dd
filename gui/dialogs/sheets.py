"""Sheets to read: the shortcuts, the last messages, what this program is."""
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.controls import access
from gui.controls.base import Painted
from gui.controls.scroll_bar import dress
from gui.dialogs.dialog import USUAL_WIDTH, Dialog, kept_on
from gui.theme import paint, theme

Rows = Sequence[tuple[str, str]]
ROW, HEAD, GAP = 22, 26, 14
KEYS_GAP = 12
SHORTCUTS_WIDTH, MESSAGES_WIDTH = 1180, 640
COLUMNS = 4
NOTHING_SAID = "Whatever the program has to say appears at the lower left and is kept here."


class KeySheet(Painted, QWidget):
    """Groups of (keys, what they do), set in columns as even as whole groups allow."""

    def __init__(self, groups: Sequence[tuple[str, Rows]], columns: int = COLUMNS) -> None:
        super().__init__()
        self._most = columns
        self._take(groups)
        self.set_up("Shortcuts", "panel", focus=False)

    def show_groups(self, groups: Sequence[tuple[str, Rows]]) -> None:
        """Others, as after a key was given to something else."""
        self._take(groups)
        self.measure()
        self.update()

    def _take(self, groups: Sequence[tuple[str, Rows]]) -> None:
        self.groups = list(groups)
        self._columns = in_columns(self.groups, self._most)

    def measure(self) -> None:
        tallest = max(sum(height_of(rows) for _, rows in column) - GAP for column in self._columns)
        self.setMinimumHeight(theme.px(tallest))

    def draw(self, painter: QPainter, area: QRect) -> None:
        wide = self.width() // max(1, len(self._columns))
        for index, column in enumerate(self._columns):
            y = 0
            for title, rows in column:
                paint.text(painter, QRect(index * wide, y, wide, theme.px(HEAD - 4)), title, "text_strong", "text")
                self._draw_rows(painter, QRect(index * wide, y + theme.px(HEAD), wide - theme.px(12), theme.px(ROW)), rows)
                y += theme.px(height_of(rows))

    def _draw_rows(self, painter: QPainter, line: QRect, rows: Rows) -> None:
        keys_wide = self._keys_wide()
        for keys, words in rows:
            paint.text(painter, QRect(line.x(), line.y(), keys_wide, line.height()), keys, "text_medium", "text")
            paint.text(painter, line.adjusted(keys_wide, 0, 0, 0), words, "text", "text2")
            line.translate(0, line.height())

    def _keys_wide(self) -> int:
        """Room for the widest combination."""
        return max(paint.text_width(keys, "text_medium") for _, rows in self.groups for keys, _ in rows) + theme.px(KEYS_GAP)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Table

    def spoken_value(self) -> str:
        return "; ".join(f"{title}: " + ", ".join(f"{keys} {words}" for keys, words in rows) for title, rows in self.groups)


def height_of(rows: Rows) -> int:
    """A group with the gap below it."""
    return HEAD + ROW * len(rows) + GAP


def in_columns(groups: Sequence[tuple[str, Rows]], columns: int) -> list[list[tuple[str, Rows]]]:
    """Whole groups in columns of like height: the tallest first, each to the lowest column; in every column the order stays."""
    found: list[list[int]] = [[] for _ in range(min(columns, len(groups)))]
    for index in sorted(range(len(groups)), key=lambda i: -len(groups[i][1])):
        min(found, key=lambda column: sum(height_of(groups[i][1]) for i in column)).append(index)
    return [[groups[index] for index in sorted(column)] for column in sorted(found, key=min)]


class Sheet(QScrollArea):
    """Something long in a dialog: as high as it is where there is room, else it scrolls."""

    def __init__(self, content: QWidget, room: int) -> None:
        super().__init__()
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        dress(self)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.fit(room)
        self.setAccessibleName(content.accessibleName())
        access.install()

    def fit(self, room: int) -> None:
        """As high as what it holds now, or as this room; from the top."""
        content = self.widget()
        self._height = min(content.minimumHeight() if content is not None else 0, room)
        self.setMinimumHeight(self._height)
        self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(200), self._height)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Document

    def spoken_value(self) -> str:
        """All of what it holds."""
        content: Any = self.widget()
        return str(content.spoken_value()) if hasattr(content, "spoken_value") else ""

    def spoken_actions(self) -> dict[str, object]:
        return {"SetFocus": self.setFocus}


class Shortcuts(Dialog):
    """Every command that has a key."""

    lasts = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Shortcuts", width=SHORTCUTS_WIDTH)
        self._keys = KeySheet([("", [])])
        self._sheet = Sheet(self._keys, 0)
        self.body.addWidget(self._sheet)
        self.add_answer("close", "Close", safe=True)

    def fill(self, groups: Sequence[tuple[str, Rows]], room: int) -> None:
        """As the keys lie now."""
        self._keys.show_groups(groups)
        self._sheet.fit(room)


def open_shortcuts(window: QWidget, groups: Sequence[tuple[str, Rows]]) -> Dialog:
    """Every command that has a key."""
    dialog = kept_on(window, Shortcuts, lambda: Shortcuts(window))
    dialog.fill(groups, window.height() - theme.px(160))
    dialog.open()
    return dialog


class Messages(Dialog):
    """What the window has said."""

    lasts = True

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "Last messages")
        self._list = MessageList([])
        self._sheet = Sheet(self._list, 0)
        self.body.addWidget(self._sheet)
        self.add_answer("close", "Close", safe=True)

    def fill(self, told: Sequence[tuple[str, str, bool]], room: int) -> None:
        """The newest on top."""
        self.show_title(*(("Last messages",) if told else ("No messages yet", NOTHING_SAID)))
        self._width = MESSAGES_WIDTH if told else USUAL_WIDTH
        self._list.show_messages(list(reversed(told)))
        self._sheet.setVisible(bool(told))
        self._sheet.fit(room)


def open_messages(window: QWidget, told: Sequence[tuple[str, str, bool]]) -> Dialog:
    """What the window has said, the newest on top."""
    dialog = kept_on(window, Messages, lambda: Messages(window))
    dialog.fill(told, window.height() - theme.px(190))
    dialog.open()
    return dialog


class MessageList(Painted, QWidget):
    """Facts in bold with what explains them below."""

    def __init__(self, told: Sequence[tuple[str, str, bool]]) -> None:
        super().__init__()
        self.told = list(told)
        self.set_up("Messages", "panel", focus=False)

    def show_messages(self, told: Sequence[tuple[str, str, bool]]) -> None:
        """Others."""
        self.told = list(told)
        self.measure()
        self.update()

    def _heights(self, width: int) -> list[int]:
        return [theme.px(26) + (paint.paragraph_height(rest, width, "text") if rest else 0) + theme.px(8) for _, rest, _ in self.told]

    def measure(self) -> None:
        self.setMinimumHeight(sum(self._heights(theme.px(MESSAGES_WIDTH - 60))))

    def draw(self, painter: QPainter, area: QRect) -> None:
        y, left, wide = 0, theme.px(12), self.width() - theme.px(12)
        for (title, rest, fault), height in zip(self.told, self._heights(wide), strict=True):
            paint.fill(painter, QRect(0, y + theme.px(4), theme.px(3), height - theme.px(8)), "danger" if fault else "text2")
            paint.text(painter, QRect(left, y, wide, theme.px(26)), title or rest, "text_strong", "text")
            paint.paragraph(painter, QRect(left, y + theme.px(26), wide, height), rest if title else "", "text", "text2")
            y += height

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def spoken_value(self) -> str:
        return " ".join(f"{title} {rest}".strip() for title, rest, _ in self.told)
