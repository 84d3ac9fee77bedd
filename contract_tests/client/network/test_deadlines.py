"""A server that falls silent, drips or hardly reads is left at the deadline."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest
from roark_client import APIConnectionError, APIError, APITimeoutError, BadRequestError, Delivery, RateLimitError
from roark_client.models import CallAnalysisResponse

from contract_tests.client.network.faults import Fault, check, failed, late, refused
from contract_tests.client.network.replies import ANNOUNCED, BODY, GZIPPED, HALF, HTML_ANNOUNCED, IN_CHUNKS, WHOLE
from contract_tests.client.network.ways import (
    DELIVERED,
    FACADE,
    OTHER_WAYS,
    SHORT,
    UNKNOWN,
    Caller,
    in_facade,
    refused_url,
    roark,
    the_error,
    under_asyncio,
    under_trio,
)
from contract_tests.client.samples import UPLOAD
from contract_tests.client.scripted_server import Drip, End, Script, ScriptedServer, SlowReading, head

LONGER = 2.5 * SHORT  # seconds: that the head of an answer comes in, while many threads share the machine

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


def check_at_once(calls: list[Caller], faults: dict[str, Fault]) -> None:
    """Meet each fault in each way, all at once, since each waits for its deadline."""
    with ThreadPoolExecutor(len(calls) * len(faults)) as threads:
        checks = {(call, name): threads.submit(check, call, faults[name], LONGER) for call in calls for name in faults}
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
