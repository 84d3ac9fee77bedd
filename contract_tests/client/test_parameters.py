"""Parameters of every kind go out as the contract says, or are refused by their name before anything is sent."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contract_tests.client.other_contracts import WAYS, called, client_of
from contract_tests.client.scripted_server import ScriptedServer, reply

TEXTS = {"type": "array", "items": {"type": "string"}}
OBJECT = {
    "type": "object",
    "required": ["min"],
    "properties": {
        "min": {"type": "integer"},
        "from": {"type": "string", "format": "date"},
        "tags": TEXTS,
        "not": {"type": ["string", "null"]},
    },
}


def parameter(name: str, location: str, schema: Any, **said: Any) -> dict[str, Any]:
    """A parameter; one of a path is required."""
    is_required = {"required": True} if location == "path" else {}
    return {"name": name, "in": location, "schema": schema, **is_required, **said}


def as_json(name: str, location: str, schema: Any) -> dict[str, Any]:
    """A parameter that is JSON text."""
    is_required = {"required": True} if location == "path" else {}
    return {"name": name, "in": location, "content": {"application/json": {"schema": schema}}, **is_required}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Parameters", "version": "1"},
    "paths": {
        "/one/{id}": {
            "parameters": [
                parameter("id", "path", {"type": "string"}),
                parameter("id", "query", {"type": "boolean"}),
                parameter("id", "header", {"type": "string", "format": "uuid"}),
                parameter("id", "cookie", {"type": "number"}),
            ],
            "get": {"operationId": "one", "responses": {"204": {"description": "Done"}}},
        },
        "/many/{of}/{as}": {
            "get": {
                "operationId": "many",
                "parameters": [
                    parameter("of", "path", TEXTS),
                    as_json("as", "path", {}),
                    parameter("apart", "query", TEXTS),
                    parameter("comma", "query", TEXTS, explode=False),
                    parameter("space", "query", TEXTS, style="spaceDelimited"),
                    parameter("pipe", "query", TEXTS, style="pipeDelimited"),
                    parameter("filter", "query", OBJECT),
                    parameter("range", "query", OBJECT, explode=False),
                    parameter("free", "query", {"type": "object"}),
                    as_json("json", "query", OBJECT),
                    parameter("either", "query", {"type": ["array", "string", "null"], "items": {"type": "integer"}}),
                    parameter("some", "query", {"type": ["array", "string"]}, style="spaceDelimited"),
                    parameter("X-Many", "header", TEXTS),
                    as_json("X-JSON", "header", OBJECT),
                    parameter("many", "cookie", TEXTS, explode=False),
                ],
                "responses": {"204": {"description": "Done"}},
            }
        },
    },
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client of that contract."""
    return client_of(DOCUMENT, Path(tmp_path_factory.mktemp("parameters")), "client_of_parameters")


UUID = "3c90c3cc-0d44-4b50-8888-8dd25736052a"

# Operation and what it is given; the target of the request, and headers of it.
WRITTEN: dict[str, tuple[str, list[Any], dict[str, Any], str, dict[str, str]]] = {
    "one name in each part": (
        "one",
        ["é/b"],
        {"id_": True, "id__": UUID.upper(), "id___": 1e16},
        "/one/%C3%A9%2Fb?id=true",
        {"id": UUID.upper(), "cookie": "id=1e%2B16"},
    ),
    "what would end a path": ("one", ["a?b=c#d;e%2F"], {}, "/one/a%3Fb%3Dc%23d%3Be%252F", {}),
    "texts in a path": ("many", [["a", "b/c"], 1], {}, "/many/a%2Cb%2Fc/1", {}),
    "JSON in a path": ("many", [["a"], {"a/b": [None]}], {}, "/many/a/%7B%22a%2Fb%22%3A%5Bnull%5D%7D", {}),
    "an array": ("many", ["a", 1], {"apart": ["a b", "c&d"]}, "/many/a/1?apart=a+b&apart=c%26d", {}),
    "an empty array": ("many", ["a", 1], {"apart": [], "comma": [], "x_many": [], "many": []}, "/many/a/1", {}),
    "an array with commas": ("many", ["a", 1], {"comma": ["a b", "c,d"]}, "/many/a/1?comma=a%20b,c%2Cd", {}),
    "an array with spaces": ("many", ["a", 1], {"space": ["a", "c d"]}, "/many/a/1?space=a%20c%20d", {}),
    "a text where an array has spaces": ("many", ["a", 1], {"some": "a b"}, "/many/a/1?some=a+b", {}),
    "an array with pipes": ("many", ["a", 1], {"pipe": ["a", "c|d"]}, "/many/a/1?pipe=a%7Cc%7Cd", {}),
    "an object": (
        "many",
        ["a", 1],
        {"filter_": {"min": 1, "from_": "2025-02-11", "tags": ["a", "b"], "not_": None}},
        "/many/a/1?min=1&from=2025-02-11&tags=a&tags=b",
        {},
    ),
    "an object with commas": (
        "many",
        ["a", 1],
        {"range_": {"min": 1, "from": "2025-02-11"}},
        "/many/a/1?range=min,1,from,2025-02-11",
        {},
    ),
    "any object": ("many", ["a", 1], {"free": {"a&b": 1.5, "c": False}}, "/many/a/1?a%26b=1.5&c=false", {}),
    "JSON": (
        "many",
        ["a", 1],
        {"json": {"min": 1, "tags": ["é"], "not": None}},
        "/many/a/1?json=%7B%22min%22%3A1%2C%22tags%22%3A%5B%22%5Cu00e9%22%5D%2C%22not%22%3Anull%7D",
        {},
    ),
    "one of several types": ("many", ["a", 1], {"either": "a"}, "/many/a/1?either=a", {}),
    "the other": ("many", ["a", 1], {"either": [1, 2]}, "/many/a/1?either=1&either=2", {}),
    "null": ("many", ["a", 1], {"either": None}, "/many/a/1", {}),
    "headers and cookies": (
        "many",
        ["a", 1],
        {"x_many": ["a", "b"], "x_json": {"min": 1, "not": "é"}, "many": ["a b", "c;d"]},
        "/many/a/1",
        {"x-many": "a,b", "x-json": '{"min":1,"not":"\\u00e9"}', "cookie": "many=a%20b%2Cc%3Bd"},
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", WRITTEN)
def test_parameter_is_written_in_its_style(client: ModuleType, name: str, way: str) -> None:
    """In path, query, header and cookie: what stands between values is literal, what stands in them is encoded."""
    operation, path, given, target, headers = WRITTEN[name]
    path = [
        [each] if operation == "many" and at == 0 and isinstance(each, str) else each for at, each in enumerate(path)
    ]
    with ScriptedServer((reply(204),)) as server:
        called(client, way, server.url, f"default.{operation}", *path, **given)
    (received,) = server.received
    assert received.line == f"GET {target} HTTP/1.1"
    assert {each: received.headers.get(each) for each in headers} == headers
    assert "cookie" in headers or "cookie" not in received.headers


# Operation, what it is given, and the error.
REFUSED: dict[str, tuple[list[Any], dict[str, Any], str]] = {
    "a path that is another's": ([["."], 1], {}, "of: expected text that is a segment of a path, got '.'"),
    "half a surrogate pair in a path": ([["\ud800"], 1], {}, "of: expected text that UTF-8 can write"),
    "half a surrogate pair in the query": ([["a"], 1], {"comma": ["\ud800"]}, "comma: expected text that UTF-8"),
    "no text in an array": ([["a"], 1], {"apart": ["a", 1]}, "apart/1: expected a string, got an integer"),
    "null in an array": ([["a"], 1], {"apart": [None]}, "apart/0: expected a string, got None"),
    "an object that lacks a field": ([["a"], 1], {"filter_": {}}, "filter_/min: expected"),
    "an object in an object": (
        [["a"], 1],
        {"free": {"a": {"b": 1}}},
        "free/a: expected text, a number or a boolean, got a dict",
    ),
    "an array in an object with commas": (
        [["a"], 1],
        {"range_": {"min": 1, "tags": ["a"]}},
        "range_/tags: expected text, a number or a boolean, got a list",
    ),
    "what is no JSON": ([["a"], {1, 2}], {}, "as_: expected"),
    "what is not this JSON": ([["a"], 1], {"json": {"min": "a"}}, "json/min: expected an integer, got a string"),
    "one by place and by name": ([["a"], 1], {"of": ["a"]}, "got multiple values for argument 'of'"),
    "a header of letters": ([["a"], 1], {"x_many": ["é"]}, "expected ASCII text without blanks around it"),
}


@pytest.mark.parametrize("way", ["Roark", "AsyncRoark"])
@pytest.mark.parametrize("name", REFUSED)
def test_wrong_parameter_is_refused_by_name(client: ModuleType, name: str, way: str) -> None:
    """What has no text that could stand there, or does not fit, is named as the caller knows it; nothing is sent."""
    path, given, words = REFUSED[name]
    wrong = (client.ArgumentTypeError, client.ArgumentValueError)
    with ScriptedServer((reply(204),)) as server, pytest.raises(wrong) as caught:
        called(client, way, server.url, "default.many", *path, **given)
    assert words in str(caught.value)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id_": "a"}, "id_: expected a boolean, got a string"),
        ({"id__": "a"}, "id__: expected a UUID"),
        ({"id___": "a"}, "id___: expected a number, got a string"),
    ],
)
def test_wrong_one_of_one_name_is_the_one_that_is_named(client: ModuleType, given: dict[str, Any], words: str) -> None:
    """Where path, query, headers and cookies have a parameter of one name, an error names the argument meant."""
    with pytest.raises((client.ArgumentTypeError, client.ArgumentValueError), match=words):
        called(client, "Roark", "http://127.0.0.1:1", "default.one", "a", **given)
