"""The clipper's editor: its curve with the level of now, the last 6 seconds with what was cut standing on the output, how much is cut."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params import params_of
from gui.editors.clip_curve import ClipCurve, ClipLaw
from gui.editors.editor import PlotEditor
from gui.plots.axes import Axis, Tick, db_label
from gui.plots.columns import Fresh
from gui.plots.history import paint_legend
from gui.plots.lined_history import LinedHistory
from gui.theme import theme

Floats = NDArray[np.float64]

SECONDS = 6.0
FIELDS = ("input_db", "output_db", "reduction_db")
STRIP_IDS = ("gain", "ceiling", "knee", "mix", "oversampling", "phase", "guard")
TOP_DB, BOTTOM_DB, SHIFT_DB = 7.0, -15.0, 6.0
MARKS_DB = (6.0, 3.0, -3.0, -6.0, -9.0, -12.0)
PARAMS = {p.id: p for p in params_of("clipper")}
GAP, CURVE_SHARE = 4, 0.34


class ClipperHistory(LinedHistory):
    """Records are (input peak before the drive, output peak, what is taken off) in dB, the largest of their time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Clipper history", SECONDS, FIELDS, PARAMS["ceiling"], parent)
        self.drive_db = 0.0
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
        """Output as a line on a fill, what was cut standing on it up to the level that came in."""
        axis, output = self.levels, fresh.values["output_db"]
        y = fresh.px(axis, output)
        fresh.fill(painter, y, axis.low_px * fresh.ratio, theme.color(f"{self.heard}_fill"))
        before = [level + cut if cut > 0 else level for level, cut in zip(output, fresh.values["reduction_db"], strict=True)]
        fresh.fill(painter, fresh.px(axis, before), y, theme.color("gr_mid"))
        fresh.edge(painter, axis, output, theme.color(self.heard))

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        entries = (("Output", self.heard), ("Cut", "gr_mid"))
        paint_legend(painter, theme.px(12), self.level_area.bottom() - theme.px(24), entries, boxes=True)


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
