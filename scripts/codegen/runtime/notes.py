"""Notes about a value that is held against the contract: where it differs, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final, Literal

from .other_libraries import python_type_named

# A place in a value: None at the top, else the place of what it stands in and its key or index there.
Place = tuple[Any, str | int] | None


class DriftKind(StrEnum):
    """How a value differs from the contract."""

    UNKNOWN_FIELD = "unknown field"
    """An object has a field that the contract does not name. It is kept."""
    UNKNOWN_VALUE = "unknown value"
    """An enum has a value that the contract does not name. It is kept."""
    WRONG_VALUE = "wrong value"
    """A value does not fit, or a required one is missing. An optional field reads as None."""
    LEAP_SECOND = "leap second"
    """A date-time names a leap second, which Python does not know. It reads as the microsecond before."""
    STATUS = "status"
    """A success has another status than the contract names."""
    MEDIA_TYPE = "media type"
    """A reply that can be read has another media type than the contract names."""


class Misfit(Enum):
    """The type of `MISFIT`, what reading gives for a value that does not fit."""

    MISFIT = "misfit"


MISFIT: Final = Misfit.MISFIT


class Missing(Enum):
    """The type of `MISSING`, the raw value of a property that is not there."""

    MISSING = "missing"


MISSING: Final[Literal[Missing.MISSING]] = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Note:
    """One place where a value differs from the contract.

    `lenient`: in a part that may be sent as it is all the same. `wrong_type`: no value of its JSON type could fit.
    `optional`: null, where the field may be left out but not be null. `count`: how many unknown fields it is about.
    """

    kind: DriftKind
    place: Place
    expected: str
    actual: Any = field(repr=False)
    lenient: bool = False
    wrong_type: bool = False
    optional: bool = False
    count: int = 1

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901)."""
        return pointer_of(self.place)


class Notes(list[Note]):
    """All that was noted about one value, as a reply has it."""

    of_request = False


class GivenNotes(Notes):
    """Notes about a value that a caller gives."""

    of_request = True


class RequestNotes(GivenNotes):
    """Notes about a request, whose values are checked and then dropped: only the notes count."""


def pointer_of(place: Place) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    parts = ["/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys_to(place)]
    return "".join(reversed(parts))


def keys_to(place: Place) -> Iterator[str | int]:
    """The keys and indexes that lead to a place, the last first."""
    while place is not None:
        place, key = place
        yield key


_JSON_TYPES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
    Missing: "nothing",
}


def type_named(value: object) -> str:
    """The JSON type of a value, or its Python type where it is no JSON; never the value, which may be personal."""
    return _JSON_TYPES.get(type(value)) or python_type_named(value)
