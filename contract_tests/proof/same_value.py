"""Where two JSON values differ: date-times as instants and all else to the letter, unless told otherwise."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from scripts.codegen.contract import json_pointer


class Nothing:
    """What stands where one of the two has no field."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = Nothing()


Same = Callable[[Any, Any], bool]


def instants_alike(one: Any, other: Any) -> bool:
    """Whether two scalars say the same: date-times as instants; `1` is not `true`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return (instant := _instant(one)) is not None and instant == _instant(other)
    return bool(one == other)


def to_the_letter(one: Any, other: Any) -> bool:
    """Whether two scalars are written alike: `1`, `1.0` and `true` all differ."""
    return NOTHING not in (one, other) and json.dumps(one, default=repr) == json.dumps(other, default=repr)


def to_the_digit(one: Any, other: Any) -> bool:
    """Whether two scalars are written alike, but for the spelling of an instant: of its fraction every digit counts."""
    if to_the_letter(one, other):
        return True
    is_text = isinstance(one, str) and isinstance(other, str)
    return is_text and instants_alike(one, other) and _fraction(one) == _fraction(other)


def differences(one: Any, other: Any, at: str = "", *, same: Same = instants_alike) -> Iterator[tuple[str, Any, Any]]:
    """Pointer and both values of every place where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            yield from differences(
                one.get(name, NOTHING), other.get(name, NOTHING), at + json_pointer([name]), same=same
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{at}/{index}", same=same)
    elif not same(one, other):
        yield at, one, other


def _fraction(text: str) -> str:
    found = re.search(r"\.(\d+)", text)
    return found[1].rstrip("0") if found else ""


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return instant if instant.tzinfo else None
