"""Whole files as numbers: every figure from the signal, nothing made up, in constant memory, and stopped when asked."""
import json
import math
import re
import tracemalloc

import msgspec
import numpy as np
import pytest
import soundfile

from mastering_rt.errors import Cancelled, FileProblem
from mastering_rt.measure.analysis import analyze_blocks, analyze_file
from mastering_rt.measure.bins import BIN
from mastering_rt.measure.programme import Programme, UnknownLayout, channel_weights, pairs
from mastering_rt.measure.report import FileReport
from tests import signals

KEYS = ("path", "sample_rate_hz", "channels", "duration_s", "integrated_lufs", "loudness_range_lu", "max_momentary_lufs",
        "max_short_term_lufs", "true_peak_dbtp", "sample_peak_dbfs", "plr_db", "psr_min_db", "crest_db", "correlation",
        "dc_offset_dbfs", "clipped_samples")
NUMBERS = KEYS[4:-1]
RATE = 48000


def analyzed(sound, rate=RATE, frames=65536, **options):
    sound = np.atleast_2d(np.asarray(sound, dtype=np.float64))
    blocks = (np.ascontiguousarray(sound[:, start:start + frames]) for start in range(0, sound.shape[1], frames))
    return analyze_blocks(blocks, rate, len(sound), **options)


def test_a_report_begins_with_the_agreed_keys():
    assert FileReport.__struct_fields__[:len(KEYS)] == KEYS


def test_every_figure_of_a_known_signal():
    x = signals.sine(10 * RATE, RATE, 1000.0, -6.0)
    x[:, 5 * RATE] = 1.0
    x += 0.001
    report = analyzed(x, path="song.wav")
    assert (report.path, report.sample_rate_hz, report.channels, report.duration_s) == ("song.wav", RATE, 2, 10.0)
    assert report.integrated_lufs == pytest.approx(-6.0, abs=0.01)
    assert report.max_momentary_lufs == pytest.approx(-6.0, abs=0.02)
    assert report.max_short_term_lufs == pytest.approx(-6.0, abs=0.01)
    assert report.loudness_range_lu == pytest.approx(-10 * math.log10(0.8), abs=0.01)   # its 10th percentile is in the silence behind
    assert report.sample_peak_dbfs == pytest.approx(20 * math.log10(1.001), abs=1e-9)
    assert report.true_peak_dbtp >= report.sample_peak_dbfs
    assert report.plr_db == pytest.approx(report.true_peak_dbtp - report.integrated_lufs, abs=1e-9)
    assert report.psr_min_db == pytest.approx(0.009, abs=0.02)
    rms_dbfs = 10 * math.log10((x ** 2).mean())
    assert report.crest_db == pytest.approx(report.sample_peak_dbfs - rms_dbfs, abs=1e-6)
    assert report.correlation == pytest.approx(1.0, abs=1e-12)
    assert report.dc_offset_dbfs == pytest.approx(20 * math.log10(np.abs(x.mean(axis=1)).max()), abs=1e-6)
    assert report.clipped_samples == 2


@pytest.mark.slow
def test_no_cut_of_the_file_changes_a_figure():
    x = signals.programme(7 * 44100 + 123, 44100)
    whole = analyzed(x, 44100, x.shape[1])
    for frames in (65536, 4411, 997):
        other = analyzed(x, 44100, frames)
        for name in KEYS[1:]:
            assert getattr(other, name) == pytest.approx(getattr(whole, name), rel=1e-12), name


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_silence_has_no_figures(channels):
    report = analyzed(np.zeros((channels, 4 * RATE)))
    assert all(getattr(report, name) is None for name in NUMBERS)
    assert report.clipped_samples == 0


@pytest.mark.parametrize(("seconds", "missing"), [
    (0.0, NUMBERS), (0.39, ("integrated_lufs", "max_momentary_lufs", "max_short_term_lufs", "loudness_range_lu", "plr_db", "psr_min_db")),
    (2.99, ("max_short_term_lufs", "loudness_range_lu", "psr_min_db")), (3.0, ())])
def test_what_is_too_short_is_left_out(seconds, missing):
    x = signals.noise(int(seconds * RATE))
    report = analyzed(x)
    assert tuple(sorted(name for name in KEYS if getattr(report, name) is None)) == tuple(sorted(missing))


def test_one_sample_can_be_measured():
    report = analyzed([[0.5], [-0.5]])
    assert report.sample_peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert report.true_peak_dbtp == pytest.approx(-6.02, abs=0.01)
    assert report.correlation == -1.0


def test_mono_is_one_channel():
    x = signals.sine(5 * RATE, level_dbfs=-20)
    mono, stereo = analyzed(x[0]), analyzed(x)
    assert mono.integrated_lufs == pytest.approx(stereo.integrated_lufs - 3.0103, abs=1e-3)
    assert mono.correlation is None
    assert mono.crest_db == pytest.approx(stereo.crest_db, abs=1e-9)
    assert "measured as one channel" in mono.text()


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 8])
def test_each_channel_counts_by_its_weight(channels):
    tone = signals.sine(5 * RATE, level_dbfs=-20)[0]
    for channel, weight in enumerate(channel_weights(channels)):
        x = np.zeros((channels, len(tone)))
        x[channel] = tone
        report = analyzed(x)
        if weight:
            assert report.integrated_lufs == pytest.approx(-23.01 + 10 * math.log10(weight), abs=0.01)
        else:
            assert report.integrated_lufs is None
        assert report.true_peak_dbtp == pytest.approx(-20.0, abs=0.02)


def test_pairs_of_channels():
    assert pairs(1) == [slice(0, 1)]
    assert pairs(5) == [slice(0, 2), slice(2, 4), slice(4, 5)]


@pytest.mark.parametrize("channels", [0, 7, 9])
def test_an_unknown_layout_is_refused(channels):
    with pytest.raises(UnknownLayout, match=f"{channels} channels have no layout .* 1, 2, 3, 4, 5, 6 or 8 can be measured"):
        analyze_blocks([], RATE, channels)


def test_a_block_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="a block has 1 channels, the stream 2"):
        analyze_blocks([np.zeros((1, 100))], RATE, 2)


def test_faults_do_not_spread():
    x = signals.noise(5 * RATE)
    x[0, 1000], x[1, 70000] = np.nan, np.inf
    report = analyzed(x)
    assert all(math.isfinite(getattr(report, name)) for name in KEYS[3:])


def test_progress_and_cancelling():
    x, shares = signals.noise(3 * RATE), []
    blocks = [np.ascontiguousarray(x[:, start:start + RATE // 2]) for start in range(0, 3 * RATE, RATE // 2)]
    analyze_blocks(blocks, RATE, 2, frames=3 * RATE, progress=shares.append)
    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0])
    shares.clear()
    with pytest.raises(Cancelled, match=r"The analysis of 'song\.wav' was stopped"):
        analyze_blocks(blocks, RATE, 2, frames=3 * RATE, path="song.wav", progress=shares.append, cancelled=lambda: len(shares) == 2)
    assert len(shares) == 2


@pytest.mark.slow
def test_a_day_of_sound_takes_little_memory():
    """24 h in the bins the core would hand on, ten minutes at a time."""
    piece = np.zeros(60_000, BIN)
    piece["frames"], piece["k_energy"], piece["energy"], piece["true_peak"] = 480, 4.8, 4.8, 0.5
    programme = Programme(RATE)
    tracemalloc.start()
    for _ in range(144):
        programme.feed([piece])
    report = programme.report()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.duration_s == 24 * 3600
    assert report.integrated_lufs == pytest.approx(-0.691 + 10 * math.log10(0.02), abs=1e-9)
    assert peak < 80e6


def test_a_file_reads_as_its_samples(tmp_path):
    x = signals.programme(5 * 44100, 44100)
    path = tmp_path / "söng −1.wav"
    soundfile.write(path, x.T, 44100, subtype="DOUBLE")
    shares = []
    report = analyze_file(path, progress=shares.append)
    wanted = analyzed(x, 44100)
    assert report.path == str(path)
    for name in KEYS[1:]:
        assert getattr(report, name) == getattr(wanted, name), name
    assert shares[-1] == 1.0
    with pytest.raises(Cancelled):
        analyze_file(path, cancelled=lambda: True)


@pytest.mark.parametrize("channels", [1, 5, 6])
def test_files_of_other_than_two_channels(tmp_path, channels):
    x = np.concatenate([signals.programme(4 * 8000, 8000, seed) for seed in range(3)])[:channels]
    soundfile.write(tmp_path / "a.wav", x.T, 8000, subtype="DOUBLE")
    report, wanted = analyze_file(tmp_path / "a.wav"), analyzed(x, 8000)
    for name in KEYS[1:]:
        assert getattr(report, name) == getattr(wanted, name), name


def test_files_that_cannot_be_measured(tmp_path):
    soundfile.write(tmp_path / "seven.wav", np.zeros((100, 7)), 8000)
    with pytest.raises(FileProblem, match=r"seven\.wav' cannot be measured: 7 channels have no layout"):
        analyze_file(tmp_path / "seven.wav")
    with pytest.raises(FileProblem):
        analyze_file(tmp_path / "none.wav")


def test_the_report_for_machines_says_null():
    decoded = json.loads(msgspec.json.encode(analyzed(np.zeros((2, 100)), path="a.wav")))
    assert tuple(decoded)[:len(KEYS)] == KEYS
    assert decoded["integrated_lufs"] is None


def test_the_report_for_people():
    text = analyzed(signals.programme(5 * RATE), path="song.wav").text()
    assert text.splitlines()[0] == "song.wav"
    assert re.search(r"^  Integrated loudness +−\d+\.\d LUFS$", text, re.M)
    assert re.search(r"^  True peak +−?\d+\.\d\d dBTP  at ", text, re.M)
    assert not re.search(r"-\d\.", text)


def test_the_report_for_people_leaves_a_dash():
    text = analyzed(np.zeros((2, 100))).text()
    assert re.search(r"^  Integrated loudness +–$", text, re.M)
    assert re.search(r"^  Clipped samples +0$", text, re.M)
