"""The steps that a contract goes through, each in a process of its own, and what became of each."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from contract_tests.evidence import CONTRACT_CLIENT
from contract_tests.survey.processes import ProcessResult, run
from contract_tests.type_checkers import STRICT

ROOT = Path(__file__).resolve().parents[2]

SEED = 1  # of the proof, so that a run can be repeated
EXAMPLES = 8  # generated values an operation, beside those that are derived one by one


class Verdict(StrEnum):
    """What became of a step."""

    GOOD = "good"
    REFUSED = "refused"
    """The contract is refused, each fault with its pointer."""
    WRONG = "wrong"
    LATE = "late"
    """It was not through within its limit."""


@dataclass(frozen=True)
class StepResult:
    """What became of a step: its verdict, in a few words, and finding by finding."""

    verdict: Verdict
    summary: str
    findings: Sequence[str] = ()
    seconds: float = 0.0
    peak: int = 0
    """The bytes of memory that its process held at most."""

    @property
    def is_failure(self) -> bool:
        """Whether this ought not to be."""
        return self.verdict in (Verdict.WRONG, Verdict.LATE)


@dataclass
class Trial:
    """One contract on its way through the steps."""

    contract: Path
    folder: Path
    """Where what is made of it goes."""
    seconds: float
    """The limit of each process."""
    without_refused: bool = False
    """Whether to go on without the operations that are refused."""
    tick: Callable[[], None] = lambda: None
    """What is called now and then while a process runs."""
    operations: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    """Why an operation was left out, by its label."""
    results: dict[str, StepResult] = field(default_factory=dict)

    @property
    def left(self) -> Path:
        """The contract that a client is written of."""
        return self.folder / "contract.json" if self.without_refused else self.contract

    @property
    def client(self) -> Path:
        """The folder of that client."""
        return self.folder / "client"

    def go(self, steps: Sequence[str]) -> None:
        """Take some of the steps, in the order of `STEPS`, as far as one rests on the other."""
        for name, step in STEPS.items():
            if name in steps:
                self.results[name] = step(self)
                if name in FIRST and self.results[name].verdict != Verdict.GOOD:
                    break

    def run(self, *command: object, folder: Path = ROOT) -> ProcessResult:
        """Run Python with these arguments to its end."""
        return run([sys.executable, "-P", *map(str, command)], self.seconds, folder=folder, tick=self.tick)

    def module(self, name: str, *arguments: object) -> ProcessResult:
        """Run a module of this package."""
        return self.run("-m", f"{__package__}.{name}", *arguments)


def read(trial: Trial) -> StepResult:
    """Read the contract and judge it; leave out what is refused, if that is asked for."""
    process = trial.module("reading", trial.contract, *([trial.left] if trial.without_refused else []))
    if process.code != 0:
        return _failed(process)
    output = json.loads(process.stdout)
    trial.operations, trial.left_out = output["operations"], output["left_out"]
    faults: list[dict[str, Any]] = output["faults"]
    findings = [_fault(each) for each in faults]
    if placeless := [each for each in faults if each["pointer"] is None and (each["line"] or 1) == 1]:
        return _result(
            process, Verdict.WRONG, f"{len(placeless)} of {_counted(findings, 'fault')} without a place", findings
        )
    if faults:
        return _result(process, Verdict.REFUSED, _counted(findings, "fault"), findings)
    return _result(process, Verdict.GOOD, "read")


def write(trial: Trial) -> StepResult:
    """Write the client."""
    process = trial.module("writing", trial.left, trial.client)
    if process.code != 0:
        return _failed(process)
    seconds = float(process.stdout)
    words = f"{seconds:.1f} s, {process.peak / 1e6:.0f} MB"
    return replace(_result(process, Verdict.GOOD, words), seconds=seconds)


def imports(trial: Trial) -> StepResult:
    """Import every module of the client."""
    process = trial.module("importing", trial.client)
    return _result(process, Verdict.GOOD, "all") if process.code == 0 else _failed(process, "module")


def types(trial: Trial) -> StepResult:
    """Check the client's types by mypy and basedpyright, both at their strictest."""
    (trial.client / "pyproject.toml").write_text(STRICT, encoding="utf-8")
    cache = f"--cache-dir={trial.folder / 'mypy'}"
    process = trial.run("-m", "mypy", cache, "--no-error-summary", "roark_client", folder=trial.client)
    if process.code != 0:
        return _failed(process, "error", "error:")
    process = trial.run("-m", "basedpyright", "--pythonpath", sys.executable, folder=trial.client)
    return _result(process, Verdict.GOOD, "both") if process.code == 0 else _failed(process, "error", "error:")


def calls(trial: Trial) -> StepResult:
    """Call each operation over loopback."""
    process = trial.module("calling", trial.left, trial.client)
    if process.code != 0:
        return _failed(process)
    output = json.loads(process.stdout)
    if wrong := output["wrong"]:
        count = len({each["operation"] for each in wrong})
        findings = [f"{each['operation']}: {each['reason']}" for each in wrong]
        return _result(process, Verdict.WRONG, f"{count} of {output['operations']} operations", findings)
    untried = [f"{label}: {reason}" for label, reason in output["untried"].items()]
    words = f"{output['calls']} calls" + (f", {len(untried)} not tried" if untried else "")
    return _result(process, Verdict.GOOD, words, untried)


def proof(trial: Trial) -> StepResult:
    """Ask the proof whether contract and client agree."""
    file = trial.folder / "drift.json"
    words = ["--spec", trial.left, "--client", trial.client, "--only", "test_contract_client", "--json", file]
    process = trial.run("-m", "contract_tests.drift", *words, "--seed", SEED, "--examples", EXAMPLES)
    if process.code not in (0, 1) or not file.exists():
        return _failed(process)
    output = json.loads(file.read_text(encoding="utf-8"))
    row = next(each for each in output["pairs"] if each["parties"] == [CONTRACT_CLIENT.one, CONTRACT_CLIENT.other])
    if not row["drifts"]:
        return _result(process, Verdict.GOOD, f"{row['cases']} cases", row["notes"])
    causes = [each for each in output["causes"] if each["pair"] == str(CONTRACT_CLIENT)]
    findings = [f"{', '.join(each['operations'])} {each['places'][0]}: {each['message']}" for each in causes]
    return _result(process, Verdict.WRONG, _counted(findings, "finding"), findings)


STEPS: dict[str, Callable[[Trial], StepResult]] = {
    "read": read,
    "write": write,
    "imports": imports,
    "types": types,
    "calls": calls,
    "proof": proof,
}

FIRST = ("read", "write")  # without which there is nothing to look at
QUICK = ("read", "write", "imports", "calls")  # what takes seconds


def _failed(process: ProcessResult, what: str = "line", having: str = "") -> StepResult:
    """A process that did not come to its end, or to another than it should have."""
    if process.code is None:
        return _result(process, Verdict.LATE, f"not through in {process.seconds:.0f} s")
    lines = [
        line.strip() for line in f"{process.stdout}\n{process.stderr}".splitlines() if line.strip() and having in line
    ]
    if what == "line":  # of a traceback or a refusal the last says most
        return _result(process, Verdict.WRONG, f"exit code {process.code}", lines[::-1])
    return _result(process, Verdict.WRONG, _counted(lines, what), lines)


def _result(process: ProcessResult, verdict: Verdict, summary: str, findings: Sequence[str] = ()) -> StepResult:
    return StepResult(verdict, summary, findings, process.seconds, process.peak)


def _counted(findings: Sequence[str], what: str) -> str:
    return f"{len(findings)} {what}{'' if len(findings) == 1 else 's'}"


def _fault(fault: dict[str, Any]) -> str:
    place = f"line {fault['line']}, " if fault["line"] else ""
    return f"{place}#{fault['pointer']}: {fault['reason']}" if fault["pointer"] else f"{place}{fault['reason']}"
