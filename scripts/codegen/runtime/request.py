"""A request that is ready to be sent, and its body, which knows whether any of it has gone out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import httpx

from .delivery import Policy
from .security import Secrets
from .timeouts import Timeouts

CHUNK = 256 * 1024  # of a request's body: after each the deadline is looked at; smaller ones cost more than they spare


class TrackedBody(httpx.ByteStream):
    """The body of a request, which knows whether any of it was asked for: before that, nothing can be accepted."""

    def __init__(self, content: bytes, after_chunk: Callable[[], None]) -> None:
        super().__init__(content)
        self._content = content
        self._after_chunk = after_chunk
        self.sent = False

    def __iter__(self) -> Iterator[bytes]:
        self.sent = True
        for start in range(0, len(self._content), CHUNK):
            yield self._content[start : start + CHUNK]
            self._after_chunk()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncChunks(iter(self))


class _AsyncChunks:
    """No generator, since trio minds those that are left unfinished."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration


@dataclass(frozen=True, slots=True, repr=False)  # headers may be secret, and tracebacks may show locals
class PreparedRequest:
    """A request that is ready to be sent, and how. `client` merges its own headers into it, if it is a caller's.

    `is_foreign`: whether a media type is none that the contract documents for a reply.
    """

    operation: str
    method: str
    url: httpx.URL
    headers: httpx.Headers
    left_out: Sequence[str]
    content: bytes
    is_foreign: Callable[[str], bool]
    secrets: Secrets
    callers_client: httpx.Client | httpx.AsyncClient | None
    timeouts: Timeouts
    policy: Policy

    def with_body(self, body: TrackedBody, phases: Mapping[str, float | None]) -> httpx.Request:
        """The request for one attempt, with these timeouts of its phases."""
        extensions = {"timeout": phases}
        if self.callers_client is None:
            return httpx.Request(self.method, self.url, headers=self.headers, stream=body, extensions=extensions)
        # With the headers, cookies and query that the caller set there, and with the content that hooks may look at.
        request = self.callers_client.build_request(
            self.method,
            self.url,
            params=self.url.params if self.callers_client.params else None,  # which would replace the query otherwise
            headers=self.headers,
            content=self.content,
            extensions=extensions,
        )
        for name in self.left_out:
            request.headers.pop(name, None)
        request.stream = body
        return request
