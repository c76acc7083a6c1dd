"""A stage that is looked at sounds to the bit as one that is not, and what it shows is what it does."""
import numpy as np
import pytest

from dsp_core.params import STAGES
from dsp_core.stages import make

RATE = 48000
FRAMES = RATE // 2
SHOWING = {"multiband": {"band1_ratio": 4.0, "band3_ratio": 3.0, "band3_threshold": -40.0}, "dynamic_eq": {"band3_range": -6.0, "band3_threshold": -50.0},
           "deesser": {"range": 6.0, "threshold": -30.0}, "resonance": {"depth": 9.0, "selectivity": 1.0}, "stereo": {"bands": 2.0, "width2": 150.0}}


def noise(seed=5, frames=FRAMES):
    return np.random.default_rng(seed).normal(0, 0.1, (2, frames))


def tone(hz, level_db, frames=FRAMES):
    sine = 10 ** (level_db / 20) * np.sin(2 * np.pi * hz / RATE * np.arange(frames))
    return np.ascontiguousarray(np.stack([sine, sine]))


def rows_of(stage):
    into = np.zeros(1 << 20, np.uint8)
    count = stage.display.read(into)
    return into.view(np.float32)[:count * stage.display.width].reshape(count, stage.display.width)


def run(stage, sound, block=480):
    """In blocks, reading after each; gives everything that was shown."""
    shown = []
    for start in range(0, sound.shape[1], block):
        part = np.ascontiguousarray(sound[:, start:start + block])
        stage.run_block(part, start)
        sound[:, start:start + block] = part
        shown.append(rows_of(stage).copy())
    return np.concatenate(shown)


@pytest.mark.parametrize("values", [{}, None], ids=["neutral", "working"])
@pytest.mark.parametrize("kind", sorted(SHOWING))
def test_nothing_is_heard_of_being_watched(kind, values):
    settings = SHOWING[kind] if values is None else values
    alone, watched = make(kind, RATE, settings), make(kind, RATE, settings)
    watched.display.watch(True)
    one, other = noise(), noise()
    for start in range(0, FRAMES, 500):
        for stage, sound in ((alone, one), (watched, other)):
            part = np.ascontiguousarray(sound[:, start:start + 500])
            stage.run_block(part, start)
            sound[:, start:start + 500] = part
        if start == FRAMES // 2:
            watched.display.watch(False)
    assert np.array_equal(one, other)
    assert alone.save() == watched.save()


def test_only_those_that_show_more_have_a_display():
    assert {kind for kind in STAGES if make(kind, RATE).display is not None} == set(SHOWING)


@pytest.mark.parametrize("kind", sorted(SHOWING))
def test_nobody_is_told_who_does_not_ask(kind):
    stage = make(kind, RATE, SHOWING[kind])
    stage.run_block(noise())
    assert len(rows_of(stage)) == 0
    stage.display.watch(True)
    assert len(rows_of(stage)) == 0
    stage.run_block(noise())
    assert len(rows_of(stage)) > 0


@pytest.mark.parametrize("values", [{}, {"band2_ratio": 4.0, "band2_threshold": -30.0}, {"phase": 1.0}], ids=["aside", "working", "linear"])
def test_a_band_of_the_multiband_shows_the_level_of_what_is_in_it(values):
    stage = make("multiband", RATE, values)
    stage.display.watch(True)
    rows = run(stage, tone(300.0, -12.0))
    level = 20 * np.log10(rows[-5:, :6].max(axis=0) + 1e-9)
    assert level[1] == pytest.approx(-12.4, abs=0.1)             # 120 to 800 Hz, whose skirts take 0.4 dB
    assert level[0] < -25
    assert level[2] < -25


def test_the_multiband_shows_what_it_takes_off_and_what_it_adds():
    stage = make("multiband", RATE, {"band2_ratio": 4.0, "band2_threshold": -32.0, "band2_knee": 0.0, "band3_mode": 1.0, "band3_ratio": 2.0, "band3_threshold": -20.0})
    stage.display.watch(True)
    rows = run(stage, tone(300.0, -12.0) + tone(2000.0, -40.0))
    change = rows[-1, 6:]
    assert change[1] == pytest.approx(-12.0, abs=0.5)            # 20 dB over at 4 : 1 is 15 dB, the range is 12
    assert change[2] > 5                                         # lifted
    assert change[0] == change[3] == 0


def test_the_dynamic_eq_shows_what_every_band_hears_and_does():
    stage = make("dynamic_eq", RATE, {"band3_range": -6.0, "band3_threshold": -50.0, "band3_freq": 500.0})
    stage.display.watch(True)
    rows = run(stage, tone(500.0, -12.0))
    assert 20 * np.log10(rows[-3:, 2].max()) == pytest.approx(-12.0, abs=0.2)
    assert rows[-1, 8] == pytest.approx(-6.0, abs=0.05)
    assert 20 * np.log10(rows[-3:, 1].max()) < -14               # 200 Hz, which does nothing, hears less of it
    assert np.all(rows[:, 6:8] == 0)


def test_the_deesser_shows_how_far_the_band_stands_over_the_whole():
    stage = make("deesser", RATE, {"range": 4.0, "threshold": -20.0})
    stage.display.watch(True)
    rows = run(stage, tone(6500.0, -12.0) + tone(200.0, -12.0))
    assert 20 * np.log10(rows[-1, 0]) == pytest.approx(-3.5, abs=0.1)     # two equal tones; the filter's skirts take 0.5 dB
    assert rows[-1, 1] == pytest.approx(4.0, abs=0.05)


def test_the_resonance_tamer_shows_where_it_takes_what_away():
    stage = make("resonance", RATE, {"depth": 9.0, "selectivity": 6.0})
    stage.display.watch(True)
    rows = run(stage, 0.02 * noise(7, 2 * RATE) + tone(3000.0, -40.0, 2 * RATE))
    hz, cuts = rows[-1, 0], rows[-1, 1:]
    assert hz == pytest.approx(RATE / 2048)
    assert cuts[round(3000.0 / hz)] == pytest.approx(9.0, abs=0.1)
    away = np.abs(np.arange(len(cuts)) * hz - 3000.0) > 300
    assert cuts[away].max() < 1.0


def test_stereo_shows_the_sound_that_leaves_it():
    stage = make("stereo", RATE, SHOWING["stereo"])
    stage.display.watch(True)
    sound = noise()
    rows = run(stage, sound)
    assert np.array_equal(rows.T, sound.astype(np.float32))


def test_a_window_that_is_away_loses_rows_and_nothing_else():
    stage = make("multiband", RATE, SHOWING["multiband"])
    stage.display.watch(True)
    stage.run_block(noise(3, 5 * RATE))
    assert 0 < len(rows_of(stage)) <= 64
