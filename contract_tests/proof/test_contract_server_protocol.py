"""The server speaks HTTP as its contract and the RFCs have it: authentication, methods, paths, media types, JSON."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest

from contract_tests.evidence import CONTRACT_SERVER
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.checks.errors import allowed_methods
from contract_tests.proof.inputs import read_bodies
from contract_tests.proof.parameters import least_values, written
from contract_tests.proof.parametrized import by_subject, operations, with_body
from contract_tests.proof.probe import Probe
from contract_tests.proof.variants import sample_body
from contract_tests.subject import chosen
from scripts.contract import Operation

ABOUT = About(CONTRACT_SERVER, needs={Need.SERVER}, pace=Pace.BRISK)

pytestmark = pytest.mark.at_a_glance

# Each form of `Authorization` that must not be let in, with where its being wrong is written: the pages say
# "Bearer <token>" and no more. {token} is the right one.
WRONG_CREDENTIALS: tuple[tuple[str, Mapping[str, str | None], str], ...] = (
    ("no header", {"Authorization": None}, "documented"),
    ("an empty header", {"Authorization": ""}, "documented"),
    ("the scheme alone", {"Authorization": "Bearer"}, "documented"),
    ("the scheme and a space", {"Authorization": "Bearer "}, "documented"),
    ("the token alone", {"Authorization": "{token}"}, "documented"),
    ("another token", {"Authorization": "Bearer wrong"}, "documented"),
    ("half the token", {"Authorization": "Bearer {half}"}, "documented"),
    ("a character more", {"Authorization": "Bearer {token}x"}, "documented"),
    ("a character before", {"Authorization": "Bearer x{token}"}, "documented"),
    ("the token in another case", {"Authorization": "Bearer {swapped}"}, "documented"),
    ("the token twice", {"Authorization": "Bearer {token} {token}"}, "ours"),
    ("two credentials", {"Authorization": "Bearer {token}, Bearer {token}"}, "ours"),
    ("the token in double quotes", {"Authorization": 'Bearer "{token}"'}, "ours"),
    ("the token in single quotes", {"Authorization": "Bearer '{token}'"}, "ours"),
    ("the token in angle brackets", {"Authorization": "Bearer <{token}>"}, "ours"),
    ("a parameter", {"Authorization": "Bearer token={token}"}, "ours"),
    ("a tab for the space", {"Authorization": "Bearer\t{token}"}, "ours"),
    ("no space", {"Authorization": "Bearer{token}"}, "ours"),
    ("a colon behind the scheme", {"Authorization": "Bearer: {token}"}, "ours"),
    ("a scheme misspelt", {"Authorization": "Bear {token}"}, "ours"),
    ("a scheme with more to it", {"Authorization": "Bearers {token}"}, "ours"),
    ("the scheme Token", {"Authorization": "Token {token}"}, "ours"),
    ("the scheme Basic", {"Authorization": "Basic {token}"}, "ours"),
    ("the scheme Basic with user and password", {"Authorization": "Basic {basic}"}, "ours"),
    ("the scheme Digest", {"Authorization": 'Digest username="{token}"'}, "ours"),
    ("the word null", {"Authorization": "Bearer null"}, "documented"),
    ("the token in X-Api-Key", {"Authorization": None, "X-Api-Key": "{token}"}, "ours"),
    ("the token in a cookie", {"Authorization": None, "Cookie": "token={token}; access_token={token}"}, "ours"),
    ("the token in Proxy-Authorization", {"Authorization": None, "Proxy-Authorization": "Bearer {token}"}, "ours"),
)

# By RFC 9110, 11.1 a scheme is in any case, and one space or more stands behind it.
RIGHT_CREDENTIALS = {
    "the scheme in small letters": "bearer {token}",
    "the scheme in capitals": "BEARER {token}",
    "two spaces": "Bearer  {token}",
}

# OPTIONS is left to the server: it may be part of CORS.
OTHER_METHODS = {
    "GET": "4XX",
    "POST": "4XX",
    "PUT": "4XX",
    "PATCH": "4XX",
    "DELETE": "4XX",
    "HEAD": "4XX",
    "TRACE": "4XX",
    "OPTIONS": "no 5XX",
}

# Paths that no document names, made of one that is.
OTHER_PATHS = {
    "a slash behind": "{path}/",
    "capitals": "{capitals}",
    "a slash more before": "/{path}",
    "a slash more within": "{doubled}",
    "a path below": "{path}/1",
    "an extension": "{path}.json",
    "a letter more": "{path}s",
    "a path parameter": "{path};a=b",
    "another version": "/v2{unversioned}",
    "no version": "{unversioned}",
    "a parent": "{parent}",
}

# A JSON body under these must be refused, whatever is in it.
WRONG_MEDIA_TYPES = (
    "text/plain",
    "text/html",
    "text/json",
    "application/xml",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "json",
    "*/*",
    None,
)

OWN_MEDIA_TYPE = "application/json"  # as our client spells it

RIGHT_MEDIA_TYPES = (
    OWN_MEDIA_TYPE,
    "application/json; charset=utf-8",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    'application/json; charset="utf-8"',
    'application/json; Charset="UTF-8"',
    "Application/JSON",
    "application/json ; charset=utf-8",
)

CREDENTIALS = {"place": "request Authorization", "check": "credentials"}
WRONG = {**CREDENTIALS, "rule": "credentials-accepted"}
RIGHT = {**CREDENTIALS, "rule": "spelling-refused", "fault": "of the scheme"}
MEDIA_TYPE = {"place": "request Content-Type", "check": "media_type"}

OTHER_ENCODINGS = {"utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-32": "utf-32", "iso-8859-1": "latin-1"}


@operations
@pytest.mark.parametrize(("form", "headers", "source"), WRONG_CREDENTIALS, ids=[form for form, *_ in WRONG_CREDENTIALS])
def test_wrong_credentials_are_refused(
    operation: Operation, form: str, headers: Mapping[str, str | None], source: str, probe: Probe
) -> None:
    """Only `Bearer <token>` in the Authorization header is let in: all else is a 401."""
    token = probe.server.token
    written = {name: value and _with_token(value, token) for name, value in headers.items()}
    if written.get("Authorization") != f"Bearer {token}":  # a token without letters has no other case
        probe.expect(operation, what=form, status="401", **WRONG, source=source, headers=written)


@operations
@pytest.mark.parametrize("name", ["token", "access_token", "api_key"])
def test_token_in_the_query_is_refused(operation: Operation, name: str, probe: Probe) -> None:
    """A token in the URL, where logs keep it, lets nobody in."""
    probe.expect(
        operation,
        what=f"the token as {name} of the query",
        status="401",
        **WRONG,
        source="ours",
        headers={"Authorization": None},
        path=f"{written(operation, least_values(operation)).path}?{name}={quote(probe.server.token, safe='')}",
    )


@operations
@pytest.mark.parametrize("form", RIGHT_CREDENTIALS)
def test_right_credentials_are_accepted(operation: Operation, form: str, probe: Probe) -> None:
    """The scheme is read as RFC 9110 has it: in any case, with one space or more behind it."""
    headers = {"Authorization": _with_token(RIGHT_CREDENTIALS[form], probe.server.token)}
    probe.expect(operation, what=form, status=operation.success, **RIGHT, source="ours", headers=headers)


@operations
@pytest.mark.parametrize("method", OTHER_METHODS)
def test_other_methods_are_refused(operation: Operation, method: str, probe: Probe) -> None:
    """A method that no document names is refused; a 405 lists those that there are (RFC 9110, 15.5.6)."""
    path = written(operation, least_values(operation)).path
    documented = {each.method.upper() for each in chosen().operations if each.is_at(path)}
    if method in documented or (method == "HEAD" and "GET" in documented):  # which is a GET but for the body
        return
    where = {"place": "request method", "check": "methods", "source": "ours", "rule": "method-accepted"}
    exchange = probe.expect(operation, what=method, status=OTHER_METHODS[method], **where, method=method)
    if exchange is None or method == "OPTIONS" or exchange.status != 405 or "allow" not in exchange.answer.headers:
        return
    allowed = allowed_methods(exchange.answer.headers["allow"])
    if method in allowed or operation.method.upper() not in allowed:
        message = f"{method}: expected {operation.method.upper()} and not {method}, got {sorted(allowed)}"
        probe.evidence.drift(
            operation=operation.label,
            place="reply 405 Allow",
            message=message,
            check="methods",
            source="ours",
            rule="error-headers",
            fault="an Allow that lists other methods than there are",
        )


@operations
@pytest.mark.parametrize("what", OTHER_PATHS)
def test_other_paths_are_refused(operation: Operation, what: str, probe: Probe) -> None:
    """A path that no document names is refused, and not redirected."""
    own = written(operation, least_values(operation)).path
    first, _, rest = own[1:].partition("/")
    path = OTHER_PATHS[what].format(
        path=own,
        capitals=own.upper(),
        doubled=f"/{first}//{rest}",
        unversioned=f"/{rest}",
        parent=own.rpartition("/")[0],
    )
    if not any(each.method == operation.method and each.is_at(path) for each in chosen().operations):
        where = {"place": f"request {path}", "check": "paths", "source": "ours", "rule": "path-accepted"}
        probe.expect(operation, what=what, status="4XX", **where, path=path)


@with_body
@pytest.mark.parametrize("media_type", WRONG_MEDIA_TYPES)
def test_wrong_media_type_is_refused(operation: Operation, media_type: str | None, probe: Probe) -> None:
    """A valid body under another media type than JSON is refused."""
    probe.expect(
        operation,
        what=f"a body sent as {media_type or 'no media type'}",
        status="4XX",
        **MEDIA_TYPE,
        source="documented",
        rule="media-type-accepted",
        headers={"Content-Type": media_type},
    )


@with_body
@pytest.mark.parametrize("media_type", RIGHT_MEDIA_TYPES)
def test_media_type_is_read_with_parameters(operation: Operation, media_type: str, probe: Probe) -> None:
    """JSON in UTF-8 is taken however its media type is written."""
    probe.expect(
        operation,
        what=f"a body sent as {media_type}",
        status=operation.success,
        **MEDIA_TYPE,
        source="ours",
        rule="valid-request-refused" if media_type == OWN_MEDIA_TYPE else "spelling-refused",
        fault="of the media type",
        headers={"Content-Type": media_type},
    )


@with_body
@pytest.mark.parametrize("charset", OTHER_ENCODINGS)
def test_other_encodings_are_refused(operation: Operation, charset: str, probe: Probe) -> None:
    """JSON in another encoding than UTF-8 is refused, though it says so."""
    body = json.dumps({"name": "Zoë", **sample_body(operation)}, ensure_ascii=False).encode(OTHER_ENCODINGS[charset])
    probe.expect(
        operation,
        what=f"a body in {charset} that says so",
        status="4XX",
        **MEDIA_TYPE,
        source="ours",
        rule="no-json-accepted",
        headers={"Content-Type": f"application/json; charset={charset}"},
        body=body,
    )


@with_body
@by_subject("verdict", lambda _: read_bodies(), ids=str)
def test_bodies_that_are_no_json_are_refused(operation: Operation, verdict: str, probe: Probe) -> None:
    """A body that RFC 8259 does not call JSON is refused, and the server fails over none."""
    status = {"accepted": operation.success, "refused": "4XX", "either": "no 5XX"}[verdict]
    rule = "spelling-refused" if verdict == "accepted" else "no-json-accepted"
    where = {"place": "request body", "check": "request_is_json", "source": "ours", "rule": rule, "fault": ""}
    for what, made in read_bodies()[verdict].items():
        probe.expect(operation, what=str(what), status=status, **where, body=_body(sample_body(operation), **made))


def _body(
    example: Any,
    *,
    member: str = "",
    before: str = "",
    behind: str = "",
    cut: int = 0,
    encoding: str = "utf-8",
    whole: str | None = None,
) -> bytes:
    """The bytes that an entry of such a file describes."""
    text = json.dumps(example)
    if member:
        text = f'{{"extra": {member}, {text[1:]}'
    body = (before + (text if whole is None else whole) + behind).encode(encoding)
    return body[: len(body) - cut]


def _with_token(form: str, token: str) -> str:
    basic = b64encode(f"{token}:{token}".encode()).decode()
    return form.format(token=token, half=token[: len(token) // 2], swapped=token.swapcase(), basic=basic)
