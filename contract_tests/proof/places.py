"""The places of a JSON value: what a schema says of each, what stands there, and a copy with something else there."""

from collections.abc import Iterator
from typing import Any

from contract_tests import judge
from scripts.contract import json_pointer, pointer_parts

JSON = Any

REMOVED: Any = object()


def places(schema: judge.Schema, value: JSON, here: str = "") -> Iterator[tuple[str, judge.Schema]]:
    """Every place of a value that the schema says something about, and what it says; nothing inside what is free."""
    yield here, schema
    for each in judge.alternatives(schema):
        if isinstance(value, dict):
            for name, field in each.get("properties", {}).items():
                if name in value:
                    yield from places(field, value[name], here + json_pointer([name]))
        if isinstance(value, list) and "items" in each:
            for index, item in enumerate(value):
                yield from places(each["items"], item, f"{here}/{index}")


def found_at(value: JSON, parts: list[str]) -> JSON:
    """What stands at a place of a value; REMOVED where nothing does."""
    for part in parts:
        if isinstance(value, list):
            value = value[int(part)]
        else:
            value = value.get(part, REMOVED) if isinstance(value, dict) else REMOVED
    return value


def changed(value: JSON, parts: list[str], new: JSON) -> JSON:
    """A copy of a value with another at a place, or without what REMOVED stands for."""
    if not parts:
        return new
    first, *rest = parts
    copy = value.copy()
    key = int(first) if isinstance(value, list) else first
    if new is REMOVED and not rest:
        del copy[key]
    else:
        copy[key] = changed(value[key], rest, new) if rest else new
    return copy


def shared_place(pointer: str) -> str:
    """A pointer with its indexes replaced, whatever the value is: items of an array share one place."""
    return json_pointer(["*" if part.isdecimal() else part for part in pointer_parts(pointer)])


def place_of(pointer: str, value: JSON) -> str:
    """A pointer into a value with its indexes replaced, since all items of an array share one place."""
    place: list[str] = []
    for part in pointer_parts(pointer):
        place.append("*" if isinstance(value, list) else part)
        value = found_at(value, [part])
    return json_pointer(place)
