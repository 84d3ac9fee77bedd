"""A server that remembers what arrives, and a clock for the gate before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from contract_tests.live.other_servers import Handler, serving

TOKEN = "rk-0123456789-secret"
RECORDING = "https://recordings.example.org/trial.wav?signature=abc"
CALL, VAPI = "POST /v1/call-analysis", "POST /v1/vapi/call"


class Recorder:
    """A server that remembers what arrives and answers as it is told; 200 by itself."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, Any]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The URL while it runs."""
        recorder = self

        class Recording(Handler):
            def answer(self, body: bytes) -> None:
                recorder.arrived.append((self.command, self.path, body))
                status, headers = recorder.answers.pop(0) if recorder.answers else (200, {})
                self.send_response(status)
                for name, value in {"Content-Length": "2", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"{}")

            do_GET = do_HEAD = do_DELETE = do_PUT = Handler.do_POST  # noqa: N815 - so does http.server spell them

        with serving(Recording) as url:
            yield url


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds
