"""References and snapshots in the compare bar: one key each, as far as there is room."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.keys import NARROW, SnapshotKey, SourceKey
from gui.theme import theme
from mastering_rt.session.model import LETTERS

DIGITS = ("3", "4", "5", "6", "7", "8", "9", "0")
GAP = 4


@dataclass(frozen=True)
class ReferenceState:
    """What the key of a reference says. lufs None: not measured; share: how far it is read, where it is; down_db: what the match takes off."""

    id: str
    title: str
    lufs: float | None = None
    down_db: float = 0.0
    fault: str = ""
    share: float | None = None
    locked: bool = False
    heard: bool = False


class ReferenceKey(SourceKey):
    """A reference; the right button, or the menu key, asks for its menu."""

    menu_asked = Signal(QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())


class ReferenceKeys(Painted, QWidget):
    """One key each, and one that adds. `chosen` and `menu_asked` name the reference by its id."""

    chosen = Signal(str)
    menu_asked = Signal(str, QPoint)
    add_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys: list[ReferenceKey] = []
        self.states: tuple[ReferenceState, ...] = ()
        self._room = 0
        self._hints: Sequence[str] = DIGITS
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self.add = Toggle("", self, icon="add", height=52, width=32, name="Add reference")
        self.add.setCheckable(False)
        self.add.setStatusTip("Add a reference: a finished record to compare with. Files can be dropped on the compare bar, too")
        self.add.clicked.connect(lambda: self.add_asked.emit())
        self._row.addWidget(self.add)
        self.set_up("References", "panel", focus=False)

    def show_references(self, states: Sequence[ReferenceState]) -> None:
        """Model to widgets."""
        if tuple(states) == self.states:
            return
        same = [state.id for state in states] == [state.id for state in self.states]
        self.states = tuple(states)
        if not same:
            self._make_keys()
        for key, state in zip(self.keys, self.states, strict=True):
            key.show_name(state.title)
            key.show_heard(state.heard)
            key.show_fault(state.fault)
            key.show_note("" if state.lufs is not None or state.share is None else f"reading {100 * state.share:.0f} %")
            key.show_loudness(state.lufs, turned_down_db=state.down_db)
            key.show_locked(state.locked)
            place = "locked to the song" if state.locked else "with a playhead of its own"
            key.setStatusTip(f"{state.title}, {place}; right click for trim, loop, cues and alignment")

    def _make_keys(self) -> None:
        for key in self.keys:
            self._row.removeWidget(key)
            key.hide()
            key.deleteLater()
        self.keys = []
        for index, state in enumerate(self.states):
            key = ReferenceKey("ref", state.title, self._hints[index] if index < len(self._hints) else "", self)
            key.chosen.connect(partial(self.chosen.emit, state.id))
            key.menu_asked.connect(partial(self.menu_asked.emit, state.id))
            self._row.insertWidget(index, key)
            self.keys.append(key)
        self.fit(self._room)

    def show_keys(self, hints: Sequence[str]) -> None:
        """The keys of the first ones."""
        self._hints = hints
        for key, hint in zip(self.keys, hints):
            key.show_hint(hint)

    def fit(self, room: int) -> None:
        """Make do with so many pixels: whole keys, narrower ones, numbers with their loudness, and at last as many as fit; the others keep key and menu."""
        self._room = room
        left = room - self.add.sizeHint().width() - theme.px(GAP)
        wide, narrow, gap = theme.px(theme.sizes.reference_key), theme.px(NARROW), theme.px(GAP)
        count = len(self.keys)
        each = max(narrow, min(wide, left // count - gap)) if count else wide
        shown = min(count, max(0, left // (each + gap)))
        heard = next((index for index, state in enumerate(self.states) if state.heard), 0)
        first = max(0, min(heard - shown + 1, len(self.keys) - shown)) if shown else 0
        for index, key in enumerate(self.keys):
            key.show_width(each if each < wide else 0)
            key.setVisible(first <= index < first + shown)
        self.updateGeometry()

    def key_of(self, id: str) -> ReferenceKey | None:
        """The key of a reference."""
        return next((key for key, state in zip(self.keys, self.states) if state.id == id), None)

    def measure(self) -> None:
        self._row.setSpacing(theme.px(GAP))
        self.add.measure()
        self.add.setFixedHeight(theme.px(theme.sizes.key_height))
        self.fit(self._room)

    def sizeHint(self) -> QSize:
        """What is shown now."""
        return self._row.sizeHint()


class SnapshotLetter(SnapshotKey):
    """A press hears it; with Shift it stores, and an empty one stores in any case."""

    chosen = Signal()
    stored = Signal()
    menu_asked = Signal(QPoint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.stored if shifted or self.note == "empty" else self.chosen).emit()
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())


class SnapshotKeys(Painted, QWidget):
    """A to D."""

    chosen = Signal(str)
    stored = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys: dict[str, SnapshotLetter] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for letter in LETTERS:
            key = self.keys[letter] = SnapshotLetter(letter, self)
            key.chosen.connect(partial(self.chosen.emit, letter))
            key.stored.connect(partial(self.stored.emit, letter))
            key.menu_asked.connect(partial(self.menu_asked.emit, letter))
            self._row.addWidget(key)
        self.set_up("Snapshots", "panel", focus=False)

    def show_keys(self, shown: Callable[[str], str]) -> None:
        """The keys in the help."""
        for letter, key in self.keys.items():
            hear, store = shown(f"hear.snapshot_{letter.lower()}"), shown(f"compare.store_{letter.lower()}")
            key.setStatusTip(f"Hear snapshot {letter}{', ' if hear else ''}{hear}; Shift and a click store the chain there{', ' if store else ''}{store}")

    def show_snapshots(self, notes: dict[str, str], current: str, down_db: float = 0.0) -> None:
        """What stands under each letter, which one is heard, and what is taken off it."""
        for letter, key in self.keys.items():
            down = round(down_db, 1) if letter == current else 0.0
            if (key.note, key.current, key.down_db) != (notes[letter], letter == current, down):
                key.show_state(notes[letter], current=letter == current, down_db=down)

    def measure(self) -> None:
        self._row.setSpacing(theme.px(GAP))
        for key in self.keys.values():
            key.measure()
