"""The server as a test has it: in a thread, with clients that are ready for it and whatever it is to do wrong."""

import math
import threading
import warnings
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from starlette.types import ASGIApp

from roark_mock.app import create_app
from roark_mock.errors import RefusalError
from roark_mock.faults import Fault, FaultLeftWarning, Faults
from roark_mock.ids import Ids, Seed
from roark_mock.operations import OPERATIONS
from roark_mock.process import ServerProcess
from roark_mock.reply import Reply
from roark_mock.server import Server, listen, url_of
from roark_mock.typed_uploads import TypedUploads
from roark_mock.uploads import KEPT

if TYPE_CHECKING:  # a client is imported when it is asked for
    from roark_client import AsyncRoark, Roark


class MockServer:
    """The mock in a background thread, from `__enter__` to `__exit__`.

    Port 0 picks a free port. Entering raises OSError if `host` and `port` cannot be listened on. Leaving hangs up on
    whoever is connected and waits for the thread to end, a fraction of a second; `uploads` stays readable and holds
    the last `kept`. With a `seed` the ids of replies are the same in every run.

    `client` and `async_client` are ready for it. The fixture of pytest has the environment name the server as well;
    without it, code under test is told where to go: `Roark(base_url=server.url, bearer_token=server.token)`.

    `fail_next` and its like say what the server is to do wrong. Each is about the next request to an operation, good
    or bad, that no earlier one is about, or about the next `times` of them; with `operation`, such as
    "createVapiCall", about requests to that one. They may be called before or while the server runs, from any thread.
    What no request has met when the server is left is told as a `FaultLeftWarning`, unless an exception says more.

    In a fork of the process that entered the server, `url` and `token` are of use and leaving does nothing; all else
    raises RuntimeError, since the server is not there.
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
        self._process = ServerProcess()
        self.uploads = TypedUploads(kept, process=self._process)
        """What the server accepted."""
        self.url = ""
        """Where the server is, such as `http://127.0.0.1:49152`; known once entered."""
        self._address = (host, port)
        self._thread: threading.Thread | None = None
        self._new_id = Ids(seed)
        self._faults = Faults(each.name for each in OPERATIONS)
        self._open = ExitStack()
        self._client: Roark | None = None
        self._async_client: AsyncRoark | None = None
        self._app: ASGIApp = create_app(token, uploads=self.uploads, new_id=self._new_id, faults=self._faults)

    @property
    def client(self) -> "Roark":
        """A blocking client of this server, the same until `reset`. Raises RuntimeError unless the server runs."""
        import httpx
        from roark_client import Roark

        self._check_running()
        if self._client is None:
            transport = self._open.enter_context(httpx.Client(trust_env=False))  # no proxy knows the way
            self._client = self._open.enter_context(
                Roark(bearer_token=self.token, base_url=self.url, http_client=transport)
            )
        return self._client

    @property
    def async_client(self) -> "AsyncRoark":
        """An asynchronous client of this server, for one event loop after another.

        It keeps no connection from call to call, and is the same until `reset`. Raises RuntimeError unless it runs.
        """
        import httpx
        from roark_client import AsyncRoark

        self._check_running()
        if self._async_client is None:
            transport = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)
            self._async_client = AsyncRoark(bearer_token=self.token, base_url=self.url, http_client=transport)
        return self._async_client

    def fail_next(
        self, status: int = 503, times: int = 1, retry_after: float | None = None, *, operation: str | None = None
    ) -> None:
        """Reply with an error of `status`, 300 to 599, and record nothing.

        `retry_after` is the number of seconds in the header of that name, which is left out otherwise.
        """
        if not 300 <= status <= 599:
            raise ValueError(f"expected a status from 300 to 599, got {status}")
        headers = [] if retry_after is None else [(b"retry-after", _decimal(retry_after).encode())]
        refusal = RefusalError(status, "requested_failure", f"The test asked for the status {status}.", headers=headers)
        self._ask(Fault(reply=refusal.reply()), f"fail_next({status})", times, operation)

    def delay_next(self, seconds: float, times: int = 1, *, operation: str | None = None) -> None:
        """Reply as usual, but `seconds` later than usual. What is accepted is recorded at once."""
        self._ask(Fault(delay=_seconds(seconds)), f"delay_next({seconds})", times, operation)

    def drop_next(self, *, recorded: bool, times: int = 1, operation: str | None = None) -> None:
        """Reset the connection instead of a reply, once the request is there and, if it is good, `recorded` or not."""
        self._ask(Fault(drop=True, recorded=recorded), f"drop_next(recorded={recorded})", times, operation)

    def drip_next(self, seconds: float = 1.0, times: int = 1, *, operation: str | None = None) -> None:
        """Reply as usual, but with the body byte by byte over `seconds`. What is accepted is recorded at once."""
        self._ask(Fault(drip=_seconds(seconds)), f"drip_next({seconds})", times, operation)

    def reply_next(
        self,
        json: Any,
        status: int = 200,
        times: int = 1,
        media_type: str = "application/json",
        *,
        operation: str | None = None,
    ) -> None:
        """Reply with the JSON value `json`, or with these bytes where they are bytes, as of this media type.

        A success takes the place of the usual reply to what is accepted, and what is not is refused as usual. Another
        status is replied whatever comes, and nothing is recorded.
        """
        if not 200 <= status <= 599:
            raise ValueError(f"expected a status from 200 to 599, got {status}")
        if not (media_type.isascii() and media_type.isprintable()):
            raise ValueError(f"expected a media type that a header can carry, got {media_type!r}")
        fault = Fault(reply=Reply(status, json, media_type=media_type))
        self._ask(fault, f"reply_next(…, status={status})", times, operation)

    def wait_for_faults(self, timeout: float = 10.0) -> None:
        """Return once each fault that was asked for has come to its request: for code that works in the background.

        Raises TimeoutError, with what is left, after `timeout` seconds.
        """
        self._process.check()
        self._faults.wait(timeout)

    def warn_of_faults_left(self) -> None:
        """Warn with a `FaultLeftWarning` where faults were asked for that no request has met."""
        self._process.check()
        if left := self._faults.left():
            warnings.warn(
                f"{'; '.join(left)}. What was to be tried was not: ask for as many faults as there are requests, or "
                "forget the rest with reset() where that is meant",
                FaultLeftWarning,
                stacklevel=3,
            )

    def reset(self, seed: Seed = None) -> None:
        """Be as new: leave the clients, hang up on all, forget uploads and faults, begin the ids with `seed`."""
        self._process.check()
        self._close_clients()
        self._faults.clear()
        if self._thread is not None and self._thread.is_alive():
            self._server.hang_up()
        self.uploads.clear()
        self._new_id.begin(seed)

    def __enter__(self) -> Self:
        self._process.check()
        if self._thread is not None:
            raise RuntimeError("this mock server runs already; make another one")
        listener = listen(*self._address)
        self.url = url_of(listener)
        self._server = Server(self._app)
        self._thread = threading.Thread(
            target=self._server.run_in_thread, args=(listener,), name="roark_mock", daemon=True
        )
        self._process.enter()
        self._thread.start()
        self._server.settled.wait()
        if not self._server.started:
            self._end()
            raise RuntimeError("the mock server did not start; the log says why")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process.is_elsewhere:  # a fork that ends, whose parent goes on
            return
        self._end()
        if kind is None:
            self.warn_of_faults_left()

    def _ask(self, fault: Fault, words: str, times: int, operation: str | None) -> None:
        self._process.check()
        self._faults.add(fault, words, times, operation)

    def _check_running(self) -> None:
        self._process.check()
        if self._thread is None:
            raise RuntimeError(
                "expected a mock server that runs; ask for its client within `with MockServer() as server:`"
            )

    def _close_clients(self) -> None:
        self._open.close()
        self._client = self._async_client = None  # the asynchronous one holds no connection

    def _end(self) -> None:
        self._close_clients()
        thread, self._thread = self._thread, None
        if thread is not None:
            self._server.stop()
            thread.join()
        self._process.leave()


def _seconds(number: float) -> float:
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"expected a number of seconds from 0, got {number}")
    return number


def _decimal(seconds: float) -> str:
    return f"{_seconds(seconds):.3f}".rstrip("0").rstrip(".")


RoarkMock: TypeAlias = MockServer  # what the fixture gives, in type hints
