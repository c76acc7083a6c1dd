"""What a saturation adds to a sine: the stage itself is run on one, beside the music, and its harmonics are read."""
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp_core.stages import make

Floats = NDArray[np.float64]

POINTS = 8192                    # one reading; the sine and its harmonics fall on bins
SETTLE = 2                       # readings before it, until filters stand and the level match would move nothing
ORDERS = tuple(range(2, 10))
LOWEST_DB = -140.0
CYCLE_POINTS, MOST_ORDERS = 257, 32
AS_A_PROBE = {"bypass": 0.0, "placement": 0.0, "level_match": 0.0}


@dataclass(frozen=True, eq=False)
class Harmonics:
    """`levels_db` of ORDERS over the fundamental, NaN where there is no such frequency; `thd` is the root of the sum of their squares over
    the fundamental. `inputs` and `outputs` are one cycle, in full scale."""

    hz: float
    level_dbfs: float
    levels_db: Floats
    thd: float
    inputs: Floats
    outputs: Floats


def measure_harmonics(values: Mapping[str, float], rate_hz: float, hz: float, level_dbfs: float) -> Harmonics:
    """A sine of this level (dB of its peak) near `hz` through a saturation with these values; some milliseconds.

    Bypass, placement and level match of the stage are left out, because they change no harmonic. Raises BadValue and ValueError as a stage does.
    """
    cycles = max(2, round(hz * POINTS / rate_hz))
    stage = make("saturation", rate_hz, {**values, **AS_A_PROBE})
    frames = (1 + SETTLE) * POINTS
    sine = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * cycles / POINTS * np.arange(frames + stage.latency_frames))
    sound = np.ascontiguousarray(np.stack([sine, sine]))
    stage.run_block(sound)
    heard, given = sound[0, -POINTS:], sine[-POINTS - stage.latency_frames:][:POINTS]
    lines = np.abs(np.fft.rfft(heard)) * 2 / POINTS
    places = np.array(ORDERS) * cycles
    known = places < len(lines) - 1
    found = np.where(known, lines[np.minimum(places, len(lines) - 1)], 0.0) / max(lines[cycles], 1e-12)
    levels = np.where(known, 20 * np.log10(np.maximum(found, 10 ** (LOWEST_DB / 20))), np.nan)
    inputs, outputs = cycle(np.fft.rfft(heard) / POINTS, np.fft.rfft(given) / POINTS, cycles)
    return Harmonics(cycles * rate_hz / POINTS, level_dbfs, levels, float(np.sqrt(np.sum(np.square(found)))), inputs, outputs)


def cycle(heard: NDArray[np.complex128], given: NDArray[np.complex128], place: int) -> tuple[Floats, Floats]:
    """One cycle of the sine and of what became of it, from their spectra. A delay between the two, as crossovers make it, is taken back."""
    turns = np.exp(2j * np.pi * np.arange(CYCLE_POINTS) / (CYCLE_POINTS - 1))
    late = heard[place] / given[place]
    back = late.conj() / max(abs(late), 1e-12)
    outputs = np.full(CYCLE_POINTS, heard[0].real)
    for order in range(1, min(MOST_ORDERS, (len(heard) - 2) // place) + 1):
        outputs += 2 * (heard[order * place] * back ** order * turns ** order).real
    return 2 * (given[place] * turns).real, outputs
