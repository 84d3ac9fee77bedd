"""A line of a file and a webhook of Vapi are read as the call that they hold, under a key that no other call has."""

import hashlib
import json

import pytest

from contract_tests.example_app.samples import ANALYSIS, REPORT, line
from contract_tests.example_app.uploads import Operation, read_line, read_webhook


def test_report_is_known_by_its_call() -> None:
    """A report is one by its type, with or without its envelope, and its key is the id of its call at Vapi."""
    for body in (REPORT, {"message": REPORT}):
        upload = read_line(line(body))
        assert (upload.key, upload.operation, json.loads(upload.body)) == ("call-1", Operation.REPORT, REPORT)


def test_call_analysis_is_known_by_its_body() -> None:
    """What is no report is a call analysis, whose key says the same of the same JSON, however it is written."""
    upload = read_line(line(ANALYSIS))
    assert (upload.operation, json.loads(upload.body), len(upload.key)) == (Operation.ANALYSIS, ANALYSIS, 64)
    assert read_line(json.dumps(dict(reversed(ANALYSIS.items())), indent=1).encode()) == upload
    assert upload.key == hashlib.sha256(upload.body.encode()).hexdigest()
    assert read_line(line({**ANALYSIS, "endedReason": "x"})).key != upload.key


@pytest.mark.parametrize(
    "call", [{}, {"id": None}, {"id": 1}, {"id": ""}, {"id": "\ud800"}, {"id": "a\0"}, {"id": "x" * 201}, None]
)
def test_report_without_a_usable_id_is_known_by_its_body(call: object) -> None:
    """Where a call has no id that every database can hold, the key is made of the whole report."""
    upload = read_line(line({**REPORT, "call": call}))
    assert len(upload.key) == 64
    assert upload.key != read_line(line({**REPORT, "call": call, "endedReason": "another"})).key


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "Expecting property name"),
        (b"\xff", "can't decode"),
        (b"[]", "expected a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (line({**REPORT, "cost": float("nan")}), "not JSON compliant"),
        (line(REPORT).replace(b"call-1", b'call-1", "cost": 1e999, "a": "'), "not JSON compliant"),
        (line({}), "recording_url"),
        (line({**ANALYSIS, "participants": []}), "participants"),
        (line({**ANALYSIS, "startedAt": "yesterday"}), "started_at"),
        (line({**ANALYSIS, "interfaceType": "FAX"}), "interface_type"),
    ],
)
def test_what_roark_would_refuse_is_named(content: bytes, reason: str) -> None:
    """A line that is no upload is refused with the reason, which names the field."""
    with pytest.raises((ValueError, TypeError), match=reason):
        read_line(content)


def test_webhook_about_something_else_is_passed_over() -> None:
    """A webhook of another type is none of ours, and what is no webhook is refused."""
    assert read_webhook(line({"message": {"type": "speech-update"}})) is None
    for content in (line([]), line({}), line({"message": []}), line({"message": {}}), b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(ValueError):
            read_webhook(content)
