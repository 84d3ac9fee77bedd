"""`.pre-commit-config.yaml`: hooks that come with the checkout, and run where they have something to say."""

import os
import re
import shlex
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract_tests.subject import ROOT

CONFIGURATION = YAML(typ="safe", pure=True).load(ROOT / ".pre-commit-config.yaml")
HOOKS: dict[str, dict[str, Any]] = {hook["id"]: hook for repo in CONFIGURATION["repos"] for hook in repo["hooks"]}


def test_hooks_are_local() -> None:
    """No hook is fetched: each lies in the checkout and makes no environment but the project's own."""
    assert {repo["repo"] for repo in CONFIGURATION["repos"]} == {"local"}
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}


@pytest.mark.parametrize("name", HOOKS)
def test_hook_runs_a_verb(name: str) -> None:
    """Each hook calls a verb of the checkout, on the whole of it and not on the files that git names."""
    verb = shlex.split(HOOKS[name]["entry"])[0]
    assert verb.startswith("scripts/")
    assert os.access(ROOT / verb, os.X_OK)
    assert HOOKS[name]["pass_filenames"] is False


def test_hooks_ask_what_the_test_command_asks() -> None:
    """The hooks compare the client without writing it, and lint by the verb that scripts/test calls."""
    assert [hook["entry"] for hook in HOOKS.values()] == ["scripts/generate --check --no-followers", "scripts/lint"]
    assert " scripts/lint || exit " in (ROOT / "scripts/test").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("openapi.yaml", {"generate"}),
        ("generated/README.md", {"generate"}),
        ("generated/roark_client/client.py", {"generate", "lint"}),
        ("scripts/codegen/templates/model.py.jinja", {"generate"}),
        ("scripts/contract/__init__.py", {"generate", "lint"}),
        ("requirements.txt", {"generate", "lint"}),
        ("pyproject.toml", {"lint"}),
        ("contract_tests/gate.py", {"lint"}),
        ("README.md", set()),
        ("contract_tests/inputs/urls.yaml", set()),
    ],
)
def test_hooks_run_for_what_they_judge(changed: str, expected: set[str]) -> None:
    """The client is compared where what decides it changed, and Python is linted where that or its rules did."""
    assert (ROOT / changed).is_file()
    assert {name for name, hook in HOOKS.items() if re.search(hook["files"], changed)} == expected
