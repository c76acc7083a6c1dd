"""Thresholds from the song: a band acts in just the share of the time that was asked for, at any level, and below its norm nothing happens."""
import numpy as np
import pytest

import mastering_rt
from dsp_core.stages import make
from mastering_rt.audio.mix import open_mix
from mastering_rt.cli import arguments as cli
from mastering_rt.cli import song_thresholds
from mastering_rt.desk.thresholds import take_thresholds, thresholds_job
from mastering_rt.errors import UsageProblem
from mastering_rt.offline.band_thresholds import Thresholds, thresholds_of_song, with_thresholds
from mastering_rt.session import edits
from mastering_rt.session.model import Session
from tests import signals
from tests.checks import run
from tests.mastering_rt.helpers import RATE, clock_desk, write_song

pytestmark = pytest.mark.slow

STEP = RATE // 2                 # one level of the song


def steps_song(seed=3, hz=2500, low_db=-60.0, count=100):
    """A tone in one band whose level is one of 100 in steps of 0.5 dB, each for half a second, in a shuffled order; 10 ms fades between."""
    levels = np.random.default_rng(seed).permutation(low_db + 0.5 * np.arange(count))
    gain = np.repeat(10 ** (levels / 20), STEP)
    gain = np.convolve(np.pad(gain, 240, mode="edge"), np.hanning(482)[1:-1] / np.hanning(482).sum(), "valid")[:count * STEP]
    return signals.sine(count * STEP, RATE, hz, 0.0) * gain, levels


def chain(**values):
    return edits.add_stage(Session(), "dynamic_eq", values=values)


def acting_share(session, x):
    """Share of the 10 ms in which the stage turns anything down, and its output."""
    slot = session.chain[-1]
    stage, y, acted, size = make("dynamic_eq", RATE, dict(slot.values)), [], [], RATE // 100
    for start in range(0, x.shape[1], size):
        stage.meters()
        y.append(run(stage, x[:, start:start + size], when=start))
        acted.append(stage.meters()[2] > 0.01)
    return np.mean(acted), np.concatenate(y, axis=1)


@pytest.fixture
def song(tmp_path):
    x, _ = steps_song()
    return open_mix(write_song(tmp_path / "steps.wav", x))


@pytest.mark.parametrize("percentile", [50, 80, 90, 98])
def test_a_band_acts_in_the_share_of_time_that_exceeds(song, percentile, reached):
    """100 levels of equal length: over the p-th percentile are 100 - p of them. Release and the fades between levels add little."""
    session = chain(band4_range=-6, band4_attack=1, band4_release=10)
    found = thresholds_of_song(session, "dynamic_eq", song, percentile, (4,))
    share, _ = acting_share(with_thresholds(session, found), song.samples.astype(np.float64))
    reached("Dynamic EQ: thresholds from the song, share of time in which a band acts against the one asked for",
            f"{percentile:g}th percentile", abs(100 * share - (100 - percentile)), 4 if percentile < 98 else 0.7, "%")


def test_what_stays_below_the_norm_keeps_every_bit(song):
    session = chain(band4_range=-6, band4_attack=1, band4_release=10)
    session = with_thresholds(session, thresholds_of_song(session, "dynamic_eq", song, 75, (4,)))
    x = song.samples.astype(np.float64)
    _, y = acting_share(session, x)
    levels = steps_song()[1]
    quiet = np.flatnonzero(levels < np.percentile(levels, 75))
    assert len(quiet) == 75
    for k in quiet:
        part = np.s_[:, k * STEP + RATE // 4:(k + 1) * STEP - 480]
        assert np.array_equal(y[part], x[part])


def test_the_reduction_does_not_depend_on_the_level_of_the_song(tmp_path):
    """12 dB louder or softer, the thresholds taken anew: the same sound, 12 dB louder or softer."""
    x, session, heard = steps_song(count=50, low_db=-40.0)[0] * 0.2, chain(band4_range=-6, band4_ratio=5), []
    for gain_db in (-12, 0, 12):
        gain = 10 ** (gain_db / 20)
        song = open_mix(write_song(tmp_path / f"{gain_db}.wav", x * gain))
        found = with_thresholds(session, thresholds_of_song(session, "dynamic_eq", song, 80, (4,)))
        heard.append(acting_share(found, x * gain)[1] / gain)
    assert np.max(np.abs(heard[1] - x)) > 0.002
    ratio = [20 * np.log10(np.sqrt(np.mean(y.reshape(2, -1, STEP) ** 2, axis=2))) for y in heard]
    assert np.max(np.abs(ratio[0] - ratio[1])) < 0.02
    assert np.max(np.abs(ratio[2] - ratio[1])) < 0.02


def test_a_band_that_acts_under_gets_the_same_share_of_its_softest(song):
    session = chain(band4_range=3, band4_when=1, band4_attack=1, band4_release=10)
    over = thresholds_of_song(chain(), "dynamic_eq", song, 90, (4,)).values["band4_threshold"]
    under = thresholds_of_song(session, "dynamic_eq", song, 90, (4,)).values["band4_threshold"]
    top, bottom = -60 + 0.5 * 89.5, -60 + 0.5 * 9.5
    assert over == pytest.approx(top + 3, abs=0.6)
    assert under == pytest.approx(bottom - 3, abs=0.6)


def test_a_relative_band_gets_its_relative_threshold(song):
    found = thresholds_of_song(chain(band4_detector=1), "dynamic_eq", song, 90, (4,))
    assert list(found.values) == ["band4_relative"]


def test_the_bands_hear_what_comes_out_of_the_stages_before(song):
    session = edits.add_stage(chain(), "trim", 0, {"gain": -6})
    one, other = (thresholds_of_song(s, "dynamic_eq", song, 90, (4,)).values["band4_threshold"] for s in (chain(), session))
    assert other == pytest.approx(one - 6, abs=0.02)


@pytest.mark.parametrize("placement", [1, 2, 3, 4])
def test_the_bands_hear_what_the_stage_works_on(tmp_path, placement):
    x, _ = steps_song()
    x[1] *= -0.5
    song = open_mix(write_song(tmp_path / "song.wav", x))
    one, other = (thresholds_of_song(chain(**values), "dynamic_eq", song, 90, (4,)).values["band4_threshold"]
                  for values in ({}, {"placement": placement}))
    assert other - one == pytest.approx({1: -12.04, 2: -2.5, 3: 0, 4: -6.02}[placement], abs=0.03)


def test_all_bands_that_are_on_are_set_and_the_rest_stays(song):
    session = chain(band2_on=0, band4_range=-3)
    found = thresholds_of_song(session, "dynamic_eq", song)
    assert set(found.values) == {f"band{band}_threshold" for band in (1, 3, 4, 5, 6)}
    assert with_thresholds(session, found).chain[0].value("band4_range") == -3


def test_what_cannot_be_set_is_said(tmp_path):
    silent = open_mix(write_song(tmp_path / "silent.wav", np.zeros((2, RATE))))
    found = thresholds_of_song(chain(), "dynamic_eq", silent, 90, (1, 2))
    assert found.values == {}
    assert found.notices[1] == "There is nothing in band 2 of Dynamic EQ; its threshold stays."
    soft = open_mix(write_song(tmp_path / "soft.wav", signals.sine(RATE, RATE, 2500, -95)))
    found = thresholds_of_song(chain(), "dynamic_eq", soft, 90, (4,))
    assert found.values == {"band4_threshold": -80}
    assert "the end of its range" in found.notices[0]


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("trim", 90, None), "Trim has no bands"), (("dynamic_eq", 30, None), "A percentile of 30"), (("dynamic_eq", 90, (7,)), "bands 1 to 6"),
    (("dynamic_eq2", 90, None), "no stage 'dynamic_eq2'"),
])
def test_what_is_not_there_is_refused_in_a_sentence(song, arguments, sentence):
    slot, percentile, bands = arguments
    with pytest.raises(UsageProblem, match=sentence):
        thresholds_of_song(edits.add_stage(chain(), "trim"), slot, song, percentile, bands)


def test_a_desk_takes_them_as_one_step_that_can_be_undone(tmp_path):
    with clock_desk() as desk:
        desk.open(write_song(tmp_path / "song.wav", steps_song()[0]))
        desk.edit(lambda s: edits.add_stage(s, "dynamic_eq"))
        before = desk.session
        job = thresholds_job(desk, "dynamic_eq", 90)
        assert job.wait(60)
        assert desk.session == before
        take_thresholds(desk, job.result)
        assert desk.session.chain[0].value("band4_threshold") == pytest.approx(-12.2, abs=0.6)
        assert desk.history.undo_sentence == "Thresholds from the song, 90 %"
        desk.undo()
        assert desk.session == before


def test_a_job_that_is_stopped_changes_nothing(tmp_path):
    with clock_desk() as desk:
        desk.open(write_song(tmp_path / "song.wav", steps_song()[0]))
        desk.edit(lambda s: edits.add_stage(s, "dynamic_eq"))
        job = thresholds_job(desk, "dynamic_eq", 90)
        job.cancel()
        assert job.wait(60)
        assert job.cancelled or job.result is not None
        with pytest.raises(UsageProblem):
            take_thresholds(desk, Thresholds("gone", 90, {"band1_threshold": -20}))


def test_the_command_line_and_python_do_the_same(tmp_path):
    path, out = write_song(tmp_path / "song.wav", steps_song()[0]), tmp_path / "master.wav"
    given = cli.parse(["render", path, str(out), "--preset", "none", "--set", "dynamic_eq.band4_range=-6",
                       "--set", "dynamic_eq.band4_threshold=p80", "--bits", "64f"])
    assert given.job(given) == 0
    session = mastering_rt.thresholds_from_song(path, chain(band4_range=-6), 80, bands=(4,))
    report = mastering_rt.render(path, tmp_path / "other.wav", session, bits="64f")
    assert report.chain[0].value("band4_threshold") != -24
    one, other = open_mix(str(out)), open_mix(str(tmp_path / "other.wav"))
    assert np.array_equal(one.samples, other.samples)


def test_a_chain_without_the_stage_gets_it(tmp_path):
    path = write_song(tmp_path / "song.wav", steps_song()[0])
    given = cli.parse(["render", path, str(tmp_path / "master.wav"), "--preset", "none", "--set", "dynamic_eq.thresholds=p90", "--json"])
    assert given.job(given) == 0
    session, _ = song_thresholds.apply(Session(), [song_thresholds.Wish("dynamic_eq", None, 90)], path, lambda what, share: None)
    assert [slot.kind for slot in session.chain] == ["dynamic_eq"]
    assert session.chain[0].value("band4_threshold") != -24
