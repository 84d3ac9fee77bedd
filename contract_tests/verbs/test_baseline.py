"""`scripts/drift --baseline`: what is known and accepted for a while passes; what is new, or has expired, fails."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contract_tests.commands import drift
from contract_tests.drift import baseline
from contract_tests.drift.baseline import BaselineError, Entry
from contract_tests.evidence import Drift
from contract_tests.mutations.bent_server import BentServer, Exchange

# Drift of a server that takes any media type: two findings, one of each operation.
ONLY = "test_wrong_media_type_is_refused"
LABELS = ("POST /v1/call-analysis", "POST /v1/vapi/call")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that takes any media type."""

    def bend(exchange: Exchange) -> None:
        exchange.request.headers["content-type"] = "application/json"

    with BentServer(bend) as server:
        yield server.url


def entry(operation: str, expires: str = "2999-12-31", reason: str = "ticket 123") -> str:
    """An entry for one of the two findings."""
    return f"""
- check: media_type
  operation: {operation}
  place: request Content-Type
  reason: {reason}
  expires: {expires}
"""


def run(url: str, path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run with a baseline."""
    path.write_text(text, encoding="utf-8")
    return drift("--server", url, "--only", ONLY, "--fail-on", "laxer", "--baseline", str(path), *arguments)


@pytest.mark.whole_run
def test_known_drift_is_accepted_with_its_reason(url: str, tmp_path: Path) -> None:
    """What the baseline names does not fail the run, and is listed with its reason, for machines too."""
    report, junit, sarif = (tmp_path / name for name in ("report.json", "junit.xml", "sarif.json"))
    known = "".join(entry(label, reason=f"ticket of {label}") for label in LABELS)
    asked = ("--json", str(report), "--junit", str(junit), "--sarif", str(sarif))
    done = run(url, tmp_path / "known.yaml", known, *asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"accepted by {tmp_path / 'known.yaml'}:" in done.stdout
    for label in LABELS:
        assert f"until 2999-12-31: ticket of {label}" in done.stdout
    value = json.loads(report.read_text(encoding="utf-8"))
    assert (value["agreed"], value["behind"]) == (True, [])
    pair = next(each for each in value["pairs"] if each["parties"] == ["contract", "server"])
    assert pair["drifts"] == []
    assert {(each["operation"], each["reason"], each["expires"]) for each in pair["accepted"]} == {
        (label, f"ticket of {label}", "2999-12-31") for label in LABELS
    }
    reasons = sorted(f"until 2999-12-31: ticket of {label}" for label in LABELS)
    skipped = ET.fromstring(junit.read_text(encoding="utf-8")).findall(".//skipped")  # noqa: S314 - it is our own
    assert sorted(each.get("message", "") for each in skipped) == [f"accepted {reason}" for reason in reasons]
    results = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
    assert sorted(each["suppressions"][0]["justification"] for each in results) == reasons


@pytest.mark.whole_run
def test_new_drift_fails_and_its_entry_is_printed_ready(url: str, tmp_path: Path) -> None:
    """A finding that no entry names fails the run; the entry that is printed for it, once completed, accepts it."""
    path = tmp_path / "known.yaml"
    first = run(url, path, entry(LABELS[0]))
    assert first.returncode == 1, first.stdout + first.stderr
    printed = first.stdout.split(f"add to {path} with reason and expires:\n\n")[1].split("\n\nseed ")[0]
    assert printed.count("check:") == 1, "the entry of what is accepted is printed as well"
    done = printed.replace("reason:", "reason: we wait for them").replace("expires:", "expires: 2999-12-31")
    second = run(url, path, f"{entry(LABELS[0])}\n{done}\n")
    assert second.returncode == 0, second.stdout + second.stderr
    assert run(url, path, printed).returncode == 2, "an entry without reason and day is taken"


@pytest.mark.whole_run
def test_expired_entry_fails(url: str, tmp_path: Path) -> None:
    """An entry past its day fails the run, by its line, and what it named is drift again."""
    path = tmp_path / "known.yaml"
    done = run(url, path, entry(LABELS[0]) + entry(LABELS[1], expires="2020-01-31"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"expired on 2020-01-31: {path}:8: {LABELS[1]}  request Content-Type (ticket 123)" in done.stdout
    listed = done.stdout.partition("\n\n1. laxer: ")[2]
    assert f"\n   {LABELS[1]}  request Content-Type\n" in listed
    assert LABELS[0] not in listed, "what is still accepted is listed as drift"


@pytest.mark.whole_run
def test_expired_entry_of_nothing_fails_too(tmp_path: Path) -> None:
    """An entry past its day fails also where nothing is found any more, so that none is forgotten."""
    path = tmp_path / "known.yaml"
    path.write_text(entry(LABELS[0], expires="2020-01-31"), encoding="utf-8")
    report, junit = tmp_path / "report.json", tmp_path / "junit.xml"
    done = drift("--only", ONLY, "--baseline", str(path), "--json", str(report), "--junit", str(junit))
    assert done.returncode == 1, done.stdout + done.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["agreed"] is False
    (failure,) = ET.fromstring(junit.read_text(encoding="utf-8")).findall(".//failure")  # noqa: S314 - as above
    assert (failure.get("type"), failure.get("message")) == ("expired", "expired on 2020-01-31: ticket 123")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("check: x", 1, "expected a list of findings"),
        ("- one", 1, "expected a finding with check"),
        ("- check: [", 1, "expected the node content"),
        ("- check: t\n  place: reply\n  reason: r\n", 1, "expires is missing or empty"),
        ("- check: t\n  place: reply\n  reason: ' '\n  expires: 2999-01-01", 1, "reason is missing or empty"),
        ("- check: t\n  place: reply\n  expires: 2999-01-01", 1, "reason is missing or empty"),
        ("\n- check: t\n  place: reply\n  reason: r\n  expires: soon", 5, "expected 2027-01-31, got soon"),
        ("- check: t\n  place: reply\n  reason: r\n  expires: 2999", 4, "expected 2027-01-31, got 2999"),
        ("- check: t\n  place: 1\n  reason: r\n  expires: 2999-01-01", 2, "place: expected a text"),
        ("- check: t\n  pace: x\n  place: y\n  reason: r\n  expires: 2999-01-01", 1, "pace is not known"),
        ("- place: x\n  place: y", 2, "duplicate key"),
        ("- &a [*a]", 1, "expected a finding"),
        ("- !!python/object:os.system x", 1, "expected a finding"),
    ],
)
def test_malformed_baseline_is_named_by_line(text: str, line: int, reason: str, tmp_path: Path) -> None:
    """What is wrong with a baseline is named by file and line; nothing in it is passed over or run."""
    path = tmp_path / "known.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        baseline.read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert reason in str(caught.value)


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--baseline", "no/such/file.yaml"], "no/such/file.yaml cannot be read"),
        (["--baseline", "/dev/null", "--first"], "leave out --first or --baseline"),
    ],
)
def test_baseline_that_cannot_be_used_is_exit_code_2(arguments: list[str], reason: str) -> None:
    """A baseline that is not there, or that would be of no use, keeps the run from starting."""
    done = drift(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("place", "accepted"),
    [
        ("reply#/data/call/participants/0/role", True),
        ("reply#/data/call/participants/1/role", True),
        ("reply#/data/call/participants/1/name", False),
        ("reply#/data/call/participants/role", False),
        ("reply#/data/call/participants/0/role/x", False),
        ("request#/data/call/participants/0/role", False),
    ],
)
def test_star_stands_for_one_part_of_a_pointer(place: str, accepted: bool) -> None:
    """`*` stands for any one part of a place and nothing more; the message does not matter, what found it does."""
    known = Entry("f:1", "check", "GET /x", "reply#/data/call/participants/*/role", "r", date(2999, 1, 1))
    assert known.accepts(Drift("GET /x", place, "whatever it says", "test_x: check")) is accepted
    assert not known.accepts(Drift("GET /x", place, "whatever it says", "test_x: another check"))
    assert not known.accepts(Drift("GET /y", place, "whatever it says", "test_x: check"))


def test_entry_counts_up_to_its_day() -> None:
    """An entry still counts on the day that it names, and not on the next."""
    known = Entry("f:1", "t", None, "reply", "r", date(2026, 5, 31))
    assert not known.is_expired(date(2026, 5, 31))
    assert known.is_expired(date(2026, 6, 1))
