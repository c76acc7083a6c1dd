"""What a loudness meter is marked with: LUFS, or LU over a target on the +9 and +18 scales of EBU Tech 3341. Knows no Qt."""
from dataclasses import dataclass
from typing import Final

from gui.meters.scales import LOUDNESS, LOUDNESS_LEVELS, Scale, signed
from gui.theme import numbers

LUFS, LU_9, LU_18 = "lufs", "lu9", "lu18"
KINDS: Final = {LUFS: "LUFS", LU_9: "LU, +9 scale", LU_18: "LU, +18 scale"}
USUAL_TARGET_LUFS: Final = -14.0
RANGES_LU: Final = {LU_9: (9, -18, 3), LU_18: (18, -36, 6)}       # top, bottom, step of the written levels


@dataclass(frozen=True)
class LoudnessFace:
    """One of KINDS, and the loudness that is 0 LU on the last two."""

    kind: str = LUFS
    target_lufs: float = USUAL_TARGET_LUFS

    @property
    def relative(self) -> bool:
        """Whether it counts from the target."""
        return self.kind != LUFS

    @property
    def unit(self) -> str:
        return "LU" if self.relative else "LUFS"

    @property
    def scale(self) -> Scale:
        """Where a level in LUFS stands; scales of LU are even."""
        if not self.relative:
            return LOUDNESS
        top, bottom, _ = RANGES_LU[self.kind]
        return Scale((self.target_lufs + top, 0), (self.target_lufs + bottom, 1))

    def levels(self) -> list[tuple[str, float]]:
        """What is written, and at which fraction from the top."""
        if not self.relative:
            return [(numbers.number(level, 0), share) for level, share in LOUDNESS.marks if level in LOUDNESS_LEVELS]
        top, bottom, step = RANGES_LU[self.kind]
        return [(signed(level), (top - level) / (top - bottom)) for level in range(top, bottom - 1, -step)]

    def value(self, lufs: float | None) -> float | None:
        """A level in the numbers of this face."""
        return lufs - self.target_lufs if lufs is not None and self.relative else lufs

    def text(self, lufs: float | None) -> str:
        """As it is written over a bar."""
        return numbers.number(self.value(lufs), plus=self.relative)

    def spoken(self, lufs: float | None) -> str:
        """With its unit."""
        return numbers.quantity(self.value(lufs), self.unit, plus=self.relative)
