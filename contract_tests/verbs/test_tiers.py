"""`scripts/test`: each tier takes the tests that it promises, in an order that the printed seed repeats."""

import re
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis.internal.conjecture.providers import HypothesisProvider

from contract_tests.commands import run
from contract_tests.subject import ROOT

pytestmark = pytest.mark.whole_run

# Without rewriting asserts, which wants modules that are not imported yet.
PYTEST = "import sys, pytest\nsys.exit(pytest.main(['--assert=plain', *sys.argv[1:]]))\n"

MODULES = (
    "contract_tests/verbs/test_hooks.py",
    "contract_tests/verbs/test_workflows.py",
)  # of which no test is left out

MARKED = """
import pytest

def test_plain(): ...

@pytest.mark.whole_run
def test_whole(): ...

@pytest.mark.same_everywhere
@pytest.mark.whole_run
def test_types(): ...

@pytest.mark.nightly
def test_night(): ...
"""

MANY = """
import pytest

@pytest.mark.parametrize("number", range(20))
def test_one(number): ...
"""

NIGHT = "1 nightly left out, scripts/test --all takes them"

# Options, the tests that are taken then, and what is said of the others.
TIERS: dict[str, tuple[list[str], set[str], str]] = {
    "quick": (["--quick"], {"plain"}, f"2 whole_run left out, scripts/test takes them; {NIGHT}"),
    "default": ([], {"plain", "whole", "types"}, NIGHT),
    "all": (["--all"], {"plain", "whole", "types", "night"}, ""),
    "differs": (["--differs"], {"plain", "whole"}, f"1 same_everywhere left out, scripts/test takes them; {NIGHT}"),
}

# Runs `scripts/drift` and writes the modules of its tests, in order, to the file that is named first.
ORDER = """
import sys
from contract_tests.drift import __main__ as drift, run

path = sys.argv.pop(1)

class Writing(run._Collector):
    def pytest_collection_finish(self, session):
        with open(path, "a") as file:
            file.writelines(item.nodeid + chr(10) for item in session.items)
        super().pytest_collection_finish(session)

run._Collector = Writing
sys.exit(drift.main(sys.argv[1:]))
"""


def collected(*words: str) -> tuple[list[str], str]:
    """The tests that pytest would run, in order, and all that it says."""
    done = run(PYTEST, "--collect-only", "-q", "-p", "no:cacheprovider", *words)
    assert done.returncode in (0, 5), done.stdout + done.stderr
    return re.findall(r"^(contract_tests/\S+::.+)$", done.stdout, re.MULTILINE), done.stdout


def test_seed_repeats_the_order() -> None:
    """The same seed gives a module the same order, alone or among others, and another seed another; its tests stay
    together."""
    first, again, other = (collected(*MODULES, "--seed", seed)[0] for seed in ("1", "1", "2"))
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)
    modules = [name for name, _ in groupby(test.partition("::")[0] for test in first)]
    assert sorted(modules) == sorted(MODULES)
    alone, _ = collected(MODULES[1], "--seed", "1")
    assert alone == [test for test in first if test.startswith(MODULES[1])]


def run_marked(folder: Path, *words: str) -> str:
    """What a run says of the tests of `MARKED`, and of others in that folder."""
    (folder / "test_marked.py").write_text(MARKED, encoding="utf-8")
    ours = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), "-p", "contract_tests.conftest"]
    done = run(PYTEST, *ours, "-p", "no:cacheprovider", "-rA", *words, str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def left_out(said: str) -> list[str]:
    """What a run says of tests that it does not take."""
    return re.findall(r"^.*left out.*$", said, re.MULTILINE)


def test_seed_repeats_what_is_drawn() -> None:
    """What Hypothesis draws does not depend on the modules that happen to be imported."""
    assert len(HypothesisProvider(None)._local_constants) == 0


@pytest.mark.parametrize(("words", "taken", "said"), TIERS.values(), ids=TIERS)
def test_tier_takes_what_it_promises(words: list[str], taken: set[str], said: str, tmp_path: Path) -> None:
    """A tier leaves out what is marked so and nothing else, and says how many tests that are and who takes them."""
    says = run_marked(tmp_path, *words)
    assert set(re.findall(r"^PASSED \S+::test_(\w+)$", says, re.MULTILINE)) == taken
    assert left_out(says) == ([said] if said else [])


def test_processes_take_the_same_tests_in_one_order(tmp_path: Path) -> None:
    """Side by side, all take the seed that is printed, since xdist refuses two orders, and what is left out is told
    once."""
    words, _, said = TIERS["quick"]
    (tmp_path / "test_many.py").write_text(MANY, encoding="utf-8")
    says = run_marked(tmp_path, "-n", "2", *words)
    assert re.search(r"^order and requests: --seed \d+$", says, re.MULTILINE)
    assert left_out(says) == [said]


def test_proof_is_not_shuffled(tmp_path: Path) -> None:
    """A run of `scripts/drift` takes the quickest modules first, whatever its seed: what one finds may end the run."""
    orders = []
    for seed in ("1", "2"):
        path = tmp_path / seed
        only = "static_twin or documents_contract"
        done = run(ORDER, str(path), "--only", only, "--seed", seed)
        assert done.returncode == 0, done.stdout + done.stderr
        orders.append(path.read_text(encoding="utf-8").splitlines())
    assert orders[0] == orders[1]
    modules = [Path(name).stem for name, _ in groupby(test.partition("::")[0] for test in orders[0])]
    assert modules == ["test_documents_contract", "test_static_twin"]
