"""What a value says by the contract, held against what a client reads it as and writes of it again."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contract_tests import judge
from contract_tests.intent import types_of
from contract_tests.proof import client
from contract_tests.proof.places import places
from contract_tests.proof.same_value import (
    NOTHING,
    differences,
    equal_in_json,
    to_the_letter,
    to_the_microsecond,
)
from scripts.contract import json_pointer

JSON = Any

LEAP_SECOND = "2016-12-31T23:59:60.5Z"
BEFORE_LEAP_SECOND = "2016-12-31T23:59:59.999999Z"

Misread = tuple[str, JSON, Any]
"""The pointer of a part, what came, and what it reads as."""


def misread(schema: judge.Schema | bool, value: JSON, read: Any, here: str = "") -> Iterator[Misread]:
    """Where what a value was read as does not say what came: absent and null both read as None.

    A part that fits no member of a union is left out, as nobody says what it should read as.
    """
    found = [list(_misread(each, value, read, here)) for each in judge.counted_as(schema, value)]
    if all(found):
        yield from (found or [[]])[0]


def unlike(schema: judge.Schema | bool, before: JSON, after: JSON) -> Iterator[tuple[str, JSON, JSON]]:
    """Pointer and both values of every place where two values mean something else by their schema.

    A date-time is an instant, to the microsecond; a UUID may be written in capitals, and an integer with a fraction
    of zero.
    """
    found = list(differences(before, after, same=to_the_letter))
    schemas = dict(places(schema, before)) if found else {}
    for at, one, other in found:
        if at not in schemas or not any(_is_same(each, one, other) for each in judge.counted_as(schemas[at], one)):
            yield at, one, other


def _is_same(schema: judge.Schema, one: JSON, other: JSON) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        match schema.get("format"):
            case "date-time":
                return to_the_microsecond(one, other)
            case "uuid":
                return one.lower() == other.lower()
    return type(one) in (int, float) and type(other) in (int, float) and bool(one == other)


def _misread(schema: judge.Schema, value: JSON, read: Any, here: str) -> Iterator[Misread]:
    if value is None:
        is_wrong = read is not None
    elif isinstance(value, dict) and _is_object(schema):
        yield from _misread_object(schema, value, read, here)
        return
    elif isinstance(value, list) and _is_array(schema):
        if isinstance(read, list) and len(read) == len(value):
            for index, item, inner in judge.parts_of(schema, value):
                # Items of which each has a schema of its own are one union in Python.
                if "prefixItems" not in schema:
                    yield from misread(inner or {}, item, read[int(index)], f"{here}/{index}")
            return
        is_wrong = True
    else:
        is_wrong = not _reads_as(schema, value, read)
    if is_wrong:
        yield here, value, read


def _is_object(schema: judge.Schema) -> bool:
    """Whether an object is read as a model: its schema speaks of objects."""
    return "object" in types_of(schema) or bool(
        schema.keys() & {"properties", "patternProperties", "additionalProperties"}
    )


def _is_array(schema: judge.Schema) -> bool:
    return "array" in types_of(schema) or "items" in schema


def _misread_object(schema: judge.Schema, value: dict[str, JSON], read: Any, here: str) -> Iterator[Misread]:
    names = client.attributes(schema)
    further: Any = getattr(read, "additional_properties", NOTHING)
    if not isinstance(further, dict) or not _is_its_class(schema, read):
        yield here, value, read
        return
    fields = schema.get("properties", {})
    for wire, name in names.items():
        inner = getattr(read, name, NOTHING)
        yield from misread(fields.get(wire, True), value.get(wire), inner, here + json_pointer([wire]))
    unknown = {}
    for wire, each in value.items():
        entry = None if wire in names else judge.entry_of(schema, wire)
        if entry is not None:
            yield from misread(entry, each, further.get(wire, NOTHING), here + json_pointer([wire]))
        elif wire not in names:
            unknown[wire] = each
    provides = judge.entry_of(schema, "") is not None or "patternProperties" in schema
    kept = {wire: each for wire, each in further.items() if not provides or wire in unknown or wire not in value}
    # Beside fields that it provides for, what a model has no name for may be kept elsewhere.
    expected = {wire: each for wire, each in unknown.items() if not provides or wire in kept}
    if json.dumps(expected, sort_keys=True) != json.dumps(kept, sort_keys=True, default=repr):
        yield here, expected, kept


def _is_its_class(schema: judge.Schema, read: Any) -> bool:
    """Whether a model is of the class of a schema that was referred to; any is where none was."""
    if not client.is_ours() or (pointer := judge.referred(schema)) is None:
        return True
    try:
        return type(read) is client.class_at(pointer)
    except AttributeError:  # it has no class of its own
        return True


def _reads_as(schema: judge.Schema, value: JSON, read: Any) -> bool:
    is_text = isinstance(value, str) and (not client.is_ours() or "string" in types_of(schema))
    enum = judge.enum_of(schema)
    match schema.get("format") if is_text and enum is None else None:
        case "date-time":
            expected = BEFORE_LEAP_SECOND if value == LEAP_SECOND else value
            return isinstance(read, datetime) and to_the_microsecond(expected, read.isoformat())
        case "date":
            return type(read) is date and read.isoformat() == value
        case "uuid":
            return isinstance(read, UUID) and read == UUID(value)
    if enum is not None and judge.is_open_enum(schema):
        known = getattr(read, "is_known", True)
        is_same = isinstance(read, str if isinstance(value, str) else int) and bool(read == value)
        return (
            is_same and str(read) == str(value if isinstance(value, str) else int(value)) and known is (value in enum)
        )
    if enum is not None:
        return equal_in_json(value, read)
    if types_of(schema) in (["integer"], ["integer", "null"], ["null", "integer"]):
        return type(read) is int and read == value  # as 3.0 is one too
    return type(read) is type(value) and to_the_letter(value, read)
