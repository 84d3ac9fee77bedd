"""One run of `scripts/generate`: the client is written or compared, and what changed is judged for its callers."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from scripts.codegen import generator, output
from scripts.compat import followers, report, snapshot, versions
from scripts.compat.report import Report
from scripts.compat.snapshot import Snapshot
from scripts.contract import Contract
from scripts.files import write_whole
from scripts.git import RevisionError

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / snapshot.SPEC
OUTPUT = ROOT / snapshot.OUTPUT

HEAD = "HEAD"

FILES_SHOWN = 8

_WRITTEN = {"missing": "added", "changed": "rewritten", "not generated": "removed"}


class ForeignFolderError(Exception):
    """The folder holds what scripts/generate did not write; the message says so."""


@dataclass(frozen=True)
class Base:
    """What a contract is compared with. Without `former`, `reason` says why there is nothing.

    `released` is what callers of the last release hold, which decides the version that is due.
    """

    against: str
    commit: str = ""
    former: Snapshot | None = None
    released: Snapshot | None = None
    reason: str = ""


@dataclass(frozen=True)
class Written:
    """What a run found in the folder, and the contract and client as they are now."""

    contract: Contract
    stale: Sequence[output.StaleFile]
    snapshot: Snapshot


def base(against: str | None, spec: Path, *, is_needed: bool) -> Base:
    """The revision to compare a contract with: the one that is asked for, else the last commit.

    Raises `RevisionError` where one that is asked for, or needed, cannot be had.
    """
    try:
        commit, former = snapshot.at_revision(ROOT, HEAD if against is None else against)
    except RevisionError as error:
        if against is not None or is_needed:
            raise
        return Base(HEAD, reason=str(error))
    released = versions.released(ROOT) if spec.resolve() == SPEC else None
    return Base(HEAD if against is None else against, commit, former, released)


def write(contract: Contract, folder: Path) -> Written:
    """Put the client that a contract gives in the place of a folder, whole or not at all.

    Raises `ContractError`, OSError or `ForeignFolderError`; the folder is as it was then.
    """
    if not output.may_be_replaced(folder):
        reason = f"{name_of(folder)} holds files that scripts/generate did not write; name a new or an empty folder"
        raise ForeignFolderError(reason)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, so that a rename puts it in place.
    with tempfile.TemporaryDirectory(prefix=".generated-", dir=folder.parent) as place:
        fresh = Path(place, "generated")
        written = _written(contract, folder, fresh)
        if written.stale:
            output.replace(folder, fresh, old=Path(place, "old"))
    return written


def check(contract: Contract, folder: Path) -> Written:
    """The same without writing anything."""
    with tempfile.TemporaryDirectory() as place:
        return _written(contract, folder, Path(place, "generated"))


def judge(base: Base, new: Snapshot) -> Report | None:
    """What changed since a revision, and what it means; None where there is none to compare with."""
    if base.former is None:
        return None
    changes, surface = snapshot.compare(base.former, new)
    return Report(
        base.against,
        base.commit,
        changes,
        surface,
        surface_known=base.former.surface is not None,
        due=versions.due(base.released, new) if base.released else None,
    )


def with_followers(comparison: Report, spec: Path, *, is_stale: bool) -> Report:
    """The same with the parties that do not follow the contract, which takes some seconds."""
    if not comparison.changes:
        return comparison
    lagging = followers.lagging_parties(ROOT, spec)
    if is_stale and "client" not in lagging:
        lagging = ["client", *lagging]
    return replace(comparison, lagging=lagging)


def tell(comparison: Report, stream: TextIO, *, as_json: Path | None = None, as_markdown: Path | None = None) -> None:
    """Print a report, and write it for machines and pull requests. Raises OSError."""
    stream.write("\n" + "\n".join(report.lines(comparison, stream)) + "\n")
    if as_json:
        write_whole(as_json, json.dumps(report.as_value(comparison), indent=2, ensure_ascii=False) + "\n")
    if as_markdown:
        write_whole(as_markdown, report.markdown(comparison))


def stale_in_words(written: Written, folder: Path) -> str:
    """Each file that is stale, and what it comes from."""
    contract, stale = written.contract, written.stale
    if not stale:
        return f"{name_of(folder)} is what {name_of(contract.path)} gives"
    sources = generator.sources_of_files(contract)
    lines = [f"{name_of(folder)} is not what {name_of(contract.path)} gives ({_counted(stale)}):"]
    for file in stale[:FILES_SHOWN]:
        source = sources.get(file.path)
        lines += [f"\n{file.path}: {file.state}{f' (from #{source})' if source else ''}"]
        lines += [f"    {line}" for line in file.diff]
    if len(stale) > FILES_SHOWN:
        lines += [f"\n… and {len(stale) - FILES_SHOWN} more files"]
    return "\n".join([*lines, "\nRun scripts/generate to rewrite it."])


def written_in_words(written: Written, folder: Path) -> str:
    """How many files were written."""
    if not written.stale:
        return f"{name_of(folder)} is up to date"
    return f"{name_of(folder)}: {_counted(written.stale, _WRITTEN)}"


def name_of(path: Path) -> str:
    """A path as a person in the checkout would write it."""
    return str(path.resolve().relative_to(ROOT)) if path.resolve().is_relative_to(ROOT) else str(path)


def _written(contract: Contract, folder: Path, fresh: Path) -> Written:
    generator.write_client(contract, fresh)
    return Written(contract, list(output.stale_files(folder, fresh)), snapshot.of_client(contract.document, fresh))


def _counted(stale: Sequence[output.StaleFile], words: Mapping[str, str] | None = None) -> str:
    states = Counter((words or {}).get(file.state, file.state) for file in stale)
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
