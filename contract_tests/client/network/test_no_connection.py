"""Where there is no connection nothing was delivered, whatever keeps it from being made."""

import contextlib
import socket
import sys
import time
from collections.abc import Iterator

import httpx
import pytest
from roark_client import APIConnectionError, APITimeoutError

from contract_tests.client.network.replies import WHOLE
from contract_tests.client.network.ways import (
    DELIVERED,
    NOT_DELIVERED,
    SHORT,
    Caller,
    in_every_way,
    in_facade,
    refused_url,
    the_error,
)
from contract_tests.client.scripted_server import PATIENCE, End, Script, ScriptedServer, reply


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """A server that listens and never accepts, and whose queue is full."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            each = waiting.enter_context(socket.socket())
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        time.sleep(0.05)  # until they have taken their places
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@in_every_way
def test_refused_port(call: Caller) -> None:
    """Where nothing listens, nothing was delivered, and it is tried again."""
    error = the_error(call(refused_url()), NOT_DELIVERED, None)
    assert (type(error), error.attempts, error.response) == (APIConnectionError, 3, None)


@in_every_way
def test_reset_before_reading(call: Caller) -> None:
    """A connection that is reset at once is tried again only if nothing of the body went out."""
    with ScriptedServer((WHOLE,), at_connect=(End.RESET,)) as server:
        (error,) = call(server.url)
    assert type(error) is APIConnectionError
    assert error.status_code is None
    assert server.connections == error.attempts
    assert error.attempts == (3 if error.delivery is NOT_DELIVERED else error.attempts)
    assert error.delivery is not DELIVERED


@in_facade
def test_unknown_host(call: Caller) -> None:
    """A host without an address is no connection."""
    (error,) = call("https://nonexistent.invalid", max_retries=0, timeout=PATIENCE)
    assert isinstance(error, APIConnectionError)
    assert error.delivery is NOT_DELIVERED


@in_facade
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
def test_full_backlog(call: Caller) -> None:
    """A server that never accepts the connection is a connect timeout."""
    with full_backlog() as url:
        error = the_error(call(url, timeout=httpx.Timeout(None, connect=0.1), max_retries=1), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APITimeoutError, 2)


@in_every_way
@pytest.mark.parametrize(
    "at_connect",
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", End.CLOSE), (b"\xff" * 5000, End.CLOSE)],
    ids=["plain", "noise"],
)
def test_no_tls(call: Caller, at_connect: Script) -> None:
    """https:// to what speaks no TLS is no connection."""
    with ScriptedServer((WHOLE,), at_connect=at_connect) as server:
        error = the_error(call(server.url.replace("http", "https")), NOT_DELIVERED, None)
    assert (type(error), error.attempts, server.connections) == (APIConnectionError, 3, 3)


@in_facade
def test_tls_silence(call: Caller) -> None:
    """A TLS handshake that is never answered is a connect timeout."""
    with ScriptedServer((WHOLE,), at_connect=(End.SILENCE,)) as server:
        url = server.url.replace("http", "https")
        error = the_error(call(url, timeout=SHORT / 5), NOT_DELIVERED, None)
    assert type(error) is APITimeoutError
    assert not server.lost_patience


@in_facade
def test_dead_proxy(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is not there is no connection."""
    monkeypatch.setenv("ALL_PROXY", refused_url())
    error = the_error(call("https://api.example.com"), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APIConnectionError, 3)


@in_facade
@pytest.mark.parametrize(
    "script",
    [
        (reply(407),),
        (reply(502, b"<html>"),),
        (b"garbage\r\n\r\n", End.CLOSE),
        (End.RESET,),
        (reply(302, b"", "Location: /"),),
    ],
)
def test_unwilling_proxy(call: Caller, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not let us through is no connection, and never sees the token."""
    with ScriptedServer(script) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        error = the_error(call("https://api.example.com"), NOT_DELIVERED, None)
    assert (type(error), error.attempts) == (APIConnectionError, 3)
    assert [each.line for each in proxy.received] == ["CONNECT api.example.com:443 HTTP/1.1"] * 3
    assert not any("authorization" in each.headers for each in proxy.received)
