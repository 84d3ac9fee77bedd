"""All that is wrong with a contract is told at once, each cause once, by line and pointer, in words of its author."""

import re
from pathlib import Path

import pytest

from contract_tests.subject import ROOT
from scripts.contract import ContractError, Fault, parse, read

EVERYTHING = Path(__file__).with_name("everything_wrong.yaml")
OURS = (ROOT / "openapi.yaml").read_text(encoding="utf-8")


def faults_of(text: str, name: str = "contract.yaml") -> list[Fault]:
    """What is told of a text."""
    try:
        parse(Path(name), text.encode())
    except ContractError as error:
        return list(error.faults)
    return []


def whole(paths: str = "", components: str = "") -> str:
    """A contract of these paths and components, in flow style."""
    return f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{{paths}}}\ncomponents: {{{components}}}\n"


def test_all_is_told_at_once() -> None:
    """Of a contract with many faults each is told, by the line and the pointer of its own, and no other."""
    with pytest.raises(ContractError) as error:
        read(EVERYTHING)
    left = list(error.value.faults)
    expected = [
        (number, *each.split(": ", 1))
        for number, line in enumerate(EVERYTHING.read_text(encoding="utf-8").splitlines(), 1)
        for each in re.split(" *#! ", line)[1:]
    ]
    assert len(expected) > 40
    for number, place, words in expected:
        told = [each for each in left if each.line == number and (each.pointer or "").endswith(place)]
        assert any(words in each.reason for each in told), (number, place, words, told)
        left.remove(next(each for each in told if words in each.reason))
    assert left == []
    assert [each.line for each in error.value.faults] == sorted(number for number, _, _ in expected)


@pytest.mark.parametrize(
    ("old", "new", "pointer", "words"),
    [
        ("openapi: 3.1.0", "openapi: 3.0.3", "/openapi", "got '3.0.3'; convert it"),
        ("openapi: 3.1.0", "openapi: 4.0.0", "/openapi", "expected OpenAPI 3.1, got '4.0.0'"),
        ("openapi: 3.1.0", "swagger: '2.0'", "/swagger", "got Swagger 2.0"),
        ("openapi: 3.1.0", "openapi: 3.1", "/openapi", "write '3.1.0'"),
        ("openapi: 3.1.0", "openapi_version: 3.1.0", "/openapi", "write openapi: 3.1.0"),
        ("\ncomponents:", "\ncomponets:", "/componets", "did you mean components?"),
        ("\n  schemas:", "\n  schema:", "/components/schema", "did you mean schemas?"),
        ("\npaths:", "\npath:", "/path", "did you mean paths?"),
        ("      responses:", "      response:", "/paths/~1v1~1call-analysis/post/response", "did you mean responses?"),
    ],
)  # fmt: skip
def test_what_rests_on_a_fault_is_not_told(old: str, new: str, pointer: str, words: str) -> None:
    """One slip is one fault, however much of the contract rests on what it took away."""
    faults = faults_of(OURS.replace(old, new, 1))
    assert words in faults[0].reason
    assert [each.pointer for each in faults] == [pointer]


def test_what_a_missing_part_would_say_is_not_told() -> None:
    """Where a parameter cannot be read, nothing is told of what it may have declared."""
    get = "{parameters: [{$ref: '#/components/parameters/Id'}], responses: {'200': {description: Fine.}}}"
    (fault,) = faults_of(whole(f"'/u/{{id}}': {{get: {get}}}"))
    assert fault.reason == "#/components/parameters/Id does not exist"


CIRCLES = {
    "a response": (
        "'/x': {get: {responses: {'200': {$ref: '#/components/responses/A'}}}}",
        "responses: {A: {$ref: '#/components/responses/A'}}", "/components/responses/A/$ref",
    ),
    "two request bodies": (
        "'/x': {post: {requestBody: {$ref: '#/components/requestBodies/A'}}}",
        "requestBodies: {A: {$ref: '#/components/requestBodies/B'}, B: {$ref: '#/components/requestBodies/A'}}",
        "/components/requestBodies/A/$ref",
    ),
    "two schemas": (
        "", "schemas: {A: {$ref: '#/components/schemas/B'}, B: {allOf: [{$ref: '#/components/schemas/A'}]}}",
        "/components/schemas/A/$ref",
    ),
    "a property": (
        "'/x': {parameters: [{name: a, in: query, schema: {properties: {a: {$ref: '#/components/schemas/A'}}}}]}",
        "schemas: {A: {$ref: '#/paths/~1x/parameters/0/schema/properties/a'}}",
        "/paths/~1x/parameters/0/schema/properties/a/$ref",
    ),
    "what a schema takes in": (
        "", "schemas: {A: {allOf: [{type: object}, {$ref: '#/components/schemas/A'}]}}",
        "/components/schemas/A/allOf/1/$ref",
    ),
    "a parameter": (
        "'/x': {parameters: [{$ref: '#/components/parameters/A'}]}",
        "parameters: {A: {$ref: '#/paths/~1x/parameters/0'}}", "/paths/~1x/parameters/0/$ref",
    ),
    "a header": ("", "headers: {A: {$ref: '#/components/headers/A'}}", "/components/headers/A/$ref"),
    "an example": ("", "examples: {A: {$ref: '#/components/examples/A'}}", "/components/examples/A/$ref"),
    "a link": ("", "links: {A: {$ref: '#/components/links/A'}}", "/components/links/A/$ref"),
    "a callback": ("", "callbacks: {A: {$ref: '#/components/callbacks/A'}}", "/components/callbacks/A/$ref"),
    "a security scheme": (
        "", "securitySchemes: {A: {$ref: '#/components/securitySchemes/A'}}", "/components/securitySchemes/A/$ref",
    ),
    "two paths": (
        "'/x': {$ref: '#/paths/~1y'}, '/y': {$ref: '#/paths/~1x'}", "", "/paths/~1x/$ref",
    ),
    "a path item": (
        "'/x': {$ref: '#/components/pathItems/A'}",
        "pathItems: {A: {$ref: '#/components/pathItems/A'}}", "/components/pathItems/A/$ref",
    ),
}  # fmt: skip


@pytest.mark.parametrize("circle", CIRCLES)
def test_circle_of_references_is_one_fault(circle: str) -> None:
    """References that lead to nothing but one another are told once, on the circle, whatever leads into it."""
    paths, components, pointer = CIRCLES[circle]
    (fault,) = faults_of(whole(paths, components))
    assert (fault.pointer, fault.line) == (pointer, 3 if pointer.startswith("/paths") else 4)
    assert "refers to itself in the end" in fault.reason


@pytest.mark.parametrize(
    "schemas",
    [
        "A: {properties: {next: {$ref: '#/components/schemas/A'}}}",
        "A: {type: array, items: {$ref: '#/components/schemas/A'}}",
        "A: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/A'}}]}",
        "A: {$ref: '#/components/schemas/B'}, B: {additionalProperties: {$ref: '#/components/schemas/A'}, default: {}}",
        "A: {properties: {b: {$ref: '#/components/schemas/A/properties/a'}, a: {type: string}}}",
    ],
)
def test_schema_of_itself_is_no_fault(schemas: str) -> None:
    """A schema may hold itself: every value comes to an end."""
    assert faults_of(whole(components=f"schemas: {{{schemas}}}")) == []


REFERENCES = {
    "braces as they are": ("#/paths/~1u~1{id}/get/responses/200", ""),
    "braces percent-encoded": ("#/paths/~1u~1%7Bid%7D/get/responses/200", ""),
    "braces percent-encoded twice": (
        "#/paths/~1u~1%257Bid%257D/get/responses/200", "did you mean #/paths/~1u~1%7Bid%7D/get/responses/200?",
    ),
    "a slash as it is": ("#/paths//u/{id}/get/responses/200", "#/paths/~1u~1%7Bid%7D/get/responses/200?"),
    "no slash in front": ("#components/responses/Fine", "did you mean #/components/responses/Fine?"),
    "a name alone": ("Fine", "did you mean #/components/responses/Fine?"),
    "a place of Swagger": ("#/responses/Fine", "did you mean #/components/responses/Fine?"),
    "a slip of the pen": ("#/components/responses/Fien", "did you mean #/components/responses/Fine?"),
    "another kind": ("#/components/schemas/Fine", "is a schema; a response stands here; did you mean"),
    "all of a kind": ("#/components/responses", "is no response"),
    "a text": ("#/info/title", "is no response"),
    "a number": (5, "expected a reference inside this file (#/…), got 5"),
    "in an extension": ("#/x-parts/response", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFERENCES)
def test_reference_leads_where_it_says(name: str) -> None:
    """A reference may be percent-encoded and lead anywhere; one that does not hold is told with what was meant."""
    ref, words = REFERENCES[name]
    get = "parameters: [{name: id, in: path, required: true, schema: {}}], responses: {'200': {description: Fine.}}"
    paths = f"'/u/{{id}}': {{get: {{{get}}}}}, '/v': {{get: {{responses: {{'200': {{$ref: {ref!r}}}}}}}}}"
    components = "responses: {Fine: {description: Fine.}}, schemas: {Fine: {}}"
    faults = faults_of(whole(paths, components) + "x-parts: {response: {description: Fine.}}\n")
    assert [each.pointer for each in faults] == (["/paths/~1v/get/responses/200/$ref"] if words else [])
    assert all(words in each.reason for each in faults)


def test_part_that_only_a_reference_leads_to_is_judged() -> None:
    """What stands outside OpenAPI's own places is a part of the contract where a reference leads to it."""
    text = whole(components="schemas: {A: {$ref: '#/x-parts/A'}}") + "x-parts: {A: {type: int, items: {typ: string}}}\n"
    assert [each.pointer for each in faults_of(text)] == ["/x-parts/A/type", "/x-parts/A/items/typ"]


UNJUDGED = {
    "x-docs": "[{content: {$ref: ./start.md}}]",
    "x-code": "{schema: {type: 5, typ: 1}, $ref: 5}",
    "paths": "{x-a: {$ref: a}, '/x': {get: {x-a: {$ref: '#'}, responses: {x-b: {$ref: 1}, '200': {description: a}}}}}",
    "components, example": "{examples: {a: {value: {$ref: nowhere, schema: {type: 5}}}}}",
    "components, schema": "{schemas: {A: {x-a: {$ref: 1, typ: 1}, example: {$ref: 1}, examples: [{$ref: 1}]}}}",
    "components, default": "{schemas: {A: {default: {$ref: 1}, const: {$ref: 1}, enum: [{$ref: 1}]}}}",
    "components, names": "{schemas: {A: {properties: {$ref: {type: string}, example: {type: string}}}}}",
    "components, media type": "{responses: {A: {description: a, content: {a/b: {example: {$ref: a}, schema: {}}}}}}",
}


@pytest.mark.parametrize("name", UNJUDGED)
def test_extensions_and_examples_are_left_alone(name: str) -> None:
    """What is data, or an extension, is neither judged nor followed."""
    said = {"openapi": "3.1.0", "info": "{title: T, version: '1'}", "paths": "{}", name.split(",")[0]: UNJUDGED[name]}
    assert faults_of("".join(f"{key}: {value}\n" for key, value in said.items())) == []


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ("{type: integer, default: '1'}", "'1' is not of type integer; write 1"),
        (
            "{$ref: '#/components/schemas/State', default: opn}",
            "expected 'open' or 'closed', got 'opn'; did you mean open?",
        ),
        ("{type: boolean, default: 'yes'}", "'yes' is not of type boolean; write true"),
        ("{type: boolean, enum: [no]}", "'no' is not of type boolean; write false"),
        ("{type: string, const: 1.0}", "1.0 is not of type string; put it in quotes"),
        ("{anyOf: [{type: integer}, {type: 'null'}], default: a}", "'a' is not of type integer or null"),
        ("{type: array, items: {type: string}, default: [a, 5]}", "5 is not of type string"),
        ("{const: 5, default: 6}", "expected 5, got 6"),
        ("{type: array, uniqueItems: true, default: [1, 1]}", "names 1 twice"),
        ("{type: object, required: [a], default: {}}", "has no a"),
        ("{type: string, pattern: ^a, default: b}", '"b" does not match "^a"'),
        ("{anyOf: [{const: 1}, {type: string}], default: 5}", "5 fits none of anyOf"),
        ("{type: string, default: null}", ""),
        ("{oneOf: [{type: number}, {type: integer}], default: 1}", ""),
        ("{allOf: [{$ref: '#/components/schemas/State'}], enum: [open]}", ""),
        ("{type: string, enum: [yes, on, off]}", ""),
        ("{type: integer, example: a}", ""),
    ],
)
def test_values_fit_their_schemas(schema: str, fault: str) -> None:
    """A default, a constant or a member of an enum has to fit the schema around it; an example says what it likes."""
    text = whole(components=f"schemas: {{A: {schema}, State: {{enum: [open, closed]}}}}")
    faults = faults_of(text)
    assert [each.line for each in faults] == ([4] if fault else [])
    assert all(fault in each.reason and (each.pointer or "").startswith("/components/schemas/A/") for each in faults)


def test_value_of_a_schema_that_cannot_be_held_is_left_alone() -> None:
    """A pattern too large for who judges values keeps no other value from being judged."""
    schemas = (
        "A: {pattern: '(a{1000}){1000}', default: a}, B: {type: string, default: 5}, C: {type: string, default: c}"
    )
    assert [each.pointer for each in faults_of(whole(components=f"schemas: {{{schemas}}}"))] == [
        "/components/schemas/B/default"
    ]


# A part of a contract as its author meant it in another place or version, and what is told of it.
HABITS: dict[str, tuple[str, str]] = {
    "schemas: {A: {type: string, nullable: false}}": ("/A/nullable", "leave it out"),
    "schemas: {A: {nullable: true}}": ("/A/nullable", "write type: [string, 'null'] or the like"),
    "schemas: {A: {anyOf: [{type: string}], nullable: true}}": (
        "/A/nullable", "write {type: 'null'} as one more of anyOf",
    ),
    "schemas: {A: {type: [string, string]}}": ("/A/type", "names a type twice"),
    "schemas: {A: {type: []}}": ("/A/type", "names no type"),
    "schemas: {A: {type: string, examples: {a: {value: b}}}}": (
        "/A/examples", "examples of a schema are a list of values",
    ),
    "schemas: {A: {oneOf: [{type: object}], discriminator: kind}}": (
        "/A/discriminator", "write {propertyName: kind}",
    ),
    "schemas: {A: {type: array, items: [{type: string}]}}": ("/A/items", "write prefixItems for a list of schemas"),
    "responses: {A: {description: It, schema: {type: string}}}": (
        "/A/schema", "write it below content and a media type",
    ),
    "responses: {A: {description: It, content: {text/plain: {examples: [a]}}}}": (
        "/A/content/text~1plain/examples", "write {name: {value: …}}",
    ),
    "parameters: {A: {name: a, in: query, schema: {}, content: {text/plain: {}}}}": (
        "/parameters/A", "has both schema and content; leave one out",
    ),
    "parameters: {A: {name: a, in: header, schema: {}, style: form}}": ("/A/style", "expected 'simple', got 'form'"),
    "parameters: {A: {name: a, in: header, schema: {}, allowReserved: true}}": (
        "/A/allowReserved", "is no field of this parameter",
    ),
    "links: {A: {operationRef: x, operationId: y}}": ("/A", "has both operationRef and operationId; leave one out"),
}  # fmt: skip


@pytest.mark.parametrize("components", HABITS)
def test_habit_of_another_place_or_version_is_told(components: str) -> None:
    """What is written as another version, or another part of the contract, has it is one fault, with what to write."""
    (fault,) = faults_of(whole(components=components))
    pointer, words = HABITS[components]
    assert (fault.pointer or "").endswith(pointer)
    assert words in fault.reason


def test_both_names_of_a_licence_are_one_fault() -> None:
    """Of two fields that exclude each other both are named."""
    licence = "{title: T, version: '1', license: {name: MIT, identifier: MIT, url: 'https://example.com'}}"
    (fault,) = faults_of(f"openapi: 3.1.0\ninfo: {licence}\npaths: {{}}\n")
    assert (fault.pointer, fault.reason) == ("/info/license", "has both identifier and url; leave one out")


def test_same_part_by_two_aliases_is_told_once() -> None:
    """What YAML repeats is one cause, where it stands."""
    text = "x-a: &a {typ: string}\n" + whole(components="schemas: {A: *a, B: *a}")
    (fault,) = faults_of(text)
    assert (fault.line, fault.pointer) == (1, "/components/schemas/A/typ")
