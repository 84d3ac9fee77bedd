"""Who moves over from the vendor's SDK changes the import and nothing else: the same calls send the same requests.

One script runs under releases of the vendor's SDK, each in an environment of its own, and under ours; it is told what
to import, and the rest is word for word the same. A loopback server records what it sends.

Ours differs on purpose, and none of this is compared: the User-Agent; no `X-Stainless-*` headers; the texts of errors;
date-times and UUIDs of a reply are `datetime` and `UUID`, not text; `timeout` bounds a whole call with its retries;
what may have been accepted is not sent again; a redirect is an error; a reply that is not what the contract says too;
the body of an error is what came of it, None where nothing did; a client shows no token and takes no attribute that is
set on it; `parse()` and `json()` of a raw reply are not awaited, and its `text` is no method.

The registry of packages is needed once for each release; without it these tests are skipped.
"""

import json
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from contract_tests.client.recorder import Recorder
from contract_tests.documents import read_documents
from contract_tests.subject import ROOT
from contract_tests.vendor import installed
from contract_tests.vendor.wheel import PACKAGE

# No release has both operations.
CALL_ANALYSIS = ["1.0.0", "1.44.0", "1.177.0"]
VAPI_CALL = ["1.186.0", "2.0.0", "2.24.1"]

REPORTS = ROOT / "contract_tests/vapi_reports"

# What the server answers is the first segment of the base URL's path: a status, or a fault.
SCRIPT = r"""
import asyncio
import importlib
import json
import os
import sys

folder, name, url, closed = sys.argv[1:]
if folder:
    sys.path.insert(0, folder)
import httpx

roark = importlib.import_module(name)
given = json.load(sys.stdin)


def options(answer="200", **more):
    return {
        "bearer_token": "test-token",
        "base_url": f"{url}/{answer}",
        "timeout": 5,
        "max_retries": 0,
        "default_headers": {"X-Team": "voice"},
        **more,
    }


# --- What is called, by operation: a resource's method, the arguments of each call, and what its reply says ---

if given["operation"] == "call-analysis":

    def method(client):
        return client.call_analysis.create

    def raw_method(client):
        return client.call_analysis.with_raw_response.create

    usual = dict(
        call_direction="INBOUND",
        interface_type="PHONE",
        participants=[{"role": "AGENT"}, {"role": "AGENT"}],
        recording_url="https://example.com/recording.wav",
        started_at="2025-02-11T01:04:32.737Z",
    )
    calls = {
        "as documented": usual,
        "with every argument": dict(
            call_direction="OUTBOUND",
            interface_type="WEB",
            participants=[
                {"role": "AGENT", "name": "Agent Smith", "spoke_first": True},
                {"role": "CUSTOMER", "name": None, "phone_number": "+1234567890", "spoke_first": False},
            ],
            recording_url="https://example.com/recording.wav?signature=a%2Fb%20c&x=%C3%A9#t",
            started_at="2025-02-11T09:04:32.123456789+08:00",
            stereo_recording_url="https://example.com/stereo.wav",
            ended_reason="customer ended \u201ccall\u201d \U0001f44b",
            is_test=False,
        ),
        "with names in JSON": {
            **usual,
            "participants": (
                {"role": "AGENT", "spokeFirst": True},
                {"role": "CUSTOMER", "phoneNumber": None},
            ),
        },
        "with what the contract does not name": {
            **usual,
            "extra_body": {"isTest": True, "fromTomorrow": {"business_id": 7, "none": None}},
        },
    }
    if given["is_last"]:  # which takes what earlier releases do not know
        calls["with later arguments"] = dict(
            usual,
            participants=[{"role": "AGENT", "is_simulated": True}, {"role": "CUSTOMER", "isSimulated": False}],
            properties={"business_id": 7, "none": None, "is_test": [1, 2.5]},
            vapi_call_id="call-123",
            retell_call_id="call-456",
            ended_status="DIAL_ERROR",
            tool_invocations=[
                {"name": "book", "parameters": {"table_for": 2}, "result": "done", "start_offset_ms": 1200},
                {
                    "name": "pay", "parameters": {}, "result": {"is_paid": True}, "startOffsetMs": 0,
                    "description": "Pays", "end_offset_ms": 5,
                },
            ],
        )

    def says(reply):
        job, call = reply.data, reply.data.call
        participant = call.participants[0]
        return [
            str(job.job_id), job.status, job.status == "PENDING", str(call.id), call.call_direction, call.is_test,
            call.status, call.summary, call.ended_at, call.duration_ms, call.ended_reason,
            participant.role, participant.name, participant.phone_number, participant.spoke_first,
        ]

else:

    def method(client):
        return client.integrations.create_vapi_call

    def raw_method(client):
        return client.integrations.with_raw_response.create_vapi_call

    usual = dict(vapi_end_of_call_report_payload=given["sample"]["vapiEndOfCallReportPayload"])
    calls = {
        "as documented": dict(usual, properties=given["sample"]["properties"]),
        "without properties": usual,
        "with any properties": dict(usual, properties={"a": None, "b": [1, 2.5, True], "c": {"d": {}}, "\u00e9": ""}),
        "to be skipped": dict(usual, skip_already_imported=True),
        "not to be skipped": dict(usual, skip_already_imported=False),
        "with what the contract does not name": dict(usual, extra_body={"fromTomorrow": True}),
        **{
            report: dict(vapi_end_of_call_report_payload=value) for report, value in given["reports"].items()
        },
    }

    def says(reply):
        return [reply.data.call_id]


calls["with options"] = dict(
    usual,
    extra_headers={"X-Team": "other", "X-Request": "7"},
    extra_query={"page": 1, "trace": True, "word": "a b&c=\u00e9"},
    timeout=4,
)
calls["with an httpx timeout"] = dict(usual, timeout=httpx.Timeout(4, connect=2))
calls["without what is None"] = dict(usual, extra_headers=None, extra_query=None, extra_body=None, timeout=None)
calls["over a default"] = dict(usual, extra_query={"page": 2})

# --- How a client is made: its options, the options of a copy of it ---

clients = {
    "with a default query": (options(default_query={"page": 1}), None),
    "with a copy's options": (
        options(answer="500", default_query={"page": 1}),
        dict(
            base_url=f"{url}/200", bearer_token="other-token", timeout=4, max_retries=0,
            default_headers={"X-More": "1"}, default_query={"more": "1"},
        ),
    ),
    "with a slash at the end": (options(base_url=f"{url}/200/"), None),
}

os.environ["ROARK_API_BEARER_TOKEN"] = "token-of-the-environment"
os.environ["ROARK_BASE_URL"] = f"{url}/200"

# --- How a call can fail: what the server answers ---

failures = [
    "400", "401", "403", "404", "409", "422", "429", "500", "502", "503", "504", "402", "405", "408", "413", "418",
    "400-html", "500-empty", "reset", "half", "silence", "closed",
]


def outcome(reply):
    return {"reply": says(reply), "dict": reply.to_dict(), "json": json.loads(reply.to_json())}


def raw_outcome(response, parsed):
    return {"status": response.status_code, "type": response.headers["content-type"], **outcome(parsed)}


def raw_more(response, value):
    asked, got = response.http_request, response.http_response
    return {
        "asked": [asked.method, asked.url.raw_path.decode(), json.loads(asked.content), asked.headers["x-team"]],
        "got": [got.status_code, got.json(), got.headers["x-answer"], got.request.method],
        "shortly": [response.method, response.url.raw_path.decode(), response.retries_taken, value],
    }


def seen(client):
    changed = client.copy(max_retries=5, timeout=7)
    return [
        client.max_retries, client.timeout, changed.max_retries, changed.timeout, client.is_closed(),
        method(client).__self__ is method(client).__self__, raw_method(client) == raw_method(client),
        roark.Timeout is httpx.Timeout, client.with_options(timeout=None).timeout,
    ]


def failure(error):
    answered = isinstance(error, roark.APIStatusError)
    return {
        "classes": [each.__name__ for each in type(error).__mro__],
        "status": error.status_code if answered else None,
        "response": [error.response.status_code, error.response.headers["x-answer"]] if answered else None,
        "request": [error.request.method, str(error.request.url).partition("/v1/")[2]],
        "body": error.body or None if answered else None,
        "message is text": isinstance(error.message, str) and error.message in str(error),
    }


def failing(answer):
    where = closed if answer == "closed" else f"{url}/{answer}"
    return {"base_url": where, "timeout": 0.3 if answer == "silence" else 5}


def tell(case, what):
    print(json.dumps([case, what]))


def synchronous():
    with roark.Roark(**options()) as client:
        for case, arguments in calls.items():
            tell(case, outcome(method(client)(**arguments)))
        response = raw_method(client)(**usual)
        tell("raw", raw_outcome(response, response.parse()))
        tell("raw, and more", raw_more(response, response.json()))
        tell("what a client lets see", seen(client))
    tell("closed", client.is_closed())
    for case, (first, copy) in clients.items():
        client = roark.Roark(**first)
        if copy is not None:
            client = client.with_options(**copy)
        tell(case, outcome(method(client)(**calls["over a default"])))
        client.close()
    with roark.Roark() as client:
        tell("from the environment", outcome(method(client)(**usual)))
    with httpx.Client(headers={"X-Own": "1"}) as own, roark.Roark(**options(http_client=own)) as client:
        tell("with a client of the caller's", outcome(method(client)(**usual)))
    with roark.DefaultHttpxClient(headers={"X-Own": "2"}) as own, roark.Roark(**options(http_client=own)) as client:
        tell("with a default client", outcome(method(client)(**usual)))
    with roark.Roark(**options()) as client:
        for answer in failures:
            try:
                tell(answer, outcome(method(client.with_options(**failing(answer)))(**usual)))
            except roark.RoarkError as error:
                tell(answer, failure(error))


async def asynchronous():
    async with roark.AsyncRoark(**options()) as client:
        for case, arguments in calls.items():
            tell(case, outcome(await method(client)(**arguments)))
        response = await raw_method(client)(**usual)
        parsed = response.parse()
        tell("raw", raw_outcome(response, await parsed if hasattr(parsed, "__await__") else parsed))
        value = response.json()
        tell("raw, and more", raw_more(response, await value if hasattr(value, "__await__") else value))
        tell("what a client lets see", seen(client))
    tell("closed", client.is_closed())
    for case, (first, copy) in clients.items():
        client = roark.AsyncRoark(**first)
        if copy is not None:
            client = client.with_options(**copy)
        tell(case, outcome(await method(client)(**calls["over a default"])))
        await client.close()
    async with roark.AsyncRoark() as client:
        tell("from the environment", outcome(await method(client)(**usual)))
    async with httpx.AsyncClient(headers={"X-Own": "1"}) as own:
        async with roark.AsyncRoark(**options(http_client=own)) as client:
            tell("with a client of the caller's", outcome(await method(client)(**usual)))
    async with roark.DefaultAsyncHttpxClient(headers={"X-Own": "2"}) as own:
        async with roark.AsyncRoark(**options(http_client=own)) as client:
            tell("with a default client", outcome(await method(client)(**usual)))
    async with roark.AsyncRoark(**options()) as client:
        for answer in failures:
            try:
                tell(answer, outcome(await method(client.with_options(**failing(answer)))(**usual)))
            except roark.RoarkError as error:
                tell(answer, failure(error))


synchronous()
asyncio.run(asynchronous())
del os.environ["ROARK_API_BEARER_TOKEN"]
for client in (roark.Roark, roark.AsyncRoark):
    try:
        client()
    except roark.RoarkError as error:
        names = [each.__name__ for each in type(error).__mro__]
        tell("without a token", names[names.index("RoarkError") :])  # ours is of a class of its own below that
"""


@dataclass(frozen=True)
class Run:
    """What the script was told and what it sent."""

    outcomes: list[Any]
    requests: list[dict[str, Any]]


def run(operation: str, folder: Path | None, name: str, *, is_last: bool) -> Run:
    """Run the script under one SDK: in a folder of its own without any other package, or ours in this environment.

    `is_last` has it give what only the last release with the operation knows.
    """
    documents = {document.name: document for document in read_documents()}
    reports = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(REPORTS.glob("*.json"))}
    given = {"operation": operation, "sample": documents[operation].request, "reports": reports, "is_last": is_last}
    with Recorder() as server, Recorder() as stopped:
        stopped.shutdown()
        stopped.server_close()
        printed = installed.run(SCRIPT, folder, name, server.url, stopped.url, given=given, timeout=60)
        return Run([json.loads(line) for line in printed.splitlines()], server.requests)


@cache
def ours(operation: str, *, is_last: bool) -> Run:
    """What ours sends and gives."""
    return run(operation, None, "roark_client", is_last=is_last)


@cache
def theirs(operation: str, version: str) -> Run:
    """What a release of the vendor's SDK sends and gives."""
    return run(operation, installed.install(version), PACKAGE, is_last=is_last(version))


def is_last(version: str) -> bool:
    """Whether no later release has the operation."""
    return version in (CALL_ANALYSIS[-1], VAPI_CALL[-1])


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("operation", "version"),
    [*(("call-analysis", version) for version in CALL_ANALYSIS), *(("vapi-call", version) for version in VAPI_CALL)],
)
def test_does_what_the_vendor_does(operation: str, version: str) -> None:
    """Word for word the same calls, sync and async, send the same requests and give the same values and errors."""
    vendors, mine = theirs(operation, version), ours(operation, is_last=is_last(version))
    assert len(mine.requests) > 60
    different = [
        f"{what} {index}:\n  ours:   {one}\n  theirs: {other}"
        for what in ("requests", "outcomes")
        for index, (one, other) in enumerate(zip_longest(getattr(mine, what), getattr(vendors, what)))
        if one != other
    ]
    assert not different, "\n".join(different)
