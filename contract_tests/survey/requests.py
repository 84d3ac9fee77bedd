"""What a request should be by the contract, and where the received one differs: written without the client's help."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import escape, findall, fullmatch, sub
from typing import Any
from urllib.parse import parse_qsl, unquote

from contract_tests.proof.same_value import differences, same_instant
from scripts.contract import Form, MediaType, Operation, Parameter, Place, essence

JSON = Any

SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True)
class ReceivedRequest:
    """A request as it arrived."""

    method: str
    target: str
    """Path and query, as they stand in the request line."""
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


@dataclass(frozen=True)
class ExpectedRequest:
    """What a call is to send, and the media type of the reply that it has to ask for."""

    operation: Operation
    values: Mapping[Parameter, JSON]
    media_type: MediaType | None
    """Of the body; None without one."""
    body: JSON
    answered_by: str | None


def mistakes(expected: ExpectedRequest, received: ReceivedRequest, prefix: str) -> Iterator[str]:
    """Each thing that is not as it should be, in words. `prefix` is the path of the base URL."""
    path, _, query = received.target.partition("?")
    if received.method != expected.operation.method.upper():
        yield f"the method is {received.method}"
    yield from _mistakes_in_path(expected, path.removeprefix(prefix))
    pairs = parse_qsl(query, keep_blank_values=True)
    yield from _mistakes_in_query(expected, pairs)
    yield from _mistakes_in_credentials(expected, received, pairs)
    yield from _mistakes_in_headers(expected, received.headers)
    yield from _mistakes_in_body(expected, received)


def _mistakes_in_path(expected: ExpectedRequest, path: str) -> Iterator[str]:
    template = sub(r"\\\{([^{}]*)\\\}", "([^/]*)", escape(expected.operation.path))
    names = findall(r"\{([^{}]*)\}", expected.operation.path)
    found = fullmatch(template, path)
    if found is None:
        yield f"the path is {path}"
        return
    values = {each.name: value for each, value in expected.values.items() if each.location == "path"}
    for name, text in zip(names, found.groups(), strict=True):
        if not _say([unquote(text)], [",".join(_texts(values[name]))], values[name]):
            yield f"{name} in the path is {text!r}, not {values[name]!r}"


def _mistakes_in_query(expected: ExpectedRequest, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    stated = {each: value for each, value in expected.values.items() if each.location == "query"}
    for each, value in stated.items():
        texts = [text for name, text in pairs if name == each.name]
        if not _say(texts, _written(each, value), value):
            yield f"{each.name} in the query is {texts}, not {value!r}"
    known = expected.operation.document.get("components", {}).get("securitySchemes", {})
    keys = {each["name"] for each in known.values() if each.get("in") == "query"}
    for name in sorted({name for name, _ in pairs} - {each.name for each in stated} - keys):
        yield f"{name} is in the query, unasked"


def _mistakes_in_headers(expected: ExpectedRequest, headers: Mapping[str, str]) -> Iterator[str]:
    sent = {"header": headers, "cookie": _cookies(headers)}
    for each, value in expected.values.items():
        if each.location in sent:
            location, name = each.key
            text = sent[location].get(name)
            said = text if location == "header" or text is None else unquote(text)
            if said is None or not _say([said], [",".join(_written(each, value))], value):
                yield f"the {location} {each.name} is {text!r}, not {value!r}"
    accepted = [essence(each) for each in headers.get("accept", "*/*").split(",")]
    if expected.answered_by and not any(_admits(each, essence(expected.answered_by)) for each in accepted):
        yield f"the reply is {expected.answered_by}, and what is accepted is {headers.get('accept')}"


def _admits(accepted: str, media_type: str) -> bool:
    return accepted in ("*/*", media_type) or (accepted.endswith("/*") and media_type.startswith(accepted[:-1]))


def _mistakes_in_body(expected: ExpectedRequest, received: ReceivedRequest) -> Iterator[str]:
    if expected.media_type is None:
        if received.body:
            yield "it has a body"
        return
    named = received.headers.get("content-type", "")
    if not _admits(essence(expected.media_type.name), essence(named)):
        yield f"the body is {named or 'of no media type'}, not {expected.media_type.name}"
    if expected.media_type.form is not Form.JSON:
        content = expected.body if isinstance(expected.body, bytes) else str(expected.body).encode()
        if received.body != content:
            yield f"the body is {received.body[:80]!r}, not {content[:80]!r}"
        return
    try:
        value = json.loads(received.body)
    except ValueError:
        yield f"the body is no JSON: {received.body[:80]!r}"
        return
    for pointer, right, found in differences(expected.body, value):
        yield f"the body has {_short(found)} at {pointer or 'its top'}, not {_short(right)}"


def _short(value: JSON) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:77]}..."


def _written(parameter: Parameter, value: JSON) -> list[str]:
    """What stands for a parameter, by its style; several where it is repeated."""
    if "content" in parameter.place.raw:
        return [json.dumps(value)]
    texts = _texts(value)
    if isinstance(value, list) and not parameter.explodes:
        return [SEPARATORS.get(parameter.style, ",").join(texts)] if texts else []
    return texts


def _texts(value: JSON) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return ["" if value is None else str(value)]


def _say(texts: Sequence[str], expected: Sequence[str], value: JSON) -> bool:
    """Whether texts say what was meant: an instant in any offset, a number in any spelling, JSON in any layout."""
    if len(texts) != len(expected):
        return False
    return all(
        one == other or same_instant(one, other) or _same_json(one, other, value)
        for one, other in zip(texts, expected, strict=True)
    )


def _same_json(one: str, other: str, value: JSON) -> bool:
    if isinstance(value, str):
        return False
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _mistakes_in_credentials(
    expected: ExpectedRequest, received: ReceivedRequest, query: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """Exactly those of one of the alternatives are sent, whichever: all were given."""
    known = Place(expected.operation.document, "", expected.operation.document)
    schemes = known.or_below("components", {}).or_below("securitySchemes", {})
    places = {name: _place_of(schemes.below(name).followed().raw) for name in schemes.raw}
    there = {
        "header": {_credential(name, value) for name, value in received.headers.items()},
        "query": {name for name, _ in query},
        "cookie": _cookies(received.headers).keys(),
    }
    sent = {place for place in places.values() if place and place[1] in there[place[0]]}
    alternatives = [{places.get(name) for name in each} - {None} for each in expected.operation.security.raw]
    if sent not in (alternatives or [set()]):
        asked = " or ".join(" and ".join(each) or "none" for each in expected.operation.security.raw) or "none"
        yield f"the credentials are {sorted(map(' '.join, sent)) or 'none'}, where the contract asks for {asked}"


def _credential(name: str, value: str) -> str:
    """What a header tells of its credential: its first word names a scheme where another comes after it."""
    scheme, _, rest = value.partition(" ")
    return f"{name}: {scheme}" if rest else name


def _place_of(scheme: Mapping[str, Any]) -> tuple[str, str] | None:
    """Where a credential goes, and as what: a parameter, a header with nothing else, or one with its first word."""
    match scheme["type"], scheme.get("scheme", "").lower():
        case "apiKey", _:
            return scheme["in"], scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]
        case "http", "basic":
            return "header", "authorization: Basic"
        case ("http", "bearer") | ("oauth2" | "openIdConnect", _):
            return "header", "authorization: Bearer"
        case _:
            return None


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    pairs = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
    return {name: value for name, _, value in pairs if name}
