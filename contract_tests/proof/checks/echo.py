"""A reply must not contradict its request, and makes up nothing that the request did not say."""

from collections.abc import Iterator
from typing import Any

from contract_tests import judge
from contract_tests.proof.checks.answer import Answer, Finding, Seen
from contract_tests.proof.same_value import NOTHING, same_instant
from scripts.contract import pointer_parts

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

INSTANTS = {"/startedAt"}  # may be written in another offset

# What the reply may say of a field that the upload left out. It may leave the field out too; any text would be made
# up. Of spokeFirst it is left open, since who speaks first may follow from the direction of the call.
UNSAID: dict[str, tuple[Any, ...]] = {"/isTest": (False,)}
NOT_CHECKED_IF_UNSAID = "spokeFirst"

COUNTED = {"POST /v1/call-analysis": {"/participants": "/data/call/participants"}}

# What a reply to any upload says: a job that was just created has not begun.
STATED = {"POST /v1/call-analysis": {"/data/status": "PENDING"}}


def echo(answer: Answer, _: Seen) -> Iterator[Finding]:
    """Each repeated field of a valid upload comes back as it was, in the same order; null and absent are one."""
    label = answer.operation.label
    if label not in ECHOED or not answer.is_documented_upload:
        return
    for asked, answered in COUNTED[label].items():
        sent, came = _at(answer.sent, asked), _at(answer.json, answered)
        if isinstance(came, list) and len(came) != len(sent):
            message = f"the upload named {len(sent)}, the reply names {len(came)}"
            yield Finding("echo", f"reply#{answered}", message, _source(answer, answered))
    for asked, answered in ECHOED[label].items():
        sent, came = _at(answer.sent, asked), _at(answer.json, answered)
        place = f"reply#{answered}"
        if sent is NOTHING or sent is None:
            unsaid = (NOTHING, None, *UNSAID.get(asked, ()))
            if not asked.endswith(NOT_CHECKED_IF_UNSAID) and not any(came is each for each in unsaid):
                yield Finding("echo", place, f"the upload said {sent!r}, the reply makes up {_shown(came)}", "ours")
        elif came is NOTHING:
            if _at(answer.json, answered.rpartition("/")[0]) is not NOTHING:
                message = f"the upload said {_shown(sent)}, the reply leaves it out"
                yield Finding("echo", place, message, is_notice=True)
        elif not (same_instant(sent, came) if asked in INSTANTS else sent == came and type(sent) is type(came)):
            message = f"the upload said {_shown(sent)}, the reply says {_shown(came)}"
            yield Finding("echo", place, message, _source(answer, answered))


def new_job_is_pending(answer: Answer, _: Seen) -> Iterator[Finding]:
    """A job that was just created is PENDING."""
    if answer.status != 200:
        return
    for answered, value in STATED.get(answer.operation.label, {}).items():
        if (came := _at(answer.json, answered)) is not NOTHING and came != value:
            message = f"expected {value!r} of what was just created, got {_shown(came)}"
            yield Finding("new_job_is_pending", f"reply#{answered}", message, _source(answer, answered))


def _source(answer: Answer, pointer: str) -> str:
    return judge.source_of(answer.operation.reply_schema("200"), pointer)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:120]}… ({len(text)} characters)"


def _at(value: Any, pointer: str) -> Any:
    for part in pointer_parts(pointer):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return NOTHING
    return value
