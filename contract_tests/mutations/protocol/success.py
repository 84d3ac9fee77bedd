"""A server that answers a valid upload with another status, redirects it or fails now and then."""

from contract_tests.mutations.bends import CALLERS, Drifts, counted, failure, status, success, whole
from contract_tests.mutations.bent_server import Bend, Exchange, Reply


def redirect(number: int, location: str) -> Bend:
    """A bend that redirects every upload."""

    def bend(exchange: Exchange) -> Reply | None:
        reply = exchange.reply()
        if reply.status != 200:
            return reply
        return Reply(status=number, headers={"location": location.format(path=exchange.request.path)}, body=b"")

    return bend


DRIFTS: Drifts = {
    CALLERS: {
        "200 becomes 201": success(status(201)),
        "200 becomes 202": success(status(202)),
        "200 becomes 204 without a body": success(whole(204, None, b"")),
        "every second upload fails": lambda exchange: failure(503) if counted(exchange) % 2 else None,
        "uploads are redirected for good (301)": redirect(301, "https://example.com{path}"),
        "uploads are redirected (302)": redirect(302, "{path}/new"),
        "uploads are redirected, see other (303)": redirect(303, "{path}/1"),
        "uploads are redirected, keeping the method (307)": redirect(307, "https://example.com{path}"),
        "uploads are redirected for good, keeping the method (308)": redirect(308, "{path}/"),
    },
}
