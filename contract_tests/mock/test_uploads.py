"""What the mock keeps of what it accepted."""

import json
from dataclasses import replace
from uuid import UUID

import httpx
from roark_mock import MockServer, create_app
from roark_mock.operations.create_call_analysis import CallAnalysisRequest
from roark_mock.operations.create_vapi_call import VapiCallRequest
from roark_mock.uploads import KEPT, Uploads

from contract_tests.mock.documented import CALL_ANALYSIS, DOCUMENTED, REPORT, VAPI_CALL, changed
from contract_tests.mock.exchanges import PATIENCE, in_process


def test_what_was_accepted_can_be_asked() -> None:
    """The accepted uploads are kept in order, as typed requests, as JSON and as bytes; refused ones are not."""
    vapi_call = json.dumps(changed(VAPI_CALL, f"{REPORT}/newField", 1.50), indent=3).encode()
    with MockServer() as server, httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        client.headers.update({"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"})
        client.post(CALL_ANALYSIS, json=DOCUMENTED[CALL_ANALYSIS])
        client.post(CALL_ANALYSIS, json={})
        client.post(VAPI_CALL, content=vapi_call, headers={"Prefer": "code=503"})
        client.post(VAPI_CALL, content=vapi_call)

    first, second = server.uploads
    assert isinstance(first.request, CallAnalysisRequest)
    assert first.operation == "createCallAnalysis"
    assert first.request.participants[0].role == "AGENT"
    assert first.json == DOCUMENTED[CALL_ANALYSIS]
    assert isinstance(second.request, VapiCallRequest)
    assert second.operation == "createVapiCall"
    assert second.request.vapi_end_of_call_report_payload.call.id == "call-123"
    assert second.body == vapi_call
    assert second.json == json.loads(vapi_call)
    assert server.uploads[-1] is second
    assert server.uploads[:1] == [first]


def test_only_the_last_uploads_are_kept(client: httpx.Client, server: MockServer) -> None:
    """The record is bounded: the oldest upload makes room for the newest."""
    client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL])
    sample = server.uploads[-1]
    uploads = Uploads()
    for number in range(KEPT + 1):
        uploads.record(replace(sample, body=str(number).encode()))
    assert (KEPT, len(uploads), uploads[0].json, uploads[-1].json) == (10_000, 10_000, 1, 10_000)


def test_a_server_keeps_as_many_as_it_is_told() -> None:
    """How many uploads a server keeps can be chosen."""
    with MockServer(kept=2) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        client.headers.update({"Authorization": f"Bearer {server.token}"})
        for number in range(3):
            client.post(VAPI_CALL, json=changed(VAPI_CALL, "/properties", {"number": number}))
    assert [each.json["properties"]["number"] for each in server.uploads] == [1, 2]


def test_large_uploads_are_kept_while_there_is_room(client: httpx.Client, server: MockServer) -> None:
    """The record is bounded in bytes as well; the newest upload is there however large it is."""
    client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL])
    sample = server.uploads[-1]
    uploads = Uploads(kept_bytes=100)
    for size in (60, 30, 10, 1, 40, 101):
        uploads.record(replace(sample, body=b"1" * size))
        assert sum(len(each.body) for each in uploads) <= max(100, size)
        assert len(uploads[-1].body) == size
    uploads.record(replace(sample, body=b"1" * 50))
    assert [len(each.body) for each in uploads] == [50]
    uploads.clear()
    for _ in range(2):
        uploads.record(replace(sample, body=b"1" * 50))
    assert len(uploads) == 2


def test_the_application_is_made_of_what_it_is_given() -> None:
    """Where ids come from and where uploads go can be chosen; the application names its uploads."""
    uploads = Uploads()
    app = create_app(uploads=uploads, new_id=lambda: UUID(int=7))
    response = in_process(app, [], iter([json.dumps(DOCUMENTED[VAPI_CALL]).encode()]))
    assert response.json() == {"data": {"callId": str(UUID(int=7))}}
    assert app.state.uploads is uploads
    assert len(uploads) == 1
