"""Create calls from what other voice platforms report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from ..api.integrations import create_vapi_call as _create_vapi_call
from ..connection import Connection
from ..facade import AsyncResource, SyncResource, async_raw, made_once, raw
from ..keywords import names_checked
from ..operation import Options
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.vapi_call_properties import VapiCallProperties
    from ..models.vapi_call_response import VapiCallResponse
    from ..models.vapi_end_of_call_report import VapiEndOfCallReport

__all__ = ["AsyncIntegrations", "Integrations"]


class Integrations(SyncResource):
    """Create calls from what other voice platforms report."""

    @made_once
    def with_raw_response(self) -> IntegrationsWithRawResponse:
        """The same methods, giving the status, headers and body of the reply beside what it says."""
        return IntegrationsWithRawResponse(self._connection)

    @names_checked
    def create_vapi_call(
        self,
        *,
        vapi_end_of_call_report_payload: VapiEndOfCallReport | Mapping[str, Any],
        properties: VapiCallProperties | Mapping[str, Any] | Unset = UNSET,
        skip_already_imported: bool | Unset = UNSET,
        extra_headers: Mapping[str, str | None] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
    ) -> VapiCallResponse:
        """Send a VAPI call to Roark

        Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
        sent twice is two calls, unless `skipAlreadyImported` has the second one skipped.

        Args:
            vapi_end_of_call_report_payload: Raw Vapi data forwarded directly from the Vapi
                end-of-call-report webhook (the inner object, without the envelope `message`) [documented]
            properties: Optional metadata (key-value pairs) to include with the call. Useful for filtering
                and display in call details. [documented]
            skip_already_imported: Skip already imported Vapi calls with the same Vapi call id. Only the
                vendor's SDKs say so. How the server decides, also of two uploads at once, and what it answers
                for a call that it has, is documented nowhere. [sdk]
            extra_headers: sent with this request; None leaves one out.
            extra_query: added to its URL.
            extra_body: fields that the contract does not name, added to its body.
            timeout: seconds for this call, an httpx.Timeout for its phases, or None for no limit at all.

        Raises:
            APIError: the call failed; its `delivery` says what became of it.
            ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
        """
        return self._call(
            _create_vapi_call.OPERATION,
            {
                "body": {
                    "vapi_end_of_call_report_payload": vapi_end_of_call_report_payload,
                    "properties": properties,
                    "skip_already_imported": skip_already_imported,
                },
            },
            Options(extra_headers, extra_query, extra_body, timeout),
        )


class IntegrationsWithRawResponse:
    """The methods of `Integrations`, giving a `Response`."""

    def __init__(self, connection: Connection) -> None:
        resource = Integrations(connection, raw=True)
        self.create_vapi_call = raw(resource.create_vapi_call)


class AsyncIntegrations(AsyncResource):
    """Create calls from what other voice platforms report."""

    @made_once
    def with_raw_response(self) -> AsyncIntegrationsWithRawResponse:
        """The same methods, giving the status, headers and body of the reply beside what it says."""
        return AsyncIntegrationsWithRawResponse(self._connection)

    @names_checked
    async def create_vapi_call(
        self,
        *,
        vapi_end_of_call_report_payload: VapiEndOfCallReport | Mapping[str, Any],
        properties: VapiCallProperties | Mapping[str, Any] | Unset = UNSET,
        skip_already_imported: bool | Unset = UNSET,
        extra_headers: Mapping[str, str | None] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
    ) -> VapiCallResponse:
        """Send a VAPI call to Roark

        Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
        sent twice is two calls, unless `skipAlreadyImported` has the second one skipped.

        Args:
            vapi_end_of_call_report_payload: Raw Vapi data forwarded directly from the Vapi
                end-of-call-report webhook (the inner object, without the envelope `message`) [documented]
            properties: Optional metadata (key-value pairs) to include with the call. Useful for filtering
                and display in call details. [documented]
            skip_already_imported: Skip already imported Vapi calls with the same Vapi call id. Only the
                vendor's SDKs say so. How the server decides, also of two uploads at once, and what it answers
                for a call that it has, is documented nowhere. [sdk]
            extra_headers: sent with this request; None leaves one out.
            extra_query: added to its URL.
            extra_body: fields that the contract does not name, added to its body.
            timeout: seconds for this call, an httpx.Timeout for its phases, or None for no limit at all.

        Raises:
            APIError: the call failed; its `delivery` says what became of it.
            ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
        """
        return await self._call(
            _create_vapi_call.OPERATION,
            {
                "body": {
                    "vapi_end_of_call_report_payload": vapi_end_of_call_report_payload,
                    "properties": properties,
                    "skip_already_imported": skip_already_imported,
                },
            },
            Options(extra_headers, extra_query, extra_body, timeout),
        )


class AsyncIntegrationsWithRawResponse:
    """The methods of `AsyncIntegrations`, giving a `Response`."""

    def __init__(self, connection: Connection) -> None:
        resource = AsyncIntegrations(connection, raw=True)
        self.create_vapi_call = async_raw(resource.create_vapi_call)
