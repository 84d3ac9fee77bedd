from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.call_analysis_job_status import CallAnalysisJobStatus

if TYPE_CHECKING:
    from ..models.call import Call


T = TypeVar("T", bound="CallAnalysisJob")


@_attrs_define
class CallAnalysisJob:
    """Analysis job with associated call context

    Attributes:
        job_id (UUID): Analysis job ID for tracking progress
        status (CallAnalysisJobStatus): How far an analysis job is. The page shows PENDING; the SDKs name the others.
        call (Call): A call as Roark holds it.
    """

    job_id: UUID
    status: CallAnalysisJobStatus
    call: Call
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        job_id = str(self.job_id)

        status = self.status.value

        call = self.call.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "jobId": job_id,
                "status": status,
                "call": call,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.call import Call  # noqa: PLC0415

        d = dict(src_dict)
        job_id = UUID(d.pop("jobId"))

        status = CallAnalysisJobStatus(d.pop("status"))

        call = Call.from_dict(d.pop("call"))

        call_analysis_job = cls(
            job_id=job_id,
            status=status,
            call=call,
        )

        call_analysis_job.additional_properties = d
        return call_analysis_job

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
