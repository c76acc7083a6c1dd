"""What stands still behind the live spectra: how the whole song is spread, source by source, and the band of a set of references.

Levels come without slope; the plot gives them its own. Bands are painted into the ground, so they cost nothing while it plays.
"""
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from gui.plots.axes import Axis
from gui.plots.strokes import Floats, Polyline, polygon
from gui.theme import mixed, theme

PIVOT_HZ = 1000.0
MOST, WIDE_TOP, TOP, MIDDLE, BOTTOM, WIDE_BOTTOM = range(6)     # rows: 100, 98, 83, 50, 21 and 8 % of the time
ROWS = 6
CORE_SHARE = 0.35                # of the body's colour in the inner band


@dataclass(frozen=True, eq=False)
class Spread:
    """`levels_db` (rows, points) over rising `hz`: six rows for a song, low, middle and high for a set of references."""

    hz: Floats
    levels_db: Floats

    def __post_init__(self) -> None:
        if self.levels_db.ndim != 2 or self.levels_db.shape[1] != len(self.hz):
            raise ValueError(f"levels of shape {self.levels_db.shape} do not belong to {len(self.hz)} frequencies")

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return len(self.hz) > 1 and bool(np.isfinite(self.levels_db).any())


@dataclass(frozen=True)
class Sheet:
    """Where and how levels are drawn."""

    area: QRect
    frequencies: Axis
    levels: Axis
    slope_db: float

    def place(self, spread: Spread, offset_db: float) -> tuple[Floats, Floats]:
        """Pixels of the points, and of each row at its place on the vertical axis."""
        inside = (spread.hz >= self.frequencies.low) & (spread.hz <= self.frequencies.high)
        hz = spread.hz[inside]
        db = spread.levels_db[:, inside] + offset_db + self.slope_db * np.log2(hz / PIVOT_HZ)
        return self.frequencies.px(hz), self.levels.clipped_px(db)


def paint_song(painter: QPainter, sheet: Sheet, spread: Spread, name: str, offset_db: float) -> None:
    """What is heard: two bands, 8 to 98 % and inside it 21 to 83 % of the time, the median and the largest as lines."""
    x, y = sheet.place(spread, offset_db)
    weak, body = theme.color(f"{name}_fill"), theme.color(f"{name}_body")
    _band(painter, x, y[WIDE_TOP], y[WIDE_BOTTOM], weak)
    _band(painter, x, y[TOP], y[BOTTOM], mixed(weak, body, CORE_SHARE))
    for row, color in ((MOST, "body"), (MIDDLE, "mid")):
        _line(painter, x, y[row], theme.color(f"{name}_{color}"))


def paint_song_outline(painter: QPainter, sheet: Sheet, spread: Spread, name: str, offset_db: float) -> None:
    """The other source: its median alone, because what is not heard is never filled, and more lines than one can be told apart by nobody."""
    x, y = sheet.place(spread, offset_db)
    _line(painter, x, y[MIDDLE], theme.color(f"{name}_mid"))


def paint_reference(painter: QPainter, sheet: Sheet, band: Spread, offset_db: float) -> None:
    """From low to high filled, the middle as a line."""
    x, (low, middle, high) = sheet.place(band, offset_db)
    _band(painter, x, high, low, theme.color("ref_fill"))
    _line(painter, x, middle, theme.color("ref_mid"))


def _band(painter: QPainter, x: Floats, top: Floats, bottom: Floats, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(polygon(np.concatenate([x, x[::-1]]), np.concatenate([top, bottom[::-1]])))


def _line(painter: QPainter, x: Floats, y: Floats, color: QColor) -> None:
    line = Polyline()
    line.put(x, y)
    line.stroke(painter, color)
