"""JSON values made from the contract's schemas: ones that fit, and ones that break them at a single place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st

from contract_tests.proof import client, judge
from contract_tests.proof.same_value import differences, to_the_microsecond
from contract_tests.subject import chosen
from scripts.codegen.contract import json_pointer, pointer_parts

JSON = Any
Strategy = st.SearchStrategy[JSON]

# Values an operation and kind; `--examples 5000` makes 10,000 of each kind.
EXAMPLES = max(150, chosen().examples)

generously = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

# The few that a run of the proof draws beside the values that are derived one by one.
quickly = settings(generously, max_examples=max(1, chosen().examples // 8), phases=(Phase.generate,))

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
    "uri": URIS,
    "uuid": st.uuids().map(str) | st.uuids().map(lambda uuid: str(uuid).upper()),
}


@cache
def fitting(operation_schema: str, *, unknown: bool = False) -> Strategy:
    """Values that fit the schema at a pointer of the contract; with `unknown`, also with fields it does not name."""
    return _fitting({"$ref": f"#{operation_schema}"}, unknown=unknown)


def _fitting(schema: judge.Schema, *, unknown: bool) -> Strategy:
    schema = judge.follow(schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "oneOf" in schema:
        return st.one_of([_fitting(member, unknown=unknown) for member in schema["oneOf"]])
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
            return st.builds(dict.__or__, named, st.dictionaries(names, ANY_JSON, max_size=2))
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(
                _fitting(schema["items"], unknown=unknown), min_size=least, max_size=schema.get("maxItems", least + 3)
            )
        case "string":
            return FORMATS.get(schema.get("format", ""), st.text())
        case "integer":
            return st.integers()
        case "number":
            return NUMBERS
        case "boolean":
            return st.booleans()
        case _:
            assert kind == "null", kind
            return st.none()


@dataclass(frozen=True)
class Wrong:
    """A place where a value breaks its schema, and what a reader may do about it."""

    pointer: str
    unknown_value: bool
    """It is text where the schema has an enum of texts."""
    optional: str | None
    """Pointer of the outermost optional field that it lies in; None where all are required."""
    passthrough: bool
    """Whether it lies in what is sent exactly as it was given."""


@st.composite
def breaking(draw: st.DrawFn, operation_schema: str) -> tuple[JSON, list[Wrong]]:
    """A value that fits but for one change at one place, and where it is wrong for that."""
    schema = {"$ref": f"#{operation_schema}"}
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


REMOVED: Any = object()


def wrong_places(operation_schema: str, value: JSON) -> Iterator[Wrong]:
    """Where a value breaks its schema, as an independent judge sees it."""
    for pointer in dict.fromkeys(pointer for pointer, _ in judge.violations(operation_schema, value)):
        schema: judge.Schema = {"$ref": f"#{operation_schema}"}
        optional, passthrough, here = None, False, ""
        for part in pointer_parts(pointer):
            here += json_pointer([part])
            owner = next(each for each in judge.alternatives(schema) if "properties" in each or "items" in each)
            if "items" in owner:
                schema = owner["items"]
                continue
            schema = owner["properties"][part]
            passthrough = passthrough or schema.get("x-passthrough", False)
            if part not in owner.get("required", ()):
                optional = optional or here
        enum = any("enum" in each for each in judge.alternatives(schema))
        came = found_at(value, pointer_parts(pointer))
        yield Wrong(pointer, enum and isinstance(came, str), optional, passthrough)


def places(schema: judge.Schema, value: JSON, here: str = "") -> Iterator[tuple[str, judge.Schema]]:
    """Every place of a value that the schema says something about, and what it says; nothing inside what is free."""
    yield here, schema
    for each in judge.alternatives(schema):
        if isinstance(value, dict):
            for name, field in each.get("properties", {}).items():
                if name in value:
                    yield from places(field, value[name], here + json_pointer([name]))
        if isinstance(value, list) and "items" in each:
            for index, item in enumerate(value):
                yield from places(each["items"], item, f"{here}/{index}")


def found_at(value: JSON, parts: list[str]) -> JSON:
    """What stands at a place of a value; REMOVED where nothing does."""
    for part in parts:
        if isinstance(value, list):
            value = value[int(part)]
        else:
            value = value.get(part, REMOVED) if isinstance(value, dict) else REMOVED
    return value


def changed(value: JSON, parts: list[str], new: JSON) -> JSON:
    """A copy of a value with another at a place, or without what REMOVED stands for."""
    if not parts:
        return new
    first, *rest = parts
    copy = value.copy()
    key = int(first) if isinstance(value, list) else first
    if new is REMOVED and not rest:
        del copy[key]
    else:
        copy[key] = changed(value[key], rest, new) if rest else new
    return copy


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


def place_of(pointer: str, value: JSON) -> str:
    """A pointer into a value with its indexes replaced, since all items of an array share one place."""
    place: list[str] = []
    for part in pointer_parts(pointer):
        place.append("*" if isinstance(value, list) else part)
        value = found_at(value, [part])
    return json_pointer(place)
