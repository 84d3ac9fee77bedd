"""The fixture `roark_mock`. Nothing is imported before a test asks for it."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from roark_mock.testing import RoarkMock


_HAS_PASSED = pytest.StashKey[bool]()


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Remember which tests have passed: of what did not come in another one nothing need be said."""
    if call.when == "call":
        item.stash[_HAS_PASSED] = call.excinfo is None


@pytest.fixture(scope="session")
def _roark_mock_server() -> "Iterator[RoarkMock]":
    try:
        from roark_mock.testing import RoarkMock
    except ModuleNotFoundError as missing:
        pytest.fail(
            f'the fixture roark_mock needs {missing.name}; install it: pip install "roark-client[mock]"', pytrace=False
        )
    with RoarkMock() as server:
        yield server


@pytest.fixture
def roark_mock(_roark_mock_server: "RoarkMock", request: pytest.FixtureRequest) -> "Iterator[RoarkMock]":
    """A mock of the Roark API on a free port, as new for each test: `roark_mock.RoarkMock`.

    `url`, `token`, `client` and `async_client` reach it; `uploads` are what it accepted, in order; `fail_next`,
    `delay_next`, `drop_next`, `drip_next` and `reply_next` make it fail. During the test `ROARK_BASE_URL` and
    `ROARK_API_BEARER_TOKEN` name it. The ids of its replies are the same whenever this test runs. A fault that is left
    when the test has passed is told as a `roark_mock.FaultLeftWarning`.
    """
    server = _roark_mock_server
    server.reset(seed=request.node.nodeid)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ROARK_BASE_URL", server.url)
        environment.setenv("ROARK_API_BEARER_TOKEN", server.token)
        direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
        if direct != "*":  # a proxy of the environment is not asked for the way to this machine
            for name in ("no_proxy", "NO_PROXY"):
                environment.setenv(name, ",".join(filter(None, (direct, "127.0.0.1"))))
        yield server
    try:
        if request.node.stash.get(_HAS_PASSED, False):
            server.warn_of_faults_left()
    finally:
        server.reset()
