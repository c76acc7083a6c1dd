"""What follows from the table agrees with the table, and with what is really saved."""
import json
import re
from pathlib import Path

import pytest
from hypothesis import given

from dsp_core.params import STAGES, params_of
from mastering_rt.errors import UsageProblem
from mastering_rt.session.document import to_document
from mastering_rt.session.model import Session
from mastering_rt.session.presets import BUILT_IN, FORMAT
from mastering_rt.session.schema import param_rows, preset_schema, reference_page, session_schema, stage_schema
from mastering_rt.session.store import session_bytes
from tests.sessions import SESSIONS, few

PAGE = Path(__file__).parents[2] / "docs" / "parameters.md"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


CHECKS = {
    "type": lambda value, name, whole, root: is_type(value, name),
    "const": lambda value, const, whole, root: value == const,
    "enum": lambda value, choices, whole, root: value in choices,
    "minimum": lambda value, low, whole, root: value >= low,
    "maximum": lambda value, high, whole, root: value <= high,
    "pattern": lambda value, pattern, whole, root: re.search(pattern, value),
    "anyOf": lambda value, schemas, whole, root: any(fits(value, schema, root) for schema in schemas),
    "not": lambda value, schema, whole, root: not fits(value, schema, root),
    "required": lambda value, keys, whole, root: set(keys) <= set(value),
    "properties": lambda value, parts, whole, root: all(
        fits(value[key], part, root) for key, part in parts.items() if key in value
    ),
    "additionalProperties": lambda value, schema, whole, root: all(
        fits(value[key], schema, root) for key in value if key not in whole.get("properties", {})
    ),
    "items": lambda value, schema, whole, root: all(fits(item, schema, root) for item in value),
}
SILENT = {"$schema", "$defs", "title", "description", "default", "x-unit", "x-choices"}


def fits(value, schema, root):
    """Whether a document fits a JSON schema, for the words that our schemas use."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    assert not set(schema) - set(CHECKS) - SILENT
    return all(check(value, schema[word], schema, root) for word, check in CHECKS.items() if word in schema)


@pytest.mark.slow
@few
@given(session=SESSIONS)
def test_every_saved_session_fits_the_schema(session):
    assert fits(json.loads(session_bytes(session)), session_schema(), session_schema())


@pytest.mark.parametrize("preset", BUILT_IN, ids=lambda preset: preset.name)
def test_every_preset_fits_the_schema(preset):
    assert fits(to_document(preset, FORMAT), preset_schema(), preset_schema())


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"version": "1"},
        {"chain": {}},
        {"chain": [{"name": "limiter"}]},
        {"chain": [{"kind": "limiter", "name": "eq"}]},
        {"notes": 5},
        {"chain": [{"kind": "limiter", "name": "limiter", "values": {"ceiling": 3}}]},
        {"chain": [{"kind": "limiter", "name": "limiter", "values": {"ceiling": "x"}}]},
        {"chain": [{"kind": "eq", "name": "eq", "values": {"band1_type": 1.5}}]},
        {"loop": {"start_frame": 5}},
        {"outputs": [{"bits": "12"}]},
        {"keep_levels": 1},
    ],
)
def test_what_does_not_load_does_not_fit(change):
    document = {**json.loads(session_bytes(Session())), **change}
    assert not fits(document, session_schema(), session_schema())


def test_what_a_newer_version_adds_fits():
    document = {
        **json.loads(session_bytes(Session())),
        "colour": "red",
        "chain": [{"kind": "spectral", "x": 1}, {"kind": "eq", "name": "eq2", "values": {"band99_gain": 1}}],
    }
    assert fits(document, session_schema(), session_schema())


@pytest.mark.parametrize("kind", sorted(STAGES))
def test_stage_schemas_hold_the_table(kind):
    values = stage_schema(kind)["properties"]["values"]["properties"]
    assert list(values) == [param.id for param in params_of(kind)]
    for param in params_of(kind):
        row = values[param.id]
        assert (row["minimum"], row["maximum"], row["default"], row["description"]) == (
            param.low,
            param.high,
            param.default,
            param.help,
        )
        assert row["type"] == ("integer" if param.law == "step" else "number")
        assert row.get("x-choices", []) == list(param.choices)
        assert row.get("x-unit", "") == param.unit


def test_rows_for_the_terminal():
    rows = param_rows()
    assert len(rows) == sum(len(params_of(kind)) for kind in STAGES)
    json.dumps(rows)
    ceiling = next(row for row in param_rows("limiter") if row["id"] == "ceiling")
    assert (ceiling["kind"], ceiling["unit"], ceiling["low"], ceiling["high"], ceiling["default"]) == (
        "limiter",
        "dBTP",
        -12,
        0,
        -1,
    )
    assert (ceiling["range_text"], ceiling["default_text"]) == ("−12.00 dBTP to 0.00 dBTP", "−1.00 dBTP")
    assert next(row for row in rows if row["id"] == "detector")["range_text"] == "Peak, RMS, Peak + RMS"
    with pytest.raises(UsageProblem, match=r"There is no stage kind 'limitr'; did you mean limiter\?"):
        param_rows("limitr")


def test_the_reference_page_is_the_one_in_docs():
    assert PAGE.read_text(encoding="utf-8") == reference_page(), "run python -m mastering_rt.session.schema > docs/parameters.md"


def test_the_reference_page_names_every_parameter_once():
    page = reference_page()
    for kind in STAGES:
        section = page.split(f"(`{kind}`)")[1].split("\n## ")[0]
        for param in STAGES[kind]:
            shown = re.sub(r"^band[0-9]+_", "bandN_", param.id)
            assert section.count(f"| `{shown}` |") == 1
            assert param.help in section
    assert all(line.count(" | ") == 5 for line in page.splitlines() if line.startswith("| `"))
