"""`receive`: `POST /vapi` takes Vapi's webhooks. A report is on the disk before Vapi is told that it was taken."""

import asyncio
import contextlib
import hmac
import logging
import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .opening import location, open_outbox
from .outbox import OutageError, Outbox
from .printing import printable
from .uploads import read_webhook

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Vapi-Secret"
MOST_BYTES = 64 * 1024 * 1024  # of a webhook


def create_app(outbox: Outbox | None = None) -> Starlette:
    """The application over an outbox, by default that of the environment variable `OUTBOX`.

    Webhooks without the secret are refused where there is one in the environment variable `VAPI_SECRET`.
    """
    outbox = outbox or open_outbox(location())
    wanted = os.fsencode(os.environ.get("VAPI_SECRET", ""))

    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode("latin-1")
        if wanted and not hmac.compare_digest(given, wanted):
            return PlainTextResponse(f"expected the secret in {SECRET_HEADER}", 401)
        try:
            upload = read_webhook(await _content(request))
        except ValueError as error:
            return PlainTextResponse(printable(str(error)), 400)
        if upload is None:
            return PlainTextResponse("nothing to do")
        try:
            is_new = await asyncio.to_thread(outbox.add, [upload])
        except OutageError as error:
            logger.warning("call %s cannot be kept: %s", upload.key, error)
            return PlainTextResponse("cannot be kept now; send it again", 503)
        return PlainTextResponse("taken" if is_new else "known already")

    @contextlib.asynccontextmanager
    async def closing(_: Starlette) -> AsyncIterator[None]:
        yield
        outbox.close()

    return Starlette(routes=[Route("/vapi", webhook, methods=["POST"])], lifespan=closing)


async def _content(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > MOST_BYTES:
            raise ValueError(f"expected a webhook of at most {MOST_BYTES} bytes")
    return bytes(parts)
