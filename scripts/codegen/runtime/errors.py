"""Every way in which a call can fail. Each says in `delivery` what became of the upload, and in `is_permanent` whether
the very same upload will be refused again.

    RoarkError                            anything the client raises; by itself: it is closed, or in use elsewhere
    ├── ConfigurationError                a token, a server or an environment that cannot work; nothing was sent
    ├── ArgumentTypeError                 an argument of a wrong type, a TypeError too; nothing was sent
    ├── ArgumentValueError                an argument of a wrong value, a ValueError too; nothing was sent
    └── APIError                          a call failed
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

The names of APIError and below are those of the vendor's SDKs.
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
    "ArgumentTypeError",
    "ArgumentValueError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
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
    """Anything that the client raises. By itself: it is closed, or in use by another event loop or process."""

    delivery: Delivery = Delivery.NOT_DELIVERED
    """What became of the upload, over all attempts."""
    is_permanent: bool = False
    """Whether the very same upload will be refused again, whenever it is sent and whatever else is mended."""
    retry_after: float | None = None
    """The seconds that the server asks to wait before another attempt."""


class ConfigurationError(RoarkError):
    """There is no token or no server, or an environment variable cannot be used. Nothing was sent."""


class ArgumentTypeError(RoarkError, TypeError):
    """An argument has a type that the contract, or the client, does not allow. Nothing was sent.

    Permanent if it is an argument of a call, and not of the client: an upload may be taken once that is mended.
    """

    is_permanent = True


class ArgumentValueError(RoarkError, ValueError):
    """An argument has a value that the contract, or the client, does not allow. Nothing was sent.

    Permanent as an ArgumentTypeError is.
    """

    is_permanent = True


def expect_type(argument: str, value: object, kinds: type | tuple[type, ...], expected: str) -> None:
    """Raise ArgumentTypeError where an argument is of none of these types. True and False are of bool alone."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
        raise ArgumentTypeError(f"{argument}: expected {expected}, got a {type(value).__name__}")


# They are about the upload itself. After any other refusal it may be taken: a token, a URL or a right is mended.
_PERMANENT = (400, 413, 415, 422)


class APIError(RoarkError):
    """A call failed."""

    request: httpx.Request
    """What was sent last, its secret headers masked."""
    response: httpx.Response | None
    """The last reply, if there was one; its body decompressed, and cut off where it was too large or broke off."""
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
    request_id: str | None
    """How the server, or a gateway before it, names the request in its own logs: by one of the usual headers."""

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
        self.is_permanent = delivery is Delivery.NOT_DELIVERED and self.status_code in _PERMANENT
        self.request_id = None if response is None else request_id(response.headers)

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
    """A 2xx whose body cannot be read, is too large, or is not what the contract says.

    The upload was accepted, unless the answer says that it is something else than JSON: then its `delivery` is UNKNOWN.
    """

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


_REQUEST_IDS = (
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amzn-request-id",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-vercel-id",
    "fly-request-id",
    "cf-ray",
    "x-amz-cf-id",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
)


def request_id(headers: httpx.Headers) -> str | None:
    """The name of a request, by the first of the usual headers that is there: those of servers before those of CDNs."""
    return next((headers[name] for name in _REQUEST_IDS if headers.get(name)), None)
