"""The stereo stage's editor: what leaves it as a phase scope, width and correlation of each band, bass in mono, repair of the channels."""
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gui.controls.choice import Choice
from gui.editors.banded import BandedEditor
from gui.editors.stereo_plot import BANDS, StereoPlot
from gui.meters.ballistics import Pace
from gui.meters.reading import Reading
from gui.meters.scope import PhaseScope
from gui.theme import numbers, theme
from mastering_rt.measure.band_correlation import BandCorrelation

WHOLE = ("mono_below", "mono_slope", "mid_gain", "side_gain", "balance", "rotation", "delay_left", "delay_right")
REPAIRS = (("swap", "Swap"), ("invert_left", "\N{LATIN CAPITAL LETTER O WITH STROKE} L"), ("invert_right", "\N{LATIN CAPITAL LETTER O WITH STROKE} R"))
GAP = 4
SCOPE_SHARE = 0.28
FIGURES_PER_S = 10.0


class WideScope(PhaseScope):
    """As large as its place."""

    def measure(self) -> None:
        """The editor gives it its size."""


class StereoEditor(BandedEditor):
    """Feed `show_inside` with the frames that leave the stage, (left, right)."""

    header_switches = REPAIRS
    looks_inside = True

    def __init__(self, parent: QWidget | None = None) -> None:
        self.bands_plot = StereoPlot()
        self.scope = WideScope()
        self.guard: Choice | None = None
        super().__init__("stereo", self.bands_plot, BANDS, (), lambda n: [f"width{n}", *WHOLE], parent)
        self.scope.setParent(self)
        self._correlation = BandCorrelation(48000.0)
        self._figures = Pace(FIGURES_PER_S)
        self.show_values({})

    def show_rate(self, rate_hz: float) -> None:
        if rate_hz != self._correlation.rate_hz:
            self._correlation = BandCorrelation(rate_hz)

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        self.scope.show_reading(Reading(time_s=time_s, points=rows))
        if self._correlation.push(rows) and self._figures.due(time_s):
            found = self._correlation.read(self.bands_plot.edges_hz())
            for head, value in zip(self.row.heads, found, strict=False):
                head.show_figure(numbers.number(float(value), 2, plus=True), "danger_text" if value < 0 else "text")

    def show_facts(self, rows: Sequence[tuple[str, str]], *, stale: bool = False) -> None:
        """What the guard takes off, while there is one."""
        guarded = self.values.get("guard", 0.0) > 0
        super().show_facts(rows if guarded else [], stale=stale)

    def clear(self) -> None:
        super().clear()
        self._correlation = BandCorrelation(self._correlation.rate_hz)
        for head in self.row.heads:
            head.show_figure("")

    def show_values(self, values: Mapping[str, float]) -> None:
        super().show_values(values)
        if self.guard is not None and "guard" in values:
            self.guard.show_value(round(values["guard"]))

    def header_options(self) -> list[QWidget]:
        param = self.bands_plot.params["guard"]
        self.guard = Choice("Guard", param.choices, name="Stereo antiphase guard")
        self.guard.setStatusTip(param.help)
        self.guard.show_value(round(self.bands_plot.value("guard")))
        self.guard.edited.connect(partial(self._choose, "guard"))
        return [self.guard, *super().header_options()]

    def place_plots(self, width: int, height: int) -> None:
        super().place_plots(width, height)
        if not hasattr(self, "row"):
            return
        high, gap = max(1, height - self.row.height()), theme.px(GAP)
        side = min(high, round(width * SCOPE_SHARE))
        self.scope.setGeometry(0, 0, side, high)
        self.plot.setGeometry(side + gap, 0, width - side - gap, high)
