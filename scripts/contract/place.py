"""A walk through a document: each step knows the JSON pointer and, where the text is known, the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.contract.lines import Lines
from scripts.contract.pointers import json_pointer
from scripts.contract.references import pointer_of, resolved


@dataclass(frozen=True)
class Place:
    """A part of a document and where it stands."""

    document: Mapping[str, Any] = field(repr=False)
    pointer: str
    raw: Any
    beside: tuple[Place, ...] = ()
    """Schemas that say more of the same value; this one stands further out."""
    lines: Lines | None = field(default=None, repr=False, compare=False)

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from every other place of its document."""
        return (self.pointer, *(pointer for each in self.beside for pointer in each.identity))

    @property
    def line(self) -> int | None:
        """The line that it stands on, from 1; None where the text is not known."""
        return self.lines.of(self.pointer) if self.lines else None

    def at(self, pointer: str, raw: Any) -> Place:
        """Another place of the same document."""
        return Place(self.document, pointer, raw, lines=self.lines)

    def below(self, *keys: str | int) -> Place:
        """What stands further down. Raises KeyError or IndexError where nothing does."""
        raw = self.raw
        for key in keys:
            raw = raw[key]
        return self.at(self.pointer + json_pointer(keys), raw)

    def or_below(self, keyword: str, default: Any) -> Place:
        """What stands there by a keyword, or what its absence means."""
        return self.at(self.pointer + json_pointer([keyword]), self.raw.get(keyword, default))

    def referred(self) -> Place:
        """The place that it refers to."""
        ref = self.raw["$ref"]
        return self.at(pointer_of(ref), resolved(self.document, ref))

    def followed(self) -> Place:
        """The place itself, or the one that it refers to in the end."""
        place = self
        while isinstance(place.raw, Mapping) and isinstance(place.raw.get("$ref"), str):
            place = place.referred()
        return place


def root(document: Mapping[str, Any], lines: Lines | None = None) -> Place:
    """The whole of a document, from which a walk begins."""
    return Place(document, "", document, lines=lines)
