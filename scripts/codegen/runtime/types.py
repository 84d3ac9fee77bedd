"""The two small types that every part of the client shares: an argument left out, and a reply with its envelope."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NoReturn, TypeVar, final

from attrs import field, frozen

if TYPE_CHECKING:
    import httpx

    from .masking import SentRequest

__all__ = ["UNSET", "Response", "Unset"]

T = TypeVar("T")


@final
class Unset:
    """The type of `UNSET`, an argument that was left out. Not the same as None, which is sent as null."""

    _only: Unset | None = None

    def __new__(cls) -> Unset:
        """The only one there is."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> tuple[type[Unset], tuple[()]]:
        return Unset, ()


UNSET: Final = Unset()


@frozen
class Response(Generic[T]):
    """A successful reply: its status, its headers, its body as bytes (decompressed), and the model read from it.

    `attempts`: how often the request was sent until then. More than one after `UNKNOWN` may have doubled the upload.
    """

    status_code: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)
    parsed: T
    attempts: int = 1
    _sent: SentRequest | None = field(default=None, kw_only=True, alias="_sent", repr=False, eq=False)

    @property
    def text(self) -> str:
        """The body as text, in the character set that it names or UTF-8, unreadable bytes replaced."""
        from .media_types import charset_of  # here, since the models import this module, and need no httpx

        return self.content.decode(charset_of(self.headers.get("content-type", "")), "replace")

    def json(self) -> Any:
        """The JSON value of the body. Raises ValueError where it is no JSON."""
        return json.loads(self.content, parse_constant=no_constant)

    def parse(self) -> T:
        """The model, by the name that the vendor's SDK has for it."""
        return self.parsed

    @property
    def retries_taken(self) -> int:
        """How often the request was sent again."""
        return self.attempts - 1

    @property
    def http_request(self) -> httpx.Request:
        """The request that was sent last, made anew each time it is asked for, with its secret headers masked.

        Raises RuntimeError where this was made by hand.
        """
        if self._sent is None:
            raise RuntimeError("this Response was made by hand, and not of a reply: no request is known")
        return self._sent.shown()

    @property
    def http_response(self) -> httpx.Response:
        """The reply as httpx has one, made anew each time it is asked for.

        Its request is `http_request`; one that was made by hand has none. Without the headers that describe the bytes
        on the network, since its body is decompressed, and without the token, should the server have echoed it.
        """
        from .reply_body import response_read  # here, since the models import this module, and need no httpx

        request = None if self._sent is None else self._sent.shown()
        return response_read(self.status_code, *self._shown(), request)

    def _shown(self) -> tuple[list[tuple[bytes, bytes]], bytes]:
        """The headers and the body without the token, should the server have echoed it."""
        if self._sent is None:
            return self.headers.raw, self.content
        mask = self._sent.mask()
        return mask.headers(self.headers), mask.data(self.content)

    def __reduce__(self) -> tuple[object, ...]:
        shown, content = self._shown()
        headers = type(self.headers)(shown)
        return _response, (self.status_code, headers, content, self.parsed, self.attempts, self._sent)

    @property
    def method(self) -> str:
        """The method of the request, as `http_request` has it."""
        return self.http_request.method

    @property
    def url(self) -> httpx.URL:
        """The URL of the request, as `http_request` has it."""
        return self.http_request.url


def _response(
    status_code: int, headers: httpx.Headers, content: bytes, parsed: T, attempts: int, sent: SentRequest | None
) -> Response[T]:
    """A copy of a response, as `copy` and `pickle` make it."""
    return Response(status_code, headers, content, parsed, attempts, _sent=sent)


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(f"{name} is no JSON")
