"""The two chains every speed is quoted for, at working settings, and our own ways of running them."""
import numpy as np
import soundfile

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from dsp_core.meters.meter import Meter
from mastering_rt.demo.cached import cached_demo
from mastering_rt.offline.run import build_stages, run_chain
from mastering_rt.session.model import Slot

RATE = 44100
BLOCK_FRAMES = 65536

LOW_CUT_HZ, LOW_SHELF, BELLS, HIGH_SHELF = 30, (100, 1.5, 0.71), ((300, -2.0, 1.0), (2500, 1.5, 1.0)), (10000, 2.0, 0.71)   # Hz, dB, Q
THRESHOLD_DB, RATIO, ATTACK_MS, RELEASE_MS = -24, 2, 15, 150
DRIVE_DB, CEILING_DB, LIMITER_RELEASE_MS = 12, -1, 150
EIGHT_BELLS = tuple((hz, 1.5 * sign, 1.0) for hz, sign in zip((40, 90, 200, 450, 1000, 2300, 5200, 12000), (1, -1) * 4))
DYNAMIC_HZ, DYNAMIC_RANGE_DB, DYNAMIC_THRESHOLD_DB = (200, 500, 2500, 5000), -6, -40
SPLITS_HZ, BAND_THRESHOLD_DB, BAND_RATIO = (120, 800, 5000), -30, 2
CLIPPER_DRIVE_DB, CLIPPER_CEILING_DB, LAST_DRIVE_DB = 12, -0.5, 2


def bands(shapes, kind=0, first=1):
    """Values of equaliser bands of one type, from (Hz, dB, Q)."""
    return {f"band{n}_{key}": value for n, shape in enumerate(shapes, first)
            for key, value in zip(("type", "freq", "gain", "q"), (kind, *shape))}


def limiter(drive_db):
    return Slot("limiter", "limiter", {"gain": drive_db, "ceiling": CEILING_DB, "release": LIMITER_RELEASE_MS})


def short_chain():
    """High-pass, four bells and shelves, compressor, true-peak limiter."""
    eq = {"band1_type": 3, "band1_freq": LOW_CUT_HZ, **bands([LOW_SHELF], 1, 2), **bands(BELLS, 0, 3), **bands([HIGH_SHELF], 2, 5)}
    compressor = {"threshold": THRESHOLD_DB, "ratio": RATIO, "attack": ATTACK_MS, "release": RELEASE_MS}
    return Slot("eq", "eq", eq), Slot("compressor", "compressor", compressor), limiter(DRIVE_DB)


def default_chain():
    """Eight bells, dynamic EQ of four bands, multiband compressor of four bands, clipper at 4x, true-peak limiter."""
    dynamic = {f"band{n}_{key}": value for n in range(1, 7) for key, value in
               {"range": DYNAMIC_RANGE_DB, "threshold": DYNAMIC_THRESHOLD_DB, "on": int(n <= 4)}.items()}
    dynamic |= {f"band{n}_freq": hz for n, hz in enumerate(DYNAMIC_HZ, 1)}
    multiband = {f"band{n}_{key}": value for n in range(1, 5) for key, value in
                 {"threshold": BAND_THRESHOLD_DB, "ratio": BAND_RATIO}.items()}
    multiband |= {f"crossover{n}": hz for n, hz in enumerate(SPLITS_HZ, 1)}
    clipper = {"gain": CLIPPER_DRIVE_DB, "ceiling": CLIPPER_CEILING_DB, "oversampling": 2}
    return (Slot("eq", "eq", bands(EIGHT_BELLS)), Slot("dynamic_eq", "dynamic_eq", dynamic), Slot("multiband", "multiband", multiband),
            Slot("clipper", "clipper", clipper), limiter(LAST_DRIVE_DB))


def demo_mix(minutes):
    """The built-in demo mix over and over, (2, frames) float64 at 44.1 kHz."""
    once, rate = soundfile.read(cached_demo(RATE), always_2d=True)
    assert rate == RATE
    frames = int(60 * minutes * RATE)
    return np.ascontiguousarray(np.tile(once, (-(-frames // len(once)), 1))[:frames].T)


def blocks_of(mix):
    """Blocks of their own memory, as a file would give them: the chain works in place."""
    return [mix[:, first:first + BLOCK_FRAMES].copy() for first in range(0, mix.shape[1], BLOCK_FRAMES)]


def render_job(slots, mix):
    """A run of what `render` runs between reading and writing; gives the master."""
    chain, blocks = Chain(RATE, build_stages(slots, RATE)), blocks_of(mix)
    return lambda: [master for master, _ in run_chain(chain, iter(blocks), mix.shape[1])]


def metered_job(slots, mix):
    """The same with the meters of mix and master that run while it plays."""
    chain, blocks, meters = Chain(RATE, build_stages(slots, RATE)), blocks_of(mix), (Meter(RATE), Meter(RATE))
    beside = np.empty((2, BLOCK_FRAMES))

    def run():
        when = 0
        for block in blocks:
            aligned = beside if block.shape[1] == BLOCK_FRAMES else beside[:, :block.shape[1]].copy()
            chain.process(block, aligned, when)
            meters[0].measure_block(aligned)
            meters[1].measure_block(block)
            when += block.shape[1]
        return blocks

    return run


def live_job(slots, mix):
    """The whole live engine, pulled as fast as it goes: also transport, selector, monitor, analyser, telemetry, float32."""
    engine = Engine(RATE, build_stages(slots, RATE))
    engine.set_song(MemorySong(mix, RATE))
    silence, out = np.zeros((BLOCK_FRAMES, 2), np.float32), np.zeros((mix.shape[1], 2), np.float32)
    engine.select(MASTER_SOURCE)
    engine.play()

    def run():
        for first in range(0, len(out), BLOCK_FRAMES):
            piece = out[first:first + BLOCK_FRAMES]
            engine.run_offline(silence[:len(piece)], piece)
        return [out.T]

    return run
