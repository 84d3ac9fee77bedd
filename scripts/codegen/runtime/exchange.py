"""Sending a request until it is answered with something of use, refused or out of time.

`send` and `send_async` are the same thin loop: they send and wait. They hand each attempt to the `CallState`, which
reads a success, and `delivery.decide` says what follows a failure.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from math import inf
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

import httpx

from .attempt import Attempt, Reply
from .delivery import Delivery, decide, delivery_after, gravest
from .errors import APIError, RoarkError
from .failures import FailedAttempt, result_of
from .logs import logger
from .passing import note_delivery
from .reply_body import ReplyBodyError
from .request import PreparedRequest
from .timeouts import Deadline, DeadlineError

T = TypeVar("T")

GRACE = 0.05  # seconds: httpx ends by itself at the deadline, and then closes more than when it is cancelled
LEFT_CHUNKS = 65_536  # of a closed stream that are waited for


class CallState(Generic[T]):
    """The state of one call over all its attempts. Both loops tell it what happens, and neither decides anything.

    Whatever leaves its `with` block says what became of the upload. `read` makes the result of a reply, or raises
    ReplyBodyError where the reply is of no use.
    """

    result: T
    _client: httpx.Client | httpx.AsyncClient
    _prepared: PreparedRequest
    _deadline: Deadline

    def __init__(self, operation: str, read: Callable[[Reply], T]) -> None:
        self._operation = operation
        self._read = read
        self._handled_by_caller = sys.exception()
        self._delivery = Delivery.NOT_DELIVERED  # of the attempts that are over
        self._attempt: Attempt | None = None  # that is under way
        self._attempts = 0
        self.failure: APIError | None = None
        """How the call has failed; what else leaves it is none of the client's."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or error is self.failure or (isinstance(error, RoarkError) and self._attempts == 0):
            return
        delivery = self._delivery
        if self._attempt is not None:
            delivery = gravest((delivery, delivery_after(result_of(self._attempt))))
        note_delivery(error, delivery, self._operation, self._handled_by_caller)

    def begin(self, client: httpx.Client | httpx.AsyncClient, prepared: PreparedRequest) -> None:
        """Take in what is sent, and by which client. The deadline counts from here."""
        self._client, self._prepared = client, prepared
        self._deadline = Deadline(prepared.timeouts.deadline)

    def next_attempt(self) -> Attempt:
        """The next attempt."""
        attempt = Attempt(self._prepared, self._deadline, self._handled_by_caller)
        self._attempts += 1
        self._attempt = attempt
        return attempt

    def remaining(self, grace: float) -> float | None:
        """The seconds until the deadline and as many more; None without one."""
        remaining = self._deadline.remaining()
        return None if remaining == inf else max(remaining, 0) + grace

    def wait_after(self, attempt: Attempt) -> float | None:
        """The seconds to wait before the next attempt; None after a success, whose `result` is there then.

        Raises after the last attempt.
        """
        attempt.log(self._attempts)
        if self._read_success(attempt):
            return None
        if attempt.handler_exception is not None:
            raise attempt.handler_exception
        result = result_of(attempt)
        policy = self._prepared.policy
        jitter = random.random()  # noqa: S311 - spreads clients over time, guards nothing
        decision = decide(result, self._delivery, self._attempts, policy, self._deadline.remaining(), jitter)
        self._delivery, self._attempt = decision.delivery, None
        failed = FailedAttempt(attempt, result, self._client)
        if decision.wait is None:
            self.failure = failed.error(self._attempts, self._delivery, self._handled_by_caller)
            raise self.failure
        if logger.isEnabledFor(logging.INFO):
            self._log_retry(failed, decision.wait)
        return decision.wait

    def _read_success(self, attempt: Attempt) -> bool:
        """Read the reply of a success as the `result`. False where there is none, or its body is of no use."""
        if not attempt.is_success or attempt.failure is not None or attempt.handler_exception is not None:
            return False
        try:
            self.result = self._read(attempt.reply(self._attempts))
        except ReplyBodyError as error:
            attempt.take_failure(error)
            return False
        return True

    def _log_retry(self, failed: FailedAttempt, wait: float) -> None:
        _, reason = failed.kind_and_reason()
        logger.info(
            "%s: %s; sent again in %.3g s (%d of %d)",
            self._operation,
            failed.attempt.sent.mask().text(reason),
            wait,
            self._attempts,
            self._prepared.policy.max_retries,
        )


def send(client: httpx.Client, prepared: PreparedRequest, state: CallState[T]) -> T:
    """Send a request, and again as far as that is safe, until there is a result. Raises APIError."""
    state.begin(client, prepared)
    while True:
        attempt = state.next_attempt()
        try:
            _send_once(client, attempt)
        except Exception as error:  # noqa: BLE001 - whatever a connection raises, callers get one tree of errors
            attempt.take_failure(error)
        wait = state.wait_after(attempt)
        if wait is None:
            return state.result
        time.sleep(wait)


def _send_once(client: httpx.Client, attempt: Attempt) -> None:
    """Send it once. By itself, so that no variable with a part of the reply stays in the traceback of an error."""
    response = client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
    try:
        if attempt.take_head(response):
            for chunk in cast("httpx.SyncByteStream", response.stream):
                attempt.take_chunk(chunk)
            attempt.take_end()
    except BaseException:
        response.close()
        raise
    try:
        response.close()
    except Exception as error:  # noqa: BLE001 - the reply is complete
        attempt.take_failure_to_close(error)


async def send_async(client: httpx.AsyncClient, prepared: PreparedRequest, state: CallState[T]) -> T:
    """Send a request as `send` does, under asyncio or trio. Being cancelled passes through."""
    import anyio  # here, since only this half needs it, and importing it takes time

    state.begin(client, prepared)
    while True:
        attempt = state.next_attempt()
        with anyio.move_on_after(state.remaining(GRACE)) as scope:
            try:
                await _send_once_async(client, attempt)
            except Exception as error:  # noqa: BLE001 - as above
                attempt.take_failure(error)
        if scope.cancelled_caught:
            attempt.take_failure(DeadlineError())
        wait = state.wait_after(attempt)
        if wait is None:
            return state.result
        await anyio.sleep(wait)


async def _send_once_async(client: httpx.AsyncClient, attempt: Attempt) -> None:
    response = await client.send(attempt.request, stream=True, auth=None, follow_redirects=False)
    chunks: AsyncIterator[bytes] | None = None
    try:
        if attempt.take_head(response):
            chunks = aiter(cast("httpx.AsyncByteStream", response.stream))
            async for chunk in chunks:
                attempt.take_chunk(chunk)
            attempt.take_end()
    except BaseException as error:
        await response.aclose()
        if chunks is not None and isinstance(error, Exception):
            await _exhaust(chunks, attempt)
        raise
    try:
        await response.aclose()
    except Exception as error:  # noqa: BLE001 - as above
        attempt.take_failure_to_close(error)


async def _exhaust(chunks: AsyncIterator[bytes], attempt: Attempt) -> None:
    """Let the generators of a closed stream end, as trio asks for; not for ever, as a transport may ignore that."""
    try:
        for _ in range(LEFT_CHUNKS):
            await anext(chunks)
    except Exception as error:  # noqa: BLE001 - the end, or what is known already
        attempt.take_failure_to_close(error)
