"""What a caller sees who gave a wrong argument: TypeError or ValueError, naming the argument and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from .notes import MISSING, DriftKind, Note, Place, pointer_of, type_named
from .schema import ArgumentError

# How much of a value of an enum an error shows. Other values are never shown: they may be personal.
SHOWN = 60


def is_fault(note: Note) -> bool:
    """Whether a value with such a note must not be sent."""
    return not note.lenient and note.kind in (DriftKind.WRONG_VALUE, DriftKind.UNKNOWN_VALUE)


def unconvertible(error: ArgumentError, names: Mapping[str, str]) -> TypeError | ValueError:
    """The error for a value that is no JSON. `names`: the arguments' names in Python, by their names in JSON."""
    return (TypeError if error.wrong_type else ValueError)(f"{_name(error.place, names)}: {error.note}")


def refused(faults: Sequence[Note], names: Mapping[str, str]) -> TypeError | ValueError:
    """The error for values that do not fit, each on a line of its own."""
    lines = [
        f"{_name(fault.place, names)}: expected {fault.expected}, got {_shown(fault)}"
        f"{'; leave it out instead' if fault.optional else ''}"
        for fault in faults
    ]
    return (TypeError if any(fault.wrong_type for fault in faults) else ValueError)("\n".join(lines))


def _name(place: Place, names: Mapping[str, str]) -> str:
    """`participants/0/role`: the argument's name in Python, then a JSON pointer into its value."""
    first, slash, rest = pointer_of(place).removeprefix("/").partition("/")
    return (names.get(first, first) + slash + rest) or "the body"


def _shown(fault: Note) -> str:
    actual = fault.actual
    if fault.kind is DriftKind.UNKNOWN_VALUE:
        return f"{actual!r:.{SHOWN}}"
    if isinstance(actual, list):
        return f"an array of {len(cast('list[Any]', actual))}"
    named = "None" if actual is None else type_named(actual)
    return named if fault.wrong_type or actual is MISSING else f"{named} that is none"
