"""Routes, methods, media types and the order of what is checked; malformed HTTP, and failures of the mock itself."""

import json
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from roark_mock import MockServer
from roark_mock.uploads import Upload

from contract_tests.mock.documented import DOCUMENTED, PATHS, VAPI_CALL
from contract_tests.mock.exchanges import MAX_BODY, PATIENCE, REQUEST_HEAD, exchange, refused


@pytest.mark.parametrize(
    "path",
    ["/v1", "/v1/vapi", "/v1/vapi/call/", "/v1/call-analysis/", "/V1/vapi/call", "/v1//vapi/call", "/v1/any/call"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_is_not_found(client: httpx.Client, method: str, path: str) -> None:
    """Only the two documented paths exist, letter by letter, and nothing redirects to them."""
    assert refused(client.request(method, path), 404, "not_found") == []


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "post"])
@pytest.mark.parametrize("path", PATHS)
def test_only_post_is_allowed(server: MockServer, path: str, method: str) -> None:
    """Another method than POST is refused with the method that is allowed, whoever asks."""
    reply = exchange(server, f"{method} {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n".encode())
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nallow: POST" in head
    assert json.loads(body)["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", PATHS)
def test_head_is_refused_without_a_body(client: httpx.Client, path: str) -> None:
    """HEAD is another method than POST too, and a reply to it has no body."""
    response = client.head(path)
    assert (response.status_code, response.headers["allow"], response.content) == (405, "POST", b"")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; version=1; Charset=Utf-8",
        "application/json;",
        'application/json; note="a; charset=latin-1"',
    ],
)
def test_json_in_utf_8_is_read(client: httpx.Client, content_type: str) -> None:
    """The media type is application/json, in any case and with parameters that do not say otherwise."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Content-Type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "json",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/json5",
        "application/vnd.api+json",
        "application/json, text/plain",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; charset=",
        "application/json; charset",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_another_media_type_is_refused(server: MockServer, path: str, content_type: str | None) -> None:
    """What is not announced as JSON in UTF-8 is not read, even if it is."""
    headers = {"Authorization": f"Bearer {server.token}"} | (
        {} if content_type is None else {"Content-Type": content_type}
    )
    content = json.dumps(DOCUMENTED[path]).encode()
    response = httpx.post(server.url + path, content=content, headers=headers, trust_env=False)
    assert refused(response, 415, "unsupported_media_type") == []


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        f"{REQUEST_HEAD}Content-Length: ten\r\n\r\n".encode(),
        f"{REQUEST_HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n".encode(),
        f"{REQUEST_HEAD}Transfer-Encoding: chunked\r\n\r\nten\r\n".encode(),
        b"POST /v1/vapi/call HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_http_is_refused_in_the_same_shape(server: MockServer, request_bytes: bytes) -> None:
    """What is not HTTP gets a 400 like every other error, and the end of the connection."""
    head, _, body = exchange(server, request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\ncontent-type: application/json" in head
    error = json.loads(body)["error"]
    assert (error["code"], error["details"]) == ("malformed_http", [])


def test_malformed_http_after_the_reply_ends_the_connection(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Who is answered already and then breaks the rules of HTTP is hung up on: no second reply, no traceback."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(b"PUT /nowhere HTTP/1.1\r\nHost: mock\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 404 ")
        connection.sendall(b"ten\r\n")
        with connection.makefile("rb") as rest:
            assert b"HTTP/1.1" not in rest.read()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_the_first_fault_in_order_is_the_one_that_is_named(server: MockServer) -> None:
    """Route, method, authentication, media type, size, JSON, validation: a request wrong in all is told one by one."""
    request: dict[str, Any] = {"method": "PUT", "url": server.url + "/v1/vapi", "content": b"{" * (MAX_BODY + 1)}
    headers: dict[str, str] = {"Content-Type": "text/plain"}
    faults: list[tuple[str, Callable[[], None]]] = [
        ("not_found", lambda: request.update(url=server.url + VAPI_CALL)),
        ("method_not_allowed", lambda: request.update(method="POST")),
        ("unauthorized", lambda: headers.update({"Authorization": f"Bearer {server.token}"})),
        ("unsupported_media_type", lambda: headers.update({"Content-Type": "application/json"})),
        ("content_too_large", lambda: request.update(content=b"{")),
        ("invalid_json", lambda: request.update(content=b"{}")),
        ("invalid_request", lambda: request.update(content=json.dumps(DOCUMENTED[VAPI_CALL]).encode())),
    ]
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        for code, repair in faults:
            assert client.request(**request, headers=headers).json()["error"]["code"] == code
            repair()
        assert client.request(**request, headers=headers).status_code == 200


def test_a_failure_of_the_mock_itself_is_a_500(
    client: httpx.Client, server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in the mock is a 500 in the shape of every other error, and the server lives on."""

    def fail(upload: Upload[Any, Any]) -> None:
        raise LookupError(upload.operation)

    with monkeypatch.context() as patch:
        patch.setattr(server.uploads, "record", fail)
        assert refused(client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]), 500, "internal_error") == []
    assert client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]).status_code == 200
