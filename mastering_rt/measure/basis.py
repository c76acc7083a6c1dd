"""How a live spectrum is made: slope, smoothing, averaging. One value that the meter computes by and the plot prints."""
from dataclasses import dataclass
from math import inf, isinf

SLOPES_DB = (0.0, 1.5, 3.0, 4.5, 6.0)
SMOOTHINGS_OCT = (1 / 24, 1 / 12, 1 / 6, 1 / 3)
AVERAGES_S = (0.3, 0.8, 1.5, 5.0, inf)


@dataclass(frozen=True)
class Basis:
    """`slope_db` per octave around 1 kHz, `smoothing_oct` the width of the smoothing kernel, `average_s` the time constant of the
    power average (infinite: all since the last reset)."""

    slope_db: float = 4.5
    smoothing_oct: float = 1 / 6
    average_s: float = 1.5

    def __post_init__(self) -> None:
        if not self.smoothing_oct > 0:
            raise ValueError(f"a smoothing of {self.smoothing_oct} octaves is not a width; use one of 1/24 to 1/3")
        if not self.average_s > 0:
            raise ValueError(f"a spectrum cannot be averaged over {self.average_s} s; use one of 0.3 to 5, or infinity")

    def text(self) -> str:
        """ "Slope 4.5 dB/oct, 1/6 oct, average 1.5 s"."""
        return f"Slope {slope_text(self.slope_db)}, {smoothing_text(self.smoothing_oct)}, average {average_text(self.average_s)}"


def slope_text(slope_db: float) -> str:
    """ "4.5 dB/oct"."""
    return f"{slope_db:g} dB/oct"


def smoothing_text(octaves: float) -> str:
    """ "1/6 oct"."""
    part = 1 / octaves
    return f"1/{part:.0f} oct" if abs(part - round(part)) < 1e-6 else f"{octaves:.2f} oct"


def average_text(seconds: float) -> str:
    """ "1.5 s", or "all"."""
    return "all" if isinf(seconds) else f"{seconds:g} s"
