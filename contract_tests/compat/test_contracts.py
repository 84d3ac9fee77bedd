"""What a changed contract is judged to be beside its schemas: operations, parameters, bodies, servers, credentials."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from contract_tests.compat.edits import Document, edited
from scripts.compat.change import EVERY_OPERATION, Change
from scripts.compat.contracts import compare
from scripts.compat.rules import Impact

Edits = Sequence[Mapping[str, Any]]

JSON = "application/json"
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}

BEARER = {"type": "http", "scheme": "bearer"}

POST = "/paths/~1calls~1{id}/post"
LABEL = "POST /calls/{id}"


def body(**schemas: Any) -> dict[str, Any]:
    """A body in these media types."""
    return {"description": "A body", "content": {name: {"schema": each} for name, each in schemas.items()}}


def query(**said: Any) -> dict[str, Any]:
    """A parameter in the query."""
    return {"name": "words", "in": "query", "schema": {"type": "array", "items": TEXT}, **said}


CONTRACT: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "1.0.0"},
    "servers": [{"url": "https://{region}.example", "variables": {"region": {"default": "eu"}}}],
    "security": [{"token": []}],
    "paths": {
        "/calls/{id}": {
            "description": "A call",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            "post": {
                "operationId": "createCall",
                "tags": ["Calls"],
                "parameters": [query()],
                "requestBody": body(**{JSON: TEXT}),
                "responses": {"200": body(**{JSON: TEXT}), "400": body(**{JSON: TEXT})},
            },
        }
    },
    "components": {"securitySchemes": {"token": {"$ref": "#/components/securitySchemes/named"}, "named": BEARER}},
}


def made(*edits: Mapping[str, Any]) -> Document:
    """The contract with these edits."""
    return edited(CONTRACT, edits)


def put(pointer: str, value: Any) -> dict[str, Any]:
    """An edit."""
    return {"set": pointer, "to": value}


IN_ITEM: Edits = [
    put("/components/pathItems", {"Call": CONTRACT["paths"]["/calls/{id}"]}),
    put("/paths/~1calls~1{id}", {"$ref": "#/components/pathItems/Call"}),
]
SWAPPED: Edits = [
    {"move": "/paths/~1calls~1{id}", "to": "/paths/~1{one}~1{two}"},
    put("/paths/~1{one}~1{two}/parameters", [
        {"name": name, "in": "path", "required": True, "schema": each} for name, each in (("one", TEXT), ("two", WHOLE))
    ]),
]  # fmt: skip
SUCCESSES = f"{POST}/responses"

# Edits that make the one contract, and the other, and the rules for the change from one to the other.
CHANGES: dict[str, tuple[Edits, Edits, str]] = {
    "a path by reference": ([], IN_ITEM, ""),
    "what a path refers to": (
        IN_ITEM,
        [*IN_ITEM, put("/components/pathItems/Call/post/requestBody/content/application~1json/schema", WHOLE)],
        "request-type-changed",
    ),
    "a parameter of a path that is referred to": (
        IN_ITEM,
        [*IN_ITEM, put("/components/pathItems/Call/parameters/0/schema", WHOLE)],
        "request-type-changed",
    ),
    "another kind of JSON": (
        [put(f"{POST}/responses/200", body(**{JSON: TEXT}))],
        [put(f"{POST}/responses/200", body(**{"application/vnd.call+json": WHOLE}))],
        "reply-media-type-added reply-media-type-removed reply-type-changed",
    ),
    "a media type with a parameter": ([], [put(f"{POST}/responses/200", body(**{"application/json; a=b": TEXT}))], ""),
    "the first of two that differ in a parameter": (
        [put(f"{POST}/responses/200", body(**{"application/json; a=b": TEXT, JSON: TEXT}))],
        [put(f"{POST}/responses/200", body(**{"application/json; a=b": WHOLE, JSON: TEXT}))],
        "reply-type-changed",
    ),
    "a media type that the client does not send": (
        [put(f"{POST}/requestBody", body(**{JSON: TEXT, "text/plain": TEXT}))],
        [put(f"{POST}/requestBody", body(**{JSON: TEXT, "text/plain": WHOLE}))],
        "",
    ),
    "a range in the place of a status": (
        [put(f"{SUCCESSES}/2XX", body(**{JSON: WHOLE}))],
        [{"remove": f"{SUCCESSES}/200"}, put(f"{SUCCESSES}/2XX", body(**{JSON: WHOLE}))],
        "success-removed reply-type-changed",
    ),
    "the same range in the place of a status": (
        [put(f"{SUCCESSES}/2XX", body(**{JSON: TEXT}))],
        [{"remove": f"{SUCCESSES}/200"}, put(f"{SUCCESSES}/2XX", body(**{JSON: TEXT}))],
        "success-removed",
    ),
    "no success is left": ([], [{"remove": f"{SUCCESSES}/200"}], "success-removed reply-body-removed"),
    "the default of a server's variable": ([], [put("/servers/0/variables/region/default", "us")], "server-changed"),
    "a variable of a server written out": ([], [put("/servers/0", {"url": "https://eu.example"})], ""),
    "a server of the operation": ([], [put(f"{POST}/servers", [{"url": "https://two.example"}])], "server-changed"),
    "a server of the path": (
        [put("/paths/~1calls~1{id}/servers", [{"url": "https://two.example"}])],
        [put("/paths/~1calls~1{id}/servers", [{"url": "https://three.example"}])],
        "server-changed",
    ),
    "a style that is the default": ([], [put(f"{POST}/parameters/0", query(style="form", explode=True))], ""),
    "an explode that is not": ([], [put(f"{POST}/parameters/0", query(explode=False))], "parameter-written-otherwise"),
    "a second tag": ([], [put(f"{POST}/tags/1", "Others")], ""),
    "another first tag": ([], [put(f"{POST}/tags", ["Others", "Calls"])], "operation-renamed"),
    "a header that says who calls": (
        [],
        [put(f"{POST}/parameters/1", {"name": "Authorization", "in": "header", "required": True, "schema": TEXT})],
        "",
    ),
    "what credentials refer to": ([], [put("/components/securitySchemes/named/scheme", "basic")], "security-changed"),
    "credentials by another name": ([], [put("/components/securitySchemes/token", BEARER)], ""),
    "how a token is made": ([], [put("/components/securitySchemes/named/bearerFormat", "JWT")], ""),
    "parameters of a path that change places": (
        SWAPPED,
        [*SWAPPED, {"move": "/paths/~1{one}~1{two}", "to": "/paths/~1{two}~1{one}"}],
        "operation-moved request-type-changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_change_falls_under_its_rules(name: str) -> None:
    """A change falls under the rules for it; what changes nothing for callers is documentation."""
    former, new, expected = CHANGES[name]
    told = compare(made(*former), made(*new))
    assert {each.rule.name for each in told if each.rule.impact is not Impact.DOCUMENTATION} == {*expected.split()}
    assert told, "nothing is left out"


def words(told: Sequence[Change]) -> list[tuple[str, str, str]]:
    """Rule, operation and pointer of each change."""
    return [(each.rule.name, each.operation, each.pointer) for each in told]


def test_words_are_told_beside_what_they_speak_of() -> None:
    """A description that changes is told by itself, also where what it describes changes, moves, or has a neighbour."""
    said = put(f"{POST}/description", "Make it")
    whole = put(f"{POST}/requestBody/content/application~1json/schema", {**WHOLE, "description": "A number"})
    told = words(compare(made(), made(said, whole)))
    assert ("request-type-changed", LABEL, f"{POST}/requestBody/content/application~1json/schema/type") in told
    assert ("description-changed", LABEL, f"{POST}/description") in told
    assert ("description-changed", LABEL, f"{POST}/requestBody/content/application~1json/schema/description") in told

    moved = {"move": "/paths/~1calls~1{id}", "to": "/paths/~1v2~1{id}"}
    place = POST.replace("calls", "v2")
    assert words(compare(made(), made(said, moved))) == [
        ("operation-moved", "POST /v2/{id}", place),
        ("description-changed", "POST /v2/{id}", f"{place}/description"),
    ]

    error = put(f"{SUCCESSES}/400", {**body(**{JSON: WHOLE}), "description": "Refused"})
    assert words(compare(made(), made(error))) == [
        ("error-changed", LABEL, f"{SUCCESSES}/400"),
        ("description-changed", LABEL, f"{SUCCESSES}/400/description"),
    ]


def test_field_that_is_called_as_words_are_is_a_field() -> None:
    """A field of the name `description` is no description."""
    schema = f"{POST}/requestBody/content/application~1json/schema"
    former, new = (made(put(schema, {"properties": {"description": each}})) for each in (TEXT, WHOLE))
    assert words(compare(former, new)) == [("request-type-changed", LABEL, f"{schema}/properties/description/type")]


def test_place_is_that_of_one_item() -> None:
    """What changed in one of several items is told of that item, under the operation that it belongs to."""
    told = compare(made(), made(put("/paths/~1calls~1{id}/parameters/0/description", "Its id")))
    assert words(told) == [("description-changed", LABEL, "/paths/~1calls~1{id}/parameters/0/description")]
    told = compare(made(), made(put("/info/title", "Some calls")))
    assert words(told) == [("description-changed", EVERY_OPERATION, "/info/title")]


def test_nothing_changed_is_nothing_told() -> None:
    """A contract changes nothing about itself, however often its values are made anew."""
    assert compare(made(), json.loads(json.dumps(CONTRACT))) == []
