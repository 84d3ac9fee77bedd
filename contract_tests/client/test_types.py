"""The types of the package, as both type checkers see them: real calls pass, every wrong one is rejected."""

import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests.subject import ROOT

PACKAGE = ROOT / "generated/roark_client"
CALLS = ROOT / "contract_tests/typing/calls.py"
WRONG_CALLS = ROOT / "contract_tests/typing/wrong_calls.py"

MARKER = re.compile(r"  # wrong: \S")

# What a checker says of a line, by file and line.
Complaints = dict[Path, dict[int, list[str]]]


def mypy(folder: Path) -> Complaints:
    """Run mypy with the settings of the project."""
    cache, config = f"--cache-dir={folder}", f"--config-file={ROOT / 'pyproject.toml'}"
    options = ["--strict", "--output=json", "--no-error-summary", cache, config]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(PACKAGE), str(CALLS), str(WRONG_CALLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found: Complaints = defaultdict(lambda: defaultdict(list))
    for line in run.stdout.splitlines():
        said = json.loads(line)
        if said["severity"] == "error":
            found[ROOT / said["file"]][said["line"]].append(f"{said['message']} [{said['code']}]")
    return found


def basedpyright(folder: Path) -> Complaints:
    """Run basedpyright with the settings of the project, but for what it looks at."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["basedpyright"]
    settings |= {"include": [str(PACKAGE), str(CALLS), str(WRONG_CALLS)], "exclude": []}
    settings |= {"extraPaths": [str(ROOT / path) for path in settings["extraPaths"]]}
    assert settings["typeCheckingMode"] == "strict"
    project = folder / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "basedpyright",
            "--outputjson",
            f"--project={project}",
            f"--pythonpath={sys.executable}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    said = json.loads(run.stdout)
    assert said["summary"]["filesAnalyzed"] >= len([*PACKAGE.rglob("*.py")]) + 2, said["summary"]
    found: Complaints = defaultdict(lambda: defaultdict(list))
    for each in said["generalDiagnostics"]:
        if each["severity"] in ("error", "warning"):
            line = each["range"]["start"]["line"] + 1
            found[Path(each["file"])][line].append(f"{each['message']} [{each.get('rule', 'syntax')}]")
    return found


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize("checker", [mypy, basedpyright])
def test_wrong_calls_alone_are_rejected(checker: Callable[[Path], Complaints], tmp_path: Path) -> None:
    """Each checker, at its strictest, rejects every line marked as wrong, and nothing of the package or real calls."""
    lines = WRONG_CALLS.read_text("utf-8").splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if MARKER.search(line)}
    assert len(wrong) > 200
    found = checker(tmp_path)
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
