"""`scripts/try-contracts`: what becomes of contracts that nobody here wrote?"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from contract_tests.survey import report
from contract_tests.survey.steps import QUICK, STEPS, Trial
from scripts.files import unwritable, write_whole
from scripts.terminal import heed_termination, printable, progress, refuse, refuse_interrupted, tolerate

SUFFIXES = (".json", ".yaml", ".yml")
SECONDS = 600


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where each contract was good or refused by its places, 1 where not, 2 where nothing could be tried."""
    options = _parser().parse_args(arguments)
    heed_termination()
    folder = options.folder.absolute()  # each step runs in a folder of its own
    base = folder if folder.is_dir() else folder.parent
    contracts = [folder] if folder.is_file() else _contracts(folder)
    if problem := unwritable(options.json):
        return refuse(problem)
    if not contracts:
        return refuse(f"{options.folder} holds no contract; give a folder of files named {', '.join(SUFFIXES)}, or one")
    steps = QUICK if options.quick else options.steps
    trials: list[Trial] = []
    try:
        for number, contract in enumerate(contracts, 1):
            with tempfile.TemporaryDirectory(prefix="roark-try-") as folder:
                trial = Trial(contract, Path(folder), options.timeout, options.without_refused)
                trial.tick = _ticker(trial, f"{number} of {len(contracts)}", steps)
                trials.append(trial)
                trial.go(steps)
    except KeyboardInterrupt:
        _print(trials[:-1], base, steps)
        return refuse_interrupted(f"{len(contracts) - len(trials) + 1} contracts were not tried")
    if options.json:
        write_whole(options.json, json.dumps(report.as_value(trials, base), indent=2) + "\n")
    _print(trials, base, steps)
    return int(any(each.is_failure for trial in trials for each in trial.results.values()))


def _ticker(trial: Trial, number: str, steps: Sequence[str]) -> Callable[[], None]:
    """What says how far a contract is."""
    names = [name for name in STEPS if name in steps]
    began = time.monotonic()

    def tick() -> None:
        seconds = time.monotonic() - began
        progress(f"{number}, {printable(trial.contract.name)}: {names[len(trial.results)]}, {seconds:.0f} s")

    return tick


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/try-contracts",
        description="Try contracts that nobody here wrote: read each, write its client, import it, check its types, "
        "call each operation over loopback, and ask the proof whether contract and client agree.",
        epilog="exit codes: 0 each is good, or refused by its places; 1 a step fails; 2 could not run",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of contracts; or one of them")
    parser.add_argument(
        "--without-refused",
        action="store_true",
        help="go on without the operations that are refused",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--steps",
        type=chosen_steps,
        default=tuple(STEPS),
        metavar="NAMES",
        help=f"some of {','.join(STEPS)} (default: all)",
    )
    which.add_argument("--quick", action="store_true", help=f"the same as --steps {','.join(QUICK)}")
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=SECONDS,
        metavar="SECONDS",
        help=f"the limit of each step (default: {SECONDS})",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result for machines as well")
    return parser


def chosen_steps(text: str) -> tuple[str, ...]:
    """Steps by their names, and those that they rest on. Raises ArgumentTypeError for another name."""
    names = set(text.split(","))
    if unknown := sorted(names - STEPS.keys()):
        raise argparse.ArgumentTypeError(f"expected some of {','.join(STEPS)}, got {unknown[0]!r}")
    return tuple(name for name in STEPS if name in names or name == "read" or (name == "write" and names != {"read"}))


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 86400, got {text!r}")
    return seconds


def _contracts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in SUFFIXES)


def _print(trials: Sequence[Trial], base: Path, steps: Sequence[str]) -> None:
    progress("")
    tolerate(sys.stdout)
    print(report.table(trials, base, steps, sys.stdout))
    if found := report.findings(trials, base):
        print(f"\n{found}")


if __name__ == "__main__":
    sys.exit(main())
