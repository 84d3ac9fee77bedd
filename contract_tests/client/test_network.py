"""Whatever a network and a server do, a call ends in a typed success or in a RoarkError that says what became of it."""

import asyncio
import contextlib
import gzip
import json
import logging
import pickle
import signal
import socket
import ssl
import sys
import threading
import time
import traceback
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, NamedTuple, Protocol, cast

import httpx
import pytest
import trio
from roark_client import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AsyncRoark,
    AuthenticatedClient,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    Delivery,
    DriftEvent,
    DriftKind,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    Roark,
    RoarkError,
    UnprocessableEntityError,
)
from roark_client.api.call_analysis import create_call_analysis
from roark_client.models import CallAnalysisResponse
from roark_client.reply_body import ReplyBody, ReplyBodyError

from contract_tests.client.samples import UPLOAD, UPLOAD_AS_JSON
from contract_tests.client.scripted_server import (
    PATIENCE,
    Drip,
    End,
    Flood,
    Received,
    Script,
    ScriptedServer,
    SlowReading,
    chunked,
    head,
    reply,
)

TOKEN = "tok/en+of=a~caller.9"  # with what JSON may escape
SHORT = 0.8  # seconds: a deadline that a test waits for
ACCEPTED = {
    "data": {
        "jobId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "status": "PENDING",
        "call": {
            "id": "7f1d5d0e-3b0f-4f0a-9d2c-1f6f3c2b1a00",
            "status": "IN_PROGRESS",
            "summary": None,
            "callDirection": "INBOUND",
            "startedAt": "2025-02-11T01:04:32.737Z",
            "endedAt": None,
            "durationMs": None,
            "endedReason": None,
            "isTest": False,
            "participants": [{"name": "Zoë", "phoneNumber": "+1234567890", "role": "AGENT", "spokeFirst": True}],
        },
    }
}
BODY = json.dumps(ACCEPTED, ensure_ascii=False).encode()
HALF = BODY[: len(BODY) // 2]
WHOLE = reply(200, BODY)
ANNOUNCED = head(200, "Content-Type: application/json", f"Content-Length: {len(BODY)}")
MAX_BYTES = 1024 * 1024  # of a reply, instead of 16 times as many, so that tests are quick
NOT_DELIVERED, UNKNOWN, DELIVERED = Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED

Outcome = CallAnalysisResponse | RoarkError


class Caller(Protocol):
    """A way to call: `times` uploads in turn by one client, and what became of each."""

    def __call__(self, url: str, times: int = 1, **options: Any) -> list[Outcome]:
        """Any exception but a RoarkError passes through, and fails the test."""


def roark(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the synchronous facade."""
    outcomes: list[Outcome] = []
    with Roark(bearer_token=TOKEN, base_url=url, **options) as client:
        for _ in range(times):
            try:
                outcomes.append(client.call_analysis.create(**UPLOAD))
            except RoarkError as error:
                outcomes.append(error)
    return outcomes


async def async_roark(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the asynchronous facade, under whatever runs it."""
    outcomes: list[Outcome] = []
    async with AsyncRoark(bearer_token=TOKEN, base_url=url, **options) as client:
        for _ in range(times):
            try:
                outcomes.append(await client.call_analysis.create(**UPLOAD))
            except RoarkError as error:
                outcomes.append(error)
    return outcomes


def under_asyncio(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the asynchronous facade under asyncio."""
    return asyncio.run(async_roark(url, times, **options))


def under_trio(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the asynchronous facade under trio."""

    async def main() -> list[Outcome]:
        return await async_roark(url, times, **options)

    return trio.run(main)


def lower_layer(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the functions in `api`."""
    outcomes: list[Outcome] = []
    with AuthenticatedClient(url, TOKEN, **options) as client:
        for _ in range(times):
            try:
                reply = create_call_analysis.sync_detailed(client=client, body=UPLOAD_AS_JSON)
                outcomes.append(reply.parsed)
            except RoarkError as error:
                outcomes.append(error)
    return outcomes


def lower_layer_under_asyncio(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By the asynchronous functions in `api`."""

    async def main() -> list[Outcome]:
        outcomes: list[Outcome] = []
        async with AuthenticatedClient(url, TOKEN, **options) as client:
            for _ in range(times):
                try:
                    reply = await create_call_analysis.asyncio_detailed(client=client, body=UPLOAD_AS_JSON)
                    outcomes.append(reply.parsed)
                except RoarkError as error:
                    outcomes.append(error)
        return outcomes

    return asyncio.run(main())


def with_httpx_client(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By a caller's own httpx.Client, made as badly as can be."""
    with httpx.Client(**BADLY_MADE) as http_client:
        return roark(url, times, http_client=http_client, **options)


def with_httpx_async_client(url: str, times: int = 1, **options: Any) -> list[Outcome]:
    """By a caller's own httpx.AsyncClient, made as badly as can be."""

    async def main() -> list[Outcome]:
        async with httpx.AsyncClient(**BADLY_MADE) as http_client:
            return await async_roark(url, times, http_client=http_client, **options)

    return asyncio.run(main())


BADLY_MADE: dict[str, Any] = {
    "follow_redirects": True,
    "auth": ("someone", "else"),
    "headers": {"Authorization": "Bearer of-another"},
    "timeout": None,
}

FACADE: list[Caller] = [roark, under_asyncio, under_trio]
OTHER_WAYS: list[Caller] = [lower_layer, lower_layer_under_asyncio, with_httpx_client, with_httpx_async_client]
in_facade = pytest.mark.parametrize("call", FACADE)
in_other_ways = pytest.mark.parametrize("call", OTHER_WAYS)
in_some_ways = pytest.mark.parametrize("call", [roark, under_asyncio, under_trio, with_httpx_client])
in_every_way = pytest.mark.parametrize("call", [*FACADE, *OTHER_WAYS])


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the environment, hardly a pause before a retry, and the certificates of the system read once."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr("roark_client.delivery.FIRST_BACKOFF", 0.002)
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: TLS)
    monkeypatch.setattr("roark_client.reply_body.MAX_BYTES", MAX_BYTES)


TLS = ssl.create_default_context()


def the_error(outcomes: list[Outcome], delivery: Delivery, status: int | None) -> APIError:
    """The only outcome, which is a failure with this delivery and status."""
    (outcome,) = outcomes
    assert isinstance(outcome, APIError), outcome
    assert (outcome.delivery, outcome.status_code) == (delivery, status), outcome
    return outcome


def refused_url(scheme: str = "http") -> str:
    """Where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"{scheme}://127.0.0.1:{port}"


# --- every status ---------------------------------------------------------------------------------------------------

CLASSES: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


@in_facade
@pytest.mark.parametrize("retry_after", [None, 0.25])
def test_every_status(call: Caller, retry_after: float | None) -> None:
    """Each status from 200 to 599 ends as the table of deliveries says, one request each, on one connection."""
    statuses = range(200, 600)
    asks = () if retry_after is None else (f"Retry-After: {retry_after}",)
    events: list[DriftEvent] = []
    with ScriptedServer(*[(reply(status, BODY, *asks),) for status in statuses]) as server:
        outcomes = call(server.url, len(statuses), max_retries=0, on_drift=events.append)
    assert (len(server.received), server.connections) == (len(statuses), 1)
    for status, outcome in zip(statuses, outcomes, strict=True):
        if 200 <= status < 300 and status != 204:
            assert isinstance(outcome, CallAnalysisResponse), status
            continue
        assert isinstance(outcome, APIError), status
        assert (outcome.status_code, outcome.attempts, outcome.retry_after) == (
            status,
            1,
            None if status == 204 else retry_after,
        )
        expected: type[APIError]
        if status == 204:
            expected, delivery = APIResponseValidationError, DELIVERED
        elif status < 500:
            expected = CLASSES.get(status, APIStatusError)
            delivery = UNKNOWN if status in (303, 408) else NOT_DELIVERED
        else:
            expected, delivery = InternalServerError, UNKNOWN
        assert (type(outcome), outcome.delivery) == (expected, delivery), status
        assert outcome.is_permanent == (status in (400, 413, 415, 422)), status
        assert outcome.body == (None if status in (204, 304) else ACCEPTED)
    assert [(event.kind, event.pointer, event.actual) for event in events] == [(DriftKind.STATUS, "", 201)]


# --- answers that are of use ----------------------------------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    """What some servers take deflate for."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


SUCCESSES: dict[str, Script] = {
    "as documented": (WHOLE,),
    "UTF-16": (reply(200, BODY.decode().encode("utf-16")),),
    "UTF-32 without a mark": (reply(200, BODY.decode().encode("utf-32-le")),),
    "UTF-8 with a mark": (reply(200, b"\xef\xbb\xbf" + BODY),),
    "a charset that does not exist": (reply(200, BODY, "Content-Type: application/json; charset=nonsense"),),
    "gzip": (reply(200, gzip.compress(BODY), "Content-Encoding: gzip"),),
    "gzip, in capitals": (reply(200, gzip.compress(BODY), "Content-Encoding: GZIP"),),
    "gzip with something behind it": (reply(200, gzip.compress(BODY) + b"more", "Content-Encoding: x-gzip"),),
    "gzip, byte by byte": (
        head(200, "Content-Encoding: gzip", "Connection: close"),
        Drip(gzip.compress(BODY), 0),
        End.CLOSE,
    ),
    "deflate": (reply(200, zlib.compress(BODY), "Content-Encoding: deflate"),),
    "deflate without its header": (reply(200, raw_deflate(BODY), "Content-Encoding: deflate"),),
    "deflate without its header, byte by byte": (
        head(200, "Content-Encoding: deflate"),
        Drip(raw_deflate(BODY), 0),
        End.CLOSE,
    ),
    "identity": (reply(200, BODY, "Content-Encoding: identity"),),
    "chunks": (chunked(200, BODY[:7], BODY[7:]),),
    "chunks with extensions and trailers": (
        head(200, "Transfer-Encoding: chunked") + b"%X;a=b\r\n" % len(BODY) + BODY + b"\r\n0\r\nAfter: all\r\n\r\n",
    ),
    "HTTP/1.0, ended by closing": (head(200, version="1.0") + BODY, End.CLOSE),
    "HTTP/1.1, ended by closing": (head(200) + BODY, End.CLOSE),
    "100 Continue first": (head(100), 0.01, WHOLE),
    "103 Early Hints, twice, first": (head(103, "Link: </x>"), head(103), WHOLE),
    "headers twice and oddly written": (
        reply(200, BODY, "Server: a", "server:b", "X-Empty:", "Content-Type:application/json", "X_Odd!#: \t c \t "),
    ),
    "headers that are not ASCII": (reply(200, BODY, "X-Name: Zo\xeb \xff"),),
    "a header folded over lines": (reply(200, BODY, "X-Long: a\r\n b"),),
    "lines that end in LF only": (WHOLE.replace(b"\r\n", b"\n"),),
    "a version that does not exist": (WHOLE.replace(b"HTTP/1.1", b"HTTP/3.0"),),
    "no phrase": (WHOLE.replace(b"200 Phrase", b"200"),),
    "a Location that nobody asked for": (reply(200, BODY, "Location: http://[::garbage"),),
    "a second answer behind the first": (WHOLE + reply(500, b"never asked for"),),
    "in pieces, with pauses": (WHOLE[:9], 0.02, WHOLE[9:60], 0.02, WHOLE[60:-1], 0.02, WHOLE[-1:]),
    "2xx that is not documented": (reply(299, BODY),),
    "JSON that says it is HTML": (reply(200, BODY, "Content-Type: text/html"),),
    "JSON without a media type": (head(200, f"Content-Length: {len(BODY)}"), BODY),
}


@in_facade
@pytest.mark.parametrize("script", SUCCESSES.values(), ids=list(SUCCESSES))
def test_success(call: Caller, script: Script) -> None:
    """Whatever can be read of a 2xx is a success, sent once."""
    with ScriptedServer(script) as server:
        (outcome,) = call(server.url, timeout=PATIENCE)
    assert isinstance(outcome, CallAnalysisResponse), outcome
    assert outcome.to_dict() == ACCEPTED
    assert [each.line for each in server.received] == ["POST /v1/call-analysis HTTP/1.1"]
    assert json.loads(server.received[0].body) == UPLOAD_AS_JSON


# --- faults ---------------------------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """What the server does, and what the client has to make of it."""

    script: Script
    error: type[APIError]
    delivery: Delivery
    status: int | None


def lost(*script: Any) -> Fault:
    """Sent, and nothing usable came."""
    return Fault(script, APIConnectionError, UNKNOWN, None)


def cut_off(*script: Any) -> Fault:
    """Accepted, but the connection did not bring the body."""
    return Fault(script, APIConnectionError, DELIVERED, 200)


def unreadable(*script: Any, status: int = 200) -> Fault:
    """Accepted, but the body cannot be used."""
    return Fault(script, APIResponseValidationError, DELIVERED, status)


def foreign(*script: Any, error: type[APIError] = APIResponseValidationError, status: int = 200) -> Fault:
    """It says that it is something else than JSON, so nobody knows who has answered."""
    return Fault(script, error, UNKNOWN, status)


def late(*script: Any, status: int | None = None) -> Fault:
    """No whole answer until the deadline."""
    return Fault(script, APITimeoutError, UNKNOWN if status is None else DELIVERED, status)


def failed(*script: Any, status: int = 500) -> Fault:
    """The server failed, whatever its body is like."""
    return Fault(script, InternalServerError, UNKNOWN, status)


def refused(*script: Any, status: int, error: type[APIError] = APIStatusError) -> Fault:
    """Certainly not accepted, and not worth another attempt."""
    return Fault(script, error, NOT_DELIVERED, status)


GZIPPED = gzip.compress(BODY)
BOMB = gzip.compress(bytes(16 * MAX_BYTES), 1)
SPACES = b" " * 64 * 1024
HTML_ANNOUNCED = head(200, "Content-Type: text/html", "Content-Length: 1000")
IN_CHUNKS = head(200, "Content-Type: application/json", "Transfer-Encoding: chunked")

FAULTS: dict[str, Fault] = {
    # No answer, or none in HTTP.
    "closed after reading": lost(End.CLOSE),
    "reset after reading": lost(End.RESET),
    "closed in the status line": lost(b"HTTP/1.1 2", End.CLOSE),
    "closed in the head": lost(b"HTTP/1.1 200 OK\r\nContent-", End.CLOSE),
    "reset in the head": lost(b"HTTP/1.1 200 OK\r\nContent-", End.RESET),
    "101, which nobody asked for": lost(head(101, "Upgrade: h2c", "Connection: upgrade")),
    "closed after 100 Continue": lost(head(100), End.CLOSE),
    "garbage": lost(b"\x00\xff\xfe garbage \r\n\r\n", End.CLOSE),
    "garbage without an end of line": lost(b"\x80" * 200_000, End.CLOSE),
    "garbage in the head": lost(b"HTTP/1.1 200 OK\r\n: no name\r\n\r\n", End.CLOSE),
    "a zero byte in the head": lost(b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n", End.CLOSE),
    "another protocol": lost(b"SSH-2.0-OpenSSH_9.6\r\n", End.CLOSE),
    "TLS": lost(b"\x15\x03\x01\x00\x02\x02\x46", End.CLOSE),
    "HTTP/0.9": lost(BODY, End.CLOSE),
    "a status of two digits": lost(b"HTTP/1.1 20 OK\r\n\r\n", End.CLOSE),
    "a status of words": lost(b"HTTP/1.1 OK 200\r\n\r\n", End.CLOSE),
    "a huge header": lost(head(200, "X-Huge: " + "x" * 1024 * 1024), End.CLOSE),
    "very many headers": lost(head(200, *["X-Many: x"] * 100_000), End.CLOSE),
    "a Content-Length of words": lost(head(200, "Content-Length: many"), End.CLOSE),
    "a Content-Length below zero": lost(head(200, "Content-Length: -1"), End.CLOSE),
    "two Content-Lengths": lost(head(200, "Content-Length: 5", "Content-Length: 7"), End.CLOSE),
    "a Transfer-Encoding without its name": lost(head(200, "Transfer-Encoding: sparse"), End.CLOSE),
    # A body that does not come whole.
    "closed after the head": cut_off(ANNOUNCED, End.CLOSE),
    "closed in the body": cut_off(ANNOUNCED, HALF, End.CLOSE),
    "reset in the body": cut_off(ANNOUNCED, HALF, End.RESET),
    "a Content-Length too long": cut_off(head(200, f"Content-Length: {len(BODY) + 1}"), BODY, End.CLOSE),
    "chunks cut off": cut_off(chunked(200, HALF, end=b""), End.CLOSE),
    "chunks without an end": cut_off(chunked(200, BODY, end=b""), End.CLOSE),
    "a chunk of garbage": cut_off(IN_CHUNKS, b"garbage\r\n", End.CLOSE),
    # A body that is none.
    "nothing": unreadable(reply(200)),
    "HTML": foreign(reply(200, b"<html>\x00</html>", "Content-Type: text/html")),
    "HTML, in capitals and with a charset": foreign(reply(200, b"<html>", "Content-Type: TEXT/HTML; charset=utf-8")),
    "JSON that does not fit, as text": foreign(reply(200, b"{}", "Content-Type: text/plain")),
    "nothing, as text": foreign(reply(200, b"", "Content-Type: text/plain")),
    "HTML cut off": foreign(HTML_ANNOUNCED, b"<html>", End.CLOSE, error=APIConnectionError),
    "HTML reset": foreign(HTML_ANNOUNCED, b"<html>", End.RESET, error=APIConnectionError),
    "HTML too large": foreign(head(200, "Content-Type: text/html"), Flood(SPACES)),
    "HTML in an encoding not asked for": foreign(reply(200, b"?", "Content-Type: text/html", "Content-Encoding: br")),
    "HTML as 206": foreign(reply(206, b"<html>", "Content-Type: text/html"), status=206),
    "HTML that says it is JSON": unreadable(reply(200, b"<html>")),
    "HTML that says nothing": unreadable(head(200, "Content-Length: 6"), b"<html>"),
    "what does not fit, as JSON twice": unreadable(
        reply(200, b"{}", "Content-Type: application/json", "Content-Type: application/json")
    ),
    "what does not fit, as text/json": unreadable(reply(200, b"{}", "Content-Type: text/json")),
    "what does not fit, as problem+json": unreadable(reply(200, b"{}", "Content-Type: application/problem+json")),
    "204": unreadable(reply(204), status=204),
    "half a body, ended by closing": unreadable(head(200, version="1.0") + HALF, End.CLOSE),
    "a Content-Length too short": unreadable(head(200, f"Content-Length: {len(HALF)}") + BODY),
    "no text in UTF-8": unreadable(reply(200, BODY.decode().encode("latin-1"))),
    "half a UTF-16": unreadable(reply(200, BODY.decode().encode("utf-16")[:-1])),
    "NaN": unreadable(reply(200, BODY.replace(b'"summary": null', b'"durationMs": NaN'))),
    "Infinity": unreadable(reply(200, b'{"data": -Infinity}')),
    "a number without end": unreadable(reply(200, b'{"data": ' + b"9" * 50_000 + b"}")),
    "deep nesting": unreadable(reply(200, b"[" * 100_000 + b"]" * 100_000)),
    "deep nesting of objects": unreadable(reply(200, b'{"data":' * 100_000)),
    "another type": unreadable(reply(200, b"[]")),
    "null": unreadable(reply(200, b"null")),
    "two documents": unreadable(reply(200, BODY + BODY)),
    # Compression.
    "gzip damaged": unreadable(reply(200, GZIPPED[:20] + b"\xff\xff" + GZIPPED[22:], "Content-Encoding: gzip")),
    "gzip with a wrong checksum": unreadable(reply(200, GZIPPED[:-8] + bytes(8), "Content-Encoding: gzip")),
    "gzip truncated": unreadable(reply(200, GZIPPED[:-10], "Content-Encoding: gzip")),
    "gzip without its end": unreadable(reply(200, GZIPPED[:-4], "Content-Encoding: gzip")),
    "one byte of gzip": unreadable(reply(200, GZIPPED[:1], "Content-Encoding: gzip")),
    "no gzip": unreadable(reply(200, BODY, "Content-Encoding: gzip")),
    "no deflate": unreadable(reply(200, BODY, "Content-Encoding: deflate")),
    "nothing in gzip": unreadable(reply(200, b"", "Content-Encoding: gzip")),
    "gzip in gzip": unreadable(reply(200, gzip.compress(GZIPPED), "Content-Encoding: gzip, gzip")),
    "gzip twice announced": unreadable(reply(200, GZIPPED, "Content-Encoding: gzip", "Content-Encoding: gzip")),
    "an encoding not asked for": unreadable(reply(200, BODY, "Content-Encoding: br")),
    "a gzip bomb": unreadable(reply(200, BOMB, "Content-Encoding: gzip")),
    "a gzip bomb in chunks": unreadable(
        head(200, "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(BOMB), BOMB),
    ),
    # Size.
    "too large, announced": unreadable(head(200, f"Content-Length: {MAX_BYTES + 1}"), Flood(SPACES)),
    "much too large, announced": unreadable(head(200, "Content-Length: " + "9" * 19), End.SILENCE),
    "too large, in chunks": unreadable(IN_CHUNKS, Flood(b"10000\r\n" + SPACES + b"\r\n")),
    "too large, until it closes": unreadable(head(200), Flood(SPACES)),
    "too large behind the end of gzip": unreadable(
        head(200, "Content-Encoding: gzip"), gzip.compress(b"{}"), Flood(SPACES)
    ),
    "500, too large": failed(head(500), Flood(SPACES)),
    "400, too large": refused(head(400), Flood(SPACES), status=400, error=BadRequestError),
    # Failures and refusals, whatever their bodies are like.
    "500 in HTML": failed(reply(500, b"<h1>Oops</h1>", "Content-Type: text/html")),
    "500 without a body": failed(reply(500)),
    "500 with headers that are not ASCII": failed(reply(500, b"", "X-Name: Zo\xeb")),
    "500 with a phrase that is not ASCII": failed(head(500, "Content-Length: 0").replace(b"Phrase", b"\xe4rger")),
    "500 nested deep": failed(reply(500, b"[" * 900 + b"]" * 900)),
    "500 nested deeper": failed(reply(500, b"[" * 100_000)),
    "500 with half a surrogate pair": failed(reply(500, b'{"message": "\\ud800"}')),
    "500 in damaged gzip": failed(reply(500, b"no gzip", "Content-Encoding: gzip")),
    "500 in a gzip bomb": failed(reply(500, BOMB, "Content-Encoding: gzip")),
    "500 in an encoding not asked for": failed(reply(500, b"?", "Content-Encoding: br")),
    "500 cut off": failed(head(500, "Content-Length: 100"), b"half", End.RESET),
    "408": Fault((reply(408),), APIStatusError, UNKNOWN, 408),
    "503 without Retry-After": failed(reply(503), status=503),
    "503 with a Retry-After of words": failed(reply(503, b"", "Retry-After: soon"), status=503),
    "503 with two Retry-Afters": failed(reply(503, b"", "Retry-After: 1", "Retry-After: 2"), status=503),
    "599": failed(reply(599), status=599),
    "600": failed(reply(600), status=600),
    "999": failed(reply(999), status=999),
    "400 cut off": refused(head(400, "Content-Length: 9"), End.CLOSE, status=400, error=BadRequestError),
    "402": refused(reply(402), status=402),
    "303": Fault((reply(303, b"", "Location: /done"),), APIStatusError, UNKNOWN, 303),
    "418 in HTML": refused(reply(418, b"<p>"), status=418),
    "304": refused(reply(304), status=304),
}

LATE: dict[str, Fault] = {
    "silence": late(End.SILENCE),
    "silence in the head": late(b"HTTP/1.1 200 OK\r\nContent-", End.SILENCE),
    "silence after 100 Continue": late(head(100), End.SILENCE),
    "silence after the head": late(ANNOUNCED, End.SILENCE, status=200),
    "silence in the body": late(ANNOUNCED, HALF, End.SILENCE, status=200),
    "silence in a chunk": late(IN_CHUNKS, b"100\r\n" + HALF, End.SILENCE, status=200),
    "a body that drips": late(ANNOUNCED, Drip(BODY), End.SILENCE, status=200),
    "gzip that drips": late(head(200, "Content-Encoding: gzip"), Drip(GZIPPED), End.SILENCE, status=200),
    "HTML, then silence": Fault((HTML_ANNOUNCED, b"<html>", End.SILENCE), APITimeoutError, UNKNOWN, 200),
    "chunks that drip": late(IN_CHUNKS, Drip(b"1\r\n \r\n" * 60), End.SILENCE, status=200),
    "500, then silence": failed(head(500, "Content-Length: 100"), b"half", End.SILENCE),
    "500, dripping": failed(head(500, "Content-Length: 9000"), Drip(b"x" * 400)),
    "400, then silence": refused(head(400, "Content-Length: 9"), End.SILENCE, status=400, error=BadRequestError),
    "429, then silence": refused(head(429, "Content-Length: 9"), End.SILENCE, status=429, error=RateLimitError),
}


HANDFUL = (
    "closed after reading",
    "reset in the head",
    "garbage",
    "a huge header",
    "reset in the body",
    "chunks cut off",
    "nothing",
    "NaN",
    "deep nesting",
    "gzip damaged",
    "gzip in gzip",
    "too large, in chunks",
    "too large behind the end of gzip",
    "500 with headers that are not ASCII",
    "408",
    "402",
)


def check(call: Caller, fault: Fault, timeout: float | httpx.Timeout) -> None:
    """Meet a fault, and hold the outcome against it: in its error, in time, not read without end, sent once."""
    began = time.monotonic()
    with ScriptedServer(fault.script, (WHOLE,)) as server:
        outcomes = call(server.url, timeout=timeout)
        assert time.monotonic() - began < PATIENCE
    error = the_error(outcomes, fault.delivery, fault.status)
    assert (type(error), error.attempts, error.retry_after) == (fault.error, 1, None)
    assert len(server.received) == 1
    assert not server.lost_patience
    assert server.sent < 64 * MAX_BYTES  # what lay in buffers between
    assert len(error.response.content if error.response else b"") <= MAX_BYTES


@in_facade
@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_fault(call: Caller, fault: Fault) -> None:
    """A fault of an answer ends in its error, unread beyond a limit, and nothing is sent a second time."""
    check(call, fault, PATIENCE)


@in_facade
def test_sixteen_mebibytes(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of a reply, decompressed, is 16 MiB to the byte."""
    monkeypatch.undo()
    largest = BODY + b" " * (16 * 1024 * 1024 - len(BODY))
    packed = gzip.compress(largest + b" ", 1)
    with ScriptedServer((reply(200, largest),), (reply(200, packed, "Content-Encoding: gzip"),)) as server:
        fits, too_large = call(server.url, 2)
    assert isinstance(fits, CallAnalysisResponse)
    error = the_error([too_large], DELIVERED, 200)
    assert type(error) is APIResponseValidationError
    assert len(error.response.content if error.response else b"") == 16 * 1024 * 1024


def test_bomb_is_not_unpacked() -> None:
    """A gzip bomb takes hardly more memory than the limit."""
    body = ReplyBody(httpx.Headers({"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(ReplyBodyError):
            body.take(BOMB)
        assert tracemalloc.get_traced_memory()[1] < 6 * MAX_BYTES
    finally:
        tracemalloc.stop()


@in_other_ways
@pytest.mark.parametrize("name", HANDFUL)
def test_fault_in_other_ways(call: Caller, name: str) -> None:
    """The functions in `api` and a caller's own httpx client lose none of it."""
    check(call, FAULTS[name], PATIENCE)


def check_at_once(calls: list[Caller], faults: dict[str, Fault]) -> None:
    """Meet each fault in each way, all at once, since each waits for its deadline."""
    with ThreadPoolExecutor(len(calls) * len(faults)) as threads:
        checks = {(call, name): threads.submit(check, call, faults[name], SHORT) for call in calls for name in faults}
    for which, each in checks.items():
        assert each.exception() is None, which


@in_facade
def test_deadline(call: Caller) -> None:
    """A server that falls silent or drips is left at the deadline, and nothing is sent a second time."""
    check_at_once([call], LATE)


def test_deadline_in_other_ways() -> None:
    """The functions in `api` and a caller's own httpx client, which has no timeout itself, keep the deadline too."""
    check_at_once(OTHER_WAYS, {name: LATE[name] for name in ("silence", "silence in the body", "a body that drips")})


def test_deadline_of_a_head_that_drips() -> None:
    """Asynchronous calls keep the deadline also where the head, or 100 Continue without end, keeps httpx busy."""
    head_drips = late(Drip(head(200, "X: " + "x" * 1000)))
    never_ready = late(Drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01))
    check_at_once([under_asyncio, under_trio], {"a head that drips": head_drips, "100 Continue": never_ready})


def test_a_head_that_drips_ends_with_the_server() -> None:
    """Where a head drips httpx keeps no deadline for a blocking call, which ends typed as soon as the head does."""
    error = APITimeoutError
    check(roark, Fault((Drip(ANNOUNCED[:30], 0.01), End.CLOSE), APIConnectionError, UNKNOWN, None), SHORT / 4)
    check(roark, Fault((Drip(ANNOUNCED, 0.005), End.SILENCE), error, DELIVERED, 200), SHORT / 4)


@pytest.mark.parametrize(
    ("call", "at_connect"),
    [(roark, (SHORT, SlowReading())), *[(call, (SlowReading(),)) for call in FACADE]],
)
def test_deadline_of_an_upload(call: Caller, at_connect: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that hardly reads is left at the deadline; what it has may be all it needs, so nothing is sent again."""
    monkeypatch.setitem(UPLOAD, "recording_url", "https://example.com/" + "x" * 20 * 1024 * 1024)  # beyond all buffers
    with ScriptedServer((WHOLE,), at_connect=at_connect) as server:
        error = the_error(call(server.url, timeout=SHORT / 2), UNKNOWN, None)
    assert (type(error), error.attempts, server.connections) == (APITimeoutError, 1, 1)
    assert (server.received, server.lost_patience) == ([], False)


def test_deadline_of_an_upload_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A blocking upload that goes out piece by piece, none of them late, ends at the deadline all the same."""

    class SlowTransport(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            for _ in cast("httpx.SyncByteStream", request.stream):
                time.sleep(0.02)
            return httpx.Response(200, content=BODY)

    monkeypatch.setitem(UPLOAD, "recording_url", "https://example.com/" + "x" * 2 * 1024 * 1024)
    with httpx.Client(transport=SlowTransport()) as http_client:
        outcomes = roark(refused_url(), http_client=http_client, timeout=SHORT / 5)
    assert type(the_error(outcomes, UNKNOWN, None)) is APITimeoutError


@in_facade
@pytest.mark.parametrize(
    ("timeout", "error", "delivery"),
    [
        (httpx.Timeout(None, read=SHORT / 5), APITimeoutError, UNKNOWN),
        (httpx.Timeout(SHORT / 5), APITimeoutError, UNKNOWN),
    ],
)
def test_phases(call: Caller, timeout: httpx.Timeout, error: type[APIError], delivery: Delivery) -> None:
    """An httpx.Timeout bounds the phases of an attempt, within the deadline."""
    check(call, Fault((End.SILENCE,), error, delivery, None), timeout)


@in_facade
@pytest.mark.parametrize("timeout", [None, httpx.Timeout(None), 1e300], ids=str)
def test_no_deadline(call: Caller, timeout: Any) -> None:
    """Where a caller wants no limit, a slow answer is waited for."""
    with ScriptedServer((0.1, WHOLE)) as server:
        (outcome,) = call(server.url, timeout=timeout)
    assert isinstance(outcome, CallAnalysisResponse), outcome


# --- sending again --------------------------------------------------------------------------------------------------

LIMITED = reply(429, b"", "Retry-After: 0.01")
OVERLOADED = reply(503, b"", "Retry-After: 0")
PAGE = reply(200, b"<html>", "Content-Type: text/html")
FAILED = reply(500)


class Course(NamedTuple):
    """What the server does in turn, the client's options, and what it has to come to. No error: a success."""

    scripts: tuple[Script, ...]
    options: dict[str, Any]
    requests: int
    error: type[APIError] | None = None
    delivery: Delivery | None = None
    status: int | None = None
    attempts: int | None = None  # where there are more than requests came whole


EAGER = {"retry_unknown": True}
COURSES: dict[str, Course] = {
    "429, then accepted": Course(((LIMITED,), (WHOLE,)), {}, 2),
    "429 twice, then accepted": Course(((LIMITED,), (LIMITED,), (WHOLE,)), {}, 3),
    "429 for ever": Course(((LIMITED,),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "429 without Retry-After for ever": Course(((reply(429),),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "429 until it closes": Course(((head(429), End.CLOSE),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "503 with Retry-After": Course(((OVERLOADED,), (WHOLE,)), {}, 1, InternalServerError, UNKNOWN, 503),
    "429, then 503": Course(((LIMITED,), (OVERLOADED,)), {}, 2, InternalServerError, UNKNOWN, 503),
    "429, then a page": Course(((LIMITED,), (PAGE,)), {}, 2, APIResponseValidationError, UNKNOWN, 200),
    "no retries": Course(((LIMITED,),), {"max_retries": 0}, 1, RateLimitError, NOT_DELIVERED, 429),
    "five retries": Course(((LIMITED,),), {"max_retries": 5}, 6, RateLimitError, NOT_DELIVERED, 429),
    "429, then reset": Course(((LIMITED,), (End.RESET,)), {}, 2, APIConnectionError, UNKNOWN),
    "429, then 500": Course(((LIMITED,), (FAILED,)), {}, 2, InternalServerError, UNKNOWN, 500),
    "429, then 400": Course(((LIMITED,), (reply(400),)), {}, 2, BadRequestError, NOT_DELIVERED, 400),
    "429, then no JSON": Course(((LIMITED,), (reply(200),)), {}, 2, APIResponseValidationError, DELIVERED, 200),
    "retry-after-ms": Course(((reply(429, b"", "Retry-After-Ms: 5", "Retry-After: 9000"),), (WHOLE,)), {}, 2),
    "a date that has passed": Course(
        ((reply(429, b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"),), (WHOLE,)), {}, 2
    ),
    "500, then accepted": Course(((FAILED,), (WHOLE,)), EAGER, 2),
    "503 with Retry-After, then accepted": Course(((OVERLOADED,), (WHOLE,)), EAGER, 2),
    "503 for ever": Course(((OVERLOADED,),), EAGER, 3, InternalServerError, UNKNOWN, 503),
    "303, then accepted": Course(((reply(303),), (WHOLE,)), EAGER, 2),
    "a page, then accepted": Course(((PAGE,), (WHOLE,)), EAGER, 2),
    "half a page, then accepted": Course(((HTML_ANNOUNCED, b"<html>", End.RESET), (WHOLE,)), EAGER, 2),
    "a page, then no JSON": Course(((PAGE,), (reply(200),)), EAGER, 2, APIResponseValidationError, DELIVERED, 200),
    "a page, then 400": Course(((PAGE,), (reply(400),)), EAGER, 2, BadRequestError, UNKNOWN, 400),
    "500 with Retry-After, then accepted": Course(((reply(500, b"", "Retry-After: 0.01"),), (WHOLE,)), EAGER, 2),
    "408 for ever": Course(((reply(408),),), EAGER, 3, APIStatusError, UNKNOWN, 408),
    "500 for ever": Course(((FAILED,),), EAGER, 3, InternalServerError, UNKNOWN, 500),
    "reset, then accepted": Course(((End.RESET,), (WHOLE,)), EAGER, 2),
    "reset for ever": Course(((End.RESET,),), EAGER, 3, APIConnectionError, UNKNOWN),
    "garbage for ever": Course(((b"garbage\r\n\r\n", End.CLOSE),), EAGER, 3, APIConnectionError, UNKNOWN),
    "500, then 429": Course(((FAILED,), (LIMITED,)), EAGER, 3, RateLimitError, UNKNOWN, 429),
    "500, then 400": Course(((FAILED,), (reply(400),)), EAGER, 2, BadRequestError, UNKNOWN, 400),
    "reset, then 401": Course(((End.RESET,), (reply(401),)), EAGER, 2, AuthenticationError, UNKNOWN, 401),
    "500, then refused": Course(((FAILED, End.REFUSAL),), EAGER, 1, APIConnectionError, UNKNOWN, None, 3),
    "429, then refused": Course(((LIMITED, End.REFUSAL),), {}, 1, APIConnectionError, NOT_DELIVERED, None, 3),
    "400, though eager": Course(((reply(400),),), EAGER, 1, BadRequestError, NOT_DELIVERED, 400),
    "302, though eager": Course(((reply(302, b"", "Location: /"),),), EAGER, 1, APIStatusError, NOT_DELIVERED, 302),
    "no JSON, though eager": Course(((reply(200),),), EAGER, 1, APIResponseValidationError, DELIVERED, 200),
    "cut off, though eager": Course(((ANNOUNCED, End.RESET),), EAGER, 1, APIConnectionError, DELIVERED, 200),
    "too large, though eager": Course(
        ((head(200), Flood(SPACES)),), EAGER, 1, APIResponseValidationError, DELIVERED, 200
    ),
}


@in_some_ways
@pytest.mark.parametrize("course", COURSES.values(), ids=list(COURSES))
def test_course(call: Caller, course: Course) -> None:
    """Only what was certainly not accepted is sent again, or what the caller asks for; the gravest attempt counts."""
    with ScriptedServer(*course.scripts) as server:
        outcomes = call(server.url, timeout=PATIENCE, **course.options)
    assert len(server.received) == course.requests
    assert len({each.body for each in server.received}) == 1
    assert {each.headers["authorization"] for each in server.received} == {f"Bearer {TOKEN}"}
    if course.error is None:
        assert isinstance(outcomes[0], CallAnalysisResponse), outcomes
        return
    assert course.delivery is not None
    error = the_error(outcomes, course.delivery, course.status)
    assert (type(error), error.attempts) == (course.error, course.attempts or course.requests)


@in_facade
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("3600", 3600), ("99999999999999999999", 1e20), ("Fri, 31 Dec 9999 23:59:59 GMT", 2e11)],
)
@pytest.mark.parametrize("timeout", [PATIENCE, None])
def test_retry_after_beyond_the_deadline(call: Caller, asked: str, seconds: float, timeout: float | None) -> None:
    """A wait that does not fit the deadline, or an hour without one, is not begun: the error says how long it is."""
    began = time.monotonic()
    with ScriptedServer((reply(429, b"", f"Retry-After: {asked}"),)) as server:
        error = the_error(call(server.url, timeout=timeout), NOT_DELIVERED, 429)
    assert time.monotonic() - began < PATIENCE
    assert error.retry_after == pytest.approx(seconds, rel=0.5)
    assert (error.attempts, len(server.received)) == (1, 1)


# --- redirects ------------------------------------------------------------------------------------------------------

REDIRECTS = (301, 302, 303, 307, 308)


@in_every_way
@pytest.mark.parametrize("location", ["{url}/elsewhere", "/elsewhere", "//127.0.0.1:{port}/elsewhere", ""])
def test_redirect(call: Caller, location: str) -> None:
    """No redirect is followed, to wherever and by whomever's client: nothing is sent twice, nor the token elsewhere."""
    with ScriptedServer((WHOLE,)) as elsewhere:
        where = location.format(url=elsewhere.url, port=elsewhere.port)
        with ScriptedServer(*[(reply(status, b"", f"Location: {where}"),) for status in REDIRECTS]) as server:
            outcomes = call(server.url, len(REDIRECTS))
    for outcome, status in zip(outcomes, REDIRECTS, strict=True):
        error = the_error([outcome], UNKNOWN if status == 303 else NOT_DELIVERED, status)
        assert (type(error), error.attempts) == (APIStatusError, 1)
        assert error.response is not None
        assert error.response.headers["location"] == where
    assert (len(server.received), len(elsewhere.received)) == (len(REDIRECTS), 0)


@in_every_way
@pytest.mark.parametrize("location", ["http://[::garbage", "http://x:port/", "http://x/\x7f", "http://\xe9\xff:1/"])
def test_redirect_to_garbage(call: Caller, location: str) -> None:
    """A Location that httpx cannot read makes it drop the answer, which counts as UNKNOWN; else it is a refusal."""
    with ScriptedServer((reply(302, b"", f"Location: {location}"),), (WHOLE,)) as server:
        (error,) = call(server.url)
    assert isinstance(error, APIConnectionError | APIStatusError)
    assert error.delivery is (UNKNOWN if error.status_code is None else NOT_DELIVERED)
    assert len(server.received) == 1


# --- no connection --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """A server that listens and never accepts, and whose queue is full."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            each = waiting.enter_context(socket.socket())
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        time.sleep(0.05)  # until they have taken their places
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@in_every_way
def test_refused_port(call: Caller) -> None:
    """Where nothing listens, nothing was delivered, and it is tried again."""
    error = the_error(call(refused_url()), NOT_DELIVERED, None)
    assert (type(error), error.attempts, error.response) == (APIConnectionError, 3, None)


@in_every_way
def test_reset_before_reading(call: Caller) -> None:
    """A connection that is reset at once is tried again only if nothing of the body went out."""
    with ScriptedServer((WHOLE,), at_connect=(End.RESET,)) as server:
        (error,) = call(server.url)
    assert type(error) is APIConnectionError
    assert error.status_code is None
    assert server.connections == error.attempts
    assert error.attempts == (3 if error.delivery is NOT_DELIVERED else error.attempts)
    assert error.delivery is not DELIVERED


@in_facade
def test_unknown_host(call: Caller) -> None:
    """A host without an address is no connection."""
    (error,) = call("https://nonexistent.invalid", max_retries=0, timeout=PATIENCE)
    assert isinstance(error, APIConnectionError)
    assert error.delivery is NOT_DELIVERED


@in_facade
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
def test_full_backlog(call: Caller) -> None:
    """A server that never accepts the connection is a connect timeout."""
    with full_backlog() as url:
        error = the_error(call(url, timeout=httpx.Timeout(None, connect=0.1), max_retries=1), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APITimeoutError, 2)


@in_every_way
@pytest.mark.parametrize(
    "at_connect",
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", End.CLOSE), (b"\xff" * 5000, End.CLOSE)],
    ids=["plain", "noise"],
)
def test_no_tls(call: Caller, at_connect: Script) -> None:
    """https:// to what speaks no TLS is no connection."""
    with ScriptedServer((WHOLE,), at_connect=at_connect) as server:
        error = the_error(call(server.url.replace("http", "https")), NOT_DELIVERED, None)
    assert (type(error), error.attempts, server.connections) == (APIConnectionError, 3, 3)


@in_facade
def test_tls_silence(call: Caller) -> None:
    """A TLS handshake that is never answered is a connect timeout."""
    with ScriptedServer((WHOLE,), at_connect=(End.SILENCE,)) as server:
        url = server.url.replace("http", "https")
        error = the_error(call(url, timeout=SHORT / 5), NOT_DELIVERED, None)
    assert type(error) is APITimeoutError
    assert not server.lost_patience


@in_facade
def test_dead_proxy(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is not there is no connection."""
    monkeypatch.setenv("ALL_PROXY", refused_url())
    error = the_error(call("https://api.example.com"), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APIConnectionError, 3)


@in_facade
@pytest.mark.parametrize(
    "script",
    [
        (reply(407),),
        (reply(502, b"<html>"),),
        (b"garbage\r\n\r\n", End.CLOSE),
        (End.RESET,),
        (reply(302, b"", "Location: /"),),
    ],
)
def test_unwilling_proxy(call: Caller, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not let us through is no connection, and never sees the token."""
    with ScriptedServer(script) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        error = the_error(call("https://api.example.com"), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APIConnectionError, 3)
    assert [each.line for each in proxy.received] == ["CONNECT api.example.com:443 HTTP/1.1"] * 3
    assert not any("authorization" in each.headers for each in proxy.received)


# --- cancellation ---------------------------------------------------------------------------------------------------

STALLS: dict[str, Script] = {"before the head": (End.SILENCE,), "in the body": (ANNOUNCED, HALF, End.SILENCE)}
when = pytest.mark.parametrize("script", STALLS.values(), ids=list(STALLS))


@when
def test_cancelled_task(script: Script) -> None:
    """Cancelling an asyncio task passes through, and closes the connection."""

    async def main() -> None:
        task = asyncio.create_task(async_roark(server.url, timeout=PATIENCE * 2))
        while not server.received:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with ScriptedServer(script) as server:
        asyncio.run(main())
    assert (len(server.received), server.lost_patience) == (1, False)


@when
def test_outer_deadline_of_asyncio(script: Script) -> None:
    """An asyncio timeout around a call stays the caller's own."""

    async def main() -> None:
        async with asyncio.timeout(SHORT / 5):
            await async_roark(server.url, timeout=PATIENCE * 2)

    with ScriptedServer(script) as server, pytest.raises(TimeoutError):
        asyncio.run(main())
    assert not server.lost_patience


@when
def test_cancelled_scope(script: Script) -> None:
    """A cancel scope of trio around a call stays the caller's own."""

    async def main() -> bool:
        with trio.move_on_after(SHORT / 5) as scope:
            await async_roark(server.url, timeout=PATIENCE * 2)
        return scope.cancelled_caught

    with ScriptedServer(script) as server:
        assert trio.run(main)
    assert not server.lost_patience


class Interruption(BaseException):
    """What a signal raises, as KeyboardInterrupt, which would end the tests."""


@when
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_interrupt(script: Script) -> None:
    """A signal's exception passes through a blocking call, and closes the connection."""

    def interrupt(_: Received) -> bytes:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        return b""

    def handler(_: int, __: FrameType | None) -> None:
        raise Interruption

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with ScriptedServer((*script[:-1], 0.05, interrupt, End.SILENCE)) as server, pytest.raises(Interruption):
            roark(server.url, timeout=PATIENCE * 2)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (len(server.received), server.lost_patience) == (1, False)


# --- a caller's own httpx client ------------------------------------------------------------------------------------


class Hooked(NamedTuple):
    """An answer that a hook of the caller's makes an exception of, and what it has to come to."""

    script: Script
    error: type[APIError]
    delivery: Delivery
    status: int | None
    requests: int = 1


def raise_for_status(response: httpx.Response) -> None:
    """What many give every client of theirs."""
    response.raise_for_status()


def read_and_raise_for_status(response: httpx.Response) -> None:
    """The same, so that the error can show the body."""
    response.read()
    response.raise_for_status()


def stumble(_: httpx.Response) -> None:
    """A hook with a fault of its own."""
    raise KeyError("a fault of the hook")


HOOKED = (
    Hooked((reply(400, b'"why"'),), BadRequestError, NOT_DELIVERED, 400),
    Hooked((reply(302, b'"why"', "Location: /"),), APIStatusError, NOT_DELIVERED, 302),
    Hooked((reply(429, b'"why"'),), RateLimitError, NOT_DELIVERED, 429, 3),
    Hooked((reply(408, b'"why"'),), APIStatusError, UNKNOWN, 408),
    Hooked((reply(500, b'"why"'),), InternalServerError, UNKNOWN, 500),
)


@pytest.mark.parametrize("hook", [raise_for_status, read_and_raise_for_status])
@pytest.mark.parametrize("hooked", HOOKED, ids=lambda each: str(each.status))
def test_hooks(hook: Callable[[httpx.Response], None], hooked: Hooked) -> None:
    """A hook that raises for statuses changes nothing: neither the error nor what became of the upload."""

    async def async_hook(response: httpx.Response) -> None:
        if hook is read_and_raise_for_status:
            await response.aread()
        response.raise_for_status()

    async def call_async(url: str) -> list[Outcome]:
        async with httpx.AsyncClient(event_hooks={"response": [async_hook]}) as http_client:
            return await async_roark(url, http_client=http_client)

    with ScriptedServer(hooked.script) as server, httpx.Client(event_hooks={"response": [hook]}) as http_client:
        outcomes = roark(server.url, http_client=http_client)
        outcomes += asyncio.run(call_async(server.url))
    for outcome in outcomes:
        error = the_error([outcome], hooked.delivery, hooked.status)
        assert (type(error), error.attempts) == (hooked.error, hooked.requests)
        assert error.body == ("why" if hook is read_and_raise_for_status else None)
    assert len(server.received) == 2 * hooked.requests


def test_hook_that_reads() -> None:
    """A hook that reads a success takes nothing from it."""
    with (
        ScriptedServer((reply(200, GZIPPED, "Content-Encoding: gzip"),)) as server,
        httpx.Client(event_hooks={"response": [httpx.Response.read]}) as http_client,
    ):
        (outcome,) = roark(server.url, http_client=http_client)
    assert isinstance(outcome, CallAnalysisResponse), outcome


def test_hook_that_stumbles() -> None:
    """A fault of the caller's own hook ends in an error of ours too, as UNKNOWN, since the request was sent."""
    with ScriptedServer((WHOLE,)) as server, httpx.Client(event_hooks={"response": [stumble]}) as http_client:
        error = the_error(roark(server.url, http_client=http_client), UNKNOWN, None)
    assert isinstance(error.__cause__, KeyError)
    assert len(server.received) == 1


# --- the token ------------------------------------------------------------------------------------------------------


def echoed(make: Callable[[bytes], bytes]) -> Script:
    """An answer made of the Authorization header that came."""
    return (lambda received: make(received.headers["authorization"].encode()), End.CLOSE)


def escaped(text: bytes) -> bytes:
    """As a JSON string with every escape that JSON allows."""
    return b'"' + text.replace(b"/", b"\\/").replace(b"=", b"\\u003d").replace(b"+", b"\\u002B") + b'"'


ECHOES: dict[str, Script] = {
    "as text": echoed(lambda text: reply(401, b"no good: " + text)),
    "as HTML": echoed(lambda text: reply(500, b"<pre>" + text, "Content-Type: text/html")),
    "as JSON": echoed(lambda text: reply(422, b'{"error": {"headers": ["' + text + b'"], "' + text + b'": 1}}')),
    "as JSON with escapes": echoed(lambda text: reply(400, b'{"error": ' + escaped(text) + b"}")),
    "as UTF-16": echoed(
        lambda text: reply(400, text.decode().encode("utf-16"), "Content-Type: text/html; charset=utf-16")
    ),
    "as UTF-16 JSON": echoed(lambda text: reply(400, f'["{text.decode()}"]'.encode("utf-16-be"))),
    "in gzip": echoed(lambda text: reply(500, gzip.compress(text), "Content-Encoding: gzip")),
    "in a header": echoed(lambda text: head(500, "X-You-Sent: " + text.decode(), "Content-Length: 0")),
    "in a cookie": echoed(lambda text: head(403, "Set-Cookie: a=" + text.decode(), "Content-Length: 0")),
    "in the phrase": echoed(lambda text: b"HTTP/1.1 500 " + text + b"\r\n\r\n"),
    "in garbage": echoed(lambda text: text + b"\r\n\r\n"),
    "in a header of garbage": echoed(lambda text: b"HTTP/1.1 200 OK\r\n" + text + b"\r\n\r\n"),
    "in an encoding": echoed(lambda text: reply(200, b"x", "Content-Encoding: " + text.decode())),
    "in a redirect": echoed(lambda text: reply(302, b"", "Location: /" + text.decode())),
    "in a redirect to garbage": echoed(lambda text: reply(302, b"", "Location: http://[" + text.decode())),
    "in a body cut off": echoed(lambda text: head(200, "Content-Length: 999") + text),
    "in a body that drips": (*echoed(lambda text: head(500) + text)[:1], End.SILENCE),
    "in a chunk of garbage": echoed(lambda text: IN_CHUNKS + text + b"\r\n"),
    "in a body damaged": echoed(lambda text: reply(200, text, "Content-Encoding: gzip")),
}


@in_some_ways
@pytest.mark.parametrize("script", ECHOES.values(), ids=list(ECHOES))
def test_token_is_nowhere(call: Caller, script: Script, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a server echoes, the token is in nothing that an error shows, logs or takes along."""
    caplog.set_level(logging.DEBUG)
    timeout = SHORT / 5 if End.SILENCE in script else PATIENCE
    with ScriptedServer(script) as server:
        (error,) = call(server.url, timeout=timeout, max_retries=0)
    assert isinstance(error, APIError)
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = {
        "text": str(error),
        "repr": repr(error),
        "traceback": "".join(trace.format()),
        "attributes": repr(vars(error)),
        "request": repr((error.request.headers.raw, error.request.content)),
        "response": repr(error.response and (error.response.headers.raw, error.response.text)),
        "body": json.dumps(error.body),
        "pickle": repr(pickle.dumps(error)),
        "log": "".join(each.getMessage() for each in caplog.records if each.name.startswith("roark_client")),
    }
    secret = TOKEN[4:]  # also where its beginning is escaped
    assert [place for place, text in shown.items() if secret in text.replace("\\x00", "").replace("\0", "")] == []
    assert error.request.headers["authorization"] == "[masked]"
