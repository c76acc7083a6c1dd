"""What every stage has, and the ways of declaring a parameter that several share."""
from typing import NamedTuple

from dsp_core.param import Param

PLACEMENTS = ("Stereo", "Mid", "Side", "Left", "Right")
OFF_ON = ("Off", "On")
OVERSAMPLING = ("1x", "2x", "4x", "8x", "16x")


def switch(id: str, label: str, help: str, default: int = 0, change: str = "swap") -> Param:
    """An off/on parameter."""
    return Param(id=id, label=label, low=0, high=1, default=default, law="step", change=change, choices=OFF_ON, help=help)


def choice(id: str, label: str, choices: tuple[str, ...], help: str, default: int = 0) -> Param:
    """A parameter that names one of several ways of working."""
    return Param(id=id, label=label, low=0, high=len(choices) - 1, default=default, law="step", change="swap",
                 choices=choices, help=help)


def crossover(number: int, hz: float) -> Param:
    """The crossover between bands `number` and `number` + 1."""
    return Param(id=f"crossover{number}", label=f"Crossover {number}", low=20, high=20000, default=hz, unit="Hz", law="log", step=2 ** (1 / 24),
                 help=f"Border between bands {number} and {number + 1}, which are both 6 dB down here; one lower than its lower neighbour waits there.")


class Measure(NamedTuple):
    """A figure of its own that a kind of stage takes from the sound while it plays; linear, `factor` times it is in `unit`."""

    label: str
    unit: str
    factor: float
    decimals: int
    help: str

    def text(self, linear: float) -> str:
        """As "THD 0.42 %"."""
        return f"{self.label} {linear * self.factor:.{self.decimals}f} {self.unit}"


COMMON: tuple[Param, ...] = (
    switch("bypass", "Bypass", "The stage is heard as its input, delayed by the same latency; it keeps listening.", change="glide"),
    Param(id="mix", label="Mix", low=0, high=100, default=100, unit="%", step=1, decimals=0,
          help="Share of the processed sound; the rest is the input, aligned to the sample."),
    choice("placement", "Placement", PLACEMENTS, "Which part of the stereo sound the stage works on; the rest passes, aligned."),
)
