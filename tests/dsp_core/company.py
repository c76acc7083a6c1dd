"""What the tests of chains and references beside the song share."""
from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import Engine
from dsp_core.engine.landing import run_up
from dsp_core.engine.source import MemorySong
from dsp_core.stages import make
from tests.dsp_core.playing import RATE, pull

SWITCH = RATE * 15 // 1000
RUN_IN = RATE // 2               # what began without a past has found its level, and every fade is over


def linear_eq(**values):
    return make("eq", RATE, {"phase": 2, **values})


def engine_on(x, *stages):
    engine = Engine(RATE, stages)
    engine.set_song(MemorySong(x, RATE))
    pull(engine, 1024)
    return engine


def beside(engine, k, stages, heirs=True):
    """Run another chain whose stages go on from the engine's own of the same kind, as the rack lets them."""
    own = {stage.kind: stage for stage in engine.chain.stages}
    heir_of = {stage: own[stage.kind] for stage in stages if stage.kind in own} if heirs else {}
    engine.publish_other(k, stages, heir_of, lent=engine.chain.stages)
    engine.want_other(k, True)


CHAIN = {"eq": {"band1_gain": 4.0, "band1_freq": 300}, "compressor": {"threshold": -30, "ratio": 4}, "limiter": {"gain": 6}}


def chain(*kinds):
    return lambda: [make(kind, RATE, CHAIN.get(kind, {})) for kind in kinds]


def landed_chain(x, at, kinds):
    """Run up elsewhere, so that it stands at a frame of the song."""
    chain = Chain(RATE, [make(kind, RATE) for kind in kinds])
    run_up(chain, MemorySong(x, RATE), max(0, at - RATE // 2), at + chain.latency_frames)
    return chain
