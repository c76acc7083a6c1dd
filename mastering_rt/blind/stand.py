"""What a blind test asks of whoever plays: one small protocol, so that it knows no desk."""
from dataclasses import dataclass
from math import log10
from typing import Protocol

from mastering_rt.desk.sides import Side
from mastering_rt.errors import UsageProblem

MOST_LU = 0.1                    # a difference in loudness that nobody takes for one in sound


@dataclass(frozen=True)
class Paired:
    """Two sides as they would be heard. residual_lu: what the match leaves of their difference in loudness; peaks: largest sample of each
    as it reaches the device, linear; apart_samples: how far they are from being aligned; basis: "over loop", "whole song"."""

    residual_lu: float
    peaks: tuple[float, float]
    apart_samples: int
    basis: str


class Stand(Protocol):
    """`pair` says how two sides stand, or in a sentence what has to be waited for; UsageProblem for what waiting does not mend.

    Between `begin` and `end` `play` may be asked for either side at any time. It must do so in the same way, with the same commands and in
    the same time, whichever it is and whichever played before.
    """

    def pair(self, first: Side, second: Side) -> Paired | str: ...

    def begin(self, first: Side, second: Side) -> None: ...

    def play(self, side: Side) -> None: ...

    def end(self) -> None: ...


def check(paired: Paired, names: tuple[str, str]) -> None:
    """UsageProblem for a pair whose levels or times would tell which is which."""
    if abs(paired.residual_lu) > MOST_LU:
        raise UsageProblem(f"{names[0]} and {names[1]} differ by {abs(paired.residual_lu):.2f} LU after the match, which can be heard; a blind test "
                           f"takes at most {MOST_LU:g} LU. Loop another passage.")
    if paired.apart_samples:
        raise UsageProblem(f"{names[0]} and {names[1]} are {abs(paired.apart_samples)} samples apart, which can be heard. Align them first.")
    for name, peak in zip(names, paired.peaks):
        if peak > 1.0:
            raise UsageProblem(f"{name} would clip at {20 * log10(peak):+.1f} dBFS, and the clipping would tell. "
                               "Turn the monitor level down by more than that.")
