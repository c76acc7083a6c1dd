"""The session's file: what is saved comes back, a broken file says where it is broken, and a newer one loses nothing."""
import errno
import json
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mastering_rt import atomic
from mastering_rt.errors import SessionProblem
from mastering_rt.session import edits, text
from mastering_rt.session.document import migrate
from mastering_rt.session.frozen import freeze
from mastering_rt.session.model import VERSION, Loop, Marker, OutputSpec, Session, Slot, Source
from mastering_rt.session.store import last_good, load_session, parse_session, save_session, session_bytes
from tests.mastering_rt.test_files import nobody
from tests.sessions import JSON, SESSIONS, few

RICH = Session(
    source=Source("/a/mix.wav", 48000, 2, 480000, 1750000000.25, 2880044),
    chain=(
        Slot("eq", "eq", {"band1_type": 3, "band1_freq": 25, "band3_gain": -2.25}, label="Clean — été"),
        Slot("limiter", "limiter", {"gain": 5.5, "bypass": 1}),
    ),
    loop=Loop(48000, 96000, False),
    markers=(Marker(5, "intro", "quiet"),),
    notes="less bass\nmore air",
    outputs=(OutputSpec(), OutputSpec(".wav", "16", "none", 44100)),
)


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MASTERING_RT_HOME", str(folder))
    return folder


@pytest.mark.slow
@few
@given(session=SESSIONS)
def test_a_session_comes_back_as_it_was(session):
    back = parse_session(session_bytes(session), Path("/")).session
    assert back == session
    assert hash(back) == hash(session)
    assert session_bytes(back) == session_bytes(session)


def test_through_a_file(tmp_path):
    path = save_session(RICH, tmp_path / "song")
    assert path == tmp_path / "song.mrt"
    assert load_session(path).session == RICH
    assert save_session(RICH, tmp_path / "song v1.2") == tmp_path / "song v1.2.mrt"
    assert save_session(RICH, tmp_path / "SONG.MRT") == tmp_path / "SONG.MRT"


def test_the_text_is_made_for_people(tmp_path):
    lines = save_session(RICH, tmp_path / "song").read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ['  "format": "mastering-rt session",', f'  "version": {VERSION},']
    assert '        "band1_type": 3,' in lines
    assert '        "band3_gain": -2.25' in lines
    assert '      "label": "Clean — été"' in lines
    assert not any("extra" in line or "set_aside" in line for line in lines)


@pytest.mark.parametrize("name", [b"two words", "Schöne 歌".encode(), ("歌" * 70).encode(), b"new\nline", b"caf\xe9"])
def test_names_with_any_character(tmp_path, name):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    folder.mkdir()
    mix = folder / (os.fsdecode(name) + ".wav")
    mix.touch()
    session = replace(RICH, source=replace(RICH.source, path=str(mix)))
    path = save_session(session, folder / os.fsdecode(name))
    assert load_session(path) == load_session(str(path))
    assert load_session(path).session == session
    assert load_session(path).notices == ()


def test_the_folder_can_be_moved(tmp_path):
    old = tmp_path / "old"
    (old / "mixes").mkdir(parents=True)
    (old / "mixes" / "mix.wav").write_bytes(b"x" * 100)
    session = replace(RICH, source=replace(RICH.source, path=str(old / "mixes" / "mix.wav"), size=100))
    path = save_session(session, old / "song.mrt")
    assert json.loads(path.read_text())["source"]["path"] == "mixes/mix.wav"
    os.rename(old, tmp_path / "new")
    loaded = load_session(tmp_path / "new" / "song.mrt")
    assert loaded.session.source.path == str(tmp_path / "new" / "mixes" / "mix.wav")
    assert loaded.notices == ()


def test_a_mix_elsewhere_is_named_in_full_and_looked_for(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a" / "mix.wav").write_bytes(b"x" * 100)
    session = replace(RICH, source=replace(RICH.source, path=str(tmp_path / "a" / "mix.wav"), size=100))
    path = save_session(session, tmp_path / "b" / "song.mrt")
    assert load_session(path).session == session
    os.rename(tmp_path / "a" / "mix.wav", tmp_path / "b" / "mix.wav")
    loaded = load_session(path)
    assert loaded.session.source.path == str(tmp_path / "b" / "mix.wav")
    assert "is not at" in loaded.notices[0]
    assert "of the same size is used" in loaded.notices[0]
    (tmp_path / "b" / "mix.wav").write_bytes(b"another")
    loaded = load_session(path)
    assert loaded.session.source == session.source, "a file of another size is not the mix"
    assert "is missing; put it back or choose it anew" in loaded.notices[0]


def test_unknown_keys_everywhere_survive(tmp_path):
    document = json.loads(session_bytes(RICH))
    document["colour"] = {"theme": "dusk", "list": [1, None, {"x": 0.1}]}
    for place in (document["source"], document["chain"][0], document["loop"], document["markers"][0], document["outputs"][1]):
        place["future"] = [1, {"a": "b"}]
    document["chain"][0]["values"]["band99_gain"] = 1.5
    document["extra"] = "a key called extra"
    path = tmp_path / "newer.mrt"
    path.write_text(json.dumps(document))
    loaded = load_session(path)
    assert "This version does not know" in loaded.notices[0]
    for key in (
        "colour",
        "source.future",
        "eq.future",
        "eq.band99_gain",
        "loop.future",
        "markers.future",
        "outputs.future",
        "extra",
    ):
        assert key in loaded.notices[0]
    session = edits.set_value(edits.add_marker(loaded.session, 77, "new"), "eq", "band3_gain", 1)
    save_session(session, path)
    saved = json.loads(path.read_text())
    document["chain"][0]["values"]["band3_gain"] = 1
    document["markers"].append({"frame": 77, "name": "new", "note": ""})
    assert saved == document


def test_a_stage_of_a_newer_version_keeps_its_place(tmp_path):
    document = json.loads(session_bytes(RICH))
    spectral = {"name": "spectral3", "kind": "spectral", "values": {"depth": 3, "curve": [1, 2]}, "state": "x"}
    document["chain"].insert(1, spectral)
    path = tmp_path / "newer.mrt"
    path.write_text(json.dumps(document))
    loaded = load_session(path)
    assert loaded.session.chain == RICH.chain
    assert (
        "'spectral3' is of a kind this version does not have, 'spectral': kept in the file, but not heard"
        in loaded.notices[0]
    )
    assert loaded.session.name_numbers["spectral"] == 3
    document["name_numbers"]["spectral"] = 3
    save_session(loaded.session, path)
    assert json.loads(path.read_text()) == document
    assert load_session(path).session == loaded.session
    shorter = edits.remove_stage(edits.remove_stage(loaded.session, "eq"), "limiter")
    save_session(shorter, path)
    assert json.loads(path.read_text())["chain"] == [spectral]
    assert edits.replace_chain(loaded.session, ()).set_aside == ()


def test_a_newer_version_number_stays(tmp_path):
    document = {**json.loads(session_bytes(RICH)), "version": VERSION + 3}
    path = tmp_path / "newer.mrt"
    path.write_text(json.dumps(document))
    session = load_session(path).session
    assert session.version == VERSION + 3
    save_session(session, path)
    assert json.loads(path.read_text()) == document
    document["chain"][1]["values"]["ceiling"] = 3
    path.write_text(json.dumps(document))
    with pytest.raises(
        SessionProblem,
        match=rf"chain\[1\]: Ceiling cannot be 3 dBTP.*written by a newer version of Mastering RT \(format {VERSION + 3}\)",
    ):
        load_session(path)


@pytest.mark.slow
@few
@given(session=SESSIONS, key=st.sampled_from(["colour", "loops", "x y"]), value=JSON)
def test_any_unknown_key_survives(session, key, value):
    document = {**json.loads(session_bytes(session)), key: value}
    back = parse_session(text.dump(document), Path("/")).session
    assert back.extra[key] == freeze(value)
    assert json.loads(session_bytes(back)) == document


def test_migrations_go_step_by_step():
    """The mechanism: one function per version step, each sees what its version wrote."""
    def leave_1(document):
        return {**document, "chain": document["stages"], "stages": None}

    def leave_2(document):
        assert document["version"] == 2
        return {key: value for key, value in document.items() if key != "stages"}

    steps = {1: leave_1, 2: leave_2}
    assert migrate({"version": 1, "stages": ["a"]}, steps, 3) == {"version": 3, "chain": ["a"]}
    assert migrate({"version": 2, "chain": ["a"], "stages": None}, steps, 3) == {"version": 3, "chain": ["a"]}
    assert migrate({"version": 3, "x": 1}, steps, 3) == {"version": 3, "x": 1}
    assert migrate({"version": 9, "x": 1}, steps, 3) == {"version": 9, "x": 1}
    for version in (0, -1, "1", None, 1.0, True):
        with pytest.raises(SessionProblem, match="a version is a whole number from 1 on"):
            migrate({"version": version}, steps, 3)


def test_there_is_a_migration_for_every_older_version():
    from mastering_rt.session.document import MIGRATIONS

    assert sorted(MIGRATIONS) == list(range(1, VERSION))


def broken(tmp_path, data, match):
    path = tmp_path / "song.mrt"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    with pytest.raises(SessionProblem, match=match) as problem:
        load_session(path)
    assert "song.mrt' cannot be opened: " in str(problem.value)
    assert str(problem.value).endswith(".")
    assert problem.value.exit_status == 1
    return problem.value


@pytest.mark.parametrize(("data", "match"), [
    (b"", "it is empty"),
    (b"  \n ", "it is empty"),
    (b"\x00\x01\x02", "line 1, column 1"),
    (b"RIFF\xff\xff\xff\xffWAVE", "line 1: byte 4 is not UTF-8 text"),
    (b'{\n "format": "mastering-rt session",\n "version": 1\n "chain": []}', "line 4, column 2: Expecting ',' delimiter"),
    (b"[1]", "it holds a list, not an object in braces"),
    (b'{"a": 1, "b": {"x": 1, "x": 2}}', "it has the key 'x' twice"),
    (b'{"a": NaN}', "it holds NaN, which is not a number"),
    (b'{"a": -Infinity}', "it holds -Infinity"),
    (b'{"a": 1e999}', "the number 1e999 is too large"),
    (b"[" * 100000, "nested too deeply"),
    (b"9" * 5000, "too large"),
    (b"{}", "it is not a mastering-rt session file, its format is None"),
    (b'{"format": "mastering-rt preset", "version": 1}', "its format is 'mastering-rt preset'"),
    (b'{"format": "mastering-rt session"}', "its version is None; a version is a whole number"),
])
def test_broken_text_says_where(tmp_path, data, match):
    broken(tmp_path, data, match)


def changed(*path_and_value):
    document = json.loads(session_bytes(RICH))
    *path, key, value = path_and_value
    place = document
    for step in path:
        place = place[step]
    if value is ...:
        del place[key]
    else:
        place[key] = value
    return document


@pytest.mark.parametrize(
    ("document", "match"),
    [
        (changed("chain", {}), "chain: Expected `array`, got `object`"),
        (changed("chain", 0, 5), r"chain\[0\]: Expected `object`, got `int`"),
        (changed("chain", 0, "kind", ...), r"chain\[0\]: .*missing required field `kind`"),
        (changed("chain", 0, "kind", 7), r"chain\[0\].kind: Expected `str`, got `int`"),
        (changed("chain", 0, "name", "limiter"), r"chain\[0\]: a stage of kind eq cannot be called 'limiter'"),
        (changed("chain", 0, "values", []), r"chain\[0\].values: Expected `object`, got `array`"),
        (changed("chain", 0, "values", "band1_freq", "25"), 'eq.band1_freq is "25", not a number'),
        (changed("chain", 0, "values", "band1_freq", True), "eq.band1_freq is true, not a number"),
        (changed("chain", 0, "values", "band1_freq", None), "eq.band1_freq is null, not a number"),
        (
            changed("chain", 0, "values", "band1_freq", 1e6),
            r"chain\[0\]: Frequency cannot be 1e\+06 Hz; it goes from 10 Hz to 40 kHz",
        ),
        (changed("chain", 0, "values", "band1_freq", 10**400), "too large"),
        (changed("chain", 0, "values", "band1_type", 2.5), r"chain\[0\]: Type cannot be 2.5"),
        (changed("chain", 1, "name", "limiter0"), r"chain\[1\]: a stage of kind limiter cannot be called 'limiter0'"),
        (changed("chain", 1, {"name": "eq", "kind": "eq"}), "two stages are called 'eq'"),
        (changed("loop", "stop_frame", 5), "loop: a loop cannot go from frame 48000 to 5"),
        (changed("loop", "start_frame", 0.5), "loop.start_frame: Expected `int`, got `float`"),
        (changed("source", "sample_rate_hz", -1), "source: the source's sample_rate_hz cannot be -1"),
        (changed("source", "path", "a\0b"), "source: the source's path cannot be"),
        (changed("source", "path", ...), "source: .*missing required field `path`"),
        (changed("outputs", 0, "bits", "12"), r"outputs\[0\].bits: Invalid enum value '12'"),
        (changed("markers", 0, "frame", -5), r"markers\[0\]: marker 'intro' cannot stand at frame -5"),
        (changed("notes", 5), "notes: Expected `str`, got `int`"),
        (changed("version", "one"), "its version is 'one'"),
        (changed("name_numbers", {"eq": "x"}), "name_numbers.*Expected `int`, got `str`"),
    ],
)
def test_broken_content_says_where(tmp_path, document, match):
    broken(tmp_path, document, match)


def test_cut_at_every_byte(tmp_path):
    """A file that lost its end is a sentence, at whatever byte."""
    data = session_bytes(RICH)
    for cut in range(len(data) - 2):
        with pytest.raises(SessionProblem) as problem:
            parse_session(data[:cut], tmp_path)
        assert str(problem.value)
    assert parse_session(data[:-1], Path("/")).session == RICH, "only the last line end is missing"


@few
@given(place=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_any_changed_byte_is_a_session_or_a_sentence(place, byte):
    data = bytearray(session_bytes(RICH))
    data[place % len(data)] = byte
    with suppress(SessionProblem):
        assert isinstance(parse_session(bytes(data), Path("/")).session, Session)


@few
@given(
    document=st.dictionaries(
        st.sampled_from(["version", "chain", "source", "loop", "markers", "outputs", "name_numbers", "notes", "keep_levels"]),
        JSON,
    )
)
def test_any_other_document_is_a_session_or_a_sentence(document):
    with suppress(SessionProblem):
        parse_session(text.dump({"format": "mastering-rt session", "version": 1, **document}), Path("/"))


def test_a_byte_order_mark_is_no_problem(tmp_path):
    assert parse_session(b"\xef\xbb\xbf" + session_bytes(RICH), Path("/")).session == RICH


def test_other_things_than_files(tmp_path):
    for path, match in (
        (tmp_path / "no.mrt", "it does not exist"),
        (tmp_path, "it is not a file"),
        ("a\0b", "null"),
        (tmp_path / ("x" * 300), "its name is too long"),
    ):
        with pytest.raises(SessionProblem, match=match):
            load_session(path)
    huge = tmp_path / "huge.mrt"
    huge.touch()
    os.truncate(huge, 2**31)
    with pytest.raises(SessionProblem, match="it has 64 MiB; a session has a few kilobytes"):
        load_session(huge)


def test_the_last_good_save_is_offered(tmp_path):
    path = save_session(RICH, tmp_path / "song")
    save_session(edits.set_notes(RICH, "newer"), path)
    problem = broken(tmp_path, path.read_bytes()[:100], "the last good save can be opened from")
    assert load_session(problem.last_good).session.notes == "newer"
    assert problem.last_good == last_good(path)
    assert last_good(tmp_path / "another.mrt") is None
    problem.last_good.write_text("broken too")
    assert broken(tmp_path, b"{", "line 1").last_good is None


@pytest.mark.parametrize("verb", ["part_beside", "publish", "check_replaceable"])
def test_saving_replaces_in_one_step(tmp_path, monkeypatch, verb):
    path = save_session(RICH, tmp_path / "song")
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic, verb, full)
    with pytest.raises(
        SessionProblem, match=r"cannot be saved as '.*song.mrt': the disk is full. What was there before is untouched"
    ):
        save_session(edits.set_notes(RICH, "x"), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["song.mrt"]


def test_saving_keeps_mode_and_link(tmp_path):
    path = save_session(RICH, tmp_path / "song")
    path.chmod(0o640)
    (tmp_path / "link.mrt").symlink_to(path)
    save_session(edits.set_notes(RICH, "x"), tmp_path / "link.mrt")
    assert (tmp_path / "link.mrt").is_symlink()
    assert load_session(path).session.notes == "x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(SessionProblem, match=r"cannot be saved as .*: it does not exist"):
        save_session(RICH, tmp_path / "no" / "song")
    (tmp_path / "folder.mrt").mkdir()
    with pytest.raises(SessionProblem, match="it is a folder"):
        save_session(RICH, tmp_path / "folder")
    for path, match in (("a\0b", "null"), ("", "empty name")):
        with pytest.raises(SessionProblem, match=match):
            save_session(RICH, path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.mrt"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_protected_file_is_not_replaced(tmp_path):
    path = save_session(RICH, tmp_path / "song")
    path.chmod(0o444)
    os.chmod(tmp_path, 0o777)
    os.chmod(tmp_path.parent, 0o755)
    with nobody(), pytest.raises(SessionProblem, match="you have no permission"):
        save_session(Session(), path)
    assert load_session(path).session == RICH
