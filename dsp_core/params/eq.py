"""Parameters of the equaliser."""
from dsp_core.param import Param
from dsp_core.params.common import PLACEMENTS, choice, switch

EQ_BANDS = 24
EQ_TYPES = ("Bell", "Low shelf", "High shelf", "Low cut", "High cut", "Notch", "Tilt", "Band-pass", "All-pass")
EQ_SLOPES = ("6 dB/oct", "12 dB/oct", "18 dB/oct", "24 dB/oct", "36 dB/oct", "48 dB/oct", "60 dB/oct", "72 dB/oct", "84 dB/oct", "96 dB/oct")
EQ_PHASES = ("Minimum", "Natural", "Linear")
EQ_LENGTHS = ("Short", "Medium", "Long", "Longest")
EQ_FREQUENCIES_HZ = (30, 80, 200, 500, 1200, 3000, 8000, 14000, 40, 55, 110, 150, 280, 380, 700, 900, 1700, 2300, 4200, 5500, 6700, 10000,
                     12000, 17000)


def eq_band(band: int) -> tuple[Param, ...]:
    """The parameters of one equaliser band, 1-based."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Takes the band in or out without forgetting its values.", default=1),
        choice(f"{name}_type", "Type", EQ_TYPES, "Shape of the band."),
        Param(id=f"{name}_freq", label="Frequency", low=10, high=40000, default=EQ_FREQUENCIES_HZ[band - 1], unit="Hz",
              law="log", step=2 ** (1 / 24), help="Centre of a bell, notch, band-pass or all-pass, middle of a shelf's rise, -3 dB point of a "
              "cut, pivot of a tilt."),
        Param(id=f"{name}_gain", label="Gain", low=-30, high=30, default=0, unit="dB", step=0.1,
              help="Boost or cut of a bell or shelf; a tilt lifts the highs by half and lowers the lows by half of it."),
        Param(id=f"{name}_q", label="Q", low=0.025, high=40, default=0.71, law="log", step=1.05, decimals=2,
              help="Narrowness of a bell, notch, band-pass or all-pass, resonance of a shelf or cut; 0.71 is Butterworth. For cuts of "
                   "12 dB/oct and up it is the level at the corner (0.71: -3 dB). A tilt and a slope of 6 dB/oct have none."),
        choice(f"{name}_slope", "Slope", EQ_SLOPES, "Steepness of a cut or shelf.", default=1),
        choice(f"{name}_channel", "Channel", PLACEMENTS, "Which part of the stereo sound the band works on. Where the whole stage is placed on one part, every band works on that part."),
        switch(f"{name}_solo", "Solo", "What the band works on is heard instead of the stage, together with other soloed bands; also in the "
               "render."),
    )


PARAMS = (
    *(p for band in range(1, EQ_BANDS + 1) for p in eq_band(band)),
    Param(id="gain_scale", label="Gain scale", low=0, high=200, default=100, unit="%", step=1, decimals=0,
          help="Multiplies the dB of every bell, shelf and tilt: less or more of the whole correction; cuts stay."),
    switch("auto_gain", "Auto gain", "Keeps the stage as loud as its input (K-weighted, averaged over seconds), so that only the tone is "
           "compared."),
    choice("phase", "Phase", EQ_PHASES,
           "Minimum: no latency, phase like analog filters nearly up to 20 kHz. Natural: analog magnitude and phase, 5 ms of latency. "
           "Linear: no phase shift, long latency, and pre-ringing: steep low cuts smear what comes before a bass note."),
    choice("length", "Length", EQ_LENGTHS,
           "Of the filters in linear and natural phase: about 180, 360, 700 or 1400 ms; half of it is the latency of linear phase. Longer ones "
           "follow narrow bands at low frequencies.", default=1),
)
