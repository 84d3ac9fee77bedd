"""What callers import keeps its name: a class without one in the contract is named after where it stands."""

from typing import Any

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
