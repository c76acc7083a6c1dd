"""A history under a ceiling: the output, what was taken off standing on it, and the ceiling to drag."""
from collections.abc import Sequence

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.param import Param
from gui.plots.axes import Tick, db_label
from gui.plots.columns import Fresh
from gui.plots.history import REDUCTION_RANGES_DB, paint_legend
from gui.plots.lined_history import LinedHistory
from gui.theme import theme

SECONDS = 6.0
TOP_DB, BOTTOM_DB, SHIFT_DB = 7.0, -15.0, 6.0


class CeilingHistory(LinedHistory):
    """`fields` hold "output_db" and "reduction_db". marks_db: the figures of the scale. taken: what is taken off, in a word."""

    marks_db: tuple[float, ...] = ()
    taken = "Taken off"

    def __init__(self, name: str, fields: Sequence[str], ceiling: Param, parent: QWidget | None = None) -> None:
        super().__init__(name, SECONDS, fields, ceiling, parent)
        self._shift = 0.0

    def forget(self) -> None:
        """Another stage."""
        self.set_reduction_range(REDUCTION_RANGES_DB[1])
        self.clear()

    def level_range_db(self) -> tuple[float, float]:
        return BOTTOM_DB - self._shift, TOP_DB - self._shift

    def level_ticks(self) -> list[Tick]:
        axis = self.levels
        return [Tick(m - self._shift, axis.px(m - self._shift), db_label(m - self._shift), False) for m in self.marks_db]

    def line_moved(self) -> None:
        """A low ceiling takes the scale down with it in steps, once the hand has let go."""
        shift = SHIFT_DB * int(max(0.0, -self.line.value) // SHIFT_DB)
        if shift != self._shift and not self.line.dragging:
            self._shift = shift
            self.renew()
        super().line_moved()

    def paint_levels(self, fresh: Fresh) -> None:
        """Output as a line on a fill, what was taken off standing on it up to the level that would have been."""
        axis, output = self.levels, fresh.values["output_db"]
        scale = fresh.scale(axis)
        fresh.fill(scale, output, axis.low, theme.color(f"{self.heard}_fill"))
        before = [level + reduction if reduction > 0 else level for level, reduction in zip(output, fresh.values["reduction_db"], strict=True)]
        fresh.fill(scale, before, output, theme.color("gr_mid"))
        fresh.edge(scale, output, theme.color(self.heard))

    def paint_marks(self, painter: QPainter) -> None:
        super().paint_marks(painter)
        entries = (("Output", self.heard), (self.taken, "gr_mid"))
        paint_legend(painter, theme.px(12), self.level_area.bottom() - theme.px(24), entries, boxes=True)
