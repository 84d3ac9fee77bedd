"""The body of a reply: taking it in, decompressed and bounded."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import httpx

from .errors import Violation

MAX_BYTES = 16 * 1024 * 1024

ACCEPTED = "gzip, deflate"
_ZLIB_OR_GZIP, _RAW_DEFLATE = 47, -15  # what zlib calls them


class ReplyBodyError(Exception):
    """A body that is of no use: it cannot be taken in, or is not what the contract says. The message says why."""

    def __init__(self, reason: str, violations: tuple[Violation, ...] = ()) -> None:
        super().__init__(reason)
        self.violations = violations


# They describe the bytes on the network, and not the decompressed ones.
_ABOUT_BYTES = (b"content-encoding", b"content-length", b"transfer-encoding")


def response_read(
    status: int, headers: Iterable[tuple[bytes, bytes]], content: bytes, request: httpx.Request | None
) -> httpx.Response:
    """A reply with its decompressed body as httpx has one, without the headers that do not fit that."""
    shown = [(name, value) for name, value in headers if name.lower() not in _ABOUT_BYTES]
    return httpx.Response(status, headers=shown, content=content, request=request)


class ReplyBody:
    """The body of one reply, chunk by chunk."""

    def __init__(self, headers: httpx.Headers) -> None:
        self._content = bytearray()
        self._received = 0  # bytes over the network
        self._encoding = headers.get("content-encoding", "").strip().lower()
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP) if self._encoding in ("gzip", "x-gzip", "deflate") else None
        self._start = b""  # of compressed data, until it is long enough to tell its form
        length = headers.get("content-length", "")
        self._is_announced_too_large = length.isascii() and length.isdecimal() and int(length[:20]) > MAX_BYTES

    def begin(self) -> None:
        """Refuse what can be refused by its headers."""
        if self._is_announced_too_large:
            raise ReplyBodyError(f"its body is larger than {MAX_BYTES} bytes")
        if self._inflate is None and self._encoding not in ("", "identity"):
            raise ReplyBodyError(f"its Content-Encoding {self._encoding!r:.60} was not asked for")

    def take(self, chunk: bytes) -> None:
        """Take one chunk as the network brings it."""
        self._received += len(chunk)
        self.take_decoded(chunk if self._inflate is None else self._inflated(chunk))

    def take_decoded(self, chunk: bytes) -> None:
        """Take a chunk that is decompressed already."""
        is_too_large = max(len(self._content) + len(chunk), self._received) > MAX_BYTES
        self._content += chunk[: MAX_BYTES - len(self._content)]
        if is_too_large:
            raise ReplyBodyError(f"its body is larger than {MAX_BYTES} bytes")

    def end(self) -> None:
        """Refuse compressed data that breaks off: nothing more comes."""
        if self._inflate is not None and self._received and not self._inflate.eof:
            raise ReplyBodyError(f"its {self._encoding} data breaks off")

    def content(self) -> bytes:
        """The content that was taken so far."""
        return bytes(self._content)

    def _inflated(self, chunk: bytes) -> bytes:
        assert self._inflate is not None  # noqa: S101 - tells type checkers
        if len(self._start) < 2:
            chunk = self._start = self._start + chunk
            if len(chunk) < 2:
                return b""
            if self._encoding == "deflate" and not _has_zlib_header(chunk):
                self._inflate = zlib.decompressobj(_RAW_DEFLATE)
        if self._inflate.eof:  # what follows is counted and not kept
            return b""
        room = MAX_BYTES - len(self._content) + 1  # one more than allowed shows that it is too large
        try:
            return self._inflate.decompress(chunk, room)
        except zlib.error:
            raise ReplyBodyError(f"its {self._encoding} data is damaged") from None


def _has_zlib_header(data: bytes) -> bool:
    """Whether deflate is what RFC 9110 says it is (RFC 1950, 2.2), and not the bare data that some servers send."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
