"""One attempt to have a request answered: what goes out, and what comes in."""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass

import httpx

from .logs import logger
from .masking import SentRequest, keep_from_log
from .media_types import media_type
from .passing import handler_exception
from .reply_body import MAX_BYTES, ReplyBody
from .request import PreparedRequest, TrackedBody
from .timeouts import AttemptTimeouts, Deadline


@dataclass(frozen=True, slots=True, repr=False)  # a server may echo the token, and tracebacks may show locals
class Reply:
    """An answer that says that the request was accepted, and how many attempts it took."""

    status: int
    headers: httpx.Headers
    content: bytes
    attempts: int
    sent: SentRequest


class Attempt:
    """One sending of a request. What a failure of it means, `failures` knows.

    `handled`: what the caller was handling when the call began.
    """

    def __init__(self, prepared: PreparedRequest, deadline: Deadline, handled: BaseException | None) -> None:
        self.prepared = prepared
        self._handled = handled
        self._timeouts = AttemptTimeouts(prepared.timeouts, deadline)
        self.request_body = TrackedBody(prepared.content, self._timeouts.keep_deadline)
        self.request = prepared.with_body(self.request_body, self._timeouts.phases)
        keep_from_log(self.request, prepared.secrets)
        self._started = time.perf_counter()
        self.status: int | None = None
        self.headers = httpx.Headers()
        self.body = ReplyBody(self.headers)
        self.failure: Exception | None = None
        self.handler_exception: BaseException | None = None
        """An exception that a signal handler has raised meanwhile."""

    def take_head(self, response: httpx.Response) -> bool:
        """Take in the status and the headers. False where the body is there already, read by a hook of the caller's."""
        self.status, self.headers = response.status_code, response.headers
        self.body = ReplyBody(self.headers)
        if response.is_stream_consumed:
            self.body.take_decoded(response.content)
            return False
        self.body.begin()
        self._timeouts.keep_deadline()
        return True

    def take_chunk(self, chunk: bytes) -> None:
        """Take in a chunk of the body."""
        self.body.take(chunk)
        self._timeouts.keep_deadline()

    def take_end(self) -> None:
        """Take in that the body is complete."""
        self.body.end()

    def take_failure(self, error: Exception) -> None:
        """Take in why the attempt broke off."""
        self.failure = error
        self._find_handler_exception(error)
        # A hook of the caller's may raise for the status; not for that of a request of its own.
        if self.status is None and isinstance(error, httpx.HTTPStatusError) and error.response.request is self.request:
            self.status, self.headers = error.response.status_code, error.response.headers
            with contextlib.suppress(httpx.StreamError):  # where the hook has not read the body
                content = error.response.content
                self.body = ReplyBody(self.headers)
                self.body.take_decoded(content[:MAX_BYTES])

    def take_failure_to_close(self, error: Exception) -> None:
        """Take in what closing a reply has raised, which only matters where a signal handler has raised it."""
        self._find_handler_exception(error)

    def _find_handler_exception(self, error: Exception) -> None:
        self.handler_exception = self.handler_exception or handler_exception(error, self._handled)

    @property
    def sent(self) -> SentRequest:
        """The request as it went out."""
        request, prepared = self.request, self.prepared
        return SentRequest(request.method, request.url, request.headers, prepared.content, prepared.secrets)

    @property
    def is_success(self) -> bool:
        """Whether the server said that it accepted the request."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_foreign(self) -> bool:
        """Whether the media type of the reply is none that the contract documents."""
        return self.prepared.is_foreign(media_type(self.headers))

    def reply(self, attempts: int) -> Reply:
        """The reply of a success."""
        assert self.status is not None  # noqa: S101 - a success has one
        return Reply(self.status, self.headers, self.body.content(), attempts, self.sent)

    def log(self, number: int) -> None:
        """One line, without a value of any header or body."""
        if logger.isEnabledFor(logging.DEBUG):
            failure = "" if self.failure is None else type(self.failure).__name__
            outcome = f"{self.status or ''} {failure}".strip()
            milliseconds = (time.perf_counter() - self._started) * 1000
            logger.debug("%s %s %.0f ms, attempt %d", self.prepared.operation, outcome, milliseconds, number)
