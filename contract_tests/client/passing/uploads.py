"""Uploads that something breaks off, and what has to be told of them."""

import asyncio
from typing import Any

from roark_client import AsyncRoark, Delivery, Roark, delivery_of

from contract_tests.client.samples import REPORT

TOKEN = "test-token"
PATIENCE = 30.0
ACCEPTED = b'{"data": {"callId": "call-123"}}'
NOT_DELIVERED, UNKNOWN, DELIVERED = Delivery.NOT_DELIVERED, Delivery.UNKNOWN, Delivery.DELIVERED

ADVICE = {
    NOT_DELIVERED: "nothing was accepted, so sending it again cannot double it",
    UNKNOWN: "it may have been accepted, so look before sending it again",
    DELIVERED: "it was accepted, so do not send it again",
}


class SoftTimeLimitExceeded(Exception):  # noqa: N818 - that is its name in Celery
    """As task queues have it."""


def send(client: Roark) -> Any:
    """An upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def upload(url: str, **options: Any) -> Any:
    """An upload by a client of its own."""
    with Roark(**{"bearer_token": TOKEN, "base_url": url, "timeout": PATIENCE, **options}) as client:
        return send(client)


async def async_upload(url: str, **options: Any) -> Any:
    """The same for asyncio and trio."""
    async with AsyncRoark(**{"bearer_token": TOKEN, "base_url": url, "timeout": PATIENCE, **options}) as client:
        return await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def under_asyncio(url: str, **options: Any) -> Any:
    """Under asyncio."""
    return asyncio.run(async_upload(url, **options))


def told(error: BaseException, delivery: Delivery) -> bool:
    """Whether an exception says, in a note and when it is asked, what became of the upload."""
    note = f"roark_client: POST /v1/vapi/call was broken off; {ADVICE[delivery]}"
    return delivery_of(error) is delivery and getattr(error, "__notes__", []) == [note]
