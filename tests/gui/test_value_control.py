"""A value answers the hand: drag, wheel, keys, typing, menu. It speaks in the parameter's unit and never echoes the model."""
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from dsp_core.param import Param
from dsp_core.params import params_of
from gui.controls.field import Field
from gui.controls.value import LevelFader, ValueControl
from gui.controls.value_hand import as_shown
from gui.theme import theme
from tests.gui.hands import SHIFT, Log, colors, drag, key, mouse, move, picture, press, release, rgb, shown, wheel

COMPRESSOR = {param.id: param for param in params_of("compressor")}
THRESHOLD = COMPRESSOR["threshold"]
GAIN = {param.id: param for param in params_of("trim")}["gain"]
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def window(qtbot):
    """A window with room around what stands in it."""
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made).addStretch(1)
    made.resize(500, 400)
    shown(made)
    return made


@pytest.fixture
def put(window):
    """Puts a control for a parameter into the window and logs what it says."""
    def place(param=THRESHOLD, value=None, stage="Compressor", kind=ValueControl):
        control = kind(param, stage=stage) if kind is ValueControl else kind(param)
        window.layout().insertWidget(0, control)
        control.show()
        QApplication.processEvents()
        if value is not None:
            control.show_value(value)
        log = Log(("start", control.gesture_started), ("edited", control.edited), ("end", control.gesture_ended))
        return control, log
    return place


def field_of(control):
    return control.findChild(Field)


def on_track(control):
    return control.track().center()


@pytest.mark.slow
def test_drag_of_300_px_is_the_whole_range(put):
    control, log = put(value=-60)
    drag(control, on_track(control), QPoint(300, 0), steps=60)
    assert control.value == 0
    assert log.names()[0] == "start"
    assert log.names()[-1] == "end"
    assert log.names().count("start") == log.names().count("end") == 1


def test_up_is_more_and_half_way_is_half_the_range(put):
    control, _ = put(value=-60)
    drag(control, on_track(control), QPoint(0, -150), steps=30)
    assert control.value == pytest.approx(-30, abs=0.11)


def test_a_drag_never_jumps(put):
    control, log = put(value=-18)
    drag(control, QPoint(10, on_track(control).y()), QPoint(1, 0), steps=1)
    assert all(abs(value - -18) <= 60 / 300 + 0.051 for value in log.of("edited"))


def test_shift_drags_a_tenth_and_shows_one_more_decimal(put):
    control, log = put(value=-18)
    drag(control, on_track(control), QPoint(100, 0), steps=50, modifiers=SHIFT, let_go=False)
    assert control.value == pytest.approx(-18 + 60 / 300 * 100 / 10, abs=0.03)
    assert control.value_text() == f"{MINUS}{abs(control.value):.2f} dB"
    release(control, QPoint(0, 0))
    assert log.names()[-1] == "end"


def test_shift_in_the_middle_of_a_drag_does_not_jump(put):
    control, log = put(value=-30)
    start = on_track(control)
    press(control, start)
    for x in range(4, 40):
        move(control, start + QPoint(x, 0), SHIFT if x > 20 else Qt.KeyboardModifier.NoModifier)
    values = log.of("edited")
    assert max(abs(b - a) for a, b in pairwise(values)) <= 60 / 300 + 0.11


def test_what_is_dragged_to_is_what_is_written(put):
    control, log = put(COMPRESSOR["attack"], 15)
    drag(control, on_track(control), QPoint(57, -13), steps=23)
    for value in log.of("edited"):
        assert COMPRESSOR["attack"].parse(COMPRESSOR["attack"].text(value)) == value


def test_a_step_law_stays_whole(put):
    steps = Param(id="n", label="Voices", low=0, high=8, default=4, law="step", help="How many.")
    control, log = put(steps, 0)
    drag(control, on_track(control), QPoint(300, 0), steps=100)
    assert log.of("edited") == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(("notches", "modifiers", "value"), [(1, Qt.KeyboardModifier.NoModifier, -17.5), (-2, Qt.KeyboardModifier.NoModifier, -19.0),
                                                             (1, SHIFT, -17.95)])
def test_wheel_is_one_step(put, notches, modifiers, value):
    control, _ = put(value=-18)
    wheel(control, notches, modifiers)
    assert control.value == pytest.approx(value)


def test_a_burst_of_the_wheel_is_one_gesture(put, qtbot):
    control, log = put(value=-18)
    for _ in range(5):
        wheel(control, 1)
    assert log.names() == ["start"] + ["edited"] * 5
    control._rest.timeout.emit()
    assert log.names()[-1] == "end"
    assert control._rest.interval() == 400


def test_half_notches_add_up_on_a_step_law(put):
    steps = Param(id="n", label="Voices", low=0, high=8, default=4, law="step", help="How many.")
    control, log = put(steps, 4)
    wheel(control, 0.5)
    assert log.of("edited") == []
    wheel(control, 0.5)
    assert log.of("edited") == [5]


def test_double_click_is_the_default(put):
    control, log = put(value=-40)
    mouse(control, QEvent.Type.MouseButtonDblClick, on_track(control))
    assert log.said == [("start",), ("edited", THRESHOLD.default), ("end",)]


def test_double_click_on_the_number_is_the_default_too(put):
    control, log = put(value=-40)
    place = control.value_area().center()
    press(control, place)
    release(control, place)
    field = field_of(control)
    assert field.is_open()
    mouse(field, QEvent.Type.MouseButtonDblClick, field.rect().center())
    assert not field.is_open()
    assert log.of("edited") == [THRESHOLD.default]


@pytest.mark.parametrize(("typed", "value"), [("-21.8", -21.8), (f"{MINUS}3 dB", -3), ("+=0.3", -17.7), ("-=2", -20), ("0", 0)])
def test_typing(put, typed, value):
    control, log = put(value=-18)
    control.setFocus()
    key(control, Qt.Key.Key_Return)
    field = field_of(control)
    assert field.is_open()
    assert field.hasFocus()
    assert field.selectedText() == f"{MINUS}18.0 dB"
    for letter in typed:
        QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
    key(field, Qt.Key.Key_Return)
    assert log.of("edited") == [pytest.approx(value)]
    assert log.names() == ["start", "edited", "end"]
    assert control.hasFocus()
    assert not field.is_open()


def test_a_wrong_entry_stays_with_its_sentence(put):
    control, log = put(value=-18)
    control.type_value()
    field = field_of(control)
    field.setText("loud")
    key(field, Qt.Key.Key_Return)
    assert field.is_open()
    assert field.text() == "loud"
    assert control.wrong_entry() == f"Threshold: 'loud' is not a number; type something like {MINUS}18.0 dB"
    assert log.said == []
    field.clear()
    key(field, Qt.Key.Key_9)
    assert control.wrong_entry() == ""
    key(field, Qt.Key.Key_Return)
    assert "0.0 dB" in control.wrong_entry()
    key(field, Qt.Key.Key_Escape)
    assert (control.wrong_entry(), control.value, log.said) == ("", -18, [])


def test_the_sentence_lies_under_the_field_and_inside_the_window(put, window):
    control, _ = put()
    control.type_value("loud")
    key(field_of(control), Qt.Key.Key_Return)
    sentence = control._entry.sentence
    top = sentence.mapTo(window, QPoint(0, 0)).y()
    assert top >= control.mapTo(window, control.value_area().bottomLeft()).y()
    assert window.rect().contains(sentence.geometry())
    control.move(control.x(), window.height() - control.height())
    key(field_of(control), Qt.Key.Key_Return)
    assert window.rect().contains(sentence.geometry())


def test_leaving_the_field_commits(put, window):
    control, log = put(value=-18)
    other, _ = put(COMPRESSOR["ratio"])
    window.activateWindow()
    control.type_value("-20")
    other.setFocus()
    assert log.of("edited") == [-20]


def test_escape_in_a_drag_gives_back(put):
    control, log = put(value=-18)
    control.setFocus()
    drag(control, on_track(control), QPoint(50, 0), let_go=False)
    assert control.value != -18
    key(control, Qt.Key.Key_Escape)
    assert control.value == -18
    assert log.said[-2:] == [("edited", -18), ("end",)]
    move(control, on_track(control) + QPoint(90, 0))
    assert control.value == -18


def test_escape_after_a_gesture_gives_back_once(put):
    control, log = put(value=-18)
    control.setFocus()
    wheel(control, 3)
    control._rest.timeout.emit()
    key(control, Qt.Key.Key_Escape)
    assert control.value == -18
    assert log.names().count("start") == log.names().count("end") == 2
    before = list(log.said)
    key(control, Qt.Key.Key_Escape)
    assert log.said == before


@pytest.mark.parametrize(("which", "modifiers", "value"), [
    (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, -17.5), (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, -17.5),
    (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, -18.5), (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -18.5),
    (Qt.Key.Key_Up, SHIFT, -17.95), (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, -13), (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, -23),
    (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, -60), (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 0)])
def test_keys(put, which, modifiers, value):
    control, log = put(value=-18)
    control.setFocus()
    key(control, which, modifiers)
    assert control.value == pytest.approx(value)
    assert log.names() == ["start", "edited", "end"]


def test_backspace_is_the_default(put):
    control, _ = put(value=-40)
    control.setFocus()
    key(control, Qt.Key.Key_Backspace)
    assert control.value == THRESHOLD.default


def test_digits_and_letters_go_on_to_the_window(put, window):
    """Digits always switch sources, so a control must leave them alone."""
    control, log = put(value=-18)
    control.setFocus()
    for which in (Qt.Key.Key_1, Qt.Key.Key_M, Qt.Key.Key_Space, Qt.Key.Key_B):
        event = QKeyEvent(QEvent.Type.KeyPress, which, Qt.KeyboardModifier.NoModifier)
        event.accept()
        QApplication.sendEvent(control, event)
        assert not event.isAccepted()
    assert log.said == []


def test_its_own_keys_win_over_shortcuts_of_the_window(put):
    control, _ = put()
    for which, wanted in ((Qt.Key.Key_Home, True), (Qt.Key.Key_Up, True), (Qt.Key.Key_Return, True), (Qt.Key.Key_1, False), (Qt.Key.Key_Space, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, which, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(control, event)
        assert event.isAccepted() is wanted, which


def test_show_value_says_nothing(put):
    control, log = put()
    control.show_value(-33)
    assert control.value == -33
    assert log.said == []


def test_menu_types_resets_copies_and_pastes(put):
    control, log = put(value=-18)
    opened = []
    control.menu_opened.connect(opened.append)
    QGuiApplication.clipboard().setText("-7.5 dB")
    menu = control.make_menu()
    rows = {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}
    assert list(rows) == ["Type a value", f"Default, {MINUS}18.0 dB", "Copy", "Paste"]
    assert opened == [menu]
    rows["Paste"].trigger()
    assert log.of("edited") == [-7.5]
    rows["Copy"].trigger()
    assert QGuiApplication.clipboard().text() == f"{MINUS}7.5 dB"
    rows[f"Default, {MINUS}18.0 dB"].trigger()
    assert control.value == -18
    rows["Type a value"].trigger()
    assert field_of(control).is_open()
    menu.close()


def test_pasting_nonsense_says_so(put):
    control, log = put(value=-18)
    QGuiApplication.clipboard().setText("a bassoon")
    control._paste()
    assert field_of(control).text() == "a bassoon"
    assert "'a bassoon' is not a number" in control.wrong_entry()
    assert log.said == []


def test_disabled_takes_nothing(put):
    control, log = put(value=-18)
    control.setEnabled(False)
    drag(control, on_track(control), QPoint(50, 0))
    wheel(control, 1)
    assert log.said == []


def test_fill_runs_from_the_default_for_signed_values(put):
    control, _ = put(GAIN, 12, stage="Trim")
    image, track = picture(control), control.track()
    middle = track.center().y()
    quarter, three_eighths = track.x() + track.width() // 4, track.x() + track.width() * 5 // 8
    assert image.pixelColor(quarter, middle) == theme.color("well")
    assert image.pixelColor(three_eighths, middle) == theme.color("text2")


def test_fill_runs_from_the_low_end_otherwise(put):
    control, _ = put(value=-30)
    image, track = picture(control), control.track()
    assert image.pixelColor(track.x() + 2, track.center().y()) == theme.color("text2")
    assert image.pixelColor(track.right() - 2, track.center().y()) == theme.color("well")


def test_states_can_be_told_apart(put):
    control, _ = put(value=-30)
    looks = {}
    looks["rest"] = picture(control)
    control.show_hover(True)
    looks["hover"] = picture(control)
    control.show_hover(False)
    control.show_bypassed(True)
    looks["bypassed"] = picture(control)
    control.show_bypassed(False)
    control.show_automated(True)
    looks["automated"] = picture(control)
    control.show_moving(-20)
    looks["moving"] = picture(control)
    control.show_automated(False)
    control.show_moving(None)
    control.setEnabled(False)
    looks["disabled"] = picture(control)
    seen = [image.convertToFormat(image.format()) for image in looks.values()]
    assert all(one != other for i, one in enumerate(seen) for other in seen[i + 1:])
    assert rgb(theme.color("raised")) in colors(looks["hover"])
    assert rgb(theme.color("select")) not in colors(looks["disabled"])


@pytest.mark.slow
def test_hover_fades_in_and_goes_at_once(put, qtbot):
    theme.use(reduce_motion=False)
    control, _ = put()
    control.show_hover(True)
    assert control.hover_share == 0
    assert control._fade.duration() == 80
    qtbot.waitUntil(lambda: control.hover_share == 1.0, timeout=60_000)
    control.show_hover(False)
    assert control.hover_share == 0


def test_monitor_level_is_the_same_hand_in_one_row(put):
    level = Param(id="level", label="Monitor", low=-60, high=0, default=-20, unit="dB", step=0.5, help="Level of the loudspeakers.")
    fader, log = put(level, -14, kind=LevelFader)
    assert fader.height() == 24
    wheel(fader, -1)
    assert log.of("edited") == [-14.5]
    assert not fader.track().isEmpty()
    fader.show_width(185)
    assert fader.track().isEmpty()
    assert rgb(theme.color("text")) in colors(picture(fader))


@pytest.mark.parametrize("param", [p for kind in ("trim", "compressor", "limiter", "eq") for p in params_of(kind) if not p.choices], ids=lambda p: p.id)
def test_every_number_of_the_table_survives_being_shown(param):
    for norm in (0, 0.01, 0.123, 0.37, 0.5, 0.66, 0.9, 0.999, 1):
        value = as_shown(param, param.from_norm(norm))
        assert param.low <= value <= param.high
        assert as_shown(param, value) == value
        assert as_shown(param, param.from_norm(norm), 1) == pytest.approx(param.from_norm(norm), rel=0.02, abs=0.011)
