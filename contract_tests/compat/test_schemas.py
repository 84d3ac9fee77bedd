"""What a changed schema is judged to be, however it is written: by the way that its values go."""

import json
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

import pytest

from scripts.compat import alternatives, meaning, readings, schema, schemas, unions
from scripts.compat.contracts import compare
from scripts.compat.rules import Impact

Said = Mapping[str, Any]

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
SHARED = {"$ref": "#/components/schemas/Shared"}
NULL = {"type": "null"}
WHETHER = {"type": "boolean"}


def field(said: Any) -> Said:
    """An object with one field."""
    return {"type": "object", "properties": {"f": said}}


def contract(said: Any, shared: Any = TEXT) -> dict[str, Any]:
    """A contract that takes a schema in one operation and gives it in another."""
    content = {"content": {"application/json": {"schema": said}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {
            "/give": {"post": {"requestBody": content, "responses": {"204": {"description": "Taken"}}}},
            "/get": {"get": {"responses": {"200": {"description": "It", **content}}}},
        },
        "components": {"schemas": {"Shared": shared}},
    }


def rules(former: dict[str, Any], new: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The rules that a change falls under, documentation aside: in a request, and in a reply."""
    told = [each for each in compare(former, new) if each.rule.impact is not Impact.DOCUMENTATION]
    request, reply = (
        {each.rule.name for each in told if each.operation == label} for label in ("POST /give", "GET /get")
    )
    return request, reply


def named(way: str, names: str) -> set[str]:
    """Rules by their names without the way."""
    return {f"{way}-{name}" for name in names.split()}


# What it was and is, the rules in a request and in a reply, and those on the way back; each without its way.
CHANGES: dict[str, tuple[Any, Any, str, str, str, str]] = {
    "a bound that a looser one stands beside": (
        {"allOf": [{"type": "string", "maxLength": 5}, {"maxLength": 10}]},
        {"allOf": [{"type": "string", "maxLength": 3}, {"maxLength": 10}]},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "a type that another one stands beside": (
        {"allOf": [{"type": ["string", "integer"]}, {"type": ["string", "boolean"]}]},
        {"allOf": [{"type": ["string", "boolean"]}, {"type": ["string", "boolean"]}]},
        "type-widened", "type-widened", "type-narrowed", "type-narrowed",
    ),
    "an enum that another one stands beside": (
        {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "a", "c"]}]},
        {"allOf": [{"enum": ["a"]}, {"enum": ["b", "a", "c"]}]},
        "enum-shrunk", "enum-shrunk", "enum-grown", "enum-grown",
    ),
    "a pattern that another one stands beside": (
        {"allOf": [{"type": "string", "pattern": "a"}, {"pattern": "b"}]},
        {"allOf": [{"type": "string", "pattern": "c"}, {"pattern": "b"}]},
        "constraint-changed", "constraint-changed", "constraint-changed", "constraint-changed",
    ),
    "a field that two parts describe": (
        {"allOf": [field({"type": "string", "maxLength": 5}), field({"minLength": 1})]},
        {"allOf": [field({"type": "string", "maxLength": 3}), field({"minLength": 1})]},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "fields that one of two parts forbids": (
        {"allOf": [{**field(TEXT), "additionalProperties": False}, {"additionalProperties": TEXT}]},
        {"allOf": [field(TEXT), {"additionalProperties": TEXT}]},
        "object-opened", "object-opened", "object-closed", "object-closed",
    ),
    "a keyword beside a schema and null": (
        {"oneOf": [TEXT, NULL]},
        {"oneOf": [TEXT, NULL], "maxLength": 5},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "a type beside alternatives": (
        {"type": ["string", "integer"], "oneOf": [TEXT, WHOLE]},
        {"type": "string", "oneOf": [TEXT, WHOLE]},
        "type-narrowed", "type-narrowed", "type-widened", "type-widened",
    ),
    "exactly one of two that may both fit": (
        {"anyOf": [{"type": "number"}, WHOLE]},
        {"oneOf": [{"type": "number"}, WHOLE]},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "exactly one of two of which one fits": ({"anyOf": [TEXT, WHOLE]}, {"oneOf": [TEXT, WHOLE]}, "", "", "", ""),
    "exactly one of two objects that hold each other's fields": (
        {"anyOf": [{**field(TEXT), "required": ["f"]}, field(TEXT)]},
        {"oneOf": [{**field(TEXT), "required": ["f"]}, field(TEXT)]},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "exactly one of two objects of different kinds": (
        {"anyOf": [{**field({"const": each}), "required": ["f"]} for each in "ab"]},
        {"oneOf": [{**field({"const": each}), "required": ["f"]} for each in "ab"]},
        "", "", "", "",
    ),
    "one more that fits what another fits": (
        {"oneOf": [TEXT, WHOLE]},
        {"oneOf": [TEXT, WHOLE, {"type": "number"}]},
        "alternative-added constraint-changed", "alternative-added", "alternative-removed", "alternative-removed",
    ),
    "one more that no value fits": (
        {"oneOf": [TEXT, WHOLE]},
        {"oneOf": [TEXT, WHOLE, {"allOf": [{"const": "a"}, {"const": "b"}]}]},
        "alternative-added", "alternative-added", "alternative-removed", "alternative-removed",
    ),
    "any object beside one that names its fields": (
        {"oneOf": [{**field(TEXT), "required": ["f"]}, NULL]},
        {"oneOf": [{**field(TEXT), "required": ["f"]}, {"type": ["object", "null"]}]},
        "alternative-added constraint-changed", "alternative-added", "alternative-removed", "alternative-removed",
    ),
    "null in one alternative": (
        {"oneOf": [{"type": ["string", "null"]}, WHOLE]},
        {"oneOf": [TEXT, WHOLE]},
        "null-refused", "never-null", "null-allowed", "may-be-null",
    ),
    "a schema becomes one of two": (
        {**field(TEXT), "required": ["f"]},
        {"oneOf": [{**field(TEXT), "required": ["f"]}, WHOLE]},
        "alternative-added", "alternative-added", "alternative-removed", "alternative-removed",
    ),
    "one of two is left, and says something else": (
        {"oneOf": [{**field(TEXT), "required": ["f"]}, WHOLE]},
        {**field(WHOLE), "required": ["f"]},
        "alternative-removed type-changed", "alternative-removed type-changed",
        "alternative-added type-changed", "alternative-added type-changed",
    ),
    "a map in the place of one of two": (
        {"anyOf": [field(TEXT), WHOLE]},
        {"type": "object", "additionalProperties": TEXT},
        "alternative-removed field-removed type-narrowed", "alternative-removed field-removed type-narrowed",
        "alternative-added field-added type-widened", "alternative-added further-field-named type-widened",
    ),
    "true is not 1": (
        {"enum": [0, 1]}, {"enum": [False, True]}, "type-changed", "type-changed", "type-changed", "type-changed",
    ),
    "null as the one value": (
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a", None], "const": None},
        "constraint-tightened", "constraint-tightened", "constraint-loosened", "constraint-loosened",
    ),
    "null in a oneOf that allows it twice": (
        {"description": "Anything"},
        {"oneOf": [{"description": "Anything"}, NULL]},
        "null-refused", "never-null", "null-allowed", "may-be-null",
    ),
    "an enum of several types grows": (
        {"enum": [1, "a"]},
        {"enum": [1, "a", "b"]},
        "enum-grown", "alternative-added", "enum-shrunk", "enum-shrunk",
    ),
    "a field whose name held a text": (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": TEXT, "properties": {"f": WHOLE}},
        "field-added type-changed", "type-changed further-field-named", "field-removed", "field-removed",
    ),
    "a required field that is read only": (
        {"type": "object", "required": ["f"], "properties": {"f": {**TEXT, "readOnly": True}}},
        {"type": "object", "required": ["f"], "properties": {"f": TEXT}},
        "field-required", "", "field-optional", "",
    ),
    "a required field that is write only": (
        {"type": "object", "required": ["f"], "properties": {"f": {"allOf": [SHARED, {"writeOnly": True}]}}},
        {"type": "object", "required": ["f"], "properties": {"f": SHARED}},
        "", "field-required", "", "field-optional",
    ),
    "an optional field that is read only": (
        field({**TEXT, "readOnly": True}), field(TEXT), "", "", "", "",
    ),
    "a constant becomes the only value of an enum": (
        {"const": "a"}, {"enum": ["a"]},
        "", "enum-begun", "enum-ended constraint-tightened", "enum-ended constraint-tightened",
    ),
    "a constant becomes one of several": (
        {"const": "a"}, {"enum": ["a", "b"]},
        "constraint-loosened", "enum-begun constraint-loosened",
        "enum-ended constraint-tightened", "enum-ended constraint-tightened",
    ),
    "a constant becomes none of several": (
        {"const": "a"}, {"enum": ["b", "c"]},
        "enum-begun constraint-loosened", "enum-begun constraint-loosened",
        "enum-ended constraint-tightened", "enum-ended constraint-tightened",
    ),
    "one of two unions": (
        {"anyOf": [TEXT, WHOLE], "oneOf": [TEXT, WHETHER]},
        {"anyOf": [TEXT, {"type": "number"}], "oneOf": [TEXT, WHETHER]},
        "schema-changed", "schema-changed", "schema-changed", "schema-changed",
    ),
    "a word that JSON Schema does not know": ({**TEXT, "gte": 0}, {**TEXT, "gte": 1}, "", "", "", ""),
    "a default of null": (
        {"type": ["integer", "null"], "default": None},
        {"type": ["integer", "null"], "default": 3},
        "default-changed", "", "default-changed", "",
    ),
    "a passthrough that is none": ({"type": "object", "x-passthrough": False}, {"type": "object"}, "", "", "", ""),
    "unique as by default": ({"type": "array"}, {"type": "array", "uniqueItems": False}, "", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("is_nested", [False, True], ids=["itself", "in a field"])
def test_change_falls_under_its_rules(name: str, *, is_nested: bool) -> None:
    """A change of what a schema says falls under the rules for it, there and back."""
    former, new, *expected = CHANGES[name]
    one, other = (contract({**field(each), "required": ["f"]} if is_nested else each) for each in (former, new))
    found = [*rules(one, other), *rules(other, one)]
    ways = ("request", "reply", "request", "reply")
    assert found == [named(way, names) for way, names in zip(ways, expected, strict=True)]


def kinds(*heirs: str, kind: Any = TEXT, mapping: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A contract of a kind of object, and of those that are heirs of it; without any it is one like any other."""
    discriminator = {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}
    shared = {"type": "object", "required": ["kind"], "properties": {"kind": kind}, "discriminator": discriminator}
    found = contract(SHARED, shared)
    found["components"]["schemas"] |= {each: {"allOf": [SHARED, {"properties": {each: TEXT}}]} for each in heirs}
    return found


def told_apart(**mapping: str) -> dict[str, Any]:
    """A contract of one of two objects, which a field tells apart."""
    either = {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}
    found = contract({**either, "discriminator": {"propertyName": "kind", "mapping": mapping}})
    of_a_kind = {"type": "object", "required": ["kind"]}
    found["components"]["schemas"] |= {
        each: {**of_a_kind, "properties": {"kind": TEXT, each: TEXT}} for each in ("Cat", "Dog")
    }
    return found


# Kinds of objects, the rules in a request and in a reply, and those on the way back; each without its way.
FAMILIES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = {
    "one more heir, which read as what it is one of": (
        kinds("Cat"), kinds("Cat", "Dog"),
        "alternative-added", "discriminator-grown",
        "alternative-removed", "alternative-removed reads-otherwise",
    ),
    "one more heir, whose name never came": (
        kinds("Cat", kind={"enum": ["Cat"]}), kinds("Cat", "Dog", kind={"enum": ["Cat", "Dog"]}),
        "alternative-added discriminator-widened enum-grown", "discriminator-grown enum-grown",
        "alternative-removed discriminator-narrowed enum-shrunk",
        "alternative-removed discriminator-shrunk enum-shrunk",
    ),
    "the first heir, beside which no other text names a kind": (
        kinds(), kinds("Cat"),
        "alternative-added discriminator-narrowed", "alternative-added",
        "alternative-removed", "alternative-removed reads-otherwise",
    ),
    "names that go to one another": (
        told_apart(tom="Cat", rex="Dog"), told_apart(tom="Dog", rex="Cat"),
        "discriminator-narrowed", "reads-otherwise", "discriminator-narrowed", "reads-otherwise",
    ),
    "an heir by another name": (
        kinds("Cat"), kinds("Cat", mapping={"cat": "Cat"}),
        "discriminator-widened discriminator-narrowed", "discriminator-grown discriminator-shrunk reads-otherwise",
        "discriminator-widened discriminator-narrowed", "discriminator-grown discriminator-shrunk reads-otherwise",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_change_of_a_kind_falls_under_its_rules(name: str) -> None:
    """What an object of no heir reads as counts where an heir, or a name of one, comes or goes."""
    one, other, *expected = FAMILIES[name]
    ways = ("request", "reply", "request", "reply")
    assert [*rules(one, other), *rules(other, one)] == [
        named(way, names) for way, names in zip(ways, expected, strict=True)
    ]


HOLDING = {
    "prefixItems": {"type": "array", "prefixItems": [SHARED]},
    "patternProperties": {"type": "object", "patternProperties": {"^x": SHARED}},
    "not": {"not": SHARED},
    "contains": {"type": "array", "contains": SHARED},
    "dependentSchemas": {"type": "object", "dependentSchemas": {"a": SHARED}},
    "propertyNames": {"type": "object", "propertyNames": SHARED},
    "then": {"if": TEXT, "then": SHARED},
}


@pytest.mark.parametrize("keyword", HOLDING)
def test_what_a_keyword_refers_to_is_looked_at(keyword: str) -> None:
    """A schema that a keyword refers to counts as if it stood there."""
    former, new = (contract(HOLDING[keyword], shared) for shared in (TEXT, {"type": "boolean"}))
    rule = "type-changed" if keyword in ("prefixItems", "patternProperties") else "schema-changed"
    assert rules(former, new) == ({f"request-{rule}"}, {f"reply-{rule}"})


@pytest.mark.parametrize("keyword", HOLDING)
def test_words_within_a_keyword_are_words(keyword: str) -> None:
    """Within a keyword that is not looked into, too, neither a description nor a reference changes anything."""
    words = {"type": "string", "description": "A text"}
    inlined = json.loads(json.dumps(HOLDING[keyword]).replace(json.dumps(SHARED), json.dumps(words)))
    assert rules(contract(HOLDING[keyword]), contract(HOLDING[keyword], words)) == (set(), set())
    assert rules(contract(HOLDING[keyword]), contract(inlined)) == (set(), set())


# Ways to write the same.
SPELLINGS: dict[str, list[Any]] = {
    "a text": [
        TEXT, SHARED, {"allOf": [TEXT]}, {"oneOf": [TEXT]}, {"anyOf": [SHARED]}, {**SHARED, "description": "A text"},
        {"type": ["string"]}, {"allOf": [SHARED, {"type": ["string", "integer"]}]},
    ],
    "a text or null": [
        {"type": ["string", "null"]}, {"oneOf": [TEXT, NULL]}, {"anyOf": [NULL, SHARED]},
        {"oneOf": [TEXT, {"type": "null", "description": "None"}]}, {"anyOf": [{"type": ["string", "null"]}, NULL]},
        {"oneOf": [TEXT, {"type": ["null"]}]}, {"oneOf": [{"allOf": [NULL]}, TEXT]},
        {"anyOf": [TEXT, {"enum": [None]}]},
    ],
    "one of two or null": [
        {"oneOf": [TEXT, WHOLE, NULL]}, {"oneOf": [{"type": ["string", "null"]}, WHOLE]},
        {"anyOf": [WHOLE, {"oneOf": [SHARED, NULL]}]},
    ],
    "two unions": [
        {"anyOf": [TEXT, WHOLE], "oneOf": [TEXT, WHETHER]}, {"anyOf": [SHARED, WHOLE], "oneOf": [SHARED, WHETHER]},
    ],
    "an enum": [
        {"enum": ["a", "b"]}, {"type": "string", "enum": ["b", "a"]}, {"allOf": [{"enum": ["a", "b", 1]}, TEXT]},
    ],
    "an enum or null": [
        {"enum": ["a", None]}, {"type": ["string", "null"], "enum": [None, "a"]}, {"oneOf": [{"enum": ["a"]}, NULL]},
    ],
    "null": [NULL, {"enum": [None]}],
    "anything": [{}, True, {"description": "Anything"}, {"allOf": [{}]}],
    "a list": [{"type": "array"}, {"type": "array", "items": {}}, {"type": "array", "items": True}],
    "an object": [
        field(TEXT), {**field(SHARED), "additionalProperties": True},
        {"allOf": [field({}), {"properties": {"f": TEXT}}]},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("is_nested", [False, True], ids=["itself", "in a field"])
def test_same_in_other_words_changes_nothing(name: str, *, is_nested: bool) -> None:
    """Two ways to write one schema differ in words only: named or not, merged or not, null by any keyword."""
    written = [contract({**field(each), "required": ["f"]} if is_nested else each) for each in SPELLINGS[name]]
    assert [rules(*pair) for pair in permutations(written, 2)] == [(set(), set())] * len([*permutations(written, 2)])


@pytest.fixture
def few_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads schemas without an end fails."""
    count = 0
    own = schema.read

    def counted(*words: Any) -> Any:
        nonlocal count
        count += 1
        assert count < 10_000, "it goes every way"
        return own(*words)

    for module in (alternatives, meaning, readings, schema, schemas, unions):
        monkeypatch.setattr(module, "read", counted)


@pytest.mark.usefixtures("few_reads")
def test_schemas_that_hold_one_another_come_to_an_end() -> None:
    """Comparing schemas that all refer to each other reads each of them a few times, not each way through them."""
    names = [f"Node{number}" for number in range(8)]

    def nodes(extra: Iterable[str] = ()) -> dict[str, Any]:
        found = contract({"$ref": "#/components/schemas/Node0"})
        found["components"]["schemas"] = {
            name: {"properties": {each: {"$ref": f"#/components/schemas/{each}"} for each in names}} for name in names
        }
        for name in extra:
            found["components"]["schemas"][name]["properties"]["more"] = TEXT
        return found

    assert compare(nodes(), nodes()) == []
    assert rules(nodes(), nodes(["Node7"])) == ({"request-field-added"}, {"reply-field-added"})


# A schema that holds itself, the one that says nothing of what it holds, and the rules from the one to the other.
ENDLESS: dict[str, tuple[Any, Any, str, str]] = {
    "arrays": ({"type": "array", "items": SHARED}, {"type": "array"}, "type-widened", "type-widened"),
    "objects": (
        {"type": "object", "additionalProperties": SHARED}, {"type": "object"},
        "type-widened", "type-widened reads-otherwise",
    ),
    "arrays or anything else": ({"items": SHARED}, {}, "", ""),
    "objects or anything else": ({"additionalProperties": SHARED}, {}, "", "reads-otherwise"),
    "a union of itself": ({"anyOf": [SHARED]}, {}, "", ""),
}  # fmt: skip


@pytest.mark.usefixtures("few_reads")
@pytest.mark.parametrize("name", ENDLESS)
def test_schema_that_holds_itself_is_compared_with_one_that_says_nothing(name: str) -> None:
    """However deep the one goes on, the other says the same at each depth."""
    shared, plain, request, reply = ENDLESS[name]
    assert rules(contract(SHARED, shared), contract(plain)) == (named("request", request), named("reply", reply))
    assert all(rules(contract(plain), contract(SHARED, shared))) is bool(request)


HELD_TWICE: dict[str, Any] = {
    "items": {"items": SHARED},
    "further fields": {"additionalProperties": SHARED},
    "a property": {"properties": {"n": SHARED}},
}


@pytest.mark.usefixtures("few_reads")
@pytest.mark.parametrize("name", HELD_TWICE)
def test_schema_that_two_parts_say_to_hold_itself_is_compared(name: str) -> None:
    """What stands beside itself at each depth is looked at once."""
    twice = {"allOf": [HELD_TWICE[name], {"maxItems": 3}], **HELD_TWICE[name]}
    less = {**twice, "maxItems": 2}
    assert rules(contract(SHARED, twice), contract(SHARED, less)) == (
        {"request-constraint-tightened"},
        {"reply-constraint-tightened"},
    )


def test_data_is_no_reference() -> None:
    """A `$ref` within an example or a default is data, whatever it names."""
    former = contract(field({"type": "object", "example": {"$ref": "#/nowhere"}, "default": {"$ref": "#/nowhere"}}))
    new = contract(field({"type": "object", "example": {"$ref": "#/elsewhere"}, "default": {"$ref": "#/nowhere"}}))
    assert {each.rule.name for each in compare(former, new)} == {"description-changed"}
