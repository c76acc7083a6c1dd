"""Unity-gain listening: the limiter's drive is taken back where nothing can be printed, and followed while it moves."""
from dataclasses import replace

import numpy as np
import pytest

from dsp_core.engine.engine import MASTER_SOURCE, MIX_SOURCE, Engine
from dsp_core.engine.source import MemorySong
from dsp_core.stages import make
from mastering_rt.audio.song import load_song
from mastering_rt.cli.meters import match_text
from mastering_rt.desk.matching import drive_of
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.playback.match import Match
from mastering_rt.session import edits
from mastering_rt.session.model import Slot
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until


@pytest.fixture
def desk(tmp_path):
    made = clock_desk()
    made.open(programme_file(tmp_path))
    made.edit(lambda s: edits.add_stage(s, "limiter", values={"gain": 6.0, "ceiling": 0.0}))
    yield made
    made.close()


def with_unity(desk, on=True):
    desk.set_monitor(replace(desk.monitor, unity=on))


def playing(source, drive_db):
    """What the device gets of one source, with the drive taken back, for a sound the limiter leaves alone."""
    stage = make("limiter", RATE, {"gain": drive_db, "ceiling": 0})
    engine, match = Engine(RATE, [stage]), Match(drive_db, "drive")
    engine.set_song(MemorySong(np.ascontiguousarray(0.1 * signals.programme(RATE)), RATE))
    engine.match(match.mix_gain_db, match.master_gain_db)
    engine.select(source)
    engine.play()
    out = np.zeros((RATE, 2), np.float32)
    engine.run_offline(np.zeros((RATE, 2), np.float32), out)
    return out


@pytest.mark.parametrize("drive_db", [6.0, -4.0])
def test_below_the_ceiling_the_driven_master_sounds_as_the_mix(drive_db):
    mix, master = playing(MIX_SOURCE, drive_db), playing(MASTER_SOURCE, drive_db)
    assert np.abs(mix).max() > 0.01
    assert np.allclose(mix, master, atol=1e-7)


def test_only_ever_turned_down(desk):
    with_unity(desk)
    assert (desk.match.mix_gain_db, desk.match.master_gain_db) == (0.0, -6.0)
    desk.set_value("limiter", "gain", -3.0)
    assert (desk.match.mix_gain_db, desk.match.master_gain_db) == (-3.0, 0.0)


def test_it_follows_the_drive_and_what_is_left_out(desk):
    with_unity(desk)
    for drive_db in (1.0, 9.5):
        desk.set_value("limiter", "gain", drive_db)
        assert desk.match == Match(drive_db, "drive") and desk.player.wishes.gains["master"][0] == -drive_db
    desk.leave_out("limiter")
    assert desk.match.difference_lu == 0.0


def test_it_stands_in_place_of_the_match_and_gives_way_to_it(desk):
    until(lambda: not desk.measuring, desk.poll)
    loudness = desk.poll().match
    assert loudness.basis == "song"
    desk.set_matched(False)
    with_unity(desk)
    pulse = desk.poll()
    assert pulse.match.basis == "drive" and desk.levelled
    assert match_text(desk, pulse) == "unity gain: the master plays 6.0 dB lower, the limiter's drive taken back"
    desk.set_matched(False)
    assert not desk.monitor.unity and desk.matched
    assert desk.match == loudness


@pytest.mark.slow
def test_the_render_never_contains_it(desk, tmp_path):
    desk.render_job(str(tmp_path / "before.wav"), RenderOptions()).wait()
    with_unity(desk)
    desk.render_job(str(tmp_path / "unity.wav"), RenderOptions()).wait()
    before, unity = (load_song(str(tmp_path / f"{name}.wav")).samples for name in ("before", "unity"))
    assert np.array_equal(before, unity)
    render(desk.song.source.path, str(tmp_path / "plain.wav"), edits.set_value(desk.session, "limiter", "gain", 0.0), RenderOptions())
    assert not np.array_equal(unity, load_song(str(tmp_path / "plain.wav")).samples)


@pytest.mark.parametrize(("values", "drive_db"), [
    ({"gain": 6.0}, 6.0), ({"gain": 6.0, "bypass": 1}, 0.0), ({"gain": 6.0, "placement": 1}, 0.0),
    ({"gain": 6.0, "mix": 50}, 20 * np.log10(0.5 + 0.5 * 10 ** 0.3)), ({}, 0.0)])
def test_what_counts_as_drive(values, drive_db):
    chain = (Slot("trim", "trim", {"gain": 5.0}), Slot("limiter", "limiter", values), Slot("limiter2", "limiter", {"gain": 1.0}))
    assert drive_of(chain).difference_lu == pytest.approx(drive_db + 1.0, abs=1e-12)
