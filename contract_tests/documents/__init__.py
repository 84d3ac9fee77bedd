"""The vendor's pages, word for word: what they show as samples and list as fields; and what the vendor's SDKs add.

The files beside this module are cut out of the pages and never edited. A page shows its request in its own
language (`.ts`, `.sh`), its reply as JSON, and for call analysis a list of fields (`.fields.txt`). `sdk.yaml` states,
in JSON Schema, what the published SDKs say where the pages fold a detail away.
"""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FOLDER = Path(__file__).parent

T = TypeVar("T")

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
class Section:
    """What a page says of a request body or a reply beside its sample: the fields are listed, or there are none."""

    media_type: str
    description: str
    fields: tuple[Field, ...] = ()


class DocumentError(Exception):
    """A document beside this module cannot be read; the message names it."""


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
    request_section: Section
    reply_section: Section
    server: str | None = None

    @property
    def operation(self) -> str:
        """Method and path, as Schemathesis labels an operation."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class SdkFacts:
    """What the vendor's SDKs say. Schemas are by operation and path of fields, `*` for the items of an array."""

    methods: dict[str, str]
    """The SDKs' method for each operation, such as `call_analysis.create`."""
    errors: tuple[str, ...]
    """The statuses that they map to classes of errors."""
    headers: dict[str, dict[str, Any]]
    """The schemas of the reply headers that they read, by status and name."""
    requests: dict[str, dict[str, Any]]
    replies: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Curl:
    """What a curl command sends."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any


def read_documents() -> tuple[Document, Document]:
    """Both pages. Raises DocumentError where a file is not what it was."""
    return _read("call-analysis", _call_analysis), _read("vapi-call", _vapi_call)


def read_sdk_facts() -> SdkFacts:
    """What the vendor's SDKs say. Raises DocumentError where the file is not what it was."""
    return _read("sdk", _sdk)


def _read(name: str, page: Callable[[], T]) -> T:
    try:
        return page()
    except (OSError, ValueError, LookupError, YAMLError) as error:
        raise DocumentError(f"{FOLDER}/{name}.*: {type(error).__name__}: {error}") from error


def _sdk() -> SdkFacts:
    facts = YAML(typ="safe", pure=True).load(_text("sdk.yaml"))
    return SdkFacts(
        methods=facts["methods"],
        errors=tuple(facts["errors"]),
        headers=facts["headers"],
        requests=facts["requests"],
        replies=facts["replies"],
    )


def _call_analysis() -> Document:
    authorizations, fields = _text("call-analysis.fields.txt").split("\nBody\n")
    body, response = fields.split("\nResponse\n")
    return Document(
        name="call-analysis",
        method="POST",
        path="/v1/call-analysis",  # printed above the sample, on lines of its own
        request=read_object_literal(_text("call-analysis.request.ts"), after="callAnalysis.create("),
        reply=json.loads(_text("call-analysis.reply.json")),
        authorization=authorizations.strip().splitlines()[-1],
        request_section=read_section(body),
        reply_section=read_section(response.replace("200 - ", "", 1)),
    )


def _vapi_call() -> Document:
    curl = read_curl(_text("vapi-call.request.sh"))
    return Document(
        name="vapi-call",
        method=curl.method,
        path=urlsplit(curl.url).path,
        request=curl.body,
        reply=json.loads(_text("vapi-call.reply.json")),
        authorization=curl.headers["Authorization"],
        # Printed below the sample, without a list of fields.
        request_section=Section(curl.headers["Content-Type"], "Vapi call upload payload"),
        reply_section=Section("application/json", "Created Vapi call upload job"),
        server=curl.url.removesuffix(urlsplit(curl.url).path),
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


def read_section(text: str) -> Section:
    """A section of a page: media type, description, then fields and nothing else. Raises ValueError otherwise."""
    start = first.start() if (first := _FIELD.search(text)) else len(text)
    if unread := _FIELD.sub("", text[start:]).strip():
        raise ValueError(f"expected a list of fields, got {unread!r}")
    media_type, description = filter(None, text[:start].split("\n"))
    fields = (
        Field(
            name=found["name"],
            type=found["type"],
            required=found["required"] is not None,
            description=found["description"],
            options=tuple((found["options"] or "").replace(",", "").split()),
        )
        for found in _FIELD.finditer(text)
    )
    return Section(media_type, description, tuple(fields))


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
