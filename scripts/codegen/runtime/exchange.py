"""Sending a request until it is answered, refused or out of time.

`send` and `send_async` are the same thin loop: they send and wait. What an attempt met is told to its `Course`, and
`delivery.decide` says what follows.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from math import inf
from typing import Any, TypeVar, cast

import httpx

from .delivery import Delivery, Met, Policy, decide, random_jitter, retry_after
from .errors import APIConnectionError, APIError, APIResponseValidationError, APITimeoutError, class_of_status
from .reply_body import ReplyBody, ReplyBodyError
from .timeouts import Deadline, Timeouts, phases

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

MASK = "[masked]"
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")

_ADVICE = {
    Delivery.NOT_DELIVERED: "nothing was accepted, so sending it again cannot double it",
    Delivery.UNKNOWN: "it may have been accepted, so look before sending it again",
    Delivery.DELIVERED: "it was accepted, so do not send it again",
}


class DeadlineError(Exception):
    """The deadline has passed."""


class TrackedBody(httpx.ByteStream):
    """The body of a request, which knows whether any of it was asked for: before that, nothing can be accepted."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.sent = False

    def __iter__(self) -> Iterator[bytes]:
        self.sent = True
        return super().__iter__()

    def __aiter__(self) -> AsyncIterator[bytes]:
        self.sent = True
        return super().__aiter__()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that is ready to be sent, and how. `client` merges its own headers into it, if it is a caller's."""

    operation: str
    method: str
    url: httpx.URL
    headers: httpx.Headers
    content: bytes
    token: str | None
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
        self._sent = TrackedBody(prepared.content)
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
        # Read by httpx when the body begins: no chunk is waited for longer than the deadline.
        self._phases["read"] = phases(self._prepared.timeouts, self._deadline.remaining())["read"]
        return True

    def take(self, chunk: bytes) -> None:
        """Take in a chunk of the body."""
        assert self.body is not None  # noqa: S101 - the head came first
        self.body.take(chunk)
        if self._deadline.remaining() < 0:
            raise DeadlineError

    def end(self) -> None:
        """Say that the body is complete."""
        assert self.body is not None  # noqa: S101 - the head came first
        self.body.end()

    def failed(self, error: Exception) -> None:
        """Take in why the attempt broke off."""
        self.failure = error
        if isinstance(error, httpx.HTTPStatusError) and self.status is None:  # from a hook of the caller's
            self.status, self.headers = error.response.status_code, error.response.headers

    @property
    def is_success(self) -> bool:
        """Whether the server said that it accepted the request."""
        return self.status is not None and 200 <= self.status < 300

    def met(self) -> Met:
        """What the attempt met, as the decision wants to know it."""
        if self.status is not None:
            return Met(self.status, retry_after(self.headers))
        error = self.failure
        sent = self._sent.sent
        if self._prepared.callers_client is not None:  # whose transport may send the body without our seeing it
            sent = sent or not isinstance(error, _BEFORE_SENDING)
        hopeless = isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError)
        return Met(sent=sent, transient=isinstance(error, httpx.TransportError | DeadlineError) and not hopeless)

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
        self.attempts = 0

    def begin(self) -> Attempt:
        """The next attempt."""
        self.attempts += 1
        return Attempt(self._prepared, self._deadline)

    def remaining(self) -> float | None:
        """The seconds until the deadline; None without one."""
        remaining = self._deadline.remaining()
        return None if remaining == inf else max(remaining, 0)

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
            kind, reason = APITimeoutError, f"{type(failure).__name__} within {self._prepared.timeouts.deadline:g} s"
        elif isinstance(failure, ReplyBodyError):
            kind, reason = APIResponseValidationError, f"{met.status}, but {failure}"
        else:
            told = f" ({failure})" if str(failure) else ""
            kind, reason = APIConnectionError, f"{type(failure).__name__}{_printable(told)}"
            if attempt.is_success:
                reason = f"{met.status}, but its body breaks off: {reason}"
        error = self._made(kind, attempt, reason, self._delivery)
        error.retry_after = met.retry_after
        error.__cause__ = _scrubbed(failure, error.request)
        return error

    def _made(self, kind: type[_E], attempt: Attempt, reason: str, delivery: Delivery) -> _E:
        request, response, body = self._shown(attempt)
        told = "" if body is None or kind is APIResponseValidationError else f": {_printable(repr(body))}"
        attempts = f"{self.attempts} attempt{'s' if self.attempts > 1 else ''}"
        return kind(
            f"{self._prepared.operation}: {reason} ({attempts}; {_ADVICE[delivery]}){told}",
            request=request,
            response=response,
            body=body,
            attempts=self.attempts,
            delivery=delivery,
        )

    def _shown(self, attempt: Attempt) -> tuple[httpx.Request, httpx.Response | None, Any]:
        """The request and the response as an error shows them, without the token, and the decoded body."""
        prepared = self._prepared
        headers = httpx.Headers(attempt.request.headers)
        for name in (*_SECRET_HEADERS, prepared.secret_header):
            if name in headers:
                headers[name] = MASK
        request = httpx.Request(prepared.method, prepared.url, headers=headers, content=prepared.content)
        if attempt.status is None:
            return request, None, None
        content = b"" if attempt.body is None else attempt.body.content()
        if prepared.token:
            content = content.replace(prepared.token.encode(), MASK.encode())  # a server may echo what it got
        came = [(name, value) for name, value in attempt.headers.multi_items() if name not in _ABOUT_BYTES]
        response = httpx.Response(attempt.status, headers=came, content=content, request=request)
        return request, response, _decoded(content)


# They describe the bytes on the network, and not the decompressed ones that an error carries.
_ABOUT_BYTES = ("content-encoding", "content-length", "transfer-encoding")


@dataclass(frozen=True, slots=True)
class Reply:
    """A success: the answer, and the attempt and the course that led to it."""

    status: int
    headers: httpx.Headers
    content: bytes
    attempt: Attempt
    course: Course

    def unusable(self, reason: str) -> APIResponseValidationError:
        """The error for a body that is of no use."""
        return self.course.unusable(self.attempt, reason)


def send(client: httpx.Client, prepared: Prepared) -> Reply:
    """Send a request, and again as far as that is safe. Raises APIError."""
    course = Course(prepared)
    while True:
        attempt = course.begin()
        try:
            response = client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
            try:
                if attempt.head(response):
                    for chunk in cast("httpx.SyncByteStream", response.stream):
                        attempt.take(chunk)
                    attempt.end()
            finally:
                response.close()
        except Exception as error:  # noqa: BLE001 - whatever a connection raises, callers get one tree of errors
            attempt.failed(error)
        wait = course.after(attempt)
        if wait is None:
            return attempt.reply(course)
        time.sleep(wait)


async def send_async(client: httpx.AsyncClient, prepared: Prepared) -> Reply:
    """The same for asyncio and trio. Being cancelled passes through."""
    import anyio  # here, since only this half needs it, and importing it takes time

    course = Course(prepared)
    while True:
        attempt = course.begin()
        with anyio.move_on_after(course.remaining()) as scope:
            try:
                response = await client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
                try:
                    if attempt.head(response):
                        async for chunk in cast("httpx.AsyncByteStream", response.stream):
                            attempt.take(chunk)
                        attempt.end()
                finally:
                    await response.aclose()
            except Exception as error:  # noqa: BLE001 - as above
                attempt.failed(error)
        if scope.cancelled_caught:
            attempt.failed(DeadlineError())
        wait = course.after(attempt)
        if wait is None:
            return attempt.reply(course)
        await anyio.sleep(wait)


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


def _scrubbed(error: Exception | None, masked: httpx.Request) -> Exception | None:
    """An exception and its causes without what holds the token: httpx's request, and the variables of its frames."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.__traceback__ = None
        if isinstance(each, httpx.RequestError | httpx.HTTPStatusError):
            each.request = masked
        if isinstance(each, httpx.HTTPStatusError):
            each.response.request = masked
        waiting += [each.__cause__, each.__context__]
    return error
