"""What a schema says of a value, however it is written: references followed, `allOf` taken in, null apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.codegen.contract import json_pointer, references, value_at

# Keywords that say something to a reader and nothing of a value. `default` is said where a request leaves a field out.
ANNOTATIONS = frozenset(
    {
        "$anchor", "$comment", "$defs", "$id", "$schema", "deprecated", "description", "example", "examples",
        "externalDocs", "readOnly", "title", "writeOnly", "xml",
    }
)  # fmt: skip

# What has a place of its own in `Schema`.
_STRUCTURE = frozenset(
    {"$ref", "additionalProperties", "allOf", "anyOf", "enum", "items", "oneOf", "properties", "required", "type"}
)

PASSTHROUGH = "x-passthrough"  # the one extension that the client heeds


@dataclass(frozen=True)
class Place:
    """A part of a document and where it stands."""

    document: Mapping[str, Any]
    pointer: str
    raw: Any

    def below(self, *keys: str | int) -> Place:
        """What stands further down. Raises KeyError or IndexError where nothing does."""
        raw = self.raw
        for key in keys:
            raw = raw[key]
        return Place(self.document, self.pointer + json_pointer(keys), raw)

    def followed(self) -> Place:
        """The place that it refers to, if it does nothing else."""
        place = self
        while isinstance(place.raw, Mapping) and isinstance(place.raw.get("$ref"), str):
            pointer = place.raw["$ref"].removeprefix("#")
            place = Place(self.document, pointer, value_at(self.document, pointer))
        return place


@dataclass
class Schema:
    """What a schema says. `pointers` tells for each keyword where it stands; one that is not said stands at ''."""

    pointers: dict[str, str]
    types: frozenset[str] | None = None
    """Without null; None: of any type."""
    nullable: bool = False
    enum: tuple[Any, ...] | None = None
    """Without null."""
    fields: dict[str, Place] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Place | None = None
    further: Place | None = None
    """What fields of other names hold; None: they may hold anything."""
    alternatives: tuple[Place, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict)
    """All others."""

    def pointer(self, keyword: str = "") -> str:
        """Where a keyword stands, or would stand."""
        return self.pointers.get(keyword) or self.pointers[""] + (json_pointer([keyword]) if keyword else "")


def read(place: Place) -> Schema:
    """What the schema at a place says. What stands further out wins over what it refers to."""
    said: dict[str, Place] = {}
    fields: dict[str, Place] = {}
    required: set[str] = set()
    home = place
    for part in _parts(place):
        home = part if "properties" in part.raw else home
        for key in part.raw:
            if key == "properties":
                fields |= {name: part.below(key, name) for name in part.raw[key]}
            elif key == "required":
                required.update(part.raw[key])
            said[key] = part.below(key)
    schema = Schema({"": home.pointer, **{key: each.pointer for key, each in said.items()}})
    schema.fields, schema.required = fields, frozenset(required)
    schema.items = said.get("items")
    schema.further = said.get("additionalProperties")
    schema.keywords = {
        key: each.raw
        for key, each in said.items()
        if key not in ANNOTATIONS | _STRUCTURE and (key == PASSTHROUGH or not key.startswith("x-"))
    }
    _read_types(schema, said)
    _read_alternatives(schema, said)
    return schema


def _parts(place: Place, above: tuple[str, ...] = ()) -> Iterator[Place]:
    """The objects that a schema is made of, the outermost last."""
    if place.raw is False:
        yield Place(place.document, place.pointer, {"not": {}})
    if not isinstance(place.raw, Mapping) or place.pointer in above:
        return
    above = (*above, place.pointer)
    if "$ref" in place.raw:
        pointer = place.raw["$ref"].removeprefix("#")
        yield from _parts(Place(place.document, pointer, value_at(place.document, pointer)), above)
    for index in range(len(place.raw.get("allOf", []))):
        yield from _parts(place.below("allOf", index), above)
    yield place


def _read_types(schema: Schema, said: Mapping[str, Place]) -> None:
    stated = said["type"].raw if "type" in said else None
    types = None if stated is None else {stated} if isinstance(stated, str) else {*stated}
    values = said["enum"].raw if "enum" in said else [said["const"].raw] if "const" in said else None
    if values is not None:
        values = [value for value in values if types is None or not types.isdisjoint(_types_of(value))]
        types = {_types_of(value)[0] for value in values}
    if "enum" in said:
        schema.enum = tuple(value for value in values or () if value is not None)
    if types is not None:
        schema.types, schema.nullable = frozenset(types - {"null"}), "null" in types
    elif not {"anyOf", "oneOf"} & said.keys():
        schema.nullable = True  # as anything else is


def _read_alternatives(schema: Schema, said: Mapping[str, Place]) -> None:
    lists = [said[key] for key in ("anyOf", "oneOf") if key in said]
    members = [each.below(index) for each in lists for index in range(len(each.raw))]
    some = [each for each in members if each.raw != {"type": "null"}]
    has_null = len(some) < len(members)
    if has_null:
        schema.nullable = True
    if has_null and not some:
        schema.types = frozenset()
    elif len(some) == 1 and not {"type", "properties", "enum", "const"} & said.keys():
        only = read(some[0])
        # Null that is one of and the other is not one of `oneOf`.
        nullable = has_null != only.nullable if "oneOf" in said else has_null or only.nullable
        pointers = {**only.pointers, **schema.pointers, "": only.pointers[""], "type": lists[0].pointer}
        vars(schema).update(vars(only) | {"pointers": pointers, "nullable": nullable})
    else:
        schema.alternatives = tuple(some)


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


def meaning(place: Place, above: tuple[str, ...] = ()) -> Any:
    """What a schema says as a value that can be compared: equal for two that allow the same by the same words."""
    if place.pointer in above:
        return "what it stands in"
    above = (*above, place.pointer)
    schema = read(place)
    return {
        "types": schema.types,
        "nullable": schema.nullable,
        "enum": schema.enum,
        "fields": {name: meaning(each, above) for name, each in schema.fields.items()},
        "required": schema.required,
        "items": schema.items and meaning(schema.items, above),
        "further": schema.further and meaning(schema.further, above),
        "alternatives": [meaning(each, above) for each in schema.alternatives],
        "keywords": schema.keywords,
    }


def is_same(one: Place, other: Place) -> bool:
    """Whether two places say the same to the letter, with all that they refer to."""
    if one.raw != other.raw:
        return False
    try:
        places = references(one.document, one.raw)
        return all(value_at(one.document, each) == value_at(other.document, each) for each in places)
    except (KeyError, IndexError):  # what the other does not hold
        return False


def in_words(place: Place) -> str:
    """A schema in a few words, such as `string (uri) or null`."""
    schema = read(place)
    if schema.enum is not None:
        words = "one of " + ", ".join(map(str, schema.enum))
    elif schema.alternatives:
        words = " or ".join(in_words(each) for each in schema.alternatives)
    elif schema.types is None:
        return "object" if schema.fields else "anything"
    else:
        words = type_in_words(schema.types)
    if kind := schema.keywords.get("format"):
        words = f"{words} ({kind})"
    return f"{words} or null" if schema.nullable else words


def type_in_words(types: frozenset[str] | None) -> str:
    """Types of JSON in words."""
    return "anything" if types is None else " or ".join(sorted(types)) or "null"
