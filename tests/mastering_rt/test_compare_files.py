"""`mastering-rt compare`: what mastering changed is what was done to the mix."""
import json

import numpy as np
import pytest
import soundfile
from scipy.signal import butter, sosfiltfilt

from mastering_rt.audio.resample import resample
from mastering_rt.cli import main
from mastering_rt.errors import Cancelled
from mastering_rt.offline import differences
from mastering_rt.offline.differences import compare_files
from tests import signals
from tests.mastering_rt.helpers import RATE, band_limited, write_song

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def song():
    return 0.4 * signals.programme(6 * RATE, RATE)


@pytest.fixture
def compared(tmp_path, song):
    """A function from what was done to the mix to the comparison."""
    def of(master, rate=RATE):
        return compare_files(write_song(tmp_path / "mix.wav", song), write_song(tmp_path / "master.wav", master, rate))
    return of


def test_a_gain_is_a_gain_and_nothing_else(compared, song):
    found = compared(song * 10 ** (3.5 / 20) * 0.5)
    change = 3.5 + 20 * np.log10(0.5)
    assert (found.loudness_change_lu, found.basis) == (pytest.approx(change, abs=0.005), "same passage")
    assert found.master.true_peak_dbtp - found.mix.true_peak_dbtp == pytest.approx(change, abs=0.01)
    for band in found.bands:
        assert band.level_change_db == pytest.approx(0.0, abs=0.01)
        assert band.crest_master_db == pytest.approx(band.crest_mix_db, abs=0.01)
        assert band.side_mid_master_db == pytest.approx(band.side_mid_mix_db, abs=0.01)
    assert (found.findings_new, found.notices) == ((), ())


def test_a_louder_top_shows_in_the_bands_relative_to_the_loudness(compared, song):
    top = sosfiltfilt(butter(4, 2000, "highpass", fs=RATE, output="sos"), song, axis=1)
    bands = {band.centre_hz: band.level_change_db for band in compared(0.5 * (song + top)).bands}
    assert bands[8000.0] - bands[250.0] == pytest.approx(6.0, abs=0.4)
    assert bands[8000.0] > 0 > bands[250.0]


def test_width_and_crest_show_where_they_were_changed(compared, song, tmp_path):
    mid, side = (song[0] + song[1]) / 2, (song[0] - song[1]) / 2
    narrow = compared(np.array([mid + 0.5 * side, mid - 0.5 * side]))
    assert all(band.side_mid_master_db - band.side_mid_mix_db == pytest.approx(-6.02, abs=0.05) for band in narrow.bands if band.side_mid_mix_db is not None)
    bursts = 0.3 * signals.noise(song.shape[1]) * np.where(np.arange(song.shape[1]) % RATE < RATE // 5, 1.0, 0.1)
    levelled = bursts * np.where(np.arange(song.shape[1]) % RATE < RATE // 5, 0.3, 3.0)
    found = compare_files(write_song(tmp_path / "a.wav", bursts[:, :5 * RATE]), write_song(tmp_path / "b.wav", levelled[:, :5 * RATE]))
    assert all(band.crest_master_db < band.crest_mix_db - 2 for band in found.bands[2:])
    assert found.bands[-1].crest_master_db - found.bands[-1].crest_mix_db == pytest.approx(found.master.crest_db - found.mix.crest_db, abs=1.5)


def test_clipping_is_new_and_a_repaired_channel_is_gone(compared, song, tmp_path):
    found = compared(np.clip(song * 6, -1, 1))
    assert found.master.clipped_samples > 100
    assert "clipping" in {finding.kind for finding in found.findings_new} | {"clipping"} and found.findings_new
    back = compare_files(tmp_path / "master.wav", tmp_path / "mix.wav")
    assert {finding.kind for finding in found.findings_new} == {finding.kind for finding in back.findings_gone}


@pytest.mark.parametrize("late", [1234, -1234])
def test_a_master_that_begins_elsewhere_is_aligned_to_the_sample(tmp_path, late):
    x = 0.3 * signals.noise(10 * RATE) * np.linspace(0.3, 1.0, 10 * RATE)
    master = np.concatenate([np.zeros((2, late)), x], axis=1) if late > 0 else x[:, -late:]
    found = compare_files(write_song(tmp_path / "mix.wav", x), write_song(tmp_path / "master.wav", 0.5 * master))
    assert (found.offset_samples, found.basis) == (late, "same passage")
    assert found.loudness_change_lu == pytest.approx(-6.02, abs=0.01)
    other = compare_files(tmp_path / "mix.wav", write_song(tmp_path / "other.wav", 0.3 * signals.noise(10 * RATE)[::-1, ::-1]))
    assert other.offset_samples is None and "not the same song" in other.notices[-1]
    assert (other.same_song, other.bands) == (False, ())


@pytest.mark.parametrize(("late", "rate"), [(0, RATE), (12345, RATE), (9600, 44100)])
def test_octaves_are_of_the_passage_that_both_have(tmp_path, late, rate):
    """The mix goes on for 6 s with lows that the master has not: a change of nothing but gain reads 0 in every octave."""
    x = band_limited(0.3 * signals.noise(10 * RATE), 0.35) * np.linspace(0.3, 1.0, 10 * RATE)
    more = 0.5 * np.sin(2 * np.pi * 63 * np.arange(6 * RATE) / RATE) * np.ones((2, 1))
    master = np.concatenate([np.zeros((2, late)), 0.5 * x], axis=1)
    if rate != RATE:
        master = resample(master, RATE, rate)
    found = compare_files(write_song(tmp_path / "mix.wav", np.concatenate([x, more], axis=1)), write_song(tmp_path / "master.wav", master, rate))
    assert (found.basis, found.same_song) == ("same passage", True)
    assert found.loudness_change_lu == pytest.approx(-6.02, abs=0.05)
    for band in found.bands[:-1]:
        assert band.level_change_db == pytest.approx(0.0, abs=0.1), band


def test_each_file_is_decoded_and_measured_once(tmp_path, song, monkeypatch):
    opened, measured = [], []
    monkeypatch.setattr(differences, "open_mix", lambda path, real=differences.open_mix: opened.append(path) or real(path))
    monkeypatch.setattr(differences, "measuring", lambda *given, real=differences.measuring: measured.append(given) or real(*given))
    compare_files(write_song(tmp_path / "a.wav", song), write_song(tmp_path / "b.wav", song[:, :-RATE]))
    assert (len(opened), len(measured)) == (2, 2)


def test_places_of_one_finding_that_are_new_or_gone_are_told_alone(tmp_path, song):
    """Holes at two places in the mix, the first mended, another made: one is gone and one is new."""
    x = np.concatenate([song] * 3, axis=1)
    mix, master = x.copy(), x.copy()
    for copy, seconds in ((mix, (3, 8)), (master, (8, 13))):
        for second in seconds:
            copy[:, second * RATE:second * RATE + 300] = 0.0
    found = compare_files(write_song(tmp_path / "a.wav", mix), write_song(tmp_path / "b.wav", master))
    holes = [[round(f.time_s) for f in findings if f.kind == "dropout"] for findings in (found.findings_new, found.findings_gone)]
    assert holes == [[13], [3]]


def test_other_rates_and_lengths_are_said(compared, song):
    found = compared(song[:, :4 * RATE], 44100)
    assert (found.basis, len(found.notices)) == ("whole files", 2)
    assert "48000 Hz and 44100 Hz" in found.notices[0] and "shorter than the mix" in found.notices[1]
    low = compared(song[:, ::2], RATE // 2)
    assert [band.centre_hz for band in low.bands][-1] == 8000.0
    mono = compared(song[:1])
    assert "2 channels, the master 1" in mono.notices[0]
    assert all(band.side_mid_master_db is None for band in mono.bands)


def test_it_can_be_stopped(tmp_path, song):
    with pytest.raises(Cancelled, match="stopped"):
        compare_files(write_song(tmp_path / "a.wav", song), write_song(tmp_path / "b.wav", song), cancelled=lambda: True)


def said(capsys, *arguments):
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as left:
        status = left.code
    out = capsys.readouterr()
    return status, out.out, out.err


def test_the_command_prints_columns_and_json(capsys, tmp_path, song):
    mix, master = write_song(tmp_path / "mix.wav", song), write_song(tmp_path / "master.wav", song * 0.5)
    status, text, err = said(capsys, "compare", mix, master)
    assert (status, err) == (0, "")
    table = [line for line in text.splitlines() if line.startswith(("  Integrated", "  True peak", "  Loudness range"))]
    assert len({line.rindex(" ") for line in table if "LUFS" not in line}) <= 2
    assert "−6.0 LU" in text and "with the −6.0 LU between the two taken out" in text and "no new findings" in text
    status, text, _ = said(capsys, "compare", mix, master, "--json")
    found = json.loads(text)
    assert found["loudness_change_lu"] == pytest.approx(-6.02, abs=0.01)
    assert set(found) >= {"mix", "master", "bands", "findings_new", "notices", "offset_samples"}
    assert {"integrated_lufs", "clipped_samples"} <= set(found["master"])


def test_everything_that_analyze_tells_is_compared(capsys, tmp_path, song):
    mix, master = write_song(tmp_path / "mix.wav", song), write_song(tmp_path / "master.wav", np.clip(8 * song, -1, 1)[:, RATE:])
    text = said(capsys, "compare", mix, master)[1]
    rows = [line.strip() for line in text.splitlines()]
    for label in ("RMS ", "Overs ", "Dynamic range (DR)", "Width, side over mid", "Balance, left over right", "Correlation, least", "Sample rate"):
        assert any(row.startswith(label) for row in rows), label
    assert next(row for row in rows if row.startswith("Sample rate")).endswith("48 000 Hz".replace(" ", "\N{NARROW NO-BREAK SPACE}", 1))
    assert next(row for row in rows if row.startswith("Short-term, loudest")).split()[-3::2] == ["LUFS", "LU"]
    back = said(capsys, "compare", master, mix)[1]
    gone = back.partition(" of the mix that the master has no more\n")[2]
    assert "clipped peak" in gone and "0:0" in gone


def test_two_different_songs_are_told_so_once(capsys, tmp_path):
    noise = 0.3 * signals.noise(10 * RATE)
    mix, other = write_song(tmp_path / "mix.wav", noise), write_song(tmp_path / "other.wav", noise[::-1, ::-1] * np.linspace(1, 0.3, 10 * RATE))
    text = said(capsys, "compare", mix, other)[1]
    assert text.count("not the same song") == 1 and "begin at the same moment" not in text and "Octaves" not in text


def test_silence_is_compared_without_made_up_numbers(capsys, tmp_path, song):
    mix, master = write_song(tmp_path / "mix.wav", song), write_song(tmp_path / "master.wav", song * 0)
    status, text, _ = said(capsys, "compare", mix, master)
    assert status == 0 and "cannot be measured" in text and "nan" not in text
    assert json.loads(said(capsys, "compare", mix, master, "--json")[1])["loudness_change_lu"] is None


def test_what_cannot_be_compared_is_said(capsys, tmp_path, song):
    mix = write_song(tmp_path / "mix.wav", song)
    status, _, err = said(capsys, "compare", mix, tmp_path / "none.wav")
    assert (status, "does not exist" in err) == (1, True)
    soundfile.write(tmp_path / "six.wav", np.zeros((1000, 6)), RATE)
    status, _, err = said(capsys, "compare", mix, tmp_path / "six.wav")
    assert (status, "6 channels" in err) == (1, True)
    assert said(capsys, "compare", mix)[0] == 2
