"""The set-up of `.venv` and `.venv-oldest`: once, anew where it has to be, one at a time, and never half."""

import fcntl
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from contract_tests.subject import ROOT
from contract_tests.verbs.small_checkout import PROJECT, WHOLE, Checkout, small_checkout
from scripts import set_up

pytestmark = pytest.mark.whole_run


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that is not set up yet."""
    return small_checkout(tmp_path)


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    """A checkout that is set up."""
    assert checkout.works_on_itself()
    assert checkout.asked() == WHOLE
    return checkout


def test_set_up_happens_once(ready: Checkout) -> None:
    """A verb that finds the environment up to date does not even start the set-up."""
    (ready.root / "scripts/set_up.py").unlink()
    assert ready.works_on_itself()


@pytest.mark.parametrize(("file", "asked"), [("requirements.txt", WHOLE), ("pyproject.toml", PROJECT)])
def test_changed_file_is_followed(ready: Checkout, file: str, asked: list[str]) -> None:
    """A changed lock makes the environment anew, a changed project only installs the project again."""
    (ready.root / file).write_text("changed\n")
    assert ready.works_on_itself()
    assert ready.asked() == asked


def without_python(environment: Path) -> None:
    """The Python that it was made with was removed."""
    (environment / "bin/python").unlink()
    (environment / "bin/python").symlink_to("/nowhere/python")


def with_broken_python(environment: Path) -> None:
    """Python is there, and does not run."""
    (environment / "bin/python").unlink()
    shutil.copy("/bin/false", environment / "bin/python")


def with_another_python(environment: Path) -> None:
    """Python is of another minor version now, so that it does not see the packages."""
    (packages,) = environment.glob("lib/python3.*")
    packages.rename(packages.with_name("python3.10"))


@pytest.mark.parametrize(
    "spoilt", [without_python, with_broken_python, with_another_python], ids=lambda way: way.__name__
)
def test_spoilt_environment_is_made_anew(ready: Checkout, spoilt: Callable[[Path], None]) -> None:
    """An environment whose Python no longer works with it is worth nothing, and is made anew."""
    spoilt(ready.environment)
    assert ready.works_on_itself()
    assert ready.asked() == WHOLE


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param("--require-hashes", "pip install", id="the lock fails"),
        pytest.param("--editable", "pip install", id="the project fails"),
        pytest.param("--require-hashes SIGTERM", "interrupted; the next run makes it anew", id="it is ended"),
        pytest.param("--editable SIGKILL", "", id="it is killed, which leaves no time for words"),
    ],
)
def test_interrupted_set_up_heals(checkout: Checkout, fault: str, words: str) -> None:
    """A set-up that breaks off anywhere is exit code 2 in clear words, and the next run makes all of it anew."""
    if words:
        assert words in checkout.refused(FAULT=fault)
    else:
        assert checkout.run(FAULT=fault).returncode == 2
    assert checkout.works_on_itself()
    assert checkout.asked()[-len(WHOLE) :] == WHOLE


def test_full_disk_heals(checkout: Checkout) -> None:
    """A record that is cut off, since the disk is full, counts for nothing."""
    limit = "ulimit -f 32"  # 32 kB at most, which the record outgrows
    run = checkout.run("sh", "-c", f'{limit}; exec "$0"', checkout.root / "scripts/generate")
    assert run.returncode == 2
    assert "File too large" in run.stderr.splitlines()[-1]
    assert (checkout.environment / set_up.RECORD).stat().st_size > 0, "the limit struck too early for this test"
    assert checkout.works_on_itself()


def test_interrupted_clearing_heals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While an environment is emptied it stays known for one until nothing else is left, its record gone first."""
    mark, record = tmp_path / "pyvenv.cfg", tmp_path / set_up.RECORD
    mark.touch()
    record.touch()
    for name in ("bin", "lib"):
        (tmp_path / name).mkdir()
    removed = []

    def rmtree(folder: Path) -> None:
        assert mark.exists()
        assert not record.exists()
        removed.append(folder.name)
        folder.rmdir()

    monkeypatch.setattr(shutil, "rmtree", rmtree)
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([mark, folder / "lib", folder / "bin"]))
    set_up.make_empty(tmp_path)
    assert removed == ["lib", "bin"]


@contextmanager
def held(checkout: Checkout) -> Iterator[None]:
    """Let pip of a checkout go no further meanwhile."""
    with checkout.notes.open() as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)
        yield


def first_word(verb: subprocess.Popen[str]) -> str:
    """Wait for the first line that a verb says, and give its first word."""
    assert verb.stderr is not None
    return verb.stderr.readline().partition(" ")[0]


def finished(*verbs: subprocess.Popen[str]) -> list[int]:
    """Wait until all have ended; their exit codes."""
    for verb in verbs:
        verb.communicate()
    return [verb.returncode for verb in verbs]


def test_verbs_at_once_share_one_set_up(checkout: Checkout) -> None:
    """Of verbs that are called at once one sets up; the others say that they wait, and find it done."""
    with held(checkout):
        verbs = [checkout.start()]
        assert first_word(verbs[0]) == "setting"
        for _ in range(2):
            verbs.append(checkout.start())
            assert first_word(verbs[-1]) == "waiting"
    assert finished(*verbs) == [0, 0, 0]
    assert checkout.asked() == WHOLE


def test_orphan_of_a_killed_set_up_is_waited_for(checkout: Checkout) -> None:
    """A pip that goes on although its set-up was killed is not disturbed: the next set-up begins where it has ended."""
    with held(checkout):
        killed = checkout.start(FAULT="--require-hashes SIGKILL")
        assert killed.wait() == 2
        verb = checkout.start()
        assert first_word(verb) == "waiting"
    assert finished(killed, verb) == [2, 0]
    assert checkout.asked() == [WHOLE[0], *WHOLE]


def test_set_up_that_is_of_no_use_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    """A set-up after which the checkout cannot be imported, as pip was told to install elsewhere, does not count."""
    assert "imports no scripts from" in checkout.refused(PIP_TARGET=str(tmp_path))
    assert checkout.works_on_itself()
    assert checkout.asked() == 2 * WHOLE


def test_oldest_is_an_environment_of_its_own(checkout: Checkout) -> None:
    """`.venv-oldest` is the lock with the oldest over it, made anew where either changed, and leaves `.venv` alone."""
    verb = checkout.root / "scripts/generate-oldest"
    whole = [f".venv-oldest {word}" for word in ("requirements.txt", "requirements-oldest.txt", ".")]
    for expected in (whole, []):
        assert checkout.run(verb).stdout.splitlines()[1] == str(checkout.root / ".venv-oldest")
        assert checkout.asked() == expected
    (checkout.root / "requirements-oldest.txt").write_text("attrs==0.1 --hash=sha256:0\n")
    assert checkout.run(verb).returncode == 0
    assert checkout.asked() == whole
    assert not checkout.environment.exists()


def test_oldest_is_for_the_verb_of_that_name() -> None:
    """The verb that tests with the oldest dependencies is named for the environment that has them."""
    assert [path.name for path in (ROOT / "scripts").glob("*-oldest")] == ["test-oldest"]


def test_verb_without_python_says_what_to_install(checkout: Checkout, tmp_path: Path) -> None:
    """Where no Python is new enough, a verb says so in one line and ends with exit code 2."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("cat", "cmp", "readlink"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")  # as an old one would answer
    (tools / "python3").chmod(0o755)
    assert checkout.refused(PATH=str(tools), PYTHON="").startswith("error: Python 3.11 or newer was not found")


@pytest.mark.parametrize(("name", "least"), [("requirements.txt", 50), ("requirements-oldest.txt", 3)])
def test_lock_has_hashes_and_names_no_host(name: str, least: int) -> None:
    """Every locked package has hashes, and no line says where to download it."""
    lock = (ROOT / name).read_text(encoding="utf-8")
    packages = lock.replace("\\\n", " ").splitlines()
    assert len(packages) >= least
    assert not [line for line in packages if "==" not in line or "--hash=sha256:" not in line]
    assert "://" not in lock
    assert not any(word in lock for word in ("--index", "--find-links", "--extra-index"))


def test_oldest_lock_is_what_the_project_admits() -> None:
    """The oldest lock holds the dependencies of the client alone, each at the bound that pyproject.toml sets."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = {
        required.name: Version(each.version)
        for required in map(Requirement, project["dependencies"])
        for each in required.specifier
        if each.operator == ">="
    }
    lock = (ROOT / "requirements-oldest.txt").read_text(encoding="utf-8")
    pins = dict(line.split()[0].split("==") for line in lock.splitlines() if "==" in line)
    assert {name: Version(version) for name, version in pins.items()} == bounds
    assert len(bounds) == len(project["dependencies"])


def test_ci_runs_the_test_command() -> None:
    """CI calls the README's test command and nothing else."""
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ['verb=$(readlink -f -- "$0") && exec "${verb%/*}/../scripts/test"']
    assert os.access(ROOT / ".ci/run", os.X_OK)
