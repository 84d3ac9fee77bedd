"""A checkout owns its environment: each verb works on the folder that it lies in, wherever that came from."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.subject import ROOT
from contract_tests.verbs.small_checkout import NAME, PROJECT, WHOLE, Checkout, small_checkout

pytestmark = pytest.mark.whole_run

VERBS = sorted(path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and os.access(path, os.X_OK))
GIT = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout that is set up, to be changed at will."""
    return _set_up(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that is set up. Not to be changed."""
    return _set_up(tmp_path_factory.mktemp("ready"))


def _set_up(place: Path, name: str = NAME) -> Checkout:
    checkout = small_checkout(place, name)
    assert checkout.works_on_itself()
    assert checkout.asked() == WHOLE
    return checkout


def contents(folder: Path) -> dict[str, bytes | str]:
    """By path, what each file of a folder holds, and where each link leads."""
    return {
        str(path.relative_to(folder)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if (path.is_symlink() or path.is_file()) and "__pycache__" not in path.parts
    }


def copied(root: Path) -> Path:
    """As by `cp -r`."""
    return Path(shutil.copytree(root, root.with_name("copy"), symlinks=True))


def copied_by_hard_links(root: Path) -> Path:
    """As by `cp -rl`: each file is one and the same in both folders."""
    return Path(shutil.copytree(root, root.with_name("copy"), symlinks=True, copy_function=os.link))


def renamed(root: Path) -> Path:
    """As by `mv`."""
    return root.rename(root.with_name("renamed"))


def moved(root: Path) -> Path:
    """As by `mv` into another folder."""
    root.with_name("elsewhere").mkdir()
    return root.rename(root.with_name("elsewhere") / root.name)


def replaced_by_its_copy(root: Path) -> Path:
    """Renamed, and a copy put in its place: what its environment names is there, and is another checkout."""
    copy = copied(root)
    place = renamed(root)
    copy.rename(root)
    return place


def added_as_worktree(root: Path) -> Path:
    """As by `git worktree add`."""
    worktree = root.with_name("worktree")
    steps = (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "One"], ["worktree", "add", "-q", str(worktree)])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for words in steps:
        subprocess.run([*GIT, *words], cwd=root, env=environment, check=True)
    return worktree


@pytest.mark.parametrize(
    "relocated",
    [copied, copied_by_hard_links, renamed, moved, replaced_by_its_copy, added_as_worktree],
    ids=lambda way: way.__name__,
)
def test_checkout_elsewhere_makes_its_own(checkout: Checkout, relocated: Callable[[Path], Path]) -> None:
    """A checkout that another one became makes an environment of its own, once, and leaves the other's as it is."""
    new = replace(checkout, root=relocated(checkout.root))
    others = contents(checkout.environment)
    assert new.works_on_itself()
    assert new.asked() == WHOLE
    assert new.works_on_itself()
    assert contents(checkout.environment) == others
    assert not others or checkout.works_on_itself()
    assert checkout.asked() == []


CALLS = {
    "by its path": '"$checkout/scripts/generate"',
    "from its folder": 'cd "$checkout/scripts"; ./generate',
    "by a relative path": 'cd "$checkout/.."; */scripts/generate',
    "by sh": 'cd "$checkout"; sh scripts/generate',
    "by sh in its folder": 'cd "$checkout/scripts"; sh generate',
    "by PATH": 'cd "$checkout"; PATH=scripts:$PATH; generate',
    "with CDPATH": 'cd "$checkout"; export CDPATH="$elsewhere"; scripts/generate',
    "by a link": 'ln -s "$checkout/scripts/generate" "$elsewhere/verb"; "$elsewhere/verb"',
    "by a link to a link": 'cd "$elsewhere"; ln -s "$checkout/scripts/generate" b; ln -s b a; ./a',
    "by a link among other verbs": 'cd "$elsewhere"; ln -fs "$checkout/scripts/generate" scripts; scripts/generate',
    "through a linked folder": 'ln -s "$checkout" "$elsewhere/linked"; "$elsewhere/linked/scripts/generate"',
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_verb_finds_its_checkout(ready: Checkout, tmp_path: Path, call: str) -> None:
    """However a verb is called, and from wherever, it works on the checkout that it lies in."""
    elsewhere = small_checkout(tmp_path).root
    run = ready.run("sh", "-c", call, checkout=str(ready.root), elsewhere=str(elsewhere))
    assert ready.works_on_itself(run)


@pytest.mark.parametrize("verb", ["scripts/lint-contract", "scripts/lint-workflows", ".ci/run"])
def test_command_without_environment_finds_its_checkout(ready: Checkout, tmp_path: Path, verb: str) -> None:
    """What needs no environment of its own goes by links to its checkout as well."""
    for name, line in (("npx", "pwd"), ("npm", ":"), ("node", "pwd")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "link").symlink_to(ready.root / verb)
    run = ready.run(tmp_path / "link", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[0] == str(ready.root)


@pytest.mark.parametrize("verb", VERBS)
def test_verb_begins_as_every_other(verb: str) -> None:
    """Each verb finds its checkout by the same words, before it does anything else."""
    lines = (ROOT / "scripts" / verb).read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if not line.startswith("#"))
    finding, _, use = first.partition(" && ")
    assert finding == 'verb=$(readlink -f -- "$0")'
    assert use in ('. "${verb%/*}/environment" || exit 2', 'cd "${verb%/*}/.." || exit 2')


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONHOME", "root", "verb", "suffix", "lock_suffix", "python"])
def test_variable_of_the_caller_does_not_mislead(ready: Checkout, tmp_path: Path, name: str) -> None:
    """No variable of the caller has a verb work on another checkout, or in another environment."""
    other = small_checkout(tmp_path).root
    assert ready.works_on_itself(ready.run(**{name: "-oldest" if "suffix" in name else str(other)}))


def test_variables_that_name_code_go_no_further(checkout: Checkout) -> None:
    """What would have Python or mypy look for code elsewhere is gone from a verb's environment."""
    names = {"PYTHONPATH", "PYTHONHOME", "MYPYPATH", "__PYVENV_LAUNCHER__"}
    (checkout.root / "scripts/verbs/generate.py").write_text("import os; print(*os.environ)")
    assert not names & {*checkout.run(**dict.fromkeys(names, "/nowhere")).stdout.split()}


@pytest.mark.parametrize("name", ["a:b", "a\nb", "a\n", "a "], ids=repr)
def test_folder_that_python_cannot_import_from(tmp_path: Path, name: str) -> None:
    """In a folder whose name Python cannot import from, a verb says so, and makes nothing."""
    checkout = small_checkout(tmp_path, name)
    assert repr(str(checkout.root)) in checkout.refused()
    assert not checkout.environment.exists()


def link_to_anothers(environment: Path) -> None:
    """As between worktrees, to save a set-up."""
    environment.symlink_to(_set_up(environment.parent.parent, "another").environment)


def link_to_an_empty_folder(environment: Path) -> None:
    """As on another disk."""
    environment.with_name("empty").mkdir()
    environment.symlink_to("empty")


def link_to_nothing(environment: Path) -> None:
    """As when that disk is away."""
    environment.symlink_to("nowhere")


def file(environment: Path) -> None:
    """As some tools keep the name of an environment."""
    environment.write_text("roark\n")


def folder_of_something_else(environment: Path) -> None:
    """Whatever a person keeps there."""
    (environment / "letters").mkdir(parents=True)
    (environment / "letters/first.txt").write_text("Dear ...")


@pytest.mark.parametrize(
    "occupied",
    [link_to_anothers, link_to_an_empty_folder, link_to_nothing, file, folder_of_something_else],
    ids=lambda way: way.__name__,
)
def test_what_is_no_environment_of_its_own_is_left_alone(tmp_path: Path, occupied: Callable[[Path], None]) -> None:
    """A set-up empties nothing but an environment that lies in its checkout; else it says what to do."""
    checkout = small_checkout(tmp_path)
    occupied(checkout.environment)
    before = contents(tmp_path)
    line = checkout.refused()
    assert line.startswith("error: .venv could not be set up: ")
    assert ("remove the link" if checkout.environment.is_symlink() else "move it away") in line
    assert {**contents(tmp_path), "notes": b""} == {**before, "notes": b""}


def test_own_environment_behind_a_link_is_used(checkout: Checkout) -> None:
    """An environment that was put on another disk is used, and follows the project, until the lock changes."""
    checkout.environment.rename(checkout.place / "disk")
    checkout.environment.symlink_to(checkout.place / "disk")
    assert checkout.works_on_itself()
    assert checkout.asked() == []
    (checkout.root / "pyproject.toml").write_text("changed\n")
    assert checkout.works_on_itself()
    assert checkout.asked() == PROJECT
