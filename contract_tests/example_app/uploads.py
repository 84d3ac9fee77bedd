"""What is uploaded: a Vapi report or a call analysis, read from a webhook or from a line of a file."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from roark_client import AsyncRoark
from roark_client.models import CallAnalysisRequest

REPORT_TYPE = "end-of-call-report"
LONGEST_KEY = 200  # characters of a call's id that is taken as a key

_NAMES = {field.wire: field.name for field in CallAnalysisRequest.fields().properties}


class Operation(StrEnum):
    """How a call is uploaded."""

    REPORT = "report"
    """A Vapi end-of-call report, to `POST /v1/vapi/call`."""
    ANALYSIS = "analysis"
    """A recording and who spoke, to `POST /v1/call-analysis`."""


@dataclass(frozen=True)
class Upload:
    """One call. `key` tells it from all others: the call's id at Vapi, else the SHA-256 of its body.

    `body` is its JSON: of ASCII alone, since no database holds a NUL, and the same for the same value, whatever white
    space and order of fields it came in.
    """

    key: str
    operation: Operation
    body: str


def read_webhook(content: bytes) -> Upload | None:
    """The report that a webhook of Vapi holds; None for one that is about something else.

    Raises ValueError for what is no webhook of Vapi.
    """
    message = _object(content).get("message")
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError("expected a Vapi webhook: an object with message.type")
    return _report(message) if message["type"] == REPORT_TYPE else None


def read_line(line: bytes) -> Upload:
    """The upload that a line of JSON holds: a report, a report in its envelope `message`, or a call analysis.

    Raises ValueError, or TypeError, for what Roark would refuse.
    """
    body = _object(line)
    for message in (body, body.get("message")):
        if isinstance(message, dict) and message.get("type") == REPORT_TYPE:
            return _report(message)
    CallAnalysisRequest(**_arguments(body)[0])
    text = _json(body)
    return Upload(_hash(text), Operation.ANALYSIS, text)


async def send(client: AsyncRoark, operation: Operation, body: dict[str, Any]) -> dict[str, str]:
    """Upload a call; the ids that Roark gives it. Raises the client's errors."""
    if operation is Operation.REPORT:
        reply = await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=body)
        return {"callId": reply.data.call_id}
    named, others = _arguments(body)
    job = (await client.call_analysis.create(**named, extra_body=others or None)).data
    return {"callId": str(job.call.id), "jobId": str(job.job_id)}


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("expected a JSON object")
    return value


def _json(body: dict[str, Any]) -> str:
    """The text of a body. Raises ValueError for what is no JSON, such as NaN, which Python reads."""
    try:
        return json.dumps(body, allow_nan=False, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _report(message: dict[str, Any]) -> Upload:
    call = message.get("call")
    call_id = call.get("id") if isinstance(call, dict) else None
    text = _json(message)
    return Upload(call_id if isinstance(call_id, str) and _is_key(call_id) else _hash(text), Operation.REPORT, text)


def _is_key(call_id: str) -> bool:
    """Whether every database can hold it, and a list of keys name it: no NUL, no line break, no half of a character."""
    return 0 < len(call_id) <= LONGEST_KEY and call_id.isprintable() and call_id == call_id.strip()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _arguments(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a call analysis by their names in Python, and those that the client does not know as they are."""
    named = {_NAMES[name]: value for name, value in body.items() if name in _NAMES}
    return named, {name: value for name, value in body.items() if name not in _NAMES}
