"""Media types: the one that a body names, and whether it is one that the contract documents."""

from __future__ import annotations

import codecs
import re
from fnmatch import fnmatchcase

import httpx

JSON = "application/json"

# They say no more of a body than that it is text, or bytes.
_ANY_TEXT, _ANY_BYTES = "text/plain", "application/octet-stream"
_XML = {"application/xml", "text/xml"}  # RFC 7303, 4.2: the same

_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([!#$%&'*+.^_`|~0-9A-Za-z-]+)", re.ASCII | re.IGNORECASE).search


def media_type(headers: httpx.Headers) -> str:
    """The media type that the headers of a reply name, without its parameters; empty where they name none."""
    return essence(headers.get("content-type", "").replace(",", ";"))  # one that comes twice is joined by a comma


def essence(text: str) -> str:
    """A media type without its parameters."""
    return text.partition(";")[0].strip().lower()


def charset_of(text: str) -> str:
    """The character set that a media type names; UTF-8 where it names none that Python knows as one of text."""
    named = _CHARSET(text)
    try:
        return codecs.lookup(named[1]).name if named and "x".encode(named[1]) else "utf-8"
    except (LookupError, UnicodeError):
        return "utf-8"


def is_json(name: str) -> bool:
    """Whether what comes under a media type is JSON (RFC 6839, 3.1)."""
    return name in (JSON, "text/json") or name.endswith("+json")


def is_within(name: str, documented: str) -> bool:
    """Whether a media type is the documented one, or within that range of several: `image/*`."""
    return fnmatchcase(name, essence(documented).replace("[", "[[]"))


def may_be(name: str, documented: str) -> bool:
    """Whether what comes under one media type may be text or bytes that are documented as another.

    HTML never is: pages of portals come in the place of any reply.
    """
    if is_within(name, documented):
        return True
    pair = {name, essence(documented)}
    both_are_text = all(kind.startswith("text/") for kind in pair)
    return name != "text/html" and (_ANY_BYTES in pair or pair == _XML or (both_are_text and _ANY_TEXT in pair))
