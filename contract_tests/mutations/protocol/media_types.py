"""Media types of requests: a server that refuses one as HTTP allows it to be written, or takes another for JSON."""

from collections.abc import Callable

from contract_tests.mutations.bends import CALLERS, OPERATORS, Drifts, requests, supply
from contract_tests.mutations.bent_server import Bend, Request


def takes(change: Callable[[str], str]) -> Bend:
    """A bend that lets the mock see another media type, if there is one."""

    def bent(request: Request) -> None:
        if "content-type" in request.headers:
            request.headers["content-type"] = change(request.headers["content-type"])

    return requests(bent)


DRIFTS: Drifts = {
    CALLERS: {
        "charset is refused": takes(lambda value: value if ";" not in value else "text/plain"),
        "charset must be in small letters": takes(lambda value: value.replace("UTF-8", "x")),
        "a media type must be in small letters": takes(lambda value: value if value.islower() else "text/plain"),
        "quotes around a charset are refused": takes(lambda value: "x" if '"' in value else value),
    },
    OPERATORS: {
        "text/plain is read as JSON": takes(lambda value: value.replace("text/plain", "application/json")),
        "no media type is read as JSON": requests(lambda request: supply(request, "content-type", "application/json")),
        "every media type is read as JSON": requests(
            lambda request: request.headers.update({"content-type": "application/json"})
        ),
        "a form is read as JSON": takes(lambda value: value.replace("x-www-form-urlencoded", "json")),
    },
}
