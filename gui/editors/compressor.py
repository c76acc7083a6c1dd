"""The compressor's editor: out over in beside the last 8 seconds, a strip of controls, three facts."""
from math import isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.multiband import BAND_MODES
from gui.editors.editor import PlotEditor
from gui.editors.transfer_plot import PARAMS, STRIP, Curve, TransferPlot
from gui.plots.columns import Fresh
from gui.plots.history import paint_legend
from gui.plots.lined_history import LinedHistory
from gui.theme import theme

Floats = NDArray[np.float64]

SECONDS = 8.0
FIELDS = ("input_db", "output_db", "detector_db", "reduction_db")
LEVELS_DB = (-42.0, 0.0)
LOW_LEVELS_DB = -60.0
USUAL_REDUCTION_DB = 4.0
STRIP_IDS = ("threshold", "ratio", "knee", "attack", "release", "auto_release", "detector_low_cut", "mix", "makeup", "range", "hold", "topology",
             "link", "channels", "mid_link", "side_link", "detector_slope", "detector_tilt", "rms_window", "peak_crest", "peak_release", "lookahead",
             "auto_makeup")
COMPRESS = BAND_MODES.index("Compress")  # the only mode whose gain is known from reduction and make-up alone
GAP = 4
TRANSFER_SHARE = 0.4


class CompressorHistory(LinedHistory):
    """Reduction over input, output and detector. Records are (input, output, detector, reduction) in dB, peaks of their time.

    The detector may be unknown (NaN); then it has no line and no name.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Compressor history", SECONDS, FIELDS, PARAMS["threshold"], parent)
        self.set_reduction_range(USUAL_REDUCTION_DB)
        self._has_detector = False

    def forget(self) -> None:
        """Another stage."""
        self._has_detector = False
        self.set_reduction_range(USUAL_REDUCTION_DB)
        self.clear()

    def push(self, records: Floats, record_s: float) -> None:
        super().push(records, record_s)
        if not self._has_detector and np.isfinite(records[:, FIELDS.index("detector_db")]).any():
            self._has_detector = True
            self.renew()

    def level_range_db(self) -> tuple[float, float]:
        return LEVELS_DB if self.line.value > LEVELS_DB[0] + 3 else (LOW_LEVELS_DB - 3, LEVELS_DB[1])

    def line_moved(self) -> None:
        """A threshold under the scale asks for a longer one, and that for the past to be drawn again."""
        if self.levels != getattr(self, "_drawn_levels", None):
            self._drawn_levels = self.levels
            self.renew()
        super().line_moved()

    def paint_levels(self, fresh: Fresh) -> None:
        """Output as line on a fill, input over it, the detector darkest."""
        axis, output = self.levels, fresh.values["output_db"]
        scale = fresh.scale(axis)
        fresh.fill(scale, output, axis.low, theme.color(f"{self.heard}_fill"))
        fresh.edge(scale, output, theme.color(self.heard))
        fresh.edge(scale, fresh.values["input_db"], theme.color("text3"))
        if self._has_detector:
            fresh.edge(scale, fresh.values["detector_db"], theme.color("text"))

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        entries = (("Input", "text3"), ("Output", self.heard), ("Detector", "text"))
        shown = entries if self._has_detector else entries[:2]
        paint_legend(painter, theme.px(12), self.level_area.bottom() - theme.px(24), shown)


class CompressorEditor(PlotEditor):
    """`curve` tells what the compressor does to steady levels. Feed `push` with telemetry, `transfer.set_histogram` with the loop's levels."""

    header_ids = ("mode", "detector", "placement")

    def __init__(self, curve: Curve, parent: QWidget | None = None, *, kind: str = "compressor") -> None:
        super().__init__(kind, STRIP_IDS, parent)
        self.transfer, self.history = TransferPlot(curve, self), CompressorHistory(self)
        for line in (self.transfer.line, self.history.line):
            self.listen_to_line(line, "threshold")
        self.show_values({})

    def push(self, records: Floats, record_s: float) -> None:
        """Records of (input, output, detector, reduction) in dB, `record_s` seconds each."""
        self.history.push(records, record_s)
        if len(records):
            level, output, detector, reduction = records[-1].tolist()
            before = detector if isfinite(detector) else level
            compresses = self.values.get("mode", PARAMS["mode"].default) == COMPRESS
            self.transfer.set_now(before, before - reduction + self.transfer.makeup_db if compresses else before + output - level)

    def clear(self) -> None:
        """Forget the past, as after a jump."""
        self.history.clear()
        self.transfer.set_now(np.nan, np.nan)

    def forget(self) -> None:
        super().forget()
        self.history.forget()
        self.transfer.set_histogram(np.empty(0), np.empty(0))

    def set_heard(self, heard: str, compared: str = "mix") -> None:
        """Output and level are the stage's, whatever is heard."""

    def values_changed(self) -> None:
        self.transfer.set_values(self.values)
        self.history.show_line(self.values.get("threshold", PARAMS["threshold"].default))

    def place_plots(self, width: int, height: int) -> None:
        side = max(1, min(height - theme.px(STRIP), round(width * TRANSFER_SHARE)))
        self.transfer.setGeometry(0, 0, side, height)
        left = side + theme.px(GAP)
        self.history.setGeometry(left, 0, max(1, width - left), height)
