"""The parts of a contract: each object of OpenAPI that it is made of, with its kind, wherever it stands.

What no part is made of is left alone: extensions, examples, and other data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scripts.contract.keywords import SUBSCHEMA, SUBSCHEMAS
from scripts.contract.operations import METHODS
from scripts.contract.pointers import json_pointer, pointer_parts, value_at
from scripts.contract.references import pointer_of

# What each kind of part holds, by field: one part, or several by name or in a list.
_CONTENT = {"content": "media type"}
_VALUE = {"schema": "schema", "examples": "example", **_CONTENT}
HELD: Mapping[str, Mapping[str, str]] = {
    "contract": {"paths": "path item", "webhooks": "path item", "components": "components"},
    "components": {
        "schemas": "schema",
        "responses": "response",
        "parameters": "parameter",
        "examples": "example",
        "requestBodies": "request body",
        "headers": "header",
        "securitySchemes": "security scheme",
        "links": "link",
        "callbacks": "callback",
        "pathItems": "path item",
    },
    "path item": {"parameters": "parameter", **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "parameters": "parameter",
        "requestBody": "request body",
        "responses": "response",
        "callbacks": "callback",
    },
    "parameter": _VALUE,
    "header": _VALUE,
    "request body": _CONTENT,
    "response": {"headers": "header", "links": "link", **_CONTENT},
    "media type": {**_VALUE, "encoding": "encoding"},
    "encoding": {"headers": "header"},
    "schema": dict.fromkeys(SUBSCHEMA | SUBSCHEMAS, "schema"),
    "example": {},
    "link": {},
    "security scheme": {},
}
_HOLDS_ONE = frozenset({"components", "requestBody", "schema", *METHODS, *SUBSCHEMA})

# Where extensions stand among names; elsewhere what begins with x- is one name more, or no field of a part anyway.
_EXTENSIBLE = frozenset({("contract", "paths"), ("operation", "responses")})

# In the place of any other part no reference may stand.
REFERABLE = frozenset(HELD["components"].values())

# What stands beside a reference counts in these, and in no other.
_SAY_MORE = frozenset({"path item", "schema"})


@dataclass(frozen=True, slots=True)
class Part:
    """An object of OpenAPI, as its document has it: it may have another type."""

    pointer: str
    kind: str
    value: Any
    holder: str
    """The JSON pointer of the part that it stands in; its own where only references lead to it."""

    @property
    def field(self) -> str:
        """The field of that part which holds it; the empty text where only references lead to it."""
        return next(iter(pointer_parts(self.pointer[len(self.holder) :])), "")

    @property
    def stated(self) -> Mapping[str, Any]:
        """What it says by field; nothing where it is no object, which is a fault of its own."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def refers(self) -> bool:
        """Whether it is a reference, or says something beside one."""
        return self.kind in REFERABLE and "$ref" in self.stated

    @property
    def target(self) -> str | None:
        """The JSON pointer that it refers to, wherever that leads."""
        ref = self.value["$ref"] if self.refers else None
        return pointer_of(ref) if isinstance(ref, str) and ref.startswith("#/") else None

    def below(self, *keys: str | int) -> str:
        """The JSON pointer of what it holds."""
        return self.pointer + json_pointer(keys)


class Parts:
    """Every part of a document, by its JSON pointer, in the document's order; then what only references lead to."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.by_pointer: dict[str, Part] = {}
        self.outside: list[Part] = []
        """What only references lead to, without the parts that it holds."""
        self._holders: set[str] = set()
        self._waiting: deque[Part] = deque()
        self._add("", "contract", document, "")
        while self._waiting:
            part = self._waiting.popleft()
            to = part.target
            if to is not None and to not in self.by_pointer and not self.mistake(to, part.kind):
                self._add(to, part.kind, value_at(document, to), to)
                self.outside.append(self.by_pointer[to])

    def of(self, kind: str) -> list[Part]:
        """Those of a kind."""
        return [part for part in self.by_pointer.values() if part.kind == kind]

    def mistake(self, pointer: str, kind: str) -> str | None:
        """Why a reference from a part of this kind may not lead there; None where it may."""
        try:
            value = value_at(self.document, pointer)
        except (LookupError, TypeError, ValueError):
            return "does not exist"
        if pointer in self.by_pointer:
            other = self.by_pointer[pointer].kind
            return None if other == kind else f"is {with_article(other)}; {with_article(kind)} stands here"
        fits = isinstance(value, dict | bool if kind == "schema" else dict)
        return None if fits and pointer not in self._holders else f"is no {kind}"

    def _add(self, pointer: str, kind: str, value: Any, holder: str) -> None:
        if pointer in self.by_pointer:
            return
        part = self.by_pointer[pointer] = Part(pointer, kind, value, holder)
        if part.refers:
            self._waiting.append(part)
        if not isinstance(value, dict) or (part.refers and kind not in _SAY_MORE):
            return
        if kind == "callback":
            self._add_several(part, pointer, "path item", value, is_extensible=True)
            return
        for key, held in value.items():
            below = part.below(key)
            if (kind_below := HELD[kind].get(key)) is None:
                continue
            if key in _HOLDS_ONE:
                self._add(below, kind_below, held, pointer)
            else:
                self._add_several(part, below, kind_below, held, is_extensible=(kind, key) in _EXTENSIBLE)

    def _add_several(self, holder: Part, pointer: str, kind: str, held: Any, *, is_extensible: bool) -> None:
        self._holders.add(pointer)
        named = held.items() if isinstance(held, dict) else enumerate(held if isinstance(held, list) else ())
        for key, value in named:
            if not (is_extensible and str(key).startswith("x-")):
                self._add(pointer + json_pointer([key]), kind, value, holder.pointer)


def with_article(kind: str) -> str:
    """A kind with its article."""
    return f"an {kind}" if kind[0] in "aeioO" else f"a {kind}"
