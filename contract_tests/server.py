"""The server under proof, and what becomes of a run when it stops answering."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import requests
from roark_mock import MockServer

REPLY_SECONDS = 10  # long for a reply, short enough that a server that hangs does not hold up the run
PATIENCE = 3  # requests that may go unanswered for that long before the server counts as lost

T = TypeVar("T")


class NoAnswerError(Exception):
    """A request got no answer: refused, reset, cut off or too late."""

    request: requests.PreparedRequest | None = None
    """The request, where it is known."""


class NotSentError(BaseException):
    """The gate kept a request back. No `Exception`, which clients and tests would take for a failure of the server."""


@dataclass
class Server:
    """The server of this run. `mock` is there when it is the embedded one, and tells what was received."""

    url: str
    token: str
    session: requests.Session
    mock: MockServer | None
    timeouts: int = 0
    lost: str | None = None
    """Why it no longer answers at all, once it does not."""
    served: dict[str, bool] = field(default_factory=dict)
    """The operations that it was asked for, by label, and whether it knows them."""

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> requests.Response:
        """One request with the token. No redirect is followed: it could lead to another machine."""
        return self.exchange(
            lambda: self.session.request(
                method,
                self.url + path,
                headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
                timeout=REPLY_SECONDS,
                allow_redirects=False,
                **body,
            )
        )

    def exchange(self, send: Callable[[], T]) -> T:
        """What `send` returns. Raises NoAnswerError where no answer comes; once the server is gone, at once.

        Of a server on another machine it raises NotSentError where the gate keeps the request back.
        """
        if self.lost:
            raise NoAnswerError(self.lost)
        try:
            answered = send()
            if getattr(answered, "status_code", 0) >= 500:
                self.session.close()  # many a server hangs up after it has failed: the next request would meet that
            return answered
        except (requests.RequestException, httpx.TransportError) as error:
            reason = f"{type(error).__name__}: {error}"
            self.timeouts += isinstance(error, requests.Timeout | httpx.TimeoutException)
        if self.timeouts >= PATIENCE or not self._answers():
            self.lost = f"the server no longer answers: {reason}"
        raise NoAnswerError(self.lost or f"no answer came: {reason}")

    def _answers(self) -> bool:
        try:
            self.session.get(self.url, timeout=REPLY_SECONDS / 2, allow_redirects=False)
        except requests.RequestException:
            return False
        except NotSentError:  # nobody has asked, so nothing is known against it
            return True
        return True
