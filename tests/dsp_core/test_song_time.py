"""A stage decides at the same frames of the song wherever it begins: live from any place becomes the render."""
import numpy as np
import pytest

from dsp_core.engine.chain import Chain
from dsp_core.params import STAGES
from tests import signals
from tests.checks import active, run
from tests.dsp_core.playing import pull, studio

RATE = 48000
STARTS = [48001, 60013]
EXCEPT = {
    "saturation": {"level_match": 0},                                # settles for longer than the song lasts
    "dynamic_eq": {"band3_detector": 0, "band3_threshold": -40},     # an own level remembers the whole song
}
OTHERS = [
    ("limiter", {"band_guard": 1, "character": 1, "link": 0}), ("limiter", {"lookahead": 0.25}), ("clipper", {"guard": 1}),
    ("stereo", {"side_gain": 9}), ("resonance", {"resolution": 1}),
]
GROUPED = [("limiter", {}), ("clipper", {"guard": 1}), ("dynamic_eq", {}), ("stereo", {"side_gain": 9}), ("resonance", {})]


def name(case):
    return "-".join([case[0], *(f"{k}={v}" for k, v in case[1].items())])


def song(seconds):
    """With a side that outweighs the mid now and then."""
    x = signals.programme(seconds * RATE)
    x[1] *= np.sign(np.sin(2 * np.pi * 0.7 * np.arange(x.shape[1]) / RATE))
    return x


@pytest.mark.parametrize("case", [(kind, {}) for kind in STAGES] + OTHERS, ids=name)
def test_it_does_in_the_end_what_it_does_from_the_beginning(case):
    kind, values = case
    values = {**EXCEPT.get(kind, {}), **values}
    x = song(11 if kind == "stereo" else 5)                          # its guard remembers 0.3 s of power
    whole = run(active(kind, **values), x)
    assert abs(whole - x)[:, -RATE:].max() > 1e-3
    for at in STARTS:
        assert abs(run(active(kind, **values), x[:, at:], when=at) - whole[:, at:])[:, -RATE:].max() < 1e-9, at


@pytest.mark.parametrize("when", [48001, -4099])
@pytest.mark.parametrize("case", GROUPED, ids=name)
def test_any_cut_from_an_odd_place_gives_the_same_bits(case, when):
    kind, values = case
    x, rng = song(1), np.random.default_rng(7)
    whole = run(active(kind, **values), x, when=when)
    cut = run(active(kind, **values), x, lambda: int(rng.integers(1, 300)), when=when)
    assert np.array_equal(cut, whole)


@pytest.mark.parametrize("case", GROUPED, ids=name)
def test_a_saved_state_goes_on_at_its_place_in_a_group(case):
    kind, values = case
    x, at, cut = song(1), 48001, 20011
    first, second = active(kind, **values), active(kind, **values)
    whole = run(active(kind, **values), x, when=at)
    run(first, x[:, :cut], when=at)
    second.load(first.save())
    assert np.array_equal(run(second, x[:, cut:], when=at + cut), whole[:, cut:])


@pytest.mark.parametrize("when", [1, 2, 3, -1])
def test_a_first_group_cut_short_keeps_the_ceiling(when):
    stage, x = active("limiter", gain=18, ceiling=-2), song(1)[:, 100:]
    x[:, :8] = 1.0
    assert abs(run(stage, x, when=when)).max() <= 10 ** (-2 / 20)
    assert stage.clamped == 0


@pytest.mark.parametrize(("old", "new"), [(0.25, 5), (5, 0.25), (2, 5)])
def test_another_look_ahead_finds_the_groups_of_the_song(old, new):
    """At this rate 0.25 ms are too few frames for groups of more than one."""
    x, at, swap, rate = song(5), 48001, 70003, 44100
    whole = run(active("limiter", rate, lookahead=new), x)
    before, after = active("limiter", rate, lookahead=old), active("limiter", rate, lookahead=new)
    run(before, x[:, at:swap], when=at)
    after.take_from(before)
    assert abs(run(after, x[:, swap:], when=swap) - whole[:, swap:])[:, -RATE:].max() < 1e-9


@pytest.mark.parametrize("at", STARTS)
def test_play_from_any_frame_becomes_the_render(at):
    x, chain = song(4), [("limiter", {}), ("clipper", {"guard": 1})]
    master = x.copy()
    Chain(RATE, [active(kind, **values) for kind, values in chain]).process(master)
    engine = studio(x, *[active(kind, **values) for kind, values in chain])
    engine.seek(at)
    engine.play()
    y = pull(engine, 2 * RATE)
    assert abs(y - np.float32(master[:, at:at + 2 * RATE]))[:, -RATE // 2:].max() < 2e-7
