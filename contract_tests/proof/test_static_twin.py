"""The contract and the mock's types say the same, keyword by keyword: seeing a difference takes no luck."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec
import pytest
from roark_mock.checked_strings import json_schema
from roark_mock.errors import HEADERS, ErrorBody
from roark_mock.operation import MockOperation
from roark_mock.operations import OPERATIONS

from contract_tests import judge
from contract_tests.evidence import CONTRACT_SERVER, Evidence
from contract_tests.proof.about import About, Pace
from contract_tests.proof.meaning import Difference, Meaning, differences, meaning
from contract_tests.proof.parametrized import by_subject
from contract_tests.subject import chosen
from scripts.contract import Operation

ABOUT = About(CONTRACT_SERVER, needs=set(), pace=Pace.INSTANT)

pytestmark = [pytest.mark.at_a_glance, pytest.mark.usefixtures("mock_types")]

MOCK = {stated.label: stated for stated in OPERATIONS}

# An operation that only one of the two knows is named as that, once.
operations = by_subject("operation", lambda subject: [each for each in subject.operations if each.label in MOCK])


@dataclass(frozen=True)
class Intended:
    """A difference that is meant. It states both sides, so that neither moves unnoticed."""

    at: str
    keyword: str
    contract: Any
    mock: Any
    reason: str


_SENT = (
    "a reply may leave out what the SDKs call optional; the mock always sends what the page shows, null where unknown"
)
_TWO = "no number of participants is stated for replies; the mock repeats the two of its request"
_SHAPE = "the vendor documents no error body; the mock has a shape of its own"

_REQUIRED = ["callDirection", "id", "isTest", "participants", "startedAt"]

INTENDED_IN_REPLIES = {
    "POST /v1/call-analysis": (
        Intended(
            "/data/call",
            "required",
            _REQUIRED,
            sorted([*_REQUIRED, "durationMs", "endedAt", "endedReason", "status", "summary"]),
            _SENT,
        ),
        Intended("/data/call/participants", "minItems", None, 2, _TWO),
        Intended("/data/call/participants", "maxItems", None, 2, _TWO),
    ),
}

INTENDED_IN_ERRORS = (
    Intended("", "type", None, ["object"], _SHAPE),
    Intended("", "required", None, ["error"], _SHAPE),
    Intended("/error", "properties", None, "error", _SHAPE),
)

# Headers of the mock's errors that the contract leaves to RFC 9110.
UNSTATED_HEADERS = {"401": {"www-authenticate"}, "405": {"allow"}, "503": {"retry-after"}}


def test_operations_are_the_same(evidence: Evidence) -> None:
    """Contract and mock know the same operations, by method, path and name."""
    stated = {each.label: each.definition.get("operationId", "") for each in chosen().operations}
    known = {label: each.name for label, each in MOCK.items()}
    for label in {**stated, **known}:
        evidence.compare(
            operation=label,
            place="openapi.yaml#/paths",
            what="the operation's name in the mock",
            expected=stated.get(label),
            actual=known.get(label),
        )


@operations
def test_parameters_are_the_same(operation: Operation, evidence: Evidence) -> None:
    """The parameters of path and query are the same in the contract and in the mock's types: name, need and value."""
    mock = MOCK[operation.label]
    known = Meaning("") if mock.parameters is None else _of_type(mock.parameters)
    required = known.keywords.get("required", ())
    stated = {(each.location, each.name): each for each in operation.parameters}
    read = {(_location(mock, name), name): each for name, each in known.fields.items()}
    evidence.compare(
        operation=operation.label,
        place=f"openapi.yaml#{operation.pointer}/parameters",
        what="parameters",
        expected=sorted(stated),
        actual=sorted(read),
    )
    for at in stated.keys() & read.keys():
        parameter = stated[at]
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{parameter.pointer}",
            what="required",
            expected=parameter.is_required,
            actual=parameter.name in required,
        )
        _report(operation, differences(_of_contract(parameter.schema), read[at]), (), evidence)


@operations
def test_requests_are_the_same(operation: Operation, evidence: Evidence) -> None:
    """A request body says the same in the contract and in the mock's types, is JSON, and is required by both."""
    body = judge.value_at(operation.body) if operation.has_body else {"content": {}}
    model = MOCK[operation.label].request
    # The mock refuses any other media type, and an empty body.
    for what, expected, actual in (
        ("media types", list(body["content"]), [] if model is None else ["application/json"]),
        ("required", body.get("required"), None if model is None else True),
    ):
        place = f"openapi.yaml#{operation.body}"
        evidence.compare(operation=operation.label, place=place, what=what, expected=expected, actual=actual)
    if model is not None and judge.exists(operation.request_schema()):
        _report(operation, differences(_of_contract(operation.request_schema()), _of_type(model)), (), evidence)


@operations
def test_replies_are_the_same(operation: Operation, evidence: Evidence) -> None:
    """A reply says the same in the contract and in the mock's types; that of an error, what is intended."""
    mock = MOCK[operation.label]
    model = _reply_type(mock)
    evidence.compare(
        operation=operation.label,
        place=f"openapi.yaml#{operation.pointer}/responses",
        what="the status of a success",
        expected=operation.success,
        actual=str(mock.status),
    )
    if model is not None and judge.exists(operation.success_schema()):
        intended = INTENDED_IN_REPLIES.get(operation.label, ())
        _report(operation, differences(_of_contract(operation.success_schema()), _of_type(model)), intended, evidence)
    for status in operation.statuses:
        has_body = status != operation.success or model is not None
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{operation.reply(status)}/content",
            what="media types",
            expected=list(judge.value_at(operation.reply(status)).get("content", {})),
            actual=["application/json"] if has_body else [],
        )
        if status != operation.success and judge.exists(operation.reply_schema(status)):
            stated = _of_contract(operation.reply_schema(status))
            _report(operation, differences(stated, _of_type(ErrorBody)), INTENDED_IN_ERRORS, evidence)


@operations
def test_reply_headers_are_the_same(operation: Operation, evidence: Evidence) -> None:
    """A header that the contract states for a status is sent by the mock with it, and the other way round."""
    documented = (each for each in operation.statuses if each.isdecimal())
    for status in sorted({*HEADERS, *map(int, UNSTATED_HEADERS), *map(int, documented)}):
        pointer = operation.reply(operation.documented_status(status))
        sent = {name.decode() for name, _ in HEADERS.get(status, ())} - UNSTATED_HEADERS.get(str(status), set())
        stated = {name.lower() for name in judge.value_at(pointer).get("headers", {})}
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{pointer}/headers",
            what=f"headers of {status} in the mock",
            expected=sorted(stated),
            actual=sorted(sent),
        )


def _report(
    operation: Operation, found: Iterator[Difference], intended: tuple[Intended, ...], evidence: Evidence
) -> None:
    unmet = {(each.at, each.keyword, repr(each.contract), repr(each.mock)): each for each in intended}
    for each in found:
        evidence.case()
        if unmet.pop((each.at, each.keyword, repr(each.one), repr(each.other)), None) is None:
            evidence.drift(
                operation=operation.label,
                place=f"openapi.yaml#{each.place}",
                message=f"{each.keyword} at {each.at or 'the top'}: the contract says {_said(each.one)}, "
                f"the mock's types say {_said(each.other)}",
            )
    for left in unmet.values():
        evidence.drift(
            operation=operation.label,
            place=f"openapi.yaml#{operation.pointer}",
            message=f"{left.keyword} at {left.at or 'the top'} no longer differs as it was meant to ({left.reason}): "
            f"expected {_said(left.contract)} in the contract, {_said(left.mock)} in the mock",
        )


def _of_contract(pointer: str) -> Meaning:
    """What the schema at a JSON pointer of the contract says."""
    return meaning(chosen().contract.document, pointer)


def _of_type(kind: type) -> Meaning:
    """What one of the mock's types says, by the JSON Schema that msgspec gives for it."""
    (schema,), components = msgspec.json.schema_components([kind], schema_hook=json_schema, ref_template="#/{name}")
    return meaning({**components, "root": schema}, "/root")


def _location(operation: MockOperation[Any, Any, Any], name: str) -> str:
    return "path" if f"{{{name}}}" in operation.path else "query"


def _reply_type(operation: MockOperation[Any, Any, Any]) -> type | None:
    """The type of the body of a reply, or None where it has none."""
    reply: type = get_type_hints(operation.answer)["return"]
    return None if reply is type(None) else reply


def _said(value: Any) -> str:
    return "nothing" if value is None else repr(value)
