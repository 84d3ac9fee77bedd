"""The ASGI application: what is checked, and in which order."""

import asyncio
import reprlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from roark_mock import page
from roark_mock.auth import BearerAuth, without_token
from roark_mock.errors import RefusalError
from roark_mock.faults import Fault, Faults
from roark_mock.ids import Ids
from roark_mock.media_type import is_json
from roark_mock.operation import MockOperation, NewId, RequestContext
from roark_mock.operations import OPERATIONS
from roark_mock.prefer import Preferences
from roark_mock.reply import Reply
from roark_mock.request_body import RequestBody, TooLargeError
from roark_mock.uploads import Upload, Uploads
from roark_mock.validation import decode, validate, validate_parameters

MAX_BODY = 10_000_000  # bytes
BODY_SECONDS = 60  # that a body may take

HANG_UP = "roark_mock.hang_up"  # the extension of a scope that ends its connection: a coroutine function


def create_app(
    token: str = "test-token",
    *,
    uploads: Uploads | None = None,
    new_id: NewId | None = None,
    faults: Faults | None = None,
) -> Starlette:
    """The mock as an ASGI application that lets in who presents `token`.

    What it accepts is kept in `uploads`, also found as `app.state.uploads`; `new_id` makes the ids of its replies, and
    `faults` are what it is to do wrong. Raises ValueError if `token` is not made of visible ASCII characters.
    """
    auth = BearerAuth(token)
    uploads = Uploads() if uploads is None else uploads
    new_id = Ids() if new_id is None else new_id
    faults = Faults() if faults is None else faults
    app = Starlette(
        routes=[
            *(
                Route(path, _Endpoint(operations, auth, uploads, new_id, faults))
                for path, operations in _by_path(OPERATIONS).items()
            ),
            *page.routes(token),
        ],
        exception_handlers={Exception: _failed},
    )
    app.router.redirect_slashes = False
    app.router.default = _not_found
    app.state.uploads = uploads
    return app


def _by_path(operations: Iterable[MockOperation[Any, Any, Any]]) -> dict[str, dict[str, MockOperation[Any, Any, Any]]]:
    """The operations of each path by method, a path without parameters before one that may stand for it."""
    found: dict[str, dict[str, MockOperation[Any, Any, Any]]] = {}
    for operation in sorted(operations, key=lambda operation: operation.path.count("{")):
        found.setdefault(operation.path, {})[operation.method] = operation
    return found


@dataclass(frozen=True, eq=False, repr=False)  # hashable, for what watches endpoints
class _Endpoint:
    """The operations of one path: method, authentication, preferences, parameters, body, in this order."""

    operations: Mapping[str, MockOperation[Any, Any, Any]]
    auth: BearerAuth
    uploads: Uploads
    new_id: NewId
    faults: Faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        body = RequestBody(receive)
        preferences = Preferences()
        known = self.operations.get(scope["method"])
        fault = self.faults.take(None if known is None else known.name)
        # A client that hangs up is not answered.
        with suppress(ClientDisconnect):
            try:
                if fault.reply and fault.reply.status >= 300:
                    reply = fault.reply
                else:
                    operation = self._operation(scope["method"])
                    self.auth.admit(headers.get("authorization"))
                    preferences = Preferences.parse(headers.getlist("prefer"))
                    status = preferences.code or operation.status
                    if status >= 300:
                        raise self._refusal(status, "preferred_status", f"Prefer asked for the status {status}.")
                    reply = await self._answer(operation, scope, headers, body, status, fault)
            except RefusalError as refusal:
                reply = refusal.reply()
            if delay := fault.delay + (preferences.delay or 0):
                await body.wait(delay)
            if fault.drop:
                await scope["extensions"][HANG_UP]()
            else:
                await reply.send(send, body, preferences.applied(reply.status), fault.drip)

    def _operation(self, method: str) -> MockOperation[Any, Any, Any]:
        if method not in self.operations:
            expected = " or ".join(self.operations)
            raise self._refusal(405, "method_not_allowed", f"Expected {expected}, got {method}.")
        return self.operations[method]

    def _refusal(self, status: int, code: str, message: str) -> RefusalError:
        """A refusal with the usual headers of its status, of which `Allow` says what this path knows."""
        allow = [(b"allow", ", ".join(self.operations).encode())]
        return RefusalError(status, code, message, headers=allow if status == 405 else None)

    async def _answer(
        self,
        operation: MockOperation[Any, Any, Any],
        scope: Scope,
        headers: Headers,
        body: RequestBody,
        status: int,
        fault: Fault,
    ) -> Reply:
        parameters = request = None
        content = b""
        if operation.parameters is not None:
            values = {**QueryParams(scope["query_string"]), **scope["path_params"]}
            parameters = validate_parameters(values, operation.parameters)
        if operation.request is not None:
            _check_media_type(headers.get("content-type"))
            content = await _read(body, headers.get("content-length", "0"))
            request = validate(decode(content), operation.request)
        imported = operation.imports(request) if operation.imports else None
        first_reply = self.uploads.reply_to(imported.call_id) if imported and imported.is_skipped_if_there else None
        answer = first_reply or operation.answer(RequestContext(request, parameters, self.new_id, self.uploads))
        if operation.request is not None and fault.recorded:
            upload = Upload(
                operation=operation.name,
                body=content,
                _request=operation.request,
                reply=None if fault.reply else answer,
                _headers=without_token(scope["headers"]),
                _query=scope.get("query_string", b""),
            )
            if first_reply is not None:
                self.uploads.skipped.record(upload)
            else:
                self.uploads.record(upload)
                if imported:
                    self.uploads.remember(imported.call_id, answer)
        return fault.reply or Reply(status, answer)


def _check_media_type(content_type: str | None) -> None:
    if content_type is None or not is_json(content_type):
        got = "none" if content_type is None else reprlib.repr(content_type)
        raise RefusalError(
            415, "unsupported_media_type", f"Expected Content-Type application/json in UTF-8, got {got}."
        )


async def _read(body: RequestBody, content_length: str) -> bytes:
    if not (content_length.isascii() and content_length.isdigit()):
        raise RefusalError(
            400,
            "invalid_content_length",
            f"Expected Content-Length to be a number of bytes, got {reprlib.repr(content_length)}.",
            hang_up=True,
        )
    try:
        # As a float, since int() refuses a number of thousands of digits.
        if float(content_length) > MAX_BODY:
            raise TooLargeError
        async with asyncio.timeout(BODY_SECONDS):
            return await body.read(MAX_BODY)
    except TimeoutError:
        raise RefusalError(
            408,
            "request_timeout",
            f"Expected the whole body within {BODY_SECONDS} seconds, got a part of it.",
            hang_up=True,
        ) from None
    except TooLargeError:
        raise RefusalError(
            413,
            "content_too_large",
            f"Expected a body of at most {MAX_BODY} bytes, got a larger one.",
            hang_up=True,
        ) from None


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    known = " or ".join(operation.label for operation in OPERATIONS)
    refusal = RefusalError(404, "not_found", f"Expected {known}, got {scope['method']} {reprlib.repr(scope['path'])}.")
    await refusal.reply().send(send, RequestBody(receive))


async def _failed(_: Request, error: Exception) -> Response:
    # Whoever runs the application gets the exception too, logs it and hangs up.
    message = f"The mock itself failed with {type(error).__name__}; its log says where."
    reply = RefusalError(500, "internal_error", message, hang_up=True).reply()
    response = Response(reply.body, reply.status)
    response.raw_headers = reply.headers
    return response
