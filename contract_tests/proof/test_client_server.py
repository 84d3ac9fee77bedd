"""The client and the server understand each other."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.documents import Document, read_documents
from contract_tests.evidence import CLIENT_SERVER, Evidence
from contract_tests.proof import client
from contract_tests.proof.same_value import differences
from contract_tests.server import NoAnswerError, Server
from contract_tests.subject import Operation, chosen

PAIR = CLIENT_SERVER

REPORTS = sorted((Path(__file__).parent.parent / "vapi_reports").glob("*.json"))

# The status that `Prefer` asks for, and one that no specification knows.
STATUSES = (400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504)

documents = pytest.mark.parametrize("document", read_documents(), ids=lambda document: document.name)
operations = pytest.mark.parametrize("operation", chosen().operations, ids=lambda operation: operation.label)
halves = pytest.mark.parametrize("half", ["sync", "async"])


@halves
@documents
def test_documented_upload_is_accepted(document: Document, half: str, server: Server, evidence: Evidence) -> None:
    """Each documented upload, sent through the client, is accepted as it is and its reply is read."""
    _check_upload(document.operation, document.request, half, server, evidence)


@halves
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_raw_vapi_report_is_accepted(path: Path, half: str, server: Server, evidence: Evidence) -> None:
    """What Vapi really sends is never refused, and arrives as it was given."""
    report = json.loads(path.read_text(encoding="utf-8"))
    _check_upload("POST /v1/vapi/call", {"vapiEndOfCallReportPayload": report}, half, server, evidence)


@pytest.mark.usefixtures("mock")
@halves
@pytest.mark.parametrize("status", STATUSES)
@operations
def test_error_is_read(operation: Operation, status: int, half: str, server: Server, evidence: Evidence) -> None:
    """The client reads an error of any documented kind: its status and its body."""
    error = _error(operation, operation.example(), half, server, headers={"Prefer": f"code={status}"})
    place = f"reply {status}"
    evidence.compare(
        operation=operation.label,
        place=place,
        what="status",
        expected=status,
        actual=getattr(error, "status_code", 200),
    )
    if error is not None:
        body = json.loads(error.response.content)
        evidence.compare(operation=operation.label, place=place, what="body", expected=body, actual=error.body)


@halves
@operations
def test_wrong_token_is_refused(operation: Operation, half: str, server: Server, evidence: Evidence) -> None:
    """A wrong token is a 401 that the client reads."""
    error = _error(operation, operation.example(), half, server, token="wrong")
    actual = getattr(error, "status_code", 200)
    evidence.compare(operation=operation.label, place="reply", what="status", expected=401, actual=actual)


def _check_upload(label: str, body: Any, half: str, server: Server, evidence: Evidence) -> None:
    evidence.case()
    body = chosen().sample(label, body)
    operation = chosen().operation(label)
    if operation is None:
        evidence.drift(operation=label, place="openapi.yaml#/paths", message="the client has no such operation")
        return
    try:
        reply = _upload(operation, body, half, server)
        read = reply.parsed.to_dict()
    except NoAnswerError:
        raise
    except (TypeError, ValueError) as error:
        evidence.drift(operation=label, place="request#", message=f"the client refuses it: {_reason(error)}")
        return
    except client.status_error() as error:
        evidence.drift(operation=label, place=f"request#{_refused_at(error)}", message=f"expected 200, got {error}")
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it is drift
        evidence.drift(operation=label, place="reply#", message=f"the client cannot read it: {_reason(error)}")
        return
    for at, sent, came in differences(json.loads(reply.content), read):
        message = f"the server sent {sent!r}, the client read {came!r}"
        evidence.drift(operation=label, place=f"reply#{at}", message=message)
    if server.mock:
        for at, given, came in differences(body, server.mock.uploads[-1].json):
            message = f"the caller gave {given!r}, the server received {came!r}"
            evidence.drift(operation=label, place=f"request#{at}", message=message)


def _upload(
    operation: Operation, body: Any, half: str, server: Server, headers: dict[str, str] | None = None, token: str = ""
) -> Any:
    connection = client.connect(server.url, token or server.token, headers)
    if half == "sync":
        return server.exchange(lambda: client.upload(operation, connection, body))
    return server.exchange(lambda: asyncio.run(client.upload_async(operation, connection, body)))


def _error(operation: Operation, body: Any, half: str, server: Server, **changes: Any) -> Any:
    """The error that an upload ends in; None for a success."""
    try:
        _upload(operation, body, half, server, **changes)
    except client.status_error() as error:
        return error
    return None


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _refused_at(error: Any) -> str:
    """The pointer that the server names, if it does."""
    try:
        return str(error.body["error"]["details"][0]["path"])
    except (KeyError, IndexError, TypeError):
        return ""
