"""A Vapi call that Roark took in."""

from __future__ import annotations

from ..model import Model, model
from ..schema import (
    STRING,
    Field,
    Fields,
)


@model
class VapiCallUpload(Model):
    """A Vapi call that Roark took in.

    Attributes (each with the source of what is known):
        call_id: ID of the uploaded call [documented]
    """

    call_id: str

    def __init__(
        self,
        *,
        call_id: str,
    ) -> None:
        self._construct(
            {
                "call_id": call_id,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields(
            (Field("call_id", "callId", STRING, required=True),),
        )
