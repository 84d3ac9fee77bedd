"""The types of the package, as both type checkers see them: real calls pass, every wrong one is rejected."""

import re
from pathlib import Path

import pytest

from contract_tests.client.checkers import CHECKERS, Checker
from contract_tests.subject import ROOT

PACKAGE = ROOT / "generated/roark_client"
CALLS = ROOT / "contract_tests/typing/calls.py"
WRONG_CALLS = ROOT / "contract_tests/typing/wrong_calls.py"

MARKER = re.compile(r"  # wrong: \S")


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_calls_alone_are_rejected(checker: Checker, tmp_path: Path) -> None:
    """Each checker, at its strictest, rejects every line marked as wrong, and nothing of the package or real calls."""
    lines = WRONG_CALLS.read_text("utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if MARKER.search(line)}
    assert len(wrong) > 200
    found = checker(tmp_path, [PACKAGE, CALLS, WRONG_CALLS])
    accepted = [f"{number}: {lines[number - 1].strip()}" for number in sorted(wrong - found[WRONG_CALLS].keys())]
    rejected = [
        f"{path.relative_to(ROOT)}:{line}: {' '.join(said)}"
        for path, complaints in sorted(found.items())
        for line, said in sorted(complaints.items())
        if path != WRONG_CALLS or line not in wrong
    ]
    assert not accepted + rejected, "\n".join(
        [f"{checker.__name__} accepts what is wrong:", *accepted, "and rejects what is right:", *rejected]
    )
