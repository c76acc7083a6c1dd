"""The stereo stage's plot: a width for each band to drag, the borders between them, and the frequency under which all is mono."""
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import QWidget

from gui.editors.band_plot import BandPlot
from gui.plots.axes import Axis, frequency_label
from gui.plots.level_line import with_alpha
from gui.plots.strokes import label_on_well
from gui.theme import paint, theme

WIDEST = 200.0
MARKS = (50.0, 100.0, 150.0)
INSET_PX = 20
BANDS = 4
CHOSEN_ALPHA, ALPHA = 40, 22


class StereoPlot(BandPlot):
    """Widths stand on a scale of their own at the left, 0 to 200 %, and the legend beside it."""

    legend_x = 60

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("stereo", parent)
        self.widths = [self.add_handle(f"width{n}", f"band {n} width", lambda: self.width_axis, upright=False) for n in range(1, BANDS + 1)]
        for n, line in enumerate(self.widths, 1):
            line.grasped.connect(partial(self.band_chosen.emit, n))
            line.setStatusTip("Level of the side in this band. Drag, wheel, arrow keys, or Enter to type")
        self.mono = self.add_handle("mono_below", "mono below", lambda: self.frequencies, upright=True)
        self.mono.setStatusTip("Under this frequency both channels are the same; at the left end it is off")

    @property
    def width_axis(self) -> Axis:
        """Vertical axis of the widths, in per cent."""
        area, inset = self.plot_area, theme.px(INSET_PX)
        return Axis(0.0, WIDEST, area.top() + area.height() - inset, area.top() + inset)

    @property
    def mono_on(self) -> bool:
        """Whether anything is made mono."""
        return self.mono.value > self.mono.param.low

    def place_handles(self) -> None:
        super().place_handles()
        spans = self.spans()
        for n, line in enumerate(getattr(self, "widths", ()), 1):
            line.setVisible(n <= self.count)
            line.setFocusPolicy(Qt.FocusPolicy.StrongFocus if n == self.selected else Qt.FocusPolicy.ClickFocus)
            if n <= self.count:
                line.place(spans[n - 1][0] + theme.px(7), spans[n - 1][1] - theme.px(7))
        if hasattr(self, "mono"):
            self.mono.place(0, self.height())
            self.mono.raise_()

    def paint_level_grid(self, painter: QPainter, area: object) -> None:
        """Lines of the widths; what leaves the image alone is drawn."""
        for mark in MARKS:
            y = round(self.width_axis.px(mark))
            paint.hairline(painter, 0, y, self.plot_area.right() + 1, y, "edge" if mark == 100 else "grid")

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        half = theme.px(9)
        for mark in (0.0, *MARKS, WIDEST):
            words = f"{mark:.0f} %" if mark == WIDEST else f"{mark:.0f}"
            label_on_well(painter, QRectF(theme.px(8), self.width_axis.px(mark) - half, theme.px(50), 2 * half), words)

    def paint_overlay(self, painter: QPainter) -> None:
        painter.setClipRect(self.rect())
        if self.mono_on:
            painter.fillRect(QRectF(0, 0, self.mono.px(), self.plot_area.height()), QBrush(theme.color("grid_major"), Qt.BrushStyle.BDiagPattern))
        for number, (left, right) in enumerate(self.spans(), 1):
            self._paint_width(painter, number, left, right)
        super().paint_overlay(painter)
        if self.mono_on or self.mono.held or self.mono.hasFocus():
            self.paint_upright(painter, self.mono, frequency_label(round(self.mono.value)) if self.mono_on else "off")
            label_on_well(painter, QRectF(self.mono.px() + theme.px(6), self.plot_area.bottom() - theme.px(48), theme.px(90), theme.px(18)), "Mono below", "text2")
        else:
            paint.fill(painter, QRectF(0, self.plot_area.bottom() - theme.px(40), theme.px(4), theme.px(40)), "select")

    def _paint_over(self, painter: QPainter) -> None:
        """The figures of both scales over lines and fills: a width that changes nothing is a line through all of them."""
        self.paint_overlay(painter)
        painter.drawPixmap(0, 0, self._marks.pixmap)

    def _paint_width(self, painter: QPainter, number: int, left: int, right: int) -> None:
        line, chosen = self.widths[number - 1], number == self.selected
        y = round(line.px())
        if line.held:
            painter.fillRect(line.geometry(), theme.color("raised"))
        whole = round(self.width_axis.px(100.0))
        paint.fill(painter, QRectF(left + 1, min(y, whole), max(right - left - 1, 1), abs(y - whole)), with_alpha(theme.color("select"), CHOSEN_ALPHA if chosen else ALPHA))
        paint.hairline(painter, left + theme.px(4), y, right - theme.px(4), y, "select" if chosen or line.held else "text2")
        words = line.param.text(line.value)
        if right - left > paint.text_width(words, "table_value") + theme.px(12):
            top = y - theme.px(20) if line.value >= 100 else y + theme.px(2)
            label_on_well(painter, QRectF(left, top, right - left, theme.px(18)), words, "text" if chosen else "text2", paint.CENTER, "table_value")
