"""Ids name one thing each: no two of a run are alike, save where an upload asked to be skipped."""

from collections.abc import Iterator

from contract_tests.proof.checks.answer import Answer, Finding, RunHistory
from contract_tests.proof.places import found_at

# The ids of a reply, by the operation that makes them.
IDS = {
    "POST /v1/call-analysis": (("data", "jobId"), ("data", "call", "id")),
    "POST /v1/vapi/call": (("data", "callId"),),
}

# Where an upload asks the server to skip a call that it has, and what its caller calls that call: both in the request.
SKIPPING = {
    "POST /v1/vapi/call": (("skipAlreadyImported",), ("vapiEndOfCallReportPayload", "call", "id")),
}


def fresh_ids(answer: Answer, history: RunHistory) -> Iterator[Finding]:
    """Each id of a reply is new: in its reply and in the run. Upper and lower case are one, as in a UUID.

    How a skipped upload is answered is documented nowhere: it may be with an id that its call was given before.
    """
    if not answer.is_success:
        return
    given: set[str] = set()
    repeatable: set[str] = set()
    asks, names = SKIPPING.get(answer.operation.label, ((), ()))
    if names and isinstance(call := found_at(answer.sent, names), str):
        given = history.ids_of_calls.setdefault(call, set())
        repeatable = set(given) if found_at(answer.sent, asks) is True else set()
    for path in IDS.get(answer.operation.label, ()):
        value = found_at(answer.json, path)
        if not isinstance(value, str):
            continue  # which the schema's check reports
        place = "reply#/" + "/".join(path)
        met = history.ids.get(value.lower())
        if met and value.lower() not in repeatable:
            message = f"expected an id of its own, got {value[:100]!r} again, first met at {met}"
            yield Finding("fresh_ids", place, message, rule="id-repeated")
        history.ids.setdefault(value.lower(), f"{answer.operation.label} {place}")
        given.add(value.lower())
