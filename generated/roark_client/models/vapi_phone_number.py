"""The phone number on the assistant's side."""

from __future__ import annotations

from ..model import Model, model
from ..schema import (
    STRING,
    Field,
    Fields,
    Nullable,
)
from ..types import UNSET, Unset


@model
class VapiPhoneNumber(Model):
    """The phone number on the assistant's side.

    Attributes (each with the source of what is known):
        number: The number itself [documented]
    """

    number: str | None

    def __init__(
        self,
        *,
        number: str | None | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "number": number,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields(
            (Field("number", "number", Nullable(STRING)),),
        )
