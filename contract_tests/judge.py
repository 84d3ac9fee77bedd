"""What the contract's schemas say about a value: which pointers break them, and which they do not know.

What a schema means, the client and the report of changes judge by themselves: a shared fault would never be seen.
A schema is asked for by its JSON pointer in the contract, or given as it is found below one of `schema()`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import jsonschema_rs

from contract_tests import contents, intent
from contract_tests.documents import PLACEHOLDER, Document
from contract_tests.intent import HELD, MEANT, NARROWED, REPLY, REQUEST, is_requirement, types_of
from contract_tests.subject import chosen
from scripts import contract
from scripts.contract import ANNOTATIONS, Operation, json_pointer, pointer_of, pointer_parts

Schema = dict[str, Any]

DRAFT = jsonschema_rs.Draft202012

REASON_LENGTH = 200  # characters; a reason may quote a whole body


class UnreadableSchemaError(Exception):
    """A schema that the judge cannot read, such as one with a pattern that none of its engines knows."""


def violations(pointer: str, value: Any, *, placeholders: bool = False) -> list[tuple[str, str]]:
    """Where a value breaks the schema at a pointer of the contract: pointer into the value, and reason.

    With `placeholders`, the text `<string>` is a string of whatever format is asked for.
    """
    return [
        (each.pointer, each.reason)
        for each in breaches(pointer, value)
        if not (placeholders and each.came == PLACEHOLDER and each.keyword == "format")
    ]


@dataclass(frozen=True)
class Breach:
    """A place where a value breaks its schema, by which keyword, and why; `came` is what the keyword was asked of."""

    pointer: str
    keyword: str
    reason: str
    came: Any


def breaches(pointer: str, value: Any) -> list[Breach]:
    """Each place where a value breaks the schema at a pointer of the contract."""
    return breaches_of(schema(pointer), value)


def breaches_of(schema: Schema | bool, value: Any) -> list[Breach]:
    """Each place where a value breaks a schema."""
    return _breaches(_validator(schema), value)


def is_valid(pointer: str, value: Any) -> bool:
    """Whether a value fits the schema at a pointer of the contract."""
    return fits(schema(pointer), value)


def fits(schema: Schema | bool, value: Any) -> bool:
    """Whether a value surely fits a schema."""
    return bool(_validator(schema).is_valid(value))


def misfits(schema: Schema | bool, value: Any) -> list[Breach]:
    """Each place where a value surely does not fit a schema, so that a client that follows it refuses the value."""
    return _breaches(_validator(_held(schema)), value)


def is_stated(document: Document) -> bool:
    """Whether the contract has the operation of a page and takes the request that it shows.

    Where not, these two drift, as the tests of the documents tell; client and server follow the contract.
    """
    operation = chosen().operation(document.operation)
    if operation is None or document.request is None:
        return operation is not None and not operation.has_body
    pointer = operation.request_schema()
    return exists(pointer) and is_valid(pointer, document.request)


def value_at(pointer: str) -> Any:
    """What stands at a pointer of the contract; raises KeyError where nothing does."""
    return contract.value_at(chosen().contract.document, pointer)


def exists(pointer: str) -> bool:
    """Whether anything stands at a pointer of the contract."""
    return contract.value_or_none(chosen().contract.document, pointer) is not None


def place_of(pointer: str) -> str:
    """The pointer itself, or where the schema stands that it refers to."""
    return chosen().contract.root.at(pointer, value_at(pointer)).followed().pointer


def named_objects(operation: Operation) -> Iterator[tuple[str, str]]:
    """Which of an operation's `request` and `reply` is an object with a name, each with the pointer of its schema."""
    parts = [("request", operation.request_schema())] if contents.sends_json(operation) else []
    parts += [("reply", operation.success_schema())] if contents.reads_json(operation) else []
    for part, pointer in parts:
        if not exists(pointer):
            continue
        *above, _ = pointer_parts(place_of(pointer))
        resolved = only(schema(pointer))
        if above == ["components", "schemas"] and "properties" in resolved and not members(resolved):
            yield part, pointer


@cache
def schema(pointer: str) -> Schema:
    """The schema at a pointer of the contract, as it is meant for requests or for replies; any fits where none is."""
    return _referred(intent.document_of(intent.side_of(pointer), MEANT), pointer) if exists(pointer) else {}


@cache
def as_reply(pointer: str) -> Schema:
    """The schema at a pointer of the contract as it is meant for replies, wherever it stands: so a model reads it."""
    return _referred(intent.document_of(REPLY, MEANT), pointer) if exists(pointer) else {}


def follow(schema: Schema | bool) -> Schema:
    """All that a schema says of a value, itself and by what it takes in by `$ref` and `allOf`, as one schema.

    What several parts say of one thing is what all of them say. Of what cannot be put together, the last part's counts.
    """
    return _once(_followed, schema)


def referred(schema: Schema) -> str | None:
    """The JSON pointer of the schema that a followed one is, where it was referred to and nothing was added."""
    return _REFERRED.get(id(schema))


_REFERRED: dict[int, str] = {}  # by which object it is, which `_once` keeps


def _followed(schema: Schema) -> Schema:
    resolved = _together(schema)
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(ref, str) and (NARROWED in schema or not _asserting(schema).keys() - {"$ref"}):
        pointer = pointer_of(ref.partition("#")[2])
        _REFERRED.setdefault(id(resolved), _REFERRED.get(id(follow(_resolved(ref))), pointer))
    return resolved


def _asserting(schema: Schema) -> Schema:
    """What of a schema is no word to a reader."""
    return {key: each for key, each in schema.items() if key not in ANNOTATIONS and not key.startswith("x-")}


def _together(schema: Schema) -> Schema:
    parts = list(_parts(schema, ()))
    if len(parts) == 1:
        return parts[0]
    whole: Schema = {}
    for part in parts:
        for keyword, value in part.items():
            join = _JOINED.get(keyword)
            whole[keyword] = join(whole[keyword], value) if join and keyword in whole else value
    return whole


def _parts(schema: Any, above: tuple[int, ...]) -> Iterator[Schema]:
    """What a schema is made of, the innermost first."""
    schema = _as_schema(schema)
    if id(schema) in above:
        return
    above = (*above, id(schema))
    if "$ref" in schema:
        yield from _parts(_resolved(schema["$ref"]), above)
    for each in schema.get("allOf", ()):
        yield from _parts(each, above)
    if "$ref" not in schema and "allOf" not in schema:
        yield schema
    elif own := {keyword: value for keyword, value in schema.items() if keyword not in ("$ref", "allOf")}:
        yield own


def _resolved(ref: str) -> Any:
    uri, _, _ = ref.partition("#")
    document = _documents()[uri] if uri else chosen().contract.document
    return contract.value_at(document, pointer_of(ref.removeprefix(uri)))


def _both(one: Schema | bool, other: Schema | bool) -> Schema | bool:
    return one if one == other else {"allOf": [one, other]}


def _by_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, **{name: _both(one[name], each) if name in one else each for name, each in other.items()}}


def _types(one: str | list[str], other: str | list[str]) -> list[str] | str:
    first, second = ([each] if isinstance(each, str) else each for each in (one, other))
    found = [each for each in first if each in second or (each == "integer" and "number" in second)]
    found += [each for each in second if each == "integer" and "number" in first and each not in found]
    return found[0] if len(found) == 1 else found or other


def _product(one: list[Any], other: list[Any]) -> list[Schema]:
    return [{"allOf": [first, second]} for first in one for second in other]


def _patterns(one: str, other: str) -> str:
    """A pattern of what both match, wherever in the text."""
    return one if one == other else rf"(?=[\s\S]*?(?:{one}))(?=[\s\S]*?(?:{other}))"


_JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "properties": _by_name,
    "patternProperties": _by_name,
    "pattern": _patterns,
    "required": lambda one, other: list(dict.fromkeys([*one, *other])),
    "type": _types,
    "enum": lambda one, other: [each for each in one if each in other] or other,
    "items": _both,
    "additionalProperties": _both,
    "anyOf": _product,
    "oneOf": _product,
    "minimum": max,
    "exclusiveMinimum": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "minLength": max,
    "maxLength": min,
    "minItems": max,
    "maxItems": min,
}


def source_of(pointer: str, at: str) -> str:
    """The innermost `x-source` on the way from a schema of the contract to a part of a value, at a pointer into it."""
    schemas = [value_at(pointer)]
    source = "ours"
    for part in (None, *pointer_parts(at)):
        if part is not None:
            schemas = [inner for schema in schemas for inner in _inside(schema, part)]
        stated = [each["x-source"] for schema in schemas for each in (schema, follow(schema)) if "x-source" in each]
        source = stated[0] if stated else source
    return source


def _inside(schema: Schema, part: str) -> Iterator[Schema]:
    for each in alternatives(schema):
        if part in each.get("properties", {}):
            yield each["properties"][part]
        elif part.isdigit() and isinstance(each.get("items"), dict):
            yield each["items"]


def operations_at(pointer: str) -> str | None:
    """The labels of the operations that a pointer is a part of, itself or by reference; None where it is of none."""
    labels = [each.label for each in chosen().operations if pointer in places_of(each)]
    return ", ".join(labels) or None


@cache
def places_of(operation: Operation) -> set[str]:
    """The JSON pointers of an operation, and of what it refers to, itself or by reference."""
    schemes = {json_pointer(["components", "securitySchemes", name]) for way in operation.security.raw for name in way}
    return {operation.pointer, *schemes, *contract.references(chosen().contract.document, operation.definition)}


def enum_of(schema: Schema) -> list[Any] | None:
    """The values that a schema lists, as an enum or as a constant; None where it lists none."""
    listed: list[Any] | None = [schema["const"]] if "const" in schema else schema.get("enum")
    return listed


def is_open_enum(schema: Schema) -> bool:
    """Whether a client has to expect values that an enum does not list: texts alone, or integers alone."""
    kinds = {type(each) for each in schema.get("enum", ()) if each is not None}
    return "const" not in schema and kinds in ({str}, {int})


def entry_of(schema: Schema, name: str) -> Schema | bool | None:
    """What a followed schema says of a field that it does not name; None where it does not provide for such."""
    for pattern, entry in schema.get("patternProperties", {}).items():
        if fits(_pattern(pattern), name):
            return _a_schema(entry)
    names_any = schema.get("properties") or schema.get("patternProperties")
    entry = schema.get("additionalProperties", not names_any)
    return _a_schema(entry) if entry is not False else None


def part_of(schema: Schema, value: Any, key: str) -> Schema | bool:
    """What a followed schema says of an item or a field of a value, whether that is there or missing."""
    if isinstance(value, list):
        first = schema.get("prefixItems", ())
        return _a_schema(first[int(key)] if int(key) < len(first) else schema.get("items", True))
    fields = schema.get("properties", {})
    entry = fields[key] if key in fields else entry_of(schema, key)
    return True if entry is None else entry


@cache
def _pattern(pattern: str) -> Schema:
    return {"pattern": pattern}


def _a_schema(schema: Any) -> Schema | bool:
    return schema if isinstance(schema, dict) else bool(schema)


def members(schema: Schema | bool) -> list[Schema]:
    """The schemas of which a value fits one: of a union, or of several types; none of any other schema."""
    return _once(_members, follow(schema))


def _members(schema: Schema) -> list[Schema]:
    for keyword in ("anyOf", "oneOf"):
        listed = schema.get(keyword, ())
        if listed and not all(map(is_requirement, listed)):
            beside = {key: each for key, each in _asserting(schema).items() if key not in (keyword, "discriminator")}
            return [_with(beside, each) for each in listed]
    kinds = [] if "enum" in schema or "const" in schema else [each for each in types_of(schema) if each != "null"]
    return [{**schema, "type": each} for each in kinds] if len(kinds) > 1 else []


_OF_ALL = ("unevaluatedItems", "unevaluatedProperties")  # which look at all that is said with them


def _with(beside: Schema, member: Any) -> Schema:
    """A member of a union, with what is said of all of them."""
    if not beside:
        return _as_schema(member)
    of_all = {key: each for key, each in beside.items() if key in _OF_ALL}
    found: Schema = {**of_all, "allOf": [{key: each for key, each in beside.items() if key not in of_all}, member]}
    if beside.keys() == {"type"} and isinstance(member, dict) and isinstance(ref := member.get("$ref"), str):
        _REFERRED[id(follow(found))] = pointer_of(ref.partition("#")[2])
    return found


def only(schema: Schema | bool) -> Schema:
    """What a schema says that is followed as long as it is a union of one."""
    while len(union := members(schema)) == 1:
        (schema,) = union
    return follow(schema)


def is_null(schema: Schema | bool) -> bool:
    """Whether null alone fits a schema."""
    resolved = follow(schema)
    return resolved.get("type") == "null" or enum_of(resolved) == [None]


def _as_schema(schema: Any) -> Schema:
    return schema if isinstance(schema, dict) else {} if schema else {"not": {}}


def alternatives(schema: Schema | bool, above: tuple[int, ...] = ()) -> Iterator[Schema]:
    """A schema and each that a value may fit instead of another, references followed."""
    resolved = follow(schema)
    if id(resolved) in above:
        return
    yield resolved
    for keyword in ("oneOf", "anyOf"):
        for member in resolved.get(keyword, ()):
            yield from alternatives(member, (*above, id(resolved)))


def counted_as(schema: Schema | bool, value: Any) -> list[Schema]:
    """What a value is by its schema, references followed: of a union, the first member that it fits.

    A member that knows all of its fields goes first. There are several where the contract leaves open which it is, and
    none where the value fits no member.
    """
    union = members(schema)
    if not union or value is None:
        return [follow(schema)]
    others = [each for each in union if not is_null(each)]
    if len(others) == 1:
        return counted_as(others[0], value)
    if (told := told_by_discriminator(schema, value)) is not None:
        return counted_as(told, value)
    found: list[Schema] = []
    for standard in (fits, lambda member, value: not misfits(member, value)):
        fitting = [each for each in union if standard(each, value)]
        if len(fitting) > 1:  # else nothing is to be asked of all that lies within, each time anew
            fitting = [each for each in fitting if next(unknown_fields(each, value), None) is None] or fitting
        found += [leaf for each in fitting[:1] for leaf in counted_as(each, value)]
    return list({id(each): each for each in found}.values())


def told_by_discriminator(schema: Schema | bool, value: Any) -> Schema | None:
    """The member of a union that the discriminator tells a value to be of, whether it fits that or not."""
    discriminator = follow(schema).get("discriminator")
    name = discriminator.get("propertyName") if isinstance(discriminator, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get(name), str):
        return None
    found = [
        each
        for each in members(schema)
        if value[name] in (enum_of(follow(follow(each).get("properties", {}).get(name, True))) or ())
    ]
    return found[0] if len(found) == 1 else None


def unknown_fields(schema: Schema | bool, value: Any, at: str = "") -> Iterator[str]:
    """Pointers of the fields of a value that the schema does not provide for, open though it is."""
    if not isinstance(value, dict | list):
        return
    parts = (counted_as(schema, value) or list(alternatives(schema)))[:1]
    for part in parts:
        for key, element, inner in parts_of(part, value):
            if inner is None:
                yield at + json_pointer([key])
            else:
                yield from unknown_fields(inner, element, at + json_pointer([key]))


def parts_of(schema: Schema, value: Any) -> Iterator[tuple[str | int, Any, Schema | bool | None]]:
    """Each field or item of a value, and what a followed schema says of it; None where it does not provide for it."""
    if isinstance(value, dict):
        named = schema.get("properties", {})
        required = schema.get("required", ())
        for name, element in value.items():
            if name in named:
                yield name, element, named[name]
            else:
                entry = entry_of(schema, name)
                yield name, element, True if entry is None and name in required else entry
    elif isinstance(value, list):
        first = schema.get("prefixItems", ())
        for index, element in enumerate(value):
            yield index, element, first[index] if index < len(first) else _a_schema(schema.get("items", True))


# --- The documents and their validators -----------------------------------------------------------------------------


@cache
def _documents() -> dict[str, dict[str, Any]]:
    """The contract by each standard, for each direction; by URI."""
    found = {}
    for side in (REQUEST, REPLY):
        found[intent.document_of(side, MEANT)] = meant = intent.meant(chosen().contract.document, side)
        found[intent.document_of(side, HELD)] = intent.held(meant)
    return found


@cache
def _registry() -> Any:
    return jsonschema_rs.Registry(list(_documents().items()))


def _referred(uri: str, pointer: str) -> Schema:
    return {"$ref": uri + contract.reference(pointer)}


T = TypeVar("T")

_KEPT: dict[tuple[str, int], tuple[Any, Any]] = {}


def _once(make: Callable[[Any], T], schema: Any) -> T:
    """What is made of a schema, the same object each time; by which object it is, as schemas are large."""
    key = make.__name__, id(schema)
    if key not in _KEPT:
        _KEPT[key] = schema, make(schema)  # with the schema itself, so that no other is found at its place
    made: T = _KEPT[key][1]
    return made


def _held(schema: Schema | bool) -> Schema | bool:
    return schema if isinstance(schema, bool) else _once(intent.held, schema)


def _validator(schema: Schema | bool) -> Any:
    return _once(_made_validator, schema)


def _made_validator(schema: Schema | bool) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, registry=_registry())
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise UnreadableSchemaError(str(error).partition("\n")[0][:REASON_LENGTH]) from None


def _breaches(validator: Any, value: Any) -> list[Breach]:
    return [
        Breach(_missing_or_wrong(error, value), error.kind.name, error.message[:REASON_LENGTH], error.instance)
        for error in validator.iter_errors(value)
    ]


def _missing_or_wrong(error: Any, value: Any) -> str:
    """The pointer of what is wrong; of a field that is missing, its own rather than that of the object around it."""
    path = next(_paths_to(value, list(error.instance_path), error.instance), list(error.instance_path))
    if error.kind.name == "required":
        path.append(error.kind.property)
    return json_pointer(path)


def _paths_to(value: Any, path: list[Any], wanted: Any) -> Iterator[list[Any]]:
    """The paths that may be meant by one from which the validator has left out empty names."""
    if not path and type(value) is type(wanted) and value == wanted:
        yield []
    if path and isinstance(value, dict | list) and (isinstance(value, list) or path[0] in value):
        yield from ([path[0], *rest] for rest in _paths_to(value[path[0]], path[1:], wanted))
    if isinstance(value, dict) and "" in value:
        yield from (["", *rest] for rest in _paths_to(value[""], path, wanted))
