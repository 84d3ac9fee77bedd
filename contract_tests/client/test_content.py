"""Bodies that are not plain JSON: other JSON types, text and bytes, sent and read as the contract documents them."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contract_tests.client.other_contracts import WAYS, called, client_of
from contract_tests.client.scripted_server import ScriptedServer, reply

FACADES = ("Roark", "AsyncRoark")

PNG = b"\x89PNG\r\n\x1a\n\0\xff"
PAGE = b"<html>Sign in</html>"


def body(**content: Any) -> dict[str, Any]:
    """A request body of these media types."""
    return {"required": True, "content": content["content"]}


def replying(content: dict[str, Any], status: str = "200", **said: Any) -> dict[str, Any]:
    """An operation that is answered so."""
    return {"tags": ["Files"], "responses": {status: {"description": "It", "content": content}}, **said}


def an_object(*fields: str) -> dict[str, Any]:
    """An object with these texts, all required."""
    return {"type": "object", "required": [*fields], "properties": {each: {"type": "string"} for each in fields}}


STRING = {"schema": {"type": "string"}}
CHAIN = {"$ref": "#/components/schemas/Chain"}
SCHEMAS = {"Chain": {"type": "object", "properties": {"next": CHAIN}}}
PLACE = {"application/geo+json": {"schema": an_object("place")}}

# Method and path of each operation of the contract that all is asked of, and what it says.
OPERATIONS: dict[str, dict[str, Any]] = {
    "post /json": replying(
        {"application/vnd.one+json": {"schema": an_object("one")}, "application/json": {"schema": an_object("two")}},
        operationId="sendJson",
        requestBody=body(content={"application/vnd.place+json; version=2": {"schema": an_object("place")}}),
    ),
    "get /place": replying(PLACE, operationId="place"),
    "get /chain": replying({"application/json": {"schema": CHAIN}}, operationId="chain"),
    "post /text": replying(
        {"text/plain": STRING},
        operationId="sendText",
        requestBody=body(content={"text/csv": STRING}),
    ),
    "put /text": replying(
        {"text/csv": STRING},
        operationId="sendLatin",
        requestBody=body(content={"text/plain; charset=iso-8859-1": STRING}),
    ),
    "get /picture": replying({"image/png": {}, "image/gif": {}}, operationId="picture"),
    "post /picture": replying(
        {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        operationId="sendPicture",
        requestBody=body(content={"image/*": {}}),
    ),
    "get /either": replying({"text/csv": STRING, "application/pdf": {}}, operationId="either"),
    "post /form-or-json": replying(
        {"text/html": STRING, "application/json": {"schema": an_object("one")}},
        operationId="sendForm",
        requestBody=body(
            content={
                "multipart/form-data": {"schema": {"type": "object"}},
                "application/json": {"schema": an_object("one")},
                "text/plain": STRING,
            }
        ),
    ),
    "head /nothing": replying({"application/json": {"schema": {}}}, operationId="lookAtNothing"),
    "delete /nothing": replying({"application/json": {"schema": {}}}, "204", operationId="deleteNothing"),
    "put /nothing": {"operationId": "saysNothing", "tags": ["Files"]},
    "patch /nothing": {
        "operationId": "textOrNothing",
        "tags": ["Files"],
        "responses": {
            "201": {"description": "It", "content": {"text/plain": STRING}},
            "204": {"description": "Gone", "content": {"application/vnd.gone+json": {"schema": {}}}},
        },
    },
    "get /nothing": {
        "operationId": "perhapsNothing",
        "tags": ["Files"],
        "responses": {
            "2XX": {"description": "It", "content": {"text/plain": STRING}},
            "202": {"description": "Later", "content": {}},
            "404": {"description": "Gone", "content": {"application/problem+json": {}, "text/html": {}}},
            "default": {"description": "A fault", "content": {"text/plain": STRING}},
        },
    },
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The client of that contract."""
    paths: dict[str, dict[str, Any]] = {}
    for key, operation in OPERATIONS.items():
        method, path = key.split()
        paths.setdefault(path, {})[method] = operation
    document = {"openapi": "3.1.0", "info": {"title": "Content", "version": "1"}, "paths": paths}
    document["components"] = {"schemas": SCHEMAS}
    return client_of(document, Path(tmp_path_factory.mktemp("content")), "client_of_content")


# Operation, arguments, what goes out, and `Content-Type` and `Accept`.
SENT: dict[str, tuple[str, dict[str, Any], bytes, str | None, str]] = {
    "JSON of a vendor": (
        "send_json",
        {"body": {"place": "é"}},
        '{"place":"é"}'.encode(),
        "application/vnd.place+json; version=2",
        "application/vnd.one+json, application/json",
    ),
    "text": ("send_text", {"body": "a,é\r\n"}, "a,é\r\n".encode(), "text/csv", "text/plain"),
    "text in another character set": (
        "send_latin",
        {"body": "é"},
        b"\xe9",
        "text/plain; charset=iso-8859-1",
        "text/csv",
    ),
    "bytes": ("send_picture", {"body": PNG}, PNG, "application/octet-stream", "application/octet-stream"),
    "bytes that can be changed": ("send_picture", {"body": bytearray(PNG)}, PNG, "application/octet-stream", ""),
    "bytes of others": ("send_picture", {"body": memoryview(PNG)}, PNG, "application/octet-stream", ""),
    "no bytes": ("send_picture", {"body": b""}, b"", "application/octet-stream", ""),
    "JSON beside a form": ("send_form", {"body": {"one": "a"}}, b'{"one":"a"}', "application/json", "application/json"),
    "nothing": ("picture", {}, b"", None, "image/png, image/gif"),
    "nothing, asking for nothing of a 204": ("text_or_nothing", {}, b"", None, "text/plain"),
    "nothing, asking for successes first": (
        "perhaps_nothing",
        {},
        b"",
        None,
        "text/plain, application/problem+json",
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", SENT)
def test_body_is_sent_as_documented(client: ModuleType, name: str, way: str) -> None:
    """JSON, text and bytes go out under the media type of the contract; `Accept` names what its replies may be."""
    operation, arguments, content, content_type, accept = SENT[name]
    if way.endswith("Roark") and isinstance(fields := arguments.get("body"), dict):
        arguments = fields
    with ScriptedServer((reply(500),)) as server, pytest.raises(client.InternalServerError):
        called(client, way, server.url, f"files.{operation}", **arguments)
    (received,) = server.received
    assert (received.body, received.headers.get("content-type")) == (content, content_type)
    assert received.headers["accept"] == accept or not accept
    if content_type:
        assert received.headers["content-length"] == str(len(content))


def test_caller_may_ask_otherwise(client: ModuleType) -> None:
    """A media type that a caller gives by `default_headers` or `extra_headers` wins over that of the contract."""
    with ScriptedServer((reply(200, PNG, "Content-Type: image/png"),)) as server:
        said = {"default_headers": {"ACCEPT": "image/gif"}}
        called(client, "Roark", server.url, "files.picture", options=said)
        called(client, "Roark", server.url, "files.picture", options=said, extra_headers={"accept": "image/*"})
        extra = {"Content-Type": "image/webp"}
        called(client, "Roark", server.url, "files.send_picture", body=PNG, extra_headers=extra)
    asked = [(each.headers["accept"], each.headers.get("content-type")) for each in server.received]
    assert asked == [("image/gif", None), ("image/*", None), ("application/octet-stream", "image/webp")]


# Operation, media type and bytes of a reply; what is read, and the drift that is told.
READ: dict[str, tuple[str, str, bytes, Any, list[str]]] = {
    "one JSON type": ("send_json", "application/vnd.one+json", b'{"one":"a"}', {"one": "a"}, []),
    "the other": ("send_json", "application/json", b'{"two":"a"}', {"two": "a"}, []),
    "the one as the other": ("send_json", "application/json", b'{"one":"a"}', {"one": "a"}, []),
    "one that fits both, by its name": (
        "send_json",
        "application/json",
        b'{"one":"a","two":"b"}',
        {"one": "a", "two": "b"},
        ["unknown field: no field of this name, 'a'"],
    ),
    "the other by no name": ("send_json", "", b'{"two":"a"}', {"two": "a"}, ["media type: application/json, ''"]),
    "JSON by its plain name": ("place", "application/json", b'{"place":"a"}', {"place": "a"}, []),
    "JSON in capitals": ("place", "Application/GEO+JSON;v=1", b'{"place":"a"}', {"place": "a"}, []),
    "JSON as text": (
        "place",
        "text/plain",
        b'{"place":"a"}',
        {"place": "a"},
        ["media type: application/geo+json, 'text/plain'"],
    ),
    "text": ("send_text", "text/plain", "ü\r\n".encode(), "ü\r\n", []),
    "text in another character set": ("send_text", 'text/plain; Charset="ISO-8859-1"', b"\xfc", "ü", []),
    "text in none that is known": ("send_text", "text/plain; charset=klingon", "ü".encode(), "ü", []),
    "text in what is no character set": ("send_text", "text/plain; charset=hex", "ü".encode(), "ü", []),
    "empty text": ("send_text", "text/plain", b"", "", []),
    "text without a media type": ("send_text", "", b"a", "a", ["media type: text/plain, ''"]),
    "some text": ("send_latin", "text/plain", b"a", "a", ["media type: text/csv, 'text/plain'"]),
    "text of a kind": ("send_text", "text/markdown", b"a", "a", ["media type: text/plain, 'text/markdown'"]),
    "bytes": ("picture", "image/png", PNG, PNG, []),
    "bytes of another kind": ("picture", "image/gif", PNG, PNG, []),
    "empty bytes": ("picture", "image/png", b"", b"", []),
    "bytes without a media type": ("picture", "", PNG, PNG, ["media type: image/png, ''"]),
    "some bytes": (
        "picture",
        "application/octet-stream",
        PNG,
        PNG,
        ["media type: image/png, 'application/octet-stream'"],
    ),
    "bytes of a kind": (
        "send_picture",
        "image/png",
        PNG,
        PNG,
        ["media type: application/octet-stream, 'image/png'"],
    ),
    "text, of text or bytes": ("either", "text/csv", b"a", "a", []),
    "bytes, of text or bytes": ("either", "application/pdf", b"a", b"a", []),
    "JSON beside a page": ("send_form", "application/json", b'{"one":"a"}', {"one": "a"}, []),
}

GIVEN: dict[str, dict[str, Any]] = {
    "send_json": {"place": ""},
    "send_text": {"body": ""},
    "send_latin": {"body": ""},
    "send_picture": {"body": b""},
    "send_form": {"one": ""},
}


@pytest.mark.parametrize("way", FACADES)
@pytest.mark.parametrize("name", READ)
def test_reply_is_read_as_what_it_says(client: ModuleType, name: str, way: str) -> None:
    """JSON by the schema of its media type, text by its character set, bytes as they are; another name is told of."""
    operation, media_type, content, value, drift = READ[name]
    told: list[str] = []
    options = {"on_drift": lambda event: told.append(f"{event.kind}: {event.expected}, {event.actual!r}")}
    answer = reply(200, content, f"Content-Type: {media_type}")
    with ScriptedServer((answer if media_type else answer.replace(b"Content-Type: \r\n", b""),)) as server:
        read = called(client, way, server.url, f"files.{operation}", options=options, **GIVEN.get(operation, {}))
    assert (read.to_dict() if isinstance(value, dict) else read) == value
    assert told == drift


# Operation, media type and bytes of a 200 that is of no use, and what is known of the delivery then.
NO_USE: dict[str, tuple[str, str, bytes, str]] = {
    "a page for text": ("send_text", "text/html", PAGE, "unknown"),
    "a page for a picture": ("send_picture", "text/html; charset=utf-8", PAGE, "unknown"),
    "a page for JSON": ("place", "text/html", PAGE, "unknown"),
    "a page for text or bytes": ("either", "text/html", PAGE, "unknown"),
    "JSON for text": ("send_text", "application/json", b'{"error":"a"}', "unknown"),
    "JSON for a picture": ("picture", "application/problem+json", b"{}", "unknown"),
    "a picture of another kind": ("picture", "image/webp", PNG, "unknown"),
    "text for a picture": ("picture", "text/plain", b"a", "unknown"),
    "a page in the place of nothing": ("text_or_nothing", "text/html", PAGE, "unknown"),
    "what is no text": ("send_text", "text/plain", b"\xff", "delivered"),
    "what is no text, by no name": ("send_text", "", b"\xff", "delivered"),
    "what is no text in its character set": ("send_text", "text/plain; charset=ascii", b"\xff", "delivered"),
    "what is no JSON": ("place", "application/geo+json", b"{", "delivered"),
    "no JSON at all": ("place", "application/geo+json", b"", "delivered"),
    "JSON that is nested deep": ("chain", "application/json", b'{"next":' * 900 + b"{}" + b"}" * 900, "delivered"),
    "JSON of neither schema": ("send_json", "application/json", b'{"three":"a"}', "delivered"),
    "a picture that breaks off": ("picture", "image/png", b"", "delivered"),
}


@pytest.mark.parametrize("way", FACADES)
@pytest.mark.parametrize("name", NO_USE)
def test_reply_of_no_use(client: ModuleType, name: str, way: str) -> None:
    """A success that says it is something else than documented may come from a portal; one that does not is taken."""
    operation, media_type, content, delivery = NO_USE[name]
    answer = reply(200, content, f"Content-Type: {media_type}")
    if not media_type:
        answer = answer.replace(b"Content-Type: \r\n", b"")
    if "breaks off" in name:
        answer = reply(200, PNG, "Content-Type: image/png", "Content-Encoding: gzip")
    with ScriptedServer((answer,)) as server, pytest.raises(client.APIResponseValidationError) as caught:
        called(client, way, server.url, f"files.{operation}", **GIVEN.get(operation, {}))
    assert str(caught.value.delivery) == delivery
    assert (f"200 as {media_type.partition(';')[0]}" in str(caught.value)) is (delivery == "unknown")


def test_portal_is_asked_again_where_that_is_safe(client: ModuleType) -> None:
    """A page in the place of a picture that is only read leads to another attempt; an upload is left alone."""
    scripts = [(reply(200, PAGE, "Content-Type: text/html"),), (reply(200, PNG, "Content-Type: image/png"),)]
    options = {"max_retries": 1}
    with ScriptedServer(*scripts) as server:
        assert called(client, "Roark", server.url, "files.picture", options=options) == PNG
    with ScriptedServer(*scripts) as server, pytest.raises(client.APIResponseValidationError):
        called(client, "Roark", server.url, "files.send_picture", options=options, body=PNG)
    assert len(server.received) == 1


def test_bytes_are_sent_again_as_they_were(client: ModuleType) -> None:
    """An upload of bytes that was not accepted goes out once more, the same."""
    scripts = [(reply(429, b"", "Retry-After: 0"),), (reply(200, PNG, "Content-Type: application/octet-stream"),)]
    with ScriptedServer(*scripts) as server:
        called(client, "Roark", server.url, "files.send_picture", options={"max_retries": 1}, body=PNG)
    assert [each.body for each in server.received] == [PNG, PNG]


# What has no body, whatever is documented: operation, status, media type and bytes that come.
NOTHING: dict[str, tuple[str, int, str, bytes]] = {
    "an answer to HEAD": ("look_at_nothing", 200, "application/json", b""),
    "a 204 with a documented body": ("delete_nothing", 204, "application/json", b""),
    "a status without one": ("perhaps_nothing", 202, "text/plain", b""),
    "a page with a status without one": ("perhaps_nothing", 202, "text/html", PAGE),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NOTHING)
def test_reply_without_a_body_is_none(client: ModuleType, name: str, way: str) -> None:
    """HEAD, 204 and a status without content read as None, also where another status reads as text."""
    operation, status, media_type, content = NOTHING[name]
    answer = reply(status, content, f"Content-Type: {media_type}")
    with ScriptedServer((answer,)) as server:
        assert called(client, way, server.url, f"files.{operation}") is None
    with ScriptedServer((reply(206, b"a", "Content-Type: text/plain"),)) as server:
        assert called(client, way, server.url, "files.perhaps_nothing") == "a"


@pytest.mark.parametrize("way", FACADES)
def test_operation_without_replies_tells_of_none(client: ModuleType, way: str) -> None:
    """Where the contract says nothing of a success, none is otherwise than it says."""
    told: list[Any] = []
    with ScriptedServer((reply(200, b'{"a":1}'),)) as server:
        assert called(client, way, server.url, "files.says_nothing", options={"on_drift": told.append}) is None
    assert told == []


def test_raw_reply_has_all_of_it(client: ModuleType) -> None:
    """A raw reply gives the bytes, the text in its character set, and JSON where it is some."""
    table = reply(200, b"\xfc", "Content-Type: text/csv; charset=iso-8859-1")
    place = reply(200, b'{"place":"a"}', "Content-Type: application/geo+json")
    with ScriptedServer((table,), (place,)) as server, client.Roark(bearer_token="t", base_url=server.url) as roark:
        raw = roark.files.with_raw_response.send_latin(body="")
        assert (raw.content, raw.text, raw.parsed) == (b"\xfc", "ü", "ü")
        with pytest.raises(ValueError, match="codec can't decode"):
            raw.json()
        assert roark.files.with_raw_response.place().json() == {"place": "a"}


# Operation, arguments, and the error: nothing may go out.
REFUSED: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "bytes as text": ("send_text", {"body": b"a"}, "ArgumentTypeError", "expected a string, got a Python bytes"),
    "a number as text": ("send_text", {"body": 1}, "ArgumentTypeError", "the body: expected a string, got an integer"),
    "text as bytes": ("send_picture", {"body": "a"}, "ArgumentTypeError", "the body: expected bytes, got a string"),
    "a file": ("send_picture", {"body": Path("a")}, "ArgumentTypeError", "the body: expected bytes, got a "),
    "None": ("send_picture", {"body": None}, "ArgumentTypeError", "the body: expected bytes, got None"),
    "letters that the character set lacks": (
        "send_latin",
        {"body": "€"},
        "ArgumentValueError",
        "body: expected text that can be written in iso8859-1",
    ),
    "half a surrogate pair": ("send_text", {"body": "\ud800"}, "ArgumentValueError", "can be written in utf-8"),
    "further fields of text": (
        "send_text",
        {"body": "a", "extra_body": {"a": 1}},
        "ArgumentTypeError",
        "extra_body: expected a mapping, for a request body that is an object (POST /text)",
    ),
    "further fields of bytes": ("send_picture", {"body": b"", "extra_body": {}}, "ArgumentTypeError", "extra_body: "),
    "further fields of nothing": ("picture", {"extra_body": {"a": 1}}, "ArgumentTypeError", "takes no request body"),
}


@pytest.mark.parametrize("way", FACADES)
@pytest.mark.parametrize("name", REFUSED)
def test_wrong_body_is_refused_before_it_is_sent(client: ModuleType, name: str, way: str) -> None:
    """What is no text or no bytes, cannot be written, or has fields beside, is an error that says so."""
    operation, arguments, kind, words = REFUSED[name]
    with ScriptedServer((reply(200),)) as server, pytest.raises(getattr(client, kind)) as caught:
        called(client, way, server.url, f"files.{operation}", **arguments)
    assert words in str(caught.value)
    assert server.connections == 0


@pytest.mark.parametrize("way", FACADES)
def test_reply_of_bytes_is_bounded(client: ModuleType, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is taken in of a picture than of JSON."""
    monkeypatch.setattr("client_of_content.reply_body.MAX_BYTES", 8)
    scripts = [(reply(200, bytes(size), "Content-Type: image/png"),) for size in (8, 9)]
    with ScriptedServer(*scripts) as server:
        assert called(client, way, server.url, "files.picture") == bytes(8)
        with pytest.raises(client.APIResponseValidationError, match="larger than 8 bytes"):
            called(client, way, server.url, "files.picture")


def test_documentation_names_the_media_type(client: ModuleType) -> None:
    """The docstring of a method says what it takes and gives, where that is no JSON."""
    files = client.Roark(bearer_token="t", base_url="http://127.0.0.1:1").files
    assert "body: sent as text/csv" in files.send_text.__doc__
    assert "the body of the reply: str of text/plain" in files.send_text.__doc__
    assert "the body of the reply: str of text/csv, bytes of application/pdf" in files.either.__doc__
    assert "sent as" not in files.send_json.__doc__
