"""Each change alone through the ordinary proof, in a process of its own, as many at a time as there are cores."""

import contextlib
import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any

from contract_tests.catalogue.change import Change
from contract_tests.evidence import Drift
from contract_tests.subject import Subject, choose
from scripts.codegen.contract import ContractError

SECONDS = 120  # that one run may take; ten is what it takes when nothing is found
WITHOUT_BYTES = (
    "not test_client_is_generated_from_the_contract"  # a changed client is generated anew: bytes tell nothing
)

OURS = ("contract_tests", "scripts", "roark_client", "roark_mock", "conftest")
PLUGIN = "_hypothesis_pytestplugin"  # takes its import for the start of pytest, and warns until that is through

Found = dict[str, Any]
Check = Callable[[Change, Subject, Path], Found]


class NotAgreedError(Exception):
    """The parties drift before anything is changed; the message says where."""


@dataclass(frozen=True)
class Verdict:
    """What became of one change. `found_by` names the test, and its check, that noticed it first; None: nobody did."""

    change: Change
    seconds: float
    found_by: str | None = None
    operation: str | None = None
    found_at: str = ""
    message: str = ""
    fault: str = ""
    """What kept the run from its end, where it got none."""

    @property
    def is_caught(self) -> bool:
        """Whether somebody noticed."""
        return self.found_by is not None

    @property
    def check(self) -> str | None:
        """The check alone, or the test that is one by itself."""
        return self.found_by and self.found_by.rpartition(": ")[2]

    @property
    def is_missed(self) -> bool:
        """Whether nobody noticed what somebody could have."""
        return not self.is_caught and (not self.change.equivalent or bool(self.fault))

    @property
    def is_unjustified(self) -> bool:
        """Whether somebody noticed what is called equivalent."""
        return self.is_caught and bool(self.change.equivalent)


def verdicts(changes: Sequence[Change], subject: Subject, check: Check, workers: int) -> Iterator[Verdict]:
    """The verdict on each change, as they come. Processes that still run when this generator is closed are killed."""
    context = multiprocessing.get_context("fork")  # what is imported is there already, which takes 2 s otherwise
    waiting = list(reversed(changes))
    running: dict[Connection, tuple[ForkProcess, Change, float]] = {}
    root = Path(tempfile.mkdtemp(prefix="roark-prove-"))
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                change = waiting.pop()
                receiver, sender = context.Pipe(duplex=False)
                folder = root / str(len(waiting))
                process = context.Process(target=_run, args=(change, subject, check, folder, sender), daemon=True)
                process.start()
                sender.close()
                running[receiver] = process, change, time.monotonic()
            ready = wait(list(running), timeout=1)
            for receiver, (process, change, started) in list(running.items()):
                seconds = time.monotonic() - started
                if receiver in ready:
                    try:
                        verdict = receiver.recv()
                        yield Verdict(change, **verdict)
                    except EOFError:
                        yield Verdict(change, seconds, fault="its process died")
                elif seconds > SECONDS:
                    process.kill()
                    yield Verdict(change, seconds, fault=f"no verdict within {SECONDS} s")
                else:
                    continue
                del running[receiver]
                receiver.close()
                process.join()
    finally:
        for process, _, _ in running.values():
            process.kill()
            process.join()
        shutil.rmtree(root, ignore_errors=True)


def import_what_a_run_imports(subject: Subject, check: Check) -> None:
    """Import once, before any process is forked, the libraries that each run would import for itself.

    The parties themselves are left out, and the proof with them: a run may change what they are. Raises
    `NotAgreedError` where the parties do not agree as they are, since then each change would be found for the wrong
    reason.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_names_of_imported, args=(subject, check, sender), daemon=True)
    process.start()
    sender.close()
    ours = tuple(f"{name}." for name in (*OURS, PLUGIN))
    names, found = receiver.recv()
    if found:
        reason = found.get("fault") or f"{found['found_by']} finds at {found.get('found_at')}: {found.get('message')}"
        raise NotAgreedError(f"the parties do not agree as they are: {reason}; see scripts/drift --strict")
    for name in names:
        if not f"{name}.".startswith(ours):
            with contextlib.suppress(Exception):  # some are modules only by name
                importlib.import_module(name)
    process.join()


def _names_of_imported(subject: Subject, check: Check, sender: Connection) -> None:
    nothing = Change(family="", name="", hurts="")
    _silence()
    with tempfile.TemporaryDirectory() as folder:
        found = check(nothing, replace(subject, examples=1), Path(folder))
    sender.send((list(sys.modules), found))


def by_the_proof(change: Change, subject: Subject, folder: Path) -> Found:
    """Run the ordinary proof, strictly, and stop at the first drift."""
    from contract_tests.drift.run import ProofError, run_proof

    try:
        with change.applied(subject, folder) as changed:
            choose(changed)
            pairs = run_proof(changed, only=WITHOUT_BYTES, stop_at_first=True)
    except ContractError as error:
        first = error.faults[0]
        return {"found_by": "generate", "found_at": f"openapi.yaml#{first.pointer or ''}", "message": first.reason}
    except ProofError as error:
        return {"fault": str(error)}
    for pair in pairs:
        for drift in pair.drifts:
            return _found(drift)
    return {}


def _found(drift: Drift) -> Found:
    return {
        "found_by": drift.found_by or "stumble",
        "operation": drift.operation,
        "found_at": drift.place,
        "message": drift.message,
    }


def _run(change: Change, subject: Subject, check: Check, folder: Path, sender: Connection) -> None:
    """In a process of its own: whatever it prints is lost, whatever it changes goes with it."""
    started = time.monotonic()
    folder.mkdir()
    _silence()
    try:
        found = check(change, subject, folder)
    except Exception:  # noqa: BLE001 - a fault of ours is told, and is no catch
        found = {"fault": traceback.format_exc(limit=-3)}
    shutil.rmtree(folder, ignore_errors=True)
    sender.send({"seconds": time.monotonic() - started, **found})


def _silence() -> None:
    """Let nothing that this process prints be seen."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
