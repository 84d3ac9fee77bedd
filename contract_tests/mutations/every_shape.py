"""Changes of a second contract, which has every shape that a client must express, and of the client made from it.

It has no documents and no server: where it changes, its client stays as it was, and the two alone must show it. The
same change in the same surroundings is tried once.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from contract_tests.drift.run import CONTRACT_WITH_CLIENT
from contract_tests.mutations.change import Change, ClientChange
from contract_tests.mutations.edits import Document, Edit, below, drop, put, rename, with_edit
from contract_tests.mutations.schemas import SchemaChange, schema_changes
from contract_tests.subject import ROOT, Subject
from scripts.codegen import generator
from scripts.contract import (
    METHODS,
    STATED_ELSEWHERE,
    SUBSCHEMAS,
    Operation,
    followed,
    is_json,
    json_pointer,
    pointer_of,
    pointer_parts,
    read,
    read_operations,
    references,
    root,
    value_at,
)

SHAPES = ROOT / "scripts" / "benchmark" / "shapes.yaml"

CALLERS = "callers of such a shape, whose client no longer fits"

# Why nobody can notice a change, with the names of those of which that is true.
EQUIVALENT = {
    "what stands beside it says the same": (
        "Thing: type removed",
        "Drawing/properties/at/anyOf/0: type string added",
        "Dog/allOf/1: type removed",
        "Catalogue/properties/lists: type object added",
        "Merged/properties/text/allOf/0: minLength 1 added",
        "Json/anyOf/1: nullable added",
        "POST /ranges: */*: request body of JSON",
        "Bounds/properties/code: minLength removed",
        "Merged/properties/share/allOf/0: minimum removed",
        "Merged/properties/share/allOf/1: maximum removed",
    ),
    "another part of the schema rules it out": (
        "Dog/allOf/1: nullable added",
        "Merged/properties/taken/allOf/0: an array of booleans fits too",
        "Merged/properties/share/allOf/0: minimum one more",
        "Merged/properties/share/allOf/0: whole numbers only",
        "Merged/properties/share/allOf/1: maximum one more",
    ),
    "a client looks at the format of a text, and not at its length beside that": (
        "Thing/properties/from: maxLength 24 added",
        "Settings/properties/when/additionalProperties: maxLength 24 added",
    ),
    "no value is found that fits, which is told": ("Merged/properties/text/allOf/0: format uri added",),
    "only its bytes show a client that takes what no contract names any more": (
        "Catalogue/properties/either/additionalProperties: oneOf/0 removed",
        "Merged/properties/values/items: x removed",
    ),
    "a client takes any answer that is an error": ("Fault: type string added",),
}
CLOSED = "a client keeps the fields that it does not know, whatever the contract says of them"


@dataclass(frozen=True, kw_only=True)
class _OfShape(Change):
    """A change that one operation of the second contract shows, whose `label` it has, or all those of a path."""

    label: str

    rounds = (CONTRACT_WITH_CLIENT,)

    @property
    def before(self) -> Change:
        """The operation and its client as they are."""
        return _as_it_is(self.label)


@dataclass(frozen=True, kw_only=True)
class ShapeChange(_OfShape):
    """The second contract is edited, and its client stays."""

    edit: Edit

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The edited contract, of this operation alone, and the client of what it was before."""
        before = _written(only(_shapes(), self.label), folder / "before.yaml")
        after = _written(only(with_edit(_shapes(), self.edit), self.label), folder / "openapi.yaml")
        changed = replace(subject, spec=after, client=folder / "generated")
        generator.expect_expressible(changed.contract)
        generator.write_client(read(before), changed.client)
        yield changed


@dataclass(frozen=True, kw_only=True)
class ShapeClientChange(_OfShape, ClientChange):
    """A template or a runtime module changes, and a client of the second contract is generated anew."""

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The operation alone, and a client of it that a changed generator writes."""
        spec = _written(only(_shapes(), self.label), folder / "openapi.yaml")
        with super().applied(replace(subject, spec=spec), folder) as changed:
            yield changed


def changes(_: Subject) -> Iterator[Change]:
    """All changes of the second contract."""
    document = _shapes()
    operations = list(read_operations(root(document)))
    reached = {each.label: references(document, each.definition) for each in operations}
    tried = set[tuple[object, ...]]()
    for each in schema_changes(document):
        surroundings = (_keyword(each.pointer), each.what)
        label = next((label for label, used in reached.items() if _name(each.pointer) in used), None)
        if each.is_about_values and label and surroundings not in tried:
            tried.add(surroundings)
            yield _of_schema(each, label)
    for operation in operations:
        for one in _operation(operation):
            if (one.name, one.surroundings) not in tried:
                tried.add((one.name, one.surroundings))
                name = ": ".join(filter(None, (operation.label, one.of, one.name)))
                yield ShapeChange(
                    family="every shape: operations",
                    name=name,
                    hurts=CALLERS,
                    equivalent=_equivalent(name),
                    label=operation.label,
                    edit=below(operation.pointer, one.edit),
                )


def only(document: Document, label: str) -> Document:
    """A contract with one of its operations alone, or with those of a path, and the components that they refer to."""
    operations = [each for each in read_operations(root(document)) if label in (each.label, each.path)]
    path = operations[0].path
    item = {key: each for key, each in document["paths"][path].items() if key not in METHODS}
    item |= {each.method: each.definition for each in operations}
    used = references(document, item)
    for name, schema in document["components"]["schemas"].items():
        pointer = json_pointer(["components", "schemas", name])
        bases = {
            pointer_of(each["$ref"]) for each in schema.get("allOf", ()) if "$ref" in each
        }  # it is told by a value
        if bases & used or pointer in map(_name, used):
            used |= {pointer, *references(document, schema)}
    components = {
        kind: {
            name: each
            for name, each in named.items()
            if kind == "securitySchemes" or json_pointer(["components", kind, name]) in used
        }
        for kind, named in document["components"].items()
    }
    return {**document, "paths": {path: item}, "components": components}


@cache
def _as_it_is(label: str) -> ShapeChange:
    name = f"scripts/drift --spec {SHAPES.relative_to(ROOT)}, {label}"
    return ShapeChange(family="", name=name, hurts="", label=label, edit=lambda _: None)


@cache
def _shapes() -> Document:
    return read(SHAPES).document


def _written(document: Document, path: Path) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    return path


def _name(pointer: str) -> str:
    """Where the schema with a name stands that a schema is a part of."""
    return json_pointer(pointer_parts(pointer)[:3])


def _of_schema(change: SchemaChange, label: str) -> ShapeChange:
    return ShapeChange(
        family="every shape: schemas",
        name=change.name,
        hurts=CALLERS,
        place=change.pointer,
        equivalent=CLOSED if change.what == "closed" else _equivalent(change.name),
        label=label,
        edit=change.edit,
    )


def _equivalent(name: str) -> str:
    return next((reason for reason, names in EQUIVALENT.items() if name in names), "")


def _keyword(pointer: str) -> str:
    """The keyword by which a schema stands in the one around it; none of one that has a name."""
    _, _, _, *parts = pointer_parts(pointer)
    if len(parts) > 1 and parts[-2] in SUBSCHEMAS:
        return parts[-2]
    return parts[-1] if parts else ""


@dataclass(frozen=True)
class _Edit:
    """A change of what the contract says of an operation. It is another where its `surroundings` are others."""

    name: str
    surroundings: object
    edit: Edit
    of: str = ""
    """Which part of the operation it is about, where there are several."""


def _operation(operation: Operation) -> Iterator[_Edit]:
    """All changes of what stands at an operation, but for the schemas that have a name."""
    stated = operation.definition
    yield _Edit("a header added and required", None, lambda each: each.setdefault("parameters", []).append(_HEADER))
    if operation.security.raw:
        yield _Edit("no credential", None, put("security", value=[]))
    for index, parameter in enumerate(stated.get("parameters", ())):
        if "$ref" not in parameter and parameter["name"].lower() not in STATED_ELSEWHERE:
            yield from _parameter(parameter, index)
    if "content" in stated.get("requestBody", {}):
        yield from _content("request body", operation, ("requestBody",))
        required = not stated["requestBody"].get("required", False)
        name = "request body required" if required else "request body no longer required"
        yield _Edit(name, None, put("requestBody", "required", value=required))
    for status, reply in stated["responses"].items():
        if status.startswith("2") and reply.get("content"):
            yield from _content("reply", operation, ("responses", status))
            kind, content = _kind(operation, reply["content"]), ("responses", status, "content")
            yield _Edit("reply without a body", kind, drop(*content), status)
            yield _Edit("reply of 299", kind, rename("responses", status, to="299"), status)


def _parameter(parameter: Document, index: int) -> Iterator[_Edit]:
    location = parameter["in"]
    kind = location, str(parameter.get("schema", {}).get("type")), parameter.get("style")
    of = f"{parameter['name']} in the {location}"

    def changed(what: str, keywords: Document) -> _Edit:
        return _Edit(what, kind, lambda operation: operation["parameters"][index].update(keywords), of)

    required = not parameter.get("required", False)
    yield changed("renamed", {"name": "X-Renamed"})
    yield changed("moved", {"in": "header" if location == "query" else "query"})
    yield changed("required" if required else "no longer required", {"required": required})
    if parameter.get("schema", {}).get("type") != "boolean":
        yield changed("is a boolean", {"schema": {"type": "boolean"}})
    yield _Edit("removed", kind, drop("parameters", index), of)


def _content(part: str, operation: Operation, path: tuple[str, ...]) -> Iterator[_Edit]:
    """Of each media type that a body may come as, its name and its schema."""
    at = (*path, "content")
    content = value_at(operation.definition, json_pointer(at))
    for media_type, stated in content.items():
        kind = _kind(operation, {media_type: stated})
        if is_json(media_type):
            other, name = "application/vnd.other+json", "of another JSON"
            nulls = {"type": "array", "items": {"type": "null"}}
            yield _Edit(f"{part} an array of nulls", kind, put(*at, media_type, "schema", value=nulls), media_type)
        else:
            other, name = "application/json", "of JSON"
        yield _Edit(f"{part} {name}", kind, rename(*at, media_type, to=other), media_type)


def _kind(operation: Operation, content: Document) -> object:
    """The media types of a body, each with the type that its schema names."""
    return tuple(
        (name, str(followed(operation.document, dict(stated.get("schema") or {})).get("type")))
        for name, stated in content.items()
    )


_HEADER = {"name": "X-Added", "in": "header", "required": True, "schema": {"type": "string"}}
