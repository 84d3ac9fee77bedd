"""What import-linter, which looks at packages, does not see: tests stand alone. Its own rules are in pyproject.toml."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.subject import ROOT

TESTS = sorted((ROOT / "contract_tests").rglob("test_*.py"))


def imported(module: Path) -> Iterator[str]:
    """Each module that a file imports, and each name that it imports from one, since that may be a module too."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{each.name}" for each in node.names))


@pytest.mark.parametrize("module", TESTS, ids=lambda module: module.stem)
def test_no_test_is_imported_by_another(module: Path) -> None:
    """What two modules of tests share lies in a module that is none, and conftest is pytest's alone."""
    found = {name for name in imported(module) if name.startswith("contract_tests.")}
    tests = {each.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for each in TESTS}
    assert not {name for name in found if name in tests or name.endswith(".conftest")}


RULES = {
    "scripts/contract/keywords.py": ("import scripts.codegen.names", "A contract is read, becomes the client"),
    "scripts/codegen/names.py": ("import scripts.verbs.saves", "Nothing knows what knows it"),
    "scripts/compat/schema.py": ("import contract_tests.judge", "Nothing imports the tests"),
    "contract_tests/judge.py": ("import roark_client.schema", "What a schema means is judged by three"),
    "contract_tests/mock_server/roark_mock/ids.py": ("import scripts.contract", "The mock states the contract"),
    "generated/roark_client/notes.py": ("import msgspec", "The client knows attrs, httpx, anyio"),
}


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize("file", RULES)
def test_import_that_breaks_a_rule_is_named(file: str, tmp_path: Path) -> None:
    """Each rule of pyproject.toml about who may know whom is broken by an import against it."""
    line, rule = RULES[file]
    for name in ("generated", "scripts", "contract_tests"):
        copied = (ROOT / name).rglob("*.py")
        for path in copied:
            to = tmp_path / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    with (tmp_path / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}/generated:{tmp_path}/contract_tests/mock_server"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert rule in done.stdout.partition("Broken contracts")[2], done.stdout
