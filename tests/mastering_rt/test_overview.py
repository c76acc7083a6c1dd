"""The overview shows every peak at every zoom, whichever way it was built."""
import numpy as np
import pytest

from mastering_rt.measure.overview import BASE_FRAMES, Overview
from tests import signals


def pieces(planes, seed=1, largest=70000):
    rng = np.random.default_rng(seed)
    done = 0
    while done < planes.shape[1]:
        n = int(rng.integers(1, largest))
        yield planes[:, done:done + n]
        done += n


def test_a_column_is_the_extremes_and_the_power_of_its_frames():
    planes = signals.programme(BASE_FRAMES * 40)
    columns = Overview.of(planes, 48000).columns(0, planes.shape[1], 40)
    cut = planes.reshape(2, 40, BASE_FRAMES)
    assert np.allclose(columns.low, cut.min(axis=(0, 2)), atol=1e-7)
    assert np.allclose(columns.high, cut.max(axis=(0, 2)), atol=1e-7)
    assert np.allclose(columns.rms, np.sqrt(np.mean(cut ** 2, axis=(0, 2))), rtol=1e-5)
    assert np.array_equal(columns.peak, np.maximum(columns.high, -columns.low))


@pytest.mark.parametrize("frames", [1, 255, 256, 257, 300_001, 2_000_000])
def test_no_peak_is_lost_at_any_zoom(frames):
    planes = signals.noise(frames, level=0.05, seed=frames)
    spot = frames // 3
    planes[1, spot] = 0.9
    overview = Overview.of(planes, 48000)
    for count in (1, 7, 400, 1568):
        columns = overview.columns(0, frames, count)
        assert columns.high.max() == np.float32(0.9)
        at = min(int(spot * count / frames), count - 1)
        assert columns.high[at] == np.float32(0.9)
        assert columns.low.min() == pytest.approx(planes.min(), abs=1e-7)


@pytest.mark.slow
def test_blocks_of_any_size_give_the_same_pyramid_as_the_whole():
    planes = signals.programme(1_500_003)
    whole = Overview.of(planes, 44100)
    grown = Overview(44100)
    for piece in pieces(planes):
        grown.append(piece)
    assert grown.frames == whole.frames == planes.shape[1]
    for start, stop, count in ((0, 1_500_003, 1568), (300_000, 900_000, 777), (1_400_000, 1_600_000, 100), (0, 1_500_003, 20)):
        a, b = whole.columns(start, stop, count), grown.columns(start, stop, count)
        assert np.array_equal(a.low, b.low)
        assert np.array_equal(a.high, b.high)
        assert np.allclose(a.rms, b.rms, rtol=1e-5, atol=1e-9)


def test_a_growing_overview_can_be_read_at_any_time():
    planes = signals.noise(600_000, seed=4)
    grown = Overview(48000)
    for piece in pieces(planes, seed=2, largest=50_000):
        grown.append(piece)
        columns = grown.columns(0, 600_000, 300)
        done = grown.frames * 300 // 600_000
        assert (columns.high[:done] > 0).all()
        assert (columns.high[done + 2:] == 0).all()


def test_power_of_a_steady_sine_is_right_at_every_zoom():
    planes = signals.sine(3_000_000, level_dbfs=-6.0)
    overview = Overview.of(planes, 48000)
    for count in (3, 50, 1000, 9000):
        rms = overview.columns(0, 3_000_000, count).rms
        assert np.allclose(20 * np.log10(rms), -6 - 3.0103, atol=0.15 if count > 2000 else 0.02)


def test_kept_samples_are_read_themselves_under_the_base_resolution():
    planes = signals.noise(50_000, seed=8)
    columns = Overview.of(planes, 48000, keep=True).columns(1000, 1100, 100)
    assert np.allclose(columns.high, planes[:, 1000:1100].max(axis=0), atol=1e-7)
    coarse = Overview.of(planes, 48000).columns(1000, 1100, 100)
    assert len(set(coarse.high.tolist())) <= 2


def test_outside_the_song_there_is_nothing():
    planes = np.ones((2, 100_000))
    columns = Overview.of(planes, 48000, keep=True).columns(-50_000, 150_000, 200)
    assert (columns.high[:50] == 0).all()
    assert (columns.high[50:150] == 1).all()
    assert (columns.high[150:] == 0).all()
    empty = Overview(48000).columns(0, 1000, 10)
    assert (empty.high == 0).all()
    assert len(empty) == 10


def test_bad_samples_are_silence_and_counted():
    planes = signals.noise(10_000)
    planes[0, 5000] = np.nan
    planes[1, 7000] = -np.inf
    overview = Overview.of(planes, 48000, keep=True)
    assert overview.spoiled == 2
    for count in (10, 8000):
        columns = overview.columns(0, 10_000, count)
        assert np.isfinite(columns.low).all()
        assert np.isfinite(columns.rms).all()


def test_wrong_shapes_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"not of shape \(10,\)"):
        Overview.of(np.zeros(10), 48000)
    overview = Overview.of(np.zeros((2, 10)), 48000)
    with pytest.raises(ValueError, match="2 channels so far, the next block has 1"):
        overview.append(np.zeros((1, 10)))
    with pytest.raises(ValueError, match="cannot be drawn"):
        overview.columns(10, 10, 5)
    with pytest.raises(ValueError, match="rate of 0 Hz"):
        Overview(0)


def test_a_column_that_is_not_full_counts_for_what_it_holds():
    frames = BASE_FRAMES * 402 + 1
    planes = np.zeros((1, frames))
    planes[0, -1] = 1.0
    overview = Overview.of(planes, 48000)
    assert overview.columns(0, frames, 1).rms[0] == pytest.approx(np.sqrt(1 / frames), rel=1e-3)
    assert overview.columns(BASE_FRAMES * 400, frames, 1).rms[0] == pytest.approx(np.sqrt(1 / 513), rel=1e-3)
