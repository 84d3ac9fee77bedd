"""Days on which the vendor changes something: who has not followed the contract is named, and nobody else.

`contract_changes.yaml` lists them. Of each the client is generated anew; the mock and the documents stay what they are.
"""

import contextlib
import copy
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract_tests.drift.run import GENERATED
from contract_tests.subject import METHODS, chosen
from contract_tests.verbs.test_growth import STRICT, run
from scripts.codegen import generator
from scripts.codegen.contract import json_pointer, pointer_parts, references, value_at

Document = dict[str, Any]

CHANGES: Sequence[Document] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("contract_changes.yaml"))

# What takes a run much of its time and names no other party, as `scripts/drift --spec` on these contracts shows.
LEFT_OUT = ("test_chosen_inputs", "test_breaking", "test_client_is_generated_from_the_contract")

FEW = 8  # findings of one change: what a party lacks is not told by each test that misses it

# Each run is forked from a process that has imported what takes long, though none of the parties.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["contract_tests.drift.__main__", "contract_tests.conftest", "schemathesis.cli", "schemathesis.openapi.checks"]
)

changes = pytest.mark.parametrize("change", CHANGES, ids=[each["name"] for each in CHANGES])


def edited(document: Document, edits: Sequence[Document]) -> Document:
    """A copy of a contract, in which each edit has set, removed or moved what stands at a JSON pointer."""
    copied = copy.deepcopy(document)
    for edit in edits:
        match edit:
            case {"set": pointer, "to": value}:
                holder, name = _held(copied, pointer)
                holder[name] = copy.deepcopy(value)
            case {"remove": pointer}:
                holder, name = _held(copied, pointer)
                del holder[name]
            case {"move": pointer, "to": place}:
                holder, name = _held(copied, pointer)
                to, new = _held(copied, place)
                to[new] = holder.pop(name)
            case _:
                raise ValueError(f"expected set and to, remove, or move and to, got {edit}")
    return copied


def _held(document: Document, pointer: str) -> tuple[Any, str]:
    """What a pointer leads to last but one, and the name there."""
    *above, name = pointer_parts(pointer)
    return value_at(document, json_pointer(above)), name


def drift_of(document: Document, folder: Path, *words: str) -> Document:
    """What `scripts/drift` writes for machines of another contract, in a process of its own."""
    spec, report, printed = folder / "openapi.yaml", folder / "report.json", folder / "printed.txt"
    spec.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    words = ("--spec", str(spec), "--json", str(report), "--seed", str(chosen().seed), *words)
    process = PROCESSES.Process(target=_drift, args=(words, printed))
    process.start()
    process.join(timeout=240)
    process.kill()
    assert process.exitcode in (0, 1), printed.read_text(encoding="utf-8")
    value: Document = json.loads(report.read_text(encoding="utf-8"))
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


def _only(before: Document, after: Document) -> str:
    """The tests of a run: none of an operation that is to the last reference what it was, which agrees as it did."""
    known = dict(_operations(before))
    same = [label.partition("{")[0] for label, said in _operations(after) if known.get(label) == said]
    return " and ".join(f"not ({each})" for each in (*LEFT_OUT, *(label.replace(" ", " and ") for label in same)))


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Each operation by its label, with all that is said of it."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                said = {each: value_at(document, each) for each in references(document, item)}
                yield f"{method.upper()} {path}", {**said, "": item}


@changes
def test_who_has_not_followed_is_named(change: Document, tmp_path: Path) -> None:
    """After each change of the contract exactly the parties that have not followed are named, by a few findings."""
    before = chosen().contract.document
    after = edited(before, change["edits"])
    report = drift_of(after, tmp_path, "--only", _only(before, after))
    found = [f"{pair['parties']}: {drift}" for pair in report["pairs"] for drift in pair["drifts"]]
    assert report["behind"] == change["behind"], "\n".join(found)
    assert len(found) <= FEW, "\n".join(found)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client of each edited contract, as a package of its own: `change_0.roark_client`."""
    folder = tmp_path_factory.mktemp("clients")
    for number, change in enumerate(CHANGES):
        place = folder / f"change_{number}"
        place.mkdir()
        document = edited(chosen().contract.document, change["edits"])
        generator.write_client(replace(chosen().contract, document=document), place / "generated")
        (place / "generated" / generator.PACKAGE).rename(place / generator.PACKAGE)
    return folder


IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(package.__path__, f"{name}.")]
    assert len(modules) > 40, modules
"""


def test_regenerated_client_imports(clients: Path) -> None:
    """Every module of each regenerated client imports."""
    names = [f"change_{number}.{generator.PACKAGE}" for number in range(len(CHANGES))]
    run(sys.executable, "-P", "-c", IMPORT_ALL, *names, folder=clients, PYTHONPATH=str(clients))


def test_regenerated_client_type_checks(clients: Path) -> None:
    """Each regenerated client passes mypy strict."""
    (clients / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    options = ["--explicit-package-bases", f"--cache-dir={clients / 'cache'}"]
    run(sys.executable, "-m", "mypy", *options, *(f"change_{number}" for number in range(len(CHANGES))), folder=clients)
