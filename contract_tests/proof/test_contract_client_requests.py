"""What the generated client sends is what the contract says, and says what it was given."""

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from contract_tests import contents, judge
from contract_tests.contents import Content, Form
from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client, head, servers
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.breaches import WrongPlace
from contract_tests.proof.parameters import (
    Values,
    every_value,
    fitting_values,
    least_values,
    refused_values,
    written,
)
from contract_tests.proof.parametrized import by_subject, operations, with_body
from contract_tests.proof.places import is_within, named_otherwise, place_of
from contract_tests.proof.reading import unlike
from contract_tests.proof.same_value import NOTHING, Same, differences, to_the_digit, to_the_letter
from contract_tests.proof.values import Broken, breaking, broken, check_each, fitting, text_of
from contract_tests.proof.variants import OTHERS, least, place_of_change, renamed, variants, whole_body
from contract_tests.proof.wire import (
    FACADE,
    LOWER,
    Call,
    Caller,
    calling,
    gives_fields,
    whole_success,
)
from scripts.contract import Operation, json_pointer, pointer_parts

ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT, Need.WIRE}, pace=Pace.SECONDS)

BODY = "the body"  # what an error calls it that names nothing within it

with_model = by_subject(
    "operation",
    lambda subject: [each for each in subject.operations if "request" in dict(judge.named_objects(each))],
)


@operations
def test_parameters_go_out_as_given(operation: Operation, evidence: Evidence) -> None:
    """Method, path, query and headers are what the contract says, whatever fits is given, or left out where it may."""
    answer = whole_success(operation)
    with calling(operation, evidence, "request") as caller:
        for body, values, place in _fitting_calls(operation):
            for way, call in caller.in_both_halves(caller.ways(), body, answer, values=values):
                if len(call.requests) == 1:
                    _check_head(caller, way, values, call)
                else:
                    error = call.outcome.error
                    message = f"{way}: expected one request, got {len(call.requests)} ({type(error).__name__}: {error})"
                    evidence.drift(operation=operation.label, place=place, message=message, check="fitting is sent")
                if body is NOTHING and any(request.content for request in call.requests):
                    caller.drift("", f"{way}: a body is sent that nobody gave", "body")


@operations
def test_breaking_parameter_is_refused(operation: Operation, evidence: Evidence) -> None:
    """A value that breaks the contract, or would make another path or header, is refused by the parameter's name."""
    body, answer = whole_body(operation), whole_success(operation)
    with calling(operation, evidence, "request") as caller:
        for parameter, name in client.parameter_names(operation).items() if client.is_ours() else ():
            for value in refused_values(parameter):
                values = {**every_value(operation), parameter: value}
                for way, call in caller.in_each_way(body, answer, values=values):
                    error = call.outcome.error
                    is_named = name in str(error) or parameter.name in str(error)
                    if call.is_refused and isinstance(error, TypeError | ValueError) and is_named:
                        continue
                    became = f"refused, but not by its name: {error!r}" if call.is_refused else "sent"
                    message = f"{way}: {value!r:.100} is {became:.150}"
                    place = f"openapi.yaml#{parameter.pointer}"
                    evidence.drift(operation=operation.label, place=place, message=message, check="breaking is refused")


@operations
def test_operation_goes_to_its_server(
    operation: Operation, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody says otherwise, an operation goes to the server that the contract names for it, and no other.

    What callers choose of a server's variables stands in its URL, and only what the contract lets them choose.
    """
    monkeypatch.delenv("ROARK_BASE_URL", raising=False)
    place, values = f"openapi.yaml#{operation.pointer}", every_value(operation)
    urls = [(servers.server_of(operation), {}), *servers.choices(operation)]
    with calling(operation, evidence, "request") as caller:
        for way, (server, variables) in product(FACADE if client.is_ours() else (), urls):
            evidence.case()
            options: dict[str, Any] = {"server_variables": variables} if variables else {}
            try:
                call = caller.call(way, whole_body(operation), whole_success(operation), base_url=None, **options)
                sent = [str(request.url.copy_with(query=None)) for request in call.requests]
            except importlib.import_module("roark_client").ConfigurationError:  # where the contract names none at all
                sent = []
            expected = [f"{server}{written(operation, values).path}"] if server else []
            if list(map(head.read_url, sent)) != list(map(head.read_url, expected)):
                message = f"{way}, with {variables or 'no variable'}: expected to go to {expected}, went to {sent}"
                evidence.drift(operation=operation.label, place=place, message=message, kind="server", check="server")
        for way, variables in product(FACADE if client.is_ours() else (), servers.refused_choices(operation)):
            evidence.case()
            try:
                caller.facade(way, base_url=None, server_variables=variables)
            except ValueError:
                continue
            message = f"{way}: takes {variables}, which is none of the enum of that variable"
            evidence.drift(operation=operation.label, place=place, message=message, kind="server", check="server")


@with_body
def test_fitting_request_goes_out_as_given(operation: Operation, evidence: Evidence) -> None:
    """Every body that fits is sent as the contract says, whichever way it is given, and says the same."""
    drawn = fitting(operation.request_schema(), unknown=True)
    with calling(operation, evidence, "request") as caller:
        check_each(_fitting(operation), drawn, partial(_check_fitting, caller))


@operations
def test_text_and_bytes_go_out_as_given(operation: Operation, evidence: Evidence) -> None:
    """A body that is no JSON goes out under its media type, to the byte; what is neither text nor bytes does not."""
    content = contents.sent(operation)
    if content is None or content.form is Form.JSON:
        return
    answer = whole_success(operation)
    with calling(operation, evidence, "request") as caller:
        for body in OTHERS[content.form]:
            for way, call in caller.in_both_halves(caller.ways(), body, answer):
                if len(call.requests) != 1:
                    message = f"{way}: {body!r:.80} is not sent: {call.outcome.error!r:.150}"
                    caller.drift("", message, "fitting request is sent")
                    continue
                _check_head(caller, way, every_value(operation), call)
                _report_unbent(caller, way, _bent(content, body, call))
        for wrong in (None, 5, {"a": 1}, b"text" if content.form is Form.TEXT else "text"):
            for way, call in caller.in_each_way(wrong, answer):
                if not (call.is_refused and isinstance(call.outcome.error, TypeError | ValueError)):
                    message = f"{way}: {wrong!r} goes out as {content.form}"
                    caller.drift("", message, "breaking request is refused")


def _bent(content: Content, body: Any, call: Call) -> Iterator[tuple[str, Any, Any]]:
    try:
        sent = call.sent(content)
    except ValueError as error:
        sent = error
    if sent != body:
        yield "", body, sent


@with_model
def test_typed_request_goes_out_as_given(operation: Operation, evidence: Evidence) -> None:
    """A body of models, enum members and date-times, or under the names in Python, is sent as the same JSON."""
    answer = whole_success(operation)
    with calling(operation, evidence, "request") as caller:
        for body in _fitting(operation, inside_raw_data=False):
            for how, build in _typed(operation, body):
                evidence.case()
                call = caller.lower("sync_detailed", build, answer)
                _check_sent(caller, how, body, call, in_meaning=how != "a model")


@with_model
def test_naive_datetime_is_not_sent(operation: Operation, evidence: Evidence) -> None:
    """A datetime without an offset names no instant: it is refused, not sent as if it were one."""
    schema = judge.only(judge.schema(operation.request_schema()))
    names, whole = client.attributes(schema), whole_body(operation)
    answer = whole_success(operation)
    with calling(operation, evidence, "request") as caller:
        for wire, field in schema.get("properties", {}).items():
            if wire not in whole or [each.get("format") for each in judge.counted_as(field, whole[wire])] != [
                "date-time"
            ]:
                continue
            evidence.case()

            def build(name: str = names[wire]) -> Any:
                model = client.request_model(operation).from_dict(whole)
                setattr(model, name, datetime(2025, 2, 11, 1, 4, 32))
                return model

            call = caller.lower("sync_detailed", build, answer)
            if not call.is_refused:
                caller.drift(json_pointer([wire]), "a datetime without an offset was sent", "naive datetime")


@with_body
def test_breaking_request_is_refused(operation: Operation, evidence: Evidence) -> None:
    """A body that breaks the contract is refused by the name of what is wrong; raw data goes out as it is."""
    schema = operation.request_schema()
    with calling(operation, evidence, "request") as caller:
        check_each(broken(schema), breaking(schema), partial(_check_breaking, caller))


def _fitting(operation: Operation, *, inside_raw_data: bool = True) -> Iterator[Any]:
    raw = () if inside_raw_data else _raw_places(operation)
    schema = operation.request_schema()
    yield from (
        each for each in (*operation.examples, least(schema)) if each is not NOTHING and judge.is_valid(schema, each)
    )
    if raw_data := _passed_through(operation):
        yield from renamed(schema, raw_data)
    yield from (each.value for each in variants(schema) if each.fits and not each.pointer.startswith(raw))


def _fitting_calls(operation: Operation) -> Iterator[tuple[Any, Values, str]]:
    """All that can be given, what has to be, and each value that fits a parameter: body, values and place."""
    place = f"openapi.yaml#{operation.pointer}"
    body, values = whole_body(operation), every_value(operation)
    yield body, values, place
    is_needed = contents.sent(operation) is not None and judge.value_at(operation.body).get("required") is True
    least_body, fewest = body if is_needed else NOTHING, least_values(operation)
    if (least_body, fewest) != (body, values):
        yield least_body, fewest, place
    for parameter in operation.parameters:
        for value in fitting_values(parameter):
            yield body, {**values, parameter: value}, f"openapi.yaml#{parameter.pointer}"


def _ways(caller: Caller, body: Any) -> Mapping[str, str]:
    """The ways in which a body can be given: where its fields are arguments, only an object by these."""
    return caller.layer_by_turns() if isinstance(body, dict) or not gives_fields(caller.operation) else LOWER


def _check_fitting(caller: Caller, body: Any) -> None:
    for way, call in caller.in_both_halves(_ways(caller, body), body, whole_success(caller.operation)):
        _check_sent(caller, way, body, call)
        if client.is_ours():
            _check_told(caller, way, body, call)


def _check_sent(caller: Caller, way: str, body: Any, call: Call, *, in_meaning: bool = False) -> None:
    """The one request of a call is what the contract says, and its body what was given, or at least means the same."""
    operation, schema = caller.operation, caller.operation.request_schema()
    if len(call.requests) != 1:
        error = call.outcome.error
        message = f"{way}: expected one request, got {len(call.requests)} ({type(error).__name__}: {str(error)[:200]})"
        caller.drift(place_of_change(schema, body), message, "fitting request is sent")
        return
    _check_head(caller, way, every_value(operation), call)
    try:
        sent = call.sent()
    except ValueError as error:
        caller.drift("", f"{way}: its body is no JSON: {error}", "body")
        return
    for at, reason in judge.violations(schema, sent):
        caller.drift(at, f"{way}: what is sent breaks the contract: {reason}", "valid on the wire")
    if in_meaning:
        found = unlike(judge.schema(schema), body, sent)
        _report_unbent(caller, way, [*found, *_bent_raw_data(operation, body, sent)])
    else:
        _check_unbent(caller, way, body, sent, to_the_digit)


def _check_unbent(caller: Caller, way: str, body: Any, sent: Any, same: Same) -> None:
    if text_of(body) != text_of(sent):
        found = [*differences(body, sent, same=same), *_bent_raw_data(caller.operation, body, sent)]
        _report_unbent(caller, way, found)


def _bent_raw_data(operation: Operation, body: Any, sent: Any) -> Iterator[tuple[str, Any, Any]]:
    """What differs where a body passes through as it is, to the letter."""
    if isinstance(body, dict) and isinstance(sent, dict):
        for name in _passed_through(operation):
            yield from differences(body.get(name), sent.get(name), json_pointer([name]), same=to_the_letter)


def _report_unbent(caller: Caller, way: str, found: Iterable[tuple[str, Any, Any]]) -> None:
    for at, before, after in found:
        message = f"{way}: the caller gave {before!r:.100}, what goes out says {after!r:.100}"
        caller.drift(at, message, "goes out as given")


def _check_head(caller: Caller, way: str, values: Values, call: Call) -> None:
    operation = caller.operation
    (request,) = call.requests
    for what, expected, actual in head.differences(operation, values, way, request):
        message = f"{way}: {what}: expected {expected!r}, got {actual!r}"
        place = f"openapi.yaml#{operation.pointer}"
        caller.evidence.drift(operation=operation.label, place=place, message=message, kind=what, check="head")


def _check_told(caller: Caller, way: str, body: Any, call: Call) -> None:
    """A field that the contract does not name may be a slip of the pen: it is told of, unless given on purpose."""
    operation = caller.operation
    raw = _raw_places(operation)
    unknown = [
        at for at in judge.unknown_fields(judge.schema(operation.request_schema()), body) if not at.startswith(raw)
    ]
    if way == "Roark" and gives_fields(operation):
        unknown = [at for at in unknown if at.count("/") > 1]
    expected = {("request", "unknown field", place_of(at, body)) for at in unknown}
    actual = {(part, kind, place_of(at, body)) for part, kind, at in call.reported if part == "request"}
    for _, kind, at in expected ^ actual:
        message = f"{way}: {kind}: {'nobody was told' if at in {each[2] for each in expected} else 'told of wrongly'}"
        caller.drift(at, message, "unknown fields are told of")


def _check_breaking(caller: Caller, broken: Broken) -> None:
    body, wrong = broken
    is_raw = all(each.passthrough and each.optional for each in wrong)
    for way, call in caller.in_both_halves(_ways(caller, body), body, whole_success(caller.operation)):
        if call.is_refused:
            if is_raw:
                caller.drift(wrong[0].pointer, f"{way}: raw data was refused", "raw data is sent")
            else:
                _check_named(caller, way, call, wrong)
            continue
        told = {place_of(at, body) for part, _, at in call.reported if part == "request"}
        for each in wrong if not is_raw else ():
            if not client.is_ours():
                # The judge names what is an object or null as a whole, the client what is wrong inside.
                near = place_of(each.pointer, body)
                if not any(is_within(at, near) or is_within(near, at) for at in told):
                    message = f"{way}: what breaks the contract goes out, and nobody is told"
                    caller.drift(each.pointer, message, "breaking request is refused")
            else:
                caller.drift(each.pointer, f"{way}: what breaks the contract goes out", "refused")
        if call.requests:
            _check_unbent(caller, way, body, call.sent(), to_the_letter if is_raw else to_the_digit)


def _check_named(caller: Caller, way: str, call: Call, wrong: list[WrongPlace]) -> None:
    """What keeps a body from being sent is told by a TypeError or ValueError that names each place, and no other."""
    error = call.outcome.error
    message = str(error)
    names = client.attributes(judge.only(judge.schema(caller.operation.request_schema())))
    named = {_argument(each.pointer, names): each.pointer for each in wrong}
    unions = {_argument(each.pointer, names) for each in wrong if each.in_union}
    if not isinstance(error, TypeError | ValueError):
        missing = set(named)
    elif "requires it" in message:  # what the facade misses, before it looks at anything else
        missing = set(named) - set(message.partition(":")[0].split(", "))
    elif "envelope" in message:
        missing = {name for name in named if not message.startswith(f"{name.split('/')[0]}:")}
    else:
        told = {line.partition(": expected ")[0] for line in message.split("\n") if ": expected " in line}
        places = (set(map(_as_place, each)) for each in (named, told, unions))
        missing = {each.removeprefix("/") or BODY for each in named_otherwise(*places)}
    for name in sorted(missing):
        text = (
            f"{way}: refused, but not by the name of what is wrong, {name:.60}: {type(error).__name__}: {message:.150}"
        )
        caller.drift(named.get(name, next(iter(named.values()))), text, "refused by name")


def _as_place(name: str) -> str:
    return "" if name == BODY else f"/{name}"


def _argument(pointer: str, names: Mapping[str, str]) -> str:
    """`participants/0/role`: an argument's name in Python, and a pointer into its value."""
    if not pointer:
        return BODY
    first, slash, rest = pointer[1:].partition("/")
    (name,) = pointer_parts(f"/{first}")
    return names.get(name, first) + slash + rest


def _typed(operation: Operation, body: Any) -> Iterator[tuple[str, Any]]:
    """Other ways to give a body: as a model that was read or made, and in our client under the names in Python."""
    model = client.request_model(operation)
    names = client.attributes(judge.only(judge.schema(operation.request_schema())))
    is_readable = judge.fits(judge.as_reply(operation.request_schema()), body)  # lacks nothing that replies have
    if is_readable:
        yield "a model", lambda: model.from_dict(body)
    if (
        is_readable and body.keys() <= names.keys() and None not in body.values()
    ):  # which leaves a field out, in a constructor

        def constructed() -> Any:
            read = model.from_dict(body)
            return model(**{names[name]: getattr(read, names[name]) for name in body})

        yield "typed values", constructed
    if client.is_ours():
        in_python = _in_python(judge.schema(operation.request_schema()), body)
        yield "names and types in Python", lambda: in_python


def _in_python(schema: judge.Schema | bool, value: Any) -> Any:
    """A value under the names in Python, with the types that Python has for texts of a format."""
    (resolved, *_) = judge.counted_as(schema, value) or [judge.follow(schema)]
    if judge.follow(schema).get("x-passthrough"):
        return value
    parts = judge.parts_of(resolved, value)
    if isinstance(value, list) and "items" in resolved:
        return tuple(_in_python(inner or {}, each) for _, each, inner in parts)
    if isinstance(value, dict):
        names = client.attributes(resolved)
        return {names.get(str(name), name): _in_python(inner or {}, each) for name, each, inner in parts}
    if isinstance(value, str) and (read := _READ.get(resolved.get("format", ""))):
        with suppress(ValueError):  # of what Python does not know, such as a leap second
            return read(value)
    return value


_READ: Mapping[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
    "uuid": UUID,
}


def _passed_through(operation: Operation) -> list[str]:
    fields = judge.only(judge.schema(operation.request_schema())).get("properties", {})
    return [name for name, field in fields.items() if judge.follow(field).get("x-passthrough")]


def _raw_places(operation: Operation) -> tuple[str, ...]:
    """How the pointers into what passes through as it is begin."""
    return tuple(f"{json_pointer([name])}/" for name in _passed_through(operation))
