"""Samples that are no numbers: whichever stage met them is named, in the window while it plays and in the report of a render."""
import numpy as np
import soundfile

from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.playback.faults import FaultWatch
from mastering_rt.playback.telemetry import RECORD
from mastering_rt.session.model import Session, Slot

SLOTS = (Slot("eq", "eq"), Slot("trim", "trim"))


def records(*counts):
    """One record of a chain whose stages have met so many faults."""
    made = np.zeros(1, RECORD)
    made["stages"] = len(counts)
    made["stage"]["faults"][0, :len(counts)] = counts
    return made


def test_the_first_fault_is_told_and_names_its_stage():
    watch = FaultWatch()
    assert watch.read(records(0, 0), SLOTS) == ()
    sentence, = watch.read(records(0, 1), SLOTS)
    assert sentence.startswith("Trim met samples that are no numbers (NaN or infinity) once.")
    assert watch.read(records(0, 1), SLOTS) == ()


def test_a_steady_fault_is_no_flood():
    watch = FaultWatch()
    told = [sentence for count in range(1, 1001) for sentence in watch.read(records(count, 0), SLOTS)]
    assert len(told) == 10
    assert "512 times" in told[-1]


def test_a_fresh_instance_is_told_anew_and_another_chain_says_nothing():
    watch = FaultWatch()
    assert len(watch.read(records(8, 0), SLOTS)) == 1
    assert watch.read(records(0, 0), SLOTS) == ()
    assert len(watch.read(records(1, 0), SLOTS)) == 1
    assert watch.read(records(5), SLOTS) == ()
    assert watch.read(np.zeros(0, RECORD), SLOTS) == ()


def test_the_report_of_a_render_names_the_stage_that_overflowed(tmp_path):
    x = np.full((48000, 2), 0.1)
    x[20000] = 1.7e308
    soundfile.write(tmp_path / "mix.wav", x, 48000, subtype="DOUBLE")
    chain = (Slot("trim", "trim", {"gain": 24.0}), Slot("trim2", "trim"))
    report = render(str(tmp_path / "mix.wav"), str(tmp_path / "master.wav"), Session(chain=chain), RenderOptions(bits="64f"))
    assert [n for n in report.notices if "no numbers" in n] == [n for n in report.notices if n.startswith("Trim met samples")]
    assert sum("no numbers (NaN or infinity) once" in n for n in report.notices) == 1
    y, _ = soundfile.read(tmp_path / "master.wav")
    assert np.isfinite(y).all()
    assert np.allclose(y[-9600:], 0.1 * 10 ** (24 / 20))
