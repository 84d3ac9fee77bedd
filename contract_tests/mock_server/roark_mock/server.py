"""The application on a socket: in a background thread for tests, in the foreground for the command."""

import asyncio
import math
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from roark_mock.access_log import AccessLog
from roark_mock.app import HANG_UP, create_app
from roark_mock.errors import RefusalError
from roark_mock.faults import Fault, Faults
from roark_mock.ids import Ids, Seed
from roark_mock.reply import Reply
from roark_mock.uploads import KEPT, Uploads

HEAD_SECONDS = 60  # that a connection may take to begin a request, and for its head
END_SECONDS = 1  # that an answer may take to end once its connection has


def serve(
    host: str = "127.0.0.1",
    port: int = 4010,
    token: str = "test-token",
    announce: Callable[[str], None] = print,
    *,
    seed: Seed = None,
    log: Callable[[str], None] | None = None,
) -> None:
    """Run the mock until SIGINT or SIGTERM, which is then raised once more for its former handler.

    `announce` is given the URL once the server takes connections; port 0 picks a free port. With a `seed` the ids
    are the same in every run. `log` is given a line for each request.
    Raises OSError if `host` and `port` cannot be listened on, ValueError if `token` is not made of visible ASCII.
    """
    app: ASGIApp = create_app(token, uploads=Uploads(kept=0), new_id=Ids(seed))  # nobody can ask for them
    if log is not None:
        app = AccessLog(app, log, token)
    with _listen(host, port) as listener:
        announce(_url(listener))
        _Server(app).run(sockets=[listener])


class MockServer:
    """The mock in a background thread, from `__enter__` to `__exit__`.

    Port 0 picks a free port. Entering raises OSError if `host` and `port` cannot be listened on. Leaving hangs up on
    whoever is connected and waits for the thread to end, a fraction of a second; `uploads` stays readable and holds
    the last `kept`. With a `seed` the ids of replies are the same in every run.

    `fail_next` and its like say what the server is to do wrong. Each is about the next request to an operation, good
    or bad, that no earlier one is about, or about the next `times` of them. What they are told may be said before or
    while the server runs, from any thread.
    """

    def __init__(
        self,
        token: str = "test-token",
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        seed: Seed = None,
        kept: int = KEPT,
    ) -> None:
        self.token = token
        self.uploads = Uploads(kept)
        """What the server accepted."""
        self.url = ""
        """Where the server is, such as `http://127.0.0.1:49152`; known once entered."""
        self._address = (host, port)
        self._thread: threading.Thread | None = None
        self._new_id = Ids(seed)
        self._faults = Faults()
        self._app: ASGIApp = create_app(token, uploads=self.uploads, new_id=self._new_id, faults=self._faults)

    def fail_next(self, status: int = 503, times: int = 1, retry_after: float | None = None) -> None:
        """Reply with an error of `status`, 300 to 599, and record nothing.

        `retry_after` is the number of seconds in the header of that name, which is left out otherwise.
        """
        if not 300 <= status <= 599:
            raise ValueError(f"expected a status from 300 to 599, got {status}")
        headers = [] if retry_after is None else [(b"retry-after", _decimal(retry_after).encode())]
        refusal = RefusalError(status, "requested_failure", f"The test asked for the status {status}.", headers=headers)
        self._faults.add(Fault(reply=refusal.reply()), times)

    def delay_next(self, seconds: float, times: int = 1) -> None:
        """Reply as usual, but `seconds` later than usual. What is accepted is recorded at once."""
        self._faults.add(Fault(delay=_seconds(seconds)), times)

    def drop_next(self, *, recorded: bool, times: int = 1) -> None:
        """Reset the connection instead of a reply, once the request is there and, if it is good, `recorded` or not."""
        self._faults.add(Fault(drop=True, recorded=recorded), times)

    def drip_next(self, seconds: float = 1.0, times: int = 1) -> None:
        """Reply as usual, but with the body byte by byte over `seconds`. What is accepted is recorded at once."""
        self._faults.add(Fault(drip=_seconds(seconds)), times)

    def reply_next(self, json: Any, status: int = 200, times: int = 1, media_type: str = "application/json") -> None:
        """Reply with the JSON value `json`, or with these bytes where they are bytes, as of this media type.

        A success takes the place of the usual reply to what is accepted, and what is not is refused as usual. Another
        status is replied whatever comes, and nothing is recorded.
        """
        if not 200 <= status <= 599:
            raise ValueError(f"expected a status from 200 to 599, got {status}")
        if not (media_type.isascii() and media_type.isprintable()):
            raise ValueError(f"expected a media type that a header can carry, got {media_type!r}")
        self._faults.add(Fault(reply=Reply(status, json, media_type=media_type)), times)

    def reset(self, seed: Seed = None) -> None:
        """Be as new: hang up on whoever is connected, forget uploads and faults, begin the ids with `seed`."""
        self._faults.clear()
        if self._thread is not None and self._thread.is_alive():
            self._server.hang_up()
        self.uploads.clear()
        self._new_id.begin(seed)

    def __enter__(self) -> Self:
        if self._thread is not None:
            raise RuntimeError("this mock server runs already; make another one")
        listener = _listen(*self._address)
        self.url = _url(listener)
        self._server = _Server(self._app)
        self._thread = threading.Thread(
            target=self._server.run_in_thread, args=(listener,), name="roark_mock", daemon=True
        )
        self._thread.start()
        self._server.settled.wait()
        if not self._server.started:
            self._end()
            raise RuntimeError("the mock server did not start; the log says why")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            self._server.stop()
            thread.join()


def _seconds(number: float) -> float:
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"expected a number of seconds from 0, got {number}")
    return number


def _decimal(seconds: float) -> str:
    return f"{_seconds(seconds):.3f}".rstrip("0").rstrip(".")


def _listen(host: str, port: int) -> socket.socket:
    if not _is_encodable(host):
        raise socket.gaierror(socket.EAI_NONAME, "not a host name")
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    # asyncio does it only for sockets made with an explicit protocol; without it a reply waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _is_encodable(host: str) -> bool:
    # Sockets raise a TypeError for what cannot be encoded, and take no name for every address of this machine.
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Protocol(H11Protocol):
    """HTTP/1.1 that refuses a malformed request in the shape of every other error, and can hang up."""

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self._inner = self.app
        self.app = self._with_extension
        self._overdue: asyncio.TimerHandle | None = None
        self._lost = self.loop.create_future()

    async def _with_extension(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {HANG_UP: self._hang_up}
        await self._inner(scope, receive, send)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._have_head()
        if not self._lost.done():
            self._lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self._is_idle():
            self._await_head()
        super().data_received(data)
        if not self._is_idle():
            self._have_head()

    def send_400_response(self, msg: str) -> None:
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            refusal = RefusalError(
                400, "malformed_http", f"Expected an HTTP/1.1 request, got a malformed one: {msg}", hang_up=True
            )
            reply = refusal.reply()
            for event in (
                h11.Response(status_code=reply.status, headers=reply.headers),
                h11.Data(data=reply.body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    async def _hang_up(self) -> None:
        """Reset the connection: the client is told nothing but that."""
        connection: socket.socket = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
        await self._lost

    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _await_head(self) -> None:
        if self._overdue is None:
            self._overdue = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _have_head(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


class _Server(uvicorn.Server):
    """uvicorn that tells when it has started, and hangs up at once when told to stop."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                # Longer than clients keep an idle connection: whoever hangs up first should be the client.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=END_SECONDS,
            )
        )
        self.settled = threading.Event()
        """Set once the server has started, or never will."""

    def run_in_thread(self, listener: socket.socket) -> None:
        with listener:
            try:
                self.run(sockets=[listener])
            finally:
                self.settled.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        await super().startup(sockets)
        self.settled.set()

    async def main_loop(self) -> None:
        # As uvicorn's own, which looks ten times a second whether to stop, but ended at once by stop().
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % 864_000
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in sockets or ():
            with suppress(OSError):  # what a fork has inherited does not listen on either
                listener.shutdown(socket.SHUT_RDWR)
        for server in self.servers:
            server.close()
        # A reply that is still awaited is not awaited any longer: its client sees the connection end. uvicorn would
        # wait for a tenth of a second at least, for what has ended here.
        await self._hang_up()
        for late in self.server_state.tasks:
            late.cancel()

    def stop(self) -> None:
        """End the server, from another thread."""
        self.should_exit = True
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._woken.set)

    def hang_up(self) -> None:
        """End every connection begun so far, from another thread; return when nothing is answered on them any more."""
        asyncio.run_coroutine_threadsafe(self._accept_and_hang_up(), self._loop).result()

    async def _accept_and_hang_up(self) -> None:
        # Connections are accepted in their order: when one of our own is, so are all that were begun before.
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                _, own = await asyncio.open_connection(*self.servers[0].sockets[0].getsockname()[:2])
                name = own.get_extra_info("sockname")[:2]
                while all(each.client != name for each in self.server_state.connections):
                    await asyncio.sleep(0)
                own.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        while self.server_state.connections:
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=END_SECONDS)
