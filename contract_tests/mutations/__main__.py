"""`scripts/prove`: is every single drift noticed?"""

import argparse
import os
import random
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from contract_tests.impact import Impact
from contract_tests.mutations import parts, report
from contract_tests.mutations.catalogue import catalogue
from contract_tests.mutations.change import Change
from contract_tests.mutations.parts import WHOLE, PartError, Run, Shard
from contract_tests.mutations.run import (
    Check,
    NotAgreedError,
    Verdict,
    by_every_check,
    by_the_proof,
    import_what_a_run_imports,
    verdicts,
)
from contract_tests.mutations.stock import by_stock, sample_for_stock
from contract_tests.subject import ROOT, Subject, number_from, random_seed
from scripts.contract import ContractError
from scripts.files import unwritable, write_whole
from scripts.git import RevisionError
from scripts.terminal import heed_termination, progress, refuse, refuse_interrupted, tolerate


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when every drift was noticed or cannot be, 1 with each that was missed, 2 when it could not run."""
    parser = _parser()
    options = parser.parse_args(arguments)
    tolerate(sys.stdout)
    heed_termination()
    try:
        if problem := _problem(options, parser) or unwritable(options.json):
            return refuse(problem)
        return _merge(options) if options.merge else _prove(options)
    except KeyboardInterrupt:
        return refuse_interrupted("nothing was decided")
    except (ContractError, NotAgreedError, PartError, OSError) as error:
        return refuse(str(error))
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for a drift that was missed
        traceback.print_exc()
        return refuse("the run broke off; this is a fault of scripts/prove itself")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/prove",
        description="Change one party at a time by one small step, run the proof on each, and count what it notices.",
        epilog="exit codes: 0 each was noticed or cannot be; 1 one was missed; 2 could not run",
    )
    parser.add_argument("--family", metavar="TEXT", default="", help="only families whose name contains it")
    parser.add_argument("--only", metavar="TEXT", default="", help="only drifts whose name contains it")
    parser.add_argument("--sample", type=number_from(1), metavar="N", help="only N of each family, chosen by the seed")
    parser.add_argument("--seed", type=int, default=random_seed(), help="repeat a run")
    parser.add_argument(
        "--examples", type=number_from(1), default=Subject.examples, metavar="N", help="generated cases an operation"
    )
    parser.add_argument(
        "--every-check",
        action="store_true",
        help="run the proof on each drift to its end, and count for each check what nothing else noticed",
    )
    parser.add_argument("--stock", action="store_true", help="the score of stock Schemathesis beside ours")
    parser.add_argument(
        "--jobs", type=number_from(1), default=os.cpu_count() or 1, metavar="N", help="processes at a time"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result for machines as well")
    machines = parser.add_argument_group("one run on several machines")
    machines.add_argument(
        "--shard", type=_shard, default=WHOLE, metavar="K/N", help="only part K of N, by a stable hash of each name"
    )
    machines.add_argument(
        "--merge",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="run nothing: print the whole of what --json wrote of each part, all of this commit and of one seed",
    )
    return parser


def _problem(options: argparse.Namespace, parser: argparse.ArgumentParser) -> str | None:
    """What is asked for in vain beside another option."""
    if options.stock and options.shard != WHOLE:
        return "--stock looks at what a whole run has noticed; leave out --shard or --stock"
    if options.stock and options.every_check:
        return "--stock asks who is the first to notice, and --every-check who is at all; leave out one of them"
    given = [name for name, value in vars(options).items() if value != parser.get_default(name)]
    others = [f"--{name.replace('_', '-')}" for name in given if name not in ("merge", "json")]
    if options.merge and others:
        return f"--merge runs nothing, so {others[0]} says nothing; leave out one of them"
    return None


def _prove(options: argparse.Namespace) -> int:
    subject = Subject(seed=options.seed, examples=options.examples, fail_on=Impact.GUESS)
    chosen = _chosen(catalogue(subject), options)
    if not chosen:
        return refuse(f"no drift has {options.only!r} in its name and {options.family!r} in its family")
    changes = [change for change in chosen if options.shard.holds(change)]
    commit = _state(options)
    started = time.monotonic()
    check = by_every_check if options.every_check else by_the_proof
    found = _verdicts(changes, subject, options.jobs, check) if changes else []
    seconds = time.monotonic() - started
    run = Run(found, seconds, options.seed, options.examples, commit, options.shard, options.every_check)
    print(report.text(run, sys.stdout), flush=True)
    stock: list[Verdict] | None = None
    if options.stock:
        stock = _verdicts(sample_for_stock(found, options.seed), subject, options.jobs, by_stock)
        print(f"\n{report.beside_stock(found, stock)}")
    if options.json:
        write_whole(options.json, parts.as_json(run, stock))
    return 0 if run.is_good else 1


def _merge(options: argparse.Namespace) -> int:
    given = [(path, parts.read(path)) for path in options.merge]
    try:
        commit = parts.state(ROOT)
    except RevisionError as error:
        return refuse(
            f"{error}, so nobody can tell whether the parts are of this catalogue; merge where they were made"
        )
    run = parts.merged(given, catalogue(Subject()), commit)
    print(report.text(run, sys.stdout), flush=True)
    if options.json:
        write_whole(options.json, parts.as_json(run))
    return 0 if run.is_good else 1


def _state(options: argparse.Namespace) -> str | None:
    """The commit that is proved. Where a part can never be merged for it, that is said before it takes its time."""
    commit = None
    reason = "not every change is committed"
    try:
        commit = parts.state(ROOT)
    except RevisionError as error:
        reason = str(error)
    if options.json and options.shard != WHOLE and not parts.is_committed(commit):
        sys.stderr.write(f"note: {reason}, so --merge will not take this part\n")
    return commit


def _chosen(changes: list[Change], options: argparse.Namespace) -> list[Change]:
    changes = [each for each in changes if options.family in each.family and options.only in each.name]
    if options.sample is None:
        return changes
    families: defaultdict[str, list[Change]] = defaultdict(list)
    for each in changes:
        families[each.family].append(each)
    chance = random.Random(options.seed)  # noqa: S311
    return [each for family in families.values() for each in chance.sample(family, min(options.sample, len(family)))]


def _verdicts(changes: Sequence[Change], subject: Subject, jobs: int, check: Check) -> list[Verdict]:
    """The verdict on each change, in their order: whichever machine was how fast, the report is the same."""
    import_what_a_run_imports(changes, subject, check, jobs)
    found: list[Verdict] = []
    for verdict in verdicts(changes, subject, check, jobs):
        found.append(verdict)
        missed = sum(each.is_missed for each in found)
        who = "stock Schemathesis: " if check is by_stock else ""
        progress(f"{who}{len(found)} of {len(changes)} drifts, {missed} missed")
    progress("")
    place = {change.identity: number for number, change in enumerate(changes)}
    return sorted(found, key=lambda verdict: place[verdict.change.identity])


def _shard(text: str) -> Shard:
    try:
        return Shard.read(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
