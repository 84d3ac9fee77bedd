"""What JSON values read as in Python, and whether a value may fit two schemas."""

from __future__ import annotations

import re
from typing import Any, Literal

from scripts.compat.schema import Schema, anything, common_types, is_of_one_type, read, types_of
from scripts.contract import Place, component_pointer, same_value

# Formats that become a Python type of their own, and URIs, which stay text: no value has two of them.
TYPED_FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d.*", re.ASCII),
    "uuid": re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE),
}
_CHECKED_FORMATS = {**TYPED_FORMATS, "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.*")}

# What a member of an enum is as well, and a whole number.
_STANDS_FOR = {("enum", "text"), ("enum", "int"), ("enum", "float"), ("int", "float")}

_TYPES = frozenset({"array", "boolean", "integer", "number", "object", "string"})

Fields = Literal["any", "of one", "of both"]

_Above = tuple[tuple[Any, Any], ...]  # the pairs that are being looked at


def reads_otherwise(former: Place, new: Place) -> bool:
    """Whether objects were dicts and are models now, or texts were texts and have a type of their own, or back.

    What another format, enum or alternative does is told of these.
    """
    was, now = read(former), read(new)
    if _alternatives(was) or _alternatives(now):
        is_told = bool(_alternatives(was)) == bool(_alternatives(now)) or not (was.unions and now.unions)
        return not is_told and values_read_otherwise(former, new)  # of which one has a constant beside them
    kinds = {type_: [_kind(each, type_, "")[0] for each in (was, now)] for type_ in _common(was, now)}
    is_told = was.keywords.get("format") != now.keywords.get("format") or "enum" in kinds.get("string", ())
    found = [kinds.get("object", []), [] if is_told else kinds.get("string", [])]
    return any(each[:1] != each[1:] for each in found)


def may_both_fit(one: Place, other: Place, fields: Fields = "any", above: _Above = ()) -> bool:
    """Whether a value may fit two schemas, as far as is known of it.

    `fields`: those that an object may have beside what is required of it: any where nothing forbids it, only those that
    one of the two names, or that both do.
    """
    pair = (one.identity, other.identity)
    if pair in above:
        return True
    above = (*above, pair)
    schemas = (read(one), read(other))
    for schema, another, at in ((*schemas, other), (*schemas[::-1], one)):
        if members := _alternatives(schema):
            return any(may_both_fit(each, at, fields, above) for each in members)
        if (values := values_of(schema)) is not None:
            return any(may_be(value, another) for value in values)
    types = _common(*schemas)
    formats = {each.keywords.get("format") for each in schemas} - {None}
    if types == {"string"} and len(formats) == 2 and (fields != "any" or formats <= _CHECKED_FORMATS.keys()):
        return False
    return bool(types) and (types != {"object"} or _may_both_hold(*schemas, fields, above))


def _may_both_hold(one: Schema, other: Schema, fields: Fields, above: _Above) -> bool:
    """Whether an object may have all fields that both want, each as both want it."""
    beside = [another.required - each.fields.keys() for each, another in ((one, other), (other, one))]
    if any(each.is_closed and wanted for each, wanted in zip((one, other), beside, strict=True)):
        return False
    unnamed = [bool(each.fields and wanted) for each, wanted in zip((one, other), beside, strict=True)]
    if (fields == "of one" and all(unnamed)) or (fields == "of both" and any(unnamed)):
        return False
    shared = (one.required | other.required) & one.fields.keys() & other.fields.keys()
    return all(may_both_fit(one.fields[name], other.fields[name], fields, above) for name in shared)


def values_read_otherwise(one: Place, other: Place, above: _Above = ()) -> bool:
    """Whether a value that fits two schemas may read as something else by the other one; by each class that has no name
    as by one of its own."""
    pair = (one.identity, other.identity)
    if pair in above or not may_both_fit(one, other):
        return False
    above = (*above, pair)
    schemas = (read(one), read(other))
    if any(map(_alternatives, schemas)):
        every = [_alternatives(schema) or (place,) for schema, place in zip(schemas, (one, other), strict=True)]
        return any(values_read_otherwise(each, another, above) for each in every[0] for another in every[1])
    for type_ in _common(*schemas):
        was, now = (_kind(each, type_, _name(place)) for each, place in zip(schemas, (one, other), strict=True))
        if was != now and (now[0], was[0]) not in _STANDS_FOR:
            return True
    if "array" not in _common(*schemas) or not (schemas[0].items or schemas[1].items):
        return False
    items = (schemas[0].items or anything(one, "items"), schemas[1].items or anything(other, "items"))
    return values_read_otherwise(*items, above)


def _kind(schema: Schema, type_: str, name: object) -> tuple[str, object]:
    """What a value of a JSON type reads as, and the class of that, where it is one of the contract's."""
    if type_ == "object":
        is_raw = schema.types is None and not schema.speaks_of_fields
        return ("dict", "") if is_raw else ("model", name)
    if schema.enum is not None and is_of_one_type(schema.enum):
        return ("enum", name)
    if type_ == "string":
        kind = schema.keywords.get("format")
        is_typed = kind in TYPED_FORMATS and schema.types is not None and values_of(schema) is None
        return (str(kind), "") if is_typed else ("text", "")
    is_whole = type_ == "integer" and "number" not in (schema.types or ())
    return {"integer": ("int" if is_whole else "float", ""), "number": ("float", "")}.get(type_, (type_, ""))


def _name(place: Place) -> object:
    """What a class is known by: the name of a component, or nothing that any other has."""
    return component_pointer(place) or object()


def _alternatives(schema: Schema) -> tuple[Place, ...]:
    """The alternatives that read a value: none beside a constant or an enum, which does."""
    return schema.alternatives if values_of(schema) is None else ()


def _types(schema: Schema) -> frozenset[str]:
    """The types of JSON that read as something; what only speaks of fields or of items reads nothing else."""
    if schema.types is not None:
        return schema.types
    return frozenset({"object"}) if schema.speaks_of_fields else frozenset({"array"}) if schema.items else _TYPES


def _common(one: Schema, other: Schema) -> frozenset[str]:
    return common_types(_types(one), _types(other))


def values_of(schema: Schema) -> tuple[Any, ...] | None:
    """The only values that a schema allows, if it lists them."""
    return (schema.keywords["const"],) if "const" in schema.keywords else schema.enum


def may_be(value: Any, schema: Schema) -> bool:
    """Whether a value of an enum, or a constant, may fit; what is not weighed counts as fitting."""
    types, values, kind = _types(schema), values_of(schema), schema.keywords.get("format")
    if values is not None:
        return any(same_value(value, each) for each in values)
    if types.isdisjoint(types_of(value)):
        return False
    return not (isinstance(value, str) and kind in _CHECKED_FORMATS) or bool(_CHECKED_FORMATS[kind].fullmatch(value))
