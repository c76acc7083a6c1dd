"""The equaliser's plot answers the hand: nodes, wings, wheel, keys, menu. Emits wishes; the model's answer comes by `set_values`."""
from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from dsp_core.params import EQ_BANDS
from gui.controls import access
from gui.controls.menu import Menu
from gui.controls.value_hand import FINE, NOTCH, SHIFT, WHEEL_REST_MS, as_shown
from gui.editors.eq_bands import PARAMS, Band, Response, free_band, new_band, q_for_edge
from gui.editors.eq_plot import VIEWS_DB, EqPlot
from gui.theme import theme

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
MOVES = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
ACTS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_B, Qt.Key.Key_Return, Qt.Key.Key_Enter,
        Qt.Key.Key_Insert)
FULL = f"All {EQ_BANDS} bands are in use; take one out first."


class Hold(Enum):
    """What the mouse is holding."""

    NOTHING = 0
    NODE = 1
    WING = 2


class EqHand(EqPlot):
    """An `EqPlot` to edit. One drag, one burst of the wheel, one key press is one gesture of wishes."""

    value_wished = Signal(str, float)
    gesture_started = Signal()
    gesture_ended = Signal()
    band_selected = Signal(int)
    typing_wished = Signal(int)
    refused = Signal(str)

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__(response, parent)
        self._hold = Hold.NOTHING
        self._press = QPointF()
        self._last = QPointF()
        self._point = QPointF()
        self._before: dict[str, float] = {}
        self._in_gesture = False
        self._notches = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WHEEL_REST_MS)
        self._rest.timeout.connect(self._end)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setStatusTip("Drag a node for frequency and gain, wheel for Q, double-click to add a band; Ctrl holds one axis, Shift is fine")

    def set_values(self, values: Mapping[str, float]) -> None:
        """Model to plot. While a node is held, the hand has the last word."""
        if self._hold is Hold.NOTHING:
            super().set_values(values)

    def choose(self, number: int) -> None:
        """Select a band as the hand does it."""
        if number != self.selected:
            self._end()
            self.select(number)
            self.band_selected.emit(number)
            access.announce(self, self.accessibleName())

    def wish(self, values: Mapping[str, float]) -> None:
        """Ask for some values as one whole gesture."""
        self._end()
        self._begin()
        self._wish(values)
        self._end()

    def add_band(self, freq_hz: float, gain_db: float) -> None:
        """Put the first free band here; `refused` says so when there is none."""
        band = free_band(self.bands)
        if band is None:
            self.refused.emit(FULL)
            return
        freq, gain = PARAMS[band.id("freq")], PARAMS[band.id("gain")]
        self.choose(band.number)
        self.wish(new_band(band, as_shown(freq, freq.clamp(freq_hz)), as_shown(gain, gain.clamp(gain_db))))

    def take_out(self, band: Band) -> None:
        """Switch a band off."""
        self.wish({band.id("on"): 0.0})

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._end()
        self._press = self._last = event.position()
        if self.wing_at(event.position()):
            self._hold = Hold.WING
            return
        number = self.node_at(event.position())
        if number is not None:
            self.choose(number)
            self._hold = Hold.NODE
            self._point = QPointF(self.frequencies.px(self.band.freq_hz), self.gains.px(self.band.gain_db))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hold is Hold.NOTHING:
            self._hover(event.position())
        elif self._in_gesture:
            self._drag(event)
        elif (event.position() - self._press).manhattanLength() >= QApplication.startDragDistance() / 2:
            self._start_drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._hold is not Hold.NOTHING:
            self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.plot_area.contains(event.position().toPoint()):
            return
        number = self.node_at(event.position())
        if number is None:
            self.add_band(self.frequencies.value(event.position().x()), self.gains.value(event.position().y()))
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
        self._begin()
        self._rest.start()
        self._turn_width(turn / NOTCH, event.modifiers())

    def leaveEvent(self, event: QEvent) -> None:
        self._show_hovered(None)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self._wants(event):
            super().keyPressEvent(event)
        elif key in MOVES:
            self._step(MOVES[key], event.modifiers())
        elif key == Qt.Key.Key_Escape:
            self._give_back()
        else:
            self._act(key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and Qt.Key(event.key()) in MOVES and self._hold is Hold.NOTHING:
            self._end()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from band to band, then on to what follows the plot."""
        number = self.selected + (1 if forward else -1)
        if self.hasFocus() and 1 <= number <= EQ_BANDS:
            self.choose(number)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.renew_overlay()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._hold is Hold.NOTHING:
            self._end()
        self.renew_overlay()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            number = self.node_at(QPointF(event.pos()))
            if number is None:
                self.ground_menu(QPointF(event.pos())).open_at(event.globalPos())
                return
            self.choose(number)
        place = event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else \
            self.mapToGlobal(self.frame.node_at(self.band).toPoint() + QPoint(theme.px(16), 0))
        self.band_menu(self.band).open_at(place)

    def band_menu(self, band: Band) -> Menu:
        """Type, slope, channel, gain, on and off of one band."""
        menu = Menu(self)
        self._choices(menu, "Type", band, "type")
        if band.cut:
            self._choices(menu, "Slope", band, "slope")
        self._choices(menu, "Channel", band, "channel")
        menu.addSeparator()
        menu.add("Type a value", lambda: self.typing_wished.emit(band.number), "Enter")
        menu.add("Gain to 0", lambda: self.wish({band.id("gain"): 0.0}), "Backspace", enabled=band.gained)
        menu.add("Q to default", lambda: self.wish({band.id("q"): PARAMS[band.id("q")].default}), enabled=band.has_q)
        menu.add("Take out" if band.on else "Put in", lambda: self.wish({band.id("on"): 0.0 if band.on else 1.0}), "Delete" if band.on else "B")
        return menu

    def ground_menu(self, at: QPointF) -> Menu:
        """A new band here, and the gain range."""
        menu = Menu(self)
        menu.add("Add a band here", lambda: self.add_band(self.frequencies.value(at.x()), self.gains.value(at.y())))
        menu.addSeparator()
        for view_db in VIEWS_DB:
            menu.add(f"View ±{view_db:g} dB", lambda v=view_db: self.set_view(v), checked=view_db == self.view_db)
        return menu

    def _choices(self, menu: Menu, title: str, band: Band, name: str) -> None:
        """A sub-menu with the choices of one parameter."""
        sub = Menu(menu)
        sub.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        sub.setTitle(title)
        param = PARAMS[band.id(name)]
        for index, words in enumerate(param.choices):
            sub.add(words, lambda i=index: self.wish({param.id: float(i)}), checked=index == round(self.values.get(param.id, param.default)))
        menu.addMenu(sub)

    def _begin(self) -> None:
        if not self._in_gesture:
            self._in_gesture = True
            self._before = dict(self.values)
            self.gesture_started.emit()

    def _end(self) -> None:
        self._rest.stop()
        if self._in_gesture:
            self._in_gesture = False
            self.gesture_ended.emit()

    def _wish(self, values: Mapping[str, float]) -> None:
        """Show and emit what is different."""
        fresh = {i: v for i, v in values.items() if v != self.values.get(i, PARAMS[i].default)}
        if fresh:
            self.values.update(fresh)
            self.changed()
            for param_id, value in fresh.items():
                self.value_wished.emit(param_id, value)

    def _nudge(self, name: str, steps: float) -> None:
        """Move one value of the selected band by wheel notches or key steps."""
        param = PARAMS[self.band.id(name)]
        now = self.values.get(param.id, param.default)
        self._wish({param.id: as_shown(param, param.nudge(now, steps), 1 if abs(steps) < 1 else 0)})

    def _start_drag(self, event: QMouseEvent) -> None:
        self._begin()
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
        self._wish(wishes)

    def _drag_wing(self, at: QPointF) -> None:
        param = PARAMS[self.band.id("q")]
        self._wish({param.id: as_shown(param, q_for_edge(self.band.freq_hz, self.frequencies.value(at.x())))})

    def _let_go(self) -> None:
        self._hold = Hold.NOTHING
        self.dragged = None
        self._end()
        self.renew_overlay()

    def _give_back(self) -> None:
        """Back to the values from before the gesture."""
        if self._in_gesture:
            self._wish(self._before)
            self._let_go()

    def _turn_width(self, notches: float, modifiers: Qt.KeyboardModifier) -> None:
        """Q; for a cut its slope, in whole notches, and with Alt its Q."""
        if self.band.cut and not modifiers & ALT:
            self._notches += notches
            whole = int(self._notches)
            self._notches -= whole
            if whole:
                self._nudge("slope", whole)
        elif self.band.has_q:
            self._nudge("q", notches * (FINE if modifiers & SHIFT else 1))

    def _step(self, move: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        """One arrow key: frequency, gain; with Alt the width."""
        self._begin()
        self._rest.start()
        scale = FINE if modifiers & SHIFT else 1
        if modifiers & ALT:
            self._turn_width(sum(move) * scale if not self.band.cut else sum(move), modifiers & ~ALT if self.band.cut else ALT)
        elif move[0]:
            self._nudge("freq", move[0] * scale)
        elif self.band.gained:
            self._nudge("gain", move[1] * scale)

    def _act(self, key: Qt.Key) -> None:
        band = self.band
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.choose((self.selected - 1 + (1 if key == Qt.Key.Key_PageDown else -1)) % EQ_BANDS + 1)
        elif key == Qt.Key.Key_Delete:
            self.take_out(band)
        elif key == Qt.Key.Key_B:
            self.wish({band.id("on"): 0.0 if band.on else 1.0})
        elif key == Qt.Key.Key_Backspace:
            self.wish({band.id("gain"): 0.0} if band.gained else {})
        elif key == Qt.Key.Key_Insert:
            self.add_band(1000.0, 0.0)
        else:
            self.typing_wished.emit(self.selected)

    def _wants(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in MOVES:
            return not modifiers & ~(SHIFT | ALT)
        if event.key() == Qt.Key.Key_Escape:
            return self._in_gesture
        return not modifiers and event.key() in ACTS

    def _hover(self, at: QPointF) -> None:
        wing = self.wing_at(at)
        self._show_hovered(None if wing else self.node_at(at))
        self.setCursor(Qt.CursorShape.SizeHorCursor if wing else Qt.CursorShape.ArrowCursor)

    def _show_hovered(self, number: int | None) -> None:
        if number != self.hovered:
            self.hovered = number
            self.renew_overlay()
