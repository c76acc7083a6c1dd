"""The chorus of one song is set beside the chorus of another."""
import numpy as np
import pytest

from mastering_rt.demo import demo_mix, score
from mastering_rt.measure.sections import Sketch, boundaries, sketch, suggest
from tests import signals

pytestmark = pytest.mark.slow

RATE = 22050


@pytest.fixture(scope="module")
def songs():
    """The demo song, and the same score played by other hands, slower to begin, in another key of level."""
    one, two = demo_mix(RATE), 0.4 * demo_mix(RATE, 7)
    return sketch([one], RATE), sketch([np.concatenate([two[:, :3 * RATE], two], axis=1)], RATE)


@pytest.mark.parametrize("section", ["verse", "chorus", "outro"])
def test_sections_meet_their_counterparts(songs, section):
    start, stop = score.section_times()[section]
    found = suggest(songs[0], round(start * RATE), round(stop * RATE), songs[1])
    assert found.start_frame / RATE == pytest.approx(start + 3, abs=3.0)
    assert found.stop_frame - found.start_frame == pytest.approx((stop - start) * RATE, abs=RATE)
    assert found.confidence > 0.3


def test_a_chorus_is_not_surely_anywhere_in_what_has_none(songs):
    """A sound that stays the same all along has no counterpart of anything, and none is claimed."""
    start, stop = score.section_times()["chorus"]
    noise = sketch([signals.noise(60 * RATE, RATE)], RATE)
    found = suggest(songs[0], round(start * RATE), round(stop * RATE), noise)
    assert found is None or found.words == "a guess"


def test_where_the_sound_changes():
    quiet, loud = signals.programme(20 * RATE, RATE) * 0.1, signals.noise(20 * RATE, RATE, 0.3)
    cuts = boundaries(sketch([np.concatenate([quiet, loud, quiet], axis=1)], RATE))
    assert any(abs(cut / RATE - 20) <= 1 for cut in cuts)
    assert any(abs(cut / RATE - 40) <= 1 for cut in cuts)
    assert (cuts[0], cuts[-1]) == (0, 60 * RATE)


def test_how_it_is_cut_makes_no_difference():
    x = signals.programme(10 * RATE, RATE)
    one, two = sketch([x], RATE), sketch([x[:, k:k + 777] for k in range(0, x.shape[1], 777)], RATE)
    assert isinstance(one, Sketch)
    assert one.frames == two.frames == x.shape[1]
    assert np.allclose(one.bands_db, two.bands_db)


@pytest.mark.parametrize("x", [np.zeros((2, 10 * RATE)), np.zeros((2, 100)), np.ones((2, 3))])
def test_silence_and_scraps_say_nothing(songs, x):
    small = sketch([x], RATE)
    assert suggest(songs[0], 0, 5 * RATE, small) is None
    assert suggest(small, 0, max(1, x.shape[1] // 2), songs[0]) is None
