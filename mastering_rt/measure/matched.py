"""How much louder the master is than the mix, measured so that a comparison at equal loudness is fair.

Both streams are aligned and share one gate, taken from the dry one: each with its own, a chain that lifts quiet passages
would be judged by other passages than the mix.
"""
import math

import numpy as np

from mastering_rt.measure.bins import BINS_PER_S, Bins, Floats, Grown, Steps, Windows
from mastering_rt.measure.loudness import (
    BLOCK_STEPS,
    MOMENTARY_BINS,
    STEP_BINS,
    gate,
    gated_lufs,
    integrated_lufs,
    weighted_energy,
)


def matched_difference_lu(mix_bins: Bins, master_bins: Bins, start: int = 0, stop: int | None = None) -> float | None:
    """Loudness of the master less that of the mix over bins start..stop, in LU; None where the gate leaves nothing.

    A range under 400 ms is one block. Raises ValueError when the two streams do not lie side by side.
    """
    stop = len(mix_bins) if stop is None else stop
    if not 0 <= start < stop <= len(mix_bins):
        raise ValueError(f"there is no range of bins {start} to {stop}; the mix has {len(mix_bins)}")
    mix, master = mix_bins[start:stop], master_bins[start:stop]
    if len(mix) < MOMENTARY_BINS:
        return _of_blocks(*(np.array([values.sum()]) for values in _aligned(mix, master)))
    match = RunningMatch()
    match.feed(mix, master)
    return match.difference_lu()


def region_lufs(bins: Bins, start: int = 0, stop: int | None = None) -> float | None:
    """Gated loudness of bins start..stop by itself; a range under 400 ms is one block. None where the gate leaves nothing."""
    part = bins[start:stop]
    energy, frames = weighted_energy(part), part["frames"].astype(np.float64)
    if len(part) < MOMENTARY_BINS:
        return gated_lufs(np.array([energy.sum() / frames.sum()])) if len(part) and frames.sum() else None
    return integrated_lufs(energy, frames)


class RunningMatch:
    """The same difference as the two streams come, since the last change of a setting. Feed both the same bins."""

    TRUSTED_S = 10.0             # before that a level-dependent chain may still read 1 dB off: show it as provisional

    def __init__(self) -> None:
        self._fed = 0                # bins
        self._streams = [(Steps(STEP_BINS), Windows(BLOCK_STEPS), Grown()) for _ in range(3)]    # mix, master, frames

    def feed(self, mix_bins: Bins, master_bins: Bins) -> None:
        """Take the next bins of both. Raises ValueError when they do not lie side by side."""
        for values, (steps, windows, blocks) in zip(_aligned(mix_bins, master_bins), self._streams):
            blocks.append(windows.feed(steps.feed(values)))
        self._fed += len(mix_bins)

    def difference_lu(self) -> float | None:
        """Master less mix over all that was fed, in LU; None where the gate leaves nothing."""
        return _of_blocks(*(blocks.values for _, _, blocks in self._streams))

    @property
    def seconds(self) -> float:
        """How much was fed, in whole bins."""
        return self._fed / BINS_PER_S

    @property
    def trusted(self) -> bool:
        return self.seconds >= self.TRUSTED_S


def _aligned(mix: Bins, master: Bins) -> tuple[Floats, Floats, Floats]:
    """Energy of the mix, energy of the master, frames of both."""
    if not np.array_equal(mix["index"], master["index"]) or not np.array_equal(mix["frames"], master["frames"]):
        raise ValueError(f"mix ({len(mix)} bins) and master ({len(master)} bins) do not cover the same song time; "
                         "measure both over the same frames")
    return weighted_energy(mix), weighted_energy(master), mix["frames"].astype(np.float64)


def _of_blocks(mix: Floats, master: Floats, frames: Floats) -> float | None:
    counted = gate(mix / frames)
    louder, than = master[counted].sum(), mix[counted].sum()
    return 10 * math.log10(louder / than) if louder > 0 else None
