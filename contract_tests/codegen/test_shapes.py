"""Whatever a contract says of a value in however many places, the client reads by all of it."""

from typing import Any

import pytest

from contract_tests.codegen.grown_client import GrownClient

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def named(name: str) -> dict[str, Any]:
    """A reference to a schema, or to a part of one."""
    return {"$ref": f"#/components/schemas/{name}"}


def an_object(*required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "required": [*required], "properties": properties}


SCHEMAS: dict[str, Any] = {
    "A": an_object("a", a=TEXT),
    "B": an_object("b", b=NUMBER),
    "C": an_object(c=TEXT),
    "D": an_object(d=TEXT),
    "Beside": {**an_object("id", id=NUMBER), "oneOf": [named("A"), named("B"), an_object("x", x=TEXT)]},
    "Taken": {"allOf": [{"oneOf": [named("A"), named("B")]}, an_object("id", id=NUMBER)]},
    "Several": {"allOf": [{"oneOf": [named("A"), named("B")]}, {"anyOf": [named("C"), named("D")]}]},
    "Narrowed": {"type": "string", "anyOf": [{"format": "date"}, {"minLength": 12, "pattern": "z$"}]},
    "Kept": {**an_object("a", a=TEXT), "oneOf": [named("A"), an_object("a", a={"const": "x"})]},
    "Either": {"anyOf": [named("C"), named("D")]},
    "OneOrMany": {"anyOf": [an_object("colour", colour=TEXT), an_object("colours", colours=TEXT)]},
    "Told": {"anyOf": [an_object("kind", kind={"enum": ["b"]}, x=TEXT), an_object("kind", kind=TEXT)]},
    "Listed": {"oneOf": [an_object("kind", kind={"enum": ["b"]}, x=TEXT), an_object("kind", kind={"enum": ["p"]})]},
    "Sibling": {**named("C"), "description": "As C", "required": ["c"]},
    "Same": {**named("A"), "description": "As A", "required": ["a"], "minProperties": 1},
    "Bounds": {
        "allOf": [
            {"type": "number", "minimum": 1, "maximum": 100},
            {"type": "integer", "minimum": 5},
            {"maximum": 50, "exclusiveMaximum": 40},
        ]
    },
    "Texts": {"allOf": [{"type": "string", "pattern": "^a"}, {"pattern": "b$", "minLength": 3}]},
    "Address": {"type": "string", "format": "uri", "maxLength": 20},
    "Choice": {"allOf": [{"enum": ["x", "y"]}, {"enum": ["y", "z"]}]},
    "Lists": {"allOf": [{"type": "array", "items": named("A")}, {"items": an_object("b", b=NUMBER), "minItems": 1}]},
    "OpenTuple": {"type": "array", "prefixItems": [TEXT, NUMBER]},
    "Pair": {"type": "array", "prefixItems": [TEXT, NUMBER], "minItems": 2, "maxItems": 2},
    "Field": {"allOf": [an_object(f={"maxLength": 3}), an_object(f={"type": "string", "minLength": 2})]},
    "Json": {
        "anyOf": [
            {"type": "string", "format": "date"},
            {"type": ["number", "boolean", "null"]},
            {"type": "array", "items": named("Json")},
            {"type": "object", "additionalProperties": named("Json")},
        ]
    },
    "Endless": {"type": "array", "items": named("Endless")},
    "Circle": {"anyOf": [named("Around"), TEXT]},
    "Around": {"anyOf": [named("Circle"), NUMBER]},
    "Itself": {"anyOf": [named("Itself")]},
    "Chain": {
        "allOf": [an_object(v=TEXT), an_object(next=named("Chain"), all={"type": "array", "items": named("Chain")})]
    },
    "Object": {"const": {"a": [1, None, True]}},
    "Values": {"enum": [1.5, {"a": 1}, None, [2], "x"]},
    "Null": {"const": None},
    "Kinds": {"type": ["object", "array", "string"], "properties": {"a": TEXT}, "items": NUMBER, "minLength": 2},
    "Never": an_object(no=False, nor={"not": {}}, yes=True, none={"type": "array", "items": False}),
    "Conditional": {
        **an_object(a=TEXT),
        "if": {"required": ["a"]},
        "then": {"properties": {"b": TEXT}},
        "dependentSchemas": {"a": {"required": ["b"]}},
        "unevaluatedProperties": False,
    },
    "Dynamic": an_object(a={"$anchor": "here", **an_object(x=TEXT)}, b={"$dynamicRef": "#here"}),
    "Parts": {
        **an_object(b={"title": "Bee", **an_object(c=TEXT)}, list={"type": "array", "items": an_object(q=TEXT)}),
        "$defs": {"Colour": {"enum": ["red", "green"]}},
    },
    "Others": an_object(
        x=named("Parts/properties/b"),
        y={**named("Parts/$defs/Colour"), "default": "red"},
        z=named("Parts/properties/list/items"),
    ),
    "Ecma": an_object(
        letters={"type": "string", "pattern": "^\\p{L}+$"},
        slash={"type": "string", "pattern": "^a\\/\\u0062\\cA$"},
        digits={"type": "string", "pattern": "^(?<year>\\d{4})$"},
        greek={"type": "string", "pattern": "^\\p{Script=Greek}$"},
    ),
    "UnknownFormats": an_object(a={"type": "string", "format": "ssn"}, b={"type": "number", "format": "double"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> GrownClient:
    """The client of these schemas."""
    return GrownClient.of(SCHEMAS, tmp_path_factory.mktemp("shapes"))


# A schema, a value that fits it, and how what was read shows itself.
FITTING: list[tuple[str, Any, str]] = [
    ("Beside", {"id": 1, "a": "x"}, "BesideA(id=1, a='x')"),
    ("Beside", {"id": 1, "b": 2}, "BesideB(id=1, b=2)"),
    ("Beside", {"id": 1, "x": "y"}, "BesideType2(id=1, x='y')"),
    ("Taken", {"id": 1, "b": 2}, "TakenB(id=1, b=2)"),
    ("Several", {"a": "x", "d": "y"}, "SeveralAD(a='x', d='y')"),
    ("Several", {"b": 1, "c": "y"}, "SeveralBC(b=1, c='y')"),
    ("Narrowed", "2025-02-11", "datetime.date(2025, 2, 11)"),
    ("Narrowed", "as long as z", "'as long as z'"),
    ("Kept", {"a": "y"}, "A(a='y')"),
    ("Sibling", {"c": "x"}, "Sibling(c='x')"),
    ("Same", {"a": "x"}, "A(a='x')"),
    ("Bounds", 39, "39"),
    ("Texts", "acb", "'acb'"),
    ("Address", "urn:isbn:1", "'urn:isbn:1'"),
    ("Choice", "y", "<Choice.Y: 'y'>"),
    ("Lists", [{"a": "x", "b": 1}], "[ListsItem(a='x', b=1)]"),
    ("OpenTuple", ["x", 1, {"b": None}], "['x', 1, {'b': None}]"),
    ("Pair", ["x", 1], "['x', 1]"),
    ("Field", {"f": "abc"}, "FieldModel(f='abc')"),
    ("Json", [["2025-02-11"], [None, [1.5, True]]], "[[datetime.date(2025, 2, 11)], [None, [1.5, True]]]"),
    ("Json", {"a": [{}]}, "JsonType3(additional_properties={'a': [JsonType3()]})"),
    ("Endless", [[], [[]]], "[[], [[]]]"),
    ("Circle", "x", "'x'"),
    ("Circle", 1, "1"),
    ("Itself", {"a": 1}, "{'a': 1}"),
    ("Chain", {"v": "a", "next": {"all": [{"v": "b"}]}}, "Chain(v='a', next_=Chain(all_=[Chain(v='b')]))"),
    ("Object", {"a": [1.0, None, True]}, "{'a': [1.0, None, True]}"),
    ("Values", {"a": 1}, "{'a': 1}"),
    ("Values", [2], "[2]"),
    ("Values", None, "None"),
    ("Null", None, "None"),
    ("Kinds", {"a": "x"}, "Kinds(a='x')"),
    ("Kinds", [1], "[1]"),
    ("Kinds", "ab", "'ab'"),
    ("Never", {"yes": [1], "none": []}, "NeverModel(yes=[1], none=[])"),
    ("Conditional", {"a": "x"}, "Conditional(a='x')"),
    ("Dynamic", {"a": {"x": "y"}, "b": 1}, "Dynamic(a=DynamicA(x='y'), b=1)"),
    ("Others", {"x": {"c": "d"}, "y": "red", "z": {"q": "r"}},
     "Others(x=PartsBee(c='d'), y=<PartsColour.RED: 'red'>, z=PartsListItem(q='r'))"),
    ("Ecma", {"letters": "aé日", "slash": "a/b\x01", "digits": "2025", "greek": "a"},
     "Ecma(letters='aé日', slash='a/b\\x01', digits='2025', greek='a')"),
    ("UnknownFormats", {"a": "1", "b": 1.5}, "UnknownFormats(a='1', b=1.5)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "shown"), FITTING)
def test_what_fits_reads_without_a_word(name: str, value: Any, shown: str, client: GrownClient) -> None:
    """And goes out, as JSON or as what it read as, as the same JSON."""
    read = client.read(name, value)
    assert repr(read) == shown
    assert client.told == []
    assert client.sent(name, value) == client.sent(name, read) == value


def test_union_reads_as_what_fits_wholly(client: GrownClient) -> None:
    """A member that only lacks a name for a field comes before one whose optional field does not fit."""
    value = {"c": 1, "d": "x"}
    read = client.read("Either", value)
    assert (type(read).__name__, read.d, read["c"]) == ("D", "x", 1)
    assert client.told == ["unknown field /c: no field of this name"]
    assert client.sent("Either", value) == client.sent("Either", read) == value


def test_slip_for_one_alternative_is_a_field_of_another(client: GrownClient) -> None:
    """A name that is close to a field of the first alternative is no slip where another alternative has it."""
    assert client.sent("OneOrMany", {"colours": "red"}) == {"colours": "red"}
    with pytest.raises(client.package.RoarkError):
        client.sent("OneOrMany", {"color": "red"})


def test_union_reads_as_what_an_enum_lists(client: GrownClient) -> None:
    """A member whose enum does not list a value comes after one that only lacks a name for a field, and is sent so."""
    value = {"kind": "p", "x": "x"}
    for name in ("Told", "Listed"):
        read = client.read(name, value)
        assert (read.kind, read["x"]) == ("p", "x")
        assert client.told == ["unknown field /x: no field of this name"]
        assert client.sent(name, value) == client.sent(name, read) == value


# A schema, a value that does not fit it, and the pointers that a request is refused by.
BREAKING: list[tuple[str, Any, list[str]]] = [
    ("Beside", {"id": "1", "a": "x"}, ["the body"]),
    ("Beside", {"a": "x"}, ["the body"]),
    ("Several", {"c": "x"}, ["the body"]),
    ("Narrowed", "short z", ["the body"]),
    ("Sibling", {}, ["c"]),
    ("Bounds", 4, ["the body"]),
    ("Bounds", 45, ["the body"]),
    ("Bounds", 5.5, ["the body"]),
    ("Texts", "ab", ["the body"]),
    ("Texts", "acd", ["the body"]),
    ("Texts", "cab", ["the body"]),
    ("Address", "urn:isbn:12345678901234567890", ["the body"]),
    ("Address", "nowhere", ["the body"]),
    ("Choice", "x", ["the body"]),
    ("Lists", [{"a": "x"}, {"b": 1}], ["0/b", "1/a"]),
    ("Lists", [], ["the body"]),
    ("Pair", ["x", 1, 2], ["the body"]),
    ("Pair", ["x", None], ["1"]),
    ("Field", {"f": "a"}, ["f"]),
    ("Field", {"f": "abcd"}, ["f"]),
    ("Endless", [[], [1]], ["1/0"]),
    ("Object", {"a": [1, None, 1]}, ["the body"]),
    ("Object", {"a": [1, None, True], "b": 1}, ["the body"]),
    ("Values", {"a": True}, ["the body"]),
    ("Null", 0, ["the body"]),
    ("Kinds", "a", ["the body"]),
    ("Kinds", ["a"], ["the body"]),
    ("Never", {"no": 1, "nor": None, "none": [1]}, ["no", "nor", "none"]),
    ("Others", {"y": "blue"}, ["y"]),
    ("Ecma", {"letters": "a1", "slash": "a/b", "digits": "٢٠٢٥"}, ["letters", "slash", "digits"]),
]


@pytest.mark.parametrize(("name", "value", "places"), BREAKING)
def test_what_does_not_fit_is_named(name: str, value: Any, places: list[str], client: GrownClient) -> None:
    """A request with it is refused, a line for each place."""
    with pytest.raises(client.package.RoarkError) as refused:
        client.sent(name, value)
    assert [line.partition(": ")[0] for line in str(refused.value).splitlines()] == places
