"""JSON values made from the contract's schemas: ones that fit, and ones that break them at a single place."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st

from contract_tests import judge
from contract_tests.proof import client
from contract_tests.proof.breaches import Wrong, wrong_places
from contract_tests.proof.places import REMOVED, changed, found_at, places
from contract_tests.proof.same_value import differences, to_the_microsecond
from contract_tests.subject import chosen
from scripts.contract import pointer_parts, reference

JSON = Any
Strategy = st.SearchStrategy[JSON]

Test = TypeVar("Test", bound=Callable[..., Any])

USUAL = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def generously(test: Test) -> Test:
    """Draw values for a test: with `--examples 5000`, 10,000 an operation, half of them fitting."""
    return settings(USUAL, max_examples=max(150, chosen().examples), phases=(Phase.generate, Phase.shrink))(test)


def quickly(test: Test) -> Test:
    """Draw the few for a test that a run of the proof takes beside the values that are derived one by one."""
    return settings(USUAL, max_examples=max(1, chosen().examples // 8), phases=(Phase.generate,))(test)


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
def fitting(operation_schema: str, *, unknown: bool = False) -> Strategy:
    """Values that fit the schema at a pointer of the contract; with `unknown`, also with fields it does not name."""
    return _fitting({"$ref": reference(operation_schema)}, unknown=unknown)


def _fitting(schema: judge.Schema, *, unknown: bool) -> Strategy:
    schema = judge.follow(schema)
    if (enum := judge.enum_of(schema)) is not None:
        return st.sampled_from(enum)
    if members := schema.get("oneOf", schema.get("anyOf")):
        return st.one_of([_fitting(member, unknown=unknown) for member in members])
    types = schema.get("type")
    if types is None:
        return ANY_JSON
    return st.one_of([_of_type(each, schema, unknown) for each in ([types] if isinstance(types, str) else types)])


def _of_type(kind: str, schema: judge.Schema, unknown: bool) -> Strategy:
    match kind:
        case "object":
            fields = {name: _fitting(each, unknown=unknown) for name, each in schema.get("properties", {}).items()}
            required = set(schema.get("required", ()))
            named = st.fixed_dictionaries(
                {name: each for name, each in fields.items() if name in required},
                optional={name: each for name, each in fields.items() if name not in required},
            )
            if not unknown and "additionalProperties" not in schema:
                return named
            # In a request, a field may be given by its Python name: no unknown one is called so.
            taken = {*fields, *map(client.python_name, fields)}
            names = (st.text() | st.sampled_from(("", "a/b~c", "__class__", "fromTomorrow"))).filter(
                lambda name: name not in taken
            )
            entry = judge.entries_of(schema)
            entries = ANY_JSON if entry is None else _fitting(entry, unknown=unknown)
            return st.builds(dict.__or__, named, st.dictionaries(names, entries, max_size=2))
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(
                _fitting(schema["items"], unknown=unknown), min_size=least, max_size=schema.get("maxItems", least + 3)
            )
        case "string":
            if "pattern" in schema:
                return st.from_regex(schema["pattern"])
            length = {"min_size": schema.get("minLength", 0), "max_size": schema.get("maxLength")}
            return FORMATS.get(schema.get("format", ""), st.text(**length))
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "number":
            bounds = schema.get("minimum"), schema.get("maximum")
            return NUMBERS if bounds == (None, None) else st.floats(*bounds, allow_nan=False, allow_infinity=False)
        case "boolean":
            return st.booleans()
        case _:
            assert kind == "null", kind
            return st.none()


@st.composite
def breaking(draw: st.DrawFn, operation_schema: str) -> tuple[JSON, list[Wrong]]:
    """A value that fits but for one change at one place, and where it is wrong for that."""
    schema = {"$ref": reference(operation_schema)}
    value = draw(fitting(operation_schema))
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
        changes += [st.just(REMOVED)]
    broken = changed(value, parts, draw(st.one_of(changes)))
    wrong = list(wrong_places(operation_schema, broken))
    assume(wrong)
    return broken, wrong


def text_of(value: JSON) -> str:
    """A JSON value as text that is equal exactly where the values are: `1`, `1.0`, `true` and `-0.0` all differ."""
    return json.dumps(value, sort_keys=True)


def is_same(one: JSON, other: JSON) -> bool:
    """Whether two JSON values are equal to the letter, date-times as instants to the microsecond."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return not list(differences(one, other, same=to_the_microsecond))
    return text_of(one) == text_of(other)
