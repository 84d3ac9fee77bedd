"""Bearer authentication (RFC 6750)."""

import hmac
import re
from collections.abc import Iterable

from roark_mock.errors import RefusalError

_TOKEN = re.compile(r"[!-~]+")
_CREDENTIALS = re.compile(r"bearer +(?P<token>.*)", re.IGNORECASE)


class BearerAuth:
    """Lets in who presents `token`: one or more visible ASCII characters. Raises ValueError for another token."""

    def __init__(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("a token is one or more visible ASCII characters, without spaces")
        self._token = token.encode()

    def admit(self, authorization: str | None) -> None:
        """Raise a RefusalError of status 401 unless `authorization`, the header's value, is `Bearer <token>`."""
        if authorization is None:
            raise _refusal("no Authorization header")
        credentials = _CREDENTIALS.fullmatch(authorization)
        if credentials is None:
            raise _refusal("an Authorization header of another form")
        # In constant time, so that how long the refusal takes does not tell how much of the token was right.
        if not hmac.compare_digest(credentials["token"].encode("latin-1"), self._token):
            raise _refusal("another token")


def without_token(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a request that was let in, as they may be kept."""
    return [(name, b"Bearer [token]" if name == b"authorization" else value) for name, value in headers]


def _refusal(got: str) -> RefusalError:
    return RefusalError(
        401, "unauthorized", f"Expected an Authorization header `Bearer <token>` with this server's token, got {got}."
    )
