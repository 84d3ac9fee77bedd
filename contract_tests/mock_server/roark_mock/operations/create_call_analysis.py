"""`createCallAnalysis`: one call to analyse, answered with the job that was created."""

from typing import Literal
from uuid import UUID

from msgspec import UNSET

from roark_mock.checked_strings import Choice, DateTime, Uri
from roark_mock.operation import MockOperation, RequestContext
from roark_mock.wire import AnyJson, Nullable, Omittable, Wire


class InterfaceType(Choice):
    """How the caller reached the agent."""

    words = ("PHONE", "WEB")


class CallDirection(Choice):
    """Who called: the customer (INBOUND) or the agent (OUTBOUND)."""

    words = ("INBOUND", "OUTBOUND")


class ParticipantRole(Choice):
    """Which side of the call a participant is."""

    words = ("AGENT", "CUSTOMER")


class Participant(Wire):
    """One of the two who spoke, in the request and, echoed, in the reply."""

    role: ParticipantRole
    name: Nullable[str] = UNSET
    phone_number: Nullable[str] = UNSET
    spoke_first: Omittable[bool] = UNSET
    is_simulated: Omittable[bool] = UNSET


class EndedStatus(Choice):
    """How a call terminated."""

    words = (
        "AGENT_ENDED_CALL",
        "AGENT_TRANSFERRED_CALL",
        "AGENT_ERROR",
        "CUSTOMER_ENDED_CALL",
        "VOICE_MAIL_REACHED",
        "SILENCE_TIME_OUT",
        "PHONE_CALL_PROVIDER_CONNECTION_ERROR",
        "CUSTOMER_DID_NOT_ANSWER",
        "CUSTOMER_BUSY",
        "DIAL_ERROR",
        "MAX_DURATION_REACHED",
        "UNKNOWN",
    )


class ToolInvocation(Wire):
    """A tool that was invoked during the call."""

    name: str
    parameters: dict[str, AnyJson]
    result: str | dict[str, AnyJson]
    start_offset_ms: int
    description: Omittable[str] = UNSET
    end_offset_ms: Omittable[int] = UNSET


class CallAnalysisRequest(Wire):
    """One call to analyse. Both participants may have the same role."""

    recording_url: Uri
    started_at: DateTime
    interface_type: InterfaceType
    call_direction: CallDirection
    participants: tuple[Participant, Participant]
    stereo_recording_url: Omittable[Uri] = UNSET
    ended_reason: Omittable[str] = UNSET
    is_test: Omittable[bool] = UNSET
    properties: Omittable[dict[str, AnyJson]] = UNSET
    vapi_call_id: Omittable[str] = UNSET
    retell_call_id: Omittable[str] = UNSET
    ended_status: Omittable[EndedStatus] = UNSET
    tool_invocations: Omittable[list[ToolInvocation]] = UNSET


class Call(Wire):
    """The call that a job analyses. What the page shows is sent, null where it says nothing yet; the rest if given."""

    id: UUID
    status: Literal["RINGING", "IN_PROGRESS", "ENDED"] | None
    summary: str | None
    call_direction: CallDirection
    started_at: DateTime
    ended_at: DateTime | None
    duration_ms: float | None
    ended_reason: str | None
    is_test: bool
    participants: tuple[Participant, Participant]
    properties: Nullable[dict[str, AnyJson]] = UNSET


class CallAnalysisJob(Wire):
    """A job that was just created."""

    job_id: UUID
    status: Literal["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED"]
    call: Call


class CallAnalysisResponse(Wire):
    """The reply to a call analysis."""

    data: CallAnalysisJob


def _answer(context: RequestContext[CallAnalysisRequest, None]) -> CallAnalysisResponse:
    request, new_id = context.request, context.new_id
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
        properties=request.properties,
    )
    return CallAnalysisResponse(data=CallAnalysisJob(job_id=new_id(), status="PENDING", call=call))


OPERATION = MockOperation(
    name="createCallAnalysis",
    method="POST",
    path="/v1/call-analysis",
    request=CallAnalysisRequest,
    answer=_answer,
)
