"""Hooks of a caller's own httpx client change nothing."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import httpx
import pytest
from roark_client import APIError, APIStatusError, BadRequestError, Delivery, InternalServerError, RateLimitError
from roark_client.models import CallAnalysisResponse

from contract_tests.client.network.replies import GZIPPED, WHOLE
from contract_tests.client.network.ways import NOT_DELIVERED, UNKNOWN, Outcome, async_roark, roark, the_error
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
