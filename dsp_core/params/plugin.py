"""Parameters of the slot of a foreign plugin. The plugin's own parameters are not in any table; the plugin tells them."""
from dsp_core.param import Param
from dsp_core.params.common import switch

PARAMS = (
    Param(id="gain", label="Output", low=-24, high=24, default=0, unit="dB", step=0.1,
          help="Level change behind the plugin; it stays while the dry sound stands in for a plugin that failed."),
    Param(id="jump_limit", label="Jump limit", low=6, high=48, default=24, unit="dB", step=1, decimals=0, high_text="Off",
          help="A plugin whose level jumps by more over what goes in and what came out before is taken out of the sound."),
    switch("silence_guard", "Silence guard",
           "A plugin that gives silence for two seconds while its input is louder than \N{MINUS SIGN}30 dBFS is taken out of the sound.",
           default=1, change="glide"),
)
