"""Octave bands of a programme: tones read their level where they are, bands stay apart, however the stream is cut."""
import numpy as np
import pytest

from mastering_rt.measure.octaves import CENTRES_HZ, OctaveMeter, centres_for

pytestmark = pytest.mark.slow

RATE = 44100


def bands(x, rate=RATE, cut=50_000):
    meter = OctaveMeter(rate, len(x))
    for start in range(0, x.shape[1], cut):
        meter.feed(np.ascontiguousarray(x[:, start:start + cut]))
    return {band.centre_hz: band for band in meter.read()}


def tone(hz, seconds=6.0, rate=RATE, amplitude=0.5):
    """In and out again within a second each, so that it is a tone and no click."""
    frames = round(seconds * rate)
    edge = np.minimum(np.arange(frames), np.arange(frames)[::-1]) / rate
    return amplitude * np.sin(2 * np.pi * hz * np.arange(frames) / rate) * np.sin(np.pi / 2 * np.minimum(edge, 1.0)) ** 2


@pytest.mark.parametrize("rate", [44100, 96000])
@pytest.mark.parametrize("centre", CENTRES_HZ)
def test_a_tone_reads_its_level_in_its_band_alone(centre, rate):
    x = tone(1.003 * centre, rate=rate)
    found = bands(np.array([x, x]), rate)
    level = 10 * np.log10((x * x).mean())
    assert found[centre].level_db == pytest.approx(level, abs=0.1)
    assert found[centre].crest_db == pytest.approx(20 * np.log10(0.5) - level, abs=0.1)
    for other, band in found.items():
        octaves = abs(np.log2(other / centre))
        assert octaves < 0.5 or band.level_db is None or band.level_db < max(level - 48 * octaves + 25, -95)


def test_the_crest_of_noise_bursts_is_higher_than_that_of_steady_noise():
    rng = np.random.default_rng(3)
    steady = 0.1 * rng.standard_normal((2, 10 * RATE))
    bursts = steady * (np.arange(steady.shape[1]) % RATE < RATE // 10)
    for centre in (125.0, 1000.0, 8000.0):
        assert bands(bursts)[centre].crest_db - bands(steady)[centre].crest_db == pytest.approx(10.0, abs=2.0)


@pytest.mark.parametrize("width_db", [-30.0, -10.0, 0.0, 6.0])
def test_side_over_mid_is_what_was_mixed(width_db):
    rng = np.random.default_rng(4)
    mid, side = 0.1 * rng.standard_normal((2, 10 * RATE))
    side *= 10 ** (width_db / 20)
    found = bands(np.array([mid + side, mid - side]))
    assert found[1000.0].side_mid_db == pytest.approx(width_db, abs=0.3)
    assert found[8000.0].side_mid_db == pytest.approx(width_db, abs=0.3)


@pytest.mark.parametrize("frames", [1, 999, 122_880, 131_072, 131_073, 400_000])
def test_any_length_and_any_cut_read_the_same(frames):
    x = 0.1 * np.random.default_rng(5).standard_normal((2, frames))
    whole, cut = bands(x, cut=10**7), bands(x, cut=777)
    assert whole == cut
    assert frames == 1 or sum(10 ** (band.level_db / 10) for band in whole.values() if band.level_db is not None) == pytest.approx(float((x * x).mean()), rel=0.25)


def test_every_frame_counts_once():
    """An impulse anywhere gives the same energy, also where windows meet."""
    levels = []
    for place in (20_000, 114_687, 114_688, 114_689, 122_880, 229_376, 299_999):
        x = np.zeros((1, 320_000))
        x[0, place] = 1.0
        levels.append(bands(x)[8000.0].level_db)
    assert max(levels) - min(levels) < 0.01


def test_what_is_not_there_is_none():
    assert all(band.level_db is None and band.crest_db is None for band in bands(np.zeros((2, 5000))).values())
    assert all(band.side_mid_db is None for band in bands(np.array([tone(1000)])).values())
    assert bands(np.array([tone(1000)] * 2))[1000.0].side_mid_db is None
    assert OctaveMeter(RATE, 2).read()[0].level_db is None
    assert centres_for(8000) == CENTRES_HZ[:7] and centres_for(48000) == CENTRES_HZ
