"""Where a finding stands in the contract's file."""

from collections.abc import Iterator, Sequence

from contract_tests.evidence import Drift
from contract_tests.subject import ROOT, Subject
from scripts.contract import Operation, Place, pointer_parts, value_or_none


def uri_of(subject: Subject) -> str:
    """The contract's file, relative to the checkout where it is within."""
    path = subject.spec.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_uri()


def line_of(drift: Drift, subject: Subject) -> int:
    """The line of the contract, from 1, of what a finding contradicts: a field, a reply or an operation."""
    return _line(_pointer(drift, subject), subject)


def line_at(place: str, subject: Subject) -> int:
    """The line of a place of the contract, such as `openapi.yaml#/info`."""
    return _line(place.partition("#")[2], subject)


def _line(pointer: str, subject: Subject) -> int:
    lines = subject.contract.root.lines
    assert lines is not None, "a contract that was read from a file"
    return lines.of(pointer) or 1


def _pointer(drift: Drift, subject: Subject) -> str:
    file, _, pointer = drift.place.partition("#")
    if file == "openapi.yaml":
        return pointer
    operation = subject.operation((drift.operation or "").partition(", ")[0])
    if operation is None:
        return ""
    stated = _stated(operation, file)
    if stated and (schema := value_or_none(subject.contract.document, stated)) is not None:
        return _within(subject.contract.root.at(stated, schema), pointer_parts(pointer)).pointer
    return operation.pointer if stated is None else stated


def _stated(operation: Operation, message: str) -> str | None:
    """The pointer of what the contract says of a part of an exchange; None of the exchange as a whole."""
    match message.split():
        case ["request"]:
            return operation.request_schema() if operation.has_body else None
        case ["request", "Authorization"]:
            return operation.security.pointer
        case ["request", "Content-Type" | "body"]:
            return operation.body
        case ["reply"]:
            return operation.success_schema()
        case ["reply", status, *_] if status.isdigit():
            return operation.reply(operation.documented_status(int(status)))
    return None


def _within(schema: Place, parts: Sequence[str]) -> Place:
    """The schema of a part of a value, as deep as the contract names it."""
    for part in parts:
        inner = next(_named(schema, part, set()), None)
        if inner is None:
            break
        schema = inner
    return schema


def _named(schema: Place, part: str, met: set[str]) -> Iterator[Place]:
    schema = schema.followed()
    if schema.pointer in met or not isinstance(schema.raw, dict):
        return
    met.add(schema.pointer)
    if part in schema.raw.get("properties", {}):
        yield schema.below("properties", part)
    if part.isdigit() and isinstance(schema.raw.get("items"), dict):
        yield schema.below("items")
    for keyword in ("allOf", "oneOf", "anyOf"):
        for index in range(len(schema.raw.get(keyword, ()))):
            yield from _named(schema.below(keyword, index), part, met)
