"""An error names the server, the proxy, where a redirect leads, and the request."""

import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from roark_client import APIError

from contract_tests.client.errors.uploads import NOWHERE, in_both_halves, upload
from contract_tests.client.scripted_server import ScriptedServer, reply


@in_both_halves
def test_server_is_named(call: Callable[..., Any]) -> None:
    """An error names scheme, host and port, also those that go without saying."""
    for url, named in (
        (NOWHERE, "http://127.0.0.1:1"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("https://nonexistent.invalid", "https://nonexistent.invalid:443"),
    ):
        with pytest.raises(APIError) as raised:
            call(base_url=url)
        assert str(raised.value).startswith(f"POST /v1/vapi/call to {named}: ")


@in_both_halves
def test_proxy_is_named(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An error names the proxy, without its password; not where NO_PROXY leaves it out."""
    monkeypatch.setenv("ALL_PROXY", "http://user:secret@127.0.0.1:2")
    with pytest.raises(APIError) as raised:
        call(base_url="https://api.test")
    through = "POST /v1/vapi/call to https://api.test:443 through the proxy http://127.0.0.1:2: "
    assert str(raised.value).startswith(through)
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(APIError) as raised:
        call()
    assert "proxy" not in str(raised.value)


def test_proxy_of_a_callers_client_is_named() -> None:
    """So is the proxy of a caller's own httpx client, without its password."""
    with httpx.Client(proxy="http://me:secret@127.0.0.1:2") as http_client, pytest.raises(APIError) as raised:
        upload(base_url="https://api.test", http_client=http_client)
    told = "POST /v1/vapi/call to https://api.test:443 through the proxy http://127.0.0.1:2: "
    assert str(raised.value).startswith(told)


@in_both_halves
def test_redirect_and_request_are_named(call: Callable[..., Any]) -> None:
    """An error says where a redirect leads, and how the server names the request."""
    redirect = reply(308, b"", "Location: https://api.test/v1", "X-Request-ID: req_1")
    with ScriptedServer((redirect,)) as server, pytest.raises(APIError) as raised:
        call(base_url=server.url)
    assert "308 Permanent Redirect to https://api.test/v1 " in str(raised.value)
    assert "(1 attempt, request req_1; " in str(raised.value)
    assert raised.value.request_id == "req_1"
    assert pickle.loads(pickle.dumps(raised.value)).request_id == "req_1"  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ((), None),
        (("Request-Id: a",), "a"),
        (("X-Correlation-ID: a",), "a"),
        (("x-amzn-RequestId: a",), "a"),
        (("CF-RAY: edge", "X-Request-Id: server"), "server"),
        (("CF-RAY: edge",), "edge"),
        (("X-Request-Id:", "CF-RAY: edge"), "edge"),
    ],
)
def test_request_id(headers: tuple[str, ...], named: str | None) -> None:
    """The name of a request comes from the usual headers, a server's before a gateway's."""
    with ScriptedServer((reply(400, b"", *headers),)) as server, pytest.raises(APIError) as raised:
        upload(base_url=server.url)
    assert raised.value.request_id == named
