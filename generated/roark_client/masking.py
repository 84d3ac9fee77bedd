"""Keeping the token out of all that an error shows: text, bytes, headers, and the exceptions that caused it."""

from __future__ import annotations

import re

import httpx

MASK = "[masked]"
_SECRET_HEADERS = {b"authorization", b"proxy-authorization", b"cookie"}


class Mask:
    """Hides a token, also where a server echoes it: with JSON's escapes, or in UTF-16."""

    def __init__(self, token: str | None, secret_header: str) -> None:
        self._secret_headers = {*_SECRET_HEADERS, secret_header.lower().encode()}
        # Every alternative begins with one letter, which makes the search fast.
        letters = (
            rf"(?:{letter}|\\{letter}|\\u{code:04x}|\\u{code:04X})"
            for letter, code in ((re.escape(each), ord(each)) for each in token or "")
        )
        self._token = re.compile(r"\x00*".join(letters).encode()) if token else None

    def data(self, content: bytes) -> bytes:
        """Bytes without the token."""
        return content if self._token is None else self._token.sub(MASK.encode(), content)

    def text(self, text: str) -> str:
        """Text without the token."""
        return self.data(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def headers(self, headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
        """Headers without the token, and without what the secret ones say."""
        return [
            (name, MASK.encode() if name.lower() in self._secret_headers else self.data(value))
            for name, value in headers.raw
        ]

    def exception(
        self, error: Exception | None, request: httpx.Request, response: httpx.Response | None
    ) -> Exception | None:
        """An exception and its causes without what may hold the token: messages, frames, httpx's own objects."""
        seen: set[int] = set()
        waiting: list[object] = [error]
        while waiting:
            each = waiting.pop()
            if not isinstance(each, BaseException) or id(each) in seen:
                continue
            seen.add(id(each))
            each.__traceback__ = None  # whose frames hold the request
            waiting += [each.__cause__, each.__context__, *each.args, *getattr(each, "exceptions", ())]
            each.args = tuple(self.text(one) if isinstance(one, str) else one for one in each.args)
            if isinstance(each, httpx.RequestError | httpx.HTTPStatusError):
                each.request = request
            if isinstance(each, httpx.HTTPStatusError) and response is not None:
                each.response = response
        return error
