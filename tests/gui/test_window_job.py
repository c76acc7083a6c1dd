"""The main job in the window, by hand: open, play, shape, reorder, compare, loop, undo, save, render; the file is what was heard."""
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

import mastering_rt
from mastering_rt.desk import rendering
from mastering_rt.session.store import load_session
from tests import signals
from tests.mastering_rt.helpers import write_song

pytestmark = pytest.mark.slow

RATE = 48000
DEFAULT_CHAIN = ["eq", "compressor", "limiter"]


def drag_node(rig, band, by):
    """Drag a node of the open equaliser; gives what its frequency and gain were before."""
    before = rig.value("eq", f"band{band}_freq"), rig.value("eq", f"band{band}_gain")
    plot = rig.window.stage.frame.editor.plot
    rig.drag(plot, plot.frame.node_at(plot.bands[band - 1]).toPoint(), by)
    return before


def render(rig, path):
    """Fill in the render dialog and press the key."""
    rig.key("Ctrl+R")
    form = rig.dialog.form
    form.show_folder(Path(path).parent)
    form.name.setFocus()
    form.name.selectAll()
    rig.type(Path(path).stem)
    rig.answer("Render")


class Gate:
    """Holds a render at a third of its way until it is let go, so that its progress can be seen."""

    def __init__(self, monkeypatch, at=""):
        self.held, self.let_go = threading.Event(), threading.Event()
        real = rendering.render

        def slow(*args, progress, **more):
            def held(what, share):
                progress(what, share)
                if share >= 0.3 and at in what and not self.let_go.is_set():
                    self.held.set()
                    self.let_go.wait(60)
            return real(*args, progress=held, **more)
        monkeypatch.setattr(rendering, "render", slow)


def test_the_whole_job(rig, mix, tmp_path):
    """Hands and eyes from an empty program to a file on the disk, in the order of the day."""
    gain = open_and_shape(rig, mix)
    compare(rig, tmp_path)
    take_a_trial(rig)
    go_round(rig)
    undo_and_redo(rig, gain)
    saved = save(rig, tmp_path)
    out, again = tmp_path / "Heard.wav", tmp_path / "again.wav"
    render(rig, out)
    rig.until(lambda: rig.dialog.back.sha256)
    assert [row.kept for row in rig.dialog.back.rows if row.name in ("Format", "Length", "True peak", "Dither")] == [True] * 4
    mastering_rt.render(mix, again, load_session(saved).session)
    assert out.read_bytes() == again.read_bytes()


def open_and_shape(rig, mix):
    """Open, play, drag a node, reorder; gives the gain that the node had."""
    rig.open(mix)
    assert rig.chain == DEFAULT_CHAIN and rig.desk.heard == "master"
    assert rig.window.title.name.words == "mix"

    rig.key("Space")
    rig.until(lambda: rig.playing and rig.frame > RATE // 4)
    peaks = rig.window.meters.peak
    rig.until(lambda: peaks.levels_db[0] > -40 and peaks.largest_dbtp() > -40)

    freq, gain = drag_node(rig, 4, QPoint(40, -30))
    assert rig.value("eq", "band4_freq") > freq and rig.value("eq", "band4_gain") > gain + 0.5
    assert len(rig.desk.history.steps) == 1
    rig.until(lambda: not rig.desk.player.busy and rig.desk.player._rack.slots == rig.desk.session.chain)

    slot = rig.window.chain.slots[0]
    rig.drag(slot, QPoint(60, 40), QPoint(slot.width() + 20, 0))
    assert rig.chain == ["compressor", "eq", "limiter"]
    rig.key("Ctrl+Right")
    assert rig.chain == ["compressor", "limiter", "eq"]
    rig.key("Ctrl+Left")
    assert rig.chain == ["compressor", "eq", "limiter"]
    rig.until(lambda: [place.name for place in rig.desk.player._rack.slots] == rig.chain)
    return gain


def compare(rig, folder):
    """Mix, master, and a reference from a file."""
    for key, source in (("1", "mix"), ("2", "master"), ("`", "mix"), ("`", "master")):
        rig.key(key)
        assert rig.desk.heard == source
        rig.until(lambda source=source: rig.desk.player.status.heard == source)
        assert rig.window.compare.heard == source

    with rig.picking(write_song(folder / "Record.wav", 0.2 * signals.programme(2 * RATE, seed=21))):
        rig.click(rig.window.compare.references.add)
    rig.until(lambda: rig.window.compare.references.keys and rig.desk.compare.references[rig.desk.session.references[0].id].ready)
    rig.key("3")
    rig.until(lambda: rig.window.compare.heard == "reference" and rig.window.meters.heard_words == "Record")
    rig.key("2")


def take_a_trial(rig):
    """One answer of a blind test, and out of it again."""
    rig.wait_for_facts()
    rig.key("X")
    rig.until(rig.window.blind.setup.start_key.isEnabled)
    rig.click(rig.window.blind.setup.start_key)
    rig.until(lambda: rig.acts.blind.running)
    for keys in ("A", "B", "X"):
        rig.key(keys)
    rig.click(rig.window.blind.trial.cards["a"])
    rig.key("Left")
    assert rig.desk.blind.test.answered == 1
    rig.key("Esc")
    rig.key("Esc")
    rig.until(lambda: not rig.window.blind.isVisible() and rig.window.chain.isVisible())
    if not rig.playing:
        rig.key("Space")
        rig.until(lambda: rig.playing)


def go_round(rig):
    """A loop drawn by keys is played."""
    rig.key("Space")
    rig.until(lambda: not rig.playing)
    for key in ("Home", ".", "[", ".", "]"):
        rig.key(key)
        rig.frames(2)
    loop = rig.desk.session.loop
    assert (loop.start_frame, loop.stop_frame, loop.on) == (RATE, 2 * RATE, True)
    rig.key("Home")
    rig.key(".")
    rig.key("Space")
    places = []
    rig.until(lambda: places.append(rig.frame) or any(later < before for before, later in zip(places, places[1:], strict=False)))
    assert min(places[1:]) >= RATE - 256 and max(places) <= 2 * RATE


def undo_and_redo(rig, gain):
    """Everything back, and forth again."""
    steps = len(rig.desk.history.steps)
    after = rig.desk.session
    for _ in range(steps):
        rig.key("Ctrl+Z")
    assert rig.chain == DEFAULT_CHAIN and rig.value("eq", "band4_gain") == gain and rig.desk.session.loop is None
    rig.key("Ctrl+Z")
    assert rig.chain == DEFAULT_CHAIN
    for _ in range(steps):
        rig.key("Ctrl+Shift+Z")
    assert rig.desk.session == after


def save(rig, folder):
    """Gives where the session lies."""
    saved = folder / "My song.mrt"
    with rig.picking(saved):
        rig.key("Ctrl+S")
    assert saved.exists() and not rig.desk.history.has_unsaved_changes
    rig.frames()
    assert rig.window.title.name.words == "My song" and rig.window.title.saved.words == "saved just now"
    assert rig.window.windowTitle() == "My song - Mastering RT"
    return saved


def test_a_render_shows_how_far_it_is_and_can_be_cancelled(working, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    out = tmp_path / "Never.wav"
    render(working, out)
    dialog = working.dialog
    working.until(lambda: gate.held.is_set() and dialog.rows and 0.3 <= dialog.rows[0].bar.share < 1)
    assert dialog.rows[0].state.endswith("%") and not dialog.render_key.isEnabled()
    assert not out.exists()
    working.click(dialog.cancel_key)
    gate.let_go.set()
    working.until(lambda: dialog.rows[0].state == "Stopped")
    working.until(lambda: dialog.back.title == "Nothing was written")
    assert [path for path in tmp_path.rglob("*") if "Never" in path.name] == []
    assert dialog.render_key.isEnabled()


def test_a_render_that_is_stopped_while_it_is_read_back_says_that_the_file_is_there(working, tmp_path, monkeypatch):
    gate = Gate(monkeypatch, "Reading back")
    out = tmp_path / "Written.wav"
    render(working, out)
    dialog = working.dialog
    working.until(gate.held.is_set)
    assert out.exists()
    working.click(dialog.cancel_key)
    gate.let_go.set()
    working.until(lambda: dialog.rows[0].state == "Not read back")
    working.until(lambda: dialog.back.title == "Written, but not read back")
    assert "is written and complete" in dialog.back.sentences[0][0]
    assert out.exists()


def test_the_exact_mode_is_asked_for_and_told(working, tmp_path):
    out = tmp_path / "Exact.wav"
    working.key("Ctrl+R")
    dialog = working.dialog
    dialog.form.show_folder(tmp_path)
    dialog.form.name.setText("Exact")
    working.click(dialog.form.ceiling.segments[1])
    assert "Exact mode" in [row.name for row in dialog.back.rows]
    working.answer("Render")
    working.until(lambda: dialog.back.sha256)
    told = next(row for row in dialog.back.rows if row.name == "Exact mode")
    assert (told.found, told.kept) == ("nothing to take off", True)
    assert out.exists()


def test_closing_the_dialog_does_not_stop_a_render(working, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    out = tmp_path / "Whole.wav"
    render(working, out)
    working.until(gate.held.is_set)
    working.answer("Close")
    working.until(lambda: working.window.status.share is not None)
    assert "Rendering" in working.window.status.state or "%" in working.window.status.state
    gate.let_go.set()
    working.until(out.exists)
    working.until(lambda: "Whole.wav is written" in working.told)


def test_a_master_that_exists_is_replaced_only_after_a_question(working, tmp_path):
    out = tmp_path / "Kept.wav"
    out.write_bytes(b"old")
    render(working, out)
    assert working.dialog.title.words == "Kept.wav exists already."
    working.answer("Keep it")
    assert out.read_bytes() == b"old"
    working.answer("Render")
    working.answer("Replace it")
    working.until(lambda: out.stat().st_size > 1000 and working.dialog.back.sha256)


def test_a_value_is_typed_and_undone_in_one_step(working):
    working.key("Ctrl+3")
    control = working.window.stage.frame.editor.strip.parts["gain"]
    control.setFocus()
    working.key("Return")
    field = working.window.findChild(QLineEdit)
    field.selectAll()
    working.type("4.5")
    working.key("Return")
    assert working.value("limiter", "gain") == 4.5
    working.window.setFocus()
    working.key("Ctrl+Z")
    assert working.value("limiter", "gain") == 0


@pytest.mark.parametrize("to", ["mix", "master"])
def test_what_was_known_of_the_song_is_shown_for_what_is_heard(working, to):
    working.wait_for_facts()
    working.key("1" if to == "mix" else "2")
    facts = working.program.bridge.song.facts
    meters = working.window.meters
    assert meters.integrated.value == getattr(facts, to).integrated_lufs
    assert meters.true_peak.value == getattr(facts, to).true_peak_dbtp


def test_a_stage_names_its_preset_until_it_is_edited(working):
    """A flat equaliser, a compressor as the preset sets it."""
    working.acts.presets.load("gentle")

    def preset(stage):
        working.acts.shaping.select(stage)
        working.acts.shaping.changed()
        return working.window.stage.frame.header.preset
    assert preset("eq").value_text() == "Neutral" and preset("compressor").value_text() == "Gentle"
    working.acts.shaping.set_value("compressor", "ratio", 3)
    assert preset("compressor").value_text() == "Gentle, edited"
    preset("compressor").choose(preset("compressor").choices.index("Demo"))
    assert working.value("compressor", "threshold") == -24 and preset("compressor").value_text() == "Demo"
    working.acts.shaping.toggle_bypass()
    assert preset("compressor").value_text() == "Demo" and working.value("compressor", "bypass") == 1
    preset("compressor").choose(0)
    assert working.value("compressor", "ratio") == 1 and working.value("compressor", "bypass") == 1


def test_an_editor_that_is_opened_late_shows_the_past(working):
    """Two seconds of telemetry: input, output, detector and reduction of the compressor, true peak of the master for the limiter."""
    working.key("L")
    working.key("Space")
    working.until(lambda: working.program.bridge.motion._past_bins >= 200)
    for key, fields in (("Ctrl+2", ("input_db", "output_db", "detector_db", "reduction_db")),
                        ("Ctrl+3", ("output_db", "true_peak_db", "reduction_db"))):
        working.key(key)
        working.frames(2)
        history = working.window.stage.frame.editor.history
        column_s = history.column_s
        there = history.recording.complete(column_s)
        assert there * column_s >= 1.5
        columns = history.recording.columns(there - round(1.0 / column_s), there, column_s)
        for field in fields:
            assert np.isfinite(columns[field]).all() and max(columns[field]) > -60, field


def test_a_dynamics_slot_has_its_bar_before_anything_plays(working):
    assert [slot.has_bar for slot in working.window.chain.slots] == [False, True, True]
    working.key("Ctrl+Right")
    assert [slot.has_bar for slot in working.window.chain.slots] == [True, False, True]
