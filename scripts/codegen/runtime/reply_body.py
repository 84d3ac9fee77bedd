"""Taking in the body of a reply: decompressed, and never more than a bounded amount of it."""

from __future__ import annotations

import zlib

import httpx

MAX_BYTES = 16 * 1024 * 1024

ACCEPTED = "gzip, deflate"
_ZLIB_OR_GZIP, _RAW_DEFLATE = 47, -15  # what zlib calls them


class ReplyBodyError(Exception):
    """A body that cannot be taken in. The message says why."""


class ReplyBody:
    """The body of one reply, chunk by chunk."""

    def __init__(self, headers: httpx.Headers) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self._encoding = headers.get("content-encoding", "").strip().lower()
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP) if self._encoding in ("gzip", "x-gzip", "deflate") else None
        length = headers.get("content-length", "")
        self._is_announced_too_large = length.isascii() and length.isdecimal() and int(length[:20]) > MAX_BYTES

    def begin(self) -> None:
        """Refuse what can be refused by its headers."""
        if self._is_announced_too_large:
            raise ReplyBodyError(f"its body is larger than {MAX_BYTES} bytes")
        if self._inflate is None and self._encoding not in ("", "identity"):
            raise ReplyBodyError(f"its Content-Encoding {self._encoding!r:.60} was not asked for")

    def take(self, chunk: bytes) -> None:
        """Take one chunk as it came over the network."""
        if self._inflate is not None:
            chunk = self._inflated(chunk)
        self.take_decoded(chunk)

    def take_decoded(self, chunk: bytes) -> None:
        """Take a chunk that is decompressed already."""
        self._size += len(chunk)
        self._chunks.append(chunk[: MAX_BYTES - self._size + len(chunk)] if self._size > MAX_BYTES else chunk)
        if self._size > MAX_BYTES:
            raise ReplyBodyError(f"its body is larger than {MAX_BYTES} bytes")

    def end(self) -> None:
        """Say that nothing more comes."""
        if self._inflate is not None and self._chunks and not self._inflate.eof:
            raise ReplyBodyError(f"its {self._encoding} data breaks off")

    def content(self) -> bytes:
        """What was taken so far."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def _inflated(self, chunk: bytes) -> bytes:
        assert self._inflate is not None  # noqa: S101 - tells type checkers
        room = MAX_BYTES - self._size + 1  # one more than allowed shows that it is too large
        try:
            return self._inflate.decompress(chunk, room)
        except zlib.error:
            if self._encoding != "deflate" or self._chunks:
                raise ReplyBodyError(f"its {self._encoding} data is damaged") from None
        self._inflate = zlib.decompressobj(_RAW_DEFLATE)  # what some servers take deflate for
        try:
            return self._inflate.decompress(chunk, room)
        except zlib.error:
            raise ReplyBodyError(f"its {self._encoding} data is damaged") from None
