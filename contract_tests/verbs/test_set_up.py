"""The set-up of `.venv` and `.venv-oldest`: once, anew where it has to be, and never half."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from contract_tests.subject import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds the set-up and nothing else."""
    (tmp_path / "scripts").mkdir()
    for name in ("environment", "set_up.py", "generate"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    (tmp_path / "requirements.txt").write_text("attrs==1 --hash=sha256:0\n")
    (tmp_path / "requirements-oldest.txt").write_text("attrs==0 --hash=sha256:0\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def set_up(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up of that checkout, which records in `installed` what it would install."""
    spec = importlib.util.spec_from_file_location("set_up", checkout / "scripts/set_up.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.installed = []  # type: ignore[attr-defined]

    def create(folder: Path, **_: bool) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").symlink_to(sys.executable)

    monkeypatch.setattr(module.venv, "create", create)
    monkeypatch.setattr(module, "pip_install", lambda _, *words: module.installed.append(words[0]))
    return module


LOCKED, PROJECT = "--require-hashes", "--no-deps"


def test_set_up_happens_once(set_up: ModuleType) -> None:
    """The first run installs the lock and the project, the second nothing."""
    assert set_up.main() == 0
    assert set_up.installed == [LOCKED, PROJECT]
    assert set_up.main() == 0
    assert set_up.installed == [LOCKED, PROJECT]


@pytest.mark.parametrize(
    ("file", "installed"), [("requirements.txt", [LOCKED, PROJECT]), ("pyproject.toml", [PROJECT])]
)
def test_changed_file_is_followed(set_up: ModuleType, checkout: Path, file: str, installed: list[str]) -> None:
    """A changed lock makes the environment anew, a changed project only installs the project again."""
    set_up.main()
    set_up.installed.clear()
    (checkout / file).write_text("changed\n")
    assert set_up.main() == 0
    assert set_up.installed == installed


@pytest.mark.parametrize(
    "fault", [KeyboardInterrupt(), OSError("disk full"), subprocess.CalledProcessError(1, ["pip"])]
)
@pytest.mark.parametrize("step", [LOCKED, PROJECT])
def test_interrupted_set_up_heals(
    set_up: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
    step: str,
) -> None:
    """A set-up that breaks off anywhere is exit code 2 in clear words, and the next run makes all of it anew."""

    def pip_install(_: Path, *words: str) -> None:
        if words[0] == step:
            raise fault
        set_up.installed.append(words[0])

    with monkeypatch.context() as broken:
        broken.setattr(set_up, "pip_install", pip_install)
        assert set_up.main() == 2
    assert "Traceback" not in capsys.readouterr().err
    set_up.installed.clear()
    assert set_up.main() == 0
    assert set_up.installed == [LOCKED, PROJECT]


def test_environment_whose_python_is_gone_is_made_anew(set_up: ModuleType, checkout: Path) -> None:
    """An environment is worth nothing once its interpreter was removed."""
    set_up.main()
    set_up.installed.clear()
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to("/no/such/python")
    assert set_up.main() == 0
    assert set_up.installed == [LOCKED, PROJECT]


def test_oldest_is_an_environment_of_its_own(
    set_up: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.venv-oldest` is the lock with the oldest over it, made anew where either changed, and leaves `.venv` alone."""
    installed: list[list[str]] = []
    monkeypatch.setattr(set_up, "pip_install", lambda folder, *words: installed.append([folder.name, words[-1]]))
    whole = [
        [".venv-oldest", str(checkout / "requirements.txt")],
        [".venv-oldest", str(checkout / "requirements-oldest.txt")],
        [".venv-oldest", str(checkout)],
    ]
    assert set_up.main("-oldest") == 0
    assert installed == whole
    assert set_up.main("-oldest") == 0
    assert installed == whole
    (checkout / "requirements-oldest.txt").write_text("attrs==0.1 --hash=sha256:0\n")
    assert set_up.main("-oldest") == 0
    assert installed == 2 * whole
    assert not (checkout / ".venv").exists()


def run_generate(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/generate --help` of a checkout."""
    return subprocess.run(
        [checkout / "scripts/generate", "--help"],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("suffix", ["", "-oldest"])
def test_verb_skips_the_set_up_when_nothing_changed(set_up: ModuleType, checkout: Path, suffix: str) -> None:
    """A verb that finds the environment up to date does not even start the set-up."""
    set_up.main(suffix)
    python = checkout / f".venv{suffix}/bin/python"
    python.unlink()
    # A link into another environment would lose that environment's packages.
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (checkout / "scripts/set_up.py").unlink()
    run = run_generate(checkout, lock_suffix=suffix)
    assert run.returncode == 0, run.stderr
    assert "usage: scripts/generate" in run.stdout


def test_verb_without_python_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    """Where no Python is new enough, a verb says so in one line and ends with exit code 2."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("cat", "cmp", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")  # as an old one would answer
    (tools / "python3").chmod(0o755)
    run = run_generate(checkout, PATH=str(tools))
    assert run.returncode == 2
    assert run.stderr.startswith("error: Python 3.11 or newer was not found")
    assert len(run.stderr.splitlines()) == 1


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
    words = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert words == ['exec "$(dirname -- "$0")/../scripts/test"']
    assert os.access(ROOT / ".ci/run", os.X_OK)
