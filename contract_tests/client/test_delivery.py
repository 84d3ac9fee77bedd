"""What follows an attempt, as data: its delivery, and whether and when the request is sent again."""

from datetime import UTC, datetime, timedelta
from math import inf
from typing import NamedTuple

import httpx
import pytest
from roark_client import Delivery
from roark_client.delivery import AttemptResult, Decision, Policy, decide, retry_after

NOT_DELIVERED, UNKNOWN, DELIVERED = Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED
NO_CONNECTION = AttemptResult(sent=False)
HOPELESS = AttemptResult(sent=False, transient=False)
LOST = AttemptResult()

CAREFUL = Policy("POST", max_retries=2, retry_unknown=False)
EAGER = Policy("POST", max_retries=2, retry_unknown=True)
IDEMPOTENT = Policy("PUT", max_retries=2, retry_unknown=False)


class Row(NamedTuple):
    """The result of an attempt, and what is made of it: carefully, with `retry_unknown=True`, and for PUT."""

    result: AttemptResult
    delivery: Delivery
    careful: bool
    eager: bool
    idempotent: bool


# The table of deliveries, by its rows.
TABLE = [
    # No connection: DNS, refused, TLS, proxy, connect or pool timeout.
    Row(NO_CONNECTION, NOT_DELIVERED, True, True, True),
    Row(HOPELESS, NOT_DELIVERED, False, False, False),
    # 429.
    Row(AttemptResult(429), NOT_DELIVERED, True, True, True),
    Row(AttemptResult(429, retry_after=1), NOT_DELIVERED, True, True, True),
    # Any other 4xx but 408; any 3xx but 303.
    *[Row(AttemptResult(status), NOT_DELIVERED, False, False, False) for status in (300, 301, 302, 304, 307, 308, 399)],
    *[
        Row(AttemptResult(status), NOT_DELIVERED, False, False, False)
        for status in (400, 401, 403, 404, 409, 413, 422, 425, 499)
    ],
    Row(AttemptResult(400, retry_after=1), NOT_DELIVERED, False, False, False),
    Row(AttemptResult(301, retry_after=1), NOT_DELIVERED, False, False, False),
    # Sent, then a timeout, a reset, a protocol error; 1xx; 303; 408; any 5xx, with Retry-After too.
    Row(LOST, UNKNOWN, False, True, True),
    *[
        Row(AttemptResult(status), UNKNOWN, False, True, True)
        for status in (408, 500, 501, 502, 503, 504, 505, 529, 599, 600)
    ],
    Row(AttemptResult(408, retry_after=1), UNKNOWN, False, True, True),
    Row(AttemptResult(500, retry_after=1), UNKNOWN, False, True, True),
    *[Row(AttemptResult(503, retry_after=seconds), UNKNOWN, False, True, True) for seconds in (0, 1)],
    *[Row(AttemptResult(status), UNKNOWN, False, True, True) for status in (100, 101, 199, 303)],
    # A 2xx that says it is something else than JSON.
    *[Row(AttemptResult(status, foreign=True), UNKNOWN, False, True, True) for status in (200, 202, 204, 299)],
    # Any other 2xx that cannot be used.
    *[Row(AttemptResult(status), DELIVERED, False, False, False) for status in (200, 201, 202, 204, 206, 299)],
    Row(AttemptResult(200, retry_after=1), DELIVERED, False, False, False),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_table(row: Row) -> None:
    """Each row of the table of deliveries."""
    for policy, again in ((CAREFUL, row.careful), (EAGER, row.eager), (IDEMPOTENT, row.idempotent)):
        decision = decide(row.result, NOT_DELIVERED, 1, policy, 60, 0)
        assert (decision.delivery, decision.wait is not None) == (row.delivery, again), policy


@pytest.mark.parametrize("status", range(100, 1000))
@pytest.mark.parametrize("retry_after", [None, 1])
def test_no_status_is_left_out(status: int, retry_after: float | None) -> None:
    """Every status has a delivery, whenever it asks to be back, and by itself only 429 is sent again."""
    decision = decide(AttemptResult(status, retry_after), NOT_DELIVERED, 1, CAREFUL, 60, 0)
    accepted, unknown = 200 <= status < 300, status < 200 or status in (303, 408) or status >= 500
    assert decision.delivery is (DELIVERED if accepted else UNKNOWN if unknown else NOT_DELIVERED)
    assert (decision.wait is not None) == (status == 429)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"])
def test_idempotent_methods(method: str) -> None:
    """What is unknown is sent again by itself where twice does what once does (RFC 9110, 9.2.2)."""
    decision = decide(LOST, NOT_DELIVERED, 1, Policy(method, 2, False), 60, 0)
    assert (decision.wait is not None) == (method not in ("POST", "PATCH"))


@pytest.mark.parametrize(
    ("before", "result", "after"),
    [
        (NOT_DELIVERED, NO_CONNECTION, NOT_DELIVERED),
        (NOT_DELIVERED, LOST, UNKNOWN),
        (NOT_DELIVERED, AttemptResult(200), DELIVERED),
        (UNKNOWN, NO_CONNECTION, UNKNOWN),
        (UNKNOWN, AttemptResult(400), UNKNOWN),
        (UNKNOWN, AttemptResult(429), UNKNOWN),
        (UNKNOWN, AttemptResult(500), UNKNOWN),
        (UNKNOWN, AttemptResult(200), DELIVERED),
        (DELIVERED, NO_CONNECTION, DELIVERED),
        (DELIVERED, AttemptResult(500), DELIVERED),
    ],
)
def test_gravest_counts(before: Delivery, result: AttemptResult, after: Delivery) -> None:
    """Over several attempts the gravest delivery counts, whatever the result of the last one."""
    assert decide(result, before, 2, EAGER, 60, 0).delivery is after


@pytest.mark.parametrize("max_retries", [0, 1, 2, 7])
def test_max_retries(max_retries: int) -> None:
    """As many attempts are made as retries are allowed, and one."""
    policy = Policy("POST", max_retries, retry_unknown=False)
    waits = [decide(NO_CONNECTION, NOT_DELIVERED, attempt, policy, inf, 0).wait for attempt in range(1, 10)]
    assert [wait is not None for wait in waits] == [attempt <= max_retries for attempt in range(1, 10)]


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (6, 8), (50, 8), (10_000, 8)]
)
@pytest.mark.parametrize(("jitter", "share"), [(0, 1), (0.5, 0.75), (1, 0.5)])
def test_backoff(attempt: int, longest: float, jitter: float, share: float) -> None:
    """The wait doubles from half a second to eight, less up to half of it by chance."""
    policy = Policy("POST", attempt, retry_unknown=False)
    assert decide(NO_CONNECTION, NOT_DELIVERED, attempt, policy, inf, jitter).wait == longest * share


@pytest.mark.parametrize(
    ("result", "remaining", "wait"),
    [
        (AttemptResult(429, retry_after=5), inf, 5),
        (AttemptResult(429, retry_after=5), 5.1, 5),
        (AttemptResult(429, retry_after=5), 5, None),
        (AttemptResult(429, retry_after=5), 0.1, None),
        (AttemptResult(429, retry_after=0), 0.1, 0),
        (AttemptResult(429, retry_after=0), 0, None),
        (AttemptResult(429, retry_after=0), -1, None),
        (AttemptResult(429, retry_after=3599), inf, 3599),
        (AttemptResult(429, retry_after=3600), inf, None),
        (AttemptResult(429, retry_after=inf), inf, None),
        (AttemptResult(429, retry_after=90), 60, None),
        (NO_CONNECTION, 0.6, 0.5),
        (NO_CONNECTION, 0.5, None),
        (NO_CONNECTION, -0.1, None),
    ],
)
def test_waits_fit_the_deadline(result: AttemptResult, remaining: float, wait: float | None) -> None:
    """A wait is begun only if it ends before the deadline, and within an hour where there is none."""
    assert decide(result, NOT_DELIVERED, 1, CAREFUL, remaining, 0) == Decision(NOT_DELIVERED, wait)


NOW = datetime(2025, 2, 11, 1, 4, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        # Seconds.
        ("0", 0),
        ("7", 7),
        ("  7\t", 7),
        ("007", 7),
        ("120", 120),
        ("0.25", 0.25),
        ("1.5", 1.5),
        ("99999999999", 99999999999),
        ("9" * 400, inf),
        # Dates, in the three forms of RFC 9110.
        ("Tue, 11 Feb 2025 01:04:42 GMT", 10),
        ("Tuesday, 11-Feb-25 01:04:42 GMT", 10),
        ("Tue Feb 11 01:04:42 2025", 10),
        ("Tue, 11 Feb 2025 02:04:42 +0100", 10),
        ("11 Feb 2025 01:04:42", 10),
        ("Tue, 11 Feb 2025 01:04:32 GMT", 0),
        ("Tue, 11 Feb 2025 01:04:31 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251663064927),
        # Garbage.
        ("", None),
        ("soon", None),
        ("-1", None),
        ("+1", None),
        ("1e3", None),
        (".5", None),
        ("1.", None),
        ("1,5", None),
        ("1, 2", None),
        ("1_000", None),
        ("٣", None),
        ("nan", None),
        ("inf", None),
        ("7 seconds", None),
        ("2025-02-11T01:04:42Z", None),
        ("Tue, 31 Feb 2025 01:04:42 GMT", None),
        ("Tue, 11 Feb 2025 25:04:42 GMT", None),
        ("Tue, 11 Feb 99999 01:04:42 GMT", None),
        ("Tue, 11 Feb 2025 01:04:42 +9999", None),
        ("Tue, 11 Feb 2025", None),
        ("GMT", None),
        (":", None),
        ("\x00", None),
    ],
    ids=repr,
)
def test_retry_after(text: str, seconds: float | None) -> None:
    """Retry-After is seconds, a fraction of them or an HTTP date; a past date is no wait, and garbage is no answer."""
    assert retry_after(headers(retry_after=text), NOW) == seconds


@pytest.mark.parametrize(
    ("milliseconds", "text", "seconds"),
    [
        ("1500", None, 1.5),
        ("0", "9", 0),
        ("12.5", "9", 0.0125),
        (" 20 ", "9", 0.02),
        ("soon", "9", 9),
        ("", "9", 9),
        ("-5", "9", 9),
        ("soon", "soon", None),
        ("soon", None, None),
    ],
)
def test_retry_after_milliseconds(milliseconds: str, text: str | None, seconds: float | None) -> None:
    """`retry-after-ms` comes before Retry-After, if it can be read."""
    assert (
        retry_after(headers(retry_after_ms=milliseconds, **({} if text is None else {"retry_after": text}))) == seconds
    )


def test_no_retry_after() -> None:
    """Without the headers there is no answer."""
    assert retry_after(httpx.Headers()) is None


def test_retry_after_by_the_clock() -> None:
    """A date is held against the clock, in GMT."""
    date = (datetime.now(UTC) + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert retry_after(headers(retry_after=date)) == pytest.approx(3600, abs=60)


def headers(**values: str) -> httpx.Headers:
    """Headers of these names and values."""
    return httpx.Headers([(name.replace("_", "-").encode(), value.encode()) for name, value in values.items()])
