"""How a failed check of Schemathesis becomes a drift: its place, what was expected, what came."""

import json
import re
from typing import Any

from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.openapi.checks import JsonSchemaError, RejectedPositiveData

from contract_tests.evidence import Evidence
from contract_tests.proof import judge
from contract_tests.proof.echo import ContradictionError
from contract_tests.subject import TOKEN_VARIABLE, chosen
from scripts.codegen.contract import json_pointer


def report(failures: FailureGroup, case: Case[Any], response: Response, evidence: Evidence) -> None:
    """Report each failed check of one exchange."""
    for failure in failures.exceptions:
        place, message = _place_and_message(failure, case, response)
        evidence.drift(
            operation=failure.operation or case.operation.label,
            place=place,
            message=message,
            request=as_curl(case),
            kind=failure.title,
        )


def _place_and_message(failure: Failure, case: Case[Any], response: Response) -> tuple[str, str]:
    status = response.status_code
    match failure:
        case ContradictionError():
            return f"reply#{failure.pointer}", failure.message
        case JsonSchemaError():
            return f"reply#{json_pointer(failure.instance_path)}", f"{status} reply: {failure.validation_message}"
        case AcceptedNegativeData():
            place, reason = _first_violation(case)
            return place, f"an invalid request was accepted ({status}): {reason}"
        case RejectedPositiveData():
            return _refused_place(response), f"a valid request was refused ({status}): {response.text[:300]}"
        case _:
            message = " ".join(f"{failure.title}: {failure.message}".split())
            return f"reply {status}", message[:300]


def _first_violation(case: Case[Any]) -> tuple[str, str]:
    operation = chosen().operation(case.operation.label)
    if operation is not None and case.media_type == "application/json":
        for at, reason in judge.violations(operation.request_schema(), case.body):
            return f"request#{at}", reason
    description = case.meta.phase.data.description if case.meta else None
    return "request", description or "no part of it is named"


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
