"""Parameters of the multiband dynamics."""
from dsp_core.param import Param
from dsp_core.params.common import choice, crossover, switch

DYNAMICS_BANDS = 6
BAND_MODES = ("Compress", "Lift", "Expand", "Open up")
BAND_ATTACKS_MS = (30, 20, 10, 5, 3, 2)
BAND_RELEASES_MS = (250, 150, 100, 80, 60, 50)
CROSSOVER_PHASES = ("Linkwitz-Riley", "Linear")
CROSSOVERS_HZ = (120, 800, 5000, 9000, 13000)


def dynamics_band(band: int) -> tuple[Param, ...]:
    """The parameters of one band of the multiband dynamics, 1-based from the lowest."""
    name = f"band{band}"
    return (
        switch(f"{name}_on", f"Band {band}", "Off, the band passes at its own level, without dynamics and make-up.", default=1, change="glide"),
        choice(f"{name}_mode", "Mode", BAND_MODES,
               "Compress turns down what is over the threshold, Lift turns up what is under it; Expand turns down what is under it, "
               "Open up turns up what is over it."),
        Param(id=f"{name}_threshold", label="Threshold", low=-80, high=0, default=-24, unit="dB", step=0.5,
              help="Level of the band from which its gain changes."),
        Param(id=f"{name}_ratio", label="Ratio", low=1, high=20, default=1, unit=":1", law="log", step=1.05, decimals=2,
              help="Input dB for 1 dB of output when compressing or lifting, output dB for 1 dB of input when expanding or opening up; "
                   "1 : 1 leaves the band untouched."),
        Param(id=f"{name}_knee", label="Knee", low=0, high=30, default=6, unit="dB", step=0.5,
              help="Width of the bend around the threshold over which the ratio sets in."),
        Param(id=f"{name}_attack", label="Attack", low=0.1, high=250, default=BAND_ATTACKS_MS[band - 1], unit="ms", law="log", step=1.08,
              help="Time in which 63 % of the way is made when the band gets louder."),
        Param(id=f"{name}_release", label="Release", low=10, high=2500, default=BAND_RELEASES_MS[band - 1], unit="ms", law="log",
              step=1.08, help="Time in which 63 % of the way is made when the band gets softer."),
        Param(id=f"{name}_range", label="Range", low=0, high=24, default=12, unit="dB", step=0.5,
              help="The most by which the dynamics may change the band's level, up or down."),
        Param(id=f"{name}_makeup", label="Make-up", low=-12, high=12, default=0, unit="dB", step=0.1,
              help="Level added to the band after its dynamics."),
        switch(f"{name}_solo", "Solo", "Only the soloed bands sound; also in the render.", change="glide"),
        switch(f"{name}_mute", "Mute", "The band is silent; also in the render.", change="glide"),
    )


PARAMS = (
    choice("bands", "Bands", ("2", "3", "4", "5", "6"), "How many bands the sound is split into.", default=2),
    choice("slope", "Slope", ("24 dB/oct", "48 dB/oct"), "Steepness of every crossover (Linkwitz-Riley). Steeper ones turn the phase further: prefer 24 below 150 Hz."),
    *(crossover(number, hz) for number, hz in enumerate(CROSSOVERS_HZ, 1)),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far both channels of a band share the level that moves them more; 100 % keeps the stereo image still."),
    *(p for band in range(1, DYNAMICS_BANDS + 1) for p in dynamics_band(band)),
    choice("phase", "Phase", CROSSOVER_PHASES,
           "Linkwitz-Riley crossovers have no latency and turn the phase around every border. Linear ones turn none and leave what is not "
           "changed to the bit; they need 45 ms, and drums may smear ahead of themselves at low borders."),
)
