"""JSON values near a schema: some that fit, the same with one field of another kind, gone or added, and others."""

import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import jsonschema_rs

from contract_tests.compat.edits import Document
from scripts.contract import pointer_of, reference, value_at

UUID_TEXT = "3c90c3cc-0d44-4b50-8888-8dd25736052a"

ATOMS: tuple[Any, ...] = (
    None, True, 0, 1, 2, 5, 12, 2.5, 1.0, "", "a", "abc", "x", "AB-12", "2025-02-11", "2025-02-11T01:04:32Z", UUID_TEXT,
    "https://example.com", [], {}, ["a"], [1], ["a", "b"], [1, "a"], {"a": "x"}, {"x1": "s"}, {"k": 1}, {"name": "n"},
    {"name": "n", "size": 1}, [{"name": "n"}, "a"],
)  # fmt: skip

DEEPEST = 4  # levels of a sample
FEW = 4  # samples of one schema that others are made of


def samples(document: Document, pointer: str) -> list[Any]:
    """Values that fit the schema at a pointer."""
    found = _samples(document, value_at(document, pointer), DEEPEST)
    return [value for value, fits in zip(found, fitting(document, pointer, tuple(found)), strict=True) if fits]


def values(document: Document, pointer: str) -> tuple[Any, ...]:
    """Values near the schema at a pointer."""
    found = [*samples(document, pointer), *ATOMS]
    for whole in [each for each in found if isinstance(each, dict)][:2]:
        found += [{**whole, key: each} for key in whole for each in ATOMS]
        found += [{name: each for name, each in whole.items() if name != gone} for gone in whole]
        found += [{**whole, **more} for more in ({"z": 1}, {"z": 1, "added": "a"}, {"z": "a", "added": 1}, {"z": "a"})]
    return (*{json.dumps(each): each for each in found}.values(),)


def fitting(document: Document, pointer: str, values: tuple[Any, ...]) -> list[bool]:
    """Which of some values fit the schema at a pointer."""
    judge = jsonschema_rs.Draft202012Validator({**document, "$ref": reference(pointer)}, validate_formats=True)
    return [judge.is_valid(value) for value in values]


def _samples(document: Document, schema: Any, depth: int, above: tuple[int, ...] = ()) -> list[Any]:
    """Values that are meant for a schema, those that fit it first. `above`: what takes it in with no level between."""
    if not isinstance(schema, dict) or not schema:
        return ["a", {"k": 1}, UUID_TEXT, [1]]
    if depth < 0 or id(schema) in above:
        return []
    schemas = {**document["components"]["schemas"], "Sampled": schema}
    meant = _meant(document, schema, depth, (*above, id(schema)))
    fits = fitting({**document, "components": {"schemas": schemas}}, "/components/schemas/Sampled", tuple(meant))
    return [each for wanted in (True, False) for each, found in zip(meant, fits, strict=True) if found is wanted]


def _meant(document: Document, schema: dict[str, Any], depth: int, above: tuple[int, ...]) -> list[Any]:
    parts = [schema[key] for key in ("anyOf", "oneOf") if key in schema]
    found = [each for members in parts for each in _in_turn(document, members, depth, above)]
    if "$ref" in schema:
        found += _samples(document, value_at(document, pointer_of(schema["$ref"])), depth, above)
    found += schema.get("enum", [])
    found += [schema["const"]] if "const" in schema else []
    if schema.get("type", "object") == "object" or "object" in schema["type"]:
        found += _objects(document, schema, depth)
    if schema.get("type", "array") == "array" and schema.keys() & {"items", "prefixItems", "type"}:
        items = _samples(document, schema.get("items", {}), depth - 1)[:FEW]
        first = [some[0] for each in schema.get("prefixItems", []) if (some := _samples(document, each, depth - 1))]
        found += [[*first, each] for each in items] + [items[:2], first, []]
    for part in schema.get("allOf", []):
        inner = _samples(document, part, depth, above)
        pairs = [*zip_longest(inner, found, fillvalue=found[0])] if found else []
        found = [_merged(*each) for one, other in pairs for each in ((one, other), (other, one))] or inner
    return found + [each for each in ATOMS if not isinstance(each, dict | list)]


def _in_turn(document: Document, members: list[Any], depth: int, above: tuple[int, ...]) -> Iterator[Any]:
    rows = zip_longest(*(_samples(document, each, depth, above)[:FEW] for each in members))
    return (value for row in rows for value in row)


def _objects(document: Document, schema: Any, depth: int) -> list[Any]:
    some = {name: _samples(document, each, depth - 1)[:FEW] for name, each in schema.get("properties", {}).items()}
    whole = {name: each[0] for name, each in some.items() if each}
    for pattern, each in schema.get("patternProperties", {}).items():
        whole |= {re.sub(r"\W", "", pattern) + "-1": one for one in _samples(document, each, depth - 1)[:1]}
    if (more := schema.get("additionalProperties", False)) is not False:
        whole |= dict(zip(["more"], _samples(document, more, depth - 1)[:1], strict=False))
    least = {name: each for name, each in whole.items() if name in schema.get("required", [])}
    return [whole, least, *({**whole, name: each} for name, several in some.items() for each in several[1:])]


def _merged(one: Any, other: Any) -> Any:
    return {**one, **other} if isinstance(one, dict) and isinstance(other, dict) else one
