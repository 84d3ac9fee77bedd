"""Analysis job with associated call context"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from ..model import Model, model
from ..schema import (
    UUID_,
    EnumOf,
    Field,
    Fields,
    object_of,
)

if TYPE_CHECKING:
    from .call import Call
    from .call_analysis_job_status import CallAnalysisJobStatus


@model
class CallAnalysisJob(Model):
    """Analysis job with associated call context

    Attributes (each with the source of what is known):
        job_id: Analysis job ID for tracking progress [documented]
        status: How far the analysis is [documented]
        call: The call that the job analyses [documented]
    """

    job_id: UUID
    status: CallAnalysisJobStatus
    call: Call

    def __init__(
        self,
        *,
        job_id: UUID | str,
        status: CallAnalysisJobStatus | Literal["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED"],
        call: Call | Mapping[str, Any],
    ) -> None:
        self._construct(
            {
                "job_id": job_id,
                "status": status,
                "call": call,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .call import Call
        from .call_analysis_job_status import CallAnalysisJobStatus

        return Fields(
            (
                Field("job_id", "jobId", UUID_, required=True),
                Field("status", "status", EnumOf(CallAnalysisJobStatus), required=True),
                Field("call", "call", object_of(Call), required=True),
            ),
        )
