"""The client and the server understand each other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contract_tests.documents import Document
from contract_tests.evidence import CLIENT_SERVER, Evidence
from contract_tests.proof import client
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.parameters import least_values
from contract_tests.proof.parametrized import operations, pages
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
    _check_upload(document.operation, document.request, half, server, evidence)


@halves
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_raw_vapi_report_is_accepted(path: Path, half: str, server: Server, evidence: Evidence) -> None:
    """What Vapi really sends is never refused, and arrives as it was given."""
    report = json.loads(path.read_text(encoding="utf-8"))
    _check_upload(REPORTED_TO, {REPORTED_AS: report}, half, server, evidence)


@pytest.mark.usefixtures("mock")
@halves
@pytest.mark.parametrize("status", STATUSES)
@operations
def test_error_is_read(operation: Operation, status: int, half: str, server: Server, evidence: Evidence) -> None:
    """The client reads an error of any documented kind: its status and its body."""
    label, place = operation.label, f"reply {status}"
    outcome = _call(operation, sample_body(operation), half, server, evidence, {"Prefer": f"code={status}"})
    evidence.compare(operation=label, place=place, what="status", expected=status, actual=outcome.status)
    if outcome.status == status:
        body = json.loads(outcome.content)
        evidence.compare(operation=label, place=place, what="body", expected=body, actual=outcome.body)


@halves
@operations
def test_wrong_token_is_refused(operation: Operation, half: str, server: Server, evidence: Evidence) -> None:
    """A wrong token is a 401 that the client reads."""
    status = _call(operation, sample_body(operation), half, server, evidence, token="wrong").status
    evidence.compare(operation=operation.label, place="reply", what="status", expected=401, actual=status)


def _check_upload(label: str, body: Any, half: str, server: Server, evidence: Evidence) -> None:
    operation = chosen().operation(label)
    if operation is None:
        return  # which the tests of the documents report
    evidence.case()
    body = NOTHING if body is None else chosen().sample(label, body)
    outcome = _call(operation, body, half, server, evidence)
    if outcome.error is not None and outcome.status is None:
        evidence.drift(operation=label, place="request#", message=f"the client fails: {_reason(outcome.error)}")
        return
    if outcome.error is not None and outcome.status == 200:
        for at in [each.pointer for each in getattr(outcome.error, "violations", ())] or [""]:
            message = f"the client cannot read it: {_reason(outcome.error)}"
            evidence.drift(operation=label, place=f"reply#{at}", message=message)
        return
    if outcome.status == 404 and operation.names_a_thing:
        return  # which need not be there
    if outcome.status != 200:
        message = f"expected 200, got {outcome.status}: {outcome.body!r:.300}"
        evidence.drift(operation=label, place=f"request#{_refused_at(outcome.body)}", message=message)
        return
    for at, sent, came in differences(json.loads(outcome.content), outcome.written()):
        message = f"the server sent {sent!r}, the client read {came!r}"
        evidence.drift(operation=label, place=f"reply#{at}", message=message)
    if server.mock and body is not NOTHING:
        for at, given, came in differences(body, server.mock.uploads[-1].json):
            message = f"the caller gave {given!r}, the server received {came!r}"
            evidence.drift(operation=label, place=f"request#{at}", message=message)


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
            outcome = asyncio.run(client.outcome_async(lambda: client.call_async(operation, connection, body, values)))
        if isinstance(outcome.error, httpx.TransportError):
            raise outcome.error
        return outcome

    outcome = server.exchange(send)
    for event in events:
        if event.part == "reply":
            message = f"the client tells its caller: {event.kind}: expected {event.expected}, got {event.actual!r:.100}"
            place = f"reply#{event.pointer}"
            evidence.drift(operation=operation.label, place=place, message=message, check="told by the client")
    return outcome


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _refused_at(body: Any) -> str:
    """The pointer that the server names, if it does."""
    try:
        return str(body["error"]["details"][0]["path"])
    except (KeyError, IndexError, TypeError):
        return ""
