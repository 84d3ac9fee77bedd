"""Schemas with all that they take in by `$ref` and `allOf`: what is said of one value, in however many places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from scripts.codegen import names
from scripts.codegen.refusals import NothingFitsError
from scripts.contract import Place, json_pointer, pointer_of, pointer_parts

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
class Stated:
    """A schema where it stands, and the name of the class that it stands in or would become."""

    place: Place
    name: str
    other_name: str = ""
    """Without a title, which may be that of others too."""

    @property
    def names(self) -> list[str]:
        """What a class that it becomes would be called, best first."""
        return [self.name, self.other_name] if self.other_name else [self.name]

    def below(self, *keys: str | int) -> Stated:
        """What stands further down."""
        return replace(self, place=self.place.below(*keys))

    def named_below(self, keyword: str, key: str | int = "", place: Place | None = None) -> Stated:
        """The same, which stands by a keyword in the class that it is named after, or says what stands there."""
        raw = (place or self.place).raw
        untitled = {each: value for each, value in raw.items() if each != "title"} if isinstance(raw, Mapping) else raw
        names = [name_below(self.name, each, keyword, key) for each in (raw, untitled)]
        return replace(self, name=names[0], other_name=names[1] if names[1] != names[0] else "")


@dataclass(frozen=True)
class Alternatives:
    """An `anyOf` or `oneOf`, of whose members one fits."""

    pointer: str
    members: tuple[Stated, ...]
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
class Flat:
    """What is said of a value."""

    keywords: Mapping[str, Any] = field(default_factory=dict)
    """But for those of which there is more to say below."""
    places: Mapping[str, Stated] = field(default_factory=dict)
    """Where each keyword stands, the outermost."""
    properties: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """The schemas of each property, innermost first."""
    patterns: Mapping[str, tuple[Stated, ...]] = field(default_factory=dict)
    """The same of the properties whose name matches a pattern."""
    items: tuple[Stated, ...] = ()
    """The same of the items of an array."""
    required: frozenset[str] = frozenset()
    alternatives: tuple[Alternatives, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """The JSON types that it names, and none if it names none."""
        named = self.keywords.get("type", ())
        return (named,) if isinstance(named, str) else tuple(named)

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

    def without_alternatives(self) -> Flat:
        """All of it that is not said by alternatives."""
        return replace(self, alternatives=())

    def with_type(self, kind: str) -> Flat:
        """The same, of one type."""
        return replace(self, keywords={**self.keywords, "type": kind})

    def named(self, former: str, name: str) -> Flat:
        """The same, where the class that is called so has another name."""

        def renamed(each: Stated) -> Stated:
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


def flatten(stated: Stated) -> Flat:
    """A schema with all that it takes in. Raises `NothingFitsError` where that says so."""
    return reduce(both, map(said, _parts(stated, ())), Flat())


def both(one: Flat, other: Flat) -> Flat:
    """What is said by two that have to fit both, the other standing further out."""
    keywords = dict(one.keywords)
    for key, value in other.keywords.items():
        keywords[key] = _both(key, keywords[key], value) if key in keywords else value
    return Flat(
        keywords,
        {**one.places, **other.places},
        _joined(one.properties, other.properties),
        _joined(one.patterns, other.patterns),
        one.items + other.items,
        one.required | other.required,
        one.alternatives + other.alternatives,
    )


def adds_nothing(flat: Flat, whole: Flat, depth: int = 0) -> bool:
    """Whether all that is said is said by another one already, as far as the client heeds it."""
    if depth > DEEPEST or flat.alternatives or flat.items or flat.patterns:
        return False
    for key in flat.keywords.keys() & HEEDED - {"type"}:
        if key not in whole.keywords or not same(flat.keywords[key], whole.keywords[key]):
            return False
    if not flat.required <= whole.required or not _allows_types(flat, whole, depth):
        return False
    return all(
        name in whole.properties and _property_adds_nothing(parts, whole.properties[name], depth)
        for name, parts in flat.properties.items()
    )


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal: true is not 1, and 1.0 is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    return bool(one == other)


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


def _parts(stated: Stated, above: tuple[str, ...]) -> Iterator[Stated]:
    """The schemas that one is made of, the outermost last, each with the name of the class that it stands in."""
    place, raw = stated.place, stated.place.raw
    if is_nothing(raw):
        raise NothingFitsError(place)
    if not isinstance(raw, Mapping) or place.pointer in above:
        return
    above = (*above, place.pointer)
    if isinstance(raw.get("$ref"), str):
        target = place.referred()
        yield from _parts(replace(stated, place=target, name=name_at(target, stated.name)), above)
    for index in range(len(raw.get("allOf", []))):
        yield from _parts(stated.below("allOf", index), above)
    own = {key: value for key, value in raw.items() if key not in ("$ref", "allOf")}
    for key in ("anyOf", "oneOf"):
        # What is one of these takes them in for their fields, and is not one of these again.
        if len(above) > 1 and any(
            _leads_into(place.below(key, index), above) for index in range(len(raw.get(key, [])))
        ):
            own.pop(key)
    yield Stated(replace(place, raw=own), stated.name)


def _leads_into(place: Place, pointers: Iterable[str]) -> bool:
    while isinstance(place.raw, Mapping) and isinstance(place.raw.get("$ref"), str):
        place = place.referred()
        if place.pointer in pointers:
            return True
    return False


def said(stated: Stated) -> Flat:
    """What a schema says by itself."""
    raw = stated.place.raw
    special = {"anyOf", "items", "oneOf", "patternProperties", "properties", "required"}
    keywords = {key: value for key, value in raw.items() if key not in special}
    discriminator = stated.place.below("discriminator") if "discriminator" in raw else None
    return Flat(
        keywords,
        {key: stated.below(key) for key in keywords},
        {name: (stated.below("properties", name),) for name in raw.get("properties", ())},
        {pattern: (stated.below("patternProperties", pattern),) for pattern in raw.get("patternProperties", ())},
        (stated.below("items"),) if "items" in raw else (),
        frozenset(raw.get("required", ())),
        tuple(
            Alternatives(
                stated.place.pointer + json_pointer([key]),
                tuple(stated.below(key, index) for index in range(len(raw[key]))),
                discriminator,
            )
            for key in ("anyOf", "oneOf")
            if key in raw
        ),
    )


def _both(key: str, one: Any, other: Any) -> Any:
    """What a keyword says that two say."""
    if key in _LEAST:
        return max(one, other)
    if key in _MOST:
        return min(one, other)
    if key == "type":
        return _common_types(*([each] if isinstance(each, str) else each for each in (one, other)))
    if key == "enum":
        return [value for value in one if any(same(value, each) for each in other)]
    if key == "pattern":
        return list(dict.fromkeys([*_listed(one), *_listed(other)]))
    if key in ("readOnly", "writeOnly"):
        return one is True or other is True
    return one if key == "not" and is_nothing({"not": one}) else other


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _common_types(one: list[str], other: list[str]) -> Any:
    found = [each for each in one if each in other or (each == "integer" and "number" in other)]
    found += [each for each in other if each == "integer" and "number" in one and each not in found]
    return found[0] if len(found) == 1 else found


def _joined(
    one: Mapping[str, tuple[Stated, ...]], other: Mapping[str, tuple[Stated, ...]]
) -> dict[str, tuple[Stated, ...]]:
    return {**one, **{key: one.get(key, ()) + parts for key, parts in other.items()}}


def _allows_types(flat: Flat, whole: Flat, depth: int) -> bool:
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


def _property_adds_nothing(parts: tuple[Stated, ...], whole: tuple[Stated, ...], depth: int) -> bool:
    return all(
        any(same(each.place.raw, other.place.raw) for other in whole)
        or adds_nothing(flatten(each), reduce(both, map(flatten, whole)), depth + 1)
        for each in parts
    )
