"""`delivery_of` finds the nearest word on an upload, wherever it stands in a chain of exceptions."""

import httpx
import pytest
from roark_client import APIError, Delivery, RoarkError, delivery_of

from contract_tests.client.passing.uploads import DELIVERED, NOT_DELIVERED, UNKNOWN


def failure(delivery: Delivery) -> APIError:
    """A failed call."""
    return APIError("failed", request=httpx.Request("POST", "https://api.test"), delivery=delivery)


def chained(
    outer: BaseException, cause: BaseException | None = None, context: BaseException | None = None
) -> BaseException:
    """An exception with what led to it."""
    outer.__context__ = context
    outer.__cause__ = cause
    return outer


FOUND: dict[str, tuple[BaseException, Delivery | None]] = {
    "nothing": (ValueError(), None),
    "nothing in a chain": (chained(ValueError(), KeyError(), OSError()), None),
    "an error of a call": (failure(UNKNOWN), UNKNOWN),
    "a plain error": (RoarkError("closed"), NOT_DELIVERED),
    "a cause": (chained(TimeoutError(), failure(UNKNOWN)), UNKNOWN),
    "a context": (chained(TimeoutError(), None, failure(DELIVERED)), DELIVERED),
    "a cause before a context": (chained(ValueError(), failure(NOT_DELIVERED), failure(DELIVERED)), NOT_DELIVERED),
    "a cause of a cause": (chained(ValueError(), chained(KeyError(), failure(UNKNOWN))), UNKNOWN),
    "its own before its cause": (chained(failure(NOT_DELIVERED), failure(DELIVERED)), NOT_DELIVERED),
    "a group": (BaseExceptionGroup("", [failure(NOT_DELIVERED), ValueError(), failure(UNKNOWN)]), UNKNOWN),
    "a group in a group": (ExceptionGroup("", [ValueError(), ExceptionGroup("", [failure(DELIVERED)])]), DELIVERED),
    "a group of nothing": (ExceptionGroup("", [ValueError()]), None),
}


@pytest.mark.parametrize("name", FOUND)
def test_delivery_of(name: str) -> None:
    """The nearest word counts: its own, then a cause's, then a context's; of a group, the gravest."""
    exception, delivery = FOUND[name]
    assert delivery_of(exception) is delivery


def test_delivery_of_a_circle() -> None:
    """Exceptions that lead to one another are no endless search."""
    one, other = ValueError(), KeyError()
    one.__context__, other.__context__ = other, None
    one.__cause__ = other
    other.__cause__ = one
    assert delivery_of(one) is None
