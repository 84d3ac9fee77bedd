"""What a changed schema means for callers, by the direction of its values: given in a request, or got in a reply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, NamedTuple

from scripts.compat.change import Difference
from scripts.compat.meaning import Meanings, means_anything
from scripts.compat.readings import TYPED_FORMATS, reads_otherwise
from scripts.compat.references import SameWords
from scripts.compat.rules import RULES, Impact
from scripts.compat.schema import (
    BOUNDS,
    OF_OTHER_DIRECTION,
    PASSTHROUGH,
    Direction,
    Schema,
    SchemaPair,
    anything,
    in_words,
    is_bare_union,
    is_of_one_type,
    read,
    type_in_words,
)
from scripts.compat.unions import Members, is_of_one_name, union_differences
from scripts.contract import Place, same_value, without


class _Step(NamedTuple):
    """Two schemas to compare. `optional`: their field may be absent. `null_compared`: it was told whether null fits."""

    former: Place
    new: Place
    optional: bool = False
    null_compared: bool = False

    @property
    def key(self) -> Any:
        return self.former.identity, self.new.identity, self.optional, self.null_compared


# Keywords that narrow by being there, and that cannot be weighed against one another.
_PLAIN = frozenset({"const", "contentEncoding", "contentMediaType", "format", "multipleOf", "pattern", "uniqueItems"})

# Keywords whose schemas are looked into one by one where they are the same ones.
_LOOKED_INTO = frozenset({"patternProperties", "prefixItems"})

# How alike two names are that can be an old and a new one of the same field.
_ALIKE = 0.6

ABSENT: Any = object()
"""The value of a keyword that is not there."""

# Rules that several changes fall under, by the direction of values: in a request, in a reply.
_LOOSENED = ("request-constraint-loosened", "reply-constraint-loosened")
_TIGHTENED = ("request-constraint-tightened", "reply-constraint-tightened")
_CONSTRAINT_CHANGED = ("request-constraint-changed", "reply-constraint-changed")
_SCHEMA_CHANGED = ("request-schema-changed", "reply-schema-changed")

# What breaks callers of a request by a name in Python, or by what it means, and refuses no value.
_ABOUT_NAMES = {"request-default-changed", "request-enum-ended", "request-field-removed", "request-passthrough-ended"}


class SchemaComparison:
    """Compares schemas of two documents whose values have one direction. Each pair of places is looked at once."""

    def __init__(self, direction: Direction, words: SameWords, meanings: Meanings) -> None:
        self._direction = direction
        self._words = words
        self._meanings = meanings
        self._known: dict[_Step, tuple[list[Difference], list[_Step]]] = {}
        self._differences: list[Difference] = []
        self._steps: list[_Step] = []

    def differences(self, former: Place, new: Place) -> Iterator[Difference]:
        """All that the new schema says otherwise than the former one, and what the two hold."""
        waiting, seen = [_Step(former, new)], set[Any]()
        while waiting:
            step = waiting.pop()
            if step.key not in seen:
                seen.add(step.key)
                own, inner = self._compared(step)
                yield from own
                waiting += reversed(inner)

    def _compared(self, step: _Step) -> tuple[list[Difference], list[_Step]]:
        """What a pair says otherwise by itself, and the pairs to look at in the two."""
        if step.key not in self._known:
            self._differences, self._steps = [], []
            if not self._words.is_same(step.former, step.new):
                self._compare_pair(SchemaPair.of(step.former, step.new), step)
            self._known[step.key] = self._differences, self._steps
        return self._known[step.key]

    def _add_step(self, former: Place, new: Place, *, optional: bool = False, null_compared: bool = False) -> None:
        self._steps.append(_Step(former, new, optional, null_compared))

    def _compare_pair(self, pair: SchemaPair, step: _Step) -> None:
        was, now = pair.was, pair.now
        if not step.null_compared:
            self._nullability(pair, optional=step.optional)
        is_other_union = self._unions(pair)
        if bool(was.unions) != bool(now.unions) and is_bare_union(was if was.unions else now):
            return  # whatever else the one says, a member of the other says
        if not is_other_union and self._types(pair):
            return  # nothing below can be compared
        if self._direction == "reply" and reads_otherwise(pair.former, pair.new):
            words = f"{in_words(pair.former)} → {in_words(pair.new)}: something else in Python"
            self._add("reply-reads-otherwise", pair.where("type"), words, pair.type_pointers())
        self._enums(pair)
        self._keywords(pair)
        self._schemas(pair)
        in_direction = (self._in_direction(pair.former, was), self._in_direction(pair.new, now))
        self._fields(replace(pair, was=in_direction[0], now=in_direction[1]))
        if was.items or now.items:
            self._add_step(was.items or anything(pair.former, "items"), now.items or anything(pair.new, "items"))
        self._further(pair)

    def _nullability(self, pair: SchemaPair, *, optional: bool) -> None:
        was, now = pair.was, pair.now
        is_anything = [each.types is None and each.nullable for each in (was, now)]
        if was.nullable == now.nullable or (any(is_anything) and (was.types is None) != (now.types is None)):
            return  # the types tell
        if self._direction == "request":
            name = "request-null-refused" if was.nullable else "request-null-allowed"
        elif was.nullable:
            name = "reply-never-null"
        else:
            name = "optional-reply-field-may-be-null" if optional else "reply-may-be-null"
        covers = pair.type_pointers()
        covers += [read(each).pointer("type") for schema in (was, now) for each in schema.alternatives]
        self._add(name, pair.where("type"), f"{in_words(pair.former)} → {in_words(pair.new)}", covers)

    def _types(self, pair: SchemaPair) -> bool:
        """Tell of another type. Returns whether the two have none in common."""
        was, now = pair.was.types, pair.now.types
        less, more = _without(was, now), _without(now, was)
        if not (less or more):
            return False
        if less and more:
            name = self._by_direction("request-type-changed", "reply-type-changed")
        elif less:
            name = self._by_direction("request-type-narrowed", "reply-type-narrowed")
        else:
            name = self._by_direction("request-type-widened", "reply-type-widened")
        self._add(name, pair.where("type"), f"{type_in_words(was)} → {type_in_words(now)}", pair.type_pointers())
        return bool(less and more)

    def _enums(self, pair: SchemaPair) -> None:
        was, now = pair.was, pair.now
        pointer, covers = pair.where("enum"), pair.type_pointers()
        if was.enum is None or now.enum is None:
            is_listed = now.enum and "const" in was.keywords and not without([was.keywords["const"]], now.enum)
            if was.enum != now.enum and not (is_listed and self._direction == "request"):
                begun = self._by_direction("request-enum-begun", "reply-enum-begun")
                ended = self._by_direction("request-enum-ended", "reply-enum-ended")
                name = begun if was.enum is None else ended
                self._add(name, pointer, f"{in_words(pair.former)} → {in_words(pair.new)}", covers)
            return
        if gone := without(was.enum, now.enum):
            name = self._by_direction("request-enum-shrunk", "reply-enum-shrunk")
            self._add(name, pointer, f"{', '.join(map(str, gone))} no longer", covers)
        if added := without(now.enum, was.enum):
            # The client has no class for values of several types, and keeps no new ones.
            grown = "reply-enum-grown" if is_of_one_type(was.enum) else "reply-alternative-added"
            self._add(
                self._by_direction("request-enum-grown", grown), pointer, f"{', '.join(map(str, added))} is new", covers
            )

    def _keywords(self, pair: SchemaPair) -> None:
        was, now = pair.was, pair.now
        for keyword in sorted(was.keywords.keys() | now.keywords.keys()):
            one, other = was.keywords.get(keyword, ABSENT), now.keywords.get(keyword, ABSENT)
            if keyword == "const" and other is ABSENT and same_value(now.enum, (one,)):
                continue  # an enum of one value allows no other either
            if not same_value(one, other) and (rule := self._rule_of(keyword, one, other)):
                words = f"{keyword} {_in_short(one)} → {_in_short(other)}"
                self._add(rule, pair.where(keyword), words, pair.pointers(keyword))

    def _rule_of(self, keyword: str, one: Any, other: Any) -> str | None:
        """The name of the rule for a keyword that changed, or None where no caller notices."""
        if keyword == PASSTHROUGH:
            name = "request-passthrough-begun" if other is True else "request-passthrough-ended"
            return name if self._direction == "request" and True in (one, other) else None
        if keyword == "default":
            return "request-default-changed" if self._direction == "request" and ABSENT not in (one, other) else None
        if keyword == "format" and TYPED_FORMATS.keys() & {one, other}:
            return self._by_direction("request-format-changed", "reply-format-changed")
        if keyword in BOUNDS:
            is_looser = other is ABSENT or (one is not ABSENT and (other - one) * BOUNDS[keyword] > 0)
            return self._by_direction(*(_LOOSENED if is_looser else _TIGHTENED))
        if keyword in _PLAIN:
            absent = [ABSENT, False] if keyword == "uniqueItems" else [ABSENT]
            if one in absent and other in absent:
                return None
            names = _LOOSENED if other in absent else _TIGHTENED if one in absent else _CONSTRAINT_CHANGED
            return self._by_direction(*names)
        return self._by_direction(*_SCHEMA_CHANGED)

    def _fields(self, pair: SchemaPair) -> None:
        was, now = pair.was, pair.now
        lists = pair.pointers("required")
        gone = {name: each for name, each in was.fields.items() if name not in now.fields}
        added = {name: each for name, each in now.fields.items() if name not in was.fields}
        for old, name in list(self._renamed(gone, added)):
            former, new = gone.pop(old), added.pop(name)
            rule = self._by_direction("request-field-renamed", "reply-field-renamed")
            self._add(rule, new.pointer, f"{old} → {name}", [former.pointer, *lists])
            self._field(old, name, pair)
        for former in gone.values():
            rule = self._by_direction("request-field-removed", "reply-field-removed")
            self._add(rule, former.pointer, f"{in_words(former)} no longer", [former.pointer, *lists])
        for name, new in added.items():
            request = "required-request-field-added" if name in now.required else "request-field-added"
            words = f"new, {'required' if name in now.required else 'optional'}: {in_words(new)}"
            reply = "reply-further-field-named" if was.provides_for_more else "reply-field-added"
            self._add(self._by_direction(request, reply), new.pointer, words, [new.pointer, *lists])
            if was.further and not was.is_closed and not means_anything(was.further):
                self._add_step(was.further, new, optional=name not in now.required)
        for name in was.fields:
            if name in now.fields:
                self._field(name, name, pair)

    def _renamed(self, gone: Mapping[str, Place], added: Mapping[str, Place]) -> Iterator[tuple[str, str]]:
        """Fields that went and came at once, mean the same and are called alike."""
        left = dict(added)
        for old, former in gone.items():
            same = [
                name
                for name, new in left.items()
                if is_of_one_name(former, new) or self._meanings.are_same(former, new)
            ]
            alike = {name: SequenceMatcher(None, old.lower(), name.lower()).ratio() for name in same}
            best = max(alike, key=lambda name: alike[name], default=None)
            if best is not None and (alike[best] >= _ALIKE or _described(former) == _described(left[best])):
                del left[best]
                yield old, best

    def _field(self, old: str, name: str, pair: SchemaPair) -> None:
        was, now = pair.was, pair.now
        former, new = was.fields[old], now.fields[name]
        is_required = name in now.required
        if (old in was.required) != is_required:
            required = self._by_direction("request-field-required", "reply-field-required")
            optional = self._by_direction("request-field-optional", "reply-field-optional")
            words = f"{name} is {'required' if is_required else 'optional'} now"
            covers = pair.pointers("required")
            covers += [read(each).pointer(OF_OTHER_DIRECTION[self._direction]) for each in (former, new)]
            self._add(required if is_required else optional, new.pointer, words, covers)
        self._add_step(former, new, optional=old not in was.required)

    def _in_direction(self, place: Place, schema: Schema) -> Schema:
        """A schema that requires what this direction has to have, with a field for each of these names that no property
        describes."""
        one_way_only = OF_OTHER_DIRECTION[self._direction]
        required = {
            name
            for name in schema.required
            if name not in schema.fields or one_way_only not in read(schema.fields[name]).one_way
        }
        undescribed = sorted(required - schema.fields.keys())
        anything_more = place.at(schema.pointer("required"), {})
        fields = {**schema.fields, **dict.fromkeys(undescribed, schema.further or anything_more)}
        further = schema.further or (anything_more if schema.provides_for_more else None)
        return replace(schema, fields=fields, required=frozenset(required), further=further)

    def _schemas(self, pair: SchemaPair) -> None:
        """Keywords that hold schemas."""
        was, now = pair.was, pair.now
        for keyword in sorted(was.schemas.keys() | now.schemas.keys()):
            one, other = was.schemas.get(keyword, {}), now.schemas.get(keyword, {})
            is_known = one.keys() == other.keys()
            if is_known and keyword in _LOOKED_INTO:
                for name, former in one.items():
                    self._add_step(former, other[name])
            elif not is_known or not all(self._meanings.are_same(former, other[name]) for name, former in one.items()):
                covers = [
                    *pair.pointers(keyword),
                    *(each.followed().pointer for some in (one, other) for each in some.values()),
                ]
                self._add(self._by_direction(*_SCHEMA_CHANGED), pair.where(keyword), f"another {keyword}", covers)

    def _further(self, pair: SchemaPair) -> None:
        """Fields that the schema does not name: allowed unless it says no."""
        was, now, keyword = pair.was, pair.now, "additionalProperties"
        if was.is_closed != now.is_closed:
            if now.is_closed:
                name, words = self._by_direction("request-object-closed", "reply-object-closed"), "no other fields"
            else:
                name, words = self._by_direction("request-object-opened", "reply-object-opened"), "other fields as well"
            self._add(name, pair.where(keyword), words, pair.pointers(keyword))
        elif not was.is_closed and (was.further or now.further):
            self._add_step(was.further or anything(pair.former, keyword), now.further or anything(pair.new, keyword))

    def _unions(self, pair: SchemaPair) -> bool:
        """Members of `anyOf` and `oneOf`: those that are the same are compared, the others told.

        Returns whether any of them changed.
        """
        was, now = pair.was, pair.now
        if not (was.unions or now.unions):
            return False
        if len(was.unions) > 1 or len(now.unions) > 1:
            if is_other := not self._meanings.have_same_unions(was, now):
                at = next(pair.where(each) for each in ("oneOf", "anyOf") if each in was.pointers | now.pointers)
                words = "another anyOf or oneOf"
                self._add(self._by_direction(*_SCHEMA_CHANGED), at, words, pair.type_pointers())
            return is_other
        members = Members.of(pair, self._meanings)
        self._differences += union_differences(self._direction, members, self._refuses)
        if members.are_unions or is_bare_union(was if was.unions else now):
            for one, other in members.pairs():
                self._add_step(one, other, null_compared=True)
        return members.have_changed

    def _refuses(self, former: Place, new: Place) -> tuple[bool, bool]:
        """Whether the new schema refuses a value that fitted, and whether the former one refused one that fits."""
        there, back = self._requests
        return _refuse(there.differences(former, new)), _refuse(back.differences(new, former))

    @cached_property
    def _requests(self) -> tuple[SchemaComparison, SchemaComparison]:
        there = SchemaComparison("request", self._words, self._meanings)
        return there, SchemaComparison("request", self._words, Meanings(self._words))

    def _by_direction(self, request: str, reply: str) -> str:
        """The one of two rules that is about the direction compared."""
        return request if self._direction == "request" else reply

    def _add(self, name: str, pointer: str, what: str, covers: Iterable[str]) -> None:
        self._differences.append(Difference(name, pointer, what, tuple(covers)))


def _without(types: frozenset[str] | None, others: frozenset[str] | None) -> bool:
    """Whether some of these types are none of the others; every integer is a number."""
    if types is None or others is None:
        return types is None and others is not None
    return any(each not in others and not (each == "integer" and "number" in others) for each in types)


def _described(place: Place) -> Any:
    return place.raw.get("description", place) if isinstance(place.raw, dict) else place


def _refuse(differences: Iterable[Difference]) -> bool:
    """Whether some of these refuse what a caller of the former schema gave."""
    rules = {each.rule for each in differences} - _ABOUT_NAMES
    return any(RULES[each].impact is Impact.BREAKING for each in rules)


def _in_short(value: Any) -> str:
    return "none" if value is ABSENT else "null" if value is None else str(value)
