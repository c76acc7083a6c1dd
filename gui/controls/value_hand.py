"""The hand on a value, without its picture: drag, wheel, keys, typing, menu. What is set is what is shown, digit for digit."""
from math import copysign

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from dsp_core.param import BadValue, Param
from gui.controls import access
from gui.controls.base import Control
from gui.controls.field import ValueEntry
from gui.controls.hand import hand
from gui.controls.menu import Menu, menu_on
from gui.theme import theme

TRAVEL_PX = 300
START_PX = 3
FINE = 0.1
PAGE_STEPS = 10
WHEEL_REST_MS = 400
NOTCH = 120
STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1,
         Qt.Key.Key_PageUp: PAGE_STEPS, Qt.Key.Key_PageDown: -PAGE_STEPS}
ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Backspace)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
SHIFT = Qt.KeyboardModifier.ShiftModifier


def as_shown(param: Param, value: float, extra_decimals: int = 0) -> float:
    """`value` rounded to the digits in which it is written, so that the number read is the number heard."""
    try:
        return param.parse(param.text(value, extra_decimals))
    except BadValue:
        return param.clamp(value)


class ValueHand(Control):
    """A value of one parameter in the hand. Emits `edited` in the parameter's own unit; `show_value` never echoes."""

    edited = Signal(float)
    menu_opened = Signal(Menu)

    def __init__(self, param: Param, name: str, parent: QWidget | None, ground: str) -> None:
        super().__init__(parent)
        self.param = param
        self.value = param.default
        self.dragging = False
        self.fine = False
        self._norm = 0.0
        self._before: float | None = None
        self._in_gesture = False
        self._press: QPointF | None = None
        self._last = QPointF()
        self._notches = 0.0
        self._entry = ValueEntry(self, param, self._take, self.set_default)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WHEEL_REST_MS)
        self._rest.timeout.connect(self._end)
        self.setStatusTip(param.help)
        self.setAccessibleDescription(param.help)
        self.set_up(name, ground)

    def value_area(self) -> QRect:
        """Where the number stands; a click there types."""
        raise NotImplementedError

    def show_value(self, value: float) -> None:
        """Model to widget; emits nothing."""
        if value != self.value:
            self.value = value
            self.repaint_value()
            access.tell_value(self, value)

    def repaint_value(self) -> None:
        """Repaints what depends on the value."""
        self.update()

    def value_text(self) -> str:
        """The number as it stands on the control; one more decimal while it is dragged finely."""
        return self.param.text(self.value, 1 if self.fine and not self.param.choices else 0)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Slider

    def spoken_value(self) -> str:
        return self.param.text(self.value)

    def spoken_range(self) -> access.Range:
        step = 1.0 if self.param.law == "step" else self.param.step
        if self.param.law == "log" or not step:
            step = (self.param.high - self.param.low) / 100
        return access.Range(self.value, self.param.low, self.param.high, step, self._take)

    def spoken_actions(self) -> dict[str, object]:
        return {"Increase": lambda: self._step(1), "Decrease": lambda: self._step(-1), "Press": self.type_value,
                "SetFocus": self.setFocus}

    def _begin(self, *, stepping: bool = False) -> None:
        if not self._in_gesture:
            self._in_gesture = True
            self._before = self.value
            with hand.steps(stepping):
                self.gesture_started.emit()

    def _end(self) -> None:
        self._rest.stop()
        if self._in_gesture:
            self._in_gesture = False
            self.gesture_ended.emit()

    def _set(self, value: float) -> None:
        if value != self.value:
            self.show_value(value)
            self.edited.emit(value)

    def _take(self, value: float) -> None:
        """One whole gesture to a value."""
        self._end()
        self._begin()
        self._set(self.param.clamp(value))
        self._end()

    def _give_back(self) -> None:
        """Back to the value from before the last gesture."""
        before, self._before = self._before, None
        self._press, self.dragging, self.fine = None, False, False
        if before is not None and self._in_gesture:
            self._set(before)
        elif before is not None:
            self._take(before)
        self._end()
        self._before = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()
            self._press = self._last = event.position()
            self._norm = self.param.to_norm(self.value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        if not self.dragging:
            if (event.position() - self._press).manhattanLength() < START_PX:
                return
            self.dragging = True
            self._begin()
            self._last = event.position()
            self.update()
            return
        self._drag(event.position() - self._last, bool(event.modifiers() & SHIFT))
        self._last = event.position()

    def _drag(self, moved: QPointF, fine: bool) -> None:
        self.fine = fine
        share = (moved.x() - moved.y()) / theme.px(TRAVEL_PX) * (FINE if fine else 1)
        self._norm = min(max(self._norm + share, 0.0), 1.0)
        self._set(as_shown(self.param, self.param.from_norm(self._norm), 1 if fine else 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        pressed_at, self._press = self._press, None
        if self.dragging:
            self.dragging = self.fine = False
            self._end()
            self.update()
        elif self.value_area().contains(pressed_at.toPoint()):
            self.type_value()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_default()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if not turn or self.dragging:
            event.accept()
            return
        self._begin(stepping=True)
        self._rest.start()
        self._turn(turn / NOTCH * (FINE if event.modifiers() & SHIFT else 1))
        event.accept()

    def _turn(self, notches: float) -> None:
        """Whole steps at once for a step law, fractions for all others."""
        if self.param.law != "step":
            self._step_by(notches)
            return
        self._notches += notches
        whole = int(self._notches)
        self._notches -= whole
        if whole:
            self._step_by(whole)

    def _step_by(self, steps: float) -> None:
        fine = abs(steps) < 1 and self.param.law != "step"
        self._set(as_shown(self.param, self.param.nudge(self.value, steps), 1 if fine else 0))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def _wants(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in STEPS:
            return modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT)
        if event.key() == Qt.Key.Key_Escape:
            return self._in_gesture or self._before not in (None, self.value)
        return not modifiers and (event.key() in ENDS or event.key() in ENTER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self._wants(event):
            super().keyPressEvent(event)
        elif key in STEPS:
            self._step(STEPS[key] * (FINE if event.modifiers() & SHIFT else 1))
        elif key in ENTER:
            self.type_value()
        elif key == Qt.Key.Key_Escape:
            self._give_back()
        elif key == Qt.Key.Key_Backspace:
            self.set_default()
        else:
            self._take(self.param.low if key == Qt.Key.Key_Home else self.param.high)

    def _step(self, steps: float) -> None:
        """One key press; a step law knows no fraction."""
        self._begin(stepping=True)
        self._step_by(copysign(max(1.0, abs(steps)), steps) if self.param.law == "step" else steps)
        self._rest.start()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key(event.key()) in STEPS and not self.dragging:
            self._end()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self.dragging:
            self._end()
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self._entry.is_open():
            self._before = None

    def set_default(self) -> None:
        """Back to the parameter's default, as one gesture."""
        self._take(self.param.default)

    def type_value(self, text: str = "", *, select: bool = True) -> None:
        """Opens the field with the number in it, or with `text`; with all of it selected, or to go on behind it."""
        self._end()
        self._entry.open(self.value, self.value_area(), text, select=select)

    @property
    def typing(self) -> bool:
        """Whether its field is open."""
        return self._entry.is_open()

    def wrong_entry(self) -> str:
        """The sentence under a wrong entry, or nothing."""
        return self._entry.wrong()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.make_menu().open_at(event.globalPos() if not event.globalPos().isNull() else self.mapToGlobal(QPoint(0, self.height())))

    def make_menu(self) -> Menu:
        """Type, default, copy, paste; a host adds lock, lane and listen on `menu_opened`."""
        menu = menu_on(self)
        menu.add("Type a value", self.type_value, "Enter")
        menu.add(f"Default, {self.param.text(self.param.default)}", self.set_default, "Backspace")
        menu.addSeparator()
        menu.add("Copy", self._copy)
        menu.add("Paste", self._paste, enabled=bool(QGuiApplication.clipboard().text().strip()))
        self.menu_opened.emit(menu)
        return menu

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.param.text(self.value))

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text().strip()
        try:
            self._take(self.param.parse(text, self.value))
        except BadValue as wrong:
            self.type_value(text)
            self._entry.tell(str(wrong))
