from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="VapiMessage")


@_attrs_define
class VapiMessage:
    """One message of the conversation. Spoken ones may hold `message` and times instead of `content`; tool calls hold
    `toolCalls` or `result`.

        Attributes:
            role (None | str | Unset): Who spoke or acted, such as `system`, `bot`, `user`, `assistant`, `tool_calls`,
                `tool_call_result`
            content (None | str | Unset): What was said
            message (Any | Unset): What was said, in spoken messages
            time (Any | Unset): When it began
            end_time (Any | Unset): When it ended
            seconds_from_start (Any | Unset): Seconds from the start of the call
            tool_calls (Any | Unset): The tools that the assistant called
            result (Any | Unset): What a tool answered
    """

    role: None | str | Unset = UNSET
    content: None | str | Unset = UNSET
    message: Any | Unset = UNSET
    time: Any | Unset = UNSET
    end_time: Any | Unset = UNSET
    seconds_from_start: Any | Unset = UNSET
    tool_calls: Any | Unset = UNSET
    result: Any | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        role: None | str | Unset
        if isinstance(self.role, Unset):
            role = UNSET
        else:
            role = self.role

        content: None | str | Unset
        if isinstance(self.content, Unset):
            content = UNSET
        else:
            content = self.content

        message = self.message

        time = self.time

        end_time = self.end_time

        seconds_from_start = self.seconds_from_start

        tool_calls = self.tool_calls

        result = self.result

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if role is not UNSET:
            field_dict["role"] = role
        if content is not UNSET:
            field_dict["content"] = content
        if message is not UNSET:
            field_dict["message"] = message
        if time is not UNSET:
            field_dict["time"] = time
        if end_time is not UNSET:
            field_dict["endTime"] = end_time
        if seconds_from_start is not UNSET:
            field_dict["secondsFromStart"] = seconds_from_start
        if tool_calls is not UNSET:
            field_dict["toolCalls"] = tool_calls
        if result is not UNSET:
            field_dict["result"] = result

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_role(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        role = _parse_role(d.pop("role", UNSET))

        def _parse_content(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        content = _parse_content(d.pop("content", UNSET))

        message = d.pop("message", UNSET)

        time = d.pop("time", UNSET)

        end_time = d.pop("endTime", UNSET)

        seconds_from_start = d.pop("secondsFromStart", UNSET)

        tool_calls = d.pop("toolCalls", UNSET)

        result = d.pop("result", UNSET)

        vapi_message = cls(
            role=role,
            content=content,
            message=message,
            time=time,
            end_time=end_time,
            seconds_from_start=seconds_from_start,
            tool_calls=tool_calls,
            result=result,
        )

        vapi_message.additional_properties = d
        return vapi_message

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
