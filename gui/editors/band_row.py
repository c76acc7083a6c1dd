"""The row of a stage's bands between plot and strip: which is edited, which are on, heard alone or silent, and a live figure for each."""
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params import LABELS, index_of, params_of
from gui.controls.base import Painted
from gui.controls.buttons import Key, Toggle
from gui.controls.parts import make_lockable
from gui.theme import paint, theme
from gui.theme.paint import SMOOTH

RING = 9
FIGURE = 46


class Switch(NamedTuple):
    """A switch of every band: the end of its parameter's id, the letter on the key, its name; an icon in place of the letter."""

    suffix: str
    letter: str
    name: str
    icon: str = ""


class RingKey(Key):
    """The ring with the number: selects its band; on the selected one it switches the band on and off where it can be."""

    def __init__(self, cell: "BandHead", name: str) -> None:
        super().__init__(cell)
        self._cell = cell
        self.setStatusTip("Selects the band; on the selected one, takes it in or out" if cell.on_id else "Selects the band")
        self.set_up(name, "panel")

    def measure(self) -> None:
        self.setFixedSize(theme.px(26), theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        cell, at = self._cell, QPointF(self.width() / 2, self.height() / 2)
        painter.setRenderHint(SMOOTH, True)
        if self.hover_share and not cell.selected:
            paint.rounded(painter, self.rect(), self.plane(self.ground), 13)
            painter.setRenderHint(SMOOTH, True)
        ink = "text" if cell.on else "off"
        pen = QPen(theme.color(ink), 1.5)
        if not cell.on:
            pen.setDashPattern([2.0, 1.6])
        painter.setPen(Qt.PenStyle.NoPen if cell.selected else pen)
        painter.setBrush(theme.color("select" if cell.on else "edge") if cell.selected else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, theme.px(RING) + (1 if cell.selected else 0), theme.px(RING) + (1 if cell.selected else 0))
        painter.setRenderHint(SMOOTH, False)
        paint.text(painter, self.rect(), str(cell.number), "scale", "on_select" if cell.selected else ink, paint.CENTER, 600)


class BandHead(Painted, QWidget):
    """One band of the row."""

    chosen = Signal(int)
    edited = Signal(str, float)

    def __init__(self, kind: str, number: int, switches: Sequence[Switch], parent: QWidget, unit: str = "") -> None:
        super().__init__(parent)
        self._unit = unit
        ids = {param.id for param in params_of(kind)}
        self.number = number
        self.selected = False
        self.on_id = f"band{number}_on" if f"band{number}_on" in ids else ""
        self.on = True
        self.title, self.figure, self.figure_ink = "", "", "text"
        name = f"{LABELS[kind]} band {number}"
        self.ring = RingKey(self, name)
        self.ring.clicked.connect(self._press)
        self.keys: dict[str, Toggle] = {}
        for switch in switches:
            param_id = f"band{number}_{switch.suffix}"
            key = self.keys[param_id] = Toggle(switch.letter, self, loud=True, width=24, height=24, icon=switch.icon, name=f"{name} {switch.name}")
            param = params_of(kind)[index_of(kind, param_id)]
            key.setStatusTip(param.help)
            make_lockable(key, param)
            key.edited.connect(lambda on, param_id=param_id: self.edited.emit(param_id, float(on)))
        self.set_up(name, "panel", focus=False)

    def show_values(self, values: Mapping[str, float]) -> None:
        """Its switches."""
        self.on = values.get(self.on_id, 1.0) >= 0.5 if self.on_id else True
        for param_id, key in self.keys.items():
            key.show_value(values.get(param_id, 0.0) >= 0.5)
        self.ring.update()
        self.update()

    def show_selected(self, selected: bool) -> None:
        """Raised with a bar on top."""
        if selected != self.selected:
            self.selected = selected
            self.ground = self.ring.ground = "raised" if selected else "panel"
            for key in self.keys.values():
                key.ground = self.ground
                key.update()
            self.ring.update()
            self.update()

    def show_title(self, title: str) -> None:
        """What it is the band of, as "120\N{EN DASH}800 Hz"."""
        if title != self.title:
            self.title = title
            self.setAccessibleDescription(title)
            self.update()

    def show_figure(self, figure: str, ink: str = "text") -> None:
        """Its live number; only that is painted."""
        if (figure, ink) != (self.figure, self.figure_ink):
            appears, self.figure, self.figure_ink = bool(figure) != bool(self.figure), figure, ink
            self.update(self._figure_area())
            if appears:
                self.update(self._unit_area())

    def measure(self) -> None:
        for child in (getattr(self, "ring", None), *getattr(self, "keys", {}).values()):
            if child is not None:
                child.measure()
        if hasattr(self, "keys"):
            self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.number)

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.selected:
            painter.fillRect(0, 0, self.width(), theme.px(2), theme.color("select"))
        paint.figure(painter, self._figure_area(), self.figure, "table_value", self.figure_ink, paint.RIGHT)
        if self.unit_room() and self.figure and self.touched(self._unit_area()):
            paint.text(painter, self._unit_area(), self._unit, "scale", "text3", paint.RIGHT)
        left = self._title_left()
        room = QRect(left, 0, self._figure_area().left() - left, self.height())
        if paint.text_width(self.title, "text") <= room.width() and self.touched(room):
            paint.text(painter, room, self.title, "text", "text2" if self.on else "off")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def spoken_value(self) -> str:
        figure = f"{self.figure} {self._unit}".rstrip() if self.figure else ""
        return ", ".join(part for part in (self.title, figure, "" if self.on else "off") if part)

    def _press(self) -> None:
        if self.selected and self.on_id:
            self.edited.emit(self.on_id, 0.0 if self.on else 1.0)
        else:
            self.chosen.emit(self.number)

    def _keys_left(self) -> int:
        return self.width() - theme.px(6) - len(self.keys) * theme.px(26)

    def _title_left(self) -> int:
        return self.ring.geometry().right() + theme.px(4)

    def unit_room(self) -> int:
        """What the unit behind the figure takes; nothing where title and figure need the room."""
        if not self._unit:
            return 0
        wanted = paint.text_width(self._unit, "scale") + theme.px(3)
        left = self._keys_left() - theme.px(4) - theme.px(FIGURE) - self._title_left()
        return wanted if paint.text_width(self.title, "text") + wanted <= left else 0

    def _unit_area(self) -> QRect:
        right, wide = self._keys_left() - theme.px(4), self.unit_room()
        return QRect(right - wide, theme.px(2), wide, self.height() - theme.px(2))

    def _figure_area(self) -> QRect:
        right = self._keys_left() - theme.px(4) - self.unit_room()
        return QRect(right - theme.px(FIGURE), theme.px(2), theme.px(FIGURE), self.height() - theme.px(2))

    def _arrange(self) -> None:
        self.ring.move(theme.px(6), (self.height() - self.ring.height()) // 2)
        x = self._keys_left()
        for key in self.keys.values():
            key.move(x, (self.height() - key.height()) // 2)
            x += theme.px(26)


class BandRow(Painted, QWidget):
    """The heads of the bands in use, side by side. Wishes of their switches are whole gestures."""

    band_chosen = Signal(int)
    edited = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    def __init__(self, kind: str, bands: int, switches: Sequence[Switch], parent: QWidget | None = None, *, unit: str = "") -> None:
        super().__init__(parent)
        self.heads = [BandHead(kind, number, switches, self, unit) for number in range(1, bands + 1)]
        self.count = bands
        for head in self.heads:
            head.chosen.connect(self.band_chosen)
            head.edited.connect(partial(self._edited))
        self.set_up(f"{LABELS[kind]} bands", "panel", focus=False)

    def show_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage."""
        for head in self.heads:
            head.show_values(values)

    def show_count(self, count: int) -> None:
        """How many bands are in use."""
        if count != self.count:
            self.count = count
            self._arrange()

    def select(self, number: int) -> None:
        """Raise one band."""
        for head in self.heads:
            head.show_selected(head.number == number)

    def measure(self) -> None:
        self.setFixedHeight(theme.px(34 if theme.density == "comfortable" else 30))
        for head in getattr(self, "heads", ()):
            head.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def _edited(self, param_id: str, value: float) -> None:
        self.gesture_started.emit(param_id)
        self.edited.emit(param_id, value)
        self.gesture_ended.emit(param_id)

    def _arrange(self) -> None:
        edges = [round(i * self.width() / self.count) for i in range(self.count + 1)]
        for head in self.heads:
            inside = head.number <= self.count
            head.setVisible(inside)
            if inside:
                head.setGeometry(edges[head.number - 1], 0, edges[head.number] - edges[head.number - 1], self.height())
