"""Where requests go and how: the server, the credentials and the defaults."""

from __future__ import annotations

import platform
import re
import warnings
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from math import isfinite
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import quote_plus

import httpx

from .drift import DriftReports
from .environment import url_shown
from .errors import ArgumentTypeError, ArgumentValueError, ConfigurationError, expect_type
from .pool import Pool
from .reply_body import ACCEPTED
from .security import (
    NO_CREDENTIALS,
    Alternatives,
    Credential,
    Credentials,
    Scheme,
    Secrets,
    is_header_value,
    secrets_of,
)
from .servers import Server
from .timeouts import Timeouts

Query = Mapping[str, Any]
ExtraHeaders = Mapping[str, str | None]

V = TypeVar("V", bound=str | None)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII).fullmatch
_FRAMING = ("content-length", "transfer-encoding")


URL_VARIABLE = "ROARK_BASE_URL"


class QuotedText(str):
    """Text as it stands in a query, percent-encoded but for what has a meaning there."""

    __slots__ = ()


class Contract(NamedTuple):
    """What operations share: the version of the contract, the servers, and the security schemes.

    `servers`: the one of most operations first. `security`: the ways to call an operation that says no other.
    `required`: where no operation can be called without a credential, all the ways to call one; else none.
    """

    version: str
    servers: tuple[Server, ...]
    schemes: tuple[Scheme, ...] = ()
    security: Alternatives = ()
    required: Alternatives = ()

    @property
    def user_agent(self) -> str:
        """Package, contract version, Python and httpx."""
        return f"roark-client (contract {self.version}) Python/{platform.python_version()} httpx/{httpx.__version__}"


@dataclass(frozen=True, slots=True, repr=False)
class Target:
    """Where requests of one server and one kind of security go, and what goes with each of them.

    `headers` are those of requests by `Accept` and `Content-Type`, `urls` those of paths: what many requests share.
    """

    base_url: str
    credentials: Sequence[Credential]
    secrets: Secrets
    headers: dict[tuple[str, str | None], httpx.Headers] = field(
        default_factory=dict[tuple[str, str | None], httpx.Headers]
    )
    urls: dict[str, httpx.URL] = field(default_factory=dict[str, httpx.URL])

    def credentials_in(self, location: str) -> list[tuple[str, str]]:
        """The credentials in one part of the request, by the names that they go under."""
        return [
            (credential.scheme.name, credential.text)
            for credential in self.credentials
            if credential.scheme.location == location
        ]


@dataclass(frozen=True, repr=False)
class Connection:
    """All that requests need beyond their own arguments. Never changed: `changed` makes another on the same pool.

    `servers` are the URLs of the contract's servers; without them, `base_url` stands for all of them.
    `server_variables` is what was chosen for their variables, and None where a caller gave `base_url`.
    """

    base_url: str
    pool: Pool
    servers: Sequence[str | None] = ()
    server_variables: Mapping[str, str] | None = None
    credentials: Credentials = NO_CREDENTIALS
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Query = field(default_factory=dict[str, Any])
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_retries: int = 2
    retry_unknown: bool = False
    drift: DriftReports = field(default_factory=lambda: DriftReports(None))
    _targets: dict[tuple[Alternatives, int], Target] = field(
        default_factory=dict[tuple[Alternatives, int], Target], init=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "servers", tuple(server and _without_slash(server, "server_variables") for server in self.servers)
        )
        object.__setattr__(self, "base_url", _without_slash(self.base_url))
        expect_type("max_retries", self.max_retries, int, "an integer")
        if self.max_retries < 0:
            raise ArgumentValueError(f"max_retries: expected 0 or more, got {self.max_retries}")
        expect_type("retry_unknown", self.retry_unknown, bool, "True or False")
        checked_headers("default_headers", self.headers)
        query_text(self.query, "default_query")
        object.__setattr__(self, "headers", dict(self.headers))
        object.__setattr__(self, "query", dict(self.query))

    def changed(self, **changes: Any) -> Connection:
        """A copy with other settings, on the same pool unless another is given."""
        return replace(self, **changes)

    def target(self, operation: str, contract: Contract, security: Alternatives, server: int) -> Target:
        """Where an operation goes that can be called in these ways, and what goes with it.

        Raises ConfigurationError where the client has no credential for it, or no server.
        """
        target = self._targets.get((security, server))
        if target is None:
            base_url = self.servers[server] if self.servers else self.base_url
            if base_url is None:
                named = f"give base_url=…, or set the environment variable {URL_VARIABLE}"
                raise ConfigurationError(f"{operation}: the contract names no server for it: {named}")
            try:
                credentials = self.credentials.of(contract.schemes, security)
            except ConfigurationError as error:
                raise ConfigurationError(f"{operation}: {error}") from None
            target = Target(base_url, credentials, secrets_of(self.credentials, contract.schemes))
            self._targets[security, server] = target
        return target

    def url(self, target: Target, path: str, query: Sequence[tuple[str, str]], extra: Query | None) -> httpx.URL:
        """The URL of a path, which is percent-encoded already. Of one name the caller's wins, then the operation's."""
        if self.query or query or extra or target.credentials_in("query"):
            pairs = _merged(query_text(self.query, "default_query"), query, query_text(extra or {}, "extra_query"))
            names = {*self.query, *(name for name, _ in query), *(extra or ())}
            try:
                return _url(target, path, pairs, names)
            except (httpx.InvalidURL, UnicodeEncodeError) as error:
                raise ArgumentValueError(f"extra_query: expected what a URL can hold: {error}") from None
        url = target.urls.get(path)
        if url is None:
            url = httpx.URL(target.base_url + path)
            if len(target.urls) < 1000:  # paths with parameters are without number
                target.urls[path] = url
        return url

    def request_headers(
        self,
        target: Target,
        contract: Contract,
        method: str,
        own: Sequence[tuple[str, str]],
        extra: ExtraHeaders | None,
        content: bytes | None,
        *,
        accept: str,
        content_type: str,
    ) -> httpx.Headers:
        """The headers of one request: the defaults, the operation's own, the caller's, where None leaves one out."""
        kind = (accept, None if content is None else content_type)
        default = target.headers.get(kind)
        if default is None:
            default = self._default_headers(target, accept)
            default.setdefault("User-Agent", contract.user_agent)
            if content is not None:
                default["Content-Type"] = content_type
            target.headers[kind] = default
        headers = httpx.Headers(default)
        if content is not None or method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(content or b""))
        for name, value in own:
            headers[name] = _with_cookies(headers.get(name), value) if name == "Cookie" else value
        if extra:
            for name, text in checked_headers("extra_headers", extra, nullable=True).items():
                if text is None:
                    headers.pop(name, None)
                else:
                    headers[name] = text
        return headers

    def _default_headers(self, target: Target, accept: str) -> httpx.Headers:
        """The headers of every request to a target: the credentials, and what the caller sets for all, who wins."""
        host = httpx.URL(target.base_url).netloc.decode("ascii")
        credentials = target.credentials_in("header")
        headers = httpx.Headers({"Host": host, "Accept": accept, "Accept-Encoding": ACCEPTED})
        headers.update(dict(credentials))
        if cookies := target.credentials_in("cookie"):
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in cookies)
        for name, value in self.headers.items():
            headers[name] = _with_cookies(headers.get(name), value) if name.lower() == "cookie" else value
        return headers


def _merged(*queries: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of several queries: of one name, those of the last query that has it."""
    last = {name: query for query in queries for name, _ in query}
    return [pair for query in queries for pair in query if last[pair[0]] is query]


def _url(target: Target, path: str, query: Sequence[tuple[str, str]], names: Container[str]) -> httpx.URL:
    """The URL of a path with a query, and with the credentials that go there, unless a caller gave one of that name."""
    pairs = [*query, *(pair for pair in target.credentials_in("query") if pair[0] not in names)]
    text = "&".join(
        f"{quote_plus(name)}={value if isinstance(value, QuotedText) else quote_plus(value)}" for name, value in pairs
    )
    return httpx.URL(f"{target.base_url}{path}?{text}" if pairs else target.base_url + path)


def _with_cookies(before: str | None, later: str) -> str:
    """The value of a Cookie header: of one name the later cookie."""
    pairs = [pair.strip() for text in (before or "", later) for pair in text.split(";") if pair.strip()]
    return "; ".join({pair.partition("=")[0]: pair for pair in pairs}.values())


def _without_slash(url: str, argument: str = "base_url") -> str:
    """The URL of a server, for the path of an operation to follow."""
    return str(checked_base_url(url, argument)).rstrip("/")


def warn_if_unencrypted(connection: Connection, stacklevel: int) -> None:
    """Warn where calls, which are about people, and the token go to another machine in the clear."""
    for base_url in dict.fromkeys((connection.base_url, *filter(None, connection.servers))):
        url = httpx.URL(base_url)
        if url.scheme == "http" and not _is_loopback(url.host):
            message = f"base_url: the token and the calls go to {url.host} unencrypted; use https://"
            warnings.warn(message, stacklevel=stacklevel + 1)


def checked_base_url(text: str, argument: str = "base_url") -> httpx.URL:
    """The URL of a server. Raises ArgumentValueError where it is none, or has what would not be sent or should not."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError, UnicodeEncodeError) as error:
        reason = "" if "@" in str(text) else f": {error}"  # which may quote a password
        raise ArgumentValueError(f"{argument}: expected the URL of a server, got {url_shown(text)}{reason}") from None
    shown = url_shown(text)
    if url.userinfo:
        hint = "the token goes with bearer_token"
        raise ArgumentValueError(f"{argument}: expected no user name or password in it, got {shown}; {hint}")
    if url.scheme not in ("http", "https") or not url.host or not 0 <= (url.port or 0) < 2**16:
        raise ArgumentValueError(f"{argument}: expected http://… or https://…, got {shown}")
    if url.query or url.fragment:
        raise ArgumentValueError(f"{argument}: expected no query or fragment in it, got {shown}; use default_query")
    return url


def checked_headers(argument: str, headers: Mapping[str, V], *, nullable: bool = False) -> Mapping[str, V]:
    """Headers as they are. `nullable`: None stands for one that is left out.

    Raises ArgumentTypeError or ArgumentValueError where one cannot be sent, without showing its value.
    """
    expect_type(argument, headers, Mapping, "a mapping of texts")
    for name, value in headers.items():
        if not isinstance(name, str) or not (isinstance(value, str) or (nullable and value is None)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ArgumentTypeError(f"{argument}: expected text for {name!r}, got a {type(value).__name__}")
        if not _HEADER_NAME(name):
            raise ArgumentValueError(f"{argument}: {name!r} is not the name of a header")
        if name.lower() in _FRAMING:
            raise ArgumentValueError(f"{argument}: {name!r} is set by the client, which knows the body")
        if value is None:
            if name.lower() == "host":
                raise ArgumentValueError(f"{argument}: {name!r} cannot be left out, since HTTP requires it")
            continue
        if not is_header_value(value) or value != value.strip():
            raise ArgumentValueError(
                f"{argument}: expected ASCII text without blanks around it as the value of {name!r}"
            )
    return headers


def checked_query(argument: str, query: Query) -> Query:
    """A query as it is. Raises ArgumentTypeError where it is no mapping."""
    expect_type(argument, query, Mapping, "a mapping")
    return query


def query_text(query: Query, argument: str) -> list[tuple[str, str]]:
    """A query as pairs of texts: lists repeat their name, booleans are `true` and `false`, None is left out."""
    checked_query(argument, query)
    if isinstance(query, httpx.QueryParams):  # whose items() knows a name only once
        return query.multi_items()
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [value]
        pairs += [(name, text_of(item, f"{argument}/{name}")) for item in values if item is not None]
    return pairs


def text_of(value: Any, argument: str) -> str:
    """A scalar as a URL or a header holds it. Raises ArgumentTypeError for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and isfinite(value):
        return repr(value)
    raise ArgumentTypeError(f"{argument}: expected text, a number or a boolean, got a {type(value).__name__}")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):  # a name
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")
