"""Calling an operation: prepare, send, read. Every way to call ends here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

from .connection import Connection
from .exchange import CallState, send, send_async
from .operation import NO_OPTIONS, Operation, Options
from .passing import passed_through
from .types import Response

T = TypeVar("T")


def call(
    connection: Connection, operation: Operation[T], arguments: Mapping[str, Any], options: Options = NO_OPTIONS
) -> Response[T]:
    """Call an operation and wait for its reply."""
    with CallState(operation.label, partial(operation.read, connection)) as state:
        client = connection.pool.sync_client()
        prepared = operation.prepare(connection, connection.pool.callers_sync, arguments, options)
        try:
            return send(client, prepared, state)
        except BaseException as error:
            if error is not state.failure and passed_through(error, "httpcore"):
                connection.pool.leave(client)
            raise


async def call_async(
    connection: Connection, operation: Operation[T], arguments: Mapping[str, Any], options: Options = NO_OPTIONS
) -> Response[T]:
    """Call an operation under asyncio or trio."""
    with CallState(operation.label, partial(operation.read, connection)) as state:
        client = connection.pool.async_client()
        prepared = operation.prepare(connection, connection.pool.callers_async, arguments, options)
        return await send_async(client, prepared, state)
