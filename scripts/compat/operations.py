"""How an operation of two contracts differs for callers: its name, what is sent, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.codegen import names
from scripts.compat.access import security_differences
from scripts.compat.change import Difference
from scripts.compat.content import have_one_body, reply_differences, request_differences
from scripts.compat.meaning import Meanings
from scripts.compat.references import References, SameWords
from scripts.compat.schema import read
from scripts.compat.schemas import SchemaComparison
from scripts.contract import WITHOUT_BODY, Body, Operation, Parameter, Place, essence, json_pointer, media_types

_Parameters = dict[tuple[str, str], Parameter]  # by part of the request and name


class OperationComparison:
    """Compares the operations of two documents. What they share is looked at once."""

    def __init__(self, former: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        words = SameWords(former, new)
        self._meanings = Meanings(words)
        self._request = SchemaComparison("request", words, self._meanings)
        self._reply = SchemaComparison("reply", words, self._meanings)
        self.references = (References(former), References(new))

    def differences(self, was: Operation, now: Operation) -> Iterator[Difference]:
        """All that callers of an operation may notice."""
        yield from _names(was, now)
        yield from security_differences(was, now)
        yield from self._parameters(was, now)
        yield from self._body(was, now)
        yield from self._replies(was, now)

    # --- What is sent ---------------------------------------------------------------------------------------

    def _parameters(self, was: Operation, now: Operation) -> Iterator[Difference]:
        gone, there = _with_names_of_path(was.path, now.path, _parameters(was)), _parameters(now)
        for key, each in there.items():
            if key in gone:
                yield from self._parameter(gone.pop(key), each)
                continue
            name = "required-parameter-added" if each.is_required else "parameter-added"
            yield Difference(name, each.pointer, f"{key[1]} in {key[0]} is new")
        for key, each in gone.items():
            yield Difference("parameter-removed", each.pointer, f"{key[1]} in {key[0]} no longer")

    def _parameter(self, was: Parameter, now: Parameter) -> Iterator[Difference]:
        if names.identifier(was.name) != names.identifier(now.name):
            yield Difference(
                "parameter-renamed", f"{now.pointer}/name", f"{was.name} → {now.name}", (f"{was.pointer}/name",)
            )
        if was.is_required != now.is_required:
            name, kind = ("parameter-required", "required") if now.is_required else ("parameter-optional", "optional")
            yield Difference(name, f"{now.pointer}/required", f"{now.name} is {kind} now", (f"{was.pointer}/required",))
        styles = [_style(each) for each in (was, now)]
        # Of a single value it is the same however several would be written, but for what a path sets before it.
        single = {"explode", *(["style"] if now.location != "path" else [])} if _are_single(was, now) else set[str]()
        for key, other in styles[1].items():
            if key not in single and styles[0][key] != other:
                covers = (f"{was.pointer}/{key}",)
                words = f"{key} {styles[0][key]} → {other}"
                yield Difference("parameter-written-otherwise", f"{now.pointer}/{key}", words, covers)
        yield from self._request.differences(_schema(was.place), _schema(now.place))

    def _body(self, was: Operation, now: Operation) -> Iterator[Difference]:
        one, other = was.request, now.request
        if one and other:
            if one.is_required != other.is_required:
                name = "request-body-required" if other.is_required else "request-body-optional"
                kind = "required" if other.is_required else "optional"
                yield Difference(name, f"{other.place.pointer}/required", f"the body is {kind} now")
            yield from request_differences(one, other, self._request)
        elif other:
            name = "required-request-body-added" if other.is_required else "request-body-added"
            yield Difference(name, other.place.pointer, "takes a body now")
        elif one:
            yield Difference("request-body-removed", one.place.pointer, "takes no body any more")

    # --- What comes back ------------------------------------------------------------------------------------

    def _replies(self, was: Operation, now: Operation) -> Iterator[Difference]:
        yield from self._successes(was, now)
        former, new = was.errors, now.errors
        for status in sorted(former.keys() | new.keys()):
            if status not in former:
                yield Difference("error-added", _entry(now, status), f"{status} is new")
            elif status not in new:
                yield Difference("error-removed", _entry(was, status), f"{status} no longer")
            else:
                yield from self._error(former[status], new[status])

    def _successes(self, was: Operation, now: Operation) -> Iterator[Difference]:
        before, after = was.successes, now.successes
        for status, each in after.items():
            if status in before:
                yield from self._success(was, before[status], each, has_none=status in WITHOUT_BODY)
            else:
                is_known = any(self._give_alike(was, (other, one), (status, each)) for other, one in before.items())
                name = "success-added" if is_known else "success-with-another-body-added"
                yield Difference(name, _entry(now, status), f"{status} is new")
        for status in [each for each in before if each not in after]:
            yield Difference("success-removed", _entry(was, status), f"{status} no longer")
            if instead := _covering(status, after):
                yield from self._success(was, before[status], instead, has_none=status in WITHOUT_BODY)
        if not after and any(each.media_types for each in before.values()):
            yield Difference("reply-body-removed", f"{now.place.pointer}/responses", "no success is left")

    def _success(self, operation: Operation, was: Body, now: Body, *, has_none: bool) -> Iterator[Difference]:
        """The reply to a success. `has_none`: whatever it says, it is of a status that has no body."""
        yield from self._headers(was.place, now.place)
        if has_none or operation.method == "head":
            return
        had, has = bool(was.media_types), bool(now.media_types)
        if has and not had:
            yield Difference("reply-body-added", f"{now.place.pointer}/content", "the body is added")
        elif had and not has:
            yield Difference("reply-body-removed", f"{was.place.pointer}/content", "the body is removed")
        elif has:
            yield from reply_differences(was, now, operation.accepted, self._reply)

    def _give_alike(self, operation: Operation, one: tuple[str, Body], other: tuple[str, Body]) -> bool:
        """Whether two successes, each with its status, give the same, if anything."""
        have_none = [status in WITHOUT_BODY or not each.media_types for status, each in (one, other)]
        if operation.method == "head" or any(have_none):
            return operation.method == "head" or all(have_none)
        return have_one_body(one[1], other[1], self._meanings)

    def _headers(self, was: Place, now: Place) -> Iterator[Difference]:
        for name in sorted(was.raw.get("headers", {}).keys() | now.raw.get("headers", {}).keys()):
            one, other = (
                each.below("headers", name).followed() if name in each.raw.get("headers", {}) else None
                for each in (was, now)
            )
            there = other or one
            if there and (one is None or other is None or not self._meanings.are_same(_schema(one), _schema(other))):
                yield Difference("reply-header-changed", there.pointer, f"header {name}")

    def _error(self, was: Body, now: Body) -> Iterator[Difference]:
        yield from self._headers(was.place, now.place)
        if not have_one_body(was, now, self._meanings):
            former, new = self.references
            covers = former.of(was.place.raw) | new.of(now.place.raw)
            yield Difference("error-changed", now.place.pointer, "another body", tuple(covers))


def _names(was: Operation, now: Operation) -> Iterator[Difference]:
    """The names that the methods are made of."""
    place = now.place
    ids = [names.identifier(each.operation_id) if each.operation_id else None for each in (was, now)]
    if ids[0] != ids[1]:
        words = f"{was.operation_id} → {now.operation_id}"
        yield Difference("operation-renamed", f"{place.pointer}/operationId", words)
    tags = [names.identifier(each.tag or "default", "tag") for each in (was, now)]
    if tags[0] != tags[1]:
        yield Difference("operation-renamed", f"{place.pointer}/tags", f"{was.tag} → {now.tag}")


def _parameters(operation: Operation) -> _Parameters:
    return {each.key: each for each in operation.parameters}


def _with_names_of_path(former: str, new: str, parameters: _Parameters) -> _Parameters:
    """The parameters of a path that moved: each has its place for its name, and is the same by another name."""
    places = [re.findall(r"\{([^{}]*)\}", path) for path in (former, new)]
    if len(places[0]) != len(places[1]):
        return parameters
    later = {("path", old): ("path", name) for old, name in zip(*places, strict=True)}
    return {later.get(key, key): each for key, each in parameters.items()}


def _style(parameter: Parameter) -> dict[str, Any]:
    """How a parameter is written, also where it does not say so. The client encodes characters that may stand as they
    are (`allowReserved`) all the same."""
    return {
        "style": parameter.style,
        "explode": parameter.explodes,
        "content": [essence(each.name) for each in media_types(parameter.place)],
    }


def _are_single(*parameters: Parameter) -> bool:
    """Whether no value of parameters is one of several parts."""
    types = [read(_schema(each.place)).types for each in parameters]
    return all(each is not None and each.isdisjoint({"array", "object"}) for each in types)


def _schema(place: Place) -> Place:
    """The schema of a parameter or a header, which may have it in a media type."""
    return next((each.schema for each in media_types(place)), place.or_below("schema", {}))


def _covering(status: str, replies: Mapping[str, Body]) -> Body | None:
    """The reply that is documented for a status that has none of its own."""
    return next((replies[each] for each in ("2XX", "default") if each in replies and each != status), None)


def _entry(operation: Operation, status: str) -> str:
    return operation.place.pointer + json_pointer(["responses", status])
