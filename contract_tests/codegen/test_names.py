"""What callers import keeps its name: a class without one in the contract is named after where it stands."""

from typing import Any

import pytest

from contract_tests.codegen.grown_client import document_of
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
