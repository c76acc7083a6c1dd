"""Promise 2 on a real audio server: what another program records of the live output is the render, bit for bit."""
import shutil

import numpy as np
import pytest

from mastering_rt.audio.song import load_song
from mastering_rt.cli import main
from tests import signals
from tests.jack import build_recorder, jack_server, record_play
from tests.mastering_rt.helpers import RATE, write_song

pytestmark = [pytest.mark.slow, pytest.mark.realtime,
              pytest.mark.skipif(shutil.which("jackd") is None, reason="no jackd: install jackd2 to test on a real audio server"),
              pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to build the recorder with")]
LEAD_IN_S = 4                    # silence in which the recorder finds and connects the player's ports
CHAIN = ["--preset", "demo", "--set", "limiter.gain=8"]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory):
    return build_recorder(tmp_path_factory.mktemp("recorder"))


def from_first_sound(x):
    return x[:, int(np.argmax(np.abs(x).max(axis=0) > 0)):]


@pytest.mark.parametrize(("frames", "seconds"), [
    (480, 2), *[pytest.param(n, 30, marks=pytest.mark.slow) for n in (32, 64, 128, 480, 1024)]])
def test_mix_and_master_null_against_the_render(recorder, tmp_path, frames, seconds):
    x = np.zeros((2, (seconds + 10) * RATE))
    x[:, LEAD_IN_S * RATE:] = 0.5 * signals.programme((seconds + 10 - LEAD_IN_S) * RATE, RATE)
    mix = write_song(tmp_path / "mix.wav", np.float32(x).astype(np.float64), bits="32f")
    assert main(["render", mix, str(tmp_path / "master.wav"), "--bits", "32f", *CHAIN]) == 0
    with jack_server(frames) as environment:
        for more, file in (([], "master.wav"), (["--mix"], "mix.wav")):
            recorded = record_play(recorder, environment, seconds * RATE, mix, "--unmatched", *CHAIN, *more, freewheel=True)
            want = load_song(tmp_path / file).samples
            heard = from_first_sound(recorded)
            assert heard.shape[1] == seconds * RATE
            assert np.array_equal(heard, from_first_sound(want)[:, :seconds * RATE]), f"{file} at {frames} frames"
