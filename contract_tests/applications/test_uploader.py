"""The uploader says what became of each recording, also when it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from roark_client import AsyncRoark
from roark_client.models import ParticipantInputDict
from roark_mock import MockServer, RoarkMock

from contract_tests.applications.uploader import Recording, Uploader

pytestmark = pytest.mark.whole_run

AGENT: ParticipantInputDict = {"role": "AGENT", "spoke_first": True}
CUSTOMER: ParticipantInputDict = {"role": "CUSTOMER", "phone_number": "+14155551234"}


def recording(key: str, url: str = "https://example.com/a.wav") -> Recording:
    """A recording by its key."""
    return Recording(key, url, "2025-02-11T01:04:32.737Z", [AGENT, CUSTOMER])


def queue_of(*items: Recording | None) -> "asyncio.Queue[Recording | None]":
    """A queue that holds these."""
    queue = asyncio.Queue[Recording | None]()
    for item in items:
        queue.put_nowait(item)
    return queue


def fates(uploader: Uploader) -> dict[str, tuple[str, int]]:
    """What became of each, and after how many tries."""
    return {key: (outcome.fate, outcome.tries) for key, outcome in uploader.outcomes.items()}


def run(scenario: Callable[[AsyncRoark], Awaitable[None]]) -> None:
    """Run a scenario with a client of the mock."""

    async def main() -> None:
        async with AsyncRoark() as client:
            await scenario(client)

    asyncio.run(main())


def test_all_are_uploaded(roark_mock: RoarkMock) -> None:
    """Each recording is uploaded once."""

    async def scenario(client: AsyncRoark) -> None:
        uploader = Uploader(client, at_a_time=3)
        await uploader.run(queue_of(*(recording(str(index)) for index in range(10)), None))
        assert fates(uploader) == {str(index): ("delivered", 1) for index in range(10)}

    run(scenario)
    keys = {upload.json["properties"]["recording_key"] for upload in roark_mock.uploads.call_analyses}
    assert keys == {str(index) for index in range(10)}
    assert roark_mock.uploads.call_analyses[0].json["participants"][0] == {"role": "AGENT", "spokeFirst": True}


def test_each_fault_has_its_fate(roark_mock: RoarkMock) -> None:
    """Each fault has its fate, and the next recording goes on."""
    roark_mock.fail_next(status=422)
    roark_mock.drop_next(recorded=True)
    roark_mock.drop_next(recorded=False)
    roark_mock.fail_next(status=503, retry_after=0)
    roark_mock.reply_next({"data": None})
    roark_mock.reply_next(b"<html>", media_type="text/html")

    async def scenario(client: AsyncRoark) -> None:
        uploader = Uploader(client, at_a_time=1)
        await uploader.run(queue_of(*(recording(str(index)) for index in range(7)), recording("bad", ""), None))
        assert [outcome.fate for outcome in uploader.outcomes.values()] == [
            "refused", "look_first", "look_first", "look_first", "delivered", "look_first", "delivered", "refused",
        ]  # fmt: skip

    run(scenario)


def test_retry_after_is_honoured(roark_mock: RoarkMock) -> None:
    """What was not delivered is sent again after as long as the server asks, else ever later."""
    roark_mock.fail_next(status=429, retry_after=0)
    roark_mock.fail_next(status=429)
    waits: list[float] = []

    async def scenario(client: AsyncRoark) -> None:
        uploader = Uploader(client, wait=0.01, on_retry=lambda _, seconds: waits.append(seconds))
        await uploader.run(queue_of(recording("a"), None))
        assert fates(uploader) == {"a": ("delivered", 3)}

    run(scenario)
    assert waits == [0, 0.02]
    assert len(roark_mock.uploads) == 1


def test_it_gives_up_in_the_end(roark_mock: RoarkMock) -> None:
    """What is never delivered is given up after so many tries."""
    roark_mock.fail_next(status=429, times=3, retry_after=0)

    async def scenario(client: AsyncRoark) -> None:
        uploader = Uploader(client, tries=3)
        await uploader.run(queue_of(recording("a"), None))
        assert fates(uploader) == {"a": ("not_delivered", 3)}

    run(scenario)


def test_cancelled_under_way(roark_mock: RoarkMock) -> None:
    """A cancelled upload is to be looked at, and what waits was not delivered."""
    roark_mock.delay_next(60)

    async def scenario(client: AsyncRoark) -> None:
        uploader = Uploader(client, at_a_time=1)
        task = asyncio.create_task(uploader.run(queue_of(recording("sent"), recording("waits"))))
        await asyncio.to_thread(roark_mock.uploads.wait_for, 1, timeout=60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert fates(uploader) == {"sent": ("look_first", 1), "waits": ("not_delivered", 0)}

    run(scenario)
    assert len(roark_mock.uploads) == 1


def test_cancelled_between_two_tries(roark_mock: RoarkMock) -> None:
    """What is cancelled while it waits was not delivered."""
    roark_mock.fail_next(status=429, retry_after=3000)

    async def scenario(client: AsyncRoark) -> None:
        waiting = asyncio.Event()
        uploader = Uploader(client, on_retry=lambda _recording, _seconds: waiting.set())
        task = asyncio.create_task(uploader.run(queue_of(recording("a"))))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert fates(uploader) == {"a": ("not_delivered", 1)}

    run(scenario)
    assert not roark_mock.uploads


def test_nobody_listens() -> None:
    """Where nobody listens, nothing was delivered."""
    with MockServer() as server:
        url, token = server.url, server.token

    async def main() -> None:
        async with AsyncRoark(base_url=url, bearer_token=token) as client:
            uploader = Uploader(client, tries=2, wait=0.01)
            await uploader.run(queue_of(recording("a"), None))
            assert fates(uploader) == {"a": ("not_delivered", 2)}

    asyncio.run(main())
