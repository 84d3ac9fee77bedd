"""Verdicts held against values: what a change is said to do to callers, and what it does to values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from contract_tests.compat.edits import Document
from scripts.compat.rules import Impact
from scripts.contract import SUBSCHEMA, SUBSCHEMAS, reference

KEPT = ("not", "if")  # which allow more where what they hold allows less


@dataclass(frozen=True)
class Tried:
    """What goes one way by the schema at a pointer: values that differ in one place each."""

    pointer: str
    is_request: bool
    values: tuple[Any, ...]


def contradiction(former: Document, new: Document, impact: Impact | None, way: Tried) -> str | None:
    """What values say against the impact of a change that is not called breaking."""
    expected = former if way.is_request else as_read(former)
    for value, *fits in zip(way.values, *(fitting(each, way) for each in (former, new, expected)), strict=True):
        before, after, is_expected = fits
        if way.is_request and before and not after:
            return f"{value!r:.200} was a valid request"
        if not way.is_request and after and not is_expected:
            return f"{value!r:.200} is a reply that no client expects"
        if before != after and impact in (None, Impact.DOCUMENTATION):
            return f"it decides whether {value!r:.200} is valid"
    return None


def fitting(document: Document, way: Tried) -> list[bool]:
    """Which of the values fit."""
    judge = jsonschema_rs.Draft202012Validator({**document, "$ref": reference(way.pointer)}, validate_formats=True)
    return [judge.is_valid(value) for value in way.values]


def as_read(document: Document) -> Document:
    """A contract as a client reads replies by it: with open enums and objects, null where a field is optional, and
    unions of which several members may fit."""
    read: Document = json.loads(json.dumps(document))
    read["components"]["schemas"] = {name: _open(each) for name, each in read["components"]["schemas"].items()}
    return read


def _open(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    found = {key: _opened(key, value) for key, value in schema.items()}
    types = {type(value) for value in schema.get("enum", ()) if value is not None}
    if types in ({str}, {int}):  # of which the client makes a class
        del found["enum"]
        kind = "string" if types == {str} else "integer"
        found.setdefault("type", [kind, "null"] if None in schema["enum"] else kind)
    if found.get("additionalProperties") is False:
        del found["additionalProperties"]
    for name, field in found.get("properties", {}).items():
        if name not in schema.get("required", []):
            found["properties"][name] = {"anyOf": [field, {"type": "null"}]}
    one = found.pop("oneOf", None)
    return {**found, "allOf": [*found.get("allOf", []), {"anyOf": one}]} if one else found


def _opened(keyword: str, value: Any) -> Any:
    if keyword in SUBSCHEMA and keyword not in KEPT:
        return _open(value)
    if keyword in SUBSCHEMAS:
        return [_open(each) for each in value] if isinstance(value, list) else {k: _open(v) for k, v in value.items()}
    return value
