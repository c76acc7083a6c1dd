"""Power of windows and the points of a curve, as numpy makes them."""
import numpy as np
import pytest

from dsp_core.meters.spectra import Gather, WindowPower


@pytest.fixture
def sound():
    return np.random.default_rng(2).standard_normal((4, 300)).astype(np.float32)


def test_rows_move_to_the_power_of_their_planes(sound):
    window = np.hanning(301)[:-1]
    power = np.random.default_rng(3).uniform(0, 1, (2, 257))
    spectra = np.abs(np.fft.rfft(sound * window, 512, axis=1)) ** 2
    expected = 0.75 * power + 0.25 * np.stack([spectra[0] + spectra[1], spectra[2] + spectra[3]])
    assert WindowPower(window, 512).average(sound, power, 0.25)
    assert power == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [(0, 0), (3, 299)])
def test_a_window_with_a_bad_sample_changes_nothing(sound, bad, place):
    sound[place] = bad
    power = np.ones((2, 257))
    assert not WindowPower(np.hanning(300), 512).average(sound, power, 0.5)
    assert (power == 1).all()


def test_a_part_of_a_longer_array_will_do(sound):
    whole, part = np.zeros((2, 65)), np.zeros((2, 65))
    power = WindowPower(np.ones(100), 128)
    power.average(sound[:, 50:150], part, 1.0)
    power.average(sound[:, 50:150].copy(), whole, 1.0)
    assert (part == whole).all()


def test_points_are_weighted_sums_and_largest_parts_of_bins_and_groups():
    power = np.random.default_rng(5).uniform(0, 1, 17)
    pairs, fours = power[:16].reshape(-1, 2), power[:16].reshape(-1, 4)
    columns, weights, starts = [3, 4, 16, 17, 26, 27], [0.5, 0.25, 1.0, 2.0, 0.1, 0.2], [0, 2, 4, 4, 6]
    gather = Gather(16, 3, np.array(columns, np.int32), np.array(weights), np.array(starts, np.int32))
    sums, tops = np.empty(4), np.empty(4)
    gather.gather(power, sums, tops)
    assert sums == pytest.approx([0.5 * power[3] + 0.25 * power[4], pairs[0].sum() + 2 * pairs[1].sum(), 0, 0.1 * fours[2].sum() + 0.2 * fours[3].sum()])
    assert tops == pytest.approx([max(0.5 * power[3], 0.25 * power[4]), max(pairs[0].max(), 2 * pairs[1].max()), 0,
                                  max(0.1 * fours[2].max(), 0.2 * fours[3].max())])


def test_what_does_not_fit_is_refused(sound):
    with pytest.raises(ValueError, match="no transform of 100"):
        WindowPower(np.ones(50), 100)
    with pytest.raises(ValueError, match="does not fit"):
        WindowPower(np.ones(200), 128)
    with pytest.raises(ValueError, match="do not go into"):
        WindowPower(np.ones(100), 128).average(sound, np.zeros((2, 65)), 1.0)
    with pytest.raises(ValueError, match="no column 28"):
        Gather(16, 3, np.array([28], np.int32), np.ones(1), np.array([0, 1], np.int32))
    with pytest.raises(ValueError, match="power of two"):
        Gather(12, 1, np.array([1], np.int32), np.ones(1), np.array([0, 1], np.int32))
    with pytest.raises(ValueError, match="belong together"):
        Gather(16, 1, np.array([1], np.int32), np.ones(1), np.array([0, 2], np.int32))
    for planes, rows in ((sound[:, :100], 0), (sound[:0, :100], 2), (sound[:, :100], 3)):
        with pytest.raises(ValueError, match="do not go into"):
            WindowPower(np.ones(100), 128).average(planes, np.zeros((rows, 65)), 1.0)
    for columns, told in (([3, 5], "column 5 is not the neighbour of 3"), ([15, 16], "column 16 is not the neighbour of 15"),
                          ([23, 24], "column 24 is not the neighbour of 23")):
        with pytest.raises(ValueError, match=told):
            Gather(16, 3, np.array(columns, np.int32), np.ones(2), np.array([0, 2], np.int32))
    for starts in ([0, 2, 1, 2], [0, 10 ** 9, 2]):
        with pytest.raises(ValueError, match="the starts must rise"):
            Gather(16, 3, np.array([3, 4], np.int32), np.ones(2), np.array(starts, np.int32))
    with pytest.raises(ValueError, match="do not go into"):
        Gather(16, 1, np.array([1], np.int32), np.ones(1), np.array([0, 1], np.int32)).gather(np.ones(8), np.ones(1), np.ones(1))
