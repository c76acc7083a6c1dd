"""Loudness, range and true peak of real and synthesised songs beside libebur128 and ffmpeg's ebur128, which look at the same samples.

Where they differ from us, the test says why: docs/measuring.md has the figures.
"""
import numpy as np
import pytest
import soundfile

from dsp_core.meters.meter import Meter
from mastering_rt.demo.cached import cached_demo
from mastering_rt.measure.analysis import analyze_blocks
from mastering_rt.measure.bins import as_bins
from mastering_rt.measure.loudness import Loudness, range_of, weighted_energy
from tests import signals
from tests.mastering_rt.songs import NAMES, song_file
from tests.other_meters import ffmpeg, libebur128

pytestmark = pytest.mark.slow

PROMISE = "Loudness and range of songs beside libebur128 and ffmpeg"
INTEGRATED_LIMIT_LU, RANGE_LIMIT_LU = 0.02, 0.1
SPARSE_RANGE_LIMIT_LU = 0.25     # what a range read once a second differs by from one read ten times a second


def swelling(rate=48000, seconds=70):
    """Music-like, from nearly nothing to loud and back."""
    x = signals.programme(seconds * rate, rate, seed=7)
    return x * 10 ** (-1.5 * np.sin(np.pi * np.arange(x.shape[1]) / x.shape[1] * 3) ** 2), rate


def song(name):
    if name == "swelling":
        return swelling()
    x, rate = soundfile.read(cached_demo() if name == "demo" else song_file(name), always_2d=True)
    return np.ascontiguousarray(x.T), rate


SONGS = [pytest.param(name, marks=pytest.mark.slow) if name != "swelling" else name for name in ("swelling", "demo", *NAMES)]


def loudness_of(x, rate):
    meter, loudness = Meter(rate, true_peak=False), Loudness()
    bins = as_bins(meter.measure_block(x) + meter.flush_block())
    loudness.feed(weighted_energy(bins), bins["frames"])
    return loudness


def once_a_second(x, rate):
    """Loudness range as libebur128 reads it: a window of 3 s every second; we read ten a second, as Tech 3342 recommends."""
    return range_of(loudness_of(x, rate).windows[::10])


def without_the_tail(x, rate):
    """Loudness range as ffmpeg reads it: without the silence that Tech 3342 wants behind a file, so that its end is weighed in full."""
    return loudness_of(x, rate).range_lu()


@pytest.mark.parametrize("name", SONGS)
def test_libebur128(name, reached):
    x, rate = song(name)
    ours, theirs = analyze_blocks([x], rate, 2, detail="loudness"), libebur128(x, rate)
    reached(PROMISE, "integrated, difference to libebur128", abs(ours.integrated_lufs - theirs.integrated_lufs), INTEGRATED_LIMIT_LU, "LU")
    reached(PROMISE, "range read once a second as libebur128 does, difference", abs(once_a_second(x, rate) - theirs.range_lu), RANGE_LIMIT_LU, "LU")
    if name != "swelling":               # which ends in the middle of it
        reached(PROMISE, "range, difference to libebur128", abs(ours.loudness_range_lu - theirs.range_lu), SPARSE_RANGE_LIMIT_LU, "LU")


@pytest.mark.parametrize("name", SONGS)
def test_ffmpeg(name, reached):
    x, rate = song(name)
    ours, theirs = analyze_blocks([x], rate, 2, detail="loudness"), ffmpeg(x, rate)
    reached(PROMISE, "integrated, difference to ffmpeg", abs(ours.integrated_lufs - theirs.integrated_lufs), INTEGRATED_LIMIT_LU, "LU")
    reached(PROMISE, "range read up to the end as ffmpeg does, difference", abs(without_the_tail(x, rate) - theirs.range_lu), RANGE_LIMIT_LU, "LU")
    if name != "swelling":               # which ends in the middle of it
        reached(PROMISE, "range, difference to ffmpeg", abs(ours.loudness_range_lu - theirs.range_lu), RANGE_LIMIT_LU, "LU")


@pytest.mark.parametrize("other", [libebur128, ffmpeg])
def test_their_true_peak_is_never_higher_than_ours_on_music(other):
    """Both read hard transients low: up to 0.29 dB on these songs, by decibels on full-band ones."""
    for name in ("frantic", "vengeful"):
        x, rate = song(name)
        assert other(x, rate).true_peak_dbtp <= analyze_blocks([x], rate, 2, detail="loudness").true_peak_dbtp + 0.02
