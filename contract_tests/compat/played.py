"""The changes of changes.yaml, and what `scripts/drift` says of a contract that one of them has made."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from contract_tests.commands import drift
from contract_tests.compat.edits import Document
from contract_tests.drift.run import GENERATED
from contract_tests.subject import chosen

CHANGES: Sequence[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("changes.yaml"))


def drift_of(document: Document, folder: Path, *words: str) -> dict[str, Any]:
    """What `scripts/drift` writes for machines of another contract, in a process of its own."""
    spec, report = folder / "openapi.yaml", folder / "report.json"
    spec.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    words = ("--spec", str(spec), "--json", str(report), "--seed", str(chosen().seed), *words)
    ignored = " ".join(f"--ignore={each}" for each in GENERATED)  # which to collect takes a second
    ran = drift(*words, PYTEST_ADDOPTS=ignored)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    value: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return value
