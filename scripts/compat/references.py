"""What the parts of a document refer to, and whether places of two documents say the same with all of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.compat.discriminators import heirs_of
from scripts.contract import Place, direct_references, reachable, same_value, value_or_none


class References:
    """What the parts of a document refer to. Each part that others refer to is looked through once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._direct: dict[str, frozenset[str]] = {}

    def of(self, raw: Any) -> set[str]:
        """The pointers that a part refers to, and those that these refer to; a schema with heirs refers to them."""
        return set(reachable(direct_references(raw), self.direct))

    def direct(self, pointer: str) -> frozenset[str]:
        """The pointers that what stands at one refers to itself; none where nothing does."""
        if pointer not in self._direct:
            heirs = heirs_of(self._document).get(pointer, ())
            self._direct[pointer] = frozenset({*direct_references(value_or_none(self._document, pointer)), *heirs})
        return self._direct[pointer]


class SameWords:
    """Whether places of two documents say the same to the letter, with all that they refer to."""

    def __init__(self, former: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._differing = _differing(former, new)

    def is_same(self, one: Place, other: Place) -> bool:
        """Whether a place of the one says the same as a place of the other."""
        return (
            one.pointer not in self._differing
            and same_value(one.raw, other.raw)
            and len(one.beside) == len(other.beside)
            and self._differing.isdisjoint(direct_references(one.raw))
            and all(map(self.is_same, one.beside, other.beside))
        )


def _differing(former: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """The pointers that something refers to, where the documents do not say the same in the end."""
    graphs = [(document, References(document)) for document in (former, new)]
    pointers = set[str]().union(*(references.of(document) for document, references in graphs))
    referring: dict[str, set[str]] = {}
    for pointer in pointers:
        for _, references in graphs:
            for target in references.direct(pointer):
                referring.setdefault(target, set()).add(pointer)
    changed = (
        each
        for each in pointers
        if not same_value(value_or_none(former, each), value_or_none(new, each))
        or len({references.direct(each) for _, references in graphs}) > 1
    )
    return set(reachable(changed, lambda pointer: referring.get(pointer, ())))
