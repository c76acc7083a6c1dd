"""The monitor section as a value: what the engineer does to the sound in the room, never to the file."""
from dataclasses import dataclass

DIM_DB = -20.0


@dataclass(frozen=True)
class MonitorSettings:
    """mono, side: the sum or the difference of the channels on both speakers; left, right: one channel alone, in its place;
    swap: channels exchanged; polarity: the right channel inverted; dim: 20 dB down; unity: the master without the drive of its limiters,
    by the gain of the selector, not by the matrix; level_db: at most 0."""

    mono: bool = False
    side: bool = False
    left: bool = False
    right: bool = False
    swap: bool = False
    polarity: bool = False
    dim: bool = False
    unity: bool = False
    level_db: float = 0.0

    @property
    def gain_db(self) -> float:
        """Level and dim together."""
        return self.level_db + (DIM_DB if self.dim else 0.0)

    @property
    def alters(self) -> bool:
        """True when what is heard is not the stereo sound as it is, level apart."""
        return any((self.mono, self.side, self.left, self.right, self.swap, self.polarity))

    def matrix(self) -> tuple[float, float, float, float]:
        """(left from left, left from right, right from left, right from right), in the order solo, polarity, mono or side, swap."""
        gain = 10 ** (self.gain_db / 20) if self.gain_db else 1.0
        keep_left = 0.0 if self.right and not self.left else 1.0
        keep_right = 0.0 if self.left and not self.right else 1.0
        left, right = (keep_left, 0.0), (0.0, -keep_right if self.polarity else keep_right)
        if self.mono or self.side:
            sign = -1.0 if self.side else 1.0
            both = (0.5 * (left[0] + sign * right[0]), 0.5 * (left[1] + sign * right[1]))
            left = right = both
        if self.swap:
            left, right = right, left
        return (gain * left[0], gain * left[1], gain * right[0], gain * right[1])
