"""The gate before a real service: only trials pass, within their budget, at their pace."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import requests

from contract_tests import trial
from contract_tests.evidence import Evidence
from contract_tests.gate import ELSEWHERE, LONGEST_WAIT, WAITS, Gate, gated_session, httpx_options
from contract_tests.live.other_servers import Handler, serving
from contract_tests.live.recorder import CALL, RECORDING, TOKEN, VAPI, Clock, Recorder
from contract_tests.server import NotSentError
from contract_tests.subject import Limits, Subject, chosen


@pytest.fixture
def url(recorder: Recorder) -> Iterator[str]:
    """The URL of the server."""
    with recorder.serving() as url:
        yield url


@pytest.fixture
def gate_with(url: str, clock: Clock) -> Callable[..., Gate]:
    """A gate before that server, with limits; without pace, since few tests are about it."""

    def gate_with(**limits: Any) -> Gate:
        limited = Limits(**{"recording_url": RECORDING, "pace": 0.0, **limits})
        return Gate(Subject(server_url=url, token=TOKEN, limits=limited), clock, clock.sleep)

    return gate_with


def body_of(label: str, changes: Mapping[str, Any] | None = None) -> Any:
    """The documented upload of an operation as a trial, changed."""
    operation = chosen().operation(label)
    assert operation is not None
    body = trial.as_trial(deepcopy(operation.example()), RECORDING, flagged=label == CALL)
    return {**body, **(changes or {})}


def invalid(label: str = CALL) -> Any:
    """A trial that must be refused."""
    return body_of(label, {"callDirection": "SIDEWAYS"} if label == CALL else {"properties": 1})


def send(gate: Gate, body: Any, label: str = CALL, *, token: str = TOKEN, **headers: str) -> int:
    """The status of the answer to a body of JSON."""
    method, path = label.split()
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    with gated_session(gate) as session:
        return session.request(
            method, f"{gate.subject.server_url}{path}", data=data, headers=headers, allow_redirects=False
        ).status_code


def send_by_httpx(gate: Gate, body: Any) -> int:
    """The same through the synchronous half of httpx."""
    with httpx.Client(**httpx_options(gate)) as client:
        url = f"{gate.subject.server_url}/v1/call-analysis"
        return client.post(url, json=body, headers={"Authorization": f"Bearer {TOKEN}"}).status_code


def send_by_async_httpx(gate: Gate, body: Any) -> int:
    """The same through the asynchronous half."""

    async def post() -> int:
        async with httpx.AsyncClient(**httpx_options(gate)) as client:
            url = f"{gate.subject.server_url}/v1/call-analysis"
            return (await client.post(url, json=body, headers={"Authorization": f"Bearer {TOKEN}"})).status_code

    return asyncio.run(post())


ways = pytest.mark.parametrize("way", [send, send_by_httpx, send_by_async_httpx])


@ways
def test_budget_0_lets_no_upload_pass(
    way: Callable[[Gate, Any], int], gate_with: Callable[..., Gate], recorder: Recorder
) -> None:
    """Without a budget no upload reaches the server, not a byte of it, whichever library sends it."""
    gate = gate_with()
    with pytest.raises(NotSentError, match="no upload is left"):
        way(gate, body_of(CALL))
    assert recorder.arrived == []


@ways
def test_budget_bounds_uploads(
    way: Callable[[Gate, Any], int], gate_with: Callable[..., Gate], recorder: Recorder
) -> None:
    """As many uploads as allowed reach the server, and none more."""
    gate = gate_with(uploads=2)
    assert [way(gate, body_of(CALL)), way(gate, body_of(CALL))] == [200, 200]
    with pytest.raises(NotSentError, match="no upload is left"):
        way(gate, body_of(CALL))
    assert len(recorder.arrived) == 2


def test_upload_that_was_refused_or_lost_counts(gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """An upload counts also where the answer is no success: it may have been accepted all the same."""
    gate = gate_with(uploads=2)
    recorder.answers = [(500, {}), (400, {})]
    assert [send(gate, body_of(CALL)), send(gate, body_of(CALL))] == [500, 400]
    with pytest.raises(NotSentError):
        send(gate, body_of(CALL))


PARTICIPANT = {"role": "AGENT"}


@pytest.mark.parametrize(
    "body",
    [
        {key: value for key, value in body_of(CALL).items() if key != "isTest"},
        *(body_of(CALL, {"isTest": value}) for value in (False, None, "true", 1)),
        body_of(CALL, {"recordingUrl": "https://example.com/a.wav"}),
        body_of(CALL, {"recordingUrl": "s3://bucket/a.wav"}),
        body_of(CALL, {"stereoRecordingUrl": "https://example.com/a.wav"}),
        body_of(CALL, {"stereoRecordingUrl": "urn:a"}),
        body_of(CALL, {"webhook": {"to": ["//example.com"]}}),
        body_of(CALL, {"participants": [PARTICIPANT, {**PARTICIPANT, "name": "see http://example.com"}]}),
        # Must be refused, and a careless server might take it.
        body_of(CALL, {"callDirection": 1, "isTest": False}),
        {"data": body_of(CALL, {"isTest": False})},
        [body_of(CALL, {"isTest": False})],
        json.dumps(body_of(CALL)).replace("{", '{"isTest": false, ', 1).encode(),  # a field that stands twice
        json.dumps(body_of(CALL)).encode()[:-1],
        b"recordingUrl=https%3A%2F%2Fexample.com",
    ],
)
def test_only_trials_pass(body: Any, gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """A call passes only if it is marked as a test and names no URL but the recording, be it valid or not."""
    with pytest.raises(NotSentError):
        send(gate_with(uploads=9), body)
    assert recorder.arrived == []


@pytest.mark.parametrize("body", [invalid(), {}, [], None, 1, b"", b"{", body_of(CALL, {"startedAt": ""})])
def test_what_must_be_refused_passes(body: Any, gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """A request that must be refused is sent where it can do no harm, and takes nothing from the budget."""
    recorder.answers = [(400, {})]
    gate = gate_with()
    assert send(gate, body) == 400
    assert (gate.uploads, gate.others[CALL]) == (0, 1)


def test_what_must_be_refused_is_bounded(gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """No more requests that must be refused are sent than announced, for each operation."""
    recorder.answers = [(400, {})] * 9
    gate = gate_with(invalid=2)
    for label in (CALL, CALL, VAPI, VAPI):
        send(gate, {}, label)
    for label in (CALL, VAPI):
        with pytest.raises(NotSentError, match="as many as allowed"):
            send(gate, {}, label)
    assert len(recorder.arrived) == 4


def test_what_was_accepted_wrongly_stops_its_operation(gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """A request that had to be refused and was accepted counts, is drift, and is the last of its operation."""
    gate, evidence = gate_with(uploads=1), Evidence(test="test_x")
    with gate.watched(evidence):
        assert send(gate, invalid()) == 200
    assert [(drift.operation, drift.found_by) for drift in evidence.drifts] == [(CALL, "test_x: gate")]
    assert "must be refused was accepted (200)" in evidence.drifts[0].message
    bodies: list[Any] = [{}, invalid(), body_of(CALL)]
    for body in bodies:
        with pytest.raises(NotSentError, match="accepts what it must refuse"):
            send(gate, body)
    recorder.answers = [(400, {})]
    assert send(gate, {}, VAPI) == 400, "another operation goes on"
    assert gate.uploads == 1
    with pytest.raises(NotSentError):
        send(gate_with(uploads=1), body_of(VAPI), VAPI)


def test_what_was_accepted_wrongly_is_reported_once(gate_with: Callable[..., Gate]) -> None:
    """Where the test itself reports the acceptance, the gate adds nothing."""
    gate, evidence = gate_with(), Evidence()
    with gate.watched(evidence):
        send(gate, invalid())
        evidence.drift(operation=CALL, place="request#/callDirection", message="an invalid request was accepted")
    assert len(evidence.drifts) == 1


@pytest.mark.parametrize("status", [500, 503, 408, None])
def test_unknown_outcome_stops_its_operation(status: int | None, gate_with: Callable[..., Gate], clock: Clock) -> None:
    """Where it is not known what became of a request that had to be refused, it may have been accepted."""
    recorder = Recorder()
    recorder.answers = [(status or 200, {})]
    with ExitStack() as stack:
        gate = gate_with(uploads=1)
        if status is None:
            url = stack.enter_context(serving(Handler))  # which hangs up
            gate = Gate(Subject(server_url=url, token=TOKEN, limits=gate.limits), clock, clock.sleep)
            with pytest.raises(requests.ConnectionError):
                send(gate, invalid())
        else:
            url = stack.enter_context(recorder.serving())
            gate = Gate(Subject(server_url=url, token=TOKEN, limits=gate.limits), clock, clock.sleep)
            send(gate, invalid())
        assert gate.uploads == 1
        with pytest.raises(NotSentError):
            send(gate, invalid())


@pytest.mark.parametrize("status", [300, 302, 400, 404, 422])
def test_refusal_goes_on(status: int, gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """An answer that is certainly no acceptance takes nothing from the budget, and no redirect is followed."""
    recorder.answers = [(status, {"Location": "/v1/vapi/call"})] * 2
    gate = gate_with()
    assert [send(gate, invalid()), send(gate, invalid())] == [status, status]
    assert gate.uploads == 0
    assert len(recorder.arrived) == 2


def test_operation_without_a_flag_needs_naming(gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """No call reaches an account through an operation that has no flag for tests, unless it was named."""
    recorder.answers = [(400, {}), (401, {})]
    gate = gate_with(uploads=5)
    for body in (body_of(VAPI), invalid(VAPI), {"x": [body_of(VAPI)]}):
        with pytest.raises(NotSentError, match="not named for uploads"):
            send(gate, body, VAPI)
    with pytest.raises(NotSentError, match="not named for uploads"):
        send(gate, body_of(VAPI), VAPI, **{"Content-Type": "text/plain"})
    assert recorder.arrived == []
    assert send(gate, {}, VAPI) == 400, "there is no call in it"
    assert send(gate, body_of(VAPI), VAPI, token="wrong") == 401, "there is no account to hurt"
    named = gate_with(uploads=1, operations=("createVapiCall",))
    assert send(named, body_of(VAPI), VAPI) == 200
    with pytest.raises(NotSentError, match="no upload is left"):
        send(named, body_of(VAPI), VAPI)
    with pytest.raises(NotSentError, match="another URL"):
        send(named, chosen().operation(VAPI).example(), VAPI)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("method", "path", "headers", "reason"),
    [
        ("DELETE", "/v1/call-analysis", {}, "does not say what it would do"),
        ("PUT", "/v1/vapi/call", {}, "does not say what it would do"),
        ("POST", "/v1/call-analysis/", {}, "does not say what it would do"),
        ("POST", "/", {}, "does not say what it would do"),
        ("POST", "/v1/call%2Danalysis", {}, "no upload is left"),
        ("POST", "/v1/call-analysis?x=1", {}, "no upload is left"),
        ("POST", "/v1/call-analysis", {"Prefer": "code=429"}, "steers a mock"),
        ("POST", "/v1/call-analysis", {"Authorization": f"bearer {TOKEN}"}, "no upload is left"),
        ("POST", f"/v1/call-analysis?token={TOKEN}", {"Authorization": ""}, "no upload is left"),
    ],
)
def test_what_is_not_known_to_be_harmless_is_kept_back(
    method: str, path: str, headers: dict[str, str], reason: str, gate_with: Callable[..., Gate], recorder: Recorder
) -> None:
    """What the contract does not know may do anything; what is spelled another way is still an upload."""
    with pytest.raises(NotSentError, match=reason):
        send(gate_with(), body_of(CALL), f"{method} {path}", **headers)
    assert recorder.arrived == []


def test_other_server_is_never_asked(gate_with: Callable[..., Gate]) -> None:
    """Nothing goes to another server than the announced one."""
    other = Recorder()
    with other.serving() as url, gated_session(gate_with()) as session, pytest.raises(NotSentError, match="another"):
        session.get(url)
    assert other.arrived == []


def test_requests_that_change_nothing_pass(gate_with: Callable[..., Gate]) -> None:
    """GET and its like are sent, bounded, and their success counts for nothing."""
    gate = gate_with(invalid=2)
    assert send(gate, b"", "GET /v1/call-analysis") == 200
    assert send(gate, b"", "HEAD /else") == 200
    assert (gate.uploads, gate.others[ELSEWHERE]) == (0, 2)
    with pytest.raises(NotSentError, match="as many as allowed"):
        send(gate, b"", "GET /")


@ways
@pytest.mark.parametrize("asked", [{"Retry-After": "7"}, {"retry-after-ms": "7000"}, {}])
def test_429_is_waited_for(
    asked: dict[str, str],
    way: Callable[[Gate, Any], int],
    gate_with: Callable[..., Gate],
    recorder: Recorder,
    clock: Clock,
) -> None:
    """A 429 is no answer to the proof: the gate waits as long as it asks, sends the same again, and counts it once."""
    recorder.answers = [(429, asked), (200, {})]
    gate = gate_with(uploads=1)
    assert way(gate, body_of(CALL)) == 200
    assert clock.slept == [7.0 if asked else 5.0]
    assert gate.uploads == 1
    assert [json.loads(body) for _, _, body in recorder.arrived] == [body_of(CALL)] * 2


def test_429_with_a_date_is_waited_for(gate_with: Callable[..., Gate], recorder: Recorder, clock: Clock) -> None:
    """Retry-After may also be a date."""
    recorder.answers = [(429, {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=40), True)})]
    assert send(gate_with(uploads=1), body_of(CALL)) == 200
    assert 0 < clock.slept[0] <= 40


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([(429, {"Retry-After": str(LONGEST_WAIT + 1)})], "asks to wait for 61 s"),
        ([(429, {"Retry-After": "1"})] * (WAITS + 1), "answers 429 after 3 waits"),
    ],
)
def test_429_without_end_stops_the_run(
    answers: list[tuple[int, dict[str, str]]], reason: str, gate_with: Callable[..., Gate], recorder: Recorder
) -> None:
    """A wait that is too long, or too many of them, end the run: nothing more is sent, and nothing is drift."""
    recorder.answers = list(answers)
    gate, evidence = gate_with(), Evidence()
    with gate.watched(evidence):
        send(gate, invalid())
    assert evidence.drifts == []
    assert gate.stopped is not None
    assert reason in gate.stopped
    with pytest.raises(NotSentError, match="429"):
        send(gate, {}, VAPI)
    assert len(recorder.arrived) == len(answers)


def test_requests_keep_their_pace(gate_with: Callable[..., Gate], recorder: Recorder, clock: Clock) -> None:
    """From one request to the next at least the pace goes by, whoever sends them."""
    recorder.answers = [(400, {})] * 3
    gate = gate_with(pace=2.0)
    send(gate, {})
    send_by_httpx(gate, {})
    clock.now += 1.5
    send_by_async_httpx(gate, {})
    assert clock.slept == [2.0, 0.5]


@pytest.mark.parametrize("status", [401, 403])
def test_refused_token_stops_the_run(status: int, gate_with: Callable[..., Gate], recorder: Recorder) -> None:
    """A server that refuses the token refuses everything, which would look like agreement."""
    recorder.answers = [(status, {}), (status, {})]
    gate = gate_with()
    send(gate, {}, token="wrong")
    assert gate.stopped is None
    send(gate, {})
    assert gate.stopped is not None
    assert f"refuses the token ({status})" in gate.stopped


def test_cases_that_were_not_sent_do_not_count() -> None:
    """A table that counts what never left would promise too much."""
    gate, evidence = Gate(Subject(server_url="http://127.0.0.1:1", token=TOKEN)), Evidence()
    with gate.watched(evidence):
        for _ in range(3):
            evidence.case()
        send(gate, body_of(CALL))
    assert evidence.cases == 2
