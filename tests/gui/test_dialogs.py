"""Dialogs state a fact and ask for a verb; toasts come and go without taking the focus; progress is neutral."""
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout

from gui.controls.buttons import Button, Toggle
from gui.controls.plane import Plane
from gui.dialogs.dialog import Dialog, Scrim, ask, tell
from gui.dialogs.progress import ProgressBar, ProgressRow
from gui.dialogs.toasts import NEWS_MS, Toasts
from gui.theme import theme
from tests.gui.hands import LEFT, Log, Paints, colors, key, picture, rgb, shown


@pytest.fixture
def window(qtbot):
    made = Plane(ground="bg")
    qtbot.addWidget(made)
    page = QVBoxLayout(made)
    made.under = Toggle("Under")
    page.addWidget(made.under)
    shown(made, 1280, 720)
    made.under.setFocus()
    return made


def question(window, said):
    return ask(window, "The last run ended without closing.", "Session Tidewater was kept. The saved file is 9 s older.",
               (("saved", "Open saved"), ("recovered", "Open recovered")), "recovered", said.append)


def buttons(dialog):
    return {button.text(): button for button in dialog.findChildren(Button)}


def test_the_safe_answer_has_the_focus_and_escape_means_it(window):
    said = []
    dialog = question(window, said)
    assert window.focusWidget() is buttons(dialog)["Open recovered"]
    key(window.focusWidget(), Qt.Key.Key_Escape)
    assert said == ["recovered"]
    assert not dialog.is_open()
    assert window.focusWidget() is window.under


def test_an_answer_is_given_once(window):
    said = []
    dialog = question(window, said)
    QTest.mouseClick(buttons(dialog)["Open saved"], LEFT)
    dialog.answer("recovered")
    assert said == ["saved"]
    assert not dialog.is_open() and [scrim for scrim in window.findChildren(Scrim) if scrim.isVisible()] == []


def test_the_next_question_is_asked_by_the_same_dialog_and_answers_only_to_its_own(window):
    first, second = [], []
    before = question(window, first)
    QTest.mouseClick(buttons(before)["Open saved"], LEFT)
    dialog = ask(window, "A file of this name is there.", "", (("keep", "Keep it"), ("replace", "Replace it"), ("other", "Another name")), "keep", second.append)
    assert dialog is before and list(buttons(dialog)) == ["Keep it", "Replace it", "Another name"]
    assert dialog.accessibleName() == "A file of this name is there." and not dialog.sentence.isVisible()
    assert [button.main for button in buttons(dialog).values()] == [True, False, False]
    QTest.mouseClick(buttons(dialog)["Replace it"], LEFT)
    assert (first, second) == (["saved"], ["replace"])


def test_a_question_asked_by_the_answer_to_another_waits_for_its_own(window):
    said = []
    dialog = ask(window, "One?", "", (("on", "Go on"),), "on", lambda _key: ask(window, "Two?", "", (("end", "End"),), "end", said.append))
    dialog.answer("on")
    assert dialog.is_open() and dialog.title.words == "Two?" and said == []
    dialog.answer("end")
    assert said == ["end"] and not dialog.is_open()


def test_enter_and_space_press_the_focused_verb(window):
    for which in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        said = []
        dialog = question(window, said)
        key(buttons(dialog)["Open recovered"], which)
        assert said == ["recovered"]


def test_tab_stays_inside(window):
    dialog = question(window, [])
    both = list(buttons(dialog).values())
    for backward in (False, True):
        seen = []
        for _ in range(4):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab if backward else Qt.Key.Key_Tab)
            seen.append(window.focusWidget())
        assert set(seen) == set(both)


def test_what_lies_under_it_gets_neither_mouse_nor_keys(window):
    question(window, [])
    log = Log(("under", window.under.clicked))
    scrim = window.childAt(window.under.geometry().center())
    assert isinstance(scrim, Scrim | Dialog | Button) or isinstance(scrim.parentWidget(), Dialog)
    QTest.mouseClick(window.childAt(QPoint(5, 5)), LEFT)
    for which in (Qt.Key.Key_1, Qt.Key.Key_Space, Qt.Key.Key_M):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, which, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(window.focusWidget(), event)
        assert event.isAccepted(), which
    assert log.said == []


def test_it_stays_in_the_middle_when_the_window_changes(window):
    dialog = question(window, [])
    window.resize(1920, 1080)
    QApplication.processEvents()
    assert dialog.parentWidget().size() == window.size()
    dialog.place()
    assert abs(dialog.geometry().center().x() - 960) <= 1
    assert dialog.width() == 454


def test_the_sentence_is_not_cut(window):
    dialog = tell(window, "song.wav cannot be read.", "It is cut off after 12 s of 3:47. " * 12 + "Nothing was loaded.")
    assert dialog.sentence.height() >= dialog.sentence.heightForWidth(dialog.sentence.width()) - 1
    assert dialog.rect().contains(dialog.sentence.geometry())


def test_a_dialog_without_a_safe_answer_is_a_mistake(window):
    dialog = Dialog(window, "Fact.")
    dialog.add_answer("go", "Go")
    with pytest.raises(ValueError, match=r"'Fact\.' has no safe answer; mark one of: go"):
        dialog.open()


def test_scrim_dims_by_one_fill(window):
    bright = window.grab().toImage().pixelColor(3, 3)
    theme.use(name="light")
    bright = window.grab().toImage().pixelColor(3, 3)
    question(window, [])
    assert window.grab().toImage().pixelColor(3, 3).lightness() < bright.lightness()


@pytest.fixture
def toasts(window):
    return Toasts(window)


def test_news_leaves_after_six_seconds_and_faults_stay(toasts):
    news = toasts.tell("The mix changed on disk.", "v5, 2 s ago.")
    fault = toasts.tell("Tape Deck crashed at 2:13.", "Its slot plays dry.", [("Restart", lambda: None)], fault=True)
    assert news.timer.isActive()
    assert news.timer.interval() == NEWS_MS == 6000
    assert not fault.timer.isActive()
    news.timer.timeout.emit()
    assert toasts.shown == [fault]


def test_news_waits_while_the_pointer_is_over_it(toasts):
    news = toasts.tell("Saved.")
    place = news.rect().center().toPointF()
    QApplication.sendEvent(news, QEnterEvent(place, place, place))
    assert not news.timer.isActive()
    QApplication.sendEvent(news, QEvent(QEvent.Type.Leave))
    assert news.timer.isActive()


def test_at_most_three_and_faults_are_not_pushed_out(toasts):
    first = toasts.tell("One.")
    faults = [toasts.tell(f"Fault {index}.", fault=True) for index in (1, 2)]
    third = toasts.tell("Four.")
    assert toasts.shown == [*faults, third]
    assert first.isHidden()
    last = toasts.tell("Fault 3.", fault=True)
    assert toasts.shown == [*faults, last]
    waiting = toasts.tell("Fault 4.", fault=True)
    assert waiting not in toasts.shown
    QTest.mouseClick(faults[0].buttons[0], LEFT)
    assert toasts.shown == [faults[1], last, waiting]
    assert [title for title, _, _ in toasts.history] == ["One.", "Fault 1.", "Fault 2.", "Four.", "Fault 3.", "Fault 4."]


def test_history_keeps_twenty(toasts):
    for index in range(25):
        toasts.tell(f"News {index}.")
    assert [entry[0] for entry in toasts.history] == [f"News {index}." for index in range(5, 25)]


def test_toasts_stand_at_the_lower_left_above_the_status_line(toasts, window):
    made = [toasts.tell(f"News {index}.") for index in range(3)]
    bottoms = [toast.geometry().bottom() for toast in made]
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] < window.height() - theme.sizes.status
    assert all(toast.x() == 8 and toast.width() == 440 for toast in made)
    window.resize(1000, 500)
    QApplication.processEvents()
    assert made[-1].geometry().bottom() < 500 - theme.sizes.status


def test_toasts_never_take_the_focus(toasts, window):
    toasts.tell("Fault.", "It stays.", [("Restart", lambda: None)], fault=True)
    assert window.focusWidget() is window.under


def test_the_action_of_a_toast_runs_and_the_toast_goes(toasts):
    done = []
    toast = toasts.tell("The mix changed on disk.", "", [("Reload", lambda: done.append("reload")), ("Keep v4", lambda: done.append("keep"))])
    QTest.mouseClick(toast.buttons[1], LEFT)
    assert done == ["keep"]
    assert toasts.shown == []


@pytest.mark.slow
def test_a_toast_fades_in_with_its_buttons_in_the_end(toasts, qtbot):
    theme.use(reduce_motion=False)
    toast = toasts.tell("The mix changed on disk.", "v5.", [("Reload", lambda: None)])
    assert toast.buttons[0].isHidden()
    qtbot.waitUntil(lambda: not toast.buttons[0].isHidden(), timeout=60_000)
    assert rgb(theme.color("raised")) in colors(picture(toast))


def test_progress_is_neutral_and_paints_what_moved(qtbot):
    bar = ProgressBar()
    qtbot.addWidget(bar)
    shown(bar, 400)
    paints = Paints(bar)
    bar.show_share(0.5)
    QApplication.processEvents()
    paints.clear()
    bar.show_share(0.51)
    QApplication.processEvents()
    assert 0 < paints.share(bar) < 0.05
    assert colors(picture(bar)) == {rgb(theme.color("select")), rgb(theme.color("control"))}
    assert bar.spoken_value() == "51 %"
    bar.show_share(7)
    assert bar.spoken_value() == "100 %"


def test_progress_row_says_its_state(qtbot):
    row = ProgressRow("WAV 24-bit")
    qtbot.addWidget(row)
    shown(row, 330)
    row.show_state("Failed", "The disk is full; 12 MB are missing.", share=0.4, mark="warning")
    assert row.spoken_value() == "Failed, The disk is full; 12 MB are missing."
    assert rgb(theme.color("danger_text")) in colors(picture(row))
    row.show_state("62 %", "under 1 s left", share=0.62)
    assert rgb(theme.color("danger_text")) not in colors(picture(row))
    assert row.bar.share == 0.62
