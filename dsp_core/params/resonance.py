"""Parameters of the resonance tamer."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch

PARAMS = (
    Param(id="depth", label="Depth", low=0, high=12, default=0, unit="dB", step=0.1, low_text="off", help="The most that any frequency is turned down."),
    Param(id="sharpness", label="Sharpness", low=3, high=36, default=12, unit="/oct", law="log", step=2 ** (1 / 12),
          help="How narrow the resonances are that it looks for: 12 finds what is a twelfth of an octave wide."),
    Param(id="selectivity", label="Selectivity", low=1, high=12, default=2, unit="dB", step=0.1,
          help="How far a frequency must stand above its surroundings; what stands higher is turned down to this, at most by the depth."),
    Param(id="tilt", label="Tilt", low=-3, high=3, default=0, unit="dB/oct", step=0.1,
          help="The selectivity falls by this with every octave above 1 kHz and rises below: more for the highs, or with minus for the lows."),
    Param(id="attack", label="Attack", low=5, high=500, default=20, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way down is made, behind a detector that averages over 50 ms."),
    Param(id="release", label="Release", low=20, high=2000, default=100, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way back is made."),
    Param(id="from_freq", label="From", low=50, high=10000, default=200, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Lower end of what is worked on; half the cut is left here. Nothing is found under 140 Hz, or 70 Hz with fine resolution."),
    Param(id="to_freq", label="To", low=500, high=20000, default=16000, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Upper end of what is worked on; half the cut is left here."),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far both channels share what is heard of them; 100 % keeps the stereo image still."),
    choice("resolution", "Resolution", ("Normal", "Fine"),
           "Length of the frames: about 43 ms, or 85 ms, which tells low resonances apart, smears more in time, and has twice the latency."),
    switch("listen", "Listen", "What is taken away is heard instead of what is left; also in the render.", change="glide"),
)
