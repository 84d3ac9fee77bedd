"""Other servers than the mock, as thin as can be, for what only a server that is not ours does."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any, ClassVar

from contract_tests.documents import read_documents


class Handler(BaseHTTPRequestHandler):
    """What the servers below have in common: they read the upload whole, and stay quiet."""

    def do_POST(self) -> None:
        """Read and answer an upload."""
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, _: bytes) -> None:
        """Hang up; the servers below do better."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def reply(self, status: int, reply: bytes) -> None:
        """Answer with a body called JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class PlainHandler(Handler):
    """Another server than ours, as thin as can be: it knows a token and the documented replies, and no `Prefer`."""

    token = "test-token"
    replies: ClassVar = {
        each.path: json.dumps(each.reply).replace("<string>", "2025-02-11T01:04:32Z") for each in read_documents()
    }

    def answer(self, body: bytes) -> None:
        """200 for whatever is not empty."""
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.reply(401, b'{"message": "no"}')
        elif body in (b"", b"{}"):
            self.reply(400, b'{"message": "no"}')
        else:
            self.reply(200, self.replies[self.path].encode())


@contextmanager
def serving(handler: type[Handler]) -> Iterator[str]:
    """A running server, by its URL."""
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as url:
        yield url


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    """The URL of a server of the standard library's kind, which runs while the block does."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})  # seconds to its end
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
