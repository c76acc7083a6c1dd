"""Parameters of the equaliser."""
from dsp_core.param import Param
from dsp_core.params.common import PLACEMENTS, choice, switch

EQ_BANDS = 8
EQ_TYPES = ("Bell", "Low shelf", "High shelf", "Low cut", "High cut", "Notch", "Tilt")
EQ_SLOPES = ("6 dB/oct", "12 dB/oct", "18 dB/oct", "24 dB/oct", "36 dB/oct", "48 dB/oct")
EQ_FREQUENCIES_HZ = (30, 80, 200, 500, 1200, 3000, 8000, 14000)


def eq_band(band: int) -> tuple[Param, ...]:
    """The parameters of one equaliser band, 1-based."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Takes the band in or out without forgetting its values.", default=1),
        choice(f"{name}_type", "Type", EQ_TYPES, "Shape of the band."),
        Param(id=f"{name}_freq", label="Frequency", low=10, high=40000, default=EQ_FREQUENCIES_HZ[band - 1], unit="Hz",
              law="log", step=2 ** (1 / 24), help="Centre of a bell or notch, corner of a shelf, -3 dB point of a cut, pivot of a tilt."),
        Param(id=f"{name}_gain", label="Gain", low=-30, high=30, default=0, unit="dB", step=0.1,
              help="Boost or cut of a bell or shelf; a tilt lifts the highs by half and lowers the lows by half of it."),
        Param(id=f"{name}_q", label="Q", low=0.025, high=40, default=0.71, law="log", step=1.05, decimals=2,
              help="Narrowness of a bell or notch, resonance of a shelf or cut. For cuts of 12 dB/oct and up it is the level at the "
                   "corner: 0.71 is Butterworth (-3 dB). A tilt and a 6 dB/oct cut have none."),
        choice(f"{name}_slope", "Slope", EQ_SLOPES, "Steepness of a low or high cut.", default=1),
        choice(f"{name}_channel", "Channel", PLACEMENTS, "Which part of the stereo sound the band works on."),
    )


PARAMS = tuple(p for band in range(1, EQ_BANDS + 1) for p in eq_band(band))
