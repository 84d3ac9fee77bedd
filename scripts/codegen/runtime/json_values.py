"""JSON values from what callers give: plain copies, scalars and keys of whatever class they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, cast

from .notes import Place, pointer_of, type_named
from .other_libraries import made_a_dict, plain_scalar

DEEPEST = 10_000  # levels; Python reads and writes no JSON as deep as that, so it has no end
_SCALARS = frozenset({str, int, bool, type(None)})
_NUMBERS = (bool, int, float)


class ArgumentError(Exception):
    """A caller's value cannot be converted to JSON. Becomes the TypeError or ValueError that callers see."""

    def __init__(self, place: Place, expected: str, actual: str, *, wrong_type: bool = False) -> None:
        self.note = f"expected {expected}, got {actual}"
        self.place = place
        self.wrong_type = wrong_type
        super().__init__(f"{pointer_of(place)}: {self.note}")


def json_copy(value: Any, place: Place) -> Any:
    """A JSON value as plain new dicts, lists and scalars, the same value. Raises ArgumentError where it is none.

    It does not call itself: a value may be nested as deep as the JSON decoder goes.
    """
    if type(value) in _SCALARS:
        return value
    copy = _shallow_copy(value, place)
    open_ = [(copy, place, _items(copy))]
    while open_:
        holder, place, items = open_[-1]
        for key, item in items:
            if type(item) not in _SCALARS:
                holder[key] = inner = _shallow_copy(item, (place, key))
                open_.append((inner, (place, key), _items(inner)))
                break
        else:
            open_.pop()
        if len(open_) > DEEPEST:
            raise RecursionError
    return copy


def _items(holder: Any) -> Iterator[tuple[Any, Any]]:
    if type(holder) is dict:
        return iter(cast("dict[Any, Any]", holder).items())
    return enumerate(cast("list[Any]", holder) if type(holder) is list else ())


def _shallow_copy(value: Any, place: Place) -> Any:
    """A plain scalar, or a new dict or list whose items are still to be copied."""
    if isinstance(value, float) and not isfinite(value):
        raise ArgumentError(place, "a number that JSON knows", str(value))
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {json_key(key, place): item for key, item in items}
    if isinstance(value, list | tuple):
        return list(cast("Sequence[Any]", value))
    if isinstance(value, str | int | float):
        return json_scalar(value)
    scalar = plain_scalar(value)
    if type(scalar) in _NUMBERS:
        return _shallow_copy(scalar, place)
    raise ArgumentError(place, "a JSON value", type_named(value) + made_a_dict(value), wrong_type=True)


def json_key(key: Any, place: Place) -> str:
    """A key as text, as Python's JSON encoder writes it."""
    if isinstance(key, str):
        return str.__str__(key)
    if isinstance(key, float) and not isfinite(key):
        raise ArgumentError(place, "a number that JSON knows as a key", str(key))
    if key is None or isinstance(key, int | float):
        return json.dumps(json_scalar(key))
    raise ArgumentError(place, "text as keys", f"a key that is {type_named(key)}", wrong_type=True)


def json_scalar(value: Any) -> Any:
    """A scalar as itself, where it is of a class that derives from a plain one, such as an enum's, or is numpy's."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else plain_scalar(value)


def is_same_json(value: Any, other: Any) -> bool:
    """Whether two JSON values are equal: true is not 1, and 1.0 is."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    kinds: set[object] = {type(value), type(other)}
    if kinds == {list}:
        items, others = cast("list[Any]", value), cast("list[Any]", other)
        return len(items) == len(others) and all(map(is_same_json, items, others))
    if kinds == {dict}:
        fields, expected = cast("dict[str, Any]", value), cast("dict[str, Any]", other)
        return fields.keys() == expected.keys() and all(is_same_json(fields[key], expected[key]) for key in fields)
    return bool(value == other)
