"""A caller's own httpx client: its hooks change nothing, and it may take the place of the client's own at any time."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import httpx
import pytest
from roark_client import (
    APIError,
    APIStatusError,
    AuthenticatedClient,
    BadRequestError,
    Delivery,
    InternalServerError,
    RateLimitError,
)
from roark_client.api.integrations import create_vapi_call
from roark_client.models import CallAnalysisResponse, VapiCallRequest

from contract_tests.client.network.replies import GZIPPED, WHOLE
from contract_tests.client.network.ways import NOT_DELIVERED, TOKEN, UNKNOWN, Outcome, async_roark, roark, the_error
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import Script, ScriptedServer, reply


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


@pytest.mark.parametrize("event", ["request", "response"])
def test_hook_that_cannot_connect(event: str) -> None:
    """A connection that a hook fails to make says nothing of the upload's, whose transport may have sent it already."""

    def connect(_: httpx.Request | httpx.Response) -> None:
        raise httpx.ConnectError("no connection of the hook")

    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    with httpx.Client(transport=transport, event_hooks={event: [connect]}) as http_client:
        outcomes = roark("https://api.test", http_client=http_client)
    assert the_error(outcomes, UNKNOWN, None).attempts == 1


CALL = reply(200, b'{"data": {"callId": "call-123"}}')
BODY = VapiCallRequest(vapi_end_of_call_report_payload=REPORT)


def test_callers_client_takes_the_place_of_ours() -> None:
    """A client of the caller's put into one that has called closes ours, is used from then on, and stays open."""
    with ScriptedServer((CALL,)) as server, httpx.Client(headers={"X-Own": "1"}) as http_client:
        with AuthenticatedClient(server.url, TOKEN) as client:
            ours = client.get_httpx_client()
            for _ in range(2):
                create_vapi_call.sync(client=client, body=BODY)
                client.set_httpx_client(http_client)
            assert client.get_httpx_client() is http_client
        assert (ours.is_closed, http_client.is_closed) == (True, False)
    assert [each.headers.get("x-own") for each in server.received] == [None, "1"]


def test_callers_asynchronous_client_takes_the_place_of_ours() -> None:
    """The same under asyncio; ours is closed with its event loop."""

    async def call(url: str) -> httpx.AsyncClient:
        async with httpx.AsyncClient(headers={"X-Own": "1"}) as http_client:
            async with AuthenticatedClient(url, TOKEN) as client:
                ours = client.get_async_httpx_client()
                for _ in range(2):
                    await create_vapi_call.asyncio(client=client, body=BODY)
                    client.set_async_httpx_client(http_client)
                assert client.get_async_httpx_client() is http_client
            assert not http_client.is_closed
        return ours

    with ScriptedServer((CALL,)) as server:
        assert asyncio.run(call(server.url)).is_closed
    assert [each.headers.get("x-own") for each in server.received] == [None, "1"]
