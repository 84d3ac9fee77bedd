"""Every keyword of every field of the contract loosened, tightened, renamed, removed or added: one change each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from contract_tests.mutations.edits import Document, Edit, below, drop, put, rename
from scripts.contract import json_pointer, pointer_parts

Schema = dict[str, Any]

OTHER_SOURCES = {"documented": "sdk", "sdk": "ours", "ours": "documented"}
OTHER_TYPES = {
    "string": "integer",
    "boolean": "string",
    "number": "string",
    "integer": "string",
    "array": "object",
    "object": "array",
}
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
OTHER_FORMATS = {"uri": "hostname", "date-time": "date", "uuid": "date", "date": "date-time"}


@dataclass(frozen=True)
class SchemaChange:
    """One keyword of one schema changes. `pointer` is the schema's place in the contract.

    `is_about_values` tells whether a value can be valid before and not after, or the other way round.
    """

    pointer: str
    what: str
    edit: Edit
    is_about_values: bool = True

    @property
    def name(self) -> str:
        """The place and what changes there."""
        return f"{self.pointer.removeprefix('/components/schemas/')}: {self.what}"


def schema_changes(document: Document) -> Iterator[SchemaChange]:
    """All changes of all named schemas of a contract."""
    for name, schema in document["components"]["schemas"].items():
        yield from changes_at(schema, json_pointer(["components", "schemas", name]))


def changes_at(schema: Any, pointer: str) -> Iterator[SchemaChange]:
    """All changes of a schema that stands at a pointer, and of those that it holds."""
    if not isinstance(schema, dict):
        return
    yield from _sources(schema, pointer)
    yield from _types(schema, pointer)
    if "enum" in schema:
        yield from _enums(schema, pointer)
    if "array" in _types_of(schema):
        yield from _lengths(schema, pointer)
    if "string" in _types_of(schema) and "enum" not in schema:
        yield from _strings(schema, pointer)
    if {"number", "integer"} & {*_types_of(schema)} and "enum" not in schema:
        yield from _numbers(schema, pointer)
    if "properties" in schema:
        yield from _fields(schema, pointer)
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from changes_at(schema[keyword], pointer + json_pointer([keyword]))
    for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for index, each in enumerate(schema.get(keyword, ())):
            yield from changes_at(each, pointer + json_pointer([keyword, index]))


def _sources(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    if "x-source" not in schema:
        return
    other = OTHER_SOURCES[schema["x-source"]]
    yield _change(pointer, f"x-source becomes {other}", put("x-source", value=other), values=False)
    yield _change(pointer, "x-source removed", drop("x-source"), values=False)
    if schema.get("x-passthrough"):
        yield _change(pointer, "x-passthrough removed", drop("x-passthrough"), values=False)


def _types(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    kinds = [each for each in _types_of(schema) if each != "null"]
    members = [(keyword, each) for keyword in ("anyOf", "oneOf") for each in schema.get(keyword, ())]
    if {"type": "null"} in [each for _, each in members] and len(members) == 2:
        keyword, _ = members[0]
        yield _change(pointer, "no longer nullable", put(keyword, value=schema[keyword][:1]))
        yield _change(pointer, "always null", put(keyword, value=schema[keyword][1:]))
    elif members:
        yield from _alternatives(schema, pointer)
    elif "$ref" in schema:
        if pointer_parts(pointer)[-2:-1] == ["properties"]:
            yield _change(pointer, "nullable added", _made_nullable)
            yield _change(pointer, "reference removed", drop("$ref"))
    elif "const" in schema:
        yield _change(pointer, "another constant", put("const", value="another"))
        yield _change(pointer, "const removed", drop("const"))
    elif not kinds:
        if not schema.keys() & {"type", "enum", "allOf", "properties"}:
            yield _change(pointer, "type string added", put("type", value="string"))
            yield _change(pointer, "type object added", put("type", value="object"))
    else:
        for kind in kinds:
            other = OTHER_TYPES[kind]
            yield _change(pointer, f"{kind} becomes {other}", partial(_retype, old=kind, new=other))
        if "enum" not in schema:  # which says by itself what type its members have
            yield _change(pointer, "type removed", drop("type"))
        if "null" in _types_of(schema):
            yield _change(pointer, "no longer nullable", put("type", value=kinds[0]))
        elif "enum" not in schema:
            yield _change(pointer, "nullable added", put("type", value=[*kinds, "null"]))


def _alternatives(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    """Of a union, each alternative and what tells them apart."""
    for keyword in ("anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, ()))):
            yield _change(pointer, f"{keyword}/{index} removed", drop(keyword, index))
        if keyword in schema:
            more = [*schema[keyword], {"type": "array", "items": {"type": "boolean"}}]
            yield _change(pointer, "an array of booleans fits too", put(keyword, value=more))
    mapping = schema.get("discriminator", {}).get("mapping", {})
    for value in mapping:
        yield _change(pointer, f"{value} called another", rename("discriminator", "mapping", value, to=f"{value}-2"))
    if len(mapping) > 1:
        first, second = list(mapping)[:2]
        exchanged = {**mapping, first: mapping[second], second: mapping[first]}
        edit = put("discriminator", "mapping", value=exchanged)
        yield _change(pointer, f"{first} and {second} exchanged", edit)


def _enums(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    first, last = schema["enum"][0], schema["enum"][-1]
    if len(schema["enum"]) > 1:
        yield _change(pointer, f"{last} removed", lambda each: each["enum"].remove(last))
        yield _change(pointer, f"{first} removed", lambda each: each["enum"].remove(first))
    other = 4711 if isinstance(first, int) else "OTHER"
    yield _change(pointer, f"{other} added", put("enum", value=[*schema["enum"], other]))
    if isinstance(first, str) and first.lower() not in schema["enum"]:
        lower = [first.lower(), *schema["enum"][1:]]
        yield _change(pointer, f"{first} in lower case", put("enum", value=lower))
    yield _change(pointer, "enum removed", drop("enum"))


def _lengths(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    for keyword, least in (("minItems", 1), ("maxItems", 100)):
        if keyword in schema:
            stated = schema[keyword]
            for other in (stated - 1, stated + 1):
                yield _change(pointer, f"{keyword} {other}", put(keyword, value=other))
            yield _change(pointer, f"{keyword} removed", drop(keyword))
        else:
            yield _change(pointer, f"{keyword} {least} added", put(keyword, value=least))


def _numbers(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    bounds = [each for each in BOUNDS if each in schema]
    for bound in bounds:
        yield _change(pointer, f"{bound} removed", drop(bound))
        yield _change(pointer, f"{bound} one more", put(bound, value=schema[bound] + 1))
    if not bounds:
        yield _change(pointer, "minimum 0 added", put("minimum", value=0))
    if "number" in _types_of(schema):
        yield _change(pointer, "whole numbers only", partial(_retype, old="number", new="integer"))


def _strings(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    stated = schema.get("format")
    if stated in OTHER_FORMATS:
        other = OTHER_FORMATS[stated]
        yield _change(pointer, f"format {stated} removed", drop("format"))
        yield _change(pointer, f"format {stated} becomes {other}", put("format", value=other))
    else:
        yield _change(pointer, "format uri added", put("format", value="uri"))
        if "minLength" not in schema:
            yield _change(pointer, "minLength 1 added", put("minLength", value=1))
        # What has a format is of ASCII anyway.
        if "pattern" not in schema:
            yield _change(pointer, "pattern of printable ASCII added", put("pattern", value="^[ -~]*$"))
    for keyword in ("minLength", "maxLength", "pattern"):
        if keyword in schema:
            yield _change(pointer, f"{keyword} removed", drop(keyword))
    if stated not in ("uuid", "date") and "maxLength" not in schema:
        limit = 255 if stated != "date-time" else 24
        yield _change(pointer, f"maxLength {limit} added", put("maxLength", value=limit))


def _fields(schema: Schema, pointer: str) -> Iterator[SchemaChange]:
    required = schema.get("required", [])
    for name, field in schema["properties"].items():
        place = pointer + json_pointer(["properties", name])
        yield from changes_at(field, place)
        yield _field_change(pointer, name, "renamed", partial(_rename, old=name, new=f"{name}2"))
        yield _field_change(pointer, name, "removed", partial(_remove, name=name))
        if name in required:
            yield _field_change(pointer, name, "no longer required", partial(_unrequire, name=name))
        else:
            yield _field_change(pointer, name, "required", put("required", value=[*required, name]))
    added = {"x-source": "ours", "type": "string"}
    yield _field_change(pointer, "addedField", "added", put("properties", "addedField", value=added))
    both = {"properties": {**schema["properties"], "addedField": added}, "required": [*required, "addedField"]}
    yield _field_change(pointer, "addedField", "added and required", lambda each: each.update(both))
    yield _change(pointer, "closed", put("additionalProperties", value=False))


def _change(pointer: str, what: str, edit: Edit, *, values: bool = True) -> SchemaChange:
    return SchemaChange(pointer, what, below(pointer, edit), values)


def _field_change(pointer: str, name: str, what: str, edit: Edit) -> SchemaChange:
    return SchemaChange(pointer + json_pointer(["properties", name]), what, below(pointer, edit))


def _types_of(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def _retype(schema: Schema, old: str, new: str) -> None:
    types = [new if each == old else each for each in _types_of(schema)]
    schema["type"] = types[0] if len(types) == 1 else list(dict.fromkeys(types))


def _made_nullable(schema: Schema) -> None:
    schema["oneOf"] = [{"$ref": schema.pop("$ref")}, {"type": "null"}]


def _rename(schema: Schema, old: str, new: str) -> None:
    schema["properties"][new] = schema["properties"].pop(old)
    if old in schema.get("required", []):
        schema["required"] = [new if each == old else each for each in schema["required"]]


def _remove(schema: Schema, name: str) -> None:
    del schema["properties"][name]
    _unrequire(schema, name)


def _unrequire(schema: Schema, name: str) -> None:
    schema["required"] = [each for each in schema.get("required", []) if each != name]
    if not schema["required"]:
        del schema["required"]
