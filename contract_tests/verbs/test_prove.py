"""`scripts/prove`: every single drift is noticed, a miss is exit code 1, and what is no drift is none."""

import ast
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from contract_tests.checkouts import copied_checkout
from contract_tests.commands import PROVE, drift, run
from contract_tests.drift.run import MODULES
from contract_tests.mutations import by_hand, every_shape
from contract_tests.mutations.bent_server import Bend, BentServer, all_at_once
from contract_tests.mutations.catalogue import catalogue, drifts_of, sources
from contract_tests.mutations.no_drifts import NO_DRIFTS
from contract_tests.mutations.stock import UNSEEN_BY_SCHEMATHESIS
from contract_tests.subject import ROOT, Subject, chosen

LEAST = 300  # drifts that the catalogue holds at least

# A catalogue in which each kind of change is made and changes nothing, so that the making itself is not what is
# noticed; one that nobody can notice and says so; one that says so and is not; and a server that fails by itself.
HOLLOW = """
import sys
from contract_tests.mutations import __main__ as prove
from contract_tests.mutations.change import *

looking = sys.argv.pop(1).split()
for kind in (Change, ContractChange, ServerChange, ClientChange):
    rounds = (tuple(each for each in round if each.stem in looking) for round in kind.rounds)
    kind.rounds = tuple(filter(None, rounds))

same = dict(family="hollow", hurts="nobody")
prove.catalogue = lambda subject: [
    ContractChange(**same, name="contract", edit=lambda document: None),
    ServerChange(**same, name="server", bend=lambda exchange: None),
    DocumentChange(**same, name="document", file="call-analysis.reply.json", old='"isTest"', new='"isTest"'),
    ClientChange(**same, name="client", file="runtime/types.py", old="import annotations", new="import annotations"),
    MockChange(**same, name="mock", file="auth.py", old="import hmac", new="import hmac"),
    Change(**same, name="said", equivalent="it is the same"),
    DocumentChange(
        **same, name="unjustified", equivalent="it is the same",
        file="call-analysis.reply.json", old='"isTest": false', new='"isTest": 1',
    ),
    ServerChange(**same, name="failing", bend=lambda exchange: 1 / 0),
]
sys.exit(prove.main(sys.argv[1:]))
"""


# Of each pair of parties the module that takes the least time.
QUICKEST = "test_documents_contract test_contract_client test_static_twin test_client_server"

# We ask about one drift, and stock Schemathesis about the same; that we notice it is shown elsewhere, and takes longer.
STOCK = """
import sys
from contract_tests.mutations import __main__ as prove
from contract_tests.evidence import Drift

prove.by_the_proof = lambda change, *_: [Drift(None, "", "", found_by="us")] if change.name else []
sys.exit(prove.main(["--stock", *sys.argv[1:]]))
"""


def test_catalogue_is_large_and_names_each_drift_once() -> None:
    """The catalogue holds hundreds of drifts, each under a name of its own in its family, and says whom each hurts."""
    changes = catalogue(Subject())
    assert len(changes) >= LEAST
    names = Counter((each.family, each.name) for each in changes)
    assert [name for name, count in names.items() if count > 1] == []
    assert all(each.hurts.strip() for each in changes)
    protocol = {each.name for each in changes if each.family == "server: protocol"}
    assert set(UNSEEN_BY_SCHEMATHESIS.values()) <= protocol


def imported() -> set[str]:
    """The whole name of each module of the catalogue that another module imports, and of each name in one."""
    found = set[str]()
    for path in (ROOT / "contract_tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
    return found


def test_what_nobody_can_notice_is_in_the_catalogue() -> None:
    """Each change of the second contract that is said to be equivalent by its name is one of the catalogue."""
    names = {change.name for change in every_shape.changes(Subject())}
    assert {each for stated in every_shape.EQUIVALENT.values() for each in stated} <= names


def test_every_file_of_the_catalogue_is_read() -> None:
    """A file beside the catalogue gives drifts or is asked for by name: one that nobody reads is no drift noticed."""
    package = ROOT / "contract_tests/mutations"
    giving = [Path(str(module.__file__)) for module in sources()]
    asked = {package / "__main__.py", *(ROOT / f"{name.replace('.', '/')}.py" for name in imported())}
    read = {*giving, *by_hand.files(), *asked, *(path.parent / "__init__.py" for path in giving)}
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert [str(path) for path in files if path not in read] == []


def test_every_source_of_the_catalogue_gives_drifts() -> None:
    """A module of the catalogue, and a file of changes, holds some: an empty one would be left out in silence."""
    subject = Subject()
    assert [module.__name__ for module in sources() if not drifts_of(module, subject)] == []
    assert [file.name for file in by_hand.files() if not any(by_hand.changes_in(file))] == []


def test_changes_written_by_hand_can_still_be_made(tmp_path: Path) -> None:
    """Each text that a change replaces stands once in its file, however the file has moved on."""
    for change in by_hand.changes(Subject()):
        copy = tmp_path / change.file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(change.below / change.file, copy)
        change.change(tmp_path)


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_fast_part_of_the_catalogue_is_caught(tmp_path: Path) -> None:
    """Of each family some drifts, chosen by the seed, are all noticed; the report names what noticed them and where."""
    report = tmp_path / "report.json"
    words = ["--sample", "1", "--seed", str(chosen().seed), "--json", str(report)]
    done = run(PROVE, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    drifts = json.loads(report.read_text(encoding="utf-8"))["drifts"]
    assert {each["family"] for each in drifts} == {each.family for each in catalogue(Subject())}
    for each in drifts:
        assert each["verdict"] == "equivalent" or (each["found_by"] and each["place"] and each["message"]), each
    assert f"seed {chosen().seed}" in done.stdout
    assert "\033" not in done.stdout, "colour is for terminals"


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], {"test_requests_are_the_same"}),
        (
            ["--every-check"],
            {
                "test_requests_are_the_same",
                "test_replies_are_the_same",  # another test of the same round
                "test_chosen_inputs: chosen_inputs",
                "test_chosen_inputs: inputs_together",  # another check of the same test
                "test_generated_cases: positive_data_acceptance",  # of the next round
            },
        ),
    ],
    ids=["to the first", "every check"],
)
def test_every_check_looks_at_a_drift_where_that_is_asked(words: list[str], expected: set[str], tmp_path: Path) -> None:
    """A drift goes to the first check that notices it; with --every-check it goes to all, and each is named."""
    report = tmp_path / "report.json"
    one = ["--only", "a role has a word less", "--seed", "1", "--examples", "20", "--json", str(report)]
    done = run(PROVE, *one, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    (drift,) = json.loads(report.read_text(encoding="utf-8"))["drifts"]
    assert set(drift["noticed_by"]) == expected
    assert drift["noticed_by"][0] == drift["found_by"]


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_stock_schemathesis_meets_the_same_change(tmp_path: Path) -> None:
    """What stock Schemathesis is tried on is changed too, so that its misses are its own: it sees a coarse change."""
    report = tmp_path / "report.json"
    done = run(STOCK, "--only", "a role has a word less", "--seed", "1", "--examples", "5", "--json", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    (drift,) = json.loads(report.read_text(encoding="utf-8"))["drifts"]
    assert (drift["verdict"], drift["stock"]) == ("caught", True)


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize(
    "looking",
    [
        pytest.param(QUICKEST, id="the quickest modules"),
        pytest.param(" ".join(each.stem for each in MODULES), id="all modules", marks=pytest.mark.nightly),
    ],
)
def test_missed_drift_is_exit_code_1(looking: str) -> None:
    """What nobody noticed fails, unless nobody could; and so does a reason that does not hold."""
    done = run(HOLLOW, looking, "--seed", "1", "--examples", "5")
    assert done.returncode == 1, done.stdout + done.stderr
    for kind in ("contract", "server", "document", "client", "mock"):
        assert f"\n  hollow: {kind}\n    hurts nobody\n" in done.stdout, "the making of it was noticed"
    assert "no verdict: Traceback" in done.stdout.partition("  hollow: failing\n")[2].partition("hollow:")[0]
    assert "  it is the same\n    hollow: said" in done.stdout
    assert "called equivalent, and noticed all the same: 1\n  hollow: unjustified" in done.stdout
    assert "8 drifts: 1 caught, 1 equivalent, 6 missed" in done.stdout


@pytest.mark.whole_run
def test_parties_that_drift_already_are_exit_code_2(tmp_path: Path) -> None:
    """Where the parties drift as they are, nothing is proved: each change would be found for the wrong reason."""
    checkout = copied_checkout(tmp_path)
    path = checkout / "contract_tests/documents/call-analysis.reply.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"isTest": false', '"isTest": 1'), encoding="utf-8")
    done = run(PROVE, "--only", "dates that do not exist", checkout=checkout)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the parties do not agree as they are: test_documented_sample_is_valid finds at reply#/data" in done.stderr


@pytest.mark.whole_run
def test_nothing_to_prove_is_exit_code_2() -> None:
    """A name that no drift has is told, not taken for success."""
    done = run(PROVE, "--only", "no such drift")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: no drift has 'no such drift' in its name")


def blamed(bend: Bend, *words: str) -> str:
    """What `scripts/drift` says against a server that does otherwise what it is free to do; nothing where it agrees."""
    with BentServer(bend) as server:
        done = drift("--server", server.url, "--seed", str(chosen().seed), *words)
        assert server.faults == []
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.whole_run
def test_what_another_server_may_do_is_no_drift() -> None:
    """A server that does all at once what it is free to do otherwise is not blamed for it."""
    assert blamed(all_at_once(NO_DRIFTS.values()), "--only", "server", "--examples", "20") == ""


@pytest.mark.nightly
@pytest.mark.parametrize("name", NO_DRIFTS)
def test_nothing_that_another_server_may_do_is_drift(name: str) -> None:
    """No whole run blames a server for a single thing that it is free to do otherwise."""
    assert blamed(NO_DRIFTS[name]) == ""
