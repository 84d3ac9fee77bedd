"""What a signal handler raises passes through a call as it is."""

import functools
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.metadata import version
from types import FrameType
from typing import Any

import httpx
import pytest
from httpcore._synchronization import ThreadLock
from packaging.version import Version
from roark_client import APIConnectionError, APIError, Delivery, Roark, RoarkError, delivery_of
from roark_client.attempt import Attempt

from contract_tests.client.passing.signals import handled, plain, strike, strike_the_waiting
from contract_tests.client.passing.uploads import (
    ACCEPTED,
    DELIVERED,
    NOT_DELIVERED,
    PATIENCE,
    TOKEN,
    UNKNOWN,
    SoftTimeLimitExceeded,
    send,
    told,
    under_asyncio,
    upload,
)
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import End, Received, Script, ScriptedServer, head, reply

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")


class Limit:
    """Handlers that are methods and objects."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def strike(self, _: int, __: FrameType | None) -> None:
        """Handle a signal."""
        raise self._error

    def __call__(self, _: int, __: FrameType | None) -> None:
        """Handle a signal."""
        raise self._error


def that_forgets(error: BaseException) -> Callable[..., None]:
    """A function that forgets what it was given."""

    def handler(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        raise error

    return handler


def through_another(error: BaseException) -> Callable[..., None]:
    """A function that takes whatever it is given, and calls another."""

    def handler(*_: object) -> None:
        plain(error)(0, None)

    return handler


def partial(error: BaseException) -> Callable[[int, FrameType | None], None]:
    """A function with an argument of its own."""

    def handler(raised: BaseException, _: int, __: FrameType | None) -> None:
        raise raised

    return functools.partial(handler, error)


HANDLERS: list[Callable[[BaseException], Callable[[int, FrameType | None], Any]]] = [
    plain,
    that_forgets,
    through_another,
    partial,
    Limit,
    lambda error: Limit(error).strike,
]

# Some are what httpx takes for the network's, and others what is caught where a reply is read.
ERRORS = [SoftTimeLimitExceeded, TimeoutError, OSError, ConnectionResetError, ValueError, KeyError, RecursionError]


def announced(status: int, media_type: str) -> bytes:
    """The head of an answer whose body does not come."""
    return head(status, f"Content-Type: {media_type}", "Content-Length: 99")


# What a server has answered when the signal strikes, and what became of the upload then.
STAGES: dict[str, tuple[bytes, Delivery]] = {
    "nothing": (b"", UNKNOWN),
    "a success": (announced(200, "application/json"), DELIVERED),
    "a page": (announced(200, "text/html"), UNKNOWN),
    "a refusal": (announced(400, "application/json"), NOT_DELIVERED),
}


@pytest.fixture
def struck_after_head(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Script]:
    """Makes a script whose signal strikes once the client has the head, if there is one."""
    known = threading.Event()
    take_in = Attempt.take_head

    def head_taken_in(attempt: Attempt, response: httpx.Response) -> bool:
        try:
            return take_in(attempt, response)
        finally:
            known.set()

    monkeypatch.setattr(Attempt, "take_head", head_taken_in)

    def wait_and_strike(received: Received) -> bytes:
        known.wait(PATIENCE)
        return strike_the_waiting(received)

    return lambda answered: (answered, wait_and_strike if answered else strike_the_waiting, End.SILENCE)


@pytest.mark.parametrize("call", [upload, under_asyncio])
@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("stage", STAGES)
def test_exception_of_a_handler_passes(
    kind: type[Exception], stage: str, call: Callable[..., Any], struck_after_head: Callable[[bytes], Script]
) -> None:
    """The very exception that a signal handler raises ends the call, whatever httpx would make of it."""
    answered, delivery = STAGES[stage]
    error = kind("soft limit")
    with ScriptedServer(struck_after_head(answered)) as server, handled(plain(error)), pytest.raises(kind) as raised:
        call(server.url, retry_unknown=True)
    if call is upload:
        assert raised.value is error
        assert told(error, delivery)
    assert not isinstance(raised.value, RoarkError)
    assert (len(server.received), server.lost_patience) == (1, False)


@pytest.mark.parametrize("make", HANDLERS)
def test_whatever_the_handler_is(make: Callable[[BaseException], Callable[[int, FrameType | None], Any]]) -> None:
    """A handler may be a function, a method, an object, or call another."""
    error = TimeoutError("soft limit")
    with (
        ScriptedServer((strike_the_waiting, End.SILENCE)) as server,
        handled(make(error)),
        pytest.raises(TimeoutError) as raised,
    ):
        upload(server.url)
    assert raised.value is error
    assert told(error, UNKNOWN)


def test_handler_that_is_set_no_more() -> None:
    """A handler that has been taken off before it raises is known by what it was given."""
    error = SoftTimeLimitExceeded()

    def handler(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise error

    with (
        ScriptedServer((strike_the_waiting, End.SILENCE)) as server,
        handled(handler),
        pytest.raises(SoftTimeLimitExceeded),
    ):
        upload(server.url)
    assert told(error, UNKNOWN)


@pytest.mark.parametrize("place", ["httpx.create_ssl_context", "roark_client.pool.DefaultHttpxClient.__init__"])
def test_handler_while_the_first_client_is_made(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What strikes while certificates are read is no broken environment."""
    error = TimeoutError("soft limit")
    monkeypatch.setattr(place, lambda *_, **__: strike())
    with handled(plain(error)), pytest.raises(TimeoutError) as raised:
        upload("http://127.0.0.1:1")
    assert raised.value is error
    assert told(error, NOT_DELIVERED)


def test_handler_that_uploads_itself() -> None:
    """An error of ours that a handler raises is about its own upload: the one that it has ended is UNKNOWN."""

    def handler(_: int, __: FrameType | None) -> None:
        upload("http://127.0.0.1:1", max_retries=0)

    with (
        ScriptedServer((strike_the_waiting, End.SILENCE)) as server,
        handled(handler),
        pytest.raises(APIConnectionError) as raised,
    ):
        upload(server.url)
    assert (raised.value.delivery, raised.value.is_permanent) == (UNKNOWN, False)
    assert len(server.received) == 1


def test_client_goes_on_after_what_struck_within_httpx(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock of httpcore's that an exception has left held keeps no later call waiting."""
    enter = ThreadLock.__enter__
    blows = [strike]

    def struck_once_held(lock: ThreadLock) -> ThreadLock:
        held = enter(lock)
        if blows:
            blows.pop()()
        return held

    with (
        ScriptedServer((reply(200, ACCEPTED),)) as server,
        handled(plain(SoftTimeLimitExceeded())),
        Roark(bearer_token=TOKEN, base_url=server.url, timeout=PATIENCE) as client,
    ):
        monkeypatch.setattr(ThreadLock, "__enter__", struck_once_held)
        with pytest.raises(SoftTimeLimitExceeded):
            send(client)
        assert send(client).data.call_id == "call-123"


def test_handler_under_an_event_loop() -> None:
    """What a handler raises in the event loop itself, which then cancels the call, tells too."""
    error = SoftTimeLimitExceeded()
    script = (strike_the_waiting, End.SILENCE)
    with ScriptedServer(script) as server, handled(plain(error)), pytest.raises(SoftTimeLimitExceeded):
        under_asyncio(server.url)
    assert delivery_of(error) is UNKNOWN
    assert not server.lost_patience


def test_handler_while_an_event_loop_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What strikes while asyncio writes to a connection passes too, where anyio keeps it: before 4.13 it does not."""
    passes = Version(version("anyio")) >= Version("4.13")
    error = SoftTimeLimitExceeded()

    def struck(connection: socket.socket, content: bytes) -> int:
        monkeypatch.undo()
        strike()
        return connection.send(content)

    monkeypatch.setattr(socket.socket, "send", struck)
    with (
        ScriptedServer((End.SILENCE,)) as server,
        handled(plain(error)),
        pytest.raises(SoftTimeLimitExceeded if passes else APIConnectionError) as raised,
    ):
        under_asyncio(server.url)
    assert delivery_of(raised.value) is UNKNOWN


def test_handler_between_two_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What strikes while a client waits for its next attempt tells of the attempts before."""
    monkeypatch.setattr("roark_client.exchange.time.sleep", lambda _: strike())
    for status, options, delivery in ((429, {}, NOT_DELIVERED), (500, {"retry_unknown": True}, UNKNOWN)):
        error = SoftTimeLimitExceeded()
        with ScriptedServer((reply(status),)) as server, handled(plain(error)), pytest.raises(SoftTimeLimitExceeded):
            upload(server.url, **options)
        assert told(error, delivery)
        assert len(server.received) == 1


def test_handler_while_drift_is_told() -> None:
    """What strikes in a listener of the caller's passes too: the upload was accepted."""
    error = SoftTimeLimitExceeded()
    with (
        ScriptedServer((reply(200, b'{"data": {"callId": "c"}, "new": 1}'),)) as server,
        handled(plain(error)),
        pytest.raises(SoftTimeLimitExceeded),
    ):
        upload(server.url, on_drift=lambda _: strike())
    assert told(error, DELIVERED)


def test_handler_while_a_listener_handles_it() -> None:
    """What strikes in a listener passes also where that makes another error of it."""
    error = TimeoutError("soft limit")

    def listen(_: object) -> None:
        try:
            strike()
            signal.pause()
        except TimeoutError as struck:
            raise RuntimeError("of the listener") from struck

    with (
        ScriptedServer((reply(200, b'{"data": {"callId": "c"}, "new": 1}'),)) as server,
        handled(plain(error)),
        pytest.raises(TimeoutError) as raised,
    ):
        upload(server.url, on_drift=listen)
    assert raised.value is error
    assert delivery_of(error) is DELIVERED


class Struck(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose closing the signal strikes."""

    def __iter__(self) -> Iterator[bytes]:
        yield ACCEPTED

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield ACCEPTED

    def close(self) -> None:
        """Be struck."""
        strike()

    async def aclose(self) -> None:
        """Be struck."""
        strike()


@pytest.mark.parametrize("call", [upload, under_asyncio])
def test_handler_while_a_whole_reply_is_closed(call: Callable[..., Any]) -> None:
    """What strikes after a whole reply passes too: the upload was accepted."""
    error = SoftTimeLimitExceeded()
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Struck()))
    kind = httpx.Client if call is upload else httpx.AsyncClient
    with handled(plain(error)), pytest.raises(SoftTimeLimitExceeded):
        call("https://api.test", http_client=kind(transport=transport))
    assert told(error, DELIVERED)


def test_handler_before_anything_is_sent() -> None:
    """What strikes while a request is made tells that nothing was delivered."""
    error = SoftTimeLimitExceeded()

    class Headers(dict[str, str]):
        def items(self) -> Any:
            strike()
            return super().items()

    with (
        ScriptedServer((reply(200, ACCEPTED),)) as server,
        handled(plain(error)),
        Roark(bearer_token=TOKEN, base_url=server.url) as client,
        pytest.raises(SoftTimeLimitExceeded),
    ):
        client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload=REPORT, extra_headers=Headers({"X-A": "1"})
        )
    assert told(error, NOT_DELIVERED)
    assert not server.received


def test_former_exception_of_a_handler_does_not_come_back() -> None:
    """A call that fails by itself while the caller handles a handler's exception fails as ever."""
    with handled(plain(SoftTimeLimitExceeded())):
        try:
            strike()
            signal.pause()
        except SoftTimeLimitExceeded:
            with pytest.raises(APIConnectionError):
                upload("http://127.0.0.1:1", max_retries=0)


@pytest.mark.parametrize("error", [TimeoutError("of a hook"), ValueError("of a hook"), SoftTimeLimitExceeded()])
def test_exception_of_a_hook_is_none_of_a_handler(error: Exception) -> None:
    """What a caller's hook raises stays an error of ours, UNKNOWN."""

    def hook(_: httpx.Response) -> None:
        raise error

    with (
        ScriptedServer((reply(200, ACCEPTED),)) as server,
        httpx.Client(event_hooks={"response": [hook]}) as http_client,
        pytest.raises(APIError) as raised,
    ):
        upload(server.url, http_client=http_client)
    assert raised.value.delivery is UNKNOWN
    assert raised.value.__cause__ is error


def test_hook_that_looks_at_its_caller_is_no_handler() -> None:
    """A hook that holds the frame of its caller is none either, nor a listener that does."""

    def look(_: object) -> None:
        caller = sys._getframe(1)
        raise ValueError(f"of a hook, called by {caller.f_code.co_name}")

    with (
        ScriptedServer((reply(200, b'{"data": {"callId": "call-123"}, "new": 1}'),)) as server,
        httpx.Client(event_hooks={"request": [look]}) as http_client,
    ):
        with pytest.raises(APIError):
            upload(server.url, http_client=http_client)
        assert upload(server.url, on_drift=look).data.call_id == "call-123"
