"""The schemas of the contract as Python: each reads raw JSON, and writes what a caller gives as JSON.

`read` holds every check, once, for replies and requests alike. It never raises: where a value does not fit, it notes
the place and gives `MISFIT`. `write` only converts: what it cannot convert it leaves as it is, and `read`, which
follows it in every request, names it. What the contract leaves open it neither copies nor looks at: that it is JSON,
the encoder finds, and `json_values.json_copy` says where it is not.

What a schema means, the proof and the report of changes judge by themselves: a shared fault would never be seen.
"""

from __future__ import annotations

import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from ipaddress import IPv6Address
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from uuid import UUID

from .instants import read_date, read_instant, write_instant
from .json_values import ArgumentError, is_same_json, json_copy, json_key, json_scalar
from .notes import (
    MISFIT,
    MISSING,
    DriftKind,
    GivenNotes,
    Misfit,
    Note,
    Notes,
    Place,
    RequestNotes,
)
from .slips import intended_name
from .types import UNSET

if TYPE_CHECKING:
    from .model import Model
    from .patterns import Search


class Schema(ABC):
    """One schema. `expected` names what fits, in words."""

    expected: str
    types: tuple[type, ...] = ()
    """The types of the JSON values that can fit at all."""
    unchecked_type: type | None = None
    """A type every value of which fits and reads as itself, if there is one: it need not be asked about each."""
    is_lossy: bool = False
    """Whether writing what was read may give other JSON than was read, so that the raw JSON has to be kept."""

    @abstractmethod
    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        """The Python value of a JSON value, or MISFIT with at least one note."""

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002 - most schemas have no need of the place
        """The JSON value of a Python value; what is no such value is given back as it is."""
        return json_scalar(value)

    def require(self, value: Any, place: Place, notes: Notes) -> None:
        """Note what keeps a value from being sent as it is."""
        with suppress(ArgumentError):  # of what is no JSON, which does not fit
            value = json_copy(value, place)
        self.read(value, place, notes)

    def names(self) -> Mapping[str, str]:
        """The names in Python of the properties of an object, by their names in JSON."""
        return {}

    def misfit(self, value: Any, place: Place, notes: Notes) -> Literal[Misfit.MISFIT]:
        """Note a value that does not fit."""
        wrong_type = value is not MISSING and type(value) not in self.types
        notes.append(Note(DriftKind.WRONG_VALUE, place, self.expected, value, wrong_type=wrong_type))
        return MISFIT


class AnyJson(Schema):
    """Any JSON value."""

    expected = "any JSON value"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:  # noqa: ARG002
        return value

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        return value


class Null(Schema):
    """null, and nothing else."""

    expected = "null"
    types = (type(None),)

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return None if value is None else self.misfit(value, place, notes)


class Nothing(Schema):
    """The schema `false`, which no value fits: it must not be there."""

    expected = "nothing"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return self.misfit(value, place, notes)


class Boolean(Schema):
    """true or false."""

    expected = "a boolean"
    types = (bool,)
    unchecked_type = bool

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return value if type(value) is bool else self.misfit(value, place, notes)


def _count(least: int, most: int | None, noun: str) -> str:
    """How many of something there may be, to follow its name."""
    if not least:
        return "" if most is None else f" of at most {most} {noun}"
    if least == most:
        return f" of exactly {least} {noun}"
    return f" of at least {least} {noun}" if most is None else f" of {least} to {most} {noun}"


class String(Schema):
    """A string; with `minLength` and `maxLength` in characters, and `pattern` as an unanchored regular expression.

    A pattern that Python cannot search by is not held.
    """

    types = (str,)

    def __init__(self, *, min_length: int = 0, max_length: int | None = None, pattern: str | None = None) -> None:
        self._min, self._max = min_length, max_length
        self._pattern = pattern
        self.unchecked_type = None if min_length or max_length is not None or pattern is not None else str
        self.expected = f"a string{_count(min_length, max_length, 'characters')}"
        if pattern is not None:
            self.expected += f" that matches {pattern}"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if type(value) is str and self._fits(value):
            return value
        return self.misfit(value, place, notes)

    def _fits(self, value: str) -> bool:
        length = len(value)
        return (
            length >= self._min
            and (self._max is None or length <= self._max)
            and (self._search is None or self._search(value) is not None)
        )

    @cached_property
    def _search(self) -> Search | None:
        # When first needed, since most strings of a contract have no pattern.
        if self._pattern is None:
            return None
        from .patterns import search_by

        return search_by(self._pattern)


class Uri(Schema):
    """A string with `format: uri` (RFC 3986): a scheme, and what may follow it."""

    expected = "an absolute URI (RFC 3986)"
    types = (str,)

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        match = self._match(value) if type(value) is str else None
        if match is None or (match["address"] is not None and not _is_ipv6(match["address"])):
            return self.misfit(value, place, notes)
        return value

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        # The URL classes of other libraries say what they are only as text.
        return str(value) if type(value).__name__.endswith(("URL", "Url")) else json_scalar(value)

    @cached_property
    def _match(self) -> Callable[[str], re.Match[str] | None]:
        # When first needed, since compiling it takes as long as importing the rest of this module. Possessive only
        # over single characters: Python before 3.11.5 matches possessive groups wrongly.
        return re.compile(
            r"""
            (?! .*%(?![0-9A-Fa-f]{2}) )
            [A-Za-z][A-Za-z0-9+.-]*+:
            (?: // (?: [A-Za-z0-9._~!$&'()*+,;=:%-]*+@ )?
                   (?: [A-Za-z0-9._~!$&'()*+,;=%-]*+ (?!\[)
                     | \[ (?: [Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+ | (?P<address>[0-9A-Fa-f:.]+) ) \] )
                   (?: :[0-9]* )?
                   (?= [/?#]|$ )
              | (?!//) )
            [A-Za-z0-9._~!$&'()*+,;=:@/%-]*+
            (?: \?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*+ )?
            (?: \#[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*+ )?
            """,
            re.ASCII | re.DOTALL | re.VERBOSE,
        ).fullmatch


class Number(Schema):
    """A number, with its bounds. Infinity and NaN are no JSON."""

    types: tuple[type, ...] = (int, float)

    def __init__(
        self,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        exclusive_minimum: float | None = None,
        exclusive_maximum: float | None = None,
    ) -> None:
        self._bounds: list[tuple[Callable[[Any, Any], bool], float]] = []
        words = [self.noun]
        for bound, word, fits in (
            (minimum, "at least", operator.ge),
            (maximum, "at most", operator.le),
            (exclusive_minimum, "above", operator.gt),
            (exclusive_maximum, "below", operator.lt),
        ):
            if bound is not None:
                self._bounds.append((fits, bound))
                words.append(f"{word} {bound}")
        self.expected = " ".join(words)

    noun = "a number"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        is_number = type(value) is int or (type(value) is float and isfinite(value))
        if is_number and all(fits(value, bound) for fits, bound in self._bounds):
            return value
        return self.misfit(value, place, notes)


class Integer(Number):
    """An integer, with its bounds. 3.0 is one too, and reads as 3."""

    noun = "an integer"
    is_lossy = True

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is int and all(fits(value, bound) for fits, bound in self._bounds):
            return value
        return self.misfit(value, place, notes)


class DateTime(Schema):
    """A string with `format: date-time` (RFC 3339), read as an aware `datetime`. Text is sent as it was given."""

    expected = "a date-time with an offset (RFC 3339), such as 2025-02-11T01:04:32.737Z"
    types = (str,)
    is_lossy = True

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        read = read_instant(value) if type(value) is str else None
        if read is None:
            return self.misfit(value, place, notes)
        instant, is_leap_second = read
        if is_leap_second:
            notes.append(Note(DriftKind.LEAP_SECOND, place, "a second from 00 to 59", value))
        return instant

    def write(self, value: Any, place: Place) -> Any:
        if isinstance(value, datetime):
            try:
                return write_instant(value)
            except (ValueError, OverflowError) as error:
                raise ArgumentError(place, self.expected, str(error)) from None
        return json_scalar(value)


class Date(Schema):
    """A string with `format: date`, read as a `date`."""

    expected = "a date, such as 2025-02-11"
    types = (str,)
    is_lossy = True

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        read = read_date(value) if type(value) is str else None
        return self.misfit(value, place, notes) if read is None else read

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else json_scalar(value)


class Uuid(Schema):
    """A string with `format: uuid` (RFC 9562), read as a `UUID`."""

    expected = "a UUID"
    types = (str,)
    is_lossy = True  # as it may come in upper case
    _fits = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE).fullmatch

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if type(value) is str and self._fits(value):
            return UUID(value)
        return self.misfit(value, place, notes)

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        return str(value) if isinstance(value, UUID) else json_scalar(value)


class Const(Schema):
    """One value only."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self.types = (type(value),)
        self.expected = repr(value)

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return value if is_same_json(value, self._value) else self.misfit(value, place, notes)


class EnumOf(Schema):
    """A value of an enum. One that the contract does not name is noted, and reads as a member that keeps it."""

    SHOWN = 20  # values that a message names

    def __init__(self, enum: type[Enum]) -> None:
        self._enum = enum
        self._members: dict[Any, Enum] = {member.value: member for member in enum}
        self._type: type = type(next(iter(self._members)))
        self.types = (self._type,)
        self.is_lossy = self._type is int  # as 3.0 is one too
        values = [str(value) for value in self._members]
        more = f" or {len(values) - self.SHOWN} more" if len(values) > self.SHOWN else ""
        self.expected = f"one of {', '.join(values[: self.SHOWN])}{more}"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if self._type is int and type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not self._type:
            return self.misfit(value, place, notes)
        member = self._members.get(value)
        if member is None:
            notes.append(Note(DriftKind.UNKNOWN_VALUE, place, self.expected, value))
            return self._enum(value)
        return member

    def write(self, value: Any, place: Place) -> Any:  # noqa: ARG002
        return value.value if isinstance(value, Enum) else json_scalar(value)


class Array(Schema):
    """An array, with `minItems` and `maxItems`. One item that does not fit makes the array not fit."""

    def __init__(self, items: Schema, *, min_items: int = 0, max_items: int | None = None) -> None:
        self._items, self._min, self._max = items, min_items, max_items
        self.types = (list,)
        self.is_lossy = items.is_lossy
        self.expected = f"an array{_count(min_items, max_items, 'items')}"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if type(value) is not list:
            return self.misfit(value, place, notes)
        raw_items = cast("list[Any]", value)
        fits = True
        if len(raw_items) < self._min or (self._max is not None and len(raw_items) > self._max):
            self.misfit(value, place, notes)
            fits = False
        read_item = self._items.read
        items: list[Any] = []
        for index, raw in enumerate(raw_items):
            item = read_item(raw, (place, index), notes)
            if item is MISFIT:
                fits = False
            items.append(item)
        return items if fits else MISFIT

    def write(self, value: Any, place: Place) -> Any:
        if isinstance(value, str | bytes | bytearray | Mapping):
            return cast("Any", value)
        try:
            items = enumerate(cast("Iterable[Any]", value))
        except TypeError:  # as a model says, too
            return value
        return [self._items.write(item, (place, index)) for index, item in items]


class Every(Schema):
    """A value that fits several schemas. The last of them says how it reads."""

    def __init__(self, *schemas: Schema) -> None:
        self._schemas = schemas
        self.types = schemas[-1].types
        self.is_lossy = schemas[-1].is_lossy
        self.expected = " and ".join(schema.expected for schema in schemas)

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        read: Any = MISFIT
        for schema in self._schemas:
            read = schema.read(value, place, notes)
            if read is MISFIT:
                break
        return read

    def write(self, value: Any, place: Place) -> Any:
        return self._schemas[-1].write(value, place)


class Recursive(Schema):
    """A schema that holds itself, with an array in between: `make` gives it, when it is given itself."""

    is_lossy = True

    def __init__(self, make: Callable[[Schema], Schema]) -> None:
        self._schema = make(self)
        self.types = self._schema.types
        self.expected = self._schema.expected

    expected = "a value as the whole"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return self._schema.read(value, place, notes)

    def write(self, value: Any, place: Place) -> Any:
        return self._schema.write(value, place)


class Nullable(Schema):
    """null, or another schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.types = (*schema.types, type(None))
        self.unchecked_type = schema.unchecked_type
        self.is_lossy = schema.is_lossy
        self.expected = f"{schema.expected}, or null"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if value is None:
            return None
        count = len(notes)
        read = self._schema.read(value, place, notes)
        if read is MISFIT and len(notes) == count + 1 and notes[count].place is place:
            notes.pop()  # null would have fitted as well
            self.misfit(value, place, notes)
        return read

    def write(self, value: Any, place: Place) -> Any:
        return None if value is None else self._schema.write(value, place)

    def require(self, value: Any, place: Place, notes: Notes) -> None:
        if value is not None:
            self._schema.require(value, place, notes)


class Union(Schema):
    """One of several schemas: the first that fits without anything to note, else the first that fits best.

    What only holds an unknown field fits better than a value that no enum lists, and that better than an optional one
    that does not fit.
    """

    is_lossy = True

    def __init__(self, *members: Schema) -> None:
        self._members = members
        self.types = tuple(kind for member in members for kind in member.types)
        self.expected = " or ".join(dict.fromkeys(member.expected for member in members))

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        best: tuple[Any, Notes] | None = None
        for member in self._members:
            member_notes = type(notes)()
            read = member.read(value, place, member_notes)
            if read is MISFIT:
                continue
            if not member_notes:
                return read
            if best is None or _gravity(member_notes) < _gravity(best[1]):
                best = (read, member_notes)
        if best is None:
            return self.misfit(value, place, notes)
        notes.extend(best[1])
        return best[0]

    def write(self, value: Any, place: Place) -> Any:
        best: tuple[Any, Notes] | None = None
        if isinstance(value, Iterator):  # which the first member would use up
            value = list(cast("Iterator[Any]", value))
        for member in self._members:
            try:
                written = member.write(value, place)
            except ArgumentError:
                continue
            member_notes = GivenNotes()
            if member.read(written, place, member_notes) is not MISFIT:
                if not member_notes:
                    return written
                if best is None or _gravity(member_notes) < _gravity(best[1]):
                    best = (written, member_notes)
        return best[0] if best else value


class Discriminated(Union):
    """One of several objects, which the text of one of their fields tells apart (`discriminator`).

    `mapping`: for each text, the index of the member. With another text, or none, it is read as any union; the text is
    noted where each of the objects has one of its own.
    """

    def __init__(self, wire: str, mapping: Mapping[str, int], *members: Schema) -> None:
        super().__init__(*members)
        self._wire = wire
        self._by_text = {text: members[index] for text, index in mapping.items()}
        self._is_closed = all(index in mapping.values() for index, member in enumerate(members) if dict in member.types)
        self._expected_text = f"one of {', '.join(self._by_text)}"

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if type(value) is not dict:
            return super().read(value, place, notes)
        text = cast("dict[str, Any]", value).get(self._wire, MISSING)
        member = self._by_text.get(text) if type(text) is str else None
        if member is not None:
            return member.read(value, place, notes)
        return self._read_unmapped(text, value, place, notes)

    def _read_unmapped(self, text: Any, value: Any, place: Place, notes: Notes) -> Any:
        """Read an object whose text stands for none of the members."""
        union_notes = type(notes)()
        read = super().read(value, place, union_notes)
        if not self._is_closed:
            notes.extend(union_notes)
            return read
        place_of_text = (place, self._wire)
        if read is MISFIT:
            expected = self._expected_text + ("; it is required" if text is MISSING else "")
            notes.append(Note(DriftKind.WRONG_VALUE, place_of_text, expected, text, wrong_type=type(text) is not str))
            return MISFIT
        if type(text) is str:
            notes.append(Note(DriftKind.UNKNOWN_VALUE, place_of_text, self._expected_text, text))
        # The member that it reads as knows of its own texts alone.
        notes.extend(
            note for note in union_notes if note.kind is not DriftKind.UNKNOWN_VALUE or note.place != place_of_text
        )
        return read

    def write(self, value: Any, place: Place) -> Any:
        if isinstance(value, Mapping):
            given = cast("Mapping[Any, Any]", value)
            text = next((json_scalar(given[key]) for key in self.keys if key in given), None)
            member = self._by_text.get(text) if type(text) is str else None
            if member is not None:
                return member.write(given, place)
        return super().write(value, place)

    @cached_property
    def keys(self) -> list[str]:
        """By which names a mapping may hold the text: that in JSON, and those in Python."""
        keys = [self._wire]
        for member in self._members:
            keys += member.keys if isinstance(member, Discriminated) else [member.names().get(self._wire, self._wire)]
        return list(dict.fromkeys(keys))


class Field(NamedTuple):
    """One property of an object: its name in Python, its name in JSON, its schema and whether it is required.

    What is `read_only` is required of replies alone, what is `write_only` of requests alone (JSON Schema Validation,
    9.4).
    """

    name: str
    wire: str
    schema: Schema
    required: bool = False
    read_only: bool = False
    write_only: bool = False

    def is_required(self, notes: Notes) -> bool:
        """Whether it has to be there in what these notes are about."""
        return self.required and not (self.read_only if notes.of_request else self.write_only)

    @property
    def is_always_there(self) -> bool:
        """Whether it has to be there whichever way the object goes."""
        return self.required and not self.read_only and not self.write_only


class Fields(NamedTuple):
    """The properties of an object, and the schemas of additional ones where the contract provides for such.

    `patterns`: regular expressions, each with the schema of a property whose name matches it.
    """

    properties: Sequence[Field]
    additional: Schema | None = None
    patterns: Sequence[tuple[str, Schema]] = ()


class Object(Schema):
    """An object, read as a model. Properties that the contract does not name are kept and noted."""

    expected = "an object"
    types = (dict,)

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._fields: Fields | None = None

    @property
    def fields(self) -> Fields:
        """The properties; asked for when first needed, since models may refer to each other."""
        if self._fields is None:
            fields = self._model.fields()
            self._plan = [
                (
                    getattr(self._model, field.name).__set__,  # not Model.__setattr__: what is read is no change
                    field.wire,
                    field.schema.unchecked_type,
                    field.schema.read,
                    field.schema.is_lossy,
                    field,
                )
                for field in fields.properties
            ]
            self._wires = frozenset(field.wire for field in fields.properties)
            # The name in JSON wins, should one field's be another's in Python.
            self._by_name = {field.name: field for field in fields.properties}
            self._by_name |= {field.wire: field for field in fields.properties}
            self._patterns = list(_searches(fields.patterns))
            # Whether additional properties have to be read; else they stay raw JSON.
            self._reads_additional = bool(fields.patterns) or fields.additional not in (None, ANY)
            self._fields = fields  # last: another thread may be looking
        return self._fields

    def field(self, name: str) -> Field | None:
        """The property with this name in Python."""
        return next((field for field in self.fields.properties if field.name == name), None)

    def named(self, name: Any) -> Field | None:
        """The property with this name in Python or in JSON."""
        _ = self.fields  # which are looked up by name from then on
        return self._by_name.get(name)

    def names(self) -> Mapping[str, str]:
        return {field.wire: field.name for field in self.fields.properties}

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        return self.read_into(self._model.__new__(self._model), value, place, notes)

    def read_into(self, model: Model, value: Any, place: Place, notes: Notes) -> Any:
        """Read into a model that has no values yet."""
        if type(value) is not dict:
            return self.misfit(value, place, notes)
        properties = cast("dict[str, Any]", value)
        raw_values: dict[str, Any] = {}
        count, fits = self._read_named(model, properties, raw_values, place, notes)
        additional: dict[str, Any] = {}
        if count != len(properties):
            additional = {wire: raw for wire, raw in properties.items() if wire not in self._wires}
            fits = self._read_additional(additional, raw_values, place, notes) and fits
        object.__setattr__(model, "additional_properties", additional)
        object.__setattr__(model, "kept", raw_values)
        return model if fits else MISFIT

    def _read_named(
        self, model: Model, properties: dict[str, Any], raw_values: dict[str, Any], place: Place, notes: Notes
    ) -> tuple[int, bool]:
        """Read the properties that the contract names: how many there are, and whether they make a model that fits.

        The raw JSON of those that do not round-trip goes into `raw_values`.
        """
        _ = self._fields or self.fields  # which make the plan
        count, fits = 0, True
        for set_value, wire, unchecked_type, read_value, is_lossy, field in self._plan:
            raw = properties.get(wire, MISSING)
            if type(raw) is unchecked_type:
                count += 1
                set_value(model, raw)
                continue
            if raw is MISSING:
                if field.is_required(notes):
                    fits = False
                    notes.append(_missing_note(field, place))
                else:
                    set_value(model, None)
                continue
            count += 1
            value = read_value(raw, (place, wire), notes)
            if value is MISFIT:
                if not _is_excused(field, raw, notes):
                    fits = False
                    continue
                value = None
            if is_lossy or value is None:
                raw_values[wire] = raw
            set_value(model, value)
        return count, fits

    def _read_additional(
        self, additional: dict[str, Any], raw_values: dict[str, Any], place: Place, notes: Notes
    ) -> bool:
        """Read the additional properties in the place of their raw JSON, and tell whether all of them fit.

        Those that the contract does not provide for are noted. Where others have a schema, they move to `raw_values`,
        since they are no values of its type.
        """
        if not self._reads_additional:
            if self.fields.additional is None:
                notes += _unknown_field_notes(additional, place)
            return True
        fits = True
        unknown: dict[str, Any] = {}
        for wire, raw in additional.items():
            schema = self._additional_schema(wire)
            if schema is None:
                unknown[wire] = raw
                continue
            additional[wire] = value = schema.read(raw, (place, wire), notes)
            if value is MISFIT:
                fits = False
            elif schema.is_lossy:
                raw_values[wire] = raw
        for wire in unknown:
            raw_values[wire] = additional.pop(wire)
        notes += _unknown_field_notes(unknown, place)
        return fits

    def _additional_schema(self, wire: str) -> Schema | None:
        """The schema of an additional property, where the contract provides for it."""
        matching = (schema for matches, schema in self._patterns if matches(wire))
        return next(matching, self.fields.additional)

    def write(self, value: Any, place: Place) -> Any:
        if isinstance(value, self._model):
            return self._write_model(value, place)
        if isinstance(value, Mapping):
            return self._write_mapping(cast("Mapping[Any, Any]", value), place)
        return value

    def _write_model(self, model: Model, place: Place) -> dict[str, Any]:
        written: dict[str, Any] = {}
        raw_values = model.kept
        for field in self.fields.properties:
            value, wire = getattr(model, field.name, None), field.wire
            if wire in raw_values and _is_unchanged(value, raw_values[wire], field.schema):
                written[wire] = raw_values[wire]
            elif value is not None or field.is_always_there:
                written[wire] = field.schema.write(value, (place, wire))
        if not self._reads_additional:
            return written | model.additional_properties
        for wire, raw in raw_values.items():
            if wire not in self._wires and self._additional_schema(wire) is None:
                written[wire] = raw
        for wire, value in model.additional_properties.items():
            schema = self._additional_schema(wire) or ANY
            is_unchanged = wire in raw_values and _is_unchanged(value, raw_values[wire], schema)
            written[wire] = raw_values[wire] if is_unchanged else schema.write(value, (place, wire))
        return written

    def _write_mapping(self, value: Mapping[Any, Any], place: Place) -> dict[str, Any]:
        written: dict[str, Any] = {}
        is_open = self.fields.additional is not None or self.fields.patterns
        for key, item in value.items():
            if item is UNSET:
                continue
            field = self._by_name.get(key)
            if field is None and not is_open:
                self._refuse_slip(key, value, place)
            wire = json_key(key, place) if field is None else field.wire
            if wire in written:
                raise ArgumentError((place, wire), f"one of {self._by_name[wire].name} and {wire}", "both")
            schema = field.schema if field else self._additional_schema(wire) or ANY
            written[wire] = schema.write(item, (place, wire))
        return written

    def _refuse_slip(self, key: Any, given: Mapping[Any, Any], place: Place) -> None:
        """Refuse a key that is meant for a field which is not given."""
        name = intended_name(key, self._by_name)
        if name is None:
            return
        field = self._by_name[name]
        if any(given.get(name, UNSET) is not UNSET for name in (field.name, field.wire)):
            return
        hint = f"another field than that goes into a {self._model.__name__}, by [{key!r}] = …"
        raise ArgumentError((place, key), name, f"a name close to it; {hint}")

    def require(self, value: Any, place: Place, notes: Notes) -> None:
        if not isinstance(value, Mapping):
            self.misfit(value, place, notes)
            return
        given = cast("Mapping[Any, Any]", value)
        for field in self.fields.properties:
            if not field.is_required(notes):
                continue
            if field.wire in given:
                field.schema.require(given[field.wire], (place, field.wire), notes)
            else:
                notes.append(_missing_note(field, place))


class Passthrough(Schema):
    """An object that goes out exactly as it was given (`x-passthrough` in the contract), and costs no more than that.

    In a request nothing of it is looked at but what is required. Where it is read, the rest is noted.
    """

    def __init__(self, schema: Object) -> None:
        self._schema = schema
        self.types = schema.types
        self.is_lossy = schema.is_lossy
        self.expected = schema.expected

    def read(self, value: Any, place: Place, notes: Notes) -> Any:
        if isinstance(notes, RequestNotes):
            count = len(notes)
            self._schema.require(value, place, notes)
            return value if len(notes) == count else MISFIT
        own_notes = Notes()
        read = self._schema.read(value, place, own_notes)
        lenient = read is not MISFIT
        notes.extend(replace(note, lenient=lenient) for note in own_notes)
        return read

    def write(self, value: Any, place: Place) -> Any:
        if not isinstance(value, Mapping):
            return self._schema.write(value, place)
        given = cast("Mapping[Any, Any]", value)
        fields, notes = self._schema.fields.properties, RequestNotes()
        required = {field.wire for field in fields if field.is_required(notes)}
        if not required <= given.keys():
            names = {field.wire for field in fields}
            for key, inner in given.items():
                if key not in names and isinstance(inner, Mapping) and (len(given) == 1 or required & inner.keys()):
                    raise ArgumentError(place, f"the object inside {key!r}", f"the envelope around it; give [{key!r}]")
        return given


ANY = AnyJson()
NULL = Null()
BOOLEAN = Boolean()
STRING = String()
URI = Uri()
NUMBER = Number()
INTEGER = Integer()
DATE_TIME = DateTime()
DATE = Date()
UUID_ = Uuid()
NOTHING = Nothing()

_OBJECTS: dict[type[Model], Object] = {}


def object_of(model: type[Model]) -> Object:
    """The one schema of a model."""
    return _OBJECTS.get(model) or _OBJECTS.setdefault(model, Object(model))


MANY = 20  # unknown fields of one object


def _unknown_field_notes(fields: Mapping[str, Any], place: Place) -> list[Note]:
    """The notes about fields that the contract does not name: a single one where they are many."""
    if len(fields) > MANY:
        return [Note(DriftKind.UNKNOWN_FIELD, place, "no fields of such names", fields, count=len(fields))]
    return [Note(DriftKind.UNKNOWN_FIELD, (place, wire), "no field of this name", raw) for wire, raw in fields.items()]


def _searches(patterns: Iterable[tuple[str, Schema]]) -> Iterator[tuple[Search, Schema]]:
    """Searches for the names of additional properties, each with the schema of these."""
    for pattern, schema in patterns:
        from .patterns import search_by  # here, as most contracts have no need of it

        if search := search_by(pattern):
            yield search, schema


def _is_unchanged(value: Any, raw: Any, schema: Schema) -> bool:
    """Whether a value is still what was read from raw JSON."""
    read = schema.read(raw, None, Notes())
    return bool(value == (None if read is MISFIT else read))


_BY_GRAVITY = (DriftKind.UNKNOWN_VALUE, DriftKind.WRONG_VALUE)


def _gravity(notes: Notes) -> int:
    """How badly a value fits: by the gravest of all that there is to note."""
    return max((_BY_GRAVITY.index(note.kind) for note in notes if note.kind in _BY_GRAVITY), default=-1)


def _is_excused(field: Field, raw: Any, notes: Notes) -> bool:
    """Whether a value that does not fit may read as None, as in an optional field. Of null, the note says so."""
    if field.is_required(notes):
        return False
    if raw is None:
        notes[-1] = replace(notes[-1], optional=True)
    return True


def _missing_note(field: Field, place: Place) -> Note:
    """The note about a required property that is not there."""
    expected = f"{field.schema.expected}; it is required"
    return Note(DriftKind.WRONG_VALUE, (place, field.wire), expected, MISSING)


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
