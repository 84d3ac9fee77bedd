"""What an upload to a real account must be: marked as a test, and with no URL in it but that of the given recording."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from scripts.contract import Operation, followed, named_examples, read_operations, root

FLAG = "isTest"
NO_RECORDING = "https://recording.invalid/none.wav"  # RFC 2606: a host that will never be

_URL = re.compile(r"//|^[a-z][a-z0-9+.-]*:(?!\s)", re.IGNORECASE)


def as_trial(body: Any, url: str, *, flagged: bool) -> Any:
    """A sample as it may be sent: every URL in it is `url`, and where there is a flag for tests, it is set."""
    body = _with_url(body, url)
    return {**body, FLAG: True} if flagged and isinstance(body, dict) else body


def fault(body: Any, url: str, *, flagged: bool, fields: Iterable[str]) -> str | None:
    """Why a body must not be sent, valid or not; None where it is a trial, or holds nothing of a call.

    `fields` are those that a call cannot do without.
    """
    if flagged and any(call.get(FLAG) is not True for call in calls(body, fields)):
        return f"it is not marked {FLAG}: true"
    if any(_URL.search(text) and text != url for text in texts(body)):
        return "it names another URL than that of the recording"
    return None


def calls(body: Any, fields: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every object in a body that a careless server could take for a call: it has a field that a call must have."""
    if isinstance(body, dict) and not body.keys().isdisjoint(fields):
        yield body
    else:
        for child in children(body):
            yield from calls(child, fields)


def is_flagged(operation: Operation) -> bool:
    """Whether an operation of a contract lets its caller say that a call is a test."""
    return FLAG in _body(operation).get("properties", {})


def fields_of_a_call(operation: Operation) -> list[str]:
    """The fields that the body of an operation of a contract cannot do without."""
    return list(_body(operation).get("required", ()))


def _body(operation: Operation) -> dict[str, Any]:
    """What the schema of the JSON that an operation is sent says itself; nothing where it is sent none."""
    sent = operation.request and operation.request.sent
    stated = sent.schema.followed().raw if sent else {}
    return stated if isinstance(stated, dict) else {}


def narrowed(contract: dict[str, Any], url: str) -> dict[str, Any]:
    """A copy of a contract by which every request is a trial: its examples, and what is generated from it."""
    document = deepcopy(contract)
    for operation in read_operations(root(document)):
        sent = operation.request and operation.request.sent
        if not sent:
            continue
        flagged = is_flagged(operation)
        for example in named_examples(document, sent.place.raw).values():
            example["value"] = as_trial(example["value"], url, flagged=flagged)
        for schema in _schemas(document, sent.schema.raw):
            for name, field in schema.get("properties", {}).items():
                if name.lower().endswith("url") or field.get("format") == "uri":
                    schema["properties"][name] = {"type": "string", "const": url}
        if flagged:
            schema = _body(operation)
            schema["properties"][FLAG] = {"type": "boolean", "const": True}
            schema["required"] = [*dict.fromkeys([*schema.get("required", ()), FLAG])]
    return document


def _with_url(value: Any, url: str) -> Any:
    if isinstance(value, dict):
        return {name: _with_url(child, url) for name, child in value.items()}
    if isinstance(value, list):
        return [_with_url(child, url) for child in value]
    return url if isinstance(value, str) and _URL.search(value) else value


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    for child in children(value):
        yield from texts(child)


def children(value: Any) -> Iterable[Any]:
    """What a value holds."""
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _schemas(document: dict[str, Any], schema: Any, known: set[int] | None = None) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of, references followed, each once."""
    known = set() if known is None else known
    if not isinstance(schema, dict) or id(schema) in known:  # a schema may also be true or false
        return
    known.add(id(schema))
    yield schema
    parts = [schema.get("items"), schema.get("additionalProperties"), *schema.get("properties", {}).values()]
    parts += [part for keyword in ("oneOf", "anyOf", "allOf") for part in schema.get(keyword, ())]
    if "$ref" in schema:
        parts.append(followed(document, schema))
    for part in parts:
        yield from _schemas(document, part, known)
