"""Whatever is said of credentials, servers and media types, what goes over the wire bears it out."""

import copy
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from itertools import permutations
from typing import Any

import pytest

from contract_tests.compat.edits import Document
from scripts.codegen.operations import PythonOperation
from scripts.codegen.python import Python
from scripts.compat.change import gravest
from scripts.compat.contracts import compare
from scripts.compat.rules import Impact
from scripts.contract import is_json

CONTRACT: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "1.0.0"},
    "paths": {"/calls": {"post": {"operationId": "createCall", "responses": {"204": {"description": "Taken"}}}}},
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "other": {"type": "http", "scheme": "Bearer"},
            "basic": {"type": "http", "scheme": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "same": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "inQuery": {"type": "apiKey", "in": "query", "name": "key"},
            "inCookie": {"type": "apiKey", "in": "cookie", "name": "key"},
        }
    },
}

SECURITY: tuple[list[dict[str, list[str]]], ...] = (
    [], [{}], [{"token": []}], [{"other": []}], [{"basic": []}], [{"key": []}], [{"same": []}], [{"inQuery": []}],
    [{"inCookie": []}], [{"token": []}, {}], [{"token": []}, {"key": []}], [{"key": []}, {"token": []}],
    [{"token": [], "key": []}], [{"token": [], "inQuery": []}, {"basic": []}], [{"basic": []}, {"inCookie": []}],
)  # fmt: skip


def server(url: str, **variables: Any) -> dict[str, Any]:
    """A server, by its variables with the values that each takes, the default first; one alone takes any."""
    stated = {
        name: {"default": values[0], **({"enum": values} if len(values) > 1 else {})}
        for name, values in variables.items()
    }
    return {"url": url, "variables": stated} if stated else {"url": url}


SERVERS: tuple[list[dict[str, Any]], ...] = (
    [server("https://eu.example")], [server("https://us.example")],
    [server("https://eu.example"), server("https://us.example")],
    [server("https://{region}.example", region=["eu"])], [server("https://{region}.example", region=["us"])],
    [server("https://{region}.example", region=["eu", "us"])],
    [server("https://{region}.example", region=["us", "eu"])],
    [server("https://{region}.example", region=["eu", "us", "jp"])], [server("https://{area}.example", area=["eu"])],
    [server("https://{region}.{domain}", region=["eu"], domain=["example"])],
)  # fmt: skip

CONTENTS: tuple[tuple[str, ...], ...] = (
    ("application/json",), ("application/vnd.call+json",), ("application/json", "application/vnd.call+json"),
    ("application/vnd.call+json", "application/json"), ("text/plain",), ("text/plain; charset=utf-8",),
    ("text/plain", "application/json"), ("text/csv",), ("text/csv", "text/plain"), ("text/*",), ("image/png",),
    ("image/png", "text/plain"), ("image/*",),
)  # fmt: skip

Verdict = tuple[bool, bool]
"""Whether clients of a former contract fail by a new one, and whether code that was written for them does."""


def with_security(said: Any) -> Document:
    """The contract with these credentials."""
    return {**copy.deepcopy(CONTRACT), "security": said}


def with_servers(said: Any) -> Document:
    """The contract with these servers."""
    return {**copy.deepcopy(CONTRACT), "servers": said}


def with_content(place: str, said: Any) -> Document:
    """The contract with a body in these media types."""
    document = copy.deepcopy(CONTRACT)
    content = {each: {"schema": {"type": "object" if is_json(each) else "string"}} for each in said}
    body = {"description": "A call", "content": content}
    operation = document["paths"]["/calls"]["post"]
    operation |= {"requestBody": body} if place == "request" else {"responses": {"200": body}}
    return document


def by_credentials(former: Python, new: Python) -> Verdict:
    """Each way to prove who calls is carried by a request; what carries all that one way wants is let in."""
    sent, wanted = (
        [
            {(each.location, each.name, each.prefix) for each in view.security.schemes if each.argument in way}
            for way in view.security.of_contract or [()]
        ]
        for view in (former, new)
    )
    arguments, arguments_now = ({each.argument for each in view.security.schemes} for view in (former, new))
    return any(all(way - carried for way in wanted) for carried in sent), bool(arguments - arguments_now)


def by_servers(former: Python, new: Python) -> Verdict:
    """A client goes to its server by default, and callers choose what its variables take."""
    (old, *_), (now, *_) = former.servers.all, new.servers.all
    urls = [each.url.format(**{variable.name: variable.default for variable in each.variables}) for each in (old, now)]
    values = {each.name: {*each.values} for each in now.variables}
    is_refused = any(
        each.name not in values or (values[each.name] and not {*(each.values or ["anything"])} <= values[each.name])
        for each in old.variables
    )
    return urls[0] != urls[1], is_refused


def by_request(former: Python, new: Python) -> Verdict:
    """A client sends one media type, which is taken or not; code gives the body as that form wants it."""
    old, now = _operation(former).body, _operation(new).body
    assert old is not None
    assert now is not None
    is_taken = any(fnmatchcase(_essence(old.media_type), each) for each in _stated(new.document, "request"))
    return not is_taken, old.type.arguments != now.type.arguments


def by_reply(former: Python, new: Python) -> Verdict:
    """A client gets what it asks for, if it comes; code reads what the method says that it gives."""
    asked = [_essence(each) for each in _operation(former).accept.split(", ")]
    comes = any(
        fnmatchcase(each, one) or fnmatchcase(one, each) for each in _stated(new.document, "reply") for one in asked
    )
    is_unexpected = bool({*_operation(new).result.results} - {*_operation(former).result.results})
    return not comes, is_unexpected


def _operation(view: Python) -> PythonOperation:
    (found,) = view.operations
    return found


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0]


def _stated(document: Mapping[str, Any], place: str) -> list[str]:
    operation = document["paths"]["/calls"]["post"]
    body = operation["requestBody"] if place == "request" else operation["responses"]["200"]
    return [_essence(each) for each in body["content"]]


def documents(part: str) -> Iterator[Document]:
    """Contracts that differ in one part."""
    if part == "security":
        yield from map(with_security, SECURITY)
    elif part == "servers":
        yield from map(with_servers, SERVERS)
    else:
        yield from (with_content(part, each) for each in CONTENTS)


PARTS: dict[str, Callable[[Python, Python], Verdict]] = {
    "security": by_credentials,
    "servers": by_servers,
    "request": by_request,
    "reply": by_reply,
}


@pytest.mark.parametrize("part", PARTS)
def test_verdict_is_borne_out_by_what_goes_over_the_wire(part: str) -> None:
    """What clients out there fail by is breaking, and nothing is that neither they nor code written for them notice."""
    wrong = []
    views = [Python(each) for each in documents(part)]
    for former, new in permutations(views, 2):
        told = compare(former.document, new.document)
        fails, code_fails = PARTS[part](former, new)
        is_breaking = gravest(told) is Impact.BREAKING
        if is_breaking != fails and not (is_breaking and code_fails):
            shown = [each.document.get(part) or _stated(each.document, part) for each in (former, new)]
            wrong.append(
                f"{shown[0]} → {shown[1]}: {[each.rule.name for each in told]}, though {fails=}, {code_fails=}"
            )
    assert not wrong, "\n".join(wrong)
