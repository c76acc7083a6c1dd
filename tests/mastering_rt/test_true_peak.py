"""The true peak of files is right within 0.1 dB for any content: against the independent meter at 64 times the rate."""
import numpy as np
import pytest
from scipy.signal import firwin, lfilter

from dsp_core.meters.meter import Meter
from dsp_core.offline.peaks import CRESTS_EDGE, read_crest
from mastering_rt.measure.analysis import analyze_blocks
from mastering_rt.measure.bins import as_bins
from tests import signals
from tests.truepeak64 import true_peak_db

PROMISE = "True peak of a file of any content, 44.1 to 96 kHz"
LIMIT_DB = 0.1
FRAMES = 30000
RATES = (44100, 48000, 96000)


def alternating(rng):
    """Runs of samples that change their sign each time; half of them turn over in the middle."""
    x = np.zeros(FRAMES)
    for turn in range(20):
        n, at = int(rng.integers(4, 60)), int(rng.integers(500, FRAMES - 500))
        x[at:at + n] = rng.uniform(0.5, 1) * (-1.0) ** np.arange(n)
        x[at + n // 2:at + n] *= (-1) ** turn
    return x


def turned_over(rng, length=200):
    run = np.resize([1.0, -1.0], length)
    run[length // 2:] *= -1
    return np.concatenate([np.zeros(FRAMES // 2), run, np.zeros(FRAMES // 2 - length)])


def transients(rng):
    x = np.zeros(FRAMES)
    for at in rng.integers(100, FRAMES - 200, 30):
        x[at:at + 60] += np.exp(-np.arange(60) / 8) * rng.choice([-1, 1], 60)
    return x


def bursts_of_noise(rng):
    on = np.repeat(rng.random(FRAMES // 50) < 0.05, 50)
    return rng.standard_normal(FRAMES) * on


def band_edge(share, phase):
    return lambda rng: 0.8 * np.sin(2 * np.pi * share * np.arange(FRAMES) + phase)


def impulse(between):
    return lambda rng: np.sinc(np.arange(FRAMES) - FRAMES // 2 - between)


HARD = {
    "white noise": lambda rng: 0.2 * rng.standard_normal(FRAMES),
    "uniform noise": lambda rng: rng.uniform(-1, 1, FRAMES),
    "random signs": lambda rng: rng.choice([-1.0, 1.0], FRAMES),
    "clipped noise": lambda rng: np.clip(rng.standard_normal(FRAMES), -0.5, 0.5),
    "alternating bursts": alternating,
    "200 alternating samples that turn over": turned_over,
    "4000 of them": lambda rng: turned_over(rng, 4000),
    "hard transients": transients,
    "bursts of noise": bursts_of_noise,
    "two samples": lambda rng: np.where(np.arange(FRAMES) // 2 == FRAMES // 4, 1.0, 0.0),
    "square of 997 Hz": lambda rng: np.sign(np.sin(2 * np.pi * 997 / 44100 * np.arange(FRAMES) + 0.1)),
    "saw of 1234.5 Hz": lambda rng: 2 * (1234.5 / 44100 * np.arange(FRAMES) % 1) - 1,
    "clipped music": lambda rng: np.clip(8 * signals.programme(FRAMES, 44100)[0], -1, 1),
    **{f"impulse {between} frames late": impulse(between) for between in (0.0, 0.1, 0.25, 0.37, 0.5, 0.75)},
    **{f"sine at {share} of the rate, phase {phase:.1f}": band_edge(share, phase)
       for share in (0.25, 0.45, 0.48, 0.49, 0.495) for phase in (0.0, 0.8, 1.6)},
}


def measured(x, rate, cut=65536):
    return analyze_blocks((np.ascontiguousarray(x[:, at:at + cut]) for at in range(0, x.shape[1], cut)), rate, len(x))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", HARD)
def test_a_hard_signal_reads_what_the_meter_at_64_times_the_rate_reads(name, rate, reached):
    x = np.pad(HARD[name](np.random.default_rng(len(name) + rate)), 500)
    error = measured(x[None], rate).true_peak_dbtp - true_peak_db(x)
    reached(PROMISE, "full-band signals and hard transients", abs(error), LIMIT_DB)


@pytest.mark.slow
def test_a_burst_is_found_in_a_long_loud_song_at_any_place_and_in_either_channel():
    """The detector reads the burst under the song's own peak; it is the highest crest all the same."""
    song = 0.5 * signals.programme(400_000, 44100)
    song *= 1.5 / np.abs(song).max()
    for at, channel in ((3, 0), (65_530, 1), (131_072, 0), (399_700, 1)):
        x = song.copy()
        x[:, max(0, at - 300):at + 600] = 0
        x[channel, at:at + 200] = 0.45 * turned_over(None)[FRAMES // 2:FRAMES // 2 + 200]
        report = measured(x, 44100)
        assert report.true_peak_exact
        assert report.true_peak_dbtp == pytest.approx(true_peak_db(x), abs=LIMIT_DB)
        assert report.true_peak_dbtp > 5.0


@pytest.mark.slow
def test_music_keeps_the_reading_of_the_meters():
    """So that the figure of a file is that of the live meters, to the last bit. Music: nothing to speak of over 20.3 kHz."""
    x = np.ascontiguousarray(lfilter(firwin(301, 19500, fs=44100), 1.0, signals.programme(200_000, 44100)))
    meter = Meter(44100)
    report = measured(x, 44100)
    assert not report.true_peak_exact
    assert report.true_peak_dbtp == 20 * np.log10(as_bins(meter.measure_block(x) + meter.flush_block())["true_peak"].max())
    assert report.true_peak_dbtp == pytest.approx(true_peak_db(x), abs=0.05)


@pytest.mark.parametrize("cut", [441, 10007, 10 ** 9])
def test_no_cut_of_the_stream_changes_it(cut):
    x = np.stack([alternating(np.random.default_rng(seed)) for seed in (1, 2)])
    x = np.tile(x, 5)
    assert measured(x, 44100, cut).true_peak_dbtp == measured(x, 44100).true_peak_dbtp
    assert measured(x, 44100, cut).true_peak_exact


@pytest.mark.parametrize("build", ["portable", "avx2", ""])
def test_a_single_crest_reads_what_the_meter_at_64_times_the_rate_reads(build, monkeypatch):
    """Noise up to half the rate, and a crest of its own in the middle, between two samples."""
    rng, middle = np.random.default_rng(7), 2 * CRESTS_EDGE
    x = 0.1 * rng.standard_normal(4 * CRESTS_EDGE) + 0.9 * np.sinc(np.arange(4 * CRESTS_EDGE) - middle - 0.4)
    sound = x.astype(np.float32)
    best = read_crest(sound, middle, 0.0)
    if build:
        monkeypatch.setenv("MRT_CPU", build)
    assert read_crest(sound, middle, 0.0) == best
    assert 20 * np.log10(best) == pytest.approx(true_peak_db(x), abs=0.01)
    assert read_crest(sound, middle, 1.1 * best) == 0.0
    with pytest.raises(ValueError, match="closer than"):
        read_crest(sound, CRESTS_EDGE - 1, 0.0)
