"""A stage's panel, made from the table of parameters: numbers as value controls, on/off as toggles, choices as segments or a menu.

No stage needs a line of its own here. `Facts` is the three lines at the right end of an editor's strip.
"""
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from dsp_core.params import LABELS, params_of
from gui.controls.bands import COUNT, band_of, bands_asked, bands_in_use, by_band, label_in_band, untouched
from gui.controls.base import Painted
from gui.controls.buttons import Button, Toggle
from gui.controls.parts import Cell, Part, make_part, show_on
from gui.controls.plane import Words
from gui.controls.rows import Rows
from gui.controls.value import HALO, ValueControl
from gui.theme import paint, theme

SHOWN_IN_SLOT = ("bypass",)
FOLDED_FROM = 2


class StagePanel(Painted, QWidget):
    """All parameters of a stage kind, or those named by `ids`, or other `params`, in rows. One signal for each wish, with the parameter's id in front.

    Bands stand in rows under each other. Where the stage has a choice `bands`, those above it and their crossovers are not shown; where it has
    none, bands from the second on that are at their defaults are folded into a key that opens them. `grid` sets all columns on a grid.
    """

    edited = Signal(str, float)
    gesture_started = Signal(str)
    gesture_ended = Signal(str)

    def __init__(self, kind: str, parent: QWidget | None = None, *, ids: Sequence[str] | None = None, ground: str = "panel",
                 stage: str = "", grid: bool = True, params: Sequence[Param] | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.parts: dict[str, Part] = {}
        self.folds: dict[int, Cell] = {}
        self._stage = stage or LABELS[kind]
        self._grid = grid
        self._rows = Rows(self)
        self._opened: set[int] = set()
        self._params = wanted_params(kind, ids) if params is None else list(params)
        self._values = {param.id: param.default for param in self._params}
        self._counted = bands_in_use(self._params, self._values) is not None
        self._places: list[tuple[QWidget, int, int]] = []  # widget, band, how many bands it asks for
        for band, params in by_band(self._params):
            self._add_run(band, params, ground)
        self.set_up(self._stage, ground, focus=False)
        self._show_needed()

    def _add_run(self, band: int, params: Sequence[Param], ground: str) -> None:
        """Parameters of one band, or some of the whole stage."""
        if not band:
            self._rows.begin_paragraph()
        else:
            if not self._counted and band >= FOLDED_FROM:
                self._add_fold(band, ground)
            self._rows.begin_band()
            if label_in_band(params[0]) != f"Band {band}":
                self._place(Cell(Words(f"Band {band}", color="text", role="text_medium"), "", self, ground=ground, shrinks=True), band, band)
        for param in params:
            self._add(param, ground)

    def _add_fold(self, band: int, ground: str) -> None:
        fold = Button(f"Band {band} ...", ground=ground, plane="raised", name=f"{self._stage} band {band}: show its controls")
        fold.setStatusTip(f"Band {band} is as it was made; press to show its controls")
        fold.clicked.connect(partial(self.open_band, band))
        self._rows.begin_paragraph(joined=True)
        self.folds[band] = Cell(fold, "", self, ground=ground, low=True)
        self._rows.addWidget(self.folds[band])

    def _add(self, param: Param, ground: str) -> None:
        part = self.parts[param.id] = self.make(param, ground)
        show_on(part, param.default)
        part.edited.connect(partial(self._edited, param.id))
        band = band_of(param.id)
        if isinstance(part, ValueControl):
            part.gesture_started.connect(partial(self.gesture_started.emit, param.id))
            part.gesture_ended.connect(partial(self.gesture_ended.emit, param.id))
            self._place(part, band, bands_asked(param.id))
        else:
            label = "" if isinstance(part, Toggle) else label_in_band(param)
            self._place(Cell(part, label, self, ground=ground, shrinks=bool(band)), band, bands_asked(param.id))

    def make(self, param: Param, ground: str) -> Part:
        """The control of one parameter."""
        return make_part(param, self._stage, ground)

    def _place(self, widget: QWidget, band: int, asked: int) -> None:
        self._rows.addWidget(widget)
        self._places.append((widget, band, asked))

    def _edited(self, param_id: str, value: float) -> None:
        """A switch or a choice is a whole gesture by itself; a value control tells its own."""
        self._values[param_id] = float(value)
        self._opened.add(band_of(param_id))
        alone = not isinstance(self.parts[param_id], ValueControl)
        if alone:
            self.gesture_started.emit(param_id)
        self.edited.emit(param_id, float(value))
        if alone:
            self.gesture_ended.emit(param_id)
        if param_id == COUNT:
            self._show_needed()

    def open_band(self, band: int) -> None:
        """Show the controls of a folded band and give them the focus."""
        self._opened.add(band)
        self._show_needed()
        first = next(part for param_id, part in self.parts.items() if band_of(param_id) == band)
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_needed(self) -> None:
        """Bands in use with their controls, folded ones as keys, nothing of the others."""
        in_use = bands_in_use(self._params, self._values)
        folded = {band for band in self.folds if self._is_folded(band)}
        changed = [show_or_hide(fold, band in folded) for band, fold in self.folds.items()]
        changed += [show_or_hide(widget, band not in folded and (in_use is None or asked <= in_use)) for widget, band, asked in self._places]
        if any(changed):
            self._rows.invalidate()
            self.updateGeometry()

    def _is_folded(self, band: int) -> bool:
        """A band that somebody opened stays open."""
        return band not in self._opened and untouched((p for p in self._params if band_of(p.id) == band), self._values)

    def show_value(self, param_id: str, value: float) -> None:
        """Model to widget; emits nothing. A parameter that is not on this panel is none of its business."""
        self.show_values({param_id: value})

    def show_values(self, values: Mapping[str, float]) -> None:
        """Several at once."""
        own = {param_id: value for param_id, value in values.items() if param_id in self.parts}
        for param_id, value in own.items():
            show_on(self.parts[param_id], value)
        self._values.update(own)
        if COUNT in own or self.folds:
            self._show_needed()

    def show_bypassed(self, bypassed: bool) -> None:
        """The stage does not sound."""
        for part in self.parts.values():
            if not isinstance(part, Toggle):
                part.show_bypassed(bypassed)

    def measure(self) -> None:
        comfortable = theme.density == "comfortable"
        self._rows.gap = theme.px(12 if comfortable else 2)
        self._rows.row_gap = theme.px(4)
        self._rows.band_gap = theme.px(12 if comfortable else 4)
        self._rows.unit = theme.px(theme.sizes.value[0]) + 2 * theme.px(HALO) + self._rows.gap if self._grid else 0
        margin = theme.px(8 if comfortable else 6)
        above = theme.px(4) if self._grid and not comfortable else margin
        self._rows.setContentsMargins(margin, above, margin, above)
        for cell in self.findChildren(Cell):
            cell.measure()
        self._rows.invalidate()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._rows.heightForWidth(width)

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping


def wanted_params(kind: str, ids: Sequence[str] | None) -> list[Param]:
    """Those named, in the order of their naming; else all that the slot does not show, mix and placement last."""
    if ids is not None:
        place = {param_id: index for index, param_id in enumerate(ids)}
        return sorted((p for p in params_of(kind) if p.id in place), key=lambda p: place[p.id])
    return sorted((p for p in params_of(kind) if p.id not in SHOWN_IN_SLOT), key=lambda p: p.id in ("mix", "placement"))


def show_or_hide(widget: QWidget, shown: bool) -> bool:
    """Only where it changes something, because that costs a layout; gives whether it did."""
    if widget.isHidden() != shown and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        return False
    widget.setVisible(shown)
    return True


class Facts(Painted, QWidget):
    """Up to three figures of the whole song or the loop, names left, values right: "Mean, loop  −1.1 dB"."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "panel") -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, str]] = []
        self.stale = False
        self.set_up("Facts", ground, focus=False)

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        """Pairs of name and value; `stale` ones are from before the last change."""
        if (list(rows), stale) != (self.rows, self.stale):
            self.rows, self.stale = list(rows), stale
            self.update()

    def measure(self) -> None:
        self.setFixedSize(theme.px(152), theme.px(3 * 23 if theme.density == "comfortable" else 3 * 20))

    def draw(self, painter: QPainter, area: QRect) -> None:
        height = self.height() // 3
        for index, (words, value) in enumerate(self.rows[:3]):
            row = QRect(0, index * height, self.width(), height)
            taken = paint.text(painter, row, value, "table_value", "text3" if self.stale else "text", paint.RIGHT)
            paint.text(painter, row.adjusted(0, 0, -round(taken) - theme.px(8), 0), words, "text", "text2")

    def spoken_role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def spoken_value(self) -> str:
        return ", ".join(f"{words} {value}" for words, value in self.rows)
