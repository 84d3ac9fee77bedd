"""`scripts/fix`: what `scripts/lint` complains of and a tool can mend is mended; the rest is named, and left alone."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.subject import ROOT

CLEAN = '"""A module."""\n\nNUMBER = 1\n'
LONG = "NUMBER_" + 60 * "1"

# What a module holds, and what becomes of it.
MENDED = {
    "clean": (CLEAN, CLEAN),
    "import_that_nobody_uses": ('"""A module."""\n\nimport abc\n\nNUMBER = 1\n', CLEAN),
    "quotes_blanks_and_lines": ("'''A module.'''\nNUMBER=1", CLEAN),
    "line_too_long": (
        f'"""A module."""\n\n{LONG} = 1\nNUMBERS = [{LONG}, {LONG}]\n',
        f'"""A module."""\n\n{LONG} = 1\nNUMBERS = [\n    {LONG},\n    {LONG},\n]\n',
    ),
}

# What a module holds, what is left of it, and the complaint that is for hands.
LEFT = {
    "a name that is not defined": ('"""A module."""\nNUMBER=one\n', '"""A module."""\n\nNUMBER = one\n', "F821"),
    "a docstring that is missing": ("NUMBER=1\n", "NUMBER = 1\n", "D100"),
    "no Python": ("NUMBER=(\n", "NUMBER=(\n", "invalid-syntax"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds the two verbs, the rules, a client that no rule is about, and no module yet."""
    (tmp_path / "scripts").mkdir()
    for name in ("pyproject.toml", "scripts/fix", "scripts/lint"):
        shutil.copy(ROOT / name, tmp_path / name)
    environment = f'root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)\npython=\'{sys.executable}\'\n'
    (tmp_path / "scripts/environment").write_text(environment, encoding="utf-8")
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated/client.py").write_text("import abc\nx={ }", encoding="utf-8")
    return tmp_path


def run(checkout: Path, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the checkout from elsewhere."""
    command = [str(checkout / "scripts" / verb), *arguments]
    return subprocess.run(command, cwd=checkout.parent, capture_output=True, text=True, check=False)


def test_what_a_tool_can_mend_is_mended(checkout: Path) -> None:
    """What a tool can mend is mended, wherever the verb is called from, and lint and format have no complaint left."""
    for name, (before, _) in MENDED.items():
        (checkout / f"{name}.py").write_text(before, encoding="utf-8")
    fixed = run(checkout, "fix")
    assert fixed.returncode == 0, fixed.stdout + fixed.stderr
    modules = {name: (checkout / f"{name}.py").read_text(encoding="utf-8") for name in MENDED}
    assert modules == {name: after for name, (_, after) in MENDED.items()}
    assert "--- imports\n" in run(checkout, "lint").stdout, "scripts/lint did not come as far as what no tool mends"


@pytest.mark.parametrize("name", LEFT)
def test_what_is_for_hands_is_told(name: str, checkout: Path) -> None:
    """What no tool can mend is listed, is exit code 1, and keeps nothing else from being mended."""
    before, after, complaint = LEFT[name]
    (checkout / "module.py").write_text(before, encoding="utf-8")
    (checkout / "other.py").write_text("'''A module.'''\nNUMBER=1", encoding="utf-8")
    fixed = run(checkout, "fix")
    assert fixed.returncode == 1, fixed.stdout + fixed.stderr
    assert complaint in fixed.stdout
    assert fixed.stderr.endswith("error: no tool can mend what is listed above; mend it by hand\n")
    assert (checkout / "module.py").read_text(encoding="utf-8") == after
    assert (checkout / "other.py").read_text(encoding="utf-8") == CLEAN


def test_generated_client_is_left_alone(checkout: Path) -> None:
    """The generated client is what the generator wrote, whatever the rules would make of it."""
    client = checkout / "generated/client.py"
    before = client.read_bytes()
    assert run(checkout, "fix").returncode == 0
    assert client.read_bytes() == before


def test_rules_that_cannot_be_read_are_exit_code_2(checkout: Path) -> None:
    """Where the tool itself cannot run, nothing is mended and the exit code is 2."""
    (checkout / "pyproject.toml").write_text("[tool.ruff\n", encoding="utf-8")
    (checkout / "module.py").write_text("NUMBER=1\n", encoding="utf-8")
    fixed = run(checkout, "fix")
    assert (fixed.returncode, fixed.stdout) == (2, "")
    assert (checkout / "module.py").read_text(encoding="utf-8") == "NUMBER=1\n"


@pytest.mark.parametrize("verb", ["fix", "lint"])
def test_arguments_are_refused(verb: str, checkout: Path) -> None:
    """Who names one module is told that all are looked at, before any is."""
    (checkout / "module.py").write_text("NUMBER=1\n", encoding="utf-8")
    done = run(checkout, verb, "--check", "module.py")
    said = f"error: scripts/{verb} looks at the whole checkout and takes no arguments, but got --check module.py\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    assert (checkout / "module.py").read_text(encoding="utf-8") == "NUMBER=1\n"
