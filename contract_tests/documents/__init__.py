"""The vendor's pages, word for word: what they show as samples and list as fields.

The files beside this module are cut out of the pages and never edited. A page shows its request in its own
language (`.ts`, `.sh`), its reply as JSON, and for call analysis a list of fields (`.fields.txt`).
"""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent

# What the vendor's documentation prints where it has no value: it stands for any string of the right format.
PLACEHOLDER = "<string>"

_FIELD = re.compile(
    r"^(?P<name>\w+)\n(?P<type>string|boolean|number|object|enum<string>|object\[\])\n(?P<required>required\n)?"
    r"\n(?P<description>.+)(?:\n\nAvailable options:\n(?P<options>(?:\w+,\n)*\w+))?",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Field:
    """A field as a page lists it. `type` is the page's word for it, `options` the members of an enum."""

    name: str
    type: str
    required: bool
    description: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One page: the operation it is about, its sample upload and reply, and what else it states.

    `authorization` is what the page says of the token, `server` the one that its sample names, if it names one.
    """

    name: str
    method: str
    path: str
    request: Any
    reply: Any
    authorization: str
    server: str | None = None
    request_fields: tuple[Field, ...] = ()
    reply_fields: tuple[Field, ...] = ()

    @property
    def operation(self) -> str:
        """Method and path, as Schemathesis labels an operation."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Curl:
    """What a curl command sends."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any


def read_documents() -> tuple[Document, Document]:
    """Both pages."""
    authorizations, fields = _text("call-analysis.fields.txt").split("\nBody\n")
    body, response = fields.split("\nResponse\n")
    vapi = read_curl(_text("vapi-call.request.sh"))
    return (
        Document(
            name="call-analysis",
            method="POST",
            path="/v1/call-analysis",  # printed above the sample, on lines of its own
            authorization=authorizations.strip().splitlines()[-1],
            request=read_object_literal(_text("call-analysis.request.ts"), after="callAnalysis.create("),
            reply=json.loads(_text("call-analysis.reply.json")),
            request_fields=read_fields(body),
            reply_fields=read_fields(response),
        ),
        Document(
            name="vapi-call",
            method=vapi.method,
            path=urlsplit(vapi.url).path,
            server=vapi.url.removesuffix(urlsplit(vapi.url).path),
            authorization=vapi.headers["Authorization"],
            request=vapi.body,
            reply=json.loads(_text("vapi-call.reply.json")),
        ),
    )


def read_object_literal(source: str, after: str) -> Any:
    """The JavaScript object literal that follows `after`. Literals as plain as the vendor's are YAML flow mappings."""
    start = source.index(after) + len(after)
    return YAML(typ="safe", pure=True).load(source[start : source.index("})", start) + 1])


def read_curl(command: str) -> Curl:
    """Method, URL, headers and JSON body of a curl command."""
    words = shlex.split(command.replace("\\\n", " "))
    options = [(words[at], words[at + 1]) for at in range(1, len(words), 2)]
    values = dict(options)
    headers = dict(value.split(": ", 1) for option, value in options if option == "--header")
    return Curl(values["--request"], values["--url"], headers, json.loads(values["--data"]))


def read_fields(text: str) -> tuple[Field, ...]:
    """The fields that a section of a page lists, in its order."""
    return tuple(
        Field(
            name=found["name"],
            type=found["type"],
            required=found["required"] is not None,
            description=found["description"],
            options=tuple((found["options"] or "").replace(",", "").split()),
        )
        for found in _FIELD.finditer(text)
    )


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
