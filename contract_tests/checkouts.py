"""Copies of this checkout that a test changes at will, and `scripts/generate` in them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contract_tests import commands
from contract_tests.subject import ROOT

GENERATE = (sys.executable, "-P", "-m", "scripts.verbs.generate")

SECONDS = 300  # that a test waits for something that must come, on however busy a machine
GIT = shutil.which("git") or "git"
NO_GIT = commands.without_git(os.environ)

OF_A_RUN = ("openapi.yaml", "pyproject.toml", "contract_tests", "generated", "scripts")  # what the proof reads

ROLE = "required: [role]\n      properties:\n        role:"  # of whoever takes part, in a request

BREAKING = (ROLE, ROLE.replace("[role]", "[role, name]"))
COMPATIBLE = ("enum: [RINGING, IN_PROGRESS", "enum: [RINGING, QUEUED, IN_PROGRESS")
DOCUMENTATION = ("description: State of the call itself", "description: State of the call")


def git(checkout: Path, *words: str) -> str:
    """Run git as somebody."""
    author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]
    command = [GIT, "-C", str(checkout), *author, *words]
    return subprocess.run(command, env=NO_GIT, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path) -> None:
    """Make a folder a checkout with one commit of what is here."""
    _copy(folder, *OF_A_RUN, "CHANGELOG.md", ".gitignore")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=One")


def edit(checkout: Path, *changes: tuple[str, str]) -> None:
    """Replace texts of the contract, each the first time that it stands there."""
    spec = checkout / "openapi.yaml"
    text = spec.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, "the contract has changed; this case edits nothing any more"
        text = text.replace(old, new, 1)
    spec.write_text(text, encoding="utf-8")


def generate(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/generate` in a checkout, with these environment variables as well."""
    return commands.run(commands.GENERATE, *arguments, checkout=checkout, COLUMNS="100", **variables)


@contextmanager
def started(checkout: Path, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The same while it runs; all that it prints is one stream, and it is ended at the latest here."""
    command, environ = [*GENERATE, *arguments], commands.environment(checkout, COLUMNS="100", **variables)
    with subprocess.Popen(
        command, cwd=checkout, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def copied_checkout(folder: Path) -> Path:
    """A copy of what a run of the proof reads."""
    checkout = folder / "checkout"
    _copy(checkout, *OF_A_RUN)
    return checkout


def _copy(folder: Path, *names: str) -> None:
    folder.mkdir()
    for name in names:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)  # with what Python has compiled, which to do again takes a second
