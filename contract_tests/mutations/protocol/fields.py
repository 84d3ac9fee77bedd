"""A server that sends a field that nobody documented, or leaves out one that is documented."""

from contract_tests.mutations.bends import PARSERS, Drifts, counted, each_participant, says, success
from contract_tests.mutations.bent_server import Exchange, Reply


def unknown_field(exchange: Exchange, reply: Reply) -> None:
    """Send a field that nobody documented."""
    document = reply.json
    document["data"]["workspaceId"] = f"ws_{counted(exchange)}"
    reply.json = document


DRIFTS: Drifts = {
    PARSERS: {
        "a reply holds a field that nobody documented": success(unknown_field),
        "participants hold a field that nobody documented": each_participant(
            lambda participant: participant.update(language="en")
        ),
        "a documented field is not sent": says(lambda _, call: call.pop("summary", None)),
        "a duration is not sent": says(lambda _, call: call.pop("durationMs", None)),
    },
}
