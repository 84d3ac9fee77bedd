"""What a change of alternatives means: which there are, in which order they are asked, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from scripts.compat.alternatives import (
    Alternative,
    DiscriminatorMapping,
    allows_only_mapped,
    discriminator_mapping,
    may_hold,
    needs_no_discriminator,
    other_reading,
)
from scripts.compat.change import Difference
from scripts.compat.meaning import Meanings
from scripts.compat.readings import may_both_fit, values_read_otherwise
from scripts.compat.schema import Direction, SchemaPair, Union, in_words, read
from scripts.contract import Place, component_pointer

Refuses = Callable[[Place, Place], tuple[bool, bool]]
"""Whether the new one of two schemas refuses a value that fitted, and whether the former one refused one that fits."""


@dataclass(frozen=True)
class Members:
    """The alternatives of a union before and after a change; a schema that is none is its only one."""

    was: Union
    now: Union
    paired: dict[int, int]
    """By the index of one of those that there were, that of the same one now."""
    edited: frozenset[int]
    """Those that there were, and do not mean the same any more."""
    are_unions: bool
    """Whether there were several before and after."""
    at: str
    covers: tuple[str, ...]

    @classmethod
    def of(cls, pair: SchemaPair, meanings: Meanings) -> Members:
        """The members of the unions of two schemas, which have no more than one each."""
        before, after = (
            schema.unions[0] if schema.unions else Union((place,), is_exclusive=False)
            for schema, place in ((pair.was, pair.former), (pair.now, pair.new))
        )
        paired = _paired(before.members, after.members, meanings)
        edited = (
            index
            for index, position in paired.items()
            if not meanings.are_same(before.members[index], after.members[position], null_aside=True)
        )
        keywords = [each for each in ("oneOf", "anyOf") if each in pair.was.pointers | pair.now.pointers]
        at = pair.where(keywords[0]) if keywords else pair.now.pointer()
        are_unions = bool(pair.was.unions and pair.now.unions)
        return cls(before, after, paired, frozenset(edited), are_unions, at, tuple(pair.type_pointers()))

    @property
    def gone(self) -> list[Place]:
        """Those that are none any more."""
        return [each for index, each in enumerate(self.was.members) if index not in self.paired]

    @property
    def added(self) -> list[Place]:
        """Those that were none."""
        return [each for index, each in enumerate(self.now.members) if index not in self.paired.values()]

    @property
    def have_changed(self) -> bool:
        """Whether there are others, or one says something else."""
        return bool(self.gone or self.added or self.edited)

    def pairs(self) -> Iterator[tuple[Place, Place]]:
        """Each that there was, and is."""
        for index, position in self.paired.items():
            yield self.was.members[index], self.now.members[position]


def union_differences(direction: Direction, members: Members, refuses: Refuses) -> Iterator[Difference]:
    """What the alternatives say otherwise, but for what each of them says itself."""
    covers = members.covers
    for each in members.gone:
        rule = "request-alternative-removed" if direction == "request" else "reply-alternative-removed"
        yield Difference(rule, each.pointer, f"{in_words(each)} no longer", covers)
    for each in members.added:
        rule = "request-alternative-added" if direction == "request" else "reply-alternative-added"
        if direction == "reply" and members.are_unions and members.was.is_family and members.now.is_family:
            rule = "reply-discriminator-grown"  # what is of no heir reads as what it is an heir of
        yield Difference(rule, each.pointer, f"{in_words(each)} as well", covers)
    yield from _exclusion_differences(direction, members)
    former, new = (discriminator_mapping(each) for each in (members.was, members.now))
    if former and new and former.field == new.field:
        yield from _mapping_differences(direction, members, former, new)
    elif direction == "reply" and not members.added and (found := _read_otherwise(members, former, new, refuses)):
        words = "what fits both {} and {} reads as the other one now".format(*map(in_words, found))
        yield Difference("reply-reads-otherwise", members.at, words, covers)
    elif direction == "request":
        yield from _closedness_differences(members, former, new)


def is_of_one_name(one: Place, other: Place) -> bool:
    """Whether two places refer to a schema of the same name."""
    names = {each.raw.get("$ref") if isinstance(each.raw, dict) else None for each in (one, other)}
    return len(names) == 1 and None not in names


def _paired(before: Sequence[Place], after: Sequence[Place], meanings: Meanings) -> dict[int, int]:
    """The same members of two unions: by name or place, else by meaning, else the only ones of their types."""
    pairs: dict[int, int] = {}
    for is_same in (is_of_one_name, _are_one_component, partial(meanings.are_same, null_aside=True)):
        for position, other in enumerate(after):
            if position not in pairs.values():
                left = (index for index in range(len(before)) if index not in pairs)
                index = next((index for index in left if is_same(before[index], other)), None)
                if index is not None:
                    pairs[index] = position
    gone = _by_types(before, pairs.keys())
    added = _by_types(after, pairs.values())
    for types in gone.keys() & added.keys():
        if len(gone[types]) == len(added[types]) == 1:
            pairs[gone[types][0]] = added[types][0]
    return pairs


def _are_one_component(one: Place, other: Place) -> bool:
    """Whether two places are, or refer to, the same component."""
    pointers = {component_pointer(each) for each in (one, other)}
    return len(pointers) == 1 and None not in pointers


def _by_types(members: Sequence[Place], but: Container[int]) -> dict[frozenset[str] | None, list[int]]:
    """The indexes of some members by the types that they allow."""
    found: dict[frozenset[str] | None, list[int]] = {}
    for index, each in enumerate(members):
        if index not in but:
            found.setdefault(read(each).types, []).append(index)
    return found


def _exclusion_differences(direction: Direction, members: Members) -> Iterator[Difference]:
    """Of the members of `oneOf` only one may fit: what fits another one as well is refused."""
    before, after = members.was.is_exclusive, members.now.is_exclusive
    every = members.now.members
    if members.are_unions and before != after and _overlapping(every, every):
        tightened, loosened = ("request-constraint-tightened", "request-constraint-loosened")
        if direction == "reply":
            tightened, loosened = ("reply-constraint-tightened", "reply-constraint-loosened")
        rule, words = (tightened, "anyOf → oneOf") if after else (loosened, "oneOf → anyOf")
        yield Difference(rule, members.at, words, members.covers)
    elif after and direction == "request":
        changed = [*members.added, *(every[members.paired[index]] for index in members.edited)]
        if both := _overlapping(changed, every):
            words = f"{in_words(both[0])} or {in_words(both[1])}, where both may fit"
            yield Difference("request-constraint-changed", members.at, words, members.covers)


def _overlapping(some: Iterable[Place], others: Iterable[Place]) -> tuple[Place, Place] | None:
    """Two different schemas of which both may fit one value."""
    pairs = ((one, other) for one in some for other in others if one.identity != other.identity)
    return next((pair for pair in pairs if may_both_fit(*pair, "of one")), None)


def _read_otherwise(
    members: Members, former: DiscriminatorMapping | None, new: DiscriminatorMapping | None, refuses: Refuses
) -> tuple[Place, Place] | None:
    """Two members of which a value that fits both was read by the one, and is by the other now."""
    if former or new:  # by another field, or by none: the same only where no object that is named so fits another
        unions = [(members.was, former), (members.now, new)]
        if not all(mapping is None or needs_no_discriminator(union, mapping) for union, mapping in unions):
            every = members.was.members if former else members.now.members
            return every[0], every[-1]
    keys = {position: index for index, position in members.paired.items()}
    was = [Alternative(index, each) for index, each in enumerate(members.was.members)]
    now = [Alternative(keys.get(position, -1), each) for position, each in enumerate(members.now.members)]
    return other_reading(was, now) or _reading_of_edited(members, was, now, refuses)


def _reading_of_edited(
    members: Members, was: Sequence[Alternative], now: Sequence[Alternative], refuses: Refuses
) -> tuple[Place, Place] | None:
    """Two members of which the first is asked before the second, and takes other values than it did."""
    for first, second in combinations(sorted(members.paired), 2):
        positions = members.paired[first], members.paired[second]
        if first in members.edited and positions[0] < positions[1]:
            one, other = was[first].place, was[second].place
            one_now, other_now = (now[each].place for each in positions)
            refuses_more, refused_more = refuses(one, one_now)
            if refuses_more and values_read_otherwise(one, other):
                return one, other
            if refused_more and values_read_otherwise(other_now, one_now):
                return other_now, one_now
    return None


def _mapping_differences(
    direction: Direction, members: Members, former: DiscriminatorMapping, new: DiscriminatorMapping
) -> Iterator[Difference]:
    """What other names of members mean, where the same field holds them."""
    at, covers = f"{members.at.rpartition('/')[0]}/discriminator/mapping", members.covers
    moved = [
        text
        for text, index in former.members.items()
        if text in new.members and index in members.paired and members.paired[index] != new.members[text]
    ]
    known = {text for text, index in former.members.items() if index in members.paired}
    gone = sorted(known - new.members.keys())
    grown = sorted(
        text for text, index in new.members.items() if index in members.paired.values() and text not in former.members
    )
    if moved:
        rule = "request-discriminator-narrowed" if direction == "request" else "reply-reads-otherwise"
        yield Difference(rule, at, f"{', '.join(moved)} names another one", covers)
    if direction == "reply" and members.was.is_family and members.now.is_family:
        yield from _lost_heirs(at, members, former, new)
    if grown:
        rule = "request-discriminator-widened" if direction == "request" else "reply-discriminator-grown"
        yield Difference(rule, at, f"{', '.join(grown)} is new", covers)
    if gone:
        rule = "request-discriminator-narrowed" if direction == "request" else "reply-discriminator-shrunk"
        yield Difference(rule, at, f"{', '.join(gone)} no longer", covers)


def _lost_heirs(
    at: str, members: Members, former: DiscriminatorMapping, new: DiscriminatorMapping
) -> Iterator[Difference]:
    """What named an heir and names none: it reads as the schema that they are heirs of."""
    base = members.now.members[0]
    lost = sorted(
        text
        for text, index in former.members.items()
        if index > 0 and text not in new.members and may_hold(base, new.field, text)
    )
    if lost:
        words = f"{', '.join(lost)} names no heir and reads as {in_words(base)} now"
        yield Difference("reply-reads-otherwise", at, words, members.covers)


def _closedness_differences(
    members: Members, former: DiscriminatorMapping | None, new: DiscriminatorMapping | None
) -> Iterator[Difference]:
    """Where a field names the members, the client refuses another text than these, whatever else a member allows."""
    limits = [
        mapping is not None and mapping.is_closed and not allows_only_mapped(union, mapping)
        for union, mapping in ((members.was, former), (members.now, new))
    ]
    if limits[1] and new and not allows_only_mapped(members.was, new):
        words = "only what names one of them"
        yield Difference("request-discriminator-narrowed", members.at, words, members.covers)
    elif limits[0] and members.are_unions:
        yield Difference("request-discriminator-widened", members.at, "whatever it names", members.covers)
