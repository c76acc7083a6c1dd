"""The saturation's editor: bands on the spectrum, the harmonics that the stage makes of a sine, its curve, the values of the band edited."""
from collections.abc import Mapping
from math import sqrt

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dsp_core.params.saturation import PARAMS
from gui.controls.choice import Choice
from gui.editors.band_plot import BandPlot
from gui.editors.banded import BandedEditor
from gui.editors.harmonics_plot import HarmonicBars, ShapeCurve
from gui.plots.strokes import label_on_well
from gui.theme import numbers, paint, theme
from mastering_rt.measure.harmonics import Harmonics

BANDS = 4
WHOLE = ("balance", "tilt", "oversampling", "phase", "level_match")
PROBES_DBFS = (-24.0, -18.0, -12.0, -6.0, 0.0)
USUAL_PROBE = 2
PROBE_HZ, LOWEST_HZ, HIGHEST_HZ = 1000.0, 50.0, 8000.0
GAP = 4
SPECTRUM_SHARE, BARS_SHARE = 0.40, 0.58          # of the width, and of what is left of it
Probe = tuple[tuple[tuple[str, float], ...], float, float]


class SaturationPlot(BandPlot):
    """Bands with what drives them written over each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("saturation", parent)

    def paint_overlay(self, painter: QPainter) -> None:
        super().paint_overlay(painter)
        for number, (left, right) in enumerate(self.spans(), 1):
            words = numbers.quantity(self.value(f"band{number}_drive"), "dB")
            if right - left > paint.text_width(words, "table_value") + 8:
                area = self.plot_area.adjusted(0, theme.px(8), 0, 0)
                area.setLeft(left)
                area.setRight(right)
                area.setHeight(theme.px(20))
                label_on_well(painter, area.toRectF(), words, "text" if number == self.selected else "text2", paint.CENTER, "table_value")


class SaturationEditor(BandedEditor):
    """`probe` says what is to be measured; answer by `show_harmonics`."""

    header_ids = ("character", "placement")

    def __init__(self, parent: QWidget | None = None) -> None:
        self.bands_plot = SaturationPlot()
        self.bars, self.curve = HarmonicBars(), ShapeCurve()
        self.level_dbfs = PROBES_DBFS[USUAL_PROBE]
        super().__init__("saturation", self.bands_plot, BANDS, (), lambda n: [f"band{n}_drive", f"band{n}_mix", *WHOLE], parent)
        self.bars.setParent(self)
        self.curve.setParent(self)
        self._measured: Probe | None = None
        self._level = Choice("Sine", [numbers.quantity(db, "dBFS", 0) for db in PROBES_DBFS], name="Saturation level of the measured sine")
        self._level.setStatusTip("How loud the sine is whose harmonics are shown; louder ones are bent further")
        self._level.show_value(USUAL_PROBE)
        self._level.edited.connect(self._choose_level)
        self.show_values({})

    def probe(self) -> Probe:
        """(values, frequency in Hz, level in dBFS) of the sine that tells what the band that is edited does."""
        values = tuple((param.id, self.values.get(param.id, param.default)) for param in PARAMS)
        mix = ("mix", self.values.get("mix", 100.0))
        edges = self.bands_plot.edges_hz()
        middle = sqrt(edges[self.selected - 1] * edges[self.selected]) if self.bands_plot.count > 1 else PROBE_HZ
        return (*values, mix), min(max(middle, LOWEST_HZ), HIGHEST_HZ), self.level_dbfs

    def show_harmonics(self, harmonics: Harmonics, of: Probe) -> None:
        """What was measured of a probe."""
        self._measured = of
        self.bars.show_harmonics(harmonics, stale=of != self.probe())
        self.curve.show_harmonics(harmonics)

    def show_values(self, values: Mapping[str, float]) -> None:
        super().show_values(values)
        if hasattr(self, "_measured"):
            self._weaken()

    def select(self, number: int) -> None:
        super().select(number)
        if hasattr(self, "_measured"):
            self._weaken()

    def _weaken(self) -> None:
        """What is shown belongs to other settings until the new ones are measured."""
        self.bars.show_harmonics(self.bars.harmonics, stale=self._measured is not None and self._measured != self.probe())

    def header_options(self) -> list[QWidget]:
        return [self._level, *super().header_options()]

    def forget(self) -> None:
        """The harmonics stay, as those of other settings, until the new ones are measured."""
        super().forget()
        self._level.choose(USUAL_PROBE)

    def _choose_level(self, index: int) -> None:
        self.level_dbfs = PROBES_DBFS[index]
        self._weaken()

    def place_plots(self, width: int, height: int) -> None:
        super().place_plots(width, height)
        if not hasattr(self, "row"):
            return
        high, gap = height - self.row.height(), theme.px(GAP)
        left = round(width * SPECTRUM_SHARE)
        side = min(high, round((width - left) * (1 - BARS_SHARE)))
        self.plot.setGeometry(0, 0, left, high)
        self.bars.setGeometry(left + gap, 0, width - left - side - 2 * gap, high)
        self.curve.setGeometry(width - side, 0, side, high)
