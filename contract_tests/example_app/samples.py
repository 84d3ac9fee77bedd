"""Calls for the tests of the application: a report, a call analysis, and lines of a file."""

import json
from typing import Any

REPORT: dict[str, Any] = {"type": "end-of-call-report", "call": {"id": "call-1"}, "endedReason": "customer-ended-call"}
ANALYSIS: dict[str, Any] = {
    "recordingUrl": "https://example.com/a.wav",
    "startedAt": "2025-02-11T01:04:32.737Z",
    "interfaceType": "PHONE",
    "callDirection": "INBOUND",
    "participants": [{"role": "AGENT", "spokeFirst": True}, {"role": "CUSTOMER", "spokeFirst": False}],
}


def line(body: object) -> bytes:
    """A body as JSON."""
    return json.dumps(body).encode()


def lines_of(count: int) -> list[bytes]:
    """Calls as lines of a file, reports and analyses by turns."""
    bodies = [
        {**REPORT, "call": {"id": f"call-{number}"}} if number % 2 else {**ANALYSIS, "endedReason": f"{number}"}
        for number in range(count)
    ]
    return [line(each) + b"\n" for each in bodies]
