"""The session is a value: it cannot be changed, compares by content, and cannot hold what is not possible."""
import copy
import pickle

import msgspec
import pytest
from hypothesis import given

from dsp_core.param import BadValue, UnknownParameter
from dsp_core.params import STAGES, params_of
from mastering_rt.session.model import Loop, Marker, OutputSpec, Session, Slot, Source, StageName
from tests.sessions import SESSIONS, few


@few
@given(session=SESSIONS)
def test_equal_by_value_and_hashable(session):
    twin = pickle.loads(pickle.dumps(session))
    assert twin == session
    assert hash(twin) == hash(session)
    assert twin is not session
    assert copy.deepcopy(session) == session
    assert msgspec.structs.replace(session, notes=session.notes + "x") != session


def test_nothing_can_be_changed_in_place():
    slot = Slot("limiter", "limiter", {"gain": 3}, extra={"new": {"list": [1, {"a": 2}]}})
    session = Session(chain=(slot,), extra={"x": [1]})
    with pytest.raises(AttributeError):
        slot.name = "other"
    with pytest.raises(AttributeError):
        session.chain = ()
    for change in (
        lambda: slot.values.__setitem__("gain", 1),
        lambda: slot.values.update(gain=1),
        lambda: slot.values.pop("gain"),
        lambda: slot.values.clear(),
        lambda: slot.values.__delitem__("gain"),
        lambda: slot.values.setdefault("gain", 1),
        lambda: slot.values.__ior__({"gain": 1}),
        lambda: slot.extra["new"].clear(),
        lambda: slot.extra["new"]["list"][1].clear(),
    ):
        with pytest.raises(TypeError, match="cannot be changed in place"):
            change()
    assert slot.extra["new"]["list"] == (1, {"a": 2})
    assert slot.values == {"gain": 3}


def test_the_dict_that_was_given_stays_apart():
    values = {"gain": 3.0}
    slot = Slot("limiter", "limiter", values)
    values["gain"] = 5.0
    assert slot.value("gain") == 3.0


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_defaults_are_not_kept_but_known(kind):
    slot = Slot(kind, kind, {p.id: p.default for p in params_of(kind)})
    assert slot.values == {}
    assert slot == Slot(kind, kind)
    assert all(slot.value(p.id) == p.default for p in params_of(kind))
    assert not slot.bypassed
    assert Slot(kind, kind, {"bypass": 1}).bypassed


def test_values_are_checked_at_the_door():
    with pytest.raises(BadValue, match="Ceiling cannot be 3 dBTP; it goes from"):
        Slot("limiter", "limiter", {"ceiling": 3})
    with pytest.raises(BadValue, match="Ceiling cannot be nan"):
        Slot("limiter", "limiter", {"ceiling": float("nan")})
    with pytest.raises(BadValue, match=r"Type cannot be 2.5; it takes whole numbers from 0 to"):
        Slot("eq", "eq", {"band1_type": 2.5})
    with pytest.raises(UnknownParameter, match="limiter has no 'cieling'; it has bypass, mix"):
        Slot("limiter", "limiter", {"cieling": -1})
    with pytest.raises(UnknownParameter):
        Slot("limiter", "limiter").value("cieling")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("limiter", "eq"),
        ("limiter1", "limiter"),
        ("limiter02", "limiter"),
        ("Limiter", "limiter"),
        ("limiter 2", "limiter"),
        ("", "limiter"),
        ("limiter0", "limiter"),
        ("limiter1234567", "limiter"),
    ],
)
def test_a_name_is_its_kind_and_a_number(name, kind):
    with pytest.raises(ValueError, match=f"a stage of kind {kind} cannot be called"):
        Slot(name, kind)


def test_names_taken_apart():
    assert StageName.parse("compressor") == ("compressor", 1)
    assert StageName.parse("dynamic_eq12") == ("dynamic_eq", 12)
    assert str(StageName("eq", 1)) == "eq"
    assert str(StageName("eq", 3)) == "eq3"
    assert StageName.parse("3eq") is None
    for number in (1, 2, 9, 10, 21, 99, 100, 999999):
        assert StageName.parse(str(StageName("eq", number))) == ("eq", number)


def test_an_unknown_kind_and_two_of_a_name():
    with pytest.raises(ValueError, match="there is no stage kind 'reverb'; there are trim, eq"):
        Slot("reverb", "reverb")
    with pytest.raises(ValueError, match="two stages are called 'eq'"):
        Session(chain=(Slot("eq", "eq"), Slot("eq", "eq")))


def test_the_numbers_of_names_are_remembered():
    session = Session(chain=(Slot("eq", "eq"), Slot("eq7", "eq")))
    assert session.name_numbers == {"eq": 7}
    assert msgspec.structs.replace(session, chain=()).name_numbers == {"eq": 7}


def test_titles():
    assert Slot("compressor", "compressor").title == "Compressor"
    assert Slot("compressor2", "compressor").title == "Compressor 2"
    assert Slot("compressor2", "compressor", label="Glue").title == "Glue"


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (6, 5), (-1, 5)])
def test_loops(start, stop):
    with pytest.raises(ValueError, match="a loop cannot go from frame"):
        Loop(start, stop)


def test_other_parts_are_checked():
    with pytest.raises(ValueError, match="cannot stand at frame -1"):
        Marker(-1, "intro")
    with pytest.raises(ValueError, match="sample_rate_hz cannot be 0"):
        Source("a.wav", 0, 2, 100)
    with pytest.raises(ValueError, match="path cannot be ''"):
        Source("", 44100, 2, 100)
    with pytest.raises(ValueError, match="cannot have 7999 Hz"):
        OutputSpec(sample_rate_hz=7999)


def test_seconds():
    assert Session().seconds(5) is None
    assert Session(source=Source("a.wav", 48000, 2, 100)).seconds(24000) == 0.5
