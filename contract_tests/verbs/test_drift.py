"""`scripts/drift`: whichever party moves, it says so, names the place and exits 1; what keeps it from running is 2."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from roark_mock import MockServer

from contract_tests.commands import DRIFT, SECONDS, command, drift, environment
from contract_tests.documents import read_documents
from contract_tests.drift.behind import behind
from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import (
    CLIENT_SERVER,
    CONTRACT_CLIENT,
    CONTRACT_SERVER,
    DOCUMENTS_CONTRACT,
    PAIRS,
    Drift,
    Pair,
)
from contract_tests.mutations.bent_server import BentServer
from contract_tests.subject import ROOT

MOCK = "contract_tests/mock_server/roark_mock"

WELL_INTO_THE_PROOF = 20  # requests, of which the first ones are those that are announced

SCHEMAS = "openapi.yaml#/components/schemas"

# A change of each party: file, what is replaced, by what; the tests that it concerns, since all take a while; and by
# pair of parties the places that must be named. Every small change of any party: contract_tests/mutations.
CHANGES: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "a field of the contract is renamed": (
        "openapi.yaml",
        "        stereoRecordingUrl:\n          description: >-\n            URL of",
        "        stereoRecordingLink:\n          description: >-\n            URL of",
        "test_listed_fields_are_stated_alike or test_every_schema_is_in_the_client or test_chosen_inputs",
        {
            "documents ↔ contract": f"{SCHEMAS}/CallAnalysisRequest/properties/stereoRecordingUrl",
            "contract ↔ client": f"{SCHEMAS}/CallAnalysisRequest/properties/stereoRecordingLink",
            "contract ↔ server": "request#/stereoRecordingUrl",
        },
    ),
    "a document has changed": (
        "contract_tests/documents/call-analysis.reply.json",
        '"isTest": false',
        '"isTest": "no"',
        "test_documents_contract",
        {"documents ↔ contract": "reply#/data/call/isTest"},
    ),
    "the generated client was edited": (
        "generated/roark_client/models/call_direction.py",
        'INBOUND = "INBOUND"',
        'INBOUND = "IN"',
        "test_every_schema_is_in_the_client",
        {"contract ↔ client": f"{SCHEMAS}/CallDirection/enum"},
    ),
    "the client loses a field": (
        "generated/roark_client/schema.py",
        "return json_copy(given, place)",
        'return {**given, "call": {"id": given["call"]["id"]}}',
        "test_raw_vapi_report_is_accepted",
        {"client ↔ server": "request#/vapiEndOfCallReportPayload/call/transport"},
    ),
    "the server says something else than it was told": (
        f"{MOCK}/operations/create_call_analysis.py",
        "participants=request.participants",
        "participants=request.participants[::-1]",
        "test_generated_cases and call-analysis",
        {"contract ↔ server": "reply#/data/call/participants/0/role"},
    ),
    "the server takes any media type": (
        f"{MOCK}/app.py",
        '    _check_media_type(headers.get("content-type"))\n',
        "",
        "test_wrong_media_type_is_refused",
        {"contract ↔ server": "request Content-Type"},
    ),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout in which a party can be changed."""
    return copied_checkout(tmp_path)


def copied_checkout(folder: Path) -> Path:
    """A copy of what a run of the proof reads."""
    for name in ("openapi.yaml", "pyproject.toml", "contract_tests", "generated", "scripts"):
        source, copy = ROOT / name, folder / "checkout" / name
        if source.is_dir():
            shutil.copytree(source, copy)  # with what Python has compiled, which to do again takes a second
        else:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    return folder / "checkout"


def places(report: Path) -> set[tuple[str, str]]:
    """Pair and place of every drift in a report for machines."""
    pairs = json.loads(report.read_text(encoding="utf-8"))["pairs"]
    return {(" ↔ ".join(pair["parties"]), found["place"]) for pair in pairs for found in pair["drifts"]}


class Handler(BaseHTTPRequestHandler):
    """What the servers below have in common: they read the upload whole, and stay quiet."""

    def do_POST(self) -> None:
        """Read and answer an upload."""
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def answer(self, _: bytes) -> None:
        """Hang up; the servers below do better."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def reply(self, status: int, reply: bytes) -> None:
        """Answer with a body called JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class PlainHandler(Handler):
    """Another server than ours, as thin as can be: it knows a token and the documented replies, and no `Prefer`."""

    token = "test-token"
    replies: ClassVar = {
        each.path: json.dumps(each.reply).replace("<string>", "2025-02-11T01:04:32Z") for each in read_documents()
    }

    def answer(self, body: bytes) -> None:
        """200 for whatever is not empty."""
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self.reply(401, b'{"message": "no"}')
        elif body in (b"", b"{}"):
            self.reply(400, b'{"message": "no"}')
        else:
            self.reply(200, self.replies[self.path].encode())


class SecretHandler(PlainHandler):
    """The same with another token."""

    token = "a-secret-token"


class UnrulyHandler(Handler):
    """A server that refuses everything with what a terminal would obey."""

    def answer(self, _: bytes) -> None:
        """400, clear the screen, change the title."""
        self.reply(400, b'{"error": "\x1b[2J\x1b]0;title\x07"}')


@contextmanager
def serving(handler: type[Handler]) -> Iterator[str]:
    """A running server, by its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})  # seconds to its end
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# A finding that no longer is one.
GONE = """
- check: media_type
  operation: POST /v1/call-analysis
  place: request Content-Type
  reason: ticket 123
  expires: 2999-12-31
"""


@dataclass(frozen=True)
class Agreement:
    """A whole run in which all agree: what it said, and the folder of its baseline and its report."""

    said: subprocess.CompletedProcess[str]
    folder: Path


@pytest.fixture(scope="module")
def agreement(tmp_path_factory: pytest.TempPathFactory) -> Agreement:
    """That run, of fewer generated cases than those that the tests of contract_tests/proof make beside it."""
    folder = tmp_path_factory.mktemp("agreement")
    (folder / "known.yaml").write_text(GONE, encoding="utf-8")
    words = [
        "--seed",
        "1",
        "--examples",
        "20",
        "--json",
        str(folder / "report.json"),
        "--baseline",
        str(folder / "known.yaml"),
    ]
    return Agreement(drift(*words), folder)


@pytest.mark.whole_run
def test_agreement_is_exit_code_0(agreement: Agreement) -> None:
    """Where all agree it prints the typed replies and one row a pair."""
    run = agreement.said
    assert run.returncode == 0, run.stdout + run.stderr
    assert "200 CallAnalysisResponse(" in run.stdout
    assert "200 VapiCallResponse(" in run.stdout
    for pair in ("documents ↔ contract", "contract ↔ client", "contract ↔ server", "client ↔ server"):
        row = next(line for line in run.stdout.splitlines() if line.startswith(pair))
        assert row.endswith("agree")
    assert run.stdout.endswith("seed 1\n")
    assert run.stderr == "", "a run without a terminal shows no progress"
    assert "\033" not in run.stdout, "colour is for terminals"
    assert "not followed yet" not in run.stdout


@pytest.mark.whole_run
def test_agreement_is_said_for_machines(agreement: Agreement) -> None:
    """Where all agree the report says so, with what was looked at, and no other file is left."""
    report = json.loads((agreement.folder / "report.json").read_text(encoding="utf-8"))
    assert (report["agreed"], report["behind"]) == (True, [])
    assert all(pair["cases"] > 0 and pair["drifts"] == [] for pair in report["pairs"])
    assert {path.name for path in agreement.folder.iterdir()} == {"known.yaml", "report.json"}


@pytest.mark.whole_run
def test_entry_of_nothing_is_told(agreement: Agreement) -> None:
    """An entry of a baseline that names nothing a whole run finds is a note; of a part nothing is said."""
    path = agreement.folder / "known.yaml"
    note = f"note: {path}:2: POST /v1/call-analysis  request Content-Type: no longer found, remove it"
    assert note in agreement.said.stdout
    assert note not in drift("--only", "test_documents_contract", "--baseline", str(path)).stdout


@pytest.mark.whole_run
def test_report_goes_through_a_link(tmp_path: Path) -> None:
    """A report is written to what a link or a device names; the link stays one."""
    (tmp_path / "link").symlink_to(tmp_path / "report.json")
    assert drift("--only", "test_documents_contract", "--json", str(tmp_path / "link")).returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["agreed"] is True


@pytest.mark.whole_run
@pytest.mark.parametrize("name", CHANGES)
def test_change_of_one_party_is_drift(name: str, checkout: Path) -> None:
    """Each change of one party alone is exit code 1, named by pair, operation and pointer, with a command."""
    file, old, new, only, expected = CHANGES[name]
    text = (checkout / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, "the file has changed; this case changes nothing any more"
    (checkout / file).write_text(text.replace(old, new), encoding="utf-8")
    report = checkout.parent / "report.json"
    run = drift("--only", only, "--seed", "1", "--strict", "--json", str(report), checkout=checkout)
    assert run.returncode == 1, run.stdout + run.stderr
    assert places(report) >= set(expected.items())
    assert "again: scripts/drift --seed 1 --strict --only" in run.stdout
    parties = json.loads(report.read_text(encoding="utf-8"))["behind"]
    assert f"\nnot followed yet: {', '.join(parties)}\n" in run.stdout


@pytest.mark.parametrize(
    ("drifting", "expected"),
    [
        ([], []),
        ([DOCUMENTS_CONTRACT], ["documents"]),
        ([CONTRACT_SERVER, CLIENT_SERVER], ["server"]),
        ([CONTRACT_CLIENT, CLIENT_SERVER], ["client"]),
        ([CLIENT_SERVER], ["client", "server"]),
        ([DOCUMENTS_CONTRACT, CLIENT_SERVER], ["documents", "client", "server"]),
        (PAIRS, ["documents", "client", "server"]),
    ],
)
def test_party_that_drifts_from_the_contract_is_behind(drifting: Sequence[Pair], expected: list[str]) -> None:
    """Who drifts from the contract has not followed it; of two that drift from each other alone, it may be either."""
    drift = Drift(operation=None, place="openapi.yaml#", message="")
    pairs = [PairEvidence(pair, drifts={drift: "scripts/drift"} if pair in drifting else {}) for pair in PAIRS]
    assert behind(pairs) == expected


@pytest.mark.whole_run
def test_command_of_a_drift_shows_it_again(checkout: Path) -> None:
    """The command below a drift, run as it stands, shows that drift."""
    (checkout / "generated/roark_client/dropped.py").write_text("")
    first = drift("--seed", "1", "--only", "test_client_is_generated_from_the_contract", checkout=checkout)
    again = next(line for line in first.stdout.splitlines() if "again: " in line).split("scripts/drift ")[1]
    second = drift(*again.split(), checkout=checkout)
    assert second.returncode == 1
    assert "generated/roark_client/dropped.py" in second.stdout


@pytest.mark.whole_run
def test_module_that_cannot_be_collected_is_drift(checkout: Path) -> None:
    """A module of the proof that stumbles before its first test has shown nothing, and the others run all the same."""
    module = checkout / "contract_tests/proof/test_static_twin.py"
    module.write_text(f"raise KeyError('a place')\n{module.read_text(encoding='utf-8')}", encoding="utf-8")
    run = drift("--only", "test_documents_contract or test_static_twin", checkout=checkout)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "contract ↔ server: all operations  contract_tests/proof/test_static_twin.py\n" in run.stdout
    assert re.search(r"^documents ↔ contract .* agree$", run.stdout, re.MULTILINE)


@pytest.mark.whole_run
def test_other_contract_is_regenerated(checkout: Path) -> None:
    """--spec holds another contract against documents and server, with a client made from it and nothing written."""
    spec = checkout.parent / "other.yaml"
    contract = (checkout / "openapi.yaml").read_text(encoding="utf-8")
    spec.write_text(contract.replace("enum: [PENDING, ", "enum: [QUEUED, PENDING, "), encoding="utf-8")
    only = "test_client_is_generated_from_the_contract or test_every_schema_is_in_the_client"
    run = drift("--spec", str(spec), "--only", only, checkout=checkout)
    assert run.returncode == 0, run.stdout + run.stderr
    run = drift("--only", only, checkout=checkout)
    assert run.returncode == 0, "the client of the checkout was touched"


@pytest.mark.whole_run
def test_same_seed_sends_the_same_requests() -> None:
    """--seed repeats a run, request by request; another seed makes another run, and --examples a longer one."""
    runs = []
    for words in (["1"], ["1"], ["2"], ["1", "--examples", "20"]):
        with MockServer() as mock:
            only = ["--only", "test_generated_cases and /v1/call-analysis"]
            drift("--server", mock.url, *only, "--examples", "5", "--seed", *words)
            runs.append([upload.body for upload in mock.uploads])
    first, again, other, longer = runs
    assert len(first) > 10
    assert first == again
    assert first != other
    assert len(first) < len(longer)


@pytest.mark.whole_run
def test_running_server_is_held_to_the_same(tmp_path: Path) -> None:
    """A server on this machine is proved like the mock, and its token is shown nowhere."""
    only = "test_documented_statuses_are_reached or test_documented_upload_is_accepted"
    report = tmp_path / "report.json"
    with MockServer(token="a-secret-token") as mock:
        arguments = ["--server", mock.url, "--only", only, "--json", str(report)]
        run = drift(*arguments, ROARK_API_BEARER_TOKEN="a-secret-token")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "a-secret-token" not in run.stdout + run.stderr + report.read_text(encoding="utf-8")


@pytest.mark.whole_run
def test_drift_of_a_running_server_hides_the_token() -> None:
    """The request that shows a drift again names the token's variable, not the token."""
    with serving(SecretHandler) as url:
        run = drift("--server", url, "--token", "a-secret-token", "--only", "test_generated_cases and call-analysis")
    assert run.returncode == 1, run.stdout + run.stderr
    assert '-H "Authorization: Bearer $ROARK_API_BEARER_TOKEN"' in run.stdout
    assert "a-secret-token" not in run.stdout + run.stderr


@pytest.mark.whole_run
def test_unreached_statuses_are_listed() -> None:
    """Of a server that cannot be steered, each documented status that was not reached is listed, and is no drift."""
    with serving(PlainHandler) as url:
        run = drift("--server", url, "--only", "test_documented_statuses_are_reached")
    assert "no request reached" not in run.stdout
    for status in ("429", "4XX", "5XX", "default"):
        assert f"note: POST /v1/call-analysis: documented status {status} was not reached" in run.stdout


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--server", f"http://127.0.0.1:{free_port()}"], "no server answers at"),
        (["--server", "https://api.roark.ai"], "needs a token of its own"),
        (["--server", "http://127.0.0.1.example.com"], "is not this machine"),
        (["--server", "127.0.0.1:4010"], "expected http://HOST:PORT"),
        (["--server", "http://127.0.0.1:none"], "expected http://HOST:PORT"),
        (["--spec", "no/such/file.yaml"], "cannot be read"),
        (["--json", "no/such/folder/report.json"], "is not a folder"),
        (["--only", "test_of_nothing"], "NO_TESTS_COLLECTED"),
        (["--seed", "one"], "invalid int value"),
        (["--unknown"], "unrecognized arguments"),
    ],
)
def test_what_keeps_it_from_running_is_exit_code_2(arguments: list[str], reason: str) -> None:
    """Whatever keeps the run from starting is named on stderr, without a traceback, and is exit code 2."""
    run = drift(*arguments)
    assert run.returncode == 2, run.stdout + run.stderr
    assert reason in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("call-analysis.fields.txt", "isTest\nboolean", "isTest\nswitch"),
        ("call-analysis.request.ts", "callAnalysis.create(", "callAnalysis.make("),
        ("vapi-call.request.sh", "--url ", ""),
        ("vapi-call.reply.json", "}\n}", "}"),
    ],
)
def test_unreadable_document_is_exit_code_2(file: str, old: str, new: str, checkout: Path) -> None:
    """A document that is cut or says what is not understood is named; no part of it is passed over in silence."""
    path = checkout / "contract_tests/documents" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    run = drift("--only", "test_documents_contract", checkout=checkout)
    assert run.returncode == 2, run.stdout + run.stderr
    assert f"documents/{file.split('.')[0]}.*: " in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.whole_run
def test_wrong_token_is_exit_code_2() -> None:
    """A running server that refuses the token is no drift: the run says what to give it."""
    with MockServer(token="right") as mock:
        run = drift("--server", mock.url, "--token", "wrong")
    assert run.returncode == 2
    assert "refuses the token (401)" in run.stderr


@pytest.mark.whole_run
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_is_exit_code_2(end: signal.Signals) -> None:
    """Ctrl-C, or who else ends the run, ends it with one line, and decides nothing."""
    arrived = threading.Semaphore(0)
    with BentServer(lambda _: arrived.release()) as server:
        process = subprocess.Popen(
            command(DRIFT, "--server", server.url),
            env=environment(ROOT),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(WELL_INTO_THE_PROOF):
            assert arrived.acquire(timeout=SECONDS)
        process.send_signal(end)
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 2, errors
    assert errors.splitlines()[-1] == "error: interrupted; nothing was decided", errors
    assert "Traceback" not in errors.partition("Exception ignored")[0]  # which Python itself says where it drops one


# Each step of the proof is interrupted, and the interrupt lost, as in a finalizer.
LOST = """
import os, signal, sys
from contract_tests.drift import __main__ as drift

def lose_an_interrupt(_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    except KeyboardInterrupt:
        pass

drift.progress = lose_an_interrupt
sys.exit(drift.main(["--only", "test_documents_contract", "--seed", "1"]))
"""

# Python remembers an interrupt that struck here, and ends a module run by -m by the signal.
WITHIN_EXEC = """
import sys
from scripts.terminal import refuse_interrupted

try:
    exec("raise KeyboardInterrupt")
except KeyboardInterrupt:
    sys.exit(refuse_interrupted("nothing was decided"))
"""

# What was at work when the interrupt struck warns when Python drops it, as old plugins of pytest do.
LEFT_AT_WORK = """
import sys, warnings
from scripts.terminal import refuse_interrupted

def at_work():
    try:
        yield
    finally:
        warnings.warn("it was at work")

left = at_work()
next(left)
sys.exit(refuse_interrupted("nothing was decided"))
"""


@pytest.mark.whole_run
@pytest.mark.parametrize("script", [LOST, WITHIN_EXEC, LEFT_AT_WORK], ids=["lost", "within exec", "left at work"])
def test_interrupt_is_heeded_wherever_it_strikes(script: str, tmp_path: Path) -> None:
    """Ctrl-C ends a verb with exit code 2 also where Python would drop it or end by the signal."""
    (tmp_path / "struck.py").write_text(script, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), environment(ROOT)["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-P", "-m", "struck"],
        env=environment(ROOT, PYTHONPATH=paths),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (2, "error: interrupted; nothing was decided\n")


@pytest.mark.whole_run
def test_server_that_hangs_up_is_drift() -> None:
    """A server that gives no answer is named as that, operation by operation, without a traceback."""
    with serving(Handler) as url:
        run = drift("--server", url, "--only", "test_documented_upload_is_accepted or test_chosen_inputs")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "POST /v1/vapi/call  reply\n   no answer came: " in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.whole_run
def test_text_of_a_server_is_not_obeyed() -> None:
    """What a server sends is shown without what a terminal would obey."""
    with serving(UnrulyHandler) as url:
        run = drift("--server", url, "--only", "test_documented_upload_is_accepted")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "\x1b" not in run.stdout
    assert "\x07" not in run.stdout
