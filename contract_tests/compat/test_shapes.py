"""Every shape that the client can say, changed in small steps: whatever is said of a step, values must bear it out."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from contract_tests.compat.edits import Document
from contract_tests.compat.verdicts import Tried, contradiction, fitting
from scripts.benchmark.growth import copies
from scripts.codegen import python
from scripts.codegen.refusals import RefusedError
from scripts.compat.change import gravest
from scripts.compat.contracts import compare
from scripts.compat.rules import Impact
from scripts.contract import SUBSCHEMA, SUBSCHEMAS, json_pointer, pointer_of, references, value_at

# One change in so many is tried; primes, so that each kind is met in some place.
OF_MORE, OF_OTHERS = 5, 29

NULL = {"type": "null"}
TEXT = {"type": "string"}

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

NAMES = (*MORE, "Leaf", "Circle", "Square", "Bounds", "Dog", "Union", "Literal", "Forest", "Drawing", "Settings")

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

ATOMS: tuple[Any, ...] = (
    None, True, 0, 1, 2, 5, 2.5, "", "a", "abc", "x", "2025-02-11", "2025-02-11T01:04:32Z",
    "3c90c3cc-0d44-4b50-8888-8dd25736052a", [], {}, ["a"], [1], ["a", "b"], {"a": "x"}, {"x1": "s"}, {"k": 1},
    {"name": "n"}, {"name": "n", "size": 1}, [{"name": "n"}, "a"],
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


def values(document: Document, name: str) -> tuple[Any, ...]:
    """Values near a shape: each field of one that fits gone, or of another kind, and what is nothing like it."""
    shape = document["components"]["schemas"][name]
    fields = dict(_fields(document, shape))
    fitting_fields = {key: _fit(document, each) for key, each in fields.items()}
    whole = {key: some[0] for key, some in fitting_fields.items() if some}
    near = [{**whole, key: each} for key, some in fitting_fields.items() for each in (*some[:4], *ATOMS)]
    near += [{key: each for key, each in whole.items() if key != gone} for gone in fields]
    near += [{**whole, "z": 1}, {**whole, "z": 1, "added": "a"}, {**whole, "z": "a", "added": 1}, {**whole, "z": "a"}]
    lists = [[each] for each in near[:5]]
    return (*{json.dumps(each): each for each in (*ATOMS, *near, *lists)}.values(),)


def _fields(document: Document, schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for each in schema.get("allOf", []):
            yield from _fields(document, each)
        if "$ref" in schema:
            yield from _fields(document, value_at(document, pointer_of(schema["$ref"])))
        yield from schema.get("properties", {}).items()


def _fit(document: Document, schema: Any) -> list[Any]:
    """Some values that fit a schema."""
    found = [*ATOMS, *schema.get("enum", ())] if isinstance(schema, dict) else [*ATOMS]
    document = {**document, "components": {"schemas": {**document["components"]["schemas"], "Field": schema}}}
    nested = {key: some[0] for key, each in _fields(document, schema) if (some := _fit(document, each))}
    found += [nested, [nested], "AB-12", "https://example.com", 1.5, 12, [1, "a"], "circle", "square"]
    return [
        value
        for value, fits in zip(
            found, fitting(document, Tried("/components/schemas/Field", True, tuple(found))), strict=True
        )
        if fits
    ]


@pytest.mark.whole_run
@pytest.mark.parametrize("name", NAMES)
def test_verdict_of_each_step_is_borne_out_by_values(name: str) -> None:
    """A step that refuses a request which was valid, or allows a reply which no client expects, is breaking."""
    former = contract(name)
    wrong = []
    for what, new in [*changed(former)][:: OF_MORE if name in MORE else OF_OTHERS]:
        try:
            python.Python(new)
        except RefusedError:
            continue
        tried = values(former, name) + values(new, name)
        for label, is_request in (("POST /give", True), ("GET /get", False)):
            for way, one, other in (("there", former, new), ("back", new, former)):
                told = [each for each in compare(one, other) if each.operation in (label, "all operations")]
                # An open object may have held anything by the name of a new field; nobody knew of it.
                is_open = is_request and any(each.rule.name == "request-field-added" for each in told)
                if gravest(told) is Impact.BREAKING or is_open:
                    continue
                if reason := contradiction(
                    one, other, gravest(told), Tried(f"/components/schemas/{name}", is_request, tried)
                ):
                    wrong.append(f"{way}, {what}: {[each.rule.name for each in told]}, though {reason}")
    assert not wrong
