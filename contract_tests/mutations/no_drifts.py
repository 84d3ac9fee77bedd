"""What another server may do without any drift, and no run may take for one."""

import json
import re
from datetime import UTC
from typing import Any

from contract_tests.mutations.bends import (
    body,
    counted,
    error,
    error_of,
    header,
    ids,
    job_id,
    moved,
    requests,
    says,
    status,
    success,
    text,
)
from contract_tests.mutations.bent_server import Bend, Request


def in_utc(given: str) -> str:
    """The same instant, told in UTC; what Python cannot tell to the digit stays as it is."""
    if re.search(r"\.\d{7}|:60", given):
        return given
    return moved(lambda instant: instant.astimezone(UTC))(given)


def without_nulls(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Leave out what is null."""
    for value in (call, *call["participants"]):
        for name in [name for name, each in value.items() if each is None]:
            del value[name]


def analysed(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Tell what a server may know already."""
    call.update(summary="", endedAt="2025-02-11T02:00:00+01:00", durationMs=1.5, status="ENDED")
    for participant in call["participants"]:
        participant.setdefault("spokeFirst", False)
        participant.setdefault("isSimulated", False)


def with_nulls(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Say null of what was left out, where the contract allows it."""
    for participant in call["participants"]:
        participant.setdefault("name", None)
        participant.setdefault("phoneNumber", None)
    call.setdefault("properties", None)


def without_skipping(request: Request) -> None:
    """Know no call that was there before."""
    value = request.json
    if isinstance(value, dict) and value.get("skipAlreadyImported") is True:
        request.json = {**value, "skipAlreadyImported": False}


NO_DRIFTS: dict[str, Bend] = {
    "ids are in capitals": job_id(str.upper),
    "ids of Vapi calls are no UUIDs": ids(
        lambda exchange, data: data.update(callId=f"call_{counted(exchange)}") if "callId" in data else None
    ),
    "a skipped Vapi call gets an id of its own": requests(without_skipping),
    "instants are told in UTC": text("startedAt", in_utc),
    "a fraction ends in noughts": text("startedAt", lambda given: re.sub(r"(\.\d+)", r"\g<1>000", given)),
    "what is null is left out": says(without_nulls),
    "what was left out is null": says(with_nulls),
    "a call is analysed at once": says(analysed),
    "JSON is indented": success(body(lambda given: json.dumps(json.loads(given), indent=2).encode())),
    "JSON is ASCII": success(body(lambda given: json.dumps(json.loads(given)).encode())),
    "a success says UTF-8": success(header("content-type", "application/json; charset=utf-8")),
    "a success says UTF-8 in quotes": success(header("content-type", 'Application/JSON;charset="UTF-8"')),
    "400 is 422": error(status(422), 400),
    "405 is 404": error(status(404), 405),
    "errors have another shape, all of them": error(error_of({"message": "No.", "statusCode": 400})),
    "405 allows OPTIONS as well": error(header("allow", "OPTIONS,POST"), 405),
    "401 names a realm and an error": error(
        header("www-authenticate", 'Basic realm="a", Bearer realm="roark", error="invalid_token"'), 401
    ),
    "Retry-After is a date": error(header("retry-after", "Wed, 21 Oct 2099 07:28:00 GMT"), 429),
    "replies carry headers of their own": success(header("x-request-id", "req_1")),
}
