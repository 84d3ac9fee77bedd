"""`scripts/drift --client plain`: the same tests find the defects that plain generated code is known for."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import drift

pytestmark = pytest.mark.whole_run

# A known defect, the operation and the place that a finding names, and a part of what it says.
DEFECTS = [
    ("a boolean that is text is accepted", "POST /v1/call-analysis", "reply#/data/call/isTest", "is accepted"),
    ("a number that is none reads as it came", "POST /v1/call-analysis", "reply#/data/call/durationMs", "model says"),
    ("a missing field has no place", "POST /v1/call-analysis", "reply#/data/call/participants/0/role", "KeyError"),
    ("an unknown enum value breaks", "POST /v1/call-analysis", "reply#/data/call/callDirection", "is not a valid"),
    ("a date-time without an offset passes", "POST /v1/call-analysis", "reply#/data/call/startedAt", "is accepted"),
    ("a valid date-time is refused", "POST /v1/call-analysis", "reply#/data/call/startedAt", "isoformat"),
    ("a date-time is written otherwise", "POST /v1/call-analysis", "reply#/data/call/startedAt", "written again"),
    ("an absent field is not None", "POST /v1/call-analysis", "reply#/data/call/summary", "Unset"),
    ("a new field goes unseen", "POST /v1/vapi/call", "reply#/data", "nobody was told"),
    ("a wrong argument is sent", "POST /v1/call-analysis", "request#/isTest", "goes out, and nobody is told"),
    ("a naive datetime is sent", "POST /v1/call-analysis", "request#/startedAt", "without an offset"),
    (
        "a status that nobody registered crashes",
        "POST /v1/call-analysis",
        "openapi.yaml#/paths/~1v1~1call-analysis/post/responses/5XX",
        "ValueError: 561",
    ),
    ("an error that is no JSON crashes", "POST /v1/call-analysis", "reply 502 with HTML", "JSONDecodeError"),
    ("a failure looks like a success", "POST /v1/call-analysis", "reply 500", "looks like a success"),
    ("no connection is not tried again", "POST /v1/call-analysis", "reply no connection", "expected 2 requests"),
    ("the token is shown", "POST /v1/call-analysis", "request Authorization", "repr of AuthenticatedClient"),
    ("a copy changes what it was made from", "POST /v1/call-analysis", "request headers", "first client"),
    ("a silent server is waited for", "POST /v1/call-analysis", "request", "read waits for None"),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Sequence[dict[str, Any]]]:
    """What a run on plain code prints, and its drifts of contract and client."""
    path = tmp_path_factory.mktemp("plain") / "drift.json"
    ran = drift("--client", "plain", "--seed", "1", "--json", str(path))
    assert ran.returncode == 1, ran.stderr
    (pair,) = [each for each in json.loads(path.read_text())["pairs"] if each["parties"] == ["contract", "client"]]
    return ran.stdout, pair["drifts"]


@pytest.mark.parametrize(("operation", "place", "message"), [each[1:] for each in DEFECTS], ids=[e[0] for e in DEFECTS])
def test_known_defect_of_plain_code_is_found(
    operation: str, place: str, message: str, findings: tuple[str, Sequence[dict[str, Any]]]
) -> None:
    """Each known defect of plain code is found, under its operation and at its place."""
    at = [each for each in findings[1] if (each["operation"], each["place"]) == (operation, place)]
    here = [message for each in at for message in (each["message"], *each["also"])]
    assert any(message in each for each in here), here


def test_no_test_stumbles_over_plain_code(findings: tuple[str, Sequence[dict[str, Any]]]) -> None:
    """The suite runs to its end on plain code: what it finds are places of messages, not of its own tests."""
    assert not [each for each in findings[1] if each["place"].startswith("contract_tests/")]


def test_findings_are_summed_up_by_check(findings: tuple[str, Sequence[dict[str, Any]]]) -> None:
    """A run on another client ends with the number of drifts of each check, and repeats `--client` in its commands."""
    printed, drifts = findings
    assert "\nbreaking reply is refused: " in printed
    assert all("--client plain" in each["command"] for each in drifts)


def test_folder_without_a_client_cannot_be_run(tmp_path: Path) -> None:
    """A folder that holds no client is exit code 2, and the message says what to give."""
    ran = drift("--client", str(tmp_path))
    assert ran.returncode == 2
    assert "holds no package roark_client" in ran.stderr
