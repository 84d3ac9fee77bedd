"""The upload's documented reply, whole, in pieces and packed, and how large one may be."""

import gzip
import json

from contract_tests.client.scripted_server import head, reply

ACCEPTED = {
    "data": {
        "jobId": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "status": "PENDING",
        "call": {
            "id": "7f1d5d0e-3b0f-4f0a-9d2c-1f6f3c2b1a00",
            "status": "IN_PROGRESS",
            "summary": None,
            "callDirection": "INBOUND",
            "startedAt": "2025-02-11T01:04:32.737Z",
            "endedAt": None,
            "durationMs": None,
            "endedReason": None,
            "isTest": False,
            "participants": [{"name": "Zoë", "phoneNumber": "+1234567890", "role": "AGENT", "spokeFirst": True}],
        },
    }
}
BODY = json.dumps(ACCEPTED, ensure_ascii=False).encode()
HALF = BODY[: len(BODY) // 2]
WHOLE = reply(200, BODY)
ANNOUNCED = head(200, "Content-Type: application/json", f"Content-Length: {len(BODY)}")
MAX_BYTES = 1024 * 1024  # of a reply, instead of 16 times as many, so that tests are quick

GZIPPED = gzip.compress(BODY)
BOMB = gzip.compress(bytes(16 * MAX_BYTES), 1)
SPACES = b" " * 64 * 1024
HTML_ANNOUNCED = head(200, "Content-Type: text/html", "Content-Length: 1000")
IN_CHUNKS = head(200, "Content-Type: application/json", "Transfer-Encoding: chunked")
