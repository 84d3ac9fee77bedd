"""Created call analysis job"""

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
    from .call_analysis_job import CallAnalysisJob


@model
class CallAnalysisResponse(Model):
    """Created call analysis job

    Attributes (each with the source of what is known):
        data: Analysis job with associated call context [documented]
    """

    data: CallAnalysisJob

    def __init__(
        self,
        *,
        data: CallAnalysisJob | Mapping[str, Any],
    ) -> None:
        self._construct(
            {
                "data": data,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .call_analysis_job import CallAnalysisJob

        return Fields(
            (Field("data", "data", object_of(CallAnalysisJob), required=True),),
        )
