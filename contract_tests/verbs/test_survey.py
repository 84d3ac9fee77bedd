"""What `scripts/try-contracts` stands on: samples that fit, requests that are judged, processes that end."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from contract_tests.survey.calling import PlannedReply
from contract_tests.survey.processes import run
from contract_tests.survey.requests import ExpectedRequest, ReceivedRequest, mistakes
from contract_tests.survey.samples import NoSampleError, fits, samples
from scripts.contract import MediaType, Operation, Place, read_operations, root

NODE = {"$ref": "#/components/schemas/Node"}
CAT, DOG = {"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}
KIND = {"type": "string"}
COMPONENTS = {
    "Node": {"type": "object", "properties": {"next": NODE, "all": {"type": "array", "items": NODE}}},
    "Endless": {"type": "object", "required": ["it"], "properties": {"it": {"$ref": "#/components/schemas/Endless"}}},
    "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": KIND, "lives": {"type": "integer"}}},
    "Fish": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["fish"]}}},
    "Bird": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "bird"}}},
    "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": KIND, "barks": {"type": "boolean"}}},
}

# A schema, and every value that is made by it.
SAMPLES: dict[str, tuple[Any, list[Any]]] = {
    "object": (
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}},
        [{"a": 7, "b": "text"}, {"a": 7}],
    ),
    "null last": ({"type": ["null", "string"]}, ["text", None]),
    "alternatives": ({"oneOf": [{"type": "integer"}, {"type": "boolean"}, {"type": "null"}]}, [7, True, None]),
    "all enum values": ({"enum": ["a", "b", None]}, ["a", "b"]),
    "bounds": ({"type": "integer", "exclusiveMinimum": 10, "multipleOf": 4}, [12]),
    "fraction": ({"type": "number", "maximum": 0.5}, [0.5]),
    "pattern": ({"type": "string", "pattern": "^x[0-9]{2}$"}, ["x00"]),
    "length": ({"type": "string", "minLength": 6, "maxLength": 6}, ["textxx"]),
    "format": ({"type": "string", "format": "date"}, ["2025-02-11"]),
    "map": ({"type": "object", "additionalProperties": {"type": "integer"}}, [{"a key": 7}, {}]),
    "least items": ({"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": True}, [[7, 8]]),
    "tuple": (
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
        [["text", 7]],
    ),
    "in parts": (
        {
            "allOf": [
                {"properties": {"a": {"type": "string"}}},
                {"properties": {"a": {"minLength": 5}}, "required": ["a"]},
            ]
        },
        [{"a": "textx"}],
    ),
    "beside a reference": ({**CAT, "required": ["lives"]}, [{"kind": "text", "lives": 7}]),
    "discriminator": (
        {"oneOf": [CAT, DOG], "discriminator": {"propertyName": "kind", "mapping": {"dog": DOG["$ref"]}}},
        [{"kind": "Cat", "lives": 7}, {"kind": "Cat"}, {"kind": "dog", "barks": True}],
    ),
    "discriminator that its members state by themselves": (
        {
            "oneOf": [{"$ref": "#/components/schemas/Fish"}, {"$ref": "#/components/schemas/Bird"}],
            "discriminator": {"propertyName": "kind"},
        },
        [{"kind": "fish"}, {"kind": "bird"}],
    ),
    "alternative that goes with an enum": (
        {"enum": [8, 9], "allOf": [{"oneOf": [{"const": each} for each in range(10)]}]},
        [8, 9],
    ),
    "different texts by a pattern": (
        {
            "type": "array",
            "items": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
            "minItems": 2,
            "uniqueItems": True,
        },
        [["0", "1"]],
    ),
    "read only": ({"type": "object", "properties": {"a": {"type": "integer", "readOnly": True}}}, [{}]),
    "anything": ({}, ["text"]),
}


def component(schema: Any) -> Place:
    """A schema beside the others."""
    return root({"components": {"schemas": {**COMPONENTS, "Sample": schema}}}).below("components", "schemas", "Sample")


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_fit_and_take_every_alternative(name: str) -> None:
    """Samples of a request: whole, least, and each alternative once; each fits its schema."""
    schema, expected = SAMPLES[name]
    found = samples(component(schema), of_reply=False)
    assert found == expected
    assert all(fits(component(schema), each) for each in found)


def test_a_recursive_schema_has_samples_with_an_end() -> None:
    """Of a value that may hold its like, one holds some and one holds none."""
    whole, least = samples(component(NODE), of_reply=False)
    assert least == {}
    assert "next" in whole["next"]
    assert isinstance(whole["all"][0], dict)


def test_reply_holds_what_is_read_only_and_nothing_write_only() -> None:
    """What goes one way only is left out of the other."""
    properties = {"id": {"type": "integer", "readOnly": True}, "secret": {"type": "integer", "writeOnly": True}}
    place = root({"s": {"type": "object", "properties": properties}}).below("s")
    assert samples(place, of_reply=True) == [{"id": 7}, {}]
    assert samples(place, of_reply=False) == [{"secret": 7}, {}]


@pytest.mark.parametrize(
    "schema", [False, {"$ref": "#/components/schemas/Endless"}, {"type": "string", "pattern": "^a$", "minLength": 3}]
)
def test_what_nothing_fits_has_no_sample(schema: Any) -> None:
    """Where no value is found, that is said, and what is shown is taken if it fits."""
    with pytest.raises(NoSampleError):
        samples(component(schema), of_reply=False, shown=["shown"])
    shown = root({"s": {"not": {"const": "text"}}}).below("s")
    assert samples(shown, of_reply=False, shown=["text", "shown"]) == ["shown"]


def parameter(name: str, location: str, schema: Any, **said: Any) -> dict[str, Any]:
    """A parameter that is not required."""
    return {"name": name, "in": location, "required": location == "path", "schema": schema, **said}


TEXTS = {"type": "array", "items": {"type": "string"}}
SCHEMES = {
    "key": {"type": "apiKey", "in": "query", "name": "api_key"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "oauth2", "flows": {}},
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/a/{id}/b": {
            "post": {
                "parameters": [
                    parameter("id", "path", {"type": "string"}),
                    parameter("each", "query", TEXTS),
                    parameter("piped", "query", TEXTS, style="pipeDelimited", explode=False),
                    parameter("since", "query", {"type": "string", "format": "date-time"}),
                    {"name": "where", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                    parameter("X-Flag", "header", {"type": "boolean"}),
                    parameter("theme", "cookie", {"type": "string"}),
                ],
                "requestBody": {"content": {"application/vnd.a+json": {"schema": {"type": "object"}}}},
                "security": [{"key": [], "basic": []}, {"bearer": []}],
            }
        }
    },
    "components": {"securitySchemes": SCHEMES},
}
VALUES: dict[str, Any] = {
    "id": "a/b é",
    "each": ["x", "y&z"],
    "piped": ["1", "2"],
    "since": "2025-02-11T01:04:32Z",
    "where": {"a": 1.0},
    "X-Flag": True,
    "theme": "dark blue",
}
PATH = "/base/a/a%2Fb%20%C3%A9/b"
QUERY = "?each=x&each=y%26z&piped=1%7C2&since=2025-02-11T02:04:32%2B01:00&where=%7B%22a%22:1%7D"
HEADERS = {
    "x-flag": "true",
    "cookie": "theme=dark%20blue",
    "accept": "text/csv, application/problem+json",
    "content-type": "application/vnd.a+json",
    "authorization": "Bearer secret",
}


def reasons(
    target: str = PATH + QUERY,
    method: str = "POST",
    body: bytes = b'{"n": 1}',
    dropped: str = "",
    changed: Mapping[str, str] = {},
    document: Any = DOCUMENT,
) -> list[str]:
    """What is told to be wrong with a request that is right but for this."""
    (operation,) = read_operations(root(document))
    assert isinstance(operation, Operation)
    assert operation.request
    values = {each: VALUES[each.name] for each in operation.parameters}
    expected = ExpectedRequest(operation, values, operation.request.media_types[0], {"n": 1}, "text/csv")
    headers = {name: value for name, value in {**HEADERS, **changed}.items() if name != dropped}
    return list(mistakes(expected, ReceivedRequest(method, target, headers, body), "/base"))


def test_a_right_request_is_right() -> None:
    """What the contract wants is taken in whatever spelling means the same."""
    assert reasons() == []
    assert reasons(target=f"{PATH}{QUERY}&api_key=k", changed={"authorization": "Basic secret"}) == []


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"method": "PUT"}, "the method is PUT"),
        ({"target": f"/base/a/b{QUERY}"}, "the path is /a/b"),
        ({"target": f"/base/a/a%2Fb/b{QUERY}"}, "id in the path is 'a%2Fb'"),
        ({"target": PATH + QUERY.replace("&each=y%26z", "")}, "each in the query is ['x']"),
        ({"target": PATH + QUERY.replace("1%7C2", "1,2")}, "piped in the query is ['1,2']"),
        ({"target": PATH + QUERY.replace("%2B01:00", "Z")}, "since in the query is"),
        ({"target": PATH + QUERY.replace(":1%7D", ":2%7D")}, "where in the query is"),
        ({"target": f"{PATH}{QUERY}&more=1"}, "more is in the query, unasked"),
        ({"dropped": "x-flag"}, "the header X-Flag is None"),
        ({"changed": {"x-flag": "True"}}, "the header X-Flag is 'True'"),
        ({"dropped": "cookie"}, "the cookie theme is None"),
        ({"changed": {"accept": "application/json"}}, "the reply is text/csv"),
        ({"changed": {"content-type": "application/json"}}, "the body is application/json, not application/vnd.a+json"),
        ({"body": b'{"n": 2}'}, "the body has 2 at /n, not 1"),
        ({"body": b"n"}, "the body is no JSON"),
        ({"dropped": "authorization"}, "the credentials are none, where the contract asks for key and basic or bearer"),
        ({"changed": {"authorization": "Basic secret"}}, "the credentials are ['header authorization: Basic']"),
        (
            {"target": f"{PATH}{QUERY}&api_key=k"},
            "the credentials are ['header authorization: Bearer', 'query api_key']",
        ),
    ],
)
def test_each_mistake_in_a_request_is_told(request_: dict[str, Any], reason: str) -> None:
    """One thing that is otherwise than the contract says is one reason, which names it."""
    (told,) = reasons(**request_)
    assert told.startswith(reason)


AUTHORIZATION = {"type": "apiKey", "in": "header", "name": "Authorization"}
WITH_KEY_IN_IT = {**DOCUMENT, "components": {"securitySchemes": {**SCHEMES, "key": AUTHORIZATION}}}


@pytest.mark.parametrize(
    ("scheme", "sent", "told"),
    [
        ("key", "secret", []),
        ("bearer", "Bearer secret", []),
        (
            "key",
            "Bearer secret",
            ["the credentials are ['header authorization: Bearer'], where the contract asks for key"],
        ),
        ("bearer", "secret", ["the credentials are ['header authorization'], where the contract asks for bearer"]),
    ],
)
def test_an_api_key_in_the_header_authorization_is_no_bearer_token(scheme: str, sent: str, told: list[str]) -> None:
    """Which credential a header holds is said by its first word, and that of a key has none before it."""
    operation = {**DOCUMENT["paths"]["/a/{id}/b"]["post"], "security": [{scheme: []}]}
    document = {**WITH_KEY_IN_IT, "paths": {"/a/{id}/b": {"post": operation}}}
    assert reasons(document=document, changed={"authorization": sent}) == told


@pytest.mark.parametrize(
    ("documented", "answered"),
    [
        ("audio/mpeg", "audio/mpeg"),
        ("audio/*", "audio/example"),
        ("*/*", "application/octet-stream"),
        ("application/*", "application/octet-stream"),
        ("text/*", "text/plain"),
    ],
)
def test_a_range_of_media_types_is_answered_by_one_of_them(documented: str, answered: str) -> None:
    """What stands for a range is admitted by it."""
    place = root({documented: {}}).below(documented)
    assert PlannedReply(200, MediaType(documented, place), b"bytes").content_type == answered


SLEEPER = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {!r}])\ntime.sleep(600)\n"
AT_WORK = "import time\nline = open({!r}, 'w', buffering=1)\nline.write('at work\\n')\ntime.sleep(600)\n"


def test_a_process_over_its_limit_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """What is over its limit is ended, and so is what it started: nothing holds the pipe any more."""
    os.mkfifo(tmp_path / "line")
    line = os.open(tmp_path / "line", os.O_RDONLY | os.O_NONBLOCK)
    seen: list[bytes] = []

    def is_at_work() -> None:
        with suppress(BlockingIOError):  # it is opened, and nothing written yet
            seen.append(os.read(line, 100))
        if b"".join(seen) == b"at work\n":
            raise KeyboardInterrupt

    command = [sys.executable, "-c", SLEEPER.format(AT_WORK.format(str(tmp_path / "line")))]
    with pytest.raises(KeyboardInterrupt):
        run(command, 60, folder=tmp_path, tick=is_at_work)
    os.set_blocking(line, True)
    assert os.read(line, 100) == b""
    os.close(line)
    ended = run(command, 0.01, folder=tmp_path)
    assert (ended.code, ended.stdout) == (None, "")


def test_what_a_process_says_and_takes_is_known(tmp_path: Path) -> None:
    """Its exit code, both streams, the time, and the memory of the largest process that it waited for."""
    inner = "import sys; held = bytearray(200_000_000); sys.exit(3)"
    code = f"""
import subprocess, sys
print('out')
print('err', file=sys.stderr)
sys.exit(subprocess.call([sys.executable, '-c', {inner!r}]))
"""
    ended = run([sys.executable, "-c", code], 60, folder=tmp_path)
    assert (ended.code, ended.stdout, ended.stderr) == (3, "out\n", "err\n")
    assert 0 < ended.seconds < 60
    assert ended.peak > 200_000_000
