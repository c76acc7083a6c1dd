"""The chain under the hand: choose, bypass, move by mouse and keys, add, remove, and a narrow window."""
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dsp_core.params import LABELS
from gui.controls.chain import ChainStrip
from gui.controls.focus import FocusFollower
from gui.controls.lane import Lifted
from gui.controls.slot import SlotState, StageSlot
from gui.theme import theme
from tests.gui.hands import CTRL, LEFT, Log, Paints, calls_in, colors, drag, key, move, picture, press, release, rgb, shown, wheel
from tests.gui.test_window_layout import read, trouble

NAMES = ("EQ", "Compressor", "Stereo", "Limiter")


def states(*names):
    return [SlotState(id=name, name=name, number=number, change_lu=-0.2) for number, name in enumerate(names or NAMES, 1)]


@pytest.fixture
def strip(qtbot):
    made = ChainStrip()
    qtbot.addWidget(made)
    shown(made, 1400)
    made.show_chain(states(), selected=0)
    QApplication.processEvents()
    return made


@pytest.fixture
def log(strip):
    return Log(*((name, getattr(strip, name)) for name in ("selected", "bypass_asked", "move_asked", "remove_asked", "add_asked", "remedy_asked")))


def middle(slot):
    return QPoint(slot.width() // 2, slot.height() // 2)


def test_click_selects_and_the_dot_bypasses(strip, log):
    QTest.mouseClick(strip.slots[1], LEFT, pos=middle(strip.slots[1]))
    QTest.mouseClick(strip.slots[2], LEFT, pos=strip.slots[2].power_area().center())
    assert log.said == [("selected", 1), ("bypass_asked", 2, True)]
    strip.show_chain([*states()[:2], SlotState(name="Stereo", number=3, bypassed=True), states()[3]])
    QTest.mouseClick(strip.slots[2], LEFT, pos=strip.slots[2].power_area().center())
    assert log.said[-1] == ("bypass_asked", 2, False)
    assert strip.slots[2].power_area().width() >= 24


def step(strip):
    return strip.slots[1].x() - strip.slots[0].x()


def test_drag_reorders(strip, log):
    drag(strip.slots[0], middle(strip.slots[0]), QPoint(2 * step(strip), 0), steps=20)
    assert log.said == [("move_asked", 0, 2)]
    assert [slot.x() for slot in strip.slots] == sorted(slot.x() for slot in strip.slots)


def test_the_others_make_room_while_it_is_dragged(strip, log):
    before = [slot.x() for slot in strip.slots]
    drag(strip.slots[0], middle(strip.slots[0]), QPoint(2 * step(strip), 0), steps=20, let_go=False)
    assert [slot.x() for slot in strip.slots[1:]] == [before[0], before[1], before[3]]
    lifted = strip.findChild(Lifted)
    assert lifted is not None
    assert abs(lifted.x() - before[2]) <= 8
    gap = strip.slot_rect(2)
    edge = rgb(theme.color("edge"))
    assert edge in colors(strip.grab().toImage().copy(gap.adjusted(-1, -1, 1, 1)))
    key(strip.slots[0], Qt.Key.Key_Escape)
    assert [slot.x() for slot in strip.slots] == before
    assert log.said == []
    release(strip.slots[0], QPoint(0, 0))
    assert log.said == []


@pytest.mark.slow
def test_slots_slide_in_120_ms(strip, qtbot):
    theme.use(reduce_motion=False)
    drag(strip.slots[0], middle(strip.slots[0]), QPoint(step(strip), 0), steps=20, let_go=False)
    sliding = strip._moves[strip.slots[1]]
    assert sliding.duration() == 120
    qtbot.waitUntil(lambda: strip.slots[1].x() == strip.slot_rect(0).x(), timeout=60_000)
    release(strip.slots[0], QPoint(0, 0))


def test_a_short_move_is_a_click(strip, log):
    drag(strip.slots[1], middle(strip.slots[1]), QPoint(2, 0), steps=1)
    assert log.said == [("selected", 1)]


def test_a_drag_back_home_moves_nothing(strip, log):
    drag(strip.slots[1], middle(strip.slots[1]), QPoint(20, 0), steps=5)
    assert log.said == []


def test_keys(strip, log):
    slot = strip.slots[1]
    slot.setFocus()
    key(slot, Qt.Key.Key_Return)
    key(slot, Qt.Key.Key_B)
    key(slot, Qt.Key.Key_Delete)
    key(slot, Qt.Key.Key_Right, CTRL)
    key(slot, Qt.Key.Key_Left, CTRL)
    assert log.said == [("selected", 1), ("bypass_asked", 1, True), ("remove_asked", 1), ("move_asked", 1, 2), ("move_asked", 1, 0)]
    key(strip.slots[0], Qt.Key.Key_Left, CTRL)
    assert len(log.said) == 5
    key(slot, Qt.Key.Key_Right)
    assert strip.focusWidget() is strip.slots[2]


def test_add_menu_lists_the_kinds_of_the_table(strip, log):
    menu = strip.open_add_menu()
    assert [row.text() for row in menu.actions()] == list(LABELS.values())
    menu.actions()[1].trigger()
    menu.close()
    menu = strip.open_add_menu(after=0)
    menu.actions()[0].trigger()
    menu.close()
    kinds = list(LABELS)
    assert log.said == [("add_asked", kinds[1], 4), ("add_asked", kinds[0], 1)]
    QTest.mouseClick(strip.add_key, LEFT)
    assert QApplication.activePopupWidget() is not None
    QApplication.activePopupWidget().close()


def test_context_menu(strip, log):
    menu = strip.slots[1].make_menu()
    rows = {row.text().split("\t")[0]: row for row in menu.actions() if row.text()}
    for words in ("Open", "Bypass", "Move left", "Move right", "Remove"):
        rows[words].trigger()
    assert log.names() == ["selected", "bypass_asked", "move_asked", "move_asked", "remove_asked"]
    menu.close()


def test_a_fault_offers_its_one_action(strip, log):
    strip.show_chain([SlotState(name="Tape Deck", fault="Crashed, music goes on", consequence="dry, aligned", remedy="Restart")])
    slot = strip.slots[0]
    QTest.mouseClick(slot, LEFT, pos=slot.remedy_area().center())
    assert log.said == [("remedy_asked", 0)]
    assert rgb(theme.color("danger")) in colors(picture(slot))
    assert slot.spoken_value() == "Crashed, music goes on, dry, aligned"


def test_selected_is_open_downward(strip):
    selected, other = strip.slots[0], strip.slots[1]
    assert selected.geometry().bottom() == strip.height() - 1
    assert other.geometry().bottom() < strip.height() - 1
    image = picture(selected)
    assert image.pixelColor(100, 0) == theme.color("select")
    assert image.pixelColor(0, selected.height() - 1) == theme.color("panel")


def test_slots_keep_their_widgets_when_the_chain_changes(strip):
    before = list(strip.slots)
    before[1].setFocus()
    strip.show_chain(states("EQ", "Compressor", "Clipper", "Stereo", "Limiter"))
    assert strip.slots[:4] == before
    assert strip.focusWidget() is before[1]
    strip.show_chain(states("EQ"))
    assert strip.slots == before[:1]


def test_slots_shrink_then_scroll(strip):
    strip.show_chain(states(*["EQ"] * 9), selected=0)
    assert theme.px(120) <= strip.slot_width() < theme.px(212)
    strip.resize(700, strip.height())
    assert strip.slot_width() == theme.px(120)
    assert strip.slots[-1].x() > 700
    strip.slots[7].setFocus()
    key(strip.slots[7], Qt.Key.Key_Right)
    assert strip.slots[8].geometry().right() <= strip.add_key.x()
    assert strip.add_key.geometry().right() < strip._sum_area().left() + 1


MANY = [f"Stage {number}" for number in range(1, 25)]


def in_view(strip, index):
    """Whether a slot is seen whole, under neither "+" nor sum."""
    slot = strip.slots[index]
    return slot.visibleRegion().rectCount() == 1 and slot.visibleRegion().boundingRect() == slot.rect()


@pytest.fixture(params=[1214, 940])
def long_strip(strip, request):
    """As wide as beside the meters of a window of 1600 and of 1280."""
    strip.resize(request.param, strip.height())
    strip.show_chain(states(*MANY), selected=0)
    QApplication.processEvents()
    return strip


def test_what_does_not_fit_lies_under_neither_add_key_nor_sum(long_strip):
    long_strip.show_sum(5.8, 152, 44100)
    QApplication.processEvents()
    for scrolled in (0, -800):
        for _ in range(10):
            wheel(long_strip, scrolled / 120)
        QApplication.processEvents()
        covered = [slot.visibleRegion().translated(slot.mapTo(long_strip, QPoint())).boundingRect().right() for slot in long_strip.slots]
        assert max(covered) < long_strip.add_key.x() < long_strip.add_key.geometry().right() < long_strip._sum_area().left() + 1
        image = long_strip.grab().toImage().copy(long_strip._sum_area())
        assert {rgb(theme.color("bg")), rgb(theme.color("text"))} <= colors(image)
        assert rgb(theme.color("well")) not in colors(image)
    assert in_view(long_strip, 23) and not in_view(long_strip, 0)


def test_the_selected_slot_comes_into_view(long_strip):
    for index in (23, 0, 11):
        long_strip.show_selected(index)
        assert in_view(long_strip, index)
    long_strip.resize(700, long_strip.height())
    QApplication.processEvents()
    assert in_view(long_strip, 11)


def test_what_is_looked_at_by_the_wheel_stays_in_view_until_something_is_selected(long_strip):
    for _ in range(40):
        wheel(long_strip, -1)
    long_strip.show_chain(states(*MANY), selected=0)
    assert in_view(long_strip, 23)
    long_strip.show_chain(states(*MANY), selected=2)
    assert in_view(long_strip, 2)


@pytest.mark.slow
def test_a_slot_held_at_the_edge_goes_on_to_the_end(long_strip, qtbot):
    log = Log(("move_asked", long_strip.move_asked))
    slot, lane = long_strip.slots[1], long_strip.slots[1].parentWidget()
    press(slot, middle(slot))
    move(slot, slot.mapFrom(lane, QPoint(300, 40)))
    move(slot, slot.mapFrom(lane, QPoint(lane.width() - 3, 40)))
    qtbot.waitUntil(lambda: in_view(long_strip, 23) and long_strip._scroll == long_strip._overflow(), timeout=60_000)
    release(slot, slot.mapFrom(lane, QPoint(lane.width() - 3, 40)))
    assert log.of("move_asked") == [(1, 23)]


def test_the_ring_of_a_slot_ends_where_the_slots_do(long_strip, dressed):
    follower = FocusFollower(dressed)
    long_strip.slots[0].setFocus()
    assert follower.ring.isVisible()
    for _ in range(40):
        wheel(long_strip, -1)
    assert follower.ring.visibleRegion().isEmpty()
    follower.ring.surround(None)
    follower.deleteLater()


def test_the_focus_stays_with_its_stage(strip):
    for held, names, selected, after in (("Limiter", ("Limiter", "EQ", "Stereo"), 1, "Limiter"), ("EQ", ("Stereo", "Limiter", "EQ"), 2, "EQ"),
                                         ("EQ", ("Stereo", "Limiter"), 1, "Limiter"), ("Stereo", ("Limiter",), 0, "Limiter")):
        strip.show_chain(states(), selected=1)
        strip.slots[NAMES.index(held)].setFocus()
        strip.show_selected(NAMES.index(names[selected]))
        strip.show_chain(states(*names), selected=selected)
        assert strip.focusWidget().state.name == after
    strip.show_chain([])
    assert strip.focusWidget() is strip.add_key


def test_live_reduction_repaints_only_its_strip(strip):
    slot = strip.slots[1]
    slot.show_reduction(1.0, 2.0, number_db=1.0)
    QApplication.processEvents()
    paints = Paints(slot)
    slot.show_reduction(1.5, 2.0)
    QApplication.processEvents()
    assert 0 < paints.share(slot) < 0.05
    paints.clear()
    slot.show_reduction(1.5, 2.0)
    QApplication.processEvents()
    assert paints.events == []


def test_reduction_hangs_from_the_right(strip):
    slot = strip.slots[1]
    slot.show_reduction(6.0, 9.0, number_db=6.0, range_db=12)
    image, bar = picture(slot), slot._bar_rect
    middle_y = bar.center().y()
    assert image.pixelColor(bar.right() - 2, middle_y) == theme.color("gr_mid")
    assert image.pixelColor(bar.right() + 1 - round(0.5 * bar.width()), middle_y) == theme.color("gr")
    assert image.pixelColor(bar.right() + 1 - round(0.75 * bar.width()), middle_y) == theme.color("text")
    assert image.pixelColor(bar.x() + 3, middle_y) == theme.color("line")


def test_live_lines_of_other_kinds(strip):
    slot = strip.slots[0]
    rest = picture(slot)
    slot.show_curve([0, 3, 6, -6, 0], range_db=6)
    curve = picture(slot)
    slot.show_curve(None)
    slot.show_words("THD 0.42 %", "isolated")
    words = picture(slot)
    assert rest != curve
    assert curve != words
    assert words != rest


def test_sum_is_computed_not_added(strip):
    strip.show_sum(5.8, 152, 44100)
    assert strip.spoken_value() == "+5.8 LU, 152 samples, 3.4 ms"


@pytest.mark.parametrize("latency", [152, 2149, 88200])
def test_the_sum_of_latencies_is_told_whole(strip, latency):
    theme.use(density="comfortable")
    strip.show_sum(5.8, latency, 44100)
    said = read(strip)
    assert any(line.words.endswith(" ms") for line in said)
    assert not trouble(said)


ELEVEN = {"eq": "curve", "dynamic_eq": "reduction", "deesser": "reduction", "resonance": "reduction", "compressor": "reduction", "multiband": "reduction",
          "saturation": "words", "stereo": "reduction", "plugin": "words", "clipper": "reduction", "limiter": "reduction"}


def busy_strip(strip, width, density, count):
    """So many stages of a long chain in a window of this density, each with its live line."""
    theme.use(density=density)
    strip.resize(width, strip.sizeHint().height())
    kinds = list(ELEVEN)[-count:]
    strip.show_chain([SlotState(id=kind, name=LABELS[kind], number=number, change_lu=-10.2) for number, kind in enumerate(kinds, 1)])
    for slot, kind in zip(strip.slots, kinds, strict=True):
        if ELEVEN[kind] == "curve":
            slot.show_curve([0, 3, -3])
        elif ELEVEN[kind] == "words":
            slot.show_words("THD 0.42 %")
        else:
            slot.show_reduction(6.0, 9.0, number_db=12.3, range_db=12)
    QApplication.processEvents()
    return kinds


@pytest.mark.parametrize(("width", "density", "count"), [(1568, "comfortable", 11), (1248, "comfortable", 7), (1024, "compact", 8), (1024, "compact", 7),
                                                         (1024, "compact", 6)])
def test_many_slots_say_all_of_it(strip, width, density, count):
    """As wide as beside the meters at 1920, 1600 and 1280."""
    kinds = busy_strip(strip, width, density, count)
    assert strip._overflow() == 0
    for slot, kind in zip(strip.slots, kinds, strict=True):
        said = read(slot)
        assert not trouble(said)
        words = [line.words for line in said]
        assert {LABELS[kind], str(slot.state.number), "−10.2 LU"} <= set(words)
        if ELEVEN[kind] == "reduction":
            assert {"−12.3", "dB"} <= set(words)
            assert rgb(theme.color("gr_mid")) in colors(picture(slot).copy(slot._bar_rect))
            assert slot._bar_rect.width() >= theme.px(50)


def test_a_long_name_goes_on_in_a_second_line(strip):
    busy_strip(strip, 1568, "comfortable", 11)
    strip.slots[4].show_state(SlotState(name="Compressor for the chorus", number=5))
    said = [line for line in read(strip.slots[4]) if line.words in ("Compressor", "for the chorus")]
    assert [line.whole for line in said] == [True, True]
    assert not trouble(read(strip.slots[4]))


def test_in_narrow_slots_a_placement_of_its_own_goes_before_the_number(strip):
    busy_strip(strip, 1024, "compact", 8)
    slot = strip.slots[0]
    for placement, change_lu, number, said in (("Side", -10.2, 1, {"1", "Side"}), ("Stereo", -10.2, 11, {"11"}), ("Left out", None, 1, {"1", "Left out"}),
                                               ("Left out", -10.2, 11, {"Left out"})):
        slot.show_state(SlotState(name="EQ", number=number, placement=placement, change_lu=change_lu))
        assert {line.words for line in read(slot)} & {"1", "11", "Side", "Stereo", "Left out"} == said


@pytest.fixture
def slot(qtbot):
    made = StageSlot(SlotState(name="Compressor", number=2, change_lu=-0.2))
    qtbot.addWidget(made)
    made.resize(200, 88)
    return made


def on_screen(widget):
    """What is seen of a window: the sum of all that was painted in it bit by bit."""
    return widget.screen().grabWindow(widget.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("density", ["comfortable", "compact"])
@pytest.mark.parametrize("wide", [120, 200])
def test_a_live_line_painted_bit_by_bit_is_the_whole(slot, name, density, wide):
    theme.use(name=name, density=density)
    shown(slot, wide, 88)
    paints, rng = Paints(slot), np.random.default_rng(3)
    for index in range(60):
        slot.show_selected(index // 7 % 2 == 1)
        QApplication.processEvents()
        number = None if index % 3 else float(rng.uniform(0, 8))
        slot.show_reduction(*rng.uniform(-1, 9, 2).tolist(), number_db=number, range_db=6.0 if index % 20 < 15 else 12.0)
        QApplication.processEvents()
        assert on_screen(slot) == picture(slot)
    assert 0 < min(sum(rect.height() for rect in region) for _, region in paints.events) < 32


def test_a_live_line_repaints_its_number_only_when_that_reads_differently(slot):
    shown(slot)
    slot.show_reduction(3.0, 4.0, number_db=3.0)
    QApplication.processEvents()
    paints = Paints(slot)
    slot.show_reduction(3.0, 4.0, number_db=3.04)
    QApplication.processEvents()
    assert paints.events == []
    slot.show_reduction(3.0, 4.0, number_db=3.06)
    QApplication.processEvents()
    assert [region.rectCount() for _, region in paints.events] == [1]
    paints.clear()
    slot.show_reduction(5.0, 5.0, number_db=5.0)
    QApplication.processEvents()
    assert [region.rectCount() for _, region in paints.events] == [1]


def test_a_live_line_takes_few_calls(slot):
    """Of Python and of Qt: a slot is painted fifteen times a second, and there are many."""
    shown(slot)
    counts = []
    for index in range(12):
        counts.append(calls_in(lambda db=1.0 + index % 5: (slot.show_reduction(db, db), slot.repaint(20, 40, 60, 10))))
        QApplication.processEvents()
    assert sorted(counts)[len(counts) // 2] < 46


def test_what_is_known_of_a_slot_while_it_is_low_is_seen_when_it_is_not(slot):
    shown(slot)
    slot.show_low(True)
    slot.show_reduction(4.0, 5.0, number_db=4.0)
    slot.show_low(False)
    QApplication.processEvents()
    low = picture(slot)
    slot.forget()
    slot.show_reduction(4.0, 5.0, number_db=4.0)
    assert picture(slot) == low and rgb(theme.color("gr")) in colors(low)
    slot.forget()
    slot.show_reduction(0.0, 0.0)
    assert rgb(theme.color("gr")) not in colors(picture(slot))
