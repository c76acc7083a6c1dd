"""Parameters of the de-esser."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch

PARAMS = (
    choice("mode", "Mode", ("Split band", "Split above", "Wide"),
           "What is turned down: a bell over the band, everything from its lower end up, or the whole sound."),
    Param(id="from_freq", label="From", low=2000, high=16000, default=5000, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Lower end of the band that is listened to; a split cut has half its dB here."),
    Param(id="to_freq", label="To", low=2500, high=20000, default=9000, unit="Hz", law="log", step=2 ** (1 / 24),
          help="Upper end of the band; at least a fifth over the lower one."),
    Param(id="threshold", label="Threshold", low=-40, high=0, default=-12, unit="dB", step=0.5,
          help="Level of the band relative to the whole sound from which it is turned down, whatever the level of the song is."),
    Param(id="range", label="Range", low=0, high=12, default=0, unit="dB", step=0.1, low_text="off", help="The most by which anything is turned down."),
    Param(id="attack", label="Attack", low=0.1, high=5, default=0.5, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way down is made."),
    Param(id="release", label="Release", low=20, high=120, default=50, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way back is made."),
    Param(id="lookahead", label="Look-ahead", low=0, high=15, default=0, unit="ms", change="swap", step=0.1,
          help="Delays the sound, not the detector, so that the start of a sibilant is caught; adds latency. 2 ms are enough."),
    switch("listen", "Listen", "What the detector hears is heard instead of the stage; also in the render.", change="glide"),
)
