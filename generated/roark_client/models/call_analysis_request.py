from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.call_direction import CallDirection
from ..models.interface_type import InterfaceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.participant_input import ParticipantInput


T = TypeVar("T", bound="CallAnalysisRequest")


@_attrs_define
class CallAnalysisRequest:
    """One call to analyse - where its recording lies, when it began and who spoke.

    Attributes:
        recording_url (str): URL of source recording (must be an accessible WAV file). Can be a signed URL.
        started_at (datetime.datetime): When the call started (ISO 8601 format)
        interface_type (InterfaceType): How the caller reached the agent - by telephone or in a web page.
        call_direction (CallDirection): Who called - the customer (INBOUND) or the agent (OUTBOUND).
        participants (list[ParticipantInput]): Exactly two participants in the call
        stereo_recording_url (str | Unset): URL of source stereo recording in WAV format. Must be accessible. Can be a
            signed URL. While optional it allows for a richer audio player
        ended_reason (str | Unset): Reason why the call ended (optional)
        is_test (bool | Unset): Whether this is a test call
    """

    recording_url: str
    started_at: datetime.datetime
    interface_type: InterfaceType
    call_direction: CallDirection
    participants: list[ParticipantInput]
    stereo_recording_url: str | Unset = UNSET
    ended_reason: str | Unset = UNSET
    is_test: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recording_url = self.recording_url

        started_at = self.started_at.isoformat()

        interface_type = self.interface_type.value

        call_direction = self.call_direction.value

        participants = []
        for participants_item_data in self.participants:
            participants_item = participants_item_data.to_dict()
            participants.append(participants_item)

        stereo_recording_url = self.stereo_recording_url

        ended_reason = self.ended_reason

        is_test = self.is_test

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recordingUrl": recording_url,
                "startedAt": started_at,
                "interfaceType": interface_type,
                "callDirection": call_direction,
                "participants": participants,
            }
        )
        if stereo_recording_url is not UNSET:
            field_dict["stereoRecordingUrl"] = stereo_recording_url
        if ended_reason is not UNSET:
            field_dict["endedReason"] = ended_reason
        if is_test is not UNSET:
            field_dict["isTest"] = is_test

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.participant_input import ParticipantInput  # noqa: PLC0415

        d = dict(src_dict)
        recording_url = d.pop("recordingUrl")

        started_at = datetime.datetime.fromisoformat(d.pop("startedAt"))

        interface_type = InterfaceType(d.pop("interfaceType"))

        call_direction = CallDirection(d.pop("callDirection"))

        participants = []
        _participants = d.pop("participants")
        for participants_item_data in _participants:
            participants_item = ParticipantInput.from_dict(participants_item_data)

            participants.append(participants_item)

        stereo_recording_url = d.pop("stereoRecordingUrl", UNSET)

        ended_reason = d.pop("endedReason", UNSET)

        is_test = d.pop("isTest", UNSET)

        call_analysis_request = cls(
            recording_url=recording_url,
            started_at=started_at,
            interface_type=interface_type,
            call_direction=call_direction,
            participants=participants,
            stereo_recording_url=stereo_recording_url,
            ended_reason=ended_reason,
            is_test=is_test,
        )

        call_analysis_request.additional_properties = d
        return call_analysis_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
