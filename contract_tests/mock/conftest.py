"""A mock that the tests of a module share, and a client of it."""

from collections.abc import Iterator

import httpx
import pytest
from roark_mock import MockServer

from contract_tests.mock.exchanges import PATIENCE


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A mock that many tests share: none of them may count its uploads."""
    with MockServer() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: MockServer) -> Iterator[httpx.Client]:
    """A client that `server` lets in."""
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=PATIENCE) as opened:
        yield opened
