"""A fault of an answer ends in its error, and nothing is sent a second time."""

import gzip
import tracemalloc

import httpx
import pytest
from roark_client import APIConnectionError, APIResponseValidationError, APIStatusError, BadRequestError
from roark_client.models import CallAnalysisResponse
from roark_client.reply_body import ReplyBody, ReplyBodyError

from contract_tests.client.network.faults import Fault, check, cut_off, failed, foreign, lost, refused, unreadable
from contract_tests.client.network.replies import (
    ANNOUNCED,
    BODY,
    BOMB,
    GZIPPED,
    HALF,
    HTML_ANNOUNCED,
    IN_CHUNKS,
    MAX_BYTES,
    SPACES,
)
from contract_tests.client.network.ways import DELIVERED, UNKNOWN, Caller, in_facade, in_other_ways, the_error
from contract_tests.client.scripted_server import PATIENCE, End, Flood, ScriptedServer, chunked, head, reply

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
