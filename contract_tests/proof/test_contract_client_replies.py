"""What the generated client reads is what the contract says, and what it cannot read it says by its place."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from math import inf, nan
from typing import Any

from contract_tests import contents, judge
from contract_tests.contents import Content, Form
from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.parametrized import operations, with_reply
from contract_tests.proof.places import changed, found_at, is_within, named_otherwise, place_of, places
from contract_tests.proof.reading import LEAP_SECOND, misread
from contract_tests.proof.same_value import NOTHING, differences, to_the_letter
from contract_tests.proof.values import Broken, breaking, broken, check_each, fitting, text_of
from contract_tests.proof.variants import (
    OTHERS,
    complete,
    least,
    place_of_change,
    renamed,
    variants,
    whole,
    whole_body,
)
from contract_tests.proof.wire import (
    Call,
    Caller,
    Reply,
    ReportedDrift,
    as_json,
    calling,
    documented_statuses,
    holding,
    success,
    whole_success,
    zipped,
)
from contract_tests.subject import chosen
from scripts.contract import Operation, examples_of, json_pointer, pointer_parts

ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT, Need.WIRE}, pace=Pace.SECONDS)


@with_reply
def test_fitting_reply_is_read_without_loss(operation: Operation, evidence: Evidence) -> None:
    """Every reply that fits is read as what it says, written again as it came, and only what is unknown is told of."""
    drawn = fitting(operation.success_schema(), unknown=True)
    with calling(operation, evidence, "reply") as caller:
        check_each(_fitting(operation), drawn, partial(_check_fitting, caller))


@with_reply
def test_breaking_reply_is_refused_or_reported(operation: Operation, evidence: Evidence) -> None:
    """A reply that breaks the contract is refused by every wrong pointer, or, where it is optional, reported there."""
    schema = operation.success_schema()
    with calling(operation, evidence, "reply") as caller:
        check_each(broken(schema), breaking(schema), partial(_check_breaking, caller))


@with_reply
def test_reply_is_read_however_it_is_sent(operation: Operation, evidence: Evidence) -> None:
    """The same reply compressed, indented, with letters as they are or with a charset is the same reply."""
    value = complete(operation.success_schema())
    answer = success(operation, value)
    forms = {
        "gzip": zipped(answer),
        "indented": replace(answer, content=json.dumps(value, indent=2).encode()),
        "letters as they are": replace(answer, content=json.dumps(value, ensure_ascii=False).encode()),
        "charset": replace(answer, headers=(("Content-Type", "application/json; charset=utf-8"),)),
        "upper case": replace(answer, headers=(("content-type", "Application/JSON"),)),
    }
    with calling(operation, evidence, "reply") as caller:
        for name, form in forms.items():
            evidence.case()
            for way in caller.ways():
                call = caller.call(way, whole_body(operation), form)
                _check_read(caller, f"{way}, {name}", value, call)


@with_reply
def test_number_that_json_does_not_know_is_refused(operation: Operation, evidence: Evidence) -> None:
    """NaN and Infinity are no JSON: a reply with one is refused, wherever it stands."""
    schema = operation.success_schema()
    base = complete(schema)
    with calling(operation, evidence, "reply") as caller:
        for place, _ in places(judge.schema(schema), base):
            parts = pointer_parts(place)
            if type(found_at(base, parts)) not in (int, float):
                continue
            for number in (nan, inf):
                for way, call in _by_turns(caller, changed(base, parts, number)):
                    if call.outcome.error is None:
                        caller.drift(place, f"{way}: {number} is read as a number", "numbers")


@operations
def test_every_function_gives_what_was_read(operation: Operation, evidence: Evidence) -> None:
    """Each function of both layers gives the same with or without the rest, None of a reply without a body."""
    holds = contents.read(operation)
    value = whole(holds)
    answer = success(operation, value, ("X-Request-Id", "r-1"))
    with calling(operation, evidence, "reply") as caller:
        module, body = client.call_module(operation), whole_body(operation)
        for name in ("sync", "asyncio") if hasattr(module, "sync") else ():  # without which another test finds it
            call = caller.lower(name, lambda: client.given(operation, body), answer)
            _check_bare(caller, f"{module.__name__}.{name}", holds, value, call)
        for name, call in caller.in_each_way(body, answer):
            if (call.outcome.status, call.outcome.content) != (answer.status, answer.content):
                caller.drift("", f"{name}: status or body of the reply are not given", "what functions give")
        for name in ("Roark", "AsyncRoark") if client.is_ours() else ():
            _check_bare(caller, name, holds, value, caller.plainly(name, answer))


@operations
def test_reply_is_read_by_its_status_and_its_media_type(operation: Operation, evidence: Evidence) -> None:
    """A reply of each documented success is read as what comes under its media type: a model, text, bytes or None."""
    body = whole_body(operation)
    with calling(operation, evidence, "reply") as caller:
        for status, content in contents.successes(operation):
            codes = _codes(operation, status)
            for (value, reply), code in product(_replies(status, content), codes):
                for way, call in caller.in_both_halves(caller.ways(), body, replace(reply, status=code)):
                    _check_content(caller, f"{way}, {code}", content, value, call)


@operations
def test_undocumented_status_of_a_success_is_told(operation: Operation, evidence: Evidence) -> None:
    """Of a success with a status that the contract does not name somebody is told, and of one that it names nobody."""
    documented = [status for status, _ in contents.successes(operation)]
    if not documented or "default" in documented or not client.is_ours():
        return
    body, whole = whole_body(operation), whole_success(operation)
    others = [each for each in range(200, 300) if not operation.documented_status(each).startswith("2")]
    with calling(operation, evidence, "reply") as caller:
        for status, expected in ((whole.status, ()), *((each, (("reply", "status", ""),)) for each in others[:1])):
            for way, call in caller.in_each_way(body, replace(whole, status=status)):
                if call.reported != expected:
                    caller.drift("", f"{way}, {status}: told {call.reported}, expected {expected}", "status")


def _codes(operation: Operation, status: str) -> list[int]:
    """The status itself; of all that stand for it, where it is a range, the first and the last."""
    if status.isdecimal():
        return [int(status)]
    free = [each for each in range(200, 300) if f"{each}" not in (*operation.statuses, *contents.WITHOUT_CONTENT)]
    return [free[0], free[-1]]


def _replies(status: str, content: Content | None) -> Iterator[tuple[Any, Reply]]:
    """Replies with a documented status that hold what may be under a media type, each with its value."""
    if content is None or content.form is Form.JSON:
        yield whole(content), holding(content, whole(content), status)
        return
    for value in OTHERS[content.form]:
        yield value, holding(content, value, status)
    if content.form is Form.TEXT and "charset" not in content.media_type:
        latin = replace(content, media_type=f"{content.sent_as}; charset=ISO-8859-1")
        yield whole(content), holding(latin, whole(content), status)


@operations
def test_every_documented_error_is_decoded(operation: Operation, evidence: Evidence) -> None:
    """An answer with any documented status, and any that a range stands for, is told with its status and its body."""
    with calling(operation, evidence, "reply") as caller:
        for documented, status in documented_statuses(operation):
            if 200 <= status < 300:
                continue
            schema = operation.reply_schema(documented)
            for body in ({"error": {"code": "x", "message": "né"}}, "text"):
                if not judge.exists(schema) or judge.is_valid(schema, body):
                    _check_error(caller, documented, status, body)


def _fitting(operation: Operation) -> Iterator[Any]:
    pointer = operation.success_schema()
    schema, base = judge.schema(pointer), complete(pointer)
    shown = examples_of(chosen().contract.document, judge.value_at(pointer.removesuffix("/schema")))
    yield from (each for each in (*shown, least(pointer)) if each is not NOTHING and judge.fits(schema, each))
    yield from (variant.value for variant in variants(pointer) if variant.fits)
    yield from renamed(pointer)
    if judge.fits(schema, _grown(base)):
        yield _grown(base)
    for place, inner in places(schema, base):
        if any(
            part.get("format") == "date-time" for part in judge.counted_as(inner, found_at(base, pointer_parts(place)))
        ):
            value = changed(base, pointer_parts(place), LEAP_SECOND)
            yield from [value] if judge.fits(schema, value) else ()


def _grown(value: Any) -> Any:
    """A value with a further field in every object."""
    if isinstance(value, list):
        return [_grown(item) for item in value]
    if isinstance(value, dict):
        return {name: _grown(each) for name, each in value.items()} | {"fromTomorrow": 1}
    return value


def _check_fitting(caller: Caller, value: Any) -> None:
    unknown = [("reply", "unknown field", place_of(place, value)) for place in _unknown(caller.operation, value)]
    leaps = [("reply", "leap second", place_of(place, value)) for place in _leap_seconds(caller.operation, value)]
    for way, call in _by_turns(caller, value):
        _check_read(caller, way, value, call)
        _check_told(caller, way, value, {*unknown, *leaps}, call)


def _check_breaking(caller: Caller, broken: Broken) -> None:
    value, wrong = broken
    misfits = {each.pointer for each in wrong if not each.unknown_value}
    unions = {each.pointer for each in wrong if each.in_union}
    must_refuse = any(each.optional is None and not (each.unknown_value or each.in_union) for each in wrong)
    may_refuse = must_refuse or any(each.in_union and each.optional is None for each in wrong)
    for way, call in _by_turns(caller, value):
        error = call.outcome.error
        if must_refuse and error is None:
            for pointer in sorted(misfits):
                message = f"{way}: a reply that breaks the contract is accepted, {_shown(value, pointer)}"
                caller.drift(pointer, message, "breaking reply is refused")
        elif may_refuse and error is not None:
            named = {each.pointer for each in getattr(error, "violations", ())}
            for pointer in sorted(named_otherwise(misfits, named, unions)):
                message = f"{way}: refused, but not at the right place: {type(error).__name__}: {error!s:.150}"
                caller.drift(pointer, message, "refused by its pointer")
            if client.is_ours() and text_of(call.outcome.body) != text_of(value):
                caller.drift("", f"{way}: the error does not hold the body that came", "error's body")
        elif error is not None:
            message = f"{way}: refused for what a caller may do without: {type(error).__name__}: {error!s:.150}"
            caller.drift(wrong[0].pointer, message, "tolerable misfit is tolerated")
        elif not unions:  # else nobody says what it reads as
            tolerated = value
            for each in wrong:
                if not each.unknown_value and each.optional is not None:
                    tolerated = changed(tolerated, pointer_parts(each.optional), None)
            _check_read(caller, way, value, call, reads_as=tolerated)
        if client.is_ours() or error is None:
            expected = {
                ("reply", "unknown value" if each.unknown_value else "wrong value", place_of(each.pointer, value))
                for each in wrong
            }
            unknown = _unknown(caller.operation, value)
            expected |= {("reply", "unknown field", place_of(place, value)) for place in unknown}
            _check_told(caller, way, value, expected, call, {place_of(each, value) for each in unions})


def _by_turns(caller: Caller, value: Any) -> Iterator[tuple[str, Call]]:
    """A reply through both halves of one layer, another each time."""
    answer = success(caller.operation, value)
    return caller.in_both_halves(caller.layer_by_turns(), whole_body(caller.operation), answer)


def _check_read(caller: Caller, way: str, value: Any, call: Call, reads_as: Any = NOTHING) -> None:
    """A reply is read as what it says, and written again as it came."""
    schema, error = caller.operation.success_schema(), call.outcome.error
    if error is None:
        _check_model(caller, way, value, call, schema, reads_as)
        return
    message = f"{way}: a reply that fits is refused: {type(error).__name__}: {error!s:.150}"
    named = {each.pointer for each in getattr(error, "violations", ())}
    for pointer in sorted(named or {place_of_change(schema, value)}):
        caller.drift(pointer, message, "fitting reply is read")


def _check_content(caller: Caller, way: str, content: Content | None, value: Any, call: Call) -> None:
    """What a reply holds is read as what its media type says."""
    error, read = call.outcome.error, call.outcome.reply
    if error is None and content is not None and content.form is Form.JSON:
        _check_model(caller, way, value, call, content.schema)
    elif error is not None or (
        read is not None if value is NOTHING else type(read) is not type(value) or read != value
    ):
        under = "no body" if content is None else content.media_type
        message = f"{way}: {value!r:.80} came under {under}, and is read as {error or read!r:.150}"
        caller.drift("", message, "read by its media type")
    if call.reported:
        caller.drift("", f"{way}: told of {call.reported}, which is as documented", "told of what is")


def _check_model(caller: Caller, way: str, value: Any, call: Call, schema: str, reads_as: Any = NOTHING) -> None:
    reply = call.outcome.reply
    written = client.written(reply)
    if not client.is_bare(reply) and text_of(written) != text_of(value):
        for place, before, after in differences(value, written, same=to_the_letter):
            message = f"{way}: {before!r:.100} came, and is written again as {after!r:.100}"
            caller.drift(place, message, "survives reading and writing")
    expected = value if reads_as is NOTHING else reads_as
    for place, came, read in misread(judge.schema(schema), expected, reply):
        message = f"{way}: {came!r:.100} came, and the model says {read!r:.100}"
        caller.drift(place, message, "model says what came")


def _check_bare(caller: Caller, way: str, content: Content | None, value: Any, call: Call) -> None:
    """What was read comes by itself, and says what came."""
    caller.evidence.case()
    if call.outcome.status is not None:
        caller.drift("", f"{way} gives the whole reply, not what was read", "what functions give")
    _check_content(caller, way, content, value, call)


def _check_told(
    caller: Caller, way: str, value: Any, expected: set[ReportedDrift], call: Call, unions: Collection[str] = ()
) -> None:
    """Each place of drift is told once, and no other; in the place of a union, the whole or what is within it."""
    told = [(part, kind, place_of(place, value)) for part, kind, place in call.reported]
    for union in unions:
        if not any(is_within(place, union) for _, _, place in told):
            caller.drift(union, f"{way}: it fits no member: nobody was told", "drift is told of")
    told = [each for each in told if not any(is_within(each[2], union) for union in unions)]
    expected = {each for each in expected if not any(is_within(each[2], union) for union in unions)}
    for part, kind, place in sorted(expected - set(told)):
        if kind == "unknown field":  # whose name may be anything: its place is the object that it came in
            place, _, name = place.rpartition("/")
            kind = f"unknown field {name!r:.40}"
        caller.drift(place, f"{way}: {kind} in the {part}: nobody was told", "drift is told of")
    for part, kind, place in sorted(set(told) - expected):
        caller.drift(place, f"{way}: told of a {kind} in the {part} that is none", "told of what is")
    if len(told) != len(set(told)):
        caller.drift(told[0][2], f"{way}: one place is told of several times", "told once")


def _check_error(caller: Caller, documented: str, status: int, body: Any) -> None:
    operation = caller.operation
    place = f"openapi.yaml#{operation.pointer}{json_pointer(['responses', documented])}"
    headers = judge.follow(operation.definition["responses"][documented]).get("headers", {})
    wait = ("Retry-After", "7.5")
    answer = as_json(body, status, *([wait] if wait[0] in headers else []))
    for way, call in caller.in_both_halves(caller.ways(), whole_body(operation), answer):
        outcome = call.outcome
        wrong = []
        if outcome.status != status:
            wrong.append(f"status {outcome.status}")
        elif text_of(outcome.body) != text_of(body):
            wrong.append(f"body {outcome.body!r:.100} for {body!r:.100}")
        elif outcome.retry_after != (float(wait[1]) if wait[0] in headers else None):
            wrong.append(f"retry_after {outcome.retry_after}")
        if len(call.requests) != 1:
            wrong.append(f"{len(call.requests)} requests")
        for each in wrong:
            message = f"{way}: {status} is told as {each} ({type(outcome.error).__name__}: {outcome.error!s:.100})"
            caller.evidence.drift(operation=operation.label, place=place, message=message, check="documented error")


def _unknown(operation: Operation, value: Any) -> Iterator[str]:
    return judge.unknown_fields(judge.schema(operation.success_schema()), value)


def _leap_seconds(operation: Operation, value: Any) -> Iterator[str]:
    for place, schema in places(judge.schema(operation.success_schema()), value):
        is_leap = found_at(value, pointer_parts(place)) == LEAP_SECOND
        if is_leap and any(each.get("format") == "date-time" for each in judge.counted_as(schema, LEAP_SECOND)):
            yield place


def _shown(value: Any, pointer: str) -> str:
    found = found_at(value, pointer_parts(pointer)) if pointer else value
    return "where nothing came" if found is NOTHING else f"where {found!r:.80} came"
