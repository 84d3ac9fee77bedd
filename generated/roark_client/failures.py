"""A failed attempt: what it says of the upload's delivery, and the error that callers get for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx

from .attempt import Attempt
from .delivery import ADVICE, AttemptResult, Delivery, retry_after
from .environment import proxy_of
from .errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APITimeoutError,
    class_of_status,
    request_id,
)
from .masking import MASK, Mask
from .media_types import media_type
from .reply_body import ReplyBodyError, response_read
from .timeouts import DeadlineError

# Raised before any byte of the request has gone out.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def result_of(attempt: Attempt) -> AttemptResult:
    """The result of an attempt, as `delivery.decide` takes it."""
    if attempt.status is not None:
        return AttemptResult(attempt.status, retry_after(attempt.headers), foreign=attempt.is_foreign)
    error, request = attempt.failure, attempt.request
    # A caller's transport may send the body without our seeing it.
    is_callers = attempt.prepared.callers_client is not None
    sent = attempt.request_body.sent or (is_callers and not _is_before_sending(error, request))
    return AttemptResult(sent=sent, transient=_is_transient(error, request))


def _is_before_sending(error: Exception | None, request: httpx.Request) -> bool:
    """Whether a failure says that nothing was sent. What other libraries translate to httpx's is not trusted."""
    origin = error and (error.__cause__ or error.__context__)
    is_of_httpx = origin is None or type(origin).__module__.startswith("httpcore")
    return isinstance(error, _BEFORE_SENDING) and is_of_httpx and _request_of(error) is request


def _is_transient(error: Exception | None, request: httpx.Request) -> bool:
    """Whether a failure is one of the network, which may pass. A certificate that does not fit stays so."""
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError) or _is_about_certificate(error):
        return False
    if isinstance(error, httpx.TransportError):
        return _request_of(error) in (request, None)
    return isinstance(error, DeadlineError)


def _request_of(error: httpx.TransportError) -> httpx.Request | None:
    """The request that a failure names, as httpx does in what transports raise; a hook may name another, or none."""
    try:
        return error.request
    except RuntimeError:
        return None


def _is_about_certificate(error: BaseException | None) -> bool:
    """Whether a connection was refused for the certificate of the server, which the next one will meet again."""
    if not isinstance(error, httpx.ConnectError):
        return False
    import ssl  # here, since a connection that has failed for it has imported it

    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


class ShownReply(NamedTuple):
    """A reply as an error shows it: all of it without the token."""

    response: httpx.Response | None = None
    body: Any = None
    excerpt: str = ""
    echoed_token: bool = False


@dataclass(frozen=True, slots=True, repr=False)  # tracebacks may show locals
class FailedAttempt:
    """An attempt that failed, in words and as the error that callers get."""

    attempt: Attempt
    result: AttemptResult
    client: httpx.Client | httpx.AsyncClient

    def error(self, attempts: int, delivery: Delivery, handled: BaseException | None) -> APIError:
        """An error that shows the request, the response and what caused it, all without the token."""
        attempt, result = self.attempt, self.result
        sent = attempt.sent
        mask, request = sent.mask(), sent.shown()
        reply = self._shown_reply(mask, request)
        kind, reason = self.kind_and_reason()
        if result.retry_after is not None and not attempt.is_success:
            reason += f", which asks to wait {result.retry_after:.4g} s"
        counted = f"{attempts} attempt{'s' if attempts > 1 else ''}"
        if reply.response is not None and (name := request_id(reply.response.headers)):
            counted += f", request {_printable(name)}"
        error = kind(
            f"{attempt.prepared.operation} to {self._server()}: {mask.text(reason)} "
            f"({counted}; {ADVICE[delivery]}){reply.excerpt}",
            request=request,
            response=reply.response,
            body=reply.body,
            retry_after=None if delivery is Delivery.DELIVERED else result.retry_after,
            attempts=attempts,
            delivery=delivery,
        )
        if isinstance(attempt.failure, ReplyBodyError):  # which says no more than the error, and holds the reply
            violations = attempt.failure.violations
            if isinstance(error, APIResponseValidationError):
                error.violations = (
                    tuple(replace(violation, actual=MASK) for violation in violations)
                    if reply.echoed_token
                    else violations
                )
        else:
            error.__cause__ = mask.exception(attempt.failure, request, reply.response, handled)
        return error

    def kind_and_reason(self) -> tuple[type[APIError], str]:
        """The class of the error, and why the attempt failed, in words that may hold the token."""
        attempt, status, failure = self.attempt, self.result.status, self.attempt.failure
        if status is not None and not attempt.is_success:
            return class_of_status(status), f"{_status_named(status)}{_redirect_named(attempt)}"
        if isinstance(failure, DeadlineError):
            return APITimeoutError, f"no complete answer within {attempt.prepared.timeouts.deadline:g} s"
        if isinstance(failure, httpx.TimeoutException):
            return APITimeoutError, f"{type(failure).__name__}"
        answer = f"{status} as {_printable(media_type(attempt.headers))}" if attempt.is_foreign else f"{status}"
        if isinstance(failure, ReplyBodyError):
            return APIResponseValidationError, f"{answer}, but {failure}"
        message = f" ({failure})" if str(failure) else ""
        closed = "the client was closed meanwhile: " if self.client.is_closed else ""
        reason = f"{closed}{type(failure).__name__}{_printable(message)}"
        return APIConnectionError, f"{answer}, but its body breaks off: {reason}" if attempt.is_success else reason

    def _shown_reply(self, mask: Mask, request: httpx.Request) -> ShownReply:
        attempt = self.attempt
        if attempt.status is None:
            return ShownReply()
        received = attempt.body.content()
        content = mask.data(received)
        response = response_read(attempt.status, mask.headers(attempt.headers), content, request)
        body = _decoded(content)
        excerpt = ""
        if content and (attempt.is_foreign or not attempt.is_success):  # what else it says may be personal
            excerpt = f": {_printable(content[:1000].decode('utf-8', 'replace'))}"
        return ShownReply(response, body, excerpt, content != received)

    def _server(self) -> str:
        """The server, and the proxy before it."""
        url = self.attempt.prepared.url
        port = {"http": 80, "https": 443}.get(url.scheme) if url.port is None else url.port
        host = f"[{url.host}]" if ":" in url.host else url.host
        proxy = proxy_of(self.client, url)
        return f"{url.scheme}://{host}:{port}{f' through the proxy {proxy}' if proxy else ''}"


def _status_named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # the list of the IANA is not all that servers send
        return str(status)


def _redirect_named(attempt: Attempt) -> str:
    """Where a redirect, which is never followed, leads."""
    location = attempt.headers.get("location", "")
    return f" to {_printable(location)}" if attempt.status is not None and attempt.status < 400 and location else ""


def _decoded(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _printable(text: str) -> str:
    """Text of a server on one line, and not too much of it; what a terminal would obey is escaped."""
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:300])
    return text if len(text) < 300 else text[:300] + "…"
