"""What the head of a request is by the contract: method, URL, media types, credentials."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from contract_tests import contents
from contract_tests.contents import Content
from contract_tests.proof import credentials
from contract_tests.proof.parameters import Values, written
from contract_tests.proof.wire import TOKEN, URL
from scripts.contract import Operation

Difference = tuple[str, Any, Any]
"""What of a request is not as it should be, what it should be, and what it is."""


def differences(operation: Operation, values: Values, way: str, request: httpx.Request) -> Iterator[Difference]:
    """Where the head of a request is not what the contract says of a call in this way with these parameters."""
    asked, secret = written(operation, values), credentials.carried(operation, way, TOKEN, values)
    sends_length = request.content or operation.method in ("post", "put", "patch")  # RFC 9110, 8.6
    headers = {each.name: asked.headers.get(each.name) for each in values if each.location == "header"}
    cookies = [*_cookies(asked.headers), *(f"{name}={text}" for name, text in secret.cookies)]
    for what, expected, actual in (
        ("method", operation.method.upper(), request.method),
        ("URL", read_url(f"{URL}{asked.target}", secret.query), read_url(str(request.url))),
        ("Host", urlsplit(URL).netloc, request.headers.get("Host")),
        ("Content-Type", True, _is_documented(contents.sent(operation), request)),
        ("Accept", *_accepted(operation, request)),
        ("Cookie", sorted(cookies), sorted(_cookies(request.headers))),
        ("Content-Length", str(len(request.content)) if sends_length else None, request.headers.get("Content-Length")),
        ("Transfer-Encoding", None, request.headers.get("Transfer-Encoding")),
        *((name, value, request.headers.get(name)) for name, value in (secret.headers | headers).items()),
    ):
        if expected != actual:
            yield what, expected, actual


def read_url(url: str, further: credentials.Pairs | None = None) -> tuple[str, str, list[str], credentials.Pairs]:
    """Scheme, host, the segments of the path and the pairs of the query by name: what percent-encoding leaves open."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *(further or [])]
    query = sorted(query, key=lambda pair: pair[0])
    return parts.scheme, parts.netloc, [unquote(each) for each in parts.path.split("/")], query


def _is_documented(content: Content | None, request: httpx.Request) -> bool:
    """Whether a request that has content says what the contract says of it, and one without says nothing."""
    content_type = request.headers.get("Content-Type")
    if content is None or (not request.content and content_type is None):
        return content_type is None
    return content_type is not None and fnmatchcase(
        content_type.lower(), content.media_type.lower().replace("[", "[[]")
    )


def _accepted(operation: Operation, request: httpx.Request) -> tuple[list[str], list[str]]:
    """The media types that have to be asked for; and those of them that are, with others that nobody documents."""
    accepted = [each.strip() for each in request.headers.get("Accept", "*/*").split(",")]
    must, may = contents.documented(operation)
    asked = [each for each in must if any(fnmatchcase(each.lower(), pattern.lower()) for pattern in accepted)]
    known = {each.lower() for each in may}
    others = [each for each in accepted if known and each != "*/*" and each.lower() not in known]
    return sorted(must), sorted([*asked, *others])


def _cookies(headers: Mapping[str, str]) -> list[str]:
    return [each.strip() for each in headers.get("Cookie", "").split(";") if each]
