"""What goes back over the wire."""

from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.types import Send

from roark_mock.request_body import RequestBody

_encoder = msgspec.json.Encoder(enc_hook=str)  # a CheckedString is a string, a fact msgspec wants to be told

_WITHOUT_BODY = {204, 205, 304}


class Reply:
    """A status, headers (lower-case name and value) and a JSON body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, content: Any, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self.status = status
        self.headers = list(headers)
        self.body = b"" if status in _WITHOUT_BODY else _encoder.encode(content)
        if self.body:
            self.headers.append((b"content-type", b"application/json"))
        if status not in (204, 304):
            self.headers.append((b"content-length", b"%d" % len(self.body)))

    async def send(self, send: Send, request_body: RequestBody) -> None:
        """Send everything at once; if the client is still sending its body, listen on before the connection may close.

        A server that closes while a client sends makes the client lose the reply.
        """
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if request_body.unread:
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            await request_body.discard()
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "http.response.body", "body": self.body})
