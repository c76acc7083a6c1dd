"""The demo mix is what it says: a mix at -18 LUFS with peaks at -3 dBFS, boomy, harsh, with sections, ending in silence."""
import itertools
import wave

import numpy as np
import pytest
from scipy.fft import irfft, rfft
from scipy.signal import sosfilt

from mastering_rt.demo import demo_mix, score, write_demo
from mastering_rt.demo.mixdown import DEFAULT_SEED, at_rate, mix_song
from mastering_rt.errors import FileProblem, UsageProblem

RATES = (44100, 48000, 96000)
pytestmark = pytest.mark.slow    # the song alone takes seconds to make


@pytest.fixture(scope="module")
def song():
    return mix_song(DEFAULT_SEED)


def k_weighting(rate):
    """BS.1770's two sections as analogue prototypes, bilinear, so that any rate works (constants of De Man, DAFx 2018)."""
    sections = []
    for hz, q, shape in ((1681.974450955533, 0.7071752369554196, "shelf"), (38.13547087602444, 0.5003270373238773, "cut")):
        k = np.tan(np.pi * hz / rate)
        a0 = 1 + k / q + k * k
        if shape == "shelf":
            high = 10 ** (3.999843853973347 / 20)
            band = high ** 0.4996667741545416
            b = [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0]
        else:
            b = [1, -2, 1]
        sections.append([*b, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0])
    return np.array(sections)


def loudness(x, rate, window_s, hop_s):
    """Loudness of every window in LUFS."""
    n, hop = round(window_s * rate), round(hop_s * rate)
    sums = np.concatenate([[0.0], np.cumsum(np.sum(sosfilt(k_weighting(rate), x) ** 2, axis=0))])
    starts = np.arange(0, x.shape[1] - n + 1, hop)
    return -0.691 + 10 * np.log10(np.maximum(sums[starts + n] - sums[starts], 0) / n + 1e-12)


def mean(lufs):
    return 10 * np.log10(np.mean(10 ** (lufs / 10)))


def integrated_lufs(x, rate):
    blocks = loudness(x, rate, 0.4, 0.1)
    blocks = blocks[blocks > -70]
    return mean(blocks[blocks > mean(blocks) - 10])


def range_lu(x, rate):
    """EBU Tech 3342."""
    windows = loudness(x, rate, 3.0, 0.1)
    windows = windows[windows > -70]
    windows = windows[windows > mean(windows) - 20]
    return np.percentile(windows, 95) - np.percentile(windows, 10)


def peak_dbfs(x):
    return 20 * np.log10(np.max(np.abs(x)))


def section(song, name):
    start, end = (round(s * 48000) for s in score.section_times()[name])
    return song[:, start:end]


def third_octaves_db(x):
    """Power of third-octave bands from 50 Hz to 12.5 kHz, as (Hz, dB)."""
    power = np.sum(np.abs(rfft(x)) ** 2, axis=0)
    hz = np.arange(len(power)) * 48000 / x.shape[1]
    centres = 1000 * 2.0 ** (np.arange(-13, 12) / 3)
    return centres, np.array([10 * np.log10(np.sum(power[(hz >= c * 2 ** (-1 / 6)) & (hz < c * 2 ** (1 / 6))])) for c in centres])


def test_meter_of_this_test_reads_the_reference_tone():
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(48000 * 20) / 48000)
    assert integrated_lufs(np.stack([tone, tone]), 48000) == pytest.approx(-23.0, abs=0.05)


@pytest.mark.parametrize("rate", RATES)
def test_levels(song, rate):
    x = at_rate(song, rate)
    assert x.shape == (2, 70 * rate)
    assert integrated_lufs(x, rate) == pytest.approx(-18.0, abs=0.5)
    assert peak_dbfs(x) == pytest.approx(-3.0, abs=0.3)
    assert 5 <= range_lu(x, rate) <= 10


@pytest.mark.parametrize("seed", [0, 7, 2 ** 40])
def test_levels_hold_for_any_seed(song, seed):
    x = mix_song(seed)
    assert np.corrcoef(song[0], x[0])[0, 1] < 0.9
    assert integrated_lufs(x, 48000) == pytest.approx(-18.0, abs=0.5)
    assert peak_dbfs(x) == pytest.approx(-3.0, abs=0.3)
    assert 5 <= range_lu(x, 48000) <= 10


@pytest.mark.parametrize("rate", [8000, 11025, *RATES])
def test_finite_free_of_dc_and_silent_at_the_end(song, rate):
    x = at_rate(song, rate)
    assert np.all(np.isfinite(x))
    assert np.max(np.abs(np.mean(x, axis=1))) < 10 ** (-90 / 20)
    assert not np.any(x[:, -rate // 2:])


def test_dies_away_before_the_silence(song):
    """Nothing is cut: the last tenth of a second before the digital silence is under -80 dBFS."""
    last = np.max(np.nonzero(np.any(song != 0, axis=0)))
    assert peak_dbfs(song[:, last - 4800:last]) < -80


def test_same_seed_same_bits(song):
    assert np.array_equal(song, demo_mix(48000, DEFAULT_SEED))


def test_same_music_at_every_rate(song):
    """Below 0.9 of the lower Nyquist frequency the 44.1 kHz and 96 kHz versions hold the same spectrum."""
    low, high = (rfft(at_rate(song, rate)[0]) / rate for rate in (44100, 96000))
    same = slice(0, int(0.9 * 22050 * 70))
    assert np.max(np.abs(low[same] - high[same])) < 1e-6 * np.max(np.abs(low))


def test_nothing_is_added_by_the_rate(song):
    """No alias: over 24 kHz the 96 kHz version is empty."""
    x = at_rate(song, 96000)
    spectrum = rfft(x[0])
    spectrum[:25000 * 70] = 0
    assert peak_dbfs(irfft(spectrum, x.shape[1])) < -120


def test_sections_differ_in_loudness(song):
    lufs = {name: integrated_lufs(section(song, name), 48000) for name, _ in score.SECTIONS}
    assert lufs["intro"] < lufs["verse"] - 2 < lufs["lift"] - 2 < lufs["chorus"] - 3
    assert lufs["outro"] < lufs["chorus"] - 3
    assert lufs["chorus"] > -16.5


def test_too_boomy_and_too_harsh(song):
    """Against a straight line through the other bands of the chorus, 100 to 200 Hz and 2.5 to 4 kHz stand out."""
    hz, db = third_octaves_db(section(song, "chorus"))
    boomy, harsh = (hz > 95) & (hz < 210), (hz > 2400) & (hz < 4200)
    slope, offset = np.polyfit(np.log2(hz[~boomy & ~harsh]), db[~boomy & ~harsh], 1)
    over = db - (slope * np.log2(hz) + offset)
    assert -4 < slope < -0.5                     # dB per octave of third-octave power: the tilt of music, between pink and brown
    assert 1.5 < np.mean(over[boomy]) < 6
    assert 1.5 < np.mean(over[harsh]) < 6


def test_wide_above_and_narrow_below(song):
    chorus = section(song, "chorus")
    side, mid = chorus[0] - chorus[1], chorus[0] + chorus[1]
    hz = np.arange(chorus.shape[1] // 2 + 1) * 48000 / chorus.shape[1]
    share = np.abs(rfft(side)) ** 2, np.abs(rfft(mid)) ** 2
    low, high = hz < 120, hz > 5000
    assert 10 * np.log10(np.sum(share[0][low]) / np.sum(share[1][low])) < -25
    assert 10 * np.log10(np.sum(share[0][high]) / np.sum(share[1][high])) > -10
    assert 0.5 < np.corrcoef(chorus)[0, 1] < 0.95


def test_no_two_bars_are_alike(song):
    """Hands, not a loop: the same bar of verse and its repetition four bars later do not cancel."""
    verse = section(song, "verse")
    bar = round(score.BEATS * score.BEAT_S * 48000)
    first, again = verse[:, :bar], verse[:, 4 * bar:5 * bar]
    assert np.sum((first - again) ** 2) > 0.25 * np.sum(first ** 2)


def test_every_sung_note_is_in_the_scale():
    notes = score.voice_notes(np.random.default_rng(1))
    assert {round(n.pitch) % 12 for n in notes} <= {0, 2, 4, 5, 7, 9, 11}
    assert all(a.start_s + 0.05 < b.start_s for a, b in itertools.pairwise(notes))


@pytest.mark.parametrize(("rate", "seed", "words"), [(7999, 1, "8000 to 384000"), (400000, 1, "400000 Hz"), (48000, -1, "seed")])
def test_bad_wishes_are_answered_in_words(rate, seed, words):
    with pytest.raises(ValueError, match=words):
        demo_mix(rate, seed)


def test_file_holds_the_mix(tmp_path, song, monkeypatch):
    monkeypatch.setattr("mastering_rt.demo.file.demo_mix", lambda rate, seed, progress: at_rate(song, rate))
    path = write_demo(tmp_path / "de mo\N{MUSIC SHARP SIGN}.wav", 48000)
    with wave.open(str(path), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (2, 3, 48000)
        raw = np.frombuffer(sound.readframes(sound.getnframes()), np.uint8).reshape(-1, 2, 3).astype(np.int32)
    whole = (raw[..., 0] | raw[..., 1] << 8 | raw[..., 2] << 16) << 8 >> 8
    assert np.max(np.abs(whole.T / 2 ** 23 - song)) <= 2 ** -24 + 1e-12
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_file_is_not_replaced_unasked(tmp_path, monkeypatch):
    monkeypatch.setattr("mastering_rt.demo.file.demo_mix", lambda rate, seed, progress: pytest.fail("synthesised before the door was checked"))
    path = tmp_path / "mine.wav"
    path.write_bytes(b"mine")
    with pytest.raises(FileProblem, match=r"mine\.wav"):
        write_demo(path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(FileProblem, match="nowhere"):
        write_demo(tmp_path / "nowhere" / "x.wav")


def test_an_impossible_seed_is_a_sentence(tmp_path):
    with pytest.raises(UsageProblem, match="demo mix cannot be made"):
        write_demo(tmp_path / "x.wav", 48000, -1)
    assert not list(tmp_path.iterdir())


def test_it_is_told_how_far_it_is():
    shares = []
    mix_song(DEFAULT_SEED, shares.append)
    assert shares == sorted(set(shares))
    assert shares[0] <= 0.1 and 0.9 <= shares[-1] < 1.0
    assert max(after - before for before, after in itertools.pairwise(shares)) <= 0.1
