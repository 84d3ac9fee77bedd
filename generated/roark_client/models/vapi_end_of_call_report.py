"""What Vapi's end-of-call-report webhook sends as `message`. Goes out exactly as it came in; real reports
carry many more fields than are named here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..model import Model, model
from ..schema import (
    ANY,
    STRING,
    Field,
    Fields,
    Nullable,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .vapi_artifact import VapiArtifact
    from .vapi_assistant import VapiAssistant
    from .vapi_call import VapiCall
    from .vapi_customer import VapiCustomer
    from .vapi_phone_number import VapiPhoneNumber


@model
class VapiEndOfCallReport(Model):
    """What Vapi's end-of-call-report webhook sends as `message`. Goes out exactly as it came in; real
    reports carry many more fields than are named here.

    Attributes (each with the source of what is known):
        type_: Kind of Vapi message, `end-of-call-report` [documented]
        call: The call as Vapi knows it [documented]
        status: Status of the call [documented]
        assistant: The assistant that spoke [documented]
        customer: The customer who spoke [documented]
        phone_number: The phone number that was called, or called from [documented]
        artifact: What the call left behind - recordings and messages [documented]
        started_at: When the call started (ISO 8601 format, with an offset) [documented]
        ended_at: When the call ended (ISO 8601 format, with an offset) [documented]
        ended_reason: Why the call ended. More than 600 values are published, and their number grows.
            [documented]
        analysis: What Vapi itself made of the call [ours]
        costs: What the call cost, item by item [ours]
        transcript: The whole conversation as text [ours]
        duration_seconds: Duration of the call in seconds [ours]
    """

    type_: str
    call: VapiCall
    status: str | None
    assistant: VapiAssistant | None
    customer: VapiCustomer | None
    phone_number: VapiPhoneNumber | None
    artifact: VapiArtifact | None
    started_at: str | None
    ended_at: str | None
    ended_reason: str | None
    analysis: Any
    costs: Any
    transcript: Any
    duration_seconds: Any

    def __init__(
        self,
        *,
        type_: str,
        call: VapiCall | Mapping[str, Any],
        status: str | None | Unset = UNSET,
        assistant: VapiAssistant | Mapping[str, Any] | None | Unset = UNSET,
        customer: VapiCustomer | Mapping[str, Any] | None | Unset = UNSET,
        phone_number: VapiPhoneNumber | Mapping[str, Any] | None | Unset = UNSET,
        artifact: VapiArtifact | Mapping[str, Any] | None | Unset = UNSET,
        started_at: str | None | Unset = UNSET,
        ended_at: str | None | Unset = UNSET,
        ended_reason: str | None | Unset = UNSET,
        analysis: Any | Unset = UNSET,
        costs: Any | Unset = UNSET,
        transcript: Any | Unset = UNSET,
        duration_seconds: Any | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "type_": type_,
                "call": call,
                "status": status,
                "assistant": assistant,
                "customer": customer,
                "phone_number": phone_number,
                "artifact": artifact,
                "started_at": started_at,
                "ended_at": ended_at,
                "ended_reason": ended_reason,
                "analysis": analysis,
                "costs": costs,
                "transcript": transcript,
                "duration_seconds": duration_seconds,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .vapi_artifact import VapiArtifact
        from .vapi_assistant import VapiAssistant
        from .vapi_call import VapiCall
        from .vapi_customer import VapiCustomer
        from .vapi_phone_number import VapiPhoneNumber

        return Fields(
            (
                Field("type_", "type", STRING, required=True),
                Field("call", "call", object_of(VapiCall), required=True),
                Field("status", "status", Nullable(STRING)),
                Field("assistant", "assistant", Nullable(object_of(VapiAssistant))),
                Field("customer", "customer", Nullable(object_of(VapiCustomer))),
                Field("phone_number", "phoneNumber", Nullable(object_of(VapiPhoneNumber))),
                Field("artifact", "artifact", Nullable(object_of(VapiArtifact))),
                Field("started_at", "startedAt", Nullable(STRING)),
                Field("ended_at", "endedAt", Nullable(STRING)),
                Field("ended_reason", "endedReason", Nullable(STRING)),
                Field("analysis", "analysis", ANY),
                Field("costs", "costs", ANY),
                Field("transcript", "transcript", ANY),
                Field("duration_seconds", "durationSeconds", ANY),
            ),
        )
