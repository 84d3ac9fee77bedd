"""A check beyond the schema: a reply must not contradict its request."""

from typing import Any

import schemathesis
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case

from contract_tests.proof.same_value import NOTHING, differences
from scripts.codegen.contract import pointer_parts

# What a reply repeats of its upload: operation, pointer into the request, pointer into the reply.
ECHOED = {
    "POST /v1/call-analysis": {
        pointer: f"/data/call{pointer}"
        for pointer in (
            "/callDirection",
            "/startedAt",
            "/endedReason",
            "/isTest",
            *(f"/participants/{at}/{name}" for at in (0, 1) for name in ("role", "name", "phoneNumber", "spokeFirst")),
        )
    }
}

# What a reply to any upload says: a job that was just created has not begun.
STATED = {"POST /v1/call-analysis": {"/data/status": "PENDING"}}


class ContradictionError(Failure):
    """A reply that fits the schema and says something else than its request did, at `pointer` of the reply."""

    def __init__(self, *, operation: str, message: str, pointer: str) -> None:
        super().__init__(operation=operation, title="Reply contradicts its request", message=message)
        self.pointer = pointer

    @property
    def _unique_key(self) -> str:
        return self.pointer


@schemathesis.check
def reply_echoes_its_request(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Each repeated field of an accepted upload comes back as it was; a null may also be left out."""
    try:
        reply = response.json() if response.status_code == 200 else None
    except ValueError:  # which the check of the schema reports
        return
    if reply is None:
        return
    for answered, value in STATED.get(case.operation.label, {}).items():
        if (came := _at(reply, answered)) is not NOTHING and came != value:
            raise ContradictionError(
                operation=case.operation.label,
                message=f"expected {value!r} of what was just created, got {came!r}",
                pointer=answered,
            )
    for asked, answered in ECHOED.get(case.operation.label, {}).items():
        sent, came = _at(case.body, asked), _at(reply, answered)
        if sent is NOTHING or (sent is None and came is NOTHING):
            continue
        for at, before, after in differences(sent, came):
            raise ContradictionError(
                operation=case.operation.label,
                message=f"the upload said {before!r}, the reply says {after!r}",
                pointer=answered + at,
            )


def _at(value: Any, pointer: str) -> Any:
    for part in pointer_parts(pointer):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and int(part) < len(value):
            value = value[int(part)]
        else:
            return NOTHING
    return value
