"""What follows from the parameter table: rows for the terminal, JSON schemas, the reference page.

`python -m mastering_rt.session.schema` prints the page that lies in docs/parameters.md.
"""
from typing import Any

import msgspec

from dsp_core.param import Param
from dsp_core.params import COMMON, LABELS, STAGES, params_of
from mastering_rt.errors import UsageProblem
from mastering_rt.session.changes import BAND
from mastering_rt.session.edits import hint
from mastering_rt.session.model import Session
from mastering_rt.session.presets import FORMAT as PRESET_FORMAT
from mastering_rt.session.presets import Preset
from mastering_rt.session.store import FORMAT as SESSION_FORMAT

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def param_rows(kind: str | None = None) -> list[dict[str, Any]]:
    """One row per parameter of a kind, or of all kinds, for `mastering-rt params`. UsageProblem for an unknown kind."""
    if kind is not None and kind not in STAGES:
        raise UsageProblem(f"There is no stage kind {kind!r}{hint(kind, STAGES, 'there are ' + ', '.join(STAGES))}")
    return [_row(k, param) for k in ([kind] if kind else STAGES) for param in params_of(k)]


def _row(kind: str, param: Param) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": param.id,
        "label": param.label,
        "unit": param.unit,
        "low": param.low,
        "high": param.high,
        "default": param.default,
        "range_text": range_text(param),
        "default_text": param.text(param.default),
        "choices": list(param.choices),
        "law": param.law,
        "change": param.change,
        "since": param.since,
        "help": param.help,
    }


def range_text(param: Param) -> str:
    """The range as a person reads it: its ends, or the choices."""
    return ", ".join(param.choices) if param.choices else f"{param.text(param.low)} to {param.text(param.high)}"


def value_schema(param: Param) -> Schema:
    """JSON schema of one parameter's value; a choice is its number, counted from 0."""
    schema: Schema = {"title": param.label, "description": param.help, "type": "integer" if param.law == "step" else "number",
                      "minimum": param.low, "maximum": param.high, "default": param.default}
    if param.unit:
        schema["x-unit"] = param.unit
    if param.choices:
        schema["x-choices"] = list(param.choices)
    return schema


def stage_schema(kind: str) -> Schema:
    """JSON schema of one slot of this kind. Keys of a newer version are allowed everywhere, since they are kept."""
    values = {param.id: value_schema(param) for param in params_of(kind)}
    return {
        "title": LABELS.get(kind, kind),
        "type": "object",
        "required": ["name", "kind"],
        "properties": {
            "name": {
                "type": "string",
                "pattern": f"^{kind}([2-9]|[1-9][0-9]{{1,5}})?$",
                "description": "Stable handle, unique in the chain.",
            },
            "kind": {"const": kind},
            "label": {"type": "string", "description": "What the user calls it; empty for the usual name.", "default": ""},
            "values": {
                "type": "object",
                "properties": values,
                "description": "Parameter id to value; what is missing has its default.",
            },
            **({"plugin": {"anyOf": [{"$ref": "#/$defs/PluginRef"}, {"type": "null"}]}} if kind == "plugin" else {}),
        },
    }


def session_schema() -> Schema:
    """JSON schema of a session file."""
    return _file_schema(Session, SESSION_FORMAT, "Mastering RT session")


def preset_schema() -> Schema:
    """JSON schema of a preset file."""
    return _file_schema(Preset, PRESET_FORMAT, "Mastering RT preset")


def _file_schema(cls: type[msgspec.Struct], kind: str, title: str) -> Schema:
    schema = msgspec.json.schema(cls)
    parts = {name: _without_internals(part) for name, part in schema["$defs"].items() if name != "SetAside"}
    parts["Slot"] = {"anyOf": [stage_schema(stage) for stage in STAGES] + [_other_kind()]}
    body = parts.pop(cls.__name__)
    body["properties"] = {"format": {"const": kind}, **body["properties"]}
    return {"$schema": DIALECT, "title": title, **body, "required": ["format", "version", *body["required"]], "$defs": parts}


def _without_internals(part: Schema) -> Schema:
    properties = {key: value for key, value in part["properties"].items() if key not in ("extra", "set_aside")}
    return {
        "description": part["description"].split("\n")[0],
        "type": "object",
        "properties": properties,
        "required": part.get("required", []),
    }


def _other_kind() -> Schema:
    return {"title": "A stage of a newer version", "type": "object", "required": ["kind"],
            "properties": {"kind": {"type": "string", "not": {"enum": list(STAGES)}}}}


def reference_page() -> str:
    """The parameter reference in Markdown."""
    parts = [
        "# Parameters",
        "",
        "Generated from `dsp_core/params` by `python -m mastering_rt.session.schema`; do not edit.",
        "",
        "On the command line a parameter is set by `--set SLOT.PARAM=VALUE`, for example `--set limiter.ceiling=-1` or",
        '`--set eq.band1_type="low cut"`. A slot is called by its kind, the second one `compressor2`. The values of a choice are',
        "typed by name, by the number a name begins with (6 for 6 dB/oct), or, where no name has one, by place, counted from 0. A *moves* parameter glides inside the running stage; a *swaps* parameter",
        "crossfades to a fresh one. N in `bandN_` is the number of a band, from 1 on.",
        "",
        "## Every stage",
        "",
        *_table(COMMON),
    ]
    for kind, own in STAGES.items():
        parts += ["", f"## {LABELS.get(kind, kind)} (`{kind}`)", "", *_table(own)]
    return "\n".join(parts) + "\n"


def _table(params: tuple[Param, ...]) -> list[str]:
    """Rows of a table; bands that repeat the same parameters are told once, as band N."""
    told: dict[str, list[Param]] = {}
    for param in params:
        told.setdefault(BAND.sub("bandN_", param.id), []).append(param)
    rows = [_line(param_id, alike) for param_id, alike in told.items()]
    return ["| id | name | range | default | change | what it does |", "|---|---|---|---|---|---|", *rows]


def _line(param_id: str, alike: list[Param]) -> str:
    first = alike[0]
    label = first.label if len(alike) == 1 else first.label.replace("Band 1", "Band N")
    defaults = ", ".join(dict.fromkeys(param.text(param.default) for param in alike))
    cells = (f"`{param_id}`", label, range_text(first), defaults, "moves" if first.change == "glide" else "swaps", first.help)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    print(reference_page(), end="")
