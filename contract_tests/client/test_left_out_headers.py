"""Headers that a call leaves out: `extra_headers={"X": None}`."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from roark_client import APIStatusError, ArgumentTypeError, ArgumentValueError, AsyncRoark, Roark

from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import End, ScriptedServer, reply

TOKEN = "secret-7f3a9c"
ACCEPTED = reply(200, b'{"data": {"callId": "call-123"}}')

# What a caller's own httpx client would add by itself.
OWN: dict[str, Any] = {"headers": {"X-Own": "1", "X-Team": "own"}, "cookies": {"session": "s"}}

Headers = Mapping[str, str | None]


def sync_call(url: str, extra_headers: Headers) -> None:
    """By `Roark`."""
    with Roark(bearer_token=TOKEN, base_url=url, default_headers={"X-Team": "voice"}) as client:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, extra_headers=extra_headers)
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def async_call(url: str, extra_headers: Headers) -> None:
    """By `AsyncRoark`."""

    async def call() -> None:
        async with AsyncRoark(bearer_token=TOKEN, base_url=url, default_headers={"X-Team": "voice"}) as client:
            for extra in (extra_headers, None):
                await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, extra_headers=extra)

    asyncio.run(call())


def callers_call(url: str, extra_headers: Headers) -> None:
    """By `Roark` over an httpx client of the caller's."""
    with httpx.Client(**OWN) as own:
        client = Roark(bearer_token=TOKEN, base_url=url, default_headers={"X-Team": "voice"}, http_client=own)
        for extra in (extra_headers, None):
            client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, extra_headers=extra)


def callers_async_call(url: str, extra_headers: Headers) -> None:
    """By `AsyncRoark` over an httpx client of the caller's."""

    async def call() -> None:
        async with httpx.AsyncClient(**OWN) as own:
            client = AsyncRoark(bearer_token=TOKEN, base_url=url, default_headers={"X-Team": "voice"}, http_client=own)
            for extra in (extra_headers, None):
                await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, extra_headers=extra)

    asyncio.run(call())


@pytest.mark.parametrize("call", [sync_call, async_call, callers_call, callers_async_call])
@pytest.mark.parametrize(
    "name",
    ["X-Team", "user-agent", "Accept", "ACCEPT-ENCODING", "Authorization", "Content-Type", "Cookie", "X-Own", "X-None"],
)
def test_header_that_is_none_is_left_out(call: Callable[[str, Headers], None], name: str) -> None:
    """A header that is None in a call is not sent with it, whoever adds it else; all others are."""
    with ScriptedServer((ACCEPTED,), (ACCEPTED, End.CLOSE)) as server:
        call(server.url, {name: None, "X-Request": "7"})
    first, second = (received.headers for received in server.received)
    assert name.lower() not in first
    assert first.pop("x-request") == "7"
    assert first == {other: text for other, text in second.items() if other != name.lower()}


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "no name", ""])
def test_header_that_cannot_be_left_out_is_refused(name: str) -> None:
    """What HTTP requires, and what the client alone knows, cannot be left out, nor what is no header."""
    client = Roark(bearer_token=TOKEN, base_url="http://127.0.0.1:1")
    with pytest.raises(ArgumentValueError, match=r"extra_headers: .*"):
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, extra_headers={name: None})


def test_default_header_is_text() -> None:
    """None leaves a header out of a call, and not out of a client."""
    with pytest.raises(ArgumentTypeError, match="default_headers"):
        Roark(bearer_token=TOKEN, default_headers={"X-Team": None})  # type: ignore[dict-item]


def test_error_shows_what_was_left_out() -> None:
    """The request of an error lacks what was left out of it, as that which was sent."""
    with (
        ScriptedServer((reply(401, b"{}"), End.CLOSE)) as server,
        Roark(bearer_token=TOKEN, base_url=server.url) as client,
        pytest.raises(APIStatusError) as raised,
    ):
        client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload=REPORT, extra_headers={"Authorization": None}
        )
    assert "authorization" not in raised.value.request.headers
