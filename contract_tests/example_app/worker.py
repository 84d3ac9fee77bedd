"""`work`: forward what is in the outbox, until the process is told to end.

On SQLite each worker looks for what is due. On Postgres Procrastinate hands it out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from .forwarding import OUTAGE_SECONDS, Forwarder
from .opening import is_postgres
from .outbox import OutageError

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.2  # between two looks at a file in which nothing is due
SWEEP_SECONDS = 10.0


async def work(place: str, forwarder: Forwarder) -> None:
    """Forward what is in the outbox at a place until `forwarder.stopping` is set; what is on its way then arrives."""
    if is_postgres(place):
        from .jobs import run_jobs  # here, so that a file needs no Procrastinate

        forward: Callable[[Forwarder], Awaitable[None]] = partial(run_jobs, place)
    else:
        forward = poll
    await asyncio.gather(*(_through_outages(forwarder, run) for run in (forward, _sweep)))
    await forwarder.finish()


async def poll(forwarder: Forwarder) -> None:
    """Look for what is due, again and again."""
    while not forwarder.stopping.is_set():
        batch = await forwarder.begin()
        if batch.wait or batch.is_all:
            await forwarder.pause(min(batch.wait or IDLE_SECONDS, IDLE_SECONDS))


async def _sweep(forwarder: Forwarder) -> None:
    while not forwarder.stopping.is_set():
        unclear, without_job = await asyncio.to_thread(forwarder.outbox.sweep)
        if unclear:
            logger.warning("%d uploads are unclear, since their worker ended while they were sent", unclear)
        if without_job:
            logger.warning("%d uploads had lost their job, and have another", without_job)
        await forwarder.pause(SWEEP_SECONDS)


async def _through_outages(forwarder: Forwarder, run: Callable[[Forwarder], Awaitable[None]]) -> None:
    """Run it to its end, and again where the database fails meanwhile."""
    while not forwarder.stopping.is_set():
        try:
            await run(forwarder)
        except OutageError as error:
            logger.warning("the outbox cannot be used, trying again: %s", error)
            await forwarder.pause(OUTAGE_SECONDS)
