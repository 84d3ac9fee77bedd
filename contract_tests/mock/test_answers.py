"""What the mock answers to what it accepts."""

from uuid import UUID

import httpx
import pytest

from contract_tests.mock.documented import CALL_ANALYSIS, DOCUMENTED, VAPI_CALL, changed


def test_call_analysis_is_answered_in_full(client: httpx.Client) -> None:
    """The reply to the documented call analysis holds every documented field, and what the request said."""
    response = client.post(CALL_ANALYSIS, json=DOCUMENTED[CALL_ANALYSIS])

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    body = response.json()
    job_id, call_id = UUID(body["data"].pop("jobId")), UUID(body["data"]["call"].pop("id"))
    assert job_id.version == call_id.version == 4
    assert job_id != call_id
    assert body == {
        "data": {
            "status": "PENDING",
            "call": {
                "status": "IN_PROGRESS",
                "summary": None,
                "callDirection": "INBOUND",
                "startedAt": "2025-02-11T01:04:32.737Z",
                "endedAt": None,
                "durationMs": None,
                "endedReason": None,
                "isTest": False,
                "participants": [{"role": "AGENT"}, {"role": "AGENT"}],
            },
        }
    }


def test_vapi_call_is_answered_with_an_id(client: httpx.Client) -> None:
    """The reply to the documented Vapi call is the id of the upload and nothing else."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL])

    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    body = response.json()
    assert UUID(body["data"].pop("callId")).version == 4
    assert body == {"data": {}}


def test_ids_never_repeat(client: httpx.Client) -> None:
    """Every upload gets ids of its own, the same upload sent again included."""
    ids = []
    for _ in range(20):
        job = client.post(CALL_ANALYSIS, json=DOCUMENTED[CALL_ANALYSIS]).json()["data"]
        ids += [job["jobId"], job["call"]["id"]]
        ids.append(client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]).json()["data"]["callId"])
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/callDirection", "OUTBOUND"),
        ("/startedAt", "2024-02-29t23:59:60.000000000000001-00:00"),
        ("/endedReason", ""),
        ("/endedReason", "customer-ended-call \x00 \U0001f600"),
        ("/isTest", True),
        ("/isTest", False),
        ("/participants", [{"role": "AGENT"}, {"role": "CUSTOMER"}]),
        ("/participants", [{"role": "CUSTOMER", "name": None, "phoneNumber": None}, {"role": "AGENT", "name": ""}]),
        ("/participants", [{"role": "AGENT", "spokeFirst": True}, {"role": "AGENT", "spokeFirst": False}]),
        ("/participants", [{"role": "AGENT", "name": "Zoë", "phoneNumber": "+1 (234)"}, {"role": "CUSTOMER"}]),
    ],
)
def test_what_was_said_is_echoed_unchanged(client: httpx.Client, pointer: str, value: object) -> None:
    """A reply repeats the request's value as it was given: absent stays absent, null stays null."""
    response = client.post(CALL_ANALYSIS, json=changed(CALL_ANALYSIS, pointer, value))
    assert response.status_code == 200
    assert response.json()["data"]["call"][pointer.removeprefix("/")] == value
