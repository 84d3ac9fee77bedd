"""A cancellation and Ctrl-C pass through a call, and tell what became of the upload."""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import Any

import anyio
import pytest
import trio
from roark_client import APIError, Delivery, RoarkError, delivery_of

from contract_tests.client.passing.signals import handled, strike_the_waiting
from contract_tests.client.passing.uploads import UNKNOWN, async_upload, told, under_asyncio, upload
from contract_tests.client.scripted_server import End, ScriptedServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")


def test_interrupt_tells() -> None:
    """Ctrl-C passes, with a note."""
    with (
        ScriptedServer((strike_the_waiting, End.SILENCE)) as server,
        handled(signal.default_int_handler),
        pytest.raises(KeyboardInterrupt) as raised,
    ):
        upload(server.url)
    assert told(raised.value, UNKNOWN)


class Clock:
    """The clock of the running event loop, set forward by an hour once a server has an upload."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time

    async def hour_passes(self) -> None:
        """Wait until the upload is there."""
        await arrived(self._server)
        self._loop.time = lambda: self._time() + 3600  # type: ignore[method-assign]


async def arrived(server: ScriptedServer) -> None:
    """Wait until an upload is there."""
    while not server.received:
        await anyio.sleep(0.005)


async def within_timeout(server: ScriptedServer) -> None:
    """By asyncio.timeout, which makes a TimeoutError of the cancellation."""
    hour = asyncio.create_task(Clock(server).hour_passes())
    async with asyncio.timeout(1800):
        await async_upload(server.url, timeout=None)
    await hour


async def within_wait_for(server: ScriptedServer) -> None:
    """By asyncio.wait_for."""
    hour = asyncio.create_task(Clock(server).hour_passes())
    await asyncio.wait_for(async_upload(server.url, timeout=None), 1800)
    await hour


async def cancelled(server: ScriptedServer) -> None:
    """By cancelling its task."""
    task = asyncio.create_task(async_upload(server.url))
    await arrived(server)
    task.cancel()
    await task


async def beside_a_failure(server: ScriptedServer) -> None:
    """By a task group, another task of which fails."""

    async def uploaded() -> None:
        try:
            await async_upload(server.url)
        except asyncio.CancelledError as error:
            raise RuntimeError("cancelled") from error

    async def failing() -> None:
        await arrived(server)
        raise RuntimeError("another task")

    async with asyncio.TaskGroup() as group:
        group.create_task(uploaded())
        group.create_task(failing())


@pytest.mark.parametrize("main", [within_timeout, within_wait_for, cancelled, beside_a_failure])
def test_cancellation_tells(main: Callable[[ScriptedServer], Any]) -> None:
    """However asyncio cancels a call, what comes of it leads to what became of the upload."""
    with ScriptedServer((End.SILENCE,)) as server, pytest.raises(BaseException) as raised:
        asyncio.run(main(server))
    assert not isinstance(raised.value, RoarkError)
    assert delivery_of(raised.value) is UNKNOWN
    assert not server.lost_patience


@pytest.mark.parametrize("run", [trio.run, anyio.run])
def test_cancelled_scope_tells(run: Callable[..., Any]) -> None:
    """A cancellation of trio's or anyio's passes, with the answer on it."""
    found: list[Delivery | None] = []

    async def uploaded(scope: anyio.CancelScope) -> None:
        with scope:
            try:
                await async_upload(server.url)
            except BaseException as error:
                found.append(delivery_of(error))
                raise

    async def main() -> None:
        scope = anyio.CancelScope()
        async with anyio.create_task_group() as group:
            group.start_soon(uploaded, scope)
            await arrived(server)
            scope.cancel()
        assert scope.cancelled_caught

    with ScriptedServer((End.SILENCE,)) as server:
        run(main)
    assert found == [UNKNOWN]


@pytest.mark.parametrize("call", [upload, under_asyncio])
def test_deadline_of_the_client_is_no_cancellation(call: Callable[..., Any]) -> None:
    """`timeout=` ends a call with an error of ours, which says all by itself."""
    with ScriptedServer((End.SILENCE,)) as server, pytest.raises(APIError) as raised:
        call(server.url, timeout=0.2)
    assert delivery_of(raised.value) is UNKNOWN
    assert not hasattr(raised.value, "__notes__")
