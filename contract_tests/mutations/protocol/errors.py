"""Errors: a server that answers what it refuses with another status, shape or header."""

from contract_tests.mutations.bends import OPERATORS, Drifts, error, error_of, header, status, whole
from contract_tests.mutations.bent_server import Exchange, Reply


def error_as_success(_: Exchange, reply: Reply) -> None:
    """Say of an error that all went well."""
    reply.status = 200


DRIFTS: Drifts = {
    OPERATORS: {
        "401 becomes 403": error(status(403), 401),
        "401 becomes 404": error(status(404), 401),
        "400 becomes 500": error(status(500), 400),
        "400 becomes 200 with the error in it": error(error_as_success, 400),
        "401 becomes 200 with the error in it": error(error_as_success, 401),
        "404 becomes a redirect to a page of help": error(
            whole(302, "text/html", b"", location="https://example.com"), 404
        ),
        "errors are HTML": error(whole(None, "text/html", b"<h1>Error</h1>")),
        "errors are problem+json": error(header("content-type", "application/problem+json")),
        "errors have no media type": error(header("content-type", None)),
        "a 404 is plain text": error(whole(404, "text/plain", b"Not Found"), 404),
        "a 401 has another shape": error(error_of({"message": "Unauthorized"}), 401),
        "a 405 has another shape": error(error_of({"detail": "Method Not Allowed"}), 405),
        "the error of a 415 is a text": error(error_of({"error": "unsupported media type"}), 415),
        "a 404 holds a field more": error(error_of({"error": {}, "requestId": "req_1"}), 404),
        "a 400 is a list": error(error_of([{"error": "no"}]), 400),
        "405 without Allow": error(header("allow", None), 405),
        "405 allows what it refuses": error(
            lambda exchange, reply: reply.headers.update(allow=f"POST, {exchange.request.method}"), 405
        ),
        "405 does not allow POST": error(header("allow", "OPTIONS"), 405),
        "401 without WWW-Authenticate": error(header("www-authenticate", None), 401),
        "401 asks for Basic": error(header("www-authenticate", 'Basic realm="roark"'), 401),
        "429 without Retry-After": error(header("retry-after", None), 429),
        "Retry-After in words": error(header("retry-after", "soon"), 429),
        "a negative Retry-After": error(header("retry-after", "-1"), 429),
        "Retry-After as a date of ISO 8601": error(header("retry-after", "2030-01-01T00:00:00Z"), 503),
    },
}
