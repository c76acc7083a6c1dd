"""JSON text that a person can read, both ways. What is wrong in a text is told with its line and column."""
import json
from collections.abc import Iterable
from math import isfinite
from typing import Any, NoReturn

from mastering_rt.errors import SessionProblem

LARGEST_BYTES = 64 * 2**20


def dump(document: dict[str, Any], journal: Iterable[str] = ()) -> bytes:
    """Indented UTF-8; bytes of a path that are no UTF-8 become escapes, so that every path survives. journal: entries in JSON, which
    stand last as the list of this name, one in each line."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    entries = ",\n    ".join(journal)
    if entries:
        text = f'{text.removesuffix("}").rstrip()},\n  "journal": [\n    {entries}\n  ]\n}}'
    return text.encode("utf-8", "backslashreplace") + b"\n"


def parse(data: bytes) -> dict[str, Any]:
    """The document in a file's bytes. SessionProblem says what is wrong and where, for a sentence that begins with the file."""
    if len(data) > LARGEST_BYTES:
        raise SessionProblem(f"it has {len(data) / 2**20:.0f} MiB; a session has a few kilobytes")
    try:
        document = json.loads(
            _decoded(data), parse_constant=_no_number, parse_float=_finite, parse_int=_whole, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise SessionProblem(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise SessionProblem("its brackets are nested too deeply") from None
    except ValueError as error:
        raise SessionProblem(str(error)) from None
    if not isinstance(document, dict):
        raise SessionProblem(f"it holds a {type(document).__name__}, not an object in braces")
    return document


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise ValueError("it is empty")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: byte {error.start} is not UTF-8 text") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}, which is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _whole(text: str) -> int:
    if len(text) > 19:
        raise ValueError(f"the number {text[:40]} is too large")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"it has the key {next(key for key in keys if keys.count(key) > 1)!r} twice in one object")
    return document
