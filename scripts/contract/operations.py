"""The operations of a contract: their parameters, request bodies, replies and security, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.contract.media_types import PLAIN, Form, essence, form_of, is_media_type, is_range
from scripts.contract.place import Place
from scripts.contract.pointers import json_pointer
from scripts.contract.references import followed

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Headers that OpenAPI leaves to other parts of the contract: a parameter of such a name says nothing.
STATED_ELSEWHERE = frozenset({"accept", "authorization", "content-type"})


# RFC 9110, 15.3.5, 15.3.6 and 15.4.5: replies of these statuses have no body, whatever a contract says.
WITHOUT_BODY = frozenset({"204", "205", "304"})


@dataclass(frozen=True)
class MediaType:
    """What a body or a parameter says under a media type."""

    name: str
    place: Place

    @property
    def schema(self) -> Place:
        """Its schema; one that allows anything where it has none."""
        return self.place.or_below("schema", {})

    @property
    def form(self) -> Form:
        """How the client sends and reads what comes under it."""
        return form_of(self.name, self.schema.followed().raw)

    @property
    def sent_as(self) -> str:
        """What the client calls it where it sends it: a plain one of its form, where it stands for several."""
        return PLAIN[self.form] if is_range(self.name) else self.name

    @property
    def examples(self) -> list[Any]:
        """The values of its examples."""
        return examples_of(self.place.document, self.place.raw)


def named_examples(document: Any, stated: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The examples that hold a value of a media type or a parameter, by name, references followed."""
    found = {name: followed(document, each) for name, each in stated.get("examples", {}).items()}
    return {name: each for name, each in found.items() if "value" in each}


def examples_of(document: Any, stated: Mapping[str, Any]) -> list[Any]:
    """The values that a media type or a parameter states as examples, `examples` before `example`."""
    named = [each["value"] for each in named_examples(document, stated).values()]
    return [*named, stated["example"]] if "example" in stated else named


def media_types(place: Place) -> list[MediaType]:
    """What stands below the `content` of a request body, a reply, a parameter or a header."""
    return [MediaType(name, place.below("content", name)) for name in place.raw.get("content", ())]


@dataclass(frozen=True)
class Body:
    """A request body, or a reply with its headers. It may have no content."""

    place: Place
    description: str

    @property
    def is_required(self) -> bool:
        """Whether a request has to have it."""
        return self.place.raw.get("required") is True

    @property
    def media_types(self) -> list[MediaType]:
        """What it may come as."""
        return media_types(self.place)

    @property
    def usable(self) -> list[MediaType]:
        """Those that the client sends and reads: JSON where there is any, else text and bytes, and never a form."""
        known = [each for each in self.media_types if is_media_type(each.name) and each.form is not Form.FIELDS]
        return [each for each in known if each.form is Form.JSON] or known

    @property
    def sent(self) -> MediaType | None:
        """What the client sends of a request body: plain JSON before other JSON, else the first that it can."""
        usable = self.usable
        plain = (each for each in usable if essence(each.name) == "application/json")
        return next(plain, usable[0] if usable else None)

    @property
    def read(self) -> MediaType | None:
        """The first that the client reads of a reply."""
        return next(iter(self.usable), None)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation. `location` is the part of the request that it goes into."""

    name: str
    location: str
    is_required: bool
    place: Place = field(compare=False)  # which no key of a mapping can hold
    description: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others of its operation. Header names are the same in any case."""
        return self.location, self.name.lower() if self.location == "header" else self.name

    @property
    def pointer(self) -> str:
        """Where it is stated."""
        return self.place.pointer

    @property
    def content(self) -> MediaType | None:
        """What it is written as, where it has a media type."""
        return next(iter(media_types(self.place)), None)

    @property
    def stated_schema(self) -> Place:
        """Its schema; one that allows anything where it has none."""
        return self.content.schema if self.content else self.place.or_below("schema", {})

    @property
    def schema(self) -> str:
        """JSON pointer of its schema."""
        return self.stated_schema.pointer

    @property
    def style(self) -> str:
        """How it is written."""
        return str(self.place.raw.get("style", "form" if self.location in ("query", "cookie") else "simple"))

    @property
    def explodes(self) -> bool:
        """Whether each value of an array or object is written by itself."""
        return bool(self.place.raw.get("explode", self.style == "form"))


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation as a contract states it. `items` is its path, and what that refers to."""

    method: str
    path: str
    items: tuple[Place, ...]

    @property
    def label(self) -> str:
        """Method and path, as Schemathesis labels it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def document(self) -> Mapping[str, Any]:
        """The contract."""
        return self.items[0].document

    @cached_property
    def place(self) -> Place:
        """What the contract says of it."""
        return next(each for each in self.items if self.method in each.raw).below(self.method)

    @property
    def pointer(self) -> str:
        """Where that stands."""
        return self.place.pointer

    @property
    def definition(self) -> dict[str, Any]:
        """What stands there."""
        found: dict[str, Any] = self.place.raw
        return found

    @property
    def operation_id(self) -> str | None:
        """Its name in the contract."""
        return self.definition.get("operationId")

    @property
    def tag(self) -> str | None:
        """The first of its tags."""
        return next(iter(self.definition.get("tags") or ()), None)

    @property
    def holders(self) -> list[Place]:
        """What says something of it, the nearest first."""
        return [self.place, *self.items]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, its own before those of its path, which they win over."""
        found: dict[tuple[str, str], Parameter] = {}
        for holder in self.holders:
            for index in range(len(holder.raw.get("parameters", ()))):
                place, description = _followed(holder.below("parameters", index))
                stated = place.raw
                each = Parameter(stated["name"], stated["in"], stated.get("required") is True, place, description)
                if each.location != "header" or each.key[1] not in STATED_ELSEWHERE:
                    found.setdefault(each.key, each)
        return tuple(found.values())

    @cached_property
    def request(self) -> Body | None:
        """Its request body."""
        return Body(*_followed(self.place.below("requestBody"))) if "requestBody" in self.definition else None

    @cached_property
    def replies(self) -> dict[str, Body]:
        """Each documented reply, by status: `200`, `4XX`, `default`."""
        return {
            status: Body(*_followed(self.place.below("responses", status)))
            for status in self.definition.get("responses", ())
        }

    @property
    def successes(self) -> dict[str, Body]:
        """The replies that a method gives: each 2xx, or `default` where there is none."""
        found = {status: each for status, each in self.replies.items() if re.fullmatch(r"2(\d\d|XX)", status)}
        return found or {status: each for status, each in self.replies.items() if status == "default"}

    @property
    def errors(self) -> dict[str, Body]:
        """The replies that a method raises."""
        successes = self.successes
        return {status: each for status, each in self.replies.items() if status not in successes}

    @property
    def accepted(self) -> list[str]:
        """The media types that the client reads of all its replies, those of successes first."""
        found: dict[str, str] = {}
        for status, reply in {**self.successes, **self.errors}.items():
            for each in reply.usable if status not in WITHOUT_BODY else ():
                found.setdefault(each.name.lower(), each.name)
        return list(found.values())

    @property
    def security(self) -> Place:
        """What credentials it takes; that of the whole contract unless it has its own."""
        if "security" in self.definition:
            return self.place.below("security")
        return self.place.at("", self.document).or_below("security", [])

    @property
    def servers(self) -> Place:
        """Where it is sent; those of its path, or of the whole contract, unless it has its own."""
        whole = self.place.at("", self.document)
        return next((each for each in self.holders if each.raw.get("servers")), whole).or_below("servers", [])

    # --- What the proof asks by pointer ---------------------------------------------------------------------------

    @property
    def statuses(self) -> list[str]:
        """Every documented status: `200`, `4XX`, `default`."""
        return list(self.replies)

    @property
    def names_a_thing(self) -> bool:
        """Whether its path has parameters: then it is about something that need not be there."""
        return any(each.location == "path" for each in self.parameters)

    def is_at(self, path: str) -> bool:
        """Whether a path is its own; a parameter of it stands for anything but a slash."""
        pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", self.path))
        return re.fullmatch(pattern, path) is not None

    @property
    def has_body(self) -> bool:
        """Whether its request has a body."""
        return self.request is not None

    @cached_property
    def body(self) -> str:
        """JSON pointer of what the contract says of the request body, or would say."""
        return self.request.place.pointer if self.request else self.pointer + json_pointer(["requestBody"])

    def request_schema(self) -> str:
        """JSON pointer of the schema of the JSON request body, or where it would be."""
        return _schema(self.body, self.request.sent if self.request else None)

    @property
    def examples(self) -> list[Any]:
        """Each example of the request body."""
        return self.request.sent.examples if self.request and self.request.sent else []

    def example(self) -> Any:
        """The first example of the request body."""
        return self.examples[0]

    @cached_property
    def success(self) -> str:
        """The documented status of a success: `200` where there is one."""
        return min((each for each in self.statuses if each.startswith("2")), default="default")

    def reply(self, status: str) -> str:
        """JSON pointer of what the contract says, or would say, of a reply with this documented status."""
        stated = self.replies.get(status)
        return stated.place.pointer if stated else self.pointer + json_pointer(["responses", status])

    def reply_schema(self, status: str) -> str:
        """JSON pointer of the schema of the JSON reply with this documented status, or where it would be."""
        return _schema(self.reply(status), self.replies[status].read if status in self.replies else None)

    def success_schema(self) -> str:
        """JSON pointer of the schema of the JSON reply to a success."""
        return self.reply_schema(self.success)

    def documented_status(self, status: int) -> str:
        """The documented status that a reply counts as: its own, its class or `default`."""
        return next((each for each in (str(status), f"{status // 100}XX") if each in self.replies), "default")


def _followed(place: Place) -> tuple[Place, str]:
    """Where something stands, and its description: what is said beside a reference to it wins (OpenAPI 3.1, 4.8.23)."""
    found = place.followed()
    return found, str(place.raw.get("description") or found.raw.get("description") or "")


def _schema(pointer: str, media_type: MediaType | None) -> str:
    name = "application/json" if media_type is None else media_type.name
    return pointer + json_pointer(["content", name, "schema"])


def read_operations(start: Place) -> Iterator[Operation]:
    """Every operation of a document: by path in its order, then by method in that of `METHODS`."""
    for path in start.raw.get("paths", {}):
        item = start.below("paths", path)
        items = (item, item.followed()) if "$ref" in item.raw else (item,)
        for method in METHODS:
            if any(method in each.raw for each in items):
                yield Operation(method, path, items)
