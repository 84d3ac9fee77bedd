"""The base of all models. A model is the Python class of an object schema of the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast

from attrs import AttrsInstance, define, field
from attrs import fields as attrs_fields

from .arguments import refuse_faults, to_json
from .keywords import names_checked
from .notes import MISFIT, DriftKind, GivenNotes, Notes
from .schema import ANY, Fields, object_of
from .types import UNSET

__all__ = ["Model"]

M = TypeVar("M", bound="Model")


def model(cls: type[M]) -> type[M]:
    """Make a class of annotations a model: an attrs class, whose constructor and comparison are `Model`'s."""
    cls.__init__ = names_checked(cls.__init__)  # type: ignore[method-assign]
    own = {name: field() for name in cls.__annotations__ if name not in Model.__annotations__}
    return define(cls, these=own, init=False, repr=False, eq=False, getstate_setstate=False)


class Model:
    """An object of the contract.

    A field that is absent reads as None, as does one that is null, and an optional one whose value does not fit.
    `to_dict()` still knows which it was. Setting a field to None makes it null where the contract allows null, and
    absent elsewhere; setting it to UNSET makes it absent.
    """

    __slots__ = ("additional_properties", "kept")

    additional_properties: dict[str, Any]
    """Properties that the contract does not name: by the schema that it has for such, or as raw JSON."""
    kept: dict[str, Any]
    """Raw JSON by name, for a lossless round trip of what its attribute does not say: null, a date-time's own spelling,
    a value that does not fit."""

    __hash__: ClassVar[None]  # type: ignore[assignment]  # a model can be changed

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls: type[M], src_dict: Mapping[str, Any]) -> M:
        """Read a JSON object, as a reply has it.

        Raises ValueError naming each JSON pointer where something required is missing or does not fit, and TypeError or
        ValueError for what is no JSON.
        """
        if not isinstance(src_dict, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{cls.__name__}: expected a mapping, got a {type(src_dict).__name__}")
        notes = Notes()
        read = object_of(cls).read(to_json(ANY, src_dict, None, ANY.names), None, notes)
        if read is MISFIT:
            wrong = [note for note in notes if note.kind is DriftKind.WRONG_VALUE]
            raise ValueError("\n".join(f"{note.pointer}: expected {note.expected}" for note in wrong))
        assert isinstance(read, cls)  # noqa: S101 - tells type checkers
        return read

    def to_dict(self) -> dict[str, Any]:
        """The JSON object: the raw JSON that was read, where nothing was changed since.

        Raises TypeError or ValueError naming a value set since that is no JSON, such as a naive datetime.
        """
        schema = object_of(type(self))
        return cast("dict[str, Any]", to_json(schema, self, None, schema.names))

    def to_json(self, *, indent: int | None = None) -> str:
        """The JSON object as text."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    @property
    def additional_keys(self) -> list[str]:
        """The names of the fields that the contract does not name."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        """A field that the contract does not name. Raises KeyError, which names the attribute where it does."""
        if key in self.additional_properties:
            return self.additional_properties[key]
        raise self._no_such_key(key)

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a field that the contract does not name. Raises KeyError, which names the attribute, where it does."""
        if object_of(type(self)).named(key) is not None:
            raise self._no_such_key(key)
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        if key not in self.additional_properties:
            raise self._no_such_key(key)
        del self.additional_properties[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is a field of this name, be it null."""
        field = object_of(type(self)).named(key)
        is_there = field is not None and (field.wire in self.kept or getattr(self, field.name, None) is not None)
        return is_there or key in self.additional_properties

    def _no_such_key(self, key: str) -> KeyError:
        field = object_of(type(self)).named(key)
        return KeyError(key if field is None else f"{key!r} is the attribute {field.name}")

    if not TYPE_CHECKING:  # which would take a model for iterable, and any attribute for one that can be set

        def __iter__(self) -> NoReturn:
            raise TypeError(f"{type(self).__name__} is no mapping; its to_dict() is one, with names as in JSON")

        def __setattr__(self, name: str, value: Any) -> None:
            field = object_of(type(self)).field(name)
            if field is not None:
                self.kept.pop(field.wire, None)
                if value is None and field.schema.read(None, None, Notes()) is None:
                    self.kept[field.wire] = None
            super().__setattr__(name, None if value is UNSET else value)

    def __getstate__(self) -> dict[str, Any]:
        return {**self._values(), "additional_properties": self.additional_properties, "kept": self.kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)  # as it was, not as a change

    def __eq__(self, other: object) -> bool:
        """Whether both say the same; not whether they were read from the same raw JSON."""
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values() and self.additional_properties == other.additional_properties

    def __repr__(self) -> str:
        """The fields that are not None, and those that the contract does not name."""
        shown = [f"{name}={value!r}" for name, value in self._values().items() if value is not None]
        if self.additional_properties:
            shown.append(f"additional_properties={self.additional_properties!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def _values(self) -> dict[str, Any]:
        return {
            attribute.name: getattr(self, attribute.name, None)
            for attribute in attrs_fields(cast("type[AttrsInstance]", type(self)))
        }

    def _construct(self, given: dict[str, Any]) -> None:
        """Construct a model of arguments: convert them as for sending, check, and read."""
        schema = object_of(type(self))
        notes = GivenNotes()
        read = schema.read_into(self, to_json(schema, given, None, schema.names), None, notes)
        refuse_faults(notes, schema.names)
        assert read is self  # noqa: S101 - no fault, so it fits
