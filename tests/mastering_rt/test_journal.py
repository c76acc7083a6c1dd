"""The journal: what was done, heard and changed, kept through saves, crashes and undo; versions; the sheet that rebuilds the session."""
import json
import threading
from types import SimpleNamespace

import pytest

from mastering_rt.cli import main
from mastering_rt.desk import journaling
from mastering_rt.desk.journaling import Journaling, Passages, merged
from mastering_rt.errors import SessionProblem, UsageProblem
from mastering_rt.measure.analysis import analyze_file
from mastering_rt.offline.render import RenderOptions, render
from mastering_rt.playback.player import Status
from mastering_rt.session import edits
from mastering_rt.session.autosave import Autosave, find_recoverable
from mastering_rt.session.journal import (
    MOST_ENTRIES,
    MOST_VERSIONS,
    Entry,
    Numbers,
    added,
    between,
    changes_of,
    next_number,
    numbers_text,
    read,
    session_of,
    version_entry,
)
from mastering_rt.session.model import Loop, Marker, OutputSpec, Session, Slot, Snapshot, Source
from mastering_rt.session.presets import apply_preset, find_preset
from mastering_rt.session.recall import MACHINE, parse_sheet, read_sheet, sheet_json, sheet_text
from mastering_rt.session.store import load_session, save_session
from tests.mastering_rt.helpers import RATE, clock_desk, programme_file, until
from tests.sessions import SESSIONS, few

hypothesis = pytest.importorskip("hypothesis")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    made = clock_desk()
    yield made
    made.close()


def sentences(desk):
    return [entry.sentence for entry in desk.journal.entries]


def numbered(desk):
    """Wait until the last entry has its numbers."""
    until(lambda: desk.journal.entries[-1].numbers is not None, desk.poll)
    return desk.journal.entries[-1].numbers


def test_each_gesture_is_an_entry_and_undo_is_one_too(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter"))
    with desk.gesture():
        for gain in (1.0, 2.0, 3.0):
            desk.set_value("limiter", "gain", gain)
    desk.undo()
    desk.redo()
    assert sentences(desk) == ["Opened mix.wav", "Limiter added", "Limiter drive 0.0 → +3.0 dB", "Undo: Limiter drive 0.0 → +3.0 dB",
                               "Redo: Limiter drive 0.0 → +3.0 dB"]
    assert [entry.number for entry in desk.journal.entries] == [1, 2, 3, 4, 5]


@pytest.mark.slow
def test_what_it_changed_in_the_numbers_is_what_the_file_says(desk, tmp_path):
    mix = programme_file(tmp_path, 5.0)
    desk.open(mix)
    numbered(desk)
    desk.edit(lambda s: edits.add_stage(s, "limiter", values={"gain": 15.0}))
    found = numbered(desk)
    render(mix, str(tmp_path / "m.wav"), desk.session, RenderOptions(bits="64f"))
    report = analyze_file(tmp_path / "m.wav")
    assert found.integrated_lufs == pytest.approx(report.integrated_lufs, abs=0.01)
    assert found.true_peak_dbtp == pytest.approx(report.true_peak_dbtp, abs=0.01)
    assert found.plr_db == pytest.approx(report.plr_db, abs=0.02)
    assert found.loudness_range_lu == pytest.approx(report.loudness_range_lu, abs=0.05)
    assert found.reduction_max_db > 1.0
    desk.undo()
    back = numbered(desk)
    assert back == desk.journal.entries[0].numbers
    texts = changes_of(desk.journal.entries)
    assert texts[0].startswith("loudness −") and " LUFS, range " in texts[0] and "loudness +" in texts[1] and "most reduction +" in texts[1]
    assert texts[2] == texts[1].replace("+", "~").replace("−", "+").replace("~", "−")


def test_an_edit_that_no_sound_follows_from_waits_for_no_numbers(desk, tmp_path):
    desk.open(programme_file(tmp_path, 2.0))
    numbered(desk)
    desk.edit(lambda s: edits.set_notes(s, "Warmer."))
    for _ in range(20):
        desk.poll()
    assert desk.journal.entries[-1].numbers is None and changes_of(desk.journal.entries)[-1] == ""


def test_the_passage_heard_meanwhile_stands_with_it(desk, tmp_path):
    desk.open(programme_file(tmp_path, 4.0))
    desk.player.seek(RATE)
    desk.play_or_stop()
    until(lambda: desk.player.status.frame > 1.5 * RATE, desk.poll)
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    (start, stop), = desk.journal.entries[-1].heard
    assert start == pytest.approx(1.0, abs=0.1) and 1.4 <= stop <= 3.0
    desk.edit(lambda s: edits.set_notes(s, "x"))
    assert sum(b - a for a, b in desk.journal.entries[-1].heard) < 1.0


def test_passages_follow_jumps_and_loops():
    heard = Passages()
    for frame in (0, 5, 10, 100, 104, 2, 6, 9, 12, 500):
        heard.follow(Status(playing=True, frame=frame), 10)
    heard.follow(Status(playing=False, frame=500), 10)
    assert heard.take() == ((0.0, 1.2), (10.0, 10.4))
    assert heard.take() == ()
    assert merged([(5.0, 6.0), (1.0, 2.0), (2.3, 3.0)]) == [(1.0, 3.0), (5.0, 6.0)]


def test_it_is_saved_with_the_session_and_read_again(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    desk.note("The voice is too far\n in front.")
    assert desk.has_unsaved_changes
    desk.save(str(tmp_path / "song"))
    before = desk.journal.entries
    assert [entry.kind for entry in before] == ["step", "step", "note", "version"]
    assert not desk.has_unsaved_changes
    desk.note("Again.")
    assert desk.has_unsaved_changes and not desk.history.has_unsaved_changes
    with clock_desk() as other:
        other.open(str(tmp_path / "song.mrt"))
        assert other.journal.entries[:-1] == before
        assert other.journal.entries[-1].number == before[-1].number + 1
        other.save()
        assert [entry.version for entry in other.journal.entries if entry.version] == [1]
    with pytest.raises(UsageProblem, match="words"):
        desk.note("  ")


def test_a_save_that_fails_is_no_version(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    before = desk.journal.entries
    with pytest.raises(SessionProblem):
        desk.save(str(tmp_path / "no" / "where" / "x.mrt"))
    assert desk.journal.entries == before


def test_it_goes_through_autosave_and_recovery(tmp_path):
    entries = (Entry(1, 1e9, "Opened mix.wav"), Entry(2, 1e9, "Trim added", heard=((1.0, 2.0),), numbers=Numbers(-14.0, 5.0, -1.0, 13.0, 0.0)))
    autosave = Autosave(None, tmp_path)
    autosave.note(Session(), "Trim added", entries)
    autosave.wait_until_written()
    path = next(tmp_path.glob("*.mrt-recovery"))
    copy = tmp_path / "1-1.mrt-recovery"
    copy.write_bytes(path.read_bytes())
    left, = (left for left in find_recoverable(tmp_path).sessions if left.path == copy)
    assert left.journal == entries
    autosave.close()
    with clock_desk() as desk:
        desk.recover(left)
        assert desk.journal.entries[:2] == entries


@pytest.mark.slow
def test_a_blind_result_is_an_entry(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    from mastering_rt.desk.sides import MASTER, MIX
    until(lambda: not desk.blind.waits_for((MIX, MASTER), ("Mix", "Master")), desk.poll)
    desk.blind.start((MIX, MASTER), ("Mix", "Master"))
    desk.blind.stop()
    assert desk.journal.entries[-1].kind == "blind" and "Mix against Master" in sentences(desk)[-1]
    assert desk.has_unsaved_changes


# bounds and broken files

def test_it_is_bounded_and_keeps_what_is_rare():
    entries = (Entry(1, 0.0, "Bright?", "note"),)
    for _ in range(MOST_VERSIONS + 5):
        entries = added(entries, version_entry(entries, Session(), 0.0))
    for _ in range(MOST_ENTRIES + 10):
        entries = added(entries, Entry(next_number(entries), 0.0, "Step"))
    assert len(entries) == MOST_ENTRIES
    assert entries[0].kind == "note"
    assert [entry.version for entry in entries if entry.version] == list(range(1, MOST_VERSIONS + 6))
    assert [entry.version for entry in entries if entry.session] == list(range(6, MOST_VERSIONS + 6))


def test_a_broken_journal_never_keeps_a_session_from_opening(tmp_path):
    path = save_session(Session(), tmp_path / "s", (Entry(1, 1.0, "One"), Entry(2, 2.0, "Two")))
    good = json.loads(path.read_bytes())
    for broken, kept, words in (([good["journal"][0], {"number": "x"}, 3], 1, "2 of 3 entries"), ("rubbish", 0, "begins anew")):
        path.write_text(json.dumps({**good, "journal": broken}))
        loaded = load_session(path)
        assert (len(loaded.journal), loaded.session) == (kept, Session())
        assert words in loaded.notices[0]
    assert read(None) == ((), ())


# versions

@pytest.fixture
def versions():
    """Three versions; the numbers of the first and the third are known."""
    first = edits.add_stage(edits.add_stage(Session(), "eq"), "limiter")
    second = edits.set_value(first, "limiter", "gain", 3.0)
    third = edits.set_value(edits.set_value(second, "limiter", "gain", 0.0), "eq", "band3_gain", -2.0)
    entries = (Entry(1, 0.0, "Limiter added", numbers=Numbers(-14.0, 6.0, -1.0, 13.0, 2.0)),)
    entries = added(entries, version_entry(entries, first, 0.0))
    entries = added(entries, version_entry(entries, second, 0.0))
    entries = added(entries, Entry(4, 0.0, "EQ", numbers=Numbers(-13.6, 5.7, -1.0, 12.6, 1.3)))
    return added(entries, version_entry(entries, third, 0.0))


def test_what_changed_between_two_versions_is_the_net_difference(versions):
    assert between(versions, 1, 2) == ["Limiter drive 0.0 → +3.0 dB"]
    assert between(versions, 1, 3) == ["EQ band 3 gain 0.0 → −2.0 dB",
                                       "In numbers: loudness +0.4 LU, range −0.3 LU, PLR −0.4 dB, most reduction −0.7 dB"]
    assert between(versions, 3, 1)[0] == "EQ band 3 gain −2.0 → 0.0 dB"
    assert between(versions, 2, 2) == ["Nothing changed"]
    with pytest.raises(UsageProblem, match="no version 7; there are 1, 2, 3"):
        between(versions, 1, 7)
    assert session_of(versions, 2).chain[1].value("gain") == 3.0
    assert numbers_text(None, Numbers(-10.0)) == ""


def test_numbers_outlast_steps_that_change_no_sound_and_none_are_told_where_they_are_not_known(versions):
    """Numbers of a version are those of the last move that was measured, if nothing sounds different since."""
    louder = Numbers(-12.0, 5.0, -1.0, 11.0, 4.0)
    entries = added(versions, Entry(6, 0.0, "Limiter drive 0.0 → +3.0 dB", numbers=louder, sounds=True))
    entries = added(entries, Entry(7, 0.0, "Reference 1 locked"))
    entries = added(entries, version_entry(entries, edits.set_value(session_of(versions, 3), "limiter", "gain", 3.0), 0.0))
    assert between(entries, 3, 4)[-1].startswith("In numbers: loudness +1.6 LU")
    entries = added(entries, Entry(9, 0.0, "Limiter drive +3.0 → +9.0 dB", sounds=True))
    entries = added(entries, version_entry(entries, edits.set_value(session_of(versions, 3), "limiter", "gain", 9.0), 0.0))
    assert between(entries, 3, 5) == ["Limiter drive 0.0 → +9.0 dB"]


@pytest.mark.slow
def test_the_numbers_between_two_saves_are_there_after_a_lock_and_an_undone_move(desk, tmp_path):
    desk.open(programme_file(tmp_path, 3.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter", values={"gain": 10.0}))
    numbered(desk)
    desk.edit(lambda s: edits.set_notes(s, "Locked."))
    desk.save(str(tmp_path / "song"))
    desk.edit(lambda s: edits.set_value(s, "limiter", "gain", 4.0))
    numbered(desk)
    desk.edit(lambda s: edits.add_stage(s, "trim"))
    desk.undo()
    numbered(desk)
    desk.save()
    text = between(load_session(tmp_path / "song.mrt").journal, 1, 2)
    assert text[0] == "Limiter drive +10.0 → +4.0 dB" and "In numbers: loudness −" in next(line for line in text if line.startswith("In numbers"))


def test_a_move_that_was_taken_back_at_once_still_gets_its_numbers(desk, tmp_path):
    desk.open(programme_file(tmp_path, 2.0))
    numbered(desk)
    desk.edit(lambda s: edits.add_stage(s, "limiter", values={"gain": 12.0}))
    desk.undo()
    until(lambda: all(entry.numbers is not None for entry in desk.journal.entries), desk.poll)
    first, moved, back = (entry.numbers for entry in desk.journal.entries)
    assert moved.integrated_lufs > first.integrated_lufs + 3 and back == first


def taps(desk, values, param="gain"):
    """As an arrow key does it, one right after the other on a clock that stands."""
    desk.history._now = lambda: 0.0
    for value in values:
        desk.begin_gesture(f"steps of limiter.{param}")
        desk.set_value("limiter", param, value)
        desk.end_gesture()


def test_thirty_taps_are_one_entry(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter"))
    taps(desk, [step / 10 for step in range(1, 31)])
    assert sentences(desk)[2:] == ["Limiter drive 0.0 → +3.0 dB"]
    assert [entry.number for entry in desk.journal.entries] == [1, 2, 3]
    desk.undo()
    assert sentences(desk)[3:] == ["Undo: Limiter drive 0.0 → +3.0 dB"]
    taps(desk, [1.0])
    assert sentences(desk)[4:] == ["Limiter drive 0.0 → +1.0 dB"]


def test_taps_that_come_back_are_told_as_that(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter"))
    taps(desk, [0.1, 0.2, 0.1, 0.0])
    assert sentences(desk)[2:] == ["Back to where it was"] and not desk.journal.entries[-1].sounds
    taps(desk, [0.1])
    assert sentences(desk)[2:] == ["Back to where it was", "Limiter drive 0.0 → +0.1 dB"]


def test_what_stands_between_taps_is_not_taken_away(desk, tmp_path):
    desk.open(programme_file(tmp_path, 1.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter"))
    taps(desk, [1.0, 2.0])
    desk.note("Louder?")
    taps(desk, [3.0])
    assert sentences(desk)[2:] == ["Limiter drive 0.0 → +2.0 dB", "Louder?", "Limiter drive 0.0 → +3.0 dB"]


def test_an_entry_that_goes_on_has_the_numbers_of_where_it_ended(desk, tmp_path):
    desk.open(programme_file(tmp_path, 2.0))
    desk.edit(lambda s: edits.add_stage(s, "limiter"))
    taps(desk, [4.0])
    first = numbered(desk)
    taps(desk, [8.0])
    assert desk.journal.entries[-1].numbers is None
    last = numbered(desk)
    assert last.integrated_lufs > first.integrated_lufs + 2
    assert desk.journal.entries[-1].sentence == "Limiter drive 0.0 → +8.0 dB"


def test_numbers_on_their_way_to_an_entry_that_went_on_are_dropped(monkeypatch):
    journal, worked_out = Journaling(), threading.Event()
    monkeypatch.setattr(journaling, "numbers_of", lambda measured: worked_out.wait(30) and Numbers(integrated_lufs=float(len(measured.chain))))
    chains = [Session(chain=tuple(Slot(name, "trim") for name in ("trim", "trim2", "trim3")[:count])) for count in (1, 2, 3)]
    journal.step(chains[0], "one")
    journal.take(SimpleNamespace(chain=chains[0].chain))
    journal.poll()
    journal.step(chains[1], "two", goes_on=True)
    journal.take(SimpleNamespace(chain=chains[1].chain))
    journal.step(chains[2], "three", goes_on=True)
    worked_out.set()
    until(lambda: journal._job is None and not journal._measured, journal.poll)
    assert [(entry.number, entry.sentence, entry.numbers) for entry in journal.entries] == [(1, "three", None)]
    journal.take(SimpleNamespace(chain=chains[2].chain))
    until(lambda: journal.entries[-1].numbers is not None, journal.poll)
    assert journal.entries[-1].numbers == Numbers(integrated_lufs=3.0)


# the recall sheet

def furnished(tmp_path):
    session = apply_preset(Session(source=Source(str(tmp_path / "mix.wav"), 44100, 2, 441000)), find_preset("demo"))
    session = edits.set_value(edits.rename_stage(session, session.chain[0].name, "Ünder"), "limiter", "ceiling", -0.3)
    loop, markers = Loop(100, 50000, False), (Marker(7, "Chorus", "loud\nand long"),)
    from msgspec.structs import replace
    return replace(session, loop=loop, markers=markers, notes="One\n" + MACHINE + "\n{}", outputs=(OutputSpec(sample_rate_hz=96000),),
                   extra={"newer": [1, {"a": None}]})


@pytest.mark.parametrize("form", [sheet_text, sheet_json])
def test_a_sheet_rebuilds_the_session(tmp_path, form, versions):
    session = furnished(tmp_path)
    path = tmp_path / "sheet"
    path.write_text(form(session, versions), encoding="utf-8")
    found = read_sheet(path)
    assert found.session == session and found.journal == versions


@pytest.mark.slow
@few
@hypothesis.given(SESSIONS)
def test_any_session_comes_back_from_either_sheet(session):
    for form in (sheet_text, sheet_json):
        assert parse_sheet(form(session).encode("utf-8", "backslashreplace")).session == session


def test_the_sheet_says_every_setting_in_words(tmp_path, versions):
    said = sheet_text(furnished(tmp_path), versions)
    assert "limiter.ceiling" in said and "−0.30 dBTP" in said and "Ünder" in said and "Marker" in said and "96000 Hz" in said
    assert "Saved as version 3" in said and "loudness +0.4 LU" in said


def test_one_can_dial_it_in_again_from_the_sheet(tmp_path):
    """Defaults too, bands with number and type, snapshots in full, and what the master measured."""
    from msgspec.structs import replace

    session = edits.add_stage(edits.add_stage(Session(), "eq", values={"band3_gain": -2.0, "band7_type": 3.0}), "limiter", values={"gain": 4.0})
    other = edits.set_value(session, "limiter", "gain", 6.0)
    session = replace(session, snapshots=(Snapshot("A", session.chain), Snapshot("B", other.chain, "Louder")))
    said = sheet_text(session, (Entry(1, 1e9, "Preset demo", numbers=Numbers(-14.0, 6.0, -1.0, 13.0, 2.0), sounds=True),))
    rows = [" ".join(line.split()) for line in said.partition(MACHINE)[0].splitlines()]
    assert rows[0].startswith("Recall sheet, made 2") and "by Mastering RT" in rows[0]
    assert "Master loudness −14.0 LUFS, range 6.0 LU, true peak −1.00 dBTP, PLR 13.0 dB, most reduction 2.0 dB" in rows
    for row in ("* Drive +4.0 dB limiter.gain", "Ceiling −1.00 dBTP limiter.ceiling", "Release 150 ms limiter.release",
                "Character Transparent limiter.character", "* Band 3 gain −2.0 dB eq.band3_gain", "Band 3 type Bell eq.band3_type",
                "* Band 7 type Low cut eq.band7_type", "Band 7 slope 12 dB/oct eq.band7_slope"):
        assert row in rows, row
    assert not any("eq.band1_" in row for row in rows)
    b = rows[rows.index("Kept as B, Louder"):]
    assert "1 EQ, as 1 above" in b and "* Drive +6.0 dB limiter.gain" in b
    assert any(row.startswith("loudness −14.0 LUFS") for row in rows[rows.index("Journal"):])


def test_what_is_no_sheet_is_said(tmp_path):
    for content in ("", "words", "{}", '{"format": "mastering-rt session"}'):
        (tmp_path / "x.txt").write_text(content)
        with pytest.raises(SessionProblem, match="recall sheet"):
            read_sheet(tmp_path / "x.txt")


# the command

def said(capsys, *arguments):
    try:
        status = main([str(a) for a in arguments])
    except SystemExit as left:
        status = left.code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return status, out.out, out.err


@pytest.mark.slow
def test_the_command_prints_rebuilds_and_compares(capsys, tmp_path, versions):
    path = save_session(furnished(tmp_path), tmp_path / "song", versions)
    status, sheet, _ = said(capsys, "recall", path)
    assert status == 0 and "Journal" in sheet
    for name, text in (("sheet.txt", sheet), ("sheet.json", said(capsys, "recall", path, "--json")[1])):
        (tmp_path / name).write_text(text, encoding="utf-8")
        out = tmp_path / f"{name}.mrt"
        assert said(capsys, "recall", tmp_path / name, "--rebuild", out)[0] == 0
        assert load_session(out).session == load_session(path).session
        assert load_session(out).journal == versions
        assert said(capsys, "recall", tmp_path / name, "--rebuild", out)[0] == 2
    assert "EQ band 3 gain 0.0 → −2.0 dB" in said(capsys, "recall", path, "--between", 1, 3)[1]
    assert json.loads(said(capsys, "recall", path, "--between", 1, 2, "--json")[1])["changes"] == ["Limiter drive 0.0 → +3.0 dB"]
    assert "Saved as version 2" in said(capsys, "recall", path, "--journal")[1]
    assert said(capsys, "recall", path, "--between", 1, 9)[0] == 2
    assert said(capsys, "recall", tmp_path / "none.mrt")[0] == 1
