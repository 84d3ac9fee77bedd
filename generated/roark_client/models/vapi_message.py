"""One message of the conversation. Spoken ones may hold `message` and times instead of `content`; tool calls
hold `toolCalls` or `result`."""

from __future__ import annotations

from typing import Any

from ..model import Model, model
from ..schema import (
    ANY,
    STRING,
    Field,
    Fields,
    Nullable,
)
from ..types import UNSET, Unset


@model
class VapiMessage(Model):
    """One message of the conversation. Spoken ones may hold `message` and times instead of `content`;
    tool calls hold `toolCalls` or `result`.

    Attributes (each with the source of what is known):
        role: Who spoke or acted, such as `system`, `bot`, `user`, `assistant`, `tool_calls`,
            `tool_call_result` [documented]
        content: What was said [documented]
        message: What was said, in spoken messages [ours]
        time: When it began [ours]
        end_time: When it ended [ours]
        seconds_from_start: Seconds from the start of the call [ours]
        tool_calls: The tools that the assistant called [ours]
        result: What a tool answered [ours]
    """

    role: str | None
    content: str | None
    message: Any
    time: Any
    end_time: Any
    seconds_from_start: Any
    tool_calls: Any
    result: Any

    def __init__(
        self,
        *,
        role: str | None | Unset = UNSET,
        content: str | None | Unset = UNSET,
        message: Any | Unset = UNSET,
        time: Any | Unset = UNSET,
        end_time: Any | Unset = UNSET,
        seconds_from_start: Any | Unset = UNSET,
        tool_calls: Any | Unset = UNSET,
        result: Any | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "role": role,
                "content": content,
                "message": message,
                "time": time,
                "end_time": end_time,
                "seconds_from_start": seconds_from_start,
                "tool_calls": tool_calls,
                "result": result,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields(
            (
                Field("role", "role", Nullable(STRING)),
                Field("content", "content", Nullable(STRING)),
                Field("message", "message", ANY),
                Field("time", "time", ANY),
                Field("end_time", "endTime", ANY),
                Field("seconds_from_start", "secondsFromStart", ANY),
                Field("tool_calls", "toolCalls", ANY),
                Field("result", "result", ANY),
            ),
        )
