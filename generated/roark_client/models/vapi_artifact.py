"""What the call left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..model import Model, model
from ..schema import (
    ANY,
    STRING,
    Array,
    Field,
    Fields,
    Nullable,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .vapi_message import VapiMessage


@model
class VapiArtifact(Model):
    """What the call left behind.

    Attributes (each with the source of what is known):
        recording_url: URL of the recording [documented]
        stereo_recording_url: URL of the stereo recording [documented]
        messages: What was said and done, in order; spoken messages and tool calls are mixed [documented]
        recording: The recordings, in the form that Vapi sends today [ours]
    """

    recording_url: str | None
    stereo_recording_url: str | None
    messages: list[VapiMessage] | None
    recording: Any

    def __init__(
        self,
        *,
        recording_url: str | None | Unset = UNSET,
        stereo_recording_url: str | None | Unset = UNSET,
        messages: Iterable[VapiMessage | Mapping[str, Any]] | None | Unset = UNSET,
        recording: Any | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "recording_url": recording_url,
                "stereo_recording_url": stereo_recording_url,
                "messages": messages,
                "recording": recording,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .vapi_message import VapiMessage

        return Fields(
            (
                Field("recording_url", "recordingUrl", Nullable(STRING)),
                Field("stereo_recording_url", "stereoRecordingUrl", Nullable(STRING)),
                Field("messages", "messages", Nullable(Array(object_of(VapiMessage)))),
                Field("recording", "recording", ANY),
            ),
        )
