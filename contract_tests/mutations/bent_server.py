"""The mock with one thing bent: what a server that drifted would answer."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self
from urllib.parse import unquote

from roark_mock import MockServer
from starlette import requests
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(kw_only=True)
class Content:
    """What requests and replies have in common. Names of headers are lower case."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as a new JSON value; None where it is none. To set it writes the body anew."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass(kw_only=True)
class Request(Content):
    """What came in; `path` is undecoded and without the query."""

    method: str
    path: str
    query: str


@dataclass(kw_only=True)
class Reply(Content):
    """What goes out. Its length is declared by itself, unless the headers hold a `content-length`."""

    status: int


@dataclass
class Exchange:
    """One request, and the mock that would answer it. `state` is one for all exchanges of a server."""

    request: Request
    state: dict[str, Any]
    _ask: Callable[[Request], Reply] = field(repr=False)

    def reply(self) -> Reply:
        """What the mock answers to the request as it is now."""
        return self._ask(self.request)


class NoReplyError(Exception):
    """The mock gave no reply, as where the client hung up."""


# What a bend returns goes out; without a reply, the mock's goes out, to the request as the bend left it.
Bend = Callable[[Exchange], Reply | None]


def all_at_once(bends: Iterable[Bend]) -> Bend:
    """What a server does that does each of these, one upon the other."""

    def bend(exchange: Exchange) -> Reply:
        for each in bends:
            exchange = replace(exchange, _ask=partial(_bent, each, exchange))
        return exchange.reply()

    return bend


def _bent(bend: Bend, exchange: Exchange, request: Request) -> Reply:
    asked = replace(exchange, request=request)
    return bend(asked) or asked.reply()


class BentApplication:
    """An ASGI application in front of `app` that reads each request whole and answers as `bend` says."""

    def __init__(self, app: ASGIApp, bend: Bend) -> None:
        self._app = app
        self._bend = bend
        self._state: dict[str, Any] = {}
        self.faults: list[Exception] = []
        """What the bend itself stumbled over: then a 500 went out, which is not what it was meant to show."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. The bend runs in a thread, so that it is a plain function that may wait."""
        loop = asyncio.get_running_loop()
        request = await _read(scope, receive)

        def ask(asked: Request) -> Reply:
            try:
                return asyncio.run_coroutine_threadsafe(self._answer(scope, receive, asked), loop).result()
            except Exception as error:
                raise NoReplyError from error

        exchange = Exchange(request, self._state, ask)
        try:
            bent = await asyncio.to_thread(self._bend, exchange)
        except NoReplyError:
            raise
        except Exception as error:
            self.faults.append(error)
            raise
        await _send(bent or await self._answer(scope, receive, request), send)

    async def _answer(self, scope: Scope, receive: Receive, request: Request) -> Reply:
        body: Message | None = {"type": "http.request", "body": request.body, "more_body": False}
        sent: list[Message] = []

        async def received() -> Message:
            nonlocal body
            message, body = body, None
            return message or await receive()

        async def collected(message: Message) -> None:
            sent.append(message)

        if "content-length" in request.headers:
            request.headers["content-length"] = str(len(request.body))
        changed = {
            **scope,
            "method": request.method,
            "path": unquote(request.path),
            "raw_path": request.path.encode("latin-1"),
            "query_string": request.query.encode("latin-1"),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in request.headers.items()],
        }
        await self._app(changed, received, collected)
        headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        headers.pop("content-length", None)
        body_sent = b"".join(each.get("body", b"") for each in sent[1:])
        return Reply(status=sent[0]["status"], headers=headers, body=body_sent)


class BentServer(MockServer):
    """`MockServer` with `bend` in front of it, on a free loopback port."""

    def __init__(self, bend: Bend, token: str = "test-token") -> None:
        super().__init__(token)
        bent = BentApplication(self._app, bend)
        self._app = bent
        self.faults = bent.faults
        """What the bend itself stumbled over."""

    def __enter__(self) -> Self:
        """Start, without a log of replies that break off, which may be meant."""
        super().__enter__()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        return self


async def _read(scope: Scope, receive: Receive) -> Request:
    asked = requests.Request(scope, receive)
    headers = {name: asked.headers[name] for name in asked.headers}  # of a repeated one the first counts
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return Request(method=asked.method, path=path, query=query, headers=headers, body=await asked.body())


async def _send(reply: Reply, send: Send) -> None:
    headers = {"content-length": str(len(reply.body)), **reply.headers}
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": reply.body})
