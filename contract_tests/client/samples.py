"""The least that each operation takes: as arguments in Python, and as the JSON that they mean."""

from typing import Any

from roark_client.models import CallAnalysisRequestJson

UPLOAD: dict[str, Any] = {
    "recording_url": "https://example.com/recording.wav",
    "started_at": "2025-02-11T01:04:32.737Z",
    "interface_type": "PHONE",
    "call_direction": "INBOUND",
    "participants": [{"role": "AGENT"}, {"role": "CUSTOMER"}],
}
UPLOAD_AS_JSON: CallAnalysisRequestJson = {
    "recordingUrl": "https://example.com/recording.wav",
    "startedAt": "2025-02-11T01:04:32.737Z",
    "interfaceType": "PHONE",
    "callDirection": "INBOUND",
    "participants": [{"role": "AGENT"}, {"role": "CUSTOMER"}],
}
REPORT: dict[str, Any] = {"type": "end-of-call-report", "call": {"id": "call-123"}}
