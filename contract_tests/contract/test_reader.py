"""A contract is read once, for all: its operations, and for each part of it the JSON pointer and the line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.subject import ROOT
from scripts.contract import (
    Contract,
    ContractError,
    Operation,
    Place,
    json_pointer,
    parse,
    read,
    read_operations,
    references,
)

THINGS = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
security: [{token: []}]
paths:
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: X-Trace, in: header, schema: {type: string}}
    get:
      parameters:
        - {name: x-trace, in: header, required: true, schema: {type: string}}
        - $ref: '#/components/parameters/Page'
          description: Which page of the things.
        - {name: Authorization, in: header, schema: {type: string}}
      responses:
        "200": {$ref: '#/components/responses/Things'}
        "404": {description: No such thing.}
    put:
      security: []
      requestBody:
        required: true
        content:
          application/merge-patch+json: {schema: {type: object}}
          application/json; charset=utf-8:
            schema: {$ref: '#/components/schemas/Thing'}
      responses:
        default: {$ref: '#/paths/~1things~1%7Bid%7D/get/responses/200'}
  /all/{id}: {$ref: '#/paths/~1things~1%7Bid%7D'}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  parameters:
    Page: {name: page, in: query, style: form, schema: {type: integer}, description: A page.}
  responses:
    Things:
      description: Things.
      content:
        text/html: {}
        application/hal+json: {schema: {$ref: '#/components/schemas/Thing'}}
  schemas:
    Thing:
      type: object
      properties:
        $ref: {type: string}
        next: {$ref: '#/components/schemas/Thing'}
"""


def contract(text: str = THINGS) -> Contract:
    """A contract by its text."""
    return parse(Path("things.yaml"), text.encode())


def operation(label: str) -> Operation:
    """One of the operations on things."""
    return next(each for each in read_operations(contract().root) if each.label == label)


def places(place: Place) -> Iterator[Place]:
    """A place, and all below it."""
    yield place
    if isinstance(place.raw, dict | list):
        for key in place.raw if isinstance(place.raw, dict) else range(len(place.raw)):
            yield from places(place.below(key))


@pytest.mark.parametrize("path", [ROOT / "openapi.yaml", None])
def test_each_step_knows_its_line(path: Path | None) -> None:
    """Wherever a walk goes, its line is one on which the last key of its pointer stands."""
    whole = read(path) if path else contract()
    lines = whole.text.splitlines()
    named = [each for each in places(whole.root) if each.pointer and not each.pointer.rsplit("/", 1)[1].isdecimal()]
    assert len(named) > 20
    for each in named:
        key = each.pointer.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~")
        assert each.line, each.pointer
        assert key in lines[each.line - 1], each.pointer


def test_operations_are_those_of_the_document() -> None:
    """Each method of each path is an operation, also behind a reference: paths in the order of the document."""
    labels = [each.label for each in read_operations(contract().root)]
    assert labels == ["GET /things/{id}", "PUT /things/{id}", "GET /all/{id}", "PUT /all/{id}"]
    assert operation("GET /all/{id}").pointer == "/paths/~1things~1{id}/get"


def test_parameters_of_an_operation_win_over_those_of_its_path() -> None:
    """Header names are the same in any case, what is stated elsewhere is none, and a reference may describe anew."""
    found = {each.key: each for each in operation("GET /things/{id}").parameters}
    assert list(found) == [("header", "x-trace"), ("query", "page"), ("path", "id")]
    assert found["header", "x-trace"].is_required
    page = found["query", "page"]
    assert page.pointer == "/components/parameters/Page"
    assert THINGS.splitlines()[(page.place.line or 0) - 1].startswith("    Page:")
    assert (page.description, page.style, page.explodes) == ("Which page of the things.", "form", True)


def test_bodies_are_what_the_client_sends_and_reads() -> None:
    """A request goes out as application/json and nothing else; a reply is read as any JSON, by its own pointer."""
    update = operation("PUT /things/{id}")
    assert update.request is not None
    assert update.request.is_required
    assert update.request.sent is not None
    assert update.request.sent.name == "application/json; charset=utf-8"
    assert update.request.sent.schema.followed().pointer == "/components/schemas/Thing"
    assert update.reply_schema("default") == "/components/responses/Things/content/application~1hal+json/schema"
    assert update.reply_schema("200").endswith("/put/responses/200/content/application~1json/schema"), (
        "where it would be"
    )
    assert (update.success, update.documented_status(404), list(update.successes)) == (
        "default",
        "default",
        ["default"],
    )


def test_security_of_an_operation_wins_over_that_of_all() -> None:
    """What an operation says of credentials counts, also where that is none."""
    assert [operation(f"{each} /things/{{id}}").security.raw for each in ("GET", "PUT")] == [[{"token": []}], []]


@pytest.mark.parametrize(
    ("ref", "fault"),
    [
        ("#/components/responses/Nothing", "#/components/responses/Nothing does not exist"),
        ("#/paths/~1things~1{id}/get/nothing/x", "does not exist"),
        ("#/info/title/0", "does not exist"),
        ("other.yaml#/x", "expected a reference inside this file (#/…), got 'other.yaml#/x'"),
        ("#/paths/~1things~1%7Bid%7D/get/responses/200", "refers to itself in the end"),
    ],
)
def test_reference_that_leads_nowhere_is_named(ref: str, fault: str) -> None:
    """A reference to nothing, to another file or back to itself is told by line and pointer."""
    with pytest.raises(ContractError) as raised:
        contract(THINGS.replace("#/components/responses/Things", ref, 1))
    first = raised.value.faults[0]
    at = json_pointer(["paths", "/things/{id}", "get", "responses", "200", "$ref"])
    assert (first.line, first.pointer) == (16, at)
    assert fault in first.reason
    assert str(raised.value).startswith("things.yaml:16: #/paths/")


OURS = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
BEFORE = "    VapiCallProperties:\n"  # a place among the schemas
REPLY = "/paths/~1v1~1call-analysis/post/responses/200/content/application~1json"
UNEXPECTED = "        default:\n          $ref: '#/components/responses/UnexpectedStatus'\n"

# A slip in our contract: what is replaced, by what; the pointer at which it is told, and a word of what is told.
SLIPS = {
    "a reference of the default reply": (
        UNEXPECTED, UNEXPECTED.replace("UnexpectedStatus", "Nope"),
        "/paths/~1v1~1call-analysis/post/responses/default/$ref", "does not exist",
    ),
    "a keyword in the schema of the default reply": (
        UNEXPECTED, "        default: {description: None, content: {application/json: {schema: {typ: string}}}}\n",
        "/paths/~1v1~1call-analysis/post/responses/default/content/application~1json/schema/typ", "did you mean type?",
    ),
    "a reference of a field called properties": (
        "'#/components/schemas/VapiCallProperties'", "'#/components/schemas/VapiCallPropertiez'",
        "/components/schemas/VapiCallRequest/properties/properties/$ref", "does not exist",
    ),
    "a schema called value": (
        BEFORE, f"    value: {{type: string, minLength: no}}\n{BEFORE}",
        "/components/schemas/value/minLength", "is not of type",
    ),
    "no object of fields": (
        BEFORE, f"    Odd: {{properties: null}}\n{BEFORE}", "/components/schemas/Odd/properties", "is not of type",
    ),
    "no list of schemas": (
        BEFORE, f"    Odd: {{oneOf: 5}}\n{BEFORE}", "/components/schemas/Odd/oneOf", "is not of type",
    ),
    "a pattern that is none": (
        BEFORE, f"    Odd: {{type: string, pattern: '['}}\n{BEFORE}", "/components/schemas/Odd/pattern", "regex",
    ),
    "a schema that takes itself in": (
        BEFORE, f"    Odd: {{allOf: [{{$ref: '#/components/schemas/Odd'}}]}}\n{BEFORE}",
        "/components/schemas/Odd/allOf/0/$ref", "refers to itself in the end",
    ),
    "a number that JSON has not": (
        "durationMs: 123", "durationMs: .nan",
        f"{REPLY}/examples/documented/value/data/call/durationMs", "which JSON cannot say",
    ),
    "an unknown security scheme": ("  - bearerAuth: []", "  - other: []", "/security/0/other", "no security scheme"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_told_once_where_it_stands(slip: str) -> None:
    """A fault is told by the pointer and the line of what is wrong, wherever in the contract it stands."""
    old, new, pointer, word = SLIPS[slip]
    text = OURS.replace(old, new, 1)
    with pytest.raises(ContractError) as error:
        contract(text)
    (fault,) = error.value.faults
    assert fault.pointer == pointer
    assert word in fault.reason
    line = text[: text.index(new) + len(new)].count("\n")
    assert abs(int(re.findall(r":(\d+): ", str(error.value))[0]) - line) <= 1, str(error.value)


@pytest.mark.parametrize("schema", ["{type: object, examples: [{$ref: nowhere}]}", "{const: {$ref: nowhere}}"])
def test_data_refers_to_nothing(schema: str) -> None:
    """Examples and defaults are data: a `$ref` in them is a field like any other."""
    assert contract(OURS.replace(BEFORE, f"    Odd: {schema}\n{BEFORE}", 1)).document


def test_path_item_may_say_more_beside_its_reference() -> None:
    """What a path says itself wins over what it refers to, as the operations of a contract are read."""
    text = THINGS.replace(
        "/all/{id}: {$ref: '#/paths/~1things~1%7Bid%7D'}",
        """/all/{id}:
    $ref: '#/paths/~1things~1%7Bid%7D'
    get: {responses: {"200": {description: All of it.}}}""",
    )
    found = {each.label: each.pointer for each in read_operations(contract(text).root)}
    assert found["GET /all/{id}"] == "/paths/~1all~1{id}/get"
    assert found["PUT /all/{id}"] == "/paths/~1things~1{id}/put"


def test_extensions_refer_to_nothing() -> None:
    """A `$ref` in an extension is none, also among paths and replies; among properties x- begins a name."""
    extended = {"x-a": {"$ref": "#/x"}, "responses": {"x-b": {"$ref": "#/x"}, "200": {"$ref": "#/y"}}}
    document = {"x": 1, "y": {"properties": {"x-c": {"$ref": "#/z"}}}, "z": {}}
    assert references(document, extended) == {"/y", "/z"}


def test_default_reply_is_among_the_references() -> None:
    """What an operation refers to holds its `default` reply, whose key is a name here and no keyword."""
    document = contract(OURS).document
    post = document["paths"]["/v1/vapi/call"]["post"]
    assert "/components/responses/UnexpectedStatus" in references(document, post)
