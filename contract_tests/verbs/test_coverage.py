"""`scripts/coverage`: what tests have verbs do counts as reached, in processes of their own."""

import os
import subprocess
from pathlib import Path

import pytest
from coverage import CoverageData

from contract_tests.subject import ROOT

TEST_OF_A_FORKED_VERB = ["contract_tests/verbs/test_drift_undecided.py", "-k", "unrecognized"]

VERB = ROOT / "contract_tests/drift/__main__.py"


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_what_a_forked_verb_does_counts_as_reached(tmp_path: Path) -> None:
    """A line that runs in a process which a test forks is reached, and one that does not run is named in the report."""
    ran = subprocess.run(
        [ROOT / "scripts/coverage", "--differs", *TEST_OF_A_FORKED_VERB],
        env=os.environ | {"COVERAGE_FILE": str(tmp_path / "coverage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert str(VERB.relative_to(ROOT)) in ran.stdout
    data = CoverageData(str(tmp_path / "coverage"))
    data.read()
    reached = data.lines(str(VERB)) or []
    assert line_of("return parser") in reached
    assert line_of("the run broke off") not in reached


def line_of(text: str) -> int:
    """The number of the first line of the verb that holds a text."""
    lines = VERB.read_text(encoding="utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)
