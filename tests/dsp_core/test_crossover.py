"""The crossover: a flat sum, the slopes that are written on it, and the same bits from every kernel at every cut."""
import numpy as np
import pytest

from dsp_core.kernels.crossover_check import VARIANTS, Split
from tests import signals
from tests.checks import db, null_depth_db

PROMISE = "Crossovers, Linkwitz-Riley 24 and 48 dB/oct"
RATE = 48000
FRAMES = 1 << 16
PLACES = [(120,), (80, 3000), (120, 800, 5000), (60, 61, 900, 16000), (40, 200, 1000, 4000, 12000)]
BUTTERWORTH = {24: (2 ** 0.5,), 48: (1.8477590650225735, 0.7653668647301796)}


def split(split_, x):
    bands = np.empty((len(split_[0]) + 1, 2, x.shape[1]))
    Split(VARIANTS[-1], split_[0], split_[1], RATE).run(x, bands)
    return bands


def allpass_chain(x, hz, slope):
    """The same allpasses one after the other, in the direct form and from their own formula."""
    from scipy.signal import lfilter
    y = x
    for f in hz:
        g = np.tan(np.pi * f / RATE)
        for k in BUTTERWORTH[slope]:
            b = np.array([1 - k * g + g * g, 2 * (g * g - 1), 1 + k * g + g * g])
            y = lfilter(b / b[2], b[::-1] / b[2], y)
    return y


@pytest.mark.parametrize("slope", [24, 48])
@pytest.mark.parametrize("hz", PLACES)
def test_the_bands_sum_to_the_allpass(hz, slope, reached):
    x = signals.noise(20000)
    depth_db = null_depth_db(allpass_chain(x, hz, slope), split((hz, slope), x).sum(axis=0))
    reached(PROMISE, "sum of the bands against the chain of allpasses", depth_db, -240)


@pytest.mark.parametrize("slope", [24, 48])
@pytest.mark.parametrize("hz", PLACES)
def test_the_sum_is_flat(hz, slope, reached):
    y = split((hz, slope), signals.impulse(FRAMES, level=1.0)).sum(axis=0)
    reached(PROMISE, "ripple of the sum of 2 to 6 bands", np.max(np.abs(db(np.fft.rfft(y[0])))), 1e-4)


@pytest.mark.parametrize("slope", [24, 48])
@pytest.mark.parametrize("hz", [100, 1000, 6000])
def test_a_band_is_6_db_down_at_the_crossover_and_falls_with_its_slope(hz, slope, reached):
    low, high = np.abs(np.fft.rfft(split(((hz,), slope), signals.impulse(FRAMES, level=1.0))[:, 0]))
    def at(band, f):
        return float(np.interp(f, np.arange(len(band)) * RATE / FRAMES, db(band)))
    reached(PROMISE, "level at the crossover, away from -6.02 dB", max(abs(at(band, hz) + 6.0206) for band in (low, high)), 0.01)
    assert abs(at(high, hz / 4) - at(high, hz / 8) - slope) < 0.35
    if hz < 500:  # higher up the bilinear map makes the low-pass steeper still
        assert abs(at(low, hz * 4) - at(low, hz * 8) - slope) < 0.35


@pytest.mark.parametrize("slope", [24, 48])
@pytest.mark.parametrize("hz", PLACES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_any_kernel_and_any_cut_give_the_bits_of_the_plain_twin(variant, hz, slope):
    x, rng = signals.noise(2000), np.random.default_rng(4)
    want = np.empty((len(hz) + 1, 2, 2000))
    Split("plain", hz, slope, RATE).run(x, want)
    for longest in (1, 9, 300):
        other, got, done = Split(variant, hz, slope, RATE), np.empty_like(want), 0
        while done < 2000:
            n = min(int(rng.integers(1, longest + 1)), 2000 - done)
            piece = np.empty((len(hz) + 1, 2, n))
            other.run(np.ascontiguousarray(x[:, done:done + n]), piece)
            got[:, :, done:done + n] = piece
            done += n
        assert got.tobytes() == want.tobytes()


@pytest.mark.parametrize("slope", [24, 48])
def test_a_crossover_on_its_way_stays_near_flat_and_comes_to_rest(slope):
    """From 200 to 2000 Hz through a 400 Hz tone, a third of an octave per 10 ms: the sum keeps its level to 1 dB."""
    x = np.ascontiguousarray(signals.sine(48000, RATE, 400, -6))
    s, y, moves = Split(VARIANTS[-1], (200, 6000), slope, RATE), np.empty_like(x), True
    for start in range(0, 48000, 32):
        hz = 200 * 10 ** min(max((start - 9600) / 9600, 0), 1)
        bands = np.empty((3, 2, 32))
        moves = s.glide((hz, 6000), np.ascontiguousarray(x[:, start:start + 32]), bands)
        y[:, start:start + 32] = bands.sum(axis=0)
    level = np.array([np.max(np.abs(y[0, n:n + 120])) for n in range(4800, 47000, 120)])
    assert np.max(np.abs(db(level) + 6.0206)) < 1.0
    assert not moves


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="not 6 of 24"):
        Split(VARIANTS[0], (1, 2, 3, 4, 5, 6), 24, RATE)
    with pytest.raises(ValueError, match="no kernel 'mmx'"):
        Split("mmx", (100,), 24, RATE)
