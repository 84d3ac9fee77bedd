"""Wrong calls, each of which both type checkers must reject. Never run; contract_tests/client/test_types.py checks it.

A line that must be rejected ends in `# wrong: why`. No other line may be rejected. `calls.py` beside it holds their
counterparts.
"""

import datetime
from collections.abc import Mapping
from typing import Any, assert_never

import httpx
import roark_client
from roark_client import (
    UNSET,
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    AsyncRoark,
    AuthenticatedClient,
    Client,
    Delivery,
    DriftEvent,
    DriftKind,
    Response,
    Roark,
    RoarkError,
    Violation,
)
from roark_client.api.call_analysis import create_call_analysis
from roark_client.api.integrations import create_vapi_call
from roark_client.models import (
    Call,
    CallAnalysisJob,
    CallAnalysisJobStatus,
    CallAnalysisRequest,
    CallAnalysisRequestJson,
    CallAnalysisResponse,
    CallDirection,
    CallParticipant,
    ParticipantInput,
    ParticipantInputDict,
    ParticipantRole,
    VapiCall,
    VapiCallRequest,
    VapiCallResponse,
    VapiCallUpload,
    VapiEndOfCallReport,
)
from roark_mock import RoarkMock

URL = "https://example.com/recording.wav"
AT = datetime.datetime(2025, 2, 11, 1, 4, 32, tzinfo=datetime.UTC)
BOTH = [ParticipantInput(role="AGENT"), ParticipantInput(role="CUSTOMER")]
REPORT: dict[str, Any] = {"type": "end-of-call-report", "call": {"id": "call-123"}}
ANYTHING: dict[str, Any] = {}  # stands for what else is required


def use(*values: object) -> None:
    """Take what was made, so that no line is rejected for being of no use."""


def names() -> None:
    """The package has the names that it says and no others."""
    use(roark_client.Nothing)  # wrong: no such name
    use(roark_client.models.Participant)  # wrong: no such model
    use(roark_client.errors.TimeoutError)  # wrong: no such error


# --- A client and its options ---


def told_text(event: str) -> None:
    """A listener of something else."""


def told_more(event: DriftEvent, more: int) -> None:
    """A listener that wants more than it is given."""


async def told_later(event: DriftEvent) -> None:
    """A listener that nobody would await."""


def construction() -> None:
    """Options that there are not, and values that they do not take."""
    Roark("test-token")  # wrong: positional
    Roark(token="test-token")  # wrong: no such option
    Roark(api_key="test-token")  # wrong: no such option
    Roark(bearer_token=b"test-token")  # wrong: bytes
    Roark(base_url=4010)  # wrong: a number
    Roark(timeout="30")  # wrong: text
    Roark(timeout=datetime.timedelta(seconds=30))  # wrong: neither seconds nor an httpx.Timeout
    Roark(timeout=(5, 30))  # wrong: a pair
    Roark(max_retries="2")  # wrong: text
    Roark(max_retries=2.5)  # wrong: a fraction
    Roark(max_retries=None)  # wrong: not nullable
    Roark(retry_unknown="yes")  # wrong: text
    Roark(retry_unknown=None)  # wrong: not nullable
    Roark(default_headers={"X-Team": 7})  # wrong: a header is text
    Roark(default_headers={"X-Team": None})  # wrong: a header is text
    Roark(default_headers=[("X-Team", "voice")])  # wrong: no mapping
    Roark(default_query="team=voice")  # wrong: no mapping
    Roark(default_query={1: "voice"})  # wrong: a name is text
    Roark(on_drift=True)  # wrong: not callable
    Roark(on_drift=told_text)  # wrong: listens to texts
    Roark(on_drift=told_more)  # wrong: wants two arguments
    Roark(on_drift=told_later)  # wrong: asynchronous
    Roark(on_drift=lambda: None)  # wrong: takes no event
    Roark(http_client=httpx.AsyncClient())  # wrong: an asynchronous client for the synchronous half
    Roark(http_client="http://localhost:8080")  # wrong: text
    Roark(http_client=roark_client.DefaultAsyncHttpxClient())  # wrong: an asynchronous client
    roark_client.DefaultHttpxClient(nonsense=True)  # wrong: no argument of httpx
    AsyncRoark(http_client=httpx.Client())  # wrong: a synchronous client for the asynchronous half
    AsyncRoark(on_drift=told_later)  # wrong: asynchronous here too
    AsyncRoark(timeout="30")  # wrong: text
    AsyncRoark("test-token")  # wrong: positional


def copies(client: Roark, async_client: AsyncRoark) -> None:
    """The same for changed copies."""
    client.with_options(5)  # wrong: positional
    client.with_options(timout=5)  # wrong: no such option
    client.copy(timout=5)  # wrong: no such option
    client.with_options(timeout="5")  # wrong: text
    client.with_options(base_url=httpx)  # wrong: a module
    client.with_options(default_headers={"X-Team": 7})  # wrong: a header is text
    client.with_options(on_drift=told_text)  # wrong: listens to texts
    client.with_options(http_client=httpx.AsyncClient())  # wrong: an asynchronous client
    async_client.with_options(http_client=httpx.Client())  # wrong: a synchronous client
    other: AsyncRoark = client.with_options(timeout=5)  # wrong: a copy is of the same class
    use(other)


def attributes(client: Roark) -> None:
    """What a client does not have, and what cannot be changed in place."""
    client.base_url = "http://localhost:4010"  # wrong: with_options changes it
    client.timeout = 5  # wrong: with_options changes it
    client.max_retries = 5  # wrong: with_options changes it
    client.max_retry = 5  # wrong: no such attribute
    client.bearer_token = "other"  # wrong: with_options changes it
    use(client.is_closed.real)  # wrong: a method
    use(Roark().timeout + 1)  # wrong: may be an httpx.Timeout or None
    use(client.bearer_token)  # wrong: the token is not shown
    use(client.call_analyses)  # wrong: no such resource
    use(client.call_analysis.retrieve("job"))  # wrong: no such operation
    use(client.integrations.create_retell_call())  # wrong: no such operation
    use(client.call_analysis.with_raw_response.retrieve("job"))  # wrong: no such operation
    use(client["call_analysis"])  # wrong: no mapping
    client.call_analysis = client.call_analysis  # wrong: cannot be replaced


async def halves(client: Roark, async_client: AsyncRoark) -> None:
    """The two halves are not exchangeable."""
    async with client:  # wrong: the synchronous client
        pass
    with async_client:  # wrong: the asynchronous client
        pass
    await client.close()  # wrong: nothing to await
    async_client.close()  # wrong: not awaited
    one: Roark = async_client  # wrong: another class
    other: AsyncRoark = client  # wrong: another class
    use(one, other)


# --- Call analysis ---


def no_arguments(client: Roark) -> None:
    """What is required cannot be left out."""
    client.call_analysis.create()  # wrong: five are required
    client.call_analysis.create(  # wrong: recording_url is required
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=BOTH,
    )
    client.call_analysis.create(  # wrong: started_at is required
        recording_url=URL,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=BOTH,
    )
    client.call_analysis.create(  # wrong: interface_type is required
        recording_url=URL,
        started_at=AT,
        call_direction="INBOUND",
        participants=BOTH,
    )
    client.call_analysis.create(  # wrong: call_direction is required
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        participants=BOTH,
    )
    client.call_analysis.create(  # wrong: participants are required
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
    )
    client.integrations.create_vapi_call()  # wrong: the report is required
    client.integrations.create_vapi_call(properties={"business_id": 7})  # wrong: the report is required


def wrong_types(client: Roark) -> None:
    """Every required argument has one type or two."""
    client.call_analysis.create(
        recording_url=5,  # wrong: a number
        started_at=1739235872,  # wrong: a number
        interface_type=1,  # wrong: a number
        call_direction=True,  # wrong: a boolean
        participants=2,  # wrong: a number
        stereo_recording_url=b"https://example.com/recording.wav",  # wrong: bytes
        ended_reason=["customer-ended-call"],  # wrong: a list
        is_test="yes",  # wrong: text
        extra_headers={"X-Team": 7},  # wrong: a header is text, or None to leave it out
        extra_query="team=voice",  # wrong: no mapping
        extra_body=[1],  # wrong: no mapping
        timeout="5",  # wrong: text
    )


def nulls(client: Roark) -> None:
    """None stands only where the contract allows null."""
    client.call_analysis.create(
        recording_url=None,  # wrong: not nullable
        started_at=None,  # wrong: not nullable
        interface_type=None,  # wrong: not nullable
        call_direction=None,  # wrong: not nullable
        participants=None,  # wrong: not nullable
        stereo_recording_url=None,  # wrong: not nullable
        ended_reason=None,  # wrong: not nullable
        is_test=None,  # wrong: not nullable
    )


def left_out(client: Roark) -> None:
    """UNSET stands only for what may be left out."""
    client.call_analysis.create(
        recording_url=UNSET,  # wrong: required
        started_at=UNSET,  # wrong: required
        interface_type=UNSET,  # wrong: required
        call_direction=UNSET,  # wrong: required
        participants=UNSET,  # wrong: required
        extra_headers=UNSET,  # wrong: None leaves it out
    )


def outside_an_enum(client: Roark, text: str) -> None:
    """An enum takes its own members and their texts."""
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="FAX",  # wrong: not among them
        call_direction="inbound",  # wrong: not in this spelling
        participants=BOTH,
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type=CallDirection.INBOUND,  # wrong: a member of another enum
        call_direction=text,  # wrong: any text
        participants=BOTH,
    )
    use(CallDirection.SIDEWAYS)  # wrong: no such member
    use(CallDirection.INBOUND.is_known())  # wrong: a property
    use(CallDirection.INBOUND.is_unknown)  # wrong: no such attribute
    direction: CallDirection = "INBOUND"  # wrong: a text is no member
    role: ParticipantRole = CallDirection.INBOUND  # wrong: a member of another enum
    use(direction, role)


def other_instants(client: Roark, at: datetime.date, time: datetime.time) -> None:
    """An instant is a datetime or a text."""
    client.call_analysis.create(
        recording_url=URL,
        started_at=at,  # wrong: a date
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=BOTH,
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=time,  # wrong: a time of day
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=BOTH,
    )


def other_participants(client: Roark, answer: Call) -> None:
    """Participants are a sequence of models of the request, or mappings."""
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=["AGENT", "CUSTOMER"],  # wrong: texts
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=answer.participants,  # wrong: models of the reply
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants={"role": "AGENT"},  # wrong: one mapping
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=ParticipantInput(role="AGENT"),  # wrong: one model
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[ParticipantInput(role="AGENT"), None],  # wrong: None for one of them
    )
    client.call_analysis.create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants="AGENT",  # wrong: one text
    )


def wrong_dicts(client: Roark, lower: AuthenticatedClient, rows: list[dict[str, Any]]) -> None:
    """A dict in the place of a model has the fields of the model, in one spelling."""
    create = client.call_analysis.create
    one: ParticipantInputDict
    one = {"role": "AGENT", "spoke_frist": True}  # wrong: misspelt
    one = {"rol": "AGENT"}  # wrong: misspelt, so that the role is missing
    one = {"name": "Ann"}  # wrong: no role
    one = {"role": "agent"}  # wrong: no such role
    one = {"role": "AGENT", "spoke_first": "yes"}  # wrong: text
    one = {"role": "AGENT", "spokeFirst": True}  # wrong: its name in JSON
    one = {"role": "AGENT", "spoke_first": None}  # wrong: not nullable
    create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT", "spoke_frist": True}, {"role": "CUSTOMER"}],  # wrong: misspelt
    )
    create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT"}, {"rol": "CUSTOMER"}],  # wrong: misspelt
    )
    create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT", "spoke_first": True, "phoneNumber": "1"}],  # wrong: two spellings
    )
    create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=rows,  # wrong: dicts of which nothing is known
    )
    create(
        recording_url=URL,
        started_at=AT,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[one],
        tool_invocations=[{"name": "pay", "parameters": {}, "result": "", "start_ofset_ms": 0}],  # wrong: misspelt
    )
    create_call_analysis.sync(client=lower, body=ANYTHING)  # wrong: a dict of which nothing is known
    body: CallAnalysisRequestJson = {"recordingUrl": URL, "startedAt": AT}  # wrong: fields are missing
    create_call_analysis.sync(client=lower, body=body)


def forgotten_values(side: ParticipantRole, status: CallAnalysisJobStatus) -> str:
    """A match on an enum thinks of values that the contract does not name yet."""
    match side:
        case ParticipantRole.AGENT | ParticipantRole.CUSTOMER:
            pass
        case other:
            assert_never(other)  # wrong: a server may say something new
    match status:
        case CallAnalysisJobStatus.PENDING | CallAnalysisJobStatus.IN_PROGRESS:
            return "wait"
        case CallAnalysisJobStatus.COMPLETED | CallAnalysisJobStatus.FAILED:
            return "done"
        case rest:
            assert_never(rest)  # wrong: a server may say something new


def unknown_arguments(client: Roark) -> None:
    """An argument that the contract does not name, by its name in JSON, or without a name."""
    client.integrations.create_vapi_call(REPORT)  # wrong: positional
    client.integrations.create_vapi_call(vapiEndOfCallReportPayload=REPORT)  # wrong: its name in JSON
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, skip=True)  # wrong: no such argument
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, max_retries=1)  # wrong: an option
    client.integrations.create_vapi_call(REPORT, **ANYTHING)  # wrong: positional
    client.call_analysis.create(URL, **ANYTHING)  # wrong: positional
    client.call_analysis.create(test=True, **ANYTHING)  # wrong: no such argument
    client.call_analysis.create(ended_status="HUNG_UP", **ANYTHING)  # wrong: not in the enum
    client.call_analysis.create(properties=["a"], **ANYTHING)  # wrong: a list
    client.call_analysis.create(tool_invocations=["book"], **ANYTHING)  # wrong: texts
    client.call_analysis.create(vapi_call_id=7, **ANYTHING)  # wrong: a number
    client.call_analysis.create(recordingUrl=URL, **ANYTHING)  # wrong: its name in JSON
    client.call_analysis.create(max_retries=1, **ANYTHING)  # wrong: an option of the client
    client.call_analysis.create(retry_unknown=True, **ANYTHING)  # wrong: an option of the client
    client.call_analysis.create(idempotency_key="1", **ANYTHING)  # wrong: no such argument


def vapi_values(client: Roark, request: VapiCallRequest) -> None:
    """A report is a mapping or a model of a report."""
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=None)  # wrong: not nullable
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload='{"type": "x"}')  # wrong: JSON text
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=[REPORT])  # wrong: a list
    client.integrations.create_vapi_call(skip_already_imported=1, **ANYTHING)  # wrong: a number
    client.integrations.create_vapi_call(skip_already_imported=None, **ANYTHING)  # wrong: null
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=request)  # wrong: the whole request
    client.integrations.create_vapi_call(vapi_end_of_call_report_payload=UNSET)  # wrong: required
    client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload=REPORT,
        properties=None,  # wrong: not nullable
        extra_headers={b"X-Team": b"voice"},  # wrong: bytes
        extra_query=[("a", "b")],  # wrong: no mapping
        extra_body="{}",  # wrong: no mapping
        timeout=datetime.timedelta(seconds=5),  # wrong: neither seconds nor an httpx.Timeout
    )
    client.integrations.create_vapi_call(
        vapi_end_of_call_report_payload={1: "end-of-call-report"},  # wrong: a key is text
        properties="business",  # wrong: text
    )


async def awaited(client: Roark, async_client: AsyncRoark) -> None:
    """A synchronous method gives a reply, an asynchronous one something to await."""
    await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)  # wrong: nothing to await
    async_client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)  # wrong: not awaited
    use(async_client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT).data)  # wrong: not awaited
    raw = async_client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    use(raw.parsed)  # wrong: not awaited
    upload: VapiCallResponse = raw  # wrong: not awaited
    response = await raw
    use(upload, response.data)  # wrong: the reply is in `parsed`
    await response.parse()  # wrong: nothing to await
    await client.integrations.with_raw_response.create_vapi_call(  # wrong: nothing to await
        vapi_end_of_call_report_payload=REPORT
    )


# --- Raw replies ---


def raw_replies(client: Roark, response: Response[VapiCallResponse]) -> None:
    """A raw method takes the same arguments, and a raw reply is no model."""
    client.integrations.with_raw_response.create_vapi_call()  # wrong: the report is required
    client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=5)  # wrong: a number
    client.integrations.with_raw_response.create_vapi_call(REPORT)  # wrong: positional
    client.call_analysis.with_raw_response.create(
        recording_url=URL,
        started_at=AT,
        interface_type="FAX",  # wrong: not in the enum
        call_direction="INBOUND",
        participants=BOTH,
    )
    use(response.data)  # wrong: the model is in `parsed`
    use(response.parsed.call_id)  # wrong: it is in `data`
    use(response.status)  # wrong: it is `status_code`
    use(response.json["data"])  # wrong: a method
    use(response.http_request())  # wrong: a property
    use(response.http_response.parsed)  # wrong: it is httpx's
    response.http_request = response.http_request  # wrong: cannot be changed
    use(response.text())  # wrong: a property
    response.parsed = response.parsed  # wrong: cannot be changed
    response.status_code = 200  # wrong: cannot be changed
    other: Response[CallAnalysisResponse] = response  # wrong: another model
    use(other)


# --- Replies ---


def replies(reply: CallAnalysisResponse, upload: VapiCallResponse) -> None:
    """Attributes are those of the contract, by their names in Python."""
    use(reply.job_id)  # wrong: it is in `data`
    use(reply.data.jobId)  # wrong: its name in JSON
    use(reply.data.call.direction)  # wrong: no such attribute
    use(reply.data.call.participants.role)  # wrong: of a list
    use(reply.data.call.participants["role"])  # wrong: a list
    use(reply["data"]["job_id"].nothing, upload.data.job_id)  # wrong: another model
    use(reply.to_dict(mode="json"))  # wrong: no such argument
    use(reply.to_json(2))  # wrong: positional
    use(reply.to_json(indent="  "))  # wrong: text
    use(reply.model_dump())  # wrong: no Pydantic model
    use(CallAnalysisResponse.from_dict('{"data": {}}'))  # wrong: JSON text
    use(CallAnalysisResponse.from_dict(None))  # wrong: None
    use(reply.data.job_id.upper())  # wrong: a UUID
    use(reply.data.call.started_at[:10])  # wrong: a datetime
    use(reply.data.call.ended_at - reply.data.call.started_at)  # wrong: may be None
    use(reply.data.call.summary.upper())  # wrong: may be None
    use(reply.data.call.duration_ms / 1000)  # wrong: may be None
    use(reply.data.call.status.value)  # wrong: may be None
    for _ in reply.data.call:  # wrong: no sequence
        pass


def changed_replies(reply: CallAnalysisResponse, upload: VapiCallResponse) -> None:
    """Attributes keep their types."""
    reply.data = upload.data  # wrong: another model
    reply.data.job_id = "3c90c3cc-0d44-4b50-8888-8dd25736052a"  # wrong: text
    reply.data.status = "PENDING"  # wrong: text
    reply.data.status = CallDirection.INBOUND  # wrong: a member of another enum
    reply.data.call = None  # wrong: required
    reply.data.call.started_at = "2025-02-11T01:04:32.737Z"  # wrong: text
    reply.data.call.is_test = None  # wrong: required
    reply.data.call.summary = 5  # wrong: a number
    reply.data.call.duration_ms = "5"  # wrong: text
    reply.data.call.ended_at = UNSET  # wrong: None makes it absent
    reply.data.call.participants = BOTH  # wrong: models of the request
    reply.data.call.direction = CallDirection.INBOUND  # wrong: no such attribute
    upload.data.call_id = 5  # wrong: a number
    upload[1] = "one"  # wrong: a name is text


# --- Errors ---


def failures(client: Roark) -> None:
    """Errors have the attributes of their class and no others."""
    try:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    except APIConnectionError as error:
        use(error.response.status_code)  # wrong: there may be none
        use(error.violations)  # wrong: of another class
    except APIStatusError as error:
        use(error.status)  # wrong: it is `status_code`
        use(error.code)  # wrong: no such attribute
        use(error.response.status)  # wrong: it is `status_code`
    except APIResponseValidationError as error:
        use(error.violations.pointer)  # wrong: of a tuple
        use(error.violations[0].place)  # wrong: it is `pointer`
        error.violations[0].pointer = ""  # wrong: cannot be changed
    except APIError as error:
        use(error.response.headers)  # wrong: there may be none
        use(error.status_code + 1)  # wrong: there may be none
        use(error.retry_after + 1)  # wrong: there may be none
        use(error.delivered)  # wrong: it is `delivery`
        error.delivery = "unknown"  # wrong: text
        error.attempts = "1"  # wrong: text
    except RoarkError as error:
        use(error.attempts)  # wrong: only of calls
    use(Delivery.LOST)  # wrong: no such member
    use(DriftKind.NEW_FIELD)  # wrong: no such member
    APIError("failed")  # wrong: the request is required
    Violation("/data")  # wrong: two more are required


def told(event: DriftEvent) -> None:
    """Events have the attributes of their class and cannot be changed."""
    use(event.place)  # wrong: it is `pointer`
    use(event.pointer.parts)  # wrong: a text
    event.pointer = ""  # wrong: cannot be changed
    use(event.part == "response")  # wrong: it is "request" or "reply"


# --- The lower layer ---


def lower_layer(client: AuthenticatedClient, plain: Client, facade: Roark, body: CallAnalysisRequest) -> None:
    """The functions take their arguments by name, a client with a token and the body of their operation."""
    create_call_analysis.sync(client, body)  # wrong: positional
    create_call_analysis.sync(client=client)  # wrong: the body is required
    create_call_analysis.sync(body=body)  # wrong: the client is required
    create_call_analysis.sync(client=plain, body=body)  # wrong: without a token
    create_call_analysis.sync(client=facade, body=body)  # wrong: another class
    create_call_analysis.sync(client=client, body=None)  # wrong: not nullable
    create_call_analysis.sync(client=client, body=[body])  # wrong: a list
    create_call_analysis.sync(client=client, body=body, timeout=5)  # wrong: an option of the facade
    create_vapi_call.sync(client=client, body=body)  # wrong: of another operation
    create_vapi_call.sync_detailed(client=client, body="{}")  # wrong: JSON text
    use(create_call_analysis.sync(client=client, body=body).parsed)  # wrong: of sync_detailed
    use(create_call_analysis.sync_detailed(client=client, body=body).data)  # wrong: it is in `parsed`
    use(create_call_analysis.sync_detail)  # wrong: no such function


async def async_lower_layer(client: AuthenticatedClient, body: CallAnalysisRequest) -> None:
    """The two halves are not exchangeable."""
    await create_call_analysis.sync(client=client, body=body)  # wrong: nothing to await
    await create_call_analysis.sync_detailed(client=client, body=body)  # wrong: nothing to await
    create_call_analysis.asyncio(client=client, body=body)  # wrong: not awaited
    create_call_analysis.asyncio_detailed(client=client, body=body)  # wrong: not awaited
    use(create_call_analysis.asyncio(client=client, body=body).data)  # wrong: not awaited
    use((await create_call_analysis.asyncio(client=client, body=body)).parsed)  # wrong: of asyncio_detailed
    await create_call_analysis.asyncio(client=client, body=5)  # wrong: a number


def lower_clients(client: AuthenticatedClient) -> None:
    """The clients of the lower layer take their own options."""
    Client()  # wrong: the server is required
    Client(5)  # wrong: a number
    Client("https://api.roark.ai", "test-token")  # wrong: without a token
    Client("https://api.roark.ai", timout=5)  # wrong: no such option
    Client("https://api.roark.ai", timeout="5")  # wrong: text
    Client("https://api.roark.ai", headers={"X-Team": 7})  # wrong: a header is text
    Client("https://api.roark.ai", cookies=["session"])  # wrong: no mapping
    Client("https://api.roark.ai", verify_ssl=None)  # wrong: not nullable
    Client("https://api.roark.ai", on_drift=told_text)  # wrong: listens to texts
    AuthenticatedClient("https://api.roark.ai")  # wrong: the token is required
    AuthenticatedClient("https://api.roark.ai", None)  # wrong: the token is required
    AuthenticatedClient("https://api.roark.ai", "test-token", timout=5)  # wrong: no such option
    AuthenticatedClient("https://api.roark.ai", "test-token", timeout="5")  # wrong: text
    AuthenticatedClient("https://api.roark.ai", "test-token", on_drift=told_text)  # wrong: listens to texts
    client.with_headers([("X-Team", "voice")])  # wrong: no mapping
    client.with_headers({"X-Team": 7})  # wrong: a header is text
    client.with_cookies("session=1")  # wrong: no mapping
    client.with_timeout("5")  # wrong: text
    client.with_timeout()  # wrong: required
    client.set_httpx_client(httpx.AsyncClient())  # wrong: an asynchronous client
    client.set_async_httpx_client(httpx.Client())  # wrong: a synchronous client
    use(client.call_analysis)  # wrong: of the facade
    use(client.token)  # wrong: the token is not shown


# --- Models ---


def models_are_made(value: Mapping[str, Any]) -> None:
    """A constructor takes the arguments of its model by name, and in its types."""
    ParticipantInput()  # wrong: the role is required
    ParticipantInput("AGENT")  # wrong: positional
    ParticipantInput(role="ROBOT")  # wrong: not in the enum
    ParticipantInput(role=None)  # wrong: not nullable
    ParticipantInput(role=CallDirection.INBOUND)  # wrong: a member of another enum
    ParticipantInput(role="AGENT", name=5)  # wrong: a number
    ParticipantInput(role="AGENT", phoneNumber="+1234567890")  # wrong: its name in JSON
    ParticipantInput(role="AGENT", phone_number=1234567890)  # wrong: a number
    ParticipantInput(role="AGENT", spoke_first="yes")  # wrong: text
    ParticipantInput(role="AGENT", spoke_first=None)  # wrong: not nullable
    ParticipantInput(role="AGENT", additional_properties={})  # wrong: set as items
    ParticipantInput(value)  # wrong: from_dict reads it
    CallParticipant(role="agent")  # wrong: not in this spelling
    CallAnalysisRequest(recording_url=URL)  # wrong: four more are required
    CallAnalysisJob(job_id=5, status="PENDING", call=value)  # wrong: a number
    CallAnalysisJob(job_id="1", status="DONE", call=value)  # wrong: not in the enum
    CallAnalysisJob(job_id="1", status="PENDING", call=None)  # wrong: not nullable
    CallAnalysisResponse(data=[value])  # wrong: a list
    CallAnalysisResponse(jobs=value, data=value)  # wrong: no such argument
    VapiCallUpload(call_id=5)  # wrong: a number
    VapiCallUpload(call_id=None)  # wrong: not nullable
    VapiCall(id=None)  # wrong: not nullable
    VapiCall(type_="inboundPhoneCall")  # wrong: the id is required
    VapiEndOfCallReport(type_="end-of-call-report")  # wrong: the call is required
    VapiEndOfCallReport(type="end-of-call-report", call=value)  # wrong: the argument is type_
    VapiEndOfCallReport(type_="end-of-call-report", call=value, started_at=AT)  # wrong: goes out as it came, as text
    VapiEndOfCallReport(type_="end-of-call-report", call=value, status=5)  # wrong: a number
    VapiCallRequest(properties={"business_id": 7})  # wrong: the report is required
    VapiCallRequest(vapi_end_of_call_report_payload=REPORT, properties=None)  # wrong: not nullable
    use(CallAnalysisJobStatus.DONE)  # wrong: no such member


def an_argument_left_out() -> None:
    """UNSET is its own type."""
    text: str = UNSET  # wrong: no text
    nothing: None = UNSET  # wrong: not None
    use(text, nothing)


def uploads_of_an_operation(roark_mock: RoarkMock) -> None:
    """A typed list knows what its requests and replies have."""
    (upload,) = roark_mock.uploads.vapi_calls
    use(upload.request.recording_url)  # wrong: of the other operation
    use(upload.request.vapi_end_of_call_report_payload.calls)  # wrong: no such field
    use(upload.reply.data.call_id)  # wrong: None where the test said another one
    use(roark_mock.uploads.calls)  # wrong: no such list
    use(roark_mock.uploads.of("createVapiCall"))  # wrong: the operation, not its name
