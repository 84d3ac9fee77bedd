"""What is none of the client's passes through a call as it is, and tells what became of the upload."""

import asyncio
import contextlib
import functools
import gc
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

import anyio
import httpx
import pytest
import trio
from httpcore._synchronization import ThreadLock
from packaging.version import Version
from roark_client import APIConnectionError, APIError, AsyncRoark, Delivery, Roark, RoarkError, delivery_of
from roark_client.exchange import Attempt
from roark_mock import MockServer

from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import End, Received, Script, ScriptedServer, head, reply

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")

TOKEN = "test-token"
PATIENCE = 30.0
ACCEPTED = b'{"data": {"callId": "call-123"}}'
NOT_DELIVERED, UNKNOWN, DELIVERED = Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED
STRUCK = signal.SIGUSR1

ADVICE = {
    NOT_DELIVERED: "nothing was accepted, so sending it again cannot double it",
    UNKNOWN: "it may have been accepted, so look before sending it again",
    DELIVERED: "it was accepted, so do not send it again",
}


class SoftTimeLimitExceeded(Exception):  # noqa: N818 - that is its name in Celery
    """As task queues have it."""


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


def plain(error: BaseException) -> Callable[[int, FrameType | None], None]:
    """A function."""

    def handler(_: int, __: FrameType | None) -> None:
        raise error

    return handler


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


@contextlib.contextmanager
def handled(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """A handler of the signal meanwhile."""
    before = signal.signal(STRUCK, handler)
    try:
        yield
    finally:
        signal.signal(STRUCK, before)


def strike() -> None:
    """Have the signal strike the main thread, in which the client is."""
    signal.pthread_kill(threading.main_thread().ident or 0, STRUCK)


def is_waiting(frame: FrameType) -> bool:
    """Whether what runs in a frame waits for a server: httpcore does, or an event loop that has nothing else to do."""
    if frame.f_globals["__name__"] == "selectors":
        return frame.f_locals.get("timeout") != 0
    return frame.f_globals["__name__"] == "httpcore._backends.sync" and frame.f_code.co_name == "read"


def strike_the_waiting(_: Received) -> bytes:
    """A step of a server: the signal strikes once the client waits, and a byte follows."""
    while not is_waiting(sys._current_frames()[threading.main_thread().ident or 0]):
        time.sleep(0.001)
    strike()
    return b"H"  # of a head or a body: a signal that meets the beginning of a wait is handled only once something comes


def send(client: Roark) -> Any:
    """An upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def upload(url: str, **options: Any) -> Any:
    """An upload by a client of its own."""
    with Roark(**{"bearer_token": TOKEN, "base_url": url, "timeout": PATIENCE, **options}) as client:
        return send(client)


async def async_upload(url: str, **options: Any) -> Any:
    """The same for asyncio and trio."""
    async with AsyncRoark(**{"bearer_token": TOKEN, "base_url": url, "timeout": PATIENCE, **options}) as client:
        return await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def under_asyncio(url: str, **options: Any) -> Any:
    """Under asyncio."""
    return asyncio.run(async_upload(url, **options))


def told(error: BaseException, delivery: Delivery) -> bool:
    """Whether an exception says, in a note and when it is asked, what became of the upload."""
    note = f"roark_client: POST /v1/vapi/call was broken off; {ADVICE[delivery]}"
    return delivery_of(error) is delivery and getattr(error, "__notes__", []) == [note]


# --- signal handlers ------------------------------------------------------------------------------------------------


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
    take_in = Attempt.head

    def head_taken_in(attempt: Attempt, response: httpx.Response) -> bool:
        try:
            return take_in(attempt, response)
        finally:
            known.set()

    monkeypatch.setattr(Attempt, "head", head_taken_in)

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


@pytest.mark.parametrize("place", ["httpx.create_ssl_context", "roark_client.connection._Client.__init__"])
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


class Struck(httpx.SyncByteStream):
    """A body whose closing the signal strikes."""

    def __iter__(self) -> Iterator[bytes]:
        yield ACCEPTED

    def close(self) -> None:
        """Be struck."""
        strike()


def test_handler_while_a_whole_reply_is_closed() -> None:
    """What strikes after a whole reply passes too: the upload was accepted."""
    error = SoftTimeLimitExceeded()
    headers = {"Content-Type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, stream=Struck()))
    with handled(plain(error)), httpx.Client(transport=transport) as http_client, pytest.raises(SoftTimeLimitExceeded):
        upload("https://api.test", http_client=http_client)
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


# --- cancellation and Ctrl-C ----------------------------------------------------------------------------------------


def test_interrupt_tells() -> None:
    """Ctrl-C passes, with a note."""
    with (
        ScriptedServer((strike_the_waiting, End.SILENCE)) as server,
        handled(signal.default_int_handler),
        pytest.raises(KeyboardInterrupt) as raised,
    ):
        upload(server.url)
    assert told(raised.value, UNKNOWN)


class Clock:
    """The clock of the running event loop, set forward by an hour once a server has an upload."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time

    async def hour_passes(self) -> None:
        """Wait until the upload is there."""
        await arrived(self._server)
        self._loop.time = lambda: self._time() + 3600  # type: ignore[method-assign]


async def arrived(server: ScriptedServer) -> None:
    """Wait until an upload is there."""
    while not server.received:
        await anyio.sleep(0.005)


async def within_timeout(server: ScriptedServer) -> None:
    """By asyncio.timeout, which makes a TimeoutError of the cancellation."""
    hour = asyncio.create_task(Clock(server).hour_passes())
    async with asyncio.timeout(1800):
        await async_upload(server.url, timeout=None)
    await hour


async def within_wait_for(server: ScriptedServer) -> None:
    """By asyncio.wait_for."""
    hour = asyncio.create_task(Clock(server).hour_passes())
    await asyncio.wait_for(async_upload(server.url, timeout=None), 1800)
    await hour


async def cancelled(server: ScriptedServer) -> None:
    """By cancelling its task."""
    task = asyncio.create_task(async_upload(server.url))
    await arrived(server)
    task.cancel()
    await task


async def beside_a_failure(server: ScriptedServer) -> None:
    """By a task group, another task of which fails."""

    async def uploaded() -> None:
        try:
            await async_upload(server.url)
        except asyncio.CancelledError as error:
            raise RuntimeError("cancelled") from error

    async def failing() -> None:
        await arrived(server)
        raise RuntimeError("another task")

    async with asyncio.TaskGroup() as group:
        group.create_task(uploaded())
        group.create_task(failing())


@pytest.mark.parametrize("main", [within_timeout, within_wait_for, cancelled, beside_a_failure])
def test_cancellation_tells(main: Callable[[ScriptedServer], Any]) -> None:
    """However asyncio cancels a call, what comes of it leads to what became of the upload."""
    with ScriptedServer((End.SILENCE,)) as server, pytest.raises(BaseException) as raised:
        asyncio.run(main(server))
    assert not isinstance(raised.value, RoarkError)
    assert delivery_of(raised.value) is UNKNOWN
    assert not server.lost_patience


@pytest.mark.parametrize("run", [trio.run, anyio.run])
def test_cancelled_scope_tells(run: Callable[..., Any]) -> None:
    """A cancellation of trio's or anyio's passes, with the answer on it."""
    found: list[Delivery | None] = []

    async def uploaded(scope: anyio.CancelScope) -> None:
        with scope:
            try:
                await async_upload(server.url)
            except BaseException as error:
                found.append(delivery_of(error))
                raise

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(uploaded, scope)
            await arrived(server)
            scope.cancel()
        assert scope.cancelled_caught

    with ScriptedServer((End.SILENCE,)) as server:
        run(main)
    assert found == [UNKNOWN]


@pytest.mark.parametrize("call", [upload, under_asyncio])
def test_deadline_of_the_client_is_no_cancellation(call: Callable[..., Any]) -> None:
    """`timeout=` ends a call with an error of ours, which says all by itself."""
    with ScriptedServer((End.SILENCE,)) as server, pytest.raises(APIError) as raised:
        call(server.url, timeout=0.2)
    assert delivery_of(raised.value) is UNKNOWN
    assert not hasattr(raised.value, "__notes__")


# --- delivery_of ----------------------------------------------------------------------------------------------------


def failure(delivery: Delivery) -> APIError:
    """A failed call."""
    return APIError("failed", request=httpx.Request("POST", "https://api.test"), delivery=delivery)


def chained(
    outer: BaseException, cause: BaseException | None = None, context: BaseException | None = None
) -> BaseException:
    """An exception with what led to it."""
    outer.__context__ = context
    outer.__cause__ = cause
    return outer


FOUND: dict[str, tuple[BaseException, Delivery | None]] = {
    "nothing": (ValueError(), None),
    "nothing in a chain": (chained(ValueError(), KeyError(), OSError()), None),
    "an error of a call": (failure(UNKNOWN), UNKNOWN),
    "a plain error": (RoarkError("closed"), NOT_DELIVERED),
    "a cause": (chained(TimeoutError(), failure(UNKNOWN)), UNKNOWN),
    "a context": (chained(TimeoutError(), None, failure(DELIVERED)), DELIVERED),
    "a cause before a context": (chained(ValueError(), failure(NOT_DELIVERED), failure(DELIVERED)), NOT_DELIVERED),
    "a cause of a cause": (chained(ValueError(), chained(KeyError(), failure(UNKNOWN))), UNKNOWN),
    "its own before its cause": (chained(failure(NOT_DELIVERED), failure(DELIVERED)), NOT_DELIVERED),
    "a group": (BaseExceptionGroup("", [failure(NOT_DELIVERED), ValueError(), failure(UNKNOWN)]), UNKNOWN),
    "a group in a group": (ExceptionGroup("", [ValueError(), ExceptionGroup("", [failure(DELIVERED)])]), DELIVERED),
    "a group of nothing": (ExceptionGroup("", [ValueError()]), None),
}


@pytest.mark.parametrize("name", FOUND)
def test_delivery_of(name: str) -> None:
    """The nearest word counts: its own, then a cause's, then a context's; of a group, the gravest."""
    exception, delivery = FOUND[name]
    assert delivery_of(exception) is delivery


def test_delivery_of_a_circle() -> None:
    """Exceptions that lead to one another are no endless search."""
    one, other = ValueError(), KeyError()
    one.__context__, other.__context__ = other, None
    one.__cause__ = other
    other.__cause__ = one
    assert delivery_of(one) is None


# --- processes ------------------------------------------------------------------------------------------------------


def descriptors() -> int:
    """Files and sockets that this process holds."""
    return len(list(Path("/dev/fd").iterdir()))


def runs(client: AsyncRoark, times: int) -> None:
    """An event loop for each upload, as jobs of a queue have."""

    async def job() -> None:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    for _ in range(times):
        asyncio.run(job())


@pytest.mark.parametrize("times", [20, pytest.param(1000, marks=pytest.mark.nightly)])
def test_event_loop_for_each_job_leaves_nothing(times: int) -> None:
    """A client that is used in one event loop after another holds no more descriptors than after the first."""
    with MockServer() as mock:
        client = AsyncRoark(bearer_token=mock.token, base_url=mock.url)
        runs(client, 3)
        before = descriptors()
        gc.disable()  # so that nothing is closed by chance
        try:
            runs(client, times)
            assert descriptors() < before + times / 2  # the server, in this process, may not have closed its last ones
        finally:
            gc.enable()
        asyncio.run(client.close())
        assert len(mock.uploads) == times + 3


def test_trio_run_for_each_job_leaves_nothing() -> None:
    """The same under trio."""

    async def job() -> None:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    with MockServer() as mock:
        client = AsyncRoark(bearer_token=mock.token, base_url=mock.url)
        trio.run(job)
        before = descriptors()
        for _ in range(20):
            trio.run(job)
        assert descriptors() < before + 10
        trio.run(client.close)


async def closed(client: AsyncRoark) -> None:
    """By its method."""
    await client.close()


async def left(client: AsyncRoark) -> None:
    """By leaving its block."""
    async with client:
        pass


@pytest.mark.parametrize("close", [closed, left])
@pytest.mark.parametrize("run", [asyncio.run, lambda main: trio.run(lambda: main)], ids=["asyncio", "trio"])
def test_closing_in_another_loop(close: Callable[[AsyncRoark], Any], run: Callable[[Any], Any]) -> None:
    """A client is closed from another event loop than that of its last upload, and says so to the next call."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)
        runs(client, 1)
        run(close(client))
        with pytest.raises(RoarkError, match="closed"):
            runs(client, 1)
    assert not server.lost_patience


def test_closing_while_its_loop_runs_elsewhere() -> None:
    """Closed from another thread's loop, the connections are closed by the loop that they belong to."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)

        async def main() -> None:
            await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
            await asyncio.to_thread(lambda: asyncio.run(client.close()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        asyncio.run(main())
    assert not server.lost_patience


def test_closing_while_its_loop_pauses() -> None:
    """Closed while their loop pauses, the connections are closed as that goes on."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT))
        asyncio.run(client.close())
        for _ in range(100):
            loop.run_until_complete(asyncio.sleep(0))
        loop.close()
    assert not server.lost_patience
