"""Sending a request until it is answered, refused or out of time.

`send` and `send_async` are the same thin loop: they send and wait. What an attempt met is told to its `Course`, and
`delivery.decide` says what follows.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from math import inf
from typing import Any, TypeVar, cast

import httpx

from .delivery import Delivery, Met, Policy, decide, random_jitter, retry_after
from .errors import APIConnectionError, APIError, APIResponseValidationError, APITimeoutError, class_of_status
from .masking import Mask
from .reply_body import MAX_BYTES, ReplyBody, ReplyBodyError
from .timeouts import Deadline, Timeouts, phases, seconds

logger = logging.getLogger("roark_client")

_E = TypeVar("_E", bound=APIError)

# Raised before any byte of the request has gone out.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

GRACE = 0.05  # seconds: httpx ends by itself at the deadline, and then closes more than when it is cancelled
CHUNK = 64 * 1024  # of a request's body: after each the deadline is looked at
LEFT_CHUNKS = 65_536  # of a closed stream that are waited for

_ADVICE = {
    Delivery.NOT_DELIVERED: "nothing was accepted, so sending it again cannot double it",
    Delivery.UNKNOWN: "it may have been accepted, so look before sending it again",
    Delivery.DELIVERED: "it was accepted, so do not send it again",
}


class DeadlineError(Exception):
    """The deadline has passed."""


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that is ready to be sent, and how. `client` merges its own headers into it, if it is a caller's."""

    operation: str
    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes
    secret_header: str
    callers_client: httpx.Client | httpx.AsyncClient | None
    timeouts: Timeouts
    policy: Policy

    def __repr__(self) -> str:
        return f"<{self.operation}>"


class Attempt:
    """One sending of a request, and what came of it."""

    def __init__(self, prepared: Prepared, deadline: Deadline) -> None:
        self._prepared = prepared
        self._deadline = deadline
        self._phases = phases(prepared.timeouts, deadline.remaining())
        self._sent = TrackedBody(prepared.content, self._keep_deadline)
        self.request = self._request(prepared)
        self._started = time.perf_counter()
        self.status: int | None = None
        self.headers = httpx.Headers()
        self.body: ReplyBody | None = None
        self.failure: Exception | None = None

    def _request(self, prepared: Prepared) -> httpx.Request:
        extensions = {"timeout": self._phases}
        if prepared.callers_client is None:
            return httpx.Request(
                prepared.method, prepared.url, headers=prepared.headers, stream=self._sent, extensions=extensions
            )
        # With the headers, cookies and query that the caller set there, and with the content that hooks may look at.
        request = prepared.callers_client.build_request(
            prepared.method, prepared.url, headers=prepared.headers, content=prepared.content, extensions=extensions
        )
        request.stream = self._sent
        return request

    def head(self, response: httpx.Response) -> bool:
        """Take in the status and the headers. False where the body is there already, read by a hook of the caller's."""
        self.status, self.headers = response.status_code, response.headers
        self.body = ReplyBody(self.headers)
        if response.is_stream_consumed:
            self.body.take_decoded(response.content)
            return False
        self.body.begin()
        self._keep_deadline()
        return True

    def take(self, chunk: bytes) -> None:
        """Take in a chunk of the body."""
        assert self.body is not None  # noqa: S101 - the head came first
        self.body.take(chunk)
        self._keep_deadline()

    def end(self) -> None:
        """Say that the body is complete."""
        assert self.body is not None  # noqa: S101 - the head came first
        self.body.end()

    def failed(self, error: Exception) -> None:
        """Take in why the attempt broke off."""
        self.failure = error
        # A hook of the caller's may raise for the status; not for that of a request of its own.
        if self.status is None and isinstance(error, httpx.HTTPStatusError) and error.response.request is self.request:
            self.status, self.headers = error.response.status_code, error.response.headers
            with contextlib.suppress(httpx.StreamError):  # where the hook has not read the body
                content = error.response.content
                self.body = ReplyBody(self.headers)
                self.body.take_decoded(content[:MAX_BYTES])

    def _keep_deadline(self) -> None:
        """Raise if it has passed; else let what is read next, the head or the body, wait no longer than it."""
        remaining = self._deadline.remaining()
        if remaining < 0:
            raise DeadlineError
        self._phases["read"] = seconds(self._prepared.timeouts.read, remaining)

    @property
    def mask(self) -> Mask:
        """What keeps its token out of errors."""
        return Mask(self.request.headers, self._prepared.secret_header)

    @property
    def is_success(self) -> bool:
        """Whether the server said that it accepted the request."""
        return self.status is not None and 200 <= self.status < 300

    def met(self) -> Met:
        """What the attempt met, as the decision wants to know it."""
        if self.status is not None:
            return Met(self.status, retry_after(self.headers))
        # A caller's transport may send the body without our seeing it.
        sent = self._sent.sent or (self._prepared.callers_client is not None and not self._is_before_sending())
        return Met(sent=sent, transient=self._is_transient())

    def _is_before_sending(self) -> bool:
        """Whether the failure says that nothing was sent. What other libraries translate to httpx's is not trusted."""
        error = self.failure
        origin = error and (error.__cause__ or error.__context__)
        told_by_httpx = origin is None or type(origin).__module__.startswith("httpcore")
        return isinstance(error, _BEFORE_SENDING) and told_by_httpx and self._is_own(error)

    def _is_transient(self) -> bool:
        """Whether the failure is one of the network, which may pass."""
        error = self.failure
        if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
            return False
        return isinstance(error, DeadlineError) or (isinstance(error, httpx.TransportError) and self._is_own(error))

    def _is_own(self, error: httpx.TransportError) -> bool:
        """Whether a failure is about this request, and not about another that a hook of the caller's has sent."""
        try:
            return error.request is self.request
        except RuntimeError:  # it names none
            return True

    def reply(self, course: Course) -> Reply:
        """The success that came of it."""
        assert self.status is not None  # noqa: S101 - a success has one
        assert self.body is not None  # noqa: S101
        return Reply(self.status, self.headers, self.body.content(), self, course)

    def log(self, number: int) -> None:
        """One line, without a value of any header or body."""
        if logger.isEnabledFor(logging.DEBUG):
            met = self.status if self.failure is None else f"{self.status or ''} {type(self.failure).__name__}".strip()
            milliseconds = (time.perf_counter() - self._started) * 1000
            logger.debug("%s %s %.0f ms, attempt %d", self._prepared.operation, met, milliseconds, number)


class Course:
    """One call over all its attempts. Both loops tell it what happens, and neither decides anything itself."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._deadline = Deadline(prepared.timeouts.deadline)
        self._delivery = Delivery.NOT_DELIVERED
        self._handled_by_caller = sys.exception()
        self.attempts = 0

    def begin(self) -> Attempt:
        """The next attempt."""
        self.attempts += 1
        return Attempt(self._prepared, self._deadline)

    def remaining(self, grace: float) -> float | None:
        """The seconds until the deadline and as many more; None without one."""
        remaining = self._deadline.remaining()
        return None if remaining == inf else max(remaining, 0) + grace

    def after(self, attempt: Attempt) -> float | None:
        """The seconds to wait before the next attempt; None after a success. Raises after the last attempt."""
        attempt.log(self.attempts)
        if attempt.is_success and attempt.failure is None:
            return None
        met = attempt.met()
        decision = decide(
            met, self._delivery, self.attempts, self._prepared.policy, self._deadline.remaining(), random_jitter()
        )
        self._delivery = decision.delivery
        if decision.wait is None:
            raise self._error(attempt, met)
        return decision.wait

    def unusable(self, attempt: Attempt, reason: str) -> APIResponseValidationError:
        """The error for a success whose body is of no use."""
        return self._made(APIResponseValidationError, attempt, reason, Delivery.DELIVERED)

    def _error(self, attempt: Attempt, met: Met) -> APIError:
        failure = attempt.failure
        kind: type[APIError]
        if met.status is not None and not attempt.is_success:
            kind, reason = class_of_status(met.status), _status_named(met.status)
        elif isinstance(failure, DeadlineError):
            kind, reason = APITimeoutError, f"no complete answer within {self._prepared.timeouts.deadline:g} s"
        elif isinstance(failure, httpx.TimeoutException):
            kind, reason = APITimeoutError, f"{type(failure).__name__}"
        elif isinstance(failure, ReplyBodyError):
            kind, reason = APIResponseValidationError, f"{met.status}, but {failure}"
        else:
            told = f" ({failure})" if str(failure) else ""
            kind, reason = APIConnectionError, f"{type(failure).__name__}{_printable(told)}"
            if attempt.is_success:
                reason = f"{met.status}, but its body breaks off: {reason}"
        return self._made(kind, attempt, reason, self._delivery, met.retry_after)

    def _made(
        self,
        kind: type[_E],
        attempt: Attempt,
        reason: str,
        delivery: Delivery,
        retry_after: float | None = None,
    ) -> _E:
        """An error that shows the request, the response and what caused it, all without the token."""
        prepared = self._prepared
        mask = attempt.mask
        request = httpx.Request(
            prepared.method, prepared.url, headers=mask.headers(attempt.request.headers), content=prepared.content
        )
        response, body, told = None, None, ""
        if attempt.status is not None:
            content = b"" if attempt.body is None else mask.data(attempt.body.content())
            headers = [each for each in mask.headers(attempt.headers) if each[0].lower() not in _ABOUT_BYTES]
            response = httpx.Response(attempt.status, headers=headers, content=content, request=request)
            body = _decoded(content)
            if content and kind is not APIResponseValidationError:
                told = f": {_printable(content[:1000].decode('utf-8', 'replace'))}"
        attempts = f"{self.attempts} attempt{'s' if self.attempts > 1 else ''}"
        error = kind(
            f"{prepared.operation}: {mask.text(reason)} ({attempts}; {_ADVICE[delivery]}){told}",
            request=request,
            response=response,
            body=body,
            retry_after=retry_after,
            attempts=self.attempts,
            delivery=delivery,
        )
        error.__cause__ = mask.exception(attempt.failure, request, response, self._handled_by_caller)
        return error


# They describe the bytes on the network, and not the decompressed ones that an error carries.
_ABOUT_BYTES = (b"content-encoding", b"content-length", b"transfer-encoding")


@dataclass(frozen=True, slots=True, repr=False)  # a server may echo the token, and tracebacks may show locals
class Reply:
    """A success: the answer, and the attempt and the course that led to it."""

    status: int
    headers: httpx.Headers
    content: bytes
    attempt: Attempt
    course: Course

    @property
    def echoes_token(self) -> bool:
        """Whether the body holds the token that was sent."""
        return self.attempt.mask.data(self.content) != self.content

    def unusable(self, reason: str) -> APIResponseValidationError:
        """The error for a body that is of no use."""
        return self.course.unusable(self.attempt, reason)


def send(client: httpx.Client, prepared: Prepared) -> Reply:
    """Send a request, and again as far as that is safe. Raises APIError."""
    course = Course(prepared)
    while True:
        attempt = course.begin()
        try:
            _once(client, attempt)
        except Exception as error:  # noqa: BLE001 - whatever a connection raises, callers get one tree of errors
            attempt.failed(error)
        wait = course.after(attempt)
        if wait is None:
            return attempt.reply(course)
        time.sleep(wait)


def _once(client: httpx.Client, attempt: Attempt) -> None:
    """Send it once. By itself, so that no variable with a part of the reply stays in the traceback of an error."""
    response = client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
    try:
        if attempt.head(response):
            for chunk in cast("httpx.SyncByteStream", response.stream):
                attempt.take(chunk)
            attempt.end()
    except BaseException:
        response.close()
        raise
    with contextlib.suppress(Exception):  # the reply is complete
        response.close()


async def send_async(client: httpx.AsyncClient, prepared: Prepared) -> Reply:
    """The same for asyncio and trio. Being cancelled passes through."""
    import anyio  # here, since only this half needs it, and importing it takes time

    course = Course(prepared)
    while True:
        attempt = course.begin()
        with anyio.move_on_after(course.remaining(GRACE)) as scope:
            try:
                await _once_async(client, attempt)
            except Exception as error:  # noqa: BLE001 - as above
                attempt.failed(error)
        if scope.cancelled_caught:
            attempt.failed(DeadlineError())
        wait = course.after(attempt)
        if wait is None:
            return attempt.reply(course)
        await anyio.sleep(wait)


async def _once_async(client: httpx.AsyncClient, attempt: Attempt) -> None:
    response = await client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
    chunks: AsyncIterator[bytes] | None = None
    try:
        if attempt.head(response):
            chunks = aiter(cast("httpx.AsyncByteStream", response.stream))
            async for chunk in chunks:
                attempt.take(chunk)
            attempt.end()
    except BaseException as error:
        await response.aclose()
        if chunks is not None and isinstance(error, Exception):
            await _exhaust(chunks)
        raise
    with contextlib.suppress(Exception):  # as above
        await response.aclose()


async def _exhaust(chunks: AsyncIterator[bytes]) -> None:
    """Let the generators of a closed stream end, as trio asks for; not for ever, as a transport may ignore that."""
    with contextlib.suppress(Exception):
        for _ in range(LEFT_CHUNKS):
            await anext(chunks)


def _status_named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # the list of the IANA is not all that servers send
        return str(status)


def _decoded(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _printable(text: str) -> str:
    """Text of a server on one line, and not too much of it; what a terminal would obey is escaped."""
    text = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text[:300])
    return text if len(text) < 300 else text[:300] + "…"
