"""A run as JSON, and the whole of several runs that each took a part of the catalogue, on whichever machine."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta, Struct

from contract_tests.evidence import Drift
from contract_tests.mutations.change import Change
from contract_tests.mutations.run import Verdict
from scripts.git import RevisionError, commit_of, git, reason
from scripts.terminal import printable

# What decides the verdicts. A part that lies in the checkout, or an edited README, makes no other state of it.
DECIDING = ("openapi.yaml", "contract_tests", "generated", "scripts", "pyproject.toml", "requirements.txt")

UNCOMMITTED = "-dirty"  # as `git describe` marks it

MOST_PARTS = 999
MOST_NAMED = 8  # missing parts that a refusal lists


class PartError(Exception):
    """Parts are not the whole of one run; the message says which, why, and what to do."""


class Shard(Struct, frozen=True):
    """One of `of` parts of the catalogue. Together they hold each drift once."""

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of <= MOST_PARTS:
            raise ValueError(f"expected part K of N, K from 1 to N, N up to {MOST_PARTS}, got {self}")

    @classmethod
    def read(cls, text: str) -> Self:
        """`3/8`. Raises ValueError for what is none."""
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        if not found:
            raise ValueError(f"expected K/N, such as 3/8, got {text!r}")
        return cls(int(found[1]), int(found[2]))

    def holds(self, change: Change) -> bool:
        """Whether a drift is in this part: by its name alone, so that a new drift moves no other."""
        digest = hashlib.sha256("\n".join(change.identity).encode()).digest()
        return int.from_bytes(digest, "big") % self.of == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Shard(1, 1)


@dataclass(frozen=True)
class Run:
    """What became of each drift of a run, and what decided that. `commit` is None where git knows none."""

    verdicts: Sequence[Verdict]
    seconds: float
    seed: int
    examples: int
    commit: str | None
    shard: Shard = WHOLE
    every_check: bool = False
    """Whether each drift went through all of the proof, so that all that notice it are known."""

    @property
    def is_good(self) -> bool:
        """Whether each drift was noticed, but for those that nobody can notice."""
        return not any(verdict.is_missed or verdict.is_unjustified for verdict in self.verdicts)


Seconds = Annotated[float, Meta(ge=0, le=1e9)]


class Entry(Struct, frozen=True, kw_only=True):
    """A verdict in JSON. `found_by`, `operation`, `place` and `message` tell what was noticed, if anything was.

    `noticed_by` holds `found_by` of all that noticed it, which a run to the first drift does not know.
    """

    family: str
    name: str
    hurts: str
    verdict: Literal["caught", "missed", "equivalent"]
    found_by: str | None
    operation: str | None
    place: str | None
    message: str | None
    noticed_by: list[str]
    equivalent: str
    fault: str
    seconds: Seconds
    stock: bool | None


class Part(Struct, frozen=True, kw_only=True):
    """A run in JSON."""

    format: Literal["roark-prove 1"]
    all_caught: bool
    commit: str | None
    seed: int
    examples: int
    shard: Shard
    every_check: bool
    seconds: Seconds
    drifts: list[Entry]

    @property
    def of_commit(self) -> str:
        """The commit, as text for a terminal."""
        return f"of commit {'unknown' if self.commit is None else printable(self.commit)}"

    @property
    def asked(self) -> tuple[str, ...]:
        """What the parts of one run have in common, as text for a terminal."""
        every_check = f"{'with' if self.every_check else 'without'} --every-check"
        return self.of_commit, f"of seed {self.seed}", f"of examples {self.examples}", every_check


def state(root: Path) -> str:
    """The commit of a checkout, marked where something decides a run that is not in it.

    Raises `RevisionError` where git cannot tell.
    """
    commit = commit_of(root, "HEAD")
    changed = git(root, "status", "--porcelain", "--untracked-files=all", "--", *DECIDING)
    if changed.returncode:
        raise RevisionError(f"git refuses: {reason(changed)}")
    return commit + UNCOMMITTED if changed.stdout else commit


def is_committed(commit: str | None) -> bool:
    """Whether a state is known by its commit alone, so that two of the same are the same."""
    return commit is not None and not commit.endswith(UNCOMMITTED)


def as_json(run: Run, stock: Sequence[Verdict] | None = None) -> str:
    """A run as one JSON object: every drift with its verdict, and whether stock Schemathesis noticed it."""
    noticed = {verdict.change.identity: verdict.is_caught for verdict in stock or ()}
    part = Part(
        format="roark-prove 1",
        all_caught=run.is_good,
        commit=run.commit,
        seed=run.seed,
        examples=run.examples,
        shard=run.shard,
        every_check=run.every_check,
        seconds=round(run.seconds, 2),
        drifts=[_entry(verdict, noticed.get(verdict.change.identity)) for verdict in run.verdicts],
    )
    return json.dumps(msgspec.to_builtins(part), indent=2, ensure_ascii=False) + "\n"


def _entry(verdict: Verdict, stock: bool | None) -> Entry:
    change, drift = verdict.change, verdict.drift
    return Entry(
        family=change.family,
        name=change.name,
        hurts=change.hurts,
        verdict="caught" if verdict.is_caught else "missed" if verdict.is_missed else "equivalent",
        found_by=drift.found_by if drift else None,
        operation=drift.operation if drift else None,
        place=drift.place if drift else None,
        message=drift.message if drift else None,
        noticed_by=list(verdict.noticed_by),
        equivalent=change.equivalent,
        fault=verdict.fault,
        seconds=round(verdict.seconds, 2),
        stock=stock,
    )


def read(path: Path) -> Part:
    """A run that `as_json` wrote. Raises `PartError` for anything else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Part)
    except OSError as error:
        raise PartError(f"{path} cannot be read: {error.strerror}; expected what --json wrote") from None
    except (ValueError, RecursionError) as error:
        raise PartError(f"{path} is not what --json wrote: {printable(str(error))}; run that part again") from None


def merged(parts: Sequence[tuple[Path, Part]], changes: Sequence[Change], commit: str) -> Run:
    """The run of which these are the parts, as one machine would have run it.

    `changes` is the catalogue and `commit` the state of this checkout. Raises `PartError` where the parts are not the
    whole of one run.
    """
    _expect_one_run(parts, commit)
    _expect_each_shard_once(parts)
    verdicts = _verdicts(parts, changes)
    part = parts[0][1]
    return Run(
        verdicts=[verdicts[change.identity] for change in changes],
        seconds=sum(part.seconds for _, part in parts),
        seed=part.seed,
        examples=part.examples,
        commit=commit,
        every_check=part.every_check,
    )


def _expect_one_run(parts: Sequence[tuple[Path, Part]], commit: str) -> None:
    path, part = parts[0]
    for other_path, other in parts[1:]:
        for expected, got in zip(part.asked, other.asked, strict=True):
            if got != expected:
                raise PartError(
                    f"{path} is {expected} and {other_path} {got}; expected the parts of one run: give each the same"
                )
    if not is_committed(part.commit):
        raise PartError(
            f"{path} is {part.of_commit}, which does not tell whether the parts were of one state; "
            "commit every change, and run each part again"
        )
    if part.commit != commit:
        raise PartError(
            f"{path} is {part.of_commit}, and this checkout of {commit}; check out that of the parts, and merge there"
        )


def _expect_each_shard_once(parts: Sequence[tuple[Path, Part]]) -> None:
    first, part = parts[0]
    given: dict[Shard, Path] = {}
    for path, other in parts:
        if other.shard.of != part.shard.of:
            raise PartError(f"{first} is {part.shard} and {path} {other.shard}; expected parts of one division")
        if other.shard in given:
            raise PartError(f"{given[other.shard]} and {path} are both {other.shard}; give each part once")
        given[other.shard] = path
    shards = (Shard(number, part.shard.of) for number in range(1, part.shard.of + 1))
    if missing := [str(shard) for shard in shards if shard not in given]:
        verb = "is" if len(missing) == 1 else "are"
        every_check = " --every-check" if part.every_check else ""
        words = f"--shard {missing[0]} --seed {part.seed} --examples {part.examples}{every_check} --json FILE"
        raise PartError(f"{_listed(missing)} {verb} missing; run scripts/prove {words}, and merge all parts")


def _verdicts(parts: Sequence[tuple[Path, Part]], changes: Sequence[Change]) -> Mapping[tuple[str, str], Verdict]:
    """The verdict on each drift of the catalogue, by its identity."""
    known = {change.identity: change for change in changes}
    found: dict[tuple[str, str], Verdict] = {}
    for path, part in parts:
        for entry in part.drifts:
            change = known.get((entry.family, entry.name))
            if change is None:
                fault = "is not in the catalogue"
            elif not part.shard.holds(change):
                fault = "is of another part"
            elif change.identity in found:
                fault = "stands there twice"
            else:
                found[change.identity] = _verdict(change, entry)
                continue
            named = printable(f"{entry.family}: {entry.name}")
            raise PartError(f"{path} is {part.shard}, and {named} {fault}; run that part again")
        if lacking := [change for change in changes if part.shard.holds(change) and change.identity not in found]:
            raise PartError(
                f"{path} lacks {len(lacking)} of the drifts of {part.shard}, first {': '.join(lacking[0].identity)}; "
                "run that part without --family, --only and --sample"
            )
    return found


def _verdict(change: Change, entry: Entry) -> Verdict:
    if entry.found_by is None:
        return Verdict(change, entry.seconds, fault=entry.fault)
    drift = Drift(entry.operation, entry.place or "", entry.message or "", entry.found_by)
    return Verdict(change, entry.seconds, drift, entry.fault, entry.noticed_by)


def _listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; of many the first, and how many others."""
    shown = [*names[:MOST_NAMED], *([f"{len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else [])]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
