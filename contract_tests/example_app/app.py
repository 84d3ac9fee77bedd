"""The application: `POST /vapi` takes Vapi's webhooks, and a task forwards what is in the outbox.

    OUTBOX=outbox.db uvicorn --factory contract_tests.example_app.app:create_app

Nothing is lost: a report is on the disk before Vapi is told that it was taken. Nothing is sent twice: it is marked as
on its way before it is sent, and sent again only where Roark certainly does not have it.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

from roark_client import APIError, APIStatusError, AsyncRoark, Delivery
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from contract_tests.example_app.outbox import Outbox, Report, State

# Statuses that are about the report itself. After any other refusal it may be taken later: a token is mended.
ABOUT_THE_REPORT = {400, 413, 415, 422}


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
            report = Report(str(message["call"]["id"]), message)
        except (ValueError, KeyError, TypeError):
            return PlainTextResponse("expected a Vapi webhook: an object with message.type and message.call.id", 400)
        is_new = reports.add(report)
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


async def _forward(
    reports: Outbox, client: AsyncRoark, come: asyncio.Event, stopping: asyncio.Event, retry_seconds: float
) -> None:
    while not stopping.is_set():
        if report := reports.take():
            await _send(reports, report, client, retry_seconds)
            continue
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(come.wait(), min(retry_seconds, 1.0))
        come.clear()


async def _send(reports: Outbox, report: Report, client: AsyncRoark, retry_seconds: float) -> None:
    try:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report.body)
    except (TypeError, ValueError) as error:  # the client itself refuses it
        reports.settle(report, State.REFUSED, str(error))
    except APIError as error:
        match error.delivery:
            case Delivery.DELIVERED:
                reports.settle(report, State.SENT, str(error))
            case Delivery.UNKNOWN:
                reports.settle(report, State.UNCLEAR, str(error))
            case _ if isinstance(error, APIStatusError) and error.status_code in ABOUT_THE_REPORT:
                reports.settle(report, State.REFUSED, str(error))
            case _:
                reports.settle(report, State.WAITING, str(error), wait=error.retry_after or retry_seconds)
    else:
        reports.settle(report, State.SENT)
