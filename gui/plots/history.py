"""The last seconds, scrolling: gain reduction hanging in its lane, levels below. Only new columns are drawn, the rest is moved."""
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLine, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.axes import Axis, Tick, db_ticks
from gui.plots.history_data import Recording
from gui.plots.layers import LayeredPlot
from gui.plots.strokes import label_on_well, polygon
from gui.theme import paint, theme
from gui.theme.numbers import quantity
from gui.theme.paint import SMOOTH

Floats = NDArray[np.float64]

GUTTER, GAP = 46, 4
REDUCTION_SHARE = 0.3
REDUCTION_RANGES_DB = (4.0, 6.0, 9.0, 12.0, 18.0, 24.0)
LEAST_SHOWN_DB = 0.1
REDUCTION_NAME = "Gain reduction dB"


class HistoryPlot(LayeredPlot):
    """Base of the compressor's and limiter's history. A subclass draws its level lane in `paint_levels` and names its `fields`.

    Every record has `reduction_db` >= 0 among its fields.
    """

    has_overlay = True

    def __init__(self, name: str, seconds: float, fields: Sequence[str], parent: QWidget | None = None, *, lowest: Sequence[str] = ()) -> None:
        super().__init__(name, parent, focus=False)
        self.recording = Recording(seconds, fields, lowest)
        self.heard = "master"
        self.reduction_range_db = REDUCTION_RANGES_DB[1]
        self._strip = QPixmap()
        self._drawn: int | None = None
        self._reductions = np.empty(0)
        self._grid_px: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def seconds(self) -> float:
        """How much time is shown."""
        return self.recording.seconds

    def push(self, records: Floats, record_s: float) -> None:
        """Add (n, fields) records, each over `record_s` seconds, and scroll."""
        self.recording.push(records, record_s)
        if self._drawn is not None and self.recording.complete(self.column_s) == self._drawn:
            return
        self.update(self.data_area)

    def clear(self) -> None:
        """Forget the past, as after a jump."""
        self.recording.clear()
        self.renew()

    def set_heard(self, heard: str) -> None:
        """Whose colour the output has."""
        if heard != self.heard:
            self.heard = heard
            self.renew()

    def set_reduction_range(self, most_db: float) -> None:
        """Depth of the reduction lane: the smallest of the usual ones that holds the song's largest reduction."""
        depth = next((r for r in REDUCTION_RANGES_DB if most_db <= r), REDUCTION_RANGES_DB[-1])
        if depth != self.reduction_range_db:
            self.reduction_range_db = depth
            self.renew()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(700), theme.px(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(120))

    def renew(self) -> None:
        """Draw everything again, the past too."""
        self._drawn = None
        super().renew()

    @property
    def reduction_area(self) -> QRect:
        """Upper lane without its scale."""
        return QRect(0, 0, max(1, self.width() - theme.px(GUTTER)), max(1, round(self.height() * REDUCTION_SHARE)))

    @property
    def level_area(self) -> QRect:
        """Lower lane without its scale."""
        top = self.reduction_area.height() + theme.px(GAP)
        return QRect(0, top, self.reduction_area.width(), max(1, self.height() - top))

    @property
    def data_area(self) -> QRect:
        """Both lanes."""
        return QRect(0, 0, self.reduction_area.width(), self.height())

    @property
    def column_s(self) -> float:
        """Time of one device pixel."""
        return self.seconds / max(1, round(self.reduction_area.width() * self.devicePixelRatioF()))

    @property
    def reductions(self) -> Axis:
        """Axis of the upper lane; the values are dB >= 0, downwards."""
        area = self.reduction_area
        return Axis(0, self.reduction_range_db, area.top(), area.top() + area.height())

    @property
    def levels(self) -> Axis:
        """Axis of the lower lane."""
        raise NotImplementedError(f"{type(self).__name__} does not say which levels it shows")

    def paint_levels(self, painter: QPainter, x: Floats, values: Mapping[str, Floats], before: Mapping[str, float]) -> None:
        """Draw columns of the lower lane. `x` are left edges of the columns and all in device pixels; `before` is the column left of them."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its levels are drawn")

    def level_ticks(self) -> list[Tick]:
        """Marks of the lower lane."""
        return db_ticks(self.levels, theme.px(26))

    def reduction_ticks(self) -> list[Tick]:
        """Marks of the upper lane, as negative figures; none at its ends."""
        axis = self.reductions
        marks = db_ticks(Axis(-axis.high, 0, axis.high_px, axis.low_px), theme.px(20))
        return [t for t in marks if -axis.high < t.value < 0]

    def paint_ground(self, painter: QPainter) -> None:
        """Wells and scale figures."""
        painter.fillRect(self.rect(), theme.color("bg"))
        for area, ticks in ((self.reduction_area, self.reduction_ticks()), (self.level_area, self.level_ticks())):
            painter.fillRect(QRect(0, area.top(), self.width(), area.height()), theme.color("well"))
            for tick in ticks:
                half = theme.px(9)
                if area.top() + half <= tick.px <= area.bottom() - half + 4 and tick.label and not self.covered(tick.px):
                    box = QRectF(area.right() + 1, tick.px - half, self.width() - area.right() - 1 - theme.px(8), 2 * half)
                    paint.text(painter, box, tick.label, "scale", "text3", paint.RIGHT)

    def covered(self, px: float) -> bool:
        """Whether something else stands at this height of the scale."""
        return False

    def opaque_data(self) -> QRect:
        return self.data_area

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        """The scrolled past, and the largest reduction in it."""
        if clip.intersects(self.data_area):
            self._advance()
            area = self.data_area
            self._strip.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawPixmap(area.topLeft(), self._strip)
            self._strip.setDevicePixelRatio(1)
            painter.fillRect(0, self.reduction_area.bottom() + 1, self.width(), theme.px(GAP), theme.color("bg"))
            self._paint_largest(painter)

    def paint_marks(self, painter: QPainter) -> None:
        """Names of the lanes."""
        area = self.reduction_area
        label_on_well(painter, QRectF(theme.px(12), area.bottom() - theme.px(24), theme.px(200), theme.px(18)), REDUCTION_NAME)
        area = self.level_area
        box = QRectF(area.left(), area.bottom() - theme.px(24), area.width() - theme.px(12), theme.px(18))
        label_on_well(painter, box, f"last {self.seconds:g} s", align=paint.RIGHT)

    def _paint_largest(self, painter: QPainter) -> None:
        """A tick under the deepest reduction in view, with its figure."""
        if not len(self._reductions) or not (most := float(np.nanmax(self._reductions, initial=0.0))) > LEAST_SHOWN_DB:
            return
        column = int(np.nanargmax(self._reductions))
        x = column / self.devicePixelRatioF()
        area, height = self.reduction_area, theme.px(18)
        words = quantity(-most, "dB")
        width = paint.text_width(words, "table_value")
        left = x + theme.px(7) if x + theme.px(14) + width < area.right() else x - theme.px(7) - width
        over_name = left < theme.px(18) + paint.text_width(REDUCTION_NAME, "scale")
        floor = area.bottom() + 1 - (theme.px(26) if over_name else theme.px(2)) - height
        top = min(self.reductions.px(min(most, self.reduction_range_db)) + theme.px(2), floor)
        painter.fillRect(QRectF(round(x), top + theme.px(3), 1, theme.px(6)), theme.color("text2"))
        label_on_well(painter, QRectF(left, top, width + 2, height), words, "text", role="table_value")

    def _advance(self) -> None:
        """Bring the strip up to now: move what is there, draw what is new."""
        ratio, area = self.devicePixelRatioF(), self.data_area
        width, height = max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio))
        if (self._strip.width(), self._strip.height()) != (width, height):
            self._strip = QPixmap(width, height)
            self._drawn = None
        now = self.recording.complete(self.column_s)
        fresh = width if self._drawn is None else min(width, now - self._drawn)
        if fresh <= 0 and self._drawn is not None and now >= self._drawn:
            return
        fresh = width if fresh < 0 else fresh
        if fresh == width:
            self._grid_px = [round(t.px * ratio) for t in (*self.reduction_ticks(), *self.level_ticks())]
        else:
            self._strip.scroll(-fresh, 0, self._strip.rect(), QRegion())
        self._draw_columns(now - fresh, now, width - fresh, ratio)
        self._drawn = now

    def _draw_columns(self, first: int, last: int, left: int, ratio: float) -> None:
        past = self.recording.columns(max(first - 1, 0), last, self.column_s)
        missing = max(0, 1 - first)
        values = {name: np.concatenate([np.full(missing, np.nan), column])[1:] for name, column in past.items()}
        before = {name: float(column[0]) if not missing else float("nan") for name, column in past.items()}
        width = self._strip.width()
        self._reductions = np.concatenate([self._reductions, values["reduction_db"]])[-width:]
        if len(self._reductions) < width:
            self._reductions = np.concatenate([np.full(width - len(self._reductions), np.nan), self._reductions])
        painter = QPainter(self._strip)
        painter.setClipRect(left, 0, width - left, self._strip.height())
        self._clear_columns(painter, left, width)
        x = np.arange(left, width, dtype=np.float64)
        painter.setClipping(False)
        self._paint_reduction(painter, x, values["reduction_db"], before["reduction_db"], ratio)
        self.paint_levels(painter, x, values, before)
        painter.end()

    def _clear_columns(self, painter: QPainter, left: int, right: int) -> None:
        """Well and grid."""
        painter.fillRect(left, 0, right - left, self._strip.height(), theme.color("well"))
        painter.setPen(QPen(theme.color("grid"), 0))
        painter.drawLines([QLine(left, y, right, y) for y in self._grid_px])

    def _paint_reduction(self, painter: QPainter, x: Floats, reduction_db: Floats, before: float, ratio: float) -> None:
        """Hanging columns with their edge."""
        axis = self.reductions
        y = axis.clipped_px(reduction_db) * ratio
        paint_columns(painter, x, np.full(len(x), axis.low_px * ratio), y, theme.color("gr_body"))
        start = float(axis.clipped_px(np.array([before]))[0]) * ratio
        paint_edge(painter, x, y, start, theme.color("gr"), ratio)


def paint_legend(painter: QPainter, x: float, y: float, entries: Sequence[tuple[str, str]], *, boxes: bool = False) -> None:
    """Names with a stroke (or a box) of their colour, on one piece of well."""
    height, mark, gap = theme.px(18), theme.px(9 if boxes else 12), theme.px(16)
    widths = [paint.text_width(words, "scale") for words, _ in entries]
    whole = sum(widths) + len(entries) * (mark + theme.px(7)) + (len(entries) - 1) * gap
    painter.fillRect(QRectF(x - theme.px(4), y, whole + theme.px(8), height), theme.color("well"))
    for (words, color), width in zip(entries, widths, strict=True):
        thick = mark if boxes else 1
        painter.fillRect(QRectF(x, round(y + (height - thick) / 2), mark, thick), theme.color(color))
        paint.text(painter, QRectF(x + mark + theme.px(7), y, width + 2, height), words, "scale", "text2")
        x += mark + theme.px(7) + width + gap


def paint_columns(painter: QPainter, x: Floats, top: Floats, bottom: Floats, color: QColor) -> None:
    """Filled columns one device pixel wide."""
    for left, high, low in zip(x, np.rint(top), np.rint(bottom), strict=True):
        if low > high:
            painter.fillRect(QRectF(left, high, 1, low - high), color)


def paint_edge(painter: QPainter, x: Floats, y: Floats, before: float, color: QColor, ratio: float) -> None:
    """A line through the middles of the columns, from the column before them on."""
    points_x = np.concatenate([[x[0] - 0.5], x + 0.5])
    points_y = np.concatenate([[before if np.isfinite(before) else y[0]], y])
    painter.setRenderHint(SMOOTH, True)
    painter.setPen(QPen(color, 0 if ratio == 1 else ratio))
    painter.drawPolyline(polygon(points_x, points_y))
    painter.setRenderHint(SMOOTH, False)
