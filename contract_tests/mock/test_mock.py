"""The mock keeps its word: what it accepts and refuses, how it answers, how it starts and stops."""

import asyncio
import copy
import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
import roark_mock
from hypothesis import given, settings
from hypothesis import strategies as st
from roark_mock import MockServer, create_app
from roark_mock.__main__ import main
from roark_mock.formats import is_date_time, is_uri
from roark_mock.operations.create_call_analysis import CallAnalysisRequest
from roark_mock.operations.create_vapi_call import VapiCallRequest
from roark_mock.request_body import DISCARD_BYTES
from roark_mock.uploads import KEPT, Upload, Uploads
from starlette.applications import Starlette

from contract_tests.documents import read_documents

# Long enough for any machine: a test that waits so long hangs.
PATIENCE = 30  # seconds
MAX_BODY = 10_000_000  # bytes

CALL_ANALYSIS = "/v1/call-analysis"
VAPI_CALL = "/v1/vapi/call"
PATHS = [CALL_ANALYSIS, VAPI_CALL]

DOCUMENTED: dict[str, Any] = {document.path: document.request for document in read_documents()}

ABSENT = object()


def changed(path: str, pointer: str, value: object) -> Any:
    """The documented body of `path` with `value`, or nothing at all if ABSENT, at the JSON pointer `pointer`."""
    if not pointer:
        return value
    document = copy.deepcopy(DOCUMENTED[path])
    *parents, last = pointer.removeprefix("/").split("/")
    place = document
    for parent in parents:
        place = place[int(parent) if isinstance(place, list) else parent]
    if value is ABSENT:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    """A mock that many tests share: none of them may count its uploads."""
    with MockServer() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: MockServer) -> Iterator[httpx.Client]:
    """A client that `server` lets in."""
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=PATIENCE) as opened:
        yield opened


def refused(response: httpx.Response, status: int, code: str) -> list[dict[str, str]]:
    """Check that `response` is an error of the documented shape; return its details."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
    body = response.json()
    assert body.keys() == {"error"}
    error = body["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["code"] == code
    assert re.fullmatch("[a-z]+(_[a-z]+)*", code)
    assert re.fullmatch(r"[A-Z].*\.", error["message"], re.DOTALL)
    details: list[dict[str, str]] = error["details"]
    assert all(problem.keys() == {"path", "message"} and problem["message"] for problem in details)
    return details


def exchange(server: MockServer, request: bytes) -> bytes:
    """What the server answers to the bytes of `request`, up to the end of the connection."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(request)
        with connection.makefile("rb") as reply:
            return reply.read()


# --- What it answers ------------------------------------------------------------------------------


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


# --- What it accepts ------------------------------------------------------------------------------

REPORT = "/vapiEndOfCallReportPayload"


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (CALL_ANALYSIS, "/newField"),
        (CALL_ANALYSIS, "/participants/1/newField"),
        (VAPI_CALL, "/newField"),
        (VAPI_CALL, f"{REPORT}/newField"),
        (VAPI_CALL, f"{REPORT}/call/newField"),
        (VAPI_CALL, f"{REPORT}/call/monitor/newField"),
        (VAPI_CALL, f"{REPORT}/assistant/newField"),
        (VAPI_CALL, f"{REPORT}/customer/newField"),
        (VAPI_CALL, f"{REPORT}/phoneNumber/newField"),
        (VAPI_CALL, f"{REPORT}/artifact/newField"),
        (VAPI_CALL, f"{REPORT}/artifact/messages/2/newField"),
        (VAPI_CALL, "/properties/newField"),
    ],
)
def test_unknown_fields_are_accepted_and_kept_to_itself(client: httpx.Client, path: str, pointer: str) -> None:
    """Every object is open: a field that nobody documented is accepted, and does not appear in the reply."""
    response = client.post(path, json=changed(path, pointer, {"of": ["any", "kind", None, 1.5]}))
    assert response.status_code == 200
    assert "newField" not in response.text


@pytest.mark.parametrize("pointer", ["/stereoRecordingUrl", "/endedReason", "/isTest", "/participants/0/spokeFirst"])
@pytest.mark.parametrize("path", [CALL_ANALYSIS])
def test_null_is_refused_where_the_contract_does_not_name_it(client: httpx.Client, path: str, pointer: str) -> None:
    """An optional field may be absent, which does not mean that it may be null."""
    details = refused(client.post(path, json=changed(path, pointer, None)), 400, "invalid_request")
    assert [problem["path"] for problem in details] == [pointer]


NULLABLE_IN_THE_REPORT = [
    "/status",
    "/assistant",
    "/assistant/name",
    "/customer",
    "/customer/number",
    "/phoneNumber",
    "/phoneNumber/number",
    "/artifact",
    "/artifact/recordingUrl",
    "/artifact/stereoRecordingUrl",
    "/artifact/messages",
    "/artifact/messages/0/role",
    "/artifact/messages/0/content",
    "/startedAt",
    "/endedAt",
    "/endedReason",
    "/call/type",
    "/call/monitor",
    "/call/monitor/listenUrl",
]


@pytest.mark.parametrize("pointer", NULLABLE_IN_THE_REPORT)
def test_a_vapi_report_may_lack_what_the_sample_has(client: httpx.Client, pointer: str) -> None:
    """What the report holds may be absent or null, but for `type` and `call.id`; else it has the documented type."""
    assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, ABSENT)).status_code == 200
    assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, None)).status_code == 200
    details = refused(client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, 5)), 400, "invalid_request")
    assert [problem["path"] for problem in details] == [REPORT + pointer]


UNTYPED_IN_THE_REPORT = [
    "/analysis",
    "/costs",
    "/transcript",
    "/durationSeconds",
    "/call/orgId",
    "/artifact/recording",
    "/artifact/messages/0/message",
    "/artifact/messages/0/time",
    "/artifact/messages/0/endTime",
    "/artifact/messages/0/secondsFromStart",
    "/artifact/messages/0/toolCalls",
    "/artifact/messages/0/result",
]


@pytest.mark.parametrize("pointer", UNTYPED_IN_THE_REPORT)
def test_a_field_without_a_type_holds_any_json(client: httpx.Client, pointer: str) -> None:
    """Where the contract states no type, every JSON value is accepted."""
    values: list[object] = [None, True, 0, -1.5, 10**30, "", [], [{}], {"a": [None]}]
    for value in values:
        assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, value)).status_code == 200


@pytest.mark.parametrize(
    ("path", "pointer", "value"),
    [
        (CALL_ANALYSIS, "/interfaceType", "WEB"),
        (CALL_ANALYSIS, "/recordingUrl", "s3:bucket/key?signature=a%2Fb#part"),
        (CALL_ANALYSIS, "/recordingUrl", "https://example.com/" + "a" * 100_000),
        (CALL_ANALYSIS, "/stereoRecordingUrl", "wss://[::1]:99999/"),
        (VAPI_CALL, f"{REPORT}/type", ""),
        (VAPI_CALL, f"{REPORT}/call/id", ""),
        (VAPI_CALL, f"{REPORT}/startedAt", "yesterday"),
        (VAPI_CALL, f"{REPORT}/endedReason", "no-such-reason"),
        (VAPI_CALL, f"{REPORT}/call/type", "vapi.websocketCall"),
        (VAPI_CALL, f"{REPORT}/call/monitor/listenUrl", "not a URL"),
        (VAPI_CALL, f"{REPORT}/artifact/messages", []),
        (VAPI_CALL, "/properties", {}),
        (VAPI_CALL, "/properties", {"": [{"any": None}], "a/b~c": 10**30}),
        (VAPI_CALL, "/properties", ABSENT),
    ],
)
def test_what_the_contract_allows_is_accepted(client: httpx.Client, path: str, pointer: str, value: object) -> None:
    """A value that is unusual but allowed is accepted."""
    assert client.post(path, json=changed(path, pointer, value)).status_code == 200


# --- What it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "pointer", "value"),
    [
        (CALL_ANALYSIS, "", []),
        (CALL_ANALYSIS, "", None),
        (CALL_ANALYSIS, "/recordingUrl", ABSENT),
        (CALL_ANALYSIS, "/recordingUrl", None),
        (CALL_ANALYSIS, "/recordingUrl", 5),
        (CALL_ANALYSIS, "/recordingUrl", "recording.wav"),
        (CALL_ANALYSIS, "/stereoRecordingUrl", "//example.com/recording.wav"),
        (CALL_ANALYSIS, "/startedAt", ABSENT),
        (CALL_ANALYSIS, "/startedAt", None),
        (CALL_ANALYSIS, "/startedAt", 1739235872),
        (CALL_ANALYSIS, "/startedAt", "2025-02-29T00:00:00Z"),
        (CALL_ANALYSIS, "/interfaceType", ABSENT),
        (CALL_ANALYSIS, "/interfaceType", None),
        (CALL_ANALYSIS, "/interfaceType", "phone"),
        (CALL_ANALYSIS, "/callDirection", ABSENT),
        (CALL_ANALYSIS, "/callDirection", ["INBOUND"]),
        (CALL_ANALYSIS, "/callDirection", "INBOUND "),
        (CALL_ANALYSIS, "/participants", ABSENT),
        (CALL_ANALYSIS, "/participants", None),
        (CALL_ANALYSIS, "/participants", {}),
        (CALL_ANALYSIS, "/participants", []),
        (CALL_ANALYSIS, "/participants", [{"role": "AGENT"}]),
        (CALL_ANALYSIS, "/participants", [{"role": "AGENT"}] * 3),
        (CALL_ANALYSIS, "/participants/0", None),
        (CALL_ANALYSIS, "/participants/0/role", ABSENT),
        (CALL_ANALYSIS, "/participants/1/role", "BOT"),
        (CALL_ANALYSIS, "/participants/1/role", None),
        (CALL_ANALYSIS, "/participants/1/name", 5),
        (CALL_ANALYSIS, "/participants/1/phoneNumber", 1234567890),
        (CALL_ANALYSIS, "/participants/0/spokeFirst", 1),
        (CALL_ANALYSIS, "/endedReason", 5),
        (CALL_ANALYSIS, "/isTest", "false"),
        (VAPI_CALL, "", "text"),
        (VAPI_CALL, REPORT, ABSENT),
        (VAPI_CALL, REPORT, None),
        (VAPI_CALL, REPORT, []),
        (VAPI_CALL, f"{REPORT}/type", ABSENT),
        (VAPI_CALL, f"{REPORT}/type", None),
        (VAPI_CALL, f"{REPORT}/call", ABSENT),
        (VAPI_CALL, f"{REPORT}/call", None),
        (VAPI_CALL, f"{REPORT}/call/id", ABSENT),
        (VAPI_CALL, f"{REPORT}/call/id", None),
        (VAPI_CALL, f"{REPORT}/call/id", 5),
        (VAPI_CALL, f"{REPORT}/artifact/messages/1", "text"),
        (VAPI_CALL, "/properties", None),
        (VAPI_CALL, "/properties", []),
    ],
)
def test_what_the_contract_forbids_is_refused_by_pointer(
    client: httpx.Client, path: str, pointer: str, value: object
) -> None:
    """A value that does not fit is refused, named by the JSON pointer to it, or to where it is missing."""
    response = client.post(path, content=json.dumps(changed(path, pointer, value)))
    details = refused(response, 400, "invalid_request")
    assert [problem["path"] for problem in details] == [pointer]


@pytest.mark.parametrize(
    ("pointer", "value", "message"),
    [
        ("/interfaceType", "FAX", "Expected PHONE or WEB, got 'FAX'"),
        ("/interfaceType", 5, "Expected `str`, got `int`"),
        ("/interfaceType", "- at `$.x`", "Expected PHONE or WEB, got '- at `$.x`'"),
        ("/recordingUrl", "x", "Expected a URI with a scheme (RFC 3986), got 'x'"),
        ("/participants/0/role", ABSENT, "Expected the required field `role`, got none"),
        ("/participants", [], "Expected `array` of length 2, got 0"),
    ],
)
def test_a_refusal_says_what_was_expected_and_what_came(
    client: httpx.Client, pointer: str, value: object, message: str
) -> None:
    """The message of a detail names the rule and the offender."""
    details = refused(client.post(CALL_ANALYSIS, json=changed(CALL_ANALYSIS, pointer, value)), 400, "invalid_request")
    assert details == [{"path": pointer, "message": message}]


def test_a_refusal_does_not_repeat_a_huge_value(client: httpx.Client) -> None:
    """What came is quoted in short, however long it is."""
    huge = "x" * 10_000
    for response in (
        client.post(CALL_ANALYSIS, json=changed(CALL_ANALYSIS, "/callDirection", huge)),
        client.post(CALL_ANALYSIS, headers={"Content-Type": huge}),
        client.post(CALL_ANALYSIS, headers={"Prefer": f"code={huge}"}),
        client.post(f"/{huge}"),
    ):
        assert response.is_client_error
        assert len(response.content) < 1000


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="blank"),
        pytest.param(b'{"a":', id="truncated"),
        pytest.param(b"{} {}", id="two values"),
        pytest.param(b"{'a': 1}", id="single quotes"),
        pytest.param(b'{"a": 1,}', id="trailing comma"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="Infinity"),
        pytest.param(b'{"a": 01}', id="leading zero"),
        pytest.param(b'{"a": 1e400}', id="number beyond a double"),
        pytest.param(b'{"a": "\n"}', id="raw control character"),
        pytest.param(b'{"a": "\\x41"}', id="unknown escape"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param("{}".encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"\xff": 1}', id="name not UTF-8"),
        pytest.param(b'{"a": "\xc0\x80"}', id="overlong UTF-8"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', id="surrogate in UTF-8"),
        pytest.param(b'{"a": "\\ud800"}', id="lone high surrogate"),
        pytest.param(b'{"a": "\\udc00\\ud800"}', id="surrogates in the wrong order"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="nested too deeply"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="objects nested too deeply"),
    ],
)
def test_what_is_not_json_is_refused(client: httpx.Client, path: str, body: bytes) -> None:
    """A body that is not JSON in UTF-8 is refused as such, also where only an unknown field is at fault."""
    assert refused(client.post(path, content=body), 400, "invalid_json") == []


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer test-toke",
        "Bearer test-token2",
        "Bearer TEST-TOKEN",
        "Bearer test-token test-token",
        "Bearer test-token, Bearer test-token",
        "Bearertest-token",
        "test-token",
        "Basic dGVzdC10b2tlbjo=",
        "Bearer test-token\xe9",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_know_the_token_is_not_let_in(server: MockServer, path: str, authorization: str | None) -> None:
    """Without `Bearer <token>` every request is a 401 that names the scheme and does not repeat what came."""
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    response = httpx.post(server.url + path, json=DOCUMENTED[path], headers=headers, trust_env=False)
    assert refused(response, 401, "unauthorized") == []
    assert response.headers["www-authenticate"] == "Bearer"
    assert server.token not in response.text


@pytest.mark.parametrize("authorization", ["Bearer test-token", "bearer test-token", "BEARER   test-token"])
def test_the_scheme_is_read_in_any_case(client: httpx.Client, authorization: str) -> None:
    """`Bearer` is a word of HTTP: its case does not matter."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Authorization": authorization})
    assert response.status_code == 200


# --- Formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2025-02-11T01:04:32.737Z", True),
        ("2025-05-19T23:13:32+08:00", True),
        ("2025-02-11t01:04:32z", True),
        ("2025-02-11T01:04:32.000000000000000000000001Z", True),
        ("2025-02-11T01:04:32-00:00", True),
        ("2025-02-11T01:04:32+23:59", True),
        ("2024-02-29T00:00:00Z", True),
        ("2000-02-29T00:00:00Z", True),
        ("0000-02-29T00:00:00Z", True),
        ("9999-12-31T23:59:59Z", True),
        ("2016-12-31T23:59:60Z", True),
        ("2017-01-01T00:59:60+01:00", True),
        ("2016-12-31T15:59:60.5-08:00", True),
        ("", False),
        ("2025-02-11", False),
        ("2025-02-11 01:04:32Z", False),
        ("2025-02-11T01:04Z", False),
        ("2025-02-11T01:04:32", False),
        ("2025-02-11T01:04:32.Z", False),
        ("2025-02-11T01:04:32,5Z", False),
        ("2025-02-11T01:04:32+0800", False),
        ("2025-02-11T01:04:32+08", False),
        ("2025-02-11T01:04:32+24:00", False),
        ("2025-02-11T01:04:32+08:60", False),
        ("2025-02-11T24:00:00Z", False),
        ("2025-02-11T01:60:00Z", False),
        ("2016-12-31T23:59:61Z", False),
        ("2025-02-11T01:04:60Z", False),
        ("2016-12-31T23:59:60+01:00", False),
        ("2025-00-11T01:04:32Z", False),
        ("2025-13-11T01:04:32Z", False),
        ("2025-02-00T01:04:32Z", False),
        ("2025-04-31T01:04:32Z", False),
        ("2025-02-29T00:00:00Z", False),
        ("1900-02-29T00:00:00Z", False),
        ("12025-02-11T01:04:32Z", False),
        ("2025-W07-2T01:04:32Z", False),
        ("2025-02-11T01:04:32Z\n", False),
        ("２025-02-11T01:04:32Z", False),
        ("20+5-02-11T01:04:32Z", False),  # jsonschema_rs 0.60 takes it, RFC 3339 does not
    ],
)
def test_date_time_is_what_rfc_3339_says(text: str, valid: bool) -> None:
    """A date-time is a real moment in the one form that RFC 3339 allows, its offset included."""
    assert is_date_time(text) is valid


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("https://example.com/recording.wav?signature=a%2Fb#part", True),
        ("a:", True),
        ("urn:isbn:0451450523", True),
        ("a+b-.9:c", True),
        ("file:///recording.wav", True),
        ("http://", True),
        ("http://user:secret@example.com:80", True),
        ("http://example.com:", True),
        ("http://example.com:99999999", True),
        ("http://999.1.1.1", True),
        ("http://[::]", True),
        ("http://[1:2:3:4:5:6:7::]", True),
        ("http://[::ffff:1.2.3.4]:80/", True),
        ("http://[v1.a:b]/", True),
        ("a:////", True),
        ("x:?/?#/?", True),
        ("", False),
        ("recording.wav", False),
        ("//example.com/recording.wav", False),
        ("1a:b", False),
        ("http://example.com:80:80", False),
        ("http://example.com:http", False),
        ("http://a@b@c", False),
        ("http://[::1", False),
        ("http://[::1]a", False),
        ("http://a[::1]", False),
        ("http://[1::2:3:4:5:6:7:8]", False),
        ("http://[1:2:3:4:5:6:7]", False),
        ("http://[::12345]", False),
        ("http://[::01.2.3.4]", False),
        ("http://[::1%25eth0]", False),
        ("http://[v1.]", False),
        ("http://example.com/%", False),
        ("http://example.com/%4", False),
        ("http://example.com/%zz", False),
        ("http://example.com/a b", False),
        ("http://example.com/#a#b", False),
        ("http://example.com/?[]", False),
        ("http://example.com/ä", False),
        ("http://exämple.com/", False),
        ("http://example.com/\n", False),
        ("a:\\", False),
        *((f"a:{character}", False) for character in '"<>^`{|}\x00\x7f'),
    ],
)
def test_uri_is_what_rfc_3986_says(text: str, valid: bool) -> None:
    """A URI has a scheme, and every character where RFC 3986 allows it."""
    assert is_uri(text) is valid


TWO_DIGITS = st.sampled_from([0, 1, 2, 12, 13, 23, 24, 28, 29, 30, 31, 32, 58, 59, 60, 61, 99]).map("{:02}".format)
DATE_TIMES = st.builds(
    "{}-{}-{}{}{}:{}:{}{}{}".format,
    st.sampled_from(["0000", "1900", "2000", "2016", "2023", "2024", "9999", "202", "20240"]),
    TWO_DIGITS,
    TWO_DIGITS,
    st.sampled_from(["T", "t", " ", ""]),
    TWO_DIGITS,
    TWO_DIGITS,
    TWO_DIGITS,
    st.sampled_from(["", ".", ".5", ".123456789012", ",5"]),
    st.sampled_from(["Z", "z", "", "\n", "Z "])
    | st.builds("{}{}:{}".format, st.sampled_from("+-"), TWO_DIGITS, TWO_DIGITS),
)

URI_STARTS = ["", "a:", "http://", "a+b-.9:", "x://h/", "x:#", "9:"]
URI_PIECES = [*"aZ9-._~!$&'()*+,;=:@/?#[]%\\^| \n\x00\x7fé😀", "//", "%41", "%fF", "%4", "[::1]", "[v1.a]", ":80"]
IPV6_PIECES = ["0", "1", "ab", "FFFF", "12345", ":", "::", ":1.2.3.4", ":256.0.0.1", ":01.2.3.4", "g", "%25"]
URIS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(URI_STARTS), st.lists(st.sampled_from(URI_PIECES)).map("".join)),
    st.builds("http://[{}]".format, st.lists(st.sampled_from(IPV6_PIECES), max_size=16).map("".join)),
    st.builds("a:{}".format, st.text()),
)


@pytest.mark.parametrize(
    ("format_name", "accepts", "texts"), [("date-time", is_date_time, DATE_TIMES), ("uri", is_uri, URIS)]
)
def test_formats_agree_with_the_judge(
    format_name: str, accepts: Callable[[str], bool], texts: st.SearchStrategy[str]
) -> None:
    """Whatever the text, the mock and jsonschema_rs, which judges by the contract, say the same of its format."""
    judge = jsonschema_rs.Draft202012Validator({"type": "string", "format": format_name}, validate_formats=True)

    @settings(max_examples=500, derandomize=True, deadline=None)
    @given(texts)
    def agree(text: str) -> None:
        assert accepts(text) is judge.is_valid(text)

    agree()


def test_a_huge_uri_is_judged_in_linear_time() -> None:
    """A URI of megabytes is decided without trying its parts in every possible way."""
    assert is_uri("http://" + "a:" * 1_000_000 + "@host/" + "%41" * 1_000_000)
    assert not is_uri("http://" + "a:" * 1_000_000)


# --- HTTP -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/v1", "/v1/vapi", "/v1/vapi/call/", "/v1/call-analysis/", "/V1/vapi/call", "/v1//vapi/call", "/v1/any/call"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_route_is_not_found(client: httpx.Client, method: str, path: str) -> None:
    """Only the two documented paths exist, letter by letter, and nothing redirects to them."""
    assert refused(client.request(method, path), 404, "not_found") == []


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "post"])
@pytest.mark.parametrize("path", PATHS)
def test_only_post_is_allowed(server: MockServer, path: str, method: str) -> None:
    """Another method than POST is refused with the method that is allowed, whoever asks."""
    reply = exchange(server, f"{method} {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n".encode())
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nallow: POST" in head
    assert json.loads(body)["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", PATHS)
def test_head_is_refused_without_a_body(client: httpx.Client, path: str) -> None:
    """HEAD is another method than POST too, and a reply to it has no body."""
    response = client.head(path)
    assert (response.status_code, response.headers["allow"], response.content) == (405, "POST", b"")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json ; version=1; Charset=Utf-8",
        "application/json;",
        'application/json; note="a; charset=latin-1"',
    ],
)
def test_json_in_utf_8_is_read(client: httpx.Client, content_type: str) -> None:
    """The media type is application/json, in any case and with parameters that do not say otherwise."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Content-Type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "json",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/json5",
        "application/vnd.api+json",
        "application/json, text/plain",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/json; charset=",
        "application/json; charset",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_another_media_type_is_refused(server: MockServer, path: str, content_type: str | None) -> None:
    """What is not announced as JSON in UTF-8 is not read, even if it is."""
    headers = {"Authorization": f"Bearer {server.token}"} | (
        {} if content_type is None else {"Content-Type": content_type}
    )
    content = json.dumps(DOCUMENTED[path]).encode()
    response = httpx.post(server.url + path, content=content, headers=headers, trust_env=False)
    assert refused(response, 415, "unsupported_media_type") == []


def body_of(size: int) -> bytes:
    """A valid Vapi call of exactly `size` bytes."""
    start, end = json.dumps(DOCUMENTED[VAPI_CALL]).encode()[:-1] + b', "padding": "', b'"}'
    return start + b"a" * (size - len(start) - len(end)) + end


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_10_mb_is_accepted(client: httpx.Client, chunked: bool) -> None:
    """The limit itself is within the limit, whether the size is announced or not."""
    body = body_of(MAX_BODY)
    response = client.post(VAPI_CALL, content=iter([body]) if chunked else body)
    assert response.status_code == 200


@pytest.mark.parametrize("size", [MAX_BODY + 1, 3 * MAX_BODY])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_larger_body_is_refused_readably(server: MockServer, size: int, chunked: bool) -> None:
    """A body beyond the limit is a 413 that a client can read although it is still sending; the server lives on."""
    body = body_of(size)
    framed = (
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (size, body)
        if chunked
        else b"Content-Length: %d\r\n\r\n%b" % (size, body)
    )
    head, _, error = exchange(server, REQUEST_HEAD.encode() + framed).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert json.loads(error)["error"]["code"] == "content_too_large"
    assert is_listening(server.url)


REQUEST_HEAD = (
    "POST /v1/vapi/call HTTP/1.1\r\n"
    "Host: mock\r\n"
    "Authorization: Bearer test-token\r\n"
    "Content-Type: application/json\r\n"
)


@pytest.mark.parametrize("length", [str(MAX_BODY + 1), "9" * 19])
def test_a_body_announced_too_large_need_not_be_sent(server: MockServer, length: str) -> None:
    """A Content-Length beyond the limit is refused before the body comes, without asking for it."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(f"{REQUEST_HEAD}Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


def test_a_refused_request_with_a_large_body_is_answered_readably(server: MockServer) -> None:
    """Who is refused for another reason can read that too, although the body was never looked at."""
    request = b"PUT /nowhere HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (3 * MAX_BODY)
    assert exchange(server, request + body_of(3 * MAX_BODY)).startswith(b"HTTP/1.1 404 ")


def in_process(app: Starlette, headers: list[tuple[bytes, bytes]], chunks: Iterator[bytes]) -> httpx.Response:
    """What `app`, called without a server between, answers to a Vapi call of `chunks`."""
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        chunk = next(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(message: Any) -> None:
        sent.append(message)

    authorized = [(b"authorization", b"Bearer test-token"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": VAPI_CALL, "headers": authorized + headers}
    asyncio.run(app(scope, receive, send))
    return httpx.Response(sent[0]["status"], headers=sent[0]["headers"], content=sent[1]["body"])


def test_an_endless_body_is_not_listened_to_for_ever() -> None:
    """A client that never stops sending is answered, then listened to within bounds."""
    received = 0

    def endless() -> Iterator[bytes]:
        nonlocal received
        while received < 2 * DISCARD_BYTES:
            received += 1_000_000
            yield b" " * 1_000_000

    response = in_process(create_app(), [], endless())
    refused(response, 413, "content_too_large")
    assert response.headers["connection"] == "close"
    assert received <= MAX_BODY + DISCARD_BYTES + 2_000_000


@pytest.mark.parametrize("length", ["", "ten", "-1", "+1", "1.0", "1_0", "0x10", "²"])
def test_a_malformed_content_length_is_refused(length: str) -> None:
    """Under a server that lets a malformed Content-Length pass, it is a 400 all the same."""
    response = in_process(create_app(), [(b"content-length", length.encode("latin-1"))], iter([b"{}"]))
    assert refused(response, 400, "invalid_content_length") == []


def test_a_content_length_of_thousands_of_digits_is_too_large() -> None:
    """A Content-Length that no integer of Python's takes is a number all the same."""
    response = in_process(create_app(), [(b"content-length", b"9" * 5000)], iter([b"{}"]))
    refused(response, 413, "content_too_large")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        f"{REQUEST_HEAD}Content-Length: ten\r\n\r\n".encode(),
        f"{REQUEST_HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n".encode(),
        f"{REQUEST_HEAD}Transfer-Encoding: chunked\r\n\r\nten\r\n".encode(),
        b"POST /v1/vapi/call HTTP/1.1\r\n\r\n",
    ],
)
def test_malformed_http_is_refused_in_the_same_shape(server: MockServer, request_bytes: bytes) -> None:
    """What is not HTTP gets a 400 like every other error, and the end of the connection."""
    head, _, body = exchange(server, request_bytes).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\ncontent-type: application/json" in head
    error = json.loads(body)["error"]
    assert (error["code"], error["details"]) == ("malformed_http", [])


def test_malformed_http_after_the_reply_ends_the_connection(
    server: MockServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Who is answered already and then breaks the rules of HTTP is hung up on: no second reply, no traceback."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
        connection.sendall(b"PUT /nowhere HTTP/1.1\r\nHost: mock\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 404 ")
        connection.sendall(b"ten\r\n")
        with connection.makefile("rb") as rest:
            assert b"HTTP/1.1" not in rest.read()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_the_first_fault_in_order_is_the_one_that_is_named(server: MockServer) -> None:
    """Route, method, authentication, media type, size, JSON, validation: a request wrong in all is told one by one."""
    request: dict[str, Any] = {"method": "PUT", "url": server.url + "/v1/vapi", "content": b"{" * (MAX_BODY + 1)}
    headers: dict[str, str] = {"Content-Type": "text/plain"}
    faults: list[tuple[str, Callable[[], None]]] = [
        ("not_found", lambda: request.update(url=server.url + VAPI_CALL)),
        ("method_not_allowed", lambda: request.update(method="POST")),
        ("unauthorized", lambda: headers.update({"Authorization": f"Bearer {server.token}"})),
        ("unsupported_media_type", lambda: headers.update({"Content-Type": "application/json"})),
        ("content_too_large", lambda: request.update(content=b"{")),
        ("invalid_json", lambda: request.update(content=b"{}")),
        ("invalid_request", lambda: request.update(content=json.dumps(DOCUMENTED[VAPI_CALL]).encode())),
    ]
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        for code, repair in faults:
            assert client.request(**request, headers=headers).json()["error"]["code"] == code
            repair()
        assert client.request(**request, headers=headers).status_code == 200


def test_a_failure_of_the_mock_itself_is_a_500(
    client: httpx.Client, server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in the mock is a 500 in the shape of every other error, and the server lives on."""

    def fail(upload: Upload) -> None:
        raise LookupError(upload.operation)

    with monkeypatch.context() as patch:
        patch.setattr(server.uploads, "record", fail)
        assert refused(client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]), 500, "internal_error") == []
    assert client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]).status_code == 200


# --- Prefer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [300, 302, 400, 401, 403, 404, 405, 408, 409, 413, 418, 422, 429, 499, 500, 502, 503, 520, 599]
)
@pytest.mark.parametrize("path", PATHS)
def test_an_error_can_be_asked_for(client: httpx.Client, path: str, status: int) -> None:
    """`Prefer: code` from 300 on is answered with that status in the shape of every error."""
    response = client.post(path, json=DOCUMENTED[path], headers={"Prefer": f"code={status}"})
    assert refused(response, status, "preferred_status") == []
    assert response.headers["preference-applied"] == f"code={status}"


@pytest.mark.parametrize(
    ("status", "header", "value"),
    [(401, "www-authenticate", "Bearer"), (405, "allow", "POST"), (429, "retry-after", "1"), (503, "retry-after", "1")],
)
def test_an_error_asked_for_has_its_header(client: httpx.Client, status: int, header: str, value: str) -> None:
    """A status that comes with a header comes with it when asked for; 500 has none of them."""
    assert client.post(VAPI_CALL, headers={"Prefer": f"code={status}"}).headers[header] == value
    assert header not in client.post(VAPI_CALL, headers={"Prefer": "code=500"}).headers


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
        (b"{" * (MAX_BODY + 1), "application/json"),
    ],
)
def test_an_error_asked_for_wins_over_the_body(client: httpx.Client, content: bytes, content_type: str) -> None:
    """Whatever is wrong with the body, the error that was asked for comes."""
    response = client.post(VAPI_CALL, content=content, headers={"Prefer": "code=503", "Content-Type": content_type})
    refused(response, 503, "preferred_status")


def test_nothing_can_be_asked_for_without_the_token(server: MockServer) -> None:
    """Preferences are heard after authentication."""
    response = httpx.post(server.url + VAPI_CALL, headers={"Prefer": "code=503"}, trust_env=False)
    refused(response, 401, "unauthorized")
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 299])
def test_another_success_can_be_asked_for(client: httpx.Client, status: int) -> None:
    """A success that is asked for is the usual reply under that status."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": f"code={status}"})
    assert (response.status_code, response.headers["preference-applied"]) == (status, f"code={status}")
    assert UUID(response.json()["data"]["callId"])


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_has_none(client: httpx.Client, status: int) -> None:
    """Statuses that HTTP gives no body have none, and the connection stays usable."""
    for _ in range(2):
        response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": f"code={status}"})
        assert (response.status_code, response.content) == (status, b"")
        assert "content-type" not in response.headers
        assert response.headers.get("content-length") == ("0" if status == 205 else None)


def test_a_success_cannot_be_asked_for_an_invalid_request(client: httpx.Client) -> None:
    """A success that is asked for is not given to what would be refused, nor is it said to be applied."""
    response = client.post(VAPI_CALL, json={}, headers={"Prefer": "code=201"})
    refused(response, 400, "invalid_request")
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize(
    ("headers", "applied"),
    [
        (["code=503"], "code=503"),
        (["CODE = 503"], "code=503"),
        (['code="503"'], "code=503"),
        (["code=503; hard"], "code=503"),
        (["code=503, delay=0.01"], "code=503, delay=0.01"),
        (["delay=0.01", "code=503"], "code=503, delay=0.01"),
        (["respond-async, ,code=503", "wait=10"], "code=503"),
        (["code=503, code=404"], "code=503"),
        (["code=503", "code=abc"], "code=503"),
        (['note="a, code=404", code=503'], "code=503"),
        (['note="\\", code=404", code=503'], "code=503"),
        (["delay=0, code=503"], "code=503, delay=0"),
    ],
)
def test_prefer_is_read_by_its_rfc(client: httpx.Client, headers: list[str], applied: str) -> None:
    """Preferences come in one or several headers, in any case, quoted or with parameters; the first one counts."""
    response = client.post(VAPI_CALL, headers=[("Prefer", value) for value in headers])
    refused(response, 503, "preferred_status")
    assert response.headers["preference-applied"] == applied


@pytest.mark.parametrize(
    "preference",
    [
        "code",
        "code=",
        "code=abc",
        "code=99",
        "code=100",
        "code=199",
        "code=600",
        "code=0503",
        "code=5 0 3",
        "code=50³",
        "code==503",
        'code="503',
        "delay",
        "delay=",
        "delay=-1",
        "delay=+1",
        "delay=soon",
        "delay=1e1",
        "delay=0x1",
        "delay=nan",
        "delay=inf",
        "delay=1_0",
        "delay=1.",
        "delay=60.001",
        "delay=" + "9" * 5000,
    ],
)
def test_a_preference_that_cannot_be_kept_is_refused(client: httpx.Client, preference: str) -> None:
    """A `code` or `delay` that is malformed or out of range is a 400 that names it."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=[(b"Prefer", preference.encode("latin-1"))])
    assert refused(response, 400, "invalid_preference") == []
    name = preference.partition("=")[0]
    assert f"Expected {name} in Prefer" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "preference", ["respond-async", "wait=10", "dynamic=true", "codes=503", "x-delay=1", "", ",", "="]
)
def test_other_preferences_are_ignored(client: httpx.Client, preference: str) -> None:
    """A preference that the mock does not know changes nothing."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": preference})
    assert response.status_code == 200
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize(
    ("content", "status"),
    [(json.dumps(DOCUMENTED[VAPI_CALL]).encode(), 200), (b"{", 400), (b"{" * (MAX_BODY + 1), 413)],
)
def test_every_reply_can_be_delayed(client: httpx.Client, content: bytes, status: int) -> None:
    """A delay comes before whatever reply is due, and is said to be applied."""
    response = client.post(VAPI_CALL, content=content, headers={"Prefer": "delay=0.05"})
    assert (response.status_code, response.headers["preference-applied"]) == (status, "delay=0.05")


def test_a_delayed_reply_does_not_come_early() -> None:
    """A client that waits less than the delay gives up, while the upload has been accepted and others are served."""
    with MockServer() as server, httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        client.headers["Authorization"] = f"Bearer {server.token}"
        with pytest.raises(httpx.ReadTimeout):
            client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": "delay=60"}, timeout=0.5)
        assert client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]).status_code == 200
        assert len(server.uploads) == 2


# --- What it keeps --------------------------------------------------------------------------------


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


# --- MockServer -----------------------------------------------------------------------------------


def is_listening(url: str) -> bool:
    """Whether something takes connections at `url`."""
    address = urlsplit(url)
    with closing(socket.socket()) as attempt:
        return attempt.connect_ex((address.hostname or "", address.port or 0)) == 0


def test_a_mock_server_leaves_nothing_behind() -> None:
    """A server listens from enter to exit, and leaves neither a thread nor an open port."""
    before = threading.active_count()
    with MockServer(token="another") as server:
        assert server.token == "another"
        assert is_listening(server.url)
        assert threading.active_count() == before + 1
    assert not is_listening(server.url)
    assert threading.active_count() == before


def test_a_mock_server_can_be_left_twice_and_entered_again() -> None:
    """Leaving what was left does nothing; entering what runs already is refused; reset needs no running server."""
    server = MockServer()
    server.reset()
    for _ in range(2):
        with server:
            assert is_listening(server.url)
            with pytest.raises(RuntimeError, match="runs already"):
                server.__enter__()
        server.__exit__(None, None, None)
        assert not is_listening(server.url)


def test_mock_servers_run_side_by_side() -> None:
    """Every server has its own port, token and uploads."""
    with MockServer(token="first") as first, MockServer(token="second") as second:
        for server, status in ((first, 200), (second, 401)):
            headers = {"Authorization": "Bearer first"}
            response = httpx.post(server.url + VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
            assert response.status_code == status
        assert (len(first.uploads), len(second.uploads)) == (1, 0)


def test_a_taken_port_is_an_error_at_once() -> None:
    """Entering a server on a port that is in use raises OSError, and the port can be used again once it is free."""
    with MockServer() as first:
        port = urlsplit(first.url).port or 0
        before = threading.active_count()
        with pytest.raises(OSError, match=str(port)) as raised, MockServer(port=port):
            pass
        assert raised.value.errno == errno.EADDRINUSE
        assert threading.active_count() == before
    with MockServer(port=port) as second:
        assert second.url == first.url


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that fails to start raises instead of letting its user wait."""

    async def fail(*_: object) -> None:
        raise SystemExit(3)

    monkeypatch.setattr("uvicorn.Server.startup", fail)
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="did not start"), MockServer():
        pass
    assert threading.active_count() == before


def test_replies_are_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small packets go out at once: else each reply waits for the client's delayed acknowledgement, 40 ms on Linux."""
    listeners = []

    def spy(*arguments: Any, **options: Any) -> socket.socket:
        listeners.append(create_server(*arguments, **options))
        return listeners[-1]

    create_server = socket.create_server
    monkeypatch.setattr("socket.create_server", spy)
    with MockServer():
        assert listeners[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_server_on_ipv6_has_a_url_to_use() -> None:
    """An IPv6 address is bracketed in the URL."""
    try:
        with MockServer(host="::1") as server:
            assert server.url.startswith("http://[::1]:")
            assert httpx.get(server.url, trust_env=False).status_code == 200
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")


@contextmanager
def unanswered(url: str) -> Iterator[socket.socket]:
    """A connection to the mock at `url` whose request waits for a delayed reply, while another one is idle."""
    address = urlsplit(url)
    where = (address.hostname, address.port)
    body = json.dumps(DOCUMENTED[VAPI_CALL])
    with socket.create_connection(where, PATIENCE) as waiting, httpx.Client(base_url=url, trust_env=False) as idle:
        waiting.sendall(f"{REQUEST_HEAD}Prefer: delay=60\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        idle.get("/")
        yield waiting


def test_leaving_hangs_up_on_a_delayed_reply() -> None:
    """A server that is left does not wait for the replies it owes: their clients see the connection end."""
    with MockServer() as server:
        connections = unanswered(server.url)
        waiting = connections.__enter__()
    assert waiting.recv(1024) == b""
    connections.__exit__(None, None, None)


@pytest.mark.parametrize("token", ["", " ", "two words", "line\n", "naïve"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    """A token is made of visible ASCII characters; nothing else can be presented."""
    with pytest.raises(ValueError, match="visible ASCII"):
        create_app(token)


# The page shows the contract, and the fixture hands out a client.
MAY_KNOW = {"page": "roark_client", "testing": "openapi|yaml"}


def test_the_mock_is_a_statement_of_its_own() -> None:
    """What decides in the mock knows neither the contract file nor the client: else drift could not be seen."""
    folder = Path(roark_mock.__file__).parent
    for module in folder.rglob("*.py"):
        foreign = MAY_KNOW.get(module.stem, "openapi|yaml|roark_client")
        assert not re.search(foreign, module.read_text(encoding="utf-8")), module


# --- The command ----------------------------------------------------------------------------------

COMMAND = [sys.executable, "-m", "roark_mock"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The command, the line it has printed and the URL in it; ended at exit if it still runs."""
    pipe = subprocess.PIPE
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen([*COMMAND, *arguments], env=buffered, stdout=pipe, stderr=pipe, text=True) as process:
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = re.search(r"http://\S+:\d+", line)
            assert url is not None
            yield process, line, url[0]
        finally:
            guard.cancel()
            process.kill()


def failing(*arguments: str, **environment: str) -> str:
    """The one line that the command prints on stderr when it exits with 2."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"error: .+\n", ended.stderr)
    return ended.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped(stop: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end the command at once and quietly, whoever is connected and whatever they wait for."""
    with running("--port", "0") as (process, line, url), unanswered(url) as waiting:
        assert line == f"Roark mock server on {url}, stop it with Ctrl-C\n"
        process.send_signal(stop)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0
        assert waiting.recv(1024) == b""


def test_the_command_never_prints_the_token() -> None:
    """Neither start nor requests, let in or not, make the command print its token or a log of requests."""
    with running("--port", "0", "--token", "s3cret") as (process, line, url):
        for token, status in (("s3cret", 200), ("wrong", 401)):
            headers = {"Authorization": f"Bearer {token}"}
            response = httpx.post(url + VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
            assert response.status_code == status
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
    assert "s3cret" not in line
    assert (out, err) == ("", "")


def test_a_log_of_requests_names_no_secret() -> None:
    """--log tells each request in a line: no query, no header, no control character, and the token nowhere."""
    with running("--port", "0", "--token", "s3cret", "--log") as (process, _, url):
        for path in (VAPI_CALL, "/s3cret/%0A%1B[31m?token=s3cret"):
            headers = {"Authorization": "Bearer s3cret"}
            httpx.post(url + path, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    first, second = err.splitlines()
    assert re.fullmatch(r"POST /v1/vapi/call 200 \d+\.\d ms", first)
    assert re.fullmatch(r"POST /\[token\]/\?\?\[31m 404 \d+\.\d ms", second)


def test_a_seed_repeats_a_whole_run() -> None:
    """With --seed the same requests get the same replies, byte for byte; without it no id comes again."""
    replies = []
    for seed in (["--seed", "a"], ["--seed", "a"], ["--seed", "b"], []):
        with running("--port", "0", *seed) as (_, _, url):
            headers = {"Authorization": "Bearer test-token"}
            said = [httpx.post(url + path, json=DOCUMENTED[path], headers=headers, trust_env=False) for path in PATHS]
            replies.append([each.content for each in said])
    assert replies[0] == replies[1]
    assert replies[1] != replies[2] != replies[3]


def test_the_command_listens_where_it_is_told() -> None:
    """Host and port are what the arguments say."""
    with closing(socket.create_server(("127.0.0.1", 0))) as placeholder:
        port = placeholder.getsockname()[1]
    with running("--host", "localhost", "--port", str(port)) as (_, _, url):
        assert url == f"http://127.0.0.1:{port}"
        assert is_listening(url)


def test_a_taken_port_is_told_in_one_line() -> None:
    """A port that is in use ends the command with what to do about it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert re.search(rf"port {port} on 127.0.0.1 is taken; .*--port", failing("--port", str(port)))


def test_a_privileged_port_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port that takes privileges ends the command with what to do about it."""

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.create_server", deny)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("sys.argv", ["roark_mock", "--port", "80"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert re.fullmatch(r"error: port 80 on 127.0.0.1 takes privileges .* --port\n", capsys.readouterr().err)


@pytest.mark.parametrize("host", ["", "ä..b", "a" * 64, "192.0.2.1", "::g"])
def test_a_bad_host_is_told_in_one_line(host: str) -> None:
    """A host that is no address of this machine ends the command with what to do about it."""
    message = failing("--host", host, "--port", "0")
    assert repr(host) in message
    assert "--host" in message


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["--port", "65536"], "--port"),
        (["--port", "-1"], "--port"),
        (["--port", "http"], "--port"),
        (["--port", "9" * 5000], "--port"),
        (["--port"], "--port"),
        (["--token", ""], "--token"),
        (["--token", "two words"], "--token"),
        (["--verbose"], "--verbose"),
        (["here"], "here"),
    ],
)
def test_bad_arguments_are_told_in_one_line(arguments: list[str], culprit: str) -> None:
    """Arguments that make no sense end the command with the name of the culprit."""
    assert culprit in failing(*arguments)


@pytest.mark.parametrize("module", ["starlette", "msgspec", "uvicorn"])
def test_a_missing_dependency_is_told_in_one_line(tmp_path: Path, module: str) -> None:
    """Without the extra's dependencies the command says how to install them."""
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError(name={module!r})")
    message = failing(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert module in message
    assert 'pip install "roark-client[mock]"' in message
