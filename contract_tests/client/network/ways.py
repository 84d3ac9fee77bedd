"""The ways to call: by the facades, by the functions in `api`, and by a caller's own httpx client."""

import asyncio
import socket
from typing import Any, Protocol

import httpx
import pytest
import trio
from roark_client import APIError, AsyncRoark, AuthenticatedClient, Delivery, Roark, RoarkError
from roark_client.api.call_analysis import create_call_analysis
from roark_client.models import CallAnalysisResponse

from contract_tests.client.samples import UPLOAD, UPLOAD_AS_JSON

TOKEN = "tok/en+of=a~caller.9"  # with what JSON may escape
SHORT = 0.8  # seconds: a deadline that a test waits for
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
