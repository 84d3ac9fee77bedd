"""Real calls, which both type checkers must accept. Never run: contract_tests/client/test_types.py checks its types.

`wrong_calls.py` beside it holds their counterparts. `assert_type` says what a caller's editor shows.
"""

import datetime
import ssl
from collections.abc import Mapping
from typing import Any, Literal, assert_type
from uuid import UUID

import httpx
from roark_client import (
    UNSET,
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AsyncRoark,
    AuthenticatedClient,
    AuthenticationError,
    BadRequestError,
    Client,
    ConflictError,
    DefaultAsyncHttpxClient,
    DefaultHttpxClient,
    Delivery,
    DriftEvent,
    DriftKind,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    Response,
    Roark,
    RoarkError,
    Timeout,
    UnprocessableEntityError,
    Unset,
    Violation,
    errors,
    models,
)
from roark_client.api.call_analysis import create_call_analysis
from roark_client.api.integrations import create_vapi_call
from roark_client.models import (
    Call,
    CallAnalysisJob,
    CallAnalysisJobStatus,
    CallAnalysisRequest,
    CallAnalysisRequestDict,
    CallAnalysisRequestJson,
    CallAnalysisResponse,
    CallDirection,
    CallParticipant,
    CallProperties,
    CallStatus,
    EndedStatus,
    InterfaceType,
    ParticipantInput,
    ParticipantInputDict,
    ParticipantInputJson,
    ParticipantRole,
    ToolInvocation,
    ToolInvocationDict,
    ToolParameters,
    ToolResult,
    VapiArtifact,
    VapiAssistant,
    VapiCall,
    VapiCallProperties,
    VapiCallRequest,
    VapiCallResponse,
    VapiCallUpload,
    VapiCustomer,
    VapiEndOfCallReport,
    VapiMessage,
    VapiMonitor,
    VapiPhoneNumber,
)
from roark_client.types import Response as ResponseOfTypes
from roark_mock import MockServer, RoarkMock, Upload, UploadList
from roark_mock.operations.create_call_analysis import CallAnalysisRequest as AnalysisReceived
from roark_mock.operations.create_call_analysis import CallAnalysisResponse as AnalysisReplied
from roark_mock.operations.create_vapi_call import OPERATION as VAPI_CALL
from roark_mock.operations.create_vapi_call import VapiCallRequest as CallReceived
from roark_mock.operations.create_vapi_call import VapiCallResponse as CallReplied

URL = "https://example.com/recording.wav"
AT = datetime.datetime(2025, 2, 11, 1, 4, 32, 737000, tzinfo=datetime.UTC)
REPORT: dict[str, Any] = {"type": "end-of-call-report", "call": {"id": "call-123"}}


# --- A client and its options ---


def told(event: DriftEvent) -> None:
    """A listener may take an event and give nothing back."""
    assert_type(event.operation, str)
    assert_type(event.part, Literal["request", "reply"])
    assert_type(event.pointer, str)
    assert_type(event.kind, DriftKind)
    assert_type(event.expected, str)
    assert_type(event.actual, Any)
    assert_type(str(event), str)
    if event.kind is DriftKind.UNKNOWN_VALUE or event.kind == DriftKind.UNKNOWN_FIELD:
        assert_type(event.kind.upper(), str)


class Listener:
    """A listener may be any callable."""

    def __call__(self, event: DriftEvent) -> None:
        """Be told."""


def construction() -> None:
    """Every option may be left out, and every one may be given."""
    Roark()
    AsyncRoark()
    Roark(bearer_token=None, base_url=None, default_headers=None, default_query=None, on_drift=None, http_client=None)
    Roark(
        bearer_token="test-token",
        base_url="https://api.roark.ai",
        timeout=30,
        max_retries=0,
        retry_unknown=True,
        default_headers={"X-Team": "voice"},
        default_query={"team": "voice", "page": 1, "all": True, "tag": ["a", "b"]},
        on_drift=told,
        http_client=httpx.Client(proxy="http://localhost:8080"),
    )
    AsyncRoark(
        bearer_token="test-token",
        base_url="https://api.roark.ai",
        timeout=30.5,
        max_retries=5,
        retry_unknown=False,
        default_headers={"X-Team": "voice"},
        default_query={"team": "voice"},
        on_drift=Listener(),
        http_client=httpx.AsyncClient(limits=httpx.Limits(max_connections=5)),
    )
    Roark(timeout=None)
    Roark(base_url=httpx.URL("https://api.roark.ai"))
    Roark(timeout=UNSET)
    Roark(timeout=httpx.Timeout(10, connect=2))
    Roark(timeout=Timeout(10, connect=2))
    Roark(http_client=DefaultHttpxClient(proxy="http://localhost:8080", limits=httpx.Limits(max_connections=5)))
    AsyncRoark(http_client=DefaultAsyncHttpxClient(verify=False))
    Roark(on_drift=lambda event: told(event))
    events: list[DriftEvent] = []
    Roark(on_drift=events.append)


def copies(client: Roark, async_client: AsyncRoark) -> None:
    """A changed copy is a client of the same class."""
    assert_type(client.with_options(), Roark)
    assert_type(client.with_options(timeout=5), Roark)
    assert_type(client.with_options(timeout=None), Roark)
    assert_type(client.with_options(timeout=httpx.Timeout(5)), Roark)
    assert_type(client.with_options(bearer_token="other", base_url="http://localhost:4010"), Roark)
    assert_type(client.with_options(max_retries=0, retry_unknown=True), Roark)
    assert_type(client.with_options(default_headers={"X-Team": "voice"}, default_query={"team": "voice"}), Roark)
    assert_type(client.with_options(on_drift=told), Roark)
    assert_type(client.with_options(on_drift=None), Roark)
    assert_type(client.with_options(http_client=httpx.Client()), Roark)
    assert_type(async_client.with_options(http_client=httpx.AsyncClient()), AsyncRoark)
    assert_type(async_client.with_options(max_retries=None), AsyncRoark)
    assert_type(client.with_options(timeout=5).with_options(max_retries=1).base_url, str)
    assert_type(client.copy(timeout=client.timeout, max_retries=client.max_retries), Roark)
    assert_type(async_client.copy(timeout=5), AsyncRoark)
    assert_type(client.timeout, float | httpx.Timeout | None)
    assert_type(client.max_retries, int)
    assert_type((client.is_closed(), async_client.is_closed()), tuple[bool, bool])


class OurRoark(Roark):
    """A subclass of the caller's, with an attribute of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.team = "voice"


def context_managers() -> None:
    """A client is its own context manager; a copy of a subclass stays one."""
    with Roark() as client:
        assert_type(client, Roark)
        assert_type(client.base_url, str)
    with OurRoark() as ours:
        assert_type(ours, OurRoark)
        assert_type(ours.with_options(timeout=1), OurRoark)
    client.close()


async def async_context_managers() -> None:
    """The same for asyncio and trio."""
    async with AsyncRoark() as client:
        assert_type(client, AsyncRoark)
        assert_type(client.base_url, str)
    await client.close()


# --- Call analysis ---


def call_analysis(client: Roark) -> None:
    """Enums as members or texts, date-times as datetime or text, participants as models or mappings."""
    reply = client.call_analysis.create(
        call_direction="INBOUND",
        interface_type="PHONE",
        participants=[{"role": "AGENT"}, {"role": "AGENT"}],
        recording_url="https://example.com/recording.wav",
        started_at="2025-02-11T01:04:32.737Z",
    )
    assert_type(reply, CallAnalysisResponse)
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type=InterfaceType.WEB,
        call_direction=CallDirection.OUTBOUND,
        participants=[
            ParticipantInput(role=ParticipantRole.AGENT, name="Agent Smith", spoke_first=True),
            ParticipantInput(role="CUSTOMER", name=None, phone_number=None),
        ],
        stereo_recording_url=URL,
        ended_reason="customer-ended-call",
        is_test=True,
        extra_headers={"X-Team": "voice"},
        extra_query={"trace": True, "tag": ["a", "b"], "page": 1},
        extra_body={"fromTomorrow": {"business_id": 7}},
        timeout=httpx.Timeout(30, connect=2),
    )
    two: tuple[ParticipantInput, ParticipantInputDict] = (ParticipantInput(role="AGENT"), {"role": "CUSTOMER"})
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type=InterfaceType("PHONE"),
        call_direction="OUTBOUND",
        participants=two,
        stereo_recording_url=UNSET,
        ended_reason=UNSET,
        is_test=UNSET,
        extra_headers=None,
        extra_query=None,
        extra_body=None,
        timeout=None,
    )


def what_the_sdks_name(client: Roark, ended: EndedStatus | Unset) -> None:
    """What the vendor's SDKs name beside its pages goes in as models, mappings and texts."""
    tools: list[ToolInvocation | ToolInvocationDict] = [
        ToolInvocation(name="book", parameters=ToolParameters(table=2), result="done", start_offset_ms=1200),
        {"name": "pay", "parameters": {}, "result": {"is_paid": True}, "start_offset_ms": 0},
    ]
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[ParticipantInput(role="AGENT", is_simulated=True), {"role": "CUSTOMER", "is_simulated": False}],
        properties={"business_id": 7, "nested": {"any": ["thing", None]}},
        vapi_call_id="call-123",
        retell_call_id=UNSET,
        ended_status="DIAL_ERROR",
        tool_invocations=tools,
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT"}, {"role": "CUSTOMER"}],
        properties=CallProperties(business_id=7),
        ended_status=ended,
        tool_invocations=[
            ToolInvocation(
                name="pay", parameters={}, result=ToolResult(is_paid=True), start_offset_ms=0, end_offset_ms=5
            )
        ],
    )


def maybe(client: Roark, reason: str | Unset, direction: CallDirection | Literal["INBOUND"], seconds: float) -> None:
    """What a caller has not decided yet can be passed on."""
    as_json: list[ParticipantInputJson] = [{"role": "AGENT"}, {"role": "CUSTOMER", "phoneNumber": "+1234567890"}]
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="WEB",
        call_direction=direction,
        participants=as_json,
        ended_reason=reason,
        timeout=seconds,
    )


def call_analysis_reply(reply: CallAnalysisResponse) -> None:
    """What the reply says, by attribute."""
    job = reply.data
    assert_type(job, CallAnalysisJob)
    assert_type(job.job_id, UUID)
    assert_type(job.status, CallAnalysisJobStatus)
    assert_type(job.status.is_known, bool)
    assert_type(job.status.lower(), str)
    assert_type(job.status == "PENDING", bool)
    assert_type(job.status is CallAnalysisJobStatus.COMPLETED, bool)
    call = job.call
    assert_type(call, Call)
    assert_type(call.id, UUID)
    assert_type(call.call_direction, CallDirection)
    assert_type(call.started_at, datetime.datetime)
    assert_type(call.is_test, bool)
    assert_type(call.participants, list[CallParticipant])
    assert_type(call.status, CallStatus | None)
    assert_type(call.summary, str | None)
    assert_type(call.ended_at, datetime.datetime | None)
    assert_type(call.duration_ms, float | None)
    assert_type(call.ended_reason, str | None)
    assert_type(call.properties, CallProperties | None)
    for participant in call.participants:
        assert_type(participant.role, ParticipantRole)
        assert_type(participant.name, str | None)
        assert_type(participant.phone_number, str | None)
        assert_type(participant.spoke_first, bool | None)
        assert_type(participant.is_simulated, bool | None)
    if call.ended_at is not None and call.duration_ms:
        assert_type(call.ended_at - call.started_at, datetime.timedelta)
    if call.status is None or not call.status.is_known:
        call.status = CallStatus.ENDED
    call.summary = None
    call.started_at = AT


def every_status(status: CallAnalysisJobStatus, side: ParticipantRole) -> str:
    """A match that thinks of values to come covers all there are."""
    match side:
        case ParticipantRole.AGENT | ParticipantRole.CUSTOMER:
            pass
        case other:
            return f"unknown: {other}"
    match status:
        case CallAnalysisJobStatus.PENDING | CallAnalysisJobStatus.IN_PROGRESS:
            return "wait"
        case CallAnalysisJobStatus.COMPLETED | CallAnalysisJobStatus.FAILED:
            return "done"
        case _:
            return "unknown"


def a_number(reply: CallAnalysisResponse) -> None:
    """A number of the contract takes whole ones and others."""
    reply.data.call.duration_ms = 1
    reply.data.call.duration_ms = 1.5
    reply.data.call.duration_ms = None


# --- Vapi call ---


def vapi_call(client: Roark) -> None:
    """A report goes in as it came, as a mapping or as a model."""
    reply = client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert_type(reply, VapiCallResponse)
    assert_type(reply.data, VapiCallUpload)
    assert_type(reply.data.call_id, str)
    client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload=VapiEndOfCallReport.from_dict(REPORT),
        properties=VapiCallProperties(business_name="customer-business-name", business_id=7),
        extra_headers={"X-Team": "voice"},
        extra_query={"trace": "1"},
        extra_body={"fromTomorrow": True},
        timeout=10,
    )
    client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload={"type": "end-of-call-report", "call": {"id": "call-123"}},
        properties={"business_name": "customer-business-name", "nested": {"any": ["thing", 1, None]}},
    )
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, properties=UNSET, timeout=UNSET)
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, skip_already_imported=True)
    client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload=REPORT, extra_headers={"User-Agent": None, "X-Team": "voice"}
    )
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, skip_already_imported=UNSET)


async def async_calls(client: AsyncRoark) -> None:
    """The same methods, awaited."""
    reply = await client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction=CallDirection.INBOUND,
        participants=[ParticipantInput(role="AGENT"), {"role": "CUSTOMER"}],
        is_test=False,
        timeout=5,
    )
    assert_type(reply, CallAnalysisResponse)
    upload = await client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload=REPORT, properties={"business_id": 7}, extra_query={"trace": "1"}
    )
    assert_type(upload, VapiCallResponse)
    copy = client.with_options(timeout=1)
    again = await copy.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert_type(again.data.call_id, str)


# --- Raw replies ---


def raw_replies(client: Roark) -> None:
    """A raw reply has the status, the headers, the body and the model; its method takes the same arguments."""
    response = client.call_analysis.with_raw_response.create(
        recording_url=URL,
        started_at="2025-02-11T01:04:32.737Z",
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT"}, {"role": "AGENT"}],
        ended_reason="customer-ended-call",
        timeout=5,
    )
    assert_type(response, Response[CallAnalysisResponse])
    assert_type(response.status_code, int)
    assert_type(response.headers, httpx.Headers)
    assert_type(response.content, bytes)
    assert_type(response.text, str)
    assert_type(response.parsed, CallAnalysisResponse)
    assert_type(response.parse(), CallAnalysisResponse)
    assert_type(response.json(), Any)
    assert_type(response.http_request, httpx.Request)
    assert_type(response.http_response, httpx.Response)
    assert_type((response.method, response.url, response.retries_taken), tuple[str, httpx.URL, int])
    assert_type(Response(200, httpx.Headers(), b"{}", "parsed"), Response[str])
    assert_type(response.parsed.data.job_id, UUID)
    upload = client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert_type(upload, Response[VapiCallResponse])
    assert_type(upload.headers["x-request-id"], str)
    assert_type(upload.headers.get("x-request-id", ""), Any)  # as httpx has it


async def async_raw_replies(client: AsyncRoark) -> None:
    """The same, awaited."""
    response = await client.call_analysis.with_raw_response.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT"}, {"role": "AGENT"}],
    )
    assert_type(response, Response[CallAnalysisResponse])
    assert_type(response.parse().data.status, CallAnalysisJobStatus)
    upload = await client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert_type(upload.parsed.data.call_id, str)


# --- Errors ---


def failures(client: Roark) -> None:
    """Every error says what was sent, what came and what became of the upload."""
    try:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.response, httpx.Response)
        assert_type(error.status_code, int)
    except (BadRequestError, AuthenticationError, PermissionDeniedError, NotFoundError) as error:
        assert_type(error.response.headers, httpx.Headers)
    except (ConflictError, UnprocessableEntityError, InternalServerError) as error:
        assert_type(error.status_code, int)
        assert_type(error.body, Any)
    except APIStatusError as error:
        assert_type(error.status_code, int)
        assert_type(error.response.text, str)
    except APITimeoutError as error:
        assert_type(error.status_code, int | None)
    except APIConnectionError as error:
        assert_type(error.response, httpx.Response | None)
    except APIResponseValidationError as error:
        assert_type(error.violations, tuple[Violation, ...])
        for violation in error.violations:
            assert_type(violation.pointer, str)
            assert_type(violation.expected, str)
            assert_type(violation.actual, Any)
    except APIError as error:
        assert_type(error.message, str)
        assert_type(error.request, httpx.Request)
        assert_type(error.response, httpx.Response | None)
        assert_type(error.status_code, int | None)
        assert_type(error.body, Any)
        assert_type(error.retry_after, float | None)
        assert_type(error.attempts, int)
        assert_type(error.delivery, Delivery)
        if error.delivery is Delivery.NOT_DELIVERED or error.delivery == Delivery.UNKNOWN:
            assert_type(error.delivery.upper(), str)
    except RoarkError as error:
        assert_type(str(error), str)


def error_module(error: RoarkError) -> str:
    """The errors are found in their module too, and are a tree."""
    if isinstance(error, errors.APIStatusError):
        return error.response.text
    if isinstance(error, errors.APITimeoutError):
        connection: errors.APIConnectionError = error
        return connection.message
    return str(error)


# --- The lower layer ---


def lower_layer(client: AuthenticatedClient) -> None:
    """A function for each operation, giving the model or the reply."""
    body = CallAnalysisRequest(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[ParticipantInput(role="AGENT"), {"role": "CUSTOMER"}],
    )
    assert_type(create_call_analysis.sync(client=client, body=body), CallAnalysisResponse)
    in_json: CallAnalysisRequestJson = {
        "recordingUrl": URL,
        "startedAt": AT,
        "interfaceType": "PHONE",
        "callDirection": "INBOUND",
        "participants": [{"role": "AGENT", "spokeFirst": True}, {"role": "CUSTOMER", "phone_number": None}],
    }
    in_python: CallAnalysisRequestDict = {
        "recording_url": URL,
        "started_at": "2025-02-11T01:04:32Z",
        "interface_type": InterfaceType.PHONE,
        "call_direction": "INBOUND",
        "participants": (ParticipantInput(role="AGENT"), {"role": ParticipantRole.CUSTOMER}),
        "tool_invocations": [{"name": "pay", "parameters": {}, "result": "done", "start_offset_ms": 0}],
    }
    assert_type(create_call_analysis.sync(client=client, body=in_json), CallAnalysisResponse)
    assert_type(create_call_analysis.sync(client=client, body=in_python), CallAnalysisResponse)
    stored = CallAnalysisRequest.from_dict(body.to_dict())
    assert_type(create_call_analysis.sync(client=client, body=stored), CallAnalysisResponse)
    response = create_call_analysis.sync_detailed(client=client, body=body)
    assert_type(response, Response[CallAnalysisResponse])
    same: ResponseOfTypes[CallAnalysisResponse] = response
    assert_type(same.status_code, int)
    request = VapiCallRequest(vapi_end_of_call_report_payload=REPORT, properties={"business_id": 7})
    assert_type(create_vapi_call.sync(client=client, body=request), VapiCallResponse)
    assert_type(create_vapi_call.sync_detailed(client=client, body=request).parsed, VapiCallResponse)


async def async_lower_layer(client: AuthenticatedClient, body: CallAnalysisRequest, request: VapiCallRequest) -> None:
    """The same for asyncio and trio."""
    assert_type(await create_call_analysis.asyncio(client=client, body=body), CallAnalysisResponse)
    assert_type(await create_call_analysis.asyncio_detailed(client=client, body=body), Response[CallAnalysisResponse])
    assert_type(await create_vapi_call.asyncio(client=client, body=request), VapiCallResponse)
    assert_type(await create_vapi_call.asyncio_detailed(client=client, body=request), Response[VapiCallResponse])


def lower_clients() -> None:
    """The clients of the lower layer, with their options and their copies."""
    client = Client(
        base_url="https://api.roark.ai",
        cookies={"session": "1"},
        headers={"X-Team": "voice"},
        timeout=5,
        verify_ssl=ssl.create_default_context(),
        httpx_args={"proxy": "http://localhost:8080"},
        max_retries=1,
        retry_unknown=True,
        on_drift=told,
    )
    Client("https://api.roark.ai", verify_ssl=False, timeout=None)
    Client("https://api.roark.ai", verify_ssl="/etc/ssl/cert.pem", timeout=httpx.Timeout(5))
    assert_type(client.with_headers({"X-Team": "voice"}), Client)
    assert_type(client.with_cookies({"session": "1"}), Client)
    authenticated = AuthenticatedClient(base_url="https://api.roark.ai", token="test-token")
    AuthenticatedClient("https://api.roark.ai", "test-token", prefix="", auth_header_name="X-Token")
    AuthenticatedClient("https://api.roark.ai", "test-token", timeout=5, max_retries=0, on_drift=told, headers={})
    assert_type(authenticated.with_timeout(5), AuthenticatedClient)
    assert_type(authenticated.with_timeout(None), AuthenticatedClient)
    assert_type(authenticated.with_timeout(httpx.Timeout(5)), AuthenticatedClient)
    assert_type(authenticated.get_httpx_client(), httpx.Client)
    assert_type(authenticated.get_async_httpx_client(), httpx.AsyncClient)
    assert_type(authenticated.set_httpx_client(httpx.Client()), AuthenticatedClient)
    assert_type(authenticated.set_async_httpx_client(httpx.AsyncClient()), AuthenticatedClient)
    with authenticated as entered:
        assert_type(entered, AuthenticatedClient)


async def async_lower_clients(client: AuthenticatedClient) -> None:
    """One client of the lower layer serves both halves."""
    async with client as entered:
        assert_type(entered, AuthenticatedClient)


# --- Models ---


def models_are_made() -> None:
    """A constructor takes what the methods take: members or texts, instants or texts, models or mappings."""
    call = Call(
        id="3c90c3cc-0d44-4b50-8888-8dd25736052a",
        call_direction="INBOUND",
        started_at="2025-02-11T01:04:32.737Z",
        is_test=False,
        participants=[CallParticipant(role="AGENT"), {"role": "CUSTOMER"}],
        status=None,
        summary=None,
        ended_at=AT,
        duration_ms=123,
        ended_reason=UNSET,
    )
    job = CallAnalysisJob(job_id=UUID(int=1), status=CallAnalysisJobStatus.PENDING, call=call)
    CallAnalysisJob(job_id="3c90c3cc-0d44-4b50-8888-8dd25736052a", status="FAILED", call={"id": "…"})
    assert_type(CallAnalysisResponse(data=job).data.call.id, UUID)
    assert_type(VapiCallResponse(data=VapiCallUpload(call_id="call-123")), VapiCallResponse)
    report = VapiEndOfCallReport(
        type_="end-of-call-report",
        call=VapiCall(id="call-123", type_="inboundPhoneCall", monitor=VapiMonitor(listen_url="wss://example.com")),
        status=None,
        assistant=VapiAssistant(name="Agent Smith"),
        customer=VapiCustomer(number="+1234567890"),
        phone_number=VapiPhoneNumber(number="+0987654321"),
        artifact=VapiArtifact(recording_url=URL, messages=[VapiMessage(role="bot", content="Hello"), {"role": "user"}]),
        started_at="2025-05-19T23:13:32+08:00",
        ended_at=None,
        analysis={"summary": "Hello"},
        duration_seconds=600,
    )
    assert_type(report.type_, str)
    assert_type(report.call.id, str)
    assert_type(report.status, str | None)
    assert_type(report.artifact, VapiArtifact | None)
    assert_type(report.analysis, Any)
    assert_type(models.VapiCallProperties(anything="at all", number=1), VapiCallProperties)
    direction: models.CallDirection = models.CallDirection.INBOUND
    text: str = direction
    assert_type(text.lower(), str)


def models_are_read_and_written(value: Mapping[str, Any]) -> None:
    """JSON objects and texts, and the fields that the contract does not name."""
    reply = CallAnalysisResponse.from_dict(value)
    assert_type(reply, CallAnalysisResponse)
    assert_type(reply.to_dict(), dict[str, Any])
    assert_type(reply.to_json(), str)
    assert_type(reply.to_json(indent=2), str)
    assert_type(reply.additional_properties, dict[str, Any])
    assert_type(reply.additional_keys, list[str])
    assert_type(reply["requestId"], Any)
    assert_type("requestId" in reply, bool)
    assert_type(reply == CallAnalysisResponse.from_dict(reply.to_dict()), bool)
    reply["requestId"] = "1"
    del reply["requestId"]
    assert_type(VapiEndOfCallReport.from_dict({"type": "end-of-call-report"}), VapiEndOfCallReport)


def an_argument_left_out(reason: str | Unset) -> str:
    """UNSET is told from a value by its type or its truth."""
    if isinstance(reason, Unset):
        assert_type(bool(reason), bool)
        return "left out"
    assert_type(reason, str)
    return reason


# --- Tests of code that uploads --------------------------------------------------------------------------


def uploads_of_an_operation_are_typed(roark_mock: RoarkMock) -> None:
    """What a test reads of an upload has its type, whichever way the list is read."""
    (upload,) = roark_mock.uploads.vapi_calls
    assert_type(upload, Upload[CallReceived, CallReplied | None])
    assert_type(upload.request.vapi_end_of_call_report_payload.call.id, str)
    if upload.reply is not None:
        assert_type(upload.reply.data.call_id, str)
    assert_type(upload.headers["authorization"], str)
    assert_type(upload.query.get("a", ""), str)
    assert_type(roark_mock.uploads.of(VAPI_CALL), UploadList[CallReceived, CallReplied | None])
    analyses = roark_mock.uploads.call_analyses
    assert_type(len(analyses), int)
    assert_type(analyses[0].request.participants[0].role.lower(), str)
    assert_type(analyses[-1:][0].request, AnalysisReceived)
    assert_type(analyses.wait_for(1)[0].reply, AnalysisReplied | None)
    assert_type(analyses.dropped, int)


def uploads_of_all_are_of_any_type(server: MockServer) -> None:
    """Where operations come together, a test knows what it has sent."""
    for upload in server.uploads:
        assert_type(upload, Upload[Any, Any])
        assert_type(upload.operation, str)
    (skipped,) = server.uploads.skipped
    assert_type(skipped.reply.data.call_id, Any)
    assert_type(server.client, Roark)
    assert_type(server.async_client, AsyncRoark)
