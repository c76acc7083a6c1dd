"""One stage of the chain as a card under the hand: choose, bypass, drag, keys, menu. What it looks like is `slot_face`."""
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from gui.controls.buttons import plain_enter
from gui.controls.menu import Menu, menu_on
from gui.controls.slot_face import SlotFace, SlotState
from gui.theme import numbers, theme
from mastering_rt.errors import grouped

START_PX: Final = 8
CTRL: Final = Qt.KeyboardModifier.ControlModifier
STEP_KEYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PLAIN_KEYS: Final = (Qt.Key.Key_B, Qt.Key.Key_Delete, Qt.Key.Key_Insert)

__all__ = ["SlotState", "StageSlot"]


class StageSlot(SlotFace):
    """A card of the chain. Says what the hand wishes; `ChainStrip` moves it about."""

    selected_asked = Signal()
    bypass_asked = Signal(bool)
    remedy_asked = Signal()
    remove_asked = Signal()
    add_asked = Signal()
    add_before_asked = Signal()
    move_asked = Signal(int)
    focus_moved = Signal(int)
    dragged = Signal(QPoint, QPoint)
    dropped = Signal(bool)
    menu_opened = Signal(Menu)

    def __init__(self, state: SlotState, parent: QWidget | None = None, *, ground: str = "bg") -> None:
        super().__init__(state, parent, ground)
        self._press: QPoint | None = None
        self._dragging = False
        self.first = self.last = False           # of the chain
        self.setMouseTracking(True)

    def forget(self) -> None:
        super().forget()
        self._press, self._dragging = None, False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self.over_power != self.power_area().contains(here):
            self.over_power = not self.over_power
            self.update(self.power_area())
        if self._press is None:
            return
        if not self._dragging and (here - self._press).manhattanLength() < theme.px(START_PX):
            return
        self._dragging = True
        self.dragged.emit(self.mapToParent(here), self._press)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        pressed_at, self._press = self._press, None
        if self._dragging:
            self._dragging = False
            self.dropped.emit(True)
        elif self.power_area().contains(pressed_at):
            self.bypass_asked.emit(not self.state.bypassed)
        elif self.state.remedy and self.remedy_area().contains(pressed_at):
            self.remedy_asked.emit()
        else:
            self.selected_asked.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def _wants(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key in STEP_KEYS:
            return modifiers in (Qt.KeyboardModifier.NoModifier, CTRL)
        if key == Qt.Key.Key_Escape:
            return self._dragging
        return plain_enter(event) or (not modifiers and key in PLAIN_KEYS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self._wants(event):
            super().keyPressEvent(event)
        elif key in STEP_KEYS:
            (self.move_asked if event.modifiers() & CTRL else self.focus_moved).emit(STEP_KEYS[key])
        elif key == Qt.Key.Key_Escape:
            self._press, self._dragging = None, False
            self.dropped.emit(False)
        elif key == Qt.Key.Key_B:
            self.bypass_asked.emit(not self.state.bypassed)
        elif key in PLAIN_KEYS:
            (self.remove_asked if key == Qt.Key.Key_Delete else self.add_asked).emit()
        else:
            self.selected_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.make_menu().open_at(event.globalPos())

    def make_menu(self) -> Menu:
        """Bypass, add, move, remove; between them what a host adds on `menu_opened`."""
        menu = menu_on(self)
        menu.add("Open", self.selected_asked.emit, "Enter")
        menu.add("Bypass", lambda: self.bypass_asked.emit(not self.state.bypassed), "B", checked=self.state.bypassed)
        menu.addSeparator()
        self.menu_opened.emit(menu)
        menu.add("Add before...", self.add_before_asked.emit)
        menu.add("Add after...", self.add_asked.emit, "Insert")
        menu.add("Move left", lambda: self.move_asked.emit(-1), "Ctrl+Left", enabled=not self.first)
        menu.add("Move right", lambda: self.move_asked.emit(1), "Ctrl+Right", enabled=not self.last)
        menu.addSeparator()
        menu.add("Remove", self.remove_asked.emit, "Delete")
        return menu

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def spoken_value(self) -> str:
        state = self.state
        if state.fault:
            return f"{state.fault}, {state.consequence}"
        change = numbers.quantity(state.change_lu, "LU", plus=True)
        return f"{'bypassed' if state.bypassed else state.placement}, {grouped(state.latency_samples)} samples, {change}"

    def spoken_state(self, state: QAccessible.State) -> None:
        """Adds whether its editor is open."""
        state.selectable = 1
        state.selected = int(self.selected)

    def spoken_actions(self) -> dict[str, object]:
        return {"Press": self.selected_asked.emit, "Toggle": lambda: self.bypass_asked.emit(not self.state.bypassed), "SetFocus": self.setFocus}

