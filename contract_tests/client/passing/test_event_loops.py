"""One client in one event loop after another leaves nothing behind, and is closed from any."""

import asyncio
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio
from roark_client import AsyncRoark, RoarkError
from roark_mock import MockServer

from contract_tests.client.passing.uploads import ACCEPTED, TOKEN
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import ScriptedServer, reply

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no descriptors to count")


def descriptors() -> int:
    """Files and sockets that this process holds."""
    return len(list(Path("/dev/fd").iterdir()))


def runs(client: AsyncRoark, times: int) -> None:
    """An event loop for each upload, as jobs of a queue have."""

    async def job() -> None:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    for _ in range(times):
        asyncio.run(job())


@pytest.mark.parametrize("times", [20, pytest.param(1000, marks=pytest.mark.nightly)])
def test_event_loop_for_each_job_leaves_nothing(times: int) -> None:
    """A client that is used in one event loop after another holds no more descriptors than after the first."""
    with MockServer() as mock:
        client = AsyncRoark(bearer_token=mock.token, base_url=mock.url)
        runs(client, 3)
        before = descriptors()
        gc.disable()  # so that nothing is closed by chance
        try:
            runs(client, times)
            assert descriptors() < before + times / 2  # the server, in this process, may not have closed its last ones
        finally:
            gc.enable()
        asyncio.run(client.close())
        assert len(mock.uploads) == times + 3


def test_trio_run_for_each_job_leaves_nothing() -> None:
    """The same under trio."""

    async def job() -> None:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    with MockServer() as mock:
        client = AsyncRoark(bearer_token=mock.token, base_url=mock.url)
        trio.run(job)
        before = descriptors()
        for _ in range(20):
            trio.run(job)
        assert descriptors() < before + 10
        trio.run(client.close)


async def closed(client: AsyncRoark) -> None:
    """By its method."""
    await client.close()


async def left(client: AsyncRoark) -> None:
    """By leaving its block."""
    async with client:
        pass


@pytest.mark.parametrize("close", [closed, left])
@pytest.mark.parametrize("run", [asyncio.run, lambda main: trio.run(lambda: main)], ids=["asyncio", "trio"])
def test_closing_in_another_loop(close: Callable[[AsyncRoark], Any], run: Callable[[Any], Any]) -> None:
    """A client is closed from another event loop than that of its last upload, and says so to the next call."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)
        runs(client, 1)
        run(close(client))
        with pytest.raises(RoarkError, match="closed"):
            runs(client, 1)
    assert not server.lost_patience


def test_closing_while_its_loop_runs_elsewhere() -> None:
    """Closed from another thread's loop, the connections are closed by the loop that they belong to."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)

        async def main() -> None:
            await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
            await asyncio.to_thread(lambda: asyncio.run(client.close()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        asyncio.run(main())
    assert not server.lost_patience


def test_closing_while_its_loop_pauses() -> None:
    """Closed while their loop pauses, the connections are closed as that goes on."""
    with ScriptedServer((reply(200, ACCEPTED),)) as server:
        client = AsyncRoark(bearer_token=TOKEN, base_url=server.url)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT))
        asyncio.run(client.close())
        for _ in range(100):
            loop.run_until_complete(asyncio.sleep(0))
        loop.close()
    assert not server.lost_patience
