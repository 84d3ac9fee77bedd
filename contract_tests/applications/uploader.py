"""Uploads call analyses from a queue, so many at a time, and says of each recording what became of it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from roark_client import AsyncRoark, Delivery, RoarkError, delivery_of
from roark_client.models import ParticipantInputDict

Fate = Literal["delivered", "look_first", "not_delivered", "refused"]


@dataclass(frozen=True)
class Recording:
    """A recording to upload."""

    key: str
    url: str
    started_at: str
    participants: list[ParticipantInputDict]
    direction: Literal["INBOUND", "OUTBOUND"] = "INBOUND"
    interface: Literal["PHONE", "WEB"] = "PHONE"


@dataclass
class Outcome:
    """What became of one, and after how many tries."""

    fate: Fate
    detail: str
    tries: int = 0


class Uploader:
    """`outcomes` holds every recording that was taken from the queue, also after a cancellation; None ends it."""

    def __init__(
        self,
        client: AsyncRoark,
        *,
        at_a_time: int = 4,
        tries: int = 5,
        wait: float = 1.0,
        backlog: int = 1000,
        on_retry: Callable[[Recording, float], None] = lambda _recording, _seconds: None,
    ) -> None:
        self.client = client.with_options(max_retries=0)  # a wait in the client would hold one of the slots
        self.slots, self.room = asyncio.Semaphore(at_a_time), asyncio.Semaphore(backlog)
        self.tries, self.wait, self.on_retry = tries, wait, on_retry
        self.outcomes: dict[str, Outcome] = {}

    async def run(self, queue: "asyncio.Queue[Recording | None]") -> None:
        """Upload what comes through the queue."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self.room.acquire()
                recording = await queue.get()
                if recording is None:
                    break
                # Said before its task runs: a task that is cancelled before its first step never gets to say anything.
                outcome = self.outcomes[recording.key] = Outcome("not_delivered", "cancelled before it was sent")
                group.create_task(self.handle(recording, outcome)).add_done_callback(lambda _: self.room.release())

    async def handle(self, recording: Recording, outcome: Outcome) -> None:
        """Upload one recording, as often as it takes."""
        while True:
            async with self.slots:
                outcome.tries += 1
                seconds = await self.upload(recording, outcome)
            if seconds is None or outcome.tries >= self.tries:
                return
            self.on_retry(recording, seconds)
            await asyncio.sleep(seconds)

    async def upload(self, recording: Recording, outcome: Outcome) -> float | None:
        """The seconds to wait before it can be sent again, or None where it must not be."""
        try:
            reply = await self.client.call_analysis.create(
                recording_url=recording.url,
                started_at=recording.started_at,
                interface_type=recording.interface,
                call_direction=recording.direction,
                participants=recording.participants,
                properties={"recording_key": recording.key},
            )
        except RoarkError as error:
            outcome.detail = str(error)
            if error.delivery is Delivery.NOT_DELIVERED:
                outcome.fate = "refused" if error.is_permanent else "not_delivered"
                if not error.is_permanent:
                    return self.wait * 2 ** (outcome.tries - 1) if error.retry_after is None else error.retry_after
            else:
                outcome.fate = "delivered" if error.delivery is Delivery.DELIVERED else "look_first"
        except BaseException as error:  # a cancellation, or a bug
            certain = delivery_of(error) is Delivery.NOT_DELIVERED
            outcome.fate, outcome.detail = "not_delivered" if certain else "look_first", repr(error)
            if not isinstance(error, Exception):
                raise
            logging.exception("recording %s", recording.key)  # the others go on
        else:
            outcome.fate, outcome.detail = "delivered", str(reply.data.job_id)
        return None
