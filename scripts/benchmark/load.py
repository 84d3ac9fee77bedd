"""One upload over and over, on several connections at once, as fast as the server answers. Run as a process of its own.

`python load.py PORT CONNECTIONS FILE`: for each line with a number of seconds on standard input, sends the bytes of
the file for so long, and prints how many replies came in a second and the 99th percentile of their latency in seconds.
"""

import re
import selectors
import socket
import sys
import time
from pathlib import Path

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Connection:
    """A connection on which one request is under way."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._received = b""
        self._sent = 0.0

    def send(self) -> None:
        """Send the request."""
        self._received = b""
        self._sent = time.perf_counter()
        self.socket.sendall(self._request)

    def receive(self) -> float | None:
        """Take in what came. Seconds since the request if the reply is whole. Raises ValueError for no success."""
        chunk = self.socket.recv(65536)
        self._received += chunk
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not chunk or (end and not head.startswith(b"HTTP/1.1 200 ")):
            raise ValueError(f"expected 200, got {head[:100]!r}")
        length = LENGTH.search(head + b"\r\n")
        whole = len(body) >= int(length[1]) if length else body.endswith(b"0\r\n\r\n")
        return time.perf_counter() - self._sent if end and whole else None


def load(connections: list[Connection], seconds: float) -> tuple[float, float]:
    """Replies a second, and the 99th percentile of their latency."""
    with selectors.DefaultSelector() as selector:
        for each in connections:
            selector.register(each.socket, selectors.EVENT_READ, each)
            each.send()
        latencies: list[float] = []
        started = time.perf_counter()
        waiting = len(connections)
        while waiting:
            for key, _ in selector.select():
                latency = key.data.receive()
                if latency is None:
                    continue
                latencies.append(latency)
                if time.perf_counter() - started < seconds:
                    key.data.send()
                else:
                    waiting -= 1
        taken = time.perf_counter() - started
    return len(latencies) / taken, sorted(latencies)[int(len(latencies) * 0.99)]


def main() -> None:
    """Send for as long as is asked for, until standard input ends."""
    port, number, file = sys.argv[1:]
    request = Path(file).read_bytes()
    connections = [Connection(int(port), request) for _ in range(int(number))]
    for line in sys.stdin:
        sys.stdout.write("{} {}\n".format(*load(connections, float(line))))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
