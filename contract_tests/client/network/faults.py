"""Faults of a server, and what the client has to make of each."""

import time
from typing import Any, NamedTuple

import httpx
from roark_client import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    Delivery,
    InternalServerError,
)

from contract_tests.client.network.replies import MAX_BYTES, WHOLE
from contract_tests.client.network.ways import DELIVERED, NOT_DELIVERED, UNKNOWN, Caller, the_error
from contract_tests.client.scripted_server import PATIENCE, Script, ScriptedServer


class Fault(NamedTuple):
    """What the server does, and what the client has to make of it."""

    script: Script
    error: type[APIError]
    delivery: Delivery
    status: int | None


def lost(*script: Any) -> Fault:
    """Sent, and nothing usable came."""
    return Fault(script, APIConnectionError, UNKNOWN, None)


def cut_off(*script: Any) -> Fault:
    """Accepted, but the connection did not bring the body."""
    return Fault(script, APIConnectionError, DELIVERED, 200)


def unreadable(*script: Any, status: int = 200) -> Fault:
    """Accepted, but the body cannot be used."""
    return Fault(script, APIResponseValidationError, DELIVERED, status)


def foreign(*script: Any, error: type[APIError] = APIResponseValidationError, status: int = 200) -> Fault:
    """It says that it is something else than JSON, so nobody knows who has answered."""
    return Fault(script, error, UNKNOWN, status)


def late(*script: Any, status: int | None = None) -> Fault:
    """No whole answer until the deadline."""
    return Fault(script, APITimeoutError, UNKNOWN if status is None else DELIVERED, status)


def failed(*script: Any, status: int = 500) -> Fault:
    """The server failed, whatever its body is like."""
    return Fault(script, InternalServerError, UNKNOWN, status)


def refused(*script: Any, status: int, error: type[APIError] = APIStatusError) -> Fault:
    """Certainly not accepted, and not worth another attempt."""
    return Fault(script, error, NOT_DELIVERED, status)


def check(call: Caller, fault: Fault, timeout: float | httpx.Timeout) -> None:
    """Meet a fault, and hold the outcome against it: in its error, in time, not read without end, sent once."""
    began = time.monotonic()
    with ScriptedServer(fault.script, (WHOLE,)) as server:
        outcomes = call(server.url, timeout=timeout)
        assert time.monotonic() - began < PATIENCE
    error = the_error(outcomes, fault.delivery, fault.status)
    assert (type(error), error.attempts, error.retry_after) == (fault.error, 1, None)
    assert len(server.received) == 1
    assert not server.lost_patience
    assert server.sent < 64 * MAX_BYTES  # what lay in buffers between
    assert len(error.response.content if error.response else b"") <= MAX_BYTES
