"""What the commands of the chain do: slots, thresholds, undo, clipboard."""
import threading

from gui.editors import EqEditor
from mastering_rt.desk.jobs import Job
from mastering_rt.errors import Cancelled
from tests.gui.commands.by_hand import does


@does("edit.undo")
def undoes(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    press()
    assert rig.value("limiter", "gain") == 0


@does("edit.redo")
def redoes(rig, press, tmp_path):
    rig.acts.shaping.set_value("limiter", "gain", 3)
    rig.acts.shaping.undo()
    press()
    assert rig.value("limiter", "gain") == 3


@does("edit.copy", "edit.paste")
def copies_and_pastes(rig, press, tmp_path):
    rig.acts.shaping.set_value("eq", "band3_gain", 2)
    rig.key("Ctrl+C")
    rig.key("Ctrl+D")
    rig.acts.shaping.set_value("eq2", "band3_gain", -6)
    assert rig.acts.shaping.selected == "eq2"
    rig.key("Ctrl+V")
    assert rig.value("eq2", "band3_gain") == 2


@does("chain.add")
def adds(rig, press, tmp_path):
    press()
    rig.menu.actions()[0].trigger()
    rig.menu.close()
    assert len(rig.chain) == 4 and rig.chain[0] == "eq" and rig.acts.shaping.selected == rig.chain[1]


@does("chain.bypass")
def bypasses(rig, press, tmp_path):
    press()
    assert rig.value("eq", "bypass") == 1 and press.on
    press()
    assert rig.value("eq", "bypass") == 0 and not press.on


@does("chain.left", "chain.right")
def moves(rig, press, tmp_path):
    rig.acts.shaping.select("compressor")
    press()
    left = press.command.id == "chain.left"
    assert rig.chain == (["compressor", "eq", "limiter"] if left else ["eq", "limiter", "compressor"])
    press()
    assert rig.chain[0 if left else 2] == "compressor"


@does("chain.duplicate")
def duplicates(rig, press, tmp_path):
    press()
    assert rig.chain == ["eq", "eq2", "compressor", "limiter"]


@does("chain.reset")
def resets(rig, press, tmp_path):
    rig.acts.shaping.set_value("eq", "band3_gain", 2)
    press()
    assert rig.value("eq", "band3_gain") == 0


@does("chain.loudness")
def asks_for_a_loudness(rig, press, tmp_path):
    gain = rig.value("limiter", "gain")
    press()
    rig.answer("Set the drive")
    rig.until(lambda: rig.acts.loudness.job is None)
    assert rig.value("limiter", "gain") != gain and rig.desk.history.undo_sentence.startswith("Loudness set to")


@does("chain.thresholds")
def finds_thresholds(rig, press, tmp_path):
    rig.acts.shaping.add("dynamic_eq")
    before = rig.value("dynamic_eq", "band1_threshold")
    press()
    rig.answer("Set thresholds")
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert rig.value("dynamic_eq", "band1_threshold") != before and rig.desk.history.undo_sentence == "Thresholds from the song, 90 %"


@does("chain.thresholds_stop")
def stops_finding_thresholds(rig, press, tmp_path):
    before, go = rig.desk.session, threading.Event()

    def listens(tell, cancelled):
        go.wait(60)
        if cancelled():
            raise Cancelled("Listening was stopped.")
    rig.acts.thresholds.job = job = Job("Listening", listens)
    rig.acts.background.add(job, rig.acts.thresholds._done)
    press()
    go.set()
    rig.until(lambda: rig.acts.thresholds.job is None)
    assert rig.desk.session == before and job.cancelled


@does("chain.remove")
def removes(rig, press, tmp_path):
    press()
    assert rig.chain == ["compressor", "limiter"] and rig.acts.shaping.selected == "compressor"
    rig.window.compare.mix.setFocus()
    press()
    assert rig.chain == ["compressor", "limiter"]


@does(*(f"chain.select_{place}" for place in range(1, 10)))
def selects(rig, press, tmp_path):
    place = int(press.command.id[-1])
    rig.acts.shaping.select("compressor")
    press()
    assert rig.acts.shaping.selected == (rig.chain[place - 1] if place <= 3 else "compressor")
    assert rig.window.stage.slot == rig.acts.shaping.selected


@does("band.next", "band.previous")
def walks_the_bands(rig, press, tmp_path):
    assert isinstance(rig.window.stage.frame.editor, EqEditor)
    rig.window.stage.frame.editor.plot.choose(1)
    press()
    assert rig.window.stage.frame.editor.plot.selected == (2 if press.command.id == "band.next" else 8)
