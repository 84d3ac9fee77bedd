"""Both type checkers at their strictest, with the settings of the project."""

import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from contract_tests.subject import ROOT

# What a checker says of a line, by file and line.
Complaints = dict[Path, dict[int, list[str]]]


# Given a folder for what it writes, and what it is to look at.
Checker = Callable[[Path, Sequence[Path]], Complaints]


def mypy(folder: Path, paths: Sequence[Path]) -> Complaints:
    """Run mypy with the settings of the project."""
    cache, config = f"--cache-dir={folder}", f"--config-file={ROOT / 'pyproject.toml'}"
    options = ["--strict", "--output=json", "--no-error-summary", cache, config]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *map(str, paths)],
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


def basedpyright(folder: Path, paths: Sequence[Path]) -> Complaints:
    """Run basedpyright with the settings of the project, but for what it looks at."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["basedpyright"]
    settings |= {"include": [*map(str, paths)], "exclude": []}
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
    files = [path for each in paths for path in (each.rglob("*.py") if each.is_dir() else [each])]
    assert said["summary"]["filesAnalyzed"] >= len(files), said["summary"]
    found: Complaints = defaultdict(lambda: defaultdict(list))
    for each in said["generalDiagnostics"]:
        if each["severity"] in ("error", "warning"):
            line = each["range"]["start"]["line"] + 1
            found[Path(each["file"])][line].append(f"{each['message']} [{each.get('rule', 'syntax')}]")
    return found


CHECKERS: list[Checker] = [mypy, basedpyright]
