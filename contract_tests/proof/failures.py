"""Checking the reply to a case of Schemathesis, and how its failed checks become drift: place, expectation, source."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from requests import PreparedRequest
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup, MalformedJson, ServerError
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import (
    AuthScenario,
    ContentDeserializationError,
    IgnoredAuth,
    JsonSchemaError,
    MissingHeaderNotRejected,
    MissingHeaders,
    RejectedPositiveData,
    UndefinedStatusCode,
)

from contract_tests import judge
from contract_tests.proof.breaches import wrong_places
from contract_tests.proof.checks import strict_json
from contract_tests.proof.checks.answer import Answer, Finding
from contract_tests.proof.checks.every_reply import findings, weighed
from contract_tests.proof.curl import as_curl
from contract_tests.proof.probe import Probe, report_findings
from contract_tests.proof.refusals import report_refusal
from contract_tests.subject import chosen
from scripts.contract import Operation, json_pointer


def check_reply(case: Case[Any], response: Response, probe: Probe, *, but: str = "") -> None:
    """Report what the checks beyond the schema find in a reply, except for the check `but`."""
    operation = chosen().operation(case.operation.label)
    if operation is None:
        return
    found = [each for each in findings(_answer(operation, response), probe.history) if each.check != but]
    report_findings(found, operation, lambda: as_curl(response.request), probe.evidence)


def _answer(operation: Operation, response: Response) -> Answer:
    body = response.request.body
    sent = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
    return Answer(
        operation,
        method=response.request.method or "",
        sent=strict_json.value_of(sent),
        status=response.status_code,
        headers={name: ", ".join(values) for name, values in response.headers.items()},
        content=response.content,
    )


def report(failures: FailureGroup, case: Case[Any], response: Response, probe: Probe) -> None:
    """Report each failed check of one exchange."""
    operation = chosen().operation(case.operation.label)
    assert operation is not None
    for failure in failures.exceptions:
        curl = partial(as_curl, _request(failure, response))
        check = failure.checks[0] if failure.checks else failure.title
        is_refusal = isinstance(failure, RejectedPositiveData | ServerError)
        if is_refusal and _is_valid(operation, case):
            report_refusal(operation, case.body, response, check, probe, curl)
        else:
            answer = _answer(operation, response)
            found = [weighed(each, answer) for each in _findings(failure, check, answer, case, response)]
            report_findings(found, operation, curl, probe.evidence)


def _request(failure: Failure, response: Response) -> PreparedRequest:
    """The request that a failure is about: of a check that tries a case without its credentials, as it sent it then."""
    request = response.request
    if isinstance(failure, IgnoredAuth) and failure.scenario in (AuthScenario.NO_AUTH, AuthScenario.INVALID_AUTH):
        request = request.copy()
        del request.headers["Authorization"]
        if failure.scenario is AuthScenario.INVALID_AUTH:
            request.headers["Authorization"] = "Bearer SCHEMATHESIS-INVALID-VALUE"
    return request


def _is_valid(operation: Operation, case: Case[Any]) -> bool:
    """Whether the contract allows a request, all of it."""
    is_positive = case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE
    return is_positive and (not operation.has_body or judge.is_valid(operation.request_schema(), case.body))


def _findings(failure: Failure, check: str, answer: Answer, case: Case[Any], response: Response) -> Iterator[Finding]:
    operation, status = answer.operation, answer.status
    message = " ".join(f"{failure.title}: {failure.message}".split())[:300]
    # What a page says of replies is said of successes; everything about errors is inferred.
    source = "documented" if 200 <= status <= 299 or status >= 500 else "ours"
    where = f"reply {status}"
    match failure:
        case JsonSchemaError():
            pointer = operation.reply_schema(operation.documented_status(status))
            at = json_pointer(failure.instance_path)
            message, source = f"{status} reply: {failure.validation_message}", judge.source_of(pointer, at)
            wrong = {each.pointer: each for each in wrong_places(pointer, response.json())}
            for each in [each for each in wrong.values() if each.pointer == at] or list(wrong.values()):
                rule = each.rule_of_reply if 200 <= status <= 299 else "error-form"
                yield Finding(check, f"reply#{each.pointer}", message, source, rule=rule, fault=each.fault_of_reply)
        case AcceptedNegativeData():
            broken = answer.breach
            reason = broken.fault if broken else _description(case)
            place = f"request#{broken.pointer}" if broken else "request"
            source = judge.source_of(operation.request_schema(), broken.pointer) if broken else "documented"
            fault = broken.fault_of_request if broken else reason
            message = f"an invalid request was accepted ({status}): {reason}"
            yield Finding(check, place, message, source, rule="invalid-request-accepted", fault=fault)
        case MissingHeaderNotRejected() if status >= 400:
            message = f"a request without the right credentials: expected 401, got {status}"
            yield Finding(check, where, message, source, rule="refused-otherwise", fault=f"by a {status}")
        case IgnoredAuth() if not failure.title.startswith("API accepts"):
            fault = "a request without the right credentials"
            yield Finding(check, "reply", message, "ours", rule="refused-otherwise", fault=fault)
        case MissingHeaderNotRejected() | IgnoredAuth():
            yield Finding(check, where, message, source, rule="credentials-accepted")
        case ServerError():
            yield Finding(check, where, message, source, rule="invalid-request-fails")
        case UndefinedStatusCode():
            yield Finding(check, where, message, source, rule="undocumented-status", fault=f"{status}")
        case MissingHeaders():
            yield Finding(check, where, message, source, rule="error-headers", fault=failure.message)
        case _ if status >= 400:
            yield Finding(check, where, message, source, rule="error-form")
        case MalformedJson() | ContentDeserializationError():
            yield Finding(check, where, message, source, rule="reply-unreadable", fault="no JSON")
        case _:
            yield Finding(check, where, message, source, rule="undocumented-media-type")


def _description(case: Case[Any]) -> str:
    return (case.meta.phase.data.description if case.meta else None) or "no part of it is named"
