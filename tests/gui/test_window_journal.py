"""The journal in the window: every gesture with its numbers, notes, versions, and a sheet that rebuilds the session."""
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.journal import JournalDialog
from mastering_rt.session import edits
from mastering_rt.session.recall import read_sheet

pytestmark = pytest.mark.slow


def sheet(rig):
    rig.key("Ctrl+J")
    assert isinstance(rig.dialog, JournalDialog)
    return rig.dialog


def test_gestures_stand_with_time_and_numbers(working):
    working.wait_for_facts()
    working.desk.set_value("limiter", "gain", 14.0)
    working.until(lambda: working.desk.journal.entries[-1].numbers is not None)
    dialog = sheet(working)
    rows = dialog.list.rows
    assert rows[0].text.startswith("Limiter drive") and "loudness +" in rows[0].details
    assert rows[-1].text.startswith("Opened mix")
    assert len(rows[0].time) == 8
    working.key("Down")
    assert dialog.list.selected == 1 and "2 of" in dialog.list.spoken_value()
    working.key("Esc")
    assert working.dialog is None


def test_numbers_come_while_it_is_open(working):
    working.wait_for_facts()
    working.desk.set_value("limiter", "gain", 14.0)
    dialog = sheet(working)
    working.until(lambda: "loudness" in dialog.list.rows[0].details)


def test_a_note_is_typed_and_stays(working, tmp_path):
    dialog = sheet(working)
    dialog.note.setFocus()
    working.type("Less of this")
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    assert dialog.list.rows[0].text == "Note: Less of this" and dialog.note.text() == ""
    assert working.desk.has_unsaved_changes


def test_versions_are_set_against_each_other(working, tmp_path):
    working.desk.save(str(tmp_path / "song"))
    for gain in (2.0, 5.0):
        working.desk.set_value("limiter", "gain", gain)
        working.desk.save()
    dialog = sheet(working)
    assert "Limiter drive +2.0 → +5.0 dB" in dialog.net.words
    dialog.older.choose(0)
    assert "→ +5.0 dB" in dialog.net.words and "+2.0" not in dialog.net.words


def test_the_sheet_that_is_exported_rebuilds_the_session(working, tmp_path):
    working.desk.edit(lambda s: edits.set_notes(s, "Warm."))
    for name in ("sheet.txt", "sheet.json"):
        sheet(working)
        with working.picking(tmp_path / name):
            working.answer("Export the sheet...")
        found = read_sheet(tmp_path / name)
        assert found.session == working.desk.session and found.journal == working.desk.journal.entries
    assert "recall sheet is written" in working.told
    with working.picking(tmp_path / "no" / "where.txt"):
        working.acts.journal.export()
    assert "cannot be written" in working.told


def test_an_empty_journal_says_what_it_is_for(rig):
    assert rig.desk.journal.entries == ()
    assert "Nothing has been done yet" in sheet(rig).sentence.words
