"""What an engineer does without thinking: keys beside another window, numbers typed at once, a stage added before the limiter."""
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.controls.chain import ChainStrip
from gui.editors import Models, make_editor
from gui.window.keep_on_screen import fit
from mastering_rt.measure.curves import EqCurves, clipper_db, compressor_db
from mastering_rt.session import edits


@pytest.mark.slow
def test_keys_work_in_the_window_of_the_meters_too(working):
    rig = working
    rig.acts.viewing.open_meters()
    meters = rig.program.bridge.figures.window
    meters.activateWindow()
    rig.until(meters.isActiveWindow)
    QTest.keyClick(meters, Qt.Key.Key_Space)
    rig.until(lambda: rig.desk.player.status.playing)
    QTest.keyClick(meters, Qt.Key.Key_1)
    assert rig.desk.heard == "mix"
    QTest.keyClick(meters, Qt.Key.Key_Escape)
    assert not meters.isVisible() and rig.desk.player.status.playing
    rig.acts.viewing.open_meters()
    rig.until(meters.isActiveWindow)
    QTest.keyClick(meters, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not meters.isVisible()


@pytest.mark.slow
def test_a_stage_added_by_the_key_at_the_end_stands_before_the_limiter(working):
    rig = working
    assert rig.chain[-1] == "limiter"
    rig.acts.shaping.select("limiter")
    menu = rig.window.chain.open_add_menu()
    next(row for row in menu.actions() if row.text() == "Trim").trigger()
    menu.close()
    assert rig.chain[-2:] == ["trim", "limiter"]


def test_without_a_host_a_new_stage_goes_to_the_end(qtbot):
    strip = ChainStrip()
    qtbot.addWidget(strip)
    assert strip.place_for("trim", None) == 0


@pytest.mark.slow
def test_a_number_is_typed_into_a_dialog_without_opening_its_field_first(working, monkeypatch):
    rig, found = working, []
    monkeypatch.setattr(type(rig.acts.loudness), "find", lambda _self, target: found.append(target))
    rig.acts.loudness.ask()
    target = rig.acts.loudness.dialog.target
    assert target.hasFocus() and target.value_text() == "\N{MINUS SIGN}14.0 LUFS"
    for sign in "-9":
        QTest.keyClicks(rig.window.focusWidget(), sign)
    assert target.typing
    QTest.keyClick(rig.window.focusWidget(), Qt.Key.Key_Return)
    assert target.value == -9 and not target.typing and found == []
    QTest.keyClick(rig.window.focusWidget(), Qt.Key.Key_Return)
    assert found == [-9]


@pytest.mark.slow
def test_the_level_of_a_fader_has_room_for_its_unit(working):
    working.acts.loudness.ask()
    target = working.acts.loudness.dialog.target
    assert target.fontMetrics().horizontalAdvance(target.value_text()) <= target.value_area().width()


@pytest.mark.slow
def test_render_says_beforehand_what_will_clip(working):
    rig = working
    rig.desk.edit(lambda s: edits.set_chain(s, ()))
    rig.acts.shaping.add("trim")
    rig.acts.shaping.set_value("trim", "gain", 20.0)
    rig.until(lambda: not rig.desk.measuring and rig.desk.measured is not None and rig.desk.measured.chain == rig.desk.session.chain)
    rig.acts.rendering.open()
    back = rig.acts.rendering.dialog.back
    assert "will clip" in back.spoken_value() and "dBTP" in back.spoken_value() and back.warning
    rig.acts.rendering.dialog.form.bits.choose(5)
    assert "keeps it" in back.spoken_value() and back.warning
    rig.acts.rendering.dialog.answer("close")
    rig.acts.shaping.set_value("trim", "gain", -6.0)
    rig.until(lambda: not rig.desk.measuring and rig.desk.measured.chain == rig.desk.session.chain)
    rig.acts.rendering.open()
    assert "clip" not in back.spoken_value().split("Clipped samples")[0] and not back.warning


@pytest.mark.slow
def test_after_a_value_was_set_by_name_the_keyboard_is_on_it(working):
    rig = working
    rig.acts.shaping.select("limiter")
    rig.frames(1)
    rig.window.stage.frame.header.without.setFocus()
    rig.acts.shaping.set_by_name("compressor", "threshold", -20.0)
    focus = rig.window.focusWidget()
    assert focus.param.id == "threshold" and rig.window.stage.frame.isAncestorOf(focus)
    rig.acts.shaping.select("limiter")
    rig.frames(1)
    assert rig.window.focusWidget() is rig.window.chain.slots[rig.chain.index("limiter")]


@pytest.mark.slow
def test_out_of_compact_mode_a_choice_that_means_nothing_stays_away(working):
    rig = working
    rig.acts.shaping.select("eq")
    rig.frames(1)
    length = rig.window.stage.frame.editor.chosen["length"]
    assert length.isHidden()
    for on in (True, False):
        rig.acts.viewing.set_compact_mode(on)
        rig.frames(1)
    assert length.isHidden()


class Framed(QWidget):
    """With a frame of its own around it, as a window system draws it."""

    def frameGeometry(self):
        return self.geometry().adjusted(-4, -30, 4, 4)


def test_a_window_with_its_frame_is_no_larger_than_the_screen(qtbot):
    window = Framed()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    window.setGeometry(QRect(QPoint(40, 60), room.size()))
    window.show()
    fit(window)
    framed = window.frameGeometry()
    assert room.width() - framed.width() >= 0 and room.height() - framed.height() >= 0


def test_a_window_that_somebody_made_larger_than_the_screen_stays_so(qtbot):
    window = Framed()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    window.resize(room.width() + 200, room.height() + 100)
    window.show()
    fit(window)
    assert (window.width(), window.height()) == (room.width() + 200, room.height() + 100)


@pytest.mark.parametrize("kind", ["limiter", "deesser"])
def test_another_interface_scale_leaves_the_values_of_the_strip_where_there_is_room(qtbot, same_theme, kind):
    """The editor was told of a new scale before its own values were, and laid them out at their old size."""
    editor = make_editor(kind, Models(EqCurves(48000.0), compressor_db, clipper_db))
    qtbot.addWidget(editor)
    editor.resize(1000, 400)
    editor.show()
    editor.show_facts([("Over 1 dB", "16.4 %"), ("Over 3 dB", "2.1 %"), ("Most, 0:44", "4.2 dB")])

    def lie():
        return [part.geometry().getRect() for part in editor.strip.parts.values() if part.isVisible()], editor.facts.geometry().getRect()
    before = lie()
    same_theme.use(scale=2.0)
    same_theme.use(scale=1.0)
    assert lie() == before
