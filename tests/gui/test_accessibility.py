"""What assistive technology finds: every widget of the kit has a name and a role, every value its unit, every action its effect."""
import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QWidget

from dsp_core.params import params_of
from gui.controls import access
from gui.controls.base import Painted
from gui.controls.buttons import Toggle
from gui.controls.chain import ChainStrip
from gui.controls.choice import Choice, Segmented
from gui.controls.field import Sentence
from gui.controls.keys import MatchedKey, SourceKey
from gui.controls.panel import StagePanel
from gui.controls.parts import Cell
from gui.controls.plane import Plane, Words
from gui.controls.slot import SlotState
from gui.controls.value import ValueControl
from gui.dialogs.dialog import Dialog, Form
from gui.gallery import make_sheet
from gui.meters.column import MeterColumn
from gui.meters.reading import Reading
from tests.gui.hands import Log, shown

ROLE, TEXT = QAccessible.Role, QAccessible.Text
MINUS = "\N{MINUS SIGN}"
FURNITURE = (Plane, Cell, Form, Sentence)


def all_widgets(root):
    return root.findChildren(QWidget)


def side(widget):
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, type(widget).__name__
    assert found.isValid()
    return found


@pytest.fixture
def sheet(qtbot):
    made = make_sheet()
    qtbot.addWidget(made)
    shown(made)
    return made


@pytest.mark.slow
def test_every_widget_of_the_kit_says_name_and_role(sheet):
    seen = set()
    for widget in (w for w in all_widgets(sheet) if isinstance(w, Painted) and not isinstance(w, FURNITURE)):
        if isinstance(widget, Words) and not widget.words:
            continue
        found = side(widget)
        name = type(widget).__name__
        seen.add(name)
        assert found.text(TEXT.Name), name
        assert found.role() not in (ROLE.NoRole, ROLE.Client), f"{name} has no role"
    assert {"ValueControl", "Toggle", "SourceKey", "StageSlot", "PeakMeter", "WholeSongTable", "Dialog", "Toast", "ProgressRow"} <= seen


def test_what_takes_the_focus_says_what_it_holds(sheet):
    for widget in (w for w in all_widgets(sheet) if isinstance(w, Painted) and w.focusPolicy() and w.isEnabled()):
        found = side(widget)
        assert found.state().focusable, type(widget).__name__
        assert found.text(TEXT.Value) or isinstance(widget, QAbstractButton), type(widget).__name__
        assert found.actionInterface() is not None, type(widget).__name__
        assert found.actionInterface().actionNames(), type(widget).__name__


def test_qt_may_ask_for_any_interface(sheet):
    """Asked the way a bridge asks, through C++: what a widget does not have must come back as nothing, not end the process."""
    for widget in (w for w in all_widgets(sheet) if isinstance(w, Painted)):
        found = side(widget)
        for name in ("textInterface", "editableTextInterface", "selectionInterface", "attributesInterface", "tableCellInterface"):
            getattr(QAccessibleInterface, name)(found)
        assert (QAccessibleInterface.valueInterface(found) is not None) == hasattr(widget, "spoken_range"), type(widget).__name__
        if hasattr(widget, "spoken_actions"):
            assert QAccessibleInterface.actionInterface(found).actionNames() == list(widget.spoken_actions())


def test_a_value_is_a_slider_with_range_step_and_unit(qtbot):
    control = ValueControl({p.id: p for p in params_of("compressor")}["threshold"], stage="Compressor")
    qtbot.addWidget(control)
    found = side(control)
    assert found.role() == ROLE.Slider
    assert found.text(TEXT.Name) == "Compressor threshold"
    assert found.text(TEXT.Value) == f"{MINUS}18.0 dB"
    assert found.text(TEXT.Description) == "Level from which gain changes: over it or under it, as the mode says."
    number = found.valueInterface()
    assert (number.currentValue(), number.minimumValue(), number.maximumValue(), number.minimumStepSize()) == (-18, -60, 0, 0.5)
    log = Log(("start", control.gesture_started), ("edited", control.edited), ("end", control.gesture_ended))
    number.setCurrentValue(-20.0)
    assert log.said == [("start",), ("edited", -20.0), ("end",)]
    number.setCurrentValue(500.0)
    assert control.value == 0
    found.actionInterface().doAction("Decrease")
    assert control.value == -0.5
    assert found.text(TEXT.Value) == f"{MINUS}0.5 dB"


def test_a_toggle_is_a_check_box(qtbot):
    toggle = Toggle("Mono", loud=True)
    qtbot.addWidget(toggle)
    log = Log(("edited", toggle.edited))
    found = side(toggle)
    assert (found.role(), found.text(TEXT.Name), found.state().checked) == (ROLE.CheckBox, "Mono", 0)
    found.actionInterface().doAction("Press")
    assert log.of("edited") == [True]
    assert found.state().checked


def test_a_source_key_is_a_radio_button_that_says_what_plays(qtbot):
    master = SourceKey("master", "Master", "2")
    qtbot.addWidget(master)
    log = Log(("chosen", master.chosen))
    master.show_loudness(-12.1, turned_down_db=-5.4)
    found = side(master)
    assert (found.role(), found.text(TEXT.Name), found.state().checked) == (ROLE.RadioButton, "Master", 0)
    assert found.text(TEXT.Value) == f"{MINUS}12.1 LUFS, plays {MINUS}5.4 dB"
    found.actionInterface().doAction("Press")
    assert log.names() == ["chosen"]
    master.show_heard(True)
    assert found.state().checked


def test_the_match_says_what_is_wrong_without_it(qtbot):
    matched = MatchedKey()
    qtbot.addWidget(matched)
    matched.show_match(False, louder="Master", by_db=5.4)
    assert side(matched).text(TEXT.Value) == "Master is 5.4 dB louder"
    assert not side(matched).state().checked


def test_choices(qtbot):
    choice = Choice("", ["Stereo", "Mid"], name="Compressor placement")
    qtbot.addWidget(choice)
    assert (side(choice).role(), side(choice).text(TEXT.Name), side(choice).text(TEXT.Value)) == (ROLE.ComboBox, "Compressor placement", "Stereo")
    side(choice).actionInterface().doAction("ShowMenu")
    assert [row.text() for row in choice.findChildren(type(choice.open_menu()))[-1].actions()] == ["Stereo", "Mid"]
    segments = Segmented(("RMS", "Peak"), name="Detector")
    qtbot.addWidget(segments)
    found = side(segments)
    assert (found.role(), found.text(TEXT.Value), found.childCount()) == (ROLE.Grouping, "RMS", 2)
    assert [found.child(i).role() for i in range(2)] == [ROLE.RadioButton] * 2
    assert [found.child(i).text(TEXT.Name) for i in range(2)] == ["RMS", "Peak"]


def test_the_chain_is_a_list_of_stages(qtbot):
    strip = ChainStrip()
    qtbot.addWidget(strip)
    shown(strip, 1200)
    strip.show_chain([SlotState(name="EQ", change_lu=-0.4), SlotState(name="Limiter", number=2, latency_samples=88, change_lu=5.8)], selected=1)
    log = Log(("selected", strip.selected), ("bypass", strip.bypass_asked))
    found = side(strip.slots[0].parentWidget())
    assert found.role() == ROLE.List and found.parent().text(TEXT.Name) == "Chain"
    items = [found.child(i) for i in range(found.childCount()) if found.child(i).role() == ROLE.ListItem]
    assert [item.text(TEXT.Name) for item in items] == ["Stage 1, EQ", "Stage 2, Limiter"]
    assert items[1].text(TEXT.Value) == "Stereo, 88 samples, +5.8 LU"
    assert [item.state().selected for item in items] == [0, 1]
    items[0].actionInterface().doAction("Press")
    items[0].actionInterface().doAction("Toggle")
    assert log.said == [("selected", 0), ("bypass", 0, True)]


def test_a_generated_panel_is_a_tree_of_named_controls(qtbot):
    panel = StagePanel("limiter")
    qtbot.addWidget(panel)
    shown(panel, 1200, panel.heightForWidth(1200))
    found = side(panel)
    assert found.role() == ROLE.Grouping
    names = []

    def walk(branch):
        for index in range(branch.childCount()):
            child = branch.child(index)
            names.append(child.text(TEXT.Name))
            walk(child)
    walk(found)
    assert {f"Limiter {p.label[:1].lower() + p.label[1:]}" for p in params_of("limiter") if p.id != "bypass"} <= set(names)


def test_meters_report_when_asked(qtbot):
    column = MeterColumn()
    qtbot.addWidget(column)
    column.show_reading(Reading(time_s=0, momentary_lufs=-10.1, short_term_lufs=-9.9, true_peak_dbtp=(-1.0, -2.0)))
    assert side(column.loudness).text(TEXT.Value) == f"momentary {MINUS}10.1 LUFS, short-term {MINUS}9.9 LUFS"
    assert side(column.peak).role() == ROLE.Indicator
    assert f"largest {MINUS}1.00 dBTP" in side(column).text(TEXT.Value)


def test_a_dialog_says_its_fact_and_its_sentence(qtbot):
    window = Plane()
    qtbot.addWidget(window)
    shown(window, 800, 600)
    dialog = Dialog(window, "song_5.1.wav has 6 channels.", "Nothing was loaded.")
    found = side(dialog)
    assert (found.role(), found.text(TEXT.Name), found.text(TEXT.Description)) == (ROLE.Dialog, "song_5.1.wav has 6 channels.", "Nothing was loaded.")


def test_listening_changes_nothing(qtbot):
    """With a screen reader attached values and sentences are sent; nothing raises, also for widgets that are gone."""
    QAccessible.setActive(True)
    try:
        for _ in range(50):
            control = ValueControl(params_of("trim")[-1])
            side(control).text(TEXT.Value)
            control.show_value(3.0)
            access.announce(control, "Saved.")
            control.deleteLater()
            del control
            qtbot.wait(0)
    finally:
        QAccessible.setActive(False)
