"""`scripts/drift --server` and a real service: no account is hurt, and no secret is told.

A server on another machine is played by one on loopback: the gate does not mind where its server is, and a whole run is
told by `AIMED` to take any server for a remote one.
"""

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from roark_mock import MockServer

from contract_tests import judge, trial
from contract_tests.commands import drift, environment, run
from contract_tests.documents import read_documents
from contract_tests.drift.masking import Mask
from contract_tests.evidence import Evidence
from contract_tests.gate import (
    ELSEWHERE,
    LONGEST_WAIT,
    WAITS,
    Gate,
    gated_session,
    httpx_options,
)
from contract_tests.server import NotSentError
from contract_tests.subject import Limits, Subject, chosen, server_url_problem
from contract_tests.verbs.servers import Handler, PlainHandler, serving

TOKEN = "rk-0123456789-secret"
RECORDING = "https://recordings.example.org/trial.wav?signature=abc"
CALL, VAPI = "POST /v1/call-analysis", "POST /v1/vapi/call"

AIMED = """
import sys
from contract_tests.subject import Subject
Subject.is_remote = property(lambda subject: subject.server_url is not None)
from contract_tests.drift.__main__ import main
sys.exit(main())
"""


class Recorder:
    """A server that remembers what arrives and answers as it is told; 200 by itself."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str, Any]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The URL while it runs."""
        recorder = self

        class Recording(Handler):
            def answer(self, body: bytes) -> None:
                recorder.arrived.append((self.command, self.path, body))
                status, headers = recorder.answers.pop(0) if recorder.answers else (200, {})
                self.send_response(status)
                for name, value in {"Content-Length": "2", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"{}")

            do_GET = do_HEAD = do_DELETE = do_PUT = Handler.do_POST  # noqa: N815 - so does http.server spell them

        with serving(Recording) as url:
            yield url


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """What time it is."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def recorder() -> Recorder:
    """What arrives."""
    return Recorder()


@pytest.fixture
def clock() -> Clock:
    """The gate's time."""
    return Clock()


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


def test_every_request_is_made_of_a_trial() -> None:
    """What examples and generated requests are made from keeps to trials; the contract that replies fit stays."""
    document = chosen().contract.document
    narrowed = trial.narrowed(document, RECORDING)
    schemas = narrowed["components"]["schemas"]
    assert schemas["CallAnalysisRequest"]["properties"]["isTest"] == {"type": "boolean", "const": True}
    assert schemas["CallAnalysisRequest"]["required"][-1] == "isTest"
    urls = [("CallAnalysisRequest", "recordingUrl"), ("CallAnalysisRequest", "stereoRecordingUrl")]
    urls += [("VapiMonitor", "listenUrl"), ("VapiArtifact", "recordingUrl"), ("VapiArtifact", "stereoRecordingUrl")]
    for model, name in urls:
        assert schemas[model]["properties"][name] == {"type": "string", "const": RECORDING}
    assert schemas["Call"] == document["components"]["schemas"]["Call"]
    for path, item in narrowed["paths"].items():
        media = item["post"]["requestBody"]["content"]["application/json"]
        assert judge.is_valid(
            f"/paths/{path.replace('/', '~1')}/post/requestBody/content/application~1json/schema",
            media["examples"]["documented"]["value"],
        )
    assert "const" not in json.dumps(document), "the contract itself was changed"


# --- Whole runs ---------------------------------------------------------------------------------------------------


def aimed(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/drift`, of few generated cases, with the server taken for a remote one."""
    words = ["--server", url, "--pace", "0", "--seed", "1", "--examples", "20", *arguments]
    return run(AIMED, *words, ROARK_API_BEARER_TOKEN=TOKEN)


class CarelessHandler(PlainHandler):
    """A server that accepts everything, and that looks as documented."""

    bodies: list[tuple[str, bytes]]

    def answer(self, body: bytes) -> None:
        """200, whatever came."""
        self.bodies.append((self.path, body))
        self.reply(200, self.replies[self.path].encode())


@pytest.mark.whole_run
def test_whole_run_with_budget_0_uploads_nothing(tmp_path: Path) -> None:
    """Without a budget no valid request reaches the server in a whole run; what it sends is announced first."""
    report = tmp_path / "report.json"
    with MockServer(token=TOKEN) as mock:
        done = aimed(mock.url, "--yes", "--json", str(report))
        assert len(mock.uploads) == 0
    assert done.returncode == 0, done.stdout + done.stderr
    announced = done.stdout.split("The documented uploads")[0]
    for told in (mock.url, "uploads   none (", CALL, VAPI, "100 that it must refuse", "isTest: true", "createVapiCall"):
        assert told in announced
    assert f"{CALL}: not sent, since no upload is left" in done.stdout
    assert "note: 0 of 0 uploads, " in done.stdout
    value = json.loads(report.read_text(encoding="utf-8"))
    assert any(note.startswith("0 of 0 uploads") for note in value["notes"])
    server = next(pair for pair in value["pairs"] if pair["parties"] == ["contract", "server"])
    assert server["cases"] > 50, "the proof has no teeth left"


@pytest.mark.whole_run
def test_whole_run_keeps_to_its_budget() -> None:
    """With a budget of two, two uploads are accepted, and each is a trial with the given recording."""
    with MockServer(token=TOKEN) as mock:
        arguments = ["--yes", "--allow-uploads", "2", "--recording-url", RECORDING, "--allow-invalid", "5"]
        done = aimed(mock.url, *arguments, "--only", "server")
        bodies = [upload.json for upload in mock.uploads]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(body["isTest"], body["recordingUrl"]) for body in bodies] == [(True, RECORDING)] * 2
    assert "200 CallAnalysisResponse(" in done.stdout
    assert "not named for uploads" in done.stdout
    assert "note: 2 of 2 uploads, " in done.stdout


@pytest.mark.whole_run
def test_whole_run_generates_trials() -> None:
    """What is generated from the contract uses the budget too: it is made of trials, and most of it is sent."""
    with MockServer(token=TOKEN) as mock:
        arguments = ["--yes", "--allow-uploads", "9", "--recording-url", RECORDING]
        done = aimed(mock.url, *arguments, "--only", f"test_generated_cases and {CALL.split()[1]}")
        bodies = [upload.json for upload in mock.uploads]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(body["isTest"], body["recordingUrl"]) for body in bodies] == [(True, RECORDING)] * 9
    assert len({json.dumps(body) for body in bodies}) > 5, "they are hardly generated"


@pytest.mark.whole_run
def test_whole_run_leaves_a_careless_server_alone() -> None:
    """A server that accepts everything is told so once for each operation, and then hears nothing of it any more."""

    class Careless(CarelessHandler):
        bodies: list[tuple[str, bytes]] = []  # noqa: RUF012 - of this test alone

    with serving(Careless) as url:
        done = aimed(url, "--yes", "--only", "server and not test_generated_cases")
    assert done.returncode == 1, done.stdout + done.stderr
    assert sorted(path for path, _ in Careless.bodies) == ["/v1/call-analysis", "/v1/vapi/call"]
    for label in (CALL, VAPI):
        assert f" ↔ server: {label}  " in done.stdout
        assert f"note: {label}: stopped, since the server accepts what it must refuse" in done.stdout


class TellingHandler(PlainHandler):
    """A server that tells all it knows in errors and replies: token, numbers and URLs."""

    def answer(self, body: bytes) -> None:
        """Accept an upload, and refuse the rest, with secrets in either."""
        told = [f"{name}: {value}" for name, value in self.headers.items()] + SECRETS
        if b'"SIDEWAYS"' in body or b"callDirection" not in body:
            self.reply(500, json.dumps({"error": {"details": [{"path": "/".join(told)}], "told": told}}).encode())
        else:
            reply = json.loads(self.replies[self.path])
            reply["data"]["call"]["summary"] = " ".join(told)
            reply["data"]["call"]["participants"] = [{"role": "AGENT", "name": told[-1], "phoneNumber": SECRETS[0]}]
            reply["data"]["status"] = " ".join(told)
            self.reply(200, json.dumps(reply).encode())


SECRETS = ["+1 (555) 010-9999", "5550109998", "https://user:pw@secret.example.com/a?b=c", TOKEN]


@pytest.mark.whole_run
def test_whole_run_tells_no_secret(tmp_path: Path) -> None:
    """No token, phone number or URL stands in any report, not even where the server repeats them."""
    report = tmp_path / "report.json"
    with serving(TellingHandler) as url:
        arguments = ["--yes", "--allow-uploads", "3", "--recording-url", RECORDING, "--json", str(report)]
        baseline = tmp_path / "known.yaml"
        baseline.write_text("")
        arguments += ["--baseline", str(baseline), "--allow-invalid", "9"]
        done = aimed(url, *arguments, "--only", "server")
    assert done.returncode == 1, done.stdout + done.stderr
    told = done.stdout.split("The documented uploads")[1] + done.stderr + report.read_text(encoding="utf-8")
    for secret in (
        *SECRETS,
        "secret.example.com",
        "0109999",
        "5550109",
        TOKEN[:10],
        RECORDING,
        "recordings.example",
        url,
    ):
        assert secret not in told
    for mask in ("[token]", "[phone number]", "[URL]"):
        assert mask in told
    assert "://" not in told
    announced = done.stdout.split("The documented uploads")[0]
    assert url in announced
    assert "https://recordings.example.org/trial.wav\n" in announced
    assert "signature=abc" not in done.stdout + done.stderr
    assert TOKEN not in done.stdout


@pytest.mark.whole_run
def test_whole_run_ends_at_a_429_that_takes_too_long(recorder: Recorder) -> None:
    """A server that has had enough is left alone: exit code 2, with what to do, and no drift."""
    recorder.answers = [(429, {"Retry-After": "3600"})] * 99
    with recorder.serving() as url:
        done = aimed(url, "--yes", "--only", "test_wrong_token_is_refused or test_chosen_inputs")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "asks to wait for 3600 s (429); run again after that" in done.stderr
    assert len(recorder.arrived) == 1


@pytest.mark.whole_run
def test_whole_run_asks_first(recorder: Recorder) -> None:
    """Without a terminal and without --yes nothing is sent, nor where a person says no."""
    with recorder.serving() as url:
        done = aimed(url)
        assert done.returncode == 2
        assert "is another machine, where an upload is real" in done.stdout
        assert "say --yes" in done.stderr
        for answer, sent in ((b"\n", False), (b"n\n", False), (b"yes\n", True)):
            ours, theirs = pty.openpty()
            os.write(ours, answer)
            with subprocess.Popen(
                [sys.executable, "-P", "-c", AIMED, "--server", url, "--only", "test_wrong_token"],
                env=environment(chosen().spec.parent, ROARK_API_BEARER_TOKEN=TOKEN),
                stdin=theirs,
                stdout=theirs,
                stderr=subprocess.PIPE,
            ) as process:
                os.close(theirs)
                assert process.stderr is not None
                assert process.wait(60) == (1 if sent else 2)
                assert (b"nothing was sent" in process.stderr.read()) is not sent
            assert b"Send this? [y/N]" in os.read(ours, 1 << 16)
            os.close(ours)
            assert bool(recorder.arrived) is sent


REMOTE = ("--server", "https://api.roark.ai", "--yes")


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("arguments", "token", "reason"),
    [
        (["--server", "http://api.roark.ai", "--yes"], TOKEN, "expected https://api.roark.ai"),
        (["--server", "https://user:hush-hush@api.roark.ai", "--yes"], TOKEN, "holds a name or password"),
        ([*REMOTE], "", "needs a token of its own"),
        ([*REMOTE, "--token", "test-token"], "", "needs a token of its own"),
        ([*REMOTE, "--token", "short"], "", "could not be kept out of the report"),
        ([*REMOTE, "--allow-uploads", "2"], TOKEN, "needs the recording"),
        ([*REMOTE, "--allow-uploads", "-1"], TOKEN, "expected a number from 0"),
        ([*REMOTE, "--pace", "-1"], TOKEN, "expected seconds"),
        ([*REMOTE, "--pace", "nan"], TOKEN, "expected seconds"),
        ([*REMOTE, "--operation", "createVapiCall"], TOKEN, "say how many with --allow-uploads"),
        ([*REMOTE, "--operation", "deleteCall"], TOKEN, "expected one of createCallAnalysis, createVapiCall"),
        ([*REMOTE, "--allow-uploads", "2", "--recording-url", "file:///a.wav"], TOKEN, "expected https://HOST/PATH"),
        (["--allow-uploads", "2"], TOKEN, "--allow-uploads is about a server on another machine"),
        (["--recording-url", RECORDING], TOKEN, "--recording-url is about a server on another machine"),
    ],
)
def test_contradictory_arguments_are_exit_code_2(arguments: list[str], token: str, reason: str) -> None:
    """What would send a token in clear text, a wrong one, or uploads without a recording, sends nothing at all."""
    done = drift(*arguments, ROARK_API_BEARER_TOKEN=token)
    assert done.returncode == 2, done.stdout + done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush-hush" not in done.stdout + done.stderr


@pytest.mark.whole_run
def test_proof_by_itself_is_for_this_machine() -> None:
    """pytest, which asks nothing, does not aim the proof at another machine."""
    command = [sys.executable, "-P", "-m", "pytest", "contract_tests/proof", "--server", "https://api.roark.ai", "-q"]
    done = subprocess.run(command, cwd=chosen().spec.parent, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert "use scripts/drift, which asks first" in done.stderr


def test_https_is_for_another_machine() -> None:
    """Another machine is asked over https; this one over either."""
    assert server_url_problem("https://api.roark.ai") is None
    assert server_url_problem("http://127.0.0.1:4010") is None
    assert server_url_problem("http://127.0.0.1.example.com") is not None


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer [token]"),
        (f"cut off: {TOKEN[:12]}", "cut off: [token]"),
        ("Bearer another-token", "Bearer [token]"),
        ('"Authorization: Bearer $ROARK_API_BEARER_TOKEN"', '"Authorization: Bearer $ROARK_API_BEARER_TOKEN"'),
        ("see https://a.example/b?c=d, or", "see [URL] or"),
        ('{"url": "wss:\\/\\/a.example\\/b"}', '{"url": "[URL]"}'),
        ("url=https%3A%2F%2Fa.example%2Fb x", "url=[URL] x"),
        ("HTTPSConnectionPool(host='api.roark.ai', port=443)", "HTTPSConnectionPool(host='[URL]', port=443)"),
        ("call +1234567890 now", "call [phone number] now"),
        ("call '+44 20 7946 0958'", "call '[phone number]'"),
        ("(555) 010-9999, 555.010.9999", "[phone number], [phone number]"),
        ("number 5550109999", "number [phone number]"),
        ("at 2025-02-11T01:04:32.737Z", "at 2025-02-11T01:04:32.737Z"),
        ("on 2025-02-11", "on 2025-02-11"),
        ("3c90c3cc-0d44-4b50-8888-8dd25736052a", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        ("12345678-1234-4234-8234-123456789012", "12345678-1234-4234-8234-123456789012"),
        ("reply#/data/call/participants/0/role", "reply#/data/call/participants/0/role"),
        ("seed 123456, 783 cases in 15.3 s", "seed 123456, 783 cases in 15.3 s"),
    ],
)
def test_secrets_are_masked(text: str, masked: str) -> None:
    """Tokens, phone numbers and URLs are replaced, however they are written; what else a report says stays."""
    assert Mask(TOKEN, "https://api.roark.ai").text(text) == masked


def test_long_token_is_masked() -> None:
    """A token may be as long as a signed one is, and is masked in texts of any length without delay."""
    token = "eyJhbGciOi" * 400
    mask = Mask(token, "https://api.roark.ai")
    assert mask.text(f"say {token} again") == "say [token] again"
    assert mask.text("A" * 1_000_000) == "A" * 1_000_000
    assert mask.value({token: [{"a": f"x {token}"}, 5550109999, None]}) == {
        "[token]": [{"a": "x [token]"}, 5550109999, None]
    }


def test_samples_are_trials() -> None:
    """A documented sample goes to another machine as a trial, and to this one word for word."""
    away = Subject(server_url="https://api.roark.ai", token=TOKEN, limits=Limits(recording_url=RECORDING))
    for document in read_documents():
        sent = away.sample(document.operation, document.request)
        assert trial.fault(sent, RECORDING, flagged=document.operation == CALL, fields=list(document.request)) is None
        assert Subject().sample(document.operation, document.request) == document.request
