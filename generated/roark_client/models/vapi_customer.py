"""The customer who spoke."""

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
class VapiCustomer(Model):
    """The customer who spoke.

    Attributes (each with the source of what is known):
        number: Phone number of the customer [documented]
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
