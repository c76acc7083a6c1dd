"""`mastering-rt analyze`: several files, folders, chosen channels, quick, and watching."""
import json
import os
from argparse import Namespace

import numpy as np
import pytest
import soundfile

from mastering_rt.cli import main
from mastering_rt.cli.analyze import watch
from mastering_rt.cli.sound_files import Watched, sound_files
from mastering_rt.measure.report import FileReport
from tests import signals
from tests.mastering_rt.helpers import RATE, band_limited, write_song

pytestmark = pytest.mark.slow

SONG = band_limited(0.5 * signals.programme(4 * RATE, RATE))


def said(capsys, *arguments):
    try:
        status = main(["analyze", *map(str, arguments)])
    except SystemExit as left:
        status = left.code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return status, out.out, out.err


@pytest.fixture
def album(tmp_path):
    """Four songs, the third 6 dB softer and at another rate, in a folder with a text and a hidden file."""
    for number, gain in enumerate((1.0, 0.99, 0.5, 1.01), 1):
        write_song(tmp_path / f"{number}.wav", gain * SONG, RATE if number != 3 else 44100)
    (tmp_path / "notes.txt").write_text("words")
    (tmp_path / ".hidden.wav").write_text("no sound")
    return tmp_path


def test_a_folder_is_a_table_with_what_stands_out_marked(capsys, album):
    status, out, err = said(capsys, album)
    assert (status, err) == (0, "")
    head, *rows, median = out.split("\n\n")[0].splitlines()
    assert head.split()[:3] == ["File", "Length", "LUFS"]
    assert [row.split()[0] for row in rows] == ["1.wav", "2.wav", "3.wav", "4.wav"]
    assert ["*" in row for row in rows] == [False, False, True, False]
    assert "44.1*" in rows[2]
    assert median.startswith("Median")
    assert "further from the median" in out


def test_where_all_songs_differ_none_stands_out_by_differing(capsys, tmp_path):
    """Ten songs two decibels apart each, and one far away: only that one is marked."""
    for number in range(10):
        write_song(tmp_path / f"{number}.wav", 10 ** (-number / 10) * SONG)
    assert "*" not in said(capsys, tmp_path)[1].split("\n\n")[0]
    write_song(tmp_path / "x.wav", 10 ** (-50 / 20) * SONG)
    marked = [row.split()[0] for row in said(capsys, tmp_path)[1].split("\n\n")[0].splitlines() if "*" in row]
    assert marked == ["x.wav"]


def test_a_table_of_two_marks_nothing(capsys, album):
    _, out, _ = said(capsys, album / "1.wav", album / "3.wav")
    assert "*" not in out
    assert "Median" not in out


def test_machines_get_a_list_in_the_order_of_the_files(capsys, album):
    status, out, _ = said(capsys, "--json", album / "2.wav", album)
    found = json.loads(out)
    assert (status, [os.path.basename(each["path"]) for each in found]) == (0, ["2.wav", "1.wav", "3.wav", "4.wav"])
    assert set(found[0]) == {*FileReport.__struct_fields__, "findings"}


def test_quick_gives_the_same_figures_without_looking_for_faults(capsys, album):
    (full,), (quick,) = (json.loads(said(capsys, "--json", album / "1.wav", *more)[1]) for more in ([], ["--quick"]))
    assert "findings" not in quick
    for name in ("integrated_lufs", "loudness_range_lu", "true_peak_dbtp", "sample_peak_dbfs", "plr_db", "max_short_term_lufs"):
        assert quick[name] == full[name]
    assert quick["overs"] is None
    _, out, _ = said(capsys, "--quick", album / "1.wav")
    assert "Integrated loudness" in out
    assert "finding" not in out


def test_what_cannot_be_measured_is_told_and_the_rest_is_measured(capsys, album):
    (album / "broken.wav").write_text("these are words")
    empty = album / "empty"
    empty.mkdir()
    status, out, err = said(capsys, album, empty, album / "none.wav")
    assert status == 1
    assert out.count(".wav") == 4
    assert "There are no sound files in the folder" in err
    assert "broken.wav' is not a sound file that can be read" in err
    assert "none.wav' cannot be opened: it does not exist" in err


def test_a_pair_of_a_surround_file(capsys, tmp_path):
    x = np.concatenate([0.1 * SONG, np.zeros((2, SONG.shape[1])), SONG])
    path = tmp_path / "six.wav"
    soundfile.write(path, x.T, RATE, subtype="DOUBLE")
    write_song(tmp_path / "two.wav", SONG, RATE)
    (pair,), (alone,) = (json.loads(said(capsys, "--json", *words)[1]) for words in ((path, "--channels", "5,6"), (tmp_path / "two.wav",)))
    assert pair["channels"] == 2
    assert {**pair, "path": ""} == {**alone, "path": ""}
    (whole,) = json.loads(said(capsys, "--json", path)[1])
    assert whole["channels"] == 6
    assert whole["integrated_lufs"] > pair["integrated_lufs"]
    status, _, err = said(capsys, path, "--channels", "7")
    assert (status, "has no channel 7; it has 6, counted from 1" in err) == (1, True)
    for wrong in ("0", "1,2,3", "x"):
        status, _, err = said(capsys, path, "--channels", wrong)
        assert (status, "are not channels" in err) == (2, True)


def test_watched_files_are_given_when_they_stand_still(tmp_path):
    song = tmp_path / "a.wav"
    song.write_bytes(b"1")
    watched = Watched([str(tmp_path), str(tmp_path / "typed.wav")])
    assert watched.changed() == [str(song), str(tmp_path / "typed.wav")]
    assert watched.changed() == []
    song.write_bytes(b"12")
    assert watched.changed() == []                # it may still grow
    song.write_bytes(b"123")
    assert watched.changed() == []
    assert watched.changed() == [str(song)]
    assert watched.changed() == []
    (tmp_path / "new.flac").write_bytes(b"1")
    assert watched.changed() == []
    assert watched.changed() == [str(tmp_path / "new.flac")]
    song.unlink()
    assert watched.changed() == []
    song.write_bytes(b"123")
    assert [watched.changed(), watched.changed()] == [[], [str(song)]]


def test_watching_measures_anew_what_changes_until_it_is_stopped(capsys, tmp_path):
    turns = iter([lambda: None, lambda: write_song(tmp_path / "a.wav", 0.5 * SONG, RATE), lambda: None,
                  lambda: write_song(tmp_path / "b.wav", SONG, RATE), lambda: (tmp_path / "c.wav").write_text("words"), lambda: None])

    def wait(seconds):
        for turn in turns:
            return turn()
        raise KeyboardInterrupt

    write_song(tmp_path / "a.wav", SONG, RATE)
    assert watch(Namespace(files=[str(tmp_path)], json=True, quick=True, channels=None), wait) == 0
    out, err = capsys.readouterr()
    found = [json.loads(line) for line in out.splitlines()]
    assert [os.path.basename(each["path"]) for each in found] == ["a.wav", "a.wav", "b.wav"]
    assert found[0]["integrated_lufs"] - found[1]["integrated_lufs"] == pytest.approx(6.02, abs=0.01)
    assert "c.wav' is not a sound file" in err


def test_files_are_measured_once_however_often_they_were_typed(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("b.WAV", "in/a.flac", "c.txt"):
        (tmp_path / name).write_bytes(b"")
    paths, problems = sound_files([str(tmp_path), str(tmp_path / "b.WAV")])
    assert [os.path.relpath(path, tmp_path) for path in paths] == ["b.WAV", os.path.join("in", "a.flac")]
    assert problems == []
