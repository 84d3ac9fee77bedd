"""Keeping the token out of all that is shown: text, bytes, headers, requests, and exceptions."""

from __future__ import annotations

import re
from typing import cast

import httpx

MASK = "[masked]"
SHORTEST = 4  # letters of a token that is hidden; a shorter one hides nothing and stands in every text
_SECRET_HEADERS = {b"authorization", b"proxy-authorization", b"cookie"}


class Mask:
    """Hides the tokens of a request wherever they stand: with the escapes of JSON or of a URL, or in UTF-16.

    They are what its secret headers carry, and the `token` of the client, which a caller may send in another place.
    """

    def __init__(self, request: httpx.Headers, secret_header: str, token: str | None) -> None:
        self._secret_headers = {*_SECRET_HEADERS, secret_header.lower().encode()}
        values = [
            value.decode("ascii", "replace") for name, value in request.raw if name.lower() in self._secret_headers
        ]
        tokens = {value.split()[-1] for value in values if value.strip()}  # what follows `Bearer`
        tokens = {each for each in (*tokens, token or "") if len(each) >= SHORTEST}
        self._token = re.compile("|".join(map(_pattern, tokens)).encode()) if tokens else None

    def data(self, content: bytes) -> bytes:
        """Bytes without the token."""
        return content if self._token is None else self._token.sub(MASK.encode(), content)

    def text(self, text: str) -> str:
        """Text without the token."""
        return self.data(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def headers(self, headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
        """Headers without the token, and without what the secret ones say."""
        return [(name, MASK.encode() if self._is_secret(name) else self.data(value)) for name, value in headers.raw]

    def _is_secret(self, header: bytes) -> bool:
        return header.lower() in self._secret_headers

    def exception(
        self,
        error: Exception | None,
        request: httpx.Request,
        response: httpx.Response | None,
        callers: BaseException | None,
    ) -> Exception | None:
        """An exception and its causes without what may hold the token: messages, frames, httpx's own objects.

        `callers`: what the caller was handling when the call began. It stays as it is.
        """
        seen = {id(callers)}
        waiting: list[object] = [error]
        while waiting:
            each = waiting.pop()
            if not isinstance(each, BaseException) or id(each) in seen:
                continue
            seen.add(id(each))
            each.__traceback__ = None  # whose frames hold the request
            waiting += [
                each.__cause__,
                each.__context__,
                *each.args,
                *(cast("tuple[object, ...]", each.exceptions) if isinstance(each, BaseExceptionGroup) else ()),
            ]
            each.args = tuple(self.text(one) if isinstance(one, str) else one for one in each.args)
            if isinstance(each, httpx.RequestError | httpx.HTTPStatusError):
                each.request = request
            if isinstance(each, httpx.HTTPStatusError) and response is not None:
                each.response = response
        return error


class Sent:
    """A request as it went out, which shows itself without its token. What it shows is made when it is asked for."""

    __slots__ = ("_content", "_headers", "_method", "_secret_header", "_token", "_url")

    def __init__(
        self,
        method: str,
        url: httpx.URL,
        headers: httpx.Headers,
        content: bytes,
        secret_header: str,
        token: str | None = None,
    ) -> None:
        self._method, self._url, self._headers, self._content = method, url, headers, content
        self._secret_header, self._token = secret_header, token

    def mask(self) -> Mask:
        """What keeps its token out of other things."""
        return Mask(self._headers, self._secret_header, self._token)

    def shown(self) -> httpx.Request:
        """The request, in which the token and the secret headers are masked."""
        mask, url = self.mask(), self._url
        query = mask.data(url.query)
        if query != url.query:
            url = url.copy_with(query=query)
        return httpx.Request(self._method, url, headers=mask.headers(self._headers), content=self._content)

    def __reduce__(self) -> tuple[object, ...]:
        request = self.shown()  # which is all that a copy or a pickle may hold
        return Sent, (request.method, request.url, request.headers, self._content, self._secret_header)


def _pattern(token: str) -> str:
    """A regular expression for a token in any of these spellings."""
    letters = ((re.escape(each), ord(each)) for each in token)
    # Every alternative begins with one letter, a backslash or a percent sign, which makes the search fast.
    return r"\x00*".join(
        rf"(?:{letter}|\\{letter}|\\u{code:04x}|\\u{code:04X}|%{code:02x}|%{code:02X})" for letter, code in letters
    )
