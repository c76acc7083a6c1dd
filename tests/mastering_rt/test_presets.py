"""Presets: the built-in ones, the user's own, and a broken one that stops nobody."""
import os

import pytest
from hypothesis import given

from mastering_rt.errors import SessionProblem, UsageProblem
from mastering_rt.session import edits, text
from mastering_rt.session.document import from_document, to_document
from mastering_rt.session.model import Session, Slot
from mastering_rt.session.presets import (
    BUILT_IN,
    FORMAT,
    Preset,
    apply_preset,
    chain_preset,
    delete_preset,
    find_preset,
    list_presets,
    read_preset,
    save_preset,
    stage_preset,
)
from mastering_rt.session.store import save_session
from tests.sessions import SESSIONS, few

SESSION = Session(
    chain=(
        Slot("eq", "eq", {"band1_gain": 1}),
        Slot("limiter", "limiter", {"gain": 4, "ceiling": -0.3, "release": 80, "bypass": 1}),
    )
)

BUILT = [preset.name for preset in BUILT_IN]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def names():
    return [entry.preset.name for entry in list_presets().entries]


def test_the_built_in_ones():
    assert names() == BUILT
    assert BUILT[:3] == ["none", "default", "demo"]
    assert find_preset("none").chain == ()
    assert [slot.kind for slot in find_preset("default").chain] == ["eq", "compressor", "limiter"]
    assert [slot.kind for slot in find_preset("Demo").chain] == ["eq", "compressor", "limiter"]
    for preset in BUILT_IN:
        assert preset.description.endswith(".")
        assert preset.scope == "stage" or apply_preset(Session(), preset).chain == preset.chain


def test_gentle_is_restrained():
    eq, compressor, limiter = find_preset("gentle").chain
    assert eq.values == {}
    assert compressor.value("ratio") <= 2
    assert compressor.value("mix") == 100
    assert compressor.value("makeup") == 0
    assert (limiter.value("gain"), limiter.value("ceiling")) == (0, -1)


def test_demo_answers_a_boomy_harsh_mix():
    eq, compressor, limiter = find_preset("demo").chain
    bands = [{key: eq.value(f"band{n}_{key}") for key in ("type", "freq", "gain")} for n in range(1, 9)]
    assert any(band["type"] == 3 and 20 <= band["freq"] <= 30 for band in bands), "low cut"
    assert any(band["type"] == 0 and 100 <= band["freq"] <= 200 and band["gain"] == -2 for band in bands)
    assert any(band["type"] == 0 and 2500 <= band["freq"] <= 4000 and band["gain"] == -1.5 for band in bands)
    assert compressor.value("ratio") == 1.5
    assert 5 <= limiter.value("gain") <= 6
    assert limiter.value("ceiling") == -1


def test_own_presets_are_saved_listed_found_and_deleted():
    path = save_preset(chain_preset("Warm / loud: *?", SESSION, "For dull mixes.", "Rock"))
    assert path.name.endswith(".mrtpreset")
    assert path.parent.name == "presets"
    save_preset(stage_preset("Air", SESSION.chain[0]))
    assert names() == [*BUILT, "Air", "Warm / loud: *?"]
    found = find_preset(" warm / LOUD: *? ")
    assert (found.chain, found.scope, found.description, found.category) == (SESSION.chain, "chain", "For dull mixes.", "Rock")
    assert find_preset(str(path)) == found
    delete_preset("air")
    assert names() == [*BUILT, "Warm / loud: *?"]


def test_names_that_are_taken():
    save_preset(Preset("Mine", SESSION.chain))
    with pytest.raises(UsageProblem, match="The preset 'mine' exists already; choose another name, or ask to overwrite it"):
        save_preset(Preset("mine"))
    save_preset(Preset("mine"), overwrite=True)
    assert find_preset("Mine").chain == ()
    assert names().count("mine") == 1
    with pytest.raises(UsageProblem, match="The preset 'Demo' is built in; choose another name"):
        save_preset(Preset("Demo"), overwrite=True)
    with pytest.raises(UsageProblem, match="'demo' is built in and cannot be deleted"):
        delete_preset("demo")
    with pytest.raises(UsageProblem, match=r"There is no preset 'deno'; did you mean demo\?"):
        delete_preset("deno")
    with pytest.raises(UsageProblem, match="There is no preset 'xyz'; there are none, default, demo, gentle, mine"):
        find_preset("xyz")
    with pytest.raises(ValueError, match="a preset needs a name"):
        Preset("  ")


def test_long_names():
    for name in ("歌" * 100, "x" * 300):
        save_preset(Preset(name, SESSION.chain))
        assert find_preset(name).chain == SESSION.chain


def test_names_that_make_the_same_file_name_are_two_presets():
    save_preset(Preset("a/b", SESSION.chain))
    save_preset(Preset("a:b"))
    assert find_preset("a/b").chain == SESSION.chain
    assert find_preset("a:b").chain == ()


def test_a_session_stands_in_for_a_preset(tmp_path):
    path = save_session(SESSION, tmp_path / "song")
    assert find_preset(str(path)).chain == SESSION.chain
    assert apply_preset(Session(), find_preset(str(path))).chain == SESSION.chain


def test_broken_presets_stop_nobody(home):
    save_preset(Preset("good"))
    folder = home / "config" / "presets"
    (folder / "bad.mrtpreset").write_text('{"format": "mastering-rt preset",\n "version": 1,,}')
    (folder / "worse.mrtpreset").write_bytes(b"\xff\xff")
    (folder / "range.mrtpreset").write_bytes(
        text.dump(
            {**to_document(Preset("x"), FORMAT), "chain": [{"name": "limiter", "kind": "limiter", "values": {"ceiling": 5}}]}
        )
    )
    (folder / "folder.mrtpreset").mkdir()
    listing = list_presets()
    assert [entry.preset.name for entry in listing.entries][len(BUILT):] == ["good"]
    assert len(listing.broken) == 4
    assert any("bad.mrtpreset' cannot be read: line 2, column 15" in sentence for sentence in listing.broken)
    assert any("chain[0]: Ceiling cannot be 5 dBTP" in sentence for sentence in listing.broken)
    with pytest.raises(SessionProblem, match="is not UTF-8"):
        find_preset(str(folder / "worse.mrtpreset"))
    with pytest.raises(SessionProblem, match="it does not exist"):
        find_preset("no/such.mrtpreset")


@pytest.mark.slow
@few
@given(session=SESSIONS)
def test_a_preset_comes_back_as_it_was(session):
    preset = Preset("x", session.chain, extra=session.extra)
    back, _ = from_document(text.parse(text.dump(to_document(preset, FORMAT))), Preset, FORMAT)
    assert back == preset


def test_what_a_newer_version_wrote_is_kept(tmp_path):
    document = to_document(Preset("new", SESSION.chain), FORMAT)
    document["favourite"] = True
    document["chain"].insert(0, {"name": "spectral", "kind": "spectral", "depth": 3})
    path = tmp_path / "new.mrtpreset"
    path.write_bytes(text.dump(document))
    preset = read_preset(path)
    assert to_document(preset, FORMAT) == document
    session = apply_preset(Session(), preset)
    assert session.chain == SESSION.chain
    assert session.set_aside[0].document["depth"] == 3


def test_loading_can_keep_ceiling_and_gains():
    kept = apply_preset(SESSION, find_preset("demo"), keep_levels=True)
    limiter = edits.find_slot(kept, "limiter")
    assert (limiter.value("gain"), limiter.value("ceiling"), limiter.bypassed) == (4, -0.3, False)
    assert apply_preset(SESSION, find_preset("demo")).chain == find_preset("demo").chain
    locked = edits.set_keep_levels(SESSION, True)
    assert edits.find_slot(apply_preset(locked, find_preset("demo")), "limiter").value("ceiling") == -0.3


def test_a_stage_preset_changes_one_stage():
    preset = stage_preset("Slow", Slot("limiter2", "limiter", {"release": 600, "gain": 2, "bypass": 1}))
    assert preset.chain == (Slot("limiter", "limiter", {"release": 600, "gain": 2}),)
    session = apply_preset(SESSION, preset)
    assert session.chain[0] == SESSION.chain[0]
    assert session.chain[1].values == {"release": 600, "gain": 2, "bypass": 1}, "what is bypassed stays bypassed"
    kept = apply_preset(SESSION, preset, keep_levels=True)
    assert kept.chain[1].values == {"release": 600, "gain": 4, "ceiling": -0.3, "bypass": 1}
    twice = edits.duplicate_stage(SESSION, "limiter")
    assert apply_preset(twice, preset, "limiter2").chain[1] == twice.chain[1]
    with pytest.raises(UsageProblem, match="is for a limiter, and eq is a eq; choose a limiter stage"):
        apply_preset(SESSION, preset, "eq")
    with pytest.raises(UsageProblem, match="The chain has no stage 'limiter'; it is empty"):
        apply_preset(Session(), preset)


def test_a_stage_preset_holds_one_stage():
    with pytest.raises(ValueError, match="the stage preset 'x' holds 2 stages; it holds one"):
        Preset("x", SESSION.chain, "stage")
    with pytest.raises(ValueError, match="two stages are called 'eq'"):
        Preset("x", (Slot("eq", "eq"), Slot("eq", "eq")))


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_made(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MASTERING_RT_HOME", str(tmp_path / "file"))
    with pytest.raises(SessionProblem, match=r"The preset 'x' cannot be saved as .*: a part of its path is not a folder"):
        save_preset(Preset("x"))
