"""The resonance tamer's editor: what it takes away at each frequency hangs from the spectrum, its range to drag, listening."""
import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gui.editors.removal_plot import RemovalPlot
from gui.editors.spectral import SpectralEditor
from gui.plots.spectrum import RANGES_DB

Floats = NDArray[np.float64]

STRIP = ("depth", "selectivity", "sharpness", "tilt", "attack", "release", "from_freq", "to_freq")


class ResonanceEditor(SpectralEditor):
    """Feed `show_inside` with rows of (Hz of a bin, dB taken away at each bin)."""

    header_ids = ("resolution", "placement")
    header_values = ("link", "mix")
    header_switches = (("listen", "Listen"),)
    looks_inside = True
    usual_range_db = RANGES_DB[0]

    def __init__(self, parent: QWidget | None = None) -> None:
        self.removal = RemovalPlot("resonance")
        super().__init__("resonance", self.removal, STRIP, parent)
        self.show_values({})

    def show_inside(self, rows: NDArray[np.float32], time_s: float) -> None:
        hz = self.removal.points_hz
        if len(rows) and len(hz):
            bin_hz = float(rows[-1, 0])
            self.removal.show_removed(gathered(rows[:, 1:].max(axis=0).astype(np.float64), bin_hz, hz) if bin_hz > 0 else np.zeros(len(hz)))

    def clear(self) -> None:
        super().clear()
        self.removal.clear_live()


def gathered(cuts_db: Floats, bin_hz: float, hz: Floats) -> Floats:
    """Bins at points of equal ratio: the largest that lies about a point, and between bins a straight line."""
    edges = np.sqrt(hz[:-1] * hz[1:])
    first = np.clip(np.ceil(np.concatenate([[hz[0]], edges]) / bin_hz).astype(np.intp), 0, len(cuts_db) - 1)
    last = np.clip(np.ceil(np.concatenate([edges, [hz[-1]]]) / bin_hz).astype(np.intp), 0, len(cuts_db) - 1)
    found = np.interp(hz / bin_hz, np.arange(len(cuts_db)), cuts_db)
    most = np.maximum.reduceat(cuts_db, first)
    result: Floats = np.where(last > first, np.maximum(most, found), found)
    return result
