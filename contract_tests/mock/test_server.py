"""`MockServer` starts, stops, and leaves nothing behind."""

import asyncio
import errno
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from roark_client import RoarkError
from roark_mock import FaultLeftWarning, MockServer, RoarkMock

from contract_tests.client.samples import UPLOAD
from contract_tests.mock.documented import DOCUMENTED, VAPI_CALL
from contract_tests.mock.exchanges import is_listening, unanswered


def test_a_mock_server_leaves_nothing_behind() -> None:
    """A server listens from enter to exit, and leaves neither a thread nor an open port."""
    before = threading.active_count()
    with MockServer(token="another") as server:
        assert server.token == "another"
        assert is_listening(server.url)
        assert threading.active_count() == before + 1
    assert not is_listening(server.url)
    assert threading.active_count() == before


def test_a_mock_server_can_be_left_twice_and_entered_again() -> None:
    """Leaving what was left does nothing; entering what runs already is refused; reset needs no running server."""
    server = MockServer()
    server.reset()
    for _ in range(2):
        with server:
            assert is_listening(server.url)
            with pytest.raises(RuntimeError, match="runs already"):
                server.__enter__()
        server.__exit__(None, None, None)
        assert not is_listening(server.url)


def test_mock_servers_run_side_by_side() -> None:
    """Every server has its own port, token and uploads."""
    with MockServer(token="first") as first, MockServer(token="second") as second:
        for server, status in ((first, 200), (second, 401)):
            headers = {"Authorization": "Bearer first"}
            response = httpx.post(server.url + VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
            assert response.status_code == status
        assert (len(first.uploads), len(second.uploads)) == (1, 0)


def test_a_taken_port_is_an_error_at_once() -> None:
    """Entering a server on a port that is in use raises OSError, and the port can be used again once it is free."""
    with MockServer() as first:
        port = urlsplit(first.url).port or 0
        before = threading.active_count()
        with pytest.raises(OSError, match=str(port)) as raised, MockServer(port=port):
            pass
        assert raised.value.errno == errno.EADDRINUSE
        assert threading.active_count() == before
    with MockServer(port=port) as second:
        assert second.url == first.url


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that fails to start raises instead of letting its user wait."""

    async def fail(*_: object) -> None:
        raise SystemExit(3)

    monkeypatch.setattr("uvicorn.Server.startup", fail)
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="did not start"), MockServer():
        pass
    assert threading.active_count() == before


def test_replies_are_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small packets go out at once: else each reply waits for the client's delayed acknowledgement, 40 ms on Linux."""
    listeners = []

    def spy(*arguments: Any, **options: Any) -> socket.socket:
        listeners.append(create_server(*arguments, **options))
        return listeners[-1]

    create_server = socket.create_server
    monkeypatch.setattr("socket.create_server", spy)
    with MockServer():
        assert listeners[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_server_on_ipv6_has_a_url_to_use() -> None:
    """An IPv6 address is bracketed in the URL."""
    try:
        with MockServer(host="::1") as server:
            assert server.url.startswith("http://[::1]:")
            assert httpx.get(server.url, trust_env=False).status_code == 200
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")


def test_leaving_hangs_up_on_a_delayed_reply() -> None:
    """A server that is left does not wait for the replies it owes: their clients see the connection end."""
    with MockServer() as server:
        connections = unanswered(server.url)
        waiting = connections.__enter__()
    assert waiting.recv(1024) == b""
    connections.__exit__(None, None, None)


# --- Without pytest -----------------------------------------------------------------------------------


def test_a_server_hands_out_clients_that_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without pytest has what the fixture has: faults, and clients that are ready whatever proxy is set."""
    assert RoarkMock is MockServer
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with MockServer(token="another") as server:
        server.fail_next(429, retry_after=0)
        server.client.call_analysis.create(**UPLOAD)
        asyncio.run(server.async_client.call_analysis.create(**UPLOAD))
        assert server.client is server.client
        assert len(server.uploads) == 2


def test_a_server_closes_its_client() -> None:
    """A client that was handed out is closed by `reset` and by the end of its server, with its connections."""
    with MockServer() as server:
        first = server.client
        server.reset()
        second = server.client
        second.call_analysis.create(**UPLOAD)
    for closed in (first, second):
        with pytest.raises(RoarkError, match="closed"):
            closed.call_analysis.create(**UPLOAD)


@pytest.mark.parametrize("kind", ["client", "async_client"])
def test_a_server_that_does_not_run_has_no_client(kind: str) -> None:
    """Before a server is entered and after it is left a client would reach nobody, or somebody else: it is refused."""
    server = MockServer()
    with pytest.raises(RuntimeError, match="expected a mock server that runs"):
        getattr(server, kind)
    with server:
        pass
    with pytest.raises(RuntimeError, match="expected a mock server that runs"):
        getattr(server, kind)


def test_leaving_tells_of_a_fault_that_is_left() -> None:
    """A fault that no request met is told when its server is left, but not where an exception says more."""
    left = r"^fail_next\(503\): 2 of 2 requests never came\."
    with pytest.warns(FaultLeftWarning, match=left) as told, MockServer() as server:
        server.fail_next(times=2)
    assert told[0].filename == __file__
    with pytest.raises(LookupError), MockServer() as server:
        server.fail_next()
        raise LookupError
    with MockServer() as server:
        server.fail_next()
        server.reset()
