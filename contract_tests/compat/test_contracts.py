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
VENDOR = "application/vnd.call+json"
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
LISTED = {"operationId": "listCalls", "tags": ["Calls"], "responses": {"204": {"description": "None"}}}

SCHEMES = "/components/securitySchemes"
FLOW = f"{SCHEMES}/named/flows/clientCredentials"
RENAMED: Edits = [put(f"{SCHEMES}/bearer", BEARER), put("/security", [{"bearer": []}])]
OAUTH: Edits = [
    put(f"{SCHEMES}/named", {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://one.example", "scopes": {"read": "Reads"}}},
    }),
    put("/security", [{"token": ["read"]}]),
]  # fmt: skip


def renamed_key(name: str) -> Edits:
    """Edits that have callers prove who they are by a key of this name."""
    return [
        put(f"{SCHEMES}/{name}", {"type": "apiKey", "in": "header", "name": "X-Key"}),
        put("/security", [{name: []}]),
    ]


KEY = renamed_key("key")


def certificate(name: str) -> Edits:
    """Edits that have callers prove who they are by a certificate, which is no argument."""
    return [put(f"{SCHEMES}/{name}", {"type": "mutualTLS"}), put("/security", [{name: []}])]


def one_text(**said: Any) -> Edits:
    """Edits that make the parameter in the query one of a single value."""
    return [put(f"{POST}/parameters/0", query(**{"schema": TEXT, **said}))]


REGION = {"default": "eu", "enum": ["eu", "us"]}
# Two operations, each with a server of its own that has the variable.
TWO_SERVERS: Edits = [
    put("/paths/~1calls", {"get": LISTED}),
    put("/servers/0/variables/region", REGION),
    put(f"{POST}/servers", [{"url": "https://{region}.two.example", "variables": {"region": REGION}}]),
]
OF_ITS_OWN: Edits = [put(f"{POST}/servers", [{"url": "https://two.example"}])]

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
    "JSON by another name": (
        [],
        [put(f"{POST}/responses/200", body(**{VENDOR: TEXT}))],
        "reply-media-type-added accepted-media-type-removed",
    ),
    "JSON by another name that says something else": (
        [],
        [put(f"{POST}/responses/200", body(**{VENDOR: WHOLE}))],
        "reply-media-type-added accepted-media-type-removed reply-type-changed",
    ),
    "JSON by another name that errors had": (
        [put(f"{POST}/responses/400", body(**{VENDOR: TEXT}))],
        [put(f"{POST}/responses/400", body(**{VENDOR: TEXT})), put(f"{POST}/responses/200", body(**{VENDOR: TEXT}))],
        "reply-media-type-added reply-media-type-removed",
    ),
    "JSON by one of two names": (
        [put(f"{POST}/responses/200", body(**{JSON: TEXT, VENDOR: TEXT}))],
        [],
        "reply-media-type-removed",
    ),
    "what comes by the other of two names": (
        [put(f"{POST}/responses/200", body(**{JSON: TEXT, VENDOR: TEXT}))],
        [put(f"{POST}/responses/200", body(**{JSON: TEXT, VENDOR: WHOLE}))],
        "reply-type-changed",
    ),
    "text in the place of JSON": (
        [],
        [put(f"{POST}/responses/200", body(**{"text/plain": TEXT}))],
        "reply-media-type-added accepted-media-type-removed reply-form-changed",
    ),
    "JSON beside text": (
        [put(f"{POST}/responses/200", body(**{"text/plain": TEXT}))],
        [put(f"{POST}/responses/200", body(**{"text/plain": TEXT, JSON: TEXT}))],
        "reply-media-type-added reply-form-changed",
    ),
    "text beside JSON": (
        [],
        [put(f"{POST}/responses/200", body(**{JSON: TEXT, "text/plain": TEXT}))],
        "reply-media-type-added",
    ),
    "an image of another kind": (
        [put(f"{POST}/responses/200", body(**{"image/png": {}, "image/gif": {}}))],
        [put(f"{POST}/responses/200", body(**{"image/png": {}}))],
        "reply-media-type-removed",
    ),
    "images of any kind": (
        [put(f"{POST}/responses/200", body(**{"image/*": {}}))],
        [put(f"{POST}/responses/200", body(**{"image/png": {}}))],
        "reply-media-type-added reply-media-type-removed",
    ),
    "bytes beside text": (
        [put(f"{POST}/responses/200", body(**{"text/plain": TEXT}))],
        [put(f"{POST}/responses/200", body(**{"text/plain": TEXT, "image/png": {}}))],
        "reply-media-type-added reply-form-changed",
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
    "a form beside what the client sends": (
        [put(f"{POST}/requestBody", body(**{JSON: TEXT, "multipart/form-data": {}}))],
        [],
        "request-media-type-removed",
    ),
    "JSON of a vendor is sent": (
        [],
        [put(f"{POST}/requestBody", body(**{VENDOR: TEXT}))],
        "request-media-type-added sent-media-type-removed",
    ),
    "JSON of a vendor is sent no longer": (
        [put(f"{POST}/requestBody", body(**{VENDOR: TEXT}))],
        [put(f"{POST}/requestBody", body(**{VENDOR: TEXT, JSON: TEXT}))],
        "request-media-type-added sent-media-type-changed",
    ),
    "what clients out there send is narrowed": (
        [put(f"{POST}/requestBody", body(**{VENDOR: TEXT}))],
        [put(f"{POST}/requestBody", body(**{VENDOR: {**TEXT, "maxLength": 3}, JSON: TEXT}))],
        "request-media-type-added sent-media-type-changed request-constraint-tightened",
    ),
    "text is sent in the place of JSON": (
        [],
        [put(f"{POST}/requestBody", body(**{"text/plain": TEXT}))],
        "request-media-type-added sent-media-type-removed request-form-changed",
    ),
    "JSON is sent in the place of text, which is taken": (
        [put(f"{POST}/requestBody", body(**{"text/plain": TEXT}))],
        [put(f"{POST}/requestBody", body(**{"text/plain": TEXT, JSON: TEXT}))],
        "request-media-type-added request-form-changed",
    ),
    "text says which characters": (
        [put(f"{POST}/requestBody", body(**{"text/plain": TEXT}))],
        [put(f"{POST}/requestBody", body(**{"text/plain; charset=utf-8": TEXT}))],
        "sent-media-type-changed",
    ),
    "a success with a body beside one that has none, whatever it says": (
        [put(SUCCESSES, {"204": body(**{JSON: TEXT})})],
        [put(SUCCESSES, {"204": body(**{JSON: TEXT}), "200": body(**{JSON: TEXT})})],
        "success-with-another-body-added",
    ),
    "another success that has no body, whatever it says": (
        [put(SUCCESSES, {"204": body(**{JSON: TEXT})})],
        [put(SUCCESSES, {"204": body(**{JSON: TEXT}), "205": body(**{JSON: WHOLE})})],
        "success-added",
    ),
    "content of a reply that has none": (
        [put(f"{POST}/responses/204", {"description": "Taken"})],
        [put(f"{POST}/responses/204", body(**{JSON: TEXT}))],
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
    "a variable of a server written out": (
        [],
        [put("/servers/0", {"url": "https://eu.example"})],
        "server-variable-removed",
    ),
    "a variable by another name": (
        [],
        [put("/servers/0", {"url": "https://{area}.example", "variables": {"area": {"default": "eu"}}})],
        "server-variable-removed server-variable-added",
    ),
    "a variable that stands in no URL": ([], [put("/servers/0/variables/port", {"default": "1"})], ""),
    "a variable that takes some values": (
        [],
        [put("/servers/0/variables/region/enum", ["eu", "us"])],
        "server-variable-narrowed",
    ),
    "a variable that takes other values": (
        [put("/servers/0/variables/region/enum", ["eu", "us"])],
        [put("/servers/0/variables/region/enum", ["eu", "jp"])],
        "server-variable-narrowed",
    ),
    "a variable that takes more values": (
        [put("/servers/0/variables/region/enum", ["eu", "us"])],
        [put("/servers/0/variables/region/enum", ["us", "jp", "eu"])],
        "server-variable-widened",
    ),
    "a variable that two servers have, of which one takes less": (
        TWO_SERVERS, [*TWO_SERVERS, put("/servers/0/variables/region/enum", ["eu"])], "server-variable-narrowed",
    ),
    "a variable that two servers have, of which one takes more": (
        TWO_SERVERS, [*TWO_SERVERS, put("/servers/0/variables/region/enum", ["eu", "us", "jp"])], "",
    ),
    "a path with one more part": (
        [],
        [
            {"move": "/paths/~1calls~1{id}", "to": "/paths/~1calls~1{id}~1{part}"},
            put(
                "/paths/~1calls~1{id}~1{part}/parameters/1",
                {"name": "part", "in": "path", "required": True, "schema": TEXT},
            ),
        ],
        "operation-moved required-parameter-added",
    ),
    "a server of the operation": (
        [],
        [put(f"{POST}/servers", [{"url": "https://two.example"}])],
        "server-changed server-variable-removed",
    ),
    "a server of one of two operations": (
        [put("/paths/~1calls", {"get": LISTED})],
        [put("/paths/~1calls", {"get": {**LISTED, "servers": [{"url": "https://two.example"}]}})],
        "server-changed",
    ),
    "the server of all, written where the operation is": (
        [],
        [put(f"{POST}/servers", [{"url": "https://{region}.example", "variables": {"region": {"default": "eu"}}}])],
        "",
    ),
    "a server of the path": (
        [put("/paths/~1calls~1{id}/servers", [{"url": "https://two.example"}])],
        [put("/paths/~1calls~1{id}/servers", [{"url": "https://three.example"}])],
        "server-changed",
    ),
    "the place that the contract is from, written out": (
        [{"remove": "/servers"}],
        [put("/servers", [{"url": "/"}])],
        "",
    ),
    "a slash at the end of a server": (
        [put("/servers", [{"url": "https://one.example"}])],
        [put("/servers", [{"url": "https://one.example/"}])],
        "",
    ),
    "a server that no operation goes to": (
        OF_ITS_OWN,
        [*OF_ITS_OWN, put("/servers/0/url", "https://three.example")],
        "",
    ),
    "characters that may stand as they are": (one_text(), one_text(allowReserved=True), ""),
    "a style of a single value": (one_text(), one_text(style="pipeDelimited"), ""),
    "an explode of a single value": (one_text(), one_text(explode=False), ""),
    "an explode of what may be a list or a text": (
        one_text(schema={"type": ["array", "string"], "items": TEXT}),
        one_text(schema={"type": ["array", "string"], "items": TEXT}, explode=False),
        "parameter-written-otherwise",
    ),
    "a style that is the default": ([], [put(f"{POST}/parameters/0", query(style="form", explode=True))], ""),
    "an explode that is not": ([], [put(f"{POST}/parameters/0", query(explode=False))], "parameter-written-otherwise"),
    "a tag in other letters": ([], [put(f"{POST}/tags", ["calls"])], ""),
    "an operationId in other letters": ([], [put(f"{POST}/operationId", "create_call")], ""),
    "a second tag": ([], [put(f"{POST}/tags/1", "Others")], ""),
    "another first tag": ([], [put(f"{POST}/tags", ["Others", "Calls"])], "operation-renamed"),
    "a header that says who calls": (
        [],
        [put(f"{POST}/parameters/1", {"name": "Authorization", "in": "header", "required": True, "schema": TEXT})],
        "",
    ),
    "what credentials refer to": ([], [put("/components/securitySchemes/named/scheme", "basic")], "security-changed"),
    "credentials by another name": ([], [put("/components/securitySchemes/token", BEARER)], ""),
    "a token by another name, which is its argument's nowhere": ([], RENAMED, ""),
    "a key by another name": (KEY, renamed_key("other"), "security-argument-renamed"),
    "a key in another place": (KEY, [*KEY, put(f"{SCHEMES}/key/in", "query")], "security-changed"),
    "a key in another header": (KEY, [*KEY, put(f"{SCHEMES}/key/name", "X-Other")], "security-changed"),
    "a key that is for people": (KEY, [*KEY, put(f"{SCHEMES}/key/description", "A key")], ""),
    "a certificate by another name": (certificate("one"), certificate("other"), ""),
    "another token in the place of the first one": (
        [put(SCHEMES, {"old": BEARER}), put("/security", [{"old": []}])],
        [
            put(SCHEMES, {"first": BEARER, "old": BEARER}),
            put("/security", [{"old": []}]),
            put("/paths/~1calls", {"get": {**LISTED, "security": [{"first": []}]}}),
        ],
        "operation-added security-argument-renamed",
    ),
    "a key as well as a token": ([], [*KEY, put("/security", [{"token": []}, {"key": []}])], "security-lifted"),
    "a key in the place of a token": ([], KEY, "security-changed"),
    "a key beside a token": ([], [*KEY, put("/security", [{"token": [], "key": []}])], "security-changed"),
    "a token less": ([*KEY, put("/security", [{"token": [], "key": []}])], KEY, "security-lifted"),
    "a token, or none": ([], [put("/security", [{"token": []}, {}])], "security-lifted"),
    "a token where none was": ([put(f"{POST}/security", [])], [], "security-required"),
    "another scope": (OAUTH, [*OAUTH, put("/security", [{"token": ["read", "write"]}])], "security-changed"),
    "a scope less": (OAUTH, [*OAUTH, put("/security", [{"token": []}])], "security-lifted"),
    "a scope that can be had": (OAUTH, [*OAUTH, put(f"{FLOW}/scopes/write", "Writes")], ""),
    "where a token is had": (OAUTH, [*OAUTH, put(f"{FLOW}/tokenUrl", "https://two.example")], "security-changed"),
    "how a token is made": ([], [put("/components/securitySchemes/named/bearerFormat", "JWT")], ""),
    "parameters of a path that change places": (
        SWAPPED,
        [*SWAPPED, {"move": "/paths/~1{one}~1{two}", "to": "/paths/~1{two}~1{one}"}],
        "parameter-renamed request-type-changed",
    ),
    "a parameter of a path by another name": (
        [],
        [
            {"move": "/paths/~1calls~1{id}", "to": "/paths/~1calls~1{callId}"},
            put("/paths/~1calls~1{callId}/parameters/0/name", "callId"),
        ],
        "parameter-renamed",
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
