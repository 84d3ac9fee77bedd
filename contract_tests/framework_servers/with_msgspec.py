"""A server as a team writes it with Starlette and msgspec: structs, lax conversion, 400 as plain text."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from contract_tests.framework_servers.deviation import Deviation

TOKEN = "test-token"

DEVIATIONS = (
    Deviation("a name of null is refused", "valid-request-refused", "null"),
    Deviation("offsets but Z are refused", "valid-request-refused", "another offset than zero"),
    Deviation("call ids must be UUIDs", "valid-request-refused", "vapi/call|call/id|documented upload"),
    Deviation("a report without status is refused", "valid-request-refused", "raw report|status"),
    Deviation("one id for every call", "id-repeated", "data"),
    Deviation("a report is answered by 202 and nothing", "reply-unreadable", "vapi/call"),
    Deviation("who spoke first is turned around", "value-changed", "spokeFirst"),
    Deviation("spaces are cut off", "value-changed", "spaces around a text are cut"),
    Deviation("replies wrap the call once more", "reply-unreadable", "in /data"),
)


class Participant(msgspec.Struct, rename="camel"):
    """One of the two who spoke."""

    role: Literal["AGENT", "CUSTOMER"]
    name: str | None = None
    phone_number: str | None = None
    spoke_first: bool = False
    is_simulated: bool = False


class ToolInvocation(msgspec.Struct, rename="camel"):
    """A tool that the agent called."""

    name: str
    parameters: dict[str, Any]
    result: str | dict[str, Any]
    start_offset_ms: int
    description: str | None = None
    end_offset_ms: int | None = None


EndedStatus = Literal[
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
]


class Upload(msgspec.Struct, rename="camel"):
    """A recording and who spoke."""

    recording_url: str
    started_at: datetime
    interface_type: Literal["PHONE", "WEB"]
    call_direction: Literal["INBOUND", "OUTBOUND"]
    participants: list[Participant]
    stereo_recording_url: str | None = None
    ended_reason: str | None = None
    is_test: bool = False
    properties: dict[str, Any] | None = None
    vapi_call_id: str | None = None
    retell_call_id: str | None = None
    ended_status: EndedStatus | None = None
    tool_invocations: list[ToolInvocation] | None = None


class VapiCall(msgspec.Struct):
    """The call of a report."""

    id: str


class Report(msgspec.Struct):
    """What of a report is read."""

    type: str
    call: VapiCall
    status: str | None = None


class VapiUpload(msgspec.Struct, rename="camel"):
    """A report, with properties of the customer's own."""

    vapi_end_of_call_report_payload: Report
    properties: dict[str, Any] | None = None
    skip_already_imported: bool = False


def application(deviation: str = "") -> Starlette:
    """The server, with one deviation or none."""
    only_id = str(uuid.uuid4())

    def new_id() -> str:
        return only_id if deviation == "one id for every call" else str(uuid.uuid4())

    async def create_call_analysis(body: bytes) -> Response:
        upload = msgspec.json.decode(body, type=Upload, strict=False)
        if len(upload.participants) != 2:
            return PlainTextResponse("expected two participants", 400)
        if deviation == "a name of null is refused" and b'"name": null' in body.replace(b'":null', b'": null'):
            return PlainTextResponse("expected a name", 400)
        if deviation == "offsets but Z are refused" and upload.started_at.utcoffset():
            return PlainTextResponse("expected UTC", 400)
        call = {
            "id": new_id(),
            "status": "IN_PROGRESS",
            "callDirection": upload.call_direction,
            "startedAt": upload.started_at,
            "endedReason": upload.ended_reason,
            "isTest": upload.is_test,
            "participants": upload.participants,
            "properties": upload.properties,
        }
        if deviation == "who spoke first is turned around":
            for each in upload.participants:
                each.spoke_first = not each.spoke_first
        if deviation == "spaces are cut off":
            call["endedReason"] = upload.ended_reason and upload.ended_reason.strip()
            for each in upload.participants:
                each.name = each.name and each.name.strip()
        if deviation == "replies wrap the call once more":
            call = {"value": call}
        value = {"data": {"jobId": str(uuid.uuid4()), "status": "PENDING", "call": call}}
        return Response(msgspec.json.encode(value), media_type="application/json")

    async def create_vapi_call(body: bytes) -> Response:
        upload = msgspec.json.decode(body, type=VapiUpload, strict=False)
        report = upload.vapi_end_of_call_report_payload
        if deviation == "call ids must be UUIDs":
            try:
                uuid.UUID(report.call.id)
            except ValueError:
                return PlainTextResponse("expected a UUID", 400)
        if deviation == "a report without status is refused" and report.status is None:
            return PlainTextResponse("expected a status", 400)
        if deviation == "a report is answered by 202 and nothing":
            return Response(status_code=202)
        return JSONResponse({"data": {"callId": new_id()}})

    routes = [
        Route("/v1/call-analysis", _answering(create_call_analysis), methods=["POST"]),
        Route("/v1/vapi/call", _answering(create_vapi_call), methods=["POST"]),
    ]
    return Starlette(routes=routes)


def _answering(answer: Callable[[bytes], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token.strip() != TOKEN:
            return PlainTextResponse("unauthorized", 401)
        try:
            return await answer(await request.body())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return PlainTextResponse(str(error), 400)

    return endpoint
