"""What a raw reply gives beside its model: the JSON value, and the request and the reply as httpx has them."""

import asyncio
import copy
import gc
import gzip
import json
import pickle
import traceback
import weakref
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from roark_client import AsyncRoark, AuthenticatedClient, Response, Roark
from roark_client.api.integrations import create_vapi_call
from roark_client.models import VapiCallRequest, VapiCallResponse

from contract_tests.client.copies import COPIES
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import End, Received, Script, ScriptedServer, reply

TOKEN = "tok/en+of=a~caller.9"
COOKIE = "s3cret-session"
BODY = b'{"data": {"callId": "call-123"}, "more": [1, 2.5, null]}'

Raw = Response[VapiCallResponse]


def sync_raw(url: str, **options: Any) -> Raw:
    """By `Roark`."""
    with Roark(bearer_token=TOKEN, base_url=url, **options) as client:
        return client.integrations.with_raw_response.create_vapi_call(
            vapi_end_of_call_report_payload=REPORT, extra_headers={"Cookie": f"session={COOKIE}", "X-Team": "voice"}
        )


def async_raw(url: str, **options: Any) -> Raw:
    """By `AsyncRoark`."""

    async def call() -> Raw:
        async with AsyncRoark(bearer_token=TOKEN, base_url=url, **options) as client:
            return await client.integrations.with_raw_response.create_vapi_call(
                vapi_end_of_call_report_payload=REPORT, extra_headers={"Cookie": f"session={COOKIE}", "X-Team": "voice"}
            )

    return asyncio.run(call())


def callers_raw(url: str, **options: Any) -> Raw:
    """By `Roark` over a client of the caller's, which merges headers and a query of its own."""
    with httpx.Client(headers={"X-Team": "other", "X-Own": "1"}, params={"tenant": "7"}) as http_client:
        return sync_raw(url, http_client=http_client, **options)


def lower_raw(url: str, **options: Any) -> Raw:
    """By the lower layer, with the token in a header of another name."""
    headers = {"Cookie": f"session={COOKIE}", "X-Team": "voice"}
    with AuthenticatedClient(url, TOKEN, "", "X-Api-Key", headers=headers, **options) as client:
        return create_vapi_call.sync_detailed(
            client=client, body=VapiCallRequest(vapi_end_of_call_report_payload=REPORT)
        )


every_way = pytest.mark.parametrize("call", [sync_raw, async_raw, callers_raw, lower_raw])


def raw(script: Script, call: Callable[..., Raw] = sync_raw, **options: Any) -> tuple[Raw, Received]:
    """A raw reply of this script, and the request that came last."""
    with ScriptedServer(script) as server:
        return call(server.url, **options), server.received[-1]


def by_hand(content: bytes) -> Response[None]:
    """A raw reply as the tests of a caller make one."""
    return Response(200, httpx.Headers({"X-Request-Id": "7"}), content, None)


@every_way
def test_request_is_what_was_sent_but_for_what_is_secret(call: Callable[..., Raw]) -> None:
    """`http_request` has the method, the URL, the headers and the body that were sent; secret headers are masked."""
    response, received = raw((reply(200, BODY), End.CLOSE), call)
    request = response.http_request
    assert f"{request.method} {request.url.raw_path.decode()} HTTP/1.1" == received.line
    assert (response.method, response.url) == (request.method, request.url)
    assert request.content == received.body
    secret = {"cookie", "x-api-key" if call is lower_raw else "authorization"}
    shown = dict(request.headers)
    assert {name: shown.pop(name) for name in secret} == dict.fromkeys(secret, "[masked]")
    assert shown == {name: text for name, text in received.headers.items() if name not in secret}


@every_way
@pytest.mark.parametrize("body", [BODY, gzip.compress(BODY)], ids=["plain", "gzip"])
def test_reply_is_what_came(call: Callable[..., Raw], body: bytes) -> None:
    """`http_response` has the status, the headers and the decompressed body that came, and leads to that request."""
    coding = () if body is BODY else ("Content-Encoding: gzip",)
    response, _ = raw((reply(201, body, "X-Request-Id: 7", *coding), End.CLOSE), call)
    shown = response.http_response
    assert (shown.status_code, shown.content, shown.json()) == (201, BODY, json.loads(BODY))
    assert (shown.headers["x-request-id"], shown.headers["content-length"]) == ("7", str(len(BODY)))
    assert shown.request.headers.raw == response.http_request.headers.raw
    assert shown.raise_for_status() is shown


@every_way
def test_token_is_in_nothing_that_leads_from_a_raw_reply(call: Callable[..., Raw]) -> None:
    """No text, copy or pickle of a raw reply, or of what it gives, has the token or a cookie."""
    response, _ = raw((reply(200, BODY), End.CLOSE), call)
    given = [response, response.http_request, response.http_response, response.http_response.request]
    for each in [*given, *(duplicate(response) for duplicate in COPIES)]:
        frame = traceback.TracebackException.from_exception(failure_with(each), capture_locals=True)
        shown = [f"{each!r} {each}", "".join(frame.format())]
        headers = each.headers if isinstance(each, httpx.Request | httpx.Response) else each.http_request.headers
        for secret in (TOKEN, COOKIE):
            assert not [text for text in [*shown, repr(headers.raw)] if secret in text]
            assert secret.encode() not in pickle.dumps(each)


def failure_with(_: object) -> Exception:
    """An exception in whose traceback a value is a variable."""
    try:
        raise KeyError
    except KeyError as error:
        return error


@pytest.mark.parametrize("duplicate", COPIES)
def test_copy_of_a_raw_reply_gives_the_same(duplicate: Callable[[Any], Any]) -> None:
    """A raw reply that is copied or pickled equals the first, and still has its request."""
    response, _ = raw((reply(200, BODY), End.CLOSE))
    again = duplicate(response)
    assert again == response
    request = again.http_request
    assert (request.method, request.url) == (response.method, response.url)
    assert request.headers.raw == response.http_request.headers.raw
    assert request.content == response.http_request.content


def test_token_in_a_query_is_masked() -> None:
    """A token that a caller put into the query as well is masked there, and the rest of the URL is as it was sent."""
    query = {"key": "secret-7f3a9c", "word": "a b&c=é"}
    with (
        ScriptedServer((reply(200, BODY), End.CLOSE)) as server,
        Roark(bearer_token="secret-7f3a9c", base_url=server.url, default_query=query) as client,
    ):
        response = client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert response.url.params["word"] == "a b&c=é"
    assert "secret-7f3a9c" not in str(response.url)
    assert "masked" in response.url.params["key"]


def test_retries_taken_are_the_attempts_but_the_first() -> None:
    """`retries_taken` counts what was sent again."""
    refusal = reply(429, b"{}", "Retry-After: 0")
    with ScriptedServer((refusal,), (refusal,), (reply(200, BODY), End.CLOSE)) as server:
        response = sync_raw(server.url)
    assert (response.attempts, response.retries_taken) == (3, 2)


def test_json_is_the_value_that_came() -> None:
    """`json()` gives the JSON value, whatever its model reads of it."""
    response, _ = raw((reply(200, BODY), End.CLOSE))
    assert response.json() == {"data": {"callId": "call-123"}, "more": [1, 2.5, None]}
    assert by_hand('["é"]'.encode("utf-16")).json() == ["é"]


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"a": ', b"\xff", b"[NaN]", b"[-Infinity]"])
def test_json_of_what_is_none_is_refused(content: bytes) -> None:
    """`json()` raises a ValueError where the body is no JSON."""
    with pytest.raises(ValueError, match=r"."):
        by_hand(content).json()


def test_reply_made_by_hand_has_no_request() -> None:
    """A `Response` that a caller's test makes compares and copies as ever; what it cannot know it says."""
    response = by_hand(b"[1]")
    assert response == by_hand(b"[1]") == copy.deepcopy(response)
    assert (response.attempts, response.retries_taken, response.json()) == (1, 0, [1])
    assert response.http_response.json() == [1]
    for name in ("http_request", "method", "url"):
        with pytest.raises(RuntimeError, match="made by hand"):
            getattr(response, name)


def test_raw_reply_keeps_no_client() -> None:
    """A raw reply that is kept keeps no client alive, neither ours nor the caller's."""
    with ScriptedServer((reply(200, BODY), End.CLOSE)) as server, httpx.Client() as http_client:
        client = Roark(bearer_token=TOKEN, base_url=server.url, http_client=http_client)
        response = client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    ours, callers = weakref.ref(client), weakref.ref(http_client)
    del client, http_client
    gc.collect()
    assert (ours(), callers()) == (None, None)
    assert response.http_request.content


def test_token_that_is_sent_elsewhere_is_masked_there() -> None:
    """The client's token is hidden in any header, query and pickle of a request, also where no secret header has it."""
    with ScriptedServer((reply(200, BODY),)) as server:
        raw = sync_raw_without_authorization(server.url)
    request = raw.http_request
    assert "authorization" not in request.headers
    assert request.headers["x-api-key"] == "[masked]"
    assert request.url.query == b"key=[masked]"
    assert not shows_token(repr(raw), str(request.url), *map(str, request.headers.raw), pickle.dumps(raw))


def sync_raw_without_authorization(url: str) -> Raw:
    """By a client that gives its token in another header, and in the query."""
    elsewhere: dict[str, Any] = {"default_headers": {"X-Api-Key": TOKEN}, "default_query": {"key": TOKEN}}
    with Roark(bearer_token=TOKEN, base_url=url, **elsewhere) as client:
        return client.integrations.with_raw_response.create_vapi_call(
            vapi_end_of_call_report_payload=REPORT, extra_headers={"Authorization": None}
        )


def shows_token(*texts: str | bytes) -> bool:
    """Whether any of these shows the token, plainly or as a URL spells it."""
    plain = [each.encode() if isinstance(each, str) else each for each in texts]
    return any(spelling.encode() in each for each in plain for spelling in (TOKEN, quote(TOKEN, safe="")))


def test_token_that_a_success_echoes_is_masked() -> None:
    """A header that echoes the token is in no repr, `http_response` or copy of the reply; nor is its body there."""
    echo = b'{"data": {"callId": "call-123"}, "you": "' + TOKEN.encode() + b'"}'
    with ScriptedServer((reply(200, BODY, f"X-Echo: {TOKEN}"),), (reply(200, echo),)) as server:
        raw, body_echoed = sync_raw(server.url), sync_raw(server.url)
    response = raw.http_response
    assert response.headers["x-echo"] == "[masked]"
    assert body_echoed.http_response.json()["you"] == "[masked]"
    copies = [make(raw) for make in COPIES]
    assert [each.headers["x-echo"] for each in copies] == ["[masked]"] * len(COPIES)
    assert [make(body_echoed).json()["you"] for make in COPIES] == ["[masked]"] * len(COPIES)
    assert not shows_token(repr(raw), repr(response.headers), pickle.dumps(raw), *map(repr, copies))
