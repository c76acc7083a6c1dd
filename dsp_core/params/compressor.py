"""Parameters of the compressor."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch

PARAMS = (
    Param(id="threshold", label="Threshold", low=-60, high=0, default=-18, unit="dB", step=0.5,
          help="Level over which gain is reduced."),
    Param(id="ratio", label="Ratio", low=1, high=100, default=1, unit=":1", law="log", step=1.05, decimals=2, high_text="\N{INFINITY} : 1",
          help="Input dB above the threshold for 1 dB of output; 1 : 1 leaves the sound untouched."),
    Param(id="knee", label="Knee", low=0, high=30, default=6, unit="dB", step=0.5,
          help="Width of the bend around the threshold over which the ratio sets in."),
    Param(id="attack", label="Attack", low=0.02, high=250, default=15, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of a rise in gain reduction is reached."),
    Param(id="release", label="Release", low=10, high=2500, default=150, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the gain reduction is given back; the slowest time when release is automatic."),
    switch("auto_release", "Auto release", "Release follows the programme: at most 120 ms after a single peak, up to the release time after dense passages."),
    choice("detector", "Detector", ("Peak", "RMS"), "What is compared with the threshold: the waveform's peaks or its running power, which reads a sine 3 dB lower."),
    Param(id="rms_window", label="RMS window", low=5, high=300, default=20, unit="ms", law="log", step=1.08,
          help="Time constant over which the RMS detector averages power."),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far both channels share the larger gain reduction; 100 % keeps the stereo image still."),
    Param(id="detector_low_cut", label="Detector low cut", low=20, high=500, default=20, unit="Hz", law="log", step=2 ** (1 / 12), low_text="off",
          help="High-pass of the detector only, so that bass does not drive the gain."),
    choice("detector_slope", "Detector slope", ("12 dB/oct", "24 dB/oct"), "Steepness of the detector's low cut."),
    Param(id="lookahead", label="Look-ahead", low=0, high=20, default=0, unit="ms", change="swap", step=0.1,
          help="Delays the sound, not the detector, so that gain moves before a peak arrives; adds latency."),
    Param(id="makeup", label="Make-up", low=-12, high=24, default=0, unit="dB", step=0.1, help="Level added after compression."),
    switch("auto_makeup", "Auto make-up", "Adds half of the gain reduction that a full-scale signal would get.", change="glide"),
)
