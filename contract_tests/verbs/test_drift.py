"""`scripts/drift`: whichever party moves, it says so, names the place and exits 1."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from roark_mock import MockServer

from contract_tests.checkouts import copied_checkout
from contract_tests.commands import DRIFT, command, drift, environment
from contract_tests.drift.lagging import lagging_parties
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
from contract_tests.impact import Impact
from contract_tests.live.other_servers import Handler, PlainHandler, serving
from contract_tests.mutations.bends import error
from contract_tests.mutations.bent_server import BentServer, Exchange, Reply
from contract_tests.server import Server
from contract_tests.subject import ROOT

MOCK = "contract_tests/mock_server/roark_mock"

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
        "        return given\n",
        '        return {**given, "call": {"id": given["call"]["id"]}}\n',
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
        '            _check_media_type(headers.get("content-type"))\n',
        "",
        "test_wrong_media_type_is_refused",
        {"contract ↔ server": "request Content-Type"},
    ),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout in which a party can be changed."""
    return copied_checkout(tmp_path)


def places(report: Path) -> set[tuple[str, str]]:
    """Pair and place of every drift in a report for machines."""
    pairs = json.loads(report.read_text(encoding="utf-8"))["pairs"]
    return {(" ↔ ".join(pair["parties"]), found["place"]) for pair in pairs for found in pair["drifts"]}


class SecretHandler(PlainHandler):
    """The same with another token."""

    token = "a-secret-token"


class UnrulyHandler(Handler):
    """A server that refuses everything with what a terminal would obey."""

    def answer(self, _: bytes) -> None:
        """400, clear the screen, change the title."""
        self.reply(400, b'{"error": "\x1b[2J\x1b]0;title\x07"}')


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
    assert lagging_parties(pairs, Impact.GUESS) == expected


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
    assert "\n   all operations  contract_tests/proof/test_static_twin.py\n" in run.stdout
    assert re.search(r"^contract ↔ server .* 1 drift$", run.stdout, re.MULTILINE)
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
    told = "note: POST /v1/call-analysis: documented statuses that were not reached: "
    assert re.search(f"{told}.*429, 4XX, 5XX, default", run.stdout)


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


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_terminal_shows_what_is_looked_at_and_how_much_is_left() -> None:
    """On a terminal one line says which test is run, of how many; it never grows longer than the terminal is wide."""
    terminal, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    asked = command(DRIFT, "--only", "test_right_credentials")
    done = subprocess.run(asked, env=environment(ROOT), cwd=ROOT, stdout=subprocess.PIPE, stderr=slave, check=False)
    os.close(slave)
    told = os.read(terminal, 100_000).decode().split("\r\033[K")[1:]
    os.close(terminal)
    assert done.returncode == 0
    assert any(re.match(r"0 of 6 tests, 0 cases: right credentials are accepted\[", each) for each in told), told
    assert any(each.startswith("5 of 6 tests, ") for each in told), told
    assert told[-1] == ""
    assert all(len(each) < 60 for each in told)


class FailsOnceHandler(Handler):
    """A server that fails once, keeps its connections, and says from which port it was asked."""

    protocol_version = "HTTP/1.1"
    status = 500

    def answer(self, _: bytes) -> None:
        """500, then 200."""
        status, type(self).status = type(self).status, 200
        self.reply(status, str(self.client_address[1]).encode())


def test_connection_of_a_failure_is_not_used_again() -> None:
    """A server that has failed may hang up at any moment: what is asked next does not go over that connection."""
    with serving(FailsOnceHandler) as url, requests.Session() as session:
        server = Server(url, "test-token", session, None)
        first, second, third = (server.send("POST", "/").text for _ in range(3))
    assert first != second == third


def say_401_otherwise(_: Exchange, reply: Reply) -> None:
    """An error of another shape than the others."""
    reply.json = {"message": "no"}


@pytest.mark.whole_run
def test_what_compares_replies_is_found_by_a_test_alone() -> None:
    """A test that meets one kind of error alone still finds that it has another shape than the others."""
    with BentServer(error(say_401_otherwise, 401)) as server:
        run = drift("--server", server.url, "--strict", "--only", "test_token_in_the_query_is_refused")
    assert "errors have no one media type and shape" in run.stdout
    assert "  reply 401\n" in run.stdout
