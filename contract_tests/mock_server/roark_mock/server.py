"""The application on a socket: in the foreground for the command, or in a thread of somebody who ends it."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from roark_mock.access_log import AccessLog
from roark_mock.app import HANG_UP, create_app
from roark_mock.errors import RefusalError
from roark_mock.ids import Ids, Seed
from roark_mock.uploads import Uploads

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
    with listen(host, port) as listener:
        announce(url_of(listener))
        Server(app).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 picks a free port. Raises OSError where that cannot be."""
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


def url_of(listener: socket.socket) -> str:
    """Where a server is that takes its connections from `listener`."""
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


class Server(uvicorn.Server):
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
        """Serve until `stop`, and close `listener`."""
        with listener:
            try:
                self.run(sockets=[listener])
            finally:
                self.settled.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        await super().startup(sockets)
        self.settled.set()

    async def main_loop(self) -> None:
        """As uvicorn's own, which looks ten times a second whether to stop, but ended at once by `stop`."""
        tick = 0
        while not await self.on_tick(tick):
            tick = (tick + 1) % 864_000
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, and hang up on whoever is connected."""
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
