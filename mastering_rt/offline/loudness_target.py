"""A master of a wished loudness: the drive of the last limiter, found by measuring the whole song, not by guessing."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from dsp_core.engine.chain import Chain
from dsp_core.meters.meter import Meter
from dsp_core.params import params_of
from mastering_rt.errors import Check, UsageProblem, go_on
from mastering_rt.measure.bins import as_bins
from mastering_rt.measure.loudness import Loudness, weighted_energy
from mastering_rt.offline.run import Planes, build_stages, run_chain
from mastering_rt.session.model import Slot

CLOSE_LU = 0.02
MOST_PASSES = 8
Blocks = Callable[[], Iterator[Planes]]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Reached:
    """What was found: the chain with its level set, the slot that sets it, its gain, the loudness, and a sentence if it is not the target."""

    chain: tuple[Slot, ...]
    slot: Slot
    gain_text: str
    loudness_lufs: float
    notice: str = ""


def measure_loudness(chain: tuple[Slot, ...], blocks: Iterator[Planes], frames: int, rate: int, tell: Callable[[float], None],
                     check: Check = go_on) -> float | None:
    """Integrated loudness of the song through fresh stages of `chain`, in LUFS; None for silence."""
    runner, meter, loudness = Chain(rate, build_stages(chain, rate, check=check)), Meter(rate, 2, False), Loudness()
    done = 0
    for master, _ in run_chain(runner, blocks, frames, check):
        _feed(loudness, meter.measure_block(master))
        done += master.shape[1]
        tell(done / frames)
    _feed(loudness, meter.flush_block())
    return loudness.integrated_lufs()


def _feed(loudness: Loudness, raw: bytes) -> None:
    bins = as_bins(raw)
    loudness.feed(weighted_energy(bins), bins["frames"])


def reach_loudness(chain: tuple[Slot, ...], target_lufs: float, blocks: Blocks, frames: int, rate: int,
                   tell: Progress, check: Check = go_on) -> Reached:
    """The chain with the level that makes it `target_lufs`, or comes closest to it.

    The level is the drive of the last limiter; in a chain without one, the gain of its last trim, which is added where there
    is none. The steps follow the slope of the last two passes, because a limiter gives back less than 1 LU per dB. `tell` may raise to stop it
    between blocks, `check`, which any thread may ask, while plugins are waited for.
    """
    if not -70 < target_lufs < 0:
        raise UsageProblem(f"A loudness of {target_lufs:g} LUFS cannot be reached; ask for one between -70 and 0.")
    chain, at = _level_slot(chain)
    limits = next(param for param in params_of(chain[at].kind) if param.id == "gain")
    gain = chain[at].value("gain")
    tried: list[tuple[float, float]] = []
    for turn in range(MOST_PASSES):
        chain = _with_gain(chain, at, gain)
        found = measure_loudness(chain, blocks(), frames, rate, partial(tell, f"Finding the loudness, pass {turn + 1}"), check)
        if found is None:
            raise UsageProblem(f"Silence cannot be brought to {target_lufs:g} LUFS; render without a target.")
        tried.append((gain, found))
        if abs(found - target_lufs) <= CLOSE_LU:
            return Reached(chain, chain[at], limits.text(gain), found)
        wish = limits.clamp(gain + (target_lufs - found) / _slope(tried))
        if wish == gain:
            break
        gain = wish
    best_gain, best = min(tried, key=lambda pair: abs(pair[1] - target_lufs))
    chain = _with_gain(chain, at, best_gain)
    return Reached(chain, chain[at], limits.text(best_gain), best, (
        f"The master reads {best:.2f} LUFS, not the {target_lufs:g} LUFS asked for: with {limits.text(best_gain)} of drive the "
        f"{'ceiling' if chain[at].kind == 'limiter' else 'range of the trim'} leaves no more."))


def _with_gain(chain: tuple[Slot, ...], at: int, gain: float) -> tuple[Slot, ...]:
    return (*chain[:at], replace(chain[at], values={**chain[at].values, "gain": gain}), *chain[at + 1:])


def _slope(tried: list[tuple[float, float]]) -> float:
    """LU per dB of drive between the last two passes, kept between 0.2 and 1."""
    if len(tried) < 2 or tried[-1][0] == tried[-2][0]:
        return 1.0
    (gain_a, found_a), (gain_b, found_b) = tried[-2:]
    return min(1.0, max(0.2, (found_b - found_a) / (gain_b - gain_a)))


def _level_slot(chain: tuple[Slot, ...]) -> tuple[tuple[Slot, ...], int]:
    for kind in ("limiter", "trim"):
        places = [place for place, slot in enumerate(chain) if slot.kind == kind and not slot.bypassed]
        if places:
            return chain, places[-1]
    names = {slot.name for slot in chain}
    name = "trim" if "trim" not in names else next(f"trim{n}" for n in range(2, 100) if f"trim{n}" not in names)
    return (*chain, Slot(name, "trim")), len(chain)
