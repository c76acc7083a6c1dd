"""The table under the equaliser's plot: the bands that are shown side by side, the selected one raised, every number in the hand."""
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from dsp_core.params.eq import EQ_BANDS
from gui.controls.base import Painted
from gui.controls.buttons import IconButton, Key
from gui.controls.lane import Lane
from gui.editors import eq_paint
from gui.editors.eq_bands import GLYPHS, PARAMS, STANDING, Band, bands_of, shown_bands
from gui.editors.eq_menus import Edits, band_menu
from gui.editors.eq_nodes import band_words
from gui.editors.eq_value import TableValue
from gui.theme import icons, paint, theme
from gui.theme.sizes import SEMIBOLD

RING_RADIUS = 9
GLYPH, WORD_X, ARROW = 24, 26, 10
ROWS_COMFORTABLE, ROWS_COMPACT = (19, 46, 69), (16, 38, 61)
ROW_HEIGHT = 25
LEAST_CELL_PX, ADD_PX = 104, 32


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
    """Glyph and, where there is room, word of the band's type and the arrow of what opens a menu, which it does."""

    def __init__(self, cell: "BandCell") -> None:
        super().__init__(cell)
        self.cell = cell
        self.worded = self.arrowed = False
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
            paint.text(painter, self.rect().adjusted(theme.px(WORD_X), 0, 0, 0), words, "text", color)
        if self.arrowed:
            icons.draw(painter, "chevron_down", QPointF(self.width() - theme.px(ARROW) / 2, self.height() / 2), color, ARROW)


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
        word = self._word()
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

    def _word(self) -> str:
        """In the first row at the right: that the band is heard alone, or its channel."""
        return "Solo" if self.band.solo else eq_paint.channel_word(self.band.channel)

    def _arrange_kind(self, left: int, room: int) -> None:
        """The type's word beside its glyph unless the cell is too narrow for it or the density compact."""
        word = self._word()
        room -= paint.text_width(word, "text_strong") + theme.px(4) if word else 0
        wanted = theme.px(WORD_X + ARROW + 2) + paint.text_width(PARAMS[self.band.id("type")].text(self.band.type), "text")
        self.kind.worded = theme.density == "comfortable" and wanted <= room
        self.kind.arrowed = self.kind.worded or theme.px(GLYPH + ARROW) <= room
        plain = theme.px(GLYPH + ARROW if self.kind.arrowed else GLYPH)
        self.kind.setGeometry(left, self._row(0) - theme.px(12), wanted if self.kind.worded else plain, theme.px(24))
        self.kind.update()

    def _put(self, widget: TableValue, x: int, row: int, width: int) -> None:
        height = theme.px(ROW_HEIGHT)
        widget.setGeometry(x, self._row(row) - height // 2, width, height)


class BandTable(Painted, QWidget):
    """A cell for each band that is shown, and a key that adds one; it scrolls when they are more than it has room for.

    Its wishes go to `edits`, gestures of single numbers through its own signals.
    """

    value_wished = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)
    band_chosen = Signal(int)
    band_wished = Signal()

    def __init__(self, edits: Edits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lane = Lane(self, "panel")
        self._lane.setAccessibleName("EQ bands in use")
        self.cells = [BandCell(number, edits, self._lane) for number in range(1, EQ_BANDS + 1)]
        self.add_key = IconButton("add", "Add a band", self)
        self.add_key.clicked.connect(self.band_wished)
        self.bands: list[Band] = bands_of({})
        self.selected = 1
        self._scroll = 0
        for cell in self.cells:
            cell.chosen.connect(self.band_chosen)
            for name, widget in cell.values.items():
                param_id = cell.band.id(name)
                widget.edited.connect(partial(self.value_wished.emit, param_id))
                widget.gesture_started.connect(partial(self._started, cell.number, param_id))
                widget.gesture_ended.connect(partial(self.gesture_ended.emit, param_id))
        self.set_up("EQ bands", "panel", focus=False)

    @property
    def shown(self) -> list[BandCell]:
        """The cells that have a place."""
        return [self.cells[b.number - 1] for b in shown_bands(self.bands, self.selected)]

    def show_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage."""
        before, self.bands = self.shown, bands_of(values)
        for cell, band in zip(self.cells, self.bands, strict=True):
            if band != cell.band or not cell.shown_once:
                cell.show_band(band, values)
        if self.shown != before:
            self._place()

    def select(self, number: int) -> None:
        """Raise one band and bring it into sight."""
        self.selected = number
        for cell in self.cells:
            if cell.selected != (cell.number == number):
                cell.show_selected(cell.number == number)
        self._place(reveal=True)

    def measure(self) -> None:
        self.setFixedHeight(theme.px(theme.sizes.stage_strip))
        for cell in getattr(self, "cells", ()):
            cell.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(reveal=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Over the ground of the table; over a number it turns the number."""
        if self._overflow():
            self._scroll -= event.angleDelta().y() // 2 or event.angleDelta().x() // 2
            self._place()
        event.accept()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(STANDING * LEAST_CELL_PX + ADD_PX), theme.px(theme.sizes.stage_strip))

    def draw(self, painter: QPainter, area: QRect) -> None:
        """The ground is all there is."""

    def _room(self) -> int:
        return max(1, self.width() - theme.px(ADD_PX))

    def _overflow(self) -> int:
        return max(0, len(self.shown) * theme.px(LEAST_CELL_PX) - self._room()) if len(self.shown) > STANDING else 0

    def _place(self, *, reveal: bool = False) -> None:
        """Even widths while there is room, then the smallest ones, of which some are out of sight."""
        shown = self.shown
        whole = self._room() + self._overflow()
        edges = [round(i * whole / len(shown)) for i in range(len(shown) + 1)]
        if reveal:
            place = next(i for i, cell in enumerate(shown) if cell.number == self.selected)
            self._scroll = min(max(self._scroll, edges[place + 1] - self._room()), edges[place])
        self._scroll = min(max(self._scroll, 0), self._overflow())
        self._lane.setGeometry(0, 0, self._room(), self.height())
        for cell, left, right in zip(shown, edges, edges[1:], strict=False):
            cell.setGeometry(left - self._scroll, 0, right - left, self.height())
        for cell in self.cells:
            cell.setVisible(cell in shown)
        self.add_key.move(self.width() - theme.px(ADD_PX) + (theme.px(ADD_PX) - self.add_key.width()) // 2,
                          (self.height() - self.add_key.height()) // 2)

    def _started(self, number: int, param_id: str) -> None:
        self.band_chosen.emit(number)
        self.gesture_started.emit(param_id)
