"""Power of windows and the points of a curve, as numpy makes them."""
import numpy as np
import pytest

from dsp_core.meters.spectra import Gather, WindowPower

FRAMES, POINTS, HOP, KEPT = 300, 512, 75, 0.7
WINDOW = np.hanning(FRAMES + 1)[:-1]


def sound(frames):
    return np.random.default_rng(2).standard_normal((frames, 4)).astype(np.float32)


def zeros(rows, bins):
    return np.zeros((rows, bins), np.float32)


def near(power, wanted):
    """As far as single precision goes."""
    return np.abs(power - wanted).max() < 1e-6 * wanted.max()


def averaged(frames, ends):
    """Power of two pairs of channels in windows that end at these frames."""
    power = np.zeros((2, POINTS // 2 + 1))
    for count, end in enumerate(ends, 1):
        spectra = np.abs(np.fft.rfft(frames[end - FRAMES:end].T * WINDOW, POINTS, axis=1)) ** 2
        share = max(1 - KEPT, 1 / count)
        power += share * (np.stack([spectra[0] + spectra[1], spectra[2] + spectra[3]]) - power)
    return power


@pytest.mark.parametrize("block", [1, 37, 75, 400, 5000])
def test_windows_are_averaged_whatever_the_blocks(block):
    frames, meter, power = sound(5000), WindowPower(WINDOW, POINTS, 4, HOP), zeros(2, 257)
    for first in range(0, len(frames), block):
        meter.push(frames[first:first + block], power, KEPT)
    ends = range(FRAMES, len(frames) + 1, HOP)
    assert (meter.windows, meter.spoiled) == (len(ends), 0)
    assert near(power, averaged(frames, ends))


def test_after_a_reset_it_begins_anew():
    frames, meter, power = sound(700), WindowPower(WINDOW, POINTS, 4, HOP), zeros(2, 257)
    meter.push(frames[::-1], power, KEPT)
    meter.reset()
    power[:] = 0
    meter.push(frames[:FRAMES - 1], power, KEPT)
    assert meter.windows == 0 and not power.any()
    meter.push(frames[FRAMES - 1:FRAMES], power, KEPT)
    assert near(power, averaged(frames, [FRAMES]))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e24])
@pytest.mark.parametrize("place", [(300, 0), (374, 3)])
def test_a_window_with_a_bad_sample_is_left_out(bad, place):
    frames, meter, power = sound(900), WindowPower(WINDOW, POINTS, 4, HOP), zeros(2, 257)
    frames[place] = bad
    meter.push(frames, power, KEPT)
    ends = [end for end in range(FRAMES, 901, HOP) if not end - FRAMES <= place[0] < end]
    assert (meter.windows, meter.spoiled) == (len(ends), 4)
    assert near(power, averaged(frames, ends))


def test_the_power_of_the_largest_sound_is_a_number():
    power = zeros(2, 257)
    WindowPower(WINDOW, POINTS, 4, HOP).push(np.full((FRAMES, 4), 9.9e14, np.float32), power, KEPT)
    assert np.isfinite(power).all() and power.max() > 1e30


def test_columns_of_a_wider_block_will_do():
    frames, power, same = sound(FRAMES), zeros(1, 257), zeros(1, 257)
    WindowPower(WINDOW, POINTS, 2, HOP).push(frames[:, 1:3], power, KEPT)
    WindowPower(WINDOW, POINTS, 2, HOP).push(frames[:, 1:3].copy(), same, KEPT)
    assert power.any() and (power == same).all()


def test_points_are_weighted_sums_and_largest_parts_of_bins_and_groups():
    power = np.random.default_rng(5).uniform(0, 1, 17).astype(np.float32)
    pairs, fours = power[:16].reshape(-1, 2), power[:16].reshape(-1, 4)
    columns, weights, starts = [3, 4, 16, 17, 26, 27], [0.5, 0.25, 1.0, 2.0, 0.1, 0.2], [0, 2, 4, 4, 6]
    gather = Gather(16, 3, np.array(columns, np.int32), np.array(weights), np.array(starts, np.int32))
    sums, tops = np.empty(4), np.empty(4)
    gather.gather(power, sums, tops)
    assert sums == pytest.approx([0.5 * power[3] + 0.25 * power[4], pairs[0].sum() + 2 * pairs[1].sum(), 0, 0.1 * fours[2].sum() + 0.2 * fours[3].sum()])
    assert tops == pytest.approx([max(0.5 * power[3], 0.25 * power[4]), max(pairs[0].max(), 2 * pairs[1].max()), 0,
                                  max(0.1 * fours[2].max(), 0.2 * fours[3].max())])


def test_windows_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no transform of 100"):
        WindowPower(np.ones(50), 100, 4, 10)
    with pytest.raises(ValueError, match="does not fit"):
        WindowPower(np.ones(200), 128, 4, 10)
    for channels, hop in ((0, 10), (4, 0), (4, 101)):
        with pytest.raises(ValueError, match="cannot come every"):
            WindowPower(np.ones(100), 128, channels, hop)
    meter = WindowPower(np.ones(100), 128, 4, 10)
    with pytest.raises(ValueError, match="none of 4 channels"):
        meter.push(np.zeros((10, 3), np.float32), zeros(2, 65), 0.5)
    for rows, bins in ((0, 65), (3, 65), (5, 65), (2, 64)):
        with pytest.raises(ValueError, match="do not go into"):
            meter.push(np.zeros((10, 4), np.float32), zeros(rows, bins), 0.5)


def test_points_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no column 28"):
        Gather(16, 3, np.array([28], np.int32), np.ones(1), np.array([0, 1], np.int32))
    with pytest.raises(ValueError, match="power of two"):
        Gather(12, 1, np.array([1], np.int32), np.ones(1), np.array([0, 1], np.int32))
    with pytest.raises(ValueError, match="belong together"):
        Gather(16, 1, np.array([1], np.int32), np.ones(1), np.array([0, 2], np.int32))
    for columns, told in (([3, 5], "column 5 is not the neighbour of 3"), ([15, 16], "column 16 is not the neighbour of 15"),
                          ([23, 24], "column 24 is not the neighbour of 23")):
        with pytest.raises(ValueError, match=told):
            Gather(16, 3, np.array(columns, np.int32), np.ones(2), np.array([0, 2], np.int32))
    for starts in ([0, 2, 1, 2], [0, 10 ** 9, 2]):
        with pytest.raises(ValueError, match="the starts must rise"):
            Gather(16, 3, np.array([3, 4], np.int32), np.ones(2), np.array(starts, np.int32))
    with pytest.raises(ValueError, match="do not go into"):
        Gather(16, 1, np.array([1], np.int32), np.ones(1), np.array([0, 1], np.int32)).gather(np.ones(8, np.float32), np.ones(1), np.ones(1))
