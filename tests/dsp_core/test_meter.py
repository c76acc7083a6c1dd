"""What the meter promises: exact bins at every rate, whatever the cut of the stream, and no number made of nothing."""
from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import freqz, lfilter

from dsp_core.meters.meter import BIN_BYTES, BIN_FIELDS, Meter, k_parallel, k_sections
from dsp_core.meters.truepeak import TruePeakDetector
from tests import signals

BIN = np.dtype({"names": [f[0] for f in BIN_FIELDS], "formats": [f[1] for f in BIN_FIELDS],
                "offsets": [f[2] for f in BIN_FIELDS], "itemsize": BIN_BYTES})
RATES = (8000, 11025, 16000, 22050, 32000, 37800, 44056, 44100, 48000, 88200, 96000, 176400, 192000, 384000)

PROMISE = "K-weighting at any rate against that of 48 kHz, up to 20 kHz or 0.45 of the rate"

# ITU-R BS.1770-5, tables 1 and 2: shelf b, shelf a1 a2, high-pass b0, high-pass a1 a2
PUBLISHED = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585),
             1.0, (-1.99004745483398, 0.99007225036621))


def measured(sound, rate=48000, cuts=None, **options):
    """All bins of a sound (channels, frames) that is handed over in pieces."""
    meter = Meter(rate, len(sound), **options)
    raw, done = bytearray(), 0
    while done < sound.shape[1]:
        n = sound.shape[1] - done if cuts is None else min(cuts(), sound.shape[1] - done)
        raw += meter.measure_block(np.ascontiguousarray(sound[:, done:done + n]))
        done += n
    raw += meter.flush_block()
    return np.frombuffer(bytes(raw), BIN)


def bin_edges(frames, rate):
    ends = [0]
    while ends[-1] < frames:
        ends.append(min(len(ends) * rate // 100, frames))
    return ends


@pytest.mark.parametrize("rate", RATES)
def test_bins_hold_the_sums_of_their_frames(rate):
    x = signals.programme(int(rate * 0.537) + 3, rate)
    bins, edges = measured(x, rate), bin_edges(x.shape[1], rate)
    (shelf_b, shelf_a), (high_b, high_a) = k_sections(rate)
    weighted = lfilter(high_b, high_a, lfilter(shelf_b, shelf_a, x))
    parts = [slice(a, b) for a, b in pairwise(edges)]
    assert np.array_equal(bins["index"], np.arange(len(parts)))
    assert np.array_equal(bins["frames"], np.diff(edges))
    for name, wanted in {
            "k_energy": [(weighted[:, p] ** 2).sum(axis=1) for p in parts], "energy": [(x[:, p] ** 2).sum(axis=1) for p in parts],
            "cross": [(x[0, p] * x[1, p]).sum() for p in parts], "total": [x[:, p].sum(axis=1) for p in parts],
            "peak": [np.abs(x[:, p]).max(axis=1) for p in parts]}.items():
        assert np.allclose(bins[name], wanted, rtol=1e-8, atol=1e-12), name


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000, 384000])
@pytest.mark.parametrize("channels", [1, 2])
def test_no_cut_changes_a_bit(rate, channels):
    x = signals.programme(rate // 2 + 17, rate)[:channels]
    rng = np.random.default_rng(rate)
    whole = measured(x, rate)
    assert np.array_equal(whole, measured(x, rate, lambda: int(rng.integers(1, 700))))
    assert np.array_equal(whole, measured(x, rate, lambda: 1) if rate < 44100 else measured(x, rate, lambda: 31))


def test_the_kernel_equals_its_plain_twin_bit_by_bit():
    x = signals.programme(20000)
    fast, plain = measured(x), measured(x, plain=True)
    for name in BIN.names:
        if name == "true_peak":
            assert np.allclose(fast[name], plain[name], rtol=1e-5)
        else:
            assert np.array_equal(fast[name], plain[name]), name


def test_k_coefficients_are_the_published_ones():
    (shelf_b, shelf_a), (high_b, high_a) = k_sections(48000)
    b, a, high_b0, high = PUBLISHED
    assert shelf_b == pytest.approx(b, abs=3e-14)
    assert shelf_a == pytest.approx([1, *a], abs=3e-14)
    assert high_b == pytest.approx([high_b0, -2 * high_b0, high_b0], abs=3e-14)
    assert high_a == pytest.approx([1, *high], abs=3e-14)


@pytest.mark.parametrize("rate", RATES)
def test_k_weighting_is_the_same_at_every_rate(rate, reached):
    hz = np.geomspace(10, min(20000, 0.45 * rate), 500)
    here, printed = (sum(20 * np.log10(np.abs(freqz(b, a, hz, fs=fs)[1])) for b, a in k_sections(fs)) for fs in (rate, 48000))
    what, limit = ("32 kHz and more", 0.0002) if rate >= 32000 else ("22.05 kHz", 0.0006) if rate == 22050 else ("8 to 16 kHz", 0.03)
    reached(PROMISE, what, np.abs(here - printed).max(), limit)


@pytest.mark.parametrize("rate", RATES)
def test_the_sections_side_by_side_are_those_in_a_row(rate):
    w = 2 * np.pi * np.concatenate([np.geomspace(5, 0.499 * rate, 400)]) / rate
    (shelf_b, shelf_a), (high_b, high_a) = k_sections(rate)
    direct, parts = k_parallel(rate)
    row = freqz(shelf_b, shelf_a, w)[1] * freqz(high_b, high_a, w)[1]
    side_by_side = direct + np.exp(-1j * w) * sum(freqz(b, a, w)[1] for b, a in parts)
    assert np.abs(side_by_side / row - 1).max() < 1e-7


@pytest.mark.parametrize("rate", [44100, 384000])
def test_an_offset_has_no_loudness(rate):
    bins = measured(np.ones((2, 4 * rate)), rate, true_peak=False)
    assert bins["k_energy"][-1].max() / bins["frames"][-1] < 1e-20
    assert np.array_equal(bins["total"], np.stack([bins["frames"]] * 2, axis=1))


def test_silence_is_zero_in_every_field():
    bins = measured(np.zeros((2, 4800)))
    assert all(not bins[name].any() for name in BIN.names if name not in ("index", "frames"))


def test_a_loud_end_leaves_no_trace_after_a_minute():
    x = np.zeros((2, 60 * 8000))
    x[:, :8000] = signals.noise(8000, 8000)
    assert measured(x, 8000)["k_energy"][-1].max() == 0


@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf, 1e101, -1e308])
def test_faults_are_counted_and_measured_as_silence(fault):
    x = signals.noise(4800)
    mended = x.copy()
    for channel, frame in (0, 0), (0, 1000), (1, 1000), (1, 4799):
        x[channel, frame], mended[channel, frame] = fault, 0.0
    bins, wanted = measured(x, cuts=lambda: 37), measured(mended)
    assert bins["faults"].tolist() == [1, 0, 2, 0, 0, 0, 0, 0, 0, 1]
    for name in BIN.names:
        assert name == "faults" or np.array_equal(bins[name], wanted[name]), name


@pytest.mark.parametrize("level", [1e30, 1e100])
def test_absurd_levels_stay_numbers_and_pass(level):
    x = np.zeros((2, 48000))
    x[:, :4800] = level * signals.white_random_signs(4800)
    bins = measured(x)
    assert all(np.isfinite(bins[name]).all() for name in BIN.names)
    assert bins["peak"][0, 0] == level
    assert bins["clipped"].sum() == 9600
    assert bins["k_energy"][-1].max() < 1e-12 * bins["k_energy"][0].max()


@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_true_peaks_stand_in_the_bin_of_their_frame(rate):
    x = signals.noise(rate // 4 + 5, rate)
    bins, edges = measured(x, rate), bin_edges(x.shape[1], rate)
    for channel in range(2):
        detector = TruePeakDetector(rate)
        late = np.concatenate([x[channel], np.zeros(detector.delay)])
        peaks = np.empty(len(late), np.float32)
        detector.run(late, peaks)
        of_frames = np.maximum(peaks[detector.delay:], np.abs(x[channel]))
        wanted = np.array([of_frames[a:b].max() for a, b in pairwise(edges)])
        wanted[0] = max(wanted[0], peaks[:detector.delay].max())
        assert np.array_equal(bins["true_peak"][:, channel], wanted)


def test_true_peak_sees_between_the_samples_and_can_be_left_out():
    x = np.stack([np.sin(np.pi / 2 * np.arange(9600) + np.pi / 4)] * 2) * np.hanning(9600)
    assert measured(x)["true_peak"].max() == pytest.approx(1.0, abs=0.003)
    assert measured(x)["peak"].max() == pytest.approx(np.sqrt(0.5), abs=1e-3)
    without = measured(x, true_peak=False)
    assert not without["true_peak"].any()
    for name in BIN.names:
        assert name == "true_peak" or np.array_equal(without[name], measured(x)[name]), name


def test_clipped_samples_are_those_at_full_scale_of_16_bits():
    x = np.zeros((2, 480))
    x[0, :6] = [1.0, -1.0, 32767 / 32768, -32767 / 32768, 32766 / 32768, 1.5]
    assert measured(x)["clipped"].tolist() == [[5, 0]]


@pytest.mark.parametrize("rate", [11025, 48000])
def test_mono_is_the_left_of_stereo(rate):
    x = signals.programme(rate // 3, rate)
    mono, stereo = measured(x[:1], rate), measured(x, rate)
    for name in ("k_energy", "energy", "total", "peak", "true_peak", "clipped"):
        assert np.array_equal(mono[name][:, 0], stereo[name][:, 0]), name
        assert not mono[name][:, 1].any()
    assert not mono["cross"].any()


def test_a_seek_cuts_the_bin_and_goes_on_at_the_new_song_time():
    x = signals.noise(2000)
    meter = Meter(48000)
    first = np.frombuffer(meter.measure_block(np.ascontiguousarray(x[:, :700])) + meter.seek_to(48000 + 100), BIN)
    assert first["index"].tolist() == [0, 1]
    assert first["frames"].tolist() == [480, 220]
    second = np.frombuffer(meter.measure_block(np.ascontiguousarray(x[:, 700:])) + meter.flush_block(), BIN)
    assert second["index"].tolist() == [100, 101, 102]
    assert second["frames"].tolist() == [380, 480, 440]
    both = np.concatenate([first, second])
    assert both["energy"].sum(axis=0) == pytest.approx((x ** 2).sum(axis=1))
    assert both["k_energy"].sum() == pytest.approx(measured(x)["k_energy"].sum())


@pytest.mark.parametrize("frames", [1, 479, 480, 481, 500, 960])
def test_the_end_hands_on_what_is_left(frames):
    bins = measured(signals.noise(frames))
    assert bins["frames"].sum() == frames
    assert len(bins) == -(-frames // 480)


def test_a_saved_state_goes_on_as_if_nothing_had_happened():
    x = signals.programme(9600)
    meter, other = Meter(48000), Meter(48000)
    meter.measure_block(np.ascontiguousarray(x[:, :5001]))
    state, rest = meter.save(), np.ascontiguousarray(x[:, 5001:])
    other.load(state)
    assert other.measure_block(rest) + other.flush_block() == meter.measure_block(rest) + meter.flush_block()


def test_a_restart_is_as_new():
    x = signals.programme(4800)
    meter = Meter(48000)
    meter.measure_block(signals.noise(5000))
    meter.restart_now()
    assert meter.measure_block(x) == Meter(48000).measure_block(x)


def test_bins_without_room_are_lost_and_counted():
    meter, x = Meter(48000), signals.noise(4800 + 100)
    assert len(meter.measure_block(x, most_bins=3)) == 3 * BIN_BYTES
    assert meter.lost_bins == 7
    assert np.frombuffer(meter.measure_block(x), BIN)["index"][0] == 10


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((7999,), "the meter cannot run at 7999 Hz; rates from 8 kHz to 384 kHz work"),
    ((384001,), "384001 Hz"),
    ((48000, 3), "a meter measures 1 or 2 channels, not 3"),
])
def test_what_cannot_be_measured_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Meter(*arguments)


def test_wrong_blocks_are_refused():
    meter = Meter(48000)
    with pytest.raises(ValueError, match="measures 2 channels, got 1"):
        meter.measure_block(np.zeros((1, 480)))
    with pytest.raises(ValueError, match="does not fit a meter"):
        meter.load(b"x")
    with pytest.raises(ValueError, match="song time begins at 0"):
        meter.seek_to(-1)
