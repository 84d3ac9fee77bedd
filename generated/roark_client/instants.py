"""Date-times of RFC 3339, read without loss to the microsecond and written as they are usually written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|(60))(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
).fullmatch
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch


def read_instant(text: str) -> tuple[datetime, bool] | None:
    """The aware date-time that a text of RFC 3339 names, and whether it is a leap second; None where it names none.

    Digits past the microsecond are cut. A leap second is read as the last microsecond before it. The year 0000, which
    RFC 3339 knows, has no date-time in Python.
    """
    match = _DATE_TIME(text)
    if match is None:
        return None
    try:
        if match[1] is None:
            return datetime.fromisoformat(text.upper()), False
        at = match.start(1)
        instant = datetime.fromisoformat(f"{text[:at]}59{text[at + 2 :]}".upper())
        if instant.astimezone(UTC).time().replace(microsecond=0).isoformat() != "23:59:59":
            return None  # leap seconds are inserted at the end of a day in UTC, and nowhere else
        return instant.replace(microsecond=999_999), True
    except (ValueError, OverflowError):  # a day that the month does not have, or at the end of time
        return None


def read_date(text: str) -> date | None:
    """The date that a text of the form YYYY-MM-DD names; None where it names none."""
    try:
        return date.fromisoformat(text) if _DATE(text) else None
    except ValueError:  # a day that the month does not have
        return None


def write_instant(instant: datetime) -> str:
    """An aware date-time in RFC 3339: `Z` for UTC; a fraction only where there is one, in milliseconds if they do.

    Raises ValueError or OverflowError, each saying what was given, for one that cannot be written so.
    """
    offset = instant.utcoffset()
    if offset is None:
        raise ValueError("a naive datetime, which names no instant; give it a tzinfo")
    if offset % timedelta(minutes=1):  # RFC 3339 has no seconds in an offset
        instant = instant.astimezone(UTC)
        offset = timedelta(0)
    precision = (
        "seconds" if not instant.microsecond else "microseconds" if instant.microsecond % 1000 else "milliseconds"
    )
    text = instant.isoformat(timespec=precision)
    return text.removesuffix("+00:00") + "Z" if not offset else text
