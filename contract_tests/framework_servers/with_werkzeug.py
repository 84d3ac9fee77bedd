"""A server as somebody writes it by hand with Werkzeug, which Flask is made of: few checks, errors as HTML."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge, Unauthorized
from werkzeug.wrappers import Request, Response

from contract_tests.framework_servers.deviation import Deviation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

TOKEN = "test-token"

DEVIATIONS = (
    Deviation("a participant without a name is a failure", "valid-request-fails", "participants|documented upload"),
    Deviation("bodies of at most 4 kB", "valid-request-refused", "a large value"),
    Deviation("date-times must end in Z", "valid-request-refused", "startedAt"),
    Deviation("letters beyond ASCII are lost", "value-changed", "beyond ASCII are lost"),
    Deviation("the vapi call has no id", "reply-unreadable", "missing"),
    Deviation("names are written in capitals", "value-changed", "case"),
    Deviation("reasons are forgotten", "value-dropped", "endedReason"),
)


def application(deviation: str = "") -> "WSGIApplication":
    """The server, with one deviation or none."""

    def answer(environ: dict[str, Any], start: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = dispatched(request, deviation)
        except HTTPException as error:
            response = error.get_response(environ)
        return response(environ, start)

    return answer


def dispatched(request: Request, deviation: str) -> Response:
    """The reply to a request. Raises an exception of Werkzeug's for what is wrong."""
    routes = {"/v1/call-analysis": create_call_analysis, "/v1/vapi/call": create_vapi_call}
    if request.path not in routes or request.method != "POST":
        raise NotFound
    if request.headers.get("Authorization") not in (f"Bearer {TOKEN}", f"bearer {TOKEN}"):
        raise Unauthorized
    body = request.get_data()
    if deviation == "bodies of at most 4 kB" and len(body) > 4096:
        raise RequestEntityTooLarge
    try:
        value = json.loads(body)
    except ValueError:
        raise BadRequest("this is no JSON") from None
    if not isinstance(value, dict):
        raise BadRequest("expected an object")
    try:
        return Response(json.dumps(routes[request.path](value, deviation)), mimetype="application/json")
    except (TypeError, AttributeError):  # of JSON of another shape
        raise BadRequest("something has another type than expected") from None


def create_call_analysis(value: Mapping[str, Any], deviation: str) -> dict[str, Any]:
    """Store a recording and who spoke."""
    for name, kind in (("recordingUrl", str), ("startedAt", str), ("participants", list)):
        if not isinstance(value.get(name), kind):
            raise BadRequest(f"{name} is missing")
    if value.get("interfaceType") not in ("PHONE", "WEB") or value.get("callDirection") not in ("INBOUND", "OUTBOUND"):
        raise BadRequest("interfaceType or callDirection is not known")
    if len(value["participants"]) != 2 or any(each.get("role") not in ROLES for each in value["participants"]):
        raise BadRequest("expected two participants with their roles")
    if deviation == "a participant without a name is a failure":
        assert all(each["name"] for each in value["participants"])
    ends_in_z = value["startedAt"].endswith("Z") or deviation != "date-times must end in Z"
    if not is_date_time(value["startedAt"]) or not ends_in_z:
        raise BadRequest("startedAt is no date-time")
    call = {
        "id": str(uuid.uuid4()),
        "status": "IN_PROGRESS",
        "callDirection": value["callDirection"],
        "startedAt": value["startedAt"],
        "endedReason": None if deviation == "reasons are forgotten" else value.get("endedReason"),
        "isTest": value.get("isTest", False),
        "participants": [{name: each[name] for name in KEPT if name in each} for each in value["participants"]],
        "properties": value.get("properties"),
    }
    for each in call["participants"]:
        if deviation == "letters beyond ASCII are lost" and each.get("name"):
            each["name"] = each["name"].encode("ascii", "replace").decode()
        if deviation == "names are written in capitals" and each.get("name"):
            each["name"] = each["name"].upper()
    return {"data": {"jobId": str(uuid.uuid4()), "status": "PENDING", "call": call}}


ROLES = ("AGENT", "CUSTOMER")
KEPT = ("role", "name", "phoneNumber", "spokeFirst", "isSimulated")


def is_date_time(text: str) -> bool:
    """Whether Python reads it, which takes more than RFC 3339 does."""
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def create_vapi_call(value: Mapping[str, Any], deviation: str) -> dict[str, Any]:
    """Store a raw report."""
    report = value.get("vapiEndOfCallReportPayload")
    if not isinstance(report, dict) or "type" not in report or not isinstance(report.get("call"), dict):
        raise BadRequest("this is no end-of-call report")
    return {"data": {} if deviation == "the vapi call has no id" else {"callId": str(uuid.uuid4())}}
