"""Whatever stands between client and service, the verdict is true, and the service never has an upload twice."""

import asyncio
import socket
import ssl
from collections.abc import Callable

import httpx
import pytest
from roark_client import APIError, AsyncRoark, Delivery, Roark, delivery_of

from contract_tests.client.gateways import ACCEPTED, GATEWAYS, Gateway
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import Received, ScriptedServer, reply

TOKEN = "test-token"
Outcome = str | APIError
Way = Callable[[str], Outcome]


def ours(url: str, http_client: httpx.Client | None = None) -> Outcome:
    """By the blocking client."""
    with Roark(bearer_token=TOKEN, base_url=url, http_client=http_client, timeout=30) as client:
        try:
            return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT).data.call_id
        except APIError as error:
            return error


async def async_ours(url: str, http_client: httpx.AsyncClient | None = None) -> Outcome:
    """By the asynchronous client."""
    async with AsyncRoark(bearer_token=TOKEN, base_url=url, http_client=http_client, timeout=30) as client:
        try:
            reply = await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
        except APIError as error:
            return error
        return reply.data.call_id


def under_asyncio(url: str) -> Outcome:
    """The same under asyncio."""
    return asyncio.run(async_ours(url))


def callers(url: str) -> Outcome:
    """By a caller's own httpx client, which would follow redirects."""
    with httpx.Client(follow_redirects=True) as http_client:
        return ours(url, http_client)


def async_callers(url: str) -> Outcome:
    """The same under asyncio."""

    async def main() -> Outcome:
        async with httpx.AsyncClient(follow_redirects=True) as http_client:
            return await async_ours(url, http_client)

    return asyncio.run(main())


TLS = ssl.create_default_context()


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly a pause before a retry, and the certificates of the system read once."""
    monkeypatch.setattr("roark_client.delivery.FIRST_BACKOFF", 0.002)
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: TLS)


def handed_on_to(origin: ScriptedServer) -> Callable[[Received], bytes]:
    """A step of a gateway: the service behind it takes the upload, and what it answers is lost."""

    def hand_on(received: Received) -> bytes:
        with socket.create_connection(("127.0.0.1", origin.port), timeout=30) as connection:
            head = f"{received.line}\r\nContent-Length: {len(received.body)}\r\n\r\n"
            connection.sendall(head.encode() + received.body)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        return b""

    return hand_on


@pytest.mark.parametrize("way", [ours, under_asyncio, callers, async_callers])
@pytest.mark.parametrize("gateway", GATEWAYS.values(), ids=list(GATEWAYS))
def test_verdict_is_true(gateway: Gateway, way: Way) -> None:
    """What a gateway answers is judged by what it proves: nothing that the service has is told as not delivered."""
    with ScriptedServer((reply(200, ACCEPTED),)) as origin:
        steps = (handed_on_to(origin), *gateway.script) if gateway.reached else gateway.script
        with ScriptedServer(steps) as server:
            outcome = way(server.url)
    assert len(server.received) == gateway.requests
    assert len(origin.received) == gateway.reached, "the service has it as often as it was handed on"
    if gateway.verdict is None:
        assert outcome == "call-123"
        return
    assert isinstance(outcome, APIError), outcome
    assert (outcome.delivery, outcome.attempts) == (gateway.verdict, gateway.requests), outcome
    assert outcome.is_permanent == gateway.is_permanent
    assert delivery_of(outcome) is gateway.verdict


def test_table_is_honest() -> None:
    """No row of the table calls an upload not delivered that the service has, or gives up one that it may take."""
    assert len(GATEWAYS) >= 30
    for name, gateway in GATEWAYS.items():
        assert not (gateway.reached and gateway.verdict is Delivery.NOT_DELIVERED), name
        assert not (gateway.is_permanent and gateway.verdict is not Delivery.NOT_DELIVERED), name
        assert gateway.requests == 1 or gateway.verdict is Delivery.NOT_DELIVERED, name


@pytest.mark.parametrize("way", [ours, under_asyncio, callers, async_callers])
def test_page_is_shown(way: Way) -> None:
    """An answer that is no JSON is told with its media type and its beginning, on one line."""
    page = b"<html>\n<title>Hotel WiFi</title>" + b"x" * 5000
    with ScriptedServer((reply(200, page, "Content-Type: text/html; charset=utf-8"),)) as server:
        error = way(server.url)
    assert "200 as text/html, but its body is no JSON" in str(error)
    assert r"<html>\n<title>Hotel WiFi</title>" in str(error)
    assert len(str(error)) < 1000


@pytest.mark.parametrize("way", [ours, under_asyncio])
def test_personal_json_is_not_shown(way: Way) -> None:
    """What an accepted call says is no part of a message, whole or cut off."""
    for body in (b'{"data": {"name": "Zoe"}}', b'{"data": {"name": "Zoe"'):
        with ScriptedServer((reply(200, body),)) as server:
            error = way(server.url)
        assert isinstance(error, APIError)
        assert "Zoe" not in str(error)
