"""The mock under load and misuse: no record is lost or doubled, and whoever behaves is answered."""

import json
import resource
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from roark_mock import MockServer, app, request_body, server

pytestmark = pytest.mark.whole_run

PATIENCE = 60.0  # seconds; a test that waits so long hangs

CLIENTS = 64
UPLOADS = 25  # of each client
IDLE = 1000  # connections

HEAD = (
    b"POST /v1/vapi/call HTTP/1.1\r\nHost: mock\r\n"
    b"Authorization: Bearer test-token\r\nContent-Type: application/json\r\n"
)


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock whose uploads are this test's alone."""
    with MockServer() as running:
        yield running


def call(number: int) -> dict[str, Any]:
    """The Vapi call of a number."""
    report = {"type": "end-of-call-report", "call": {"id": f"call-{number}"}}
    return {"vapiEndOfCallReportPayload": report, "properties": {"number": number}}


def upload(mock: MockServer, number: int = 0) -> int:
    """The status of one upload by somebody who behaves."""
    headers = {"Authorization": f"Bearer {mock.token}"}
    url = f"{mock.url}/v1/vapi/call"
    return httpx.post(url, json=call(number), headers=headers, trust_env=False, timeout=PATIENCE).status_code


@contextmanager
def connections(mock: MockServer, number: int) -> Iterator[list[socket.socket]]:
    """So many open connections."""
    address = urlsplit(mock.url)
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection((address.hostname, address.port), PATIENCE))
            for _ in range(number)
        ]


def ended(connection: socket.socket) -> bytes:
    """What still came on a connection, up to its end."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def test_no_record_is_lost_or_doubled(mock: MockServer) -> None:
    """What 64 clients upload at once is recorded, each upload once, and each has an id of its own."""

    def many(client: int) -> list[str]:
        headers = {"Authorization": f"Bearer {mock.token}"}
        with httpx.Client(base_url=mock.url, headers=headers, trust_env=False, timeout=PATIENCE) as http:
            numbers = range(client * UPLOADS, (client + 1) * UPLOADS)
            return [http.post("/v1/vapi/call", json=call(each)).json()["data"]["callId"] for each in numbers]

    with ThreadPoolExecutor(CLIENTS) as pool:
        ids = [each for found in pool.map(many, range(CLIENTS)) for each in found]
    assert len(set(ids)) == CLIENTS * UPLOADS
    assert sorted(each.json["properties"]["number"] for each in mock.uploads) == list(range(CLIENTS * UPLOADS))


def test_idle_connections_are_in_nobodys_way(mock: MockServer) -> None:
    """A thousand connections on which nothing is said do not keep others from being answered."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3 * IDLE:
        pytest.skip(f"this machine allows {hard} open files, of which {3 * IDLE} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3 * IDLE), hard))
    try:
        with connections(mock, IDLE):
            assert [upload(mock, number) for number in range(5)] == [200] * 5
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("said", [b"", b"POST /v1/va", HEAD])
def test_who_does_not_come_to_the_point_is_hung_up_on(
    said: bytes, mock: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection without a whole head ends after its time, however it dawdles, and others are answered meanwhile."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.5)
    with connections(mock, 20) as slow:
        for each in slow:
            each.sendall(said)
        assert upload(mock) == 200
        if said:
            time.sleep(0.3)
            for each in slow:
                each.sendall(b"X")
        assert [ended(each) for each in slow] == [b""] * len(slow)
    assert upload(mock) == 200


def test_slow_body_is_refused_after_its_time(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not send the whole body in its time reads a 408 and is hung up on; others are answered meanwhile."""
    monkeypatch.setattr(app, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(request_body, "DISCARD_SECONDS", 0.3)
    with connections(mock, 20) as slow:
        for each in slow:
            each.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        assert upload(mock) == 200
        for each in slow:
            head, _, body = ended(each).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in head
            assert json.loads(body)["error"]["code"] == "request_timeout"
    assert len(mock.uploads) == 1


def test_request_after_a_slow_one_has_its_own_time(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a connection that is kept, the time for each head begins with the head, and ends for it too."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.5)
    with connections(mock, 1) as (connection,):
        for number in range(3):
            body = json.dumps(call(number)).encode()
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            reply = b""
            while not reply.endswith(b'"}}'):
                chunk = connection.recv(65536)
                assert chunk, "hung up on"
                reply += chunk
            assert reply.startswith(b"HTTP/1.1 200 ")
            time.sleep(0.35)
        connection.sendall(HEAD)
        assert ended(connection) == b""
    assert len(mock.uploads) == 3


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"\r\n" * 50_000,
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/vapi/call HTTP/1.1\r\nHost: mock\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
        HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_garbage_does_not_harm(garbage: bytes, mock: MockServer) -> None:
    """Whatever comes instead of a request, by many at once: the server lives, and others are answered."""
    with connections(mock, 30) as rude:
        for each in rude:
            try:
                each.sendall(garbage)
                each.shutdown(socket.SHUT_WR)
            except OSError:  # hung up on already
                pass
        assert upload(mock) == 200
        for each in rude:
            assert b"HTTP/1.1 5" not in ended(each)
    assert upload(mock) == 200


def test_many_bodies_beyond_the_limit_do_not_stall_others(mock: MockServer) -> None:
    """While several clients send more than is allowed, one who behaves is answered, and they are refused."""
    size = app.MAX_BODY + 1
    request = HEAD + b"Content-Length: %d\r\n\r\n" % size

    def too_much(connection: socket.socket) -> bytes:
        connection.sendall(request)
        for _ in range(0, size, 100_000):
            connection.sendall(b" " * 100_000)
        return ended(connection)

    with connections(mock, 8) as greedy, ThreadPoolExecutor(8) as pool:
        replies = pool.map(too_much, greedy)
        assert [upload(mock, number) for number in range(5)] == [200] * 5
        assert all(reply.startswith(b"HTTP/1.1 413 ") for reply in replies)
    assert len(mock.uploads) == 5
