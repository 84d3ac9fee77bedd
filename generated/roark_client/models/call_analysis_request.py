"""One call to analyse - where its recording lies, when it began and who spoke."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

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
    from .interface_type import InterfaceType
    from .participant_input import ParticipantInput


@model
class CallAnalysisRequest(Model):
    """One call to analyse - where its recording lies, when it began and who spoke.

    Attributes (each with the source of what is known):
        recording_url: URL of source recording (must be an accessible WAV file). Can be a signed URL.
            [documented]
        started_at: When the call started (ISO 8601 format) [documented]
        interface_type: Interface type of the call (PHONE or WEB) [documented]
        call_direction: Direction of the call (INBOUND or OUTBOUND) [documented]
        participants: Exactly two participants in the call [documented]
        stereo_recording_url: URL of source stereo recording in WAV format. Must be accessible. Can be a
            signed URL. While optional it allows for a richer audio player [documented]
        ended_reason: Reason why the call ended (optional) [documented]
        is_test: Whether this is a test call [documented]
    """

    recording_url: str
    started_at: datetime.datetime
    interface_type: InterfaceType
    call_direction: CallDirection
    participants: list[ParticipantInput]
    stereo_recording_url: str | None
    ended_reason: str | None
    is_test: bool | None

    def __init__(
        self,
        *,
        recording_url: str,
        started_at: datetime.datetime | str,
        interface_type: InterfaceType | Literal["PHONE", "WEB"],
        call_direction: CallDirection | Literal["INBOUND", "OUTBOUND"],
        participants: Iterable[ParticipantInput | Mapping[str, Any]],
        stereo_recording_url: str | Unset = UNSET,
        ended_reason: str | Unset = UNSET,
        is_test: bool | Unset = UNSET,
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
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .call_direction import CallDirection
        from .interface_type import InterfaceType
        from .participant_input import ParticipantInput

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
            ),
        )
