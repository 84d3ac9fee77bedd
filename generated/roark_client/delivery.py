"""The rules by which an upload is called delivered or not, and is sent again. They are given the result of an attempt.

| what an attempt met | delivery | sent again by itself |
| --- | --- | --- |
| no connection: DNS, refused, TLS, proxy, connect or pool timeout | NOT_DELIVERED | yes |
| a certificate that does not fit | NOT_DELIVERED | no |
| 429 | NOT_DELIVERED | yes |
| any other 4xx but 408; any 3xx but 303 | NOT_DELIVERED | no |
| sent, then a timeout, a reset, a protocol error; 1xx; 303; 408; any 5xx | UNKNOWN | if asked for, or if idempotent |
| a 2xx that says it is something else than is documented, and does not fit | UNKNOWN | as above |
| any other 2xx that cannot be used | DELIVERED | no |

A gateway answers 503, with `Retry-After` or without, also after the server behind it has the body. 303 says
"see there", which a server may say once it has taken something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

__all__ = ["Delivery"]

FIRST_BACKOFF = 0.5  # seconds before the first retry, doubled for each further one
LONGEST_BACKOFF = 8.0
LONGEST_WAIT = 3600.0  # what a server may ask for where no deadline bounds it

# RFC 9110, 9.2.2: sending them twice does what sending them once does.
IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})

_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Delivery(StrEnum):
    """What became of a request that did not succeed, judged over all its attempts."""

    NOT_DELIVERED = "not delivered"
    """Certainly not accepted: sending it again cannot double it."""
    UNKNOWN = "unknown"
    """Sent, and possibly accepted: look before sending it again."""
    DELIVERED = "delivered"
    """Accepted, although its reply could not be used: do not send it again."""


_GRAVITY = (Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED)

ADVICE = {
    Delivery.NOT_DELIVERED: "nothing was accepted, so sending it again cannot double it",
    Delivery.UNKNOWN: "it may have been accepted, so look before sending it again",
    Delivery.DELIVERED: "it was accepted, so do not send it again",
}


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The result of one attempt.

    `status` is None where no answer came, and `retry_after` what the answer asks for, in seconds. `sent`: some of the
    request may have reached the server. `transient`: where no answer came, trying again may help. `foreign`: the answer
    says that it is something else than is documented, so it may be a page of somebody in between.
    """

    status: int | None = None
    retry_after: float | None = None
    sent: bool = True
    transient: bool = True
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a request of a method may be sent again, and whether also where its delivery is unknown."""

    method: str
    max_retries: int
    retry_unknown: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision after an attempt: the delivery over all attempts, and the seconds to the next; None ends it."""

    delivery: Delivery
    wait: float | None


def decide(
    result: AttemptResult, before: Delivery, attempt: int, policy: Policy, remaining: float, jitter: float
) -> Decision:
    """Decide what follows the attempt of this number (from 1) that had this result.

    `before` is the delivery over the attempts before it, `remaining` the seconds until the deadline (infinite without
    one), `jitter` a number from 0 to 1. A wait that does not fit the deadline is not begun.
    """
    now = delivery_after(result)
    delivery = gravest((before, now))
    if attempt > policy.max_retries or not _is_sent_again(result, now, policy):
        return Decision(delivery, None)
    wait = _backoff(attempt, jitter) if result.retry_after is None else result.retry_after
    return Decision(delivery, wait if wait < min(remaining, LONGEST_WAIT) else None)


def delivery_after(result: AttemptResult) -> Delivery:
    """The delivery of an attempt with this result, where that is no success."""
    status = result.status
    if status is None:
        return Delivery.UNKNOWN if result.sent else Delivery.NOT_DELIVERED
    if 200 <= status < 300:
        return Delivery.UNKNOWN if result.foreign else Delivery.DELIVERED
    if status < 200 or status in (303, 408) or status >= 500:
        return Delivery.UNKNOWN
    return Delivery.NOT_DELIVERED


def gravest(deliveries: Iterable[Delivery]) -> Delivery:
    """The gravest of several deliveries, which is that of all attempts, or all uploads, together."""
    return max(deliveries, key=_GRAVITY.index)


def _is_sent_again(result: AttemptResult, now: Delivery, policy: Policy) -> bool:
    if now is Delivery.NOT_DELIVERED:
        return result.transient if result.status is None else result.status == 429
    if result.status is None and not result.transient:  # not of the network: of a caller's hook, perhaps after a 2xx
        return False
    return now is Delivery.UNKNOWN and (policy.retry_unknown or policy.method in IDEMPOTENT_METHODS)


def _backoff(attempt: int, jitter: float) -> float:
    longest = min(FIRST_BACKOFF * 2.0 ** min(attempt - 1, 10), LONGEST_BACKOFF)
    return longest * (1 - jitter / 2)  # never less than half, so that a crowd of clients spreads but still waits


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that `retry-after-ms` or `Retry-After` asks for: a number, a fraction or an HTTP date.

    None where neither is there or can be read; 0 for a date that has passed.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _SECONDS.fullmatch(milliseconds):
        return float(milliseconds) / 1000
    text = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:  # an HTTP date is in GMT, whether or not it says so
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
