"""Which schemas of two contracts mean the same, in however many words."""

from __future__ import annotations

from typing import Any

from scripts.compat.alternatives import DiscriminatorMapping, discriminator_mapping
from scripts.compat.references import SameWords
from scripts.compat.schema import Schema, anything, read
from scripts.contract import Place, same_value, without

# What says nothing of them says that they are anything.
_OF_ANYTHING = {("items", ""), ("additionalProperties", "")}


class Meanings:
    """Whether schemas of a former and a new document mean the same. Each pair is weighed once."""

    def __init__(self, words: SameWords) -> None:
        self._words = words
        self._known: dict[Any, bool] = {}

    def are_same(self, former: Place, new: Place, *, null_aside: bool = False) -> bool:
        """Whether two schemas allow the same by the same keywords; `null_aside`: whatever they say of null."""
        key = (former.identity, new.identity, null_aside)
        if key not in self._known:
            self._known[key] = self._is_equal(former, new, set(), null_aside=null_aside)
        return self._known[key]

    def have_same_unions(self, was: Schema, now: Schema) -> bool:
        """Whether the unions of two schemas mean the same, in the same order."""
        return _kinds(was) == _kinds(now) and all(map(self.are_same, was.alternatives, now.alternatives))

    def _is_equal(self, former: Place, new: Place, assumed: set[Any], *, null_aside: bool = False) -> bool:
        """The same; a pair that is met again counts as equal, so that schemas which hold one another end."""
        pair = (former.identity, new.identity)
        if pair in assumed or self._words.is_same(former, new):
            return True
        if not null_aside:
            assumed.add(pair)
        was, now = read(former), read(new)
        if _plain(was) != _plain(now) or not (null_aside or was.nullable == now.nullable):
            return False
        if any(_one_way(was, name) != _one_way(now, name) for name in was.required):
            return False
        if without(was.enum or (), now.enum or ()) or without(now.enum or (), was.enum or ()):
            return False
        below, other_below = _below(was), _below(now)
        if not same_value(was.keywords, now.keywords) or (below.keys() ^ other_below.keys()) - _OF_ANYTHING:
            return False
        return all(
            self._is_equal(
                below.get(key) or anything(former, key[0]), other_below.get(key) or anything(new, key[0]), assumed
            )
            for key in below | other_below
        )


def means_anything(place: Place, above: tuple[Any, ...] = ()) -> bool:
    """Whether a schema allows any value."""
    if place.identity in above:
        return True
    schema = read(place)
    below = _below(schema)
    return (
        _plain(schema) == (None, frozenset(), True, [])
        and schema.nullable
        and not schema.keywords
        and below.keys() <= _OF_ANYTHING
        and all(means_anything(each, (*above, place.identity)) for each in below.values())
    )


def _plain(schema: Schema) -> Any:
    return schema.types, schema.required, schema.enum is None, _kinds(schema)


def _one_way(schema: Schema, name: str) -> frozenset[str]:
    """Which ways only a field goes."""
    return read(schema.fields[name]).one_way if name in schema.fields else frozenset()


def _kinds(schema: Schema) -> list[tuple[int, bool, DiscriminatorMapping | None]]:
    return [(len(each.members), each.is_exclusive, discriminator_mapping(each)) for each in schema.unions]


def _below(schema: Schema) -> dict[tuple[str, str], Place]:
    """Every schema that a schema holds, by where."""
    every = {
        **schema.schemas,
        "properties": schema.fields,
        "union": {str(index): each for index, each in enumerate(schema.alternatives)},
        "items": {"": schema.items} if schema.items else {},
        "additionalProperties": {"": schema.further} if schema.further else {},
    }
    return {(key, name): each for key, some in every.items() for name, each in some.items()}
