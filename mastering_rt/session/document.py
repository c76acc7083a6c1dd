"""Between a session and the plain data of its file. What this version does not know is kept and written back.

A file holds {"format": ..., "version": n, ...}. Older versions are brought up to date by `migrate`, one function per step.
"""
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from dsp_core.params import STAGES
from mastering_rt.errors import SessionProblem
from mastering_rt.session.frozen import thaw
from mastering_rt.session.model import (
    VERSION,
    Loop,
    Marker,
    OutputSpec,
    PluginRef,
    Reference,
    Section,
    Slot,
    Snapshot,
    Source,
    table_of,
)

Document = dict[str, Any]
S = TypeVar("S", bound=Struct)
PARTS: dict[str, type[Struct]] = {"source": Source, "loop": Loop, "plugin": PluginRef}
LISTS: dict[str, type[Struct]] = {"chain": Slot, "markers": Marker, "outputs": OutputSpec, "references": Reference, "sections": Section,
                                  "snapshots": Snapshot}

# version that a function leaves -> the function; it gets the document as that version wrote it and gives the next one's
MIGRATIONS: dict[int, Callable[[Document], Document]] = {}


def migrate(
    document: Document, steps: Mapping[int, Callable[[Document], Document]] = MIGRATIONS, target: int = VERSION
) -> Document:
    """Bring a document of an older version up to `target`; a newer one stays as it is. SessionProblem for no version."""
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SessionProblem(f"its version is {version!r}; a version is a whole number from 1 on")
    while version < target:
        document = {**steps[version](document), "version": version + 1}
        version += 1
    return document


def to_document(value: Struct, kind: str) -> Document:
    """The plain data of a session or preset; kind stands first, so that a reader sees what it is."""
    return {"format": kind, **_plain(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        known = {name: _plain(getattr(value, name)) for name in value.__struct_fields__ if name not in ("extra", "set_aside")}
        if isinstance(value, Slot):
            known["values"] = {key: int(number) if number.is_integer() else number for key, number in value.values.items()}
            if not value.locked:
                del known["locked"]
            if value.plugin is None:
                del known["plugin"]
        for aside in getattr(value, "set_aside", ()):
            known["chain"].insert(aside.position, thaw(aside.document))
        return _merged(known, thaw(getattr(value, "extra", {})))
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return thaw(value)


def _merged(known: Document, extra: Document) -> Document:
    """`known` with what `extra` has in addition, inside nested dicts too; what is known wins."""
    merged = dict(known)
    for key, value in extra.items():
        if key not in merged:
            merged[key] = value
        elif isinstance(merged[key], dict) and isinstance(value, dict):
            merged[key] = _merged(merged[key], value)
    return merged


def from_document(document: Document, cls: type[S], kind: str) -> tuple[S, tuple[str, ...]]:
    """The value and sentences about what this version does not know. SessionProblem with the key path of what is wrong."""
    if document.get("format") != kind:
        raise SessionProblem(f"it is not a {kind} file, its format is {document.get('format')!r}")
    current = {key: value for key, value in migrate(document).items() if key != "format"}
    try:
        value = msgspec.convert(_sorted_out(current, cls), cls)
    except msgspec.ValidationError as error:
        raise SessionProblem(_with_path(str(error), current["version"])) from None
    return value, tuple(_unknown(value, current["version"]))


def _with_path(message: str, version: int) -> str:
    sentence, _, path = message.partition(" - at `$")
    where = path.rstrip("`").lstrip(".")
    newer = (
        f"; it was written by a newer version of Mastering RT (format {version}), which may know it" if version > VERSION else ""
    )
    return f"{where}: {sentence}{newer}" if where else sentence + newer


def _sorted_out(document: Any, cls: type[Struct]) -> Any:
    """Known keys to their fields, the others into `extra`, slots of unknown kind aside. msgspec tells the wrong types."""
    if not isinstance(document, dict):
        return document
    fields = [name for name in cls.__struct_fields__ if name not in ("extra", "set_aside")]
    known = {key: value for key, value in document.items() if key in fields}
    extra = {key: value for key, value in document.items() if key not in fields}
    for key, part in PARTS.items():
        if key in known:
            known[key] = _sorted_out(known[key], part)
    for key, part in LISTS.items():
        if isinstance(known.get(key), list):
            known[key] = [_sorted_out(item, part) for item in known[key]]
    if cls is Slot:
        _sort_values(known, extra)
    if "chain" in known and "set_aside" in cls.__struct_fields__ and isinstance(known["chain"], list):
        known["chain"], known["set_aside"] = _set_aside(document["chain"], known["chain"])
    return {**known, "extra": extra}


def _sort_values(known: Document, extra: Document) -> None:
    kind, values = known.get("kind"), known.get("values")
    if isinstance(values, dict) and isinstance(kind, str) and kind in STAGES:
        wrong = next((key for key in values if key in table_of(kind) and type(values[key]) not in (int, float)), None)
        if wrong:
            raise SessionProblem(f"{known.get('name', kind)}.{wrong} is {json.dumps(values[wrong])}, not a number")
        known["values"] = {key: value for key, value in values.items() if key in table_of(kind)}
        unknown = {key: value for key, value in values.items() if key not in table_of(kind)}
        if unknown:
            extra["values"] = unknown


def _set_aside(raw: list[Any], chain: list[Any]) -> tuple[list[Any], list[Document]]:
    aside = [{"position": place, "document": item} for place, item in enumerate(raw) if _unknown_kind(item)]
    return [slot for item, slot in zip(raw, chain) if not _unknown_kind(item)], aside


def _unknown_kind(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("kind"), str) and item["kind"] not in STAGES


def _unknown(value: Any, version: int) -> Iterator[str]:
    since = f"; the file was written by a newer version (format {version})" if version > VERSION else ""
    for aside in (*getattr(value, "set_aside", ()), *(a for snapshot in getattr(value, "snapshots", ()) for a in snapshot.set_aside)):
        kind = aside.document["kind"]
        name = aside.document.get("name", kind)
        yield f"The stage {name!r} is of a kind this version does not have, {kind!r}: kept in the file, but not heard{since}."
    keys = list(_unknown_keys(value, ""))
    if keys:
        yield f"This version does not know {', '.join(keys)}: kept in the file, but without effect{since}."


def _unknown_keys(value: Any, path: str) -> Iterator[str]:
    for key, item in getattr(value, "extra", {}).items():
        if key == "values" and isinstance(value, Slot):
            yield from (f"{value.name}.{param_id}" for param_id in item)
        else:
            yield path + key
    for name in (*PARTS, *LISTS):
        parts = getattr(value, name, None)
        for part in parts if isinstance(parts, tuple) else (parts,):
            if part is not None:
                yield from _unknown_keys(part, f"{part.name}." if isinstance(part, Slot) else f"{path}{name}.")
