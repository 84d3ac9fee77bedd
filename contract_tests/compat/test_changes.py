"""Days on which the vendor changes something: what it means for callers, and who has not followed the contract.

`changes.yaml` lists them. Of each the client is generated anew; the mock and the documents stay what they are.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import succeed
from contract_tests.compat.edits import Document, edited
from contract_tests.compat.played import CHANGES, drift_of
from contract_tests.mutations.bends import failure
from contract_tests.mutations.bent_server import BentServer, Exchange, Reply
from contract_tests.subject import chosen
from contract_tests.type_checkers import STRICT
from scripts.codegen import generator
from scripts.compat.contracts import compare
from scripts.contract import METHODS, references, value_at

# What takes a run much of its time and names no other party, as `scripts/drift --spec` on these contracts shows.
LEFT_OUT = ("test_chosen_inputs", "test_breaking", "test_client_is_generated_from_the_contract")

# The same where no operation is new: the client is made of the contract, and its ways to call are what they were.
LEFT_OUT_OF_KNOWN = ("test_fitting",)

FEW = 4  # findings of one change, an operation: what a party lacks is not told by each test that misses it

changes = pytest.mark.parametrize("change", CHANGES, ids=[each["name"] for each in CHANGES])


def _only(before: Document, after: Document) -> str:
    """The tests of a run: none of an operation that is to the last reference what it was, which agrees as it did."""
    known = dict(_operations(before))
    now = dict(_operations(after))
    same = [label.partition("{")[0] for label, said in now.items() if known.get(label) == said]
    left_out = LEFT_OUT if now.keys() - known.keys() else (*LEFT_OUT, *LEFT_OUT_OF_KNOWN)
    return " and ".join(f"not ({each})" for each in (*left_out, *(label.replace(" ", " and ") for label in same)))


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Each operation by its label, with all that is said of it."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                said = {each: value_at(document, each) for each in references(document, item)}
                yield f"{method.upper()} {path}", {**said, "": item}


@changes
def test_change_is_classified(change: dict[str, Any]) -> None:
    """Each change is told by impact, rule, operation and pointer, and nothing is told beside it."""
    before = chosen().contract.document
    told = compare(before, edited(before, change["edits"]))
    shown = [f"{each.rule.impact.label}, {each.rule.name}, {each.operation}, {each.pointer}" for each in told]
    # What operations share is told of each that there is.
    known = [
        each for each in shown if each in change["means"] or _elsewhere(each) not in map(_elsewhere, change["means"])
    ]
    assert known == change["means"]


def _elsewhere(told: str) -> list[str]:
    """What is told, without the operation that it is told of."""
    impact, rule, _, pointer = told.split(", ")
    return [impact, rule, pointer]


# Of which another one here does the same to the parties: a field or a value that comes, goes or is narrowed.
LIKE_ANOTHER = (
    "an optional field is added to a request",
    "an enum shrinks",
    "a constraint is tightened",
    "a field of a reply may be null",
    "an operation with a body is added",
)


@pytest.mark.whole_run
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(each, id=each["name"], marks=[pytest.mark.nightly] if each["name"] in LIKE_ANOTHER else [])
        for each in CHANGES
    ],
)
def test_who_has_not_followed_is_named(change: dict[str, Any], tmp_path: Path) -> None:
    """After each change of the contract exactly the parties that have not followed are named, by a few findings."""
    before = chosen().contract.document
    after = edited(before, change["edits"])
    report = drift_of(after, tmp_path, "--only", _only(before, after))
    found = [f"{pair['parties']}: {drift}" for pair in report["pairs"] for drift in pair["drifts"]]
    assert report["behind"] == change["behind"], "\n".join(found)
    assert len(found) <= FEW * len(chosen().operations), "\n".join(found)


@pytest.mark.whole_run
def test_what_only_the_documents_say_is_held_against_nobody_else(tmp_path: Path) -> None:
    """Of a server that has followed, and refuses the upload that a page still shows, nothing is told."""
    (change,) = [each for each in CHANGES if each["name"] == "an optional field of a request becomes required"]

    def require(exchange: Exchange) -> Reply | None:
        reply, body = exchange.reply(), exchange.request.json
        is_upload = reply.status == 200 and exchange.request.path == "/v1/call-analysis"
        return failure(400) if is_upload and not (isinstance(body, dict) and "isTest" in body) else reply

    with BentServer(require) as server:
        after = edited(chosen().contract.document, change["edits"])
        report = drift_of(after, tmp_path, "--server", server.url, "--only", "documented or test_documents")
        assert server.faults == []
    assert report["behind"] == ["documents"]


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


@pytest.mark.whole_run
def test_regenerated_client_imports(clients: Path) -> None:
    """Every module of each regenerated client imports."""
    names = [f"change_{number}.{generator.PACKAGE}" for number in range(len(CHANGES))]
    succeed(sys.executable, "-P", "-c", IMPORT_ALL, *names, folder=clients, PYTHONPATH=str(clients))


NEW_OPERATIONS = [
    number
    for number, each in enumerate(CHANGES)
    if each["name"].startswith("an operation") and each["name"].endswith("added")
]


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(NEW_OPERATIONS, id="with new operations"),
        pytest.param(range(len(CHANGES)), id="all", marks=pytest.mark.nightly),
    ],
)
def test_regenerated_client_type_checks(numbers: Sequence[int], clients: Path) -> None:
    """Each regenerated client passes mypy strict."""
    (clients / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    options = ["--explicit-package-bases", f"--cache-dir={clients / 'cache'}"]
    succeed(sys.executable, "-m", "mypy", *options, *(f"change_{number}" for number in numbers), folder=clients)
