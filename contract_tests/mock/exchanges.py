"""Requests to a mock, on a socket or without one, and what is looked at in each of its errors."""

import asyncio
import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from roark_mock import MockServer
from starlette.applications import Starlette

from contract_tests.mock.documented import DOCUMENTED, VAPI_CALL

# Long enough for any machine: a test that waits so long hangs.
PATIENCE = 30  # seconds
MAX_BODY = 10_000_000  # bytes
REQUEST_HEAD = (
    "POST /v1/vapi/call HTTP/1.1\r\n"
    "Host: mock\r\n"
    "Authorization: Bearer test-token\r\n"
    "Content-Type: application/json\r\n"
)


def refused(response: httpx.Response, status: int, code: str) -> list[dict[str, str]]:
    """Check that `response` is an error of the documented shape; return its details."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
    body = response.json()
    assert body.keys() == {"error"}
    error = body["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["code"] == code
    assert re.fullmatch("[a-z]+(_[a-z]+)*", code)
    assert re.fullmatch(r"[A-Z].*\.", error["message"], re.DOTALL)
    details: list[dict[str, str]] = error["details"]
    assert all(problem.keys() == {"path", "message"} and problem["message"] for problem in details)
    return details


def exchange(server: MockServer, request: bytes) -> bytes:
    """What the server answers to the bytes of `request`, up to the end of the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as reply:
            return reply.read()


def in_process(app: Starlette, headers: list[tuple[bytes, bytes]], chunks: Iterator[bytes]) -> httpx.Response:
    """What `app`, called without a server between, answers to a Vapi call of `chunks`."""
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        chunk = next(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message: Any) -> None:
        sent.append(message)

    authorized = [(b"authorization", b"Bearer test-token"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": VAPI_CALL, "headers": authorized + headers}
    asyncio.run(app(scope, receive, send))
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=sent[1]["body"])


def is_listening(url: str) -> bool:
    """Whether something takes connections at `url`."""
    address = urlsplit(url)
    with closing(socket.socket()) as attempt:
        return attempt.connect_ex((address.hostname or "", address.port or 0)) == 0


@contextmanager
def unanswered(url: str) -> Iterator[socket.socket]:
    """A connection to the mock at `url` whose request waits for a delayed reply, while another one is idle."""
    address = urlsplit(url)
    where = (address.hostname, address.port)
    body = json.dumps(DOCUMENTED[VAPI_CALL])
    with socket.create_connection(where, PATIENCE) as waiting, httpx.Client(base_url=url, trust_env=False) as idle:
        waiting.sendall(f"{REQUEST_HEAD}Prefer: delay=60\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        idle.get("/")
        yield waiting
