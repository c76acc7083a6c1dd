"""The song view asks for what the hand does, paints what it is given, and repaints no more than it must."""
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.plots import song_flags
from gui.plots.song import SongView
from gui.plots.song_data import Finding, Series
from gui.theme import paint, theme
from mastering_rt.measure.overview import Overview
from tests import signals
from tests.gui.hands import SHIFT, Log, Paints, colors, drag, key, move, picture, press, release, rgb, shown

RATE, FRAMES = 48000, 48000 * 100
WIDTH, HEIGHT = 1038, 230


@pytest.fixture
def song(qtbot):
    view = SongView()
    qtbot.addWidget(view)
    view.set_song(FRAMES, RATE)
    return shown(view, WIDTH, HEIGHT)


@cache
def overview_of_sound():
    return Overview.of(np.tile(signals.programme(FRAMES // 100), 100), RATE)


def with_sound(view):
    overview = overview_of_sound()
    view.set_overview("mix", overview)
    view.set_overview("master", overview)
    loudness = Series(np.linspace(-30, -8, 1000), FRAMES / 1000)
    view.set_loudness("mix", loudness)
    view.set_loudness("master", Series(loudness.values + 4, loudness.hop_frames))
    view.set_reduction(Series(np.abs(np.sin(np.arange(1000))) * 4, FRAMES / 1000))
    return view


def frame(px):
    """Frame under a pixel of the whole song on 1000 px of data."""
    return px * FRAMES // 1000


def turn(view, x, notches, modifiers=Qt.KeyboardModifier.NoModifier, y=100):
    event = QWheelEvent(QPointF(x, y), QPointF(x, y), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, modifiers,
                        Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, event)


def test_a_click_in_the_wave_seeks_there(song):
    log = Log(("seek", song.seek_requested))
    press(song, QPoint(250, 100))
    release(song, QPoint(250, 100))
    assert log.of("seek") == [frame(250)]


def test_a_drag_in_the_wave_seeks_along_and_stays_in_the_song(song):
    log = Log(("seek", song.seek_requested))
    drag(song, QPoint(900, 100), QPoint(300, 0))
    assert log.of("seek")[0] == frame(900)
    assert log.of("seek")[-1] == FRAMES
    assert sorted(log.of("seek")) == log.of("seek")


def test_a_drag_in_the_ruler_loops_once_either_way(song):
    log = Log(("loop", song.loop_changed), ("seek", song.seek_requested))
    drag(song, QPoint(200, 10), QPoint(296, 0))
    assert log.said == [("loop", frame(200), frame(500))]
    drag(song, QPoint(800, 10), QPoint(-104, 0))
    assert log.said[1:] == [("loop", frame(700), frame(800))]


def test_frames_beyond_32_bits_pass_through_the_signals(song):
    song.set_song(384000 * 86400, 384000)
    log = Log(("loop", song.loop_changed), ("seek", song.seek_requested))
    drag(song, QPoint(500, 10), QPoint(296, 0))
    press(song, QPoint(1000, 100))
    assert log.said == [("loop", 384000 * 43200, 384000 * 69120), ("seek", 384000 * 86400)]


def test_an_edge_of_the_loop_is_dragged_by_itself(song):
    song.set_loop((frame(300), frame(600)), True)
    log = Log(("loop", song.loop_changed))
    drag(song, QPoint(602, 10), QPoint(-200, 0))
    assert log.of("loop") == [(frame(300), pytest.approx(frame(406), abs=frame(1)))]
    drag(song, QPoint(300, 10), QPoint(296, 0))
    assert log.of("loop")[1][0] == pytest.approx(frame(406), abs=frame(1))
    assert log.of("loop")[1][1] == frame(600)


def test_a_double_click_on_the_bracket_toggles_the_loop(song):
    song.set_loop((frame(300), frame(600)), True)
    log = Log(("toggle", song.loop_toggled))
    QTest.mouseDClick(song, Qt.MouseButton.LeftButton, pos=QPoint(450, 10))
    assert log.of("toggle") == [False]


def test_a_double_click_beside_the_bracket_shows_the_whole_song(song):
    song.show_range(frame(100), frame(200))
    QTest.mouseDClick(song, Qt.MouseButton.LeftButton, pos=QPoint(450, 10))
    assert song.scene.view.whole


def test_the_wheel_zooms_at_the_pointer_and_seeks_land_there(song):
    turn(song, 400, 5)
    assert song.scene.view.span == pytest.approx(FRAMES * 0.8 ** 5)
    log = Log(("seek", song.seek_requested))
    press(song, QPoint(400, 100))
    assert log.of("seek")[0] == pytest.approx(frame(400), abs=2)
    release(song, QPoint(400, 100))
    turn(song, 400, -50)
    assert song.scene.view.whole


def test_the_wheel_with_shift_moves_sideways(song):
    song.show_range(frame(400), frame(500))
    turn(song, 400, -1, SHIFT)
    assert song.scene.view.first == pytest.approx(frame(410))
    assert song.scene.view.span == pytest.approx(frame(100))


def test_keys_nudge_and_jump(song):
    song.set_position(frame(500))
    log = Log(("seek", song.seek_requested))
    for which, modifiers in ((Qt.Key.Key_Right, None), (Qt.Key.Key_Left, None), (Qt.Key.Key_Right, SHIFT), (Qt.Key.Key_Home, None),
                             (Qt.Key.Key_End, None)):
        key(song, which, modifiers or Qt.KeyboardModifier.NoModifier)
    assert log.of("seek") == [frame(500) + RATE, frame(500) - RATE, frame(500) + 2400, 0, FRAMES]


def test_brackets_loop_from_and_to_the_playhead(song):
    log = Log(("loop", song.loop_changed))
    song.set_position(frame(300))
    key(song, Qt.Key.Key_BracketLeft)
    song.set_loop((frame(300), FRAMES), True)
    song.set_position(frame(700))
    key(song, Qt.Key.Key_BracketRight)
    assert log.of("loop") == [(frame(300), FRAMES), (frame(300), frame(700))]
    song.set_position(frame(200))
    key(song, Qt.Key.Key_BracketRight)
    assert log.of("loop")[-1] == (0, frame(200))


def test_l_toggles_only_what_there_is(song):
    log = Log(("toggle", song.loop_toggled))
    key(song, Qt.Key.Key_L)
    song.set_loop((0, 1000), False)
    key(song, Qt.Key.Key_L)
    assert log.of("toggle") == [True]


def test_j_and_k_go_to_findings_in_the_order_of_the_song(song):
    song.set_findings([Finding(frame(800), "late"), Finding(frame(200), "early")])
    song.set_position(frame(500))
    log = Log(("finding", song.finding_chosen), ("seek", song.seek_requested))
    key(song, Qt.Key.Key_J)
    key(song, Qt.Key.Key_K)
    assert log.said == [("finding", 1), ("seek", frame(200)), ("finding", 0), ("seek", frame(800))]


def test_a_click_on_a_flag_goes_to_its_frame(song):
    song.set_findings([Finding(frame(800) + 137, "late")])
    log = Log(("finding", song.finding_chosen), ("seek", song.seek_requested))
    press(song, QPoint(803, 10))
    release(song, QPoint(803, 10))
    assert log.said == [("finding", 0), ("seek", frame(800) + 137)]


def test_the_tool_tip_says_the_sentence_of_a_flag_and_the_time_elsewhere(song):
    song.set_findings([Finding(frame(800), "Flat top, 13 samples")])
    for place, words in ((QPoint(801, 10), "Flat top, 13 samples"), (QPoint(500, 100), "0:50.000")):
        move(song, place)
        QApplication.sendEvent(song, QHelpEvent(QEvent.Type.ToolTip, place, song.mapToGlobal(place)))
        assert QToolTip.text() == words


def test_of_two_flags_in_one_place_the_grave_one_is_on_top(song):
    song.set_findings([Finding(frame(800), "A note"), Finding(frame(800), "Grave", act=True), Finding(frame(800), "Another note")])
    song.set_position(0)
    log = Log(("finding", song.finding_chosen))
    press(song, QPoint(801, 10))
    release(song, QPoint(801, 10))
    assert log.said == [("finding", 1)]
    filled = red_of(song)
    song.set_findings([Finding(frame(800), "A note"), Finding(frame(800), "Another note")])
    assert filled > 2 * red_of(song) > 0


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_number_of_a_flag_has_the_room_it_takes(song, monkeypatch, scale):
    theme.use(scale=scale)
    song.set_findings([Finding(frame(8 * i), "") for i in range(120)])
    song.show_range(0, FRAMES / 8)
    rooms, real = {}, paint.text

    def text(painter, area, words, role, *look):
        rooms[words] = area.width()
        return real(painter, area, words, role, *look)
    monkeypatch.setattr(paint, "text", text)
    picture(song)
    song.show_range(frame(930), FRAMES)
    picture(song)
    song.show_whole()
    picture(song)
    counts = [words for words in rooms if words.startswith(song_flags.TIMES)]
    assert counts
    assert all(rooms[number] > paint.text_width(number, "scale", 600) for number in ("1", "12", "120", *counts))


def crowd(song):
    """Four findings in one place, the third of them grave, and one far from them."""
    song.set_findings([Finding(frame(400 + 2 * i), f"Finding {i}", act=i == 2) for i in range(4)] + [Finding(frame(800), "Alone")])
    return song_flags.flags_in(song.scene, song.parts)


def test_flags_that_would_lie_over_each_other_are_one_with_their_count(song):
    crowded, alone = crowd(song)
    assert (crowded.px, crowded.members, crowded.top) == (400, (0, 1, 2, 3), 2)
    assert alone.single
    assert song_flags.words_of(crowded, song.scene.findings) == "4 findings, 1 to fix"
    song.show_range(frame(395), frame(415))
    assert [flag.members for flag in song_flags.flags_in(song.scene, song.parts)] == [(0,), (1,), (2,), (3,)]


@pytest.mark.parametrize("at", [0, 999])
def test_words_beside_a_flag_at_an_end_stand_clear_of_it(song, monkeypatch, at):
    written, text = {}, song_flags.paint.text
    monkeypatch.setattr(song_flags.paint, "text", lambda painter, area, words, *a, **k: (written.update({words: QRectF(area)}), text(painter, area, words, *a, **k))[1])
    song.set_findings([Finding(frame(at), "One"), Finding(frame(at), "Two")])
    flag, = song_flags.flags_in(song.scene, song.parts)
    picture(song)
    plate, words = written["\N{MULTIPLICATION SIGN}2"], written["2 findings"]
    assert plate.left() >= 0 and plate.right() <= song.parts.data_right
    assert song_flags.stands_at(flag, song.parts) == plate.center().x() != flag.px
    assert song_flags.flag_at([flag], song.parts, plate.left() + 1) is song_flags.flag_at([flag], song.parts, plate.right() - 1) is flag
    assert words.left() > plate.right() + 3 if at == 0 else words.right() < plate.left()


@pytest.mark.slow
@given(st.lists(st.floats(0, 1000), min_size=1, max_size=60), st.floats(5, 60))
def test_every_finding_has_one_flag_and_flags_stand_apart(places, apart):
    findings = [Finding(0, "", act=i % 7 == 3) for i in range(len(places))]
    flags = song_flags.grouped(places, findings, apart)
    assert sorted(index for flag in flags for index in flag.members) == list(range(len(places)))
    assert all(after.px - before.px >= apart - 1 for before, after in zip(flags, flags[1:], strict=False))
    for flag in flags:
        assert all(findings[flag.top].act >= findings[index].act for index in flag.members)


def test_a_flag_spreads_under_the_pointer_and_its_findings_are_gone_to_one_by_one(song):
    crowd(song)
    log = Log(("finding", song.finding_chosen), ("seek", song.seek_requested))
    folded = picture(song)
    move(song, QPoint(400, 10))
    leaves = song.spread.leaves
    assert [leaf.member for leaf in leaves] == [0, 1, 2, 3]
    assert song.pointed == 2
    assert picture(song) != folded
    for leaf in leaves:
        move(song, QPoint(round(leaf.px), 10))
        assert QToolTip.text() == f"Finding {leaf.member}" or leaf.member == 2
        press(song, QPoint(round(leaf.px), 10))
        release(song, QPoint(round(leaf.px), 10))
    assert log.of("finding") == [0, 1, 2, 3]
    move(song, QPoint(400, 100))
    assert song.spread is None
    assert picture(song) == folded


def test_a_flag_of_very_many_counts_what_has_no_room_and_zooms_to_all_of_them(song):
    song.set_findings([Finding(frame(500) + 1000 * i, "") for i in range(40)])
    move(song, QPoint(500, 10))
    last = song.spread.leaves[-1]
    assert last.member is None
    assert len(song.spread.leaves) == song_flags.MOST_SPREAD
    press(song, QPoint(round(last.px), 10))
    release(song, QPoint(round(last.px), 10))
    assert song.scene.view.first < frame(500)
    assert song.scene.view.last > frame(500) + 39_000
    assert len(song_flags.flags_in(song.scene, song.parts)) > 10


@pytest.mark.slow
def test_the_lane_shows_the_psr_when_it_is_wished(song):
    with_sound(song)
    series = Series(np.linspace(6, 18, 1000), FRAMES / 1000)
    song.set_psr("mix", series)
    song.set_psr("master", Series(series.values - 3, series.hop_frames))
    loudness = picture(song)
    song.set_lane("psr")
    assert picture(song) != loudness
    theme.use(density="compact")
    assert song.parts.loudness > song.parts.wave
    song.set_lane("loudness")
    assert song.parts.loudness == song.parts.wave
    with pytest.raises(ValueError, match="no lane 'bits'"):
        song.set_lane("bits")


def red_of(song):
    """Pixels of the flag at 800 that have the colour of danger."""
    flag = picture(song).copy(793, 0, 15, song.parts.ruler)
    return sum(flag.pixelColor(x, y) == theme.color("danger") for x in range(flag.width()) for y in range(flag.height()))


def test_at_a_finding_the_position_says_its_sentence(song):
    song.set_findings([Finding(frame(200), "Flat top. Listen there.")])
    song.set_position(frame(200))
    assert song.spoken_value() == "0:20.000 of 1:40; finding 1: Flat top. Listen there."
    song.set_position(frame(201))
    assert "finding" not in song.spoken_value()


def test_the_playhead_repaints_a_strip_and_only_when_its_pixel_changes(song):
    with_sound(song)
    QApplication.processEvents()
    paints = Paints(song)
    song.set_position(1)
    QApplication.processEvents()
    assert paints.events == []
    song.set_position(frame(500))
    QApplication.processEvents()
    assert paints.events
    assert paints.whole(song) == 0
    assert sum(r.width() * r.height() for _, region in paints.events for r in region) < 0.05 * WIDTH * HEIGHT


def test_the_page_follows_the_playhead_but_not_against_the_hand(song):
    song.show_range(0, frame(100))
    song.set_position(frame(150))
    assert song.scene.view.first == frame(150)
    press(song, QPoint(500, 100))
    song.set_position(frame(600))
    assert song.scene.view.first == frame(150)
    release(song, QPoint(500, 100))


def test_what_is_heard_is_filled_in_its_colour(song):
    with_sound(song)
    assert rgb(theme.color("master_mid")) in colors(picture(song))
    assert rgb(theme.color("mix_mid")) not in colors(picture(song))
    song.set_heard("mix")
    assert rgb(theme.color("mix_mid")) in colors(picture(song))
    assert rgb(theme.color("master_mid")) not in colors(picture(song))


def test_a_stale_master_is_weaker_and_a_missing_one_is_said(song):
    with_sound(song)
    middle = QPoint(500, song.parts.ruler + (song.parts.wave - song.parts.ruler) // 2)
    assert rgb(picture(song).pixelColor(middle)) == rgb(theme.color("master_mid"))
    song.set_overview("master", song.scene.overviews["master"], stale=True)
    assert rgb(picture(song).pixelColor(middle)) == rgb(theme.color("master_body"))
    song.set_overview("master", None)
    assert rgb(theme.color("master_body")) not in colors(picture(song))
    assert rgb(theme.color("text2")) in colors(picture(song))


def test_blind_shows_no_colour_of_any_source(song):
    with_sound(song)
    song.set_blind(True)
    there = colors(picture(song))
    for name in ("mix", "master"):
        for tone in ("", "_mid", "_body"):
            assert rgb(theme.color(name + tone)) not in there
    assert rgb(theme.color("gr")) not in there


def test_bad_numbers_never_break_painting(song):
    planes = np.full((2, 50_000), np.nan)
    song.set_overview("master", Overview.of(planes, RATE))
    song.set_overview("mix", Overview(RATE))
    for values in (np.array([np.nan, -np.inf, np.inf, 3.0]), np.full(5, np.nan), np.empty(0)):
        song.set_loudness("master", Series(values, 1000.0))
        song.set_reduction(Series(values, 1000.0))
        assert 0xFF00FF not in colors(picture(song))


def test_no_song_and_tiny_sizes_paint(qtbot):
    view = SongView()
    qtbot.addWidget(view)
    shown(view, 600, 200)
    assert 0xFF00FF not in colors(picture(view))
    key(view, Qt.Key.Key_Right)
    turn(view, 100, 3)
    view.set_song(10, RATE)
    for width, height in ((1, 1), (40, 30), (3000, 900)):
        view.resize(width, height)
        assert 0xFF00FF not in colors(picture(view))


def test_a_song_of_one_frame_can_be_shown_and_looped(song):
    song.set_song(1, RATE)
    turn(song, 100, 3)
    log = Log(("loop", song.loop_changed))
    drag(song, QPoint(100, 10), QPoint(800, 0))
    assert log.of("loop") == [(0, 1)]


def test_themes_and_densities_paint_all_of_it(song):
    with_sound(song)
    for name in ("light", "dark"):
        for density in ("compact", "comfortable"):
            theme.use(name=name, density=density)
            there = colors(picture(song))
            assert 0xFF00FF not in there
            assert rgb(theme.color("well")) in there


def test_a_screen_reader_hears_the_position_and_can_seek(song):
    song.set_position(frame(500))
    assert song.spoken_value() == "0:50.000 of 1:40"
    log = Log(("seek", song.seek_requested))
    song.spoken_range().take(12.5)
    assert log.of("seek") == [600_000]


def test_pointing_over_a_loop_edge_shows_that_it_moves(song):
    song.set_loop((frame(300), frame(600)), True)
    move(song, QPoint(301, 10))
    assert song.cursor().shape() == Qt.CursorShape.SizeHorCursor
    move(song, QPoint(400, 10))
    assert song.cursor().shape() == Qt.CursorShape.ArrowCursor


@pytest.mark.parametrize("level", [-8.0, -9.0, -10.0, -12.0])
def test_no_curve_runs_through_the_name_of_its_lane(song, level):
    parts = song.parts
    name = QRect(theme.px(8), parts.wave + theme.px(6), paint.text_width("Short-term LUFS", "scale"), theme.px(12))

    def seen(db):
        song.set_loudness("master", Series(np.full(1000, db), FRAMES / 1000))
        return picture(song).copy(name)
    bare = seen(np.nan)
    song.set_loudness("mix", Series(np.linspace(-30, -8, 1000), FRAMES / 1000))
    assert rgb(theme.color("text3")) in colors(bare)
    assert seen(level) == bare
