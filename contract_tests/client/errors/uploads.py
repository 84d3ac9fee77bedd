"""Uploads to where nobody listens, unless they are told where else."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from roark_client import AsyncRoark, Roark

from contract_tests.client.samples import REPORT

TOKEN = "secret-7f3a9c"
NOWHERE = "http://127.0.0.1:1"
CERTIFICATE = Path(__file__).parents[1] / "certificate.pem"


def send(client: Roark, **options: Any) -> Any:
    """An upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, **options)


def upload(**options: Any) -> Any:
    """An upload by a client of its own."""
    with Roark(**{"bearer_token": TOKEN, "base_url": NOWHERE, "max_retries": 0, **options}) as client:
        return send(client)


def async_upload(**options: Any) -> Any:
    """The same under asyncio."""

    async def main() -> Any:
        async with AsyncRoark(**{"bearer_token": TOKEN, "base_url": NOWHERE, "max_retries": 0, **options}) as client:
            return await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    return asyncio.run(main())


in_both_halves = pytest.mark.parametrize("call", [upload, async_upload])


def client_with(**options: Any) -> Roark:
    """A client with other options than usual."""
    return Roark(**{"bearer_token": TOKEN, "base_url": NOWHERE, **options})
