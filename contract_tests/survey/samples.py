"""Values that fit a schema of a contract, made from what it says and judged by a validator that knows nothing of us."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st

from scripts.contract import Place, reference, same_value

JSON = Any

OPTIONAL_DEPTH = 3  # further down, what need not be there is left out
DEPTH = 24  # further down, nothing is made: the schema wants a value without an end
BRANCHES = 6  # alternatives that are tried, of the schema that has the most

CONTRACT = "urn:contract"  # what a document is called where a schema refers to it
TEXT = "text"
FORMATS = {
    "byte": "dGV4dA==",
    "date": "2025-02-11",
    "date-time": "2025-02-11T01:04:32.737Z",
    "duration": "P1DT2H",
    "email": "a@example.com",
    "hostname": "example.com",
    "idn-email": "a@example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.com/a",
    "iri-reference": "/a",
    "json-pointer": "/a",
    "regex": "a+",
    "relative-json-pointer": "0",
    "time": "01:04:32Z",
    "uri": "https://example.com/a",
    "uri-reference": "/a",
    "uri-template": "/a/{b}",
    "url": "https://example.com/a",
    "uuid": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
}

# What one part of a value has to be by all that holds there: schemas without references, each an object.
Parts = list[dict[str, Any]]


class NoSampleError(Exception):
    """No value was found that fits; the message says at which schema."""


@dataclass
class Choice:
    """Which of the values that fit is made."""

    of_reply: bool
    """Whether it is read from a reply, where nothing is `writeOnly`; else it is sent, where nothing is `readOnly`."""
    whole: bool = True
    """Whether what need not be there is there."""
    branch: int = 0
    """Which alternative is taken wherever there are several, the last of fewer coming round again."""
    most: int = field(default=1, compare=False)
    """The most alternatives that were met so far."""

    def among(self, alternatives: Sequence[Any]) -> Any:
        """The alternative that is taken."""
        self.most = max(self.most, len(alternatives))
        return alternatives[self.branch % len(alternatives)]


def samples(schema: Place, *, of_reply: bool, shown: Sequence[JSON] = ()) -> list[JSON]:
    """Values that fit: with all that may be there and without, each alternative taken once; `shown` if nothing else.

    Raises NoSampleError where none is found.
    """
    found: list[JSON] = []
    whole = Choice(of_reply)
    for choice in (whole, Choice(of_reply, whole=False)):
        found += _made(schema, choice)
    for branch in range(1, min(whole.most, BRANCHES)):
        found += _made(schema, Choice(of_reply, branch=branch))
    found = found or [each for each in shown if fits(schema, each)]
    if not found:
        raise NoSampleError(f"no value was found that fits {schema.pointer}")
    return [each for at, each in enumerate(found) if not any(same_value(each, before) for before in found[:at])]


def fits(schema: Place, value: JSON) -> bool:
    """Whether a value fits a schema. Where a discriminator chooses, it may fit another alternative as well."""
    return bool(_validator(_Document(schema.document), schema.pointer).is_valid(value))


def _fits_all(schemas: Sequence[Place], value: JSON) -> bool:
    try:
        return all(fits(schema, value) for schema in schemas)
    except jsonschema_rs.ReferencingError:  # what a discriminator adds stands nowhere
        return False


@dataclass(frozen=True)
class _Document:
    """A document as the key of a cache."""

    stated: Mapping[str, Any]

    def __hash__(self) -> int:
        return id(self.stated)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and self.stated is other.stated


@lru_cache(maxsize=1024)
def _validator(document: _Document, pointer: str) -> Any:
    schema = {"$ref": f"{CONTRACT}{reference(pointer)}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, registry=_registry(document))


@lru_cache(maxsize=4)
def _registry(document: _Document) -> Any:
    """What all validators of a document share: it may be large, and each schema has one."""
    return jsonschema_rs.Registry([(CONTRACT, _discriminated(document))])


def _discriminated(document: _Document) -> Any:
    """A document in which `oneOf` beside a discriminator is `anyOf`."""

    def rewritten(value: Any) -> Any:
        if isinstance(value, dict):
            chosen = "oneOf" in value and isinstance(value.get("discriminator"), dict) and "anyOf" not in value
            return {"anyOf" if chosen and key == "oneOf" else key: rewritten(each) for key, each in value.items()}
        return [rewritten(each) for each in value] if isinstance(value, list) else value

    return rewritten(document.stated)


def _made(schema: Place, choice: Choice) -> Iterator[JSON]:
    """The value of a choice, if it fits."""
    try:
        value = _value([schema], choice, 0)
    except NoSampleError:
        return
    if fits(schema, value):
        yield value


def _value(schemas: Sequence[Place], choice: Choice, depth: int) -> JSON:
    if depth > DEPTH:
        raise NoSampleError(f"{schemas[0].pointer} wants a value without an end")
    parts = [part for schema in schemas for part in _parts(schema, choice, depth)]
    listed = [part.raw["enum"] for part in parts if "enum" in part.raw]
    listed += [[part.raw["const"]] for part in parts if "const" in part.raw]
    if listed:
        allowed = [each for each in listed[0] if all(each in others for others in listed[1:])]
        # Another alternative than the one that is taken may be the one that goes with what stands beside it.
        allowed = allowed or [each for each in listed[0] if _fits_all(schemas, each)]
        if not allowed:
            raise NoSampleError(f"no value of {schemas[0].pointer} is allowed")
        return choice.among([each for each in allowed if each is not None] or allowed)
    kinds = _kinds(parts)
    match choice.among(kinds) if kinds else None:
        case "object":
            return _object(parts, choice, depth)
        case "array":
            return _array(parts, choice, depth)
        case "string":
            return _string(parts)
        case "integer":
            return int(_number(parts, 7, 1))
        case "number":
            return _number(parts, 1.5, 0.5)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return TEXT


def _parts(schema: Place, choice: Choice, depth: int) -> Iterator[Place]:
    """All that holds of one value: the schema, what it refers to and takes in, and one of each alternatives."""
    if schema.raw is False:
        raise NoSampleError(f"nothing fits {schema.pointer}")
    if not isinstance(schema.raw, dict):
        return
    if depth > DEPTH:
        raise NoSampleError(f"{schema.pointer} wants a value without an end")
    yield schema
    if "$ref" in schema.raw:
        yield from _parts(schema.referred(), choice, depth + 1)
    for at in range(len(schema.raw.get("allOf", ()))):
        yield from _parts(schema.below("allOf", at), choice, depth + 1)
    for keyword in ("oneOf", "anyOf"):
        if alternatives := schema.raw.get(keyword):
            at = choice.among(_without_null(schema, keyword, alternatives))
            yield from _parts(schema.below(keyword, at), choice, depth + 1)
            yield from _named(schema, alternatives[at])


def _without_null(schema: Place, keyword: str, alternatives: Sequence[Any]) -> list[int]:
    """Which alternative is which, null after the others: it says the least."""
    nulls = [at for at in range(len(alternatives)) if schema.below(keyword, at).followed().raw == {"type": "null"}]
    return [at for at in range(len(alternatives)) if at not in nulls] + nulls


def _named(schema: Place, alternative: Any) -> Iterator[Place]:
    """What a discriminator wants of the alternative that is taken."""
    discriminator = schema.raw.get("discriminator")
    if not isinstance(discriminator, dict) or not isinstance(alternative, dict) or "$ref" not in alternative:
        return
    name = alternative["$ref"].rpartition("/")[2]
    for key, target in discriminator.get("mapping", {}).items():
        if target in (alternative["$ref"], name):
            name = key
            break
    member = Place(schema.document, "", alternative).followed()
    stated = member.or_below("properties", {}).or_below(discriminator["propertyName"], {}).followed().raw
    if name in stated.get("enum", [stated.get("const", name)]):  # else it says by itself how it is told
        raw = {
            "properties": {discriminator["propertyName"]: {"const": name}},
            "required": [discriminator["propertyName"]],
        }
        yield schema.at(schema.pointer, raw)


def _kinds(parts: Sequence[Place]) -> list[str]:
    """The types that a value may have, null last; by the keywords that are about a type, where none is named."""
    named = [_types(part.raw["type"]) for part in parts if "type" in part.raw]
    if named:
        kinds = [kind for kind in named[0] if all(kind in others for others in named[1:])]
        if "number" in kinds:  # of which an integer is one
            kinds = [kind for kind in kinds if kind != "integer"]
        return sorted(kinds, key=lambda kind: kind == "null")
    keywords = {keyword for part in parts for keyword in part.raw}
    about = {
        "object": {"properties", "required", "additionalProperties"},
        "array": {"items", "prefixItems"},
        "string": {"format", "pattern", "minLength", "maxLength"},
        "number": {"minimum", "maximum", "multipleOf"},
    }
    return [kind for kind, theirs in about.items() if keywords & theirs][:1]


def _types(stated: str | Sequence[str]) -> Sequence[str]:
    """The types that are stated, by name; what may be a number may be an integer."""
    types = [stated] if isinstance(stated, str) else stated
    return [*types, "integer"] if "number" in types else types


def _object(parts: Sequence[Place], choice: Choice, depth: int) -> JSON:
    named: dict[str, list[Place]] = {}
    for part in parts:
        for name in part.raw.get("properties", {}):
            named.setdefault(name, []).append(part.below("properties", name))
    required = {name for part in parts for name in part.raw.get("required", ())}
    value: dict[str, JSON] = {}
    for name, schemas in named.items():
        if name in required:
            value[name] = _value(schemas, choice, depth + 1)
        elif choice.whole and depth < OPTIONAL_DEPTH and not _goes_the_other_way(schemas, choice):
            try:
                value[name] = _value(schemas, choice, depth + 1)
            except NoSampleError:
                continue
    entries = [part.below("additionalProperties") for part in parts if "additionalProperties" in part.raw]
    for name in required - value.keys():
        value[name] = _value(entries, choice, depth + 1) if entries else TEXT
    if (
        entries
        and not named
        and choice.whole
        and depth < OPTIONAL_DEPTH
        and all(each.raw is not False for each in entries)
    ):
        value["a key"] = _value(entries, choice, depth + 1)
    return value


def _goes_the_other_way(schemas: Sequence[Place], choice: Choice) -> bool:
    keyword = "writeOnly" if choice.of_reply else "readOnly"
    return any(part.raw.get(keyword) is True for each in schemas for part in _parts(each, Choice(choice.of_reply), 0))


def _array(parts: Sequence[Place], choice: Choice, depth: int) -> JSON:
    first = [part.below("prefixItems", at) for part in parts for at in range(len(part.raw.get("prefixItems", ())))]
    value = [_value([each], choice, depth + 1) for each in first]
    least = max([part.raw.get("minItems", 0) for part in parts], default=0)
    most = min([part.raw["maxItems"] for part in parts if "maxItems" in part.raw], default=None)
    wanted = max(least, 1 if choice.whole and depth < OPTIONAL_DEPTH else 0)
    wanted = wanted if most is None else min(wanted, most)
    items = [part.below("items") for part in parts if "items" in part.raw]
    is_unique = any(part.raw.get("uniqueItems") for part in parts)
    while len(value) < wanted and all(each.raw is not False for each in items):
        other = Choice(choice.of_reply, choice.whole, choice.branch + len(value))
        element = _value(items, other, depth + 1) if items else f"{TEXT}{len(value)}"
        choice.most = max(choice.most, other.most)
        if is_unique and element in value:
            others = [each for each in _others(element, len(value)) if _fits_all(items, each)]
            if not others:
                break
            element = others[0]
        value.append(element)
    return value


def _others(element: JSON, at: int) -> list[JSON]:
    """Other values of the type of one, for the items of an array that are all different."""
    if isinstance(element, str):
        return [f"{element}{at}", f"{at}"]
    return [element + at] if isinstance(element, int) else []


def _string(parts: Sequence[Place]) -> str:
    if patterns := [part.raw["pattern"] for part in parts if "pattern" in part.raw]:
        return _matching(patterns[0], parts)
    named = [FORMATS[part.raw["format"]] for part in parts if part.raw.get("format") in FORMATS]
    return named[0] if named else _long_enough(TEXT, parts)


def _long_enough(text: str, parts: Sequence[Place]) -> str:
    least = max([part.raw.get("minLength", 0) for part in parts], default=0)
    most = min([part.raw["maxLength"] for part in parts if "maxLength" in part.raw], default=None)
    return text.ljust(least, "x")[:most]


def _matching(pattern: str, parts: Sequence[Place]) -> str:
    """A text by a pattern: one of the usual where that fits, or the shortest that was found."""
    limits = ("pattern", "minLength", "maxLength", "format")
    schema = {"allOf": [{key: part.raw[key] for key in limits if key in part.raw} for part in parts]}
    usual = [*FORMATS.values(), *(_long_enough(each, parts) for each in (TEXT, "1", "A", "a"))]
    try:
        judge = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        if found := next((each for each in usual if judge.is_valid(each)), None):
            return found
        texts = st.from_regex(pattern, alphabet=st.characters(codec="ascii"))
        return str(find(texts, judge.is_valid, settings=_FINDING, random=Random(0)))  # noqa: S311 - the same each time
    except Exception as error:  # noqa: BLE001 - of whichever library: the pattern is one that it does not know
        raise NoSampleError(f"no text was found by the pattern {pattern!r}: {error}") from None


_FINDING = settings(
    deadline=None,
    database=None,
    max_examples=300,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def _number(parts: Sequence[Place], usual: float, step: float) -> float:
    """The usual number, or the nearest that the bounds allow, on the first of the steps that it may have."""
    lowest = [part.raw["minimum"] for part in parts if "minimum" in part.raw]
    lowest += [part.raw["exclusiveMinimum"] + step for part in parts if "exclusiveMinimum" in part.raw]
    highest = [part.raw["maximum"] for part in parts if "maximum" in part.raw]
    highest += [part.raw["exclusiveMaximum"] - step for part in parts if "exclusiveMaximum" in part.raw]
    number: float = min([max([usual, *lowest]), *highest])
    for multiple in (part.raw["multipleOf"] for part in parts if "multipleOf" in part.raw):
        number = -(-number // multiple) * multiple
        if highest and number > min(highest):
            number -= multiple
    return number
