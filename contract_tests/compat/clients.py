"""What the client of a contract reads and sends, by its own schemas, without a client being written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from roark_client import RoarkError, arguments, content, enums, model, notes, schema

from scripts.codegen.classes import EnumClass, ModelClass
from scripts.codegen.python import Python

MISFIT = "misfit"


@dataclass(frozen=True)
class Object:
    """What a model says: its attributes by the names of the fields, and its further fields."""

    attributes: Mapping[str, Any]
    further: Mapping[str, Any]
    provides_for_more: bool = field(compare=False)
    """Whether callers know of further fields, and do not only keep them."""


@dataclass(frozen=True)
class Reading:
    """What a JSON value reads as, and whether all of it was what the schema wants, and each field one that it names."""

    value: Any
    is_whole: bool
    is_known: bool


class Client:
    """The client of a contract. Raises `RefusedError` where the client cannot say a part of it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._view = Python(document)
        self._operations = {each.label: each for each in self._view.operations}
        self._schemas: dict[str, schema.Schema] = {}

    def read(self, operation: str, value: Any) -> Reading:
        """What a value reads as in the first success of an operation."""
        noted = notes.Notes()
        read = self._made(self._operations[operation].successes[0].type.schema).read(value, None, noted)
        # Null for a field that may be left out reads as it does where it is left out.
        lost = [each for each in noted if each.kind is notes.DriftKind.WRONG_VALUE and not each.optional]
        return Reading(_shown(read), not lost, all(each.kind is not notes.DriftKind.UNKNOWN_FIELD for each in noted))

    def sent(self, operation: str, value: Any) -> str | None:
        """The JSON that is sent where a caller gives a value as the body; None where it is refused."""
        body = self._operations[operation].body
        assert body is not None
        asked = self._made(body.type.schema)
        try:
            written = arguments.convert(asked, value, None, asked.names)
            arguments.check(asked, written, None, asked.names)
        except RoarkError:
            return None
        return json.dumps(written)

    @cached_property
    def _names(self) -> dict[str, Any]:
        """What the modules of the client import, and its classes."""
        found: dict[str, Any] = {**vars(content), **vars(schema), **vars(enums), **vars(model), "Any": Any}
        for each in self._view.classes.values():
            source = _enum(each) if isinstance(each, EnumClass) else _model(each)
            exec("\n".join(source), found)  # noqa: S102 - what we wrote of a contract of ours
        return found

    def _made(self, expression: str) -> schema.Schema:
        if expression not in self._schemas:
            self._schemas[expression] = eval(expression, self._names)  # noqa: S307 - likewise
        return self._schemas[expression]


def _enum(one: EnumClass) -> Iterator[str]:
    yield f"class {one.name}({'OpenStrEnum' if isinstance(one.values[0], str) else 'OpenIntEnum'}):"
    yield from (f"    {name} = {value}" for name, value in one.members)


def _model(one: ModelClass) -> Iterator[str]:
    """The source of a class, as far as reading and writing need it."""
    fields = [
        f"Field({each.name!r}, {each.wire!r}, {each.type.schema}, {each.required}, {each.read_only}, {each.write_only})"
        for each in one.fields
    ]
    patterns = [f"({pattern!r}, {type_.schema})" for pattern, type_ in one.patterns]
    additional = one.additional.schema if one.additional else None
    yield f"@model\nclass {one.name}(Model):"
    yield from (f"    {each.name}: Any" for each in one.fields)
    yield "    def __init__(self, **given): self._construct(given)"
    yield f"    fields = staticmethod(lambda: Fields([{', '.join(fields)}], {additional}, [{', '.join(patterns)}]))"


def _shown(read: Any) -> Any:
    if read is notes.MISFIT:
        return MISFIT
    if isinstance(read, model.Model):
        fields = schema.object_of(type(read)).fields
        provides_for_more = fields.additional is not None or bool(fields.patterns)
        return Object(
            {each.wire: _shown(getattr(read, each.name)) for each in fields.properties},
            {name: _shown(each) for name, each in read.additional_properties.items()},
            provides_for_more,
        )
    if isinstance(read, dict):
        return {name: _shown(each) for name, each in read.items()}
    return [_shown(each) for each in read] if isinstance(read, list) else read


def stands_for(new: Any, former: Any) -> bool:
    """Whether code that was written for the one value goes on with the other in its place."""
    if isinstance(former, Object):
        return isinstance(new, Object) and all(
            one.keys() <= other.keys() and all(stands_for(other[name], each) for name, each in one.items())
            for one, other in (
                (former.attributes, new.attributes),
                (former.further if former.provides_for_more else {}, new.further),
            )
        )
    if isinstance(former, dict):
        is_dict = isinstance(new, dict) and former.keys() == new.keys()
        return is_dict and all(stands_for(new[name], each) for name, each in former.items())
    if isinstance(former, list):
        return isinstance(new, list) and len(former) == len(new) and all(map(stands_for, new, former))
    if isinstance(former, Enum) and isinstance(new, Enum):
        return bool(former.value == new.value)
    # A member of an enum is a text or a number as well, and a whole number stands for any.
    return bool(new == former) and (isinstance(new, type(former)) or (type(former) is float and isinstance(new, int)))
