"""Whoever cancels or interrupts a call has the connection closed."""

import asyncio
import signal
import sys
import threading
from types import FrameType

import pytest
import trio

from contract_tests.client.network.replies import ANNOUNCED, HALF
from contract_tests.client.network.ways import SHORT, async_roark, roark
from contract_tests.client.scripted_server import PATIENCE, End, Received, Script, ScriptedServer

STALLS: dict[str, Script] = {"before the head": (End.SILENCE,), "in the body": (ANNOUNCED, HALF, End.SILENCE)}
when = pytest.mark.parametrize("script", STALLS.values(), ids=list(STALLS))


@when
def test_cancelled_task(script: Script) -> None:
    """Cancelling an asyncio task passes through, and closes the connection."""

    async def main() -> None:
        task = asyncio.create_task(async_roark(server.url, timeout=PATIENCE * 2))
        while not server.received:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with ScriptedServer(script) as server:
        asyncio.run(main())
    assert (len(server.received), server.lost_patience) == (1, False)


@when
def test_outer_deadline_of_asyncio(script: Script) -> None:
    """An asyncio timeout around a call stays the caller's own."""

    async def main() -> None:
        async with asyncio.timeout(SHORT / 5):
            await async_roark(server.url, timeout=PATIENCE * 2)

    with ScriptedServer(script) as server, pytest.raises(TimeoutError):
        asyncio.run(main())
    assert not server.lost_patience


@when
def test_cancelled_scope(script: Script) -> None:
    """A cancel scope of trio around a call stays the caller's own."""

    async def main() -> bool:
        with trio.move_on_after(SHORT / 5) as scope:
            await async_roark(server.url, timeout=PATIENCE * 2)
        return scope.cancelled_caught

    with ScriptedServer(script) as server:
        assert trio.run(main)
    assert not server.lost_patience


class Interruption(BaseException):
    """What a signal raises, as KeyboardInterrupt, which would end the tests."""


@when
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_interrupt(script: Script) -> None:
    """A signal's exception passes through a blocking call, and closes the connection."""

    def interrupt(_: Received) -> bytes:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        return b""

    def handler(_: int, __: FrameType | None) -> None:
        raise Interruption

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with ScriptedServer((*script[:-1], 0.05, interrupt, End.SILENCE)) as server, pytest.raises(Interruption):
            roark(server.url, timeout=PATIENCE * 2)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert (len(server.received), server.lost_patience) == (1, False)
