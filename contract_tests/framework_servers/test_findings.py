"""What `scripts/drift` tells of servers that were not written for it: what hurts callers, once, first, and no more."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import drift
from contract_tests.framework_servers.deviation import Deviation
from contract_tests.framework_servers.serving import DEVIATIONS, SERVERS, served
from contract_tests.subject import TOKEN_VARIABLE, Subject

pytestmark = [pytest.mark.whole_run, pytest.mark.same_everywhere]

LINES = 60  # that a run may print at most against a server that hurts nobody
FIRST = 3  # findings among which what hurts callers must be
MUCH = 1.2  # findings a cause, at most

EVERY_TEST = ("FastAPI", "date-times lose their offset")  # in each run of the tests; all others are the night's

Causes = Sequence[dict[str, Any]]


def told(url: str, folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], Causes]:
    """A run, and its findings, the gravest first."""
    report = folder / "report.json"
    done = drift("--server", url, "--json", str(report), *arguments)
    assert done.returncode in (0, 1), done.stderr
    return done, json.loads(report.read_text(encoding="utf-8"))["causes"]


def hurting(causes: Causes) -> Causes:
    """The findings that hurt callers."""
    return [each for each in causes if each["impact"] in ("breaks", "loses", "disagree")]


def tells(cause: dict[str, Any], deviation: Deviation) -> bool:
    """Whether a finding is about a deviation."""
    said = [cause["heading"], cause["message"], *cause["places"], *cause["operations"]]
    return cause["rule"] == deviation.rule and re.search(deviation.said, "\n".join(said)) is not None


def nightly(name: str, deviation: str = "") -> Any:
    """Parameters that a test takes each time, or each night."""
    return pytest.param(
        *([name, deviation] if deviation else [name]),
        marks=[] if (name, deviation) == EVERY_TEST else [pytest.mark.nightly],
        id=f"{name}, {deviation}" if deviation else name,
    )


@pytest.mark.parametrize("name", [nightly(name) for name in SERVERS])
def test_server_that_hurts_nobody_agrees(name: str, tmp_path: Path) -> None:
    """A server that is lax and picky as its framework is passes, in a report that is read at a glance."""
    with served(name) as url:
        done, causes = told(url, tmp_path)
    assert hurting(causes) == []
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < LINES


@pytest.mark.parametrize(
    ("name", "deviation"), [nightly(name, each.name) for name, several in DEVIATIONS.items() for each in several]
)
def test_what_hurts_callers_is_told_once_and_first(name: str, deviation: str, tmp_path: Path) -> None:
    """A planted deviation is among the first findings, few tell of it, none of anything else, and each shows again."""
    (planted,) = (each for each in DEVIATIONS[name] if each.name == deviation)
    with served(name, deviation) as url:
        done, causes = told(url, tmp_path)
        assert done.returncode == 1, done.stdout
        found = [(each["heading"], each["message"]) for each in hurting(causes)]
        place = next((at for at, each in enumerate(causes) if tells(each, planted)), None)
        assert place is not None, f"not told: {found}"
        assert place < FIRST
        assert len(found) <= MUCH, found
        _, again = told(url, tmp_path, *shlex.split(causes[place]["command"])[1:])
        assert any(tells(each, planted) for each in again), causes[place]["command"]
        if causes[place]["request"] and shutil.which("curl"):
            pasted(causes[place])


def pasted(cause: dict[str, Any]) -> None:
    """Paste the command of a finding into a shell: the server answers as the finding says."""
    environment = {"PATH": os.environ["PATH"], TOKEN_VARIABLE: Subject.token}
    shell = ["sh", "-c", f"{cause['request']} --silent --show-error"]
    done = subprocess.run(shell, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    status = re.search(r"(?:got|answered) (\d{3})\b", cause["message"])
    expected = status[1] if status else r"2\d\d"
    assert re.match(rf"HTTP/1\.[01] {expected}\b", done.stdout), f"{cause['message']}\n{done.stdout}"
