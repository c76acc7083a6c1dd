"""The de-esser's editor: its band on the spectrum, the threshold against how far the band stands over the whole, what it takes away."""
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS
from dsp_core.params.eq import EQ_TYPES
from gui.editors.dynamic_curves import SLOPE, DynamicBand, DynamicCurves
from gui.editors.eq_bands import Response
from gui.editors.removal_plot import RemovalPlot
from gui.editors.spectral import SpectralEditor
from gui.plots.axes import Axis, db_label
from gui.plots.spectrum import RANGES_DB
from gui.plots.strokes import label_on_well
from gui.theme import paint, theme
from gui.theme.numbers import quantity

Floats = NDArray[np.float64]

STRIP = ("threshold", "range", "attack", "release", "lookahead", "from_freq", "to_freq", "mix")
SPLIT_BAND, SPLIT_ABOVE, WIDE = range(3)
BELL, HIGH_SHELF = EQ_TYPES.index("Bell"), EQ_TYPES.index("High shelf")
LEAST_WIDTH = 1.2
LOWEST_DB = -40.0
MARKS_DB = (-10.0, -20.0, -30.0)
FALL_DB_PER_S = 20.0 / 1.7
INSET_PX = 14


class DeesserPlot(RemovalPlot):
    """The threshold stands on a scale of its own at the left: level of the band over that of the whole sound."""

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__("deesser", parent)
        self.curves = DynamicCurves(response)
        self.level_db = LOWEST_DB
        self.threshold = self.add_handle("threshold", "threshold", lambda: self.shares, upright=False)
        self.threshold.setStatusTip(f"{self.threshold.param.help} Drag, wheel, arrow keys, or Enter to type")
        self._seen_s: float | None = None

    @property
    def shares(self) -> Axis:
        """Vertical axis of the threshold."""
        area, inset = self.plot_area, theme.px(INSET_PX)
        return Axis(LOWEST_DB, 0.0, area.top() + area.height() - inset, area.top() + inset)

    def show_live(self, level_db: float, removed_db: float, time_s: float) -> None:
        """How far the band stands over the whole, and what is taken away."""
        passed = 0.0 if self._seen_s is None else max(0.0, time_s - self._seen_s)
        self._seen_s = time_s
        before = self._level_area()
        self.level_db = max(level_db, self.level_db - FALL_DB_PER_S * passed, LOWEST_DB)
        after = self._level_area()
        if before != after:
            self.update(before | after)
        if len(self.points_hz):
            self.show_removed(self._shape(removed_db))

    def _shape(self, removed_db: float) -> Floats:
        """What that takes away at each point: a bell, a shelf, or the same everywhere."""
        hz, most, mode = self.points_hz, self.value("range"), round(self.value("mode"))
        if mode == WIDE or removed_db <= 0 or most <= 0:
            return np.full(len(hz), max(removed_db, 0.0))
        low = self.low.value
        high = max(self.high.value, LEAST_WIDTH * low)
        middle = sqrt(low * high) if mode == SPLIT_BAND else low
        q = middle / (high - low) if mode == SPLIT_BAND else sqrt(0.5)
        band = DynamicBand(1, True, BELL if mode == SPLIT_BAND else HIGH_SHELF, middle, 0.0, q, SLOPE, 0, False, True)
        self.curves.at(hz, [band], [-most])
        shares = np.zeros(DYNAMIC_EQ_BANDS)
        shares[0] = min(removed_db / most, 1.0)
        return -self.curves.sum_db(shares)

    def clear_live(self) -> None:
        super().clear_live()
        self.level_db, self._seen_s = LOWEST_DB, None

    def place_handles(self) -> None:
        super().place_handles()
        if hasattr(self, "threshold"):
            left, right = self._span()
            self.threshold.place(left + theme.px(7), right - theme.px(7))

    def _span(self) -> tuple[int, int]:
        left, right = sorted((round(self.low.px()), round(self.high.px())))
        return left, max(right, left + theme.px(40))

    def _level_area(self) -> QRect:
        left, right = self._span()
        return QRect(left + theme.px(3), round(self.shares.px(self.level_db)) - 1, right - left - theme.px(6), 3)

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        super().paint_data(painter, clip)
        if self.level_db > LOWEST_DB:
            painter.fillRect(self._level_area(), theme.color(f"{self.heard}_mid"))

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        half = theme.px(9)
        for mark in MARKS_DB:
            label_on_well(painter, QRectF(theme.px(8), self.shares.px(mark) - half, theme.px(50), 2 * half), db_label(mark))
        label_on_well(painter, QRectF(theme.px(8), theme.px(6), theme.px(200), 2 * half), "Band over whole, dB", "text2")

    def paint_overlay(self, painter: QPainter) -> None:
        super().paint_overlay(painter)
        left, right = self._span()
        y = round(self.threshold.px())
        if self.threshold.held:
            painter.fillRect(self.threshold.geometry(), theme.color("raised"))
        paint.hairline(painter, left + theme.px(4), y, right - theme.px(4), y, "select" if self.value("range") > 0 else "text2",
                       () if self.value("range") > 0 else (3.0, 3.0))
        self.paint_flag(painter, left - theme.px(6), y + theme.px(9), quantity(self.threshold.value, "dB"))


class DeesserEditor(SpectralEditor):
    """Feed `show_inside` with rows of (amplitude of the band over the whole sound, dB taken away)."""

    header_ids = ("mode", "placement")
    header_switches = (("listen", "Listen"),)
    looks_inside = True
    usual_range_db = RANGES_DB[0]

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        self.removal = DeesserPlot(response)
        super().__init__("deesser", self.removal, STRIP, parent)
        self.show_values({})

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        if len(rows):
            level, removed = (float(most) for most in rows.max(axis=0))
            self.removal.show_live(20 * float(np.log10(max(level, 1e-6))), removed, time_s)

    def show_response(self, response: Response) -> None:
        """Another sample rate."""
        self.removal.curves.use(response)

    def clear(self) -> None:
        super().clear()
        self.removal.clear_live()
