"""The limiter's editor: the last 6 seconds, what was taken off above the output it left, the ceiling to drag."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsp_core.params import params_of
from gui.controls.buttons import Button
from gui.editors.ceiling_history import CeilingHistory
from gui.editors.editor import PlotEditor
from gui.plots.axes import Axis
from gui.plots.columns import Fresh
from gui.theme import theme

Floats = NDArray[np.float64]

FIELDS = ("output_db", "true_peak_db", "reduction_db")
STRIP_IDS = ("gain", "ceiling", "release", "auto_release", "lookahead", "link", "hold", "transient_link", "release_link",
             "band_guard", "mix")
NEAR_DB, OVER_DB = 0.05, 0.005
TICK_HEIGHT, OVER_HEIGHT = 3, 6
PARAMS = {p.id: p for p in params_of("limiter")}


class LimiterHistory(CeilingHistory):
    """Records are (output sample peak, output true peak, reduction) in dB, the largest of their time."""

    marks_db = (4.0, 2.0, -3.0, -6.0, -9.0, -12.0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Limiter history", FIELDS, PARAMS["ceiling"], parent)

    def paint_levels(self, fresh: Fresh) -> None:
        """And ticks where the true peak meets the ceiling."""
        super().paint_levels(fresh)
        self._paint_true_peaks(fresh, self.levels)

    def _paint_true_peaks(self, fresh: Fresh, axis: Axis) -> None:
        line = round(axis.px(self.line.value) * fresh.ratio)
        for index, true_peak in enumerate(fresh.values["true_peak_db"][1:]):
            above = true_peak - self.line.value
            if above >= -NEAR_DB:
                height = round((OVER_HEIGHT if above > OVER_DB else TICK_HEIGHT) * fresh.ratio)
                fresh.block(index, line - height, height, theme.color("danger" if above > OVER_DB else self.heard))


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

    def forget(self) -> None:
        super().forget()
        self.history.forget()

    def set_heard(self, heard: str, compared: str = "mix") -> None:
        """The output is the stage's, whatever is heard."""

    def values_changed(self) -> None:
        self.history.show_line(self.values.get("ceiling", PARAMS["ceiling"].default))

    def place_plots(self, width: int, height: int) -> None:
        self.history.setGeometry(0, 0, width, height)
