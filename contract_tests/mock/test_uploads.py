"""What the mock keeps of what it accepted."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from roark_mock import MockServer, create_app
from roark_mock.operations.create_call_analysis import CallAnalysisRequest
from roark_mock.operations.create_vapi_call import VapiCallRequest
from roark_mock.uploads import KEPT, Uploads

from contract_tests.mock.documented import CALL_ANALYSIS, DOCUMENTED, REPORT, VAPI_CALL, changed
from contract_tests.mock.exchanges import PATIENCE, in_process

New = tuple[MockServer, httpx.Client]

CALL_ID = f"{REPORT}/call/id"


@pytest.fixture
def new() -> Iterator[New]:
    """A server of its own, with a client."""
    with MockServer(kept=3) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        client.headers.update({"Authorization": f"Bearer {server.token}"})
        yield server, client


def vapi_call(call_id: str, skip: object = ...) -> Any:
    """A Vapi call, with or without a word on skipping it."""
    upload = changed(VAPI_CALL, CALL_ID, call_id)
    return upload if skip is ... else {**upload, "skipAlreadyImported": skip}


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


def test_lists_compare_as_lists() -> None:
    """A list of uploads equals another, or a list, that holds the same: none of them the empty list."""
    with MockServer() as server:
        assert server.uploads == []
        assert server.uploads.vapi_calls == []
        server.client.integrations.create_vapi_call(vapi_end_of_call_report_payload={"type": "x", "call": {"id": "c"}})
        assert server.uploads != []
        assert server.uploads == server.uploads.vapi_calls == list(server.uploads)
        assert server.uploads.call_analyses == []
        assert server.uploads != 1


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


# --- By operation --------------------------------------------------------------------------------------


def test_uploads_of_an_operation_read_as_uploads_do(new: New) -> None:
    """The list of an operation is a view: it has that operation's uploads, in order, as soon as they are accepted."""
    server, client = new
    analyses, calls = server.uploads.call_analyses, server.uploads.vapi_calls
    assert (len(analyses), list(calls), repr(calls)) == (0, [], "<0 uploads of createVapiCall>")
    client.post(VAPI_CALL, json=vapi_call("call-1"))
    client.post(CALL_ANALYSIS, json=DOCUMENTED[CALL_ANALYSIS])
    client.post(VAPI_CALL, json=vapi_call("call-2"))
    (analysis,) = analyses
    assert analysis is server.uploads[1] is analyses[0]
    assert calls.wait_for(2, timeout=PATIENCE) == [server.uploads[0], server.uploads[2]] == calls[:]
    assert calls[-1].request.vapi_end_of_call_report_payload.call.id == "call-2"
    with pytest.raises(TimeoutError, match=r"expected 2 uploads of createCallAnalysis within 0\.01 s, got 1$"):
        analyses.wait_for(2, timeout=0.01)
    server.reset()
    assert (len(analyses), len(calls)) == (0, 0)


# --- What came with an upload --------------------------------------------------------------------------


def test_headers_and_query_are_kept(new: New) -> None:
    """An upload knows the headers of its request, by names in any case, and its query, each value that came."""
    server, client = new
    repeated = [("X-Trace", "a"), ("x-trace", "b"), ("Content-Type", "application/json")]
    client.post(f"{VAPI_CALL}?a=1&b=&a=%C3%A9", content=json.dumps(vapi_call("call-1")), headers=repeated)
    client.post(VAPI_CALL, json=vapi_call("call-2"))
    first, second = server.uploads
    assert first.headers["CONTENT-type"] == "application/json"
    assert (first.headers.getlist("X-TRACE"), "nothing" in first.headers) == (["a", "b"], False)
    assert (first.query["b"], first.query.getlist("a")) == ("", ["1", "é"])
    assert dict(second.query) == {}


def test_token_is_not_kept() -> None:
    """That a token came is kept, and the token nowhere: neither in what is read nor in what is printed."""
    with MockServer(token="s3cret") as server:
        headers = [("Authorization", "bearer s3cret"), ("Authorization", "s3cret"), ("X-Other", "shown")]
        httpx.post(server.url + VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
    (upload,) = server.uploads
    assert upload.headers.getlist("authorization") == ["Bearer [token]", "Bearer [token]"]
    assert "s3cret" not in f"{upload!r} {upload.headers!r} {vars(upload)}"
    assert upload.headers["x-other"] == "shown"


# --- What was dropped ----------------------------------------------------------------------------------


def test_uploads_that_were_dropped_are_told(new: New) -> None:
    """How many made room for newer ones is told in number, by each list for itself, until all is forgotten."""
    server, client = new  # which keeps three
    uploads = server.uploads
    assert (uploads.dropped, repr(uploads)) == (0, "<0 uploads>")
    for path in (CALL_ANALYSIS, VAPI_CALL, VAPI_CALL, VAPI_CALL, VAPI_CALL):
        client.post(path, json=DOCUMENTED[path])
    assert (uploads.dropped, uploads.call_analyses.dropped, uploads.vapi_calls.dropped) == (2, 1, 1)
    assert repr(uploads) == "<3 uploads, 2 dropped>"
    assert repr(uploads.call_analyses) == "<0 uploads of createCallAnalysis, 1 dropped>"
    assert (uploads.skipped.dropped, repr(uploads.skipped)) == (0, "<0 uploads>")
    server.reset()
    assert (uploads.dropped, uploads.call_analyses.dropped) == (0, 0)


def test_uploads_that_were_dropped_are_not_waited_for(new: New) -> None:
    """`wait_for` counts what came, though it is there no more: the wait ends, and its failure names what is missing."""
    server, client = new  # which keeps three
    for _ in range(5):
        client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL])
    assert server.uploads.wait_for(5, timeout=PATIENCE) == list(server.uploads)
    assert len(server.uploads.vapi_calls.wait_for(5, timeout=PATIENCE)) == 3
    expected = r"expected 6 uploads within 0\.01 s, got 5, of which 2 were dropped to make room$"
    with pytest.raises(TimeoutError, match=expected):
        server.uploads.wait_for(6, timeout=0.01)


# --- Skipping what is there ----------------------------------------------------------------------------


def given_id(reply: httpx.Response) -> str:
    """The id that an accepted Vapi call got."""
    assert reply.status_code == 200, reply.text
    return str(reply.json()["data"]["callId"])


def test_call_that_is_there_is_skipped_where_the_upload_asks_for_it(new: New) -> None:
    """A skipped upload is answered with the id that its call got last, and counts among the skipped alone."""
    server, client = new
    first = given_id(client.post(VAPI_CALL, json=vapi_call("call-1")))
    assert given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))) == first
    assert (len(server.uploads), len(server.uploads.skipped)) == (1, 1)
    again = given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=False)))
    assert again != first
    assert given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))) == again
    assert [each.json.get("skipAlreadyImported") for each in server.uploads] == [None, False]
    (skipped, *_) = server.uploads.skipped
    assert skipped.json == vapi_call("call-1", skip=True)
    assert skipped.reply.data.call_id == first


def test_call_that_is_not_there_is_taken_whatever_is_skipped(new: New) -> None:
    """An upload that asks to be skipped is taken where its call is not there, and is there from then on."""
    server, client = new
    ids = [given_id(client.post(VAPI_CALL, json=vapi_call(call_id, skip=True))) for call_id in ("a", "b", "a", "A")]
    assert ids[0] == ids[2]
    assert len(set(ids)) == 3
    assert [each.request.vapi_end_of_call_report_payload.call.id for each in server.uploads] == ["a", "b", "A"]


def test_refused_upload_makes_no_call_known(new: New) -> None:
    """What was refused, or dropped before it counted, is not there: sent again, it is taken and not skipped."""
    server, client = new
    client.post(VAPI_CALL, json=vapi_call("call-1"), headers={"Prefer": "code=503"})
    server.drop_next(recorded=False)
    with suppress(httpx.TransportError):
        client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))
    client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))
    assert (len(server.uploads), len(server.uploads.skipped)) == (1, 0)


def test_call_whose_reply_was_lost_is_there(new: New) -> None:
    """An upload that counts is known though its reply was dropped, or was another than the usual one."""
    server, client = new
    server.drop_next(recorded=True)
    server.reply_next({"data": {"callId": "told otherwise"}})
    with suppress(httpx.TransportError):
        client.post(VAPI_CALL, json=vapi_call("call-1"))
    client.post(VAPI_CALL, json=vapi_call("call-2"))
    for call_id in ("call-1", "call-2"):
        assert UUID(given_id(client.post(VAPI_CALL, json=vapi_call(call_id, skip=True))))
    assert (len(server.uploads), len(server.uploads.skipped)) == (2, 2)
    assert server.uploads[1].reply is None  # the test knows what it said


def test_calls_are_known_longer_than_uploads_are_kept(new: New) -> None:
    """Of 10,000 calls a server knows that they are there, whatever it keeps of their uploads; as new, of none."""
    server, client = new
    first = given_id(client.post(VAPI_CALL, json=vapi_call("call-1")))
    for number in range(3):
        client.post(VAPI_CALL, json=vapi_call(f"other {number}"))
    assert all("call-1" not in each.body.decode() for each in server.uploads)
    assert given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))) == first
    for number in range(KEPT - 4):  # with the four above as many as are known
        server.uploads.remember(f"another {number}", server.uploads.reply_to("other 2"))
    server.uploads.remember("call-1", server.uploads.reply_to("call-1"))  # as one that came last
    server.uploads.remember("one more", server.uploads.reply_to("other 2"))
    assert given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))) == first
    for number in range(KEPT):
        server.uploads.remember(f"another {number}", server.uploads.reply_to("other 2"))
    assert given_id(client.post(VAPI_CALL, json=vapi_call("call-1", skip=True))) != first
    again = given_id(client.post(VAPI_CALL, json=vapi_call("another 9999", skip=True)))
    server.reset()
    assert given_id(client.post(VAPI_CALL, json=vapi_call("another 9999", skip=True))) != again
    assert (len(server.uploads), len(server.uploads.skipped)) == (1, 0)
