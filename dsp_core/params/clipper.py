"""Parameters of the clipper."""
from dsp_core.param import Param
from dsp_core.params.common import OVERSAMPLING, Measure, choice, switch

PARAMS = (
    Param(id="gain", label="Drive", low=-12, high=24, default=0, unit="dB", step=0.1, help="Level added before clipping: louder, at the price of more cut off."),
    Param(id="ceiling", label="Ceiling", low=-12, high=0, default=0, unit="dB", step=0.1, decimals=2,
          help="Where the sound is cut off; with the guard no sample passes it."),
    Param(id="knee", label="Knee", low=0, high=100, default=0, unit="%", step=1, decimals=0,
          help="Softness: 0 % cuts at the ceiling, at 100 % the curve bends from 6 dB under it on."),
    choice("oversampling", "Oversampling", OVERSAMPLING, "Rate at which the sound is bent; more leaves fewer aliases, and costs more.", default=2),
    choice("phase", "Phase", ("Linear", "Minimum"), "Linear leaves what is not bent untouched; minimum has the least latency and turns the phase of the highs."),
    switch("guard", "Guard", "Turns down what swings over the ceiling when the highest harmonics of the cut are gone.", default=1),
)

MEASURE = Measure("Cut", "%", 100.0, 2, "Share of the samples that reach the clipper over its ceiling, averaged over 0.3 s, both channels together.")
