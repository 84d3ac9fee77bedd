"""One Vapi call - its raw report and whatever else the caller wants to keep with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Required, TypedDict

from ..model import Model, model
from ..schema import (
    BOOLEAN,
    Field,
    Fields,
    Passthrough,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .vapi_call_properties import VapiCallProperties
    from .vapi_end_of_call_report import VapiEndOfCallReport


@model
class VapiCallRequest(Model):
    """One Vapi call - its raw report and whatever else the caller wants to keep with it.

    Attributes (each with the source of what is known):
        vapi_end_of_call_report_payload: Raw Vapi data forwarded directly from the Vapi end-of-call-report
            webhook (the inner object, without the envelope `message`) [documented]
        properties: Optional metadata (key-value pairs) to include with the call. Useful for filtering and
            display in call details. [documented]
        skip_already_imported: Skip already imported Vapi calls with the same Vapi call id. Only the
            vendor's SDKs say so. How the server decides, also of two uploads at once, and what it answers for
            a call that it has, is documented nowhere. [sdk]
    """

    vapi_end_of_call_report_payload: VapiEndOfCallReport
    properties: VapiCallProperties | None
    skip_already_imported: bool | None

    def __init__(
        self,
        *,
        vapi_end_of_call_report_payload: VapiEndOfCallReport | Mapping[str, Any],
        properties: VapiCallProperties | Mapping[str, Any] | Unset = UNSET,
        skip_already_imported: bool | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "vapi_end_of_call_report_payload": vapi_end_of_call_report_payload,
                "properties": properties,
                "skip_already_imported": skip_already_imported,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .vapi_call_properties import VapiCallProperties
        from .vapi_end_of_call_report import VapiEndOfCallReport

        return Fields(
            (
                Field(
                    "vapi_end_of_call_report_payload",
                    "vapiEndOfCallReportPayload",
                    Passthrough(object_of(VapiEndOfCallReport)),
                    required=True,
                ),
                Field("properties", "properties", object_of(VapiCallProperties)),
                Field("skip_already_imported", "skipAlreadyImported", BOOLEAN),
            ),
        )


class VapiCallRequestDict(TypedDict, total=False):
    """A `VapiCallRequest` as a dict, by the names of its fields in Python."""

    vapi_end_of_call_report_payload: Required[VapiEndOfCallReport | Mapping[str, Any]]
    properties: VapiCallProperties | Mapping[str, Any]
    skip_already_imported: bool


class VapiCallRequestJson(TypedDict, total=False):
    """A `VapiCallRequest` as a dict, by the names of its fields in JSON."""

    vapiEndOfCallReportPayload: Required[VapiEndOfCallReport | Mapping[str, Any]]
    properties: VapiCallProperties | Mapping[str, Any]
    skipAlreadyImported: bool
