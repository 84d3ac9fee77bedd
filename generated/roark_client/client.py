"""The clients of the lower layer, for the functions in `api`. `Roark` and `AsyncRoark` stand on the same ground."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Self

import httpx

from .connection import Connection, checked_headers, checked_query, warn_if_unencrypted
from .drift import DriftEvent, DriftReports
from .errors import ArgumentTypeError, expect_type
from .pool import Pool
from .security import OneToken
from .settings import about_client
from .timeouts import Timeouts
from .types import UNSET, Unset

__all__ = ["AuthenticatedClient", "Client"]


# What requests do not take from httpx's clients.
_NOT_IN_HTTPX_ARGS = frozenset({"auth", "base_url", "cookies", "follow_redirects", "headers", "params", "timeout"})


class Client:
    """A client without a token, for the functions in `api`, in both their halves.

    Args:
        base_url: URL of the server, with or without a path. All operations go there.
        cookies: sent with every request.
        headers: sent with every request.
        timeout: seconds for a whole call, retries included (default 60); an httpx.Timeout for its phases within that;
            None for no limit at all.
        verify_ssl: False, a path or an SSLContext, as httpx takes it.
        httpx_args: further arguments for the httpx clients.
        max_retries: how often a request that certainly was not accepted is sent again.
        retry_unknown: send again also what may have been accepted.
        on_drift: called once for each place where a reply differs from the contract.
    """

    @about_client
    def __init__(
        self,
        base_url: str,
        *,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        verify_ssl: str | bool | ssl.SSLContext = True,
        httpx_args: Mapping[str, Any] | None = None,
        max_retries: int = 2,
        retry_unknown: bool = False,
        on_drift: Callable[[DriftEvent], None] | None = None,
    ) -> None:
        if httpx_args is not None:
            checked_query("httpx_args", httpx_args)
        if refused := sorted(_NOT_IN_HTTPX_ARGS.intersection(httpx_args or {})):
            raise ArgumentTypeError(
                f"httpx_args: {', '.join(refused)} would not be used; this client has arguments for it"
            )
        self.connection = Connection(
            base_url=base_url,
            pool=Pool(arguments={"verify": verify_ssl, **(httpx_args or {})}),
            headers=headers or {},
            timeouts=Timeouts().changed(timeout),
            max_retries=max_retries,
            retry_unknown=retry_unknown,
            drift=DriftReports(on_drift),
        )
        warn_if_unencrypted(self.connection, 3 if type(self) is Client else 5)
        if cookies:
            self.connection = self._with_cookies(cookies)

    @about_client
    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """A copy with further headers, on the same connections."""
        added = checked_headers("headers", headers)
        return self._changed(self.connection.changed(headers={**self.connection.headers, **added}))

    @about_client
    def with_cookies(self, cookies: Mapping[str, str]) -> Self:
        """A copy with further cookies, on the same connections."""
        return self._changed(self._with_cookies(cookies))

    @about_client
    def with_timeout(self, timeout: float | httpx.Timeout | None) -> Self:
        """A copy with another timeout, on the same connections."""
        return self._changed(self.connection.changed(timeouts=self.connection.timeouts.changed(timeout)))

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client of the synchronous half."""
        return self.connection.pool.sync_client()

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use a client of your own, which stays yours to close."""
        self.connection.pool.use(sync_client=client)
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client of the asynchronous half."""
        return self.connection.pool.async_client()

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Use a client of your own, which stays yours to close."""
        self.connection.pool.use(async_client=async_client)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.connection.pool.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.connection.base_url!r})"

    def __reduce__(self) -> NoReturn:
        refuse_to_pickle(self)

    def _with_cookies(self, cookies: Mapping[str, str]) -> Connection:
        checked_query("cookies", cookies)
        before = self.connection.headers.get("Cookie")
        pairs = ([before] if before else []) + [f"{name}={value}" for name, value in cookies.items()]
        return self.connection.changed(headers={**self.connection.headers, "Cookie": "; ".join(pairs)})

    def _changed(self, connection: Connection) -> Self:
        copy = object.__new__(type(self))
        copy.connection = connection
        return copy


class AuthenticatedClient(Client):
    """A client that sends a token, for the functions in `api`.

    It goes where the contract says, for the scheme that an operation names first: into a header, the query or a cookie;
    of HTTP basic it is the base64 of user name and password. What an operation takes beside it, add by `headers` or
    `cookies`, or use `Roark`. An operation that takes none is sent none.

    Args:
        base_url: URL of the server, with or without a path. All operations go there.
        token: sent with requests; never shown.
        prefix: what stands before it in its header.
        auth_header_name: the name of that header. Another one, or another prefix, is used in the place of what the
            contract says.
        cookies, headers, timeout, verify_ssl, httpx_args, max_retries, retry_unknown, on_drift: as for `Client`.
    """

    @about_client
    def __init__(
        self,
        base_url: str,
        token: str,
        prefix: str = "Bearer",
        auth_header_name: str = "Authorization",
        *,
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        verify_ssl: str | bool | ssl.SSLContext = True,
        httpx_args: Mapping[str, Any] | None = None,
        max_retries: int = 2,
        retry_unknown: bool = False,
        on_drift: Callable[[DriftEvent], None] | None = None,
    ) -> None:
        super().__init__(
            base_url,
            cookies=cookies,
            headers=headers,
            timeout=timeout,
            verify_ssl=verify_ssl,
            httpx_args=httpx_args,
            max_retries=max_retries,
            retry_unknown=retry_unknown,
            on_drift=on_drift,
        )
        expect_type("auth_header_name", auth_header_name, str, "text")
        checked_headers("auth_header_name and prefix", {auth_header_name: prefix})
        self.connection = self.connection.changed(credentials=OneToken(token, prefix, auth_header_name))


def refuse_to_pickle(client: object) -> NoReturn:
    """Raise the TypeError that every client raises when it is pickled or copied: its token must not travel along."""
    raise TypeError(
        f"a {type(client).__name__} cannot be pickled or copied: it holds a token and open connections. "
        "Make a new one where it is needed, with the token from the environment"
    )
