"""Running the proof's tests and collecting their evidence by pair of parties."""

import contextlib
import io
import multiprocessing
import re
import shlex
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from contract_tests.drift.baseline import Entry
from contract_tests.drift.rows import judged
from contract_tests.evidence import CONTRACT_CLIENT, PAIRS, Drift, Pair
from contract_tests.impact import Impact
from contract_tests.proof.about import About, Need, UnstatedError, about
from contract_tests.subject import ROOT, Subject
from scripts.terminal import printable

PROOF = ROOT / "contract_tests" / "proof"

Modules = tuple[Path, ...]


def _stated() -> tuple[dict[Path, About], list[str]]:
    """What each module of the proof says of itself, the quickest first; and of each that says nothing, that."""
    found, silent = {}, []
    for module in sorted({*PROOF.rglob("test_*.py"), *PROOF.rglob("*_test.py")}):  # all that pytest would collect
        try:
            found[module] = about(module)
        except UnstatedError as error:
            silent.append(str(error))
    return dict(sorted(found.items(), key=lambda stated: stated[1].pace)), silent


STATED, SILENT = _stated()

MODULES: Modules = tuple(STATED)

# The modules whose tests need neither client nor server, those that need no server, and those that need the client.
AT_ONCE: Modules = tuple(each for each in MODULES if not STATED[each].needs)
SERVERLESS: Modules = tuple(each for each in MODULES if Need.SERVER not in STATED[each].needs)
WITH_CLIENT: Modules = tuple(each for each in MODULES if Need.CLIENT in STATED[each].needs)

# What shows whether a client follows a contract, without documents and without a server.
CONTRACT_WITH_CLIENT: Modules = tuple(each for each in MODULES if STATED[each].pair == CONTRACT_CLIENT)

GENERATED: Modules = tuple(each for each in MODULES if Need.GENERATION in STATED[each].needs)

# To the first drift: generated cases take a second to prepare, which a drift that is found before saves.
TO_THE_FIRST: tuple[Modules, ...] = (tuple(each for each in MODULES if each not in GENERATED), GENERATED)

# Markers, which an expression of pytest -k names as it names tests.
AT_A_GLANCE = "at_a_glance"
WHATEVER_ITS_BYTES = "not of_our_bytes"  # what says something of a client that is no copy of ours

SUBJECT = pytest.StashKey[Subject]()  # what a run is about, handed to contract_tests/conftest.py

Progress = Callable[[str], None]


class ProofError(Exception):
    """The proof could not be run to its end; the message says why."""


@dataclass
class PairEvidence:
    """What the run found out about one pair of parties. Each drift comes with the command that shows it again."""

    pair: Pair
    tests: int = 0
    cases: int = 0
    seconds: float = 0.0
    passed: dict[str, float] = field(default_factory=dict)
    """The tests that found nothing which fails the run, each with its seconds."""
    notes: list[str] = field(default_factory=list)
    not_held: dict[str, str] = field(default_factory=dict)
    """By place of the contract, why nobody can be held to it there."""
    drifts: dict[Drift, str] = field(default_factory=dict)
    also: defaultdict[Drift, list[str]] = field(default_factory=lambda: defaultdict(list))
    """What other tests said of the same operation, place, check and fault as a drift that is listed."""
    accepted: dict[Drift, Entry] = field(default_factory=dict)
    """Drifts that are known, each with the entry of the baseline that accepts it."""

    def fails(self, least: Impact) -> bool:
        """Whether a drift is as grave as that."""
        return any(drift.impact >= least for drift in self.drifts)

    def accept(self, entries: Sequence[Entry]) -> None:
        """Take the drifts that a baseline accepts out of those that fail the run."""
        for drift in list(self.drifts):
            if entry := next((entry for entry in entries if entry.accepts(drift)), None):
                del self.drifts[drift]
                self.accepted[drift] = entry


def run_proof(
    subject: Subject,
    arguments: Sequence[str] = (),
    only: str | None = None,
    progress: Progress = lambda _: None,
    *,
    rounds: Sequence[Modules] = (),
    to_the_first: bool = False,
) -> list[PairEvidence]:
    """Run the proof and return the evidence of every pair, in the order of `PAIRS`.

    `arguments` are those of `scripts/drift` that a command must repeat to see the same again. With `rounds`, only
    these modules run, one round after the other; with `to_the_first`, no further than to the first drift. Raises
    `ProofError` where pytest could not run, or ran nothing, and KeyboardInterrupt on Ctrl-C.
    """
    refuse_silent_modules()
    collector = _Collector(subject, arguments, progress)
    rows = judged(subject)
    modules = tuple(each for each in MODULES if STATED[each].pair in rows)
    words = _arguments(subject, only, to_the_first=to_the_first)
    results: list[_SessionResult] = []
    with collector.heeding_interrupts():
        if rounds:
            for modules_of_round in rounds:
                wanted = [str(module) for module in modules_of_round if module in modules]
                if wanted and not (to_the_first and collector.has_drift()):
                    results.append(_session([*wanted, *words], collector))
        elif only or subject.is_remote:  # one after the other: what is sent to a real service is counted in one place
            results = [_session([*map(str, modules), *words], collector)]
        else:
            one, other = _halves(modules)
            with _beside([*map(str, one), *words], collector) as results_beside:
                results = [_session([*map(str, other), *words], collector)]
            results += results_beside
    if not collector.has_drift():
        _refuse_incomplete(results)
        silent = [str(evidence.pair) for evidence in collector.pairs.values() if not evidence.tests]
        if set(silent) & {*map(str, rows)} and not only and not rounds:
            raise ProofError(f"no test ran for {', '.join(silent)}:\n{results[0].printed}")
    return list(collector.pairs.values())


def _arguments(subject: Subject, only: str | None, *, to_the_first: bool) -> list[str]:
    """The arguments of pytest, but for the modules."""
    return [
        f"--rootdir={ROOT}",
        f"--config-file={ROOT / 'pyproject.toml'}",
        "-pno:cacheprovider",
        "-Wignore::pytest.PytestAssertRewriteWarning",  # the uploads before it have imported a plugin
        "--continue-on-collection-errors",  # which are drift like any other, and no interrupt
        *([f"-k{only}"] if only else []),
        *(f"--ignore={each}" for each in GENERATED if only and not _may_be_generated(only, subject)),
        *(["--exitfirst"] if to_the_first else []),
        "--no-summary",  # which looks through all tests once for each that fails
        "--tb=native",  # of which a line is shown; pytest's own looks every source up
        "--assert=plain",  # drift is told by evidence, and rewriting what is imported takes a second
        "-pno:xdist",  # two workers would each prepare every test, which takes longer than it saves
    ]


def _refuse_incomplete(results: Sequence["_SessionResult"]) -> None:
    """Raise `ProofError` where a session of pytest did not run its tests to their end."""
    wrong = [result for result in results if result.code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)]
    none_ran = pytest.ExitCode.NO_TESTS_COLLECTED  # which one session of two may be, by --only
    if len(wrong) == len(results) or any(result.code != none_ran for result in wrong):
        raise ProofError(f"pytest ended with {pytest.ExitCode(wrong[0].code).name}:\n{wrong[0].printed}")


def _halves(modules: Modules) -> tuple[Modules, Modules]:
    """What is run beside what: that which needs no server beside the rest, or each other module where there is none."""
    one = tuple(each for each in modules if each in SERVERLESS)
    rest = tuple(each for each in modules if each not in SERVERLESS)
    return (one, rest) if rest else (one[::2], one[1::2])


def refuse_silent_modules() -> None:
    """Raise `ProofError` where a module of the proof does not say what it is about."""
    if SILENT:
        raise ProofError("\n".join(SILENT))


def _may_be_generated(only: str, subject: Subject) -> bool:
    """Whether an expression may choose a test of generated requests, which take a second to prepare."""
    words = re.findall(r"[^\s()]+", only.lower())
    tests = [
        name for each in GENERATED for name in re.findall(r"^def (test_\w+)", each.read_text("utf-8"), re.MULTILINE)
    ]
    names = " ".join([*map(str, GENERATED), *tests, *(operation.label for operation in subject.operations)])
    return "not" in words or any(word in names.lower() for word in words if word not in ("and", "or"))


@dataclass(frozen=True)
class _SessionResult:
    """How a session of pytest ended, and what it printed."""

    code: int
    printed: str


def _session(words: Sequence[str], collector: "_Collector") -> _SessionResult:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = pytest.main(list(words), plugins=[collector])
    if collector.interrupted:
        raise KeyboardInterrupt
    return _SessionResult(code, printed.getvalue().strip())


def forked(target: Callable[..., None], *arguments: object) -> tuple[ForkProcess, Connection]:
    """Start a process that has imported already what takes long, and where it answers.

    `target` is called with the arguments and the other end of that.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, sender), daemon=True)
    process.start()
    sender.close()
    return process, receiver


@contextmanager
def _beside(words: Sequence[str], collector: "_Collector") -> Iterator[list[_SessionResult]]:
    """Run a session in a process of its own meanwhile; how it ended is there when the block is left."""
    process, receiver = forked(_send_session, words, collector)
    results: list[_SessionResult] = []
    try:
        yield results
        collector.progress("what needs no server is not through yet")
        result, reports = receiver.recv()
        results.append(result)
        for report in reports:
            collector.take(*report)
    except EOFError:
        raise ProofError("the process that runs the tests without a server died") from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _send_session(words: Sequence[str], collector: "_Collector", sender: Connection) -> None:
    collector.progress = lambda _: None  # there is one line for both
    with contextlib.suppress(KeyboardInterrupt):  # which the other process is told of too
        sender.send((_session(words, collector), collector.taken))


class _Collector:
    """A pytest plugin that adds up the evidence of finished tests."""

    def __init__(self, subject: Subject, arguments: Sequence[str], progress: Progress) -> None:
        self._subject = subject
        self.pairs = {str(pair): PairEvidence(pair) for pair in PAIRS}
        self.interrupted = False
        self._arguments = arguments
        self.progress = progress
        self._expected = 0
        self._finished = 0
        self.taken: list[tuple[str, Any, Any]] = []

    @contextmanager
    def heeding_interrupts(self) -> Iterator[None]:
        """Let each Ctrl-C end the run, after the test at hand at the latest.

        Python drops one that strikes while an object is finalized, and libraries make other errors of one.
        """

        def remember(number: int, frame: FrameType | None) -> None:
            self.interrupted = True
            signal.default_int_handler(number, frame)

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored
            signal.signal(signal.SIGINT, remember)
        try:
            yield
        except Exception:
            if self.interrupted:
                raise KeyboardInterrupt from None
            raise
        finally:
            if signal.getsignal(signal.SIGINT) is remember:
                signal.signal(signal.SIGINT, signal.default_int_handler)

    def has_drift(self) -> bool:
        """Whether the run fails already."""
        return any(each.fails(self._subject.fails_on) for each in self.pairs.values())

    @pytest.hookimpl(tryfirst=True)  # before that of contract_tests/conftest.py
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SUBJECT] = self._subject

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._expected = self._finished + len(session.items)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        cases = sum(pair.cases for pair in self.pairs.values())
        test = printable(nodeid.partition("::")[2].removeprefix("test_").replace("_", " "))
        self.progress(f"{self._finished} of {self._expected} tests, {cases} cases: {test}")

    def pytest_keyboard_interrupt(self, excinfo: object) -> None:  # noqa: ARG002
        self.interrupted = True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.take("stumbled", report.nodeid, str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        evidence = next((value for name, value in report.user_properties if name == "evidence"), None)
        if report.when == "call" and isinstance(evidence, dict) and not report.skipped:
            self.take("evidence", evidence, (report.nodeid, report.duration))
        elif report.failed:
            self.take("stumbled", report.nodeid, report.longreprtext)
        if self.interrupted:
            raise KeyboardInterrupt
        if report.when == "teardown":
            self._finished += 1

    def take(self, kind: str, one: Any, other: Any) -> None:
        """Take in what a finished test found, or that it stumbled."""
        self.taken.append((kind, one, other))
        if kind == "evidence":
            self._add(one, *other)
        else:
            self._stumbled(one, other)

    def _add(self, found: dict[str, Any], test: str, seconds: float) -> None:
        pair = self.pairs[found["pair"]]
        pair.tests += 1
        pair.cases += found["cases"]
        pair.seconds += seconds
        pair.notes += found["notes"]
        pair.not_held |= found["not_held"]
        drifts = [Drift(**each) for each in found["drifts"]]
        if not any(each.impact >= self._subject.fails_on for each in drifts):
            pair.passed[test] = seconds
        for each in drifts:
            same = next((known for known in pair.drifts if known.identity == each.identity), None)
            if same is None:
                pair.drifts[each] = self._command(found["only"])
            elif each.message not in (same.message, *pair.also[same]):
                pair.also[same].append(each.message)

    def _stumbled(self, nodeid: str, text: str) -> None:
        """A test that could not be collected or set up has shown nothing, so its pair does not agree."""
        module, _, test = nodeid.partition("::")
        stated = STATED.get(ROOT / module)
        lines = [line for line in text.strip().splitlines() if line.strip()] or ["no reason given"]
        drift = Drift(operation=None, place=nodeid or module, message=lines[-1].strip(), found_by="stumble")
        for pair in [stated.pair] if stated else PAIRS:  # what is no module's own keeps each from its verdict
            self.pairs[str(pair)].drifts.setdefault(drift, self._command(test.partition("[")[0]))

    def _command(self, only: str) -> str:
        return shlex.join(["scripts/drift", *self._arguments, *(["--only", only] if only else [])])
