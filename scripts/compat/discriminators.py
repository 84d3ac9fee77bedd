"""Which alternative an object is of, by the text of one of its fields (`discriminator`)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from scripts.contract import Place, heirs, json_pointer, pointer_of, reference_chain, value_at

_heirs = deque[tuple[Mapping[str, Any], dict[str, list[str]]]](maxlen=8)  # of the documents that were asked for last


def heirs_of(document: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """By pointer, each schema with a `discriminator` and no alternatives, and the schemas that take it in by `allOf`.

    Where it is referred to, these are its alternatives, and it is one itself. A document is not to be changed.
    """
    for known, found in _heirs:
        if known is document:
            return found
    found = heirs(document)
    _heirs.append((document, found))
    return found


def is_family(place: Place) -> bool:
    """Whether a place is that of a schema with heirs, which all refer to by its name."""
    return not place.beside and place.pointer in heirs_of(place.document)


def family(place: Place) -> list[Place]:
    """A schema with heirs, by itself, and its heirs."""
    itself = place.at(place.pointer, place.raw)
    apart = place.at(f"{place.pointer}/discriminator", {})  # tells it from the family
    pointers = heirs_of(place.document)[place.pointer]
    return [replace(itself, beside=(apart,)), *(place.at(each, value_at(place.document, each)) for each in pointers)]


def mapped(discriminator: Place, member: Place) -> Iterator[str]:
    """The texts by which the mapping of a discriminator names a member."""
    pointers = {each.pointer for each in reference_chain(member)}
    schemas = discriminator.document.get("components", {}).get("schemas", {})
    mapping = discriminator.raw.get("mapping", {})
    for text, target in mapping.items() if isinstance(mapping, Mapping) else ():
        is_name = isinstance(target, str) and target in schemas
        pointer = json_pointer(["components", "schemas", target]) if is_name else pointer_of(str(target))
        if pointer in pointers:
            yield text
