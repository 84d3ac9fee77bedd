"""What modules of the proof say of themselves: none is silent, and none needs a run to be imported."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.checkouts import copied_checkout
from contract_tests.commands import command, drift, environment
from contract_tests.drift.run import (
    AT_A_GLANCE,
    AT_ONCE,
    GENERATED,
    MODULES,
    PROOF,
    SERVERLESS,
    STATED,
    TO_THE_FIRST,
    WHATEVER_ITS_BYTES,
    WITH_CLIENT,
    _Collector,
)
from contract_tests.evidence import PAIRS, Pair
from contract_tests.proof.about import Need, UnstatedError, about
from contract_tests.proof.checks import every_reply
from contract_tests.subject import ROOT, Subject

# What in the source of a module shows that it needs something.
SHOWN_BY = {
    Need.SERVER: r"^def test_\w+\([^)]*\b(?:server|probe): ",
    Need.WIRE: r"^from contract_tests\.proof\.wire import ",
    Need.GENERATION: r"^@pytest\.mark\.generated$",
}

IMPORT_EACH = """
import importlib, pkgutil, sys
from contract_tests import proof
for module in pkgutil.walk_packages(proof.__path__, "contract_tests.proof."):
    if not module.name.endswith(".conftest"):
        importlib.import_module(module.name)
        print(module.name)
print("the client" if "roark_client" in sys.modules else "no client")
"""


@pytest.mark.parametrize("need", SHOWN_BY, ids=lambda need: need.name.lower())
def test_module_says_what_it_needs(need: Need) -> None:
    """A module says that it needs a server, a wire or generated requests exactly if its tests take them."""
    taking = {each for each in MODULES if re.search(SHOWN_BY[need], each.read_text("utf-8"), re.MULTILINE | re.DOTALL)}
    assert taking == {each for each in MODULES if need in STATED[each].needs}
    assert taking, "the pattern has gone stale"


def test_module_about_the_client_needs_it() -> None:
    """Each module of a pair with the client needs it, and no other does; a server is needed only by its own pairs."""
    for module, stated in STATED.items():
        assert (Need.CLIENT in stated.needs) == ("client" in (stated.pair.one, stated.pair.other)), module
        assert Need.SERVER not in stated.needs or "server" in (stated.pair.one, stated.pair.other), module


def test_rounds_take_each_module_once_and_the_quickest_first() -> None:
    """A run to the first drift takes every module once, the generated requests last; each pair has modules."""
    assert [each for modules in TO_THE_FIRST for each in modules] == list(MODULES)
    assert set(MODULES) == {each for each in PROOF.rglob("*.py") if re.search("^test_|_test$", each.stem)}
    paces = [STATED[each].pace for each in MODULES]
    assert paces == sorted(paces)
    assert {stated.pair for stated in STATED.values()} == set(PAIRS)
    assert set(AT_ONCE) < set(SERVERLESS)
    assert GENERATED
    assert set(WITH_CLIENT) < set(MODULES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PAIR = CONTRACT_SERVER\n",
        "ABOUT = About(CONTRACT_SERVER, pace=Pace.SECONDS)\n",
        "ABOUT = About(CONTRACT_SERVER, needs=set(), pace=Pace.SOON)\n",
        'ABOUT = About("contract", needs=open("x"), pace=Pace.SECONDS)\n',
        'ABOUT = About("contract", needs=set(), pace=Pace.SECONDS)\n',
        "ABOUT = About(CONTRACT_SERVER, needs=Need.SERVER, pace=Pace.SECONDS)\n",
        'ABOUT = About(CONTRACT_SERVER, needs=set(), pace="fast")\n',
        '"""Such as\n\nABOUT = About(CONTRACT_SERVER, needs=set(), pace=Pace.SECONDS)\n"""\n',
        "ABOUT = About(CONTRACT_SERVER, needs=set(), pace=Pace.SECONDS)\n" * 2,
    ],
)
def test_statement_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    """A module that says nothing, half of it, or what takes an import to know, is named with what to write."""
    module = tmp_path / "test_new.py"
    module.write_text(text, encoding="utf-8")
    with pytest.raises(UnstatedError, match=r"test_new\.py: expected one statement such as ABOUT = About\("):
        about(module)


@pytest.mark.whole_run
def test_silent_module_stops_every_run(tmp_path: Path) -> None:
    """A new module of the proof that says nothing stops scripts/drift before anything is sent, and pytest too."""
    checkout = copied_checkout(tmp_path)
    new = checkout / "contract_tests/proof/test_new.py"
    new.write_text('def test_nothing() -> None:\n    """Nothing."""\n', encoding="utf-8")
    run = drift("--only", "test_documents_contract", checkout=checkout)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"error: {new}: expected one statement such as ABOUT = About(")
    words = ["-m", "pytest", "-p", "no:cacheprovider", "contract_tests/proof/test_static_twin.py"]
    tests = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=checkout,
        env=environment(checkout),
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {new}: expected one statement" in tests.stderr


@pytest.mark.whole_run
def test_glance_takes_something_of_each_pair() -> None:
    """scripts/drift --quick looks at every pair, and makes neither requests of Schemathesis nor a wire."""
    run = drift("--quick", "--seed", "1")
    assert run.returncode == 0, run.stdout + run.stderr
    for pair in PAIRS:
        assert re.search(rf"^{pair} .* agree$", run.stdout, re.MULTILINE), run.stdout
    for module in MODULES:
        is_looked_at = AT_A_GLANCE in module.read_text("utf-8")
        assert not (is_looked_at and STATED[module].needs & {Need.WIRE, Need.GENERATION}), module


def test_words_of_a_run_stand_at_tests() -> None:
    """What a run chooses tests by are markers that tests have: of our bytes is one, which `--client` leaves out."""
    sources = [each.read_text("utf-8") for each in MODULES]
    assert sum(source.count(f"pytest.mark.{AT_A_GLANCE}\n") for source in sources) > 1
    assert sum(source.count(f"pytest.mark.{WHATEVER_ITS_BYTES.removeprefix('not ')}\n") for source in sources) == 1


def test_stumble_counts_for_the_pair_of_its_module() -> None:
    """What cannot be collected keeps its own pair from agreeing; what is no module's own, every pair."""
    for module, stated in STATED.items():
        assert stumbled(f"{module.relative_to(ROOT)}::test_of_it") == {stated.pair}
    assert stumbled("contract_tests/proof") == set(PAIRS)


def stumbled(nodeid: str) -> set[Pair]:
    """The pairs that drift once pytest has reported that it could not collect something."""
    collector = _Collector(Subject(), (), lambda _: None)
    collector.take("stumbled", nodeid, "KeyError: 'a place'")
    return {each.pair for each in collector.pairs.values() if each.drifts}


def test_proof_is_imported_without_a_subject() -> None:
    """Every module of the proof imports in a fresh process, with no run, no conftest and no client imported."""
    done = subprocess.run(
        command(IMPORT_EACH), env=environment(ROOT), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    imported = done.stdout.splitlines()
    assert {f"contract_tests.proof.{each.stem}" for each in MODULES} < set(imported)
    assert imported[-1] == "no client"


def test_every_check_is_found() -> None:
    """Each public function of contract_tests/proof/checks about an answer is a check by its type, and is asked."""
    about_answers = {
        f"{path.stem}.{function.name}"
        for path in (PROOF / "checks").rglob("*.py")
        if path.stem != "every_reply"
        for function in ast.parse(path.read_text("utf-8")).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if "Answer" in [ast.unparse(each.annotation) for each in function.args.args if each.annotation]
    }
    assert {f"{each.__module__.rpartition('.')[2]}.{each.__name__}" for each in every_reply.CHECKS} == about_answers
    assert len(about_answers) >= 9


def test_every_file_of_the_checks_is_one() -> None:
    """No file of contract_tests/proof/checks lies there without a check, but for what the checks are made of."""
    made_of = {"__init__", "answer", "every_reply", "strict_json"}
    asked = {each.__module__.rpartition(".")[2] for each in every_reply.CHECKS}
    files = [each for each in (PROOF / "checks").rglob("*") if each.is_file() and each.suffix != ".pyc"]
    assert {each.name for each in files} == {f"{name}.py" for name in made_of | asked}
