"""The dynamic equaliser's plot: set curve and live curve over the spectra, nodes with their ranges, thresholds against what each band hears."""
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.dynamic_eq import DYNAMIC_EQ_BANDS
from gui.controls.value_hand import as_shown
from gui.editors import eq_paint
from gui.editors.dynamic_curves import DynamicCurves
from gui.editors.dynamic_edit import VIEWS_DB, DynamicEdit
from gui.editors.dynamic_node import DynamicNode
from gui.editors.eq_bands import Band, Response
from gui.editors.eq_paint import Frame, Look
from gui.editors.handle import PlotHandle
from gui.plots.axes import Axis, db_label, db_ticks, rising
from gui.plots.moving import Moving
from gui.plots.spectrum_traces import HIGH_HZ, LOW_HZ
from gui.plots.strokes import bright_curve, label_on_well
from gui.theme import paint, theme
from gui.theme.numbers import quantity

Floats = NDArray[np.float64]

VIEW_STEPS_DB = {3.0: 1.0, 6.0: 3.0, 12.0: 6.0, 30.0: 10.0}
LEVEL_HALF, RANGE_HALF, BAR = 26, 7, 3
BESIDE = 16
FALL_DB_PER_S = 20.0 / 1.7
SILENT_DB = -200.0
RANGE_IDS = [f"band{n}_range" for n in range(1, DYNAMIC_EQ_BANDS + 1)]


@dataclass(frozen=True)
class LivePlaces:
    """Nodes, which bands show a level, gains they stand at, and both axes, for one size and one set of values."""

    key: tuple[object, ...]
    nodes: list[QPoint]
    levelled: list[bool]
    gains_db: list[float]
    levels: Axis
    gains: Axis


class DynamicPlot(DynamicEdit):
    """`response` draws the filters. Feed `show_live` with what the stage says of its bands."""

    def __init__(self, response: Response, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = DynamicCurves(response)
        self.levels_db = np.full(DYNAMIC_EQ_BANDS, SILENT_DB)
        self.changes_db = np.zeros(DYNAMIC_EQ_BANDS)
        self._seen_s: float | None = None
        self._live = Moving()
        self._live_of: object = None
        self._painted: list[QRect] = [QRect()] * DYNAMIC_EQ_BANDS
        self._lie: LivePlaces | None = None
        self.thresholds: list[PlotHandle] = []
        self.ranges: list[PlotHandle] = []
        self.nodes: list[DynamicNode] = []
        for n in range(1, DYNAMIC_EQ_BANDS + 1):
            self._add_band(n)

    def _add_band(self, n: int) -> None:
        self.nodes.append(DynamicNode(self, n))
        self.ranges.append(self.add_handle(f"band{n}_range", f"band {n} range", lambda: self._range_axis(n), upright=False))
        self.thresholds.append(self.add_handle(f"band{n}_threshold", f"band {n} threshold", lambda: self.levels, upright=False))
        for hand in (self.nodes[-1], self.ranges[-1], self.thresholds[-1]):
            hand.grasped.connect(lambda: self.choose(n))

    # what it shows

    def _range_axis(self, number: int) -> Axis:
        """Ranges count from the gain their band has."""
        gain = self.value(f"band{number}_gain")
        return self.gains.moved(-self.view_db - gain, self.view_db - gain)

    @property
    def frame(self) -> Frame:
        """Plot area and axes of the nodes."""
        return Frame(self.plot_area, self.frequencies, self.gains)

    def live_places(self) -> "LivePlaces":
        """Where what moves lies with the values and the size of now, worked out once for each."""
        key = (self.width(), self.height(), theme.scale, theme.density, self.range_db, self.top_db, self.view_db)
        if self._lie is None or self._lie.key != key:
            nodes = [self.frame.node_at(band).toPoint() for band in self.bands()]
            self._lie = LivePlaces(key, nodes, [self._has_level(n) for n in range(1, DYNAMIC_EQ_BANDS + 1)],
                                   [band.gain_db for band in self.bands()], self.levels, self.gains)
        return self._lie

    def set_view(self, view_db: float) -> None:
        """Gain range, ±3, 6, 12 or 30 dB."""
        if view_db not in VIEWS_DB:
            raise ValueError(f"the dynamic equaliser shows ±3, 6, 12 or 30 dB, not {view_db:g}")
        self.view_db = view_db
        self.renew()

    def select(self, number: int) -> None:
        """Make a band the one that is edited."""
        self.selected = number
        self.place_handles()
        self.renew_overlay()

    def show_live(self, levels_db: Floats, changes_db: Floats, time_s: float) -> None:
        """What each band hears in dB, and what is added to its gain."""
        passed = 0.0 if self._seen_s is None else max(0.0, time_s - self._seen_s)
        self._seen_s = time_s
        self.levels_db = np.maximum(levels_db, self.levels_db - FALL_DB_PER_S * passed)
        self.changes_db = changes_db
        if self._live_of is not None:
            self.update(self._live.follow(self._live_px()))
        for index in range(DYNAMIC_EQ_BANDS):
            before, after = self._painted[index], self._level_area(index) | self._bar_area(index)
            self._painted[index] = after
            if before != after:
                self.update(self._level_area(index) | before | after)

    def clear_live(self) -> None:
        """As in silence."""
        self.levels_db[:], self.changes_db[:], self._seen_s = SILENT_DB, 0.0, None
        self._live_of = None
        self.update(self.plot_area)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On free ground the first band that does nothing comes here."""
        free = next((band.number for band in self.bands() if not band.used), None)
        if event.button() == Qt.MouseButton.LeftButton and free is not None:
            self.choose(free)
            freq = self.params[f"band{free}_freq"]
            gain = self.params[f"band{free}_gain"]
            self.wish_all({f"band{free}_on": 1.0, freq.id: as_shown(freq, freq.clamp(self.frequencies.value(event.position().x()))),
                           gain.id: as_shown(gain, gain.clamp(self.gains.value(event.position().y())))})

    def place_handles(self) -> None:
        frame, low, high = self.frame, self.plot_area.top(), self.plot_area.bottom()
        for n, (node, reach, level) in enumerate(zip(self.nodes, self.ranges, self.thresholds, strict=False), 1):
            at, band = frame.node_at(self.band(n)).toPoint(), self.band(n)
            node.place(at)
            reach.place(at.x() - theme.px(RANGE_HALF + BESIDE), at.x() + theme.px(RANGE_HALF - BESIDE))
            reach.setVisible(band.on and reach.value != 0 and low <= reach.px() <= high)
            level.place(at.x() - theme.px(LEVEL_HALF), at.x() + theme.px(LEVEL_HALF))
            level.setVisible(self._has_level(n))
            for hand in (node, reach, level):
                hand.setFocusPolicy(Qt.FocusPolicy.StrongFocus if n == self.selected else Qt.FocusPolicy.ClickFocus)
            node.raise_()

    def changed(self) -> None:
        self._lie = None
        super().changed()
        self._live_of = None
        self.update(self.plot_area)

    def renew(self) -> None:
        self._live_of = None
        super().renew()

    def _has_level(self, number: int) -> bool:
        """A relative threshold has no place on a scale of dBFS, and one without a range nothing to do."""
        return self.value(f"band{number}_detector") < 0.5 and self.value(f"band{number}_on") >= 0.5 and self.value(f"band{number}_range") != 0

    # the picture

    def _prepare_curves(self) -> None:
        even = np.geomspace(LOW_HZ, HIGH_HZ, max(64, self.plot_area.width() // 3))
        own = [hz for b in self.bands() if b.on for hz in (b.freq_hz, *b.edges_hz) if LOW_HZ < hz < HIGH_HZ]
        self._hz = rising([*even.tolist(), *own])
        self.curves.at(self._hz, self.bands(), [self.value(f"band{n}_range") for n in range(1, DYNAMIC_EQ_BANDS + 1)])

    def _shares(self) -> Floats:
        ranges = np.array([self.value(range_id) for range_id in RANGE_IDS])
        shares: Floats = np.clip(np.divide(self.changes_db, ranges, out=np.zeros(DYNAMIC_EQ_BANDS), where=ranges != 0), 0.0, 1.0)
        return shares

    def _live_px(self) -> Floats:
        px: Floats = np.clip(self.gains.px(self.curves.sum_db(self._shares())), self.plot_area.top() - 4.0, self.plot_area.bottom() + 4.0)
        return px

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """What each band hears, and the curve as it is at this moment."""
        super().paint_data(painter, clip)
        key = (self.plot_area, self.view_db)
        if self._live_of != key:
            self._prepare_curves()
            self._live_of = key
            self._live.begin(self.frequencies.px(self._hz), self._live_px())
        for index in range(DYNAMIC_EQ_BANDS):
            if self.live_places().levelled[index]:
                self._paint_level(painter, index)
        self._live.stroke(painter, theme.color("text2"))
        for index in range(DYNAMIC_EQ_BANDS):
            if self.changes_db[index]:
                self._paint_change(painter, index)

    def _level_area(self, index: int) -> QRect:
        """What the mark of a band's level covers."""
        lie = self.live_places()
        if not lie.levelled[index]:
            return QRect()
        half, axis = theme.px(LEVEL_HALF), lie.levels
        y = round(axis.px(min(max(float(self.levels_db[index]), axis.low), axis.high)))
        return QRect(lie.nodes[index].x() - half, y - 1, 2 * half, 3)

    def _paint_level(self, painter: QPainter, index: int) -> None:
        if self.levels_db[index] > self.live_places().levels.low:
            painter.fillRect(self._level_area(index), theme.color(f"{self.heard}_mid"))

    def _bar_area(self, index: int) -> QRect:
        """What the live part of a band's range covers."""
        lie = self.live_places()
        gain = lie.gains_db[index]
        start, end = sorted((lie.gains.px(gain), lie.gains.px(gain + float(self.changes_db[index]))))
        return QRect(lie.nodes[index].x() - theme.px(BESIDE) - 1, int(start), theme.px(BAR) + 1, max(int(end - start), 0))

    def _paint_change(self, painter: QPainter, index: int) -> None:
        painter.fillRect(self._bar_area(index), theme.color("gr" if self.changes_db[index] < 0 else "text"))

    def paint_level_grid(self, painter: QPainter, area: QRect) -> None:
        """Lines of the gain scale; the zero line is drawn."""
        for tick in db_ticks(self.gains, step=VIEW_STEPS_DB[self.view_db]):
            paint.hairline(painter, area.left(), round(tick.px), area.right() + 1, round(tick.px), "edge" if tick.value == 0 else "grid")

    def paint_marks(self, painter: QPainter) -> None:
        """Both scales and the legend."""
        self.paint_level_scale(painter, (self.gains.px(0.0),))
        ticks, half = db_ticks(self.gains, step=VIEW_STEPS_DB[self.view_db]), theme.px(9)
        for tick in ticks:
            top = tick is ticks[-1]
            y = tick.px if top else tick.px - half
            words = f"{db_label(tick.value)} dB" if top else db_label(tick.value)
            label_on_well(painter, QRectF(theme.px(8), y - half + (theme.px(6) if top else 0), theme.px(50), 2 * half), words)
        self.paint_legend(painter, QPoint(theme.px(64), theme.px(6)))

    def legend(self) -> list[tuple[str, str]]:
        lines = super().legend()
        return [*lines[:2], ("Set", "select"), ("Now", "text2"), *lines[2:]]

    def paint_overlay(self, painter: QPainter) -> None:
        painter.setClipRect(self.plot_area)
        self._prepare_curves()
        frame = self.frame
        for number in range(1, DYNAMIC_EQ_BANDS + 1):
            self._paint_threshold(painter, number)
        bright_curve(painter, frame.frequencies.px(self._hz), frame.curve_y(self.curves.set_db()), theme.color("select"))
        for band in sorted(self.bands(), key=lambda b: (b.number == self.selected, b.on, b.number)):
            self._paint_range(painter, frame, band)
            node = self.nodes[band.number - 1]
            look = Look(band.number == self.selected, node.hovered, False, node.dragging)
            eq_paint.paint_node(painter, frame.node_at(band), band, look)

    def _paint_range(self, painter: QPainter, frame: Frame, band: Band) -> None:
        """A bar beside the node from its gain to where the dynamics may take it, with an end to hold."""
        handle = self.ranges[band.number - 1]
        if not band.on or handle.value == 0:
            return
        x, start, end = round(frame.node_at(band).x()) - theme.px(BESIDE), round(frame.gains.px(band.gain_db)), round(handle.px())
        paint.fill(painter, QRect(x, min(start, end), 1, abs(end - start)), "select" if handle.held else "text2")
        half = theme.px(RANGE_HALF if handle.held else RANGE_HALF - 2)
        paint.fill(painter, QRect(x - half, end - 1, 2 * half + 1, 2), "select")
        if handle.held or handle.hasFocus():
            self.paint_flag(painter, x - theme.px(10), end + theme.px(9), quantity(handle.value, "dB", plus=True))

    def _paint_threshold(self, painter: QPainter, number: int) -> None:
        line = self.thresholds[number - 1]
        if not self._has_level(number):
            return
        at, chosen = round(self.frame.node_at(self.band(number)).x()), number == self.selected or line.held
        y, half = round(line.px()), theme.px(LEVEL_HALF)
        paint.hairline(painter, at - half, y, at + half, y, "select" if chosen else "text2")
        for x in (at - half, at + half):
            paint.hairline(painter, x, y - theme.px(4), x, y + theme.px(4), "select" if chosen else "text2")
        if chosen:
            self.paint_flag(painter, at + half, y - theme.px(3), quantity(line.value, "dB"))
