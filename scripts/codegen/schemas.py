"""The schemas of the contract in Python: as types, as the expressions that make them, and as classes.

An object and an enum become a class each, wherever they stand; all else becomes a type made of others. A class that has
no name in the contract is named after where it stands. Keywords that only narrow what fits, and that the schemas of
the client do not know (`not`, `if`, `multipleOf`, `uniqueItems`, `contains`, `minProperties` and the like), are not
held against values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from scripts.codegen import names
from scripts.codegen.classes import DictClass, EnumClass, Field, ModelClass
from scripts.codegen.refusals import CannotExpressError, Refusals
from scripts.codegen.text import literal
from scripts.codegen.types import ANY, NULL, PythonType, plain, union
from scripts.contract import ANNOTATIONS, Place, json_pointer, pointer_parts, root

FORMATS = {
    "date-time": ("datetime.datetime", "datetime.datetime | str", "DATE_TIME"),
    "date": ("datetime.date", "datetime.date | str", "DATE"),
    "uuid": ("UUID", "UUID | str", "UUID_"),
    "uri": ("str", "str", "URI"),
}

LENGTHS = {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"}
COUNTS = {"minItems": "min_items", "maxItems": "max_items"}
BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}


class Schemas:
    """The schemas of one document, and the classes that they become."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.root = root(document)
        self.refusals = Refusals()
        self.classes: dict[str, ModelClass | EnumClass] = {}
        self._at: dict[str, ModelClass | EnumClass] = {}
        self._unread: list[ModelClass] = []
        self._open: list[str] = []
        self._dicts: dict[str, ModelClass] = {}
        for name in document.get("components", {}).get("schemas", {}):
            place = self.root.below("components", "schemas", name)
            with self.refusals.of(place):
                self.type_of(place, name)

    def read_fields(self) -> None:
        """Read what the objects hold, and with it the classes that are named after where they stand."""
        while self._unread:
            model = self._unread.pop(0)
            with self.refusals.of(model.place):
                flat = self.flat(model.place, model.name)
                model.fields = self._fields(flat)
                if not _is_map(flat):
                    self._read_further(model, flat)

    def settle_dicts(self, requests: Iterable[PythonType]) -> None:
        """Leave TypedDicts to the objects of requests, but for what goes through as it is: that stays open."""
        waiting, found = list(requests), set[str]()
        while waiting:
            for _, name in waiting.pop().dicts:
                held = self._dicts[name]
                if held.name not in found:
                    found.add(held.name)
                    waiting += [each.type for each in held.fields] + ([held.further] if held.further else [])
        for model in self.classes.values():
            if isinstance(model, ModelClass) and model.name not in found:
                model.dicts = ()
                model.fields = [replace(each, type=each.type.opened) for each in model.fields]
                model.additional = model.additional and model.additional.opened
                model.patterns = [(pattern, each.opened) for pattern, each in model.patterns]

    def model(self, type_: PythonType) -> ModelClass:
        """The class of a type that is one object."""
        (name,) = type_.attributes
        model = self.classes[name]
        assert isinstance(model, ModelClass)  # noqa: S101 - tells type checkers
        return model

    def documentation(self, place: Place, text: object = "") -> str:
        """What the contract says of a value, in one line: text, default, source."""
        flat = self.flat(place, "").keywords
        words = " ".join(str(text or flat.get("description") or "").split())
        if isinstance(flat.get("default"), str | int | float):
            words = f"{words} (default: {flat['default']})".strip()
        if isinstance(source := flat.get("x-source"), str):
            words = f"{words} [{source}]".strip()
        return words

    def type_of(self, place: Place, name: str) -> PythonType:
        """How a schema reads in Python. `name` is what it is called, should it become a class.

        One that is refused counts as any, so that what else is wrong is found too.
        """
        try:
            return self._read(place, name)
        except CannotExpressError as error:
            self.refusals.add(error)
            return ANY

    def _read(self, place: Place, name: str) -> PythonType:
        if place.raw is False:
            raise CannotExpressError(place, "nothing fits this schema")
        if not isinstance(place.raw, Mapping) or not place.raw:
            return ANY
        inner = self._wrapped(place, name)
        if place.pointer in self._open:
            raise CannotExpressError(place, "the schema holds itself, with no object in between")
        self._open.append(place.pointer)
        try:
            found = self._type(place, name) if inner is None else self.type_of(*inner)
        finally:
            self._open.pop()
        if place.raw.get("x-passthrough") is True and found.is_one_object:
            return replace(found.opened, expression=f"Passthrough({found.expression})")
        return found

    def flat(self, place: Place, name: str) -> "Flat":
        """A schema with all that it takes in by `$ref` and `allOf`; what stands further out wins."""
        flat = Flat()
        for keywords, owner in self._parts(place, name):
            for key, value in keywords.raw.items():
                if key in ("properties", "patternProperties"):
                    found = flat.properties if key == "properties" else flat.patterns
                    for name_or_pattern in value:
                        found.setdefault(name_or_pattern, []).append((keywords.below(key, name_or_pattern), owner))
                elif key == "required":
                    flat.required.update(value)
                else:
                    flat.keywords[key] = value
                    flat.places[key] = (keywords.below(key), owner)
        return flat

    def _parts(self, place: Place, name: str) -> Iterator[tuple[Place, str]]:
        """The schemas that one is made of, each with the name of the class that it stands in."""
        raw = place.raw
        if not isinstance(raw, Mapping):
            return
        if isinstance(raw.get("$ref"), str):
            target = place.referred()
            yield from self._parts(target, _name_at(target, name))
        for index in range(len(raw.get("allOf", []))):
            yield from self._parts(place.below("allOf", index), name)
        yield replace(place, raw={key: value for key, value in raw.items() if key not in ("$ref", "allOf")}), name

    def _wrapped(self, place: Place, name: str) -> tuple[Place, str] | None:
        """What a schema wraps that adds nothing to a single other one."""
        raw = place.raw
        said = {key for key in raw if key not in ANNOTATIONS and not key.startswith("x-")} - {"type"}
        if said == {"$ref"}:
            target = place.referred()
            return target, _name_at(target, name)
        for keyword in ("allOf", "anyOf", "oneOf"):
            if said == {keyword} and len(raw[keyword]) == 1:
                only = place.below(keyword, 0)
                if "type" not in raw or (isinstance(only.raw, Mapping) and only.raw.keys() & {"$ref", "type"}):
                    return only, name
        return None

    def _type(self, place: Place, name: str) -> PythonType:
        flat = self.flat(place, name)
        said = flat.keywords
        kind = said.get("type")
        if "enum" in said:
            return self._enum(said, place, name)
        if "const" in said:
            return _const(said["const"], place)
        if isinstance(kind, list):
            return union([self._one(flat.with_keywords({**said, "type": each}), place, name) for each in kind])
        return self._one(flat, place, name)

    def _one(self, flat: "Flat", place: Place, name: str) -> PythonType:
        """A schema of one type, or of several by `anyOf` and `oneOf`."""
        said = flat.keywords
        kind = said.get("type")
        is_object = kind == "object" or (kind is None and flat.speaks_of_fields)
        members = [(key, index, each) for key in ("anyOf", "oneOf") for index, each in enumerate(said.get(key, []))]
        if members and not (is_object and all(_only_requires(each) for _, _, each in members)):
            if flat.properties or len({key for key, _, _ in members}) > 1:
                raise CannotExpressError(place, "the client has no class for alternatives beside properties or others")
            return self._alternatives(members, said, place, name)
        if is_object:
            return self._model(flat, place, name)
        if kind == "array" or (kind is None and "items" in said):
            return self._array(said, place, name)
        if kind == "string":
            return _string(said, place)
        if kind == "number":
            return plain("float", _made("Number", "NUMBER", said, BOUNDS))
        if kind == "integer":
            return plain("int", _made("Integer", "INTEGER", said, BOUNDS))
        if kind == "boolean":
            return plain("bool", "BOOLEAN")
        return NULL if kind == "null" else ANY

    def _alternatives(
        self, members: list[tuple[str, int, Any]], said: Mapping[str, Any], place: Place, name: str
    ) -> PythonType:
        beside = {
            key: value
            for key, value in said.items()
            if key not in ANNOTATIONS and not key.startswith("x-") and key not in ("anyOf", "oneOf")
        }
        several = sum(1 for _, _, each in members if each != {"type": "null"}) > 1
        found: list[PythonType] = []
        for number, (key, index, each) in enumerate(members):
            title = each.get("title") if isinstance(each, Mapping) else None
            own_name = f"{name}_{title or f'type_{number}'}" if several else name
            if beside and isinstance(each, Mapping) and "$ref" not in each:
                each = {**beside, **each}
            found.append(self.type_of(_step(place, each, key, index), own_name))
        return union(found)

    def _enum(self, said: Mapping[str, Any], place: Place, name: str) -> PythonType:
        values = [value for value in said["enum"] if value is not None]
        kinds = {type(value) for value in values}
        if not said["enum"]:
            raise CannotExpressError(place, "nothing fits this schema")
        if kinds not in ({str}, {int}):  # no enum of Python
            return union([_const(value, place) for value in said["enum"]])
        enum = self._registered_enum(said, list(dict.fromkeys(values)), place, name)
        literals = ", ".join(value for _, value in enum.members)
        return PythonType(
            (enum.name,),
            (enum.name, f"Literal[{literals}]"),
            (enum.name,),
            f"EnumOf({enum.name})",
            None in said["enum"],
            frozenset({(enum.module, enum.name)}),
        )

    def _registered_enum(self, said: Mapping[str, Any], values: list[Any], place: Place, name: str) -> EnumClass:
        own_name = self._class_name(name, "Enum")
        former = self._at.get(place.pointer) or self.classes.get(own_name)
        if isinstance(former, EnumClass) and former.values == values:
            return former
        given = said.get("x-enum-varnames")
        members = names.member_names(values, given if isinstance(given, list) else ())
        enum = EnumClass(
            own_name,
            names.identifier(own_name),
            place,
            values,
            str(said.get("description") or f"{own_name}."),
            [(member, literal(value)) for member, value in zip(members, values, strict=True)],
        )
        self._register(enum)
        return enum

    def _model(self, flat: "Flat", place: Place, name: str) -> PythonType:
        model = self._at.get(place.pointer)
        if model is None:
            own_name = self._class_name(name, "Model")
            documentation = str(flat.keywords.get("description") or f"{own_name}.")
            model = ModelClass(own_name, names.identifier(own_name), place, documentation)
            self._register(model)
            self._unread.append(model)
            if _is_map(flat):
                self._read_further(model, flat)
            if flat.takes_more or flat.patterns:
                self._dicts[model.name] = model
            else:
                model.dicts = tuple(self._dict_classes(model, flat))
        assert isinstance(model, ModelClass)  # noqa: S101 - tells type checkers
        dicts = [each.name for each in model.dicts] or [model.name]
        values = (_is_map(flat) and model.further) or ANY
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

    def _dict_classes(self, model: ModelClass, flat: "Flat") -> Iterator[DictClass]:
        """A TypedDict with the names in Python, and one with those in JSON where they differ and none is empty."""
        components = {names.class_name(each) for each in self.root.raw.get("components", {}).get("schemas", {})}
        in_json = _python_names(flat)
        has_two = "" not in in_json and any(wire != name for wire, name in in_json.items())
        for ending, in_python in (("Dict", True), ("Json", False))[: 2 if has_two else 1]:
            name = names.free(f"{model.name}{ending}", components | self.classes.keys())
            self._dicts[name] = model
            yield DictClass(name, in_python)

    def _class_name(self, name: str, ending: str) -> str:
        found = names.class_name(name)
        is_dict = found in self._dicts and found not in self.classes
        return f"{found}{ending}" if found in names.MODULE_NAMES or is_dict else found

    def _register(self, one: ModelClass | EnumClass) -> None:
        for other in self.classes.values():
            if other.module == one.module:
                raise CannotExpressError(
                    one.place,
                    f"conflicting {one.kind}: it would be the class {one.name}, as is #{other.place.pointer}",
                )
        self.classes[one.name] = self._at[one.place.pointer] = one

    def _fields(self, flat: "Flat") -> list[Field]:
        """The fields of an object, required ones first."""
        found: list[Field] = []
        anything = (self.root.at("", {}), "")  # the schema of a field that is required and has no other
        for wire, name in _python_names(flat).items():
            place, owner = _together(flat.properties.get(wire, [anything]))
            title = place.raw.get("title") if isinstance(place.raw, Mapping) and "$ref" not in place.raw else None
            own_name = names.class_name(owner) + names.class_name(title or wire)
            type_ = self.type_of(place, own_name)
            found.append(Field(name, wire, type_, wire in flat.required, self.documentation(place)))
        return sorted(found, key=lambda each: not each.required)

    def _read_further(self, model: ModelClass, flat: "Flat") -> None:
        """Read the types of fields without a name."""
        outside, self._open = self._open, []  # what stands in an object may speak of all that holds the object
        try:
            for pattern, parts in flat.patterns.items():
                place, owner = _together(parts)
                model.patterns.append((pattern, self.type_of(place, f"{owner}PatternProperty")))
            if flat.takes_more:
                place, owner = flat.places.get("additionalProperties", (model.place.at(model.place.pointer, {}), ""))
                model.additional = self.type_of(place, f"{owner}AdditionalProperty")
        finally:
            self._open = outside

    def _array(self, said: Mapping[str, Any], place: Place, name: str) -> PythonType:
        places = [_step(place, each, "prefixItems", index) for index, each in enumerate(said.get("prefixItems", []))]
        if "items" in said and said["items"] is not False:
            places.append(_step(place, said["items"], "items"))
        inner = union([self.type_of(each, f"{name}_item") for each in places] or [ANY])
        return PythonType(
            (f"list[{inner.attribute}]",),
            (f"Iterable[{inner.argument}]",),
            (f"builtins.list[{inner.result}]",),
            f"Array({', '.join([inner.schema, *_keywords(said, COUNTS)])})",
            classes=inner.classes,
            kinds=inner.kinds | {"array"},
            dicts=inner.dicts,
            open_arguments=(f"Iterable[{inner.opened.argument}]",),
        )


@dataclass
class Flat:
    """A schema with all that it takes in."""

    keywords: dict[str, Any] = field(default_factory=dict[str, Any])
    properties: dict[str, list[tuple[Place, str]]] = field(default_factory=dict)
    """The schemas of each property, innermost first, with the name of the class that each stands in."""
    patterns: dict[str, list[tuple[Place, str]]] = field(default_factory=dict)
    """The same of the properties whose name matches a pattern."""
    required: set[str] = field(default_factory=set[str])
    places: dict[str, tuple[Place, str]] = field(default_factory=dict)
    """Where each keyword stands, with the name of the class that it stands in."""

    def with_keywords(self, keywords: dict[str, Any]) -> "Flat":
        """The same with other keywords."""
        return replace(self, keywords=keywords)

    @property
    def speaks_of_fields(self) -> bool:
        """Whether it says something that only an object can have."""
        return bool(self.properties or self.patterns or "additionalProperties" in self.keywords)

    @property
    def takes_more(self) -> bool:
        """Whether it provides for fields that it does not name; one that is open to any does only if it names none."""
        names_none = not self.properties and not self.patterns
        return self.keywords.get("additionalProperties", names_none) is not False


def _is_map(flat: Flat) -> bool:
    """Whether an object provides for fields, and names none."""
    return (flat.takes_more or bool(flat.patterns)) and not flat.properties and not flat.required


def _python_names(flat: Flat) -> dict[str, str]:
    """The name in Python of each field, by that in JSON."""
    taken = set(names.MODEL_NAMES | names.MODULE_NAMES)
    found: dict[str, str] = {}
    for wire in (*flat.properties, *sorted(flat.required - flat.properties.keys())):
        # A name in Python that is another field's in JSON would be read as the other one.
        found[wire] = names.free(names.identifier(wire), taken | (flat.properties.keys() - {wire}))
        taken.add(found[wire])
    return found


def _step(place: Place, raw: Any, *keys: str | int) -> Place:
    """What a schema says by a keyword, itself or by what it takes in: it is named by where it would stand."""
    return place.at(place.pointer + json_pointer(keys), raw)


def _name_at(place: Place, name: str) -> str:
    """The name of a schema that others refer to."""
    parts = pointer_parts(place.pointer)
    return parts[-1] if parts[:2] == ["components", "schemas"] and len(parts) == 3 else name


def _together(parts: list[tuple[Place, str]]) -> tuple[Place, str]:
    """A property that several parts of an object speak of, as one schema."""
    distinct = [
        each for index, each in enumerate(parts) if each[0].raw not in [other.raw for other, _ in parts[:index]]
    ]
    telling = [each for each in distinct if not isinstance(each[0].raw, Mapping) or each[0].raw.keys() - ANNOTATIONS]
    if len(telling) == 1:
        return telling[0]
    place, owner = parts[-1]
    return replace(place, raw={"allOf": [each.raw for each, _ in distinct]}), owner


def _only_requires(raw: Any) -> bool:
    """Whether an alternative only says which fields have to be there together."""
    return isinstance(raw, Mapping) and raw.keys() <= {"required", "type", *ANNOTATIONS}


def _const(value: Any, place: Place) -> PythonType:
    if value is None:
        return NULL
    if isinstance(value, float):
        return plain("float", f"Const({literal(value)})")
    if not isinstance(value, str | int):
        raise CannotExpressError(place, "the client has no type for a constant object or array")
    return plain(f"Literal[{literal(value)}]", f"Const({literal(value)})")


def _string(said: Mapping[str, Any], place: Place) -> PythonType:
    if isinstance(said.get("format"), str) and said["format"] in FORMATS:
        attribute, argument, schema = FORMATS[said["format"]]
        return PythonType((attribute,), tuple(argument.split(" | ")), (attribute,), schema)
    if isinstance(pattern := said.get("pattern"), str):
        try:
            re.compile(pattern)
        except re.error as error:
            raise CannotExpressError(
                _step(place, pattern, "pattern"), f"is no regular expression of Python: {error}"
            ) from None
    return plain("str", _made("String", "STRING", said, LENGTHS))


def _made(kind: str, plain: str, said: Mapping[str, Any], keywords: Mapping[str, str]) -> str:
    arguments = _keywords(said, keywords)
    return f"{kind}({', '.join(arguments)})" if arguments else plain


def _keywords(said: Mapping[str, Any], keywords: Mapping[str, str]) -> list[str]:
    """The bounds that a schema sets, as arguments. JSON knows 2.0 as an integer too."""
    given = {argument: said[keyword] for keyword, argument in keywords.items() if keyword in said}
    return [
        f"{argument}={literal(int(value) if isinstance(value, float) and value.is_integer() else value)}"
        for argument, value in given.items()
    ]
