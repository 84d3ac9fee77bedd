"""What the contract's schemas say about a value: which pointers break them, and which they do not know.

What a schema means, the client and the report of changes judge by themselves: a shared fault would never be seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from contract_tests.documents import PLACEHOLDER, Document
from contract_tests.subject import chosen
from scripts import contract
from scripts.contract import Operation, json_pointer, pointer_parts

Schema = dict[str, Any]

REASON_LENGTH = 200  # characters; a reason may quote a whole body


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
    return [
        Breach(_missing_or_wrong(error), error.kind.name, error.message[:REASON_LENGTH], error.instance)
        for error in _validator(pointer).iter_errors(value)
    ]


def is_stated(document: Document) -> bool:
    """Whether the contract has the operation of a page and takes the request that it shows.

    Where not, these two drift, as the tests of the documents tell; client and server follow the contract.
    """
    operation = chosen().operation(document.operation)
    if operation is None or document.request is None:
        return operation is not None and not operation.has_body
    pointer = operation.request_schema()
    return exists(pointer) and is_valid(pointer, document.request)


def is_valid(pointer: str, value: Any) -> bool:
    """Whether a value fits the schema at a pointer of the contract."""
    return bool(_validator(pointer).is_valid(value))


def value_at(pointer: str) -> Any:
    """What stands at a pointer of the contract; raises KeyError where nothing does."""
    return contract.value_at(chosen().contract.document, pointer)


def exists(pointer: str) -> bool:
    """Whether anything stands at a pointer of the contract."""
    try:
        value_at(pointer)
    except (KeyError, IndexError):
        return False
    return True


def place_of(pointer: str) -> str:
    """The pointer itself, or where the schema stands that it refers to."""
    return contract.place_of(chosen().contract.document, pointer)


def named_objects(operation: Operation) -> Iterator[tuple[str, str]]:
    """Which of an operation's `request` and `reply` is an object with a name, each with the pointer of its schema."""
    parts = [("request", operation.request_schema())] if operation.has_body else []
    parts += [("reply", operation.success_schema())] if operation.has_reply else []
    for part, pointer in parts:
        if not exists(pointer):
            continue
        *above, _ = pointer_parts(place_of(pointer))
        if above == ["components", "schemas"] and "properties" in follow(value_at(pointer)):
            yield part, pointer


def follow(schema: Schema) -> Schema:
    """What a schema says itself, or what the one says that it refers to; what it takes in by `allOf` included."""
    schema = contract.followed(chosen().contract.document, schema)
    if "allOf" not in schema:
        return schema
    whole: Schema = {}
    for part in (*map(follow, schema["allOf"]), {name: said for name, said in schema.items() if name != "allOf"}):
        fields = dict(whole.get("properties", {}))
        for name, field in part.get("properties", {}).items():
            fields[name] = {"allOf": [fields[name], field]} if name in fields else field
        required = [*whole.get("required", ()), *part.get("required", ())]
        joined = {"properties": fields, "required": required}
        whole = {**whole, **part, **{keyword: said for keyword, said in joined.items() if said}}
    return whole


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
        elif part.isdigit() and "items" in each:
            yield each["items"]


def operations_at(pointer: str) -> str | None:
    """The labels of the operations that a pointer is a part of, itself or by reference; None where it is of none."""
    document = chosen().contract.document
    labels = [
        each.label
        for each in chosen().operations
        if pointer == each.pointer or pointer in contract.references(document, each.definition)
    ]
    return ", ".join(labels) or None


def enum_of(schema: Schema) -> list[Any] | None:
    """The values that a schema lists, as an enum or as a constant; None where it lists none."""
    listed: list[Any] | None = [schema["const"]] if "const" in schema else schema.get("enum")
    return listed


def entries_of(schema: Schema) -> Schema | None:
    """What a schema says of the fields that it does not name; None where that is nothing."""
    said = schema.get("additionalProperties")
    return said if isinstance(said, dict) and said else None


def alternatives(schema: Schema) -> Iterator[Schema]:
    """A schema and each that a value may fit instead of another, references followed."""
    schema = follow(schema)
    yield schema
    for keyword in ("oneOf", "anyOf"):
        for member in schema.get(keyword, ()):
            yield from alternatives(member)


def unknown_fields(schema: Schema, value: Any, at: str = "") -> Iterator[str]:
    """Pointers of the fields of a value that the schema does not name, open though it is."""
    parts = list(alternatives(schema))
    if isinstance(value, list):
        for items in (part["items"] for part in parts if "items" in part):
            for index, element in enumerate(value):
                yield from unknown_fields(items, element, f"{at}/{index}")
    elif isinstance(value, dict) and any("properties" in part for part in parts):
        fields = {name: field for part in parts for name, field in part.get("properties", {}).items()}
        for name, element in value.items():
            if name in fields:
                yield from unknown_fields(fields[name], element, at + json_pointer([name]))
            else:
                yield at + json_pointer([name])


@lru_cache
def _validator(pointer: str) -> Any:
    root = {**chosen().contract.document, "$ref": contract.reference(pointer)}
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True)


def _missing_or_wrong(error: Any) -> str:
    """The pointer of what is wrong; of a field that is missing, its own rather than that of the object around it."""
    pointer = json_pointer(error.instance_path)
    if error.kind.name == "required":
        pointer += json_pointer([error.kind.property])
    return pointer
