"""Sending a request until it is answered with something of use, refused or out of time.

`send` and `send_async` are the same thin loop: they send and wait. What an attempt met is told to its `Course`, which
reads a success, and `delivery.decide` says what follows.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from math import inf
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

import httpx

from .delivery import ADVICE, Delivery, Met, Policy, decide, delivery_after, gravest, random_jitter, retry_after
from .environment import proxy_of
from .errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    RoarkError,
    class_of_status,
    request_id,
)
from .logs import logger
from .masking import MASK, Sent, keep_from_log
from .media_types import media_type
from .passing import from_signal_handler, tell
from .reply_body import MAX_BYTES, ReplyBody, ReplyBodyError, response_read
from .security import Secrets
from .timeouts import Deadline, Timeouts, phases, seconds

T = TypeVar("T")

# Raised before any byte of the request has gone out.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

GRACE = 0.05  # seconds: httpx ends by itself at the deadline, and then closes more than when it is cancelled
CHUNK = 256 * 1024  # of a request's body: after each the deadline is looked at; smaller ones cost more than they spare
LEFT_CHUNKS = 65_536  # of a closed stream that are waited for


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
    """A request that is ready to be sent, and how. `client` merges its own headers into it, if it is a caller's.

    `is_foreign`: whether a reply that says that it is of a media type is none that the contract documents.
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

    def __repr__(self) -> str:
        return f"<{self.operation}>"


@dataclass(frozen=True, slots=True, repr=False)  # a server may echo the token, and tracebacks may show locals
class Reply:
    """An answer that says that the request was accepted, and how many attempts it took."""

    status: int
    headers: httpx.Headers
    content: bytes
    attempts: int
    sent: Sent


class Attempt:
    """One sending of a request, and what came of it.

    `handled`: what the caller was handling when the call began.
    """

    def __init__(self, prepared: Prepared, deadline: Deadline, handled: BaseException | None) -> None:
        self._prepared = prepared
        self._deadline = deadline
        self._handled = handled
        self._phases = phases(prepared.timeouts, deadline.remaining())
        self._sent = TrackedBody(prepared.content, self._keep_deadline)
        self.request = self._request(prepared)
        keep_from_log(self.request, prepared.secrets)
        self._started = time.perf_counter()
        self.status: int | None = None
        self.headers = httpx.Headers()
        self.body: ReplyBody | None = None
        self.failure: Exception | None = None
        self.passing: BaseException | None = None
        """What a signal handler has raised meanwhile."""

    def _request(self, prepared: Prepared) -> httpx.Request:
        extensions = {"timeout": self._phases}
        if prepared.callers_client is None:
            return httpx.Request(
                prepared.method, prepared.url, headers=prepared.headers, stream=self._sent, extensions=extensions
            )
        # With the headers, cookies and query that the caller set there, and with the content that hooks may look at.
        client, url = prepared.callers_client, prepared.url
        request = client.build_request(
            prepared.method,
            url,
            params=url.params if client.params else None,  # which would take the place of the query otherwise
            headers=prepared.headers,
            content=prepared.content,
            extensions=extensions,
        )
        for name in prepared.left_out:
            request.headers.pop(name, None)
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
        self._look_whose(error)
        # A hook of the caller's may raise for the status; not for that of a request of its own.
        if self.status is None and isinstance(error, httpx.HTTPStatusError) and error.response.request is self.request:
            self.status, self.headers = error.response.status_code, error.response.headers
            with contextlib.suppress(httpx.StreamError):  # where the hook has not read the body
                content = error.response.content
                self.body = ReplyBody(self.headers)
                self.body.take_decoded(content[:MAX_BYTES])

    def closed_badly(self, error: Exception) -> None:
        """Take in what closing a reply has raised, which by itself is nothing to anybody."""
        self._look_whose(error)

    def _look_whose(self, error: Exception) -> None:
        """Find what is none of the client's in an error, since that passes."""
        self.passing = self.passing or from_signal_handler(error, self._handled)

    def _keep_deadline(self) -> None:
        """Raise if it has passed; else let what is read next, the head or the body, wait no longer than it."""
        remaining = self._deadline.remaining()
        if remaining < 0:
            raise DeadlineError
        self._phases["read"] = seconds(self._prepared.timeouts.read, remaining)

    @property
    def sent(self) -> Sent:
        """What went out."""
        request, prepared = self.request, self._prepared
        return Sent(request.method, request.url, request.headers, prepared.content, prepared.secrets)

    @property
    def is_success(self) -> bool:
        """Whether the server said that it accepted the request."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_foreign(self) -> bool:
        """Whether what came says that it is something else than what the contract documents."""
        return self._prepared.is_foreign(media_type(self.headers))

    def met(self) -> Met:
        """What the attempt met, as the decision wants to know it."""
        if self.status is not None:
            return Met(self.status, retry_after(self.headers), foreign=self.is_foreign)
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
        """Whether the failure is one of the network, which may pass. A certificate that does not fit stays so."""
        error = self.failure
        if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError) or _is_about_certificate(error):
            return False
        return isinstance(error, DeadlineError) or (isinstance(error, httpx.TransportError) and self._is_own(error))

    def _is_own(self, error: httpx.TransportError) -> bool:
        """Whether a failure is about this request, and not about another that a hook of the caller's has sent."""
        try:
            return error.request is self.request
        except RuntimeError:  # it names none
            return True

    def reply(self, attempts: int) -> Reply:
        """The success that came of it."""
        assert self.status is not None  # noqa: S101 - a success has one
        assert self.body is not None  # noqa: S101
        return Reply(self.status, self.headers, self.body.content(), attempts, self.sent)

    def log(self, number: int) -> None:
        """One line, without a value of any header or body."""
        if logger.isEnabledFor(logging.DEBUG):
            met = self.status if self.failure is None else f"{self.status or ''} {type(self.failure).__name__}".strip()
            milliseconds = (time.perf_counter() - self._started) * 1000
            logger.debug("%s %s %.0f ms, attempt %d", self._prepared.operation, met, milliseconds, number)


class Course(Generic[T]):
    """One call over all its attempts. Both loops tell it what happens, and neither decides anything itself.

    Whatever leaves its `with` block says what became of the upload. `read` makes the result of a reply, or raises
    ReplyBodyError where the reply is of no use.
    """

    result: T
    _client: httpx.Client | httpx.AsyncClient
    _prepared: Prepared
    _deadline: Deadline

    def __init__(self, operation: str, read: Callable[[Reply], T]) -> None:
        self._operation = operation
        self._read = read
        self._handled_by_caller = sys.exception()
        self._delivery = Delivery.NOT_DELIVERED  # of the attempts that are over
        self._attempt: Attempt | None = None  # that is under way
        self._attempts = 0
        self.failure: APIError | None = None
        """How the call has failed; what else leaves it is none of the client's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or error is self.failure or (isinstance(error, RoarkError) and self._attempts == 0):
            return
        delivery = self._delivery
        if self._attempt is not None:
            delivery = gravest((delivery, delivery_after(self._attempt.met())))
        tell(error, delivery, self._operation, self._handled_by_caller)

    def begin(self, client: httpx.Client | httpx.AsyncClient, prepared: Prepared) -> None:
        """Take in what is sent, and by which client. The deadline counts from here."""
        self._client, self._prepared = client, prepared
        self._deadline = Deadline(prepared.timeouts.deadline)

    def next_attempt(self) -> Attempt:
        """The next attempt."""
        attempt = Attempt(self._prepared, self._deadline, self._handled_by_caller)
        self._attempts += 1
        self._attempt = attempt
        return attempt

    def remaining(self, grace: float) -> float | None:
        """The seconds until the deadline and as many more; None without one."""
        remaining = self._deadline.remaining()
        return None if remaining == inf else max(remaining, 0) + grace

    def after(self, attempt: Attempt) -> float | None:
        """The seconds to wait before the next attempt; None after a success, whose `result` is there then.

        Raises after the last attempt.
        """
        attempt.log(self._attempts)
        if attempt.is_success and attempt.failure is None and attempt.passing is None:
            try:
                self.result = self._read(attempt.reply(self._attempts))
            except ReplyBodyError as error:
                attempt.failed(error)
            else:
                return None
        if attempt.passing is not None:
            raise attempt.passing
        met = attempt.met()
        policy = self._prepared.policy
        decision = decide(met, self._delivery, self._attempts, policy, self._deadline.remaining(), random_jitter())
        self._delivery, self._attempt = decision.delivery, None
        if decision.wait is None:
            self.failure = self._error(attempt, met)
            raise self.failure
        if logger.isEnabledFor(logging.INFO):
            _, reason = self._named(attempt, met)
            logger.info(
                "%s: %s; sent again in %.3g s (%d of %d)",
                self._operation,
                attempt.sent.mask().text(reason),
                decision.wait,
                self._attempts,
                policy.max_retries,
            )
        return decision.wait

    def _named(self, attempt: Attempt, met: Met) -> tuple[type[APIError], str]:
        """What an attempt that failed met: the class of its error, and words."""
        failure = attempt.failure
        if met.status is not None and not attempt.is_success:
            return class_of_status(met.status), f"{_status_named(met.status)}{_led_to(attempt)}"
        if isinstance(failure, DeadlineError):
            return APITimeoutError, f"no complete answer within {self._prepared.timeouts.deadline:g} s"
        if isinstance(failure, httpx.TimeoutException):
            return APITimeoutError, f"{type(failure).__name__}"
        came = f"{met.status} as {_printable(media_type(attempt.headers))}" if attempt.is_foreign else f"{met.status}"
        if isinstance(failure, ReplyBodyError):
            return APIResponseValidationError, f"{came}, but {failure}"
        told = f" ({failure})" if str(failure) else ""
        closed = "the client was closed meanwhile: " if self._client.is_closed else ""
        reason = f"{closed}{type(failure).__name__}{_printable(told)}"
        return APIConnectionError, f"{came}, but its body breaks off: {reason}" if attempt.is_success else reason

    def _error(self, attempt: Attempt, met: Met) -> APIError:
        """An error that shows the request, the response and what caused it, all without the token."""
        kind, reason = self._named(attempt, met)
        if met.retry_after is not None and not attempt.is_success:
            reason += f", which asks to wait {met.retry_after:.4g} s"
        prepared = self._prepared
        sent = attempt.sent
        mask, request = sent.mask(), sent.shown()
        response, body, told, echoes_token = None, None, "", False
        if attempt.status is not None:
            came = b"" if attempt.body is None else attempt.body.content()
            content = mask.data(came)
            echoes_token = content != came
            response = response_read(attempt.status, mask.headers(attempt.headers), content, request)
            body = _decoded(content)
            if content and (attempt.is_foreign or not attempt.is_success):  # what else it says may be personal
                told = f": {_printable(content[:1000].decode('utf-8', 'replace'))}"
        attempts = f"{self._attempts} attempt{'s' if self._attempts > 1 else ''}"
        named = "" if response is None else request_id(response.headers)
        if named:
            attempts += f", request {_printable(named)}"
        error = kind(
            f"{prepared.operation} to {self._spoken_to()}: {mask.text(reason)} "
            f"({attempts}; {ADVICE[self._delivery]}){told}",
            request=request,
            response=response,
            body=body,
            retry_after=None if self._delivery is Delivery.DELIVERED else met.retry_after,
            attempts=self._attempts,
            delivery=self._delivery,
        )
        if isinstance(attempt.failure, ReplyBodyError):  # which says no more than the error, and holds the reply
            violations = attempt.failure.violations
            if isinstance(error, APIResponseValidationError):
                error.violations = (
                    tuple(replace(each, actual=MASK) for each in violations) if echoes_token else violations
                )
        else:
            error.__cause__ = mask.exception(attempt.failure, request, response, self._handled_by_caller)
        return error

    def _spoken_to(self) -> str:
        """The server, and the proxy before it."""
        url = self._prepared.url
        port = {"http": 80, "https": 443}.get(url.scheme) if url.port is None else url.port
        host = f"[{url.host}]" if ":" in url.host else url.host
        proxy = proxy_of(self._client, url)
        return f"{url.scheme}://{host}:{port}{f' through the proxy {proxy}' if proxy else ''}"


def send(client: httpx.Client, prepared: Prepared, course: Course[T]) -> T:
    """Send a request, and again as far as that is safe, until its course has a result. Raises APIError."""
    course.begin(client, prepared)
    while True:
        attempt = course.next_attempt()
        try:
            _once(client, attempt)
        except Exception as error:  # noqa: BLE001 - whatever a connection raises, callers get one tree of errors
            attempt.failed(error)
        wait = course.after(attempt)
        if wait is None:
            return course.result
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
    try:
        response.close()
    except Exception as error:  # noqa: BLE001 - the reply is complete
        attempt.closed_badly(error)


async def send_async(client: httpx.AsyncClient, prepared: Prepared, course: Course[T]) -> T:
    """The same for asyncio and trio. Being cancelled passes through."""
    import anyio  # here, since only this half needs it, and importing it takes time

    course.begin(client, prepared)
    while True:
        attempt = course.next_attempt()
        with anyio.move_on_after(course.remaining(GRACE)) as scope:
            try:
                await _once_async(client, attempt)
            except Exception as error:  # noqa: BLE001 - as above
                attempt.failed(error)
        if scope.cancelled_caught:
            attempt.failed(DeadlineError())
        wait = course.after(attempt)
        if wait is None:
            return course.result
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
            await _exhaust(chunks, attempt)
        raise
    try:
        await response.aclose()
    except Exception as error:  # noqa: BLE001 - as above
        attempt.closed_badly(error)


async def _exhaust(chunks: AsyncIterator[bytes], attempt: Attempt) -> None:
    """Let the generators of a closed stream end, as trio asks for; not for ever, as a transport may ignore that."""
    try:
        for _ in range(LEFT_CHUNKS):
            await anext(chunks)
    except Exception as error:  # noqa: BLE001 - the end, or what is known already
        attempt.closed_badly(error)


def _status_named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # the list of the IANA is not all that servers send
        return str(status)


def _led_to(attempt: Attempt) -> str:
    """Where a redirect, which is never followed, leads."""
    location = attempt.headers.get("location", "")
    return f" to {_printable(location)}" if attempt.status is not None and attempt.status < 400 and location else ""


def _is_about_certificate(error: BaseException | None) -> bool:
    """Whether a connection was refused for the certificate of the server, which the next one will meet again."""
    if not isinstance(error, httpx.ConnectError):
        return False
    import ssl  # here, since a connection that has failed for it has imported it

    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


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
