"""Takes Vapi's webhooks and uploads each end-of-call report once. Run with one worker: `uvicorn receiver:app`."""

import asyncio
import hashlib
import json
import os
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from roark_client import AsyncRoark, Delivery, RoarkError, delivery_of

# sending -> done | look | refused | later. "later" alone may be sent again.
SCHEMA = "CREATE TABLE IF NOT EXISTS reports (key TEXT PRIMARY KEY, state TEXT, report TEXT, call_id TEXT, note TEXT)"
CLAIM = """INSERT INTO reports (key, state, report) VALUES (?, 'sending', ?)
           ON CONFLICT (key) DO UPDATE SET state = 'sending', note = NULL WHERE state = 'later'"""
# done: Roark has it. look: nobody knows, and a second POST by Vapi would double it, so it must not come: 2xx.
# refused: the same report will be refused again, so Vapi has to give up: 4xx; we keep it. later: 503, Vapi sends again.
STATUS = {"done": 200, "look": 202, "refused": 422, "later": 503}


class Receiver:
    """Uploads each report once, and keeps what became of it, by call, in a database."""

    def __init__(self, client: AsyncRoark, db: sqlite3.Connection) -> None:
        self.client, self.db = client, db
        self.running: dict[str, asyncio.Task[Response]] = {}
        db.execute(SCHEMA)
        # A process that died while sending leaves nobody who knows what became of it.
        db.execute("UPDATE reports SET state = 'look', note = 'killed while sending' WHERE state = 'sending'")

    async def take(self, report: dict[str, Any]) -> Response:
        """The answer to a report, once it is known what became of it."""
        text = json.dumps(report)
        call: Any = report.get("call")
        call_id: Any = cast("dict[str, Any]", call).get("id") if isinstance(call, dict) else None
        key = call_id if isinstance(call_id, str) else hashlib.sha256(text.encode()).hexdigest()
        task = self.running.get(key)
        if task is None:
            if self.db.execute(CLAIM, (key, text)).rowcount == 0:
                return self.answer(key)  # it was dealt with: a second copy from Vapi
            task = self.running[key] = asyncio.create_task(self.upload(key, report))
            task.add_done_callback(lambda _: self.running.pop(key))
        return await asyncio.shield(task)  # a second copy waits for the first: it must not hear 2xx too early

    async def upload(self, key: str, report: dict[str, Any]) -> Response:
        """Upload a report, keep what became of it, and answer."""
        try:
            reply = await self.client.integrations.create_vapi_call(
                vapi_end_of_call_report_payload=report, properties={"vapi_call_id": key}
            )
        except RoarkError as error:
            if error.delivery is Delivery.DELIVERED:
                state = "done"
            elif error.delivery is Delivery.UNKNOWN:
                state = "look"
            else:
                state = "refused" if error.is_permanent else "later"
            self.settle(key, state, note=repr(error))
            return self.answer(key, retry_after=error.retry_after)
        except BaseException as error:  # cancelled at shutdown, or a bug
            state = "later" if delivery_of(error) is Delivery.NOT_DELIVERED else "look"
            self.settle(key, state, note=repr(error))
            raise
        self.settle(key, "done", call_id=reply.data.call_id)
        return self.answer(key)

    def settle(self, key: str, state: str, *, call_id: str | None = None, note: str | None = None) -> None:
        """Keep what became of a report."""
        self.db.execute(
            "UPDATE reports SET state = ?, call_id = ?, note = ? WHERE key = ?", (state, call_id, note, key)
        )

    def answer(self, key: str, retry_after: float | None = None) -> Response:
        """The answer that has Vapi do the right thing."""
        state, call_id = self.db.execute("SELECT state, call_id FROM reports WHERE key = ?", (key,)).fetchone()
        headers = {"Retry-After": str(int(retry_after) + 1)} if state == "later" and retry_after is not None else None
        return JSONResponse({"state": state, "call_id": call_id}, STATUS[state], headers)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """One client for the application's life; what is under way ends before it closes."""
    db = sqlite3.connect(os.environ.get("RECEIVER_DB", "reports.sqlite"), isolation_level=None)
    async with AsyncRoark(timeout=15) as client:  # Vapi waits 20 seconds
        app.state.receiver = receiver = Receiver(client, db)
        yield
        await asyncio.gather(*receiver.running.values(), return_exceptions=True)  # before the client closes
    db.close()


app = FastAPI(lifespan=lifespan)


@app.post("/vapi-webhook")
async def vapi_webhook(request: Request) -> Response:
    """Take one message of Vapi's."""
    try:
        body: Any = await request.json()
        message: Any = body["message"]
        kind: Any = message["type"]
    except (ValueError, TypeError, LookupError):
        return Response(status_code=400)  # no webhook of Vapi's, nothing to keep
    if kind != "end-of-call-report":
        return Response(status_code=204)
    receiver: Receiver = request.app.state.receiver
    return await receiver.take(message)
