"""A typed client for Roark.

`Roark` and `AsyncRoark` are the clients. `models` holds what goes in and comes out, `errors` what can go wrong, `api` a
function for each operation.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import AuthenticatedClient as AuthenticatedClient
    from .client import Client as Client
    from .delivery import Delivery as Delivery
    from .drift import DriftEvent as DriftEvent
    from .drift import DriftKind as DriftKind
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIError as APIError
    from .errors import APIResponseValidationError as APIResponseValidationError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import ArgumentTypeError as ArgumentTypeError
    from .errors import ArgumentValueError as ArgumentValueError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ConfigurationError as ConfigurationError
    from .errors import ConflictError as ConflictError
    from .errors import InternalServerError as InternalServerError
    from .errors import NotFoundError as NotFoundError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import RoarkError as RoarkError
    from .errors import UnprocessableEntityError as UnprocessableEntityError
    from .errors import Violation as Violation
    from .passing import delivery_of as delivery_of
    from .pool import DefaultAsyncHttpxClient as DefaultAsyncHttpxClient
    from .pool import DefaultHttpxClient as DefaultHttpxClient
    from .roark import AsyncRoark as AsyncRoark
    from .roark import Roark as Roark
    from .timeouts import Timeout as Timeout
    from .types import UNSET as UNSET
    from .types import Response as Response
    from .types import Unset as Unset

__version__ = "0.2.0"

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "ArgumentTypeError",
    "ArgumentValueError",
    "AsyncRoark",
    "AuthenticatedClient",
    "AuthenticationError",
    "BadRequestError",
    "Client",
    "ConfigurationError",
    "ConflictError",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "Delivery",
    "delivery_of",
    "DriftEvent",
    "DriftKind",
    "InternalServerError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "Response",
    "Roark",
    "RoarkError",
    "Timeout",
    "UnprocessableEntityError",
    "UNSET",
    "Unset",
    "Violation",
]

if not TYPE_CHECKING:
    from .lazy import lazily

    __getattr__, __dir__ = lazily(
        __name__,
        {
            "AsyncRoark": ".roark",
            "Roark": ".roark",
            "AuthenticatedClient": ".client",
            "Client": ".client",
            "Delivery": ".delivery",
            "DriftEvent": ".drift",
            "DriftKind": ".drift",
            "APIConnectionError": ".errors",
            "APIError": ".errors",
            "APIResponseValidationError": ".errors",
            "APIStatusError": ".errors",
            "APITimeoutError": ".errors",
            "ArgumentTypeError": ".errors",
            "ArgumentValueError": ".errors",
            "AuthenticationError": ".errors",
            "BadRequestError": ".errors",
            "ConfigurationError": ".errors",
            "ConflictError": ".errors",
            "InternalServerError": ".errors",
            "NotFoundError": ".errors",
            "PermissionDeniedError": ".errors",
            "RateLimitError": ".errors",
            "RoarkError": ".errors",
            "UnprocessableEntityError": ".errors",
            "Violation": ".errors",
            "delivery_of": ".passing",
            "DefaultAsyncHttpxClient": ".pool",
            "DefaultHttpxClient": ".pool",
            "Timeout": ".timeouts",
            "UNSET": ".types",
            "Response": ".types",
            "Unset": ".types",
            "errors": ".errors",
            "models": ".models",
        },
    )
