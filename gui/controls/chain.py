"""The chain as a strip of slots: choose, bypass, add, remove, and drag to another place while the others make room at once."""
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params import LABELS
from gui.controls.base import Painted
from gui.controls.buttons import IconButton
from gui.controls.keeper import Keeper
from gui.controls.lane import EdgeScroll, Lane, Lifted
from gui.controls.menu import Menu, menu_on
from gui.controls.slot import SlotState, StageSlot
from gui.controls.slot_face import LOW
from gui.theme import numbers, paint, theme
from gui.theme.sizes import GUTTER
from mastering_rt.errors import grouped

MAKE_ROOM_MS = 120
MOST_SPARE = 8
SUM_WIDTH = 130
LOW_SMALLEST, LOW_SUM = 92, 72


class ChainStrip(Painted, QWidget):
    """Slots from left to right, then the add key, at the right end the sum of the chain. All indices count from 0 in sounding order."""

    selected = Signal(int)
    bypass_asked = Signal(int, bool)
    move_asked = Signal(int, int)
    remove_asked = Signal(int)
    add_asked = Signal(str, int)
    remedy_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, kinds: Mapping[str, str] = LABELS, ground: str = "bg") -> None:
        super().__init__(parent)
        self.slots: list[StageSlot] = []
        self._spare: Keeper[str, StageSlot] = Keeper(MOST_SPARE)
        self._kinds = kinds
        self.offer_more: Callable[[Menu, int | None], object] = lambda menu, after: None     # a host's own entries of the add menu
        self.offer_menu: Callable[[Menu, int], object] = lambda menu, place: None            # and of the menu of a slot
        self.place_for: Callable[[str, int | None], int] = self._place_behind         # a host knows better where a kind belongs
        self._selected = -1
        self._opened = (-1, "")
        self._scroll = 0
        self._low = False
        self._sum: tuple[float | None, int, float] = (None, 0, 48000.0)
        self._lifted: Lifted | None = None
        self._dragged = -1
        self._gap = -1
        self._held = (QPoint(), QPoint())
        self._lane = Lane(self, ground)
        self._edge = EdgeScroll(self._lane, self._scroll_held)
        self._moves: dict[StageSlot, QPropertyAnimation] = {}
        self.add_key = IconButton("add", "Add a stage", self, ground=ground, plane="well")
        self.add_key.clicked.connect(lambda: self.open_add_menu())
        self.set_up("Chain", ground, focus=False)

    def show_chain(self, states: Sequence[SlotState], selected: int = -1) -> None:
        """The chain as it is; slots are kept where they are, so nothing flickers. The focus stays with its stage, or goes to the selected one."""
        self.put_back()
        before, opened = self._focused, self._id_at(self._selected)
        held = before.state.id if before is not None else ""
        self._show_states(states)
        gone, self.slots = self.slots[len(states):], self.slots[:len(states)]
        self.show_selected(selected)
        if before is not None:
            self._keep_focus(held if self._id_at(selected) in (opened, "") else "", before)
        for slot in gone:
            self._moves.pop(slot, None)
            self._spare.keep("", slot)
        self._order_tabs()
        self.place()
        self.update()

    def _show_states(self, states: Sequence[SlotState]) -> None:
        for index, state in enumerate(states):
            if index >= len(self.slots):
                self._add_slot(state)
            self.slots[index].show_state(state)
            self.slots[index].first, self.slots[index].last = index == 0, index == len(states) - 1

    @property
    def _focused(self) -> StageSlot | None:
        return next((slot for slot in self.slots if slot.hasFocus()), None)

    @property
    def open_slot(self) -> StageSlot | None:
        """The slot whose editor is open."""
        return self.slots[self._selected] if 0 <= self._selected < len(self.slots) else None

    def _id_at(self, index: int) -> str:
        return self.slots[index].state.id if 0 <= index < len(self.slots) else ""

    def _keep_focus(self, held: str, before: StageSlot) -> None:
        """The keyboard stays with the stage it was on; where that went, or another was opened, it means the selected one."""
        found = next((slot for slot in self.slots if slot.state.id == held), None) if held else None
        if found is None and 0 <= self._selected < len(self.slots):
            found = self.slots[self._selected]
        if found is None:
            self.add_key.setFocus(Qt.FocusReason.OtherFocusReason)
        elif found is not before:
            found.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_whole(self.slots.index(found))

    def show_selected(self, index: int) -> None:
        """The slot whose editor is open, -1 for none. Another one than before is brought into view."""
        for i, slot in enumerate(self.slots):
            slot.show_selected(i == index)
        opened = (index, self._id_at(index))
        self._selected = index
        if opened != self._opened:
            self._opened = opened
            self._show_selected_whole()
        else:
            self.place()

    def _show_selected_whole(self) -> None:
        if 0 <= self._selected < len(self.slots):
            self._show_whole(self._selected)
        else:
            self.place()

    def show_sum(self, change_lu: float | None, latency_samples: int, rate_hz: float) -> None:
        """What the whole chain does to level and time."""
        if self._sum != (change_lu, latency_samples, rate_hz):
            self._sum = (change_lu, latency_samples, rate_hz)
            self.update(self._sum_area())

    def _add_slot(self, state: SlotState) -> None:
        slot = self._spare.take("") or self._make_slot(state)
        slot.forget()
        self.slots.append(slot)
        slot.show()

    def _make_slot(self, state: SlotState) -> StageSlot:
        slot = StageSlot(state, self._lane, ground=self.ground)
        slot.show_low(self._low)
        slot.selected_asked.connect(partial(self._with_index, slot, self.selected.emit))
        slot.bypass_asked.connect(lambda wanted: self._with_index(slot, lambda i: self.bypass_asked.emit(i, wanted)))
        slot.remedy_asked.connect(partial(self._with_index, slot, self.remedy_asked.emit))
        slot.remove_asked.connect(partial(self._with_index, slot, self.remove_asked.emit))
        slot.add_asked.connect(partial(self._with_index, slot, self.open_add_menu))
        slot.add_before_asked.connect(partial(self._with_index, slot, lambda place: self.open_add_menu(before=place)))
        slot.menu_opened.connect(lambda menu: self._with_index(slot, partial(self._offer, menu)))
        slot.move_asked.connect(lambda step: self._with_index(slot, lambda i: self._ask_move(i, i + step)))
        slot.focus_moved.connect(lambda step: self._with_index(slot, lambda i: self._focus(i + step)))
        slot.dragged.connect(lambda here, grip: self._drag(slot, here, grip))
        slot.dropped.connect(self._drop)
        return slot

    def _with_index(self, slot: StageSlot, act: object) -> None:
        if slot in self.slots and callable(act):
            act(self.slots.index(slot))

    def _order_tabs(self) -> None:
        chain: list[QWidget] = [*self.slots, self.add_key]
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    def _ask_move(self, start: int, end: int) -> None:
        if 0 <= end < len(self.slots) and end != start:
            self.move_asked.emit(start, end)

    def _focus(self, index: int) -> None:
        if 0 <= index < len(self.slots):
            self.slots[index].setFocus(Qt.FocusReason.TabFocusReason)
            self._show_whole(index)

    def _offer(self, menu: Menu, place: int) -> None:
        self.offer_menu(menu, place)

    def open_add_menu(self, after: int | None = None, *, before: int | None = None) -> Menu:
        """The kinds of stage. `after` is the slot behind which the new one goes, `before` the one whose place it takes; the add key names none."""
        menu, named = menu_on(self), before if after is None else after
        for kind, label in self._kinds.items():
            menu.add(label, partial(self._ask_add, kind, after, before))
        self.offer_more(menu, after if before is None else before - 1)
        under: QWidget = self.add_key if named is None else self.slots[named]
        menu.open_at(under.mapToGlobal(QPoint(0, self._slot_height() + theme.px(2))))
        return menu

    def _ask_add(self, kind: str, after: int | None, before: int | None) -> None:
        self.add_asked.emit(kind, self.place_for(kind, after) if before is None else before)

    def _place_behind(self, _kind: str, after: int | None = None) -> int:
        return len(self.slots) if after is None else after + 1

    def show_compact(self, compact: bool) -> None:
        """One row of names in compact mode."""
        self._low = compact
        for slot in (*self.slots, *self._spare):
            slot.show_low(compact)
        self.measure()
        self.place()

    def _slot_height(self) -> int:
        return theme.px(LOW - 2 if self._low else theme.sizes.slot[1])

    def measure(self) -> None:
        self.setFixedHeight(theme.px(LOW + 4 if self._low else theme.sizes.chain))
        self._show_selected_whole()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(900), theme.px(theme.sizes.chain))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._show_selected_whole()

    def slot_width(self) -> int:
        """Full width while there is room, down to the smallest, after which the strip scrolls."""
        wanted, smallest = theme.px(theme.sizes.slot[0]), theme.px(LOW_SMALLEST if self._low else theme.sizes.slot_smallest)
        if not self.slots:
            return wanted
        room = self._room() // len(self.slots) - theme.px(GUTTER)
        return max(smallest, min(wanted, room))

    def _room(self) -> int:
        return self.width() - theme.px(8) - theme.px(theme.sizes.add_button) - theme.px(4) - self._sum_width()

    def _sum_width(self) -> int:
        return theme.px(LOW_SUM if self._low else SUM_WIDTH if theme.density == "comfortable" else 56)

    def _sum_area(self) -> QRect:
        return QRect(self.width() - self._sum_width(), 0, self._sum_width(), self.height())

    def slot_rect(self, place: int, selected: bool = False) -> QRect:
        """Where the slot at a place of the chain stands; the selected one reaches down to its editor."""
        width, gap = self.slot_width(), theme.px(GUTTER)
        top = theme.px(4)
        height = self.height() - top if selected else self._slot_height()
        return QRect(theme.px(8) + place * (width + gap) - self._scroll, top, width, height)

    def place(self) -> None:
        """Puts everything where it belongs, at once."""
        self._scroll = min(max(self._scroll, 0), self._overflow())
        self._lane.setGeometry(0, 0, max(1, theme.px(8) + self._room()), self.height())
        for index, slot in enumerate(self.slots):
            self._stop(slot)
            slot.setGeometry(self.slot_rect(index, index == self._selected))
        end = self.slot_rect(len(self.slots)).x()
        last = self.width() - self._sum_width() - theme.px(theme.sizes.add_button)
        height = self._slot_height()
        self.add_key.setFixedSize(theme.px(theme.sizes.add_button), height)
        self.add_key.move(min(end, last), theme.px(4))
        self.add_key.raise_()

    def _overflow(self) -> int:
        return max(0, len(self.slots) * (self.slot_width() + theme.px(GUTTER)) - self._room())

    def _show_whole(self, index: int) -> None:
        rect = self.slot_rect(index)
        left, right = theme.px(8), theme.px(8) + self._room() - theme.px(4)
        if rect.left() < left:
            self._scroll += rect.left() - left
        elif rect.right() > right:
            self._scroll += rect.right() - right
        self.place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._overflow() and self._dragged < 0:
            self._scroll -= event.angleDelta().y() // 2 or event.angleDelta().x() // 2
            self.place()
            self.update()
        event.accept()

    def _drag(self, slot: StageSlot, here: QPoint, grip: QPoint) -> None:
        """The slot's picture follows the pointer; the others move as soon as its middle passes theirs."""
        if self._dragged < 0:
            self._dragged = self._gap = self.slots.index(slot)
            self._lifted = Lifted(slot.grab(), self._lane)
            slot.lower()
            self._lifted.show()
        self._held = here, grip
        self._edge.hold(here.x())
        self._follow_hand()

    def _follow_hand(self, *, at_once: bool = False) -> None:
        assert self._lifted is not None
        here, grip = self._held
        x = min(max(here.x() - grip.x(), 0), self._lane.width() - self._lifted.width())
        self._lifted.move(x, theme.px(4))
        self._lifted.raise_()
        step = self.slot_width() + theme.px(GUTTER)
        place = round((x + self._scroll - theme.px(8)) / step)
        self._make_room(min(max(place, 0), len(self.slots) - 1), at_once)

    def _scroll_held(self, by: int) -> bool:
        """On while a slot is held at the edge."""
        before, self._scroll = self._scroll, min(max(self._scroll + by, 0), self._overflow())
        if self._lifted is not None and self._scroll != before:
            self._follow_hand(at_once=True)
        return self._scroll != before

    def _make_room(self, place: int, at_once: bool) -> None:
        if self._lifted is not None and self.slots[self._dragged].isVisible():
            self.slots[self._dragged].setGeometry(-10000, 0, 1, 1)
        self._gap = place
        others = [slot for index, slot in enumerate(self.slots) if index != self._dragged]
        for index, slot in enumerate(others):
            self._slide(slot, self.slot_rect(index if index < place else index + 1, self.slots.index(slot) == self._selected).topLeft(), at_once)
        self._lane.show_gap(self.slot_rect(place))

    def _slide(self, slot: StageSlot, target: QPoint, at_once: bool) -> None:
        running = self._moves.get(slot)
        if running is not None and running.endValue() == target:
            return
        self._stop(slot)
        if at_once or theme.reduce_motion or slot.pos() == target:
            slot.move(target)
            return
        move = self._moves.setdefault(slot, QPropertyAnimation(slot, b"pos", slot))
        move.setDuration(MAKE_ROOM_MS)
        move.setEasingCurve(QEasingCurve.Type.OutCubic)
        move.setEndValue(target)
        move.start()

    def _stop(self, slot: StageSlot) -> None:
        move = self._moves.get(slot)
        if move is not None:
            move.stop()
            move.setEndValue(None)

    def _drop(self, keep: bool) -> None:
        start, end = self._dragged, self._gap
        self.put_back()
        if keep and start >= 0:
            self._ask_move(start, end)

    def put_back(self) -> None:
        """Ends a drag with every slot where it was."""
        if self._lifted is not None:
            self._lifted.hide()
            self._lifted.deleteLater()
        self._lifted, self._dragged, self._gap = None, -1, -1
        self._edge.let_go()
        if self._lane.gap is not None:
            self._lane.show_gap(None)
        self.place()
        self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if area.intersects(self._sum_area()):
            self._draw_sum(painter)

    def _draw_sum(self, painter: QPainter) -> None:
        change, latency, rate = self._sum
        paint.fill(painter, self._sum_area(), self.ground)
        room = self._sum_area().adjusted(0, 0, -theme.px(12), 0)
        middle, line = self.height() // 2, theme.px(20)
        upper = QRect(room.x(), middle - line, room.width(), line)
        lower = QRect(room.x(), middle, room.width(), line)
        if self._low:
            paint.text(painter, room.adjusted(0, 0, theme.px(4), 0), numbers.quantity(change, "LU", plus=True), "table_value", "text", paint.RIGHT)
            return
        if theme.density == "compact":
            paint.text(painter, upper, numbers.number(change, plus=True), "table_value", "text", paint.RIGHT)
            paint.text(painter, lower, "LU", "scale", "text3", paint.RIGHT)
            return
        paint.text(painter, upper, numbers.quantity(change, "LU", plus=True), "table_value", "text", paint.RIGHT)
        late = numbers.quantity(1000 * latency / rate, "ms")
        words = f"{grouped(latency)} smp, {late}"
        paint.text(painter, lower, words if paint.text_width(words, "text") <= lower.width() else late, "text", "text3", paint.RIGHT)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def spoken_value(self) -> str:
        change, latency, rate = self._sum
        return f"{numbers.quantity(change, 'LU', plus=True)}, {grouped(latency)} samples, {numbers.quantity(1000 * latency / rate, 'ms')}"
