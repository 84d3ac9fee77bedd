"""The vendor's pages, word for word: what they show as samples and list as fields; and what the vendor's SDKs add.

The files beside this module are cut out of the pages and never edited. Each page is found by the request that it shows,
`<name>.request.sh` (curl) or `<name>.request.ts` (the SDK for Node, by a method that releases name), with the reply
in `<name>.reply.json`, and what stands around the samples in `<name>.fields.txt`: method and path, authorization, media
types, descriptions, listed fields. The last may be left out where a curl command says the first.

`releases.json` is what the vendor's published releases for Python say, as `scripts/vendor` read it from their source;
`sdk.yaml` adds what these leave open and others tell.
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

from contract_tests.documents.releases import Releases, read_releases
from scripts.contract import pointer_parts

FOLDER = Path(__file__).parent

T = TypeVar("T")

# What the vendor's documentation prints where it has no value: it stands for any string of the right format.
PLACEHOLDER = "<string>"

_FIELD = re.compile(
    r"^(?P<name>\w+)\n(?P<type>string|boolean|number|object|enum<string>|object\[\])\n(?P<required>required\n)?"
    r"\n(?P<description>.+)(?:\n\nAvailable options:\n(?P<options>(?:\w+,\n)*\w+))?",
    re.MULTILINE,
)

_TYPE_OF_ALL = re.compile(r"\nThe response is of type \w+\n\.\s*$")  # printed below a reply without listed fields


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
    description: str | None
    """None where nothing is said beside the sample."""
    fields: tuple[Field, ...] = ()


class DocumentError(Exception):
    """A document beside this module cannot be read; the message names it."""


@dataclass(frozen=True)
class Surroundings:
    """What a page says around its samples: the operation that it is about, the token, and the bodies."""

    method: str
    path: str
    authorization: str
    request_section: Section | None
    """None where the operation takes no body."""
    reply_section: Section


@dataclass(frozen=True)
class Document(Surroundings):
    """One page: its sample upload and reply, and what stands around them. `server` is the one that its sample names."""

    name: str
    request: Any
    """None where the operation takes no body."""
    reply: Any
    server: str | None = None

    @property
    def operation(self) -> str:
        """Method and path, as Schemathesis labels an operation."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class SdkFacts:
    """What the vendor's SDKs say: of each place the last word of the releases, and what others tell beside it."""

    releases: Releases
    methods: dict[str, str]
    """The SDKs' method for each operation, such as `call_analysis.create`."""
    errors: tuple[str, ...]
    """The statuses that they map to classes of errors, such as `404` or `5XX`."""
    headers: dict[str, dict[str, Any]]
    """The schemas of the reply headers that they read, by status and name."""
    requests: dict[str, dict[str, Any]]
    """The schema of each operation's request, where it has one."""
    replies: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Curl:
    """What a curl command sends."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any
    """None where it sends none."""


def read_documents(folder: Path = FOLDER) -> tuple[Document, ...]:
    """Every page, by name. Raises DocumentError where one cannot be read."""
    names = sorted({path.name.partition(".request.")[0] for path in folder.glob("*.request.*")})
    return tuple(_read(folder / name, _page) for name in names)


def read_sdk_facts(folder: Path = FOLDER, releases: Releases | None = None) -> SdkFacts:
    """What the vendor's SDKs say, by the recorded releases or by these. Raises DocumentError where a file is torn."""
    return _read(folder / "sdk", lambda stem: _sdk(stem, releases or read_releases(folder)))


def _read(stem: Path, page: Callable[[Path], T]) -> T:
    try:
        return page(stem)
    except (OSError, ValueError, LookupError, YAMLError) as error:
        raise DocumentError(f"{stem}.*: {type(error).__name__}: {error}") from error


def _sdk(stem: Path, releases: Releases) -> SdkFacts:
    beside = YAML(typ="safe", pure=True).load(_text(stem, "yaml"))
    read = {name for fact in releases.facts if fact.place == "headers" for name in fact.said}
    for name in (name for headers in beside["headers"].values() for name in headers):
        if name.lower() not in read:
            raise ValueError(f"no release reads the header {name}")
    errors = releases.last_word("", "errors")
    return SdkFacts(
        releases=releases,
        methods={fact.operation: fact.said for fact in releases.facts if fact.place == "method"},
        errors=tuple(errors.said if errors else ()),
        headers=beside["headers"],
        requests=_schemas(releases, "/request", beside["requests"]),
        replies=_schemas(releases, "/reply", beside["replies"]),
    )


def _schemas(releases: Releases, part: str, beside: Any) -> dict[str, dict[str, Any]]:
    """What is said of a part of each operation. Raises KeyError where `beside` names what no release does."""
    labels = dict.fromkeys(fact.operation for fact in releases.facts if fact.place == part)
    schemas = {label: schema for label in labels if (schema := releases.schema(label, part)) is not None}
    for label, places in beside.items():
        for place, keywords in places.items():
            found = schemas[label]
            for name in pointer_parts(place):
                found = found["items"] if name == "*" else found["properties"][name]
            found.update(keywords)
    return schemas


def _page(stem: Path) -> Document:
    """A page, whose sample is for a shell or for the SDK for Node."""
    folder, name = stem.parent, stem.name
    (request,) = folder.glob(f"{name}.request.*")
    sample = request.read_text(encoding="utf-8")
    reply = json.loads(_text(stem, "reply.json"))
    around = folder / f"{name}.fields.txt"
    said = read_surroundings(around.read_text(encoding="utf-8")) if around.exists() else None
    match request.suffix:
        case ".sh":
            return _shell_page(name, read_curl(sample), reply, said)
        case ".ts" if said:
            body = read_call(sample, read_sdk_facts(folder).methods[f"{said.method} {said.path}"])
            return Document(**vars(said), name=name, request=body, reply=reply)
    raise ValueError(f"{request.name}: expected .sh, or .ts and {around.name}, which says method and path")


def _shell_page(name: str, curl: Curl, reply: Any, said: Surroundings | None) -> Document:
    """A page that shows a curl command, which says all that must be known; what stands around it says more."""
    path = urlsplit(curl.url).path
    media_type = curl.headers.get("Content-Type")
    around = said or Surroundings(
        method=curl.method,
        path=path,
        authorization=curl.headers["Authorization"],
        request_section=Section(media_type, None) if media_type else None,
        reply_section=Section("application/json", None),  # as its sample is
    )
    if (around.method, around.path) != (curl.method, path):
        raise ValueError(f"the sample is for {curl.method} {path}, the page for {around.method} {around.path}")
    return Document(**vars(around), name=name, request=curl.body, reply=reply, server=curl.url.removesuffix(path))


def read_surroundings(text: str) -> Surroundings:
    """What a page says around its samples, under its headings. Raises ValueError where one is not as expected."""
    heading, *sections = re.split(r"^(Authorizations|Body|Response)\n", text, flags=re.MULTILINE)
    said = dict(zip(sections[::2], sections[1::2], strict=True))
    method, *path = heading.split()  # which the page prints part by part
    _, is_status, response = said["Response"].partition("200")
    if not is_status:
        raise ValueError(f"expected a response of 200, got {said['Response']!r}")
    return Surroundings(
        method=method,
        path="".join(path),
        authorization=" ".join(said["Authorizations"].strip().split("\n\n")[-1].split()).replace(" ,", ","),
        request_section=read_section(said["Body"]) if "Body" in said else None,
        reply_section=read_section(_TYPE_OF_ALL.sub("", response.removeprefix(" - "))),
    )


def read_call(source: str, method: str) -> Any:
    """The object literal that a method of the SDK for Node is given; None where it is given none.

    `method` is what the SDK for Python calls it. Raises ValueError where another one is called.
    JavaScript's literals, as plain as the vendor's, are flow mappings of YAML.
    """
    call = f"await client.{re.sub('_([a-z])', lambda word: word[1].upper(), method)}("
    start = source.index(call) + len(call)
    if source[start] != "{":
        return None
    return YAML(typ="safe", pure=True).load(source[start : source.index("})", start) + 1])


def read_curl(command: str) -> Curl:
    """Method, URL, headers and JSON body, if it has one, of a curl command."""
    words = shlex.split(command.replace("\\\n", " "))
    options = [(words[at], words[at + 1]) for at in range(1, len(words), 2)]
    values = dict(options)
    headers = dict(value.split(": ", 1) for option, value in options if option == "--header")
    body = json.loads(values["--data"]) if "--data" in values else None
    return Curl(values["--request"], values["--url"], headers, body)


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


def _text(stem: Path, suffix: str) -> str:
    return stem.with_name(f"{stem.name}.{suffix}").read_text(encoding="utf-8")
