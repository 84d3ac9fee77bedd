"""Whether two values, or two places of documents, hold the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scripts.contract import Place, references, value_at


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
