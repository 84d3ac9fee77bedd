"""The errors of wrong arguments: each names the argument and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from .errors import ArgumentTypeError, ArgumentValueError, RoarkError
from .json_values import ArgumentError, json_copy
from .notes import MISSING, DriftKind, Note, Notes, Place, RequestNotes, pointer_of, type_named
from .other_libraries import made_a_dict
from .schema import Schema

# How much of a value of an enum an error shows. Other values are never shown: they may be personal.
SHOWN = 60


# The arguments' names in Python, by their names in JSON. Asked for only where an error has to name one.
Names = Callable[[], Mapping[str, str]]


def convert(schema: Schema, value: Any, place: Place, names: Names) -> Any:
    """A caller's value as JSON, not yet held against its schema; what that leaves open is the caller's own object.

    Raises ArgumentTypeError or ArgumentValueError where it cannot be JSON.
    """
    try:
        return schema.write(value, place)
    except ArgumentError as error:
        raise _refusal(error, names) from None


def check(schema: Schema, value: Any, place: Place, names: Names) -> Notes:
    """The notes about a converted value that do not keep it from being sent.

    Raises ArgumentTypeError or ArgumentValueError where something does.
    """
    notes = RequestNotes()
    schema.read(value, place, notes)
    refuse_faults(notes, names)
    return notes


def to_json(schema: Schema, value: Any, place: Place, names: Names) -> Any:
    """A caller's value as JSON that shares nothing with it. Raises ArgumentTypeError or ArgumentValueError."""
    value = convert(schema, value, place, names)
    try:
        return json_copy(value, place)
    except ArgumentError as error:
        check(schema, value, place, names)  # which knows what was expected
        raise _refusal(error, names) from None


def refuse_faults(notes: Iterable[Note], names: Names) -> None:
    """Raise ArgumentTypeError or ArgumentValueError where what was noted keeps a value from being sent, a line each."""
    faults = [
        note for note in notes if note.kind in (DriftKind.WRONG_VALUE, DriftKind.UNKNOWN_VALUE) and not note.lenient
    ]
    if not faults:
        return
    lines = [
        f"{_name(fault.place, names())}: expected {fault.expected}, got {_shown(fault)}"
        f"{'; leave it out instead' if fault.optional else ''}"
        for fault in faults
    ]
    raise (ArgumentTypeError if any(fault.wrong_type for fault in faults) else ArgumentValueError)("\n".join(lines))


def _refusal(error: ArgumentError, names: Names) -> RoarkError:
    kind = ArgumentTypeError if error.wrong_type else ArgumentValueError
    return kind(f"{_name(error.place, names())}: {error.note}")


def _name(place: Place, names: Mapping[str, str]) -> str:
    """`participants/0/role`: the argument's name in Python, then a JSON pointer into its value."""
    if place is None:
        return "the body"
    first, slash, rest = pointer_of(place).removeprefix("/").partition("/")
    name = names.get(first, first) + slash + rest
    return name.encode("utf-8", "backslashreplace").decode()  # of a key with half a surrogate pair


def _shown(fault: Note) -> str:
    actual = fault.actual
    if fault.kind is DriftKind.UNKNOWN_VALUE:
        return f"{actual!r:.{SHOWN}}"
    if isinstance(actual, list):
        return f"an array of {len(cast('list[Any]', actual))}"
    named = "None" if actual is None else type_named(actual)
    if "an object" in fault.expected:
        return named + made_a_dict(actual)
    return named if fault.wrong_type or actual is MISSING else f"{named} that does not fit"
