"""Procrastinate's worker: takes the jobs that hand out uploads, one after the other, and forwards what they name.

It owns no truth. A job that is lost is made again by a sweep, and one that comes twice finds its uploads taken. So it
has no locks and no retries of its own.
"""

import asyncio
import contextlib

import procrastinate
from procrastinate.jobs import DeleteJobCondition, Status

from .forwarding import Forwarder
from .outbox import OutageError
from .postgres import CONNECT_SECONDS, FORWARD, MOST_CONNECTIONS, OUTAGES, QUEUE, bounded
from .printing import one_line

POLL_SECONDS = 5.0  # between two looks for what has come to be due
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 30.0  # without a heartbeat, after which a worker has ended


async def run_jobs(url: str, forwarder: Forwarder) -> None:
    """Take jobs until `forwarder.stopping` is set. Raises `OutageError` while the database cannot be used."""
    jobs = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=bounded(url), min_size=1, max_size=MOST_CONNECTIONS, timeout=CONNECT_SECONDS
        )
    )

    @jobs.task(name=FORWARD, queue=QUEUE)
    async def forward(keys: list[str], **_: object) -> None:  # a later release may say more
        await forward_all(keys, forwarder)

    try:
        async with jobs.open_async():
            await _run_worker(jobs, forwarder)
    except OUTAGES as error:
        raise OutageError(f"Postgres: {one_line(error)}") from error


async def _run_worker(jobs: procrastinate.App, forwarder: Forwarder) -> None:
    is_over = asyncio.Event()
    worker = asyncio.create_task(
        jobs.run_worker_async(
            queues=[QUEUE],
            name=forwarder.worker,
            concurrency=forwarder.at_a_time,
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.ALWAYS,
        )
    )
    removing = asyncio.create_task(_remove_stalled(jobs, is_over))
    told_to_stop = asyncio.create_task(forwarder.stopping.wait())
    tasks = worker, removing, told_to_stop
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        is_over.set()
        told_to_stop.cancel()
        worker.cancel()  # it takes no more jobs then, and ends with those that it has
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def forward_all(keys: list[str], forwarder: Forwarder) -> None:
    """Forward those of some uploads that are due and not taken. When it stops, what is left is for another worker."""
    sending: list[asyncio.Task[None]] = []
    while keys and not forwarder.stopping.is_set():
        batch = await forwarder.begin(keys)
        sending += batch.tasks
        keys = [] if batch.is_all else [key for key in keys if key not in batch.keys]
        await forwarder.pause(batch.wait)
    if keys:
        await asyncio.to_thread(forwarder.outbox.hand_out, keys)
    if sending:
        await asyncio.wait(sending)


async def _remove_stalled(jobs: procrastinate.App, is_over: asyncio.Event) -> None:
    """Forget the jobs of workers that have ended: what became of their uploads, the table says."""
    while not is_over.is_set():
        for job in await jobs.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS):
            await jobs.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(is_over.wait(), STALLED_SECONDS)
