"""The one shape of every error: `{"error": {"code": …, "message": …, "details": [{"path": …, "message": …}]}}`."""

from collections.abc import Sequence

from roark_mock.reply import Reply
from roark_mock.wire import Wire

# What RFC 9110 wants to see beside some statuses, and how long a client should wait, in seconds. What is allowed, which
# goes with 405, is up to the path.
HEADERS = {
    401: [(b"www-authenticate", b"Bearer")],
    429: [(b"retry-after", b"1")],
    503: [(b"retry-after", b"1")],
}


class Problem(Wire):
    """What is wrong with one value of the body; `path` is its JSON pointer (RFC 6901)."""

    path: str
    message: str


class Error(Wire):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str
    details: Sequence[Problem]


class ErrorBody(Wire):
    """The body of every error."""

    error: Error


class RefusalError(Exception):
    """The request is answered with an error.

    `code` is a snake_case word, `message` a sentence that says what was expected and what came. `headers` are those
    that its status usually has, unless given. With `hang_up`, the reply is the last on its connection.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Sequence[Problem] = (),
        headers: Sequence[tuple[bytes, bytes]] | None = None,
        hang_up: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details = details
        self.headers = HEADERS.get(status, ()) if headers is None else headers
        self.hang_up = hang_up

    def reply(self) -> Reply:
        """The refusal as it goes over the wire."""
        headers = [*self.headers, *([(b"connection", b"close")] if self.hang_up else ())]
        return Reply(
            self.status, ErrorBody(error=Error(code=self.code, message=str(self), details=self.details)), headers
        )
