"""What the proof's tests of one run share."""

import pytest

from contract_tests.evidence import Evidence
from contract_tests.proof.asking import Asking
from contract_tests.proof.checks.answer import Seen
from contract_tests.server import Server


@pytest.fixture(scope="session")
def seen() -> Seen:
    """What the server has replied so far, for the checks that compare replies with each other."""
    return Seen()


@pytest.fixture
def asking(server: Server, seen: Seen, evidence: Evidence) -> Asking:
    """Requests whose replies go through every check."""
    return Asking(server, seen, evidence)
