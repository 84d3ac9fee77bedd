"""Calling an operation: prepare, send, read. Every way to call ends here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

from .connection import Connection
from .exchange import Course, send, send_async
from .operation import NO_OPTIONS, Operation, Options
from .passing import struck
from .types import Response

T = TypeVar("T")


def call(
    connection: Connection, operation: Operation[T], arguments: Mapping[str, Any], options: Options = NO_OPTIONS
) -> Response[T]:
    """Call an operation and wait for its reply."""
    with Course(operation.label, partial(operation.read, connection)) as course:
        client = connection.pool.sync_client()
        prepared = operation.prepare(connection, connection.pool.callers_sync, arguments, options)
        try:
            return send(client, prepared, course)
        except BaseException as error:
            if error is not course.failure and struck(error, "httpcore"):
                connection.pool.leave(client)
            raise


async def call_async(
    connection: Connection, operation: Operation[T], arguments: Mapping[str, Any], options: Options = NO_OPTIONS
) -> Response[T]:
    """The same for asyncio and trio."""
    with Course(operation.label, partial(operation.read, connection)) as course:
        client = connection.pool.async_client()
        prepared = operation.prepare(connection, connection.pool.callers_async, arguments, options)
        return await send_async(client, prepared, course)
