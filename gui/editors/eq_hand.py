"""The equaliser's plot answers the hand: nodes, wings, wheel, keys. Emits wishes; the model's answer comes by `set_values`."""
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params.eq import EQ_BANDS
from gui.controls.value_hand import FINE, NOTCH, SHIFT, as_shown
from gui.editors.eq_bands import PARAMS, Response, q_for_edge
from gui.editors.eq_edit import EqEdit
from gui.editors.eq_menus import band_menu, ground_menu
from gui.editors.eq_nodes import NodeHandle
from gui.editors.eq_plot import VIEWS_DB
from gui.theme import theme

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
MOVES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
ACTS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_B, Qt.Key.Key_Return, Qt.Key.Key_Enter,
        Qt.Key.Key_Insert, Qt.Key.Key_S)
NEW_BAND_HZ = 1000.0
DRAG_FROM_PX = 3

class Hold(Enum):
    """What the mouse is holding."""

    NOTHING = 0
    NODE = 1
    WING = 2

class EqHand(EqEdit):
    """An `EqEdit` with mouse, wheel and keys. One drag, one burst of the wheel, one held key is one gesture."""

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__(response, parent)
        self._hold = Hold.NOTHING
        self._press = QPointF()
        self._last = QPointF()
        self._point = QPointF()
        self._notches = 0.0
        self.handles = [NodeHandle(self, number) for number in range(1, EQ_BANDS + 1)]
        self.select(self.selected)
        self.setMouseTracking(True)
        self.setStatusTip("Drag a node for frequency and gain, wheel for Q, double-click to add a band; Ctrl holds one axis, Shift is fine")

    def set_values(self, values: Mapping[str, float]) -> None:
        """Model to plot. While a node is held, the hand has the last word."""
        if self._hold is Hold.NOTHING:
            super().set_values(values)

    def focused_band(self) -> int | None:
        """The band whose node has the keyboard."""
        return next((h.number for h in self.handles if h.hasFocus()), None)

    def select(self, number: int) -> None:
        """Make a band the one that is edited, and the one that Tab reaches."""
        super().select(number)
        self._place_handles()
        for handle in self.handles:
            handle.setFocusPolicy(Qt.FocusPolicy.TabFocus if handle.number == number else Qt.FocusPolicy.NoFocus)

    def focus_band(self, number: int) -> None:
        """Select a band and give its node the keyboard."""
        self.choose(number)
        self.handles[number - 1].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_next(self, step: int) -> None:
        """The next band that is shown, round the end, or the one before."""
        around = self.shown[0 if step > 0 else -1].number
        self.focus_band(self.beside(self.selected, step) or around)

    def changed(self) -> None:
        """Nodes moved: what Tab reaches moves with them."""
        super().changed()
        self._place_handles()

    def renew(self) -> None:
        """Another size or scale moves the nodes too."""
        super().renew()
        self._place_handles()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.renew()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.end()
        self._press = self._last = event.position()
        if self.wing_at(event.position()):
            self._hold = Hold.WING
            return
        number = self.node_at(event.position())
        if number is not None:
            self.focus_band(number)
            self._hold = Hold.NODE
            self._point = QPointF(self.frequencies.px(self.band.freq_hz), self.gains.px(self.band.gain_db))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hold is Hold.NOTHING:
            self._hover(event.position())
        elif self.gesture:
            self._drag(event)
        elif (event.position() - self._press).manhattanLength() >= DRAG_FROM_PX:
            self._start_drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._hold is not Hold.NOTHING:
            self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.plot_area.contains(event.position().toPoint()):
            return
        number = self.node_at(event.position())
        if number is None:
            self.add_at(event.position())
        elif self.bands[number - 1].gained:
            self.wish({self.bands[number - 1].id("gain"): 0.0})

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        event.accept()
        if not turn or self._hold is not Hold.NOTHING:
            return
        number = self.node_at(event.position())
        if number is not None:
            self.choose(number)
        self._turn_width(turn / NOTCH, event.modifiers())

    def leaveEvent(self, event: object) -> None:
        self._point_at(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        number = self.node_at(QPointF(event.pos())) if by_mouse else self.selected
        if number is None:
            ground_menu(self, QPointF(event.pos()), VIEWS_DB, self).open_at(event.globalPos())
            return
        self.choose(number)
        beside = self.mapToGlobal(self.frame.node_at(self.band).toPoint() + QPoint(theme.px(16), 0))
        band_menu(self, self.band, self).open_at(event.globalPos() if by_mouse else beside)

    def take_key(self, event: QKeyEvent) -> None:
        """A key pressed on a node."""
        key = Qt.Key(event.key())
        if not self.wants(event):
            event.ignore()
        elif key in MOVES:
            self._step(MOVES[key], event.modifiers())
        elif key == Qt.Key.Key_Escape:
            self._give_back()
        else:
            self._act(key)

    def release_key(self, event: QKeyEvent) -> None:
        """Letting an arrow go ends its gesture."""
        if not event.isAutoRepeat() and Qt.Key(event.key()) in MOVES and self._hold is Hold.NOTHING:
            self.end()

    def rest(self) -> None:
        """The keyboard has gone elsewhere."""
        if self._hold is Hold.NOTHING:
            self.end()
        self.renew_overlay()

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key means something to a node."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in MOVES:
            return not modifiers & ~(SHIFT | ALT)
        if event.key() == Qt.Key.Key_Escape:
            return bool(self.gesture)
        return not modifiers and event.key() in ACTS

    def _place_handles(self) -> None:
        """To the nodes; a band without a node has no handle."""
        frame, numbers = self.frame, {band.number for band in self.shown}
        for handle in getattr(self, "handles", ()):
            handle.setVisible(handle.number in numbers)
            if handle.number in numbers:
                handle.place(frame)

    def _start_drag(self, event: QMouseEvent) -> None:
        self.begin(self.band.id("freq" if self._hold is Hold.NODE else "q"))
        self._last = event.position()
        if self._hold is Hold.NODE:
            self.dragged = self.selected
            self.renew_overlay()

    def _drag(self, event: QMouseEvent) -> None:
        fine = bool(event.modifiers() & SHIFT)
        moved = (event.position() - self._last) * (FINE if fine else 1)
        self._last = event.position()
        if self._hold is Hold.WING:
            self._drag_wing(event.position())
            return
        whole = event.position() - self._press
        if event.modifiers() & CTRL:
            moved = QPointF(moved.x(), 0) if abs(whole.x()) >= abs(whole.y()) else QPointF(0, moved.y())
        self._point += moved
        self._move_node(fine)

    def _move_node(self, fine: bool) -> None:
        """The node's point of the plane becomes frequency and gain; the point keeps to what they can be."""
        band, extra = self.band, 1 if fine else 0
        freq, gain = PARAMS[band.id("freq")], PARAMS[band.id("gain")]
        hz, db = freq.clamp(self.frequencies.value(self._point.x())), gain.clamp(self.gains.value(self._point.y()))
        self._point = QPointF(self.frequencies.px(hz), self.gains.px(db))
        wishes = {freq.id: as_shown(freq, hz, extra)}
        if band.gained:
            wishes[gain.id] = as_shown(gain, db, extra)
        self.put(wishes)

    def _drag_wing(self, at: QPointF) -> None:
        param = PARAMS[self.band.id("q")]
        self.put({param.id: as_shown(param, q_for_edge(self.band.freq_hz, self.frequencies.value(at.x())))})

    def _let_go(self) -> None:
        self._hold = Hold.NOTHING
        self.dragged = None
        self.end()
        self.renew_overlay()

    def _give_back(self) -> None:
        """Back to the values from before the gesture."""
        if self.gesture:
            self.put({i: self.before.get(i, PARAMS[i].default) for i in self.values})
            self._let_go()

    def _turn_width(self, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Q; for a cut its slope, in whole notches, and with Ctrl its Q."""
        if self.band.cut and not modifiers & CTRL:
            self._notches += notches
            whole = int(self._notches)
            self._notches -= whole
            if whole:
                self.nudge("slope", whole)
        elif self.band.has_q:
            self.nudge("q", notches * (FINE if modifiers & SHIFT else 1))

    def _step(self, move: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        """One arrow key: frequency, gain; with Alt the width."""
        scale = FINE if modifiers & SHIFT else 1.0
        if modifiers & ALT:
            self._turn_width(sum(move), modifiers)
        elif move[0]:
            self.nudge("freq", move[0] * scale)
        elif self.band.gained:
            self.nudge("gain", move[1] * scale)

    def _act(self, key: Qt.Key) -> None:
        band = self.band
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.focus_next(1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_Delete:
            self.remove_band(band.number)
        elif key == Qt.Key.Key_S:
            self.solo(self.selected)
        elif key == Qt.Key.Key_B:
            self.wish({band.id("on"): 0.0 if band.on else 1.0})
        elif key == Qt.Key.Key_Backspace:
            self.wish({band.id("gain"): 0.0} if band.gained else {band.id("freq"): PARAMS[band.id("freq")].default})
        elif key == Qt.Key.Key_Insert:
            self.add_band(NEW_BAND_HZ, 0.0)
        else:
            self.type_into(self.selected)

    def _hover(self, at: QPointF) -> None:
        wing = self.wing_at(at)
        self._point_at(None if wing else self.node_at(at))
        self.setCursor(Qt.CursorShape.SizeHorCursor if wing else Qt.CursorShape.ArrowCursor)

    def _point_at(self, number: int | None) -> None:
        if number != self.pointed:
            self.pointed = number
            self.renew_overlay()
