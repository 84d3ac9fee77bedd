"""Sending what was claimed, and writing down what became of it."""

import asyncio
import json
import logging
import os
import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from roark_client import AsyncRoark, Delivery, RoarkError

from .outbox import Claim, OutageError, Outbox, Outcome, State
from .printing import one_line, printable
from .uploads import send

logger = logging.getLogger(__name__)

LEASE_MARGIN = 30.0  # seconds beside the timeout of an upload, in which it begins and its outcome is written down
MOST_SECONDS = 3_600.0  # that somebody may ask to wait
LONGEST_REASON = 1_000  # characters
OUTAGE_SECONDS = 1.0  # between two attempts to write while the database cannot be used


def now() -> float:
    """Seconds by a clock that runs on while the process, or its machine, is stopped."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def worker_name() -> str:
    """Another in each process, which says where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Batch:
    """Uploads that were begun together: their keys, and the tasks that send them."""

    keys: list[str]
    tasks: list[asyncio.Task[None]]
    wait: float
    """Seconds before more may go out."""
    is_all: bool
    """Whether nothing more is due of what was asked for."""


class Forwarder:
    """Forwards uploads of an outbox for one worker, at most `at_a_time`, by clients that share them evenly.

    Its methods belong to one event loop. `timeout` bounds one upload, `retry_seconds` is how long one waits that Roark
    does not have and says nothing of.
    """

    def __init__(
        self,
        outbox: Outbox,
        clients: Sequence[AsyncRoark],
        *,
        timeout: float = 60.0,
        retry_seconds: float = 30.0,
        at_a_time: int = 16,
        keep_bodies: bool = False,
    ) -> None:
        self.outbox = outbox
        self.worker = worker_name()
        self.retry_seconds = retry_seconds
        self.stopping = asyncio.Event()
        self._lease = timeout + LEASE_MARGIN
        self.at_a_time = at_a_time
        # Whether an upload is sent again, and when, the table says.
        once = [client.with_options(timeout=timeout, max_retries=0) for client in clients]
        self._free_clients: asyncio.Queue[AsyncRoark] = asyncio.Queue()  # a client for each upload that may go out
        for client in islice(cycle(once), at_a_time):
            self._free_clients.put_nowait(client)
        self._keep_bodies = keep_bodies
        self._outcomes: asyncio.Queue[tuple[Outcome, asyncio.Future[None]]] = asyncio.Queue()  # to be written down
        self._writer: asyncio.Task[None] | None = None
        self._last_logged: tuple[State, str] | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def begin(self, keys: Sequence[str] | None = None) -> Batch:
        """Claim as many that are due as there is room for, of these keys or any, and begin to send them."""
        clients = await self._take_free_clients(self.at_a_time if keys is None else len(keys))
        claims: list[Claim] = []
        begin_until = now() + LEASE_MARGIN / 2
        try:
            if self.stopping.is_set():  # meanwhile
                return Batch([], [], wait=0.0, is_all=False)
            claims, wait = await asyncio.to_thread(self.outbox.claim, self.worker, self._lease, len(clients), keys)
        finally:
            for client in clients[len(claims) :]:
                self._free_clients.put_nowait(client)
        tasks = [
            asyncio.create_task(self._forward(claim, client, begin_until))
            for claim, client in zip(claims, clients, strict=False)
        ]
        for task in tasks:
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        claimed = [claim.key for claim in claims]
        return Batch(claimed, tasks, wait, is_all=not wait and (len(claimed) < len(clients) or claimed == keys))

    async def finish(self) -> None:
        """Wait until what is on its way has arrived, or is known not to have, and that is written down."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until the worker is to stop."""
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _take_free_clients(self, most: int) -> list[AsyncRoark]:
        """Take up to so many clients that are free, at least one, as soon as one is."""
        taken = [await self._free_clients.get()]
        while len(taken) < most and not self._free_clients.empty():
            taken.append(self._free_clients.get_nowait())
        return taken

    async def _forward(self, claim: Claim, client: AsyncRoark, begin_until: float) -> None:
        try:
            outcome = await self._send(claim, client, begin_until)
            if outcome.state is not State.DELIVERED:
                self._log(outcome)
            await self._write(outcome)
        finally:
            self._free_clients.put_nowait(client)

    async def _send(self, claim: Claim, client: AsyncRoark, begin_until: float) -> Outcome:
        try:
            body = json.loads(claim.body)
        except (ValueError, RecursionError) as error:
            return Outcome(claim, State.REFUSED, one_line(error))
        if now() > begin_until:  # it was stopped meanwhile, and somebody else may have looked at the upload
            return Outcome(claim, State.WAITING, "its worker was stopped before it was sent")
        try:
            ids = await send(client, claim.operation, body)
        except RoarkError as error:
            return self._outcome(claim, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours, which may have struck after it was sent
            return Outcome(claim, State.UNCLEAR, one_line(error))
        return Outcome(claim, State.DELIVERED, ids=ids)

    def _outcome(self, claim: Claim, error: RoarkError) -> Outcome:
        """What an error says: where Roark asks to wait, all are to, whatever became of this upload."""
        reason, asked = printable(str(error))[:LONGEST_REASON], error.retry_after
        wait = self.retry_seconds if asked is None else min(asked, MOST_SECONDS)
        match error.delivery:
            case Delivery.DELIVERED:
                state = State.DELIVERED
            case Delivery.UNKNOWN:
                state = State.UNCLEAR
            case _:
                state = State.REFUSED if error.is_permanent else State.WAITING
        return Outcome(claim, state, reason, wait, pauses_all=asked is not None)

    def _log(self, outcome: Outcome) -> None:
        """Log why an upload was not delivered, the same reason once in a row."""
        if (reason := (outcome.state, outcome.reason)) != self._last_logged:
            self._last_logged = reason
            logger.warning("upload %s is %s: %s", printable(outcome.claim.key), outcome.state, outcome.reason)

    async def _write(self, outcome: Outcome) -> None:
        """Write down an outcome together with those that come meanwhile: a disk commits no faster for fewer."""
        is_written = asyncio.get_running_loop().create_future()
        self._outcomes.put_nowait((outcome, is_written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await is_written

    async def _write_all(self) -> None:
        while not self._outcomes.empty():
            batch = [self._outcomes.get_nowait() for _ in range(self._outcomes.qsize())]
            try:
                await self._write_batch([outcome for outcome, _ in batch])
            except Exception:  # a fault of ours: after their leases they are unclear
                logger.exception("what became of %d uploads cannot be written", len(batch))
            for _, is_written in batch:
                is_written.set_result(None)

    async def _write_batch(self, outcomes: list[Outcome]) -> None:
        while True:  # nobody else knows what became of them
            try:
                return await asyncio.to_thread(self.outbox.settle, self.worker, outcomes, keep_bodies=self._keep_bodies)
            except OutageError as error:
                count = len(outcomes)
                logger.warning("what became of %d uploads cannot be written, trying again: %s", count, error)
                await asyncio.sleep(OUTAGE_SECONDS)
