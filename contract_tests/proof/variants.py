"""Values derived from a schema one by one: complete ones, and those that differ from one at a single place."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from contract_tests import contents, intent, judge
from contract_tests.contents import Content, Form
from contract_tests.proof import client
from contract_tests.proof.places import changed, found_at, places
from contract_tests.proof.same_value import NOTHING, differences, to_the_letter
from contract_tests.proof.samples import ANYTHING, is_of_the_other_side, matching, sample, sample_at
from scripts.contract import Operation, json_pointer, pointer_parts

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
# Bodies that are no JSON; the first is what stands for all.
OTHERS: dict[Form, tuple[str | bytes, ...]] = {
    Form.TEXT: ('a,b\r\n\u00e9,"c"\n', "", "{}", "<a/>"),
    Form.BYTES: (b"\x89PNG\r\n\x1a\n\0\xff", b"", b"{}", b"\xef\xbb\xbfa"),
}
OTHER_WHOLE = {form: bodies[0] for form, bodies in OTHERS.items()}

UNKNOWN_FIELDS: dict[str, JSON] = {"fromTomorrow": ANYTHING, "a/b~c": 1, "__class__": None}

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
LENGTHS = ("minLength", "maxLength")
COUNTS = ("minItems", "maxItems")

CLOSE = 0.7  # of the letters of two names, in the same order

MOST_CHARACTERS = 10_000  # of a text that is made to be as long as may be
MOST_ITEMS = 200  # of an array, likewise
MOST_WHOLE = 50  # complete values of one schema


@dataclass(frozen=True)
class Variant:
    """A value, the pointer where it differs from a complete one, and whether it fits the schema all the same."""

    pointer: str
    value: JSON
    fits: bool
    whole: JSON
    """The complete value that it differs from."""


@cache
def complete(pointer: str) -> JSON:
    """A value that fits the schema at a pointer of the contract and has all its fields, none of them null.

    NOTHING where none is found.
    """
    return sample_at(pointer)


@cache
def least(pointer: str) -> JSON:
    """A value that fits the schema at a pointer of the contract, without whatever is optional."""
    return sample_at(pointer, least=True)


def whole_body(operation: Operation) -> JSON:
    """The complete body of an operation's request; NOTHING where it has none."""
    return whole(contents.sent(operation))


def whole(content: Content | None) -> JSON | bytes:
    """A complete value of what a body holds; NOTHING where there is none."""
    if content is None:
        return NOTHING
    return complete(content.schema) if content.form is Form.JSON else OTHER_WHOLE[content.form]


def sample_body(operation: Operation) -> JSON:
    """The body that the contract shows, which any server should know; the complete one where it shows none."""
    return operation.example() if contents.sends_json(operation) and operation.examples else whole_body(operation)


def place_of_change(pointer: str, value: JSON) -> str:
    """Where a value differs from the complete one, if that is one place only; otherwise the whole of it."""
    found = [at for at, _, _ in differences(complete(pointer), value, same=to_the_letter)]
    return found[0] if len(found) == 1 else ""


@cache
def wholes(pointer: str) -> tuple[tuple[JSON, str], ...]:
    """Complete values that together have every member of every union, each with the place of the union."""
    schema, side = judge.schema(pointer), intent.side_of(pointer)
    found = [(complete(pointer), "")] if complete(pointer) is not NOTHING else []
    for value, under in found:  # to which more are added meanwhile
        for place, inner, is_like_another in _places(schema, value):
            if not place.startswith(under) or is_like_another or (under and place == under):
                continue
            counted = judge.counted_as(inner, found_at(value, pointer_parts(place)))
            for member in _leaves(inner):
                is_there = any(each is judge.follow(member) for each in counted)
                if is_there or judge.is_null(member) or len(found) >= MOST_WHOLE:
                    continue
                made = sample(member, side)
                other = changed(value, pointer_parts(place), made)
                if made is not NOTHING and judge.fits(schema, other):
                    found.append((other, place))
    return tuple(found)


def _leaves(schema: judge.Schema, above: tuple[int, ...] = ()) -> Iterator[judge.Schema]:
    """The members of a union, and of those that are unions themselves theirs."""
    for member in judge.members(schema) if id(schema) not in above else ():
        inner = list(_leaves(member, (*above, id(schema))))
        yield from inner or [member]


@cache
def variants(pointer: str) -> tuple[Variant, ...]:
    """The complete values, and all that differ from one at one place: in type, in spelling, in being there or not.

    Left out is what neither surely fits nor surely breaks the schema.
    """
    return tuple(_variants(pointer))


def _variants(pointer: str) -> Iterator[Variant]:
    schema = judge.schema(pointer)
    for base, under in wholes(pointer):
        yield Variant(under, base, fits=True, whole=base)
        found = [(place, each) for place, each in _changes(schema, base) if place.startswith(under)]
        found += [(place, each) for place in unsampled(pointer) if not under for each in (*OF_EVERY_TYPE, 7)]
        for place, candidate in found:
            value = changed(base, pointer_parts(place), candidate)
            if (fits := judge.fits(schema, value)) or judge.misfits(schema, value):
                yield Variant(place, value, fits, base)


def _changes(schema: judge.Schema, base: JSON) -> Iterator[tuple[str, JSON]]:
    """Each place of a value, with what may stand there instead."""
    for place, inner, is_like_another in _places(schema, base):
        parts = pointer_parts(place)
        candidates = [None] if is_like_another else _candidates(inner, found_at(base, parts), is_part=bool(parts))
        yield from ((place, each) for each in candidates)


@cache
def unsampled(pointer: str) -> dict[str, judge.Schema | bool]:
    """By their places, fields that the complete value lacks, since no value is found that fits them."""
    schema, base, side = judge.schema(pointer), complete(pointer), intent.side_of(pointer)
    return {
        place + json_pointer([name]): field
        for place, inner, is_like_another in _places(schema, base)
        if isinstance(value := found_at(base, pointer_parts(place)), dict) and not is_like_another
        for part in judge.counted_as(inner, value)
        for name, field in part.get("properties", {}).items()
        if name not in value and not is_of_the_other_side(field, side) and sample(field, side, least=True) is NOTHING
    }


def renamed(pointer: str, raw: Collection[str] = ()) -> Iterator[JSON]:
    """The complete value with one more field, called as another is in Python; with `raw`, only in these fields."""
    schema, base = judge.schema(pointer), complete(pointer)
    for place, inner in places(schema, base) if base is not NOTHING else ():
        names = {name for part in judge.alternatives(inner) for name in part.get("properties", {})}
        if not raw or (place.split("/")[1:2] and place.split("/")[1] in raw):
            for name in sorted({client.python_name(name) for name in names} - names):
                value = changed(base, pointer_parts(place + json_pointer([name])), "called as another is in Python")
                if judge.fits(schema, value):
                    yield value


def _places(schema: judge.Schema, value: JSON) -> Iterator[tuple[str, judge.Schema, bool]]:
    """Every place, its schema, and whether it is in a further item of an array, which is like the first.

    Those of a tuple are not alike.
    """
    differing: dict[str, int] = {}  # of each array, the index up to which its items are not alike
    alike = set[str]()
    for place, inner in places(schema, value):
        above, _, last = place.rpartition("/")
        if above in alike or (above in differing and int(last) > differing[above]):
            alike.add(place)
        if isinstance(array := found_at(value, pointer_parts(place)), list):
            lengths = (len(each.get("prefixItems", ())) for each in judge.counted_as(inner, array))
            differing[place] = max(lengths, default=0)
        yield place, inner, place in alike


def _candidates(schema: judge.Schema, old: JSON, *, is_part: bool) -> Iterator[JSON]:
    parts = list(judge.alternatives(schema))
    if is_part:
        yield NOTHING
    if not any(intent.types_of(part) or judge.enum_of(part) for part in parts):
        yield from (None, "text")
        return
    yield from (each for each in OF_EVERY_TYPE if type(each) is not type(old) or not each)
    yield from ([old], {_another_name(parts): old})
    listed = [each for part in parts for each in judge.enum_of(part) or () if not _is_same(each, old)]
    yield from listed
    if isinstance(old, str):
        yield from (each for part in parts for each in SPELLINGS.get(part.get("format", ""), ()))
        yield from (each for part in parts if judge.enum_of(part) for each in ("FROM_TOMORROW", old.lower()))
        yield from (each for part in parts for each in _texts(part))
    elif isinstance(old, bool):
        yield from (not old, "true")
    elif isinstance(old, int | float):
        yield from (-0.0, 1e308, 2**53 + 1, "1.5") if isinstance(old, float) else (float(old), old + 1_000)
        yield -1_000  # which may fit a member of a union that the contract had once
        yield from (each for part in parts for each in _numbers(part))
        yield from (old + 1_000.0 for part in parts if judge.enum_of(part))
    elif isinstance(old, list):
        yield from (old[1:], [*old, *old[:1]], [*old, None])
        counts = {count for part in parts for count in _around(part, COUNTS) if count <= MOST_ITEMS}
        yield from (old[:1] * count for count in sorted(counts) if old)
    elif isinstance(old, dict):
        yield {**old, **UNKNOWN_FIELDS}


def are_close(one: str, other: str) -> bool:
    """Whether who writes one name may well have meant the other."""
    first, second = ("".join(filter(str.isalnum, each)).lower() for each in (one, other))
    return one == other or SequenceMatcher(None, first, second).ratio() > CLOSE


def _another_name(parts: list[judge.Schema]) -> str:
    """A name that none of the fields has or nearly has."""
    named = {name for part in parts for name in part.get("properties", {})}
    return next((each for each in ("value", "envelope") if not any(are_close(each, name) for name in named)), "zzzz")


def _is_same(one: JSON, other: JSON) -> bool:
    return type(one) is type(other) and bool(one == other)


def _texts(schema: judge.Schema) -> Iterator[str]:
    """Texts as long as may be and longer, and others than a pattern wants."""
    lengths = [each for each in _around(schema, LENGTHS) if each <= MOST_CHARACTERS]
    yield from ("x" * length for length in lengths)
    if "pattern" in schema:
        yield from ("x", "é😀")
        if (text := matching(schema["pattern"])) is not NOTHING:
            yield text
            yield from (text * (length // len(text) + 1) for length in lengths if text)


def _numbers(schema: judge.Schema) -> Iterator[float]:
    """The bounds of a number, and what lies beyond."""
    for keyword in BOUNDS:
        if keyword in schema:
            yield from (schema[keyword], schema[keyword] - 1, schema[keyword] + 1)


def _around(schema: judge.Schema, keywords: Collection[str]) -> Iterator[int]:
    """The numbers that keywords name, and those next to them."""
    for keyword in keywords:
        if keyword in schema:
            yield from (each for each in (schema[keyword] - 1, schema[keyword], schema[keyword] + 1) if each >= 0)
