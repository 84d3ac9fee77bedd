"""Which of several alternatives reads a value: the one that a discriminator names, else the first that it fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scripts.compat.discriminators import mapped
from scripts.compat.readings import may_be, values_of, values_read_otherwise
from scripts.compat.schema import PASSTHROUGH, Union, read
from scripts.contract import Place, component_name


class Alternative(NamedTuple):
    """One of several schemas. Those of two unions that are the same, by name or by meaning, have one key."""

    key: int
    place: Place


class DiscriminatorMapping(NamedTuple):
    """What a discriminator comes to: a field, and by each of its texts the index of the member that it names."""

    field: str
    members: dict[str, int]
    is_closed: bool
    """Whether each member has a text, so that another one is of no member."""


def discriminator_mapping(union: Union) -> DiscriminatorMapping | None:
    """Which texts name which member of a union; None where only what the members allow tells them apart."""
    discriminator = union.discriminator
    if discriminator is None or not isinstance(field := discriminator.raw.get("propertyName"), str):
        return None
    found: dict[str, int] = {}
    for index, member in enumerate(union.members):
        for text in mapped(discriminator, member):
            found.setdefault(text, index)
    for index, member in enumerate(union.members):
        fields = read(member).fields
        values = values_of(read(fields[field])) if field in fields else None
        for text in values or ():
            if isinstance(text, str):
                found.setdefault(text, index)
        if index not in found.values() and (name := component_name(member)) is not None:
            found.setdefault(name, index)
    return DiscriminatorMapping(field, found, {*range(len(union.members))} == {*found.values()}) if found else None


def needs_no_discriminator(union: Union, mapping: DiscriminatorMapping) -> bool:
    """Whether no object that names one member fits another, so that what fits is told apart without the names."""
    return not any(
        may_hold(member, mapping.field, text)
        for text, index in mapping.members.items()
        for position, member in enumerate(union.members)
        if position != index
    )


def allows_only_mapped(union: Union, mapping: DiscriminatorMapping) -> bool:
    """Whether each member allows no other texts by itself than those of the mapping."""
    for member in union.members:
        schema = read(member)
        values = values_of(read(schema.fields[mapping.field])) if mapping.field in schema.fields else None
        if values is None or mapping.field not in schema.required or not {*map(str, values)} <= mapping.members.keys():
            return False
    return True


def other_reading(was: Sequence[Alternative], now: Sequence[Alternative]) -> tuple[Place, Place] | None:
    """An alternative that read values which another one reads as something else now; None where there is none."""
    for index, one in enumerate(was):
        for position, other in enumerate(now):
            if one.key == other.key or not values_read_otherwise(one.place, other.place):
                continue
            ahead = [*was[:index], *now[:position]]  # what one of these takes never comes to the two
            if not any(_takes_all(each, one) or _takes_all(each, other) for each in ahead):
                return one.place, other.place
    return None


def may_hold(member: Place, field: str, text: str) -> bool:
    """Whether an object that fits a member may have this text in a field."""
    schema = read(member)
    if schema.types is not None and "object" not in schema.types:
        return False
    return may_be(text, read(schema.fields[field])) if field in schema.fields else not schema.is_closed


def _takes_all(one: Alternative, other: Alternative) -> bool:
    """Whether every value that fits the other alternative certainly fits the one."""
    if one.key == other.key:
        return True
    wide, narrow = read(one.place), read(other.place)
    said = wide.keywords.keys() - {"default", PASSTHROUGH}
    is_bare = not (said or wide.schemas or wide.unions or wide.enum or wide.speaks_of_fields or wide.items)
    return is_bare and (wide.types is None or (narrow.types is not None and narrow.types <= wide.types))
