"""The lines of a contract's file that its parts stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.contract.pointers import pointer_parts


@dataclass(slots=True, eq=False)
class Lines:
    """The line, from 1, of a part of a text, and of all that it holds by key or index."""

    line: int
    order: int = 0
    """The later it stands in the text, the greater."""
    below: dict[str, Lines] = field(default_factory=dict)

    def of(self, pointer: str) -> int:
        """The line of what stands at a JSON pointer, or of the nearest above."""
        return self.at(pointer_parts(pointer))[0].line

    def at(self, parts: Sequence[str]) -> tuple[Lines, Sequence[str]]:
        """What stands there, or the nearest above, and the rest of the way."""
        nearest = self
        for depth, part in enumerate(parts):
            further = nearest.below.get(part)
            if further is None:
                return nearest, parts[depth:]
            nearest = further
        return nearest, ()
