"""What the proof's tests of one run share."""

from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.evidence import Evidence
from contract_tests.proof.checks.answer import RunHistory
from contract_tests.proof.probe import Probe, first_history
from contract_tests.server import Server
from contract_tests.subject import chosen


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class, name: str, obj: Any) -> Any:
    """Have Schemathesis collect what is marked as generated, once it is known of which contract."""
    marks = getattr(obj, "pytestmark", [])
    others = [mark for mark in marks if mark.name != "generated"]
    if not collector.istestfunction(obj, name) or len(others) == len(marks):
        return None
    test = _generated(obj)
    test.pytestmark = others
    return collector.ihook.pytest_pycollect_makeitem(collector=collector, name=name, obj=test)


def _generated(test: Callable[..., None]) -> Any:
    """The test as Schemathesis collects it; where that cannot read the contract, a test that fails over it."""
    from contract_tests.proof.generation import schema  # here, since it takes time and most runs have no use for it

    try:
        return schema().parametrize()(test)
    except Exception as error:  # noqa: BLE001 - here pytest would show only that a plugin has failed
        reason = error

    def stumble() -> None:
        raise reason

    return stumble


@pytest.fixture(scope="session")
def history(server: Server) -> RunHistory:
    """What the server has replied so far, for the checks that compare replies with each other."""
    return first_history(server)


@pytest.fixture
def probe(server: Server, history: RunHistory, evidence: Evidence) -> Probe:
    """Requests whose replies go through every check."""
    return Probe(server, history, evidence)


@pytest.fixture
def mock_types() -> None:
    """The types of the embedded mock, which say nothing of another server."""
    if chosen().server_url is not None:
        pytest.skip("only the mock's types can be read")
