"""The keys of all commands, to be changed: choose one, press Enter, then the new keys."""
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Button
from gui.controls.plane import Words
from gui.dialogs.row_list import Column, Line, ListSheet, RowList
from gui.theme import theme

COLUMNS = (Column(8, "text_medium", "text"), Column(300), Column(420, "text_medium", "text"))
MODIFIER_KEYS = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
HELP = "Enter, then the new keys. Delete takes the keys away."
PRESS = "Press the new keys for {title}. Esc leaves it as it is."


@dataclass(frozen=True)
class KeyRow:
    """A command with its keys as they are shown; `changed` where they are not the usual ones."""

    id: str
    title: str
    group: str
    keys: str
    changed: bool = False


class KeyList(Painted, QWidget):
    """`assigned` gives the id of a command and its new keys, "" for none; `reset_asked` the id of one that is to be as it was, "" for all."""

    assigned = Signal(str, str)
    reset_asked = Signal(str)

    def __init__(self, rows: Sequence[KeyRow], height: int) -> None:
        super().__init__()
        self.rows: list[KeyRow] = []
        self.listening = False
        self.list = RowList("Keys of all commands", COLUMNS)
        self.list.setAccessibleDescription(HELP)
        self.list.installEventFilter(self)
        self.said = Words(HELP, wrap=True)
        self.change_key, self.reset_key, self.all_key = Button("Change...", self), Button("Usual keys", self), Button("Usual keys for all", self)
        keys = QHBoxLayout()
        for key in (self.change_key, self.reset_key, self.all_key):
            keys.addWidget(key)
        keys.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(ListSheet(self.list, height))
        column.addLayout(keys)
        column.addWidget(self.said)
        self.list.chosen.connect(lambda _index: self.listen())
        self.change_key.clicked.connect(self.listen)
        self.reset_key.clicked.connect(lambda: self.reset_asked.emit(self.rows[self.list.selected].id))
        self.all_key.clicked.connect(lambda: self.reset_asked.emit(""))
        self.set_up("Keys", "panel", focus=False)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[KeyRow]) -> None:
        """As it is now."""
        self.rows = list(rows)
        self.list.show_lines([Line((row.title, row.group, f"{row.keys or 'no key'}{', changed' if row.changed else ''}"), weak=not row.keys) for row in rows],
                             self.list.selected)
        self.all_key.setEnabled(any(row.changed for row in rows))

    def say(self, words: str, *, wrong: bool = False) -> None:
        """What came of it, or why not."""
        self.said.show_words(words, "danger_text" if wrong else "text2")

    def listen(self) -> None:
        """The next keys that are pressed are the new ones."""
        self.listening = True
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.say(PRESS.format(title=self.rows[self.list.selected].title))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.listening:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        if event.type() == QEvent.Type.FocusOut and self.listening:
            self._leave()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        if not self.listening:
            if event.key() == Qt.Key.Key_Delete:
                self.assigned.emit(self.rows[self.list.selected].id, "")
                return True
            return False
        if event.key() in MODIFIER_KEYS:
            return True
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return True
        self.listening = False
        self.assigned.emit(self.rows[self.list.selected].id, keys_of(event))
        return True

    def _leave(self) -> None:
        self.listening = False
        self.say(HELP)


def keys_of(event: QKeyEvent) -> str:
    """The keys of an event as the table writes them. A typed sign stands for itself: which key it lies on differs between keyboards."""
    if event.text() in ("?", "<", ">") and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return event.text()
    modifiers = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    return QKeySequence(event.keyCombination().key() | modifiers).toString(QKeySequence.SequenceFormat.PortableText)
