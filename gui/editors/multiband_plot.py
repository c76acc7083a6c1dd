"""The multiband's plot: borders on the spectrum, thresholds against each band's live level, one bar of change hanging per band."""
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.multiband import BAND_MODES, DYNAMICS_BANDS
from gui.editors.band_plot import BandPlot
from gui.meters.ballistics import Hold
from gui.plots.axes import Axis, db_label
from gui.plots.strokes import label_on_well
from gui.theme import paint, theme
from gui.theme.numbers import quantity

Figures = NDArray[np.float32]

UPWARD = (BAND_MODES.index("Lift"), BAND_MODES.index("Open up"))
RANGES_DB = (6.0, 12.0, 18.0, 24.0)
SHARE_DOWN, SHARE_UP = 0.42, 0.14            # of the height, for what is taken off and what is added
BAR, CAP, LEVEL_HEIGHT = 22, 2, 2
FALL_DB_PER_S = 20.0 / 1.7
SILENT_DB = -200.0
TOP = 6


@dataclass(frozen=True)
class BandPlaces:
    """Pixels of the bands, their bars and both axes, for one size and one set of values."""

    key: tuple[object, ...]
    spans: list[tuple[int, int]]
    bars: list[tuple[int, int]]              # left end and width
    changes: Axis
    levels: Axis


class MultibandPlot(BandPlot):
    """Feed `show_live` with what the stage says of its bands. Levels are peaks and stand on the spectrum's scale, in dBFS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("multiband", parent)
        self.levels_db = [SILENT_DB] * DYNAMICS_BANDS
        self.changes_db = [0.0] * DYNAMICS_BANDS
        self._held = [Hold() for _ in range(DYNAMICS_BANDS)]
        self._holds_db = [0.0] * DYNAMICS_BANDS
        self._seen_s: float | None = None
        self._band_places: BandPlaces | None = None
        self._painted: list[tuple[QRect, QRect]] = [(QRect(), QRect())] * DYNAMICS_BANDS
        self.thresholds = [self.add_handle(f"band{n}_threshold", f"band {n} threshold", lambda: self.levels, upright=False)
                           for n in range(1, DYNAMICS_BANDS + 1)]
        for n, line in enumerate(self.thresholds, 1):
            line.grasped.connect(partial(self.band_chosen.emit, n))
            line.setStatusTip("Level from which the band's gain changes. Drag, wheel, arrow keys, or Enter to type")

    def band(self, number: int, name: str) -> float:
        """A value of a band."""
        return self.value(f"band{number}_{name}")

    def works(self, number: int) -> bool:
        """Whether a band's dynamics can change anything."""
        return self.band(number, "on") >= 0.5 and self.band(number, "ratio") > 1 and self.band(number, "range") > 0

    @property
    def depth_db(self) -> float:
        """How much change the bars have room for: the smallest of the usual depths that holds every band's range."""
        widest = max((self.band(n, "range") for n in range(1, self.count + 1) if self.works(n)), default=0.0)
        return next((depth for depth in RANGES_DB if depth >= widest), RANGES_DB[-1])

    @property
    def changes(self) -> Axis:
        """Axis of the bars: what is taken off hangs from its zero, what is added stands on it, where a band can add."""
        area, upward = self.plot_area, any(round(self.band(n, "mode")) in UPWARD for n in range(1, self.count + 1))
        down, top = area.height() * SHARE_DOWN, area.top() + theme.px(TOP)
        rise = area.height() * SHARE_UP if upward else 0.0
        return Axis(-self.depth_db, self.depth_db * rise / down, top + rise + down, top)

    def band_places(self) -> "BandPlaces":
        """Where everything live lies with the values and the size of now, worked out once for each."""
        key = (self.width(), self.height(), theme.scale, theme.density, self.range_db, self.top_db)
        if self._band_places is None or self._band_places.key != key:
            spans = self.spans()
            widths = [max(min(theme.px(BAR), (right - left) // 2), 4) for left, right in spans]
            bars = [((left + right - width) // 2, width) for (left, right), width in zip(spans, widths, strict=True)]
            self._band_places = BandPlaces(key, spans, bars, self.changes, self.levels)
        return self._band_places

    def place_handles(self) -> None:
        super().place_handles()
        self._band_places = None
        spans = self.spans()
        for n, line in enumerate(getattr(self, "thresholds", ()), 1):
            line.setVisible(n <= self.count)
            line.setFocusPolicy(Qt.FocusPolicy.StrongFocus if n == self.selected else Qt.FocusPolicy.ClickFocus)
            if n <= self.count:
                line.place(spans[n - 1][0] + theme.px(7), spans[n - 1][1] - theme.px(7))

    def changed(self) -> None:
        super().changed()
        self._painted = [(QRect(), QRect())] * DYNAMICS_BANDS
        self.update(self.plot_area)

    # what is live

    def show_live(self, levels_db: NDArray[np.float64], changes_db: NDArray[np.float64], time_s: float) -> None:
        """Peak of each band and what is added to it in dB, the most since the last time."""
        passed = 0.0 if self._seen_s is None else max(0.0, time_s - self._seen_s)
        self._seen_s = time_s
        fallen = FALL_DB_PER_S * passed
        self.levels_db = [max(now, before - fallen) for now, before in zip(levels_db.tolist(), self.levels_db, strict=True)]
        self.changes_db = changes_db.tolist()
        self._holds_db = [-hold.follow(max(-change, 0.0), time_s) for hold, change in zip(self._held, self.changes_db, strict=True)]
        for index in range(self.count):
            before, after = self._painted[index], (self._bar_rect(index), self._level_rect(index))
            self._painted[index] = after
            for was, now in zip(before, after, strict=True):
                if was != now:
                    self.update(was | now)

    def clear_live(self) -> None:
        """As in silence."""
        self.levels_db, self._seen_s = [SILENT_DB] * DYNAMICS_BANDS, None
        self.changes_db, self._holds_db = [0.0] * DYNAMICS_BANDS, [0.0] * DYNAMICS_BANDS
        self._held = [Hold() for _ in self._held]
        self.update(self.plot_area)

    def _bar_x(self, index: int) -> tuple[int, int]:
        """Left end and width of a band's bar."""
        return self.band_places().bars[index]

    def _change_px(self, db: float) -> int:
        axis = self.band_places().changes
        return round(axis.px(min(max(db, axis.low), axis.high)))

    def _bar_rect(self, index: int) -> QRect:
        """What a bar and its hold mark cover now."""
        x, width = self._bar_x(index)
        ends = (self._change_px(0.0), self._change_px(self.changes_db[index]), self._change_px(self._holds_db[index]))
        return QRect(x - 2, min(ends) - 2, width + 4, max(ends) - min(ends) + 6)

    def _level_rect(self, index: int) -> QRect:
        (left, right), axis = self.band_places().spans[index], self.band_places().levels
        y = round(axis.px(min(max(self.levels_db[index], axis.low), axis.high)))
        return QRect(left, y - 2, right - left + 1, LEVEL_HEIGHT + 4)

    def legend(self) -> list[tuple[str, str]]:
        """The lines that live in the bands as well."""
        entries, live = super().legend(), 1 if self.show_song else 2
        return [*entries[:live], ("Peak of each band", f"{self.heard}_mid"), *entries[live:]]

    # the picture

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        super().paint_data(painter, clip)
        for index in range(self.count):
            if self._level_rect(index).intersects(clip):
                self._paint_level(painter, index)
            if self._bar_rect(index).intersects(clip):
                self._paint_bar(painter, index)

    def _paint_level(self, painter: QPainter, index: int) -> None:
        """A line of what sounds, as high as the band's peak."""
        if self.levels_db[index] > self.band_places().levels.low:
            area = self._level_rect(index)
            painter.fillRect(area.left() + theme.px(3), area.top() + 2, area.width() - theme.px(6), theme.px(LEVEL_HEIGHT), theme.color(f"{self.heard}_mid"))

    def _paint_bar(self, painter: QPainter, index: int) -> None:
        x, width = self._bar_x(index)
        zero, end = self._change_px(0.0), self._change_px(self.changes_db[index])
        if end > zero:
            painter.fillRect(x, zero, width, end - zero, theme.color("gr_mid"))
            painter.fillRect(x, max(end - theme.px(CAP), zero), width, min(theme.px(CAP), end - zero), theme.color("gr"))
        elif end < zero:
            painter.fillRect(x, end, width, zero - end, theme.color("edge"))
            painter.fillRect(x, end, width, min(theme.px(CAP), zero - end), theme.color("text"))
        held = self._change_px(self._holds_db[index])
        if held > zero + 1:
            painter.fillRect(x - 2, held, width + 4, theme.px(CAP), theme.color("text"))

    def paint_overlay(self, painter: QPainter) -> None:
        painter.setClipRect(self.rect())
        zero = round(self.changes.px(0.0))
        paint.hairline(painter, 0, zero, self.plot_area.right() + 1, zero, "edge")
        for number in range(1, self.count + 1):
            self._paint_settings(painter, number)
        self._paint_change_scale(painter)
        super().paint_overlay(painter)

    def _paint_change_scale(self, painter: QPainter) -> None:
        axis, half = self.changes, theme.px(8)
        step = self.depth_db / 3 if self.depth_db <= 12 else 6.0
        for mark in np.arange(-step, -self.depth_db - 0.1, -step):
            words = db_label(float(mark)) + (" dB" if mark == -step else "")
            label_on_well(painter, QRectF(theme.px(8), axis.px(float(mark)) - half, theme.px(50), 2 * half), words, "gr_text")

    def _paint_settings(self, painter: QPainter, number: int) -> None:
        """Threshold line, with its value on the selected band, and where the bar ends at the latest."""
        left, right = self.spans()[number - 1]
        line, chosen, works = self.thresholds[number - 1], number == self.selected, self.works(number)
        y = round(line.px())
        if line.held:
            painter.fillRect(line.geometry(), theme.color("raised"))
        color = "select" if chosen or line.held else "text2" if works else "edge"
        paint.hairline(painter, left + theme.px(4), y, right - theme.px(4), y, color, () if works else (3.0, 3.0))
        if (chosen or line.held) and self.plot_area.contains(left + 1, y) and right - left > theme.px(44):
            self.paint_flag(painter, right - theme.px(8), y - 2, quantity(line.value, "dB"))
        if works:
            x, width = self._bar_x(number - 1)
            sign = 1 if round(self.band(number, "mode")) in UPWARD else -1
            end = round(self.changes.px(float(np.clip(sign * self.band(number, "range"), self.changes.low, self.changes.high))))
            paint.hairline(painter, x - theme.px(4), end, x + width + theme.px(4), end, "text2")


def bands_of(rows: Figures) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(levels in dB, changes in dB) over all rows of a stage with six bands: the highest level, the largest change either way."""
    half = rows.shape[1] // 2
    levels = 20 * np.log10(np.maximum(rows[:, :half].max(axis=0), 10 ** (SILENT_DB / 20)).astype(np.float64))
    most = np.abs(rows[:, half:]).argmax(axis=0)
    return levels, rows[most, half + np.arange(half)].astype(np.float64)


