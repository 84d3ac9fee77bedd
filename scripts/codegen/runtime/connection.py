"""Where requests go and how: the server, the credentials, the defaults, and the pool of connections."""

from __future__ import annotations

import os
import platform
import re
import sys
import warnings
from collections.abc import AsyncGenerator, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from math import isfinite
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from urllib.parse import quote_plus

import httpx

from .drift import DriftReports
from .environment import client_made, tls_context, url_shown
from .errors import ArgumentTypeError, ArgumentValueError, ConfigurationError, RoarkError
from .reply_body import ACCEPTED
from .security import NO_CREDENTIALS, Alternatives, Credential, Credentials, Scheme, Secrets, secrets_of
from .servers import Server
from .timeouts import Timeouts

Query = Mapping[str, Any]
ExtraHeaders = Mapping[str, str | None]

V = TypeVar("V", bound=str | None)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII).fullmatch
_FRAMING = ("content-length", "transfer-encoding")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII).fullmatch


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


class NoCookies(httpx.Cookies):
    """Keeps none: nothing in the contract asks for cookies, and what a server sets may identify a caller."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep none."""


class _KeepsNoCookies:
    """An httpx client that sends the cookies it is given, and takes none from servers."""

    _given: NoCookies

    if not TYPE_CHECKING:  # which knows the arguments of httpx

        def __init__(self, *, cookies: Any = None, **arguments: Any) -> None:
            super().__init__(**arguments)
            self.cookies = cookies

    @property
    def cookies(self) -> httpx.Cookies:
        return self._given

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._given = NoCookies(cookies)


class DefaultHttpxClient(_KeepsNoCookies, httpx.Client):
    """What `Roark` makes by itself, to be given what httpx.Client takes: proxy, verify, limits, mounts, event_hooks.

    It keeps no cookie that a server sets. As `http_client` it stays yours to close, and its timeout is not used.
    """


class DefaultAsyncHttpxClient(_KeepsNoCookies, httpx.AsyncClient):
    """The same for `AsyncRoark`."""


class Pool:
    """The connections of a client and of the copies made from it. A client of the caller's stays the caller's."""

    def __init__(
        self,
        sync_client: httpx.Client | None = None,
        async_client: httpx.AsyncClient | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        self._sync, self._async = sync_client, async_client
        self._arguments = dict(arguments or {})
        self._has_context = "transport" in self._arguments  # which brings its own
        self.callers_sync, self.callers_async = sync_client, async_client
        self._is_closed = False
        self._lock, self._process = Lock(), os.getpid()
        self._loop: object = None
        self._closer: AsyncGenerator[None, None] | None = None
        self._of_other_process: list[object] = []

    def sync_client(self) -> httpx.Client:
        """The client, made when first needed since its TLS context is costly.

        Raises RoarkError once it is closed, and ConfigurationError where the environment keeps it from working.
        """
        self._notice_fork()
        with self._lock:
            if self._sync is None and not self._is_closed:
                self._sync = client_made(DefaultHttpxClient, self._with_context())
            return cast("httpx.Client", self._open(self._sync))

    def async_client(self) -> httpx.AsyncClient:
        """The same for the asynchronous half, for the event loop that is running."""
        self._notice_fork()
        with self._lock:
            self._notice_loop()
            if self._async is None and not self._is_closed:
                self._async = client_made(DefaultAsyncHttpxClient, self._with_context())
                self._closer = _closer_of(self._async)
            return cast("httpx.AsyncClient", self._open(self._async))

    def leave(self, client: httpx.Client) -> None:
        """Use a client of ours no more: what has broken off a call may have left a lock of it held for ever."""
        with self._lock:
            if self._sync is client and self.callers_sync is None:
                self._sync = None

    def use(self, *, sync_client: httpx.Client | None = None, async_client: httpx.AsyncClient | None = None) -> None:
        """Put a client of the caller's in the place of ours."""
        if sync_client is not None:
            if self._sync is not None and self.callers_sync is None:
                self._sync.close()
            self._sync = self.callers_sync = sync_client
        if async_client is not None:
            self._async = self.callers_async = async_client
            self._closer = None

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        self._is_closed = True
        if self._sync is not None and self.callers_sync is None:
            self._sync.close()

    async def aclose(self) -> None:
        """The same for the asynchronous half. In another event loop than theirs, they are left to that one."""
        self._is_closed = True
        closing, self._closer = self._closer, None
        if closing is not None and self._loop is _running_loop():
            await closing.aclose()

    def is_closed(self) -> bool:
        """Whether no call can be made any more: it was closed, or the caller's own client was."""
        callers = self.callers_sync or self.callers_async
        return self._is_closed or (callers is not None and callers.is_closed)

    def _with_context(self) -> dict[str, Any]:
        """The arguments of a client, with a TLS context that all clients share."""
        if not self._has_context:
            self._arguments["verify"] = tls_context(self._arguments)
            self._arguments.pop("cert", None)
            self._has_context = True
        return self._arguments

    def _notice_fork(self) -> None:
        """Leave the connections to the process that made them: two that share one read each other's replies."""
        if self._process == os.getpid():
            return
        if self.callers_sync is not None or self.callers_async is not None:
            raise RoarkError("http_client was made in another process; make a new one, and a new client with it")
        # Closing them could speak on the other process's connections.
        self._of_other_process += [self._sync, self._async, self._closer, self._loop]
        self._sync = self._async = self._closer = self._loop = None
        self._lock, self._process = Lock(), os.getpid()

    def _notice_loop(self) -> None:
        """Leave the connections of an event loop that has ended. Raises RoarkError where two would share them."""
        if self.callers_async is not None:
            return
        loop = _running_loop()
        if self._loop is not None and self._loop is not loop:
            if not _has_ended(self._loop):
                raise RoarkError("the client is in use by another event loop; make one for each")
            self._async = self._closer = None
        self._loop = loop

    def _open(self, client: httpx.Client | httpx.AsyncClient | None) -> httpx.Client | httpx.AsyncClient:
        if client is None or self._is_closed or client.is_closed:
            raise RoarkError("the client is closed; make a new one")
        return client


def _closer_of(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    """What closes a client once it is closed itself: by its event loop as that ends, or when nobody has it any more.

    So a client that is used in one `asyncio.run` after another leaves no socket behind.
    """

    async def closing() -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await client.aclose()

    generator = closing()
    with suppress(StopIteration):  # it comes to its yield at once, and the loop knows it from there on
        generator.__anext__().send(None)
    return generator


def _has_ended(loop: object) -> bool:
    """Whether an event loop runs no more. Trio starts a new one only after the last."""
    is_closed = getattr(loop, "is_closed", None)
    return is_closed is None or is_closed()


def _running_loop() -> object:
    """What tells the running event loop from others, of asyncio or of trio."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        return trio.lowlevel.current_trio_token()
    import asyncio  # here, since only this half needs it, and importing it takes time

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RoarkError("no event loop is running, of asyncio or of trio") from None


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

    @property
    def is_in_query(self) -> bool:
        """Whether a credential goes into the URL."""
        return any(each.scheme.location == "query" for each in self.credentials)

    def credentials_in(self, location: str) -> list[tuple[str, str]]:
        """The credentials in one part of the request, by the names that they go under."""
        return [(each.scheme.name, each.text) for each in self.credentials if each.scheme.location == location]


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
            self, "servers", tuple(each and _without_slash(each, "server_variables") for each in self.servers)
        )
        object.__setattr__(self, "base_url", _without_slash(self.base_url))
        if isinstance(self.max_retries, bool) or not isinstance(self.max_retries, int):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ArgumentTypeError(f"max_retries: expected an integer, got a {type(self.max_retries).__name__}")
        if self.max_retries < 0:
            raise ArgumentValueError(f"max_retries: expected 0 or more, got {self.max_retries}")
        if not isinstance(self.retry_unknown, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ArgumentTypeError(f"retry_unknown: expected True or False, got a {type(self.retry_unknown).__name__}")
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
        if self.query or query or extra or target.is_in_query:
            layers = [query_text(self.query, "default_query"), query, query_text(extra or {}, "extra_query")]
            later = [{name for layer in layers[at + 1 :] for name, _ in layer} for at in range(len(layers))]
            pairs = [pair for layer, taken in zip(layers, later, strict=True) for pair in layer if pair[0] not in taken]
            given = {*self.query, *(name for name, _ in query), *(extra or ())}
            try:
                return _url(target, path, pairs, given)
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
        """Those of every request to a target: the credentials, and what the caller sets for all, who wins."""
        host = httpx.URL(target.base_url).netloc.decode("ascii")
        credentials = target.credentials_in("header")
        headers = httpx.Headers({"Host": host, "Accept": accept, "Accept-Encoding": ACCEPTED})
        headers.update(dict(credentials))
        if cookies := target.credentials_in("cookie"):
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in cookies)
        for name, value in self.headers.items():
            headers[name] = _with_cookies(headers.get(name), value) if name.lower() == "cookie" else value
        return headers


def _url(target: Target, path: str, query: Sequence[tuple[str, str]], given: Container[str]) -> httpx.URL:
    """The URL of a path with a query, and with the credentials that go there, unless a caller gave one of that name."""
    pairs = [*query, *(pair for pair in target.credentials_in("query") if pair[0] not in given)]
    text = "&".join(
        f"{quote_plus(name)}={each if isinstance(each, QuotedText) else quote_plus(each)}" for name, each in pairs
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
    if not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ArgumentTypeError(f"{argument}: expected a mapping of texts, got a {type(headers).__name__}")
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
        if not _HEADER_VALUE(value) or value != value.strip():
            raise ArgumentValueError(
                f"{argument}: expected ASCII text without blanks around it as the value of {name!r}"
            )
    return headers


def checked_query(argument: str, query: Query) -> Query:
    """A query as it is. Raises ArgumentTypeError where it is no mapping."""
    if not isinstance(query, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ArgumentTypeError(f"{argument}: expected a mapping, got a {type(query).__name__}")
    return query


def query_text(query: Query, argument: str) -> list[tuple[str, str]]:
    """A query as pairs of texts: lists repeat their name, booleans are `true` and `false`, None is left out."""
    checked_query(argument, query)
    if isinstance(query, httpx.QueryParams):  # whose items() knows a name only once
        return query.multi_items()
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [value]
        pairs += [(name, text_of(each, f"{argument}/{name}")) for each in values if each is not None]
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
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
