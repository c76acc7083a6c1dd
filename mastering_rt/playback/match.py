"""Equal loudness, or equal drive: how far the louder side is turned down, and how sure we are of it."""
from dataclasses import dataclass
from typing import Literal

Basis = Literal["loop", "song", "recent", "estimate", "drive", "none"]
Mode = Literal["loop", "song", "recent"]
BASIS_TEXT = {"loop": "over loop", "song": "whole song", "recent": "since the last change", "estimate": "about, while measuring", "drive": "drive taken back", "none": "not measured"}


@dataclass(frozen=True)
class Match:
    """`difference_lu`: loudness of the master less that of the mix, or what its limiters are driven by; None while nothing is known.
    Never turns up."""

    difference_lu: float | None = None
    basis: Basis = "none"

    @property
    def mix_gain_db(self) -> float:
        return min(0.0, self.difference_lu or 0.0)

    @property
    def master_gain_db(self) -> float:
        return min(0.0, -(self.difference_lu or 0.0))

    @property
    def certain(self) -> bool:
        """Measured over the whole passage with the settings as they are, or read from the settings themselves."""
        return self.basis in ("loop", "song", "drive")

    @property
    def text(self) -> str:
        return BASIS_TEXT[self.basis]


UNKNOWN = Match()
