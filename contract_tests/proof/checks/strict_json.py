"""Reading JSON as RFC 8259 has it: UTF-8 without a byte order mark, no NaN, no name twice, nothing after the value.

Python's own reader, and that of requests, takes all of these.
"""

import json
from typing import Any, NoReturn

from contract_tests.proof.same_value import NOTHING

SHOWN = 60  # bytes of a body that a message shows


class NotJsonError(Exception):
    """The bytes are no JSON; the message says what was found."""


def read(content: bytes) -> Any:
    """The value that `content` holds. Raises NotJsonError."""
    if not content:
        raise NotJsonError("an empty body")
    if content.startswith(b"\xef\xbb\xbf"):
        raise NotJsonError("a byte order mark before the JSON")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise NotJsonError(f"bytes that are not UTF-8 at {error.start}: {_shown(content, error.start)}") from None
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"no JSON, {error.msg} at character {error.pos}: {text[: error.pos][-SHOWN:]!r}") from None
    except RecursionError:
        raise NotJsonError("JSON that nests too deeply to be read") from None
    except ValueError as error:  # a number of thousands of digits
        raise NotJsonError(f"JSON that Python does not read: {error}") from None


def value_of(content: bytes) -> Any:
    """The value that `content` holds; NOTHING where it is no JSON."""
    try:
        return read(content)
    except NotJsonError:
        return NOTHING


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name}, which is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise NotJsonError(f"an object that holds {repeated!r} twice")
    return value


def _shown(content: bytes, at: int) -> str:
    return repr(content[max(0, at - SHOWN // 2) : at + SHOWN // 2])
