"""`Roark` and `AsyncRoark`, the clients of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

import httpx

from .connection import Query
from .contract import CONTRACT
from .drift import DriftEvent
from .facade import AsyncFacade, Facade, H, SyncFacade, made_once
from .keywords import names_checked
from .settings import about_client
from .types import UNSET, Unset

if TYPE_CHECKING:
    from .resources.call_analysis import AsyncCallAnalysis, CallAnalysis
    from .resources.integrations import AsyncIntegrations, Integrations

__all__ = ["AsyncRoark", "Roark"]


class Configured(Facade[H]):
    """What both clients take."""

    @about_client
    @names_checked
    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        base_url: str | httpx.URL | None = None,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int = 2,
        retry_unknown: bool = False,
        default_headers: Mapping[str, str] | None = None,
        default_query: Query | None = None,
        on_drift: Callable[[DriftEvent], None] | None = None,
        http_client: H | None = None,
    ) -> None:
        """Make a client.

        Args:
            bearer_token: the API token; by default the environment variable ROARK_API_BEARER_TOKEN.
                Bearer authentication header of the form Bearer <token>, where <token> is your auth token.
            base_url: URL of the server, where all operations go then; by default ROARK_BASE_URL, else the
                contract's.
            timeout: seconds for a whole call, retries included (default 60, connecting 5); an httpx.Timeout for its
                phases within that; None for no limit at all.
            max_retries: how often a request that certainly was not accepted is sent again.
            retry_unknown: send again also what may have been accepted, which may double an upload.
            default_headers: sent with every request.
            default_query: added to every URL.
            on_drift: called once for each place where a reply differs from the contract.
            http_client: an httpx client of your own (proxy, TLS, limits), which stays yours to close.

        Raises:
            ConfigurationError: a credential or a server is missing, or an environment variable cannot be used.
            ArgumentTypeError, ArgumentValueError: an argument cannot be used.
        """
        self._set_up(
            credentials={"bearer_token": bearer_token},
            base_url=base_url,
            server_variables=None,
            timeout=timeout,
            max_retries=max_retries,
            retry_unknown=retry_unknown,
            default_headers=default_headers,
            default_query=default_query,
            on_drift=on_drift,
            http_client=http_client,
        )

    @about_client
    @names_checked
    def with_options(
        self,
        *,
        bearer_token: str | None = None,
        base_url: str | httpx.URL | None = None,
        timeout: float | httpx.Timeout | Unset | None = UNSET,
        max_retries: int | None = None,
        retry_unknown: bool | None = None,
        default_headers: Mapping[str, str] | None = None,
        default_query: Query | None = None,
        on_drift: Callable[[DriftEvent], None] | Unset | None = UNSET,
        http_client: H | None = None,
    ) -> Self:
        """A copy with other options; this client stays as it is. They share their connections: closing one closes both.

        None leaves an option as it is, but for `timeout` and `on_drift`, where it means none.
        `default_headers` and `default_query` are added to those of this client.
        """
        return self._changed(
            credentials={"bearer_token": bearer_token},
            base_url=base_url,
            server_variables=None,
            timeout=timeout,
            max_retries=max_retries,
            retry_unknown=retry_unknown,
            default_headers=default_headers,
            default_query=default_query,
            on_drift=on_drift,
            http_client=http_client,
        )

    copy = with_options  # by the name that the vendor's SDK has for it


class Roark(Configured[httpx.Client], SyncFacade):
    """The client. The two operations of Roark that take voice calls in."""

    _contract = CONTRACT

    @made_once
    def call_analysis(self) -> CallAnalysis:
        """Create a call and its analysis from a recording."""
        from .resources.call_analysis import CallAnalysis

        return CallAnalysis(self._connection)

    @made_once
    def integrations(self) -> Integrations:
        """Create calls from what other voice platforms report."""
        from .resources.integrations import Integrations

        return Integrations(self._connection)


class AsyncRoark(Configured[httpx.AsyncClient], AsyncFacade):
    """The client for asyncio and trio. The two operations of Roark that take voice calls in."""

    _contract = CONTRACT

    @made_once
    def call_analysis(self) -> AsyncCallAnalysis:
        """Create a call and its analysis from a recording."""
        from .resources.call_analysis import AsyncCallAnalysis

        return AsyncCallAnalysis(self._connection)

    @made_once
    def integrations(self) -> AsyncIntegrations:
        """Create calls from what other voice platforms report."""
        from .resources.integrations import AsyncIntegrations

        return AsyncIntegrations(self._connection)
