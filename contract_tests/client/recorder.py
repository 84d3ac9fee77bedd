"""A loopback server that records what the vendor's SDK and ours send, and answers both alike.

What it answers is the first segment of a request's path: a status, or a fault.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

COMPARED = ("Authorization", "Content-Type", "Accept", "X-Team", "X-Request", "X-More", "X-Own")

REPLIES = {
    "/v1/call-analysis": {
        "data": {
            "jobId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "status": "PENDING",
            "call": {
                "id": "3c90c3cc-0d44-4b50-8888-8dd25736052b",
                "callDirection": "INBOUND",
                "startedAt": "2025-02-11T01:04:32.737Z",
                "isTest": False,
                "participants": [{"role": "AGENT", "name": None, "phoneNumber": "+1234567890", "spokeFirst": True}],
                "durationMs": 123.5,
                "summary": None,
                "onceUnknown": {"any": ["thing"]},
            },
        }
    },
    "/v1/vapi/call": {"data": {"callId": "call-123"}},
}


class Recorder(ThreadingHTTPServer):
    """Records each request, and answers as the first segment of its path says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.requests: list[dict[str, Any]] = []
        self.over = Event()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller may go away before its answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class Connection(BaseHTTPRequestHandler):
    """One connection to the recorder."""

    server: Recorder
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, or each answer waits for an acknowledgement

    def do_POST(self) -> None:
        """Record the request and answer it."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        self.server.requests.append(
            {
                "method": self.command,
                "path": url.path,
                "query": sorted(parse_qsl(url.query, keep_blank_values=True)),
                # As text, so that 1, 1.0 and true are told apart; the order of an object's fields says nothing.
                "json": json.dumps(json.loads(body), sort_keys=True),
                "headers": {name: self.headers.get_all(name) for name in COMPARED},
            }
        )
        answer, _, path = url.path.removeprefix("/").partition("/")
        status, _, kind = answer.partition("-")
        if answer in ("silence", "reset"):
            self.server.over.wait(1 if answer == "silence" else 0)
            self.close_connection = True
            return
        content = json.dumps(REPLIES[f"/{path}"] if status in ("200", "half") else {"error": {"code": status}}).encode()
        content = {"html": b"<h1>no</h1>", "empty": b""}.get(kind, content)
        self.send_response(200 if status == "half" else int(status))
        self.send_header("Content-Type", "text/html" if kind else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Answer", answer)
        if status.startswith("3"):
            self.send_header("Location", f"/200/{path}")
        self.end_headers()
        if status == "half":
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    def do_GET(self) -> None:
        """Tell what was recorded."""
        content = json.dumps(self.server.requests).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
