"""A server as a team writes it with FastAPI and pydantic: models with aliases, a bearer scheme, 422 for bad input."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AnyUrl, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from contract_tests.framework_servers.deviation import Deviation

TOKEN = "test-token"

DEVIATIONS = (
    Deviation("names of at most 40 letters", "valid-request-refused", "participants/./name"),
    Deviation("fields that are not known are refused", "valid-request-refused", "no document names"),
    Deviation("outbound calls are refused", "valid-request-refused", "callDirection"),
    Deviation("date-times are cut to milliseconds", "value-changed", "cut to milliseconds"),
    Deviation("date-times lose their offset", "value-changed", "offset of a date-time is dropped"),
    Deviation("participants change their places", "values-swapped", "participants"),
    Deviation("phone numbers are forgotten", "value-dropped", "phoneNumber"),
    Deviation("reasons are cut to 50 letters", "value-changed", "a long text is cut"),
    Deviation("empty texts become null", "value-dropped", "an empty text"),
    Deviation("every call is a real one", "value-changed", "isTest"),
    Deviation("ids are numbers", "reply-unreadable", "a number in the place of a text"),
    Deviation("no participants in replies", "reply-unreadable", "participants"),
    Deviation("a job is DONE", "unlisted-value", "/data/status"),
    Deviation("an upload that is not stored is a success", "reply-unreadable", "/data"),
)


class Model(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Participant(Model):
    """One of the two who spoke."""

    role: Literal["AGENT", "CUSTOMER"]
    name: str | None = None
    phone_number: str | None = None
    spoke_first: bool = False
    is_simulated: bool = False


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


class ToolInvocation(Model):
    """A tool that the agent called."""

    name: str
    parameters: dict[str, Any]
    result: str | dict[str, Any]
    start_offset_ms: int
    description: str | None = None
    end_offset_ms: int | None = None


class CallAnalysisRequest(Model):
    """A recording and who spoke."""

    recording_url: AnyUrl
    started_at: datetime
    interface_type: Literal["PHONE", "WEB"]
    call_direction: Literal["INBOUND", "OUTBOUND"]
    participants: Annotated[list[Participant], Field(min_length=2, max_length=2)]
    stereo_recording_url: AnyUrl | None = None
    ended_reason: str | None = None
    is_test: bool = False
    properties: dict[str, Any] | None = None
    vapi_call_id: str | None = None
    retell_call_id: str | None = None
    ended_status: EndedStatus | None = None
    tool_invocations: list[ToolInvocation] | None = None


class VapiCallRequest(Model):
    """A raw report, which is stored as it came."""

    vapi_end_of_call_report_payload: dict[str, Any]
    properties: dict[str, Any] | None = None
    skip_already_imported: bool = False


def application(deviation: str = "") -> FastAPI:
    """The server, with one deviation or none."""
    app = FastAPI()
    bearer = HTTPBearer(auto_error=False)
    imported: dict[str, str] = {}  # the ids of calls, by those that Vapi gave them

    async def authorized(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        if credentials is None or credentials.credentials != TOKEN:
            raise HTTPException(401, "Invalid token", headers={"WWW-Authenticate": "Bearer"})

    @app.post("/v1/call-analysis", dependencies=[Depends(authorized)], response_model=None)
    async def create_call_analysis(upload: CallAnalysisRequest, request: Request) -> JSONResponse:
        longest = max(len(each.name or "") for each in upload.participants)
        if deviation == "names of at most 40 letters" and longest > 40:
            raise HTTPException(422, "name is too long")
        if deviation == "fields that are not known are refused" and (await request.json()).keys() - known(upload):
            raise HTTPException(422, "extra fields not permitted")
        if deviation == "outbound calls are refused" and upload.call_direction == "OUTBOUND":
            raise HTTPException(400, "not supported yet")
        if deviation == "an upload that is not stored is a success" and upload.stereo_recording_url:
            return JSONResponse({"error": "stereo recordings are not supported"})
        call = {
            "id": 1_000_000 + uuid.uuid4().int % 1_000_000 if deviation == "ids are numbers" else str(uuid.uuid4()),
            "status": "IN_PROGRESS",
            "summary": None,
            "callDirection": upload.call_direction,
            "startedAt": written(upload.started_at, deviation),
            "endedAt": None,
            "durationMs": None,
            "endedReason": upload.ended_reason,
            "isTest": upload.is_test and deviation != "every call is a real one",
            "participants": [each.model_dump(by_alias=True) for each in upload.participants],
            "properties": upload.properties,
        }
        change(call, deviation)
        job = {"jobId": str(uuid.uuid4()), "status": "DONE" if deviation == "a job is DONE" else "PENDING"}
        return JSONResponse({"data": {**job, "call": call}})

    @app.post("/v1/vapi/call", dependencies=[Depends(authorized)])
    async def create_vapi_call(upload: VapiCallRequest) -> dict[str, Any]:
        report = upload.vapi_end_of_call_report_payload
        if not isinstance(report.get("type"), str) or not isinstance((report.get("call") or {}).get("id"), str):
            raise HTTPException(422, "this is no end-of-call report")
        call_id = report["call"]["id"]
        if not (upload.skip_already_imported and call_id in imported):
            imported[call_id] = str(uuid.uuid4())
        return {"data": {"callId": imported[call_id]}}

    return app


def known(upload: CallAnalysisRequest) -> set[str]:
    """The names of all fields of a model in JSON."""
    return {str(field.alias) for field in type(upload).model_fields.values()}


def written(when: datetime, deviation: str) -> str:
    """A date-time in a reply."""
    if deviation == "date-times are cut to milliseconds":
        return when.isoformat(timespec="milliseconds")
    if deviation == "date-times lose their offset":
        return when.replace(tzinfo=UTC).isoformat()
    return when.isoformat()


def change(call: dict[str, Any], deviation: str) -> None:
    """What some deviations make of a call that is to be replied."""
    match deviation:
        case "participants change their places":
            call["participants"].reverse()
        case "phone numbers are forgotten":
            for each in call["participants"]:
                del each["phoneNumber"]
        case "reasons are cut to 50 letters":
            call["endedReason"] = call["endedReason"] and call["endedReason"][:50]
        case "empty texts become null":
            call["endedReason"] = call["endedReason"] or None
            for each in call["participants"]:
                each["name"] = each["name"] or None
        case "no participants in replies":
            del call["participants"]
