"""The numbers of a whole file beyond its loudness: against closed forms, against definitions worked out another way, in any pieces."""
import math

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from mastering_rt.measure.analysis import analyze_blocks
from mastering_rt.measure.bands import CENTRES_HZ, BandMeter
from mastering_rt.measure.distribution import histogram, percentiles_lufs
from mastering_rt.measure.scales import K_SYSTEM_DB, PPM_SCALES, k_of, vu_of
from mastering_rt.measure.true_peak import BAND_SHARE, FULL_BAND_DB, error_bar_db, error_bar_text
from tests import signals
from tests.checks import db
from tests.dsp_core.test_truepeak import band_limited, peaks_of
from tests.truepeak64 import true_peak_db

RATE = 48000


def report(sound, rate=RATE, cuts=None, **options):
    pieces, done = [], 0
    while done < sound.shape[1]:
        n = sound.shape[1] - done if cuts is None else min(cuts(), sound.shape[1] - done)
        pieces.append(np.ascontiguousarray(sound[:, done:done + n]))
        done += n
    return analyze_blocks(pieces, rate, len(sound), **options)


def test_a_sine_reads_what_every_convention_says():
    found = report(signals.sine(12 * RATE, RATE, 997, -18))
    assert found.rms_dbfs == pytest.approx(-21.01, abs=0.005)
    assert found.rms_aes17_dbfs == pytest.approx(-18, abs=0.005)
    assert found.crest_db == pytest.approx(3.01, abs=0.005)
    for name in ("ppm_type1_max_dbfs", "ppm_type2_max_dbfs"):
        assert getattr(found, name) == pytest.approx(-18, abs=0.1)
    assert found.vu_max_dbfs == pytest.approx(-18 + db(1.0127), abs=0.02)
    for headroom in K_SYSTEM_DB:
        assert getattr(found, f"k{headroom}_max_db") == pytest.approx(headroom - 18, abs=0.01)
    assert found.dr_db == pytest.approx(0, abs=0.01)
    assert found.correlation_min == pytest.approx(1)
    assert found.overs == 0
    assert found.balance_db == pytest.approx(0)
    assert found.width_db is None
    assert found.word_length_bits is None
    assert found.finer_than_32_bits


@pytest.mark.slow
def test_dynamic_range_is_that_of_the_definition():
    """Worked out from the samples of blocks of 3 s, as the formula stands in the paper of the foundation."""
    x = signals.programme(20 * RATE + 12345) * np.repeat(10 ** (np.array([0, -6, -3, -12, -9, 0, -20]) / 20), 3 * RATE)[:20 * RATE + 12345]
    found, wanted = report(x), []
    for channel in x:
        blocks = [channel[start:start + 3 * RATE] for start in range(0, len(channel), 3 * RATE)]
        rms = sorted(math.sqrt(2 * np.mean(block ** 2)) for block in blocks)
        loud = rms[-max(1, int(0.2 * len(rms))):]
        peak = sorted(np.abs(block).max() for block in blocks)[-2]
        wanted.append(20 * math.log10(peak / math.sqrt(np.mean(np.square(loud)))))
    assert found.dr_channels_db == pytest.approx(wanted, abs=1e-9)
    assert found.dr_db == pytest.approx(np.mean(wanted), abs=1e-9)


def test_maxima_are_found_where_they_are():
    x = signals.noise(30 * RATE, level=0.01)
    x[:, 10 * RATE:13 * RATE] *= 8
    x[:, 20 * RATE:20 * RATE + 19200] *= 20
    x[0, 25 * RATE + 240] = 0.9
    x[1, 5 * RATE:6 * RATE] = -x[0, 5 * RATE:6 * RATE]
    found = report(x)
    assert found.max_short_term_at_s == pytest.approx(10, abs=0.02)
    assert found.max_momentary_at_s == pytest.approx(20, abs=0.02)
    assert found.true_peak_at_s == pytest.approx(25, abs=0.011)
    assert found.correlation_min == pytest.approx(-1, abs=1e-9)
    assert 5 <= found.correlation_min_at_s <= 5.7
    assert found.psr_min_at_s is not None
    assert 0 <= found.psr_min_at_s <= 27


def test_offsets_and_balance_have_a_sign():
    x = signals.noise(4 * RATE, level=0.01)
    x -= x.mean(axis=1, keepdims=True)
    x[0] += 0.001
    x[1] -= 0.002
    found = report(x)
    assert found.dc_channels_percent == pytest.approx((0.1, -0.2), abs=1e-9)
    assert found.dc_offset_dbfs == pytest.approx(db(0.002), abs=1e-6)
    x[1] *= 0.5
    assert report(x).balance_db == pytest.approx(20 * math.log10(2), abs=0.3)


@pytest.mark.slow
def test_percentiles_and_histogram_are_those_of_the_windows():
    x = signals.noise(60 * RATE, level=0.01)
    x[:, 30 * RATE:] *= 10
    found = report(x)
    quiet, loud = found.short_term_percentiles_lufs["10"], found.short_term_percentiles_lufs["90"]
    assert loud - quiet == pytest.approx(20, abs=0.1)
    assert loud == pytest.approx(found.max_short_term_lufs, abs=0.2)
    assert percentiles_lufs(np.zeros(100)) is None
    shares = histogram(np.array([10 ** -2.0] * 3 + [10 ** -4.0, 10.0, 0.0]))
    assert shares.sum() == pytest.approx(1)
    assert shares[[60 - 21, 60 - 41, 59]] == pytest.approx([3 / 5, 1 / 5, 1 / 5])


@pytest.mark.parametrize("bits", [16, 24])
def test_the_word_of_a_file_is_known(bits):
    x = np.round(signals.programme(RATE) * 2 ** (bits - 1)) / 2 ** (bits - 1)
    found = report(x)
    assert found.word_length_bits == bits
    assert not found.finer_than_32_bits
    assert all(int(mask, 16) & (2 ** (32 - bits) - 1) == 0 for mask in found.bits_used)


@pytest.mark.parametrize("rate", [44100, 96000])
def test_octaves_tell_what_each_channel_has(rate):
    """Bass out of phase, middle alike, treble unlike and 6 dB more on the left."""
    left, right, other = (signals.noise(8 * rate, rate, seed=seed)[0] for seed in (1, 2, 3))
    low, mid, high = (sosfilt(butter(8, edges, kind, fs=rate, output="sos"), left)
                      for edges, kind in ((90, "low"), ((350, 2800), "band"), (11000, "high")))
    high_other = sosfilt(butter(8, 11000, "high", fs=rate, output="sos"), right)
    fade = np.minimum(1, np.arange(8 * rate)[::-1] / rate)             # bass that is cut off has treble
    found = report(np.stack([30 * low + mid + 2 * high, -27 * low + mid + high_other]) * fade + 1e-9 * other, rate)
    by_band = found.band_correlation
    assert by_band["31.5"] == pytest.approx(-1, abs=1e-3)
    assert by_band["63"] == pytest.approx(-1, abs=1e-3)
    assert by_band["1000"] == pytest.approx(1, abs=1e-3)
    assert by_band["16000"] == pytest.approx(0, abs=0.02)
    assert found.band_width_db["63"] == pytest.approx(20 * math.log10(57 / 3), abs=0.1)
    assert found.band_width_db["1000"] < -30
    assert found.band_balance_db["16000"] == pytest.approx(6.02, abs=0.1)
    assert found.band_balance_db["1000"] == pytest.approx(0, abs=0.05)


def test_octaves_add_up_to_the_sound():
    """The floor under which a band is silent is a level of the band itself."""
    for level_db, known in ((-89.5, True), (-90.5, False)):
        meter, x = BandMeter(RATE), signals.sine(4 * RATE, RATE, 1000, level_db + 3.01).astype(np.float32)
        meter.push(x)
        assert (meter.whole().correlation[5] is not None) is known


def test_octaves_over_half_the_rate_are_unknown():
    found = report(signals.noise(16000, 16000), 16000)
    assert [hz for hz, value in found.band_correlation.items() if value is None] == ["16000"]
    assert list(found.band_correlation) == [f"{hz:g}" for hz in CENTRES_HZ]


@pytest.mark.slow
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_no_cut_of_the_stream_changes_a_number(channels):
    x = np.concatenate([signals.programme(7 * RATE + 77, seed=seed) for seed in (1, 2, 3)])[:channels]
    rng = np.random.default_rng(4)
    assert report(x) == report(x, cuts=lambda: int(rng.integers(1, 30000)))


@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_alone_says_the_same_and_leaves_out_the_rest(channels):
    x = signals.programme(7 * RATE)[:channels]
    full, fast = report(x), report(x, detail="loudness")
    left_out = {name for name in full.__struct_fields__ if getattr(full, name) != getattr(fast, name)}
    assert all(getattr(fast, name) is None for name in left_out)
    assert {"overs", "dr_db", "ppm_type1_max_dbfs", "bits_used"} <= left_out
    assert not left_out & {"integrated_lufs", "loudness_range_lu", "true_peak_dbtp", "true_peak_at_s", "rms_dbfs"}


def test_silence_has_no_figures():
    found = report(np.zeros((2, 5 * RATE)))
    for name in ("dr_db", "ppm_type1_max_dbfs", "vu_max_dbfs", "k20_max_db", "correlation_min", "word_length_bits", "balance_db", "rms_dbfs",
                 "max_momentary_at_s", "true_peak_at_s", "short_term_percentiles_lufs"):
        assert getattr(found, name) is None, name
    assert set(found.band_correlation.values()) == {None}
    assert found.overs == 0


def test_nothing_at_all_is_measured_as_nothing():
    assert report(np.zeros((2, 0))).overs == 0


@pytest.mark.slow
@pytest.mark.parametrize("rate", [22050, 44100, 48000, 88200, 96000, 192000])
def test_true_peak_stays_in_its_stated_bar(rate, reached):
    low, high = error_bar_db(rate)
    edge = min(20000 / rate, BAND_SHARE)
    for seed in range(8):
        rough = signals.white_random_signs(20000, seed=seed)[0]
        for x in (band_limited(rough, rate, edge), band_limited(signals.noise(20000, seed=seed)[0], rate, edge)):
            off = db(peaks_of(x, rate).max()) - true_peak_db(x)
            reached("True peak meter: off 64 points a frame, sound up to 20 kHz", f"reads low, {rate} Hz", -off, -low)
            reached("True peak meter: off 64 points a frame, sound up to 20 kHz", f"reads high, {rate} Hz", off, high)
        off = db(peaks_of(rough, rate).max()) - true_peak_db(rough)
        reached("True peak meter: off 64 points a frame, random signs up to half the rate", "reads low", -off, -FULL_BAND_DB[0])
        reached("True peak meter: off 64 points a frame, random signs up to half the rate", "reads high", off, FULL_BAND_DB[1])
    assert f"{high:.2f} dB" in error_bar_text(rate)


def test_scales_say_what_is_written_on_them():
    for scale in PPM_SCALES:
        for text, dbfs in scale.marks:
            assert scale.reading(dbfs) == pytest.approx(float(text)), scale.id
    assert vu_of(-18, -18) == 0
    assert k_of(-23.0103, 20) == pytest.approx(0, abs=1e-4)
