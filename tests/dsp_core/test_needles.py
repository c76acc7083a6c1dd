"""Needle meters against the standards that define them, at every rate; bits and overs sample by sample."""
import numpy as np
import pytest

from dsp_core.meters.meter import Meter
from dsp_core.meters.needles import NEEDLE_BYTES, NEEDLE_FIELDS, Needles
from tests import signals
from tests.checks import db

NEEDLE = np.dtype({"names": [f[0] for f in NEEDLE_FIELDS], "formats": [f[1] for f in NEEDLE_FIELDS],
                   "offsets": [f[2] for f in NEEDLE_FIELDS], "itemsize": NEEDLE_BYTES})
RATES = (44100, 48000, 88200, 96000, 176400, 192000)
BURSTS = {                       # IEC 60268-10: {ms of 5 kHz: (dB under the steady tone, tolerance)}
    "ppm1": {10: (-1, 0.5), 5: (-2, 1), 3: (-4, 1), 0.4: (-15, 4)},
    "ppm2": {100: (0, 0.5), 10: (-2.5, 0.5), 5: (-4, 0.75), 1.5: (-9, 1), 0.5: (-17, 2)},
}
RETURNS = {"ppm1": (20, 1.5, 0.15), "ppm2": (24, 2.8, 0.3)}     # dB, seconds, tolerance


def measured(sound, rate=48000, cuts=None, **options):
    """All bins of a sound (channels, frames) that is handed over in pieces."""
    needles = Needles(rate, len(sound), **options)
    raw, done = bytearray(), 0
    while done < sound.shape[1]:
        n = sound.shape[1] - done if cuts is None else min(cuts(), sound.shape[1] - done)
        raw += needles.measure_block(np.ascontiguousarray(sound[:, done:done + n]))
        done += n
    raw += needles.flush_block()
    return np.frombuffer(bytes(raw), NEEDLE)


def tone(rate, seconds, hz, level_db=0.0, phase=0.0):
    return signals.sine(round(rate * seconds), rate, hz, level_db, phase)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", BURSTS)
def test_bursts(kind, rate, reached):
    steady = measured(tone(rate, 2, 5000), rate)[kind].max()
    for ms, (wanted_db, tolerance_db) in BURSTS[kind].items():
        for phase in (0.0, 0.9, np.pi / 2):
            burst = np.concatenate([np.zeros((2, 1000)), tone(rate, ms / 1000, 5000, phase=phase), np.zeros((2, rate // 10))], axis=1)
            off = db(measured(burst, rate)[kind].max() / steady) - wanted_db
            reached("Programme meters: tone bursts of 5 kHz, off the table of IEC 60268-10", f"type {kind[-1]}, {ms} ms", abs(off), tolerance_db)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("kind", RETURNS)
def test_returns(kind, rate, reached):
    far_db, seconds, tolerance_s = RETURNS[kind]
    reading = measured(np.concatenate([tone(rate, 1, 1000), np.zeros((2, 4 * rate))], axis=1), rate)[kind][:, 0]
    after = np.flatnonzero(db(reading[100:] / reading[99]) <= -far_db)[0] / 100
    reached("Programme meters: time to fall, off its nominal", f"type {kind[-1]}, {far_db} dB in {seconds} s", abs(after - seconds), tolerance_s, "s")


@pytest.mark.parametrize("rate", RATES)
def test_a_vu_needle_stands_after_300_ms_and_swings_over_a_little(rate, reached):
    vu = measured(tone(rate, 2, 1000, -18), rate)["vu"][:, 0] / 10 ** (-18 / 20)
    reached("VU meter (IEC 60268-17)", "299 ms after a tone begins, off 99 %", abs(100 * vu[29] - 99), 1, "%")
    reached("VU meter (IEC 60268-17)", "swings over by at most", 100 * (vu.max() - 1), 1.5, "%")
    reached("VU meter (IEC 60268-17)", "swings over by at least", 100 * (vu.max() - 1), 1.0, "%", least=True)
    down = measured(np.concatenate([tone(rate, 3, 1000), np.zeros((2, rate))], axis=1), rate)["vu"][:, 0]
    assert down[300 + 30] == pytest.approx(0.01, abs=0.011)      # it comes back as it goes


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [31.5, 100, 997, 5000, 10000])
def test_a_steady_tone_reads_its_peak_on_every_needle(rate, hz, reached):
    bins = measured(tone(rate, 4, hz, -9), rate)
    for kind, wanted in (("ppm1", 0.3), ("ppm2", 0.3), ("vu", 0.15)):
        reached("Needles: a steady tone, 31.5 Hz to 10 kHz, off its peak level", kind, abs(db(bins[kind][-20:, 0].max()) + 9), wanted)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 96000, 384000])
@pytest.mark.parametrize("channels", [1, 2])
def test_no_cut_changes_a_bit(rate, channels):
    x = signals.programme(rate // 2 + 17, rate)[:channels] * 3
    rng = np.random.default_rng(rate)
    whole = measured(x, rate, delay_frames=36)
    assert np.array_equal(whole, measured(x, rate, lambda: int(rng.integers(1, 700))))
    assert np.array_equal(whole, measured(x, rate, lambda: 31, delay_frames=rate // 100))


def test_the_kernel_equals_its_plain_twin_bit_by_bit():
    for x in (signals.programme(20000), signals.noise(20000) * 4, np.round(signals.noise(9000) * 128) / 128, np.zeros((2, 900))):
        assert np.array_equal(measured(x), measured(x, plain=True))


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 192000])
def test_bins_come_with_those_of_the_meter_beside(rate):
    """In every block as many, and of the same song time."""
    meter = Meter(rate)
    needles, x = Needles(rate, delay_frames=meter.delay_frames), signals.noise(rate)
    rng, done = np.random.default_rng(1), 0
    while done < rate:
        piece = np.ascontiguousarray(x[:, done:done + int(rng.integers(1, 600))])
        done += piece.shape[1]
        theirs = np.frombuffer(meter.measure_block(piece), np.uint8).reshape(-1, 112)[:, :8].copy().view(np.int64).ravel()
        assert np.frombuffer(needles.measure_block(piece), NEEDLE)["index"].tolist() == theirs.tolist()


@pytest.mark.parametrize("bits", [2, 8, 16, 20, 24, 32])
def test_words_of_so_many_bits_show_as_many(bits):
    steps = np.random.default_rng(bits).integers(-2 ** (bits - 1), 2 ** (bits - 1), (2, 4800))
    steps[:, 0], steps[:, 1] = -2 ** (bits - 1), 2 ** (bits - 1) - 1
    bins = measured(steps / 2 ** (bits - 1))
    wanted = (2 ** 32 - 1) & ~(2 ** (32 - bits) - 1)
    assert np.bitwise_or.reduce(bins["bits"], axis=0).tolist() == [wanted, wanted]
    assert not bins["below"].any()


def test_each_bit_lights_by_itself():
    for bit in range(31):
        x = np.zeros((2, 480))
        x[0, 100] = 2.0 ** (bit - 31)
        bins = measured(x)
        assert bins["bits"][0].tolist() == [1 << bit, 0]
        assert not bins["below"].any()
    x[0, 100] = -2.0 ** -31
    assert measured(x)["bits"][0].tolist() == [0x80000001, 0]


def test_what_the_word_does_not_hold_is_told():
    x = np.zeros((2, 480))
    x[0, 5], x[1, 5] = 2.0 ** -32, 0.1
    assert measured(x)["below"].tolist() == [[1, 1]]
    assert measured(np.float64(np.float32(x)))["below"].tolist() == [[1, 0]]     # 24 bits from the fourth on
    assert measured(np.float64(np.float32(x / 64)))["below"].tolist() == [[1, 1]]
    assert measured(np.round(x * 32768) / 32768)["below"].tolist() == [[0, 0]]
    assert measured(x, word_bits=16)["bits"][0].tolist() == [0, round(0.1 * 32768) << 16]


@pytest.mark.parametrize("level", [1.0, 1.5, -1.0, -7.0, 1e100])
def test_full_scale_and_beyond_light_the_top_bit_only(level):
    x = np.zeros((2, 480))
    x[:, 7] = level
    bins = measured(x)
    assert bins["bits"][0].tolist() == [0x80000000] * 2
    assert not bins["below"].any()


def test_an_over_is_three_samples_in_a_row():
    x = np.zeros((2, 2400))
    x[0, 100:102] = 1.0                        # two: none
    x[0, 478:481] = [1.0, -1.0, 32767 / 32768] # three over the edge of a bin
    x[0, 1000:1900] = 1.0                      # one, however long
    x[1, 10:13] = x[1, 14:17] = -1.2
    for cuts in (None, lambda: 1, lambda: 37):
        assert measured(x, cuts=cuts)["overs"].tolist() == [[0, 2], [1, 0], [1, 0], [0, 0], [0, 0]]


@pytest.mark.parametrize("fault", [np.nan, np.inf, -1e308])
def test_faults_are_measured_as_silence(fault):
    x = signals.noise(4800)
    mended = x.copy()
    for channel, frame in (0, 0), (1, 1000), (1, 4799):
        x[channel, frame], mended[channel, frame] = fault, 0.0
    assert np.array_equal(measured(x, cuts=lambda: 37), measured(mended))


@pytest.mark.parametrize("level", [1e30, 1e100])
def test_absurd_levels_pass(level):
    x = np.zeros((2, 45 * 8000))
    x[:, :100] = level
    bins = measured(x, 8000)
    assert all(np.isfinite(bins[name]).all() for name in ("ppm1", "ppm2", "vu"))
    assert bins["ppm1"][-1].max() < 1e-6


def test_mono_is_the_left_of_stereo():
    x = signals.programme(20000) * 2
    mono, stereo = measured(x[:1]), measured(x)
    for name in ("ppm1", "ppm2", "vu", "bits", "below", "overs"):
        assert np.array_equal(mono[name][:, 0], stereo[name][:, 0]), name
        assert not mono[name][:, 1].any()


def test_a_seek_cuts_the_bin_and_the_needles_go_on():
    x, needles = signals.sine(48000), Needles(48000)
    first = np.frombuffer(needles.measure_block(np.ascontiguousarray(x[:, :24100])) + needles.seek_to(96100), NEEDLE)
    assert (first["index"][-1], first["frames"][-1]) == (50, 100)
    second = np.frombuffer(needles.measure_block(np.ascontiguousarray(x[:, 24100:])) + needles.flush_block(), NEEDLE)
    assert (second["index"][0], second["frames"][0]) == (200, 380)
    assert second["vu"][0, 0] > 0.8
    assert first["frames"].sum() + second["frames"].sum() == 48000


def test_a_saved_state_goes_on_as_if_nothing_had_happened():
    x = signals.programme(9600)
    needles, other = Needles(48000), Needles(48000)
    needles.measure_block(np.ascontiguousarray(x[:, :5001]))
    other.load(needles.save())
    rest = np.ascontiguousarray(x[:, 5001:])
    assert other.measure_block(rest) + other.flush_block() == needles.measure_block(rest) + needles.flush_block()
    needles.restart_now()
    assert needles.measure_block(x) == Needles(48000).measure_block(x)


def test_bins_without_room_are_lost_and_counted():
    needles, x = Needles(48000), signals.noise(4900)
    assert len(needles.measure_block(x, most_bins=3)) == 3 * NEEDLE_BYTES
    assert needles.lost_bins == 7


@pytest.mark.parametrize(("arguments", "sentence"), [
    ((7999,), "the needles cannot run at 7999 Hz"),
    ((48000, 3), "needles measure 1 or 2 channels, not 3"),
    ((48000, 2, 33), "a word of 33 bits"),
    ((48000, 2, 32, 481), "cannot wait for 481 frames"),
])
def test_what_cannot_be_measured_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Needles(*arguments)


def test_wrong_blocks_are_refused():
    needles = Needles(48000)
    with pytest.raises(ValueError, match="measure 2 channels, got 1"):
        needles.measure_block(np.zeros((1, 480)))
    with pytest.raises(ValueError, match="does not fit needles"):
        needles.load(b"x")
    with pytest.raises(ValueError, match="song time begins at 0"):
        needles.seek_to(-1)
    with pytest.raises(ValueError, match="a word of 0 bits"):
        needles.watch_words(0)
