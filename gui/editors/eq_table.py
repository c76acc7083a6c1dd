"""The table under the equaliser's plot: all bands side by side, the selected one raised, every number typed, dragged or wheeled."""
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params.eq import EQ_BANDS
from gui.controls.base import Painted
from gui.controls.buttons import Key
from gui.controls.value_hand import ValueHand
from gui.editors import eq_paint
from gui.editors.eq_bands import GLYPHS, PARAMS, Band, bands_of
from gui.editors.eq_menus import Edits, band_menu
from gui.editors.eq_nodes import band_words
from gui.theme import icons, paint, theme
from gui.theme.sizes import SEMIBOLD, Weight

RING_RADIUS = 9
ROWS_COMFORTABLE, ROWS_COMPACT = (19, 46, 69), (16, 38, 61)
ROW_HEIGHT = 25


class TableValue(ValueHand):
    """One number of a band: no label, no track; `prefix` stands before it."""

    ring_gap = 0

    def __init__(self, param: Param, name: str, parent: QWidget, role: str, *, prefix: str = "", align: Qt.AlignmentFlag = paint.LEFT,
                 weight: Weight | None = None) -> None:
        self.role = role
        self.prefix = prefix
        self.align = align
        self.weight = weight
        self.weak = False
        super().__init__(param, name, parent, "panel")

    def value_area(self) -> QRect:
        return self.rect()

    def natural_width(self) -> int:
        """Room for the text and for a short one to be typed."""
        return max(paint.text_width(self.words(), self.role, self.weight) + 2 * theme.px(4), theme.px(52))

    def words(self) -> str:
        """Prefix and value."""
        return self.prefix + self.value_text()

    def show_ground(self, ground: str, weak: bool) -> None:
        """The plane it lies on, and whether its band is off."""
        if (ground, weak) != (self.ground, self.weak):
            self.ground, self.weak = ground, weak
            self.update()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.hover_share or self.dragging:
            paint.rounded(painter, self.rect(), "control" if self.dragging else self.plane(self.ground, "hover"))
        color = "off" if self.weak else "text" if self.align == paint.LEFT else "text2"
        inner = self.rect().adjusted(theme.px(4), 0, -theme.px(4), 0)
        paint.text(painter, inner, self.words(), self.role, color, self.align, self.weight)


class BandKey(Key):
    """The ring with the number: selects its band, and on the selected one switches it on and off."""

    def __init__(self, cell: "BandCell") -> None:
        super().__init__(cell)
        self.cell = cell
        self.setStatusTip("Selects the band; on the selected one, takes it in or out")
        self.set_up(f"EQ band {cell.number}", "panel")

    def measure(self) -> None:
        self.setFixedSize(theme.px(26), theme.px(26))

    def draw(self, painter: QPainter, area: QRect) -> None:
        look = eq_paint.Look(self.cell.selected, self.hovered)
        eq_paint.paint_ring(painter, QPointF(self.width() / 2, self.height() / 2), self.cell.band, look, theme.px(RING_RADIUS), self.ground)


class TypeKey(Key):
    """Glyph and, where there is room, word of the band's type; opens the band's menu."""

    def __init__(self, cell: "BandCell") -> None:
        super().__init__(cell)
        self.cell = cell
        self.worded = False
        self.setStatusTip("Type, slope and channel of the band")
        self.set_up(f"EQ band {cell.number} type", "panel")

    def measure(self) -> None:
        self.setFixedHeight(theme.px(24))

    def draw(self, painter: QPainter, area: QRect) -> None:
        band = self.cell.band
        if self.hover_share or self.isDown():
            paint.rounded(painter, self.rect(), self.plane(self.ground, "hover"))
        color = "text2" if band.on else "off"
        icons.draw(painter, GLYPHS[band.type], QPointF(theme.px(12), self.height() / 2), color)
        if self.worded:
            words = PARAMS[band.id("type")].text(band.type)
            paint.text(painter, self.rect().adjusted(theme.px(28), 0, -theme.px(4), 0), words, "text", color)


class BandCell(Painted, QWidget):
    """One band of the table."""

    chosen = Signal(int)

    def __init__(self, number: int, edits: Edits, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = number
        self.selected = False
        self.shown_once = False
        self.band: Band = bands_of({})[number - 1]
        self._edits = edits
        self.ring, self.kind = BandKey(self), TypeKey(self)
        name = f"EQ band {number}"
        self.values = {
            "freq": TableValue(PARAMS[f"band{number}_freq"], f"{name} frequency", self, "control_value"),
            "gain": TableValue(PARAMS[f"band{number}_gain"], f"{name} gain", self, "table_value", weight=SEMIBOLD),
            "slope": TableValue(PARAMS[f"band{number}_slope"], f"{name} slope", self, "table_value", weight=SEMIBOLD),
            "q": TableValue(PARAMS[f"band{number}_q"], f"{name} Q", self, "text", prefix="Q ", align=paint.RIGHT)}
        self.ring.clicked.connect(self._press_ring)
        self.kind.clicked.connect(self.open_menu)
        self.set_up(name, "panel", focus=False)
        self.show_selected(False)

    def show_band(self, band: Band, values: Mapping[str, float]) -> None:
        """Numbers of the band from the model."""
        self.band = band
        self.shown_once = True
        for name, widget in self.values.items():
            widget.show_value(values.get(band.id(name), PARAMS[band.id(name)].default))
        self.setAccessibleDescription(band_words(band))
        self._arrange()
        self._replane()

    def show_selected(self, selected: bool) -> None:
        """Raised with a bar on top; its numbers are what Tab reaches."""
        self.selected = selected
        policy = Qt.FocusPolicy.StrongFocus if selected else Qt.FocusPolicy.ClickFocus
        for child in (self.ring, self.kind, *self.values.values()):
            child.setFocusPolicy(policy)
        self._replane()

    def type_value(self) -> None:
        """Open the number one would type first."""
        widget = self.values["gain" if self.band.gained else "freq"]
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        widget.type_value()

    def open_menu(self) -> None:
        """The band's menu under its type."""
        self.chosen.emit(self.number)
        band_menu(self, self.band, self._edits).open_at(self.kind.mapToGlobal(self.kind.rect().bottomLeft()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def measure(self) -> None:
        for child in (self.ring, self.kind):
            child.measure()
        self._arrange()

    def draw(self, painter: QPainter, area: QRect) -> None:
        if self.selected:
            painter.fillRect(0, 0, self.width(), theme.px(2), theme.color("select"))
        first = QRect(0, self._row(0) - theme.px(12), self.width() - self._margin(), theme.px(24))
        word = eq_paint.channel_word(self.band.channel)
        if word:
            paint.text(painter, first, word, "text_strong", "text" if self.band.on else "off", paint.RIGHT)
        if not self.band.on:
            last = QRect(0, self._row(2) - theme.px(12), self.width() - self._margin(), theme.px(24))
            paint.text(painter, last, "off", "text", "text3", paint.RIGHT)

    def _press_ring(self) -> None:
        if self.selected:
            self._edits.wish({self.band.id("on"): 0.0 if self.band.on else 1.0})
        else:
            self.chosen.emit(self.number)

    def _replane(self) -> None:
        self.ground = self.ring.ground = self.kind.ground = "raised" if self.selected else "panel"
        for widget in self.values.values():
            widget.show_ground(self.ground, not self.band.on)
        for child in (self, self.ring, self.kind):
            child.update()

    def _margin(self) -> int:
        return theme.px(14 if theme.density == "comfortable" else 8)

    def _row(self, index: int) -> int:
        return theme.px((ROWS_COMFORTABLE if theme.density == "comfortable" else ROWS_COMPACT)[index])

    def _arrange(self) -> None:
        """Ring, glyph and word above; frequency; gain or slope left, Q right where there is room for it."""
        if not hasattr(self, "values"):
            return
        pad = theme.px(4)
        left, room = self._margin() - pad, self.width() - 2 * self._margin() + 2 * pad
        self.ring.move(left, self._row(0) - theme.px(13))
        self._arrange_kind(left + theme.px(28), room - theme.px(28))
        level = self.values["gain" if self.band.gained else "slope"]
        q, compact_cut = self.values["q"], theme.density == "compact" and self.band.cut
        fits = level.natural_width() + q.natural_width() <= room or not (self.band.gained or self.band.cut)
        self._put(self.values["freq"], left, 1, min(room, self.values["freq"].natural_width()))
        self._put(level, left, 2, min(room, level.natural_width()))
        self._put(q, left + room - q.natural_width(), 2, q.natural_width())
        shown = {"freq": True, "gain": self.band.gained, "slope": self.band.cut, "q": self.band.on and self.band.has_q and fits and not compact_cut}
        for name, widget in self.values.items():
            widget.setVisible(shown[name])

    def _arrange_kind(self, left: int, room: int) -> None:
        """The type's word beside its glyph unless the cell is too narrow for it or the density compact."""
        word = eq_paint.channel_word(self.band.channel)
        room -= paint.text_width(word, "text_strong") + theme.px(4) if word else 0
        wanted = theme.px(32) + paint.text_width(PARAMS[self.band.id("type")].text(self.band.type), "text")
        self.kind.worded = theme.density == "comfortable" and wanted <= room
        self.kind.setGeometry(left, self._row(0) - theme.px(12), wanted if self.kind.worded else theme.px(24), theme.px(24))
        self.kind.update()

    def _put(self, widget: TableValue, x: int, row: int, width: int) -> None:
        height = theme.px(ROW_HEIGHT)
        widget.setGeometry(x, self._row(row) - height // 2, width, height)


class BandTable(Painted, QWidget):
    """Eight cells. Its wishes go to `edits`, gestures of single numbers through its own signals."""

    value_wished = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)
    band_chosen = Signal(int)

    def __init__(self, edits: Edits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = [BandCell(number, edits, self) for number in range(1, EQ_BANDS + 1)]
        for cell in self.cells:
            cell.chosen.connect(self.band_chosen)
            for name, widget in cell.values.items():
                param_id = cell.band.id(name)
                widget.edited.connect(partial(self.value_wished.emit, param_id))
                widget.gesture_started.connect(partial(self._started, cell.number, param_id))
                widget.gesture_ended.connect(partial(self.gesture_ended.emit, param_id))
        self.set_up("EQ bands", "panel", focus=False)

    def show_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage."""
        for cell, band in zip(self.cells, bands_of(values), strict=True):
            if band != cell.band or not cell.shown_once:
                cell.show_band(band, values)

    def select(self, number: int) -> None:
        """Raise one band."""
        for cell in self.cells:
            if cell.selected != (cell.number == number):
                cell.show_selected(cell.number == number)

    def measure(self) -> None:
        self.setFixedHeight(theme.px(theme.sizes.stage_strip))
        for cell in getattr(self, "cells", ()):
            cell.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edges = [round(i * self.width() / EQ_BANDS) for i in range(EQ_BANDS + 1)]
        for cell, left, right in zip(self.cells, edges, edges[1:], strict=False):
            cell.setGeometry(left, 0, right - left, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(8 * 104), theme.px(theme.sizes.stage_strip))

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""

    def _started(self, number: int, param_id: str) -> None:
        self.band_chosen.emit(number)
        self.gesture_started.emit(param_id)
