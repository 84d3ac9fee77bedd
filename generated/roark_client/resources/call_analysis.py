"""Create a call and its analysis from a recording."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import httpx

from ..api.call_analysis import create_call_analysis as _create_call_analysis
from ..connection import Connection
from ..facade import AsyncResource, SyncResource, async_raw, made_once, raw
from ..keywords import names_checked
from ..operation import Options
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_analysis_response import CallAnalysisResponse
    from ..models.call_direction import CallDirection
    from ..models.call_properties import CallProperties
    from ..models.ended_status import EndedStatus
    from ..models.interface_type import InterfaceType
    from ..models.participant_input import ParticipantInput, ParticipantInputDict, ParticipantInputJson
    from ..models.tool_invocation import ToolInvocation, ToolInvocationDict, ToolInvocationJson

__all__ = ["AsyncCallAnalysis", "CallAnalysis"]


class CallAnalysis(SyncResource):
    """Create a call and its analysis from a recording."""

    @made_once
    def with_raw_response(self) -> CallAnalysisWithRawResponse:
        """The same methods, giving the status, headers and body of the reply beside what it says."""
        return CallAnalysisWithRawResponse(self._connection)

    @names_checked
    def create(
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
        extra_headers: Mapping[str, str | None] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
    ) -> CallAnalysisResponse:
        """Create a call analysis job

        Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
        analysis is done. There is no idempotency key, and no field that has a call skipped: an upload that is
        sent twice is two calls.

        Args:
            recording_url: URL of source recording (must be an accessible WAV file). Can be a signed URL.
                Since 1.83.0, the SDKs say: URL of source recording (must be an accessible WAV or MP3 file).
                Can be a signed URL. [documented]
            started_at: When the call started (ISO 8601 format) [documented]
            interface_type: Interface type of the call (PHONE or WEB) [documented]
            call_direction: Direction of the call (INBOUND or OUTBOUND) [documented]
            participants: Exactly two participants in the call [documented]
            stereo_recording_url: URL of source stereo recording in WAV format. Must be accessible. Can be
                a signed URL. While optional it allows for a richer audio player [documented]
            ended_reason: Reason why the call ended (optional). Since 1.143.0, the SDKs say: Additional
                context on why the call terminated with the endedStatus [documented]
            is_test: Whether this is a test call [documented]
            properties: Custom properties to include with the call. These can be used for filtering and
                will show in the call details page [sdk]
            vapi_call_id: Vapi call ID if call is being imported from Vapi [sdk]
            retell_call_id: Retell call ID if call is being imported from Retell [sdk]
            ended_status: High-level call end status, indicating how the call terminated [sdk]
            tool_invocations: List of tool invocations made during the call [sdk]
            extra_headers: sent with this request; None leaves one out.
            extra_query: added to its URL.
            extra_body: fields that the contract does not name, added to its body.
            timeout: seconds for this call, an httpx.Timeout for its phases, or None for no limit at all.

        Raises:
            APIError: the call failed; its `delivery` says what became of it.
            ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
        """
        return self._call(
            _create_call_analysis.OPERATION,
            {
                "body": {
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
                },
            },
            Options(extra_headers, extra_query, extra_body, timeout),
        )


class CallAnalysisWithRawResponse:
    """The methods of `CallAnalysis`, giving a `Response`."""

    def __init__(self, connection: Connection) -> None:
        resource = CallAnalysis(connection, raw=True)
        self.create = raw(resource.create)


class AsyncCallAnalysis(AsyncResource):
    """Create a call and its analysis from a recording."""

    @made_once
    def with_raw_response(self) -> AsyncCallAnalysisWithRawResponse:
        """The same methods, giving the status, headers and body of the reply beside what it says."""
        return AsyncCallAnalysisWithRawResponse(self._connection)

    @names_checked
    async def create(
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
        extra_headers: Mapping[str, str | None] | None = None,
        extra_query: Mapping[str, Any] | None = None,
        extra_body: Mapping[str, Any] | None = None,
        timeout: float | httpx.Timeout | None | Unset = UNSET,
    ) -> CallAnalysisResponse:
        """Create a call analysis job

        Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
        analysis is done. There is no idempotency key, and no field that has a call skipped: an upload that is
        sent twice is two calls.

        Args:
            recording_url: URL of source recording (must be an accessible WAV file). Can be a signed URL.
                Since 1.83.0, the SDKs say: URL of source recording (must be an accessible WAV or MP3 file).
                Can be a signed URL. [documented]
            started_at: When the call started (ISO 8601 format) [documented]
            interface_type: Interface type of the call (PHONE or WEB) [documented]
            call_direction: Direction of the call (INBOUND or OUTBOUND) [documented]
            participants: Exactly two participants in the call [documented]
            stereo_recording_url: URL of source stereo recording in WAV format. Must be accessible. Can be
                a signed URL. While optional it allows for a richer audio player [documented]
            ended_reason: Reason why the call ended (optional). Since 1.143.0, the SDKs say: Additional
                context on why the call terminated with the endedStatus [documented]
            is_test: Whether this is a test call [documented]
            properties: Custom properties to include with the call. These can be used for filtering and
                will show in the call details page [sdk]
            vapi_call_id: Vapi call ID if call is being imported from Vapi [sdk]
            retell_call_id: Retell call ID if call is being imported from Retell [sdk]
            ended_status: High-level call end status, indicating how the call terminated [sdk]
            tool_invocations: List of tool invocations made during the call [sdk]
            extra_headers: sent with this request; None leaves one out.
            extra_query: added to its URL.
            extra_body: fields that the contract does not name, added to its body.
            timeout: seconds for this call, an httpx.Timeout for its phases, or None for no limit at all.

        Raises:
            APIError: the call failed; its `delivery` says what became of it.
            ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
        """
        return await self._call(
            _create_call_analysis.OPERATION,
            {
                "body": {
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
                },
            },
            Options(extra_headers, extra_query, extra_body, timeout),
        )


class AsyncCallAnalysisWithRawResponse:
    """The methods of `AsyncCallAnalysis`, giving a `Response`."""

    def __init__(self, connection: Connection) -> None:
        resource = AsyncCallAnalysis(connection, raw=True)
        self.create = async_raw(resource.create)
