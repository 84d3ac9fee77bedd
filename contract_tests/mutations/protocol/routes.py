"""Methods and paths: a server that takes one that is not documented, or breaks at it."""

from collections.abc import Callable

from contract_tests.mutations.bends import OPERATORS, Drifts, error, failure, requests, status
from contract_tests.mutations.bent_server import Bend, Exchange, Reply, Request


def method_as_post(method: str) -> Bend:
    """A bend that takes one method for the documented one."""

    def bend(exchange: Exchange) -> Reply | None:
        if exchange.request.method != method:
            return None
        exchange.request.method = "POST"
        reply = exchange.reply()
        if method == "HEAD":
            reply.headers["content-length"], reply.body = str(len(reply.body)), b""
        return reply

    return bend


def path_as(change: Callable[[str], str]) -> Bend:
    """A bend that routes another path than came."""

    def bent(request: Request) -> None:
        request.path = change(request.path)

    return requests(bent)


DRIFTS: Drifts = {
    OPERATORS: {
        "GET is accepted": method_as_post("GET"),
        "PUT is accepted": method_as_post("PUT"),
        "PATCH is accepted": method_as_post("PATCH"),
        "DELETE is accepted": method_as_post("DELETE"),
        "HEAD is accepted": method_as_post("HEAD"),
        "OPTIONS breaks the server": lambda exchange: failure(500) if exchange.request.method == "OPTIONS" else None,
        "a slash behind the path is accepted": path_as(lambda path: path.removesuffix("/")),
        "a slash behind the path is redirected": lambda exchange: (
            Reply(status=307, headers={"location": exchange.request.path[:-1]}, body=b"")
            if exchange.request.path.endswith("/")
            else None
        ),
        "a path in capitals is accepted": path_as(str.lower),
        "two slashes are one": path_as(lambda path: path.replace("//", "/")),
        "what lies below a path is accepted": path_as(lambda path: path.removesuffix("/1")),
        "an extension of a path is ignored": path_as(lambda path: path.removesuffix(".json")),
        "every version is accepted": path_as(lambda path: path.replace("/v2/", "/v1/")),
        "an unknown path breaks the server": error(status(500), 404),
    },
}
