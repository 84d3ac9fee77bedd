"""What a schema says of a value, however it is written: references followed, `allOf` taken in, null apart.

What a schema means, the client and the proof judge by themselves: a shared fault would never be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from types import NoneType
from typing import Any, Literal

from scripts import contract
from scripts.compat.discriminators import family, is_family
from scripts.contract import SUBSCHEMA, SUBSCHEMAS, Place, json_pointer, same_value, without

Direction = Literal["request", "reply"]
"""Where values go: they are given in a request, or got in a reply."""

# What nothing of a value depends on. `default` is said where a request leaves a field out.
ANNOTATIONS = (contract.ANNOTATIONS - {"default"}) | {"$anchor", "$defs", "$id", "$schema"}

# What has a place of its own in `Schema`.
_STRUCTURE = frozenset(
    {
        "$ref", "additionalProperties", "allOf", "anyOf", "discriminator", "enum", "items", "oneOf", "properties",
        "required", "type",
    }
)  # fmt: skip

_HOLDING = (SUBSCHEMA | SUBSCHEMAS) - _STRUCTURE - ANNOTATIONS

PASSTHROUGH = "x-passthrough"  # the one extension that the client heeds

# Those whose values are compared as they are.
_COMPARED = contract.KEYWORDS - ANNOTATIONS - _STRUCTURE | {PASSTHROUGH}

# By the direction of values, what says of a field that only the other direction has to have it.
OF_OTHER_DIRECTION: dict[Direction, str] = {"request": "readOnly", "reply": "writeOnly"}

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
    discriminator: Place | None = None
    is_family: bool = False
    """Whether they are a schema and its heirs, of which it reads what is of no heir."""


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
    one_way: frozenset[str] = frozenset()
    """Whether it is `readOnly` or `writeOnly`."""

    def pointer(self, keyword: str = "") -> str:
        """Where a keyword stands, or would stand."""
        return self.pointers.get(keyword) or self.pointers[""] + (json_pointer([keyword]) if keyword else "")

    @property
    def alternatives(self) -> tuple[Place, ...]:
        """The members of all unions."""
        return tuple(each for union in self.unions for each in union.members)

    @property
    def speaks_of_fields(self) -> bool:
        """Whether it says something that only an object can have."""
        return bool(self.fields or self.further or "patternProperties" in self.schemas)

    @property
    def provides_for_more(self) -> bool:
        """Whether its further fields are more than what nothing forbids: callers know that there are such."""
        names_none = not (self.fields or "patternProperties" in self.schemas)
        return self.types is not None and not self.is_closed and (self.further is not None or names_none)

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
    referred = _referred(place)
    if is_family(referred):
        discriminator = referred.below("discriminator")
        union = Union(tuple(family(referred)), is_exclusive=False, discriminator=discriminator, is_family=True)
        found = [read(each, above) for each in union.members]
        nullable = any(each.nullable for each in found)
        return Schema({"": referred.pointer}, _any_types(found), nullable, unions=(union,))
    return reduce(_merge, (each for part in _parts(place) for each in _read_object(part, above)), nothing)


def _referred(place: Place) -> Place:
    """The schema that one only refers to, be it in the one part of an `allOf`; else the one."""
    seen = set[str]()
    while isinstance(place.raw, Mapping) and place.pointer not in seen and not place.beside:
        seen.add(place.pointer)
        said = {key for key in place.raw if key not in ANNOTATIONS and not key.startswith("x-")}
        if said == {"$ref"}:
            place = place.referred()
        elif said == {"allOf"} and len(place.raw["allOf"]) == 1:
            place = place.below("allOf", 0)
    return place


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


def _read_object(part: Place, above: tuple[tuple[str, ...], ...]) -> Iterator[Schema]:
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
        keywords={key: value for key, value in raw.items() if key in _COMPARED},
        schemas={key: _schemas(part, key) for key in raw if key in _HOLDING},
        one_way=frozenset(each for each in OF_OTHER_DIRECTION.values() if raw.get(each) is True),
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
        values = [value for value in values if types is None or not types.isdisjoint(types_of(value))]
        types = {types_of(value)[0] for value in values}
    enum = tuple(value for value in values or () if value is not None) or None if "enum" in raw else None
    return None if types is None else frozenset(types - {"null"}), types is None or "null" in types, enum


def _read_union(part: Place, keyword: str, above: tuple[tuple[str, ...], ...]) -> Schema:
    """What `anyOf` or `oneOf` says. One schema says what it says, with null beside it or without."""
    members = [part.below(keyword, index) for index in range(len(part.raw[keyword]))]
    every = [(each, read(each, above)) for each in members]
    nulls = sum(schema.nullable for _, schema in every)
    some = [each for each, schema in every if not _is_null(schema)]
    found = [schema for _, schema in every if not _is_null(schema)]
    nullable = nulls == 1 if keyword == "oneOf" else nulls > 0
    at = part.pointer + json_pointer([keyword])
    if len(some) == 1:
        pointers = found[0].pointers | ({"type": at} if len(members) > 1 else {})
        return replace(found[0], nullable=nullable, pointers=pointers)
    discriminator = part.below("discriminator") if "discriminator" in part.raw else None
    unions = (Union(tuple(some), keyword == "oneOf", discriminator),) if some else ()
    return Schema({"": part.pointer, keyword: at}, _any_types(found), nullable, unions=unions)


def _any_types(schemas: Iterable[Schema]) -> frozenset[str] | None:
    """The types that any of these allows."""
    types: frozenset[str] | None = frozenset()
    for each in schemas:
        types = None if types is None or each.types is None else types | each.types
    return types


def _is_null(schema: Schema) -> bool:
    """Whether null fits, and nothing else."""
    return schema.types == frozenset() and schema.nullable


def _merge(one: Schema, other: Schema) -> Schema:
    """What two schemas say of the same value; `other` stands further out."""
    types = (
        one.types if other.types is None else other.types if one.types is None else common_types(one.types, other.types)
    )
    enum = one.enum if other.enum is None else other.enum
    if one.enum is not None and other.enum is not None:
        enum = tuple(without(one.enum, without(one.enum, other.enum)))
    if enum is not None and types is not None:
        enum = tuple(value for value in enum if not types.isdisjoint(types_of(value)))
    described = one if one.fields and not other.fields else other
    keywords = one.keywords | other.keywords
    pointers = {**one.pointers, **other.pointers, "": described.pointers[""]}
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
        fields=_merge_fields(one.fields, other.fields),
        required=one.required | other.required,
        items=_beside(one.items, other.items),
        further=_beside(one.further, other.further),
        unions=one.unions + other.unions,
        keywords=keywords,
        schemas={
            key: _merge_fields(one.schemas.get(key, {}), other.schemas.get(key, {}))
            for key in one.schemas | other.schemas
        },
        one_way=one.one_way | other.one_way,
    )


def common_types(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The types of both; every integer is a number."""
    wider = [types | ({"integer"} if "number" in types else set[str]()) for types in (one, other)]
    common = wider[0] & wider[1]
    return common - {"integer"} if "number" in common else common


def _merge_fields(one: Mapping[str, Place], other: Mapping[str, Place]) -> dict[str, Place]:
    return {**one, **{name: _beside(one.get(name), place) or place for name, place in other.items()}}


def _beside(one: Place | None, other: Place | None) -> Place | None:
    """The place that stands further out, with the other one beside it; each once, or they grew with each level."""
    if one is None or other is None or one.identity == other.identity:
        return other or one
    places = {each.pointer: each for each in (*one.beside, replace(one, beside=()), *other.beside)}
    places.pop(other.pointer, None)
    return replace(other, beside=tuple(places.values()))


def types_of(value: Any) -> tuple[str, ...]:
    """The types that a value is of, the narrowest first."""
    return _TYPES_OF.get(type(value), ("object",))  # constants that contradict each other are no JSON


_TYPES_OF = {
    NoneType: ("null",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    list: ("array",),
    dict: ("object",),
}


def is_bare_union(schema: Schema) -> bool:
    """Whether a schema says nothing beside one union."""
    types = _any_types(map(read, schema.alternatives))
    return schema == Schema(schema.pointers, types, schema.nullable, unions=schema.unions[:1])


def is_of_one_type(values: Iterable[Any]) -> bool:
    """Whether values are all texts, or all whole numbers, of which the client makes an enum."""
    return {type(value) for value in values} in ({str}, {int})


def anything(place: Place, keyword: str) -> Place:
    """What a keyword says that a schema does not hold: of one that says nothing itself, or the way down had no end."""
    return place if place.raw == {} and not place.beside else place.at(place.pointer + json_pointer([keyword]), {})


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


TYPE_KEYWORDS = ("type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const", "discriminator")


@dataclass(frozen=True)
class SchemaPair:
    """A schema of the former contract and the one in its place in the new contract, and what each says."""

    former: Place
    new: Place
    was: Schema
    now: Schema

    @classmethod
    def of(cls, former: Place, new: Place) -> SchemaPair:
        """The schemas at two places."""
        return cls(former, new, read(former), read(new))

    def where(self, keyword: str) -> str:
        """Where a keyword stands: in the new contract, or in the former one if it is gone."""
        return self.now.pointers.get(keyword) or self.was.pointers.get(keyword) or self.now.pointer(keyword)

    def pointers(self, keyword: str) -> list[str]:
        """Where both say, or would say, a keyword."""
        return [self.was.pointer(keyword), self.now.pointer(keyword)]

    def type_pointers(self) -> list[str]:
        """Where both say, or would say, of which types and which of several they are."""
        return [
            pointer
            for keyword in TYPE_KEYWORDS
            for pointer in (
                f"{self.former.pointer}/{keyword}",
                f"{self.new.pointer}/{keyword}",
                *self.pointers(keyword),
            )
        ]
