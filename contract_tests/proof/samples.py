"""Values made from the contract's schemas, each of which the judge finds to fit: complete ones, and the least.

They are put together part by part, a recursive schema a level deep. Where what is so made does not fit, the parts are
tried one by one in other ways, then the contract's own examples are, then what Schemathesis draws at random.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from contract_tests import intent, judge
from contract_tests.proof.same_value import NOTHING
from contract_tests.subject import chosen
from scripts.contract import examples_of, reference

JSON = Any

ANYTHING: JSON = {"b": [None, -0.0, 1.0, 0.1 + 0.2, 2**53 + 1, "é😀\0"], "a": {"type_": "", "": []}}
TEXT = "é😀\0 text"
ENTRY = "a/b~c"  # the name of a field that the contract does not name

# A text of each format that the judge knows.
TEXTS = {
    "date-time": "2025-02-11T01:04:32.737Z",
    "date": "2025-02-11",
    "time": "01:04:32.737Z",
    "duration": "P1DT2H",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "api.example.com",
    "idn-hostname": "api.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/recording.wav",
    "uri-reference": "/recording.wav?a=b",
    "uri-template": "https://example.com/{id}",
    "iri": "https://example.com/é",
    "iri-reference": "/é",
    "json-pointer": "/a/0",
    "relative-json-pointer": "0/a",
    "regex": "^a$",
    "uuid": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
}

DEEPEST = 40  # schemas within each other
AGAIN = 3  # how often one schema may stand within itself
DRAWN = 100  # values drawn at random in search of one that fits


@dataclass(frozen=True)
class Maker:
    """How values are made: for which direction, only with what has to be, and whether each part is tried by itself."""

    side: str
    least: bool = False
    careful: bool = False

    def made(self, schema: judge.Schema | bool, above: tuple[int, ...] = ()) -> JSON:
        """A value that fits a schema; NOTHING where none is found. `above` are the schemas that it stands in."""
        resolved = judge.follow(schema)
        again = above.count(id(resolved))
        if again >= AGAIN or len(above) >= DEEPEST:
            return NOTHING
        maker = replace(self, least=True) if again else self
        offers = (each for each in maker._offers(resolved, (*above, id(resolved))) if each is not NOTHING)
        if not self.careful:
            return next(offers, NOTHING)
        return next((each for each in offers if judge.fits(schema, each)), NOTHING)

    def _offers(self, schema: judge.Schema, above: tuple[int, ...]) -> Iterator[JSON]:
        if (enum := judge.enum_of(schema)) is not None:
            yield from sorted(enum, key=lambda each: each is None)
            return
        if union := judge.members(schema):
            yield from self._of_union(union, above)
            return
        kinds = intent.types_of(schema)
        for kind in sorted(kinds, key=lambda each: (each == "null") is not _is_within_itself(above)):
            yield from self._of_type(kind, schema, above)
        if not kinds:
            yield from (each for each in schema.get("examples", ()) if self.careful)
            yield from ([None, 0.1 + 0.2, {}], "text", 7, True, {}, [], None)

    def _of_union(self, union: list[judge.Schema], above: tuple[int, ...]) -> Iterator[JSON]:
        """The first member, unless the value goes on and on: then what is null, or else no object."""

        def rank(member: judge.Schema) -> int:
            is_null = judge.is_null(member)
            return -is_null if _is_within_itself(above) else is_null

        for each in sorted(union, key=rank):
            yield self.made(each, above)

    def _of_type(self, kind: str, schema: judge.Schema, above: tuple[int, ...]) -> Iterator[JSON]:
        match kind:
            case "object":
                yield from self._objects(schema, above)
            case "array":
                yield from self._arrays(schema, above)
            case "string":
                yield from self._texts(schema)
            case "number":
                yield from _numbers(1.5, schema)
            case "integer":
                yield from (int(each) for each in _numbers(7, schema))
            case "boolean":
                yield from (True, False)
            case _:
                yield None

    def _objects(self, schema: judge.Schema, above: tuple[int, ...]) -> Iterator[JSON]:
        required = list(schema.get("required", ()))
        named: dict[str, JSON] = {}
        for name, field in {**dict.fromkeys(required, True), **schema.get("properties", {})}.items():
            if name not in required and (self.least or is_of_the_other_side(field, self.side)):
                continue
            if (made := self.made(field, above)) is not NOTHING:
                named[name] = made
            elif name in required:
                return
        named = {name: named[name] for name in schema.get("properties", {}) if name in named} | named
        entries = {} if self.least else dict(self._entries(schema, above))
        yield named | entries
        if not self.careful:
            return
        yield named
        optional = [name for name in named if name not in required]
        least = {name: named[name] for name in required}
        yield from ({name: each for name, each in named.items() if name != left_out} for left_out in optional)
        yield from (least | {name: named[name]} for name in optional)
        yield least
        yield least | dict(self._entries(schema, above))

    def _entries(self, schema: judge.Schema, above: tuple[int, ...]) -> Iterator[tuple[str, JSON]]:
        """Fields that an object provides for without a name."""
        if schema.get("additionalProperties") is True:
            yield from ANYTHING.items()
        elif isinstance(schema.get("additionalProperties"), dict) and judge.entry_of(schema, ENTRY) not in (None, True):
            entry = self.made(schema["additionalProperties"], above)
            yield from [(ENTRY, entry)] if entry is not NOTHING else ()
        for pattern, field in schema.get("patternProperties", {}).items():
            name, entry = matching(pattern), self.made(field, above)
            if name is not NOTHING and entry is not NOTHING and name not in schema.get("properties", {}):
                yield name, entry

    def _arrays(self, schema: judge.Schema, above: tuple[int, ...]) -> Iterator[JSON]:
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        first = schema.get("prefixItems", ())
        count = least if self.least else max(least, 2, len(first))
        count = min(count, most if most is not None else count)
        items: list[JSON] = []
        for index in range(count):
            item = self.made(first[index] if index < len(first) else schema.get("items", True), above)
            if item is NOTHING:
                break
            items.append(item)
        if len(items) < least:
            return
        yield items
        if self.careful:
            yield from ([*items[:1], *_others(items[:1], count - 1)], items[:1], [])
            if "contains" in schema and (item := self.made(schema["contains"], above)) is not NOTHING:
                yield from ([item], [*items, item], [item] * max(least, schema.get("minContains", 1)))

    def _texts(self, schema: judge.Schema) -> Iterator[JSON]:
        text = TEXTS.get(schema.get("format", ""), TEXT)
        if "pattern" not in schema or schema.get("format") in TEXTS:
            yield text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
        if "pattern" in schema:
            lengths: judge.Schema = {
                keyword: schema[keyword] for keyword in ("minLength", "maxLength") if keyword in schema
            }
            yield matching(schema["pattern"], lengths)
        if self.careful:
            yield from (each for each in schema.get("examples", ()) if isinstance(each, str))
            yield "x" * max(schema.get("minLength", 1), 1)


def is_of_the_other_side(field: judge.Schema | bool, side: str) -> bool:
    """Whether only the other direction has a field."""
    return judge.follow(field).get("readOnly" if side == intent.REQUEST else "writeOnly") is True


def sample(schema: judge.Schema | bool, side: str, *, least: bool = False) -> JSON:
    """A value that fits a schema, with all its fields or only what has to be; NOTHING where none is found."""
    maker = Maker(side, least)
    for each in (maker, replace(maker, careful=True)):
        try:
            made = each.made(schema)
        except RecursionError:  # of a schema that takes in itself
            return NOTHING
        if made is not NOTHING and judge.fits(schema, made):
            return made
    return NOTHING


def sample_at(pointer: str, *, least: bool = False) -> JSON:
    """The same of the schema at a pointer of the contract, which shows examples beside it; one of these, at worst."""
    try:
        return _sample_at(pointer, least=least)
    except judge.UnreadableSchemaError:
        return NOTHING


def _sample_at(pointer: str, *, least: bool) -> JSON:
    schema, side = judge.schema(pointer), intent.side_of(pointer)
    made = sample(schema, side, least=least)
    if made is not NOTHING:
        return made
    holder = pointer.removesuffix("/schema")
    shown = examples_of(chosen().contract.document, judge.value_at(holder)) if judge.exists(holder) else []
    resolved = judge.follow(schema)
    shown = [
        *shown,
        *resolved.get("examples", ()),
        *(resolved[each] for each in ("example", "default") if each in resolved),
    ]
    shown = [each for each in shown if judge.fits(schema, each)]
    return shown[0] if shown else _searched(pointer)


def matching(pattern: str, beside: judge.Schema | None = None) -> JSON:
    """A text that matches a pattern, and what else is said of it; NOTHING where none is found."""
    if (compiled := as_pattern(pattern)) is None:
        return NOTHING
    strategy = st.from_regex(compiled)
    wanted = {"pattern": pattern, **(beside or {})}
    if beside and (least := beside.get("minLength")):
        strategy = strategy | strategy.map(lambda text: (text * least)[: beside.get("maxLength", None)])
    return drawn(strategy, lambda text: judge.fits(wanted, text))


@cache
def as_pattern(pattern: str) -> re.Pattern[str] | None:
    """A pattern of ECMA-262 as one of Python that matches much the same; None where there is none."""
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, ValueError, OverflowError):
        from schemathesis.core.jsonschema.patterns import normalize_regex  # here, since it takes time, and is rare

        translated = normalize_regex(pattern)
        return re.compile(translated) if translated else None


def drawn(strategy: st.SearchStrategy[JSON], fits: Callable[[JSON], bool]) -> JSON:
    """The first value that is drawn and fits, the same each time; NOTHING where none is."""
    first_found = settings(max_examples=DRAWN, derandomize=True, database=None, deadline=None, phases=(Phase.generate,))
    try:
        return find(strategy, fits, settings=first_found)
    except Exception:  # noqa: BLE001 - whatever keeps it from drawing, there is none
        return NOTHING


def _searched(pointer: str) -> JSON:
    """What Schemathesis draws of a schema, and fits it."""
    from schemathesis.generation.jsonschema import builder  # here, since it takes time and most contracts have no need

    schema = judge.schema(pointer)
    stated = {**chosen().contract.document, "$ref": reference(pointer)}
    try:
        strategy = builder.build(stated, draft=judge.DRAFT, formats={})
    except Exception:  # noqa: BLE001 - a schema that it does not take
        return NOTHING
    return drawn(strategy, lambda value: judge.fits(schema, value))


def _is_within_itself(above: tuple[int, ...]) -> bool:
    return len({*above}) < len(above)


def _numbers(usual: float, schema: judge.Schema) -> Iterator[float]:
    """A number that fits, or the one next to it that the bounds and `multipleOf` allow."""
    least: float = schema.get("minimum", schema.get("exclusiveMinimum", usual - 1) + 1)
    most: float = schema.get("maximum", schema.get("exclusiveMaximum", usual + 1) - 1)
    if "exclusiveMinimum" in schema:
        least = max(least, schema["exclusiveMinimum"] + 1)
    if "exclusiveMaximum" in schema:
        most = min(most, schema["exclusiveMaximum"] - 1)
    within = [schema[each] for each in schema if each in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")]
    number = max(least, min(usual, most)) if least <= most else sum(within) / len(within)
    if step := schema.get("multipleOf"):
        exact = Fraction(str(step))
        for steps in (ceil(Fraction(str(number)) / exact), floor(Fraction(str(number)) / exact)):
            value = steps * exact
            yield int(value) if value.denominator == 1 else float(value)
    yield number
    yield from (usual, 0, 1)


def _others(like: list[JSON], count: int) -> Iterator[JSON]:
    """Scalars that differ from one and from each other; as many as asked for, or none."""
    for number in range(1, count + 1):
        match like:
            case [bool(one)]:
                yield not one
            case [int(one) | float(one)]:
                yield one + number
            case [str(one)]:
                yield f"{one}{number}"
            case _:
                return
