"""Who may know whom: the rules of import-linter in pyproject.toml, which scripts/lint holds."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.subject import ROOT

RULES = {
    "scripts/contract/keywords.py": ("import scripts.codegen.names", "A contract is read, becomes the client"),
    "scripts/contract/lines.py": ("import scripts.terminal", "A contract is read, becomes the client"),
    "scripts/codegen/names.py": ("import scripts.verbs.saves", "Nothing knows what knows it"),
    "scripts/compat/schema.py": ("import contract_tests.judge", "Nothing imports the tests"),
    "contract_tests/judge.py": ("import roark_client.schema", "What a schema means is judged by three"),
    "contract_tests/gate.py": ("import contract_tests.proof.places", "The proof asks through the gate"),
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
