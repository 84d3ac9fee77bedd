"""A loopback server that gives every request the same reply, at next to no cost. Run as a process of its own.

`python server.py FILE`: prints its port, and answers each request with that file as JSON until its standard input ends.
"""

import os
import socket
import sys
import threading
from pathlib import Path


def serve(connection: socket.socket, reply: bytes) -> None:
    """Answer each request of one connection."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    waiting = b""
    while True:
        while b"\r\n\r\n" not in waiting:
            received = connection.recv(65536)
            if not received:
                return
            waiting += received
        head, _, waiting = waiting.partition(b"\r\n\r\n")
        lengths = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0]) if lengths else 0
        while len(waiting) < length:
            waiting += connection.recv(65536)
        waiting = waiting[length:]
        connection.sendall(reply)


def end_with_the_bench() -> None:
    """End this process once the one that started it has."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve until standard input ends."""
    threading.Thread(target=end_with_the_bench, daemon=True).start()
    body = Path(sys.argv[1]).read_bytes()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection, head.encode() + body), daemon=True).start()


if __name__ == "__main__":
    main()
