"""Every way in which a call can fail.

    RoarkError                            anything the client raises; by itself: it was set up wrongly
    └── APIError                          a call failed; says what became of the upload
        ├── APIConnectionError            no usable answer: no connection, a reset, a protocol error
        │   └── APITimeoutError           none in time
        ├── APIResponseValidationError    a 2xx whose body cannot be read or is not what the contract says
        └── APIStatusError                an answer with another status than 2xx
            ├── BadRequestError           400
            ├── AuthenticationError       401
            ├── PermissionDeniedError     403
            ├── NotFoundError             404
            ├── ConflictError             409
            ├── UnprocessableEntityError  422
            ├── RateLimitError            429
            └── InternalServerError       500 and above

The names are those of the vendor's SDKs. Wrong arguments raise TypeError or ValueError before anything is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .delivery import Delivery

if TYPE_CHECKING:
    import httpx

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "InternalServerError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "RoarkError",
    "UnprocessableEntityError",
    "Violation",
]


@dataclass(frozen=True, slots=True)
class Violation:
    """One place of a body that is not what the contract says. `actual` is left out of the repr: it may be personal."""

    pointer: str
    """JSON pointer (RFC 6901) into the body; empty for the body itself."""
    expected: str
    actual: Any = field(repr=False)

    def __str__(self) -> str:
        return f"{self.pointer or 'the body'}: expected {self.expected}"


class RoarkError(Exception):
    """Anything that the client raises. By itself: the client was set up wrongly."""


class APIError(RoarkError):
    """A call failed."""

    request: httpx.Request
    """What was sent last, its secret headers masked."""
    response: httpx.Response | None
    """What came last, if anything did; its body decompressed, and cut off where it was too large or broke off."""
    status_code: int | None
    """Its status."""
    body: Any
    """Its body: the JSON value, else the text; None where there is none."""
    retry_after: float | None
    """The seconds that the server asks to wait before another attempt."""
    attempts: int
    """How often the request was sent, or tried to be."""
    delivery: Delivery
    """What became of the upload, over all attempts."""

    def __init__(
        self,
        message: str,
        *,
        request: httpx.Request,
        response: httpx.Response | None = None,
        body: Any = None,
        retry_after: float | None = None,
        attempts: int = 1,
        delivery: Delivery = Delivery.UNKNOWN,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.request = request
        self.response = response
        self.status_code = None if response is None else response.status_code
        self.body = body
        self.retry_after = retry_after
        self.attempts = attempts
        self.delivery = delivery

    def __reduce__(self) -> tuple[Any, ...]:
        # Made without __init__, whose keywords pickle does not know; the state brings every attribute back.
        return _blank, (type(self), self.args), self.__dict__


def _blank(kind: type[APIError], arguments: tuple[Any, ...]) -> APIError:
    error = kind.__new__(kind)
    error.args = arguments
    return error


class APIConnectionError(APIError):
    """No usable answer came: no connection, a reset, a protocol error."""


class APITimeoutError(APIConnectionError):
    """No complete answer came within the deadline or a phase's timeout."""


class APIResponseValidationError(APIError):
    """A 2xx whose body cannot be read, is too large, or is not what the contract says. The upload was accepted."""

    violations: tuple[Violation, ...] = ()
    """Every place that is not what the contract says; empty where the body is no JSON at all."""


class APIStatusError(APIError):
    """An answer with another status than 2xx."""

    response: httpx.Response  # pyright: ignore[reportIncompatibleVariableOverride] - an answer did come
    status_code: int  # pyright: ignore[reportIncompatibleVariableOverride]


class BadRequestError(APIStatusError):
    """400: the server refuses the request as it is."""


class AuthenticationError(APIStatusError):
    """401: the token is missing or not accepted."""


class PermissionDeniedError(APIStatusError):
    """403: the token may not do this."""


class NotFoundError(APIStatusError):
    """404: there is no such thing there; is the base URL right?"""


class ConflictError(APIStatusError):
    """409: the server's state does not allow it."""


class UnprocessableEntityError(APIStatusError):
    """422: the server understands the request and refuses its values."""


class RateLimitError(APIStatusError):
    """429: too many requests; `retry_after` says how long to wait."""


class InternalServerError(APIStatusError):
    """500 and above: the server failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def class_of_status(status: int) -> type[APIStatusError]:
    """The class of an error with this status."""
    return _BY_STATUS.get(status, InternalServerError if status >= 500 else APIStatusError)
