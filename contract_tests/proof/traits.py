"""What inputs have in common that a server refuses: one trait for all that one mistake explains, in its words.

An input explains a refusal by a trait where no accepted input of the same field has it. The trait that explains the
most inputs is taken first, so that a limit of 255 characters is one fault, whatever was too long and wherever.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contract_tests.proof.inputs import Input
from contract_tests.proof.places import shared_place
from contract_tests.proof.same_value import NOTHING

JSON = Any

_DATE_TIME = re.compile(
    r"(?P<year>\d{4})-\d\d-\d\d(?P<t>[Tt])\d\d:\d\d:(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<offset>[Zz]|[+-](?P<hours>\d\d):\d\d)",
    re.ASCII,
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):", re.ASCII)

# RFC 9110, 4.1 has everybody take URLs of 8,000 octets; of other texts every server has some limit, and none is stated.
LONGEST_URL, LONGEST_TEXT = 8_000, 9_999


def _is_text(test: Callable[[str], bool]) -> Callable[[JSON], bool]:
    return lambda value: isinstance(value, str) and test(value)


def _date_time(test: Callable[[re.Match[str]], bool]) -> Callable[[JSON], bool]:
    return _is_text(lambda text: bool((found := _DATE_TIME.fullmatch(text)) and test(found)))


def _scheme(text: str) -> str | None:
    found = _SCHEME.match(text)
    return found[1].lower() if found else None


LEFT_OUT, NULL, NOTHING_THERE = "a field that is left out", "null", "a field that is null or left out"

ZERO_OFFSETS = ("Z", "z", "+00:00", "-00:00")

# From the most telling to the least.
TRAITS: dict[str, Callable[[JSON], bool]] = {
    LEFT_OUT: lambda value: value is NOTHING,
    NULL: lambda value: value is None,
    NOTHING_THERE: lambda value: value is NOTHING or value is None,
    "an empty text": _is_text(lambda text: text == ""),
    "white space alone": _is_text(lambda text: bool(text) and not text.strip()),
    "a leap second": _date_time(lambda found: found["second"] == "60"),
    "small letters in a date-time": _date_time(lambda found: found["t"] == "t" or found["offset"] == "z"),
    "a date-time with an offset": _date_time(lambda found: found["hours"] is not None),
    "a date-time with another offset than zero": _date_time(lambda found: found["offset"] not in ZERO_OFFSETS),
    "a date-time without a fraction": _date_time(lambda found: found["fraction"] is None),
    "a date-time with a fraction": _date_time(lambda found: found["fraction"] is not None),
    "a date-time with other digits than three": _date_time(lambda found: len(found["fraction"] or "") != 3),
    "a date-time before 1970": _date_time(lambda found: int(found["year"]) < 1970),
    "a URL of another scheme than https": _is_text(lambda text: _scheme(text) not in (None, "https")),
    "a URL with user information": _is_text(lambda text: re.match(r"[A-Za-z+.-]+://[^/?#]*@", text) is not None),
    "a URL with a query": _is_text(lambda text: _scheme(text) is not None and "?" in text),
    "a URL with a fragment": _is_text(lambda text: _scheme(text) is not None and "#" in text),
    "control characters": _is_text(lambda text: any(unicodedata.category(each) == "Cc" for each in text)),
    "characters beyond the Basic Multilingual Plane": _is_text(lambda text: any(ord(each) > 0xFFFF for each in text)),
    "characters beyond ASCII": _is_text(lambda text: not text.isascii()),
    "an empty array": lambda value: value == [],
    "an empty object": lambda value: value == {},
}

UNKNOWN_FIELD = "a field that no document names"
LARGE = "a large value"

# Of a value, what may be limited.
LENGTHS: dict[str, Callable[[JSON], int | None]] = {
    "a long text": lambda value: len(value) if isinstance(value, str) else None,
    "a date-time with many digits": lambda value: (
        len(found["fraction"] or "") if isinstance(value, str) and (found := _DATE_TIME.fullmatch(value)) else None
    ),
    "many items": lambda value: len(value) if isinstance(value, list | dict) else None,
    LARGE: lambda value: len(json.dumps(value, ensure_ascii=False)) if value is not NOTHING else None,
}


def is_unusual(value: JSON) -> bool:
    """Whether a valid value is one that no document speaks of, so that a server may well refuse it."""
    if not isinstance(value, str):
        return False
    if found := _DATE_TIME.fullmatch(value):
        return (
            found["second"] == "60"
            or TRAITS["small letters in a date-time"](value)
            or found["offset"] == "-00:00"
            or int(found["hours"] or 0) > 14
            or len(found["fraction"] or "") > 9
            or not 1900 <= int(found["year"]) <= 2100
        )
    if value.startswith(("/", ".")) or _scheme(value) not in (None, "http", "https"):
        return True
    if _scheme(value):
        return len(value) > LONGEST_URL or "%00" in value or bool(re.match(r"https?:/*[^/?#]*:(?:[/?#]|$)", value))
    return not value.strip() or TRAITS["control characters"](value) or len(value) > LONGEST_TEXT


def faults(refused: Sequence[Input], accepted: Sequence[Input]) -> list[str]:
    """For each refused input the fault that explains it, in words that name a place only where nothing else fits."""
    found: dict[int, str] = {}
    candidates = list(_candidates(refused, accepted))
    while left := [at for at in range(len(refused)) if at not in found]:
        words, covered = max(
            ((words, [at for at in left if fits(refused[at])]) for words, fits in candidates),
            key=lambda candidate: len(candidate[1]),
        )
        if not covered:
            return [found.get(at, f"some values of {shared_place(each.pointer)}") for at, each in enumerate(refused)]
        found |= dict.fromkeys(covered, words)
    return [found[at] for at in range(len(refused))]


Fits = Callable[[Input], bool]


def _candidates(refused: Sequence[Input], accepted: Sequence[Input]) -> Iterator[tuple[str, Fits]]:
    """Faults that may explain refused inputs: at each place they are only what no accepted input has."""
    open_objects = {_object_around(each) for each in accepted if not each.is_known}
    yield UNKNOWN_FIELD, lambda each: not each.is_known and _object_around(each) not in open_objects
    taken: dict[str, list[JSON]] = {}
    for each in accepted:
        taken.setdefault(each.pointer, []).append(each.value)
    for words, has in TRAITS.items():
        yield words, _has(has, taken)
    for place in dict.fromkeys(shared_place(each.pointer) for each in refused):
        if all(value is NOTHING for at, values in taken.items() if shared_place(at) == place for value in values):
            yield f"whatever {place} holds", _is_at(place)
    for place, literal in dict.fromkeys((shared_place(each.pointer), _literal(each.value)) for each in refused):
        if literal:
            yield f"{literal} in the place of {place}", _is_at(place, literal)
    for words, length in LENGTHS.items():
        yield words, _is_longer(length, taken)


def _object_around(each: Input) -> str:
    return shared_place(each.pointer).rpartition("/")[0]


def _has(has: Callable[[JSON], bool], taken: dict[str, list[JSON]]) -> Fits:
    return lambda each: has(each.value) and not any(map(has, taken.get(each.pointer, ())))


def _is_longer(length: Callable[[JSON], int | None], taken: dict[str, list[JSON]]) -> Fits:
    """Whether something is longer than all that was taken at its place, of which there is some."""

    def fits(each: Input) -> bool:
        known = [known for value in taken.get(each.pointer, ()) if (known := length(value)) is not None]
        here = length(each.value)
        return here is not None and bool(known) and here > max(known)

    return fits


def _is_at(place: str, literal: str | None = None) -> Fits:
    return lambda each: shared_place(each.pointer) == place and literal in (None, _literal(each.value))


def _literal(value: JSON) -> str:
    """A short value as it is written; nothing for others, which share a fault."""
    text = "" if isinstance(value, list | dict) or value is NOTHING else str(value)
    return text if len(text) <= 20 and text.isprintable() else ""
