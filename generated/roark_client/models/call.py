"""A call as Roark holds it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from ..model import Model, model
from ..schema import (
    BOOLEAN,
    DATE_TIME,
    NUMBER,
    STRING,
    UUID_,
    Array,
    EnumOf,
    Field,
    Fields,
    Nullable,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .call_direction import CallDirection
    from .call_participant import CallParticipant
    from .call_properties import CallProperties
    from .call_status import CallStatus


@model
class Call(Model):
    """A call as Roark holds it.

    Attributes (each with the source of what is known):
        id: ID of the call [documented]
        call_direction: Direction of the call [documented]
        started_at: When the call started (ISO 8601 format) [documented]
        is_test: Whether this is a test call [documented]
        participants: Who spoke. No number of them is stated for replies. [documented]
        status: State of the call itself, not of its analysis [documented]
        summary: What the call was about [documented]
        ended_at: When the call ended (ISO 8601 format) [documented]
        duration_ms: Duration of the call in milliseconds [documented]
        ended_reason: Reason why the call ended [documented]
        properties: Custom properties of the call [sdk]
    """

    id: UUID
    call_direction: CallDirection
    started_at: datetime.datetime
    is_test: bool
    participants: list[CallParticipant]
    status: CallStatus | None
    summary: str | None
    ended_at: datetime.datetime | None
    duration_ms: float | None
    ended_reason: str | None
    properties: CallProperties | None

    def __init__(
        self,
        *,
        id: UUID | str,
        call_direction: CallDirection | Literal["INBOUND", "OUTBOUND"],
        started_at: datetime.datetime | str,
        is_test: bool,
        participants: Iterable[CallParticipant | Mapping[str, Any]],
        status: CallStatus | Literal["RINGING", "IN_PROGRESS", "ENDED"] | None | Unset = UNSET,
        summary: str | None | Unset = UNSET,
        ended_at: datetime.datetime | str | None | Unset = UNSET,
        duration_ms: float | None | Unset = UNSET,
        ended_reason: str | None | Unset = UNSET,
        properties: CallProperties | Mapping[str, Any] | None | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "id": id,
                "call_direction": call_direction,
                "started_at": started_at,
                "is_test": is_test,
                "participants": participants,
                "status": status,
                "summary": summary,
                "ended_at": ended_at,
                "duration_ms": duration_ms,
                "ended_reason": ended_reason,
                "properties": properties,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .call_direction import CallDirection
        from .call_participant import CallParticipant
        from .call_properties import CallProperties
        from .call_status import CallStatus

        return Fields(
            (
                Field("id", "id", UUID_, required=True),
                Field("call_direction", "callDirection", EnumOf(CallDirection), required=True),
                Field("started_at", "startedAt", DATE_TIME, required=True),
                Field("is_test", "isTest", BOOLEAN, required=True),
                Field("participants", "participants", Array(object_of(CallParticipant)), required=True),
                Field("status", "status", Nullable(EnumOf(CallStatus))),
                Field("summary", "summary", Nullable(STRING)),
                Field("ended_at", "endedAt", Nullable(DATE_TIME)),
                Field("duration_ms", "durationMs", Nullable(NUMBER)),
                Field("ended_reason", "endedReason", Nullable(STRING)),
                Field("properties", "properties", Nullable(object_of(CallProperties))),
            ),
        )
