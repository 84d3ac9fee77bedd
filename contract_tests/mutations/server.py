"""Changes of a server, derived from the contract: what it accepts and refuses, and each place of what it replies."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

from contract_tests.mutations.bent_server import Bend, Exchange, Reply
from contract_tests.mutations.change import ServerChange
from contract_tests.mutations.edits import Document, drop, put, with_edit
from contract_tests.mutations.schemas import SchemaChange, schema_changes
from contract_tests.subject import Subject
from scripts.contract import Operation, examples_of, json_pointer, pointer_parts, reference, references, value_at

JSON = Any
Path = tuple[str | int, ...]

CALLERS = "callers, whose valid uploads are refused or whose slips go unnoticed"
READERS = "callers, who read what is not so"

REMOVED: Any = object()

# Where the mock says null of a call whose analysis has not begun.
NULL_BEFORE = ("/data/call/summary", "/data/call/endedAt", "/data/call/durationMs", "/data/call/endedReason")

_ITS_OWN = "a server may know it already, and no upload says what it is"

# Places of a reply, and what they may say as well.
EQUIVALENT = {
    ("/data/call/status", "null"): "the contract allows it, and no upload says what it is",
    ("/data/call/summary", "empty"): _ITS_OWN,
    ("/data/call/summary", "another text"): _ITS_OWN,
    ("/data/call/summary", "in lower case with a space"): _ITS_OWN,
    ("/data/call/durationMs", "a number"): _ITS_OWN,
    ("/data/callId", "in lower case with a space"): "an id may be any text that is new",
}

# What a server repeats of an upload, whatever it makes of it: fields of `/data/call` of POST /v1/call-analysis.
REPEATED = ("callDirection", "startedAt", "endedReason", "isTest", "participants", "properties")


def changes(subject: Subject) -> Iterator[ServerChange]:
    """All changes of a server that follow from the contract."""
    for operation in subject.operations_with_body:
        yield from _checks(subject.contract.document, operation)
    for operation in subject.operations_with_reply:
        yield from _replies(operation)


# --- What is accepted and refused ---------------------------------------------------------------------


def _checks(document: Document, operation: Operation) -> Iterator[ServerChange]:
    """A server that checks requests by a contract in which one keyword changed."""
    below = references(document, value_at(document, operation.request_schema()))
    for each in schema_changes(document):
        component = json_pointer(pointer_parts(each.pointer)[:3])
        # A field that has another name, is gone or is new is to a server the same as one that it checks otherwise.
        if each.is_about_values and component in below and each.what not in ("renamed", "removed", "added"):
            yield ServerChange(
                family="server: checks",
                name=f"{operation.label} {each.name}",
                hurts=CALLERS,
                place="request",
                bend=_checking(document, operation, each),
            )


def _checking(document: Document, operation: Operation, change: SchemaChange) -> Bend:
    validators: list[Any] = []

    def bend(exchange: Exchange) -> Reply | None:
        if not validators:  # made where they are used: there are hundreds
            for each in (document, with_edit(document, change.edit)):
                root = {**each, "$ref": reference(operation.request_schema())}
                validators.append(jsonschema_rs.Draft202012Validator(root, validate_formats=True))
        request, body = exchange.request, exchange.request.json
        if request.method != operation.method.upper() or not operation.is_at(request.path):
            return None
        reply = exchange.reply()
        try:
            stated, drifted = (validator.is_valid(body) for validator in validators)
        except ValueError:  # half a surrogate pair, or a number without end
            return reply
        is_json = body is not None or request.body.strip() == b"null"
        if reply.status == 400 and drifted and not stated and is_json:
            request.json = operation.example()
            reply = exchange.reply()
            answer = reply.json
            if isinstance(body, dict) and "call" in answer.get("data", {}):
                answer["data"]["call"].update({name: body[name] for name in REPEATED if name in body})
                reply.json = answer
        elif reply.status == 200 and not drifted:
            request.json = {}
            reply = exchange.reply()
        return reply

    return bend


# --- What is replied ----------------------------------------------------------------------------------


def _replies(operation: Operation) -> Iterator[ServerChange]:
    """A server whose reply is otherwise at one place: each place of the documented reply, in each way."""
    document = operation.document
    shown = examples_of(document, value_at(document, operation.success_schema().removesuffix("/schema")))
    reply = json.loads(json.dumps(shown[:1]))
    for path, value in _places(reply[0]) if reply else ():
        pointer = json_pointer(path)
        for what, replacement in _ways(pointer, value):
            if what == "null" and pointer in NULL_BEFORE:
                continue
            yield ServerChange(
                family="server: replies",
                name=f"{operation.label} {pointer or 'the whole reply'}: {what}",
                hurts=READERS,
                place=f"reply#{pointer}",
                equivalent=EQUIVALENT.get((pointer, what), ""),
                bend=_replying(operation, path, replacement),
            )


def _replying(operation: Operation, path: Path, replacement: Callable[[JSON], JSON]) -> Bend:
    def bend(exchange: Exchange) -> Reply | None:
        reply = exchange.reply()
        if reply.status == 200 and operation.is_at(exchange.request.path):
            reply.json = _replaced(reply.json, path, replacement)
        return reply

    return bend


def _ways(pointer: str, value: JSON) -> Iterator[tuple[str, Callable[[JSON], JSON]]]:
    """How a value can be otherwise. Each way is given what the mock would have said."""
    if pointer:
        yield "missing", lambda _: REMOVED
    yield "null", lambda _: None
    yield "a number", lambda _: 5
    yield "a list of it", lambda old: [old]
    yield "an object around it", lambda old: {"value": old}
    match value:
        case dict():
            yield "an unknown field more", lambda old: {**old, "fromTomorrow": 1}
            yield "empty", lambda _: {}
            yield "as text", json.dumps
        case list():
            yield "empty", lambda _: []
            yield "one less", lambda old: old[1:]
            yield "one more", lambda old: [*old, *old[-1:]]
            yield "a null in it", lambda old: [*old[:-1], None]
        case bool():
            yield "the opposite", lambda old: not old
            yield "as text", lambda old: str(old).lower()
        case int() | float():
            yield "as text", lambda _: "123"
        case str():
            yield "empty", lambda _: ""
            yield "another text", lambda _: "something else"
            yield "in lower case with a space", lambda old: f"{old} ".lower() if isinstance(old, str) else "x "
            yield "a boolean", lambda _: True


def _places(value: JSON, path: Path = ()) -> Iterator[tuple[Path, JSON]]:
    yield path, value
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _places(child, (*path, name))
    elif isinstance(value, list):
        for at, child in enumerate(value):
            yield from _places(child, (*path, at))


def _replaced(value: JSON, path: Path, replacement: Callable[[JSON], JSON]) -> JSON:
    """A value that is otherwise at one place; as it is, where that place is not or holds what cannot be so."""
    whole = {"value": value}
    path = ("value", *path)
    try:
        new = replacement(value_at(whole, json_pointer(path)))
    except (LookupError, TypeError):
        return value
    edit = drop(*path) if new is REMOVED else put(*path, value=new)
    edit(whole)
    return whole["value"]
