"""The schemas of the contract in Python: as types, as the expressions that make them, and as classes.

An object and an enum become a class each, wherever they stand; all else becomes a type made of others. A class that has
no name in the contract is named after where it stands. Keywords that only narrow what fits, and that the schemas of
the client do not know (`not`, `if`, `multipleOf`, `uniqueItems`, `contains`, `minProperties` and the like), are not
held against values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import product
from math import prod
from typing import Any

from scripts.codegen import names
from scripts.codegen.class_names import ClassNames, Key
from scripts.codegen.classes import DictClass, EnumClass, Field, ModelClass
from scripts.codegen.discriminators import values_of_members
from scripts.codegen.flat import (
    Alternatives,
    FlatSchema,
    NamedSchema,
    adds_nothing,
    flatten,
    has_type,
    is_nothing,
    listed,
    merge,
    name_at,
    own_keywords,
    says_nothing,
)
from scripts.codegen.refusals import CannotExpressError, NothingFitsError, Refusals
from scripts.codegen.runtime.patterns import search_by
from scripts.codegen.text import literal
from scripts.codegen.types import ANY, NOTHING, NULL, PythonType, plain, union
from scripts.contract import Place, heirs, reachable, root, same_value, value_at

FORMATS = {
    "date-time": ("datetime.datetime", "datetime.datetime | str", "DATE_TIME"),
    "date": ("datetime.date", "datetime.date | str", "DATE"),
    "uuid": ("UUID", "UUID | str", "UUID_"),
    "uri": ("str", "str", "URI"),
}

LENGTHS = {"minLength": "min_length", "maxLength": "max_length"}
COUNTS = {"minItems": "min_items", "maxItems": "max_items"}
BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}

MOST_ALTERNATIVES = 64  # that several unions of one schema may give together

SELF_MEMBER = PythonType((), (), (), "")
"""What a schema adds to a union of which it is a member itself."""


@dataclass
class _SchemaInProgress:
    """A schema that is being read, and may be met again within itself."""

    key: Key
    arrays: int
    """How many arrays it stands in."""
    variable: str
    """What stands for it in the expression of its schema."""
    is_recursive: bool = False
    """Whether it was met within itself, with an array in between."""
    depends: bool = False
    """Whether it holds one further out that is still being read."""


class Schemas:
    """The schemas of one document, and the classes that they become."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.root = root(document)
        self.refusals = Refusals()
        self.classes: dict[str, ModelClass | EnumClass] = {}
        self._names = ClassNames()
        self._classes_by_key: dict[Key, ModelClass | EnumClass] = {}
        self._types: dict[Key, PythonType] = {}
        self._flats: dict[tuple[str, str], FlatSchema] = {}
        self._models_to_read: list[tuple[ModelClass, FlatSchema]] = []
        self._in_progress: list[_SchemaInProgress] = []
        self._arrays = 0
        self._chosen_alternatives: list[tuple[str, int]] = []
        self._dicts: dict[str, ModelClass] = {}
        components = document.get("components", {}).get("schemas", {})
        schemas = self.root.at("/components/schemas", components)
        self._heirs = heirs(document)
        self._with_parents = {each for found in self._heirs.values() for each in found}
        named = [NamedSchema(schemas.below(name), name) for name in components]
        self._names.reserve((each.name, (each.place.pointer,)) for each in named if self._becomes_class(each))
        for each in named:
            with self.refusals.of(each.place):
                self.type_of(each.place, each.name)

    def read_fields(self) -> None:
        """Read what the objects hold, and with it the classes that are named after where they stand."""
        while self._models_to_read:
            model, flat = self._models_to_read.pop(0)
            with self.refusals.of(model.place):
                model.fields = self._fields(flat)
                if not flat.is_map:
                    self._read_further(model, flat)

    def settle_dicts(self, requests: Iterable[PythonType]) -> None:
        """Leave TypedDicts to the objects of requests, but for what goes through as it is: that stays open."""

        def dicts_of_fields(name: str) -> list[str]:
            model = self._dicts[name]
            return _dict_names([*(each.type for each in model.fields), *([model.further] if model.further else [])])

        in_requests = {self._dicts[name].name for name in reachable(_dict_names(requests), dicts_of_fields)}
        for model in self.classes.values():
            if isinstance(model, ModelClass) and model.name not in in_requests:
                model.dicts = ()
                model.fields = [replace(each, type=each.type.opened) for each in model.fields]
                model.additional = model.additional and model.additional.opened
                model.patterns = [(pattern, each.opened) for pattern, each in model.patterns]

    def documentation(self, place: Place, text: object = "") -> str:
        """What the contract says of a value, in one line: whose it is, text, default, source."""
        return _documentation(FlatSchema() if is_nothing(place.raw) else self.flat(NamedSchema(place, "")), text)

    def type_of(self, place: Place, name: str) -> PythonType:
        """How a schema reads in Python. `name` is what it is called, should it become a class.

        One that is refused counts as any, so that what else is wrong is found too.
        """
        return self._type(NamedSchema(place, name))

    def _type(self, schema: NamedSchema) -> PythonType:
        try:
            found = self._read(schema)
        except CannotExpressError as error:
            self.refusals.add(error)
            return ANY
        return ANY if found == SELF_MEMBER and not self._in_progress else found

    def flat(self, schema: NamedSchema) -> FlatSchema:
        """A schema with all that it takes in by `$ref` and `allOf`; what stands further out wins."""
        key = (schema.place.pointer, schema.name)
        if key not in self._flats:
            self._flats[key] = flatten(schema)
        return self._flats[key]

    def _read(self, schema: NamedSchema) -> PythonType:
        passes_through = False
        seen = set[str]()
        inner: NamedSchema | None = schema
        while inner is not None and inner.place.pointer not in seen:
            schema = inner
            seen.add(schema.place.pointer)
            raw = schema.place.raw
            passes_through = passes_through or (isinstance(raw, Mapping) and raw.get("x-passthrough") is True)
            inner = self._wrapped_schema(schema)
        if says_nothing(schema.place.raw):
            return ANY
        of = self._family_type if schema.place.pointer in self._heirs else self._own_type
        found = self._read_once((schema.place.pointer,), lambda: of(schema))
        if passes_through and found.is_one_object:
            mapping = (*found.attributes, "Mapping[str, Any]")
            expression = f"Passthrough({found.expression})"
            return replace(found, arguments=mapping, open_arguments=mapping, dicts=frozenset(), expression=expression)
        return found

    def _wrapped_schema(self, schema: NamedSchema) -> NamedSchema | None:
        """What a schema wraps that says all that it says itself."""
        place, raw = schema.place, schema.place.raw
        if not isinstance(raw, Mapping) or says_nothing(raw) or place.pointer in self._with_parents:
            return None
        if any(key in raw and len(raw[key]) != 1 for key in ("anyOf", "oneOf")):
            return None
        inner = _inner_schemas(schema)
        if not inner:
            return None
        own = {key: value for key, value in raw.items() if key not in ("$ref", "allOf", "anyOf", "oneOf")}
        beside = own_keywords(replace(schema, place=replace(place, raw=own)))
        for index, each in enumerate(inner):
            others = map(self.flat, inner[:index] + inner[index + 1 :])
            if adds_nothing(reduce(merge, others, beside), self.flat(each)):
                return each
        return None

    def _read_once(self, key: Key, read: Callable[[], PythonType]) -> PythonType:
        """What is read of a schema once. Within itself it is any value in Python, which its own schema reads all the
        same; with no array in between it is nothing new: a union that is its own member has only the others."""
        if key in self._types:
            return self._types[key]
        for index, each in enumerate(self._in_progress):
            if each.key == key:
                for inner in self._in_progress[index + 1 :]:
                    inner.depends = True
                if self._arrays == each.arrays:
                    return SELF_MEMBER
                each.is_recursive = True
                return replace(ANY, expression=each.variable)
        variable = f"whole_{len(self._in_progress)}" if self._in_progress else "whole"
        opened = _SchemaInProgress(key, self._arrays, variable)
        self._in_progress.append(opened)
        try:
            found = read()
        finally:
            self._in_progress.pop()
        if opened.is_recursive:
            found = replace(found, expression=f"Recursive(lambda {variable}: {found.schema})")
        if not opened.depends:
            self._types[key] = found
        return found

    def _own_type(self, schema: NamedSchema) -> PythonType:
        """How a schema reads by itself, heirs apart."""
        return self._type_of_flat(self.flat(schema), schema, (schema.place.pointer,))

    def _family_type(self, schema: NamedSchema) -> PythonType:
        """How a schema with heirs reads: as one of these, or by itself; its `discriminator` says which."""
        discriminator = schema.place.below("discriminator")
        pointers = self._heirs[schema.place.pointer]
        places = [schema.place.at(each, value_at(self.root.raw, each)) for each in pointers]
        members = [NamedSchema(each, name_at(each, "")) for each in places]
        types = [self._own_type(schema), *map(self._type, members)]  # an unknown one reads as the first
        return self._discriminated_union(types, [schema, *members], discriminator)

    def _type_of_flat(self, flat: FlatSchema, schema: NamedSchema, key: Key) -> PythonType:
        """How a value reads of which all this is said. `key` tells the class that it may become from others."""
        if flat.fits_nothing:
            raise NothingFitsError(schema.place)
        if "$dynamicRef" in flat.keywords:
            return ANY
        if "const" in flat.keywords:
            return _const(flat.keywords["const"])
        if "enum" in flat.keywords:
            return self._enum_type(flat, schema, key)
        is_object = "object" in flat.types or (not flat.types and flat.speaks_of_fields)
        alternatives = [each for each in flat.alternatives if not (is_object and each.only_require)]
        alternatives = [each for each in alternatives if (each.pointer, self._arrays) not in self._chosen_alternatives]
        if alternatives:
            return self._union(replace(flat, alternatives=()), alternatives, schema, key)
        if len(flat.types) > 1:
            return union([self._type_of_one_kind(flat.with_type(each), schema, key) for each in flat.types])
        return self._type_of_one_kind(flat, schema, key)

    def _type_of_one_kind(self, flat: FlatSchema, schema: NamedSchema, key: Key) -> PythonType:
        """How values of one type read."""
        keywords, kind = flat.keywords, next(iter(flat.types), None)
        if kind == "object" or (kind is None and flat.speaks_of_fields):
            return self._object_type(flat, schema, key)
        if kind == "array" or (kind is None and (flat.items or "prefixItems" in keywords)):
            return self._array_type(flat)
        if kind == "string":
            return _string(keywords)
        if kind == "number":
            return plain("float", _number("Number", keywords))
        if kind == "integer":
            return plain("int", _number("Integer", keywords))
        if kind == "boolean":
            return plain("bool", "BOOLEAN")
        return NULL if kind == "null" else ANY

    def _union(
        self, base: FlatSchema, alternatives: Sequence[Alternatives], schema: NamedSchema, key: Key
    ) -> PythonType:
        """How a value reads that fits one of some alternatives, or one of each of several, and what is said beside."""
        count = prod(len(each.members) for each in alternatives)
        if len(alternatives) > 1 and count > MOST_ALTERNATIVES:
            reason = f"its alternatives together are {count}; the client tells no more than {MOST_ALTERNATIVES} apart"
            raise CannotExpressError(schema.place, reason)
        choices = list(product(*(enumerate(each.members) for each in alternatives)))
        several = sum(any(each.place.raw != {"type": "null"} for _, each in choice) for choice in choices) > 1
        members: list[NamedSchema] = []
        types: list[PythonType] = []
        self._chosen_alternatives += [(each.pointer, self._arrays) for each in alternatives]
        try:
            for choice in choices:
                member = replace(schema, place=choice[0][1].place)
                for number, each in choice if several else ():
                    member = member.named_below("anyOf", number, each.place)
                with suppress(NothingFitsError):
                    types.append(self._member_type(base, member, [each.place for _, each in choice], key))
                    members.append(member)
        finally:
            del self._chosen_alternatives[-len(alternatives) :]
        if not members:
            raise NothingFitsError(schema.place)
        discriminator = alternatives[0].discriminator
        if len(alternatives) > 1 or discriminator is None:
            return union(types)
        return self._discriminated_union(types, members, discriminator)

    def _member_type(self, base: FlatSchema, member: NamedSchema, places: Sequence[Place], key: Key) -> PythonType:
        """How a value reads that fits one of the alternatives, or this one of each of several, and what is beside."""
        flats = [self.flat(replace(member, place=each)) for each in places]
        whole = reduce(merge, flats, base)
        if whole.fits_nothing:
            raise NothingFitsError(member.place)
        if len(places) == 1 and adds_nothing(base, flats[0]):
            return self._type(member)
        pointers = (*key, *(each.pointer for each in places))
        return self._read_once(pointers, lambda: self._type_of_flat(whole, member, pointers))

    def _discriminated_union(
        self, types: Sequence[PythonType], members: Sequence[NamedSchema], discriminator: Place
    ) -> PythonType:
        """A union whose members a property tells apart."""
        found = union(types)
        expressions = list(dict.fromkeys(each.expression for each in types if each.expression))
        if len(expressions) < 2:
            return found
        values = {
            literal(value): expressions.index(types[index].expression)
            for value, index in values_of_members(discriminator, members).items()
            if types[index].expression
        }
        if not values:
            return found
        mapping = ", ".join(f"{value}: {index}" for value, index in values.items())
        wire = literal(discriminator.raw["propertyName"])
        return replace(found, expression=f"Discriminated({wire}, {{{mapping}}}, {', '.join(expressions)})")

    def _enum_type(self, flat: FlatSchema, schema: NamedSchema, key: Key) -> PythonType:
        allowed = [value for value in flat.keywords["enum"] if not flat.types or has_type(value, flat.types)]
        if not allowed:
            reason = f"nothing fits this schema: no value of its enum is of type {' or '.join(flat.types)}"
            raise CannotExpressError(schema.place, reason)
        values = [value for value in allowed if value is not None]
        if {type(value) for value in values} not in ({str}, {int}):  # no enum of Python
            return union([_const(value) for value in allowed])
        enum = self._enum_class(flat, list(dict.fromkeys(values)), schema, key)
        literals = ", ".join(value for _, value in enum.members)
        return PythonType(
            (enum.name,),
            (enum.name, f"Literal[{literals}]"),
            (enum.name,),
            f"EnumOf({enum.name})",
            None in allowed,
            frozenset({(enum.module, enum.name)}),
        )

    def _enum_class(self, flat: FlatSchema, values: list[Any], schema: NamedSchema, key: Key) -> EnumClass:
        former = self._classes_by_key.get(key) or self.classes.get(names.class_name(schema.name))
        if isinstance(former, EnumClass) and former.values == values:
            return former
        own_name = self._names.of_class(key, schema.names, "Enum")
        given = flat.keywords.get("x-enum-varnames")
        members = names.member_names(values, given if isinstance(given, list) else ())
        enum = EnumClass(
            own_name,
            names.identifier(own_name),
            schema.place,
            values,
            str(flat.keywords.get("description") or f"{own_name}."),
            [(member, literal(value)) for member, value in zip(members, values, strict=True)],
        )
        self.classes[own_name] = self._classes_by_key[key] = enum
        return enum

    def _object_type(self, flat: FlatSchema, schema: NamedSchema, key: Key) -> PythonType:
        model = self._classes_by_key.get(key)
        if model is None:
            own_name = self._names.of_class(key, schema.names, "Model")
            documentation = str(flat.keywords.get("description") or f"{own_name}.")
            model = ModelClass(own_name, names.identifier(own_name), schema.place, documentation)
            self.classes[own_name] = self._classes_by_key[key] = model
            flat = flat.named(schema.name, own_name)
            self._models_to_read.append((model, flat))
            if flat.is_map:
                self._read_further(model, flat)
            if flat.takes_more or flat.patterns:
                self._dicts[own_name] = model
            else:
                model.dicts = tuple(self._dict_classes(model, flat))
        assert isinstance(model, ModelClass)  # noqa: S101 - tells type checkers
        dicts = [each.name for each in model.dicts] or [model.name]
        values = (flat.is_map and model.further) or ANY
        mapping = (model.name, f"Mapping[str, {values.argument}]")
        return PythonType(
            (model.name,),
            (model.name, *(each.name for each in model.dicts)) if model.dicts else mapping,
            (model.name,),
            f"object_of({model.name})",
            classes=frozenset({(model.module, model.name)}) | values.classes,
            kinds=frozenset({"object"}),
            dicts=frozenset((model.module, each) for each in dicts) | values.dicts,
            open_arguments=(model.name, f"Mapping[str, {values.opened.argument}]"),
        )

    def _becomes_class(self, schema: NamedSchema) -> bool:
        """Whether a component is likely to become a class of its own."""
        try:
            if self._wrapped_schema(schema) is not None:
                return False
            flat = self.flat(schema)
        except Exception:  # noqa: BLE001 - whatever is wrong with it is told when it is read
            return False
        return "enum" in flat.keywords or "object" in flat.types or flat.speaks_of_fields

    def _dict_classes(self, model: ModelClass, flat: FlatSchema) -> Iterator[DictClass]:
        """A TypedDict with the names in Python, and one with those in JSON where they differ and none is empty."""
        in_json = _python_names(flat)
        has_two = "" not in in_json and any(wire != name for wire, name in in_json.items())
        for ending, in_python in (("Dict", True), ("Json", False))[: 2 if has_two else 1]:
            name = self._names.of_dict(f"{model.name}{ending}")
            self._dicts[name] = model
            yield DictClass(name, in_python)

    def _fields(self, flat: FlatSchema) -> list[Field]:
        """The fields of an object, required ones first."""
        found: list[Field] = []
        anything = (NamedSchema(self.root.at("", {}), ""),)  # the schema of a field that is required and has no other
        for wire, name in _python_names(flat).items():
            parts = [each.named_below("properties", wire) for each in flat.properties.get(wire, anything)]
            is_required = wire in flat.required
            with self.refusals.of(parts[-1].place):
                try:
                    whole = reduce(merge, map(self.flat, parts))
                    type_ = NOTHING if whole.fits_nothing else self._merged_type(parts)
                except NothingFitsError:
                    whole, type_ = FlatSchema(), NOTHING
                if type_ is NOTHING and is_required:
                    raise NothingFitsError(parts[-1].place)
                found.append(
                    Field(
                        name,
                        wire,
                        type_,
                        is_required,
                        _documentation(whole),
                        read_only=whole.keywords.get("readOnly") is True,
                        write_only=whole.keywords.get("writeOnly") is True,
                    )
                )
        return sorted(found, key=lambda each: not each.required)

    def _read_further(self, model: ModelClass, flat: FlatSchema) -> None:
        """Read the types of fields without a name."""
        outside = (
            self._in_progress,
            self._chosen_alternatives,
        )  # what stands in an object may speak of all that holds the object
        self._in_progress, self._chosen_alternatives = [], []
        try:
            for pattern, parts in flat.patterns.items():
                if search_by(pattern) is None:  # nobody can tell which fields it is about
                    model.additional = ANY
                    continue
                type_ = self._merged_type([each.named_below("patternProperties", pattern) for each in parts])
                model.patterns.append((pattern, type_))
            if flat.takes_more and model.additional is None:
                further = flat.places.get("additionalProperties")
                model.additional = self._type(further.named_below("additionalProperties")) if further else ANY
        finally:
            self._in_progress, self._chosen_alternatives = outside

    def _array_type(self, flat: FlatSchema) -> PythonType:
        keywords = dict(flat.keywords)
        items: list[list[NamedSchema]] = []
        if prefix := flat.places.get("prefixItems"):
            items = [[prefix.below(index).named_below("prefixItems", index)] for index in range(len(prefix.place.raw))]
        if any(is_nothing(each.place.raw) for each in flat.items):
            keywords["maxItems"] = min(len(items), keywords.get("maxItems", len(items)))
        elif flat.items:
            items.append([each.named_below("items") for each in flat.items])
        is_open = not flat.items and keywords.get("maxItems", len(items) + 1) > len(items)
        self._arrays += 1
        try:
            inner = ANY if is_open else union([self._merged_type(parts) for parts in items] or [ANY])
        finally:
            self._arrays -= 1
        inner = ANY if inner == SELF_MEMBER else inner
        return PythonType(
            (f"list[{inner.attribute}]",),
            (f"Iterable[{inner.argument}]",),
            (f"builtins.list[{inner.result}]",),
            f"Array({', '.join([inner.schema, *_bounds(keywords, COUNTS)])})",
            classes=inner.classes,
            kinds=inner.kinds | {"array"},
            dicts=inner.dicts,
            open_arguments=(f"Iterable[{inner.opened.argument}]",),
        )

    def _merged_type(self, parts: Sequence[NamedSchema]) -> PythonType:
        """How a value reads of which several schemas speak: by the one that says all, if there is one."""
        flats = [self.flat(each) for each in parts]
        for index, each in enumerate(parts):
            others = [
                flat
                for flat, other in zip(flats, parts, strict=True)
                if not same_value(other.place.raw, each.place.raw)
            ]
            if adds_nothing(reduce(merge, others, FlatSchema()), flats[index]):
                return self._type(each)
        key = tuple(each.place.pointer for each in parts)
        whole = reduce(merge, flats)
        return self._read_once(key, lambda: self._type_of_flat(whole, parts[-1], key))


def _inner_schemas(schema: NamedSchema) -> list[NamedSchema]:
    """What a schema takes in: what it refers to, what its `allOf` says, and single alternatives."""
    place, raw = schema.place, schema.place.raw
    inner: list[NamedSchema] = []
    if isinstance(raw.get("$ref"), str):
        target = place.referred()
        inner.append(replace(schema, place=target, name=name_at(target, schema.name)))
    inner += [schema.below("allOf", index) for index, each in enumerate(raw.get("allOf", ())) if not says_nothing(each)]
    inner += [schema.below(key, 0) for key in ("anyOf", "oneOf") if key in raw]
    return inner


def _documentation(flat: FlatSchema, text: object = "") -> str:
    """What the contract says of a value, in one line: whose it is, text, default, source."""
    keywords = flat.keywords
    owner = (
        "Read only." if keywords.get("readOnly") is True else "Write only." if keywords.get("writeOnly") is True else ""
    )
    words = " ".join([owner, *str(text or keywords.get("description") or "").split()]).strip()
    if isinstance(keywords.get("default"), str | int | float):
        words = f"{words} (default: {keywords['default']})".strip()
    if isinstance(source := keywords.get("x-source"), str):
        words = f"{words} [{source}]".strip()
    return words


def _dict_names(types: Iterable[PythonType]) -> list[str]:
    """The names of the TypedDicts in these types."""
    return [name for type_ in types for _, name in type_.dicts]


def _python_names(flat: FlatSchema) -> dict[str, str]:
    """The name in Python of each field, by that in JSON."""
    taken = set(names.MODEL_NAMES | names.MODULE_NAMES)
    found: dict[str, str] = {}
    for wire in (*flat.properties, *sorted(flat.required - flat.properties.keys())):
        # A name in Python that is another field's in JSON would be read as the other one.
        found[wire] = names.free(names.identifier(wire), taken | (flat.properties.keys() - {wire}))
        taken.add(found[wire])
    return found


def _const(value: Any) -> PythonType:
    if value is None:
        return NULL
    if isinstance(value, float):
        return plain("float", f"Const({literal(value)})")
    if not isinstance(value, str | int):
        return plain("Any", f"Const({literal(value)})")
    return plain(f"Literal[{literal(value)}]", f"Const({literal(value)})")


def _string(keywords: Mapping[str, Any]) -> PythonType:
    """A string: by its format, its lengths and its patterns, of which there may be several."""
    strings = [[f"pattern={literal(each)}"] for each in listed(keywords.get("pattern", []))] or [[]]
    strings[0] = [*_bounds(keywords, LENGTHS), *strings[0]]
    schemas = [f"String({', '.join(each)})" for each in strings if each]
    attribute, argument = "str", "str"
    if keywords.get("format") in FORMATS:
        attribute, argument, schema = FORMATS[keywords["format"]]
        schemas.append(schema)
    expression = f"Every({', '.join(schemas)})" if len(schemas) > 1 else next(iter(schemas), "STRING")
    return PythonType((attribute,), tuple(argument.split(" | ")), (attribute,), expression)


def _number(kind: str, keywords: Mapping[str, Any]) -> str:
    """A schema of this class: that without bounds is the constant of its name."""
    bounds = _bounds(keywords, BOUNDS)
    return f"{kind}({', '.join(bounds)})" if bounds else kind.upper()


def _bounds(keywords: Mapping[str, Any], arguments: Mapping[str, str]) -> list[str]:
    """The bounds that a schema sets, as arguments. JSON knows 2.0 as an integer too."""
    given = {argument: keywords[keyword] for keyword, argument in arguments.items() if keyword in keywords}
    return [
        f"{argument}={literal(int(value) if isinstance(value, float) and value.is_integer() else value)}"
        for argument, value in given.items()
    ]
