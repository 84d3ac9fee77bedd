"""The server does what the contract says."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from ruamel.yaml import YAML
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contract_tests.documents import Document, read_documents
from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.proof import judge
from contract_tests.proof.failures import as_curl, report
from contract_tests.proof.same_value import NOTHING, differences
from contract_tests.server import REPLY_SECONDS, NoAnswerError, NotSentError, Server
from contract_tests.subject import Operation, chosen
from scripts.codegen.contract import pointer_parts

PAIR = CONTRACT_SERVER

schema = schemathesis.openapi.from_path(chosen().spec)
schema.config.seed = chosen().seed
schema.config.update(
    headers={"Authorization": f"Bearer {chosen().token}"},
    request_timeout=REPLY_SECONDS,
    max_redirects=0,  # one could lead to another machine
)
schema.config.generation.update(max_examples=chosen().examples, database="none")

operations = pytest.mark.parametrize("operation", chosen().operations, ids=lambda operation: operation.label)

INPUTS = YAML(typ="safe", pure=True).load(Path(__file__).parent.parent / "inputs.yaml")

REPLY_CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# Requests that together reach every documented status: of any server, and with `Prefer` of one that can be steered.
PROVOCATIONS: tuple[dict[str, Any], ...] = (
    {},
    {"body": {}},
    {"headers": {"Authorization": "Bearer wrong"}},
    {"headers": {"Prefer": "code=429"}},
    {"headers": {"Prefer": "code=403"}},
    {"headers": {"Prefer": "code=503"}},
    {"headers": {"Prefer": "code=302"}},
)

# A JSON body under these must be refused, whatever is in it.
WRONG_MEDIA_TYPES = (
    "text/plain",
    "text/html",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    None,
)


@schema.parametrize()
@settings(suppress_health_check=list(HealthCheck), deadline=None)  # one evidence for all cases; slow is no drift
def test_generated_cases(case: Case[Any], server: Server, evidence: Evidence) -> None:
    """Valid requests are accepted, invalid ones refused, and each reply is what the contract says."""
    evidence.case()
    try:
        response = server.exchange(lambda: case.call(base_url=server.url, session=server.session))
        # The checks that send another request do so as this one was sent.
        server.exchange(lambda: case.validate_response(response, transport_kwargs={"session": server.session}))
    except NotSentError:  # by the gate before a real service
        return
    except NoAnswerError as error:
        evidence.drift(operation=case.operation.label, place="reply", message=str(error), request=as_curl(case))
    except FailureGroup as failures:
        report(failures, case, response, evidence)


def test_chosen_inputs_are_for_operations_of_the_contract(evidence: Evidence) -> None:
    """Each operation of inputs.yaml is one of the contract, so that none of its values is passed over."""
    known = {operation.label for operation in chosen().operations}
    for label in INPUTS:
        evidence.compare(
            operation=label, place="inputs.yaml", what="is in the contract", expected=True, actual=label in known
        )


@operations
def test_chosen_inputs(operation: Operation, server: Server, evidence: Evidence) -> None:
    """Each value of inputs.yaml is accepted or refused, by the contract and by the server alike."""
    for pointer, verdicts in INPUTS.get(operation.label, {}).items():
        for verdict, values in verdicts.items():
            wrong: dict[str, list[str]] = {}
            for value in values:
                evidence.case()
                body = _with_value(operation.example(), pointer_parts(pointer), value)
                unknown = judge.unknown_fields(judge.value_at(operation.request_schema()), body)
                if any(pointer == at or pointer.startswith(f"{at}/") for at in unknown):
                    wrong.setdefault("the contract names no such field for", []).append(repr(value))
                if judge.is_valid(operation.request_schema(), body) != (verdict == "accepted"):
                    wrong.setdefault("the contract says otherwise of", []).append(repr(value))
                with suppress(NotSentError):
                    status = server.send(operation.method, operation.path, json=body).status_code
                    if status == 200 if verdict == "accepted" else 400 <= status <= 499:
                        continue
                    wrong.setdefault(f"the server answered {status} to", []).append(repr(value))
            for fault, shown in wrong.items():
                message = f"must be {verdict}, {fault} {', '.join(shown)}"
                evidence.drift(operation=operation.label, place=f"request#{pointer}", message=message)


@operations
@pytest.mark.parametrize("media_type", WRONG_MEDIA_TYPES)
def test_wrong_media_type_is_refused(
    operation: Operation, media_type: str | None, server: Server, evidence: Evidence
) -> None:
    """A valid body under another media type than JSON is refused."""
    evidence.case()
    headers = {"Content-Type": media_type} if media_type else {}
    reply = server.send(
        operation.method, operation.path, headers=headers, data=json.dumps(operation.example()).encode()
    )
    if not 400 <= reply.status_code <= 499:
        message = f"a body sent as {media_type or 'no media type'}: expected a 4xx, got {reply.status_code}"
        evidence.drift(operation=operation.label, place="request Content-Type", message=message)


@operations
def test_documented_statuses_are_reached(operation: Operation, server: Server, evidence: Evidence) -> None:
    """Each documented status is reached, and its reply is what the contract says."""
    reached = set()
    generated = schema.find_operation_by_label(operation.label)
    assert generated is not None
    for provocation in PROVOCATIONS:
        evidence.case()
        case = generated.Case(
            body=provocation.get("body", operation.example()),
            media_type="application/json",
            headers={"Authorization": f"Bearer {server.token}", **provocation.get("headers", {})},
        )
        try:
            response = server.exchange(lambda: case.call(base_url=server.url, session=server.session))  # noqa: B023
        except NotSentError:
            continue
        reached.add(_documented_status(operation, response.status_code))
        try:
            case.validate_response(response, checks=REPLY_CHECKS)
        except FailureGroup as failures:
            report(failures, case, response, evidence)
    for status in operation.statuses:
        if status not in reached and server.mock:
            place = f"openapi.yaml#{operation.pointer}/responses/{status}"
            evidence.drift(operation=operation.label, place=place, message="no request reached this documented status")
        elif status not in reached:
            evidence.note(f"{operation.label}: documented status {status} was not reached")


@pytest.mark.usefixtures("mock")
@pytest.mark.parametrize("document", read_documents(), ids=lambda document: document.name)
def test_documented_reply_fields_are_sent(document: Document, server: Server, evidence: Evidence) -> None:
    """The mock's reply to a documented upload has each field of the documented reply, and no other."""
    reply = server.send(document.method, document.path, json=document.request)
    if reply.status_code != 200:
        message = f"the documented upload: expected 200, got {reply.status_code}: {reply.text[:300]}"
        evidence.drift(operation=document.operation, place="request", message=message)
        return
    for at, documented, sent in differences(document.reply, reply.json()):
        evidence.case()
        missing, undocumented = sent is NOTHING, documented is NOTHING
        if (missing or undocumented) and not at.startswith("/data/call/participants/"):
            message = "the documented field is missing" if missing else f"no document knows this field: {sent!r}"
            evidence.drift(operation=document.operation, place=f"reply#{at}", message=message)


def _with_value(body: Any, parts: list[str], value: Any) -> Any:
    """A copy of a body with another value at a pointer."""
    if not parts:
        return value
    if isinstance(body, list):
        at = int(parts[0])
        return [*body[:at], _with_value(body[at], parts[1:], value), *body[at + 1 :]]
    return {**body, parts[0]: _with_value(body.get(parts[0]), parts[1:], value)}


def _documented_status(operation: Operation, status: int) -> str:
    """Which of the documented statuses a reply counts as."""
    for candidate in (str(status), f"{status // 100}XX"):
        if candidate in operation.statuses:
            return candidate
    return "default"
