"""How two contracts differ for callers of the client: operation by operation, and then whatever is left."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from scripts.compat.change import EVERY_OPERATION, Change
from scripts.compat.rules import RULES, Rule
from scripts.compat.same_value import same_value
from scripts.compat.schema import PASSTHROUGH, means_the_same
from scripts.compat.schemas import SchemaComparison, Way
from scripts.contract import (
    METHODS,
    SUBSCHEMAS,
    Body,
    MediaType,
    Operation,
    Parameter,
    Place,
    essence,
    json_pointer,
    media_types,
    pointer_parts,
    read_operations,
    references,
    root,
    value_at,
)

_EMPTY: dict[str, Any] = {}

_Parameters = dict[tuple[str, str], Parameter]  # by part of the request and name

_MEDIA_TYPE_ADDED: dict[Way, str] = {"request": "request-media-type-added", "reply": "reply-media-type-added"}
_MEDIA_TYPE_REMOVED: dict[Way, str] = {"request": "request-media-type-removed", "reply": "reply-media-type-removed"}

_SHOWN = 40  # characters of a text that is for people


def compare(former: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every change between two documents, each of which is a contract that can be used; the gravest first.

    Nothing is left out: what no rule of meaning explains is told as a change of the documentation.
    """
    found = _Comparison(former, new)
    found.run()
    changes = dict.fromkeys(found.changes)
    order = {pointer: index for index, pointer in enumerate(_pointers(new))} if len(changes) > 1 else {}
    return sorted(changes, key=lambda each: (-each.rule.impact, each.operation, order.get(each.pointer, -1)))


@dataclass
class _Comparison:
    former: Mapping[str, Any]
    new: Mapping[str, Any]
    changes: list[Change] = field(default_factory=list)
    _moved: list[tuple[Operation, Operation]] = field(default_factory=list)

    def run(self) -> None:
        gone, added = _operations(self.former), _operations(self.new)
        for label in list(gone):
            if label in added:
                self._operation(gone.pop(label), added.pop(label))
        for label, was in list(gone.items()):
            identity = was.operation_id
            moved = [each for each in added.values() if identity and each.operation_id == identity]
            if moved:
                (now,) = moved
                del gone[label], added[now.label]
                covers = [json_pointer(["paths", was.path])]
                self._say("operation-moved", now.label, now.place.pointer, f"{label} → {now.label}", covers)
                self._moved.append((was, now))
                self._operation(was, now)
        for label, each in gone.items():
            covers = _only_in(self.former, self.new, each.definition)
            self._say("operation-removed", label, each.place.pointer, "no longer", covers)
        for label, each in added.items():
            covers = _only_in(self.new, self.former, each.definition)
            self._say("operation-added", label, each.place.pointer, "new", covers)
        self._servers()
        self._say_what_is_left()

    def _say(self, name: str, operation: str, pointer: str, what: str, covers: Iterable[str] = ()) -> None:
        self.changes.append(Change(RULES[name], operation, pointer, what, frozenset({pointer, *covers})))

    def _schemas(self, way: Way, operation: str) -> SchemaComparison:
        def tell(rule: Rule, pointer: str, what: str, covers: Iterable[str]) -> None:
            self._say(rule.name, operation, pointer, what, covers)

        return SchemaComparison(way, tell)

    def _operation(self, was: Operation, now: Operation) -> None:
        place = now.place
        # The methods are made of these.
        for key, one, other in (("operationId", was.operation_id, now.operation_id), ("tags", was.tag, now.tag)):
            if one != other:
                self._say("operation-renamed", now.label, f"{place.pointer}/{key}", f"{one} → {other}")
        self._own_server(was, now)
        self._security(was, now)
        self._parameters(was, now)
        self._body(was, now)
        self._replies(was, now)

    # --- Who calls, and where -------------------------------------------------------------------------------

    def _security(self, was: Operation, now: Operation) -> None:
        one, other = was.security, now.security
        before, after = _credentials(one), _credentials(other)
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
        one, other = (_urls(each.get("servers")) for each in (self.former, self.new))
        if one[:1] != other[:1]:
            words = f"{next(iter(one), 'none')} → {next(iter(other), 'none')}"
            self._say("server-changed", EVERY_OPERATION, "/servers/0/url", words, ["/servers"])
        elif one != other:
            self._say("server-listed", EVERY_OPERATION, "/servers", "another list of servers")

    def _own_server(self, was: Operation, now: Operation) -> None:
        """The server of an operation or a path, which is called in the place of that of the whole contract."""
        one, other = (_own_server(each) for each in (was, now))
        if one != other:
            words = f"{one or 'that of all'} → {other or 'that of all'}"
            covers = [f"{holder.pointer}/servers" for each in (was, now) for holder in each.holders]
            self._say("server-changed", now.label, f"{now.place.pointer}/servers", words, covers)

    # --- What is sent ---------------------------------------------------------------------------------------

    def _parameters(self, was: Operation, now: Operation) -> None:
        gone, there = _with_names_of_path(was.path, now.path, _parameters(was)), _parameters(now)
        for key, each in there.items():
            if key in gone:
                self._parameter(now.label, gone.pop(key), each)
                continue
            name = "required-parameter-added" if each.is_required else "parameter-added"
            self._say(name, now.label, each.pointer, f"{key[1]} in {key[0]} is new")
        for key, each in gone.items():
            self._say("parameter-removed", now.label, each.pointer, f"{key[1]} in {key[0]} no longer")

    def _parameter(self, operation: str, was: Parameter, now: Parameter) -> None:
        required = [each.is_required for each in (was, now)]
        if required[0] != required[1]:
            name, kind = ("parameter-required", "required") if required[1] else ("parameter-optional", "optional")
            self._say(name, operation, f"{now.pointer}/required", f"{now.name} is {kind} now")
        styles = [_style(each) for each in (was, now)]
        for key, other in styles[1].items():
            if styles[0][key] != other:
                words = f"{key} {styles[0][key]} → {other}"
                self._say("parameter-written-otherwise", operation, f"{now.pointer}/{key}", words)
        self._schemas("request", operation).compare(_schema(was.place), _schema(now.place))

    def _body(self, was: Operation, now: Operation) -> None:
        one, other = was.request, now.request
        if one is None or other is None:
            if other is not None:
                name = "required-request-body-added" if other.is_required else "request-body-added"
                self._say(name, now.label, other.place.pointer, "takes a body now")
            elif one is not None:
                self._say("request-body-removed", now.label, one.place.pointer, "takes no body any more")
            return
        required = [each.is_required for each in (one, other)]
        if required[0] != required[1]:
            name = "request-body-required" if required[1] else "request-body-optional"
            kind = "required" if required[1] else "optional"
            self._say(name, now.label, f"{other.place.pointer}/required", f"the body is {kind} now")
        self._content("request", now.label, one, other)

    # --- What comes back ------------------------------------------------------------------------------------

    def _replies(self, was: Operation, now: Operation) -> None:
        before, after = was.successes, now.successes
        for status, each in after.items():
            if status in before:
                self._reply(now.label, before[status], each)
            else:
                is_known = any(_have_one_body(one, each) for one in before.values())
                name = "success-added" if is_known else "success-with-another-body-added"
                self._say(name, now.label, _entry(now, status), f"{status} is new")
        for status in [each for each in before if each not in after]:
            self._say("success-removed", now.label, _entry(was, status), f"{status} no longer")
            if instead := _covering(status, after):
                self._reply(now.label, before[status], instead)
        if not after and any(each.media_types for each in before.values()):
            self._say("reply-body-removed", now.label, f"{now.place.pointer}/responses", "no success is left")
        errors = [
            {key: each for key, each in one.replies.items() if key not in successes}
            for one, successes in ((was, before), (now, after))
        ]
        for status in sorted(errors[0].keys() | errors[1].keys()):
            if status not in errors[0]:
                self._say("error-added", now.label, _entry(now, status), f"{status} is new")
            elif status not in errors[1]:
                self._say("error-removed", now.label, _entry(was, status), f"{status} no longer")
            else:
                self._error(now.label, errors[0][status], errors[1][status])

    def _reply(self, operation: str, was: Body, now: Body) -> None:
        self._headers(operation, was.place, now.place)
        has_body = [bool(each.media_types) for each in (was, now)]
        if has_body[0] != has_body[1]:
            if has_body[1]:
                self._say("reply-body-added", operation, f"{now.place.pointer}/content", "the body is added")
            else:
                self._say("reply-body-removed", operation, f"{was.place.pointer}/content", "the body is removed")
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

    def _error(self, operation: str, was: Body, now: Body) -> None:
        self._headers(operation, was.place, now.place)
        if not _have_one_body(was, now):
            covers = references(self.former, was.place.raw) | references(self.new, now.place.raw)
            self._say("error-changed", operation, now.place.pointer, "another body", covers)

    def _content(self, way: Way, operation: str, was: Body, now: Body) -> None:
        former, new = (each.sent if way == "request" else each.read for each in (was, now))
        if former and new:
            self._schemas(way, operation).compare(former.schema, new.schema)
        one, other = _by_media_type(was), _by_media_type(now)
        for name in other.keys() - one.keys():
            self._say(_MEDIA_TYPE_ADDED[way], operation, other[name].place.pointer, f"{name} as well")
        for name in one.keys() - other.keys():
            self._say(_MEDIA_TYPE_REMOVED[way], operation, one[name].place.pointer, f"{name} no longer")

    # --- Whatever else ----------------------------------------------------------------------------------------

    def _say_what_is_left(self) -> None:
        explained = {pointer for each in self.changes for pointer in each.covers}
        above_explained = {pointer for each in explained for pointer in _up_from(each)}
        # What is for people is explained only by what came or went with it.
        whole = {each.pointer for each in self.changes if each.rule.name.endswith(("-added", "-removed"))}
        differences = list(_differences(self.former, self.new))
        for was, now in self._moved:
            within = [
                (now.place.pointer + pointer, words) for pointer, words in _differences(was.definition, now.definition)
            ]
            differences += [(pointer, words) for pointer, words in within if _is_for_people(pointer)]
        for pointer, words in differences:
            above = {*_up_from(pointer)}
            if _is_for_people(pointer):
                if not whole.isdisjoint(above):
                    continue
            elif pointer in above_explained or not explained.isdisjoint(above):
                continue
            labels = sorted({label for label, places in self._reaches if not places.isdisjoint(above)})
            for label in labels or [EVERY_OPERATION]:
                self._say(_rule_of_what_is_left(pointer), label, pointer, words)

    @cached_property  # which takes time, and is mostly not asked for
    def _reaches(self) -> list[tuple[str, set[str]]]:
        return [_reach(each) for document in (self.former, self.new) for each in _operations(document).values()]


def _operations(document: Mapping[str, Any]) -> dict[str, Operation]:
    return {each.label: each for each in read_operations(root(document))}


def _parameters(operation: Operation) -> _Parameters:
    return {each.key: each for each in operation.parameters}


def _reach(operation: Operation) -> tuple[str, set[str]]:
    """The label of an operation, and the pointers of what speaks of it."""
    shared = [item.below(key) for item in operation.items for key in item.raw if key not in METHODS]
    parts = [operation.place, *shared]
    referred = references(operation.document, [each.raw for each in parts])
    return operation.label, {each.pointer for each in parts} | referred


def _own_server(operation: Operation) -> str | None:
    """The first server that an operation, or its path, names for itself."""
    return next((url for each in operation.holders for url in _urls(each.raw.get("servers"))), None)


def _only_in(document: Mapping[str, Any], other: Mapping[str, Any], raw: Any) -> list[str]:
    """The pointers of what a part of a document refers to and the other one does not have."""
    return [pointer for pointer in references(document, raw) if not _holds(other, pointer)]


def _holds(document: Mapping[str, Any], pointer: str) -> bool:
    try:
        value_at(document, pointer)
    except (KeyError, IndexError):
        return False
    return True


def _with_names_of_path(former: str, new: str, parameters: _Parameters) -> _Parameters:
    """The parameters of a path that moved: each has its place for its name, and is the same by another name."""
    names = [re.findall(r"\{([^{}]*)\}", path) for path in (former, new)]
    if len(names[0]) != len(names[1]):
        return parameters
    later = {("path", old): ("path", name) for old, name in zip(*names, strict=True)}
    return {later.get(key, key): each for key, each in parameters.items()}


def _urls(servers: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """The URLs of servers, with the defaults of their variables."""
    return [
        re.sub(r"\{([^{}]*)\}", partial(_default, each.get("variables", _EMPTY)), str(each.get("url")))
        for each in servers or ()
    ]


def _default(variables: Mapping[str, Any], name: re.Match[str]) -> str:
    return str(variables.get(name[1], _EMPTY).get("default", name[0]))


def _style(parameter: Parameter) -> dict[str, Any]:
    """How a parameter is written, also where it does not say so."""
    return {
        "style": parameter.style,
        "explode": parameter.explodes,
        "allowReserved": parameter.place.raw.get("allowReserved", False),
        "content": [essence(each.name) for each in media_types(parameter.place)],
    }


def _credentials(security: Place) -> frozenset[frozenset[tuple[str, str]]]:
    """The ways to prove who calls, each with what its schemes say; an empty way: none is needed."""

    def scheme(name: str) -> str:
        found = root(security.document).below("components", "securitySchemes", name).followed()
        said = {key: value for key, value in found.raw.items() if not _is_annotation(key) and key != "bearerFormat"}
        return json.dumps(said, sort_keys=True)

    return frozenset(
        frozenset((scheme(name), str(sorted(scopes))) for name, scopes in way.items()) for way in security.raw
    )


def _ways(security: Place) -> str:
    return " or ".join(" and ".join(way) or "none" for way in security.raw) or "none"


def _schema(place: Place) -> Place:
    """The schema of a parameter or a header, which may have it in a media type."""
    return next((each.schema for each in media_types(place)), place.or_below("schema", {}))


def _by_media_type(body: Body) -> dict[str, MediaType]:
    """The media types of a body, the first of those that differ in their parameters only."""
    found: dict[str, MediaType] = {}
    for each in body.media_types:
        found.setdefault(essence(each.name), each)
    return found


def _have_one_body(one: Body, other: Body) -> bool:
    """Whether the bodies of two replies mean the same, in each media type."""
    bodies = [_by_media_type(each) for each in (one, other)]
    return bodies[0].keys() == bodies[1].keys() and all(
        means_the_same(each.schema, bodies[1][name].schema) for name, each in bodies[0].items()
    )


def _covering(status: str, replies: Mapping[str, Body]) -> Body | None:
    """The reply that is documented for a status that has none of its own."""
    return next((replies[each] for each in ("2XX", "default") if each in replies and each != status), None)


def _entry(operation: Operation, status: str) -> str:
    return operation.place.pointer + json_pointer(["responses", status])


def _differences(one: Any, other: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """The pointers at which two values differ, the deepest that both have, and how."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            if key not in other:
                yield json_pointer([*path, key]), "no longer"
            elif key not in one:
                yield json_pointer([*path, key]), "new"
            else:
                yield from _differences(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (each, another) in enumerate(zip(one, other, strict=True)):
            yield from _differences(each, another, (*path, index))
    elif not same_value(one, other):
        texts = isinstance(one, str) and isinstance(other, str)
        yield json_pointer(path), f"{_short(one)} → {_short(other)}" if texts else "changed"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def _up_from(pointer: str) -> Iterator[str]:
    """A pointer, and those of all that it stands in."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


# Keys for people, and those below which every key is a name.
_FOR_PEOPLE = frozenset(
    {"contact", "deprecated", "description", "example", "examples", "externalDocs", "license", "summary", "title"}
)
_NAMES = SUBSCHEMAS | {
    "callbacks", "content", "headers", "links", "parameters", "pathItems", "paths", "requestBodies", "responses",
    "schemas", "securitySchemes", "variables",
}  # fmt: skip


def _is_annotation(key: str) -> bool:
    return key in _FOR_PEOPLE or (key.startswith("x-") and key != PASSTHROUGH)


def _is_for_people(pointer: str) -> bool:
    parts = pointer_parts(pointer)
    return parts[0] == "info" or any(
        _is_annotation(part) and above not in _NAMES for above, part in zip(["", *parts], parts, strict=False)
    )


def _rule_of_what_is_left(pointer: str) -> str:
    if pointer.endswith("/x-source"):
        return "source-changed"
    return "description-changed" if _is_for_people(pointer) and "/x-" not in pointer else "said-otherwise"


def _pointers(value: Any, pointer: str = "") -> Iterator[str]:
    """Every pointer of a document, in its order."""
    yield pointer
    if isinstance(value, Mapping | list):
        for key, child in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _pointers(child, pointer + json_pointer([key]))
