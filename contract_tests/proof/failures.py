"""Checking the reply to a case of Schemathesis, and how its failed checks become drift: place, expectation, source."""

import json
import re
from typing import Any

from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

from contract_tests import judge
from contract_tests.evidence import Evidence
from contract_tests.proof.asking import report_findings
from contract_tests.proof.checks.answer import Answer, Seen
from contract_tests.proof.checks.every_reply import findings
from contract_tests.proof.same_value import NOTHING
from contract_tests.subject import TOKEN_VARIABLE, chosen
from scripts.contract import Operation, json_pointer


def check_reply(case: Case[Any], response: Response, seen: Seen, evidence: Evidence, *, but: str = "") -> None:
    """Report what the checks beyond the schema find in a reply, except for the check `but`."""
    operation = chosen().operation(case.operation.label)
    if operation is None:
        return
    answer = Answer(
        operation,
        method=response.request.method or "",
        sent=case.body if case.media_type == "application/json" else NOTHING,
        status=response.status_code,
        headers={name: ", ".join(values) for name, values in response.headers.items()},
        content=response.content,
    )
    found = [each for each in findings(answer, seen) if each.check != but]
    report_findings(found, operation, lambda: as_curl(case), evidence)


def report(failures: FailureGroup, case: Case[Any], response: Response, evidence: Evidence) -> None:
    """Report each failed check of one exchange."""
    for failure in failures.exceptions:
        place, message, source = _described(failure, case, response)
        evidence.drift(
            operation=failure.operation or case.operation.label,
            place=place,
            message=message,
            request=as_curl(case),
            kind=failure.title,
            check=failure.checks[0] if failure.checks else failure.title,
            source=source,
        )


def _described(failure: Failure, case: Case[Any], response: Response) -> tuple[str, str, str]:
    """Place, message, and the source of the fact that is contradicted."""
    status = response.status_code
    operation = chosen().operation(case.operation.label)
    assert operation is not None
    match failure:
        case JsonSchemaError():
            at = json_pointer(failure.instance_path)
            source = judge.source_of(operation.reply_schema(operation.documented_status(status)), at)
            return f"reply#{at}", f"{status} reply: {failure.validation_message}", source
        case AcceptedNegativeData():
            broken, reason = _first_violation(operation, case)
            message = f"an invalid request was accepted ({status}): {reason}"
            if broken is None:
                return "request", message, "documented"
            return f"request#{broken}", message, judge.source_of(operation.request_schema(), broken)
        case RejectedPositiveData():
            message = f"a valid request was refused ({status}): {response.text[:300]}"
            return _refused_place(response), message, "documented"
        case _:
            message = " ".join(f"{failure.title}: {failure.message}".split())
            # What a page says of replies is said of successes; everything about errors is inferred.
            source = "documented" if 200 <= status <= 299 or status >= 500 else "ours"
            return f"reply {status}", message[:300], source


def _first_violation(operation: Operation, case: Case[Any]) -> tuple[str | None, str]:
    if case.media_type == "application/json" and operation.has_body:
        for at, reason in judge.violations(operation.request_schema(), case.body):
            return at, reason
    description = case.meta.phase.data.description if case.meta else None
    return None, description or "no part of it is named"


def _refused_place(response: Response) -> str:
    """Where the server itself says the fault lies; our mock does, another need not."""
    try:
        return f"request#{response.json()['error']['details'][0]['path']}"
    except (json.JSONDecodeError, KeyError, IndexError, TypeError):
        return "request"


def as_curl(case: Case[Any]) -> str:
    """The request as a command; the embedded mock is gone by then, so it names the port of scripts/mock instead."""
    command = case.as_curl_command().replace(
        "'Authorization: [Filtered]'", f'"Authorization: Bearer ${TOKEN_VARIABLE}"'
    )
    return command if chosen().server_url else re.sub(r"http://127\.0\.0\.1:\d+/", "http://127.0.0.1:4010/", command)
