"""The last seconds, scrolling: gain reduction hanging in its lane, levels below. Only new columns are drawn, the rest is moved."""
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.plots.axes import Axis, Tick, db_ticks
from gui.plots.columns import Fresh, Strip
from gui.plots.layers import LayeredPlot
from gui.plots.strokes import label_on_well
from gui.theme import paint, theme
from gui.theme.numbers import quantity
from mastering_rt.measure.eye import Hold, Recording

Floats = NDArray[np.float64]

GUTTER, GAP = 46, 4
REDUCTION_SHARE = 0.3
REDUCTION_RANGES_DB = (4.0, 6.0, 9.0, 12.0, 18.0, 24.0)
LEAST_SHOWN_DB = 0.1
TAG_HEIGHT, TAG_PAD = 18, 3
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
        self._strip = Strip()
        self._end = 0                            # of the columns in the strip, which has room for more before they are moved back
        self._drawn: int | None = None
        self._largest = Hold()                   # reduction in view; its time is counted in columns
        self._tag = Tag()
        self._blank = np.zeros(1, np.uint32)     # a column of well and grid
        self._places: Places | None = None
        self._levels: tuple[Places, tuple[float, float], Axis] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def seconds(self) -> float:
        """How much time is shown."""
        return float(self.recording.seconds)

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
        self._drawn = self._places = None
        super().renew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._places = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._places is not None and self._places.ratio != self.devicePixelRatioF():
            self._places = self._drawn = None
        super().paintEvent(event)

    @property
    def places(self) -> "Places":
        """The lanes at the size, scale and screen of now."""
        if self._places is None:
            self._places = Places.of(self.width(), self.height(), self.devicePixelRatioF(), self.reduction_range_db)
        return self._places

    @property
    def reduction_area(self) -> QRect:
        """Upper lane without its scale."""
        return self.places.reduction

    @property
    def level_area(self) -> QRect:
        """Lower lane without its scale."""
        return self.places.level

    @property
    def data_area(self) -> QRect:
        """Both lanes."""
        return self.places.data

    @property
    def column_s(self) -> float:
        """Time of one device pixel."""
        return self.seconds / self.places.strip_width

    @property
    def reductions(self) -> Axis:
        """Axis of the upper lane; the values are dB >= 0, downwards."""
        return self.places.reductions

    @property
    def levels(self) -> Axis:
        """Axis of the lower lane; made once for a range and size, because it is asked for several times a picture."""
        places, ends, known = self.places, self.level_range_db(), self._levels
        if known is None or known[0] is not places or known[1] != ends:
            area = places.level
            known = self._levels = (places, ends, Axis(*ends, area.top() + area.height(), area.top()))
        return known[2]

    def level_range_db(self) -> tuple[float, float]:
        """The levels at the lower and upper end of the lower lane."""
        raise NotImplementedError(f"{type(self).__name__} does not say which levels it shows")

    def paint_levels(self, fresh: Fresh) -> None:
        """Draw new columns of the lower lane, in device pixels."""
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
            places, ratio = self.places, self.places.ratio
            width, height = places.strip_width, self._strip.height
            painter.drawImage(QRectF(0, 0, width / ratio, height / ratio), self._strip.image, QRectF(self._end - width, 0, width, height))
            painter.fillRect(0, places.reduction.bottom() + 1, self.width(), theme.px(GAP), theme.color("bg"))
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
        most = self._largest.value
        if self._drawn is None or most <= LEAST_SHOWN_DB:
            return
        places = self.places
        x = (self._largest.value_s - self._drawn + places.strip_width) / places.ratio
        area, height = places.reduction, theme.px(TAG_HEIGHT)
        tag, width = self._tag.of(round(most, 1), places.ratio)
        left = x + theme.px(7) if x + theme.px(14) + width < area.right() else x - theme.px(7) - width
        over_name = left < places.named_to
        floor = area.bottom() + 1 - (theme.px(26) if over_name else theme.px(2)) - height
        top = min(places.reductions.px(min(most, self.reduction_range_db)) + theme.px(2), floor)
        painter.fillRect(QRectF(round(x), top + theme.px(3), 1, theme.px(6)), theme.color("text2"))
        painter.drawPixmap(round(left) - theme.px(TAG_PAD), round(top), tag)

    def _advance(self) -> None:
        """Bring the strip up to now: draw what is new behind what is there, and move that back only when there is no more room."""
        places = self.places
        width, height = places.strip_width, max(1, round(places.data.height() * places.ratio))
        if (self._strip.width, self._strip.height) != (width + width // 2, height):
            self._strip = Strip(width + width // 2, height)
            self._drawn = None
        now = self.recording.complete(self.column_s)
        if now == self._drawn:
            return
        fresh = width if self._drawn is None or not 0 < now - self._drawn <= width // 2 else now - self._drawn
        if fresh == width:
            self._blank = self._make_blank(height, places.ratio)
            self._largest = Hold(width)
            self._end = 0
        elif self._end + fresh > self._strip.width:
            self._strip.move_back(self._end - width)
            self._end = width
        self._draw_columns(now - fresh, now, self._end)
        self._end += fresh
        self._drawn = now

    def _draw_columns(self, first: int, last: int, left: int) -> None:
        """And once more the one before them, whose line did not know yet where to go."""
        fresh = Fresh(self._strip, left - 1, self.recording.columns(first - 2, last, self.column_s, True), self.places.ratio)
        for column, reduction_db in enumerate(fresh.values["reduction_db"][2:], first):
            self._largest.follow(reduction_db if reduction_db == reduction_db else -inf, column)
        self._strip.columns.clear(left - 1, left + last - first, self._blank)
        self._paint_reduction(fresh)
        self.paint_levels(fresh)

    def _make_blank(self, height: int, ratio: float) -> NDArray[np.uint32]:
        """A column of well and grid."""
        blank = np.full(height, theme.color("well").rgb(), np.uint32)
        rows = [round(tick.px * ratio) for tick in (*self.reduction_ticks(), *self.level_ticks())]
        blank[[row for row in rows if 0 <= row < height]] = theme.color("grid").rgb()
        return blank

    def _paint_reduction(self, fresh: Fresh) -> None:
        """Hanging columns with their edge."""
        scale, reductions = fresh.scale(self.reductions), fresh.values["reduction_db"]
        fresh.fill(scale, self.reductions.low, reductions, theme.color("gr_body"))
        fresh.edge(scale, reductions, theme.color("gr"))


class Tag:
    """A figure on a piece of well, kept as a picture while it reads the same."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._picture, self._width = QPixmap(), 0

    def of(self, reduction_db: float, ratio: float) -> tuple[QPixmap, int]:
        """The picture, and how wide the words in it are."""
        key = (reduction_db, ratio, theme.name, theme.density, theme.scale)
        if key != self._key:
            words = quantity(-reduction_db, "dB")
            self._key, self._width = key, paint.text_width(words, "table_value")
            pad, height = theme.px(TAG_PAD), theme.px(TAG_HEIGHT)
            self._picture = QPixmap(round((self._width + 2 * pad) * ratio), round(height * ratio))
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.color("well"))
            painter = QPainter(self._picture)
            paint.text(painter, QRectF(pad, 0, self._width + 2, height), words, "table_value", "text")
            painter.end()
        return self._picture, self._width


@dataclass(frozen=True)
class Places:
    """Where the lanes of a history lie, in logical pixels, for one size and screen."""

    ratio: float
    reduction: QRect
    level: QRect
    data: QRect
    strip_width: int
    reductions: Axis
    named_to: int                            # where the name of the reduction lane ends

    @classmethod
    def of(cls, width: int, height: int, ratio: float, depth_db: float) -> "Places":
        """Reduction above, levels below, a gap between them, scales at the right."""
        data = QRect(0, 0, max(1, width - theme.px(GUTTER)), height)
        reduction = QRect(0, 0, data.width(), max(1, round(height * REDUCTION_SHARE)))
        top = reduction.height() + theme.px(GAP)
        level = QRect(0, top, data.width(), max(1, height - top))
        named_to = theme.px(18) + paint.text_width(REDUCTION_NAME, "scale")
        return cls(ratio, reduction, level, data, max(1, round(data.width() * ratio)), Axis(0, depth_db, 0, reduction.height()), named_to)


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
