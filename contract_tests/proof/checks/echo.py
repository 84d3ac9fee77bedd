"""A reply must not contradict its request, and makes up nothing that the request did not say."""

from collections.abc import Iterator
from typing import Any

from contract_tests import judge
from contract_tests.proof.alterations import alterations
from contract_tests.proof.checks.answer import Answer, Finding, RunHistory
from contract_tests.proof.places import found_at, shared_place
from contract_tests.proof.same_value import NOTHING, differences, equal_in_json, instants_alike
from scripts.contract import pointer_parts

PARTICIPANT = ("role", "name", "phoneNumber", "spokeFirst", "isSimulated")
FLAGS = ("spokeFirst", "isSimulated")  # false where nobody says, as many a server completes them

# What a reply repeats of its upload: operation, pointer into the request, pointer into the reply.
ECHOED = {
    "POST /v1/call-analysis": {
        pointer: f"/data/call{pointer}"
        for pointer in (
            "/callDirection",
            "/startedAt",
            "/endedReason",
            "/isTest",
            "/properties",
            *(f"/participants/{at}/{name}" for at in (0, 1) for name in PARTICIPANT),
        )
    }
}

INSTANTS = {"/startedAt"}  # may be written in another offset

# What the reply may say of a field that the upload left out. It may leave the field out too; any text would be made
# up. Of spokeFirst it is left open, since who speaks first may follow from the direction of the call.
UNSAID: dict[str, tuple[Any, ...]] = {
    "/isTest": (False,),
    "/properties": ({},),
    **{f"/participants/{at}/isSimulated": (False,) for at in (0, 1)},
}
NOT_CHECKED_IF_UNSAID = "spokeFirst"

COUNTED = {"POST /v1/call-analysis": {"/participants": "/data/call/participants"}}

# What a reply to any upload says: a job that was just created has not begun.
STATED = {"POST /v1/call-analysis": {"/data/status": "PENDING"}}


def echo(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """Each repeated field of a valid upload comes back as it was, in the same order; null and absent are one."""
    label = answer.operation.label
    if label not in ECHOED or not answer.is_documented_upload:
        return
    for asked, answered in COUNTED.get(label, {}).items():
        sent, came = _at(answer.sent, asked), _at(answer.json, answered)
        if isinstance(came, list) and len(came) != len(sent):
            message = f"the upload named {len(sent)}, the reply names {len(came)}"
            what = {"rule": "value-changed", "fault": f"the number of {answered}"}
            yield Finding("echo", f"reply#{answered}", message, _source(answer, answered), **what)
    swapped = _swapped(answer)
    for asked, answered in ECHOED[label].items():
        sent, came = _at(answer.sent, asked), _at(answer.json, answered)
        for message, rule, fault in _unlike(asked, answered, sent, came, answer.json):
            what = (
                {"rule": "values-swapped", "fault": swapped[asked]}
                if asked in swapped
                else {"rule": rule, "fault": fault}
            )
            source = "ours" if what["rule"] == "value-made-up" else _source(answer, answered)
            yield Finding("echo", f"reply#{answered}", message, source, **what)


def _unlike(asked: str, answered: str, sent: Any, came: Any, reply: Any) -> Iterator[tuple[str, str, str]]:
    """How a field of the reply contradicts the upload: in a message, by which rule, and the fault."""
    place = shared_place(answered)
    if sent is NOTHING or sent is None:
        unsaid = (NOTHING, None, *UNSAID.get(asked, ()))
        if not asked.endswith(NOT_CHECKED_IF_UNSAID) and not any(_is_same(asked, each, came) for each in unsaid):
            yield f"the upload said {sent!r}, the reply says {_shown(came)}", "value-made-up", f"at {place}"
    elif came is NOTHING and _at(reply, answered.rpartition("/")[0]) is NOTHING:
        return  # the object around it is missing, which the schema's check reports
    elif not _is_same(asked, sent, came):
        says = "leaves it out" if came is NOTHING else f"says {_shown(came)}"
        for rule, fault in alterations(sent, came, place):
            yield f"the upload said {_shown(sent)}, the reply {says}", rule, fault


def _is_same(asked: str, sent: Any, came: Any) -> bool:
    return not any(differences(sent, came, same=instants_alike if asked in INSTANTS else equal_in_json))


def _swapped(answer: Answer) -> dict[str, str]:
    """Fields of the upload that come back as the other participant's, each with the fault."""
    told_apart, swapped = [], []
    for name in PARTICIPANT:
        unsaid = False if name in FLAGS else None
        sent, came = (
            [unsaid if (one := _at(value, f"{list_}/{at}/{name}")) in (NOTHING, None) else one for at in (0, 1)]
            for value, list_ in ((answer.sent, "/participants"), (answer.json, "/data/call/participants"))
        )
        told_apart += [name] if sent[0] != sent[1] else []
        swapped += [name] if sent[0] != sent[1] and came == sent[::-1] else []
    return {
        f"/participants/{at}/{name}": "the two participants" if swapped == told_apart else f"the {name} of participants"
        for at in (0, 1)
        for name in swapped
    }


def new_job_is_pending(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """A job that was just created is PENDING."""
    if answer.status != 200:
        return
    for answered, value in STATED.get(answer.operation.label, {}).items():
        came = _at(answer.json, answered)
        if came is not NOTHING and came != value and not _is_reported(answer, answered):
            message = f"expected {value!r} of what was just created, got {_shown(came)}"
            yield Finding(
                "new_job_is_pending",
                f"reply#{answered}",
                message,
                _source(answer, answered),
                rule="value-made-up",
                fault="a new job that has begun already",
            )


def _is_reported(answer: Answer, pointer: str) -> bool:
    """Whether the schema itself forbids what a reply holds there, which its check reports."""
    return answer.schema is not None and pointer in dict(judge.violations(answer.schema, answer.json))


def _source(answer: Answer, pointer: str) -> str:
    return judge.source_of(answer.operation.reply_schema("200"), pointer)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:120]}… ({len(text)} characters)"


def _at(value: Any, pointer: str) -> Any:
    return found_at(value, pointer_parts(pointer))
