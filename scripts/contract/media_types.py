"""Media types, as the keys of `content` name them."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_IS_ONE = re.compile(
    r"""[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+
    (?:[ ]*;[ ]*[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"[^"\\\x00-\x1f\x7f-\U0010ffff]*"))*""",
    re.ASCII | re.VERBOSE,
).fullmatch

_TEXT = {
    "application/xml", "application/yaml", "application/x-yaml", "application/jsonl", "application/x-ndjson",
    "application/javascript", "application/graphql", "application/x-sh", "application/sql", "application/toml",
}  # fmt: skip


class Form(StrEnum):
    """How the client sends and reads what comes under a media type."""

    JSON = "JSON"
    TEXT = "text"
    BYTES = "bytes"
    FIELDS = "fields of a form"
    """Which it cannot."""


PLAIN = {Form.JSON: "application/json", Form.TEXT: "text/plain", Form.BYTES: "application/octet-stream"}


def essence(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether what comes under it is JSON (RFC 6839, 3.1)."""
    name = essence(media_type)
    return name in ("application/json", "text/json") or name.endswith("+json")


def is_range(media_type: str) -> bool:
    """Whether it stands for several: `image/*`."""
    return essence(media_type).endswith("/*")


def is_media_type(text: str) -> bool:
    """Whether text is a media type, or a range of them, as a header names one (RFC 9110, 8.3.1)."""
    return _IS_ONE(text) is not None


def form_of(media_type: str, schema: Any) -> Form:
    """How what comes under it is sent and read, by its name alone; where that is any, by its schema, followed."""
    name = essence(media_type)
    if name == "application/x-www-form-urlencoded" or name.startswith("multipart/"):
        return Form.FIELDS
    if is_json(name):
        return Form.JSON
    if name in ("*/*", "application/*"):
        return _form_of_any(schema)
    return Form.TEXT if name.startswith("text/") or name in _TEXT or name.endswith(("+xml", "+yaml")) else Form.BYTES


def _form_of_any(schema: Any) -> Form:
    if not isinstance(schema, Mapping) or not schema:
        return Form.BYTES
    if schema.get("type") != "string":
        return Form.JSON
    is_encoded = schema.get("format") in ("binary", "byte") or schema.keys() & {"contentMediaType", "contentEncoding"}
    return Form.BYTES if is_encoded else Form.TEXT
