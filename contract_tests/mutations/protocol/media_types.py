"""Media types of requests: a server that refuses one as HTTP allows it to be written, or takes another for JSON."""

from collections.abc import Callable, Iterator

from contract_tests.mutations.bends import CALLERS, OPERATORS, of_server, requests, supply
from contract_tests.mutations.bent_server import Bend, Request
from contract_tests.mutations.change import ServerChange
from contract_tests.subject import Subject


def changes(_: Subject) -> Iterator[ServerChange]:
    """All of them."""
    yield from of_server(
        CALLERS,
        {
            "charset is refused": takes("content-type", lambda value: value if ";" not in value else "text/plain"),
            "charset must be in small letters": takes("content-type", lambda value: value.replace("UTF-8", "x")),
            "a media type must be in small letters": takes(
                "content-type", lambda value: value if value.islower() else "text/plain"
            ),
            "quotes around a charset are refused": takes("content-type", lambda value: "x" if '"' in value else value),
        },
    )
    yield from of_server(
        OPERATORS,
        {
            "text/plain is read as JSON": takes(
                "content-type", lambda value: value.replace("text/plain", "application/json")
            ),
            "no media type is read as JSON": requests(
                lambda request: supply(request, "content-type", "application/json")
            ),
            "every media type is read as JSON": requests(
                lambda request: request.headers.update({"content-type": "application/json"})
            ),
            "a form is read as JSON": takes(
                "content-type", lambda value: value.replace("x-www-form-urlencoded", "json")
            ),
        },
    )


def takes(name: str, change: Callable[[str], str]) -> Bend:
    """A bend that lets the mock see another value of a header, if there is one."""

    def bent(request: Request) -> None:
        if name in request.headers:
            request.headers[name] = change(request.headers[name])

    return requests(bent)
