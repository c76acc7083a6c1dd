"""The limiter's editor: the last 6 seconds, what was taken off above the output it left, the ceiling to drag."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params import params_of
from gui.controls.buttons import Button
from gui.editors.editor import PlotEditor
from gui.plots.axes import Axis, Tick, db_label
from gui.plots.columns import Fresh
from gui.plots.history import paint_legend
from gui.plots.lined_history import LinedHistory
from gui.theme import theme

Floats = NDArray[np.float64]

SECONDS = 6.0
FIELDS = ("output_db", "true_peak_db", "reduction_db")
STRIP_IDS = ("gain", "ceiling", "release", "auto_release", "lookahead", "link", "hold", "transient_link", "release_link",
             "band_guard", "mix")
TOP_DB, BOTTOM_DB = 7.0, -15.0
SHIFT_DB = 6.0
MARKS_DB = (4.0, 2.0, -3.0, -6.0, -9.0, -12.0)
NEAR_DB, OVER_DB = 0.05, 0.005
TICK_HEIGHT, OVER_HEIGHT = 3, 6
PARAMS = {p.id: p for p in params_of("limiter")}


class LimiterHistory(LinedHistory):
    """Records are (output sample peak, output true peak, reduction) in dB, the largest of their time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Limiter history", SECONDS, FIELDS, PARAMS["ceiling"], parent)
        self._shift = 0.0

    @property
    def levels(self) -> Axis:
        area = self.level_area
        return Axis(BOTTOM_DB - self._shift, TOP_DB - self._shift, area.top() + area.height(), area.top())

    def level_ticks(self) -> list[Tick]:
        axis = self.levels
        return [Tick(m - self._shift, axis.px(m - self._shift), db_label(m - self._shift), False) for m in MARKS_DB]

    def line_moved(self) -> None:
        """A low ceiling takes the scale down with it in steps, once the hand has let go."""
        shift = SHIFT_DB * int(max(0.0, -self.line.value) // SHIFT_DB)
        if shift != self._shift and not self.line.dragging:
            self._shift = shift
            self.renew()
        super().line_moved()

    def paint_levels(self, painter: QPainter, fresh: Fresh) -> None:
        """Output as line on a fill, what was taken off standing on it, ticks where true peak meets the ceiling."""
        axis, output = self.levels, fresh.values["output_db"]
        y = fresh.px(axis, output)
        fresh.fill(painter, y, axis.low_px * fresh.ratio, theme.color(f"{self.heard}_fill"))
        before = [level + reduction if reduction > 0 else level for level, reduction in zip(output, fresh.values["reduction_db"], strict=True)]
        fresh.fill(painter, fresh.px(axis, before), y, theme.color("gr_mid"))
        fresh.edge(painter, axis, output, theme.color(self.heard))
        self._paint_true_peaks(painter, fresh, axis)

    def _paint_true_peaks(self, painter: QPainter, fresh: Fresh, axis: Axis) -> None:
        line = round(axis.px(self.line.value) * fresh.ratio)
        for index, true_peak in enumerate(fresh.values["true_peak_db"][1:]):
            above = true_peak - self.line.value
            if above >= -NEAR_DB:
                height = round((OVER_HEIGHT if above > OVER_DB else TICK_HEIGHT) * fresh.ratio)
                painter.fillRect(QRect(fresh.left + index, line - height, 1, height), theme.color("danger" if above > OVER_DB else self.heard))

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        entries = (("Output", self.heard), ("Taken off", "gr_mid"))
        paint_legend(painter, theme.px(12), self.level_area.bottom() - theme.px(24), entries, boxes=True)


class LimiterEditor(PlotEditor):
    """Feed `push` with telemetry."""

    header_ids = ("character", "placement")
    target_asked = Signal()

    def __init__(self, parent: QWidget | None = None, *, kind: str = "limiter") -> None:
        super().__init__(kind, STRIP_IDS, parent)
        self.target_key = Button("Target loudness...", name="Target loudness", plane="raised")
        self.target_key.setStatusTip("Set the drive so that the whole song reads a loudness you choose")
        self.target_key.clicked.connect(lambda: self.target_asked.emit())
        self.history = LimiterHistory(self)
        self.listen_to_line(self.history.line, "ceiling")
        self.show_values({})

    def header_options(self) -> list[QWidget]:
        return [*super().header_options(), self.target_key]

    def push(self, records: Floats, record_s: float) -> None:
        """Records of (output sample peak, output true peak, reduction) in dB, `record_s` seconds each."""
        self.history.push(records, record_s)

    def clear(self) -> None:
        """Forget the past, as after a jump."""
        self.history.clear()

    def set_heard(self, heard: str, compared: str = "mix") -> None:
        """The output is the stage's, whatever is heard."""

    def values_changed(self) -> None:
        self.history.show_line(self.values.get("ceiling", PARAMS["ceiling"].default))

    def place_plots(self, width: int, height: int) -> None:
        self.history.setGeometry(0, 0, width, height)
