from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.vapi_message import VapiMessage


T = TypeVar("T", bound="VapiArtifact")


@_attrs_define
class VapiArtifact:
    """What the call left behind.

    Attributes:
        recording_url (None | str | Unset): URL of the recording
        stereo_recording_url (None | str | Unset): URL of the stereo recording
        messages (list[VapiMessage] | None | Unset): What was said and done, in order; spoken messages and tool calls
            are mixed
        recording (Any | Unset): The recordings, in the form that Vapi sends today
    """

    recording_url: None | str | Unset = UNSET
    stereo_recording_url: None | str | Unset = UNSET
    messages: list[VapiMessage] | None | Unset = UNSET
    recording: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recording_url: None | str | Unset
        if isinstance(self.recording_url, Unset):
            recording_url = UNSET
        else:
            recording_url = self.recording_url

        stereo_recording_url: None | str | Unset
        if isinstance(self.stereo_recording_url, Unset):
            stereo_recording_url = UNSET
        else:
            stereo_recording_url = self.stereo_recording_url

        messages: list[dict[str, Any]] | None | Unset
        if isinstance(self.messages, Unset):
            messages = UNSET
        elif isinstance(self.messages, list):
            messages = []
            for messages_type_0_item_data in self.messages:
                messages_type_0_item = messages_type_0_item_data.to_dict()
                messages.append(messages_type_0_item)

        else:
            messages = self.messages

        recording = self.recording

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if recording_url is not UNSET:
            field_dict["recordingUrl"] = recording_url
        if stereo_recording_url is not UNSET:
            field_dict["stereoRecordingUrl"] = stereo_recording_url
        if messages is not UNSET:
            field_dict["messages"] = messages
        if recording is not UNSET:
            field_dict["recording"] = recording

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vapi_message import VapiMessage  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_recording_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        recording_url = _parse_recording_url(d.pop("recordingUrl", UNSET))

        def _parse_stereo_recording_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stereo_recording_url = _parse_stereo_recording_url(d.pop("stereoRecordingUrl", UNSET))

        def _parse_messages(data: object) -> list[VapiMessage] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                messages_type_0 = []
                _messages_type_0 = data
                for messages_type_0_item_data in _messages_type_0:
                    messages_type_0_item = VapiMessage.from_dict(messages_type_0_item_data)

                    messages_type_0.append(messages_type_0_item)

                return messages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[VapiMessage] | None | Unset, data)

        messages = _parse_messages(d.pop("messages", UNSET))

        recording = d.pop("recording", UNSET)

        vapi_artifact = cls(
            recording_url=recording_url,
            stereo_recording_url=stereo_recording_url,
            messages=messages,
            recording=recording,
        )

        vapi_artifact.additional_properties = d
        return vapi_artifact

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
