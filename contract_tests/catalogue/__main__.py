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

from contract_tests.catalogue import by_hand, contract, protocol, report, server
from contract_tests.catalogue.change import Change
from contract_tests.catalogue.run import NotAgreedError, Verdict, by_the_proof, import_what_a_run_imports, verdicts
from contract_tests.catalogue.stock import by_stock, sample_for_stock
from contract_tests.subject import Subject, random_seed
from scripts.codegen.contract import ContractError
from scripts.terminal import progress, refuse, refuse_interrupted


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when every drift was noticed or cannot be, 1 with each that was missed, 2 when it could not run."""
    parser = argparse.ArgumentParser(
        prog="scripts/prove",
        description="Change one party at a time by one small step, run the proof on each, and count what it notices.",
        epilog="exit codes: 0 each was noticed or cannot be; 1 one was missed; 2 could not run",
    )
    parser.add_argument("--family", metavar="TEXT", default="", help="only families whose name contains it")
    parser.add_argument("--only", metavar="TEXT", default="", help="only drifts whose name contains it")
    parser.add_argument("--sample", type=_positive, metavar="N", help="only N of each family, chosen by the seed")
    parser.add_argument("--seed", type=int, default=random_seed(), help="repeat a run")
    parser.add_argument(
        "--examples", type=_positive, default=Subject.examples, metavar="N", help="generated cases an operation"
    )
    parser.add_argument("--stock", action="store_true", help="the score of stock Schemathesis beside ours")
    parser.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, metavar="N", help="processes at a time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result for machines as well")
    options = parser.parse_args(arguments)
    try:
        return _prove(options)
    except KeyboardInterrupt:
        return refuse_interrupted("nothing was decided")
    except (ContractError, NotAgreedError, OSError) as error:
        return refuse(str(error))
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for a drift that was missed
        traceback.print_exc()
        return refuse("the run broke off; this is a fault of scripts/prove itself")


def catalogue(subject: Subject) -> list[Change]:
    """Every drift that the proof must notice, and the few that nobody can."""
    return [
        *by_hand.changes(),
        *contract.changes(subject.contract.document),
        *server.changes(subject),
        *protocol.changes(),
    ]


def _prove(options: argparse.Namespace) -> int:
    subject = Subject(seed=options.seed, examples=options.examples, strict=True)
    changes = _chosen(catalogue(subject), options)
    if not changes:
        return refuse(f"no drift has {options.only!r} in its name and {options.family!r} in its family")
    started = time.monotonic()
    found = _verdicts(changes, subject, options.jobs)
    seconds = time.monotonic() - started
    print(report.text(found, seconds, options.seed, sys.stdout), flush=True)
    stock: list[Verdict] | None = None
    if options.stock:
        stock = _verdicts(sample_for_stock(found, options.seed), subject, options.jobs, stock=True)
        print(f"\n{report.beside_stock(found, stock)}")
    if options.json:
        options.json.write_text(report.as_json(found, stock, options.seed), encoding="utf-8")
    return 1 if any(each.is_missed or each.is_unjustified for each in found) else 0


def _chosen(changes: list[Change], options: argparse.Namespace) -> list[Change]:
    changes = [each for each in changes if options.family in each.family and options.only in each.name]
    if options.sample is None:
        return changes
    families: defaultdict[str, list[Change]] = defaultdict(list)
    for each in changes:
        families[each.family].append(each)
    chance = random.Random(options.seed)  # noqa: S311
    return [each for family in families.values() for each in chance.sample(family, min(options.sample, len(family)))]


def _verdicts(changes: Sequence[Change], subject: Subject, jobs: int, *, stock: bool = False) -> list[Verdict]:
    check = by_stock if stock else by_the_proof
    import_what_a_run_imports(subject, check)
    found: list[Verdict] = []
    for verdict in verdicts(changes, subject, check, jobs):
        found.append(verdict)
        missed = sum(each.is_missed for each in found)
        who = "stock Schemathesis: " if stock else ""
        progress(f"{who}{len(found)} of {len(changes)} drifts, {missed} missed")
    progress("")
    return found


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text}")
    return number


if __name__ == "__main__":
    sys.exit(main())
