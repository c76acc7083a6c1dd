"""The multiband's editor: bands on the spectrum, a head for each, the values of the one that is edited."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from dsp_core.params.multiband import DYNAMICS_BANDS
from gui.editors.band_row import Switch
from gui.editors.banded import BandedEditor
from gui.editors.multiband_plot import MultibandPlot, bands_of
from gui.meters.ballistics import Pace
from gui.theme import numbers

SWITCHES = (Switch("solo", "S", "solo"), Switch("mute", "M", "mute"))
STRIP = ("mode", "threshold", "ratio", "knee", "attack", "release", "range", "makeup")
FIGURES_PER_S = 10.0
LEAST_SHOWN_DB = 0.05


class MultibandEditor(BandedEditor):
    """Feed `show_inside` with rows of (level of each band, linear; what is added to it, dB)."""

    header_ids = ("slope", "phase", "placement")
    looks_inside = True
    figure_unit = "dB"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.bands_plot = MultibandPlot()
        super().__init__("multiband", self.bands_plot, DYNAMICS_BANDS, SWITCHES, lambda n: [*(f"band{n}_{name}" for name in STRIP), "link"], parent)
        self._figures = Pace(FIGURES_PER_S)
        self._most = np.zeros(DYNAMICS_BANDS)
        self.show_values({})

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        if not len(rows):
            return
        levels, changes = bands_of(rows)
        self.bands_plot.show_live(levels, changes, time_s)
        self._most = np.where(np.abs(changes) > np.abs(self._most), changes, self._most)
        if self._figures.due(time_s):
            for head, change in zip(self.row.heads, self._most, strict=True):
                head.show_figure(numbers.number(float(change), plus=True) if abs(change) >= LEAST_SHOWN_DB else "0.0",
                                 "gr_text" if change <= -LEAST_SHOWN_DB else "text2")
            self._most = np.zeros(DYNAMICS_BANDS)

    def clear(self) -> None:
        super().clear()
        self.bands_plot.clear_live()
