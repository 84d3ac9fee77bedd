"""An object whose fields have no names in the contract is a model, its values read and written by their schema."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from contract_tests.codegen.grown_client import GrownClient

THING = {"$ref": "#/components/schemas/Thing"}
INSTANT = {"type": "string", "format": "date-time"}


def a_map(of: Any) -> dict[str, Any]:
    """A map of such values."""
    return {"type": "object", "additionalProperties": of}


SCHEMAS: dict[str, Any] = {
    "Thing": {"type": "object", "required": ["at"], "properties": {"at": INSTANT, "size": {"type": "integer"}}},
    "Things": a_map(THING),
    "Lists": a_map({"type": "array", "items": THING}),
    "Either": a_map({"oneOf": [THING, {"type": "integer"}]}),
    "Uuids": a_map({"type": "string", "format": "uuid"}),
    "Maybe": a_map({"oneOf": [THING, {"type": "null"}]}),
    "Nested": a_map(a_map({"type": "object", "properties": {"at": INSTANT}})),
    "Tree": a_map({"$ref": "#/components/schemas/Tree"}),
    "Named": {**a_map(THING), "required": ["id"], "properties": {"id": {"type": "integer"}}},
    "ByPattern": {"type": "object", "patternProperties": {"^x-": THING}},
    "ByPatterns": {**a_map({"type": "boolean"}), "patternProperties": {"^x-": THING, "^n-": {"type": "integer"}}},
    "Merged": {"allOf": [{"$ref": "#/components/schemas/Things"}, {"properties": {"id": {"type": "integer"}}}]},
    "Holder": {"type": "object", "properties": {"things": {"$ref": "#/components/schemas/Things"}}},
}

TEXT = "2025-02-11T01:04:32.737+01:00"
THERE = datetime(2025, 2, 11, 0, 4, 32, 737000, UTC)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> GrownClient:
    """The client of these schemas."""
    return GrownClient.of(SCHEMAS, tmp_path_factory.mktemp("maps"))


def test_values_of_a_map_are_models(client: GrownClient) -> None:
    """A value is got by its name, as what its schema makes of it, and the map knows its names."""
    read = client.read("Things", {"a b": {"at": TEXT}, "self": {"at": TEXT, "size": 3}})
    assert type(read["a b"]) is client.model("Thing")
    assert (read["a b"].at, read["self"].size) == (THERE, 3)
    assert (list(read.additional_properties), "self" in read, "other" in read) == (["a b", "self"], True, False)
    assert client.told == []


# The name of a schema, a value that fits, and how it reads.
READINGS: list[tuple[str, Any, Any]] = [
    ("Lists", {"a": [{"at": TEXT}], "b": []}, lambda read: read["a"][0].at == THERE and read["b"] == []),
    ("Either", {"a": {"at": TEXT}, "b": 3}, lambda read: read["a"].at == THERE and read["b"] == 3),
    ("Uuids", {"a": "3C90C3CC-0D44-4B50-8888-8DD25736052A"}, lambda read: type(read["a"]) is UUID),
    ("Maybe", {"a": None, "b": {"at": TEXT}}, lambda read: read["a"] is None and read["b"].at == THERE),
    ("Nested", {"a": {"b": {"at": TEXT}}, "c": {}}, lambda read: read["a"]["b"].at == THERE),
    ("Tree", {"a": {"b": {}}}, lambda read: read["a"]["b"].additional_keys == []),
    ("Named", {"id": 1, "a": {"at": TEXT}}, lambda read: read.id == 1 and read["a"].at == THERE),
    ("ByPattern", {"x-a": {"at": TEXT}}, lambda read: read["x-a"].at == THERE),
    ("ByPatterns", {"x-a": {"at": TEXT}, "n-b": 3, "c": True}, lambda read: read["x-a"].at == THERE),
    ("Merged", {"id": 1, "a": {"at": TEXT}}, lambda read: read["a"].at == THERE),
    ("Holder", {"things": {"a": {"at": TEXT}}}, lambda read: read.things["a"].at == THERE),
]


@pytest.mark.parametrize(("name", "value", "reads"), READINGS)
def test_map_goes_out_as_it_came_in(name: str, value: Any, reads: Any, client: GrownClient) -> None:
    """What fits reads by its schema without a word, and is sent, as JSON or as what it read as, as the same JSON."""
    read = client.read(name, value)
    assert reads(read)
    assert client.told == []
    assert client.sent(name, read) == client.sent(name, value) == value
    assert client.model(name).from_dict(value) == read


def test_map_is_made_of_models_or_dicts(client: GrownClient) -> None:
    """A constructor and an assignment take both, and what is changed is written as changed."""
    things, thing = client.model("Things"), client.model("Thing")
    made = things(a=thing(at=TEXT), b={"at": THERE, "size": 1})
    assert made.to_dict() == {"a": {"at": TEXT}, "b": {"at": "2025-02-11T00:04:32.737Z", "size": 1}}
    made["c"] = {"at": TEXT}
    made["b"].size = 2
    del made["a"]
    assert made.to_dict() == {"b": {"at": "2025-02-11T00:04:32.737Z", "size": 2}, "c": {"at": TEXT}}
    uuids = client.read("Uuids", {"a": "3C90C3CC-0D44-4B50-8888-8DD25736052A"})
    uuids["a"] = UUID(int=1)
    assert uuids.to_dict() == {"a": "00000000-0000-0000-0000-000000000001"}


# The name of a schema, a value that does not fit, and the pointer that is told.
MISFITS: list[tuple[str, Any, str]] = [
    ("Things", {"a": {"at": TEXT}, "b/c": {"at": "then"}}, "/b~1c/at"),
    ("Things", {"a": {}}, "/a/at"),
    ("Things", {"a": None}, "/a"),
    ("Nested", {"a": {"b": 3}}, "/a/b"),
    ("ByPatterns", {"n-a": True}, "/n-a"),
    ("ByPatterns", {"a": 1}, "/a"),
    ("Named", {"id": 1, "a": 1}, "/a"),
]


@pytest.mark.parametrize(("name", "value", "pointer"), MISFITS)
def test_value_of_a_map_that_does_not_fit_is_named(name: str, value: Any, pointer: str, client: GrownClient) -> None:
    """A reply and a request are refused by the pointer of the value that does not fit."""
    with pytest.raises(client.package.APIResponseValidationError) as refused:
        client.read(name, value)
    assert [each.pointer for each in refused.value.violations] == [pointer]
    with pytest.raises(client.package.RoarkError, match=f"^{pointer[1:]}: expected "):
        client.sent(name, value)


def test_map_that_does_not_fit_an_optional_field_reads_as_none(client: GrownClient) -> None:
    """As any other value there, it is told, and written as it came."""
    value = {"things": {"a": {"at": TEXT}, "b": 1}}
    read = client.read("Holder", value)
    assert read.things is None
    assert client.told == ["wrong value /things/b: an object"]
    assert read.to_dict() == value


def test_field_that_matches_no_pattern_is_told_and_kept(client: GrownClient) -> None:
    """It is no value of the map, whose values have the type that the pattern gives them, and goes out again."""
    value = {"x-a": {"at": TEXT}, "b": "other"}
    read = client.read("ByPattern", value)
    assert read.additional_keys == ["x-a"]
    assert client.told == ["unknown field /b: no field of this name"]
    assert read.to_dict() == client.sent("ByPattern", value) == value
