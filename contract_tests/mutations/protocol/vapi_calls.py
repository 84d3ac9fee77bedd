"""A server that refuses or breaks at a valid Vapi call, or skips it wrongly: its messages, properties and its call."""

from typing import Any

from contract_tests.mutations.bends import CALLERS, Drifts, answers, failure, ids
from contract_tests.mutations.bent_server import Exchange, Reply
from contract_tests.mutations.uploads import messages, properties, sent


def conflict(exchange: Exchange) -> Reply:
    """Answer a call that came before, and is to be skipped, with an error."""
    reply = exchange.reply()
    if reply.status == 200 and sent(exchange.request).get("skipAlreadyImported") is True:
        calls = exchange.state.setdefault("calls", set())
        call = call_id(exchange)
        if call in calls:
            return failure(409)
        calls.add(call)
    return reply


def skipped_unasked(exchange: Exchange, data: dict[str, Any]) -> None:
    """Give each call the id that it got first."""
    if "callId" in data:
        data["callId"] = exchange.state.setdefault(f"first of {call_id(exchange)}", data["callId"])


def skipped_as_another(exchange: Exchange, data: dict[str, Any]) -> None:
    """Give whatever is to be skipped the id of the first upload."""
    if "callId" in data:
        first = exchange.state.setdefault("first", data["callId"])
        if sent(exchange.request).get("skipAlreadyImported") is True:
            data["callId"] = first


def call_id(exchange: Exchange) -> str:
    """What Vapi calls the call of an upload."""
    return str(sent(exchange.request)["vapiEndOfCallReportPayload"]["call"]["id"])


DRIFTS: Drifts = {
    CALLERS: {
        "no messages at all break the server": answers(
            500, lambda request: "vapiEndOfCallReportPayload" in sent(request) and not messages(request)
        ),
        "messages without content break the server": answers(
            500,
            lambda request: any(isinstance(each, dict) and not each.get("content") for each in messages(request)),
        ),
        "tool calls break the server": answers(
            500, lambda request: any(isinstance(each, dict) and "toolCalls" in each for each in messages(request))
        ),
        "properties that are arrays are refused": answers(
            400, lambda request: any(isinstance(each, list) for each in properties(request).values())
        ),
        "properties that are objects are refused": answers(
            400, lambda request: any(isinstance(each, dict) for each in properties(request).values())
        ),
        "properties that are numbers are refused": answers(
            400, lambda request: any(type(each) in (int, float) for each in properties(request).values())
        ),
        "properties that are null break the server": answers(500, lambda request: None in properties(request).values()),
        "more than 50 properties are refused": answers(400, lambda request: len(properties(request)) > 50),
        "an empty name of a property breaks the server": answers(500, lambda request: "" in properties(request)),
        "a name of a property with a dot breaks the server": answers(
            500, lambda request: any("." in name for name in properties(request))
        ),
        "a Vapi call without artifact and customer breaks the server": answers(
            500,
            lambda request: (
                (report := sent(request).get("vapiEndOfCallReportPayload")) is not None
                and not report.get("artifact")
                and not report.get("customer")
            ),
        ),
        "a Vapi call that ended when it started is refused": answers(
            400,
            lambda request: (
                (report := sent(request).get("vapiEndOfCallReportPayload")) is not None
                and isinstance(report.get("startedAt"), str)
                and report.get("startedAt") == report.get("endedAt")
            ),
        ),
        "a call that is to be skipped is a conflict": answers(
            409, lambda request: sent(request).get("skipAlreadyImported") is True
        ),
        "a call that is there is a conflict": conflict,
        "a call that is there is skipped unasked": ids(skipped_unasked),
        "a skipped call gets the id of another": ids(skipped_as_another),
        "a skipped call has no id": ids(
            lambda exchange, data: (
                data.pop("callId", None) if sent(exchange.request).get("skipAlreadyImported") is True else None
            )
        ),
    },
}
