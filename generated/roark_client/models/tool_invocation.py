"""A tool that was invoked during the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Required, TypedDict

from ..model import Model, model
from ..schema import (
    INTEGER,
    STRING,
    Field,
    Fields,
    Union,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .tool_parameters import ToolParameters
    from .tool_result import ToolResult


@model
class ToolInvocation(Model):
    """A tool that was invoked during the call.

    Attributes (each with the source of what is known):
        name: Name of the tool that was invoked [sdk]
        parameters: Parameters provided to the tool during invocation [sdk]
        result: Result returned by the tool after execution. Can be a string or a JSON object [sdk]
        start_offset_ms: Offset in milliseconds from the start of the call when the tool was invoked [sdk]
        description: Description of when the tool should be invoked [sdk]
        end_offset_ms: Offset in milliseconds from the start of the call when the tool execution
            completed. Used to calculate duration of the tool execution [sdk]
    """

    name: str
    parameters: ToolParameters
    result: str | ToolResult
    start_offset_ms: int
    description: str | None
    end_offset_ms: int | None

    def __init__(
        self,
        *,
        name: str,
        parameters: ToolParameters | Mapping[str, Any],
        result: str | ToolResult | Mapping[str, Any],
        start_offset_ms: int,
        description: str | Unset = UNSET,
        end_offset_ms: int | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "name": name,
                "parameters": parameters,
                "result": result,
                "start_offset_ms": start_offset_ms,
                "description": description,
                "end_offset_ms": end_offset_ms,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .tool_parameters import ToolParameters
        from .tool_result import ToolResult

        return Fields(
            (
                Field("name", "name", STRING, required=True),
                Field("parameters", "parameters", object_of(ToolParameters), required=True),
                Field("result", "result", Union(STRING, object_of(ToolResult)), required=True),
                Field("start_offset_ms", "startOffsetMs", INTEGER, required=True),
                Field("description", "description", STRING),
                Field("end_offset_ms", "endOffsetMs", INTEGER),
            ),
        )


class ToolInvocationDict(TypedDict, total=False):
    """A `ToolInvocation` as a dict, by the names of its fields in Python."""

    name: Required[str]
    parameters: Required[ToolParameters | Mapping[str, Any]]
    result: Required[str | ToolResult | Mapping[str, Any]]
    start_offset_ms: Required[int]
    description: str
    end_offset_ms: int


class ToolInvocationJson(TypedDict, total=False):
    """A `ToolInvocation` as a dict, by the names of its fields in JSON."""

    name: Required[str]
    parameters: Required[ToolParameters | Mapping[str, Any]]
    result: Required[str | ToolResult | Mapping[str, Any]]
    startOffsetMs: Required[int]
    description: str
    endOffsetMs: int
