"""Parameters of the compressor."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch
from dsp_core.params.multiband import BAND_MODES

PARAMS = (
    choice("mode", "Mode", BAND_MODES,
           "Compress turns down what is over the threshold, Lift turns up what is under it; Expand turns down what is under it, "
           "Open up turns up what is over it and so gives a squashed mix its dynamics back."),
    Param(id="threshold", label="Threshold", low=-60, high=0, default=-18, unit="dB", step=0.5,
          help="Level from which gain changes: over it or under it, as the mode says."),
    Param(id="ratio", label="Ratio", low=1, high=100, default=1, unit=":1", law="log", step=1.05, decimals=2, high_text="\N{INFINITY} : 1",
          help="Input dB for 1 dB of output when compressing or lifting, output dB for 1 dB of input when expanding or opening up; "
               "1 : 1 leaves the sound untouched."),
    Param(id="knee", label="Knee", low=0, high=30, default=6, unit="dB", step=0.5,
          help="Width of the bend around the threshold over which the ratio sets in."),
    Param(id="range", label="Range", low=0, high=60, default=60, unit="dB", step=0.5, high_text="no limit",
          help="The most by which gain changes; modes that turn up never add more than 24 dB."),
    Param(id="attack", label="Attack", low=0.02, high=250, default=15, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way is made when the sound gets louder."),
    Param(id="hold", label="Hold", low=0, high=500, default=0, unit="ms", step=1, low_text="off",
          help="Time that passes after the last peak before the release begins."),
    Param(id="release", label="Release", low=10, high=2500, default=150, unit="ms", law="log", step=1.08,
          help="Time in which 63 % of the way back is made; the slowest time when release is automatic, that of the RMS detector when both listen."),
    Param(id="peak_release", label="Peak release", low=10, high=2500, default=60, unit="ms", law="log", step=1.08,
          help="Release of the peak detector when both detectors listen; it may be shorter than that of the RMS detector."),
    switch("auto_release", "Auto release", "Release follows the programme: at most 120 ms after a single peak, up to the release time after dense passages."),
    choice("detector", "Detector", ("Peak", "RMS", "Peak + RMS"),
           "What is compared with the threshold: the waveform's peaks, its running power, which reads a sine 3 dB lower, or both, of which "
           "the one that asks for more wins."),
    Param(id="rms_window", label="RMS window", low=5, high=300, default=20, unit="ms", law="log", step=1.08,
          help="Time constant over which the RMS detector averages power."),
    Param(id="peak_crest", label="Peak crest", low=0, high=24, default=6, unit="dB", step=0.5,
          help="How much higher than that of the RMS detector the threshold of the peak detector is when both listen."),
    Param(id="topology", label="Topology", low=0, high=100, default=0, unit="%", step=1, decimals=0, low_text="feed-forward", high_text="feedback",
          help="How far the detector hears the output instead of the input. Feedback keeps the curve, but beyond the threshold it divides both "
               "times by the ratio: strong moves are quick, slight ones slow."),
    choice("channels", "Channels", ("Left / right", "Mid / side"), "What two detectors listen to and two gains move when the stage works on stereo."),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far left and right share the larger gain change; 100 % keeps the stereo image still."),
    Param(id="mid_link", label="Mid link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="In mid / side, how far the mid takes over a larger gain change of the side."),
    Param(id="side_link", label="Side link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="In mid / side, how far the side takes over a larger gain change of the mid; with both at 100 % the image keeps its width."),
    Param(id="detector_low_cut", label="Detector low cut", low=20, high=500, default=20, unit="Hz", law="log", step=2 ** (1 / 12), low_text="off",
          help="High-pass of the detector only, so that bass does not drive the gain."),
    choice("detector_slope", "Detector slope", ("12 dB/oct", "24 dB/oct"), "Steepness of the detector's low cut."),
    Param(id="detector_tilt", label="Detector tilt", low=-3, high=3, default=0, unit="dB/oct", step=0.1,
          help="Makes the detector hear highs louder and lows softer around 1 kHz, or below 0 the other way round; the sound itself stays."),
    Param(id="lookahead", label="Look-ahead", low=0, high=20, default=0, unit="ms", change="swap", step=0.1,
          help="Delays the sound, not the detector, so that gain moves before a peak arrives; adds latency."),
    Param(id="makeup", label="Make-up", low=-12, high=24, default=0, unit="dB", step=0.1, help="Level added after compression."),
    switch("auto_makeup", "Auto make-up", "Takes back half of the gain change that a full-scale signal would get.", change="glide"),
)
