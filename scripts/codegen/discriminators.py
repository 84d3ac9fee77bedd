"""Which member of a union a value is of, by one of its properties (`discriminator`)."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from scripts.codegen.flat import NamedSchema, flatten, merge
from scripts.codegen.refusals import CannotExpressError
from scripts.contract import Place, component_name, json_pointer, pointer_of, reference_chain


def values_of_members(
    discriminator: Place, members: Sequence[NamedSchema], above: tuple[str, ...] = ()
) -> dict[str, int]:
    """The values of the property that tell a member, each with the member's index.

    They are those of the `mapping`, and those that a member itself allows there; else the member's name.
    """
    found: dict[str, int] = {}
    reached = [set(_reached(each.place, ())) for each in members]
    for value, target in discriminator.raw.get("mapping", {}).items():
        pointer = _pointer(discriminator, value, target)
        for index, pointers in enumerate(reached):
            if pointer in pointers:
                found.setdefault(value, index)
    for index, member in enumerate(members):
        for value in _values(member, discriminator.raw["propertyName"], above):
            found.setdefault(value, index)
        if index not in found.values() and (name := component_name(member.place)) is not None:
            found.setdefault(name, index)
    return found


def _pointer(discriminator: Place, value: str, target: Any) -> str:
    """The JSON pointer of what a mapping names, by reference or by the name of a component."""
    schemas = discriminator.document.get("components", {}).get("schemas", {})
    if target in schemas:
        return json_pointer(["components", "schemas", target])
    if isinstance(target, str) and target.startswith("#/"):
        return pointer_of(target)
    raise CannotExpressError(discriminator.below("mapping", value), f"there is no schema {target!r} in this contract")


def _reached(place: Place, above: tuple[str, ...]) -> Iterator[str]:
    """The JSON pointers of a member, of what it refers to, and of the members that it has itself."""
    for each in reference_chain(place):
        yield each.pointer
        for key in ("anyOf", "oneOf") if each.pointer not in above else ():
            for index in range(len(each.raw.get(key, ()))):
                yield from _reached(each.below(key, index), (*above, each.pointer))


def _values(member: NamedSchema, wire: str, above: tuple[str, ...]) -> Iterator[str]:
    """The texts that a member allows for a property, where it names them."""
    if member.place.pointer in above:
        return
    above = (*above, member.place.pointer)
    flat = flatten(member)
    if wire in flat.properties:
        keywords = reduce(merge, map(flatten, flat.properties[wire])).keywords
        values = [keywords["const"]] if "const" in keywords else keywords.get("enum", ())
        yield from (value for value in values if isinstance(value, str))
    for inner in flat.alternatives:
        if inner.discriminator is not None and inner.discriminator.raw["propertyName"] == wire:
            yield from values_of_members(inner.discriminator, inner.members, above)
        else:
            for each in inner.members:
                yield from _values(each, wire, above)
