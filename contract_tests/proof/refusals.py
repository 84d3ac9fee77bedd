"""Valid requests that a server refuses or fails over: by which input, and with which others it has that in common."""

from collections.abc import Callable, Sequence
from typing import Any

from schemathesis.core.transport import Response

from contract_tests import judge
from contract_tests.impact import DOCUMENTED_UPLOAD
from contract_tests.proof.inputs import Input, read_inputs, smallest, upload
from contract_tests.proof.places import shared_place
from contract_tests.proof.probe import CheckedExchange, Probe
from contract_tests.proof.same_value import NOTHING, differences, to_the_letter
from contract_tests.proof.traits import LARGE, LENGTHS, TRAITS, UNKNOWN_FIELD, faults, is_unusual
from contract_tests.proof.variants import sample_body
from contract_tests.server import NoAnswerError
from contract_tests.subject import chosen
from scripts.contract import Operation

JSON = Any


def rule_of_refusal(status: int, inputs: Sequence[Input]) -> str:
    """What it does to callers that a server answers valid inputs with this status; 0 where it gave no answer."""
    if status == 0 or status >= 500:
        return "valid-request-fails"
    if inputs and all(is_unusual(each.value) for each in inputs):
        return "unusual-value-refused"
    return "valid-request-refused"


def report_refusal(
    operation: Operation, body: JSON, response: Response, check: str, probe: Probe, curl: Callable[[], str | None]
) -> None:
    """Report that a generated valid request was not accepted, by the fewest of its inputs that the server refuses."""
    status, request = response.status_code, curl
    inputs: Sequence[Input] = inputs_of(operation, body)
    refusal = _refusal_of(operation, probe, status)
    if known := known_refusal(operation, inputs, probe):
        inputs, fault = known
    elif not inputs or refusal(()):
        inputs, fault = (), DOCUMENTED_UPLOAD
    else:
        if not chosen().is_remote:  # where each request more would be an upload
            inputs = smallest(inputs, lambda some: refusal(some) is not None)
            if again := refusal(inputs):
                status, request = again.status, again.curl
        fault = fault_of(operation, inputs, status, probe)
    place = inputs[0].pointer if inputs else ""
    shown = ", ".join(map(str, inputs)) if len(inputs) <= SHOWN else f"{len(inputs)} values together"
    what = f"a valid request with {shown}" if inputs else "the documented upload"
    probe.evidence.drift(
        operation=operation.label,
        place=f"request#{place}",
        message=f"{what}: expected {operation.success}, got {status}",
        request=request(),
        kind=check,
        check=check,
        rule=rule_of_refusal(status, inputs),
        fault=fault,
        source=judge.source_of(operation.request_schema(), place) if operation.has_body else "documented",
    )


SHOWN = 3  # inputs that a message names


def inputs_of(operation: Operation, body: JSON) -> list[Input]:
    """Where a body differs from the one that the contract shows, as inputs to that one."""
    if not operation.has_body:
        return []
    unknown = set(judge.unknown_fields(judge.schema(operation.request_schema()), body))
    found = differences(sample_body(operation), body, same=to_the_letter)
    return [
        Input(at, _named(value), value, is_accepted=True, is_known=at not in unknown)
        for at, _, value in sorted(found, key=lambda each: len(each[0]))
    ]


def _named(value: JSON) -> str:
    text = "left out" if value is NOTHING else ascii(value)
    return text if len(text) <= 60 else f"{text[:60]}… ({len(text)} characters)"


def _refusal_of(operation: Operation, probe: Probe, status: int) -> Callable[[Sequence[Input]], CheckedExchange | None]:
    """What asks with some inputs, and gives the exchange where the server refuses them by a status of the same kind."""

    def refusal(inputs: Sequence[Input]) -> CheckedExchange | None:
        answered = _ask(operation, inputs, probe)
        return answered if answered and answered.status // 100 == status // 100 else None

    return refusal


def _ask(operation: Operation, inputs: Sequence[Input], probe: Probe) -> CheckedExchange | None:
    body = upload(sample_body(operation), inputs)
    if not judge.is_valid(operation.request_schema(), body):
        return None
    try:
        return probe.ask(operation, value=body)
    except NoAnswerError:
        return None


def fault_of(operation: Operation, inputs: Sequence[Input], status: int, probe: Probe) -> str:
    """The fault of the fewest inputs that are answered with this status, which is kept for those to come."""
    if len(inputs) != 1:
        if status == 413:  # which says that the whole of them is (RFC 9110, 15.5.14)
            return LARGE
        return f"{' and '.join(sorted({shared_place(each.pointer) for each in inputs}))} together"
    tried = _tried(operation, probe)
    fault = faults([*(each for each, _ in tried[0]), *inputs], tried[1])[-1]
    tried[0].append((inputs[0], fault))
    return fault


def known_refusal(operation: Operation, inputs: Sequence[Input], probe: Probe) -> tuple[Sequence[Input], str] | None:
    """One of the inputs that has the fault of an input that was refused before, and that fault."""
    refused, _ = _tried(operation, probe)
    for known, fault in refused:
        for each in inputs:
            if fault == UNKNOWN_FIELD and not each.is_known:
                return [each], fault
            if shared_place(each.pointer) == shared_place(known.pointer) and _is_alike(each.value, known.value, fault):
                return [each], fault
    return None


def _tried(operation: Operation, probe: Probe) -> tuple[list[tuple[Input, str]], list[Input]]:
    """The chosen valid inputs, refused and taken; tried here where their own test was left out of the run.

    So a test that runs alone calls a fault as it does among others. A server on another machine is not asked, and none
    where the first drift ends the test, whatever it is called.
    """
    if operation.label not in probe.history.tried:
        refused: list[Input] = []
        taken: list[Input] = []
        inputs = read_inputs().get(operation.label)
        is_pointless = chosen().is_remote or probe.evidence.stop_at is not None
        documented = None if is_pointless else _ask(operation, (), probe)
        for each in inputs.single if inputs and documented and documented.answer.is_success else ():
            if each.is_accepted:
                exchange = _ask(operation, (each,), probe)
                (taken if exchange and exchange.answer.is_success else refused).append(each)
        probe.history.tried[operation.label] = (list(zip(refused, faults(refused, taken), strict=True)), taken)
    return probe.history.tried[operation.label]


def _is_alike(value: JSON, known: JSON, fault: str) -> bool:
    """Whether a fault that explains one value explains another at its place."""
    if fault.startswith("whatever"):
        return value is not NOTHING
    if fault in TRAITS:
        return TRAITS[fault](value)
    if fault in LENGTHS:
        one, other = LENGTHS[fault](value), LENGTHS[fault](known)
        return one is not None and other is not None and one >= other
    return type(value) is type(known) and value == known
