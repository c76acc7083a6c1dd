"""After a jump anywhere the output is that of the continuous render: within -120 dB after 50 ms, and in truth right behind the fade."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.engine.engine import MASTER_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from mastering_rt.offline.checkpoints import Checkpoints
from mastering_rt.offline.run import build_stages
from mastering_rt.playback.landing import WholeSong, Wish, bring
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import apply_preset, find_preset
from tests.checks import ACTIVE, db
from tests.dsp_core.playing import pull
from tests.dsp_core.test_song_time import song

pytestmark = pytest.mark.slow

RATE, SECONDS, SEEKS = 44100, 20, 100
FADE, AFTER = RATE // 100, RATE // 20
HEARD = AFTER + 2000
MORE = {
    "eq-linear": ("eq", {"phase": 2, "length": 0}),
    "eq-natural": ("eq", {"phase": 1, "auto_gain": 1}),
    "eq-solo": ("eq", {"band3_solo": 1, "auto_gain": 1}),
    "multiband-linear": ("multiband", {"phase": 1}),
    "compressor-auto": ("compressor", {"auto_release": 1, "detector": 1, "topology": 1}),
    "limiter-guarded": ("limiter", {"band_guard": 1, "character": 1, "link": 0}),
    "limiter-loud": ("limiter", {"character": 2, "lookahead": 5}),
    "clipper-guarded": ("clipper", {"guard": 1}),
    "resonance-fine": ("resonance", {"resolution": 1}),
    "saturation-flat": ("saturation", {"level_match": 0, "placement": 2, "mix": 60}),
}
KINDS = {**{kind: (kind, {}) for kind in ACTIVE}, **MORE}
SINGLE = {name: (Slot(kind, kind, {**ACTIVE[kind], **values}),) for name, (kind, values) in KINDS.items()}
GENTLE = apply_preset(Session(), find_preset("gentle")).chain
EVERYTHING = tuple(Slot(kind, kind, values) for kind, values in ACTIVE.items())
CHAINS = {**SINGLE, "gentle": GENTLE, "everything": EVERYTHING}


@pytest.fixture(scope="module")
def mix():
    return np.ascontiguousarray(song(SECONDS)[:, :SECONDS * RATE])


def rendered(slots, x, every=RATE):
    """The master of the whole song in its place, and the checkpoints of the pass that made it."""
    stages, kept = build_stages(slots, RATE), Checkpoints(slots, RATE)
    chain = Chain(RATE, stages)
    fed = np.concatenate([x, np.zeros((2, chain.latency_frames))], axis=1)
    for at in range(0, fed.shape[1], every):
        kept.keep(at, tuple(stage.save() for stage in stages))
        piece = np.ascontiguousarray(fed[:, at:at + every])
        chain.process(piece, None, at)
        fed[:, at:at + every] = piece
    return fed[:, chain.latency_frames:], kept


def playing(slots, x):
    engine = Engine(RATE, build_stages(slots, RATE))
    engine.set_song(MemorySong(x, RATE))
    engine.select(MASTER_SOURCE)
    pull(engine, 2048)
    engine.play()
    return engine


def off(y, want):
    return float(np.max(np.abs(y - np.float32(want)), initial=0.0))


@pytest.mark.parametrize("name", CHAINS)
def test_random_seeks_sound_as_the_song_does_there(name, mix, reached):
    slots = CHAINS[name]
    master, kept = rendered(slots, mix)
    rng = np.random.default_rng(11)
    engine, reader, exact, behind_fade, after = playing(slots, mix), WholeSong(MemorySong(mix, RATE)), 0, 0.0, 0.0
    assert abs(master - mix).max() > 1e-3
    pull(engine, 3000)
    for _ in range(SEEKS):
        at, cut = int(rng.integers(0, mix.shape[1] - HEARD)), int(rng.choice([64, 100, 256, 480, 777, 1024]))
        landing = bring(Wish(at, slots, kept), reader, RATE)
        exact += landing.how == "exact"
        engine.land(landing.chain)
        y = pull(engine, HEARD, cut)
        behind_fade = max(behind_fade, off(y[:, FADE:], master[:, at + FADE:at + HEARD]))
        after = max(after, off(y[:, AFTER:], master[:, at + AFTER:at + HEARD]))
    assert exact == SEEKS
    what = {"gentle": "the preset `gentle`", "everything": "a chain of every stage"}.get(name, "each stage with its settings")
    reached("Seek: 100 random seeks against the continuous render", f"{what}, 50 ms after", db(after), -120)
    assert behind_fade == 0.0, f"{db(behind_fade):.0f} dB behind the fade"
