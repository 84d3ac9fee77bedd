"""JSON values made from the contract's schemas: ones that fit, and ones that break them at a single place."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from math import ceil, floor
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from contract_tests import intent, judge
from contract_tests.proof import client
from contract_tests.proof.breaches import WrongPlace, refused_places
from contract_tests.proof.places import changed, found_at, places
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.samples import TEXTS, as_pattern, is_of_the_other_side
from contract_tests.proof.variants import MOST_CHARACTERS, are_close, complete, variants
from contract_tests.subject import chosen
from scripts.contract import pointer_parts

JSON = Any
Strategy = st.SearchStrategy[JSON]

Broken = tuple[JSON, list[WrongPlace]]
"""A value, and where it is wrong."""

T = TypeVar("T")
Test = TypeVar("Test", bound=Callable[..., Any])

USUAL = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def generously(test: Test) -> Test:
    """Draw values for a test: with `--examples 5000`, 10,000 an operation, half of them fitting."""
    return settings(USUAL, max_examples=max(150, chosen().examples), phases=(Phase.generate, Phase.shrink))(test)


def check_each(derived: Iterable[T], drawn: st.SearchStrategy[T], check: Callable[[T], None]) -> None:
    """Check values that are derived one by one, and a few that are drawn beside them, if any can be."""
    for each in derived:
        check(each)

    @seed(chosen().seed)
    @settings(USUAL, max_examples=max(1, chosen().examples // 8), phases=(Phase.generate,))
    @given(drawn)
    def check_drawn(each: T) -> None:
        check(each)

    if not drawn.is_empty:
        check_drawn()


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from((0, -0.0, 1e308, 10**400))
SCALARS = st.none() | st.booleans() | NUMBERS | st.text()
ANY_JSON: Strategy = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


@st.composite
def date_times(draw: st.DrawFn) -> str:
    """A date-time of RFC 3339, in any of its spellings but a leap second."""
    instant = draw(st.datetimes())
    fraction = draw(st.just("") | st.text("0123456789", min_size=1, max_size=12).map(lambda digits: f".{digits}"))
    hours, minutes = draw(st.integers(0, 23)), draw(st.integers(0, 59))
    offset = draw(st.sampled_from(("Z", "z", "-00:00", f"+{hours:02}:{minutes:02}", f"-{hours:02}:{minutes:02}")))
    return f"{instant:%H:%M:%S}".join((f"{instant.date()}{draw(st.sampled_from('Tt'))}", fraction + offset))


URIS = st.builds(
    "{}:{}{}".format,
    st.sampled_from(("https", "HTTP", "ftp", "x-a+b.c")),
    st.sampled_from(("//example.com", "//user:p%20w@[::1]:8080", "//127.0.0.1:", "//", "", "//a.b/c;d=e", "a:b")),
    st.sampled_from(("", "/", "/recording.wav?X-Amz-Signature=%C3%A9&a=b", "/a?b?c/d", "/~a!$&'()*+,;=:@#f/?", "#")),
)
FORMATS: dict[str, Strategy] = {
    "date-time": date_times(),
    "date": st.dates().map(str),
    "uri": URIS,
    "uuid": st.uuids().map(str) | st.uuids().map(lambda uuid: str(uuid).upper()),
}


@cache
def fitting(pointer: str, *, unknown: bool = False) -> Strategy:
    """Values that fit the schema at a pointer of the contract; with `unknown`, also with fields it does not name."""
    schema = judge.schema(pointer)
    maker = _Strategies(unknown, intent.side_of(pointer))
    return maker.of(schema).filter(lambda value: judge.fits(schema, value)) | st.just(complete(pointer))


class _Strategies:
    """Strategies of schemas, each made once, since a schema may stand within itself."""

    def __init__(self, unknown: bool, side: str) -> None:
        self._unknown = unknown
        self._side = side
        self._made: dict[int, Strategy] = {}

    def of(self, schema: judge.Schema | bool) -> Strategy:
        """Values of a schema; most of them fit."""
        resolved = judge.follow(schema)
        if id(resolved) not in self._made:
            self._made[id(resolved)] = st.deferred(lambda: self._of(resolved))
        return self._made[id(resolved)]

    def _of(self, schema: judge.Schema) -> Strategy:
        if (enum := judge.enum_of(schema)) is not None:
            return st.sampled_from(enum) if enum else st.nothing()
        if union := judge.members(schema):
            return st.one_of(list(map(self.of, union)))
        of_types = [self._of_type(each, schema) for each in intent.types_of(schema)]
        return st.one_of(of_types) if of_types else ANY_JSON

    def _of_type(self, kind: str, schema: judge.Schema) -> Strategy:
        match kind:
            case "object":
                return self._objects(schema)
            case "array":
                least = schema.get("minItems", 0)
                most = schema.get("maxItems", least + 3)
                if first := schema.get("prefixItems"):
                    return st.tuples(*map(self.of, first)).map(list)
                items = schema.get("items", True)
                return st.lists(self.of(items), min_size=least, max_size=most) if items is not False else st.just([])
            case "string":
                return _texts(schema)
            case "integer":
                return _integers(schema)
            case "number":
                return _numbers(schema)
            case "boolean":
                return st.booleans()
            case _:
                assert kind == "null", kind
                return st.none()

    def _objects(self, schema: judge.Schema) -> Strategy:
        stated = schema.get("properties", {})
        required = {*schema.get("required", ())}
        fields = {name: self.of(each) for name, each in stated.items() if not is_of_the_other_side(each, self._side)}
        fields |= dict.fromkeys(required - stated.keys(), ANY_JSON)
        named = st.fixed_dictionaries(
            {name: each for name, each in fields.items() if name in required},
            optional={name: each for name, each in fields.items() if name not in required},
        )
        entry = judge.entry_of(schema, "fromTomorrow")
        names_all = "additionalProperties" not in schema and bool(fields)
        if not (self._unknown if names_all else entry is not None):
            return named
        # In a request, a field may be given by its Python name: no unknown one is called so.
        taken = {*stated, *client.attributes(schema).values(), *map(client.python_name, fields)}
        names = (st.text() | st.sampled_from(("", "a/b~c", "__class__", "fromTomorrow"))).filter(
            lambda name: not any(are_close(name, each) for each in taken)
        )
        entries = ANY_JSON if entry in (None, True) else self.of(entry)
        return st.builds(dict.__or__, named, st.dictionaries(names, entries, max_size=2))


def _texts(schema: judge.Schema) -> Strategy:
    if (form := schema.get("format")) in FORMATS:
        return FORMATS[form]
    if form in TEXTS:
        return st.just(TEXTS[form])
    if "pattern" in schema:
        pattern = as_pattern(schema["pattern"])
        return st.nothing() if pattern is None else st.from_regex(pattern)
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if least > MOST_CHARACTERS:
        return st.just("x" * least)
    return st.text(min_size=least, max_size=most if most is None else min(most, MOST_CHARACTERS))


def _integers(schema: judge.Schema) -> Strategy:
    least = [ceil(schema["minimum"])] if "minimum" in schema else []
    least += [floor(schema["exclusiveMinimum"]) + 1] if "exclusiveMinimum" in schema else []
    most = [floor(schema["maximum"])] if "maximum" in schema else []
    most += [ceil(schema["exclusiveMaximum"]) - 1] if "exclusiveMaximum" in schema else []
    if least and most and max(least) > min(most):
        return st.nothing()
    return st.integers(max(least, default=None), min(most, default=None))


def _numbers(schema: judge.Schema) -> Strategy:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    if (least, most) == (None, None):
        return NUMBERS
    return st.floats(least, most, allow_nan=False, allow_infinity=False) | _integers(schema)


@cache
def broken(pointer: str) -> tuple[Broken, ...]:
    """Each variant that breaks the schema at a pointer of the contract."""
    wrong = (each.value for each in variants(pointer) if not each.fits)
    return tuple((value, list(refused_places(pointer, value))) for value in wrong)


@cache
def breaking(pointer: str) -> st.SearchStrategy[Broken]:
    """Values that fit but for one change at one place; empty where all values fit."""
    known = broken(pointer)
    return _breaking(pointer) | st.sampled_from(known) if known else st.nothing()


@st.composite
def _breaking(draw: st.DrawFn, pointer: str) -> Broken:
    schema = judge.schema(pointer)
    value = draw(fitting(pointer))
    place = draw(st.sampled_from([place for place, _ in places(schema, value)]))
    parts = pointer_parts(place)
    old = found_at(value, parts)
    changes: list[Strategy] = [
        st.none(),
        SCALARS,
        st.sampled_from(([], {}, "", "2025-02-11T01:04:32", "2025-02-30T01:04:32Z", "http://a b")),
        st.just([old]),
        st.just({"value": old}),
        st.just(json.dumps(old)),
    ]
    if isinstance(old, str):
        changes += [st.just(old + " "), st.just(old.swapcase()), st.just(old[:-1])]
    if isinstance(old, list):
        changes += [st.just(old[1:]), st.just([*old, *old[-1:]]), st.just([*old, None])]
    if parts:
        changes += [st.just(NOTHING)]
    other = changed(value, parts, draw(st.one_of(changes)))
    wrong = list(refused_places(pointer, other))
    assume(wrong)
    return other, wrong


def text_of(value: JSON) -> str:
    """A JSON value as text that is equal exactly where the values are: `1`, `1.0`, `true` and `-0.0` all differ."""
    return json.dumps(value, sort_keys=True)
