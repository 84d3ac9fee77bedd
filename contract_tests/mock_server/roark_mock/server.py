"""The application on a socket: in a background thread for tests, in the foreground for the command."""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from roark_mock.app import create_app
from roark_mock.errors import RefusalError
from roark_mock.uploads import Uploads


def serve(
    host: str = "127.0.0.1",
    port: int = 4010,
    token: str = "test-token",
    announce: Callable[[str], None] = print,
) -> None:
    """Run the mock until SIGINT or SIGTERM, which is then raised once more for its former handler.

    `announce` is given the URL once the server takes connections; port 0 picks a free port.
    Raises OSError if `host` and `port` cannot be listened on, ValueError if `token` is not made of visible ASCII.
    """
    app = create_app(token)
    with _listen(host, port) as listener:
        announce(_url(listener))
        _Server(app).run(sockets=[listener])


class MockServer:
    """The mock in a background thread, from `__enter__` to `__exit__`.

    Port 0 picks a free port. Entering raises OSError if `host` and `port` cannot be listened on. Leaving hangs up on
    whoever is connected and waits for the thread to end, a fraction of a second; `uploads` stays readable.
    """

    def __init__(self, token: str = "test-token", host: str = "127.0.0.1", port: int = 0) -> None:
        self.token = token
        self.uploads = Uploads()
        """What the server accepted."""
        self.url = ""
        """Where the server is, such as `http://127.0.0.1:49152`; known once entered."""
        self._address = (host, port)
        self._app: ASGIApp = create_app(token, uploads=self.uploads)

    def __enter__(self) -> Self:
        listener = _listen(*self._address)
        self.url = _url(listener)
        self._server = _Server(self._app)
        self._thread = threading.Thread(
            target=self._server.run_in_thread, args=(listener,), name="roark_mock", daemon=True
        )
        self._thread.start()
        self._server.settled.wait()
        if not self._server.started:
            self._thread.join()
            raise RuntimeError("the mock server did not start; the log says why")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()


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
    """HTTP/1.1 that refuses a malformed request in the shape of every other error."""

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
                timeout_graceful_shutdown=1,
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

    def stop(self) -> None:
        """End the server, from another thread."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._woken.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A reply that is still awaited is not awaited any longer: its client sees the connection end.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        while self.server_state.connections:  # else uvicorn looks again in a tenth of a second
            await asyncio.sleep(0)
        await super().shutdown(sockets)
