"""Figures of their own that stages take from the sound: from the audio thread to the lines of the terminal."""
import numpy as np
import pytest

from dsp_core.params import MEASURES, STAGES
from mastering_rt.cli.meters import reductions
from mastering_rt.session import edits
from tests import signals
from tests.mastering_rt.helpers import RATE, clock_desk, until, write_song

pytestmark = pytest.mark.slow


@pytest.fixture
def desk():
    made = clock_desk()
    yield made
    made.close()


@pytest.mark.realtime
def test_what_plays_is_measured_and_told(desk, tmp_path):
    """A sine through a curve of odd harmonics: the distortion is that of the documented curve, and the clipper cuts a share."""
    desk.open(write_song(tmp_path / "mix.wav", signals.sine(4 * RATE, RATE, 997, -6)))
    desk.edit(lambda s: edits.add_stage(s, "saturation", values={"character": 4, "band1_drive": 12, "level_match": 0}))
    desk.edit(lambda s: edits.add_stage(s, "clipper", values={"gain": 18.0}))
    desk.play_or_stop()
    pulses = []
    until(lambda: desk.player.status.frame > 2 * RATE, lambda: pulses.append(desk.poll()))
    told = [p for p in pulses if len(p.readings.stages) == 2][-1]
    x = (10 ** (12 / 20) - 1) * 10 ** (-6 / 20) * np.sin(2 * np.pi * np.arange(4096) / 4096)
    spectrum = np.abs(np.fft.rfft(x / np.sqrt(1 + x * x)))
    assert told.readings.stages[0].measure == pytest.approx(np.sqrt(np.sum(spectrum[2:] ** 2)) / spectrum[1], rel=0.05)
    assert 0 < told.readings.stages[1].measure < 1
    words = reductions(desk, told)
    assert MEASURES["saturation"].text(told.readings.stages[0].measure) in words
    assert "Cut" in words


def test_every_measure_is_of_a_kind_that_there_is():
    assert set(MEASURES) <= set(STAGES)
    assert MEASURES["saturation"].text(0.00423) == "THD 0.42 %"
