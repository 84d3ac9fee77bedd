"""The requests and replies of the API, typed by hand.

Wire names are the camelCase of the attribute names. Every object stays open: unknown fields are accepted, and left
out of what is echoed. An absent field is `UNSET`, null is `None`.
"""

from typing import Any, Literal, TypeAlias, TypeVar
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from roark_mock.checked_strings import Choice, DateTime, Uri

T = TypeVar("T")

# May be absent, not null.
Omittable: TypeAlias = T | UnsetType
# May be absent or null.
Nullable: TypeAlias = T | UnsetType | None
# Its type is stated nowhere: absent or any JSON value.
AnyJson: TypeAlias = Any


class Wire(Struct, rename="camel"):
    """A JSON object of the API."""


# --- Call analysis --------------------------------------------------------------------------------


class InterfaceType(Choice):
    """How the caller reached the agent."""

    __slots__ = ()
    words = ("PHONE", "WEB")


class CallDirection(Choice):
    """Who called: the customer (INBOUND) or the agent (OUTBOUND)."""

    __slots__ = ()
    words = ("INBOUND", "OUTBOUND")


class ParticipantRole(Choice):
    """Which side of the call a participant is."""

    __slots__ = ()
    words = ("AGENT", "CUSTOMER")


class Participant(Wire):
    """One of the two who spoke, in the request and, echoed, in the reply."""

    role: ParticipantRole
    name: Nullable[str] = UNSET
    phone_number: Nullable[str] = UNSET
    spoke_first: Omittable[bool] = UNSET


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


class Call(Wire):
    """The call that a job analyses. Every documented field is sent, null where it says nothing yet."""

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


class CallAnalysisJob(Wire):
    """A job that was just created."""

    job_id: UUID
    status: Literal["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED"]
    call: Call


class CallAnalysisResponse(Wire):
    """The reply to a call analysis."""

    data: CallAnalysisJob


# --- Vapi call ------------------------------------------------------------------------------------
# The report is described, not policed: Vapi changes it at will.


class VapiMonitor(Wire):
    """Where the live call could be listened to."""

    listen_url: Nullable[str] = UNSET


class VapiCall(Wire):
    """The call as Vapi knows it."""

    id: str
    type: Nullable[str] = UNSET
    monitor: Nullable[VapiMonitor] = UNSET
    org_id: AnyJson = UNSET


class VapiAssistant(Wire):
    """The assistant that spoke."""

    name: Nullable[str] = UNSET


class VapiCustomer(Wire):
    """The customer who spoke."""

    number: Nullable[str] = UNSET


class VapiPhoneNumber(Wire):
    """The phone number on the assistant's side."""

    number: Nullable[str] = UNSET


class VapiMessage(Wire):
    """One message of the conversation: spoken words, a tool call or its result."""

    role: Nullable[str] = UNSET
    content: Nullable[str] = UNSET
    message: AnyJson = UNSET
    time: AnyJson = UNSET
    end_time: AnyJson = UNSET
    seconds_from_start: AnyJson = UNSET
    tool_calls: AnyJson = UNSET
    result: AnyJson = UNSET


class VapiArtifact(Wire):
    """What the call left behind."""

    recording_url: Nullable[str] = UNSET
    stereo_recording_url: Nullable[str] = UNSET
    messages: Nullable[list[VapiMessage]] = UNSET
    recording: AnyJson = UNSET


class VapiEndOfCallReport(Wire):
    """The inner object of Vapi's end-of-call-report webhook, without the envelope `message`."""

    type: str
    call: VapiCall
    status: Nullable[str] = UNSET
    assistant: Nullable[VapiAssistant] = UNSET
    customer: Nullable[VapiCustomer] = UNSET
    phone_number: Nullable[VapiPhoneNumber] = UNSET
    artifact: Nullable[VapiArtifact] = UNSET
    started_at: Nullable[str] = UNSET
    ended_at: Nullable[str] = UNSET
    ended_reason: Nullable[str] = UNSET
    analysis: AnyJson = UNSET
    costs: AnyJson = UNSET
    transcript: AnyJson = UNSET
    duration_seconds: AnyJson = UNSET


class VapiCallRequest(Wire):
    """One Vapi call and whatever else the caller wants to keep with it."""

    vapi_end_of_call_report_payload: VapiEndOfCallReport
    properties: Omittable[dict[str, AnyJson]] = UNSET


class VapiCallUpload(Wire):
    """A Vapi call that was taken in. Documented as a plain string, hence no UUID."""

    call_id: str


class VapiCallResponse(Wire):
    """The reply to a Vapi call."""

    data: VapiCallUpload
