"""The assistant that spoke."""

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
class VapiAssistant(Model):
    """The assistant that spoke.

    Attributes (each with the source of what is known):
        name: Name of the assistant [documented]
    """

    name: str | None

    def __init__(
        self,
        *,
        name: str | None | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "name": name,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields(
            (Field("name", "name", Nullable(STRING)),),
        )
