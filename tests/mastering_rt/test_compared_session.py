"""References and snapshots in the session: pure edits, words for them, saved and opened again."""
import json

import pytest
from msgspec.structs import replace

from mastering_rt.errors import UsageProblem
from mastering_rt.session import comparing, edits
from mastering_rt.session.changes import describe_change
from mastering_rt.session.history import History
from mastering_rt.session.model import Reference, Section, Session, Slot, Snapshot, Source
from mastering_rt.session.store import load_session, save_session

MIX = Source("/music/mix.wav", 48000, 2, 480_000)


def record(name="record", rate=44100, frames=441_000):
    return Source(f"/music/{name}.flac", rate, 2, frames)


@pytest.fixture
def session():
    start = edits.add_stage(Session(source=MIX), "eq")
    return comparing.add_reference(start, record())


def test_references_have_handles_that_never_come_again(session):
    two = comparing.add_reference(session, record("other"))
    assert [r.id for r in two.references] == ["reference", "reference2"]
    gone = comparing.remove_reference(two, "reference2")
    assert [r.id for r in comparing.add_reference(gone, record("third")).references] == ["reference", "reference3"]
    assert [r.id for r in comparing.move_reference(two, "reference2", 0).references] == ["reference2", "reference"]


def test_no_more_than_twenty_and_none_twice(session):
    with pytest.raises(UsageProblem, match="record.flac' is a reference of this session already"):
        comparing.add_reference(session, record())
    for k in range(19):
        session = comparing.add_reference(session, record(f"r{k}"))
    with pytest.raises(UsageProblem, match="at most 20 references; remove one first"):
        comparing.add_reference(session, record("one more"))


@pytest.mark.parametrize(("change", "words"), [
    (lambda s: comparing.set_trim(s, "reference", -1.5), "Reference record trim 0.0 → −1.5 dB"),
    (lambda s: comparing.label_reference(s, "reference", " Ref  1 "), "Reference record is now called Ref 1"),
    (lambda s: comparing.set_cues(s, "reference", (88200, 44100, 44100)), "Reference record cues 0:01.000, 0:02.000"),
    (lambda s: comparing.set_reference_loop(s, "reference", 44100, 9_999_999), "Reference record loop 0:01.000 to 0:10.000"),
    (lambda s: comparing.lock_reference(s, "reference", 1105), "Reference record locked to the song, +23.021 ms"),
    (lambda s: comparing.remove_reference(s, "reference"), "Reference record removed"),
    (lambda s: comparing.add_section(s, "reference", Section(0, 48000, 44100, 88200, "Chorus")), "Reference record sections 0:01.000 to 0:02.000"),
    (lambda s: comparing.replace_file(s, "reference", record("newer")), "Reference record is now called newer"),
    (lambda s: comparing.add_reference(s, record("second")), "Reference second added"),
    (lambda s: comparing.store_snapshot(s, "B"), "Snapshot B stored"),
])
def test_every_edit_has_its_sentence_and_its_undo(session, change, words):
    history = History(session)
    after = history.edit(change(session))
    assert describe_change(session, after) == words
    assert history.undo() == session
    assert history.redo() == after


def test_what_there_is_not_is_said(session):
    with pytest.raises(UsageProblem, match="no reference 'referense'; did you mean reference"):
        comparing.set_trim(session, "referense", 1)
    with pytest.raises(UsageProblem, match="record: a trim of 30 dB is too much; it goes from -24 to 24 dB"):
        comparing.set_trim(session, "reference", 30)
    with pytest.raises(UsageProblem, match="Snapshot C is empty; store a chain in it first"):
        comparing.recall_snapshot(session, "C")
    with pytest.raises(UsageProblem, match="no snapshot 'E'; there are A, B, C, D"):
        comparing.store_snapshot(session, "E")
    with pytest.raises(ValueError, match="a cue cannot stand at frame 441000; the reference has 441000"):
        Reference("reference", record(), cues=(441_000,))
    with pytest.raises(ValueError, match="cannot be called 'eq'"):
        Reference("eq", record())


def test_snapshots_store_and_recall_chains(session):
    kept = comparing.store_snapshot(session, "C", "  before  the limiter ")
    assert kept.snapshots == (Snapshot("C", session.chain, "before the limiter"),)
    louder = edits.add_stage(kept, "limiter")
    both = comparing.store_snapshot(louder, "A")
    assert [s.letter for s in both.snapshots] == ["A", "C"]
    assert comparing.recall_snapshot(both, "C").chain == session.chain
    assert comparing.store_snapshot(both, "C").snapshots[1].chain == louder.chain
    assert comparing.clear_snapshot(both, "A").snapshots == kept.snapshots
    # A stage that is added after a recall is not mistaken for one of the snapshot that was left.
    assert edits.add_stage(comparing.recall_snapshot(both, "C"), "limiter").chain[-1].name == "limiter2"


def test_another_rate_of_the_mix_keeps_what_is_locked_in_its_place(session):
    locked = comparing.lock_reference(comparing.add_section(session, "reference", Section(48000, 96000, 0, 44100)), "reference", 480)
    faster = edits.set_source(locked, Source("/music/mix 96.wav", 96000, 2, 960_000)).references[0]
    assert faster.offset_frames == 960
    assert (faster.sections[0].start_frame, faster.sections[0].stop_frame, faster.sections[0].to_frame) == (96000, 192000, 44100)


def test_another_file_keeps_time_and_loses_what_lies_past_its_end(session):
    marked = comparing.set_reference_loop(comparing.set_cues(session, "reference", (44100, 400_000)), "reference", 44100, 441_000)
    short = comparing.replace_file(marked, "reference", record("short", 88200, 176_400)).references[0]
    assert (short.cues, short.loop.start_frame, short.loop.stop_frame) == ((88200,), 88200, 176_400)


def full(folder):
    (folder / "album").mkdir(exist_ok=True)
    files = [folder / "album" / "mix.wav", folder / "album" / "record.wav"]
    for file in files:
        file.write_bytes(b"x" * 10)
    session = Session(source=Source(str(files[0]), 48000, 2, 480_000, size=10))
    session = comparing.add_reference(edits.add_stage(session, "eq"), Source(str(files[1]), 44100, 2, 441_000, size=10))
    session = comparing.set_reference_loop(comparing.lock_reference(session, "reference", -77), "reference", 0, 44100)
    return comparing.store_snapshot(comparing.add_section(session, "reference", Section(0, 10, 20, 30)), "D", "loud")


def test_saved_and_opened_again_also_in_another_place(tmp_path):
    session = full(tmp_path)
    path = save_session(session, tmp_path / "album" / "song")
    assert load_session(path).session == session
    assert json.loads(path.read_text())["references"][0]["source"]["path"] == "record.wav"
    (tmp_path / "album").rename(tmp_path / "moved")
    moved = load_session(tmp_path / "moved" / "song.mrt")
    assert moved.session.references[0].source.path == str(tmp_path / "moved" / "record.wav")
    assert not moved.notices


def test_a_missing_reference_is_said_and_kept(tmp_path):
    session = full(tmp_path)
    path = save_session(session, tmp_path / "album" / "song")
    (tmp_path / "album" / "record.wav").unlink()
    loaded = load_session(path)
    assert loaded.session == session
    assert loaded.notices[0].startswith("The reference record ") and "is missing; put it back" in loaded.notices[0]


def test_what_a_newer_version_wrote_survives(tmp_path):
    path = save_session(full(tmp_path), tmp_path / "album" / "song")
    document = json.loads(path.read_text())
    document["references"][0]["sections"][0]["mood"] = "bright"
    document["snapshots"][0]["chain"].insert(0, {"name": "spectral", "kind": "spectral", "depth": 3})
    document["snapshots"][0]["by"] = "somebody"
    path.write_text(json.dumps(document))
    loaded = load_session(path)
    assert any("'spectral' is of a kind this version does not have" in notice for notice in loaded.notices)
    assert any("references.sections.mood" in notice and "snapshots.by" in notice for notice in loaded.notices)
    again = save_session(replace(loaded.session, notes="mine"), path)
    kept = json.loads(again.read_text())
    assert kept["references"][0]["sections"] == document["references"][0]["sections"]
    assert kept["snapshots"] == document["snapshots"]


def test_a_session_of_before_has_neither(tmp_path):
    path = save_session(full(tmp_path), tmp_path / "album" / "song")
    document = json.loads(path.read_text())
    del document["references"], document["snapshots"]
    path.write_text(json.dumps(document))
    assert (load_session(path).session.references, load_session(path).session.snapshots) == ((), ())


def test_two_of_one_name_cannot_be():
    with pytest.raises(ValueError, match="two snapshots have one name: A, A"):
        Session(snapshots=(Snapshot("A"), Snapshot("A")))
    with pytest.raises(ValueError, match="two stages are called 'eq'"):
        Snapshot("A", (Slot("eq", "eq"), Slot("eq", "eq")))
