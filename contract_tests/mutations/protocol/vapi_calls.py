"""A server that refuses or breaks at a valid Vapi call: its messages and its properties."""

from collections.abc import Iterator

from contract_tests.mutations.bends import CALLERS, answers, of_server
from contract_tests.mutations.change import ServerChange
from contract_tests.mutations.uploads import messages, properties, sent
from contract_tests.subject import Subject


def changes(_: Subject) -> Iterator[ServerChange]:
    """All of them."""
    yield from of_server(
        CALLERS,
        {
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
            "properties that are null break the server": answers(
                500, lambda request: None in properties(request).values()
            ),
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
        },
    )
