"""The compare bar says what is heard where a stage is left out, and of the match why it is what it is."""
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from gui.bridge.match_words import match_words
from gui.controls.keys import SourceKey
from gui.theme import numbers, paint, theme
from mastering_rt.desk.sides import MASTER
from tests.gui.hands import picture, rgb

pytestmark = pytest.mark.slow

MINUS = "\N{MINUS SIGN}"


def solid(key):
    """Whether a key is filled with its colour."""
    return rgb(theme.color(f"{key.source}_key").name()) == picture(key).pixel(key.width() // 2, 2) & 0xFFFFFF


@pytest.fixture
def loud(working):
    """A master that is louder than its mix, and measured."""
    working.acts.shaping.select("compressor")
    working.acts.shaping.set_value("compressor", "makeup", 6.0)
    working.until(lambda: not working.desk.measuring)
    working.wait_for_facts()
    working.until(lambda: working.desk.compare.basis() == "song")
    working.acts.changed()
    return working


def test_without_a_stage_the_master_is_lit_and_says_what_is_missing(loud):
    master = loud.window.compare.master
    loud.acts.shaping.select("eq")
    loud.key("\\")
    assert loud.desk.without == "eq"
    assert master.heard and solid(master)
    assert master.note == "without EQ" and "without EQ" in master.spoken_value()
    assert [key.heard for key in (loud.window.compare.mix, master)] == [False, True]
    loud.key("\\")
    assert master.heard and not master.note


def test_what_is_taken_off_is_that_of_what_is_heard(loud):
    loud.key("\\")
    side = loud.desk.compare.side
    loud.until(lambda: loud.desk.compare.level_of(side).basis == "song")
    loud.acts.changed()
    assert loud.window.compare.master.turned_down_db == loud.desk.gain_db(side)
    assert abs(loud.desk.gain_db(side) - loud.desk.gain_db(MASTER)) > 1


def test_a_delta_lights_its_own_key_only(loud):
    loud.key("Z")
    assert loud.window.compare.delta.isChecked() and not loud.window.compare.master.heard


@pytest.mark.parametrize("density", ["comfortable", "compact"])
def test_both_fit_on_the_key(qtbot, density):
    theme.use(density=density)
    key = SourceKey("master", "Master", "2")
    qtbot.addWidget(key)
    key.show_loudness(-9.0, turned_down_db=-8.8)
    key.show_note("without Compressor 2")
    beside = key._beside(key.note, key.match_forms(), key.line(1).width())
    assert beside and paint.text_width(key.note, "text") + paint.text_width(beside, "text_strong") < key.line(1).width()


def test_the_match_says_what_it_goes_by_in_numbers(loud):
    key, compare = loud.window.compare.matched, loud.desk.compare
    mix, louder = compare.mix_lufs(), compare.level_of(MASTER).difference_lu
    down = numbers.quantity(-loud.desk.gain_db(MASTER), "dB")
    assert louder > 1
    assert key.statusTip() == (f"Over the whole song, by the passages that count in the mix: Mix {numbers.number(mix)}, "
                               f"Master {numbers.number(mix + louder)} LUFS; Master plays {down} lower")
    assert key.accessibleDescription() == key.statusTip()
    assert key.spoken_value() == key.basis


def test_its_menu_says_the_same_above_the_choices(loud):
    key = loud.window.compare.matched
    QApplication.sendEvent(key, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), key.mapToGlobal(QPoint(5, 5))))
    rows = [row for row in loud.menu.actions() if row.text()]
    assert [row.text() for row in rows[:2]] == list(key.why) and not any(row.isEnabled() for row in rows[:2])
    assert all(row.isEnabled() for row in rows[2:])
    loud.menu.close()


def test_it_says_so_while_nothing_is_measured_and_when_the_drive_is_taken_back(rig, loud):
    assert loud.window.compare.matched.why[0].startswith("Over the whole song")
    loud.acts.shaping.set_value("limiter", "gain", 3.0)
    assert loud.window.compare.matched.why[0] == "An estimate, still measuring"
    loud.key("Shift+U")
    assert loud.window.compare.matched.why == ("The drive of the limiters is taken back", "Master plays 3.0 dB lower")


def test_off_it_says_who_is_louder_and_why(loud):
    loud.key("M")
    tip = loud.window.compare.matched.statusTip()
    assert tip.startswith("Master is ") and "louder. Over the whole song" in tip and "plays" not in tip


def test_nothing_is_told_before_anything_is_open(rig):
    assert match_words(rig.desk) == ("Not measured yet", "")
