"""The classes that objects and enums of the contract become."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from scripts.codegen import names
from scripts.codegen.text import literal
from scripts.codegen.types import PythonType, union
from scripts.contract import Place


@dataclass(frozen=True)
class Field:
    """A property of an object: its names in Python and in JSON, its type, and what the contract says of it."""

    name: str
    wire: str
    type: PythonType
    required: bool
    documentation: str
    read_only: bool = field(default=False, kw_only=True)
    """Whether only replies have to have it, where it is required (`readOnly`)."""
    write_only: bool = field(default=False, kw_only=True)
    """Whether only requests have to have it, where it is required (`writeOnly`)."""

    @property
    def required_in_requests(self) -> bool:
        """Whether a caller has to give it."""
        return self.required and not self.read_only

    @property
    def required_in_replies(self) -> bool:
        """Whether it is there in all that is read."""
        return self.required and not self.write_only


@dataclass(frozen=True)
class DictClass:
    """The TypedDict of an object, for callers who give a dict in the place of the model."""

    name: str
    in_python: bool
    """Whether its keys are the names in Python, or those in JSON."""

    def key(self, of: Field) -> str:
        """The key of a field."""
        return of.name if self.in_python else of.wire

    def is_statement(self, fields: Iterable[Field]) -> bool:
        """Whether it can be written as a class: every key can be the name of an attribute, and is no type's."""
        keys = [self.key(each) for each in fields]
        types = re.findall(r"\w+", " ".join(each.type.argument for each in fields))
        return not any(names.is_reserved(key, types) or key.startswith("__") for key in keys)


@dataclass
class ModelClass:
    """The class of an object."""

    name: str
    module: str
    place: Place
    documentation: str
    fields: list[Field] = field(default_factory=list[Field])
    additional: PythonType | None = None
    """The type of further fields, where the contract provides for such; unknown ones are drift elsewhere."""
    patterns: list[tuple[str, PythonType]] = field(default_factory=list[tuple[str, PythonType]])
    """The type of further fields whose name matches a pattern."""
    dicts: tuple[DictClass, ...] = ()
    """Its TypedDicts: of an object that a request holds, and that names all its fields."""

    @property
    def further(self) -> PythonType | None:
        """The type of any further field, where the contract provides for such."""
        types = [type_ for _, type_ in self.patterns] + ([self.additional] if self.additional else [])
        return union(types) if types else None


@dataclass
class EnumClass:
    """The class of an enum."""

    name: str
    module: str
    place: Place
    values: list[str] | list[int]
    documentation: str
    members: list[tuple[str, str]]
    """Their names, and their values as Python literals."""

    @property
    def to_come(self) -> tuple[str, str]:
        """A member that stands for the values that the contract does not name: its name and value, both free."""
        name = names.free("VALUE_TO_COME", {name for name, _ in self.members})
        texts = [value for value in self.values if isinstance(value, str)]
        whole = [value for value in self.values if isinstance(value, int)]
        return name, literal(max(whole) + 1 if whole else names.free("value to come", texts))
