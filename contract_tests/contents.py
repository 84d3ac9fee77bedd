"""What requests and replies of an operation hold by its contract: under which media types, and in which form.

The proof says by itself what comes under a media type, as the client does.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from scripts.contract import Body, MediaType, Operation, essence


class Form(StrEnum):
    """What the content of a body is read as."""

    JSON = "JSON"
    TEXT = "text"
    BYTES = "bytes"


# Those of text beside `text/…` and what ends as they do.
_TEXTS = frozenset(
    {
        "application/xml", "application/yaml", "application/x-yaml", "application/jsonl", "application/x-ndjson",
        "application/javascript", "application/graphql", "application/x-sh", "application/sql", "application/toml",
    }
)  # fmt: skip

_FORMS = ("application/x-www-form-urlencoded", "multipart/")

_CHARSET = re.compile(r';\s*charset="?([\w.:-]+)', re.ASCII | re.IGNORECASE)

WITHOUT_CONTENT = ("204", "205", "304")  # RFC 9110, whatever a contract says


@dataclass(frozen=True)
class Content:
    """What a request or a reply may hold. `schema` is the JSON pointer of its schema, or where it would be."""

    media_type: str
    form: Form
    schema: str

    @property
    def sent_as(self) -> str:
        """A media type of those that it stands for."""
        kind, _, rest = self.media_type.partition("/")
        if not rest.startswith("*"):
            return self.media_type
        usual = {Form.JSON: "application/json", Form.TEXT: "text/plain", Form.BYTES: "application/octet-stream"}
        return usual[self.form] if kind in ("*", "application", "text") else f"{kind}/x-any"

    def encoded(self, value: Any) -> bytes:
        """A value as bytes; JSON in ASCII, since half a surrogate pair cannot be written otherwise."""
        match self.form:
            case Form.JSON:
                return json.dumps(value).encode()
            case Form.TEXT:
                return str(value).encode(charset(self.media_type))
            case Form.BYTES:
                return bytes(value)

    def decoded(self, content: bytes) -> Any:
        """The value that bytes are. Raises ValueError where they are none."""
        match self.form:
            case Form.JSON:
                return json.loads(content)
            case Form.TEXT:
                return content.decode(charset(self.media_type))
            case Form.BYTES:
                return content


def charset(media_type: str) -> str:
    """The character set that a media type names, or UTF-8."""
    found = _CHARSET.search(media_type)
    return found[1] if found else "utf-8"


@cache
def sent(operation: Operation) -> Content | None:
    """What a request holds: plain JSON before other JSON, and that before all else; None where it has no body."""
    found = _usable(operation.request) if operation.request else []
    plain = (each for each in found if essence(each.media_type) == "application/json")
    return next(plain, found[0] if found else None)


@cache
def successes(operation: Operation) -> tuple[tuple[str, Content | None], ...]:
    """Each documented status of a success with all that its reply may hold; None where that is nothing."""
    found: list[tuple[str, Content | None]] = []
    for status, reply in operation.successes.items():
        is_empty = operation.method == "head" or status in WITHOUT_CONTENT or not reply.media_types
        found += [(status, each) for each in ([None] if is_empty else _usable(reply))]
    return tuple(found)


def read(operation: Operation) -> Content | None:
    """What the reply to a success holds, or the first of it; None where it has no body."""
    return next((content for status, content in successes(operation) if status == operation.success), None)


def sends_json(operation: Operation) -> bool:
    """Whether a request holds JSON."""
    return (content := sent(operation)) is not None and content.form is Form.JSON


def reads_json(operation: Operation) -> bool:
    """Whether the reply to a success holds JSON."""
    return (content := read(operation)) is not None and content.form is Form.JSON


def documented(operation: Operation) -> tuple[set[str], set[str]]:
    """The media types of all replies, those that a client has to ask for and those that it may."""
    replies = [each for status, each in operation.replies.items() if status not in WITHOUT_CONTENT]
    must = {each.media_type for reply in replies for each in _usable(reply)}
    return must, {each.name for reply in replies for each in reply.media_types}


def _usable(body: Body) -> list[Content]:
    """What is JSON, or, where nothing is, all but forms."""
    found = [_content(each) for each in body.media_types if not essence(each.name).startswith(_FORMS)]
    return [each for each in found if each.form is Form.JSON] or found


def _content(stated: MediaType) -> Content:
    return Content(stated.name, _form(essence(stated.name), stated.schema.followed().raw), stated.schema.pointer)


def _form(name: str, schema: Any) -> Form:
    if name.endswith(("/json", "+json")):
        return Form.JSON
    if name.startswith("text/") or name in _TEXTS or name.endswith(("+xml", "+yaml")):
        return Form.TEXT
    if name not in ("*/*", "application/*") or not schema or not isinstance(schema, dict):
        return Form.BYTES
    if schema.get("type") != "string":
        return Form.JSON
    is_encoded = schema.get("format") in ("binary", "byte") or {"contentMediaType", "contentEncoding"} & schema.keys()
    return Form.BYTES if is_encoded else Form.TEXT
