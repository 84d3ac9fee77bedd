"""The schemas among the components of a contract: which of them a schema is, and which take in another by `allOf`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.contract.place import Place
from scripts.contract.pointers import json_pointer, pointer_parts
from scripts.contract.references import pointer_of, reachable


def reference_chain(place: Place) -> Iterator[Place]:
    """A schema, and those that it only refers to, be it in the one part of an `allOf`."""
    seen = set[str]()
    while isinstance(place.raw, Mapping) and place.pointer not in seen:
        seen.add(place.pointer)
        yield place
        if isinstance(place.raw.get("$ref"), str):
            place = place.referred()
        elif len(place.raw.get("allOf", ())) == 1:
            place = place.below("allOf", 0)


def component_name(place: Place) -> str | None:
    """The name of the first component that a schema is, or refers to; None where it is of none."""
    for each in reference_chain(place):
        parts = pointer_parts(each.pointer)
        if len(parts) == 3 and parts[:2] == ["components", "schemas"]:
            return parts[2]
    return None


def component_pointer(place: Place) -> str | None:
    """The JSON pointer of the component that a schema is, or refers to in the end; None where it is of none."""
    pointer = place.followed().pointer
    return pointer if pointer.startswith("/components/schemas/") and pointer.count("/") == 3 else None


def heirs(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """By its pointer, each component with a `discriminator` that names no alternatives: these are its heirs, the
    components that take it in by `allOf`, at however many removes."""
    takers: dict[str, list[str]] = {}
    parents: list[str] = []
    for name, raw in document.get("components", {}).get("schemas", {}).items():
        if isinstance(raw, Mapping):
            pointer = json_pointer(["components", "schemas", name])
            for part in raw.get("allOf", ()):
                if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                    takers.setdefault(pointer_of(part["$ref"]), []).append(pointer)
            if "discriminator" in raw and not raw.keys() & {"anyOf", "oneOf"}:
                parents.append(pointer)
    every = {parent: reachable(takers.get(parent, ()), lambda each: takers.get(each, ())) for parent in parents}
    without_itself = {parent: [each for each in found if each != parent] for parent, found in every.items()}
    return {parent: found for parent, found in without_itself.items() if found}
