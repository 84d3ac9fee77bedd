"""The client and the server understand each other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.documents import Document
from contract_tests.evidence import CLIENT_SERVER, Evidence
from contract_tests.impact import DOCUMENTED_UPLOAD, RAW_REPORT
from contract_tests.proof import client
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.breaches import wrong_places
from contract_tests.proof.parameters import least_values
from contract_tests.proof.parametrized import operations, pages
from contract_tests.proof.refusals import rule_of_refusal
from contract_tests.proof.same_value import NOTHING, differences
from contract_tests.proof.variants import sample_body
from contract_tests.server import Server
from contract_tests.subject import chosen
from scripts.contract import Operation

ABOUT = About(CLIENT_SERVER, needs={Need.CLIENT, Need.SERVER}, pace=Pace.BRISK)

pytestmark = pytest.mark.at_a_glance

REPORTS = sorted((Path(__file__).parent.parent / "vapi_reports").iterdir())

# Where the vendor's page has a raw Vapi report go: operation, and field of its request.
REPORTED_TO, REPORTED_AS = "POST /v1/vapi/call", "vapiEndOfCallReportPayload"

# The status that `Prefer` asks for, and one that no specification knows.
STATUSES = (400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504)

halves = pytest.mark.parametrize("half", ["sync", "async"])


@halves
@pages
def test_documented_upload_is_accepted(document: Document, half: str, server: Server, evidence: Evidence) -> None:
    """Each documented upload, sent through the client, is accepted as it is and its reply is read."""
    _check_upload(document.operation, document.request, half, server, evidence, DOCUMENTED_UPLOAD)


@halves
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_raw_vapi_report_is_accepted(path: Path, half: str, server: Server, evidence: Evidence) -> None:
    """What Vapi really sends is never refused, and arrives as it was given."""
    report = json.loads(path.read_text(encoding="utf-8"))
    _check_upload(REPORTED_TO, {REPORTED_AS: report}, half, server, evidence, RAW_REPORT)


@pytest.mark.usefixtures("mock")
@halves
@pytest.mark.parametrize("status", STATUSES)
@operations
def test_error_is_read(operation: Operation, status: int, half: str, server: Server, evidence: Evidence) -> None:
    """The client reads an error of any documented kind: its status and its body."""
    label, place = operation.label, f"reply {status}"
    outcome = _call(operation, sample_body(operation), half, server, evidence, {"Prefer": f"code={status}"})
    where: dict[str, Any] = {"operation": label, "place": place, "rule": "reply-unreadable", "fault": "an error"}
    evidence.compare(**where, what="status", expected=status, actual=outcome.status)
    if outcome.status == status:
        body = json.loads(outcome.content)
        evidence.compare(**where, what="body", expected=body, actual=outcome.body)


@halves
@operations
def test_wrong_token_is_refused(operation: Operation, half: str, server: Server, evidence: Evidence) -> None:
    """A wrong token is a 401 that the client reads."""
    status = _call(operation, sample_body(operation), half, server, evidence, token="wrong").status or 0
    if status // 100 == 2:
        rule, fault = "credentials-accepted", ""
    elif status // 100 == 4:
        rule, fault = "refused-otherwise", f"by a {status}"
    else:
        rule, fault = "invalid-request-fails", ""
    where: dict[str, Any] = {"operation": operation.label, "place": "reply", "rule": rule, "fault": fault}
    evidence.compare(**where, what="status", expected=401, actual=status)


def _check_upload(label: str, body: Any, half: str, server: Server, evidence: Evidence, what: str) -> None:
    operation = chosen().operation(label)
    if operation is None:
        return  # which the tests of the documents report
    evidence.case()
    body = NOTHING if body is None else chosen().sample(label, body)
    outcome = _call(operation, body, half, server, evidence)
    is_success = outcome.status is not None and 200 <= outcome.status <= 299
    if outcome.error is not None and outcome.status is None:
        message = f"the client fails: {_reason(outcome.error)}"
        evidence.drift(
            operation=label, place="request#", message=message, rule="valid-request-fails", fault="no answer"
        )
        return
    if outcome.error is not None and is_success:
        for at, rule, fault in _unreadable(operation, outcome):
            message = f"the client cannot read it: {_reason(outcome.error)}"
            evidence.drift(operation=label, place=f"reply#{at}", message=message, rule=rule, fault=fault)
        return
    if outcome.status == 404 and operation.names_a_thing:
        return  # which need not be there
    if outcome.status != 200:
        message = f"expected 200, got {outcome.status}: {outcome.body!r:.300}"
        rule = "undocumented-status" if is_success else rule_of_refusal(outcome.status or 0, [])
        fault = f"a success of {outcome.status}" if is_success else what
        place = f"request#{_refused_at(outcome.body)}"
        evidence.drift(operation=label, place=place, message=message, rule=rule, fault=fault)
        return
    for at, sent, came in differences(json.loads(outcome.content), client.written(outcome.reply)):
        message = f"the server sent {sent!r}, the client read {came!r}"
        fault = f"by the client, at {at}"
        evidence.drift(operation=label, place=f"reply#{at}", message=message, rule="value-changed", fault=fault)
    if server.mock and body is not NOTHING:
        for at, given, came in differences(body, server.mock.uploads[-1].json):
            message = f"the caller gave {given!r}, the server received {came!r}"
            fault = f"by the client, at {at}"
            evidence.drift(operation=label, place=f"request#{at}", message=message, rule="value-changed", fault=fault)


def _unreadable(operation: Operation, outcome: client.Outcome) -> list[tuple[str, str, str]]:
    """Where a reply cannot be read, by which rule, and the fault, as the proof's own judge has it."""
    try:
        value = json.loads(outcome.content)
    except ValueError:
        return [("", "reply-unreadable", "no JSON")]
    wrong = [each for each in wrong_places(operation.success_schema(), value) if not each.optional]
    return [(each.pointer, each.rule_of_reply, each.fault_of_reply) for each in wrong] or [("", "reply-unreadable", "")]


def _call(
    operation: Operation,
    body: Any,
    half: str,
    server: Server,
    evidence: Evidence,
    headers: dict[str, str] | None = None,
    token: str = "",
) -> client.Outcome:
    """What becomes of a call. What the client tells its caller of the reply is drift of the server."""
    events: list[Any] = []
    connection = client.connect(server.url, token or server.token, headers, on_drift=events.append)
    values = least_values(operation)

    def send() -> client.Outcome:
        if half == "sync":
            outcome = client.outcome(lambda: client.call(operation, connection, body, values))
        else:
            outcome = client.outcome(lambda: asyncio.run(client.call_async(operation, connection, body, values)))
        if isinstance(outcome.error, httpx.TransportError):
            raise outcome.error
        return outcome

    outcome = server.exchange(send)
    for event in events:
        if event.part == "reply":
            message = f"the client tells its caller: {event.kind}: expected {event.expected}, got {event.actual!r:.100}"
            place = f"reply#{event.pointer}"
            rule, fault = _told(operation, event, outcome)
            evidence.drift(
                operation=operation.label,
                place=place,
                message=message,
                check="told by the client",
                rule=rule,
                fault=fault,
            )
    return outcome


def _told(operation: Operation, event: Any, outcome: client.Outcome) -> tuple[str, str]:
    """The rule and the fault of what the client tells its caller."""
    match str(event.kind):
        case "unknown field":
            return "undocumented-field", ""
        case "status":
            return "undocumented-status", f"a success of {outcome.status}"
        case "media type":
            return "undocumented-media-type", ""
        case "leap second":
            return "value-rounded", ""
        case _:
            wrong = {
                each.pointer: each for each in wrong_places(operation.success_schema(), json.loads(outcome.content))
            }
            found = wrong.get(event.pointer)
            return (found.rule_of_reply, found.fault_of_reply) if found else ("optional-value-unreadable", "")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _refused_at(body: Any) -> str:
    """The pointer that the server names, if it does."""
    try:
        return str(body["error"]["details"][0]["path"])
    except (KeyError, IndexError, TypeError):
        return ""
