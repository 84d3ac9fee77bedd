"""The application: `POST /vapi` takes Vapi's webhooks, and a task forwards what is in the outbox.

    OUTBOX=outbox.db uvicorn --factory contract_tests.example_app.app:create_app

Nothing is lost: a report is on the disk before Vapi is told that it was taken. Nothing is sent twice: it is marked as
on its way before it is sent, and sent again only where Roark certainly does not have it.
"""

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from roark_client import AsyncRoark, Delivery, RoarkError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from contract_tests.example_app.outbox import Outbox, Report, State

logger = logging.getLogger(__name__)


def create_app(outbox: Path | None = None, *, timeout: float = 60.0, retry_seconds: float = 30.0) -> Starlette:
    """The application over a file (default: that of the environment variable `OUTBOX`, or `outbox.db`).

    `timeout` bounds one upload, `retry_seconds` is how long a refused report waits where Roark does not say.
    """
    reports = Outbox(outbox or Path(os.environ.get("OUTBOX", "outbox.db")))
    reports.recover()
    come = asyncio.Event()

    async def webhook(request: Request) -> Response:
        try:
            message = json.loads(await request.body())["message"]
            if message["type"] != "end-of-call-report":
                return PlainTextResponse("nothing to do")
            report = Report(_id_of(message), message)
        except (ValueError, KeyError, TypeError, RecursionError):
            return PlainTextResponse("expected a Vapi webhook: an object with message.type and message.call.id", 400)
        try:
            is_new = await asyncio.to_thread(reports.add, report)
        except sqlite3.Error:
            logger.exception("call %s cannot be kept", report.call_id)
            return PlainTextResponse("cannot be kept now; send it again", 503)
        come.set()
        return PlainTextResponse("taken" if is_new else "known already")

    @contextlib.asynccontextmanager
    async def forwarding(_: Starlette) -> AsyncIterator[None]:
        stopping = asyncio.Event()
        async with AsyncRoark(timeout=timeout) as client:
            task = asyncio.create_task(_forward(reports, client, come, stopping, retry_seconds))
            yield
            stopping.set()
            come.set()
            await task  # so that what is on its way arrives, or is known not to have

    return Starlette(routes=[Route("/vapi", webhook, methods=["POST"])], lifespan=forwarding)


def _id_of(message: dict[str, Any]) -> str:
    """The call's id: a text, which tells one call from another. Raises TypeError or ValueError for anything else."""
    call_id = message["call"]["id"]
    if not (isinstance(call_id, str) and call_id):
        raise TypeError("expected a text")
    call_id.encode()  # half a surrogate pair is none
    return call_id


async def _forward(
    reports: Outbox, client: AsyncRoark, come: asyncio.Event, stopping: asyncio.Event, retry_seconds: float
) -> None:
    while not stopping.is_set():
        try:
            if report := await asyncio.to_thread(reports.take):
                await _settle(reports, *await _send(report, client, retry_seconds))
                continue
        except sqlite3.Error:  # the disk is full, or another process keeps the file
            logger.exception("no report can be taken; trying again")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(come.wait(), min(retry_seconds, 1.0))
        come.clear()


Outcome = tuple[Report, State, str, float]


async def _send(report: Report, client: AsyncRoark, retry_seconds: float) -> Outcome:
    """Upload a report. What became of it, why, and how many seconds to wait before it is sent again."""
    try:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report.body)
    except RoarkError as error:
        match error.delivery:
            case Delivery.DELIVERED:
                return report, State.SENT, str(error), 0
            case Delivery.UNKNOWN:
                return report, State.UNCLEAR, str(error), 0
            case _ if error.is_permanent:
                return report, State.REFUSED, str(error), 0
            case _:
                return report, State.WAITING, str(error), error.retry_after or retry_seconds
    except Exception as error:  # noqa: BLE001 - a fault of ours, which may have struck after it was sent
        return report, State.UNCLEAR, repr(error), 0
    return report, State.SENT, "", 0


async def _settle(reports: Outbox, *outcome: *Outcome) -> None:
    """Write down what became of a report, which nobody else knows, as soon as the file lets it be written."""
    while True:
        try:
            return await asyncio.to_thread(reports.settle, *outcome)
        except sqlite3.Error:
            logger.exception("what became of call %s cannot be written; trying again", outcome[0].call_id)
            await asyncio.sleep(1)
