"""The two small types that every part of the client shares: an argument left out, and a reply with its envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, Literal, TypeVar, final

from attrs import field, frozen

if TYPE_CHECKING:
    import httpx

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
    headers: httpx.Headers
    content: bytes = field(repr=False)
    parsed: T
    attempts: int = 1

    @property
    def text(self) -> str:
        """The body as text, unreadable bytes replaced."""
        return self.content.decode("utf-8", "replace")

    def parse(self) -> T:
        """The model, by the name that the vendor's SDK has for it."""
        return self.parsed
