"""Keys, toggles and choices: what they emit, what they say, how heard, on and at fault differ."""
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controls.buttons import Button, IconButton, Toggle
from gui.controls.choice import Choice, Segmented
from gui.controls.keys import MatchedKey, SnapshotKey, SourceKey
from gui.controls.menu import Menu
from gui.controls.transport import Transport
from gui.theme import theme
from tests.gui.hands import LEFT, Log, colors, key, mouse, picture, rgb, shown

MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def hold(qtbot):
    """Keeps a widget alive and shows it."""
    kept = []

    def keep(widget):
        kept.append(widget)
        qtbot.addWidget(widget)
        return shown(widget)
    return keep


def test_toggle_speaks_for_the_hand_only(hold):
    toggle = hold(Toggle("Loop"))
    log = Log(("edited", toggle.edited))
    QTest.mouseClick(toggle, LEFT)
    key(toggle, Qt.Key.Key_Return)
    assert log.of("edited") == [True, False]
    toggle.show_value(True)
    assert toggle.isChecked()
    assert log.of("edited") == [True, False]


def test_on_is_a_bar_and_loud_is_solid(hold):
    plain, loud = hold(Toggle("Loop")), hold(Toggle("Mono", loud=True))
    select, raised = theme.color("select"), theme.color("raised")
    assert picture(plain).pixelColor(20, 24) == raised
    plain.show_value(True)
    assert picture(plain).pixelColor(20, plain.height() - 1) == select
    assert picture(plain).pixelColor(20, plain.height() - 3) == raised
    loud.show_value(True)
    assert picture(loud).pixelColor(loud.width() // 2, 3) == select


@pytest.mark.slow
def test_every_key_is_large_enough_to_hit(hold):
    keys = (Toggle("L"), Toggle("", icon="loop", name="Loop"), Button("Go"), IconButton("undo", "Undo"), Choice("", ["a"]), SnapshotKey("A"))
    for widget in map(hold, keys):
        for density in ("comfortable", "compact"):
            theme.use(density=density)
            assert min(widget.width(), widget.height()) >= 24, type(widget).__name__


def test_source_key_chooses_when_it_goes_down(hold):
    master = hold(SourceKey("master", "Master", "2"))
    log = Log(("chosen", master.chosen))
    mouse(master, QEvent.Type.MouseButtonPress, master.rect().center())
    assert log.names() == ["chosen"]
    mouse(master, QEvent.Type.MouseButtonRelease, master.rect().center())
    assert log.names() == ["chosen"]
    key(master, Qt.Key.Key_Return)
    assert log.names() == ["chosen", "chosen"]
    assert not master.heard


@pytest.mark.parametrize("source", ["mix", "master", "ref"])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_heard_is_filled_and_others_are_a_line(hold, source, name):
    theme.use(name=name)
    made = hold(SourceKey(source, "Song"))
    made.show_loudness(-12.1)
    inside = (made.width() - 20, 4)
    assert picture(made).pixelColor(*inside) == theme.color("raised")
    assert picture(made).pixelColor(1, 26) == theme.color(source)
    made.show_heard(True)
    assert picture(made).pixelColor(*inside) == theme.color(f"{source}_key")
    assert rgb(theme.color(f"on_{source}")) in colors(picture(made))


def test_source_key_tells_loudness_match_and_fault(hold):
    made = hold(SourceKey("master", "Master"))
    assert made.loudness_text() == "\N{EN DASH}"
    made.show_loudness(-12.3, measuring=True)
    assert made.loudness_text() == f"about {MINUS}12 LUFS"
    made.show_loudness(-12.06, turned_down_db=-5.44)
    assert made.loudness_text() == f"{MINUS}12.1 LUFS"
    assert made.match_text() == f"plays {MINUS}5.4 dB"
    made.show_heard(True)
    assert made.accessibleDescription() == f"{MINUS}12.1 LUFS, plays {MINUS}5.4 dB"
    assert made.spoken_value() == f"{MINUS}12.1 LUFS, plays {MINUS}5.4 dB, heard"
    made.show_loudness(-12.06, turned_down_db=-0.04)
    assert made.match_text() == ""
    made.show_fault("file is missing")
    assert made.spoken_value() == "file is missing, heard"
    assert rgb(theme.color("danger_text")) not in colors(picture(made))
    made.show_heard(False)
    assert rgb(theme.color("danger_text")) in colors(picture(made))


def test_unknown_source_is_refused():
    with pytest.raises(ValueError, match="no source 'side'; choose one of: mix, master, ref"):
        SourceKey("side", "Side")


def test_matched_names_its_basis_or_warns(hold):
    matched = hold(MatchedKey())
    log = Log(("edited", matched.edited))
    matched.show_match(True, "over loop")
    assert matched.spoken_value() == "over loop"
    QTest.mouseClick(matched, LEFT)
    assert log.of("edited") == [False]
    assert matched.on
    matched.show_match(False, louder="Master", by_db=5.4)
    assert matched.spoken_value() == "Master is 5.4 dB louder"
    assert rgb(theme.color("danger_text")) in colors(picture(matched))
    QTest.mouseClick(matched, LEFT)
    assert log.of("edited") == [False, True]


def test_snapshot_shows_what_it_holds(hold):
    snapshot = hold(SnapshotKey("B"))
    assert snapshot.accessibleName() == "Snapshot B"
    assert snapshot.accessibleDescription() == "empty"
    snapshot.show_state(f"{MINUS}0.3 LU", current=True)
    assert snapshot.accessibleDescription() == f"{MINUS}0.3 LU"
    assert picture(snapshot).pixelColor(30, snapshot.height() - 1) == theme.color("select")


def test_segments_choose_and_do_not_echo(hold):
    choice = hold(Segmented(("Minimum", "Natural", "Linear"), name="Phase"))
    log = Log(("edited", choice.edited))
    QTest.mouseClick(choice.segments[2], LEFT)
    QTest.mouseClick(choice.segments[2], LEFT)
    choice.show_value(1)
    assert log.of("edited") == [2]
    choice.segments[1].setFocus()
    key(choice.segments[1], Qt.Key.Key_Left)
    assert log.of("edited") == [2, 0]
    assert choice.spoken_value() == "Minimum"


def test_only_the_chosen_segment_is_a_tab_stop(hold):
    page = QWidget()
    row = QHBoxLayout(page)
    before, choice, after = Toggle("Before"), Segmented(("One", "Two")), Toggle("After")
    for widget in (before, choice, after):
        row.addWidget(widget)
    hold(page)
    choice.show_value(1)
    before.setFocus()
    key(before, Qt.Key.Key_Tab)
    assert page.focusWidget() is choice.segments[1]
    key(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is after


def test_choice_menu_ticks_what_is_chosen(hold):
    choice = hold(Choice("Placement", ["Stereo", "Mid", "Side"]))
    log = Log(("edited", choice.edited))
    choice.show_value(1)
    menu = choice.open_menu()
    assert [row.isChecked() for row in menu.actions()] == [False, True, False]
    menu.actions()[2].trigger()
    menu.close()
    assert log.of("edited") == [2]
    assert choice.value_text() == "Side"
    choice.show_value(0, "Stereo, edited")
    assert choice.value_text() == "Stereo, edited"
    assert log.of("edited") == [2]


def test_choice_steps_with_the_arrow_keys(hold):
    choice = hold(Choice("", ["a", "b", "c"]))
    log = Log(("edited", choice.edited))
    for which in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        key(choice, which)
    assert log.of("edited") == [1, 2, 1]


def test_transport(hold):
    transport = hold(Transport())
    log = Log(("start", transport.to_start), ("play", transport.play_edited), ("loop", transport.loop_edited))
    QTest.mouseClick(transport.start_key, LEFT)
    QTest.mouseClick(transport.play_key, LEFT)
    QTest.mouseClick(transport.loop_key, LEFT)
    assert log.said == [("start",), ("play", True), ("loop", True)]
    transport.show_playing(True, 133.709)
    transport.show_song(227.9)
    transport.show_loop(False, 125, 146)
    shown(transport, 900)
    assert transport.time.text == "2:13.709"
    assert transport.length.words == "of 3:47"
    assert transport.loop_range.words == "Loop off, 2:05\N{EN DASH}2:26"
    assert rgb(theme.color("text2")) not in colors(picture(transport.loop_range))
    transport.show_loop(True, 125, 146)
    assert transport.loop_range.words == "Loop 2:05\N{EN DASH}2:26"
    assert rgb(theme.color("text2")) in colors(picture(transport.loop_range))
    transport.show_loop(False, 0, 0)
    assert transport.loop_range.words == ""
    assert transport.play_key.accessibleName() == "Pause"
    QTest.mouseClick(transport.play_key, LEFT)
    assert log.said[-1] == ("play", False)
    assert len(log.said) == 4


def test_time_does_not_jitter(hold):
    transport = hold(Transport())
    widths = set()
    for seconds in (111.111, 88.888, 0.0, 599.999):
        transport.time.show_time(seconds)
        widths.add(transport.time.width())
    assert len(widths) == 1


def test_menu_shows_what_is_chosen_pointed_at_and_off(hold):
    owner = hold(Toggle("Owner"))
    menu = Menu(owner)
    rows = [menu.add("Stereo", list, "S", checked=True), menu.add("Mid", list, checked=False), menu.add("Side", list, enabled=False)]
    menu.open_at(owner.mapToGlobal(QPoint(0, 40)))
    menu.setActiveAction(rows[1])
    image = picture(menu)
    tick, mid, side = (image.copy(menu.actionGeometry(row)) for row in rows)
    assert rgb(theme.color("text")) in colors(tick.copy(2, 0, 24, tick.height()))
    assert rgb(theme.color("hover")) in colors(mid)
    assert rgb(theme.color("hover")) not in colors(tick)
    assert rgb(theme.color("text")) not in colors(mid.copy(2, 0, 24, mid.height()))
    assert rgb(theme.color("text")) not in colors(side)
    menu.close()


def test_a_menu_is_gone_when_closed_but_a_part_of_one_can_open_again(hold):
    owner = hold(Toggle("Owner"))
    menu = Menu(owner)
    part = Menu(menu)
    assert menu.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    assert not part.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
