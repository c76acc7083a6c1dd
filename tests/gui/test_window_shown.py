"""Displays follow what is heard: snapshots, chains without a stage, deltas and references, by their names, pictures and numbers."""
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from mastering_rt.session import comparing, edits
from tests import signals
from tests.mastering_rt.helpers import RATE, write_song

pytestmark = pytest.mark.slow


def record(folder, name="Record", seconds=3.0, gain=0.3):
    return write_song(folder / f"{name}.wav", gain * signals.programme(int(seconds * RATE), seed=21))


@pytest.fixture
def kept(working):
    """The chain is in A; the one at work has a limiter with 8 dB of drive more."""
    rig = working
    rig.key("Shift+F1")
    limiter = next(slot.name for slot in rig.desk.session.chain if slot.kind == "limiter")
    rig.desk.set_value(limiter, "gain", rig.value(limiter, "gain") + 8.0)
    rig.wait_for_facts()
    return rig


def test_what_follows_from_new_numbers_comes_one_frame_after_them(working, monkeypatch):
    """Numbers, the song's picture and the spectrum in one frame would make it a late one."""
    working.wait_for_facts()
    bridge, shown = working.program.bridge, []
    bridge._timer.stop()
    monkeypatch.setattr(bridge.model, "show", lambda: shown.append(working.window.meters.integrated.value))
    bridge.song._show(bridge.song.facts)
    assert shown == []
    bridge.tick()
    assert shown == [bridge.song.facts.master.integrated_lufs]
    bridge._timer.start()


@pytest.fixture
def beside(working, tmp_path):
    """A reference of three seconds is read."""
    rig = working
    rig.acts.comparing.add(record(tmp_path))
    rig.until(lambda: rig.desk.session.references and rig.desk.compare.references["reference"].ready)
    rig.wait_for_facts()
    return rig


def master_picture(rig):
    return rig.window.song.view.scene.overviews.get("master")


def column(rig, source):
    table = rig.window.meters.table
    return table.cell(table.rows()[0], source)


def test_a_heard_snapshot_has_its_own_wave_numbers_and_name(kept):
    rig = kept
    own, own_lufs = master_picture(rig), column(rig, "master")
    rig.key("F1")
    rig.until(lambda: rig.desk.measured_of(rig.desk.heard_chain) is not None and master_picture(rig) not in (None, own))
    known = rig.desk.measured_of(rig.desk.heard_chain)
    assert master_picture(rig) is known.master_overview
    assert rig.window.song.legend.entries()[1] == ("Snapshot A", "master", True)
    rig.until(lambda: column(rig, "master") != own_lufs)
    assert column(rig, "master") == f"{known.master.report.integrated_lufs:.1f}".replace("-", "−")
    assert [words for _, words in rig.window.meters.table._columns] == ["Mix", "A"]
    rig.key("2")
    rig.until(lambda: master_picture(rig) is own and column(rig, "master") == own_lufs)
    assert rig.window.song.legend.entries()[1] == ("Master", "master", True)


def test_a_chain_that_is_not_measured_yet_has_no_wave_of_another(kept, monkeypatch):
    rig = kept
    monkeypatch.setattr(rig.desk, "measured_of", lambda chain: None)
    rig.key("\\")
    rig.until(lambda: master_picture(rig) is None)
    assert rig.window.song.view.scene.master_name.startswith("Without ")


def test_a_heard_reference_has_its_own_wave_time_and_playhead(beside):
    rig = beside
    zone = rig.window.song
    assert zone.guest.isHidden()
    rig.key("3")
    rig.until(lambda: zone.guest.isVisible() and zone.guest.scene.overviews.get("ref") is not None)
    assert not zone.view.isVisible()
    assert zone.guest.scene.view.total == 3 * RATE
    assert zone.guest.scene.overviews["ref"].frames == 3 * RATE
    assert zone.legend.entries() == (("Record", "ref", True),)
    assert zone.transport.length.words == "of 0:03, its own time"
    place = QPoint(zone.guest.parts.data_right // 2, zone.guest.parts.wave - 4)
    QTest.mouseClick(zone.guest, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    rig.until(lambda: zone.guest.position == pytest.approx(1.5 * RATE, abs=RATE / 100))
    assert rig.frame == 0
    rig.until(lambda: zone.transport.time.text.startswith("0:01.4") or zone.transport.time.text.startswith("0:01.5"))
    rig.key("1")
    rig.until(lambda: zone.view.isVisible() and zone.guest.isHidden() and zone.transport.length.words == "of 0:04")


def test_a_loop_drawn_in_a_heard_reference_is_its_loop(beside):
    rig = beside
    rig.key("3")
    zone = rig.window.song
    rig.until(lambda: zone.guest.isVisible())
    wide = zone.guest.parts.data_right
    rig.drag(zone.guest, QPointF(wide / 3, 8), QPointF(wide / 3, 0))
    loop = rig.desk.session.references[0].loop
    assert (loop.start_frame, loop.stop_frame) == (pytest.approx(RATE, abs=600), pytest.approx(2 * RATE, abs=600))
    assert rig.desk.session.loop is None
    rig.until(lambda: zone.guest.scene.loop == (loop.start_frame, loop.stop_frame) and zone.guest.scene.loop_on)


def test_the_song_goes_along_with_a_locked_reference(beside):
    rig = beside
    rig.desk.edit(lambda s: comparing.lock_reference(s, "reference", RATE // 2))
    rig.key("3")
    zone = rig.window.song
    rig.until(lambda: zone.guest.isVisible())
    assert zone.transport.length.words == "of 0:03, locked to the song"
    place = QPoint(zone.guest.parts.data_right // 2, zone.guest.parts.wave - 4)
    QTest.mouseClick(zone.guest, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert rig.frame == pytest.approx(RATE, abs=RATE / 100)


def test_the_table_has_the_numbers_of_a_heard_reference(beside):
    rig = beside
    rig.key("3")
    facts = rig.desk.compare.references.facts("reference")
    rig.until(lambda: "ref" in rig.window.meters.table._songs and column(rig, "ref") != "–")
    assert column(rig, "ref") == f"{facts.integrated_lufs:.1f}".replace("-", "−")
    assert [words for _, words in rig.window.meters.table._columns] == ["Master", "Ref"]


def test_a_delta_is_heard_without_its_gain_unless_one_wants_it(working):
    rig = working
    assert rig.desk.player.wishes.delta_levelled
    header = rig.window.stage.frame.header
    rig.until(lambda: header.levelled.isChecked())
    rig.key("Z")
    rig.until(lambda: rig.window.meters.heard_words.endswith(", gain taken out"))
    rig.click(header.levelled)
    assert not rig.desk.player.wishes.delta_levelled
    rig.until(lambda: rig.window.meters.heard_words.startswith("Delta of ") and not rig.window.meters.heard_words.endswith("out"))


def test_meters_read_the_delta_while_it_is_heard(working):
    rig = working
    for slot in rig.desk.session.chain:
        rig.desk.edit(lambda s, slot=slot: edits.set_value(s, slot.name, "bypass", 1.0))
    rig.key("Z")
    rig.key("Space")
    rig.until(lambda: rig.playing and rig.desk.meters.readings.master.peak_db is not None and max(rig.desk.meters.readings.master.peak_db) > -30)
    rig.frames(4)
    assert max(rig.desk.meters.readings.aside.peak_db) < -100     # nothing is added by what is bypassed
    assert rig.window.meters.peak.largest_dbtp() < -60


def test_the_second_window_names_and_measures_what_is_heard(beside):
    rig = beside
    rig.key("Ctrl+Shift+M")
    figures = rig.acts.viewing.figures
    rig.until(lambda: figures.window is not None and figures.window.subject.words == "Master")
    rig.acts.comparing.hear_reference("reference")
    rig.until(lambda: figures.window.subject.words == "Record")
    rig.acts.hearing.set_delta(rig.chain[0], True)
    rig.until(lambda: figures.window.subject.words.startswith("Delta of "))
    rig.acts.hearing.play_or_stop()
    rig.until(lambda: rig.desk.figures.of("aside").known)
    source, _ = figures._subject(rig.desk.session.chain, 0)
    assert source is rig.desk.figures.of("aside")


def test_the_legend_of_the_spectrum_names_what_is_heard(kept):
    rig = kept
    plot = rig.window.stage.frame.editor.spectrum
    rig.key("F1")
    rig.until(lambda: plot.legend()[0][0].startswith("Snapshot A"))
    rig.key("2")
    rig.until(lambda: plot.legend()[0][0].startswith("Master"))


def test_the_lane_of_a_limiter_holds_the_most_of_the_song(working):
    rig = working
    limiter = rig.chain[-1]
    rig.desk.set_value(limiter, "gain", 18.0)
    rig.wait_for_facts()
    rig.acts.shaping.select_at(len(rig.chain) - 1)
    history = rig.window.stage.frame.editor.history
    most = max(rig.desk.measured.reduction_db[-1])
    assert most > 6
    rig.until(lambda: history.reduction_range_db >= most)


def test_the_second_window_has_a_spectrum_whatever_stage_is_open(working):
    rig = working
    rig.desk.edit(lambda s: edits.set_chain(s, ()))
    rig.key("Ctrl+Shift+M")
    figures = rig.acts.viewing.figures
    rig.until(lambda: figures.window is not None and figures.window.isVisible())
    window = figures.window
    window.resize(1280, 720)
    assert not window.spectrum.isVisible()
    window.view.edited.emit(1)
    assert window.spectrum.isVisible() and window.balance.isVisible() and window.scope.isVisible() and not window.past.isVisible()
    for part in (window.spectrum, window.octaves, window.balance, window.scope):
        assert window.rect().contains(part.geometry())
    assert not window.scope.geometry().intersects(window.balance.geometry())
    rig.acts.hearing.play_or_stop()
    rig.until(lambda: len(window.spectrum._traces["master"].hz) > 1)
    rig.until(lambda: any(db is not None for db in window.balance.balance_db))
    menu = window.spectrum_menu.open_menu()
    next(row for row in menu.actions() if row.text().startswith("Peak hold")).trigger()
    assert window.spectrum.show_hold
    menu.close()
    window.view.edited.emit(0)
    assert window.past.isVisible() and not window.spectrum.isVisible() and not window.spectrum_menu.isVisible()


def test_numbers_of_the_master_stay_its_own_while_a_delta_is_heard(working):
    rig = working
    rig.wait_for_facts()
    rig.key("Z")
    rig.until(lambda: rig.desk.heard == "delta" and rig.window.meters.heard_words.startswith("Delta"))
    before = column(rig, "master")
    rig.desk.set_value(rig.chain[-1], "gain", rig.value(rig.chain[-1], "gain") + 9.0)
    rig.wait_for_facts()
    rig.until(lambda: column(rig, "master") != before)
    assert column(rig, "master") == f"{rig.desk.measured.master.report.integrated_lufs:.1f}".replace("-", "−")
