"""Places of a document, and whether two of them hold the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.contract import json_pointer, references, value_at


@dataclass(frozen=True)
class Place:
    """A part of a document and where it stands."""

    document: Mapping[str, Any]
    pointer: str
    raw: Any
    beside: tuple[Place, ...] = ()
    """Schemas that say more of the same value; this one stands further out."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from every other place of its document."""
        return (self.pointer, *(pointer for each in self.beside for pointer in each.identity))

    def below(self, *keys: str | int) -> Place:
        """What stands further down. Raises KeyError or IndexError where nothing does."""
        raw = self.raw
        for key in keys:
            raw = raw[key]
        return Place(self.document, self.pointer + json_pointer(keys), raw)

    def or_below(self, keyword: str, default: Any) -> Place:
        """What stands there by a keyword, or what its absence means."""
        return Place(self.document, self.pointer + json_pointer([keyword]), self.raw.get(keyword, default))

    def referred(self) -> Place:
        """The place that it refers to."""
        pointer = self.raw["$ref"].removeprefix("#")
        return Place(self.document, pointer, value_at(self.document, pointer))

    def followed(self) -> Place:
        """The place that it refers to, if it does nothing else."""
        place = self
        while isinstance(place.raw, Mapping) and isinstance(place.raw.get("$ref"), str):
            place = place.referred()
        return place


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON, where true is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(each, other[key]) for key, each in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_value, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def without(values: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """Those of some values that are none of the others."""
    taken = list(others)
    return [value for value in values if not any(same_value(value, other) for other in taken)]


def is_same(one: Place, other: Place) -> bool:
    """Whether two places say the same to the letter, with all that they refer to."""
    if not same_value(one.raw, other.raw) or len(one.beside) != len(other.beside):
        return False
    try:
        return all(map(is_same, one.beside, other.beside)) and all(
            same_value(value_at(one.document, each), value_at(other.document, each))
            for each in references(one.document, one.raw)
        )
    except (KeyError, IndexError):  # what the other does not hold
        return False
