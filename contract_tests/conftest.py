"""Options and fixtures of every test, their choice and order, and the joint between the proof's tests and reports."""

import contextlib
import os
import signal
from collections.abc import Generator, Iterator
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from roark_mock import MockServer

from contract_tests import tiers
from contract_tests.documents import Document
from contract_tests.drift.github import GITHUB_VARIABLES
from contract_tests.drift.run import MODULES, SILENT, SUBJECT
from contract_tests.evidence import DriftFoundError, Evidence, FirstDriftFound
from contract_tests.gate import gate_of, gated_session
from contract_tests.impact import DISAGREEMENT, Impact
from contract_tests.proof.about import About
from contract_tests.proof.parametrized import BY_SUBJECT, parametrized
from contract_tests.proof.served import is_served
from contract_tests.server import NoAnswerError, Server
from contract_tests.subject import TOKEN_VARIABLE, Subject, choose, chosen, number_from, random_seed, server_url_problem
from scripts.contract import ContractError, Operation

MARKERS = (
    "at_a_glance: is part of scripts/drift --quick",
    "of_our_bytes: says nothing of a client that is no copy of ours",
    f"{BY_SUBJECT}(names, values, ids): is parametrized by what the run is about",
    "generated: is one test an operation, of requests that Schemathesis makes",
)

EVIDENCE = pytest.StashKey[Evidence]()
LEFT_OUT = pytest.StashKey[dict[str, int]]()

# Hypothesis draws by the seed alone. It would draw texts and numbers of our modules as well, which are others where
# other modules are imported, so that one test alone would not repeat what it did among all.
providers._get_local_constants = Constants


def pytest_addoption(parser: pytest.Parser) -> None:
    """The tiers of `scripts/test`, and the four parties, as `scripts/drift` names them."""
    group = parser.getgroup("tiers", "tiers (default: all tests but nightly ones)")
    for tier, says in (
        ("quick", "what needs no whole run of a verb"),
        ("all", "what only a nightly run can afford as well"),
        ("differs", "what may differ from one Python to the next"),
    ):
        group.addoption(f"--{tier}", dest="tier", action="store_const", const=tier, default="default", help=says)
    group = parser.getgroup("proof")
    group.addoption("--spec", type=Path, default=Subject.spec, help="the contract (default: openapi.yaml)")
    group.addoption("--client", type=Path, default=Subject.client, help="folder of the generated client")
    group.addoption("--server", default=None, help="a running loopback server instead of the embedded mock")
    group.addoption("--token", default=None, help="its bearer token (default: $ROARK_API_BEARER_TOKEN, or test-token)")
    group.addoption("--seed", type=int, default=None, help="repeat a run")
    group.addoption("--examples", type=number_from(1), default=Subject.examples, help="generated cases an operation")
    group.addoption("--strict-proof", action="store_true", help="any finding fails, also of another server")


def pytest_configure(config: pytest.Config) -> None:
    """Fix what the run is about."""
    if SILENT:
        raise pytest.UsageError("\n".join(SILENT))
    for words in MARKERS:
        config.addinivalue_line("markers", words)
    if SUBJECT not in config.stash:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            # Who starts this in the background of a script has it ignore Ctrl-C, and so would all that tests interrupt.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        for name in GITHUB_VARIABLES:  # what the tests break on purpose is nothing for the page of their job
            os.environ.pop(name, None)
    subject = config.stash.get(SUBJECT, None) or _subject(config)
    try:
        subject.contract  # noqa: B018 - read now, so that a broken one is a usage error
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None
    choose(subject)
    if subject.is_remote:
        generate_from(subject.requests_contract)


def _subject(config: pytest.Config) -> Subject:
    """What the options ask for."""
    if config.option.seed is None:
        config.option.seed = getattr(config, "workerinput", {}).get("seed", random_seed())
    if config.option.server and (problem := server_url_problem(config.option.server)):
        raise pytest.UsageError(problem)
    subject = Subject(
        spec=config.option.spec.resolve(),
        client=config.option.client.resolve(),
        server_url=config.option.server,
        token=config.option.token or os.environ.get(TOKEN_VARIABLE) or Subject.token,
        seed=config.option.seed,
        examples=config.option.examples,
        fail_on=Impact.GUESS if config.option.strict_proof else None,
    )
    if subject.is_remote:
        raise pytest.UsageError(f"{subject.server_url} is not this machine; use scripts/drift, which asks first")
    return subject


def generate_from(contract: dict[str, Any]) -> None:
    """Let Schemathesis, which reads the contract's file itself, make its requests of another contract."""
    import schemathesis  # here, since it takes time and most runs have no use for it

    def before_load_schema(_: object, raw_schema: dict[str, Any]) -> None:
        raw_schema.clear()
        raw_schema.update(deepcopy(contract))

    schemathesis.hook(before_load_schema)


def pytest_report_header() -> str:
    """The seed, so that a failed run can be repeated."""
    return f"order and requests: --seed {chosen().seed}"


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize by what the run is about, each decorator at its place among the others, by which tests are named."""
    marks = metafunc.definition.own_markers
    marks[:] = [parametrized(mark, chosen()) if mark.name == BY_SUBJECT else mark for mark in marks]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the tests of a tier, shuffled. Those of `scripts/drift` and `scripts/prove` go the quickest first."""
    if SUBJECT in config.stash:
        items.sort(key=lambda item: MODULES.index(item.path))
        return
    chosen_items, left_out = tiers.taken(items, config.option.tier)
    taken = set(chosen_items)
    config.hook.pytest_deselected(items=[item for item in items if item not in taken])
    config.stash[LEFT_OUT] = dict(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = dict(left_out)
    items[:] = tiers.in_order(chosen_items, chosen().seed)


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One process more than there are cores: many a test waits, for a time-out or for a process of its own."""
    return (yield) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker of xdist the seed that is printed."""
    node.workerinput["seed"] = node.config.option.seed


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of xdist has left out, as every other one has."""
    if hasattr(node, "workeroutput"):  # which one that crashed has not
        node.config.stash[LEFT_OUT] = node.workeroutput.get("left_out", {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out."""
    if left_out := config.stash.get(LEFT_OUT, {}):
        terminalreporter.write_line(tiers.in_words(left_out))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server under proof: the embedded mock on a free port, or the one that --server names."""
    subject = chosen()
    gate = gate_of(subject)
    with requests.Session() if gate is None else gated_session(gate) as session:
        session.trust_env = False  # no proxy or password of the environment comes between us and the server
        if subject.server_url:
            yield Server(subject.server_url.rstrip("/"), subject.token, session, None)
        else:
            with MockServer(token=subject.token) as mock:
                yield Server(mock.url, mock.token, session, mock)


@pytest.fixture
def mock(server: Server) -> MockServer:
    """The embedded mock, for what only a server that shows its records can answer."""
    if server.mock is None:
        pytest.skip("only the embedded mock shows what it received")
    return server.mock


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Evidence:
    """Where a test of the proof counts its cases and reports drift."""
    return _evidence(request.node)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Fail a test of the proof with all the drift it met, and hand its evidence to the report."""
    about: About | None = getattr(pyfuncitem.module, "ABOUT", None)
    if about is None:
        return (yield)
    evidence = _evidence(pyfuncitem)
    label = _label(pyfuncitem)
    gate = gate_of(chosen())
    result: object = True
    try:
        with contextlib.nullcontext() if gate is None else gate.watched(evidence):
            _expect_served(pyfuncitem, label, evidence)
            result = yield
        if failing := [drift for drift in evidence.drifts if drift.impact >= chosen().fails_on]:
            raise DriftFoundError(failing)
        return result
    except FirstDriftFound:
        raise DriftFoundError(evidence.drifts) from None
    except (DriftFoundError, pytest.skip.Exception):
        raise
    except Exception as error:
        _report_stumble(pyfuncitem, error, label, evidence)
        raise
    finally:
        pyfuncitem.user_properties.append(("evidence", _as_value(evidence, about, pyfuncitem)))


def _report_stumble(item: pytest.Function, error: Exception, label: str | None, evidence: Evidence) -> None:
    """Report a test that stumbles: it has not shown agreement, and that is never swallowed."""
    reason = (str(error).strip().splitlines() or ["no reason given"])[0]
    if isinstance(error, NoAnswerError):
        place, message, rule = "reply", reason, "valid-request-fails"
    else:
        place, message, rule = item.nodeid, f"{type(error).__name__}: {reason}", DISAGREEMENT
    with contextlib.suppress(FirstDriftFound):
        evidence.drift(operation=label, place=place, message=message, rule=rule)


def _as_value(evidence: Evidence, about: About, item: pytest.Function) -> dict[str, object]:
    """The evidence as it goes from a worker to the report."""
    generated: str | None = getattr(item, "operation_label", None)
    return {
        "pair": str(about.pair),
        "only": f"{evidence.test} and {generated.split()[-1]}" if generated else evidence.test,
        "cases": evidence.cases,
        "notes": evidence.notes,
        "not_held": evidence.not_held,
        "drifts": [asdict(drift) for drift in evidence.drifts],
    }


def _expect_served(item: pytest.Function, label: str | None, evidence: Evidence) -> None:
    """Of an operation that the server of a test does not know, report that and nothing else: one finding, not many."""
    operation, server = chosen().operation(label or ""), item.funcargs.get("server")
    if operation is None or not isinstance(server, Server):
        return
    if not is_served(operation, server):
        place = f"openapi.yaml#{operation.pointer}"
        evidence.drift(
            operation=label,
            place=place,
            message="the server has no such operation",
            check="served",
            rule="operation-missing",
        )
        raise DriftFoundError(evidence.drifts)


def _evidence(item: pytest.Item) -> Evidence:
    """The evidence of one test."""
    if EVIDENCE not in item.stash:
        item.stash[EVIDENCE] = Evidence(
            test=getattr(item, "originalname", None) or item.name,
            stop_at=chosen().fails_on if item.config.option.maxfail == 1 else None,
        )
    return item.stash[EVIDENCE]


def _label(item: pytest.Function) -> str | None:
    """The operation that a test is about, as Schemathesis or a parameter of ours names it."""
    generated: str | None = getattr(item, "operation_label", None)
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for parameter in parameters.values():
        if isinstance(parameter, Operation):
            return parameter.label
        if isinstance(parameter, Document):
            return parameter.operation
    return generated
