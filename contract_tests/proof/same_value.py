"""Whether two JSON values say the same: date-times as instants, all else to the letter."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from scripts.codegen.contract import json_pointer


class Nothing:
    """What stands where one of the two has no field."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = Nothing()


def differences(one: Any, other: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Pointer and both values of every place where two JSON values differ; `1` is not `true`."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *(name for name in other if name not in one)]:
            yield from differences(one.get(name, NOTHING), other.get(name, NOTHING), at + json_pointer([name]))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{at}/{index}")
    elif not _same(one, other):
        yield at, one, other


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return (instant := _instant(one)) is not None and instant == _instant(other)
    return bool(one == other)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return instant if instant.tzinfo else None
