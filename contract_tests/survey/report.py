"""What `scripts/try-contracts` prints: a row a contract, then what was found; and the same for machines."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from contract_tests.survey.steps import STEPS, StepResult, Trial, Verdict
from scripts.terminal import GREEN, PLAIN, RED, YELLOW, is_coloured, printable

MOST = 3  # findings of one step that are printed; --json has them all
MOST_KINDS = 6  # reasons for leaving an operation out that are printed
WIDTH = 240  # characters of a finding that are printed

COLOURS = {Verdict.GOOD: GREEN, Verdict.REFUSED: YELLOW, Verdict.WRONG: RED, Verdict.LATE: RED}

# By what a reason holds: what the client does not do, in the words of the contract.
KINDS = {
    "multipart": "multipart/",
    "form": "x-www-form-urlencoded",
    "deepObject": "deepObject",
    "object in a parameter": "no object into the",
}


def table(trials: Sequence[Trial], base: Path, steps: Sequence[str], stream: TextIO) -> str:
    """A row a contract: how many of its operations, and what became of each step."""
    shown = [name for name in STEPS if name in steps]
    header = ["contract", "operations", *shown]
    rows = [
        [_name(trial, base), _operations(trial), *(_cell(trial.results.get(name)) for name in shown)]
        for trial in trials
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(header, widths, strict=True)).rstrip()]
    for trial, row in zip(trials, rows, strict=True):
        colours = ["", "", *(_colour(trial.results.get(name), stream) for name in shown)]
        cells = [
            f"{colour}{text.ljust(width)}{PLAIN if colour else ''}"
            for text, width, colour in zip(row, widths, colours, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def findings(trials: Sequence[Trial], base: Path) -> str:
    """What was left out of each contract and why, and the first findings of each step."""
    blocks = []
    for trial in trials:
        counted = list(kinds(trial).items())
        lines = [f"left out: {count}, {printable(kind)[:WIDTH]}" for kind, count in counted[:MOST_KINDS]]
        if others := sum(count for _, count in counted[MOST_KINDS:]):
            lines.append(f"left out: {others} for other reasons")
        for name, result in trial.results.items():
            lines += [f"{name}: {printable(each)[:WIDTH]}" for each in result.findings[:MOST]]
            if len(result.findings) > MOST:
                lines.append(f"{name}: and {len(result.findings) - MOST} more")
        if lines:
            blocks.append("\n   ".join([_name(trial, base), *lines]))
    return "\n\n".join(blocks)


def kinds(trial: Trial) -> dict[str, int]:
    """For what how many operations were left out, the most first: what no kind is made of by its own reason."""
    reasons = [fault.partition(": ")[2] for fault in trial.left_out.values()]
    found = Counter(next((kind for kind, words in KINDS.items() if words in each), each) for each in reasons)
    return dict(found.most_common())


def as_value(trials: Sequence[Trial], base: Path) -> dict[str, Any]:
    """The same for machines, with every finding."""
    return {
        _name(trial, base): {
            "operations": trial.operations,
            "left_out": trial.left_out,
            "steps": {name: _step_as_value(result) for name, result in trial.results.items()},
        }
        for trial in trials
    }


def _step_as_value(result: StepResult) -> dict[str, Any]:
    return {
        "verdict": result.verdict,
        "said": result.summary,
        "findings": list(result.findings),
        "seconds": result.seconds,
        "peak": result.peak,
    }


def _name(trial: Trial, base: Path) -> str:
    return printable(str(trial.contract.relative_to(base)))


def _operations(trial: Trial) -> str:
    left = len(trial.left_out)
    return f"{trial.operations - left} of {trial.operations}" if left else str(trial.operations)


def _cell(result: StepResult | None) -> str:
    if result is None:
        return "–"
    return result.summary if result.verdict is Verdict.GOOD else f"{result.verdict}: {result.summary}"


def _colour(result: StepResult | None, stream: TextIO) -> str:
    return COLOURS[result.verdict] if result is not None and is_coloured(stream) else ""
