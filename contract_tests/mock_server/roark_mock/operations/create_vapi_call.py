"""`createVapiCall`: a raw report of Vapi's, answered with an id."""

from msgspec import UNSET

from roark_mock.operation import ImportedCall, MockOperation, RequestContext
from roark_mock.wire import AnyJson, Nullable, Omittable, Wire

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
    skip_already_imported: Omittable[bool] = UNSET


class VapiCallUpload(Wire):
    """A Vapi call that was taken in. Documented as a plain string, hence no UUID."""

    call_id: str


class VapiCallResponse(Wire):
    """The reply to a Vapi call."""

    data: VapiCallUpload


def _answer(context: RequestContext[VapiCallRequest, None]) -> VapiCallResponse:
    return VapiCallResponse(data=VapiCallUpload(call_id=str(context.new_id())))


def _imports(request: VapiCallRequest) -> ImportedCall:
    # What a server takes for the same call, and what it answers then, is documented nowhere: this is ours.
    call = request.vapi_end_of_call_report_payload.call
    return ImportedCall(call.id, is_skipped_if_there=request.skip_already_imported is True)


OPERATION = MockOperation(
    name="createVapiCall",
    method="POST",
    path="/v1/vapi/call",
    request=VapiCallRequest,
    answer=_answer,
    imports=_imports,
)
