"""Schemas with all that they take in by `$ref` and `allOf`: what is said of one value, in however many places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from scripts.codegen import names
from scripts.codegen.refusals import NothingFitsError
from scripts.contract import Place, json_pointer, pointer_of, pointer_parts, same_value

# What the client heeds of a schema. All else is said to a reader, or is not held against values.
HEEDED = frozenset(
    {
        "$dynamicRef", "$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "exclusiveMaximum",
        "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum",
        "not", "oneOf", "pattern", "patternProperties", "prefixItems", "properties", "required", "type",
    }
)  # fmt: skip

# Bounds of which the highest and the lowest hold.
_LEAST = frozenset({"exclusiveMinimum", "minItems", "minLength", "minimum"})
_MOST = frozenset({"exclusiveMaximum", "maxItems", "maxLength", "maximum"})

DEEPEST = 4  # levels of properties that are compared before two schemas count as different


@dataclass(frozen=True)
class NamedSchema:
    """A schema where it stands, and the name of the class that it stands in, or would become."""

    place: Place
    name: str
    other_name: str = ""
    """Without a title, which may be that of others too."""

    @property
    def names(self) -> list[str]:
        """What a class that it becomes would be called, best first."""
        return [self.name, self.other_name] if self.other_name else [self.name]

    def below(self, *keys: str | int) -> NamedSchema:
        """What stands further down."""
        return replace(self, place=self.place.below(*keys))

    def named_below(self, keyword: str, key: str | int = "", place: Place | None = None) -> NamedSchema:
        """The same, which stands by a keyword in the class that it is named after, or says what stands there."""
        raw = (place or self.place).raw
        untitled = {each: value for each, value in raw.items() if each != "title"} if isinstance(raw, Mapping) else raw
        names = [name_below(self.name, each, keyword, key) for each in (raw, untitled)]
        return replace(self, name=names[0], other_name=names[1] if names[1] != names[0] else "")


@dataclass(frozen=True)
class Alternatives:
    """An `anyOf` or `oneOf`, of whose members one fits."""

    pointer: str
    members: tuple[NamedSchema, ...]
    discriminator: Place | None = None

    @property
    def only_require(self) -> bool:
        """Whether its members only say which fields have to be there together."""
        return all(
            isinstance(raw := each.place.raw, Mapping)
            and raw.get("type", "object") == "object"
            and not raw.keys() & HEEDED - {"required", "type", "not"}
            for each in self.members
        )


@dataclass(frozen=True)
class FlatSchema:
    """What is said of a value."""

    keywords: Mapping[str, Any] = field(default_factory=dict)
    """But for those of which there is more to say below."""
    places: Mapping[str, NamedSchema] = field(default_factory=dict)
    """Where each keyword stands, the outermost."""
    properties: Mapping[str, tuple[NamedSchema, ...]] = field(default_factory=dict)
    """The schemas of each property, innermost first."""
    patterns: Mapping[str, tuple[NamedSchema, ...]] = field(default_factory=dict)
    """The same of the properties whose name matches a pattern."""
    items: tuple[NamedSchema, ...] = ()
    """The same of the items of an array."""
    required: frozenset[str] = frozenset()
    alternatives: tuple[Alternatives, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types that it names, and none if it names none."""
        return tuple(listed(self.keywords.get("type", [])))

    @property
    def speaks_of_fields(self) -> bool:
        """Whether it says something that only an object can have."""
        return bool(self.properties or self.patterns or "additionalProperties" in self.keywords)

    @property
    def takes_more(self) -> bool:
        """Whether it provides for fields that it does not name; one that is open to any does only if it names none."""
        names_none = not self.properties and not self.patterns
        return not is_nothing(self.keywords.get("additionalProperties", names_none))

    @property
    def is_map(self) -> bool:
        """Whether an object provides for fields, and names none."""
        return (self.takes_more or bool(self.patterns)) and not self.properties and not self.required

    @property
    def fits_nothing(self) -> bool:
        """Whether no value at all can fit."""
        keywords = self.keywords
        is_empty = keywords.get("enum") == [] or keywords.get("type") == []
        return is_empty or is_nothing({"not": keywords.get("not")})

    def with_type(self, kind: str) -> FlatSchema:
        """The same, of one type."""
        return replace(self, keywords={**self.keywords, "type": kind})

    def named(self, former: str, name: str) -> FlatSchema:
        """The same, where the class that is called so has another name."""

        def renamed(each: NamedSchema) -> NamedSchema:
            return replace(each, name=name) if each.name == former else each

        return replace(
            self,
            places={key: renamed(each) for key, each in self.places.items()},
            properties={key: tuple(map(renamed, parts)) for key, parts in self.properties.items()},
            patterns={key: tuple(map(renamed, parts)) for key, parts in self.patterns.items()},
        )


def is_nothing(raw: Any) -> bool:
    """Whether a schema says by itself that nothing fits."""
    if isinstance(raw, Mapping):
        inner = raw.get("not")
        return raw.get("enum") == [] or inner is True or inner == {}
    return raw is False


def says_nothing(raw: Any) -> bool:
    """Whether a schema holds nothing that the client heeds."""
    return raw is True or (isinstance(raw, Mapping) and not raw.keys() & HEEDED)


def flatten(schema: NamedSchema) -> FlatSchema:
    """A schema with all that it takes in. Raises `NothingFitsError` where that says so."""
    return reduce(merge, map(own_keywords, _parts(schema, ())), FlatSchema())


def merge(one: FlatSchema, other: FlatSchema) -> FlatSchema:
    """What is said by two that have to fit both, the other standing further out."""
    keywords = dict(one.keywords)
    for key, value in other.keywords.items():
        keywords[key] = _merge_keyword(key, keywords[key], value) if key in keywords else value
    return FlatSchema(
        keywords,
        {**one.places, **other.places},
        _merge_parts(one.properties, other.properties),
        _merge_parts(one.patterns, other.patterns),
        one.items + other.items,
        one.required | other.required,
        one.alternatives + other.alternatives,
    )


def adds_nothing(flat: FlatSchema, whole: FlatSchema, depth: int = 0) -> bool:
    """Whether all that is said is said by another one already, as far as the client heeds it."""
    if depth > DEEPEST or flat.alternatives or flat.items or flat.patterns:
        return False
    for key in flat.keywords.keys() & HEEDED - {"type"}:
        if key not in whole.keywords or not same_value(flat.keywords[key], whole.keywords[key]):
            return False
    if not flat.required <= whole.required or not _allows_types(flat, whole, depth):
        return False
    return all(
        name in whole.properties and _property_adds_nothing(parts, whole.properties[name], depth)
        for name, parts in flat.properties.items()
    )


def listed(value: Any) -> list[Any]:
    """What a keyword says that takes one value or several."""
    return value if isinstance(value, list) else [value]


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    types = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return types.get(type(value), "null")


def has_type(value: Any, types: Iterable[str]) -> bool:
    """Whether a value is of one of these JSON types."""
    kind = "integer" if isinstance(value, float) and value.is_integer() else type_of(value)
    return kind in types or (kind == "integer" and "number" in types)


def name_at(place: Place, name: str) -> str:
    """The name of a schema that others refer to: its own, or after where it stands in one that has a name."""
    parts = pointer_parts(place.pointer)
    if parts[:2] != ["components", "schemas"] or len(parts) < 3:
        return name
    found, raw, further = parts[2], place.document["components"]["schemas"][parts[2]], parts[3:]
    while further:
        keyword, *further = further
        raw, key = raw[keyword], ""
        if isinstance(raw, list) or keyword in _MAPS_NAMES:
            key, *further = further
            raw = raw[int(key)] if isinstance(raw, list) else raw[key]
        found = name_below(found, raw, keyword, key)
    return found


def name_below(name: str, raw: Any, keyword: str, key: str | int = "") -> str:
    """The name of a schema that stands by a keyword in one that has a name."""
    title = raw.get("title") if isinstance(raw, Mapping) and "$ref" not in raw else None
    if keyword in ("anyOf", "oneOf"):
        component = pointer_parts(pointer_of(raw["$ref"]))[-1] if isinstance(raw, Mapping) and "$ref" in raw else None
        return f"{name}_{title or component or f'type_{key}'}"
    if keyword in _PARTS:
        return f"{name}_{_PARTS[keyword]}"
    return name if keyword == "allOf" else names.class_name(name) + names.class_name(str(title or key or keyword))


# Below these keywords of a schema others have names.
_MAPS_NAMES = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})

# What a part of a schema is called that has no name.
_PARTS = {
    "additionalProperties": "AdditionalProperty",
    "items": "item",
    "patternProperties": "PatternProperty",
    "prefixItems": "item",
}


def _parts(schema: NamedSchema, above: tuple[str, ...]) -> Iterator[NamedSchema]:
    """The schemas that one is made of, the outermost last, each with the name of the class that it stands in."""
    place, raw = schema.place, schema.place.raw
    if is_nothing(raw):
        raise NothingFitsError(place)
    if not isinstance(raw, Mapping) or place.pointer in above:
        return
    above = (*above, place.pointer)
    if isinstance(raw.get("$ref"), str):
        target = place.referred()
        yield from _parts(replace(schema, place=target, name=name_at(target, schema.name)), above)
    for index in range(len(raw.get("allOf", []))):
        yield from _parts(schema.below("allOf", index), above)
    own = {key: value for key, value in raw.items() if key not in ("$ref", "allOf")}
    for key in ("anyOf", "oneOf"):
        # What is one of these takes them in for their fields, and is not one of these again.
        if len(above) > 1 and any(
            _leads_into(place.below(key, index), above) for index in range(len(raw.get(key, [])))
        ):
            own.pop(key)
    yield NamedSchema(replace(place, raw=own), schema.name)


def _leads_into(place: Place, pointers: Iterable[str]) -> bool:
    while isinstance(place.raw, Mapping) and isinstance(place.raw.get("$ref"), str):
        place = place.referred()
        if place.pointer in pointers:
            return True
    return False


def own_keywords(schema: NamedSchema) -> FlatSchema:
    """What a schema says by itself, without what it takes in."""
    raw = schema.place.raw
    special = {"anyOf", "items", "oneOf", "patternProperties", "properties", "required"}
    keywords = {key: value for key, value in raw.items() if key not in special}
    discriminator = schema.place.below("discriminator") if "discriminator" in raw else None
    return FlatSchema(
        keywords,
        {key: schema.below(key) for key in keywords},
        {name: (schema.below("properties", name),) for name in raw.get("properties", ())},
        {pattern: (schema.below("patternProperties", pattern),) for pattern in raw.get("patternProperties", ())},
        (schema.below("items"),) if "items" in raw else (),
        frozenset(raw.get("required", ())),
        tuple(
            Alternatives(
                schema.place.pointer + json_pointer([key]),
                tuple(schema.below(key, index) for index in range(len(raw[key]))),
                discriminator,
            )
            for key in ("anyOf", "oneOf")
            if key in raw
        ),
    )


def _merge_keyword(key: str, one: Any, other: Any) -> Any:
    """What a keyword says that two say."""
    if key in _LEAST:
        return max(one, other)
    if key in _MOST:
        return min(one, other)
    if key == "type":
        return _common_types(listed(one), listed(other))
    if key == "enum":
        return [value for value in one if any(same_value(value, each) for each in other)]
    if key == "pattern":
        return list(dict.fromkeys([*listed(one), *listed(other)]))
    if key in ("readOnly", "writeOnly"):
        return one is True or other is True
    return one if key == "not" and is_nothing({"not": one}) else other


def _common_types(one: list[str], other: list[str]) -> Any:
    found = [each for each in one if each in other or (each == "integer" and "number" in other)]
    found += [each for each in other if each == "integer" and "number" in one and each not in found]
    return found[0] if len(found) == 1 else found


def _merge_parts(
    one: Mapping[str, tuple[NamedSchema, ...]], other: Mapping[str, tuple[NamedSchema, ...]]
) -> dict[str, tuple[NamedSchema, ...]]:
    return {**one, **{key: one.get(key, ()) + parts for key, parts in other.items()}}


def _allows_types(flat: FlatSchema, whole: FlatSchema, depth: int) -> bool:
    """Whether each type of the whole is allowed."""
    if "type" not in flat.keywords:
        return True
    if depth > DEEPEST:
        return False
    allowed = {*flat.types, *(["integer"] if "number" in flat.types else [])}
    types = set(whole.types)
    if not types and "const" in whole.keywords:
        types = {type_of(whole.keywords["const"])}
    elif not types and "enum" in whole.keywords:
        types = {type_of(value) for value in whole.keywords["enum"]}
    elif not types and whole.speaks_of_fields:
        types = {"object"}
    if types:
        return types <= allowed
    return any(
        all(_allows_types(flat, flatten(member), depth + 1) for member in each.members) for each in whole.alternatives
    )


def _property_adds_nothing(parts: tuple[NamedSchema, ...], whole: tuple[NamedSchema, ...], depth: int) -> bool:
    return all(
        any(same_value(each.place.raw, other.place.raw) for other in whole)
        or adds_nothing(flatten(each), reduce(merge, map(flatten, whole)), depth + 1)
        for each in parts
    )
