"""Every edit makes a new session and leaves the old one alone; what cannot be is refused in a sentence."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp_core.params import STAGES, params_of
from mastering_rt.errors import UsageProblem
from mastering_rt.session import edits
from mastering_rt.session.model import Loop, Marker, OutputSpec, Session, Slot, Source
from mastering_rt.session.presets import find_preset
from mastering_rt.session.settings import apply_setting
from tests.sessions import SESSIONS, few

CHAIN = (Slot("eq", "eq"), Slot("compressor", "compressor"), Slot("limiter", "limiter"))
SESSION = Session(source=Source("/a/mix.wav", 48000, 2, 480000), chain=CHAIN)


def names(session):
    return [slot.name for slot in session.chain]


@few
@given(session=SESSIONS, data=st.data())
def test_a_value_set_is_the_value_found_and_nothing_else_changes(session, data):
    if not session.chain:
        return
    slot = data.draw(st.sampled_from(session.chain))
    param = data.draw(st.sampled_from(params_of(slot.kind)))
    value = param.from_norm(data.draw(st.floats(0, 1)))
    before = hash(session)
    new = edits.set_value(session, slot.name, param.id, value)
    assert edits.find_slot(new, slot.name).value(param.id) == value
    assert hash(session) == before
    assert [s for s in new.chain if s.name != slot.name] == [s for s in session.chain if s.name != slot.name]
    reset = edits.reset_value(new, slot.name, param.id)
    assert edits.find_slot(reset, slot.name).value(param.id) == param.default
    assert edits.reset_stage(new, slot.name).chain[edits.position_of(session, slot.name)].values == {}


def test_values_that_are_refused():
    with pytest.raises(UsageProblem, match=r"limiter.ceiling: Ceiling cannot be 3 dBTP; it goes from −12.00 dBTP to 0.00 dBTP\."):
        edits.set_value(SESSION, "limiter", "ceiling", 3)
    with pytest.raises(UsageProblem, match=r"limiter has no parameter 'cieling'; did you mean ceiling\?"):
        edits.set_value(SESSION, "limiter", "cieling", -1)
    with pytest.raises(UsageProblem, match=r"limiter has no parameter 'xyz'; it has bypass, mix, .*band_guard\."):
        edits.reset_value(SESSION, "limiter", "xyz")
    with pytest.raises(UsageProblem, match=r"The chain has no stage 'limitr'; did you mean limiter\?"):
        edits.set_value(SESSION, "limitr", "ceiling", -1)
    with pytest.raises(UsageProblem, match=r"The chain has no stage 'trim'; it is empty\."):
        edits.find_slot(Session(), "trim")
    with pytest.raises(UsageProblem, match="cannot be"):
        edits.set_values(SESSION, "limiter", {"gain": 3, "ceiling": 5})


def test_a_kind_finds_its_only_slot():
    session = edits.remove_stage(edits.add_stage(SESSION, "compressor"), "compressor")
    assert names(session) == ["eq", "compressor2", "limiter"]
    assert edits.find_slot(session, "compressor").name == "compressor2"
    two = edits.add_stage(session, "compressor")
    with pytest.raises(UsageProblem, match="no stage 'compressor'; it has compressor2 and compressor3"):
        edits.find_slot(two, "compressor")


def test_names_are_never_given_twice():
    session = SESSION
    seen = set(names(session))
    for _ in range(5):
        session = edits.add_stage(session, "compressor")
        added = next(name for name in names(session) if name not in seen)
        seen.add(added)
        session = edits.remove_stage(session, added)
    assert seen == {"eq", "limiter", "compressor", *(f"compressor{n}" for n in range(2, 7))}


@pytest.mark.parametrize(("there", "kind", "want"), [
    ([], "limiter", ["limiter"]),
    (["limiter"], "eq", ["eq", "limiter"]),
    (["eq", "limiter"], "compressor", ["eq", "compressor", "limiter"]),
    (["compressor", "limiter"], "eq", ["eq", "compressor", "limiter"]),
    (["eq", "compressor", "limiter"], "trim", ["trim", "eq", "compressor", "limiter"]),
    (["eq", "limiter", "trim"], "compressor", ["eq", "compressor", "limiter", "trim"]),
    (["eq", "compressor", "trim"], "limiter", ["eq", "compressor", "trim", "limiter"]),
    (["compressor", "eq", "limiter"], "eq", ["compressor", "eq", "eq2", "limiter"]),
    (["limiter"], "limiter", ["limiter", "limiter2"]),
])
def test_a_stage_goes_where_it_fits(there, kind, want):
    session = Session(chain=tuple(Slot(k, k) for k in there))
    assert names(edits.add_stage(session, kind)) == want


def test_adding():
    session = edits.add_stage(SESSION, "eq", 0, {"band1_gain": 2})
    assert names(session) == ["eq2", "eq", "compressor", "limiter"]
    assert session.chain[0].value("band1_gain") == 2
    with pytest.raises(UsageProblem, match=r"no stage kind 'limitr'; did you mean limiter\?"):
        edits.add_stage(SESSION, "limitr")
    with pytest.raises(UsageProblem, match="no stage kind 'chorus'; there are trim, eq"):
        edits.add_stage(SESSION, "chorus")
    with pytest.raises(UsageProblem, match="no position 4 in the chain; positions go from 0 to 3"):
        edits.add_stage(SESSION, "eq", 4)
    with pytest.raises(UsageProblem, match="two stages are called 'eq'"):
        edits.add_stage(SESSION, "eq", name="eq")


@few
@given(session=SESSIONS, data=st.data())
def test_moving_keeps_all_stages(session, data):
    if not session.chain:
        return
    slot = data.draw(st.sampled_from(session.chain))
    place = data.draw(st.integers(0, len(session.chain) - 1))
    moved = edits.move_stage(session, slot.name, place)
    assert moved.chain[place] == slot
    assert sorted(names(moved)) == sorted(names(session))
    assert edits.move_stage(moved, slot.name, edits.position_of(session, slot.name)) == session
    with pytest.raises(UsageProblem, match="no position"):
        edits.move_stage(session, slot.name, len(session.chain))


def test_duplicating_renaming_bypassing_pasting():
    session = edits.set_value(SESSION, "compressor", "ratio", 2)
    twice = edits.duplicate_stage(session, "compressor")
    assert names(twice) == ["eq", "compressor", "compressor2", "limiter"]
    assert twice.chain[2].values == twice.chain[1].values
    named = edits.rename_stage(session, "compressor", "  Glue \n bus ")
    assert named.chain[1].title == "Glue bus"
    assert named.chain[1].name == "compressor"
    assert edits.rename_stage(named, "compressor", "") == session
    off = edits.toggle_bypass(session, "compressor")
    assert off.chain[1].bypassed
    assert edits.toggle_bypass(off, "compressor") == session
    pasted = edits.paste_values(twice, "compressor2", {"threshold": -30})
    assert pasted.chain[2].values == {"threshold": -30}


def test_replacing_the_chain():
    session = edits.replace_chain(SESSION, (Slot("limiter", "limiter"),))
    assert names(session) == ["limiter"]
    assert session.source == SESSION.source
    assert edits.empty_chain(SESSION).chain == ()


def test_levels_stay_when_asked():
    session = Session(
        chain=(Slot("trim", "trim", {"gain": -2}), Slot("limiter2", "limiter", {"gain": 4, "ceiling": -0.3, "release": 50}))
    )
    preset = find_preset("demo").chain
    plain = edits.replace_chain(session, preset)
    assert plain.chain == preset
    for kept in (
        edits.replace_chain(session, preset, keep_levels=True),
        edits.replace_chain(edits.set_keep_levels(session, True), preset),
    ):
        limiter = edits.find_slot(kept, "limiter")
        assert (limiter.value("gain"), limiter.value("ceiling")) == (4, -0.3)
        assert limiter.value("release") == edits.find_slot(plain, "limiter").value("release")
        assert kept.chain[:2] == preset[:2]
    assert edits.replace_chain(edits.set_keep_levels(session, True), preset, keep_levels=False).chain == preset


def test_what_keeps_its_level_exists():
    for kind, ids in edits.LEVELS.items():
        assert set(ids) <= {p.id for p in STAGES[kind]}


def test_a_new_mix_keeps_loop_and_markers_in_time():
    session = edits.add_marker(edits.set_loop(SESSION, 48000, 96000), 240000, "chorus")
    session = edits.add_marker(session, 10, "start")
    assert [m.name for m in session.markers] == ["start", "chorus"]
    other = edits.set_source(session, Source("/a/mix v2.wav", 96000, 2, 400000))
    assert other.loop == Loop(96000, 192000)
    assert [m.frame for m in other.markers] == [20], "what lies past the end goes"
    assert edits.set_source(session, Source("/a/short.wav", 48000, 2, 60000)).loop == Loop(48000, 60000)
    assert edits.set_source(session, Source("/a/short.wav", 48000, 2, 40000)).loop is None
    assert edits.set_source(session, Source("/a/short.wav", 48000, 2, 50000)).loop is None, "under 50 ms are left"
    assert edits.set_source(Session(), SESSION.source).source == SESSION.source


def test_loops_markers_notes_outputs():
    looped = edits.set_loop(SESSION, 100, 10**9)
    assert looped.loop == Loop(100, 480000)
    assert edits.switch_loop(looped, False).loop == Loop(100, 480000, False)
    assert edits.switch_loop(SESSION, True).loop == Loop(0, 480000)
    assert edits.switch_loop(Session(), True) == Session()
    assert edits.clear_loop(looped) == SESSION
    with pytest.raises(UsageProblem, match="too short"):
        edits.set_loop(SESSION, 9, 5)
    with pytest.raises(UsageProblem, match="Marker: marker 'x' cannot stand at frame -1"):
        edits.add_marker(SESSION, -1, "x")
    marked = edits.add_marker(SESSION, 5, "x")
    assert edits.remove_marker(marked, Marker(5, "x")) == SESSION
    assert edits.set_notes(SESSION, "less bass").notes == "less bass"
    assert edits.set_outputs(SESSION, [OutputSpec()]).outputs == (OutputSpec(),)


@pytest.mark.parametrize(("setting", "slot", "param", "value"), [
    ("limiter.ceiling=-1.5", "limiter", "ceiling", -1.5),
    (" Limiter.Ceiling = −0.5 dBTP ", "limiter", "ceiling", -0.5),
    ("limiter.gain+=0.5", "limiter", "gain", 0.5),
    ("limiter.gain-=2dB", "limiter", "gain", -2),
    ("eq.band1_type=low cut", "eq", "band1_type", 3),
    ("eq.band1-freq=2.5k", "eq", "band1_freq", 2500),
    ("eq.band2_on=no", "eq", "band2_on", 0),
    ("compressor.ratio=1:1.5", "compressor", "ratio", 1.5),
    ("compressor.bypass=on", "compressor", "bypass", 1),
    ("compressor2.ratio=2", "compressor2", "ratio", 2),
    ("trim.gain=6", "trim", "gain", 6),
])
def test_settings(setting, slot, param, value):
    assert edits.find_slot(apply_setting(SESSION, setting), slot).value(param) == value


def test_settings_add_what_is_missing_where_it_fits():
    session = Session()
    for setting in (
        "limiter.ceiling=-1",
        "eq.band1_gain=1",
        "compressor.ratio=2",
        "trim.gain=1",
        "compressor2.ratio=3",
        "limiter.gain=2",
    ):
        session = apply_setting(session, setting)
    assert names(session) == ["trim", "eq", "compressor", "compressor2", "limiter"]
    assert edits.find_slot(session, "limiter").values == {"gain": 2}, "-1 dBTP is the default"
    again = edits.remove_stage(session, "compressor")
    assert names(apply_setting(again, "compressor.ratio=4")) == ["trim", "eq", "compressor2", "limiter"], (
        "the only one of its kind"
    )


@pytest.mark.parametrize(("setting", "sentence"), [
    ("limiter.ceiling", "'limiter.ceiling' is not a setting; write SLOT.PARAM=VALUE"),
    ("ceiling=-1", "is not a setting"),
    ("", "'' is not a setting"),
    ("limiter.ceiling=loud", "limiter.ceiling=loud: Ceiling: 'loud' is not a number; type something like −1.00 dBTP."),
    ("limiter.ceiling=2", "limiter.ceiling=2: Ceiling cannot be 2 dBTP; it goes from"),
    ("limiter.ceiling=nan", "Ceiling cannot be 'nan'"),
    ("limiter.ceiling=", "is not a number"),
    ("limiter.cieling=-1", r"limiter has no parameter 'cieling'; did you mean ceiling\?"),
    ("limitr.ceiling=-1", r"There is no stage 'limitr'; did you mean limiter\?"),
    ("chorus.rate=1", "There is no stage 'chorus'; the chain has eq, compressor, limiter; stages are trim, eq"),
    ("eq.band1_type=wobble", "Type cannot be 'wobble'; choose one of: Bell, Low shelf"),
    ("limiter1.gain=1", "There is no stage 'limiter1'"),
])
def test_settings_that_cannot_be(setting, sentence):
    with pytest.raises(UsageProblem, match=sentence) as problem:
        apply_setting(SESSION, setting)
    assert problem.value.exit_status == 2
    assert str(problem.value)[-1] in ".?"


@few
@given(session=SESSIONS, data=st.data())
def test_what_a_parameter_prints_can_be_typed(session, data):
    kind = data.draw(st.sampled_from(sorted(STAGES)))
    param = data.draw(st.sampled_from(params_of(kind)))
    value = param.from_norm(data.draw(st.floats(0, 1)))
    try:
        name = edits.find_slot(session, kind).name
    except UsageProblem:
        name = edits.next_name(session, kind)
    shown = param.text(value, 3)
    new = apply_setting(session, f"{name}.{param.id}={shown}")
    assert edits.find_slot(new, name).value(param.id) == pytest.approx(value, rel=2e-3, abs=1e-3)
