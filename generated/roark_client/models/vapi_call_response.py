"""Created Vapi call upload job"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..model import Model, model
from ..schema import (
    Field,
    Fields,
    object_of,
)

if TYPE_CHECKING:
    from .vapi_call_upload import VapiCallUpload


@model
class VapiCallResponse(Model):
    """Created Vapi call upload job

    Attributes (each with the source of what is known):
        data: Vapi call upload response [documented]
    """

    data: VapiCallUpload

    def __init__(
        self,
        *,
        data: VapiCallUpload | Mapping[str, Any],
    ) -> None:
        self._construct(
            {
                "data": data,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .vapi_call_upload import VapiCallUpload

        return Fields(
            (Field("data", "data", object_of(VapiCallUpload), required=True),),
        )
