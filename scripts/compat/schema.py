"""What a schema says of a value, however it is written: references followed, `allOf` taken in, null apart.

What a schema means, the client and the proof judge by themselves: a shared fault would never be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from scripts import contract
from scripts.compat.same_value import same_value, without
from scripts.contract import SUBSCHEMA, SUBSCHEMAS, Place, json_pointer

# What nothing of a value depends on. `default` is said where a request leaves a field out.
ANNOTATIONS = (contract.ANNOTATIONS - {"default"}) | {"$anchor", "$defs", "$id", "$schema"}

# What has a place of its own in `Schema`.
_STRUCTURE = frozenset(
    {"$ref", "additionalProperties", "allOf", "anyOf", "enum", "items", "oneOf", "properties", "required", "type"}
)

_HOLDING = (SUBSCHEMA | SUBSCHEMAS) - _STRUCTURE - ANNOTATIONS

PASSTHROUGH = "x-passthrough"  # the one extension that the client heeds

# Bounds, with the sign of a change that lets more through.
BOUNDS = {
    "exclusiveMaximum": 1, "exclusiveMinimum": -1, "maximum": 1, "maxItems": 1, "maxLength": 1, "maxProperties": 1,
    "minimum": -1, "minItems": -1, "minLength": -1, "minProperties": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Union:
    """Several schemas of which one fits: any, or exactly one."""

    members: tuple[Place, ...]
    is_exclusive: bool


@dataclass(frozen=True)
class Schema:
    """What a schema says. `pointers` tells for each keyword where it stands; one that is not said stands at ''."""

    pointers: dict[str, str]
    types: frozenset[str] | None = None
    """Without null; None: of any type."""
    nullable: bool = True
    enum: tuple[Any, ...] | None = None
    """Without null."""
    fields: dict[str, Place] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Place | None = None
    further: Place | None = None
    """What fields of other names hold; None: they may hold anything."""
    unions: tuple[Union, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    """All others that hold a value."""
    schemas: dict[str, dict[str, Place]] = field(default_factory=dict)
    """All others that hold schemas, by name or index."""

    def pointer(self, keyword: str = "") -> str:
        """Where a keyword stands, or would stand."""
        return self.pointers.get(keyword) or self.pointers[""] + (json_pointer([keyword]) if keyword else "")

    @property
    def alternatives(self) -> tuple[Place, ...]:
        """The members of all unions."""
        return tuple(each for union in self.unions for each in union.members)

    @property
    def is_closed(self) -> bool:
        """Whether it allows no fields of other names."""
        return self.further is not None and any(each.raw is False for each in (self.further, *self.further.beside))


def read(place: Place, above: tuple[tuple[str, ...], ...] = ()) -> Schema:
    """What the schema at a place says: whatever it is made of has to fit."""
    nothing = Schema({"": place.pointer})
    if place.identity in above:  # it holds itself, with nothing in between
        return nothing
    above = (*above, place.identity)
    return reduce(_both, (each for part in _parts(place) for each in _said(part, above)), nothing)


def _parts(place: Place, above: tuple[str, ...] = ()) -> Iterator[Place]:
    """The objects that a schema is made of, the outermost last."""
    for each in place.beside:
        yield from _parts(each, above)
    if place.raw is False:
        yield place.at(place.pointer, {"not": {}})
    if not isinstance(place.raw, Mapping) or place.pointer in above:
        return
    above = (*above, place.pointer)
    if "$ref" in place.raw:
        yield from _parts(place.referred(), above)
    for index in range(len(place.raw.get("allOf", []))):
        yield from _parts(place.below("allOf", index), above)
    yield place


def _said(part: Place, above: tuple[tuple[str, ...], ...]) -> Iterator[Schema]:
    """What one object says: each of its unions, then the rest."""
    raw = part.raw
    for keyword in ("anyOf", "oneOf"):
        if keyword in raw:
            yield _read_union(part, keyword, above)
    types, nullable, enum = _read_types(raw)
    yield Schema(
        {"": part.pointer, **{key: part.pointer + json_pointer([key]) for key in raw}},
        types,
        nullable,
        enum,
        fields={name: part.below("properties", name) for name in raw.get("properties", {})},
        required=frozenset(raw.get("required", ())),
        items=part.below("items") if "items" in raw else None,
        further=part.below("additionalProperties") if "additionalProperties" in raw else None,
        keywords={
            key: value
            for key, value in raw.items()
            if key not in ANNOTATIONS | _STRUCTURE | _HOLDING and (key == PASSTHROUGH or not key.startswith("x-"))
        },
        schemas={key: _schemas(part, key) for key in raw if key in _HOLDING},
    )


def _schemas(part: Place, keyword: str) -> dict[str, Place]:
    """The schemas below a keyword."""
    if keyword in SUBSCHEMA:
        return {"": part.below(keyword)}
    value = part.raw[keyword]
    return {str(key): part.below(keyword, key) for key in (value if isinstance(value, Mapping) else range(len(value)))}


def _read_types(raw: Mapping[str, Any]) -> tuple[frozenset[str] | None, bool, tuple[Any, ...] | None]:
    """The types that fit one object, whether null does, and the values that do."""
    stated = raw.get("type")
    types = None if stated is None else {stated} if isinstance(stated, str) else {*stated}
    values = raw["enum"] if "enum" in raw else [raw["const"]] if "const" in raw else None
    if values is not None:
        values = [value for value in values if types is None or not types.isdisjoint(_types_of(value))]
        types = {_types_of(value)[0] for value in values}
    enum = tuple(value for value in values or () if value is not None) or None if "enum" in raw else None
    return None if types is None else frozenset(types - {"null"}), types is None or "null" in types, enum


def _read_union(part: Place, keyword: str, above: tuple[tuple[str, ...], ...]) -> Schema:
    """What `anyOf` or `oneOf` says. One schema says what it says, with null beside it or without."""
    members = [part.below(keyword, index) for index in range(len(part.raw[keyword]))]
    some = [each for each in members if not _is_null(each.raw)]
    found = [read(each, above) for each in some]
    nulls = len(members) - len(some) + sum(each.nullable for each in found)
    nullable = nulls == 1 if keyword == "oneOf" else nulls > 0
    at = part.pointer + json_pointer([keyword])
    if len(some) == 1:
        pointers = found[0].pointers | ({"type": at} if len(members) > 1 else {})
        return replace(found[0], nullable=nullable, pointers=pointers)
    types: frozenset[str] | None = frozenset()
    for each in found:
        types = None if types is None or each.types is None else types | each.types
    unions = (Union(tuple(some), keyword == "oneOf"),) if some else ()
    return Schema({"": part.pointer, keyword: at}, types, nullable, unions=unions)


def _is_null(raw: Any) -> bool:
    return isinstance(raw, Mapping) and raw.get("type") == "null" and not raw.keys() - ANNOTATIONS - {"type"}


def _both(one: Schema, other: Schema) -> Schema:
    """What two schemas say of the same value; `other` stands further out."""
    types = one.types if other.types is None else other.types if one.types is None else _common(one.types, other.types)
    enum = one.enum if other.enum is None else other.enum
    if one.enum is not None and other.enum is not None:
        enum = tuple(without(one.enum, without(one.enum, other.enum)))
    if enum is not None and types is not None:
        enum = tuple(value for value in enum if not types.isdisjoint(_types_of(value)))
    home = one if one.fields and not other.fields else other
    keywords = one.keywords | other.keywords
    pointers = {**one.pointers, **other.pointers, "": home.pointers[""]}
    for key in one.keywords.keys() & other.keywords.keys():
        values = (one.keywords[key], other.keywords[key])
        if key in BOUNDS and BOUNDS[key] * (values[0] - values[1]) < 0:
            keywords[key], pointers[key] = values[0], one.pointers[key]  # which is the tighter one
        elif key not in ("default", PASSTHROUGH, *BOUNDS) and not same_value(*values):
            keywords[key] = values  # which cannot be weighed
    return Schema(
        pointers,
        types,
        one.nullable and other.nullable,
        enum,
        _together(one.fields, other.fields),
        one.required | other.required,
        _beside(one.items, other.items),
        _beside(one.further, other.further),
        one.unions + other.unions,
        keywords,
        {key: _together(one.schemas.get(key, {}), other.schemas.get(key, {})) for key in one.schemas | other.schemas},
    )


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The types of both; every integer is a number."""
    wider = [types | ({"integer"} if "number" in types else set[str]()) for types in (one, other)]
    common = wider[0] & wider[1]
    return common - {"integer"} if "number" in common else common


def _together(one: Mapping[str, Place], other: Mapping[str, Place]) -> dict[str, Place]:
    return {**one, **{name: _beside(one.get(name), place) or place for name, place in other.items()}}


def _beside(one: Place | None, other: Place | None) -> Place | None:
    """The place that stands further out, with the other one beside it."""
    if one is None or other is None or one.identity == other.identity:
        return other or one
    return replace(other, beside=(*other.beside, one))


def _types_of(value: Any) -> tuple[str, ...]:
    """The types that a value is of, the narrowest first."""
    match value:
        case None:
            return ("null",)
        case bool():
            return ("boolean",)
        case int():
            return ("integer", "number")
        case float():
            return ("number",)
        case str():
            return ("string",)
        case list():
            return ("array",)
    return ("object",)


def means_the_same(one: Place, other: Place, *, null_aside: bool = False) -> bool:
    """Whether two schemas allow the same by the same words."""
    return _is_equal(one, other, set(), null_aside=null_aside)


def _is_equal(one: Place, other: Place, assumed: set[Any], *, null_aside: bool = False) -> bool:
    """The same; a pair that is met again is taken for equal, so that schemas which hold one another come to an end."""
    pair = (one.identity, other.identity)
    if pair in assumed:
        return True
    if not null_aside:
        assumed.add(pair)
    was, now = read(one), read(other)
    if _plain(was) != _plain(now) or not (null_aside or was.nullable == now.nullable):
        return False
    if without(was.enum or (), now.enum or ()) or without(now.enum or (), was.enum or ()):
        return False
    below, other_below = _below(was), _below(now)
    if not same_value(was.keywords, now.keywords) or (below.keys() ^ other_below.keys()) - _OF_ANYTHING:
        return False
    return all(
        _is_equal(below.get(key) or anything(one, key[0]), other_below.get(key) or anything(other, key[0]), assumed)
        for key in below | other_below
    )


_OF_ANYTHING = {("items", ""), ("additionalProperties", "")}  # what says nothing of them says that they are anything


def _plain(schema: Schema) -> Any:
    kinds = [(len(each.members), each.is_exclusive) for each in schema.unions]
    return schema.types, schema.required, schema.enum is None, kinds


def _below(schema: Schema) -> dict[tuple[str, str], Place]:
    """Every schema that a schema holds, by where."""
    every = {
        **schema.schemas,
        "properties": schema.fields,
        "union": {str(index): each for index, each in enumerate(schema.alternatives)},
        "items": {"": schema.items} if schema.items else {},
        "additionalProperties": {"": schema.further} if schema.further else {},
    }
    return {(key, name): each for key, some in every.items() for name, each in some.items()}


def has_the_same_unions(one: Schema, other: Schema) -> bool:
    """Whether the unions of two schemas mean the same."""
    return _plain(one)[-1] == _plain(other)[-1] and all(map(means_the_same, one.alternatives, other.alternatives))


def is_bare_union(schema: Schema) -> bool:
    """Whether a schema says nothing beside one union."""
    types = [read(each).types for each in schema.alternatives]
    bare = Schema(
        schema.pointers,
        None if None in types else frozenset[str]().union(*(each or () for each in types)),
        schema.nullable,
        unions=schema.unions[:1],
    )
    return schema == bare


def is_of_one_type(values: Iterable[Any]) -> bool:
    """Whether values are all texts, or all whole numbers, of which the client makes an enum."""
    return {type(value) for value in values} in ({str}, {int})


def may_overlap(one: Place, other: Place, above: tuple[Any, ...] = ()) -> bool:
    """Whether a value may fit two schemas, as far as is known of it: an object that names fields holds no others."""
    pair = (one.identity, other.identity)
    if pair in above:
        return True
    schemas = (read(one), read(other))
    types = [each.types for each in schemas]
    if types[0] is not None and types[1] is not None and not (common := _common(types[0], types[1])):
        return False
    values = [_values(each) for each in schemas]
    if values[0] is not None and values[1] is not None:
        return len(without(values[0], values[1])) < len(values[0])
    formats = [each.keywords.get("format") for each in schemas]
    if None not in formats and formats[0] != formats[1]:
        return False
    if None in types or common != {"object"}:
        return True
    if any(another.fields and each.required - another.fields.keys() for each, another in (schemas, schemas[::-1])):
        return False
    shared = schemas[0].required & schemas[1].required & schemas[0].fields.keys() & schemas[1].fields.keys()
    return all(may_overlap(schemas[0].fields[name], schemas[1].fields[name], (*above, pair)) for name in shared)


def _values(schema: Schema) -> tuple[Any, ...] | None:
    return (schema.keywords["const"],) if "const" in schema.keywords else schema.enum


def means_anything(place: Place) -> bool:
    """Whether a schema allows any value."""
    return means_the_same(place, anything(place, ""))


def anything(place: Place, keyword: str) -> Place:
    """What a keyword says that a schema does not hold."""
    return place.at(place.pointer + json_pointer([keyword]), {})


def in_words(place: Place, above: tuple[tuple[str, ...], ...] = ()) -> str:
    """A schema in a few words, such as `string (uri) or null`."""
    schema = read(place)
    if place.identity in above:
        return "itself"
    if schema.enum:
        words = "one of " + ", ".join(map(str, schema.enum))
    elif schema.unions:
        words = " or ".join(in_words(each, (*above, place.identity)) for each in schema.alternatives)
    elif schema.types is None:
        return "object" if schema.fields else "anything"
    elif not schema.types:
        return "null" if schema.nullable else "nothing"
    else:
        words = type_in_words(schema.types)
    if kind := schema.keywords.get("format"):
        words = f"{words} ({kind})"
    return f"{words} or null" if schema.nullable else words


def type_in_words(types: frozenset[str] | None) -> str:
    """Types of JSON in words."""
    return "anything" if types is None else " or ".join(sorted(types)) or "null"
