"""Where requests go and how: the server, the token, the defaults, and the pool of connections."""

from __future__ import annotations

import platform
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from threading import Lock
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

import httpx

from .drift import DriftReports
from .errors import RoarkError
from .reply_body import ACCEPTED
from .timeouts import Timeouts

Query = Mapping[str, Any]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII).fullmatch
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*", re.ASCII).fullmatch


class Contract(NamedTuple):
    """What every operation shares: the title and the version of the contract, and the server it names."""

    title: str
    version: str
    base_url: str | None

    @property
    def user_agent(self) -> str:
        """Package, contract version, Python and httpx."""
        return f"roark-client (contract {self.version}) Python/{platform.python_version()} httpx/{httpx.__version__}"


class NoCookies(httpx.Cookies):
    """Keeps none: nothing in the contract asks for cookies, and what a server sets may identify a caller."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep none."""


class _WithoutCookies:
    @property
    def cookies(self) -> httpx.Cookies:
        return NoCookies()

    @cookies.setter
    def cookies(self, cookies: object) -> None:  # noqa: ARG002 - there are none to set
        raise AttributeError("this client keeps no cookies; give http_client=… to use one that does")


class _Client(_WithoutCookies, httpx.Client):
    """Our own client, where the caller gives none."""


class _AsyncClient(_WithoutCookies, httpx.AsyncClient):
    """The same for the asynchronous half."""


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
        self._lock = Lock()
        self.callers_sync, self.callers_async = sync_client, async_client
        self._is_closed = False

    def sync_client(self) -> httpx.Client:
        """The client, made when first needed since its TLS context is costly. Raises RoarkError once it is closed."""
        with self._lock:
            if self._sync is None and not self._is_closed:
                self._sync = _Client(**self._arguments)
            return cast("httpx.Client", self._open(self._sync))

    def async_client(self) -> httpx.AsyncClient:
        """The same for the asynchronous half."""
        with self._lock:
            if self._async is None and not self._is_closed:
                self._async = _AsyncClient(**self._arguments)
            return cast("httpx.AsyncClient", self._open(self._async))

    def with_callers(
        self, *, sync_client: httpx.Client | None = None, async_client: httpx.AsyncClient | None = None
    ) -> Pool:
        """Another pool, with a client of the caller's in the place of ours."""
        return Pool(sync_client or self.callers_sync, async_client or self.callers_async, self._arguments)

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        self._is_closed = True
        if self._sync is not None and self.callers_sync is None:
            self._sync.close()

    async def aclose(self) -> None:
        """The same for the asynchronous half."""
        self._is_closed = True
        if self._async is not None and self.callers_async is None:
            await self._async.aclose()

    def _open(self, client: httpx.Client | httpx.AsyncClient | None) -> httpx.Client | httpx.AsyncClient:
        if client is None or self._is_closed or client.is_closed:
            raise RoarkError("the client is closed; make a new one")
        return client


@dataclass(frozen=True, repr=False)
class Connection:
    """All that requests need beyond their own arguments. Never changed: `changed` makes another on the same pool."""

    base_url: str
    pool: Pool
    token: str | None = None
    auth_header: str = "Authorization"
    auth_prefix: str = "Bearer"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Query = field(default_factory=dict[str, Any])
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_retries: int = 2
    retry_unknown: bool = False
    drift: DriftReports = field(default_factory=lambda: DriftReports(None))
    # What is the same for many requests: headers by user agent, and URLs by path.
    _headers: dict[str, httpx.Headers] = field(default_factory=dict[str, httpx.Headers], init=False)
    _urls: dict[str, httpx.URL] = field(default_factory=dict[str, httpx.URL], init=False)

    def __post_init__(self) -> None:
        url = checked_base_url(self.base_url)
        object.__setattr__(self, "base_url", str(url).rstrip("/"))
        if isinstance(self.max_retries, bool) or not isinstance(self.max_retries, int):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"max_retries: expected an integer, got a {type(self.max_retries).__name__}")
        if self.max_retries < 0:
            raise ValueError(f"max_retries: expected 0 or more, got {self.max_retries}")
        headers = {"Accept": "application/json", "Accept-Encoding": ACCEPTED}
        if self.token is not None:
            if not isinstance(self.token, str):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError(f"bearer_token: expected text, got a {type(self.token).__name__}")
            if not self.token.strip() or not _HEADER_VALUE(self.token) or self.token != self.token.strip():
                raise ValueError("bearer_token: expected text without spaces around it that a header can carry")
            headers[self.auth_header] = f"{self.auth_prefix} {self.token}".strip()
            if url.scheme == "http" and not _is_loopback(url.host):
                warnings.warn(
                    f"base_url: the token and the calls go to {url.host} unencrypted; use https://", stacklevel=4
                )
        wire = httpx.Headers({"Host": url.netloc.decode("ascii"), **headers})
        wire.update(checked_headers("default_headers", self.headers))
        self._headers[""] = wire
        query_text(self.query, "default_query")

    def changed(self, **changes: Any) -> Connection:
        """A copy with other settings, on the same pool unless another is given."""
        return replace(self, **changes)

    def url(self, path: str, query: Sequence[tuple[str, str]], extra: Query | None) -> httpx.URL:
        """The URL of a path, which is percent-encoded already. Of one name the caller's wins, then the operation's."""
        if self.query or query or extra:
            layers = [query_text(self.query, "default_query"), query, query_text(extra or {}, "extra_query")]
            later = [{name for layer in layers[at + 1 :] for name, _ in layer} for at in range(len(layers))]
            pairs = [pair for layer, taken in zip(layers, later, strict=True) for pair in layer if pair[0] not in taken]
            return httpx.URL(f"{self.base_url}{path}?{urlencode(pairs)}" if pairs else self.base_url + path)
        url = self._urls.get(path)
        if url is None:
            url = httpx.URL(self.base_url + path)
            if len(self._urls) < 1000:  # paths with parameters are without number
                self._urls[path] = url
        return url

    def request_headers(
        self,
        contract: Contract,
        method: str,
        own: Sequence[tuple[str, str]],
        extra: Mapping[str, str] | None,
        content: bytes | None,
    ) -> httpx.Headers:
        """The headers of one request: the defaults, the operation's own, then the caller's."""
        kind = contract.version if content is None else f"{contract.version} with a body"
        default = self._headers.get(kind)
        if default is None:
            default = httpx.Headers(self._headers[""])
            default.setdefault("User-Agent", contract.user_agent)
            if content is not None:
                default["Content-Type"] = "application/json"
            self._headers[kind] = default
        headers = httpx.Headers(default)
        if content is not None or method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = str(len(content or b""))
        for name, value in own:
            headers[name] = value
        if extra:
            headers.update(checked_headers("extra_headers", extra))
        return headers


def checked_base_url(text: str) -> httpx.URL:
    """The URL of a server. Raises ValueError where it is none, or carries what would not be sent or should not."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError) as error:
        raise ValueError(f"base_url: expected the URL of a server: {error}") from None
    if url.userinfo:
        raise ValueError("base_url: expected no user name or password in it; the token goes with bearer_token")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"base_url: expected http://… or https://…, got {text!r:.100}")
    if url.query or url.fragment:
        raise ValueError("base_url: expected no query or fragment in it; use default_query")
    return url


def checked_headers(argument: str, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Headers as they are. Raises TypeError or ValueError where one cannot be sent, without showing its value."""
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{argument}: expected text for {name!r}, got a {type(value).__name__}")
        if not _HEADER_NAME(name):
            raise ValueError(f"{argument}: {name!r} is not the name of a header")
        if not _HEADER_VALUE(value):
            raise ValueError(f"{argument}: the value of {name!r} holds what a header cannot carry (ASCII text can)")
    return headers


def query_text(query: Query, argument: str) -> list[tuple[str, str]]:
    """A query as pairs of texts: lists repeat their name, booleans are `true` and `false`, None is left out."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        values = cast("Sequence[Any]", value) if isinstance(value, list | tuple) else [value]
        pairs += [(name, text_of(each, f"{argument}/{name}")) for each in values if each is not None]
    return pairs


def text_of(value: Any, argument: str) -> str:
    """A scalar as a URL or a header holds it. Raises TypeError for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise TypeError(f"{argument}: expected text, a number or a boolean, got a {type(value).__name__}")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
