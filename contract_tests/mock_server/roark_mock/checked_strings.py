"""Strings with a rule that msgspec does not know. They validate like any other type and say what they expected."""

import reprlib
from typing import Any, ClassVar

import msgspec

from roark_mock.formats import is_date_time, is_uri


class CheckedString(str):
    """A JSON string with a rule: `expected` names it, `accepts` decides it, `json_schema` states it."""

    expected: ClassVar[str]
    json_schema: ClassVar[dict[str, Any]]

    @classmethod
    def accepts(cls, text: str) -> bool:
        """Whether `text` keeps the rule."""
        raise NotImplementedError


class Uri(CheckedString):
    """`format: uri`."""

    expected = "a URI with a scheme (RFC 3986)"
    json_schema: ClassVar = {"type": "string", "format": "uri"}
    accepts = staticmethod(is_uri)


class DateTime(CheckedString):
    """`format: date-time`, the text as it came."""

    expected = "a date-time with an offset, such as 2025-02-11T01:04:32.737Z (RFC 3339)"
    json_schema: ClassVar = {"type": "string", "format": "date-time"}
    accepts = staticmethod(is_date_time)


class Choice(CheckedString):
    """One of `words`. Not an `Enum`, since msgspec does not say which values of an `Enum` it expected."""

    words: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        cls.expected = " or ".join(cls.words)
        cls.json_schema = {"type": "string", "enum": list(cls.words)}

    @classmethod
    def accepts(cls, text: str) -> bool:
        """Whether `text` is one of the words, letter by letter."""
        return text in cls.words


def check(kind: type, value: Any) -> CheckedString:
    """The `dec_hook` of msgspec: `value` as the `CheckedString` class `kind`.

    Raises TypeError if `value` is no string and ValueError if it breaks the rule; msgspec adds the path to both.
    """
    if not issubclass(kind, CheckedString):
        raise NotImplementedError(kind)
    try:
        text = msgspec.convert(value, str)
    except msgspec.ValidationError as error:
        raise TypeError(str(error)) from None
    if not kind.accepts(text):
        raise ValueError(f"Expected {kind.expected}, got {reprlib.repr(text)}")
    return kind(text)


def json_schema(kind: type) -> dict[str, Any]:
    """The `schema_hook` of msgspec: what JSON Schema says of the `CheckedString` class `kind`."""
    if not issubclass(kind, CheckedString):
        raise NotImplementedError(kind)
    return kind.json_schema
