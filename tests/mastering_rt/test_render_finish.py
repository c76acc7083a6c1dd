"""Between the chain and the file: the exact mode, the word length and its dither, and what is said when reading back is stopped."""
import json

import numpy as np
import pytest
import soundfile

from mastering_rt.audio.quantize import DITHER_NAMES, DITHERS
from mastering_rt.cli import arguments
from mastering_rt.cli.render import report_text
from mastering_rt.errors import Cancelled, NotReadBack, UsageProblem
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.session.model import Session, Slot
from tests import signals
from tests.hot import hot
from tests.mastering_rt.helpers import RATE, write_song
from tests.truepeak64 import true_peak_db

LOUD = Session(chain=(Slot("limiter", "limiter", {"gain": 9.0}),))


@pytest.fixture(scope="module")
def bright(tmp_path_factory):
    """Sound up to half the rate, of which a limiter leaves more than its ceiling between the samples."""
    return write_song(tmp_path_factory.mktemp("bright") / "mix.wav", hot("random_signs", RATE, 3.0))


@pytest.fixture(scope="module")
def music(tmp_path_factory):
    return write_song(tmp_path_factory.mktemp("music") / "mix.wav", hot("drums", RATE, 3.0, 0.465))


def sound(path):
    return soundfile.read(path)[0].T


@pytest.mark.slow
@pytest.mark.parametrize("bits", ["16", "32f"])
def test_the_written_file_holds_the_ceiling(bright, tmp_path, bits):
    live = render(bright, str(tmp_path / "live.wav"), LOUD, RenderOptions(bits=bits))
    exact = render(bright, str(tmp_path / "exact.wav"), LOUD, RenderOptions(bits=bits, exact=True))
    assert true_peak_db(sound(tmp_path / "live.wav")) > -0.5
    assert true_peak_db(sound(tmp_path / "exact.wav")) <= -1.0 + 0.01
    assert live.exact is None
    assert exact.exact.places_touched > 10
    assert "places turned down, at most 1." in report_text(exact)
    found = json.loads(json.dumps(exact.as_json()))["exact"]
    assert found["left_over_db"] == 0
    assert len(found["places"]) == 20
    assert all(0 <= place["at_s"] <= 3 for place in found["places"])


def test_live_is_the_render_where_the_limiter_holds(music, tmp_path):
    live = render(music, str(tmp_path / "live.wav"), LOUD, RenderOptions())
    exact = render(music, str(tmp_path / "exact.wav"), LOUD, RenderOptions(exact=True))
    assert live.sha256 == exact.sha256
    assert exact.exact.places_touched == 0
    assert "every sample is as the limiter left it" in report_text(exact)


def test_a_range_is_held_to_the_ceiling_with_its_cut_ends(bright, tmp_path):
    report = render(bright, str(tmp_path / "part.wav"), LOUD, RenderOptions(bits="32f", exact=True, range_s=(1.0, 2.5)))
    assert sound(tmp_path / "part.wav").shape == (2, 1.5 * RATE)
    assert true_peak_db(sound(tmp_path / "part.wav")) <= -1.0 + 0.01
    assert all(1.0 <= place.at_s <= 2.5 for place in report.exact.places), "told in the song's time"


@pytest.mark.parametrize("chain", [
    (), (Slot("trim", "trim"),), (Slot("limiter", "limiter"), Slot("trim", "trim")),
    (Slot("limiter", "limiter", {"bypass": 1.0}),), (Slot("limiter", "limiter", {"mix": 50.0}),)])
def test_without_a_limiter_at_the_end_the_exact_mode_is_refused(bright, tmp_path, chain):
    with pytest.raises(UsageProblem, match="holds the ceiling of a limiter that ends the chain"):
        render(bright, str(tmp_path / "m.wav"), Session(chain=chain), RenderOptions(exact=True))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dither", [name for name in DITHERS if name != "auto"])
def test_the_report_says_which_dither_it_was(music, tmp_path, dither):
    report = render(music, str(tmp_path / "m.wav"), LOUD, RenderOptions(bits="16", dither=dither))
    assert report.dither == dither
    assert f"dither {DITHER_NAMES[dither]};" in report_text(report)


def test_twenty_bits_lie_in_words_of_24_and_it_is_said(music, tmp_path):
    report = render(music, str(tmp_path / "m.wav"), LOUD, RenderOptions(bits="20", dither="light"))
    assert report.subtype == "PCM_24"
    assert "20 bits are written in words of 24, of which the lowest 4 bits are 0." in report.notices
    words = soundfile.read(tmp_path / "m.wav", dtype="int32")[0] >> 8
    assert not (words & 15).any()
    assert (words & 16).any()


def test_stopping_while_it_is_read_back_does_not_say_that_nothing_was_written(music, tmp_path):
    doing = []
    with pytest.raises(NotReadBack, match=r"m\.wav' is written and complete; reading it back was stopped, so it was not measured\."):
        render(music, str(tmp_path / "m.wav"), LOUD, RenderOptions(), progress=lambda what, share: doing.append(what),
               cancelled=lambda: "Reading back" in doing)
    assert sound(tmp_path / "m.wav").shape == (2, 3 * RATE)
    with pytest.raises(Cancelled, match="nothing was written"):
        render(music, str(tmp_path / "n.wav"), LOUD, RenderOptions(), cancelled=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["m.wav"]


def test_the_command_line_offers_what_there_is():
    assert arguments.DITHERS == DITHERS
    assert set(DITHER_NAMES) == set(DITHERS)


def test_silence_stays_digital_silence(tmp_path):
    x = np.zeros((2, RATE))
    x[:, :1000] = signals.noise(1000)
    render(write_song(tmp_path / "mix.wav", x), str(tmp_path / "m.wav"), LOUD, RenderOptions(bits="16", dither="strong", exact=True))
    words = soundfile.read(tmp_path / "m.wav", dtype="int16")[0]
    assert words[:3000].any()
    assert not words[RATE // 4:].any()
