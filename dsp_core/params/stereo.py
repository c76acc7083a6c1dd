"""Parameters of the stereo image."""
from dsp_core.param import Param
from dsp_core.params.common import choice, crossover, switch


def stereo_width(band: int) -> Param:
    """The width of one band of the stereo image, 1-based."""
    return Param(id=f"width{band}", label=f"Width {band}", low=0, high=200, default=100, unit="%", step=1, decimals=0,
                 help=f"Level of the side in band {band}: 0 % is mono, 200 % is 6 dB more.")


def channel_delay(side: str) -> Param:
    """A delay of one channel in whole frames."""
    return Param(id=f"delay_{side.lower()}", label=f"{side} delay", low=0, high=1000, default=0, unit="smp", law="step", change="swap",
                 help=f"Delays the {side.lower()} channel by that many samples, to put shifted channels back in line.")


PARAMS = (
    choice("bands", "Bands", ("1", "2", "3", "4"), "How many bands have a width of their own."),
    *(crossover(number, hz) for number, hz in ((1, 150), (2, 800), (3, 5000))),
    *(stereo_width(band) for band in range(1, 5)),
    Param(id="mono_below", label="Mono below", low=20, high=500, default=20, unit="Hz", law="log", step=2 ** (1 / 12), low_text="off",
          help="Takes the side away under this frequency, where it is 6 dB down, without turning the image over it."),
    choice("mono_slope", "Mono slope", ("12 dB/oct", "24 dB/oct", "48 dB/oct"), "Steepness of the mono-maker.", default=1),
    Param(id="mid_gain", label="Mid", low=-96, high=12, default=0, unit="dB", step=0.1, low_text="off",
          help="Level of what both channels share."),
    Param(id="side_gain", label="Side", low=-96, high=12, default=0, unit="dB", step=0.1, low_text="off",
          help="Level of what sets the channels apart."),
    Param(id="balance", label="Balance", low=-6, high=6, default=0, unit="dB", step=0.1,
          help="Lowers the right channel below zero, the left channel above zero, and never raises one."),
    Param(id="rotation", label="Rotation", low=-45, high=45, default=0, unit="deg", step=0.5,
          help="Turns the whole image, to the right above zero; at 45 degrees the centre is in one channel."),
    choice("guard", "Antiphase guard", ("Off", "Widening", "Always"),
           "Lowers the side where it outweighs the mid, averaged over 0.3 s: no further than it came in, or always, by up to 30 dB."),
    switch("swap", "Swap channels", "Exchanges the left and right channel, before everything else."),
    switch("invert_left", "Invert left", "Reverses the polarity of the left channel."),
    switch("invert_right", "Invert right", "Reverses the polarity of the right channel."),
    channel_delay("Left"),
    channel_delay("Right"),
)
