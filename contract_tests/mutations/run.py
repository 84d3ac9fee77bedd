"""Each change alone through the ordinary proof, in a process of its own, as many at a time as there are cores."""

import contextlib
import importlib
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

from contract_tests.documents import DocumentError
from contract_tests.drift.run import WHATEVER_ITS_BYTES, ProofError, forked, run_proof
from contract_tests.evidence import Drift
from contract_tests.mutations.change import AS_THEY_ARE, Change
from contract_tests.subject import Subject, choose
from scripts.contract import ContractError

SECONDS = 300  # that one run may take: thirty, where the largest shape agrees, and several times that on a busy machine

OURS = ("contract_tests", "scripts", "roark_client", "roark_mock", "conftest")
PLUGIN = "_hypothesis_pytestplugin"  # takes its import for the start of pytest, and warns until that is through

# Makes one change and tells the drift that is noticed. Raises where that could not be decided.
Check = Callable[[Change, Subject, Path], Sequence[Drift]]


class NotAgreedError(Exception):
    """The parties drift before anything is changed; the message says where."""


class _UndecidedError(Exception):
    """A run came to no verdict; the message says why."""


@dataclass(frozen=True)
class Verdict:
    """What became of one change: the `drift` that was noticed first; None: nobody noticed any."""

    change: Change
    seconds: float
    drift: Drift | None = None
    fault: str = ""
    """What kept the run from its end, where it got none."""
    noticed_by: Sequence[str] = ()
    """The `Drift.found_by` of all that noticed. A run to the first drift knows one."""

    @property
    def is_caught(self) -> bool:
        """Whether somebody noticed."""
        return self.drift is not None

    @property
    def is_at_its_place(self) -> bool:
        """Whether what was noticed is named at the place that changed, not only near it or by a value that shows it."""
        return self.drift is not None and self.change.place in self.drift.place

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
    waiting = list(reversed(changes))
    running: dict[Connection, tuple[ForkProcess, Change, float]] = {}
    root = Path(tempfile.mkdtemp(prefix="roark-prove-"))
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                change = waiting.pop()
                process, receiver = forked(_run, change, subject, check, root / str(len(waiting)))
                running[receiver] = process, change, time.monotonic()
            ready = wait(list(running), timeout=1)
            for receiver, (process, change, started) in list(running.items()):
                seconds = time.monotonic() - started
                if receiver in ready:
                    try:
                        yield Verdict(change, *receiver.recv())
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


def import_what_a_run_imports(changes: Sequence[Change], subject: Subject, check: Check, workers: int) -> None:
    """Import once, before any process is forked, the libraries that each run would import for itself.

    The parties themselves are left out, and the proof with them: a run may change what they are. Raises
    `NotAgreedError` where the parties do not agree as they are, since then each change would be found for the wrong
    reason.
    """
    process, receiver = forked(_names_of_imported, subject, check)
    ours = tuple(f"{name}." for name in (*OURS, PLUGIN))
    names, drifts, fault = receiver.recv()
    _refuse(next(iter(drifts), None), fault, "scripts/drift --strict")
    for name in names:
        if not f"{name}.".startswith(ours):
            with contextlib.suppress(Exception):  # some are modules only by name
                importlib.import_module(name)
    process.join()
    others = dict.fromkeys(each.before for each in changes if each.before != AS_THEY_ARE)
    for verdict in verdicts(list(others), subject, check, workers):
        _refuse(verdict.drift, verdict.fault, verdict.change.name)


def _refuse(drift: Drift | None, fault: str, where: str) -> None:
    if drift or fault:
        reason = f"{drift.found_by} finds at {drift.place}: {drift.message}" if drift else fault
        raise NotAgreedError(f"the parties do not agree as they are: {reason}; see {where}")


def _names_of_imported(subject: Subject, check: Check, sender: Connection) -> None:
    _silence()
    with tempfile.TemporaryDirectory() as folder:
        drifts, fault = _decided(check, AS_THEY_ARE, replace(subject, examples=1), Path(folder))
    sender.send((list(sys.modules), drifts, fault))


def by_the_proof(change: Change, subject: Subject, folder: Path) -> Sequence[Drift]:
    """Run the ordinary proof, strictly, to the first drift."""
    return _drifts(change, subject, folder, to_the_first=True)


def by_every_check(change: Change, subject: Subject, folder: Path) -> Sequence[Drift]:
    """Run the ordinary proof, strictly, to its end."""
    return _drifts(change, subject, folder, to_the_first=False)


def _drifts(change: Change, subject: Subject, folder: Path, *, to_the_first: bool) -> Sequence[Drift]:
    try:
        with change.applied(subject, folder) as changed:
            choose(changed)
            pairs = run_proof(changed, only=WHATEVER_ITS_BYTES, rounds=change.rounds, to_the_first=to_the_first)
    except ContractError as error:
        first = error.faults[0]
        return [Drift(None, f"openapi.yaml#{first.pointer or ''}", first.reason, found_by="generate")]
    except DocumentError as error:  # at which every verb stops that reads the documents
        return [Drift(None, "documents", str(error), found_by="read documents")]
    except ProofError as error:
        raise _UndecidedError(str(error)) from None
    return [drift for pair in pairs for drift in pair.drifts]


def _run(change: Change, subject: Subject, check: Check, folder: Path, sender: Connection) -> None:
    """In a process of its own: whatever it prints is lost, whatever it changes goes with it."""
    started = time.monotonic()
    folder.mkdir()
    _silence()
    drifts, fault = _decided(check, change, subject, folder)
    shutil.rmtree(folder, ignore_errors=True)
    noticed_by = list(dict.fromkeys(each.found_by for each in drifts))
    sender.send((time.monotonic() - started, next(iter(drifts), None), fault, noticed_by))


def _decided(check: Check, change: Change, subject: Subject, folder: Path) -> tuple[Sequence[Drift], str]:
    """What was noticed, and what kept that from being decided."""
    try:
        return check(change, subject, folder), ""
    except _UndecidedError as error:
        return [], str(error)
    except Exception:  # noqa: BLE001 - a fault of ours is told, and is no catch
        return [], traceback.format_exc(limit=-3)


def _silence() -> None:
    """Let nothing that this process prints be seen."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
