"""`DefaultHttpxClient` and `DefaultAsyncHttpxClient`: what a client makes by itself, to be given more."""

import asyncio
from typing import Any

import httpx
import pytest
import roark_client
from roark_client import AsyncRoark, DefaultAsyncHttpxClient, DefaultHttpxClient, Roark, Timeout

from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import ScriptedServer, reply

TOKEN = "secret-7f3a9c"
WITH_COOKIE = reply(200, b'{"data": {"callId": "call-123"}}', "Set-Cookie: who=caller-7; Path=/")


def upload(url: str, http_client: httpx.Client) -> None:
    """Two uploads, one after the other."""
    client = Roark(bearer_token=TOKEN, base_url=url, http_client=http_client)
    for _ in range(2):
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


async def upload_async(url: str, http_client: httpx.AsyncClient) -> None:
    """The same for the asynchronous half."""
    client = AsyncRoark(bearer_token=TOKEN, base_url=url, http_client=http_client)
    for _ in range(2):
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


@pytest.mark.parametrize("given", [None, {"tenant": "7"}])
@pytest.mark.parametrize("is_async", [False, True])
def test_server_sets_no_cookie(is_async: bool, given: dict[str, str] | None) -> None:
    """No cookie that a server sets is sent back, as with a client of our own; those that are given are sent."""

    async def run(url: str) -> None:
        async with DefaultAsyncHttpxClient(cookies=given) as http_client:
            await upload_async(url, http_client)

    with ScriptedServer((WITH_COOKIE,)) as server:
        if is_async:
            asyncio.run(run(server.url))
        else:
            with DefaultHttpxClient(cookies=given) as http_client:
                upload(server.url, http_client)
    assert [each.headers.get("cookie") for each in server.received] == [given and "tenant=7"] * 2


@pytest.mark.parametrize("kind", [DefaultHttpxClient, DefaultAsyncHttpxClient])
def test_cookies_are_of_one_client(kind: type[DefaultHttpxClient | DefaultAsyncHttpxClient]) -> None:
    """Cookies that are set on one client are on no other."""
    one, other = kind(), kind()
    one.cookies.set("tenant", "7")
    assert (dict(one.cookies), dict(other.cookies)) == ({"tenant": "7"}, {})
    one.cookies = {"tenant": "8"}
    assert dict(one.cookies) == {"tenant": "8"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"proxy": "http://127.0.0.1:3128"},
        {"verify": False, "limits": httpx.Limits(max_connections=1)},
        {"mounts": {"all://other.test": None}, "trust_env": False, "headers": {"X-Own": "1"}, "timeout": Timeout(3)},
    ],
    ids=lambda each: "-".join(each),
)
@pytest.mark.parametrize("kind", [DefaultHttpxClient, DefaultAsyncHttpxClient])
def test_takes_what_httpx_takes(
    kind: type[DefaultHttpxClient | DefaultAsyncHttpxClient], arguments: dict[str, Any]
) -> None:
    """They are httpx clients, and take their arguments."""
    client = kind(**arguments)
    assert isinstance(client, httpx.Client | httpx.AsyncClient)
    assert client.timeout == arguments.get("timeout", httpx.Timeout(5))
    assert client.headers.get("x-own") == arguments.get("headers", {}).get("X-Own")
    with pytest.raises(TypeError):
        kind(nonsense=True)  # type: ignore[call-arg]


def test_proxy_is_used() -> None:
    """A proxy that is given is spoken to in the place of the server."""
    with ScriptedServer((reply(200, b'{"data": {"callId": "call-123"}}'),)) as proxy:
        with DefaultHttpxClient(proxy=proxy.url) as http_client:
            client = Roark(bearer_token=TOKEN, base_url="http://localhost:1", http_client=http_client)
            client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
        assert proxy.received[0].line.startswith("POST http://localhost:1/v1/vapi/call ")


def test_names_are_those_of_httpx() -> None:
    """`Timeout` is httpx's, and all three are found in the package."""
    assert Timeout is httpx.Timeout
    assert {"Timeout", "DefaultHttpxClient", "DefaultAsyncHttpxClient"} <= {*roark_client.__all__}
