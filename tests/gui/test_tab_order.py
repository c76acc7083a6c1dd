"""Tab and F6 go as the eye does, and everything that the meters show can be had by the keyboard and without eyes."""
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.controls import access
from gui.meters import stops as meter_stops
from gui.theme import numbers

pytestmark = pytest.mark.slow

TEXT = QAccessible.Text


def walk(rig, step=True):
    """All stops of Tab, from the first."""
    rig.window.setFocus()
    seen = []
    while True:
        rig.window.focusNextPrevChild(step)
        now = rig.window.focusWidget()
        if now in seen:
            return seen
        seen.append(now)


def zone_of(rig, widget):
    window = rig.window
    names = ("title", "compare", "song", "chain", "stage", "meters", "steps", "status")
    return next((name for name in names if getattr(window, name).isAncestorOf(widget)), "")


def test_zone_by_zone_in_reading_order(working):
    working.window.show_first_minute(True)
    found = [zone_of(working, stop) for stop in walk(working)]
    assert list(dict.fromkeys(found)) == ["title", "compare", "song", "chain", "stage", "meters", "steps"]
    assert found == sorted(found, key=["title", "compare", "song", "chain", "stage", "meters", "steps"].index)
    back = walk(working, False)
    assert back == walk(working)[::-1]


@pytest.mark.parametrize("stage", ["eq", "compressor", "limiter"])
@pytest.mark.parametrize("size", [(1280, 720), (1600, 900)])
def test_the_header_of_a_stage_from_left_to_right(working, stage, size):
    working.window.resize(*size)
    working.acts.shaping.select(stage)
    working.frames(2)
    frame = working.window.stage.frame
    stops = [stop for stop in walk(working) if frame.isAncestorOf(stop)]
    places = [stop.mapTo(frame, QPoint(0, 0)) for stop in stops]
    head = [place.x() for stop, place in zip(stops, places, strict=True) if frame.header.isAncestorOf(stop)]
    assert len(head) > 4 and head == sorted(head)
    assert all(frame.header.isAncestorOf(stop) for stop in stops[:len(head)])


def test_blind_stands_over_delta_and_comes_before_it(working):
    bar, stops = working.window.compare, walk(working)
    assert bar.blind.y() < bar.delta.y()
    assert stops.index(bar.delta) == stops.index(bar.blind) + 1


def test_zones_by_f6(working):
    found = []
    for _ in range(6):
        working.key("F6")
        found.append(zone_of(working, working.window.focusWidget()))
    assert found == ["compare", "song", "chain", "stage", "meters", "title"]


def test_arrows_go_through_the_meters_and_tab_leaves_them(working, monkeypatch):
    said = []
    monkeypatch.setattr(access, "announce", lambda widget, sentence, urgent=False: said.append(sentence))
    working.wait_for_facts()
    column = working.window.meters
    column.integrated.setFocus()
    names = [working.window.focusWidget().accessibleName()]
    for _ in range(7):
        working.key("Down")
        names.append(working.window.focusWidget().accessibleName())
    assert names == ["Integrated", "True peak", "Peak meter", "Loudness meter", "Gain reduction", "Whole song", "Correlation", "Side / mid, Balance, PSR"]
    song = working.program.bridge.song.facts.master
    assert f"Master: Integrated {numbers.quantity(song.integrated_lufs, 'LUFS')}" in next(words for words in said if words.startswith("Whole song"))
    working.key("Down")
    assert working.window.focusWidget() is column.figures
    working.key("Up")
    assert working.window.focusWidget() is column.correlation
    working.key("Tab")
    assert not column.isAncestorOf(working.window.focusWidget())
    working.window.focusNextPrevChild(False)
    assert working.window.focusWidget() is column.correlation


def test_every_meter_has_name_value_and_help(working):
    working.wait_for_facts()
    column = working.window.meters
    for part in column.stops._parts:
        spoken = QAccessible.queryAccessibleInterface(part)
        assert spoken.text(TEXT.Name) and spoken.text(TEXT.Value), part
        assert part.statusTip(), part
        assert meter_stops.spoken(part) == f"{spoken.text(TEXT.Name)} {spoken.text(TEXT.Value)}"


def test_in_compact_mode_the_meters_that_are_left_are_reached(working):
    column = working.window.meters
    column.correlation.setFocus()
    working.key("Ctrl+\\")
    stops = [stop for stop in walk(working) if column.isAncestorOf(stop)]
    assert [stop.isVisible() for stop in stops] == [True]
    stops[0].setFocus()
    working.key("Down")
    assert working.window.focusWidget().isVisible() and working.window.focusWidget() is not stops[0]


def test_the_levels_that_are_said_have_balance_and_psr(working):
    working.wait_for_facts()
    working.key("Ctrl+L")
    assert all(name in working.window.status.help for name in ("Integrated", "Correlation", "Side / mid", "Balance", "PSR"))
    working.key("Ctrl+Shift+L")
    assert all(name in working.window.status.help for name in ("Whole song", "Mix: ", "Master: ", "Loudness range", "Peak to loudness", "Lowest PSR"))


def test_the_meters_window_is_read_by_arrows_too(working, monkeypatch):
    said = []
    monkeypatch.setattr(access, "announce", lambda widget, sentence, urgent=False: said.append(sentence))
    working.key("Ctrl+Shift+M")
    meters = working.program.bridge.figures.window
    working.acts.hearing.play_or_stop()
    working.until(lambda: "Integrated \N{MINUS SIGN}" in meters.stereo.spoken_value() and QApplication.activeWindow() is meters)
    reached = [widget for widget in tab_round(meters) if widget in meters.stops._parts]
    assert reached == [meters.k]
    for view in (0, 1):
        meters.show_view(view)
        meters.k.setFocus()
        seen = [meters.focusWidget()]
        for _ in range(len(meters.stops._parts)):
            QTest.keyClick(meters.focusWidget(), Qt.Key.Key_Right)
            seen += [meters.focusWidget()] if meters.focusWidget() is not seen[-1] else []
        assert seen == [part for part in meters.stops._parts if part.isVisible()]
        assert (meters.balance in seen, meters.past in seen) == (bool(view), not view)
    assert any("DR" in words and "PLR" in words for words in said) and any("Integrated" in words and "LUFS" in words for words in said)
    assert all(words not in {part.accessibleName() for part in meters.stops._parts} for words in map(str.strip, said))


def tab_round(window):
    """What Tab reaches in a window."""
    found, step = [], window.nextInFocusChain()
    while step is not window:
        if step.focusPolicy() & Qt.FocusPolicy.TabFocus and step.isVisible():
            found.append(step)
        step = step.nextInFocusChain()
    return found
