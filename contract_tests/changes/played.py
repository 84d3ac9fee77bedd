"""The changes of changes.yaml, and what `scripts/drift` says of a contract that one of them has made."""

import contextlib
import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from contract_tests.changes.edits import Document
from contract_tests.drift.run import GENERATED
from contract_tests.subject import chosen

CHANGES: Sequence[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("changes.yaml"))

# Each run is forked from a process that has imported what takes long, though none of the parties.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["contract_tests.drift.__main__", "contract_tests.conftest", "schemathesis.cli", "schemathesis.openapi.checks"]
)


def drift_of(document: Document, folder: Path, *words: str) -> dict[str, Any]:
    """What `scripts/drift` writes for machines of another contract, in a process of its own."""
    spec, report, printed = folder / "openapi.yaml", folder / "report.json", folder / "printed.txt"
    spec.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    words = ("--spec", str(spec), "--json", str(report), "--seed", str(chosen().seed), *words)
    process = PROCESSES.Process(target=_drift, args=(words, printed))
    process.start()
    process.join(timeout=240)
    process.kill()
    assert process.exitcode in (0, 1), printed.read_text(encoding="utf-8")
    value: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return value


def _drift(words: Sequence[str], printed: Path) -> None:
    from contract_tests.drift.__main__ import main

    os.environ["PYTEST_ADDOPTS"] = f"--ignore={GENERATED}"  # which to collect takes a second
    with (
        printed.open("w", encoding="utf-8") as file,
        contextlib.redirect_stdout(file),
        contextlib.redirect_stderr(file),
    ):
        code = main(words)
    sys.exit(code)
