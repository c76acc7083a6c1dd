"""The oversampler: flat to the top of its passband, silent over half the rate, in time to the sample, the same bits in every build.

With minimum phase: as flat, as silent where nothing may fold into the passband, and much earlier.
"""
import numpy as np
import pytest

from dsp_core.kernels.oversample_check import BUILDS, RoundTrip
from tests.checks import db

FACTORS = [1, 2, 4, 8, 16]
RATES = [8000, 44100, 48000, 96000, 384000]


def passband(rate, most):
    return min(max(20000, 0.36 * rate), most * rate)


def fine_grid(hz, rate, factor, frames=2048, phase=0.0):
    """A sine at the middles between the points k - 1 and k of each frame."""
    at = np.arange(frames)[None, :] * factor + np.arange(factor)[:, None] - 0.5
    return np.ascontiguousarray(np.cos(2 * np.pi * hz * at / (rate * factor) + phase))


def fitted(y, hz, rate, start):
    """Complex amplitude of a sine that the frames from `start` on are made of, for cos(2 pi hz n / rate)."""
    n = np.arange(start, len(y))
    turn = 2 * np.pi * hz * n / rate
    a, b = np.linalg.lstsq(np.stack([np.cos(turn), -np.sin(turn)], axis=1), y[start:], rcond=None)[0]
    return a + 1j * b


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("factor", FACTORS[1:])
@pytest.mark.parametrize("minimum", [False, True])
def test_the_way_up_is_flat_and_leaves_no_image(factor, rate, minimum):
    x = np.zeros(4096)
    x[400] = 1
    points = np.zeros((factor, 4096))
    RoundTrip(factor, rate, minimum=minimum).points(x, points)
    response = np.abs(np.fft.rfft(points.T.reshape(-1), 1 << 17)) / factor
    hz = np.fft.rfftfreq(1 << 17, 1 / (rate * factor))
    top = passband(rate, 0.4535)
    assert np.max(np.abs(db(response[hz <= top] * factor) - db(factor))) < 0.001
    assert np.max(db(response[hz >= rate - top])) < -118


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("factor", FACTORS)
def test_the_way_down_is_flat_and_in_time(factor, rate):
    """With the droop of the average that the caller makes, the whole is flat; at 1x within 0.02 dB."""
    top = passband(rate, 0.43)
    for hz in np.linspace(0.005 * rate, top, 9):
        trip, out = RoundTrip(factor, rate), np.zeros(2048)
        trip.from_grid(fine_grid(hz, rate, factor), out)
        got = fitted(out, hz, rate, 1000) * np.sinc(hz / (rate * factor)) * np.exp(2j * np.pi * hz * trip.down_delay / rate)
        assert abs(got - 1) < (2e-3 if factor == 1 else 1.2e-4)


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("factor", FACTORS[1:])
def test_nothing_over_half_the_rate_folds_down(factor, rate, reached):
    high = np.concatenate([np.linspace(0.5001, min(factor / 2, 2), 24), np.linspace(0.5001, factor / 2, 41)]) * rate
    for hz in high:
        out = np.zeros(2048)
        RoundTrip(factor, rate).from_grid(fine_grid(hz, rate, factor, phase=0.3), out)
        reached("Oversampler: what lies over half the rate", f"{factor}x", db(np.sqrt(2 * np.mean(out[1000:] ** 2))), -100)


@pytest.mark.parametrize("factor", FACTORS[1:])
def test_the_round_trip_is_flat_to_twenty_kilohertz(factor, reached):
    """Up, means of neighbours, down at 48 kHz: within 0.001 dB of the sound `delay` frames before, but for what the mean of two points
    takes and that over the way between them does not. (A sound to which nothing is added makes no such journey.)"""
    n = np.arange(3000)
    for hz in np.linspace(50, 20000, 12):
        trip, x = RoundTrip(factor, 48000), np.cos(2 * np.pi * hz * n / 48000)
        trip.run(x)
        got = fitted(x, hz, 48000, 1000) * np.sinc(hz / (48000 * factor)) / np.cos(np.pi * hz / (48000 * factor))
        error = abs(got * np.exp(2j * np.pi * hz * trip.delay / 48000) - 1)
        reached("Oversampler: round trip to 20 kHz", f"{factor}x, error", 8.686 * error, 0.001)


@pytest.mark.parametrize("factor", FACTORS)
def test_the_delay_is_whole_frames_from_end_to_end(factor):
    """Up, means of neighbours, down: a sine comes back `delay` frames later, with the phase of the sound."""
    n = np.arange(4096)
    for hz in (100.0, 3000.0, 15000.0):
        trip, x = RoundTrip(factor, 48000), np.cos(2 * np.pi * hz * n / 48000)
        trip.run(x)
        assert abs(np.angle(fitted(x, hz, 48000, 1000) * np.exp(2j * np.pi * hz * trip.delay / 48000))) < 1e-6


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("factor", "ripple_db"), [(2, 0.3), (4, 0.006), (8, 0.0003), (16, 0.0001)])
def test_minimum_phase_is_flat_and_early(factor, ripple_db, rate):
    """The sound goes up, is interpolated by half a point, and comes down; low frequencies come `delay` frames later, to half a frame."""
    x = np.zeros(8192)
    x[1000] = 1
    trip = RoundTrip(factor, rate, minimum=True)
    trip.run(x)
    response, hz = np.fft.rfft(x), np.fft.rfftfreq(8192, 1 / rate)
    assert np.max(np.abs(db(response[hz <= passband(rate, 0.4535)]))) < ripple_db
    turned = np.angle(response[9] / response[8]) * 8192 / (2 * np.pi)
    assert abs(-turned - 1000 - trip.delay) <= 0.51
    assert trip.delay <= 7


def test_one_point_per_frame_needs_no_minimum_phase():
    assert RoundTrip(1, 48000, minimum=True).delay == RoundTrip(1, 48000).delay


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("minimum", [False, True])
def test_every_build_and_every_cut_give_the_same_bits(factor, minimum):
    x, rng = np.random.default_rng(3).standard_normal(3000), np.random.default_rng(4)
    whole = x.copy()
    RoundTrip(factor, 44100, "plain", minimum).run(whole)
    for build in BUILDS:
        for longest in (2, 90):
            cut, trip, done = x.copy(), RoundTrip(factor, 44100, build, minimum), 0
            while done < len(x):
                n = int(rng.integers(1, longest))
                trip.run(cut[done:done + n])
                done += n
            assert np.array_equal(cut, whole), (build, longest)
