"""The body of a request, read once and never further than need be."""

import asyncio

from starlette.requests import ClientDisconnect
from starlette.types import Receive

# How long and how far to listen to a client whose request is already answered, in seconds and bytes.
DISCARD_SECONDS = 10
DISCARD_BYTES = 100_000_000


class TooLargeError(Exception):
    """The body exceeds the limit; no more than the limit was kept."""


class RequestBody:
    """The body that `receive` brings, in chunks."""

    __slots__ = ("_receive", "unread")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.unread = True
        """Whether more of it may come."""

    async def _chunk(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self.unread = False
            raise ClientDisconnect
        self.unread = message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        return chunk

    async def read(self, limit: int) -> bytes:
        """The whole body. Raises TooLargeError above `limit` bytes, ClientDisconnect if the client hung up."""
        chunks = []
        size = 0
        while self.unread:
            chunk = await self._chunk()
            size += len(chunk)
            if size > limit:
                raise TooLargeError
            chunks.append(chunk)
        return b"".join(chunks)

    async def discard(self) -> None:
        """Receive what is left and forget it, within bounds; return when the client is done or hung up."""
        size = 0
        try:
            async with asyncio.timeout(DISCARD_SECONDS):
                while self.unread and size < DISCARD_BYTES:
                    size += len(await self._chunk())
        except (TimeoutError, ClientDisconnect):
            pass

    async def wait(self, seconds: float) -> None:
        """Let `seconds` pass, forgetting what is left of the body. Raises ClientDisconnect if the client hangs up."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await self._chunk()
        except TimeoutError:
            pass
