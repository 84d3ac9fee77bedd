"""Every shape that the client can say, changed in small steps: whatever is said of a step, values must bear it out."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from contract_tests.compat.edits import Document
from contract_tests.compat.samples import samples, values
from contract_tests.compat.verdicts import Side, Way, contradiction
from scripts.benchmark.growth import copies
from scripts.codegen.refusals import RefusedError
from scripts.compat.change import EVERY_OPERATION, gravest
from scripts.compat.contracts import compare
from scripts.compat.rules import Impact
from scripts.contract import SUBSCHEMA, SUBSCHEMAS, json_pointer, references, value_at

# One change in so many is tried; primes, so that each kind is met in some place.
OF_MORE, OF_OTHERS = 7, 53

NULL = {"type": "null"}
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}

# Shapes that the contracts of the benchmark do not have.
MORE = {
    "Merged": {
        "allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "maxLength": 5}, "b": TEXT}},
            {"properties": {"a": {"minLength": 1}, "c": {"type": "integer", "minimum": 0}}},
        ],
    },
    "Nulls": {
        "type": "object",
        "required": ["a", "b", "c", "d"],
        "properties": {
            "a": {"type": ["string", "null"]},
            "b": {"oneOf": [{"$ref": "#/components/schemas/Leaf"}, NULL]},
            "c": {"enum": ["x", None]},
            "d": {"oneOf": [{"type": ["string", "null"]}, {"type": "integer"}]},
        },
    },
    "Unions": {
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"type": "number"}, {"type": "integer"}]},
            "b": {"type": ["string", "integer"], "oneOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]},
            "c": {"enum": [0, 1, True, "a"]},
        },
    },
    "Choices": {
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"type": "string", "format": "uuid"}, TEXT]},
            "b": {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}, TEXT]},
            "c": {"anyOf": [{"enum": ["a", "abc"]}, TEXT, NULL]},
            "d": {"anyOf": [{"$ref": "#/components/schemas/Leaf"}, {"type": "object", "additionalProperties": TEXT}]},
            "e": {"anyOf": [{"type": "array", "items": {"format": "uuid", "type": "string"}}, {"type": "array"}]},
            "f": {"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "boolean"}]},
        },
    },
    "Pairs": {
        "type": "object",
        "properties": {
            "a": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["k"],
                        "properties": {"k": {"const": "a"}, "n": {"type": "integer"}},
                    },
                    {"type": "object", "required": ["k"], "properties": {"k": {"const": "x"}, "n": TEXT}},
                ]
            },
            "b": {
                "anyOf": [
                    {"type": "object", "required": ["a"], "properties": {"a": TEXT}, "additionalProperties": False},
                    {"type": "object", "required": ["x1"], "properties": {"x1": TEXT, "a": TEXT}},
                ]
            },
            "c": {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["x", "abc"]}, WHOLE]},
        },
    },
    "Holding": {
        "type": "object",
        "required": ["z"],
        "additionalProperties": TEXT,
        "properties": {
            "a": {"type": "array", "prefixItems": [{"$ref": "#/components/schemas/Leaf"}, TEXT]},
            "b": {"type": "object", "patternProperties": {"^x": {"$ref": "#/components/schemas/Leaf"}}},
            "c": {"type": "string", "not": {"const": "a"}},
        },
    },
}

NAMES = (
    *MORE,
    "Leaf",
    "Circle",
    "Square",
    "Bounds",
    "Dog",
    "Union",
    "Literal",
    "Forest",
    "Drawing",
    "Settings",
    "Catalogue",
)

# What a schema may say instead or as well.
SAID: tuple[tuple[str, Any], ...] = (
    *(("type", each) for each in ("string", "integer", "number", "object", ["string", "null"], ["object", "null"])),
    ("enum", ["a", "b"]), ("enum", [0, 1]), ("enum", ["a", None]), ("const", "a"), ("const", None), ("const", True),
    ("minLength", 2), ("maxLength", 2), ("minimum", 2), ("exclusiveMaximum", 2), ("minItems", 2), ("maxItems", 1),
    ("minProperties", 2), ("multipleOf", 2), ("pattern", "^a"), ("format", "date-time"), ("format", "uuid"),
    ("uniqueItems", True), ("contains", TEXT), ("not", TEXT), ("propertyNames", {"maxLength": 1}), ("default", "a"),
    ("items", TEXT), ("items", True), ("prefixItems", [{"type": "integer"}]), ("patternProperties", {"^x": TEXT}),
    ("additionalProperties", False), ("additionalProperties", True), ("additionalProperties", {"type": "integer"}),
    ("required", ["z"]), ("properties", {"added": TEXT}), ("description", "Words"), ("readOnly", True),
    ("anyOf", [TEXT, NULL]), ("oneOf", [TEXT, {"type": "integer"}]), ("allOf", [{"minLength": 1, "minimum": 1}]),
)  # fmt: skip


@cache
def schemas() -> dict[str, Any]:
    """Every shape by name."""
    found: dict[str, Any] = {**copies(1)["components"]["schemas"], **MORE}
    return found


def contract(name: str) -> Document:
    """A contract that takes a shape in one operation and gives it in another."""
    shape = {"$ref": f"#/components/schemas/{name}"}
    content = {"content": {"application/json": {"schema": shape}}}
    used = {each.rpartition("/")[2] for each in references({"components": {"schemas": schemas()}}, shape)} | {"Leaf"}
    document: Document = {
        "openapi": "3.1.0",
        "info": {"title": "Shapes", "version": "1.0.0"},
        "paths": {
            "/give": {"post": {"requestBody": content, "responses": {"204": {"description": "Taken"}}}},
            "/get": {"get": {"responses": {"200": {"description": "It", **content}}}},
        },
        "components": {"schemas": {each: schemas()[each] for each in sorted(used)}},
    }  # fmt: skip
    return copy.deepcopy(document)


def places(schema: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each schema within a schema, and where it stands."""
    yield at, schema
    for key, value in schema.items() if isinstance(schema, dict) else ():
        if key in SUBSCHEMA:
            yield from places(value, (*at, key))
        elif key in SUBSCHEMAS:
            for name, each in value.items() if isinstance(value, dict) else enumerate(value):
                yield from places(each, (*at, key, name))


def others(schema: Any) -> Iterator[Any]:
    """What a schema may become in one step."""
    yield from ({}, True, {"allOf": [schema]}, {"anyOf": [schema, NULL]}, {"oneOf": [schema, NULL]})
    yield from ({"oneOf": [schema, {"type": "number"}]}, {"$ref": "#/components/schemas/Leaf"})
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        yield {name: each for name, each in schema.items() if name != key}
        if key in ("anyOf", "oneOf"):
            yield {
                "anyOf" if name == "oneOf" else "oneOf" if name == "anyOf" else name: each
                for name, each in schema.items()
            }
        if isinstance(value, list) and len(value) > 1:
            yield from ({**schema, key: [*value[:index], *value[index + 1 :]]} for index in range(len(value)))
            yield {**schema, key: value[::-1]}
        if key in ("enum", "required"):
            yield {**schema, key: [*value, "other"]}
        if key == "properties":
            for name, field in value.items():
                rest = {each: value[each] for each in value if each != name}
                required = schema.get("required", [])
                yield {**schema, key: rest, "required": [each for each in required if each != name]}
                yield {**schema, key: {**rest, f"{name}2": field}}
                yield {**schema, "required": [*({*required} ^ {name})]}
    for key, value in SAID:
        joined = {**schema[key], **value} if isinstance(value, dict) and isinstance(schema.get(key), dict) else value
        yield {**schema, key: joined}


def changed(document: Document) -> Iterator[tuple[str, Document]]:
    """Each change of each schema, and what it makes of the contract."""
    for name, schema in document["components"]["schemas"].items():
        for at, each in places(schema, ("components", "schemas", name)):
            for other in others(each):
                new = copy.deepcopy(document)
                value_at(new, json_pointer(at[:-1]))[at[-1]] = copy.deepcopy(other)
                yield f"{json_pointer(at[2:])} becomes {other}", new


@pytest.mark.whole_run
@pytest.mark.parametrize("name", NAMES)
def test_verdict_of_each_step_is_borne_out_by_values(name: str) -> None:
    """A step that is not breaking refuses no request, and every reply reads on; one that is none changes nothing."""
    pointer = f"/components/schemas/{name}"
    first = contract(name)
    former, near = Side(first), values(first, pointer)
    wrong = []
    for what, document in [*changed(first)][:: OF_MORE if name in MORE else OF_OTHERS]:
        try:
            new = Side(document)
        except (RefusedError, RecursionError):
            continue
        tried = [*{json.dumps(each): each for each in (*near, *samples(document, pointer))}.values()]
        pairs = (("there", first, former, document, new), ("back", document, new, first, former))
        for direction, before, one, after, other in pairs:
            told = compare(before, after)
            for way in (Way("POST /give", pointer, True), Way("GET /get", pointer, False)):
                own = [each for each in told if each.operation in (way.operation, EVERY_OPERATION)]
                # An open object may have held anything by the name of a new field; nobody knew of it.
                is_open = way.is_request and any(each.rule.name == "request-field-added" for each in own)
                if gravest(own) is Impact.BREAKING or is_open:
                    continue
                if reason := contradiction(one, other, gravest(own), way, tried):
                    wrong.append(f"{direction}, {what}: {[each.rule.name for each in own]}, though {reason}")
    assert not wrong, "\n".join(wrong)
