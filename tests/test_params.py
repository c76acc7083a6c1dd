"""The parameter table: its rules, the knob and the text both ways, and that no released parameter is lost.

`python -m tests.test_params` writes the golden list anew: after adding a parameter, or after a migration for a changed one.
"""
import csv
import math
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dsp_core.param import CHANGES, LAWS, BadValue, Param, UnknownParameter
from dsp_core.params import COMMON, LABELS, STAGES, index_of, names, params_of

GOLDEN = Path(__file__).parent / "golden" / "param_ids.csv"
COLUMNS = ("kind", "id", "unit", "low", "high", "default", "law", "choices")
ALL = [(kind, param) for kind in STAGES for param in params_of(kind)]
OWN = [(kind, param) for kind in STAGES for param in STAGES[kind]]
UNITS = {"", "dB", "dBTP", "Hz", "ms", "%", ":1", "st", "deg", "dB/oct", "/oct", "smp"}
ANY = st.sampled_from(ALL).map(lambda pair: pair[1])
NORM = st.floats(0, 1)
HZ = next(p for p in STAGES["eq"] if p.id == "band1_freq")
MS = next(p for p in STAGES["compressor"] if p.id == "release")
RATIO = next(p for p in STAGES["compressor"] if p.id == "ratio")
GAIN = next(p for p in STAGES["trim"] if p.id == "gain")
CEILING = next(p for p in STAGES["limiter"] if p.id == "ceiling")
TYPE = next(p for p in STAGES["eq"] if p.id == "band1_type")
CUT = next(p for p in STAGES["compressor"] if p.id == "detector_low_cut")
ROTATION = next(p for p in STAGES["stereo"] if p.id == "rotation")
every_param = pytest.mark.parametrize(("kind", "param"), ALL, ids=[f"{kind}.{param.id}" for kind, param in ALL])


def row(kind, param):
    return dict(
        zip(
            COLUMNS,
            (
                kind,
                param.id,
                param.unit,
                f"{param.low:g}",
                f"{param.high:g}",
                f"{param.default:g}",
                param.law,
                "|".join(param.choices),
            ),
            strict=True,
        )
    )


def write_golden():
    with GOLDEN.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([row("common", param) for param in COMMON] + [row(kind, param) for kind, param in OWN])


def golden():
    with GOLDEN.open(newline="") as file:
        return {(line["kind"], line["id"]): line for line in csv.DictReader(file)}


def test_no_released_parameter_is_lost_or_means_something_else():
    """Sessions store ids and values that differ from the default; a range may grow, choices may be added at the end."""
    now = {("common", param.id): row("common", param) for param in COMMON} | {
        (kind, param.id): row(kind, param) for kind, param in OWN
    }
    for key, old in golden().items():
        assert key in now, f"{key} is gone; sessions have it"
        new = now[key]
        for column in ("unit", "default", "law"):
            assert new[column] == old[column], (
                f"{key}: {column} was {old[column]}, is {new[column]}; write a migration, then bless"
            )
        assert float(new["low"]) <= float(old["low"]), f"{key}: the range has shrunk"
        assert float(new["high"]) >= float(old["high"]), f"{key}: the range has shrunk"
        assert new["choices"].split("|")[: len(old["choices"].split("|"))] == old["choices"].split("|"), (
            f"{key}: choices have moved"
        )


@pytest.mark.slow
def test_every_parameter_is_in_the_golden_list():
    missing = [",".join(row(kind, param).values()) for kind, param in OWN if (kind, param.id) not in golden()]
    assert not missing, "run python -m tests.test_params, and look at what it changed:\n" + "\n".join(missing)


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_ids_are_words_and_unique(kind):
    ids = [param.id for param in params_of(kind)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", param_id) for param_id in [kind, *ids])
    assert [index_of(kind, param_id) for param_id in ids] == list(range(len(ids)))
    assert params_of(kind)[: len(COMMON)] == COMMON
    assert LABELS[kind]
    assert not kind[-1].isdigit(), "compressor2 is the second compressor"


@every_param
def test_rows_are_complete(kind, param):
    assert param.low < param.high
    assert param.low <= param.default <= param.high
    assert param.unit in UNITS
    assert param.law in LAWS
    assert param.change in CHANGES
    assert param.label
    assert param.label == param.label.strip()
    assert param.help.endswith(".")
    assert len(param.help.split()) >= 4
    assert param.since >= 1
    if param.law == "step":
        assert all(float(v).is_integer() for v in (param.low, param.high, param.default))
    for end, place in ((param.low_text, param.low), (param.high_text, param.high)):
        assert not end or param.text(place) == end


def test_unknown_names_say_what_there_is():
    with pytest.raises(UnknownParameter, match="limiter has no 'cieling'; it has bypass, mix, placement, gain, ceiling"):
        index_of("limiter", "cieling")
    with pytest.raises(KeyError):
        params_of("chorus")


def test_constants_follow_the_table():
    for kind in STAGES:
        lines = [line.strip() for line in names(kind).splitlines()]
        assert f"{kind.upper()}_COUNT = {len(params_of(kind))}" in lines
        for param in STAGES[kind]:
            assert f"{kind.upper()}_{param.id.upper()} = {index_of(kind, param.id)}" in lines


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"default": 2}, "default 2 is outside 0 to 1"),
        ({"law": "exp"}, "law 'exp'"),
        ({"law": "log"}, "needs a low end above 0"),
        ({"choices": ("a", "b", "c")}, "3 choices do not span 0 to 1"),
        ({"help": ""}, "every parameter has a help sentence"),
        ({"change": "jump"}, "change 'jump'"),
    ],
)
def test_a_wrong_row_does_not_import(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Param(**{"id": "x", "label": "X", "low": 0, "high": 1, "default": 0, "help": "What it does.", **change})


@every_param
def test_the_ends_of_the_knob_are_the_ends_of_the_range(kind, param):
    assert (param.from_norm(0), param.from_norm(1)) == (param.low, param.high)
    assert (param.from_norm(-0.5), param.from_norm(1.5)) == (param.low, param.high)
    assert param.from_norm(param.to_norm(param.default)) == pytest.approx(param.default, rel=1e-12, abs=1e-12)


@given(param=ANY, norm=NORM)
def test_knob_to_value_and_back(param, norm):
    value = param.from_norm(norm)
    assert param.low <= value <= param.high
    assert param.check(value) == value
    back = param.to_norm(value)
    assert back == pytest.approx(norm, abs=0.5 / (param.high - param.low) + 1e-9 if param.law == "step" else 1e-9)
    assert param.from_norm(back) == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.slow
@given(param=ANY, a=NORM, b=NORM)
def test_turning_up_never_goes_down(param, a, b):
    assume(a < b)
    assert param.from_norm(a) <= param.from_norm(b)


@pytest.mark.slow
@given(param=ANY, norm=NORM, steps=st.integers(1, 20))
def test_wheel_notches(param, norm, steps):
    value = param.from_norm(norm)
    up, down = param.nudge(value, steps), param.nudge(value, -steps)
    assert param.low <= down <= value <= up <= param.high
    assert up > value or value == param.high
    assert down < value or value == param.low
    assert param.nudge(value, 0) == value
    if param.low < up < param.high:
        assert param.nudge(up, -steps) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(param=ANY, value=st.floats())
def test_clamp_and_check(param, value):
    if math.isnan(value) or math.isinf(value):
        with pytest.raises(BadValue, match=re.escape(param.label)):
            param.clamp(value)
    else:
        assert param.low <= param.clamp(value) <= param.high
    if not param.low <= value <= param.high:
        with pytest.raises(BadValue, match="it goes from"):
            param.check(value)


@pytest.mark.slow
@given(param=ANY, norm=NORM, extra=st.integers(0, 3))
def test_what_is_printed_can_be_typed(param, norm, extra):
    value = param.from_norm(norm)
    text = param.text(value, extra)
    typed = param.parse(text)
    assert param.parse(param.text(typed, extra)) == typed, "typing what is read does not creep"
    assert param.parse(text.upper()) == typed
    assert param.parse(f"  {text} ") == typed


@pytest.mark.parametrize("hz", [49.949, 49.95, 99.949, 99.95, 99.96, 999.449, 999.45, 999.49, 999.5, 999.51, 999.949, 1004.9])
@pytest.mark.parametrize("extra", range(4))
def test_frequencies_do_not_creep(hz, extra):
    typed = HZ.parse(HZ.text(hz, extra))
    assert HZ.parse(HZ.text(typed, extra)) == typed
    assert typed == pytest.approx(hz, rel=0.006)


@given(param=ANY, norm=NORM)
def test_enough_decimals_give_the_value(param, norm):
    value = param.from_norm(norm)
    assert param.parse(param.text(value, 12)) == pytest.approx(value, rel=1e-11, abs=1e-11)


@pytest.mark.slow
@given(param=ANY, text=st.text(max_size=12))
def test_any_typing_is_a_value_in_range_or_a_sentence(param, text):
    try:
        value = param.parse(text, param.default)
    except BadValue as error:
        sentence = str(error)
    else:
        sentence = param.label if param.low <= value <= param.high else ""
    assert sentence.startswith(param.label)


@pytest.mark.parametrize(
    ("param", "typed", "value"),
    [
        (HZ, "2k", 2000),
        (HZ, "2.5 kHz", 2500),
        (HZ, "2.5KHZ", 2500),
        (HZ, "80 hz", 80),
        (HZ, "80", 80),
        (HZ, "0.1k", 100),
        (MS, "1.5 s", 1500),
        (MS, "80ms", 80),
        (RATIO, "2:1", 2),
        (RATIO, "1:2", 2),
        (RATIO, "1.5", 1.5),
        (RATIO, "1:1", 1),
        (RATIO, "\N{INFINITY} : 1", 100),
        (GAIN, "-1.5", -1.5),
        (GAIN, "\N{MINUS SIGN}1.5 dB", -1.5),
        (GAIN, "+3", 3),
        (CEILING, "-1 dBTP", -1),
        (CEILING, "-1dB", -1),
        (TYPE, "low shelf", 1),
        (TYPE, "Low_Shelf", 1),
        (TYPE, "lowshelf", 1),
        (TYPE, "3", 3),
        (CUT, "off", 20),
        (ROTATION, "-12.5 deg", -12.5),
        (ROTATION, "12.5\N{DEGREE SIGN}", 12.5),
        (ROTATION, "30 \N{DEGREE SIGN}", 30),
        (ROTATION, "30degrees", 30),
        (RATIO, "2,5", 2.5),
        (RATIO, "1:2,5", 2.5),
        (GAIN, "-1,5 dB", -1.5),
        (GAIN, "0,500", 0.5),
        (GAIN, "1,500", 1.5),
        (GAIN, "+1,500 dB", 1.5),
        (HZ, "1k5", 1500),
        (HZ, "4k75 Hz", 4750),
        (HZ, "2,5k", 2500),
        (HZ, "1,500 Hz", 1500),
        (HZ, "1,500 kHz", 1500),
        (HZ, "1,500.5", 1500.5),
        (HZ, "1.500,5", 1500.5),
        (HZ, "1\N{NARROW NO-BREAK SPACE}500 Hz", 1500),
        (HZ, "0,1k", 100),
        (RATIO, "1.500", 1.5),
        (GAIN, "-18 dBFS", -18),
        (CEILING, "-1 dBFS", -1),
    ],
)
def test_typed(param, typed, value):
    assert param.parse(typed) == value


@pytest.mark.parametrize(
    ("param", "typed"),
    [
        (GAIN, "3 ms"),
        (GAIN, "3k"),
        (HZ, "80 dB"),
        (MS, "80 Hz"),
        (TYPE, "wobble"),
        (GAIN, "nan"),
        (GAIN, "inf"),
        (GAIN, ""),
        (GAIN, "--1"),
        (GAIN, "3 deg"),
        (ROTATION, "3 dB"),
        (MS, "1k5"),
        (GAIN, "1,2,3"),
        (HZ, "1,50,000"),
        (HZ, "1.5,5"),
        (MS, "80 dBFS"),
    ],
)
def test_another_unit_is_refused(param, typed):
    with pytest.raises(BadValue, match=param.label):
        param.parse(typed)


def test_a_comma_that_can_be_either_is_asked_about():
    """Nothing takes fifteen for fifteen thousand without a word."""
    with pytest.raises(BadValue, match="'15,000' can be 15 or 15000; type a point for the fraction"):
        HZ.parse("15,000")
    assert HZ.parse("15.000") == 15
    assert HZ.parse("15000") == HZ.parse("15 000") == HZ.parse("15,000.0") == 15000
    with pytest.raises(BadValue, match="can be 1.5 or 1500"):
        HZ.parse("+=1,500", 100)
    assert GAIN.parse("+=1,500", 1.0) == pytest.approx(2.5)
    assert GAIN.parse("+=0,3", 1.0) == pytest.approx(1.3)


def test_relative_typing():
    assert GAIN.parse("+=0.3", 1.0) == pytest.approx(1.3)
    assert GAIN.parse("-=0.3", 1.0) == pytest.approx(0.7)
    assert GAIN.parse("+=100", 1.0) == GAIN.high
    with pytest.raises(BadValue, match="there is no value to start from"):
        GAIN.parse("+=1")


@pytest.mark.parametrize(
    ("param", "value", "text"),
    [
        (HZ, 999.4, "999 Hz"),
        (HZ, 999.6, "1 kHz"),
        (HZ, 1234, "1.23 kHz"),
        (HZ, 30, "30 Hz"),
        (HZ, 30.5, "30.5 Hz"),
        (HZ, 40000, "40 kHz"),
        (GAIN, 0.04, "0.0 dB"),
        (GAIN, -0.04, "0.0 dB"),
        (GAIN, 1.5, "+1.5 dB"),
        (GAIN, -1.5, "\N{MINUS SIGN}1.5 dB"),
        (CEILING, -1, "\N{MINUS SIGN}1.00 dBTP"),
        (RATIO, 1.5, "1.50 : 1"),
        (RATIO, 100, "\N{INFINITY} : 1"),
        (CUT, 20, "off"),
        (TYPE, 3, "Low cut"),
        (ROTATION, 12.5, "+12.5\N{DEGREE SIGN}"),
        (ROTATION, -3, "\N{MINUS SIGN}3.0\N{DEGREE SIGN}"),
    ],
)
def test_printed(param, value, text):
    assert param.text(value) == text


if __name__ == "__main__":
    write_golden()


@pytest.mark.parametrize(("kind", "id", "typed", "text"), [
    ("eq", "band1_slope", "6", "6 dB/oct"), ("eq", "band1_slope", "24", "24 dB/oct"), ("saturation", "oversampling", "4", "4x"),
    ("multiband", "bands", "3", "3"), ("eq", "band1_type", "3", "Low cut"), ("compressor", "ratio", "inf", "\N{INFINITY} : 1"),
    ("compressor", "ratio", "\N{INFINITY}", "\N{INFINITY} : 1"), ("stereo", "mid_gain", "-inf", "off"),
])
def test_a_number_means_the_choice_that_begins_with_it_and_ends_can_be_typed_as_infinite(kind, id, typed, text):
    param = params_of(kind)[index_of(kind, id)]
    assert param.text(param.parse(typed)) == text


def test_a_number_that_no_choice_begins_with_is_no_place_in_the_list():
    with pytest.raises(BadValue, match="cannot be '3'; choose one of: 1x, 2x, 4x, 8x, 16x"):
        params_of("saturation")[index_of("saturation", "oversampling")].parse("3")
