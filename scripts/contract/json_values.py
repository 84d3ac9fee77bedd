"""When two values are the same in JSON."""

from collections.abc import Iterable, Mapping
from typing import Any


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same in JSON: true is not 1, and 1.0 is."""
    if one is other:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(each, other[key]) for key, each in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_value, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def without(values: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """Those of some values that are none of the others."""
    excluded = list(others)
    return [value for value in values if not any(same_value(value, other) for other in excluded)]
