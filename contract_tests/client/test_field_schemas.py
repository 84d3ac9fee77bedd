"""Every schema reads what fits and keeps what does not, also those that today's contract has no field for."""

from typing import Any

import pytest
from roark_client.enums import OpenIntEnum
from roark_client.model import Model, model
from roark_client.schema import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    INTEGER,
    NULL,
    NUMBER,
    STRING,
    URI,
    UUID_,
    Array,
    Const,
    EnumOf,
    Field,
    Fields,
    Integer,
    Nullable,
    Number,
    Schema,
    String,
    Union,
    object_of,
)

from contract_tests.client.copies import COPIES
from contract_tests.proof.values import text_of


class Level(OpenIntEnum):
    """An enum of integers."""

    LOW = 1
    HIGH = 2


@model
class Inner(Model):
    """An object with a required field."""

    id: str

    @staticmethod
    def fields() -> Fields:
        """The fields."""
        return Fields((Field("id", "id", STRING, required=True),))


def one_field(schema: Schema) -> type[Model]:
    """A model with one optional field, `it`."""

    class Outer(Model):
        @staticmethod
        def fields() -> Fields:
            return Fields((Field("it", "it", schema),))

    Outer.__annotations__ = {"it": Any}
    return model(Outer)


UUID_TEXT = "3C90C3CC-0D44-4B50-8888-8DD25736052A"
EITHER = Union(STRING, Array(INTEGER))

# A schema, what fits (and how it reads, where that is seen in its text), and what does not.
SCHEMAS: list[tuple[Schema, dict[str, Any], list[Any]]] = [
    (object_of(Inner), {}, [{}, {"id": None}, {"id": 5, "more": 1}, [], "id", None]),
    (Array(object_of(Inner)), {"[]": []}, [[{}], [{"id": "a"}, 5], {}, None]),
    (Nullable(Array(STRING)), {"None": None, "['a']": ["a"]}, [[1], [None], "a"]),
    (Array(STRING, min_items=1, max_items=2), {"['a']": ["a"]}, [[], ["a", "b", "c"], [1]]),
    (INTEGER, {"3": 3.0, str(10**30): 10**30, "-1": -1}, [3.5, True, "3", None]),
    (Integer(minimum=0, exclusive_maximum=10), {"0": 0, "9": 9}, [-1, 10, 10.0]),
    (NUMBER, {"3.5": 3.5, "-0.0": -0.0}, [False, "3", None]),
    (Number(exclusive_minimum=0, maximum=1), {"1": 1, "0.5": 0.5}, [0, 1.1]),
    (BOOLEAN, {"False": False}, [0, 1, "false", None]),
    (NULL, {"None": None}, [False, 0, ""]),
    (ANY, {"{'a': [None]}": {"a": [None]}, "None": None}, []),
    (Const("a"), {"a": "a"}, ["b", 1, None]),
    (Const(1), {"1": 1}, [True, 2, "1"]),
    (EnumOf(Level), {"1": 1, "2": 2.0, "7": 7}, ["1", 1.5, True, None]),
    (DATE, {"2024-02-29": "2024-02-29"}, ["2025-02-29", "20250211", "2025-02-11T00:00:00Z", "2025-W07-2", 5]),
    (DATE_TIME, {"2025-02-11 01:04:32+00:00": "2025-02-11t01:04:32z"}, ["2025-02-11", 5]),
    (UUID_, {UUID_TEXT.lower(): UUID_TEXT}, [UUID_TEXT[1:], UUID_TEXT.replace("-", ""), f"{{{UUID_TEXT}}}", 5]),
    (String(min_length=1, max_length=2), {"é😀": "é😀"}, ["", "abc", 5]),
    (String(pattern="^a+$"), {"aa": "aa"}, ["b", ""]),
    (URI, {"urn:isbn:1": "urn:isbn:1"}, ["", "example.com", "http://a b", "http://h:80a/", "http://[::g]/", "a:%zz"]),
    (EITHER, {"a": "a", "[1]": [1]}, [5, ["a"], None]),
]


@pytest.mark.parametrize(("schema", "fitting", "breaking"), SCHEMAS, ids=[each[0].expected for each in SCHEMAS])
def test_every_schema_reads_or_keeps(schema: Schema, fitting: dict[str, Any], breaking: list[Any]) -> None:
    """What fits a schema reads as its Python value, what does not reads as None, and both re-encode as they came."""
    outer: Any = one_field(schema)
    for text, value in fitting.items():
        read = outer.from_dict({"it": value})
        assert str(read.it) == text
        assert text_of(read.to_dict()) == text_of({"it": value})
    for value in breaking:
        read = outer.from_dict({"it": value})
        assert read.it is None
        assert text_of(read.to_dict()) == text_of({"it": value})
    assert outer.from_dict({}).it is None
    assert outer.from_dict({}).to_dict() == {}


def test_enum_of_integers_is_open() -> None:
    """An integer that the contract does not name is a member that equals it and is not known."""
    assert (Level(7), Level(7).is_known, Level(1).is_known) == (7, False, True)
    assert all(make(Level(7)) == 7 and type(make(Level(7))) is Level for make in COPIES)


@pytest.mark.parametrize("value", ["1", 1.5, None])
def test_enum_of_integers_takes_only_integers(value: Any) -> None:
    """What is no integer is no value of an enum of integers."""
    with pytest.raises(ValueError, match="Level"):
        Level(value)
