from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.call_direction import CallDirection
from ..models.call_status import CallStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.call_participant import CallParticipant


T = TypeVar("T", bound="Call")


@_attrs_define
class Call:
    """A call as Roark holds it.

    Attributes:
        id (UUID): ID of the call
        call_direction (CallDirection): Who called - the customer (INBOUND) or the agent (OUTBOUND).
        started_at (datetime.datetime): When the call started (ISO 8601 format)
        is_test (bool): Whether this is a test call
        participants (list[CallParticipant]): Who spoke. No number of them is stated for replies.
        status (CallStatus | None | Unset): State of the call itself, not of its analysis
        summary (None | str | Unset): What the call was about
        ended_at (datetime.datetime | None | Unset): When the call ended (ISO 8601 format)
        duration_ms (float | None | Unset): Duration of the call in milliseconds
        ended_reason (None | str | Unset): Reason why the call ended
    """

    id: UUID
    call_direction: CallDirection
    started_at: datetime.datetime
    is_test: bool
    participants: list[CallParticipant]
    status: CallStatus | None | Unset = UNSET
    summary: None | str | Unset = UNSET
    ended_at: datetime.datetime | None | Unset = UNSET
    duration_ms: float | None | Unset = UNSET
    ended_reason: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        call_direction = self.call_direction.value

        started_at = self.started_at.isoformat()

        is_test = self.is_test

        participants = []
        for participants_item_data in self.participants:
            participants_item = participants_item_data.to_dict()
            participants.append(participants_item)

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, CallStatus):
            status = self.status.value
        else:
            status = self.status

        summary: None | str | Unset
        if isinstance(self.summary, Unset):
            summary = UNSET
        else:
            summary = self.summary

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        elif isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        duration_ms: float | None | Unset
        if isinstance(self.duration_ms, Unset):
            duration_ms = UNSET
        else:
            duration_ms = self.duration_ms

        ended_reason: None | str | Unset
        if isinstance(self.ended_reason, Unset):
            ended_reason = UNSET
        else:
            ended_reason = self.ended_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "callDirection": call_direction,
                "startedAt": started_at,
                "isTest": is_test,
                "participants": participants,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status
        if summary is not UNSET:
            field_dict["summary"] = summary
        if ended_at is not UNSET:
            field_dict["endedAt"] = ended_at
        if duration_ms is not UNSET:
            field_dict["durationMs"] = duration_ms
        if ended_reason is not UNSET:
            field_dict["endedReason"] = ended_reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call_participant import CallParticipant  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        call_direction = CallDirection(d.pop("callDirection"))

        started_at = datetime.datetime.fromisoformat(d.pop("startedAt"))

        is_test = d.pop("isTest")

        participants = []
        _participants = d.pop("participants")
        for participants_item_data in _participants:
            participants_item = CallParticipant.from_dict(participants_item_data)

            participants.append(participants_item)

        def _parse_status(data: object) -> CallStatus | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = CallStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CallStatus | None | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_summary(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        summary = _parse_summary(d.pop("summary", UNSET))

        def _parse_ended_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ended_at = _parse_ended_at(d.pop("endedAt", UNSET))

        def _parse_duration_ms(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        duration_ms = _parse_duration_ms(d.pop("durationMs", UNSET))

        def _parse_ended_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ended_reason = _parse_ended_reason(d.pop("endedReason", UNSET))

        call = cls(
            id=id,
            call_direction=call_direction,
            started_at=started_at,
            is_test=is_test,
            participants=participants,
            status=status,
            summary=summary,
            ended_at=ended_at,
            duration_ms=duration_ms,
            ended_reason=ended_reason,
        )

        call.additional_properties = d
        return call

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
