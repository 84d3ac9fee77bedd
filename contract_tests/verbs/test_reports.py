"""What machines are told of a run that people look at: JUnit XML, SARIF, annotations and the page of a job."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from contract_tests.commands import drift
from contract_tests.drift import report
from contract_tests.drift.junit import as_junit
from contract_tests.drift.location import line_of
from contract_tests.drift.run import PairEvidence
from contract_tests.drift.sarif import as_sarif
from contract_tests.evidence import CONTRACT_CLIENT, Drift
from contract_tests.impact import RULES, Impact
from contract_tests.mutations.bends import success
from contract_tests.mutations.bent_server import BentServer, Exchange, Reply, all_at_once
from contract_tests.subject import ROOT, Subject

CALL, VAPI = "POST /v1/call-analysis", "POST /v1/vapi/call"
CONTRACT = (ROOT / "openapi.yaml").read_text(encoding="utf-8").splitlines()


def forget_the_direction(_: Exchange, reply: Reply) -> None:
    """A reply that drops what the upload said of the call."""
    value = reply.json
    value["data"].get("call", {}).pop("callDirection", None)
    reply.json = value


def take_any_media_type(exchange: Exchange) -> None:
    """A server that reads every body as JSON."""
    exchange.request.headers["content-type"] = "application/json"


@dataclass(frozen=True)
class Reports:
    """A run against a server that leaves a required field out, and takes any media type, which fails nothing."""

    run: subprocess.CompletedProcess[str]
    junit: ET.Element
    sarif: Any
    page: str


def _xml(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - as above


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reports]:
    """All that one run says to machines."""
    folder = tmp_path_factory.mktemp("reports")
    junit, sarif, page = folder / "junit.xml", folder / "sarif.json", folder / "page.md"
    page.write_text("### before\n")
    with BentServer(all_at_once([take_any_media_type, success(forget_the_direction)])) as server:
        run = drift(
            *("--server", server.url, "--quick", "--junit", str(junit), "--sarif", str(sarif)),
            GITHUB_ACTIONS="true",
            GITHUB_STEP_SUMMARY=str(page),
        )
    assert run.returncode == 1, run.stdout + run.stderr
    yield Reports(run, _xml(junit), json.loads(sarif.read_text("utf-8")), page.read_text("utf-8"))


def stating(field: str, schema: str) -> int:
    """The line that states a field of a schema."""
    start = CONTRACT.index(f"    {schema}:")
    return next(number for number, line in enumerate(CONTRACT, start=1) if number > start and line.strip() == field)


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_junit_has_a_suite_for_each_pair(reports: Reports) -> None:
    """A finding that fails the run is a failure of its pair, a lesser one is skipped, and what agrees passes."""
    suites = {suite.get("name"): suite for suite in reports.junit}
    assert list(suites) == ["documents ↔ contract", "contract ↔ client", "contract ↔ server", "client ↔ server"]
    (failed,) = reports.junit.findall(".//failure")
    assert failed.get("type") == "reply-unreadable"
    assert "again: scripts/drift" in (failed.text or "")
    skipped = [case.get("name") for case in reports.junit.findall(".//testcase[skipped]")]
    assert any(str(name).startswith("laxer: a body is accepted under a media type") for name in skipped)
    for element in (reports.junit, *suites.values()):
        for name, path in (("tests", ".//testcase"), ("failures", ".//failure"), ("skipped", ".//skipped")):
            assert element.get(name) == str(len(element.findall(path))), f"{element.get('name')}: {name}"
    passed = [case for case in suites["documents ↔ contract"] if len(case) == 0]
    assert passed
    assert all(case.get("classname") and float(case.get("time", "")) >= 0 for case in passed)


# Of the schema of SARIF 2.1.0 what such a report may hold; nothing else may stand in it.
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
LEVEL = {"enum": ["error", "warning", "note"]}
BAG = {"type": "object"}


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """A schema of an object that holds these, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def listed(schema: dict[str, Any], least: int = 0) -> dict[str, Any]:
    """A schema of an array."""
    return {"type": "array", "items": schema, "minItems": least, "uniqueItems": True}


LOCATION = closed(
    "physicalLocation",
    physicalLocation=closed(
        "artifactLocation region",
        artifactLocation=closed("uri", uri={"const": "openapi.yaml"}),
        region=closed("startLine", startLine={"type": "integer", "minimum": 1, "maximum": len(CONTRACT)}),
    ),
)
RULE = closed(
    "id", id={"type": "string"}, shortDescription=TEXT, defaultConfiguration=closed("", level=LEVEL), properties=BAG
)
RESULT = closed(
    "ruleId ruleIndex level message locations partialFingerprints",
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=TEXT,
    locations=listed(LOCATION, 1),
    relatedLocations=listed(LOCATION),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    properties=BAG,
    suppressions=listed(closed("kind", kind={"enum": ["external"]}, justification={"type": "string"})),
)
SARIF = closed(
    "version runs",
    version={"const": "2.1.0"},
    runs=listed(
        closed(
            "tool",
            invocations=listed(
                closed(
                    "executionSuccessful",
                    executionSuccessful={"const": True},
                    toolExecutionNotifications=listed(
                        closed("message", level=LEVEL, message=TEXT, locations=listed(LOCATION, 1))
                    ),
                )
            ),
            tool=closed("driver", driver=closed("name", name={"type": "string"}, rules=listed(RULE))),
            results=listed(RESULT),
        ),
        1,
    ),
)


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_sarif_shows_each_finding_at_its_line(reports: Reports) -> None:
    """SARIF has each finding with its rule, its impact as level, and the lines of the contract that it contradicts."""
    assert [error.message for error in jsonschema_rs.Draft202012Validator(SARIF).iter_errors(reports.sarif)] == []
    (run,) = reports.sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    found = {result["ruleId"]: result for result in run["results"]}
    dropped, lax = found["reply-unreadable"], found["media-type-accepted"]
    assert (dropped["level"], lax["level"]) == ("error", "warning")
    line = dropped["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert line == stating("callDirection:", "Call")
    line = lax["locations"][0]["physicalLocation"]["region"]["startLine"]
    assert CONTRACT[line - 1].strip() == "requestBody:"


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_github_is_told_of_each_finding(reports: Reports) -> None:
    """GitHub Actions gets a command for each finding, at its line, and the report on the page of the job."""
    commands = re.findall(
        r"^::(\w+) file=openapi\.yaml,line=(\d+),title=(.*?)::(.*)$", reports.run.stdout, re.MULTILINE
    )
    assert len(commands) == len(reports.sarif["runs"][0]["results"])
    kind, line, title, message = commands[0]
    assert (kind, line) == ("error", str(stating("callDirection:", "Call")))
    assert title.startswith("breaks%3A the client cannot read the reply")
    assert "%0Aagain: scripts/drift" in message
    assert {kind for kind, *_ in commands} <= {"error", "warning", "notice"}
    assert reports.page.startswith("### before\n### scripts/drift: drift\n\n```text\nparties ")
    assert "1. breaks: the client cannot read the reply" in reports.page


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("reply#/data/call/participants/0/phoneNumber", stating("phoneNumber:", "CallParticipant")),
        ("reply#/data/call/nobodyKnows/it", stating("call:", "CallAnalysisJob")),
        ("request#/participants/1/role", stating("role:", "ParticipantInput")),
        ("request#", CONTRACT.index("            schema:") + 1),
        ("request Authorization", CONTRACT.index("security:") + 1),
        ("request method", CONTRACT.index("    post:") + 1),
        ("reply 401 WWW-Authenticate", CONTRACT.index("    Unauthorized:") + 1),
        ("reply 418", CONTRACT.index("    ClientError:") + 1),
        ("openapi.yaml#/components/schemas/CallStatus/type", stating("type: string", "CallStatus")),
        ("generated/roark_client/models/call.py", CONTRACT.index("    post:") + 1),
    ],
)
def test_finding_stands_at_its_line(place: str, line: int) -> None:
    """A finding leads to the field, the reply or the operation of the contract that it is about."""
    assert line_of(Drift(CALL, place, "m"), Subject()) == line


def test_finding_of_no_operation_stands_at_the_top() -> None:
    """What is about no operation leads to the beginning of the contract."""
    line = line_of(Drift(None, "contract_tests/documents/a.json", "m"), Subject())
    assert CONTRACT[line - 1].startswith("openapi: ")


PLACE = "openapi.yaml#/components/schemas/CallStatus/enum"


def test_what_cannot_be_held_is_told_to_everybody_and_fails_nothing() -> None:
    """A place that nobody can be held to is a line of the report, skipped in JUnit, and in SARIF a word on the run."""
    evidence = PairEvidence(CONTRACT_CLIENT, tests=1, cases=1, not_held={PLACE: "nobody knows it"})
    (line,) = report.not_held([evidence], unfold=False)
    assert line == f"not held, as nobody knows it: {PLACE}"
    suite = ET.fromstring(as_junit([evidence], [], [], Impact.GUESS, str))[0]  # noqa: S314 - as above
    (case,) = suite.findall("testcase[skipped]")
    assert (case.get("name"), suite.get("failures")) == (PLACE, "0")
    sarif = as_sarif([evidence], [], Subject())
    assert [error.message for error in jsonschema_rs.Draft202012Validator(SARIF).iter_errors(sarif)] == []
    (told,) = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    region = told["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == stating("enum: [RINGING, IN_PROGRESS, ENDED]", "CallStatus")
    (pair,) = report.as_value([evidence], [], Subject(), agreed=True, notes=[])["pairs"]
    assert pair["not_held"] == [{"place": PLACE, "reason": "nobody knows it"}]


def test_many_places_that_cannot_be_held_are_one_line() -> None:
    """Of many places for one reason some are shown, and all with `--all`."""
    places = {f"openapi.yaml#/{number}": "nobody knows it" for number in range(10)}
    evidence = PairEvidence(CONTRACT_CLIENT, not_held=places)
    (line,) = report.not_held([evidence], unfold=False)
    assert line.endswith("openapi.yaml#/2 and 7 places more")
    (line,) = report.not_held([evidence], unfold=True)
    assert all(place in line for place in places)


@pytest.mark.whole_run
@pytest.mark.parametrize("option", ["--junit", "--sarif"])
def test_report_that_cannot_be_written_keeps_the_run_from_starting(option: str, tmp_path: Path) -> None:
    """A file that cannot be written is told before anything is sent."""
    run = drift(option, str(tmp_path / "no" / "report"))
    assert run.returncode == 2
    assert "cannot be written" in run.stderr


def test_rules_are_printed_with_their_impact() -> None:
    """`--rules` lists every kind of finding, the gravest first, and runs nothing."""
    ran = drift("--rules")
    assert (ran.returncode, ran.stderr) == (0, "")
    listed = [line.split()[:2] for line in ran.stdout.splitlines()]
    assert sorted(name for _, name in listed) == sorted(RULES)
    impacts = [Impact[label.upper()] for label, _ in listed]
    assert impacts == sorted(impacts, reverse=True)
