"""How large a body may be, and who is answered although it is larger."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from roark_mock import MockServer, create_app
from roark_mock.request_body import DISCARD_BYTES

from contract_tests.mock.documented import DOCUMENTED, VAPI_CALL
from contract_tests.mock.exchanges import MAX_BODY, PATIENCE, REQUEST_HEAD, exchange, in_process, is_listening, refused


def body_of(size: int) -> bytes:
    """A valid Vapi call of exactly `size` bytes."""
    start, end = json.dumps(DOCUMENTED[VAPI_CALL]).encode()[:-1] + b', "padding": "', b'"}'
    return start + b"a" * (size - len(start) - len(end)) + end


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_10_mb_is_accepted(client: httpx.Client, chunked: bool) -> None:
    """The limit itself is within the limit, whether the size is announced or not."""
    body = body_of(MAX_BODY)
    response = client.post(VAPI_CALL, content=iter([body]) if chunked else body)
    assert response.status_code == 200


@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_larger_body_is_refused_readably(server: MockServer, size: int, chunked: bool) -> None:
    """A body beyond the limit is a 413 that a client can read although it is still sending; the server lives on."""
    body = body_of(size)
    framed = (
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (size, body)
        if chunked
        else b"Content-Length: %d\r\n\r\n%b" % (size, body)
    )
    head, _, error = exchange(server, REQUEST_HEAD.encode() + framed).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(error)["error"]["code"] == "content_too_large"
    assert is_listening(server.url)


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "9" * 19])
def test_a_body_announced_too_large_need_not_be_sent(server: MockServer, length: str) -> None:
    """A Content-Length beyond the limit is refused before the body comes, without asking for it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(f"{REQUEST_HEAD}Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_refused_request_with_a_large_body_is_answered_readably(server: MockServer) -> None:
    """Who is refused for another reason can read that too, although the body was never looked at."""
    request = b"PUT /nowhere HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (3 * MAX_BODY)
    assert exchange(server, request + body_of(3 * MAX_BODY)).startswith(b"HTTP/1.1 404 ")


def test_an_endless_body_is_not_listened_to_for_ever() -> None:
    """A client that never stops sending is answered, then listened to within bounds."""
    received = 0

    def endless() -> Iterator[bytes]:
        nonlocal received
        while received < 2 * DISCARD_BYTES:
            received += 1_000_000
            yield b" " * 1_000_000

    response = in_process(create_app(), [], endless())
    refused(response, 413, "content_too_large")
    assert response.headers["connection"] == "close"
    assert received <= MAX_BODY + DISCARD_BYTES + 2_000_000


@pytest.mark.parametrize("length", ["", "ten", "-1", "+1", "1.0", "1_0", "0x10", "²"])
def test_a_malformed_content_length_is_refused(length: str) -> None:
    """Under a server that lets a malformed Content-Length pass, it is a 400 all the same."""
    response = in_process(create_app(), [(b"content-length", length.encode("latin-1"))], iter([b"{}"]))
    assert refused(response, 400, "invalid_content_length") == []


def test_a_content_length_of_thousands_of_digits_is_too_large() -> None:
    """A Content-Length that no integer of Python's takes is a number all the same."""
    response = in_process(create_app(), [(b"content-length", b"9" * 5000)], iter([b"{}"]))
    refused(response, 413, "content_too_large")
