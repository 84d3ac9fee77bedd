"""JSON pointers (RFC 6901): the places of a document, as text."""

from collections.abc import Iterable
from typing import Any


def json_pointer(parts: Iterable[str | int]) -> str:
    """The JSON pointer of a path of keys and indexes; the empty path is the empty text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def pointer_parts(pointer: str) -> list[str]:
    """The keys and indexes of a JSON pointer, all as text."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def value_at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer of a document. Raises LookupError or TypeError where nothing does."""
    for part in pointer_parts(pointer):
        document = document[int(part)] if isinstance(document, list) and part.isdecimal() else document[part]
    return document


def value_or_none(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer of a document; None where nothing does."""
    try:
        return value_at(document, pointer)
    except (LookupError, TypeError, ValueError):
        return None
