"""The command line: what it prints, its exit status, and that nothing ever ends in a traceback."""
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dsp_core.params import STAGES
from mastering_rt.audio.song import load_song
from mastering_rt.cli import main
from mastering_rt.qc.inspect import KINDS
from mastering_rt.session.model import Session
from mastering_rt.session.presets import apply_preset, find_preset, list_presets
from mastering_rt.session.store import save_session
from tests import signals
from tests.mastering_rt.helpers import RATE, programme_file, until, write_song

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ANALYZE_KEYS = ["path", "sample_rate_hz", "channels", "duration_s", "integrated_lufs", "loudness_range_lu", "max_momentary_lufs", "max_short_term_lufs", "true_peak_dbtp", "sample_peak_dbfs", "plr_db", "psr_min_db", "crest_db", "correlation", "dc_offset_dbfs", "clipped_samples"]
RENDER_KEYS = [*ANALYZE_KEYS, *["gain_reduction_max_db", "gain_reduction_mean_db", "latency_samples", "sha256", "realtime_factor"]]


@pytest.fixture
def mix(tmp_path):
    return programme_file(tmp_path, 5.0)


def said(capsys, *arguments):
    """(status, standard output, error stream) of a command."""
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as left:
        status = left.code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return status, out.out, out.err


def rendered(capsys, mix, out, *more):
    status, text, err = said(capsys, "render", mix, out, "--json", *more)
    assert status == 0, err
    return json.loads(text)


def test_render_reads_back_what_it_wrote(capsys, mix, tmp_path):
    found = rendered(capsys, mix, tmp_path / "m.wav", "--set", "limiter.gain=12")
    assert set(RENDER_KEYS) <= set(found)
    assert found["true_peak_dbtp"] <= -1.0
    assert found["gain_reduction_max_db"] > found["gain_reduction_mean_db"] > 0
    status, text, _ = said(capsys, "analyze", "--json", tmp_path / "m.wav")
    assert status == 0
    measured, = json.loads(text)
    assert {finding["kind"] for finding in measured.pop("findings")} <= set(KINDS)
    assert set(ANALYZE_KEYS) <= set(measured)
    assert measured == {key: found[key] for key in measured}
    assert rendered(capsys, mix, tmp_path / "n.wav", "--set", "limiter.gain=12")["sha256"] == found["sha256"]


def test_analyze_lists_what_is_wrong_for_people_and_for_machines(capsys, tmp_path):
    x = 0.5 * signals.programme(4 * RATE, RATE)
    x[0] = 0.0
    write_song(tmp_path / "broken.wav", x, RATE)
    status, text, _ = said(capsys, "analyze", tmp_path / "broken.wav")
    assert status == 0
    assert "! 0:00.000  The left channel is silent. Check the export" in text
    _, text, _ = said(capsys, "analyze", "--json", tmp_path / "broken.wav")
    found = {finding["kind"]: finding for finding in json.loads(text)[0]["findings"]}
    assert found["missing_channel"]["severity"] == "act"
    assert found["missing_channel"]["channel"] == "left"
    assert set(found["missing_channel"]) == {"kind", "time_s", "duration_s", "size", "unit", "severity", "channel", "text", "places"}


@pytest.mark.parametrize("setting", ["dynamic_eq.band4_listen=on", "eq.band3_solo=on", "multiband.band1_mute=on", "deesser.listen=on"])
def test_what_is_listened_to_is_not_printed_without_a_word(capsys, mix, tmp_path, setting):
    slot, param = setting.removesuffix("=on").split(".")
    said_of = f": {param.replace('_', ' ')} is on, so the file holds what is heard then."
    for more, told in (([], True), ([f"--set={slot}.bypass=on"], False)):
        found = rendered(capsys, mix, tmp_path / "m.wav", "--preset", "none", "--set", setting, "--overwrite", *more)
        assert any(said_of in notice for notice in found["notices"]) == told


def test_the_gain_reduction_of_a_range_is_that_of_the_range(capsys, tmp_path):
    x = np.concatenate([0.5 * signals.noise(4 * RATE), np.zeros((2, 4 * RATE))], axis=1)
    write_song(tmp_path / "half.wav", x, RATE)
    loud, silent = (rendered(capsys, tmp_path / "half.wav", tmp_path / f"{range_}.wav", "--preset", "none", "--range", range_,
                             "--set", "compressor.threshold=-40", "--set", "compressor.ratio=4") for range_ in ("1-3", "6-8"))
    assert loud["gain_reduction_mean_db"] > 10
    assert silent["gain_reduction_max_db"] < 0.01


def test_empty_chain_is_the_mix(capsys, mix, tmp_path):
    rendered(capsys, mix, tmp_path / "m.wav", "--preset", "none", "--bits", "64f")
    assert np.array_equal(load_song(tmp_path / "m.wav").samples, load_song(mix).samples)


def test_settings_add_stages_and_sessions_give_chains(capsys, mix, tmp_path):
    session = save_session(apply_preset(Session(), find_preset("demo")), tmp_path / "s.mrt")
    a = rendered(capsys, mix, tmp_path / "a.wav", "--preset", "demo", "--set", "trim.gain=-3")
    b = rendered(capsys, mix, tmp_path / "b.wav", "--session", session, "--set", "trim.gain=-3")
    c = rendered(capsys, mix, tmp_path / "c.wav", "--session", session)
    assert a["sha256"] == b["sha256"] != c["sha256"]


@pytest.mark.parametrize("target", [-20.0, -14.0])
def test_target_loudness_is_reached(capsys, mix, tmp_path, target):
    found = rendered(capsys, mix, tmp_path / "m.wav", "--target-lufs", target)
    assert found["integrated_lufs"] == pytest.approx(target, abs=0.03)
    assert found["notices"] == []


def test_a_target_that_cannot_be_reached_is_said(capsys, mix, tmp_path):
    found = rendered(capsys, mix, tmp_path / "m.wav", "--target-lufs", -0.5)
    assert "not the -0.5 LUFS asked for" in found["notices"][0]
    assert found["true_peak_dbtp"] <= -1.0


def test_a_range_sounds_as_it_does_in_the_whole_song(capsys, mix, tmp_path):
    for more in ([], ["--range", "0:01-0:03.5"]):
        rendered(capsys, mix, tmp_path / f"{len(more)}.wav", "--bits", "32f", "--preset", "demo", *more)
    whole, part = (load_song(tmp_path / name).samples for name in ("0.wav", "2.wav"))
    assert np.array_equal(part, whole[:, RATE:round(3.5 * RATE)])


@pytest.mark.parametrize("rate", [44100, 96000])
def test_another_rate_keeps_the_ceiling(capsys, mix, tmp_path, rate):
    found = rendered(capsys, mix, tmp_path / "m.wav", "--rate", rate, "--set", "limiter.gain=9", "--bits", "16")
    assert (found["sample_rate_hz"], found["duration_s"]) == (rate, pytest.approx(5.0, abs=1e-4))
    assert found["true_peak_dbtp"] <= -1.0
    assert "converted" in found["notices"][0]


@pytest.mark.parametrize(("arguments", "words"), [
    (["--set", "limiter.ceiling"], "limiter.ceiling"),
    (["--set", "limiter.cieling=-1"], "ceiling"),
    (["--set", "limiter.ceiling=3"], "it goes from"),
    (["--set", "limiter.ceiling=nan"], "cannot be"),
    (["--range", "nan-5"], "is not a time"),
    (["--range", "0-inf"], "is not a time"),
    (["--set", "phaser.rate=1"], "phaser"),
    (["--preset", "nonsense"], "nonsense"),
    (["--bits", "12"], "12"),
    (["--bits", "xx"], "xx"),
    (["--range", "5"], "0:30-1:45"),
    (["--range", "3-2"], "nothing to render"),
    (["--range", "99-100"], "nothing to render"),
    (["--target-lufs", "5"], "between -70 and 0"),
    (["--rate", "1"], "1"),
    (["--session", "a.mrt", "--preset", "none"], "give one of them"),
    (["--nonsense"], "--help"),
])
def test_what_cannot_be_asked_for_leaves_with_2_and_a_sentence(capsys, mix, tmp_path, arguments, words):
    status, out, err = said(capsys, "render", mix, tmp_path / "m.wav", *arguments)
    assert status == 2, err
    assert words in err
    assert out == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mix.wav"]


def test_what_fails_leaves_with_1_and_a_sentence(capsys, mix, tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "words.wav").write_text("these are words")
    write_song(tmp_path / "master.wav", signals.noise(1000))
    for source, out, words in ((tmp_path / "none.wav", "m.wav", "does not exist"), (tmp_path / "empty.wav", "m.wav", "is empty"),
                               (tmp_path / "words.wav", "m.wav", "not a sound file"), (mix, "master.wav", "exists already"),
                               (mix, "no/m.wav", "no folder"), (mix, "mix.wav", "is the mix itself")):
        status, _, err = said(capsys, "render", source, tmp_path / out)
        assert (status, words in err) == (1, True), err
    status, _, err = said(capsys, "render", mix, mix, "--overwrite")
    assert (status, "never written to" in err) == (1, True)
    status, out, err = said(capsys, "analyze", tmp_path / "empty.wav", mix)
    assert (status, "is empty" in err, "Integrated" in out) == (1, True, True)


def test_lists(capsys):
    status, out, _ = said(capsys, "devices", "--json")
    assert (status, json.loads(out)[-1]["host_api"]) == (0, "built-in")
    status, out, _ = said(capsys, "params", "--json")
    assert {row["kind"] for row in json.loads(out)} >= set(STAGES)
    status, out, _ = said(capsys, "presets")
    assert (status, all(name in out for name in ("none", "default", "demo"))) == (0, True)
    about = {entry.preset.name: entry.preset.description for entry in list_presets().entries}
    assert {line.index(words) for line, words in zip(out.splitlines(), about.values(), strict=True)} == {max(map(len, about)) + 2}
    assert said(capsys, "presets", "demo")[0] == 0
    assert said(capsys, "params", "limiter")[0] == 0
    assert said(capsys, "params", "phaser")[0] == 2
    assert said(capsys, "--help")[0] == 0
    assert said(capsys, "--version")[0] == 0


def test_play_in_a_pipe_prints_a_line_a_second_and_ends(capsys, mix):
    status, out, err = said(capsys, "play", mix, "--device", "clock", "--seconds", 2.2, "--start", "0:01", "--loop", "0:01-0:02", "--set", "limiter.gain=3")
    assert status == 0, err
    assert len(out.splitlines()) == 3
    assert "LUFS" in out
    status, _, err = said(capsys, "play", mix, "--device", "theremin")
    assert (status, "theremin" in err) == (1, True)


@pytest.mark.parametrize(("arguments", "words"), [
    (["--seconds", "nan"], "no time to play"), (["--blocksize", "-5"], "-5 frames"), (["--blocksize", "100000"], "100000 frames"),
    (["--start", "nan"], "is not a time"), (["--loop", "nan-5"], "is not a time"), (["--loop", "1-1.01"], "too short"),
])
def test_play_refuses_in_a_sentence(capsys, mix, arguments, words):
    status, _, err = said(capsys, "play", mix, "--device", "clock", *arguments)
    assert (status, words in err, "Traceback" in err) == (2, True, False), err


def part_of(folder):
    return [p for p in folder.iterdir() if p.suffix == ".part" and p.stat().st_size > 100_000]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.parametrize("how", [
    signal.SIGINT, *(pytest.param(how, marks=pytest.mark.slow) for how in (signal.SIGTERM, signal.SIGKILL))])
def test_a_render_that_is_stopped_leaves_nothing_under_the_name(tmp_path, how):
    if how != signal.SIGKILL and signal.getsignal(how) == signal.SIG_IGN:     # as a shell starts what runs behind it
        signal.signal(how, signal.SIG_DFL if how != signal.SIGINT else signal.default_int_handler)
    mix = programme_file(tmp_path, 120.0)
    before = (tmp_path / "mix.wav").read_bytes()
    out = tmp_path / "master.wav"
    render = subprocess.Popen([sys.executable, "-m", "mastering_rt", "render", mix, str(out), "--rate", "192000", "--preset", "demo"], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    until(lambda: part_of(tmp_path) or render.poll() is not None)
    assert render.poll() is None, "the render was over before it could be stopped"
    render.send_signal(how)
    _, err = render.communicate(timeout=60)
    assert render.returncode != 0
    assert "Traceback" not in err
    assert not out.exists()
    assert (tmp_path / "mix.wav").read_bytes() == before
    if how != signal.SIGKILL:
        assert sorted(p.name for p in tmp_path.iterdir()) == ["mix.wav"]
        assert "stopped" in err
