"""Only what was certainly not accepted is sent again, or what the caller asks for."""

import time
from typing import Any, NamedTuple

import pytest
from roark_client import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    Delivery,
    InternalServerError,
    RateLimitError,
)
from roark_client.models import CallAnalysisResponse

from contract_tests.client.network.replies import ANNOUNCED, HTML_ANNOUNCED, SPACES, WHOLE
from contract_tests.client.network.ways import (
    DELIVERED,
    NOT_DELIVERED,
    TOKEN,
    UNKNOWN,
    Caller,
    in_facade,
    in_some_ways,
    the_error,
)
from contract_tests.client.scripted_server import PATIENCE, End, Flood, Script, ScriptedServer, head, reply

LIMITED = reply(429, b"", "Retry-After: 0.01")
OVERLOADED = reply(503, b"", "Retry-After: 0")
PAGE = reply(200, b"<html>", "Content-Type: text/html")
FAILED = reply(500)


class Course(NamedTuple):
    """What the server does in turn, the client's options, and what it has to come to. No error: a success."""

    scripts: tuple[Script, ...]
    options: dict[str, Any]
    requests: int
    error: type[APIError] | None = None
    delivery: Delivery | None = None
    status: int | None = None
    attempts: int | None = None  # where there are more than requests came whole


EAGER = {"retry_unknown": True}
COURSES: dict[str, Course] = {
    "429, then accepted": Course(((LIMITED,), (WHOLE,)), {}, 2),
    "429 twice, then accepted": Course(((LIMITED,), (LIMITED,), (WHOLE,)), {}, 3),
    "429 for ever": Course(((LIMITED,),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "429 without Retry-After for ever": Course(((reply(429),),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "429 until it closes": Course(((head(429), End.CLOSE),), {}, 3, RateLimitError, NOT_DELIVERED, 429),
    "503 with Retry-After": Course(((OVERLOADED,), (WHOLE,)), {}, 1, InternalServerError, UNKNOWN, 503),
    "429, then 503": Course(((LIMITED,), (OVERLOADED,)), {}, 2, InternalServerError, UNKNOWN, 503),
    "429, then a page": Course(((LIMITED,), (PAGE,)), {}, 2, APIResponseValidationError, UNKNOWN, 200),
    "no retries": Course(((LIMITED,),), {"max_retries": 0}, 1, RateLimitError, NOT_DELIVERED, 429),
    "five retries": Course(((LIMITED,),), {"max_retries": 5}, 6, RateLimitError, NOT_DELIVERED, 429),
    "429, then reset": Course(((LIMITED,), (End.RESET,)), {}, 2, APIConnectionError, UNKNOWN),
    "429, then 500": Course(((LIMITED,), (FAILED,)), {}, 2, InternalServerError, UNKNOWN, 500),
    "429, then 400": Course(((LIMITED,), (reply(400),)), {}, 2, BadRequestError, NOT_DELIVERED, 400),
    "429, then no JSON": Course(((LIMITED,), (reply(200),)), {}, 2, APIResponseValidationError, DELIVERED, 200),
    "retry-after-ms": Course(((reply(429, b"", "Retry-After-Ms: 5", "Retry-After: 9000"),), (WHOLE,)), {}, 2),
    "a date that has passed": Course(
        ((reply(429, b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"),), (WHOLE,)), {}, 2
    ),
    "500, then accepted": Course(((FAILED,), (WHOLE,)), EAGER, 2),
    "503 with Retry-After, then accepted": Course(((OVERLOADED,), (WHOLE,)), EAGER, 2),
    "503 for ever": Course(((OVERLOADED,),), EAGER, 3, InternalServerError, UNKNOWN, 503),
    "303, then accepted": Course(((reply(303),), (WHOLE,)), EAGER, 2),
    "a page, then accepted": Course(((PAGE,), (WHOLE,)), EAGER, 2),
    "half a page, then accepted": Course(((HTML_ANNOUNCED, b"<html>", End.RESET), (WHOLE,)), EAGER, 2),
    "a page, then no JSON": Course(((PAGE,), (reply(200),)), EAGER, 2, APIResponseValidationError, DELIVERED, 200),
    "a page, then 400": Course(((PAGE,), (reply(400),)), EAGER, 2, BadRequestError, UNKNOWN, 400),
    "500 with Retry-After, then accepted": Course(((reply(500, b"", "Retry-After: 0.01"),), (WHOLE,)), EAGER, 2),
    "408 for ever": Course(((reply(408),),), EAGER, 3, APIStatusError, UNKNOWN, 408),
    "500 for ever": Course(((FAILED,),), EAGER, 3, InternalServerError, UNKNOWN, 500),
    "reset, then accepted": Course(((End.RESET,), (WHOLE,)), EAGER, 2),
    "reset for ever": Course(((End.RESET,),), EAGER, 3, APIConnectionError, UNKNOWN),
    "garbage for ever": Course(((b"garbage\r\n\r\n", End.CLOSE),), EAGER, 3, APIConnectionError, UNKNOWN),
    "500, then 429": Course(((FAILED,), (LIMITED,)), EAGER, 3, RateLimitError, UNKNOWN, 429),
    "500, then 400": Course(((FAILED,), (reply(400),)), EAGER, 2, BadRequestError, UNKNOWN, 400),
    "reset, then 401": Course(((End.RESET,), (reply(401),)), EAGER, 2, AuthenticationError, UNKNOWN, 401),
    "500, then refused": Course(((FAILED, End.REFUSAL),), EAGER, 1, APIConnectionError, UNKNOWN, None, 3),
    "429, then refused": Course(((LIMITED, End.REFUSAL),), {}, 1, APIConnectionError, NOT_DELIVERED, None, 3),
    "400, though eager": Course(((reply(400),),), EAGER, 1, BadRequestError, NOT_DELIVERED, 400),
    "302, though eager": Course(((reply(302, b"", "Location: /"),),), EAGER, 1, APIStatusError, NOT_DELIVERED, 302),
    "no JSON, though eager": Course(((reply(200),),), EAGER, 1, APIResponseValidationError, DELIVERED, 200),
    "cut off, though eager": Course(((ANNOUNCED, End.RESET),), EAGER, 1, APIConnectionError, DELIVERED, 200),
    "too large, though eager": Course(
        ((head(200), Flood(SPACES)),), EAGER, 1, APIResponseValidationError, DELIVERED, 200
    ),
}


@in_some_ways
@pytest.mark.parametrize("course", COURSES.values(), ids=list(COURSES))
def test_course(call: Caller, course: Course) -> None:
    """Only what was certainly not accepted is sent again, or what the caller asks for; the gravest attempt counts."""
    with ScriptedServer(*course.scripts) as server:
        outcomes = call(server.url, timeout=PATIENCE, **course.options)
    assert len(server.received) == course.requests
    assert len({each.body for each in server.received}) == 1
    assert {each.headers["authorization"] for each in server.received} == {f"Bearer {TOKEN}"}
    if course.error is None:
        assert isinstance(outcomes[0], CallAnalysisResponse), outcomes
        return
    assert course.delivery is not None
    error = the_error(outcomes, course.delivery, course.status)
    assert (type(error), error.attempts) == (course.error, course.attempts or course.requests)


@in_facade
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("3600", 3600), ("99999999999999999999", 1e20), ("Fri, 31 Dec 9999 23:59:59 GMT", 2e11)],
)
@pytest.mark.parametrize("timeout", [PATIENCE, None])
def test_retry_after_beyond_the_deadline(call: Caller, asked: str, seconds: float, timeout: float | None) -> None:
    """A wait that does not fit the deadline, or an hour without one, is not begun: the error says how long it is."""
    began = time.monotonic()
    with ScriptedServer((reply(429, b"", f"Retry-After: {asked}"),)) as server:
        error = the_error(call(server.url, timeout=timeout), NOT_DELIVERED, 429)
    assert time.monotonic() - began < PATIENCE
    assert error.retry_after == pytest.approx(seconds, rel=0.5)
    assert (error.attempts, len(server.received)) == (1, 1)
