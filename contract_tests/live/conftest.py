"""The server and the time of a test."""

import pytest

from contract_tests.live.recorder import Clock, Recorder


@pytest.fixture
def recorder() -> Recorder:
    """What arrives."""
    return Recorder()


@pytest.fixture
def clock() -> Clock:
    """The gate's time."""
    return Clock()
