"""Procrastinate's worker: takes the jobs that hand out uploads, one after the other, and forwards what they name.

It owns no truth. A job that is lost is made again by a sweep, and one that comes twice finds its uploads taken. So it
has no locks and no retries of its own.
"""

import asyncio

import procrastinate
from procrastinate.jobs import DeleteJobCondition, Status

from .forwarding import Forwarder
from .postgres import FORWARD, QUEUE

CONCURRENCY = 8  # jobs at a time, each of several uploads: what is sent at a time, the forwarder bounds
POLL_SECONDS = 5.0  # between two looks for what has come to be due
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 30.0  # without a heartbeat, after which a worker has ended


async def run_jobs(url: str, forwarder: Forwarder) -> None:
    """Take jobs until `forwarder.stopping` is set. Raises what the database raises while it cannot be used."""
    jobs = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=4))

    @jobs.task(name=FORWARD, queue=QUEUE)
    async def forward(keys: list[str], **_: object) -> None:  # a later release may say more
        await forward_all(keys, forwarder)

    async with jobs.open_async():
        tasks = [
            asyncio.create_task(each)
            for each in (
                jobs.run_worker_async(
                    queues=[QUEUE],
                    name=forwarder.worker,
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                    install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.ALWAYS,
                ),
                _remove_stalled(jobs),
                forwarder.stopping.wait(),
            )
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:  # the worker then takes no more jobs, and ends with those that it has
                each.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for result in ended:
            if isinstance(result, Exception):
                raise result


async def forward_all(keys: list[str], forwarder: Forwarder) -> None:
    """Forward those of some uploads that are due and not taken. When it stops, what is left is for another worker."""
    sending: list[asyncio.Task[None]] = []
    while keys and not forwarder.stopping.is_set():
        begun = await forwarder.begin(keys)
        sending += begun.tasks
        keys = [] if begun.is_all else [key for key in keys if key not in begun.keys]
        await forwarder.pause(begun.wait)
    if keys:
        await asyncio.to_thread(forwarder.outbox.hand_out, keys)
    if sending:
        await asyncio.wait(sending)


async def _remove_stalled(jobs: procrastinate.App) -> None:
    """Forget the jobs of workers that have ended: what became of their uploads, the table says."""
    while True:
        for job in await jobs.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_SECONDS):
            await jobs.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        await asyncio.sleep(STALLED_SECONDS)
