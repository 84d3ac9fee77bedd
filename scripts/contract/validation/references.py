"""Whether references lead to what has to stand in their place, and come to an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from scripts.contract.faults import Fault
from scripts.contract.parts import HELD, Parts
from scripts.contract.references import pointer_of, reference
from scripts.contract.validation.wording import in_short

# To look for what somebody meant is slow.
_MOST_COMPARED = 1000
_MOST_LOOKED_FOR = 200


def reference_faults(parts: Parts, misspelt: Set[str]) -> Iterator[Fault]:
    """References to nothing, to another file, to another kind of part, or in the end to themselves."""
    suggestions = _Suggestions(parts, misspelt)
    for part in parts.by_pointer.values():
        if part.refers:
            yield from _fault(parts, suggestions, part.kind, part.value["$ref"], part.below("$ref"))
        match part.value:
            case {"discriminator": {"mapping": dict(mapping)}} if part.kind == "schema":
                for key, value in mapping.items():
                    if isinstance(value, str):
                        ref = value if "/" in value or "#" in value else reference(f"/components/schemas/{value}")
                        at = part.below("discriminator", "mapping", key)
                        yield from _fault(parts, suggestions, "schema", ref, at)
    yield from _circles(parts)


def _fault(parts: Parts, suggestions: _Suggestions, kind: str, ref: Any, pointer: str) -> Iterator[Fault]:
    if not isinstance(ref, str) or not ref.startswith("#/"):
        yield Fault(
            f"expected a reference inside this file (#/…), got {in_short(ref)}{suggestions.hint(ref, kind)}", pointer
        )
    elif not suggestions.is_below_misspelt(ref) and (mistake := parts.mistake(pointer_of(ref), kind)):
        yield Fault(f"{ref} {mistake}{suggestions.hint(ref, kind)}", pointer)


class _Suggestions:
    """What is suggested to somebody whose reference does not hold."""

    def __init__(self, parts: Parts, misspelt: Set[str]) -> None:
        self._parts = parts
        self._misspelt = misspelt
        self._hints: dict[tuple[str, str], str] = {}

    def is_below_misspelt(self, ref: str) -> bool:
        """Whether it would hold were it not for a field that is written otherwise, which is told."""
        return any(f"{pointer_of(ref)}/".startswith(f"{each}/") for each in self._misspelt)

    def hint(self, ref: Any, kind: str) -> str:
        """What to write in the place of a reference, as the end of a sentence."""
        if not isinstance(ref, str):
            return ""
        if (ref, kind) not in self._hints:
            self._hints[ref, kind] = self._nearest(ref, kind) if len(self._hints) < _MOST_LOOKED_FOR else ""
        pointer = self._hints[ref, kind]
        return f"; did you mean {reference(pointer)}?" if pointer else ""

    def _nearest(self, ref: str, kind: str) -> str:
        pointer = "/" + unquote(pointer_of(ref)).lstrip("/")  # percent-encoded twice, or without the slash
        prefix, name = f"/components/{_FIELDS[kind]}/", pointer.rpartition("/")[2]
        for candidate in (pointer, prefix + name):
            if not self._parts.mistake(candidate, kind):
                return candidate
        of_kind = [part.pointer for part in self._parts.of(kind)]
        names = [each.removeprefix(prefix) for each in of_kind if each.startswith(prefix) and each.count("/") == 3]
        close = [prefix + each for each in get_close_matches(name, names, n=1)]
        return "".join(close or get_close_matches(pointer, of_kind[:_MOST_COMPARED], n=1, cutoff=0.8))


_FIELDS = {kind: field for field, kind in HELD["components"].items()}


def _circles(parts: Parts) -> Iterator[Fault]:
    """References that only lead to one another, each circle once. What stands in allOf is part of the schema around."""
    further: dict[str, list[str]] = {}
    for part in parts.by_pointer.values():
        if part.target in parts.by_pointer:
            further.setdefault(part.pointer, []).append(part.target)
        if part.kind == "schema" and part.field == "allOf":
            further.setdefault(part.holder, []).append(part.pointer)
    order = {pointer: at for at, pointer in enumerate(parts.by_pointer)}
    for circle in circles(further):
        refers = [parts.by_pointer[each] for each in circle if parts.by_pointer[each].target in circle]
        first = min(refers, key=lambda each: order[each.pointer])
        others = [f"#{each.pointer}" for each in refers if each.pointer not in (first.pointer, first.target)]
        way = f", by way of {' and '.join(others)}" if others else ""
        yield Fault(f"{first.value['$ref']} refers to itself in the end{way}", first.below("$ref"))


def circles(further: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The ways among places, by where each leads, that come back to where they begin."""
    done: set[str] = set()
    for start in further:
        way = {} if start in done else {start: iter(further[start])}
        while way:
            here = next(reversed(way))
            there = next(way[here], None)
            if there is None:
                del way[here]
                done.add(here)
            elif there in way:
                passed = list(way)
                yield passed[passed.index(there) :]
            elif there not in done:
                way[there] = iter(further.get(there, ()))
