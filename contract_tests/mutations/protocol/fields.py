"""A server that sends a field that nobody documented, or leaves out one that is documented."""

from contract_tests.mutations.bends import PARSERS, Drifts, counted, each_participant, ids, says

DRIFTS: Drifts = {
    PARSERS: {
        "a reply holds a field that nobody documented": ids(
            lambda exchange, data: data.update(workspaceId=f"ws_{counted(exchange)}")
        ),
        "participants hold a field that nobody documented": each_participant(
            lambda participant: participant.update(language="en")
        ),
        "a documented field is not sent": says(lambda _, call: call.pop("summary", None)),
        "a duration is not sent": says(lambda _, call: call.pop("durationMs", None)),
    },
}
