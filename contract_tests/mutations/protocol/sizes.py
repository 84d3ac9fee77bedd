"""A server that cannot take what is large, long or deep."""

import time

from contract_tests.mutations.bends import CALLERS, Drifts, answers, counted
from contract_tests.mutations.bent_server import Exchange
from contract_tests.mutations.uploads import depth, messages, sent


def slow_when_long(exchange: Exchange) -> None:
    """Need longer than any client waits for a large upload."""
    if len(exchange.request.body) > 60_000 and counted(exchange) == 1:
        time.sleep(11)


DRIFTS: Drifts = {
    CALLERS: {
        "bodies of more than 64 KiB are refused": answers(413, lambda request: len(request.body) > 65_536),
        "bodies of more than 64 KiB are answered too late": slow_when_long,
        "more than 100 messages are refused": answers(400, lambda request: len(messages(request)) > 100),
        "more than 200 messages break the server": answers(500, lambda request: len(messages(request)) > 200),
        "what nests deeper than 50 is refused": answers(400, lambda request: depth(sent(request)) > 50),
    },
}
