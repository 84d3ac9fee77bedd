"""A client and the contract that it was made from, now or at a revision: the two sides of a comparison."""

from __future__ import annotations

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from scripts.codegen import python
from scripts.codegen.changes import contracts, surface
from scripts.codegen.changes.change import Change, SurfaceChange
from scripts.codegen.contract import ContractError, read
from scripts.codegen.schemas import CannotExpressError, ModelClass, PythonType
from scripts.terminal import printable

# What git tells its hooks of the repository that they are about.
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE"})

SPEC = "openapi.yaml"
OUTPUT = "generated"


class RevisionError(Exception):
    """There is nothing to compare with; the message says why."""


@dataclass(frozen=True)
class Side:
    """A contract, and the surface of its client; None where there is no client that can be read."""

    document: Mapping[str, Any]
    surface: surface.Surface | None


def at(root: Path, revision: str) -> tuple[str, Side]:
    """The short hash of a git revision, and what it holds.

    Raises `RevisionError` where git, the revision or its contract cannot be had.
    """
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise RevisionError(_why_not(root, revision))
    sha = found.stdout.decode().split()[-1]
    present = _git(root, "ls-tree", "--name-only", sha, "--", SPEC, OUTPUT).stdout.decode().split()
    if SPEC not in present:
        raise RevisionError(f"{revision} ({sha[:7]}) holds no {SPEC}")
    archive = _git(root, "archive", "--format=zip", sha, "--", *present)
    if archive.returncode:
        raise RevisionError(f"git cannot give what {revision} ({sha[:7]}) holds: {_reason(archive)}")
    with tempfile.TemporaryDirectory(prefix="roark-revision-") as place:
        with zipfile.ZipFile(BytesIO(archive.stdout)) as files:
            files.extractall(place)
        try:
            return sha[:7], Side(read(Path(place, SPEC)).document, _surface(Path(place, OUTPUT)))
        except ContractError as error:
            reason = f"{revision} ({sha[:7]}) holds a contract that cannot be used: {error.faults[0]}"
            raise RevisionError(reason) from None


def now(document: Mapping[str, Any], client: Path) -> Side:
    """A contract and the client in a folder."""
    return Side(document, _surface(client))


def compare(former: Side, new: Side) -> tuple[list[Change], list[SurfaceChange]]:
    """Every change of the contract, and of the surface as far as both are known."""
    changes = contracts.compare(former.document, new.document)
    if former.surface is None or new.surface is None:
        return changes, []
    given, got = _classes(new.document)
    return changes, surface.compare(former.surface, new.surface, only_got=got - given, only_given=given - got)


def _classes(document: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The names of the classes that callers give in requests, and of those that they get in replies."""
    try:
        view = python.Python(document)
    except CannotExpressError:
        return set(), set()
    given = [each.type for operation in view.operations for each in operation.parameters]
    given += [operation.body.type for operation in view.operations if operation.body]
    got = [each.type for operation in view.operations for each in operation.successes]
    return {*_reached(view, given)}, {*_reached(view, got)}


def _reached(view: python.Python, types: list[PythonType]) -> Iterator[str]:
    waiting, seen = list(types), set[str]()
    while waiting:
        for _, name in waiting.pop().classes:
            if name not in seen:
                seen.add(name)
                yield name
                found = view.classes[name]
                if isinstance(found, ModelClass):
                    waiting += [each.type for each in found.fields]
                    waiting += [found.additional] if found.additional else []


def _surface(folder: Path) -> surface.Surface | None:
    try:
        return surface.read(folder)
    except ValueError:
        return None


def _git(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """What git says of the checkout, in English, whatever other one a hook of git is about."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK} | {"LC_ALL": "C"}
    command = ["git", "-C", str(root), *words]
    try:
        return subprocess.run(command, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from None


def _reason(failed: subprocess.CompletedProcess[bytes]) -> str:
    said = failed.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[0].removeprefix("fatal: ") if said else f"it ended with exit code {failed.returncode}"


def _why_not(root: Path, revision: str) -> str:
    asked = _git(root, "rev-parse", "--git-dir")
    if asked.returncode == 0:
        return f"git knows no revision {printable(revision)}"
    reason = _reason(asked)
    return "this is no git checkout" if reason.startswith("not a git repository") else f"git refuses: {reason}"
