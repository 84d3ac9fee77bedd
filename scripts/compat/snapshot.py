"""A contract and the client that was made from it, at a revision or in a folder: what a comparison is between."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from scripts.compat import contracts, surface
from scripts.compat.change import Change, SurfaceChange
from scripts.contract import ContractError, read
from scripts.git import RevisionError, commit_of, git, reason

SPEC = "openapi.yaml"
OUTPUT = "generated"


@dataclass(frozen=True)
class Snapshot:
    """A contract, and the surface of its client; None where there is no client that can be read."""

    document: Mapping[str, Any]
    surface: surface.Surface | None


def at_revision(root: Path, revision: str) -> tuple[str, Snapshot]:
    """The short hash of a git revision, and what it holds.

    Raises `RevisionError` where git, the revision or its contract cannot be had.
    """
    sha = commit_of(root, revision)
    present = git(root, "ls-tree", "--name-only", sha, "--", SPEC, OUTPUT).stdout.decode().split()
    if SPEC not in present:
        raise RevisionError(f"{revision} ({sha[:7]}) holds no {SPEC}")
    archive = git(root, "archive", "--format=zip", sha, "--", *present)
    if archive.returncode:
        raise RevisionError(f"git cannot give what {revision} ({sha[:7]}) holds: {reason(archive)}")
    with tempfile.TemporaryDirectory(prefix="roark-revision-") as place:
        with zipfile.ZipFile(BytesIO(archive.stdout)) as files:
            files.extractall(place)
        try:
            return sha[:7], of_client(read(Path(place, SPEC)).document, Path(place, OUTPUT))
        except ContractError as error:
            fault = f"{revision} ({sha[:7]}) holds a contract that cannot be used: {error.faults[0]}"
            raise RevisionError(fault) from None


def of_client(document: Mapping[str, Any], client: Path) -> Snapshot:
    """A contract and the client in a folder."""
    try:
        return Snapshot(document, surface.read(client))
    except ValueError:
        return Snapshot(document, None)


def compare(former: Snapshot, new: Snapshot) -> tuple[list[Change], list[SurfaceChange]]:
    """Every change of the contract, and of the surface as far as both are known."""
    changes = contracts.compare(former.document, new.document)
    if former.surface is None or new.surface is None:
        return changes, []
    given, got = surface.given_and_got(new.surface)
    return changes, surface.compare(former.surface, new.surface, only_got=got - given, only_given=given - got)
