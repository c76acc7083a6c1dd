"""What the render dialog says beforehand is what the file then holds, and what can be done about it is one click."""
import pytest

from gui.window.read_back import Asked, expected_clipped_row, warning
from mastering_rt.offline.expected import Expected, clipped_in, expected
from mastering_rt.offline.render import RenderOptions, ceiling_of
from mastering_rt.session import edits
from tests.mastering_rt.helpers import programme_file

pytestmark = pytest.mark.slow


@pytest.fixture
def clipping(working):
    """The usual chain with a trim of 12 dB behind its limiter."""
    working.desk.edit(lambda s: edits.add_stage(s, "trim", 3, {"gain": 12.0}))
    working.wait_for_facts()
    working.key("Ctrl+R")
    return working


def plan(rig):
    return rig.dialog.back


def row(rig, name):
    return next(row for row in plan(rig).rows if row.name == name)


def measured(rig):
    rig.until(lambda: rig.acts.rendering._known is not None and rig.acts.rendering._known.chain == rig.desk.session.chain)


def test_it_says_what_will_be_written_and_that_it_clips(clipping):
    rig, back = clipping, plan(clipping)
    known = rig.desk.measured.master.report
    figures = {name: figure for name, figure, _ in back.figures}
    assert figures["Integrated"].replace("\N{MINUS SIGN}", "-") == f"{known.integrated_lufs:.1f}"
    peak = row(rig, "True peak")
    assert peak.found == f"+{known.true_peak_dbtp:.2f} dBTP" and peak.kept is False
    clipped = row(rig, "Clipped samples")
    assert clipped.found.startswith("about ") and clipped.kept is False
    assert back.warning.startswith("The file will clip: about") and "will read less than" in back.warning
    assert back.warning in back.spoken_value()
    assert [button.text() for button in back.remedy_keys.values() if button.isVisible()] == ["Put the limiter last", "32-bit float"]


@pytest.mark.parametrize("bits", ["16", "24"])
def test_the_count_is_that_of_the_render(clipping, bits, tmp_path):
    rig = clipping
    rig.dialog.form.choose_bits(bits)
    rig.dialog.form.name.setText("clipped")
    rig.dialog.form.show_folder(tmp_path)
    told = int("".join(digit for digit in row(rig, "Clipped samples").found if digit.isdigit()))
    level, peak = rig.desk.measured.master.report.integrated_lufs, row(rig, "True peak").found
    rig.answer("Render")
    rig.until(lambda: rig.acts.rendering.runs and rig.acts.rendering.runs[0].job.done)
    report = rig.acts.rendering.runs[0].job.result
    assert told == pytest.approx(report.quantizer_clipped_samples, rel=0.01)
    assert report.file.integrated_lufs < level, "it clips, and says so"
    assert peak.startswith("+")


def test_putting_the_limiter_last_mends_it(clipping):
    rig = clipping
    rig.click(plan(rig).remedy_keys["limiter"])
    assert rig.chain[-1] == "limiter" and len(rig.chain) == 4
    measured(rig)
    assert plan(rig).warning == "" and row(rig, "True peak").kept is True and row(rig, "Clipped samples").found == "none"
    assert not any(button.isVisible() for button in plan(rig).remedy_keys.values())
    assert rig.dialog.form.ceiling.segments[1].isEnabled()
    rig.key("Escape")
    rig.key("Ctrl+Z")
    assert rig.chain[-1] == "trim"


def test_a_chain_without_a_limiter_gets_one(rig, tmp_path):
    rig.open(programme_file(tmp_path, 4.0))
    rig.desk.edit(lambda s: edits.set_chain(s, edits.add_stage(edits.set_chain(s, ()), "trim", 0, {"gain": 12.0}).chain))
    rig.wait_for_facts()
    rig.key("Ctrl+R")
    assert plan(rig).remedy_keys["limiter"].text() == "Add a limiter"
    rig.click(plan(rig).remedy_keys["limiter"])
    assert [slot.kind for slot in rig.desk.session.chain] == ["trim", "limiter"]
    assert ceiling_of(rig.desk.session.chain) == -1


def test_floats_keep_it_and_that_is_said(clipping):
    rig = clipping
    rig.click(plan(rig).remedy_keys["float"])
    assert rig.dialog.form.word_length == "32f"
    assert row(rig, "Clipped samples").found == "none"
    assert "whatever plays or converts it will clip" in plan(rig).warning
    assert [button.text() for button in plan(rig).remedy_keys.values() if button.isVisible()] == ["Put the limiter last"]
    rig.dialog.form.format.choose(list(rig.dialog.form.format.choices).index("FLAC"))
    assert [button.text() for button in plan(rig).remedy_keys.values() if button.isVisible()] == ["Put the limiter last"], "FLAC holds no floats"


def test_a_master_under_its_ceiling_is_told_in_numbers_only(working):
    working.wait_for_facts()
    working.key("Ctrl+R")
    assert plan(working).warning == ""
    assert row(working, "True peak").kept is True and row(working, "Clipped samples").found == "none"
    assert {name: figure for name, figure, _ in plan(working).figures}["Integrated"]


def test_a_loudness_still_to_be_reached_promises_nothing(clipping):
    rig = clipping
    rig.click(rig.dialog.form.loudness.segments[1])
    assert plan(rig).figures == [] and plan(rig).warning == ""
    assert row(rig, "True peak").found == ""


def test_a_loop_is_told_by_itself(clipping):
    known = clipping.desk.measured
    whole, part = expected(known, "24"), expected(known, "24", (0, known.rate_hz // 2))
    assert 0 <= part.clipped_samples < whole.clipped_samples
    assert part.levels.true_peak_dbtp <= whole.levels.true_peak_dbtp
    assert clipped_in(known.master.bins, "32f") == 0
    assert clipped_in(known.mix.bins, "24") == 0


def test_peaks_between_the_samples_are_no_clipping(clipping):
    levels = clipping.desk.measured.master.report
    asked = Asked(RenderOptions(bits="24"), 44100, 4.0, None)
    words = warning(asked, Expected(levels, 0))
    assert "between the samples" in words and "will clip" not in words
    assert expected_clipped_row(Expected(levels, 0)).kept is True
