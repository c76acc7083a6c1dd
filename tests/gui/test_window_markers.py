"""Markers in the ruler: set while it plays, dragged, named, gone to, taken away; each is one step for undo."""
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gui.plots.song_markers import plates
from tests.gui.hands import move

pytestmark = pytest.mark.slow

RATE = 48000


def marked(rig, *seconds):
    for second in seconds:
        rig.acts.hearing.seek(round(second * RATE))
        rig.key("N")
    rig.frames(1)
    return rig.window.song.view


def plate_of(view, index):
    """The middle of a marker's plate."""
    plate = plates(view.markers, view.scene, view.parts)[index]
    return QPoint(round(plate.px + 4), 6)


def names(rig):
    return [(marker.frame, marker.name) for marker in rig.desk.session.markers]


def test_set_while_it_plays(working):
    working.key("Space")
    working.until(lambda: working.playing and working.frame > RATE // 4)
    working.key("N")
    working.key("N")
    working.until(lambda: len(working.window.song.view.markers) == 2)
    first, second = names(working)
    assert 0 < first[0] <= second[0] and (first[1], second[1]) == ("Marker 1", "Marker 2")
    assert len(working.desk.history.steps) == 2


def test_dragged_to_another_place_in_one_step(working):
    view = marked(working, 1)
    working.drag(view, plate_of(view, 0), QPoint(200, 0))
    moved = names(working)[0][0]
    assert moved > RATE and len(working.desk.history.steps) == 2
    working.key("Ctrl+Z")
    working.frames(1)
    assert names(working) == [(RATE, "Marker 1")] and view.markers[0].frame == RATE


def test_a_click_goes_there_and_a_double_click_names(working):
    view = marked(working, 1, 3)
    working.click(view, plate_of(view, 0))
    working.frames()
    assert working.frame == RATE
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, plate_of(view, 1))
    working.type("Chorus")
    working.key("Return")
    assert names(working) == [(RATE, "Marker 1"), (3 * RATE, "Chorus")]


def test_the_menu_of_a_marker(working):
    view = marked(working, 1, 3)
    working.acts.markers.open_menu(0, view.mapToGlobal(plate_of(view, 0)))
    rows = {row.text(): row for row in working.menu.actions()}
    rows["Loop to the next one"].trigger()
    loop = working.desk.session.loop
    assert (loop.start_frame, loop.stop_frame) == (RATE, 3 * RATE)
    rows["Remove"].trigger()
    assert names(working) == [(3 * RATE, "Marker 2")]
    working.menu.close()


def test_j_and_k_walk_findings_and_markers_alike(working):
    working.wait_for_facts()
    view = marked(working, 1, 3)
    count = len(view.scene.findings) + 2
    working.key("Home")
    working.frames()
    seen = []
    for _ in range(count):
        working.key("K")
        working.frames()
        seen.append(working.frame)
    assert {RATE, 3 * RATE} <= set(seen) and seen == sorted(seen)
    working.key("J")
    working.frames()
    assert working.frame < seen[-1]


def test_a_marker_says_its_name_to_who_listens(working):
    view = marked(working, 1)
    assert "Marker 1" in view.spoken_value()


def test_the_tip_over_a_plate_is_the_whole_name_and_beside_it_the_time(working):
    view = marked(working, 1)
    move(view, plate_of(view, 0))
    assert view.toolTip() == "Marker 1, 0:01.000"
    move(view, QPoint(view.width() // 2, view.height() // 2))
    assert view.toolTip() == view.tip_at(QPointF(view.width() // 2, view.height() // 2)) != "Marker 1, 0:01.000"


def test_markers_are_saved_with_the_session(working, tmp_path):
    marked(working, 1)
    with working.picking(tmp_path / "kept.mrt"):
        working.key("Ctrl+S")
    working.open(tmp_path / "kept.mrt")
    working.frames(1)
    assert names(working) == [(RATE, "Marker 1")] and [mark.name for mark in working.window.song.view.markers] == ["Marker 1"]
