"""Keeping credentials out of all that is shown: text, bytes, headers, URLs, requests, exceptions, and httpx's log."""

from __future__ import annotations

import logging
import re
from typing import cast
from urllib.parse import unquote_plus

import httpx

from .security import Secrets

MASK = "[masked]"
SHORTEST = 4  # letters of a token that is hidden; a shorter one hides nothing and stands in every text
_SECRET_HEADERS = {b"authorization", b"proxy-authorization", b"cookie"}


class Mask:
    """Hides the tokens of a request wherever they stand: with the escapes of JSON or of a URL, or in UTF-16.

    They are what its secret headers carry, and the secrets of the client, which a caller may send in another place.
    """

    def __init__(self, request: httpx.Headers, secrets: Secrets) -> None:
        self._secrets = secrets
        values = [value.decode("ascii", "replace") for name, value in request.raw if self._is_secret(name)]
        tokens = {value.split()[-1] for value in values if value.strip()}  # what follows `Bearer`
        tokens = {token for token in (*tokens, *secrets.texts) if len(token) >= SHORTEST}
        # The longest first, since one may begin with another.
        patterns = map(_pattern, sorted(tokens, key=len, reverse=True))
        self._token = re.compile("|".join(patterns).encode()) if tokens else None

    def data(self, content: bytes) -> bytes:
        """Bytes without the token."""
        return content if self._token is None else self._token.sub(MASK.encode(), content)

    def text(self, text: str) -> str:
        """Text without the token."""
        return self.data(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def headers(self, headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
        """Headers without the token, and without what the secret ones say."""
        return [(name, MASK.encode() if self._is_secret(name) else self.data(value)) for name, value in headers.raw]

    def url(self, url: httpx.URL) -> httpx.URL:
        """A URL without the token, and without what the secret parameters of its query say."""
        query = self.data(b"&".join(map(self._parameter, url.query.split(b"&"))))
        return url if query == url.query else url.copy_with(query=query)

    def _parameter(self, text: bytes) -> bytes:
        name, _, _ = text.partition(b"=")
        is_secret = bool(self._secrets.query) and unquote_plus(name.decode("ascii", "replace")) in self._secrets.query
        return name + b"=" + MASK.encode() if is_secret else text

    def _is_secret(self, header: bytes) -> bool:
        return header.lower() in _SECRET_HEADERS or header.lower() in self._secrets.headers

    def exception(
        self,
        error: Exception | None,
        request: httpx.Request,
        response: httpx.Response | None,
        handled: BaseException | None,
    ) -> Exception | None:
        """An exception and its causes without what may hold the token: messages, frames, httpx's own objects.

        `handled`: what the caller was handling when the call began. It stays as it is.
        """
        seen = {id(handled)}
        waiting: list[object] = [error]
        while waiting:
            exception = waiting.pop()
            if not isinstance(exception, BaseException) or id(exception) in seen:
                continue
            seen.add(id(exception))
            exception.__traceback__ = None  # whose frames hold the request
            waiting += [
                exception.__cause__,
                exception.__context__,
                *exception.args,
                *(
                    cast("tuple[object, ...]", exception.exceptions)
                    if isinstance(exception, BaseExceptionGroup)
                    else ()
                ),
            ]
            exception.args = tuple(self.text(value) if isinstance(value, str) else value for value in exception.args)
            if isinstance(exception, httpx.RequestError | httpx.HTTPStatusError):
                exception.request = request
            if isinstance(exception, httpx.HTTPStatusError) and response is not None:
                exception.response = response
        return error


class SentRequest:
    """A request as it went out, which shows itself without its secrets. What it shows is made when it is asked for."""

    __slots__ = ("_content", "_headers", "_method", "_secrets", "_url")

    def __init__(self, method: str, url: httpx.URL, headers: httpx.Headers, content: bytes, secrets: Secrets) -> None:
        self._method, self._url, self._headers, self._content = method, url, headers, content
        self._secrets = secrets

    def mask(self) -> Mask:
        """The mask that keeps its secrets out of other things."""
        return Mask(self._headers, self._secrets)

    def shown(self) -> httpx.Request:
        """The request, in which all that is secret is masked."""
        mask = self.mask()
        return httpx.Request(
            self._method, mask.url(self._url), headers=mask.headers(self._headers), content=self._content
        )

    def __reduce__(self) -> tuple[object, ...]:
        request = self.shown()  # which is all that a copy or a pickle may hold
        secrets = Secrets(headers=self._secrets.headers, query=self._secrets.query)
        return SentRequest, (request.method, request.url, request.headers, self._content, secrets)


class URLWithSecret(httpx.URL):
    """A URL that may hold a credential, which httpx's own log must not show. To all others it is what it is."""

    sent: SentRequest


def keep_from_log(request: httpx.Request, secrets: Secrets) -> None:
    """See to it that httpx, which logs the URL of each request, shows no credential in it."""
    if secrets.query:
        url = URLWithSecret(request.url)
        url.sent = SentRequest(request.method, request.url, request.headers, b"", secrets)
        request.url = url


def _masked(record: logging.LogRecord) -> bool:
    """Mask the URLs in a line of httpx's log."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            argument.sent.shown().url if isinstance(argument, URLWithSecret) else argument for argument in record.args
        )
    return True


logging.getLogger("httpx").addFilter(_masked)


def _pattern(token: str) -> str:
    """A regular expression for a token in any of these spellings."""
    letters = ((r"(?:\ |\+)" if letter == " " else re.escape(letter), ord(letter)) for letter in token)
    # Every alternative begins with one letter, a backslash or a percent sign, which makes the search fast.
    return r"\x00*".join(
        rf"(?:{letter}|\\{letter}|\\u{code:04x}|\\u{code:04X}|%{code:02x}|%{code:02X})" for letter, code in letters
    )
