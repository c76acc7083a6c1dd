"""Spectra with what a stage takes away hanging from what is heard, and the range it works in to drag."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui.editors.band_plot import HandledPlot
from gui.plots.axes import frequency_label
from gui.plots.spectrum import RANGES_DB
from gui.plots.strokes import Polyline, label_on_well, polygon, stroke_lines
from gui.theme import paint, theme
from gui.theme.numbers import quantity

Floats = NDArray[np.float64]

LEAST_DB = 0.05
TOP_BAR = 2


class RemovalPlot(HandledPlot):
    """Feed `show_removed` with dB that are taken away now, over the points of the spectrum (`points_hz`)."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(kind, parent)
        self.low, self.high = (self.add_handle(f"{end}_freq", name, lambda: self.frequencies, upright=True)
                               for end, name in (("from", "range from"), ("to", "range to")))
        for end in (self.low, self.high):
            end.setStatusTip(f"{end.param.help} Drag, wheel, arrow keys, or Enter to type")
        self.range_db = RANGES_DB[0]             # what is taken away is small
        self.removed_db: Floats = np.empty(0)
        self._edge, self._heard_edge = Polyline(), Polyline()    # of what is taken away: below, and what is heard
        self._seen = QRect()
        self._most: tuple[float, float] = (0.0, 0.0)             # dB, Hz
        self._tag = QRect()

    @property
    def points_hz(self) -> Floats:
        """Where the spectrum of what is heard has its points."""
        return self._traces[self.heard].hz

    def show_removed(self, removed_db: Floats) -> None:
        """dB >= 0 at `points_hz`; the picture is renewed only where it was and is."""
        before = self._seen
        self.removed_db = removed_db
        self._seen = self._place()
        if not (before.isEmpty() and self._seen.isEmpty()):
            self.update(before | self._seen | self._tag)
            self._place_tag()
            self.update(self._tag)

    def clear_live(self) -> None:
        """As in silence."""
        self.removed_db, self._seen, self._most = np.empty(0), QRect(), (0.0, 0.0)
        self.update(self.plot_area)

    def place_handles(self) -> None:
        for end in (self.low, self.high):
            end.place(0, self.height())

    def _heights(self) -> tuple[Floats, Floats, Floats] | None:
        """(x, y of what is heard, y of that less what is taken away) where anything is."""
        hz, levels = self.points_hz, self.levels
        if len(hz) != len(self.removed_db) or not len(hz):
            return None
        working = np.flatnonzero(self.removed_db > LEAST_DB)
        if not len(working):
            return None
        part = slice(max(int(working[0]) - 1, 0), int(working[-1]) + 2)
        db = self._traces[self.heard].db[part] + self._offsets_db[self.heard]
        return (self.frequencies.px(hz[part]), levels.clipped_px(db), levels.clipped_px(db - self.removed_db[part]))

    def _place(self) -> QRect:
        """What the hanging area covers now."""
        found = self._heights()
        if found is None:
            return QRect()
        x, top, bottom = found
        return QRect(int(x[0]) - 2, int(top.min()) - 2, int(x[-1] - x[0]) + 5, int(bottom.max() - top.min()) + 5)

    def _place_tag(self) -> None:
        """The largest figure, over the place where it is."""
        if not len(self.removed_db) or self._seen.isEmpty():
            self._most, self._tag = (0.0, 0.0), QRect()
            return
        place = int(self.removed_db.argmax())
        self._most = float(self.removed_db[place]), float(self.points_hz[place])
        x, width = round(float(self.frequencies.px(self._most[1]))), theme.px(64)
        left = min(max(x - width // 2, 0), self.plot_area.right() - width)
        level = float(self._traces[self.heard].db[place]) + self._offsets_db[self.heard]
        top = max(round(float(self.levels.px(level))) - theme.px(24), theme.px(4))
        self._tag = QRect(left, top, width, theme.px(20))

    def paint_data(self, painter: QPainter, clip: QRect) -> None:
        super().paint_data(painter, clip)
        if not (self._seen.intersects(clip) or self._tag.intersects(clip)):
            return
        found = self._heights()
        if found is None:
            return
        x, top, bottom = found
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("gr_body"))
        painter.drawPolygon(polygon(np.concatenate([x, x[::-1]]), np.concatenate([top, bottom[::-1]])))
        self._edge.put(x, bottom)
        self._heard_edge.put(x, top)
        stroke_lines(painter, ((self._edge, theme.color("gr")), (self._heard_edge, theme.color(self.heard))))
        if self._most[0] > LEAST_DB:
            label_on_well(painter, QRectF(self._tag), quantity(-self._most[0], "dB"), "gr_text", paint.CENTER, "table_value")

    def legend(self) -> list[tuple[str, str]]:
        lines = super().legend()
        return [*lines[:2], ("Taken away", "gr"), *lines[2:]]

    def paint_overlay(self, painter: QPainter) -> None:
        """The range that is worked in."""
        painter.setClipRect(self.rect())
        left, right = round(self.low.px()), round(self.high.px())
        painter.fillRect(QRect(left, 0, max(right - left, 1), theme.px(TOP_BAR)), theme.color("select"))
        for end in sorted((self.low, self.high), key=lambda e: (e.held or e.hasFocus())):
            self.paint_upright(painter, end, frequency_label(round(end.value)))
