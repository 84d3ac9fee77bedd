"""Requests made from the contract, valid and invalid. They have a module of their own, since making them takes time."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from requests import Request
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case

from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.curl import as_curl
from contract_tests.proof.failures import check_reply, report
from contract_tests.proof.probe import Probe
from contract_tests.server import NoAnswerError, NotSentError, Server

ABOUT = About(CONTRACT_SERVER, needs={Need.SERVER, Need.GENERATION}, pace=Pace.LONG)


@pytest.mark.generated
@settings(suppress_health_check=list(HealthCheck), deadline=None)  # one evidence for all cases; slow is no drift
def test_generated_cases(case: Case[Any], server: Server, probe: Probe, evidence: Evidence) -> None:
    """Valid requests are accepted, invalid ones refused, and each reply is what the contract says."""
    evidence.case()
    try:
        response = server.exchange(lambda: case.call(base_url=server.url, session=server.session))
        check_reply(case, response, probe)
        # The checks that send another request do so as this one was sent.
        server.exchange(lambda: case.validate_response(response, transport_kwargs={"session": server.session}))
    except NotSentError:  # by the gate before a real service
        return
    except NoAnswerError as error:
        evidence.drift(
            operation=case.operation.label,
            place="reply",
            message=str(error),
            request=as_curl(Request(**case.as_transport_kwargs(base_url=server.url)).prepare()),
            kind="answers",
            check="answers",
            rule="valid-request-fails",
            fault="no answer",
        )
    except FailureGroup as failures:
        report(failures, case, response, probe)
