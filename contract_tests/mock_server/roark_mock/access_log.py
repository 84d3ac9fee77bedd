"""A line for each request, for people who watch the server."""

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH_LENGTH = 200  # characters of a path that are shown


class AccessLog:
    """ASGI middleware that gives `write` a line such as `POST /v1/vapi/call 200 1.2 ms` for each request.

    No header, query or body is shown, and the token nowhere.
    """

    def __init__(self, app: ASGIApp, write: Callable[[str], None], token: str) -> None:
        self._app = app
        self._write = write
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and write its line."""
        status = "no reply"
        started = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            target = f"{scope['method']} {scope['path']}".replace(self._token, "[token]")
            printable = "".join(each if each.isprintable() else "?" for each in target[:PATH_LENGTH])
            self._write(f"{printable} {status} {milliseconds:.1f} ms")
