"""One change: the rule by which it is judged, whom it concerns and where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scripts.compat.rules import Impact, Rule

EVERY_OPERATION = "all operations"


class Difference(NamedTuple):
    """What one part of a contract says otherwise, whomever it concerns: the rule by its name, and as in `Change`."""

    rule: str
    pointer: str
    what: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """A change of the contract. `pointer` is its place in the new contract; in the former one, if it is gone."""

    rule: Rule
    operation: str
    """Method and path, or `EVERY_OPERATION`."""
    pointer: str
    what: str
    """What it was and what it is, in words."""
    covers: frozenset[str] = field(default=frozenset(), compare=False)
    """The pointers of all that the change is made of, in either contract."""


@dataclass(frozen=True)
class SurfaceChange:
    """A change of the names that callers import, call and read. `name` is dotted, below the package."""

    rule: Rule
    name: str
    what: str


def gravest(changes: Iterable[Change | SurfaceChange]) -> Impact | None:
    """The gravest of what these do to callers; None where nothing changed."""
    return max((each.rule.impact for each in changes), default=None)
