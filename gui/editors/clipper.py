"""The clipper's editor: its curve with the level of now, the last 6 seconds with what was cut standing on the output, how much is cut."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from dsp_core.params import params_of
from gui.editors.ceiling_history import CeilingHistory
from gui.editors.clip_curve import ClipCurve, ClipLaw
from gui.editors.editor import PlotEditor
from gui.theme import theme

Floats = NDArray[np.float64]

FIELDS = ("input_db", "output_db", "reduction_db")
STRIP_IDS = ("gain", "ceiling", "knee", "mix", "oversampling", "phase", "guard")
PARAMS = {p.id: p for p in params_of("clipper")}
GAP, CURVE_SHARE = 4, 0.34


class ClipperHistory(CeilingHistory):
    """Records are (input peak before the drive, output peak, what is taken off) in dB, the largest of their time."""

    marks_db = (6.0, 3.0, -3.0, -6.0, -9.0, -12.0)
    taken = "Cut"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Clipper history", FIELDS, PARAMS["ceiling"], parent)


class ClipperEditor(PlotEditor):
    """Feed `push` with telemetry."""

    header_ids = ("placement",)

    def __init__(self, law: ClipLaw, parent: QWidget | None = None) -> None:
        super().__init__("clipper", STRIP_IDS, parent)
        self.curve, self.history = ClipCurve(law, self), ClipperHistory(self)
        for line in (self.curve.line, self.history.line):
            self.listen_to_line(line, "ceiling")
        self.show_values({})

    def push(self, records: Floats, record_s: float) -> None:
        """Records of (input peak, output peak, what is taken off) in dB and the share of samples over the ceiling, `record_s` seconds each."""
        self.history.push(records[:, :3], record_s)
        if len(records):
            self.curve.show_now(float(records[:, 0].max()), float(records[:, 2].max()), float(records[-1, 3]), len(records) * record_s)

    def clear(self) -> None:
        """Forget the past, as after a jump."""
        self.history.clear()
        self.curve.clear()

    def forget(self) -> None:
        super().forget()
        self.history.forget()

    def set_heard(self, heard: str, compared: str = "mix") -> None:
        """The output is the stage's, whatever is heard."""

    def values_changed(self) -> None:
        self.curve.set_values(self.values)
        self.history.show_line(self.values.get("ceiling", PARAMS["ceiling"].default))

    def place_plots(self, width: int, height: int) -> None:
        side = max(1, min(height, round(width * CURVE_SHARE)))
        self.curve.setGeometry(0, 0, side, height)
        left = side + theme.px(GAP)
        self.history.setGeometry(left, 0, max(1, width - left), height)
