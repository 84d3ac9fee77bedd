"""The server does what the contract says."""

from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contract_tests import judge
from contract_tests.documents import Document
from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.impact import DOCUMENTED_UPLOAD
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.failures import check_reply, report
from contract_tests.proof.generation import schema
from contract_tests.proof.inputs import read_inputs, upload
from contract_tests.proof.parameters import as_text, least_values, written
from contract_tests.proof.parametrized import operations, pages
from contract_tests.proof.probe import Probe
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import sample_body
from contract_tests.server import NotSentError, Server
from contract_tests.subject import chosen
from scripts.contract import Operation, json_pointer

ABOUT = About(CONTRACT_SERVER, needs={Need.SERVER}, pace=Pace.BRISK)

REPLY_CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

NOT_REACHED = "no request reached this documented status"

# Requests that together reach every documented status: of any server, and with `Prefer` of one that can be steered.
PROVOCATIONS: tuple[dict[str, Any], ...] = (
    {},
    {"headers": {"Authorization": "Bearer wrong"}},
    {"headers": {"Prefer": "code=429"}},
    {"headers": {"Prefer": "code=403"}},
    {"headers": {"Prefer": "code=503"}},
    {"headers": {"Prefer": "code=302"}},
)
BAD_REQUEST: dict[str, Any] = {"body": {}}
BAD_REQUEST_WITHOUT_A_BODY: dict[str, Any] = {"headers": {"Prefer": "code=400"}}


@pytest.mark.at_a_glance
@operations
def test_documented_statuses_are_reached(
    operation: Operation, server: Server, probe: Probe, evidence: Evidence
) -> None:
    """Each documented status is reached, or told to be out of reach, and its reply is what the contract says."""
    reached = set()
    generated = schema().find_operation_by_label(operation.label)
    assert generated is not None
    values = least_values(operation)
    query: dict[str, list[str]] = {}
    for name, text in written(operation, values).query:
        query.setdefault(name, []).append(text)
    for provocation in (*PROVOCATIONS, BAD_REQUEST if operation.has_body else BAD_REQUEST_WITHOUT_A_BODY):
        evidence.case()
        case = generated.Case(
            path_parameters={
                each.name: as_text(each, text) for each, text in values.items() if each.location == "path"
            },
            query=query,
            headers={
                "Authorization": f"Bearer {server.token}",
                **written(operation, values).headers,
                **provocation.get("headers", {}),
            },
            body=provocation.get("body", sample_body(operation)) if operation.has_body else NOT_SET,
            media_type="application/json" if operation.has_body else None,
        )
        try:
            response = server.exchange(lambda: case.call(base_url=server.url, session=server.session))  # noqa: B023
        except NotSentError:  # by the gate before a real service
            continue
        reached.add(operation.documented_status(response.status_code))
        check_reply(case, response, probe, but="no_redirect" if "Prefer" in provocation.get("headers", {}) else "")
        try:
            case.validate_response(response, checks=REPLY_CHECKS)
        except FailureGroup as failures:
            report(failures, case, response, probe)
    missing = [status for status in operation.statuses if status not in reached]
    # Of what need not be there, none may be: a success takes more than the contract says.
    for status in [each for each in missing if not (operation.names_a_thing and each == operation.success)]:
        if server.mock:
            place, rule = f"openapi.yaml#{operation.pointer}/responses/{status}", "status-not-reached"
            evidence.drift(operation=operation.label, place=place, message=NOT_REACHED, check="reached", rule=rule)
    if missing and not server.mock:
        evidence.note(f"{operation.label}: documented statuses that were not reached: {', '.join(missing)}")


@pages
def test_documented_reply_fields_are_sent(document: Document, probe: Probe) -> None:
    """Each field of the documented reply is sent, to the documented upload or to a chosen one that says more."""
    operation = chosen().operation(document.operation)
    assert operation is not None
    sample = NOTHING if document.request is None else document.request
    what = "the documented upload"
    exchange = probe.expect(
        operation,
        what=what,
        status="200",
        place="request",
        check="documented_upload",
        source="documented",
        rule="valid-request-refused",
        fault=DOCUMENTED_UPLOAD,
        value=sample,
    )
    if exchange is None or exchange.status != 200:
        return
    sent = set(pointers(exchange.answer.json))
    inputs = read_inputs().get(operation.label)
    for together in inputs.together.values() if inputs else ():
        more = probe.ask(operation, value=upload(sample, together))
        if more.status == 200:  # otherwise the test of the inputs reports it
            sent |= set(pointers(more.answer.json))
    unknown = set(judge.unknown_fields(judge.schema(operation.success_schema()), document.reply))
    for pointer in pointers(document.reply):
        if pointer not in sent and pointer not in unknown:
            probe.evidence.drift(
                operation=operation.label,
                place=f"reply#{pointer}",
                message="the documented field is missing",
                check="documented_fields_sent",
                rule="documented-field-missing",
            )


def pointers(value: Any, at: str = "") -> Iterator[str]:
    """The pointer of every field in a value."""
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in named:
        pointer = at + json_pointer([name])
        if isinstance(value, dict):
            yield pointer
        yield from pointers(each, pointer)
