"""Where two JSON values differ: date-times as instants and all else to the letter, unless told otherwise."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from scripts.contract import json_pointer

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)

_DAYS_IN_400_YEARS = 146_097  # after which the calendar repeats itself; Python's begins with year 1


_SIX_DIGITS = re.compile(r"(?<=:\d\d)(\.\d{6})\d+")


class Nothing:
    """What stands where there is no value: no field, no body, no sample, and in the place of what is to be left out."""

    def __repr__(self) -> str:
        return "nothing"


NOTHING = Nothing()

Same = Callable[[Any, Any], bool]


def same_instant(one: Any, other: Any) -> bool:
    """Whether two values are the same, or date-times of RFC 3339 of one instant, in whatever offset and to any digit.

    A leap second is an instant of its own.
    """
    if one == other:
        return True
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    return (instant := _instant(one)) is not None and instant == _instant(other)


def instants_alike(one: Any, other: Any) -> bool:
    """Whether two scalars say the same: date-times as instants; `1` is not `true`."""
    return equal_in_json(one, other) or (isinstance(one, str) and same_instant(one, other))


def to_the_microsecond(one: Any, other: Any) -> bool:
    """The same, but of a fraction six digits count: a Python datetime holds no more."""
    if isinstance(one, str) and isinstance(other, str):
        return same_instant(_SIX_DIGITS.sub(r"\1", one), _SIX_DIGITS.sub(r"\1", other))
    return instants_alike(one, other)


def within_a_microsecond(one: str, other: str) -> bool:
    """Whether two texts are date-times that differ by less than Python can hold, whichever way one was rounded."""
    instants = [_instant(one), _instant(other)]
    if None in instants or "60" in (one[17:19], other[17:19]):
        return False
    seconds = [
        Fraction(minutes * 60 + second) + Fraction(f"0.{digits or 0}")
        for minutes, second, digits in filter(None, instants)
    ]
    return abs(seconds[0] - seconds[1]) < Fraction(1, 1_000_000)


def equal_in_json(one: Any, other: Any) -> bool:
    """Whether two scalars are one value of JSON: `1` is `1.0`, and not `true`."""
    return one is other if isinstance(one, bool) or isinstance(other, bool) else bool(one == other)


def to_the_letter(one: Any, other: Any) -> bool:
    """Whether two scalars are written alike: `1`, `1.0` and `true` all differ."""
    return NOTHING not in (one, other) and json.dumps(one, default=repr) == json.dumps(other, default=repr)


def to_the_digit(one: Any, other: Any) -> bool:
    """Whether two scalars are written alike, but for the spelling of an instant."""
    is_text = isinstance(one, str) and isinstance(other, str)
    return to_the_letter(one, other) or (is_text and same_instant(one, other))


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


def _instant(text: str) -> tuple[int, int, str] | None:
    """Minutes since year 0 in UTC, seconds, and the fraction's digits; None where the text is no date-time."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, offset_hour, offset_minute = match.groups()[6:]
    try:
        days = date(year % 400 + 400, month, day).toordinal() + year // 400 * _DAYS_IN_400_YEARS
    except ValueError:
        return None
    offset = int(f"{sign or '+'}1") * (int(offset_hour or 0) * 60 + int(offset_minute or 0))
    return (days * 24 + hour) * 60 + minute - offset, second, (fraction or "").rstrip("0")
