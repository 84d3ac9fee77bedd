"""The two operations: where they are, what they take, how they answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from msgspec import UNSET

from roark_mock.model import (
    Call,
    CallAnalysisJob,
    CallAnalysisRequest,
    CallAnalysisResponse,
    VapiCallRequest,
    VapiCallResponse,
    VapiCallUpload,
    Wire,
)

NewId: TypeAlias = Callable[[], UUID]
RequestT = TypeVar("RequestT", CallAnalysisRequest, VapiCallRequest)


@dataclass(frozen=True, slots=True)
class Operation(Generic[RequestT]):
    """A `POST` of a `request` to `path`; `answer` makes the reply to an accepted one."""

    name: str
    path: str
    request: type[RequestT]
    answer: Callable[[RequestT, NewId], Wire]


def _create_call_analysis(request: CallAnalysisRequest, new_id: NewId) -> CallAnalysisResponse:
    call = Call(
        id=new_id(),
        # As in the documented sample: when the call ended is not known before its recording is analysed.
        status="IN_PROGRESS",
        summary=None,
        call_direction=request.call_direction,
        started_at=request.started_at,
        ended_at=None,
        duration_ms=None,
        ended_reason=None if request.ended_reason is UNSET else request.ended_reason,
        is_test=False if request.is_test is UNSET else request.is_test,
        participants=request.participants,
    )
    return CallAnalysisResponse(data=CallAnalysisJob(job_id=new_id(), status="PENDING", call=call))


def _create_vapi_call(_: VapiCallRequest, new_id: NewId) -> VapiCallResponse:
    return VapiCallResponse(data=VapiCallUpload(call_id=str(new_id())))


CREATE_CALL_ANALYSIS = Operation(
    name="createCallAnalysis",
    path="/v1/call-analysis",
    request=CallAnalysisRequest,
    answer=_create_call_analysis,
)

CREATE_VAPI_CALL = Operation(
    name="createVapiCall",
    path="/v1/vapi/call",
    request=VapiCallRequest,
    answer=_create_vapi_call,
)
