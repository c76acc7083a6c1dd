"""Parameters of the limiter."""
from dsp_core.param import Param
from dsp_core.params.common import choice, switch

PARAMS = (
    Param(id="gain", label="Drive", low=-10, high=30, default=0, unit="dB", step=0.1, help="Level added before limiting: louder, at the price of more gain reduction."),
    Param(id="ceiling", label="Ceiling", low=-12, high=0, default=-1, unit="dBTP", step=0.1, decimals=2,
          help="No true peak of the printed file passes it (of sound below 0.465 of the sample rate)."),
    Param(id="release", label="Release", low=1, high=1000, default=150, unit="ms", law="log", step=1.08,
          help="Time in which the gain comes 63 % of the way back; the slowest time when release is automatic."),
    switch("auto_release", "Auto release", "Short after a single peak, up to the release time in dense passages.", default=1, change="glide"),
    Param(id="hold", label="Hold", low=0, high=30, default=15, unit="ms", change="swap", step=0.5,
          help="Time the gain stays down before release; half a period of the lowest note keeps bass free of distortion."),
    Param(id="lookahead", label="Look-ahead", low=0.25, high=10, default=1.5, unit="ms", law="log", change="swap", step=1.08,
          help="Time over which gain moves before a peak arrives; adds latency. The character Low latency uses 0.44 ms at most."),
    Param(id="link", label="Link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="How far both channels share the larger gain reduction; 100 % keeps the stereo image still."),
    Param(id="transient_link", label="Transient link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="Share of the link that the fast release uses; less keeps a drum on one side from pulling down the other."),
    Param(id="release_link", label="Release link", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="Share of the link that the slow release uses; 100 % keeps the image still over notes and phrases."),
    choice("character", "Character", ("Transparent", "Punchy", "Loud", "Safe", "Low latency"),
           "How fast and slow release share the work: more to the slow one is cleaner, more to the fast one louder. All knobs keep their meaning."),
    switch("band_guard", "Band-limit guard", "Linear-phase low pass from 0.4535 to 0.5 of the sample rate in front, so that the ceiling holds for any "
           "sound; adds 60 samples of latency."),
)
