"""What git says of a checkout."""

import os
import subprocess
from pathlib import Path

from scripts.terminal import printable

# What git tells its hooks of the repository that they are about.
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"})


class RevisionError(Exception):
    """A revision cannot be had, or not told; the message says why."""


def git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What git says of the checkout, in English, whatever other one a hook of git is about.

    Raises `RevisionError` where there is no git.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK} | {"LC_ALL": "C"}
    command = ["git", "-C", str(root), *words]
    try:
        return subprocess.run(command, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from None


def commit_of(root: Path, revision: str) -> str:
    """The hash of the commit that a revision names. Raises `RevisionError` where it cannot be had."""
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise RevisionError(_why_not(root, revision))
    return found.stdout.decode().split()[-1]


def reason(failed: subprocess.CompletedProcess[bytes]) -> str:
    """Why git did not do what it was told."""
    said = failed.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[0].removeprefix("fatal: ") if said else f"it ended with exit code {failed.returncode}"


def _why_not(root: Path, revision: str) -> str:
    asked = git(root, "rev-parse", "--git-dir")
    if asked.returncode == 0:
        return f"git knows no revision {printable(revision)}"
    why = reason(asked)
    return "this is no git checkout" if why.startswith("not a git repository") else f"git refuses: {why}"
