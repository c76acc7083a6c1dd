"""What is wrong with the mix in the window: marks in the song, the sheet by keyboard and mouse, one quiet word for each mix."""
import re
import threading

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gui.dialogs.findings import FindingList, FindingsDialog, Row, row_of, summary
from gui.plots import song_flags
from mastering_rt.desk import looking, measuring
from mastering_rt.qc.finding import Finding
from mastering_rt.qc.together import made_of
from mastering_rt.session import edits
from tests import signals
from tests.gui.hands import Log, mouse, move, press, release, shown
from tests.mastering_rt.helpers import RATE, write_song

pytestmark = pytest.mark.slow

HOLE = "1 hole in the sound, of 10.0 ms. Ask for a new export, or repair it before anything else."


def found(rig):
    """Until the mix has been looked through. (The jobs' threads stand still while Qt's own wait waits, so theirs is waited for.)"""
    rig.until(lambda: rig.desk.looking._job is not None or not rig.desk.looking.under_way)
    job = rig.desk.looking._job
    assert job is None or job.wait(60)
    rig.until(lambda: not rig.desk.looking.under_way)
    rig.until(lambda: rig.acts.findings._seen[:2] == (rig.desk.song, rig.desk.findings))


def holed_file(folder, name="holed.wav"):
    """Five seconds with a hole of 10 ms at one second and at four."""
    x = 0.5 * signals.programme(5 * RATE)
    for at in (RATE, 4 * RATE):
        x[:, at:at + RATE // 100] = 0.0
    return write_song(folder / name, x)




@pytest.fixture
def holed(rig, tmp_path):
    rig.open(holed_file(tmp_path))
    found(rig)
    return rig


def marks(rig):
    return rig.window.song.view.scene.findings


def grave(rig):
    return [mark.frame for mark in marks(rig) if mark.act]


def test_findings_are_marks_that_say_their_sentence(holed):
    view = holed.window.song.view
    assert len(marks(holed)) == len(holed.desk.findings)
    assert grave(holed) == [pytest.approx(RATE, abs=48), pytest.approx(4 * RATE, abs=48)]
    index = next(i for i, mark in enumerate(marks(holed)) if mark.act)
    flag = next(flag for flag in song_flags.flags_in(view.scene, view.parts) if flag.top == index)
    place = view.rect().topLeft()
    place.setX(round(flag.px))
    place.setY(10)
    move(view, place)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert QToolTip.text() == HOLE
    press(view, place)
    release(view, place)
    assert HOLE in holed.window.status.help
    holed.frames()
    assert holed.frame == grave(holed)[0]
    assert HOLE in QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Value)


def test_the_sheet_by_keyboard(holed):
    rows = holed.acts.findings.rows
    holed.key("Shift+F")
    assert isinstance(holed.dialog, FindingsDialog)
    assert holed.dialog.title.words == f"{len(rows)} findings, 2 to fix"
    assert holed.window.focusWidget() is holed.dialog.list
    holed.key("Home")
    holed.key("Up")
    assert holed.dialog.list.selected == 0
    first = next(i for i, row in enumerate(rows) if row.severity == "act")
    for _ in range(first):
        holed.key("Down")
    assert holed.dialog.list.spoken_value() == f"{first + 1} of {len(rows)}: Fix, at 0:01.000: {HOLE}"
    holed.key("Return")
    assert holed.dialog is None
    holed.frames()
    assert holed.frame == grave(holed)[0]
    holed.key("K")
    holed.frames()
    assert holed.frame == next(mark.frame for mark in marks(holed) if mark.frame > grave(holed)[0])
    holed.key("Shift+F")
    holed.key("Escape")
    assert holed.dialog is None
    assert holed.acts.findings.dialog is None


def test_a_double_click_goes_there_and_the_sheet_opens_again_on_it(holed):
    holed.key("Shift+F")
    index = len(holed.acts.findings.rows) - 1
    mouse(holed.dialog.list, QEvent.Type.MouseButtonDblClick, holed.dialog.list.area_of(index).center())
    holed.frames()
    assert holed.dialog is None
    assert holed.frame == marks(holed)[index].frame
    holed.key("Shift+F")
    assert holed.dialog.list.selected == index


def test_one_word_for_each_mix(holed, tmp_path):
    said = "2 things in the mix should be fixed. The first at 0:01.000: 1 hole"
    assert holed.told.count(said) == 1
    holed.desk.begin(holed.desk.song, "gentle")
    holed.frames(5)
    assert holed.told.count(said) == 1
    with holed.picking(holed_file(tmp_path, "newer.wav")):
        holed.key("Ctrl+Shift+O")
    before = holed.desk.song
    holed.until(lambda: holed.desk.song is not before)
    holed.until(lambda: marks(holed) == [])
    found(holed)
    assert holed.told.count(said) == 2
    assert len(grave(holed)) == 2


def test_still_looking_then_the_list_in_its_place(rig, tmp_path, monkeypatch):
    go, real = threading.Event(), looking.stereo_blocks

    def standing(song):
        assert go.wait(60)
        yield from real(song)
    monkeypatch.setattr(looking, "stereo_blocks", standing)
    rig.open(holed_file(tmp_path))
    rig.key("Shift+F")
    assert (rig.dialog.title.words, rig.dialog.list) == ("Still looking", None)
    go.set()
    found(rig)
    assert rig.dialog.title.words.endswith("2 to fix")
    assert rig.window.focusWidget() is rig.dialog.list


@pytest.mark.parametrize(("findings", "problem", "title"), [((), "", "Nothing was found"), (None, "It broke.", "The mix could not be looked through")])
def test_the_sheet_says_when_there_is_nothing_to_list(holed, monkeypatch, findings, problem, title):
    monkeypatch.setattr(type(holed.desk), "master_findings", ())
    holed.desk.looking.findings, holed.desk.looking.problem = findings, problem
    holed.until(lambda: marks(holed) == [])
    holed.key("Shift+F")
    assert (holed.dialog.title.words, holed.dialog.list) == (title, None)
    holed.key("Escape")


def finding(**changes):
    return Finding(**{"kind": "click", "time_s": 61.5, "duration_s": 0.1, "size": 1.0, "unit": "dBFS", "severity": "look", "channel": "both",
                      "text": "A click of \N{MINUS SIGN}20 dBFS. Listen to 1-2 kHz.", **changes})


def test_a_row_says_where_how_grave_and_which_channel():
    assert row_of(finding(), 240.0).spoken == "Listen, at 1:01.500: A click of \N{MINUS SIGN}20 dBFS. Listen to 1-2 kHz."
    assert row_of(finding(channel="left", severity="act"), 240.0).spoken.startswith("Fix, at 1:01.500: Left channel: A click")
    assert row_of(finding(time_s=0.0, duration_s=239.0, severity="note"), 240.0).spoken.startswith("Note, the whole song: ")
    assert summary([row_of(finding(), 240.0)]) == "1 finding, none to fix"


def test_a_long_list_scrolls_with_the_selection(rig):
    rows = [Row(float(i), "look", f"Number {i}") for i in range(400)]
    dialog = FindingsDialog(rig.window, "400 findings", "", rows)
    log = Log(("chosen", dialog.chosen))
    dialog.open()
    for key, index in (("End", 399), ("PgUp", 391), ("Home", 0), ("PgDown", 8)):
        rig.key(key)
        area = dialog.list.area_of(index)
        assert dialog.list.selected == index
        seen = dialog.list.visibleRegion().boundingRect()
        assert seen.contains(area.center())
        assert seen.height() < dialog.list.height() / 4
    rig.key("Return")
    assert log.said == [("chosen", 8)]


def test_every_sentence_has_the_room_it_takes(qtbot):
    long = FindingList([Row(1.0, "act", "word " * 60), Row(2.0, "note", "short")])
    qtbot.addWidget(long)
    shown(long, 720, 400)
    wide = long.area_of(0).height()
    shown(long, 420, 400)
    assert long.area_of(0).height() > wide > long.area_of(1).height()
    assert long.minimumHeight() == long.area_of(1).bottom() + 1


def test_what_only_the_master_has_is_listed_with_the_mix_and_goes_with_the_chain(holed, monkeypatch):
    monkeypatch.setattr(measuring, "INSPECT_AFTER_S", 0.0)
    before, told = len(holed.acts.findings.rows), list(holed.told)
    holed.desk.load_preset("none")
    holed.desk.edit(lambda s: edits.add_stage(s, "trim", values={"gain": 12.0}))
    holed.until(lambda: any(row.text.startswith("Master: ") and "true peak" in row.text.lower() for row in holed.acts.findings.rows))
    rows = holed.acts.findings.rows
    added = [row for row in rows if row.text.startswith("Master: ")]
    assert len(rows) == before + len(added) == len(marks(holed))
    assert not any(re.search(r"\bholes?\b", row.text) for row in added)
    assert [word for word in holed.told if word not in told and "should be fixed" in word] == []
    holed.desk.set_value("trim", "gain", 0.0)
    holed.until(lambda: len(holed.acts.findings.rows) == before)


def test_the_header_says_how_many_there_are_and_opens_the_list(rig, tmp_path, monkeypatch):
    go = threading.Event()
    patient = looking.unhurried
    monkeypatch.setattr(looking, "unhurried", lambda blocks, busy, cancelled: patient(blocks, lambda: not go.is_set(), cancelled))
    key = rig.window.song.findings
    assert not key.isVisible()
    rig.open(holed_file(tmp_path))
    rig.until(lambda: key.isVisible() and key.text() == "Looking...")
    rig.until(lambda: rig.window.status.state.startswith("Looking for faults"))
    go.set()
    found(rig)
    rig.until(lambda: key.text() == f"{len(rig.acts.findings.rows)} findings")
    legend = rig.window.song.legend
    assert legend.geometry().right() < key.x() and key.geometry().right() <= rig.window.song.width() - 12
    rig.click(key)
    assert isinstance(rig.dialog, FindingsDialog)
    rig.key("Esc")


def test_a_list_waits_only_for_numbers_not_for_spectra():
    chain = ()
    measurements = measuring.Measurements(lambda: 0.0)
    measurements._under_way = (chain, "spectra")
    assert not measurements.urgent
    measurements._under_way = (chain, "numbers")
    assert measurements.urgent
    measurements._under_way = None
    measurements.close()


def test_a_finding_of_many_places_is_shown_at_the_worst():
    found = made_of("click", "dBFS", [finding(time_s=time_s, size=size) for time_s, size in ((10.0, -20.0), (61.5, -3.0), (90.0, -12.0))])
    row = row_of(found, 240.0)
    assert row.at_s == 61.5 and row.text.endswith("The worst of 3 places: 0:10.0, 1:01.5, 1:30.0.")
