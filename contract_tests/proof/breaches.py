"""Where a value breaks its schema, in words that are the same for the same mistake, and what that does to callers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests import judge
from contract_tests.intent import types_of
from contract_tests.proof.places import found_at, shared_place
from contract_tests.proof.same_value import NOTHING
from scripts.contract import json_pointer, pointer_parts

JSON = Any

MISSING = "a required field is missing"

JSON_TYPES = {
    dict: "an object",
    list: "an array",
    str: "a text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
    type(NOTHING): "no JSON",
}


@dataclass(frozen=True)
class WrongPlace:
    """A place where a value breaks its schema, and what a reader may do about it."""

    pointer: str
    unknown_value: bool
    """It is text where the schema has an enum of texts."""
    optional: str | None
    """Pointer of the innermost optional field that it lies in; None where all are required."""
    passthrough: bool
    """Whether it lies in what is sent exactly as it was given."""
    fault: str
    """What is wrong with it, in words that name no place."""
    in_union: bool = False
    """Whether it fits no member of a union of objects: who reads it may say so of the whole, or of what is within."""

    @property
    def rule_of_reply(self) -> str:
        """What it does to the caller who gets it in a reply."""
        if self.unknown_value:
            return "unlisted-value"
        return "optional-value-unreadable" if self.optional else "reply-unreadable"

    @property
    def fault_of_reply(self) -> str:
        """What is wrong with a reply; of what is missing, in which object, and of a value that is not listed, where."""
        if self.unknown_value:
            return f"at {shared_place(self.pointer)}"
        within = shared_place(self.pointer).rpartition("/")[0] or "the whole reply"
        return f"{self.fault}, in {within}" if self.fault == MISSING else self.fault

    @property
    def fault_of_request(self) -> str:
        """What a server overlooks that takes it; of what only passes through, one fault for all."""
        if self.passthrough:
            return "whatever a raw report holds"
        return "a value of another type" if " in the place of " in self.fault else self.fault


def json_type(value: JSON) -> str:
    """The JSON type of a value, with its article."""
    return JSON_TYPES[type(value)]


def wrong_places(pointer: str, value: JSON) -> Iterator[WrongPlace]:
    """Where a value breaks the schema at a pointer of the contract, as an independent judge sees it."""
    yield from _wrong(judge.schema(pointer), value, judge.breaches_of, _Above())


def refused_places(pointer: str, value: JSON) -> Iterator[WrongPlace]:
    """The same, but for keywords that only narrow what fits: where a client that follows the contract refuses it."""
    yield from _wrong(judge.schema(pointer), value, judge.misfits, _Above())


@dataclass(frozen=True)
class _Above:
    """What is known of a place from what it lies in."""

    at: str = ""
    optional: str | None = None
    passthrough: bool = False


def _wrong(
    schema: judge.Schema | bool, value: JSON, breaches: Callable[[Any, JSON], list[judge.Breach]], above: _Above
) -> Iterator[WrongPlace]:
    for breach in {each.pointer: each for each in reversed(breaches(schema, value))}.values():
        here, inner, is_whole = _way_to(schema, value, breach.pointer, above)
        came = found_at(value, pointer_parts(here.at.removeprefix(above.at)))
        union = [each for each in judge.members(inner) if not judge.is_null(each)]
        told = judge.told_by_discriminator(inner, came)
        if is_whole and came not in (None, NOTHING) and (told is not None or len(union) == 1):
            # What is wrong is named within what could also be null, or what its discriminator tells it to be.
            yield from _wrong(told if told is not None else union[0], came, breaches, here)
            continue
        unknown_value = any(_is_unlisted(judge.follow(each), came) for each in (union or (inner,)))
        in_union = len(union) > 1 and not all(map(_is_scalar, union))
        fault = _fault(breach, judge.follow(inner), came)
        yield WrongPlace(here.at, unknown_value, here.optional, here.passthrough, fault, in_union)


def _way_to(
    schema: judge.Schema | bool, value: JSON, pointer: str, above: _Above
) -> tuple[_Above, judge.Schema | bool, bool]:
    """What is known of a place, its schema, and whether it is that of the pointer: else it is of a union around it."""
    at, optional, passthrough = above.at, above.optional, above.passthrough
    for part in pointer_parts(pointer):
        union = [each for each in judge.members(schema) if not judge.is_null(each)]
        if len(union) > 1 and judge.told_by_discriminator(schema, value) is None:
            return _Above(at, optional, passthrough), schema, False
        at += json_pointer([part])
        (resolved, *_) = judge.counted_as(schema, value) or [judge.follow(schema)]
        is_named = isinstance(value, dict) and part in resolved.get("properties", {})
        schema = judge.part_of(resolved, value, part)
        value = found_at(value, [part])
        if not is_named:
            continue
        passthrough = passthrough or judge.follow(schema).get("x-passthrough", False)
        if part not in resolved.get("required", ()):
            optional = at
    return _Above(at, optional, passthrough), schema, True


def _is_unlisted(schema: judge.Schema, came: JSON) -> bool:
    """Whether a value is of the type of an enum that may grow; 2.0 is a whole number as well."""
    kind = int if isinstance(came, float) and came.is_integer() else type(came)
    return judge.is_open_enum(schema) and kind in {type(each) for each in schema["enum"]} - {type(None)}


def _is_scalar(schema: judge.Schema) -> bool:
    resolved = judge.follow(schema)
    kinds = types_of(resolved)
    return judge.enum_of(resolved) is not None or (bool(kinds) and not {"object", "array"} & {*kinds})


def _fault(breach: judge.Breach, schema: judge.Schema, came: JSON) -> str:
    if came is NOTHING:
        return MISSING
    if came is None:
        return "a null where none may be"
    match breach.keyword:
        case "format":
            formats = {each["format"] for each in judge.alternatives(schema) if "format" in each}
            return f"a text that is no {' or '.join(sorted(formats))}"
        case "type" | "oneOf" | "anyOf" | "enum" | "const":
            kinds = _types(schema)
            if json_type(came) in kinds:
                return "a value that the enum does not list"
            return f"{json_type(came)} in the place of {' or '.join(kinds)}"
        case "minItems" | "maxItems":
            return "another number of items"
        case "minLength" | "maxLength":
            return "a text of another length"
        case keyword:
            return f"what {keyword} forbids"


def _types(schema: judge.Schema) -> list[str]:
    """The types that a schema allows, as words; null left out."""
    words = {
        "object": "an object",
        "array": "an array",
        "string": "a text",
        "boolean": "a boolean",
        "number": "a number",
        "integer": "a number",
    }
    found = []
    for each in judge.alternatives(schema):
        found += [words[kind] for kind in types_of(each) if kind in words]
        found += [json_type(value) for value in judge.enum_of(each) or () if "type" not in each]
    return list(dict.fromkeys(found))
