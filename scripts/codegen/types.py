"""How a schema reads in Python: the types of what is read and of what is given, and the expression of its schema."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class PythonType:
    """How a schema reads in Python: one or several types, without None, which is told by `nullable`."""

    attributes: tuple[str, ...]
    """What reading gives."""
    arguments: tuple[str, ...]
    """What a caller may give."""
    results: tuple[str, ...]
    """As `attributes`, in a class that may have a method `list`."""
    expression: str
    """What makes the schema of all but null."""
    nullable: bool = False
    classes: frozenset[tuple[str, str]] = frozenset()
    """The module and the name of each generated class in it."""
    kinds: frozenset[str] = frozenset()
    """`object` and `array`, where it can be one."""
    dicts: frozenset[tuple[str, str]] = frozenset()
    """The module and the name of each TypedDict among the arguments, and of each class that is given as a mapping."""
    open_arguments: tuple[str, ...] = ()
    """The arguments with any mapping in the place of these."""

    @property
    def is_one_object(self) -> bool:
        """Whether it is an object of one class, and nothing else."""
        return self.kinds == {"object"} and len(self.attributes) == 1 and not self.nullable

    @property
    def attribute(self) -> str:
        """The type of an attribute."""
        return _joined(self.attributes, self.nullable)

    @property
    def optional(self) -> str:
        """The type of an attribute that may be absent."""
        return _joined(self.attributes, nullable=True)

    @property
    def argument(self) -> str:
        """The type of an argument."""
        return _joined(self.arguments, self.nullable)

    @property
    def opened(self) -> "PythonType":
        """The same with any mapping in the place of a TypedDict."""
        return replace(self, arguments=self.open_arguments, dicts=frozenset()) if self.dicts else self

    @property
    def result(self) -> str:
        """The type of what a method gives."""
        return _joined(self.results, self.nullable)

    @property
    def schema(self) -> str:
        """The expression that makes its schema."""
        if not self.expression:
            return "NULL"
        return f"Nullable({self.expression})" if self.nullable else self.expression


ANY = PythonType(("Any",), ("Any",), ("Any",), "ANY")
NULL = PythonType((), (), (), "", nullable=True)
NOTHING = PythonType(("None",), ("Never",), ("None",), "NOTHING")
"""Of what must not be there."""


def union(members: Sequence[PythonType]) -> PythonType:
    """How several schemas of which one fits read in Python."""
    expressions = list(dict.fromkeys(each.expression for each in members if each.expression))
    return PythonType(
        tuple(dict.fromkeys(one for each in members for one in each.attributes)),
        tuple(dict.fromkeys(one for each in members for one in each.arguments)),
        tuple(dict.fromkeys(one for each in members for one in each.results)),
        f"Union({', '.join(expressions)})" if len(expressions) > 1 else "".join(expressions),
        any(each.nullable for each in members),
        frozenset().union(*(each.classes for each in members)),
        frozenset().union(*(each.kinds for each in members)),
        frozenset().union(*(each.dicts for each in members)),
        tuple(dict.fromkeys(one for each in members for one in each.opened.arguments)),
    )


def plain(name: str, schema: str) -> PythonType:
    """A schema that reads as one type, and is given as it."""
    return PythonType((name,), (name,), (name,), schema)


def _joined(types: tuple[str, ...], nullable: bool) -> str:
    if "Any" in types:
        return "Any"
    return " | ".join(dict.fromkeys([*types, "None"] if nullable else types))
