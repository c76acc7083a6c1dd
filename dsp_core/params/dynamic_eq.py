"""Parameters of the dynamic equaliser."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch

DYNAMIC_EQ_BANDS = 6
DYNAMIC_EQ_TYPES = ("Bell", "Low shelf", "High shelf")
DYNAMIC_EQ_FREQUENCIES_HZ = (60, 200, 500, 2500, 5000, 10000)


def dynamic_eq_band(band: int) -> tuple[Param, ...]:
    """The parameters of one band of the dynamic equaliser, 1-based."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Takes the band in or out without forgetting its values.", default=1, change="glide"),
        choice(f"{name}_type", "Type", DYNAMIC_EQ_TYPES, "Shape of the band."),
        Param(id=f"{name}_freq", label="Frequency", low=10, high=40000, default=DYNAMIC_EQ_FREQUENCIES_HZ[band - 1], unit="Hz",
              law="log", step=2 ** (1 / 24), help="Centre of a bell, corner of a shelf; the band listens there too."),
        Param(id=f"{name}_q", label="Q", low=0.1, high=20, default=1, law="log", step=1.05, decimals=2,
              help="Narrowness of a bell, of what it does and of what it hears; resonance of a shelf."),
        Param(id=f"{name}_gain", label="Gain", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="Boost or cut that is there without any dynamics."),
        Param(id=f"{name}_range", label="Range", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="The most that the dynamics add to the gain; below 0 they cut, above they boost, 0 switches them off."),
        choice(f"{name}_when", "When", ("Over", "Under"), "Whether the band acts while it is over its threshold, or under it."),
        choice(f"{name}_detector", "Detector", ("Absolute", "Relative"),
               "Absolute compares the band with the threshold in dBFS; Relative with its own running level, whatever the song's level is."),
        Param(id=f"{name}_threshold", label="Threshold", low=-80, high=0, default=-24, unit="dB", step=0.5,
              help="Level of the band, in peaks, at which an absolute detector begins to act."),
        Param(id=f"{name}_relative", label="Relative threshold", low=-12, high=24, default=6, unit="dB", step=0.5,
              help="Level over the band's own running level at which a relative detector begins to act; a steady tone reads 0 dB."),
        Param(id=f"{name}_ratio", label="Ratio", low=1.2, high=10, default=3, unit=":1", law="log", step=1.05, decimals=2,
              help="How fast the range is used up: beyond the threshold each dB of level changes the gain by 1 - 1 / ratio dB."),
        Param(id=f"{name}_attack", label="Attack", low=0.1, high=200, default=10, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets louder."),
        Param(id=f"{name}_release", label="Release", low=10, high=2000, default=100, unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets softer."),
        switch(f"{name}_listen", "Listen", "What the band's detector hears is heard instead of the stage; also in the render.", change="glide"),
    )


PARAMS = tuple(p for band in range(1, DYNAMIC_EQ_BANDS + 1) for p in dynamic_eq_band(band))
