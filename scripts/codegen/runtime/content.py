"""The content of a body: JSON by its schema, or else text or bytes as they are, each under its media type."""

from __future__ import annotations

import contextlib
from decimal import Decimal, InvalidOperation
from json import JSONDecoder, JSONEncoder, detect_encoding
from math import isfinite
from typing import Any, Final, cast

from .arguments import Names, to_json
from .attempt import Reply
from .errors import ArgumentValueError
from .media_types import charset_of
from .notes import Notes, Place
from .reply_body import ReplyBodyError
from .schema import ANY, Schema, String
from .types import no_constant

MAX_DIGITS = 4300  # of an integer, as Python itself limits them


class Bytes(Schema):
    """The bytes of a body, whatever they mean."""

    expected = "bytes"
    types = (bytes,)

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        """As every schema does."""
        return value if type(value) is bytes else self.misfit(value, place, notes)

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        """As every schema does."""
        return bytes(cast("bytes", value)) if isinstance(value, bytes | bytearray | memoryview) else value


BYTES: Final = Bytes()
TEXT: Final = String()
"""The text of a body: a schema of its own, since a string of JSON stands in quotes."""


def is_written_as_json(schema: Schema) -> bool:
    """Whether a body of a schema is JSON."""
    return schema is not TEXT and schema is not BYTES


def encode_body(schema: Schema, value: Any, media_type: str, names: Names) -> bytes:
    """A value that fits a schema as the content of a body.

    Raises ArgumentTypeError or ArgumentValueError where it is none.
    """
    if schema is BYTES:
        content: bytes = value
        return content
    if schema is TEXT:
        charset = charset_of(media_type)
        try:
            return str(value).encode(charset)
        except UnicodeEncodeError:
            raise ArgumentValueError(f"body: expected text that can be written in {charset}") from None
    return _json_text(value, names)


def decode_body(schema: Schema, reply: Reply) -> Any:
    """The content of a reply as what its schema reads. Raises ReplyBodyError where it is none."""
    if schema is BYTES:
        return reply.content
    if schema is TEXT:
        charset = charset_of(reply.headers.get("content-type", ""))
        try:
            return reply.content.decode(charset)
        except UnicodeDecodeError as error:
            raise ReplyBodyError(f"its body is no text in {charset}: {error.reason} at byte {error.start}") from None
    return _json_value(reply)


def json_in_ascii(value: Any, name: str) -> str:
    """JSON text for a part of a request that holds no other letters.

    Raises ArgumentTypeError or ArgumentValueError where it is no JSON.
    """
    with contextlib.suppress(TypeError, ValueError):
        return _encode_ascii(value)
    return _encode_ascii(to_json(ANY, value, (None, name), ANY.names))


def _number(text: str) -> float:
    """A number with a fraction or an exponent; one that no float holds as the integer that it is."""
    number = float(text)
    if isfinite(number):
        return number
    with contextlib.suppress(InvalidOperation):  # an exponent that even a decimal does not hold
        exact = Decimal(text)
        if exact.adjusted() < MAX_DIGITS:
            return int(exact)
    raise ValueError(f"a number of more than {MAX_DIGITS} digits")


_decode = JSONDecoder(parse_constant=no_constant, parse_float=_number).decode
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_encode_ascii = JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def _json_value(reply: Reply) -> Any:
    if not reply.content:
        raise ReplyBodyError("it has no body")
    try:
        return _decode(reply.content.decode(detect_encoding(reply.content)))
    except (ValueError, RecursionError) as error:  # a JSONDecodeError and a UnicodeDecodeError are ValueErrors too
        raise ReplyBodyError(f"its body is no JSON: {error}") from None


def _json_text(value: Any, names: Names) -> bytes:
    """A value as JSON text. Where it is none, looks for the place, which may take long: it has failed already."""
    with contextlib.suppress(TypeError, ValueError):
        return _text(value)
    value = to_json(ANY, value, None, names)
    try:
        return _text(value)  # of what held another library's mappings or numbers
    except ValueError as error:  # an integer with more digits than Python writes
        raise ArgumentValueError(f"the body: {error}") from None


def _text(value: Any) -> bytes:
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can only carry escaped
        return _encode_ascii(value).encode()
