"""What goes back over the wire."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.types import Send

from roark_mock.checked_strings import CheckedString
from roark_mock.request_body import RequestBody


def _as_text(value: object) -> str:
    if isinstance(value, CheckedString):  # a string, a fact msgspec wants to be told
        return str(value)
    raise TypeError(f"expected a JSON value, or bytes, got {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_as_text)


def _encoded(content: Any) -> bytes:
    try:
        return _encoder.encode(content)
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can only carry escaped
        return json.dumps(msgspec.to_builtins(content, enc_hook=_as_text), separators=(",", ":")).encode()


_WITHOUT_BODY = {204, 205, 304}


class Reply:
    """A status, headers (lower-case name and value) and a body: a JSON value, or bytes as they are."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self,
        status: int,
        content: Any,
        headers: Iterable[tuple[bytes, bytes]] = (),
        media_type: str = "application/json",
    ) -> None:
        self.status = status
        self.headers = list(headers)
        self.body = b""
        if status not in _WITHOUT_BODY:
            is_raw = isinstance(content, bytes | bytearray | memoryview)
            self.body = bytes(content) if is_raw else _encoded(content)
        if self.body:
            self.headers.append((b"content-type", media_type.encode()))
        if status not in (204, 304):
            self.headers.append((b"content-length", b"%d" % len(self.body)))

    async def send(
        self, send: Send, request_body: RequestBody, headers: Iterable[tuple[bytes, bytes]] = (), drip: float = 0.0
    ) -> None:
        """Send everything at once, or the body over `drip` seconds, with `headers` beside its own.

        If the client is still sending its body, listen on before the connection may close: a server that closes while
        a client sends makes the client lose the reply. Raises ClientDisconnect if the client hangs up on a drip.
        """
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, *headers]})
        rest = self.body
        if drip:
            for at in range(len(rest)):
                await request_body.wait(drip / len(rest))
                await send({"type": "http.response.body", "body": rest[at : at + 1], "more_body": True})
            rest = b""
        if request_body.unread:
            await send({"type": "http.response.body", "body": rest, "more_body": True})
            await request_body.discard()
            rest = b""
        await send({"type": "http.response.body", "body": rest})
