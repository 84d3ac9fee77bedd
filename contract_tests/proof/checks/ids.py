"""Ids name one thing each: no two of a run are alike."""

from collections.abc import Iterator

from contract_tests.proof.checks.answer import Answer, Finding, Seen

# The ids of a reply, by the operation that makes them.
IDS = {
    "POST /v1/call-analysis": (("data", "jobId"), ("data", "call", "id")),
    "POST /v1/vapi/call": (("data", "callId"),),
}


def fresh_ids(answer: Answer, seen: Seen) -> Iterator[Finding]:
    """Each id of a reply is new: in its reply and in the run. Upper and lower case are one, as in a UUID."""
    if not answer.is_success:
        return
    for path in IDS.get(answer.operation.label, ()):
        value = answer.json
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, str):
            continue  # which the schema's check reports
        place = "reply#/" + "/".join(path)
        if met := seen.ids.get(value.lower()):
            message = f"expected an id of its own, got {value[:100]!r} again, first met at {met}"
            yield Finding("fresh_ids", place, message, rule="id-repeated")
        seen.ids.setdefault(value.lower(), f"{answer.operation.label} {place}")
