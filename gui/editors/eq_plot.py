"""The equaliser as a picture: spectra below, curves and nodes above. `eq_hand` makes it answer."""
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.eq import EQ_BANDS
from gui.editors import eq_paint
from gui.editors.eq_bands import Band, Curves, Floats, Response, bands_of, curves_of, shown_bands
from gui.editors.eq_paint import Frame, Look
from gui.plots.axes import Axis, db_label, db_ticks, rising
from gui.plots.spectrum import SpectrumView
from gui.plots.spectrum_traces import HIGH_HZ, LOW_HZ
from gui.plots.strokes import label_on_well
from gui.theme import paint, theme

VIEWS_DB = (3.0, 6.0, 12.0, 30.0)
VIEW_STEPS_DB = {3.0: 1.0, 6.0: 3.0, 12.0: 6.0, 30.0: 10.0}
INSET_PX = 9
NODE_REACH_PX = 15
WING_REACH_PX = 8


class EqPlot(SpectrumView):
    """`response` tells what the equaliser does; `values` are parameter ids of the table with their values."""

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="EQ curve")
        self.response = response
        self.values: dict[str, float] = {}
        self.bands: list[Band] = bands_of({})
        self.selected = 1
        self.view_db = VIEWS_DB[1]
        self.pointed: int | None = None
        self.dragged: int | None = None
        self._curves: Curves | None = None

    def set_values(self, values: Mapping[str, float]) -> None:
        """All values of the stage, from the model; emits nothing."""
        if dict(values) != self.values:
            self.values = dict(values)
            self.changed()

    def set_response(self, response: Response) -> None:
        """Another way of computing the curves, as after a change of sample rate."""
        self.response = response
        self.changed()

    def select(self, number: int) -> None:
        """Make a band the one that is edited."""
        if not 1 <= number <= EQ_BANDS:
            raise ValueError(f"the equaliser has bands 1 to {EQ_BANDS}, not {number}")
        self.selected = number
        self._curves = None
        self.renew_overlay()

    def set_view(self, view_db: float) -> None:
        """Gain range, ±3, 6, 12 or 30 dB."""
        if view_db not in VIEWS_DB:
            raise ValueError(f"the equaliser shows ±3, 6, 12 or 30 dB, not {view_db:g}")
        self.view_db = view_db
        self.renew()

    @property
    def band(self) -> Band:
        """The selected band."""
        return self.bands[self.selected - 1]

    @property
    def shown(self) -> list[Band]:
        """The bands that have a node."""
        return shown_bands(self.bands, self.selected)

    def beside(self, number: int, step: int) -> int | None:
        """Number of the shown band before or after another; None at the ends."""
        numbers = [b.number for b in self.shown]
        place = numbers.index(number) + step
        return numbers[place] if 0 <= place < len(numbers) else None

    @property
    def gains(self) -> Axis:
        """Vertical axis of the curves."""
        area, inset = self.plot_area, theme.px(INSET_PX)
        return Axis(-self.view_db, self.view_db, area.top() + area.height() - inset, area.top() + inset)

    @property
    def differences(self) -> Axis:
        """Master minus mix stands on the scale of the curve, so that one can be held against the other."""
        return self.gains

    @property
    def frame(self) -> Frame:
        """Plot area and axes of the nodes."""
        return Frame(self.plot_area, self.frequencies, self.gains)

    @property
    def curves(self) -> Curves:
        """The curves for the values of now, computed once per change and width."""
        if self._curves is None:
            self._curves = curves_of(self.values, self._grid_hz(), self.response, self.selected)
        return self._curves

    def node_at(self, at: QPointF) -> int | None:
        """Number of the nearest node under the pointer; the selected one wins where they meet."""
        frame = self.frame
        reach = theme.px(NODE_REACH_PX)
        near = [(eq_paint.distance(at, frame.node_at(b)) - (2 if b.number == self.selected else 0), b.number) for b in self.shown]
        gap, number = min(near)
        return number if gap <= reach else None

    def wing_at(self, at: QPointF) -> bool:
        """Whether the pointer is on an end of the selected band's wings."""
        if not self.band.winged or not self.band.on:
            return False
        y = self.frame.node_at(self.band).y()
        reach = theme.px(WING_REACH_PX)
        return abs(at.y() - y) <= reach and any(abs(at.x() - x) <= reach for x in self.frame.wing_px(self.band))

    def changed(self) -> None:
        """Values moved: curves and nodes again, spectra as they are."""
        self.bands = bands_of(self.values)
        self._curves = None
        self.renew_overlay()

    def focused_band(self) -> int | None:
        """The band whose node has the keyboard; none in a plot that is only looked at."""
        return None

    def renew(self) -> None:
        """Another size, theme or range; the grid of the curve follows the width."""
        self._curves = None
        super().renew()

    def paint_level_grid(self, painter: QPainter, area: QRect) -> None:
        """Lines of the gain scale; the zero line is drawn."""
        for tick in db_ticks(self.gains, step=VIEW_STEPS_DB[self.view_db]):
            paint.hairline(painter, area.left(), round(tick.px), area.right() + 1, round(tick.px), "edge" if tick.value == 0 else "grid")

    def paint_marks(self, painter: QPainter) -> None:
        """Both scales and the legend."""
        self.paint_level_scale(painter, (self.gains.px(0.0),))
        self._paint_gain_scale(painter)
        self.paint_legend(painter, QPoint(theme.px(64), theme.px(6)))

    def paint_overlay(self, painter: QPainter) -> None:
        """Curves and nodes."""
        painter.setClipRect(self.plot_area)
        frame, curves = self.frame, self.curves
        eq_paint.paint_share(painter, frame, curves, self.band)
        eq_paint.paint_curves(painter, frame, curves)
        eq_paint.paint_stems(painter, frame, curves, self.shown)
        if self.band.winged and self.band.on:
            eq_paint.paint_wings(painter, frame, self.band)
        for band in sorted(self.shown, key=lambda b: (b.number == self.selected, b.on, b.number)):
            eq_paint.paint_node(painter, frame.node_at(band), band, self._look(band))

    def _look(self, band: Band) -> Look:
        return Look(band.number == self.selected, band.number == self.pointed, band.number == self.focused_band(),
                    band.number == self.dragged)

    def _paint_gain_scale(self, painter: QPainter) -> None:
        """Gain figures at the left, each over its line; the uppermost with the unit."""
        ticks = db_ticks(self.gains, step=VIEW_STEPS_DB[self.view_db])
        half = theme.px(9)
        for tick in ticks:
            top = tick is ticks[-1]
            y = tick.px if top else tick.px - half
            words = f"{db_label(tick.value)} dB" if top else db_label(tick.value)
            label_on_well(painter, QRectF(theme.px(8), y - half + (theme.px(6) if top else 0), theme.px(50), 2 * half), words)

    def _grid_hz(self) -> Floats:
        """Frequencies of the curve: every other pixel, and each band's own centre and edges so that no narrow one is missed."""
        even = even_hz(max(64, self.plot_area.width() // 2))
        own = [hz for b in self.bands if b.on for hz in (b.freq_hz, *b.edges_hz) if LOW_HZ < hz < HIGH_HZ]
        return rising([*even.tolist(), *own])


@lru_cache(maxsize=8)
def even_hz(count: int) -> Floats:
    """So many frequencies of equal ratio from end to end, for every curve of one width."""
    return np.geomspace(LOW_HZ, HIGH_HZ, count)
