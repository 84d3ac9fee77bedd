"""How two contracts differ for callers of the client: operation by operation, and then whatever is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.codegen.changes.change import EVERY_OPERATION, Change
from scripts.codegen.changes.place import Place, same_value
from scripts.codegen.changes.rules import RULES, Rule
from scripts.codegen.changes.schema import means_the_same
from scripts.codegen.changes.schemas import SchemaComparison, Way
from scripts.codegen.contract import json_pointer, pointer_parts, references, value_at

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_EMPTY: dict[str, Any] = {}

_SHOWN = 40  # characters of a text that is for people


@dataclass(frozen=True)
class _Operation:
    """An operation of one of the two contracts."""

    document: Mapping[str, Any]
    path: str
    method: str

    @property
    def label(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def place(self) -> Place:
        return Place(self.document, json_pointer(["paths", self.path, self.method]), self.raw)

    @property
    def raw(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["paths"][self.path][self.method]
        return found

    def parameters(self) -> dict[tuple[str, str], Place]:
        """By place and name; an operation's own wins over its path's. Header names are the same in any case."""
        item = Place(self.document, json_pointer(["paths", self.path]), self.document["paths"][self.path])
        found: dict[tuple[str, str], Place] = {}
        for holder in (item, self.place):
            for index in range(len(holder.raw.get("parameters", []))):
                each = holder.below("parameters", index).followed()
                name = each.raw["name"].lower() if each.raw["in"] == "header" else each.raw["name"]
                found[each.raw["in"], name] = each
        return found

    def body(self) -> Place | None:
        return self.place.below("requestBody").followed() if "requestBody" in self.raw else None

    def replies(self) -> dict[str, Place]:
        return {status: self.place.below("responses", status).followed() for status in self.raw.get("responses", {})}

    def successes(self) -> dict[str, Place]:
        """The replies that a method gives, as the generator sees them: each 2xx, or `default` where there is none."""
        replies = self.replies()
        found = {status: each for status, each in replies.items() if re.fullmatch(r"2(\d\d|XX)", status)}
        return found or {status: each for status, each in replies.items() if status == "default"}

    def security(self) -> Place:
        """What credentials it takes; that of the whole contract unless it has its own."""
        if "security" in self.raw:
            return self.place.below("security")
        return Place(self.document, "/security", self.document.get("security", []))


def compare(former: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every change between two documents, each of which is a contract that can be used; the gravest first.

    Nothing is left out: what no rule of meaning explains is told as a change of the documentation.
    """
    found = _Comparison(former, new)
    found.run()
    order = {pointer: index for index, pointer in enumerate(_pointers(new))}
    changes = dict.fromkeys(found.changes)
    return sorted(changes, key=lambda each: (-each.rule.impact, each.operation, order.get(each.pointer, -1)))


@dataclass
class _Comparison:
    former: Mapping[str, Any]
    new: Mapping[str, Any]
    changes: list[Change] = field(default_factory=list)

    def run(self) -> None:
        gone, added = _operations(self.former), _operations(self.new)
        for label in list(gone):
            if label in added:
                self._operation(gone.pop(label), added.pop(label))
        for label, was in list(gone.items()):
            identity = was.raw.get("operationId")
            moved = [each for each in added.values() if identity and each.raw.get("operationId") == identity]
            if moved:
                (now,) = moved
                del gone[label], added[now.label]
                covers = [json_pointer(["paths", was.path])]
                self._say("operation-moved", now.label, now.place.pointer, f"{label} → {now.label}", covers)
                self._operation(was, now)
        for label, each in gone.items():
            covers = _only_in(self.former, self.new, each.raw)
            self._say("operation-removed", label, each.place.pointer, "no longer", covers)
        for label, each in added.items():
            covers = _only_in(self.new, self.former, each.raw)
            self._say("operation-added", label, each.place.pointer, "new", covers)
        self._servers()
        self._say_what_is_left()

    def _say(self, name: str, operation: str, pointer: str, what: str, covers: Iterable[str] = ()) -> None:
        self.changes.append(Change(RULES[name], operation, pointer, what, frozenset({pointer, *covers})))

    def _schemas(self, way: Way, operation: str) -> SchemaComparison:
        def tell(rule: Rule, pointer: str, what: str, covers: Iterable[str]) -> None:
            self._say(rule.name, operation, pointer, what, covers)

        return SchemaComparison(way, tell)

    def _operation(self, was: _Operation, now: _Operation) -> None:
        place = now.place
        for key in ("operationId", "tags"):
            one, other = was.raw.get(key), now.raw.get(key)
            if one != other:
                self._say("operation-renamed", now.label, f"{place.pointer}/{key}", f"{one} → {other}")
        self._security(was, now)
        self._parameters(was, now)
        self._body(was, now)
        self._replies(was, now)

    # --- Who calls, and where -------------------------------------------------------------------------------

    def _security(self, was: _Operation, now: _Operation) -> None:
        one, other = was.security(), now.security()
        schemes = [each.document.get("components", {}).get("securitySchemes", {}) for each in (was, now)]
        before, after = _credentials(one, schemes[0]), _credentials(other, schemes[1])
        if before == after:
            return
        is_open = [not each or frozenset() in each for each in (before, after)]
        if is_open == [True, False]:
            name = "security-required"
        elif is_open[1]:
            name = "security-lifted"
        elif before <= after:
            name = "security-lifted"  # another way beside those that there were
        else:
            name = "security-changed"
        covers = [one.pointer, "/components/securitySchemes"]
        self._say(name, now.label, other.pointer, f"{_ways(one)} → {_ways(other)}", covers)

    def _servers(self) -> None:
        one, other = (each.get("servers") or [] for each in (self.former, self.new))
        first = [servers[0].get("url") if servers else None for servers in (one, other)]
        if first[0] != first[1]:
            self._say("server-changed", EVERY_OPERATION, "/servers/0/url", f"{first[0]} → {first[1]}", ["/servers"])
        elif [each.get("url") for each in one] != [each.get("url") for each in other]:
            self._say("server-listed", EVERY_OPERATION, "/servers", "another list of servers")

    # --- What is sent ---------------------------------------------------------------------------------------

    def _parameters(self, was: _Operation, now: _Operation) -> None:
        gone, there = was.parameters(), now.parameters()
        if was.path != now.path:
            _pair_path_parameters(was.path, now.path, gone)
        for key, each in there.items():
            if key in gone:
                self._parameter(now.label, gone.pop(key), each)
                continue
            kind = "required-parameter" if each.raw.get("required") else "parameter"
            self._say(f"{kind}-added", now.label, each.pointer, f"{key[1]} in {key[0]} is new")
        for key, each in gone.items():
            self._say("parameter-removed", now.label, each.pointer, f"{key[1]} in {key[0]} no longer")

    def _parameter(self, operation: str, was: Place, now: Place) -> None:
        required = [each.raw.get("required", False) for each in (was, now)]
        if required[0] != required[1]:
            kind, pointer = "required" if required[1] else "optional", f"{now.pointer}/required"
            self._say(f"parameter-{kind}", operation, pointer, f"{now.raw['name']} is {kind} now")
        for key in ("style", "explode", "allowReserved", "content"):
            one, other = was.raw.get(key), now.raw.get(key)
            if one != other:
                words = f"{key} {one} → {other}" if key != "content" else "another media type"
                self._say("parameter-written-otherwise", operation, f"{now.pointer}/{key}", words)
        if "schema" in was.raw or "schema" in now.raw:
            self._schemas("request", operation).compare(_schema(was), _schema(now))

    def _body(self, was: _Operation, now: _Operation) -> None:
        one, other = was.body(), now.body()
        if one is None or other is None:
            if other is not None:
                added = "required-request-body" if other.raw.get("required") else "request-body"
                self._say(f"{added}-added", now.label, other.pointer, "takes a body now")
            elif one is not None:
                self._say("request-body-removed", now.label, one.pointer, "takes no body any more")
            return
        required = [each.raw.get("required", False) for each in (one, other)]
        if required[0] != required[1]:
            kind = "required" if required[1] else "optional"
            self._say(f"request-body-{kind}", now.label, f"{other.pointer}/required", f"the body is {kind} now")
        self._content("request", now.label, one, other)

    # --- What comes back ------------------------------------------------------------------------------------

    def _replies(self, was: _Operation, now: _Operation) -> None:
        before, after = was.successes(), now.successes()
        for status, each in after.items():
            if status in before:
                self._reply(now.label, before[status], each)
            else:
                another = "" if any(_have_one_body(one, each) for one in before.values()) else "-with-another-body"
                self._say(f"success{another}-added", now.label, _entry(now, status), f"{status} is new")
        for status in [each for each in before if each not in after]:
            self._say("success-removed", now.label, _entry(was, status), f"{status} no longer")
        errors = [
            {key: each for key, each in one.replies().items() if key not in successes}
            for one, successes in ((was, before), (now, after))
        ]
        for status in sorted(errors[0].keys() | errors[1].keys()):
            if status not in errors[0]:
                self._say("error-added", now.label, _entry(now, status), f"{status} is new")
            elif status not in errors[1]:
                self._say("error-removed", now.label, _entry(was, status), f"{status} no longer")
            else:
                self._error(now.label, errors[0][status], errors[1][status])

    def _reply(self, operation: str, was: Place, now: Place) -> None:
        self._headers(operation, was, now)
        has_body = [bool(each.raw.get("content")) for each in (was, now)]
        if has_body[0] != has_body[1]:
            kind = "added" if has_body[1] else "removed"
            place = now if has_body[1] else was
            self._say(f"reply-body-{kind}", operation, f"{place.pointer}/content", f"the body is {kind}")
        elif has_body[1]:
            self._content("reply", operation, was, now)

    def _headers(self, operation: str, was: Place, now: Place) -> None:
        for name in sorted(was.raw.get("headers", _EMPTY).keys() | now.raw.get("headers", _EMPTY).keys()):
            one, other = (
                each.below("headers", name).followed() if name in each.raw.get("headers", _EMPTY) else None
                for each in (was, now)
            )
            there = other or one
            if there and (one is None or other is None or not means_the_same(_schema(one), _schema(other))):
                self._say("reply-header-changed", operation, there.pointer, f"header {name}")

    def _error(self, operation: str, was: Place, now: Place) -> None:
        self._headers(operation, was, now)
        if not _have_one_body(was, now):
            covers = references(was.document, was.raw) | references(now.document, now.raw)
            self._say("error-changed", operation, now.pointer, "another body", covers)

    def _content(self, way: Way, operation: str, was: Place, now: Place) -> None:
        one, other = _by_media_type(was), _by_media_type(now)
        for name, each in other.items():
            if name in one:
                self._schemas(way, operation).compare(_schema(one[name]), _schema(each))
            else:
                self._say(f"{way}-media-type-added", operation, each.pointer, f"{name} as well")
        for name, each in one.items():
            if name not in other:
                self._say(f"{way}-media-type-removed", operation, each.pointer, f"{name} no longer")

    # --- Whatever else ----------------------------------------------------------------------------------------

    def _say_what_is_left(self) -> None:
        explained = frozenset[str]().union(*(each.covers for each in self.changes))
        reached = [
            *((label, each.place.pointer, each) for label, each in _operations(self.former).items()),
            *((label, each.place.pointer, each) for label, each in _operations(self.new).items()),
        ]
        reaches = [(label, {pointer, *references(each.document, each.raw)}) for label, pointer, each in reached]
        for pointer, words in _differences(self.former, self.new):
            if any(_is_within(pointer, each) or _is_within(each, pointer) for each in explained):
                continue
            name = _rule_of_annotation(pointer)
            labels = sorted({label for label, places in reaches if any(_is_within(pointer, each) for each in places)})
            for label in labels or [EVERY_OPERATION]:
                self._say(name, label, pointer, words)


def _operations(document: Mapping[str, Any]) -> dict[str, _Operation]:
    found = [
        _Operation(document, path, method)
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    ]
    return {each.label: each for each in found}


def _only_in(document: Mapping[str, Any], other: Mapping[str, Any], raw: Any) -> list[str]:
    """The pointers of what a part of a document refers to and the other one does not have."""
    return [pointer for pointer in references(document, raw) if not _holds(other, pointer)]


def _holds(document: Mapping[str, Any], pointer: str) -> bool:
    try:
        value_at(document, pointer)
    except (KeyError, IndexError):
        return False
    return True


def _pair_path_parameters(former: str, new: str, parameters: dict[tuple[str, str], Place]) -> None:
    """A parameter of a path that moved has its place for its name; one of another name is still the same."""
    names = [re.findall(r"\{([^{}]*)\}", path) for path in (former, new)]
    if len(names[0]) == len(names[1]):
        for old, name in zip(*names, strict=True):
            if old != name and ("path", old) in parameters:
                parameters["path", name] = parameters.pop(("path", old))


def _credentials(security: Place, schemes: Mapping[str, Any]) -> frozenset[frozenset[tuple[str, str]]]:
    """The ways to prove who calls, each with what its schemes say; an empty way: none is needed."""

    def scheme(name: str) -> str:
        said = schemes.get(name, _EMPTY)
        return str(sorted((key, str(value)) for key, value in said.items() if not _is_annotation(key)))

    return frozenset(
        frozenset((scheme(name), str(sorted(scopes))) for name, scopes in way.items()) for way in security.raw
    )


def _ways(security: Place) -> str:
    return " or ".join(" and ".join(way) or "none" for way in security.raw) or "none"


def _schema(place: Place) -> Place:
    return place.below("schema") if "schema" in place.raw else Place(place.document, f"{place.pointer}/schema", {})


def _by_media_type(place: Place) -> dict[str, Place]:
    content = place.raw.get("content", _EMPTY)
    return {name.partition(";")[0].strip().lower(): place.below("content", name) for name in content}


def _have_one_body(one: Place, other: Place) -> bool:
    """Whether the bodies of two replies mean the same, in each media type."""
    bodies = [_by_media_type(each) for each in (one, other)]
    return bodies[0].keys() == bodies[1].keys() and all(
        means_the_same(_schema(each), _schema(bodies[1][name])) for name, each in bodies[0].items()
    )


def _entry(operation: _Operation, status: str) -> str:
    return operation.place.pointer + json_pointer(["responses", status])


def _differences(one: Any, other: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """The pointers at which two values differ, the deepest that both have, and how."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            below = pointer + json_pointer([key])
            if key not in other:
                yield below, "no longer"
            elif key not in one:
                yield below, "new"
            else:
                yield from _differences(one[key], other[key], below)
    elif not same_value(one, other):
        texts = isinstance(one, str) and isinstance(other, str)
        yield pointer, f"{_short(one)} → {_short(other)}" if texts else "changed"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def _is_within(pointer: str, other: str) -> bool:
    return pointer == other or pointer.startswith(f"{other}/")


def _is_annotation(key: str) -> bool:
    return key in _FOR_PEOPLE or key.startswith("x-")


# Keys for people, and those that hold such keys.
_FOR_PEOPLE = frozenset(
    {"contact", "deprecated", "description", "example", "examples", "externalDocs", "license", "summary", "title"}
)


def _rule_of_annotation(pointer: str) -> str:
    parts = pointer_parts(pointer)
    if parts[-1] == "x-source":
        return "source-changed"
    return "description-changed" if _FOR_PEOPLE & {*parts} or parts[0] == "info" else "said-otherwise"


def _pointers(value: Any, pointer: str = "") -> Iterator[str]:
    """Every pointer of a document, in its order."""
    yield pointer
    if isinstance(value, Mapping | list):
        for key, child in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _pointers(child, pointer + json_pointer([key]))
