"""A mix that was opened just now sounds as it is: nothing is done to it before somebody asks, but that its peaks stay under the ceiling."""
import numpy as np
import soundfile as sf

import mastering_rt as mrt
from mastering_rt.session.model import Session
from mastering_rt.session.presets import FOR_NEW_MIX, apply_preset, find_preset
from tests import signals
from tests.mastering_rt.helpers import RATE, band_limited, write_song

LOUD = band_limited(0.6 * signals.programme(4 * RATE, RATE) / np.max(np.abs(signals.programme(4 * RATE, RATE))))


def master_of(folder, mix):
    path = write_song(folder / "mix.wav", mix)
    report = mrt.render(path, folder / "master.wav", bits="32f", overwrite=True)
    return sf.read(folder / "master.wav", dtype="float64")[0].T, report


def test_a_render_nobody_has_set_anything_for_is_the_mix(tmp_path):
    master, _ = master_of(tmp_path, LOUD)
    assert np.array_equal(master, LOUD.astype(np.float32))


def test_peaks_over_the_ceiling_are_held_all_the_same(tmp_path):
    _, report = master_of(tmp_path, 2.5 * LOUD)
    assert mrt.analyze(tmp_path / "mix.wav").true_peak_dbtp > 1
    assert report.file.true_peak_dbtp <= -1


def test_every_way_in_begins_alike():
    chain = apply_preset(Session(), find_preset(FOR_NEW_MIX)).chain
    assert mrt.new_session().chain == chain
    assert [slot.kind for slot in chain] == ["eq", "compressor", "limiter"]
    assert not any(slot.values for slot in chain)
