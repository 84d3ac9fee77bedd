"""What callers import keeps its name: a class without one in the contract is named after where it stands."""

import ast
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from roark_client import AsyncRoark, Roark
from roark_client.model import Model

from contract_tests.client import other_contracts
from contract_tests.codegen.grown_client import document_of
from contract_tests.commands import succeed
from contract_tests.type_checkers import STRICT
from scripts.codegen import generator, names
from scripts.codegen.python import Python


def an_object(**properties: Any) -> dict[str, Any]:
    """A schema without a name."""
    return {"type": "object", "properties": properties}


def test_inline_schemas_are_named_after_their_place() -> None:
    """Of a body, a reply, a parameter, an item of an array, a field and an alternative."""
    choice = {"type": "string", "enum": ["a", "b"]}
    several = {"oneOf": [an_object(), {**an_object(), "title": "Other one"}]}
    operation = {
        "operationId": "sendThing",
        "tags": ["Things"],
        "parameters": [{"name": "sort-by", "in": "query", "schema": choice}],
        "requestBody": {"content": {"application/json": {"schema": an_object(part=an_object(), several=several)}}},
        "responses": {
            "200": {
                "description": "Sent",
                "content": {"application/json": {"schema": {"type": "array", "items": an_object()}}},
            }
        },
    }
    document = {"openapi": "3.1.0", "info": {"title": "", "version": "1"}, "paths": {"/things": {"post": operation}}}
    assert sorted(Python(document).classes) == [
        "SendThingBody",
        "SendThingBodyPart",
        "SendThingBodySeveralOtherOne",
        "SendThingBodySeveralType0",
        "SendThingResponse200Item",
        "SendThingSortBy",
    ]


def classes_of(schemas: dict[str, Any]) -> dict[str, str]:
    """The class that comes from each place, by JSON pointer below the components."""
    found = Python(document_of(schemas)).classes.values()
    return {each.place.pointer.removeprefix("/components/schemas/"): each.name for each in found}


# Schemas, and the classes of those that cannot have the first name that comes to mind.
CLASHES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "of two components": (
        {"some_thing": an_object(), "SomeThing": an_object(), "some-thing": an_object()},
        {"SomeThing": "SomeThing", "some_thing": "SomeThingModel", "some-thing": "SomeThingModel2"},
    ),
    "of modules that differ in case": (
        {"FOO": an_object(), "Foo": an_object(), "foo": {"enum": ["a"]}},
        {"FOO": "FOO", "Foo": "FooModel", "foo": "FooEnum"},
    ),
    "of a component and an inline schema that comes first": (
        {"Holder": an_object(part=an_object()), "HolderPart": an_object()},
        {"HolderPart": "HolderPart", "Holder": "Holder", "Holder/properties/part": "HolderPartModel"},
    ),
    "of titles": (
        {
            "Foo": an_object(),
            "Holder": an_object(
                a={"title": "Foo", **an_object()}, b={"title": "Foo", **an_object()}, c={"title": "foo", **an_object()}
            ),
        },
        {
            "Foo": "Foo",
            "Holder": "Holder",
            "Holder/properties/a": "HolderFoo",
            "Holder/properties/b": "HolderB",
            "Holder/properties/c": "HolderC",
        },
    ),
    "of alternatives": (
        {"Either": {"oneOf": [{"title": "Same", **an_object(a={})}, {"title": "Same", **an_object(b={})}]}},
        {"Either/oneOf/0": "EitherSame", "Either/oneOf/1": "EitherType1"},
    ),
    "of a TypedDict": (
        {"Thing": an_object(a={}), "ThingDict": an_object()},
        {"Thing": "Thing", "ThingDict": "ThingDict"},
    ),
    "of words that are taken": (
        {"class": an_object(), "None": an_object(), "Any": an_object(), "Literal": {"enum": ["a"]}, "---": an_object()},
        {"class": "Class", "None": "None_", "Any": "AnyModel", "Literal": "LiteralEnum", "---": "FieldModel"},
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_clash_of_names_stops_nothing(name: str) -> None:
    """A component keeps its name, the one that has it to the letter first; others get one after their place."""
    schemas, classes = CLASHES[name]
    assert classes_of(schemas) == classes


def test_schema_that_comes_to_another_leaves_its_name() -> None:
    """Neither a component nor an inline schema that comes before them changes what others are called."""
    former = {"Holder": an_object(part=an_object(), kind={"enum": ["a"]}), "other_thing": an_object()}
    further = {"Before": an_object(part=an_object()), **former, "OtherPart": an_object(), "other_things": an_object()}
    before, after = classes_of(former), classes_of(further)
    assert {each: after[each] for each in before} == before


def test_part_of_a_schema_has_one_name() -> None:
    """Whether it is met where it stands or by a reference first, it is named after where it stands."""
    whole = an_object(part={"title": "Piece", **an_object()}, items={"type": "array", "items": an_object()})
    parts = an_object(
        one={"$ref": "#/components/schemas/Whole/properties/part"},
        two={"$ref": "#/components/schemas/Whole/properties/items/items"},
    )
    assert classes_of({"A": parts, "Whole": whole}) == classes_of({"Whole": whole, "A": parts})
    assert sorted(classes_of({"A": parts, "Whole": whole}).values()) == ["A", "Whole", "WholeItemsItem", "WholePiece"]


CHOSEN = {"servers": [{"url": "https://{zone}.test", "variables": {"zone": {"default": "eu"}}}]}
KEYS = {"token": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "header", "name": "K"}}
PART = an_object(key={"type": "string", "format": "uuid"}, day={"type": "string", "format": "date"}, kind={"const": 1})


def tagged(tags: list[str]) -> dict[str, Any]:
    """A contract with servers to choose from, keys, and an operation of each tag, whose arguments are of all kinds."""
    parts = {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}
    body = {"content": {"application/json": {"schema": {**PART, "properties": {**PART["properties"], "parts": parts}}}}}
    paths: dict[str, Any] = {}
    for number, tag in enumerate(tags):
        said = {"operationId": f"call {number}", "tags": [tag], "requestBody": {"required": True, **body}}
        paths[f"/{number}"] = {"post": {**said, "responses": {"200": {"description": "It", **body}}}}
    document = other_contracts.contract(paths, KEYS, security=[{name: []} for name in KEYS], **CHOSEN)
    document["components"]["schemas"] = {"Part": PART}
    return document


def names_in(package: Path) -> list[str]:
    """All names that the modules of the two clients and of their resources import, define or use."""
    found = set[str]()
    for path in (package / "roark.py", *package.glob("resources/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Name(id=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                    found.add(name)
                case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                    found.update(each.asname or each.name for each in imported)
                case _:
                    pass
    return sorted(found)


def public_names(kind: type) -> set[str]:
    """What a class has that is no detail of it."""
    return {name for name in dir(kind) if not name.startswith("_")}


def test_no_field_and_no_tag_hides_what_is_there_already() -> None:
    """What every model and every client has by itself is reserved, so that no field and no tag is called so."""
    assert public_names(Model) <= names.MODEL_NAMES
    for client in (Roark, AsyncRoark):
        assert public_names(client) - {"call_analysis", "integrations"} <= names.CLIENT_NAMES


def test_no_tag_makes_a_class_of_a_keyword() -> None:
    """A class of the name of a tag is one that Python allows."""
    view = Python(tagged(["true", "None", "False"]))
    assert [view.resource_names[tag] for tag in view.tags] == ["TrueResource", "NoneResource", "FalseResource"]


@pytest.mark.whole_run
def test_no_tag_shadows_what_a_module_uses(tmp_path: Path) -> None:
    """With a tag for each name that the modules of clients and resources have, all calls are made and type-check."""
    few = other_contracts.write(tagged(["Things"]), tmp_path / "few") / generator.PACKAGE
    tags = [*names_in(few), "async query", "query resource", "a 1", "a1"]
    assert {"Query", "Callable", "H", "AsyncFacade", "httpx", "made_once", "UUID", "Part", "PartDict"} < {*tags}
    generated = other_contracts.write(tagged(tags), tmp_path / "many")
    package = other_contracts.imported(generated, "roark_client_of_all_names")
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.url.path.strip("/"))
        return httpx.Response(200, json={})

    with package.Roark(key="k", http_client=httpx.Client(transport=httpx.MockTransport(answer))) as client:
        view = Python(tagged(tags))
        for each in view.operations:
            resource = getattr(client, each.called.attribute)
            getattr(resource, each.called.method)()
    assert sorted(sent, key=int) == [str(number) for number in range(len(tags))]
    (generated / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    checked = f"{generator.PACKAGE}/roark.py", f"{generator.PACKAGE}/resources"
    succeed(sys.executable, "-m", "mypy", f"--cache-dir={tmp_path / 'cache'}", *checked, folder=generated)
