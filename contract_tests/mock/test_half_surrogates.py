"""Half a surrogate pair, which JSON can carry escaped (RFC 8259, 8.2), is text to the mock as any other is."""

import json
from collections.abc import Iterator

import httpx
import pytest
from roark_client import Roark
from roark_mock import MockServer

from contract_tests.client.samples import UPLOAD
from contract_tests.mock.documented import CALL_ANALYSIS, DOCUMENTED, REPORT, VAPI_CALL, changed
from contract_tests.mock.exchanges import PATIENCE, refused

HALVES = ["\ud83d", "\ude00", "a\ud83d", "\ude00\ud83d", "\ud83d\U0001f600", "\\ud83d\ud83d", "Zo\u00eb \ud83d"]
WHOLE = {"as two escapes": b"\\ud83d\\ude00", "in capitals": b"\\uD83D\\uDE00", "as it is": "\U0001f600".encode()}


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock whose uploads are this test's alone."""
    with MockServer() as running:
        yield running


@pytest.fixture
def caller(mock: MockServer) -> Iterator[httpx.Client]:
    """A client that `mock` lets in."""
    headers = {"Authorization": f"Bearer {mock.token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=mock.url, headers=headers, trust_env=False, timeout=PATIENCE) as opened:
        yield opened


@pytest.mark.parametrize("text", HALVES)
def test_half_a_pair_is_taken_kept_and_echoed(text: str, mock: MockServer, caller: httpx.Client) -> None:
    """As a value, known or not, the text is accepted, kept as it came, readable, and echoed as the same text."""
    body = json.dumps({**DOCUMENTED[CALL_ANALYSIS], "endedReason": text, "properties": {"a": [text]}, "new": text})
    reply = caller.post(CALL_ANALYSIS, content=body)
    assert reply.status_code == 200, reply.text
    call = json.loads(reply.content)["data"]["call"]
    assert (call["endedReason"], call["properties"]) == (text, {"a": [text]})
    (upload,) = mock.uploads
    assert upload.body == body.encode()
    assert (upload.json["new"], upload.request.ended_reason) == (text, text)


@pytest.mark.parametrize("name", HALVES)
def test_half_a_pair_is_a_name_too(name: str, mock: MockServer, caller: httpx.Client) -> None:
    """As a name it is an unknown field, or a property that is echoed under it, beside names of other letters."""
    properties = {name: {name: 1, "Zo\u00eb": 2}}
    participant = {**DOCUMENTED[CALL_ANALYSIS]["participants"][0], name: 1}
    upload = changed(CALL_ANALYSIS, "/participants/0", participant) | {"properties": properties, name: {name: 1}}
    reply = caller.post(CALL_ANALYSIS, content=json.dumps(upload))
    assert reply.status_code == 200, reply.text
    assert json.loads(reply.content)["data"]["call"]["properties"] == properties
    assert mock.uploads[0].request.properties == properties
    assert mock.uploads[0].json == upload


@pytest.mark.parametrize("way", WHOLE)
def test_whole_pair_is_one_character(way: str, mock: MockServer, caller: httpx.Client) -> None:
    """A pair is joined however it is written, also where half of one stands elsewhere."""
    for beside in ("", "\ud83d"):
        body = json.dumps(changed(VAPI_CALL, "/properties", {"a": "PAIR", "b": beside})).encode()
        assert caller.post(VAPI_CALL, content=body.replace(b"PAIR", WHOLE[way])).status_code == 200
        assert mock.uploads[-1].json["properties"] == {"a": "\U0001f600", "b": beside}


def test_other_mistakes_are_named_beside_it(caller: httpx.Client) -> None:
    """What does not fit is refused by its pointer, whatever text stands beside it or in it."""
    upload = changed(CALL_ANALYSIS, "/participants/1/role", "\ud83d") | {"\ud83d": 1}
    details = refused(caller.post(CALL_ANALYSIS, content=json.dumps(upload)), 400, "invalid_request")
    assert details == [{"path": "/participants/1/role", "message": "Expected AGENT or CUSTOMER, got '\\ud83d'"}]


def test_call_is_known_by_half_a_pair(mock: MockServer, caller: httpx.Client) -> None:
    """A call whose id is such a text is skipped like any other, and not for another half."""
    ids = ("\ud83d", "\ude00", "\ud83d")
    uploads = [changed(VAPI_CALL, f"{REPORT}/call/id", each) | {"skipAlreadyImported": True} for each in ids]
    statuses = [caller.post(VAPI_CALL, content=json.dumps(upload)).status_code for upload in uploads]
    assert (statuses, len(mock.uploads), len(mock.uploads.skipped)) == ([200] * 3, 2, 1)


def test_half_a_pair_goes_through_the_client(mock: MockServer) -> None:
    """What the client sends of such a text comes back to it, and a reply that a test chose may hold it too."""
    with Roark(bearer_token=mock.token, base_url=mock.url) as client:
        reply = client.call_analysis.create(**UPLOAD | {"ended_reason": "\ud83d"})
        assert reply.data.call.ended_reason == "\ud83d"
        mock.reply_next({"data": {"callId": "\ud83d"}})
        report = {"type": "end-of-call-report", "call": {"id": "call-1"}}
        assert client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report).data.call_id == "\ud83d"
