"""The places of a JSON value: what a schema says of each, what stands there, and a copy with something else there."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from contract_tests import judge
from contract_tests.proof.same_value import NOTHING
from scripts.contract import json_pointer, pointer_parts

JSON = Any


def places(schema: judge.Schema | bool, value: JSON, here: str = "") -> Iterator[tuple[str, judge.Schema]]:
    """Every place of a value that the schema says something about, and what it says; nothing inside what is free."""
    if isinstance(schema, dict):
        yield here, schema
    for resolved in judge.counted_as(schema, value) or judge.alternatives(schema):
        if isinstance(value, dict | list):
            for key, each, inner in judge.parts_of(resolved, value):
                if isinstance(inner, dict) and inner:
                    yield from places(inner, each, here + json_pointer([key]))


def way_to(schema: judge.Schema | bool, value: JSON, parts: list[str]) -> list[tuple[judge.Schema, str]] | None:
    """What stands around a place, from the outside in: what is said of each, and where in it the place lies.

    None where any of it is a union, which a change at the place might make something else of.
    """
    way: list[tuple[judge.Schema, str]] = []
    for part in parts:
        resolved = judge.only(schema)
        if len([each for each in judge.members(resolved) if not judge.is_null(each)]) > 1:
            return None
        (resolved, *_) = judge.counted_as(resolved, value) or [resolved]
        way.append((resolved, part))
        schema = judge.part_of(resolved, value, part)
        value = found_at(value, [part])
    return way


def found_at(value: JSON, parts: Sequence[str]) -> JSON:
    """What stands at a place of a value; NOTHING where nothing does."""
    for part in parts:
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else NOTHING
        else:
            value = value.get(part, NOTHING) if isinstance(value, dict) else NOTHING
    return value


def changed(value: JSON, parts: Sequence[str], new: JSON) -> JSON:
    """A copy of a value with another at a place, or without what is there for NOTHING.

    A field may be new; a value that has no such place otherwise stays as it is.
    """
    if not parts:
        return new
    first, *rest = parts
    old = found_at(value, [first])
    is_new_field = isinstance(value, dict) and not rest and new is not NOTHING
    if old is NOTHING and not is_new_field:
        return value
    copy = value.copy()
    key = int(first) if isinstance(value, list) else first
    if new is NOTHING and not rest:
        del copy[key]
    else:
        copy[key] = changed(old, rest, new)
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


def is_within(place: str, outer: str) -> bool:
    """Whether a place is another one, or in it."""
    return f"{place}/".startswith(f"{outer}/")


def named_otherwise(wrong: Collection[str], named: Collection[str], unions: Collection[str]) -> set[str]:
    """Where what is named as wrong is not what is wrong: of a union, itself or something within it may be named."""
    of_unions = {each for each in named if any(is_within(each, union) for union in unions)}
    unnamed = {union for union in unions if not any(is_within(each, union) for each in of_unions)}
    return ({*wrong} - {*unions}) ^ ({*named} - of_unions) | unnamed
