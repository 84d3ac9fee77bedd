"""A TCP server that answers by a script, byte for byte, and counts what it was asked: a network at its worst."""

import contextlib
import enum
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

PATIENCE = 15.0  # seconds that the server waits for a client to leave: far beyond any deadline of a test
FLOOD_LIMIT = 256 * 1024 * 1024


class End(enum.Enum):
    """How a connection ends."""

    CLOSE = "closed in order"
    RESET = "reset"
    SILENCE = "nothing more is said, until the client leaves"
    REFUSAL = "closed in order, and whoever connects from now on is refused"


@dataclass(frozen=True)
class Drip:
    """Data, one byte at a time."""

    data: bytes
    every: float = 0.05


@dataclass(frozen=True)
class Flood:
    """Data, over and over, until the client leaves."""

    data: bytes


@dataclass(frozen=True)
class SlowReading:
    """Reading a little at a time, until the client leaves."""

    size: int = 64 * 1024
    every: float = 0.004


@dataclass(frozen=True)
class Received:
    """A request that came whole."""

    line: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


# Bytes are sent, a number is a pause in seconds, a function makes bytes of the request. After the last step the
# connection stays open for the next request.
Step = bytes | float | End | Drip | Flood | SlowReading | Callable[[Received], bytes]
Script = tuple[Step, ...]


class _LeftError(Exception):
    """The connection has ended."""


class ScriptedServer:
    """Answers the first request by the first script, and so on; the last script answers all further ones.

    `at_connect` is played before anything is read. To be used as a context manager, around the client's.
    """

    def __init__(self, *scripts: Script, at_connect: Script = ()) -> None:
        self._scripts = scripts
        self._at_connect = at_connect
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._faults: list[BaseException] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        if SlowReading in map(type, at_connect):  # else the system would read for us
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept)
        self.received: list[Received] = []
        """The requests that came whole, in their order."""
        self.connections = 0
        self.sent = 0
        """Bytes."""
        self.lost_patience = False
        """Whether a client stayed although nothing more came."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The clients are closed by now, so the connections end by themselves.
        until = time.monotonic() + (PATIENCE if error is None else 0)
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._stopped.set()
        with contextlib.suppress(OSError):  # refused where the script has closed it already
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._acceptor.join(PATIENCE)
        for each in (self._listener, *self._sockets):
            each.close()
        for thread in self._threads:
            thread.join(PATIENCE)
        if self._faults and error is None:
            raise self._faults[0]

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._stopped.is_set():
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(PATIENCE)
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._sockets.append(connection)
            thread.start()
            self._threads.append(thread)  # started, since it is joined meanwhile

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._play(connection, self._at_connect, None)
            buffered = b""
            while True:
                received, buffered = _read(connection, buffered)
                with self._lock:
                    script = self._scripts[min(len(self.received), len(self._scripts) - 1)]
                    self.received.append(received)
                self._play(connection, script, received)
        except TimeoutError:
            self.lost_patience = True
        except (_LeftError, OSError):
            pass  # the client has left, as it may
        except BaseException as error:  # noqa: BLE001 - a mistake in a script is raised where the test can see it
            self._faults.append(error)
        finally:
            connection.close()

    def _play(self, connection: socket.socket, script: Script, received: Received | None) -> None:
        for step in script:
            match step:
                case bytes():
                    self._send(connection, step)
                case int() | float():
                    self._stopped.wait(step)
                case Drip(data, every):
                    for at in range(len(data)):
                        self._send(connection, data[at : at + 1])
                        self._stopped.wait(every)
                case Flood(data):
                    while self.sent < FLOOD_LIMIT:
                        self._send(connection, data)
                    self.lost_patience = True
                case SlowReading(size, every):
                    while connection.recv(size):
                        self._stopped.wait(every)
                    raise _LeftError
                case End():
                    self._end(connection, step)
                case _:
                    assert received is not None
                    self._send(connection, step(received))

    def _send(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.sent += len(data)

    def _end(self, connection: socket.socket, end: End) -> None:
        match end:
            case End.SILENCE:
                while connection.recv(65536):
                    pass
            case End.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            case End.REFUSAL:
                self._stopped.set()
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                self._acceptor.join(PATIENCE)
                self._listener.close()
            case End.CLOSE:
                pass
        raise _LeftError


def _read(connection: socket.socket, buffered: bytes) -> tuple[Received, bytes]:
    """A whole request, and what came after it."""
    while b"\r\n\r\n" not in buffered:
        buffered += _more(connection)
    head, _, buffered = buffered.partition(b"\r\n\r\n")
    line, *lines = head.decode("ascii").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    length = int(headers.get("content-length", "0"))
    parts, size = [buffered], len(buffered)
    while size < length:
        parts.append(_more(connection))
        size += len(parts[-1])
    buffered = b"".join(parts)
    return Received(line, headers, buffered[:length]), buffered[length:]


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise _LeftError
    return data


def head(status: int | str, *headers: str, version: str = "1.1") -> bytes:
    """The head of an answer."""
    return "".join(f"{line}\r\n" for line in (f"HTTP/{version} {status} Phrase", *headers, "")).encode("latin-1")


def reply(status: int | str, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer, its body as JSON unless the headers say otherwise."""
    if not any(each.lower().startswith("content-type:") for each in headers):
        headers = (*headers, "Content-Type: application/json")
    if status not in (204, 304):
        headers = (*headers, f"Content-Length: {len(body)}")
    return head(status, *headers) + (b"" if status in (204, 304) else body)


def chunked(status: int, *chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A whole answer whose length is not announced."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head(status, "Content-Type: application/json", "Transfer-Encoding: chunked") + body + end
