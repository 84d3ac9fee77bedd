"""One call to analyse - where its recording lies, when it began and who spoke."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict

from ..model import Model, model
from ..schema import (
    BOOLEAN,
    DATE_TIME,
    STRING,
    URI,
    Array,
    EnumOf,
    Field,
    Fields,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .call_direction import CallDirection
    from .call_properties import CallProperties
    from .ended_status import EndedStatus
    from .interface_type import InterfaceType
    from .participant_input import ParticipantInput, ParticipantInputDict, ParticipantInputJson
    from .tool_invocation import ToolInvocation, ToolInvocationDict, ToolInvocationJson


@model
class CallAnalysisRequest(Model):
    """One call to analyse - where its recording lies, when it began and who spoke.

    Attributes (each with the source of what is known):
        recording_url: URL of source recording (must be an accessible WAV file). Can be a signed URL.
            Since 1.83.0, the SDKs say: URL of source recording (must be an accessible WAV or MP3 file). Can
            be a signed URL. [documented]
        started_at: When the call started (ISO 8601 format) [documented]
        interface_type: Interface type of the call (PHONE or WEB) [documented]
        call_direction: Direction of the call (INBOUND or OUTBOUND) [documented]
        participants: Exactly two participants in the call [documented]
        stereo_recording_url: URL of source stereo recording in WAV format. Must be accessible. Can be a
            signed URL. While optional it allows for a richer audio player [documented]
        ended_reason: Reason why the call ended (optional). Since 1.143.0, the SDKs say: Additional
            context on why the call terminated with the endedStatus [documented]
        is_test: Whether this is a test call [documented]
        properties: Custom properties to include with the call. These can be used for filtering and will
            show in the call details page [sdk]
        vapi_call_id: Vapi call ID if call is being imported from Vapi [sdk]
        retell_call_id: Retell call ID if call is being imported from Retell [sdk]
        ended_status: High-level call end status, indicating how the call terminated [sdk]
        tool_invocations: List of tool invocations made during the call [sdk]
    """

    recording_url: str
    started_at: datetime.datetime
    interface_type: InterfaceType
    call_direction: CallDirection
    participants: list[ParticipantInput]
    stereo_recording_url: str | None
    ended_reason: str | None
    is_test: bool | None
    properties: CallProperties | None
    vapi_call_id: str | None
    retell_call_id: str | None
    ended_status: EndedStatus | None
    tool_invocations: list[ToolInvocation] | None

    def __init__(
        self,
        *,
        recording_url: str,
        started_at: datetime.datetime | str,
        interface_type: InterfaceType | Literal["PHONE", "WEB"],
        call_direction: CallDirection | Literal["INBOUND", "OUTBOUND"],
        participants: Iterable[ParticipantInput | ParticipantInputDict | ParticipantInputJson],
        stereo_recording_url: str | Unset = UNSET,
        ended_reason: str | Unset = UNSET,
        is_test: bool | Unset = UNSET,
        properties: CallProperties | Mapping[str, Any] | Unset = UNSET,
        vapi_call_id: str | Unset = UNSET,
        retell_call_id: str | Unset = UNSET,
        ended_status: EndedStatus
        | Literal[
            "AGENT_ENDED_CALL",
            "AGENT_TRANSFERRED_CALL",
            "AGENT_ERROR",
            "CUSTOMER_ENDED_CALL",
            "VOICE_MAIL_REACHED",
            "SILENCE_TIME_OUT",
            "PHONE_CALL_PROVIDER_CONNECTION_ERROR",
            "CUSTOMER_DID_NOT_ANSWER",
            "CUSTOMER_BUSY",
            "DIAL_ERROR",
            "MAX_DURATION_REACHED",
            "UNKNOWN",
        ]
        | Unset = UNSET,
        tool_invocations: Iterable[ToolInvocation | ToolInvocationDict | ToolInvocationJson] | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "recording_url": recording_url,
                "started_at": started_at,
                "interface_type": interface_type,
                "call_direction": call_direction,
                "participants": participants,
                "stereo_recording_url": stereo_recording_url,
                "ended_reason": ended_reason,
                "is_test": is_test,
                "properties": properties,
                "vapi_call_id": vapi_call_id,
                "retell_call_id": retell_call_id,
                "ended_status": ended_status,
                "tool_invocations": tool_invocations,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .call_direction import CallDirection
        from .call_properties import CallProperties
        from .ended_status import EndedStatus
        from .interface_type import InterfaceType
        from .participant_input import ParticipantInput
        from .tool_invocation import ToolInvocation

        return Fields(
            (
                Field("recording_url", "recordingUrl", URI, required=True),
                Field("started_at", "startedAt", DATE_TIME, required=True),
                Field("interface_type", "interfaceType", EnumOf(InterfaceType), required=True),
                Field("call_direction", "callDirection", EnumOf(CallDirection), required=True),
                Field(
                    "participants",
                    "participants",
                    Array(object_of(ParticipantInput), min_items=2, max_items=2),
                    required=True,
                ),
                Field("stereo_recording_url", "stereoRecordingUrl", URI),
                Field("ended_reason", "endedReason", STRING),
                Field("is_test", "isTest", BOOLEAN),
                Field("properties", "properties", object_of(CallProperties)),
                Field("vapi_call_id", "vapiCallId", STRING),
                Field("retell_call_id", "retellCallId", STRING),
                Field("ended_status", "endedStatus", EnumOf(EndedStatus)),
                Field("tool_invocations", "toolInvocations", Array(object_of(ToolInvocation))),
            ),
        )


class CallAnalysisRequestDict(TypedDict, total=False):
    """A `CallAnalysisRequest` as a dict, by the names of its fields in Python."""

    recording_url: Required[str]
    started_at: Required[datetime.datetime | str]
    interface_type: Required[InterfaceType | Literal["PHONE", "WEB"]]
    call_direction: Required[CallDirection | Literal["INBOUND", "OUTBOUND"]]
    participants: Required[Iterable[ParticipantInput | ParticipantInputDict | ParticipantInputJson]]
    stereo_recording_url: str
    ended_reason: str
    is_test: bool
    properties: CallProperties | Mapping[str, Any]
    vapi_call_id: str
    retell_call_id: str
    ended_status: (
        EndedStatus
        | Literal[
            "AGENT_ENDED_CALL",
            "AGENT_TRANSFERRED_CALL",
            "AGENT_ERROR",
            "CUSTOMER_ENDED_CALL",
            "VOICE_MAIL_REACHED",
            "SILENCE_TIME_OUT",
            "PHONE_CALL_PROVIDER_CONNECTION_ERROR",
            "CUSTOMER_DID_NOT_ANSWER",
            "CUSTOMER_BUSY",
            "DIAL_ERROR",
            "MAX_DURATION_REACHED",
            "UNKNOWN",
        ]
    )
    tool_invocations: Iterable[ToolInvocation | ToolInvocationDict | ToolInvocationJson]


class CallAnalysisRequestJson(TypedDict, total=False):
    """A `CallAnalysisRequest` as a dict, by the names of its fields in JSON."""

    recordingUrl: Required[str]
    startedAt: Required[datetime.datetime | str]
    interfaceType: Required[InterfaceType | Literal["PHONE", "WEB"]]
    callDirection: Required[CallDirection | Literal["INBOUND", "OUTBOUND"]]
    participants: Required[Iterable[ParticipantInput | ParticipantInputDict | ParticipantInputJson]]
    stereoRecordingUrl: str
    endedReason: str
    isTest: bool
    properties: CallProperties | Mapping[str, Any]
    vapiCallId: str
    retellCallId: str
    endedStatus: (
        EndedStatus
        | Literal[
            "AGENT_ENDED_CALL",
            "AGENT_TRANSFERRED_CALL",
            "AGENT_ERROR",
            "CUSTOMER_ENDED_CALL",
            "VOICE_MAIL_REACHED",
            "SILENCE_TIME_OUT",
            "PHONE_CALL_PROVIDER_CONNECTION_ERROR",
            "CUSTOMER_DID_NOT_ANSWER",
            "CUSTOMER_BUSY",
            "DIAL_ERROR",
            "MAX_DURATION_REACHED",
            "UNKNOWN",
        ]
    )
    toolInvocations: Iterable[ToolInvocation | ToolInvocationDict | ToolInvocationJson]
