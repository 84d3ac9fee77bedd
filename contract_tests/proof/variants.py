"""Values derived from a schema one by one: complete ones, and those that differ from one at a single place."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from contract_tests import judge
from contract_tests.proof import client
from contract_tests.proof.places import REMOVED, changed, found_at, places
from contract_tests.proof.same_value import NOTHING, differences, to_the_letter
from contract_tests.subject import chosen
from scripts.contract import Operation, examples_of, json_pointer, pointer_parts

JSON = Any

# One of each JSON type, and some that are easily taken for another.
OF_EVERY_TYPE: tuple[JSON, ...] = (None, True, 0, 1.5, "text", "", [], {})

# Texts of each format: well spelled and badly. Which is which, the judge says.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "date-time": (
        "2025-02-11T01:04:32Z",
        "2025-02-11t01:04:32.5z",
        "2025-02-11T01:04:32.123456789Z",
        "2025-02-11T01:04:32.120+05:30",
        "2025-02-11T23:04:32.000001-08:00",
        "2024-02-29T00:00:00-00:00",
        "2025-02-11T01:04:32",
        "2025-02-11",
        "2025-02-30T01:04:32Z",
        "2025-02-11 01:04:32Z",
        "2025-02-11T24:00:00Z",
        "2025-02-11T12:00:60Z",
        "2025-W07-2T01:04:32Z",
        "1739235872",
    ),
    "uri": (
        "https://example.com/a.wav?X-Amz-Signature=%C3%A9&a=b#t=1",
        "http://[::1]:8080/a",
        "urn:isbn:0451450523",
        "example.com/a.wav",
        "http://a b",
        "http://[::g]/",
        "http://[1:2]/",
        "a:%zz",
    ),
    "date": ("2024-02-29", "2025-02-30", "2025-2-1", "20250211", "2025-02-11T01:04:32Z"),
    "uuid": (
        "3C90C3CC-0D44-4B50-8888-8DD25736052A",
        "3c90c3cc0d444b5088888dd25736052a",
        "{3c90c3cc-0d44-4b50-8888-8dd25736052a}",
        "3c90c3cc-0d44-4b50-8888-8dd25736052",
    ),
}
SAMPLES = {
    "date-time": "2025-02-11T01:04:32.737Z",
    "date": "2025-02-11",
    "uri": "https://example.com/recording.wav",
    "uuid": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
}
ANYTHING: JSON = {"b": [None, -0.0, 1.0, 0.1 + 0.2, 2**53 + 1, "é😀\0"], "a": {"type_": "", "": []}}
UNKNOWN_FIELDS: dict[str, JSON] = {"fromTomorrow": ANYTHING, "a/b~c": 1, "__class__": None}


@dataclass(frozen=True)
class Variant:
    """A value, the pointer where it differs from the complete one, and whether it fits the schema all the same."""

    pointer: str
    value: JSON
    fits: bool


@cache
def complete(pointer: str) -> JSON:
    """A value that fits the schema at a pointer of the contract and has all its fields, none of them null.

    The first example, where the schema asks for more than is made here.
    """
    value = _complete(judge.value_at(pointer))
    examples = examples_of(chosen().contract.document, judge.value_at(pointer.removesuffix("/schema")))
    return examples[0] if examples and not judge.is_valid(pointer, value) else value


def whole_body(operation: Operation) -> JSON:
    """The complete body of an operation's request; NOTHING where it has none."""
    return complete(operation.request_schema()) if operation.has_body else NOTHING


def sample_body(operation: Operation) -> JSON:
    """The body that the contract shows, which any server should know; the complete one where it shows none."""
    return operation.example() if operation.examples else whole_body(operation)


def place_of_change(pointer: str, value: JSON) -> str:
    """Where a value differs from the complete one, if that is one place only; otherwise the whole of it."""
    found = [at for at, _, _ in differences(complete(pointer), value, same=to_the_letter)]
    return found[0] if len(found) == 1 else ""


@cache
def variants(pointer: str) -> tuple[Variant, ...]:
    """The complete value, and all that differ from it at one place: in type, in spelling, in being there or not."""
    whole, schema = complete(pointer), judge.value_at(pointer)
    found = [Variant("", whole, judge.is_valid(pointer, whole))]
    for place, at_place in places(schema, whole):
        parts = pointer_parts(place)
        is_like_another = any(part.isdecimal() and int(part) for part in parts)  # a further item of an array
        candidates = [None] if is_like_another else _candidates(at_place, found_at(whole, parts), is_part=bool(parts))
        for candidate in candidates:
            value = changed(whole, parts, candidate)
            found.append(Variant(place, value, judge.is_valid(pointer, value)))
    return tuple(found)


def renamed(pointer: str, raw: Collection[str] = ()) -> Iterator[JSON]:
    """The complete value with one more field, called as another is in Python; with `raw`, only in these fields."""
    whole = complete(pointer)
    for place, schema in places(judge.value_at(pointer), whole):
        names = {name for part in judge.alternatives(schema) for name in part.get("properties", {})}
        if not raw or (place.split("/")[1:2] and place.split("/")[1] in raw):
            for name in sorted({client.python_name(name) for name in names} - names):
                yield changed(whole, pointer_parts(place + json_pointer([name])), "called as another is in Python")


def least(pointer: str) -> JSON:
    """The complete value without whatever is optional."""
    return _least(judge.value_at(pointer), complete(pointer))


def _least(schema: judge.Schema, value: JSON) -> JSON:
    for part in judge.alternatives(schema):
        if isinstance(value, dict) and "properties" in part:
            return {name: _least(part["properties"][name], value[name]) for name in part.get("required", ())}
        if isinstance(value, list) and "items" in part:
            return [_least(part["items"], item) for item in value][: part.get("minItems", 0)]
    return value


def _complete(schema: judge.Schema) -> JSON:
    parts = list(judge.alternatives(schema))
    if enum := next((enum for part in parts if (enum := judge.enum_of(part)) is not None), None):
        return enum[0]
    for part in parts:
        match [kind for kind in _types(part) if kind != "null"]:
            case ["object"]:
                if part.get("additionalProperties") is True:
                    return ANYTHING
                named = {name: _complete(each) for name, each in part.get("properties", {}).items()}
                return {**named, "a/b~c": _complete(entry)} if (entry := judge.entries_of(part)) else named
            case ["array"]:
                return [_complete(part["items"])] * max(part.get("minItems", 0), 2)
            case ["string"]:
                text = SAMPLES.get(part.get("format", ""), "é😀\0 text")
                return text.ljust(part.get("minLength", 0), "x")[: part.get("maxLength")]
            case ["number"]:
                return _within_bounds(1.5, part)
            case ["integer"]:
                return _within_bounds(7, part)
            case ["boolean"]:
                return True
            case _:
                continue
    return [None, 0.1 + 0.2, {}]


def _within_bounds(number: float, schema: judge.Schema) -> float:
    """The number, or the one next to it that the bounds of a schema allow."""
    least: float = schema.get("minimum", schema.get("exclusiveMinimum", number - 1) + 1)
    most: float = schema.get("maximum", schema.get("exclusiveMaximum", number + 1) - 1)
    return max(least, min(number, most))


def _candidates(schema: judge.Schema, old: JSON, *, is_part: bool) -> Iterator[JSON]:
    parts = list(judge.alternatives(schema))
    if is_part:
        yield REMOVED
    if not any(_types(part) or judge.enum_of(part) for part in parts):
        yield from (None, "text")
        return
    yield from (each for each in OF_EVERY_TYPE if type(each) is not type(old) or not each)
    yield from ([old], {"value": old})
    if isinstance(old, str):
        yield from (each for part in parts for each in SPELLINGS.get(part.get("format", ""), ()))
        yield from (each for part in parts for each in judge.enum_of(part) or () if each != old)
        yield from (each for part in parts if judge.enum_of(part) for each in ("FROM_TOMORROW", old.lower()))
    elif isinstance(old, bool):
        yield from (not old, "true")
    elif isinstance(old, float):
        yield from (-0.0, 1e308, 2**53 + 1, "1.5")
    elif isinstance(old, list):
        yield from (old[1:], [*old, old[0]], [*old, None])
    elif isinstance(old, dict):
        yield {**old, **UNKNOWN_FIELDS}


def _types(schema: judge.Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds
