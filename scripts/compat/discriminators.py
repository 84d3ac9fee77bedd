"""Which alternative an object is of, by the text of one of its fields (`discriminator`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.contract import Place, json_pointer, pointer_of, pointer_parts, value_at

_heirs: list[tuple[Mapping[str, Any], dict[str, list[str]]]] = []


def heirs_of(document: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """By pointer, each schema with a `discriminator` and no alternatives, and the schemas that take it in by `allOf`.

    Where it is referred to, these are its alternatives, and it is one itself.
    """
    for known, found in _heirs:
        if known is document:
            return found
    found = _found_heirs(document)
    _heirs.append((document, found))
    return found


def forget() -> None:
    """Forget all documents, which may be changed from now on."""
    _heirs.clear()


def is_family(place: Place) -> bool:
    """Whether a place is that of a schema with heirs, which all refer to by its name."""
    return not place.beside and place.pointer in heirs_of(place.document)


def family(place: Place) -> list[Place]:
    """A schema with heirs, by itself, and its heirs."""
    itself = place.at(place.pointer, place.raw)
    apart = place.at(f"{place.pointer}/discriminator", {})  # tells it from the family
    heirs = (place.at(each, value_at(place.document, each)) for each in heirs_of(place.document)[place.pointer])
    return [Place(itself.document, itself.pointer, itself.raw, (apart,), itself.lines), *heirs]


def mapped(discriminator: Place, member: Place) -> Iterator[str]:
    """The texts by which the mapping of a discriminator names a member."""
    pointers = {each.pointer for each in _chain(member)}
    schemas = discriminator.document.get("components", {}).get("schemas", {})
    mapping = discriminator.raw.get("mapping", {})
    for text, target in mapping.items() if isinstance(mapping, Mapping) else ():
        is_name = isinstance(target, str) and target in schemas
        pointer = json_pointer(["components", "schemas", target]) if is_name else pointer_of(str(target))
        if pointer in pointers:
            yield text


def name_of(member: Place) -> str | None:
    """The name of the component that a member is, or refers to."""
    for each in _chain(member):
        parts = pointer_parts(each.pointer)
        if len(parts) == 3 and parts[:2] == ["components", "schemas"]:
            return parts[2]
    return None


def _chain(place: Place) -> Iterator[Place]:
    """A schema, and those that it only refers to."""
    seen = set[str]()
    while isinstance(place.raw, Mapping) and place.pointer not in seen:
        seen.add(place.pointer)
        yield place
        parts = place.raw.get("allOf", ())
        if isinstance(place.raw.get("$ref"), str):
            place = place.referred()
        elif len(parts) == 1:
            place = place.below("allOf", 0)


def _found_heirs(document: Mapping[str, Any]) -> dict[str, list[str]]:
    direct: dict[str, list[str]] = {}
    parents: list[str] = []
    for name, raw in document.get("components", {}).get("schemas", {}).items():
        if isinstance(raw, Mapping):
            pointer = json_pointer(["components", "schemas", name])
            for part in raw.get("allOf", ()):
                if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                    direct.setdefault(pointer_of(part["$ref"]), []).append(pointer)
            if "discriminator" in raw and not raw.keys() & {"anyOf", "oneOf"}:
                parents.append(pointer)
    return {each: found for each in parents if (found := list(_descendants(each, direct)))}


def _descendants(parent: str, direct: Mapping[str, list[str]]) -> dict[str, None]:
    found: dict[str, None] = {}
    waiting = list(direct.get(parent, ()))
    while waiting:
        each = waiting.pop(0)
        if each not in found and each != parent:
            found[each] = None
            waiting += direct.get(each, ())
    return found
