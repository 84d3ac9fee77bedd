"""`Roark` and `AsyncRoark`, the clients of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .contract import CONTRACT
from .facade import AsyncFacade, SyncFacade, made_once

if TYPE_CHECKING:
    from .resources.call_analysis import AsyncCallAnalysis, CallAnalysis
    from .resources.integrations import AsyncIntegrations, Integrations

__all__ = ["AsyncRoark", "Roark"]


class Roark(SyncFacade):
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


class AsyncRoark(AsyncFacade):
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
