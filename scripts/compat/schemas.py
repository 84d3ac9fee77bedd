"""What a changed schema means for callers, by the way that its values go: given in a request, or got in a reply."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from scripts.compat.rules import RULES, Rule
from scripts.compat.same_value import is_same, same_value, without
from scripts.compat.schema import (
    BOUNDS,
    PASSTHROUGH,
    Schema,
    anything,
    has_the_same_unions,
    in_words,
    is_bare_union,
    is_of_one_type,
    may_overlap,
    means_anything,
    means_the_same,
    read,
    type_in_words,
)
from scripts.contract import Place

Way = Literal["request", "reply"]

# Tells of one change: the rule, where it stands, what it was and is, and the pointers of all that it is made of.
Tell = Callable[[Rule, str, str, Iterable[str]], None]

# Keywords that narrow by being there, and that cannot be weighed against one another.
_PLAIN = frozenset({"const", "contentEncoding", "contentMediaType", "format", "multipleOf", "pattern", "uniqueItems"})

# Keywords whose schemas are looked into one by one where they are the same ones.
_LOOKED_INTO = frozenset({"patternProperties", "prefixItems"})

# Formats that become a Python type of their own.
_TYPED_FORMATS = frozenset({"date", "date-time", "uuid"})

# How alike two names are that can be an old and a new one of the same field.
_ALIKE = 0.6

ABSENT: Any = object()
"""The value of a keyword that is not there."""

# Rules that several changes fall under, by the way that values go: in a request, in a reply.
_LOOSENED = ("request-constraint-loosened", "reply-constraint-loosened")
_TIGHTENED = ("request-constraint-tightened", "reply-constraint-tightened")
_CONSTRAINT_CHANGED = ("request-constraint-changed", "reply-constraint-changed")
_SCHEMA_CHANGED = ("request-schema-changed", "reply-schema-changed")

_TYPE_KEYWORDS = ("type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const")


class SchemaComparison:
    """Compares schemas whose values go one way. Each pair of places is looked at once."""

    def __init__(self, way: Way, tell: Tell) -> None:
        self._way = way
        self._tell = tell
        self._seen: set[Any] = set()

    def compare(self, former: Place, new: Place, *, optional: bool = False, null_told: bool = False) -> None:
        """Tell of all that the new schema says otherwise.

        `optional`: its field may be absent. `null_told`: whether null fits was told further out.
        """
        pair = (former.identity, new.identity, optional, null_told)
        if pair in self._seen or is_same(former, new):
            return
        self._seen.add(pair)
        was, now = read(former), read(new)
        places = (former, new, was, now)
        if not null_told:
            self._nullability(*places, optional=optional)
        is_other_union = self._unions(*places)
        if bool(was.unions) != bool(now.unions) and is_bare_union(was if was.unions else now):
            return  # whatever else the one says, a member of the other says
        if not is_other_union and self._types(*places):
            return  # nothing below can be compared
        self._enums(*places)
        self._keywords(was, now)
        self._schemas(was, now)
        self._fields(was, now)
        if was.items or now.items:
            self.compare(was.items or anything(former, "items"), now.items or anything(new, "items"))
        self._further(former, new, was, now)

    def _nullability(self, former: Place, new: Place, was: Schema, now: Schema, *, optional: bool) -> None:
        is_anything = [each.types is None and each.nullable for each in (was, now)]
        if was.nullable == now.nullable or (any(is_anything) and (was.types is None) != (now.types is None)):
            return  # the types tell
        if self._way == "request":
            name = "request-null-refused" if was.nullable else "request-null-allowed"
        elif was.nullable:
            name = "reply-never-null"
        else:
            name = "optional-reply-field-may-be-null" if optional else "reply-may-be-null"
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        covers += [read(each).pointer("type") for schema in (was, now) for each in schema.alternatives]
        self._say(name, _at("type", was, now), f"{in_words(former)} → {in_words(new)}", covers)

    def _types(self, former: Place, new: Place, was: Schema, now: Schema) -> bool:
        """Tell of another type. Returns whether the two have none in common."""
        less, more = _without(was.types, now.types), _without(now.types, was.types)
        if not (less or more):
            return False
        if less and more:
            name = self._by_way("request-type-changed", "reply-type-changed")
        elif less:
            name = self._by_way("request-type-narrowed", "reply-type-narrowed")
        else:
            name = self._by_way("request-type-widened", "reply-type-widened")
        types = f"{type_in_words(was.types)} → {type_in_words(now.types)}"
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        self._say(name, _at("type", was, now), types, covers)
        return bool(less and more)

    def _enums(self, former: Place, new: Place, was: Schema, now: Schema) -> None:
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        pointer = _at("enum", was, now)
        if was.enum is None or now.enum is None:
            if was.enum != now.enum:
                begun = self._by_way("request-enum-begun", "reply-enum-begun")
                ended = self._by_way("request-enum-ended", "reply-enum-ended")
                name = begun if was.enum is None else ended
                self._say(name, pointer, f"{in_words(former)} → {in_words(new)}", covers)
            return
        if gone := without(was.enum, now.enum):
            name = self._by_way("request-enum-shrunk", "reply-enum-shrunk")
            self._say(name, pointer, f"{', '.join(map(str, gone))} no longer", covers)
        if added := without(now.enum, was.enum):
            # The client has no class for values of several types, and keeps no new ones.
            grown = "reply-enum-grown" if is_of_one_type(was.enum) else "reply-alternative-added"
            self._say(
                self._by_way("request-enum-grown", grown), pointer, f"{', '.join(map(str, added))} is new", covers
            )

    def _keywords(self, was: Schema, now: Schema) -> None:
        for keyword in sorted(was.keywords.keys() | now.keywords.keys()):
            one, other = was.keywords.get(keyword, ABSENT), now.keywords.get(keyword, ABSENT)
            if not same_value(one, other) and (rule := self._rule_of(keyword, one, other)):
                words = f"{keyword} {_value(one)} → {_value(other)}"
                self._say(rule, _at(keyword, was, now), words, [was.pointer(keyword), now.pointer(keyword)])

    def _rule_of(self, keyword: str, one: Any, other: Any) -> str | None:
        """The name of the rule for a keyword that changed, or None where no caller notices."""
        if keyword == PASSTHROUGH:
            name = "request-passthrough-begun" if other is True else "request-passthrough-ended"
            return name if self._way == "request" and True in (one, other) else None
        if keyword == "default":
            return "request-default-changed" if self._way == "request" and ABSENT not in (one, other) else None
        if keyword == "format" and {one, other} & _TYPED_FORMATS:
            return self._by_way("request-format-changed", "reply-format-changed")
        if keyword in BOUNDS:
            is_looser = other is ABSENT or (one is not ABSENT and (other - one) * BOUNDS[keyword] > 0)
            return self._by_way(*(_LOOSENED if is_looser else _TIGHTENED))
        if keyword in _PLAIN:
            absent = [ABSENT, False] if keyword == "uniqueItems" else [ABSENT]
            if one in absent and other in absent:
                return None
            names = _LOOSENED if other in absent else _TIGHTENED if one in absent else _CONSTRAINT_CHANGED
            return self._by_way(*names)
        return self._by_way(*_SCHEMA_CHANGED)

    def _fields(self, was: Schema, now: Schema) -> None:
        gone = {name: each for name, each in was.fields.items() if name not in now.fields}
        added = {name: each for name, each in now.fields.items() if name not in was.fields}
        for old, name in list(_renamed(gone, added)):
            former, new = gone.pop(old), added.pop(name)
            lists = [was.pointer("required"), now.pointer("required")]
            rule = self._by_way("request-field-renamed", "reply-field-renamed")
            self._say(rule, new.pointer, f"{old} → {name}", [former.pointer, *lists])
            self._field(old, name, was, now)
        for former in gone.values():
            covers = [former.pointer, was.pointer("required"), now.pointer("required")]
            rule = self._by_way("request-field-removed", "reply-field-removed")
            self._say(rule, former.pointer, f"{in_words(former)} no longer", covers)
        for name, new in added.items():
            request = "required-request-field-added" if name in now.required else "request-field-added"
            words = f"new, {'required' if name in now.required else 'optional'}: {in_words(new)}"
            covers = [new.pointer, was.pointer("required"), now.pointer("required")]
            self._say(self._by_way(request, "reply-field-added"), new.pointer, words, covers)
            if was.further and not was.is_closed and not means_anything(was.further):
                self.compare(was.further, new, optional=name not in now.required)
        for name in was.fields:
            if name in now.fields:
                self._field(name, name, was, now)
        # A name can be required that no property describes.
        for name in sorted((was.required ^ now.required) - was.fields.keys() - now.fields.keys()):
            self._requirement(name, was, now, now.pointer("required"), is_required=name in now.required)

    def _field(self, old: str, name: str, was: Schema, now: Schema) -> None:
        former, new = was.fields[old], now.fields[name]
        is_required = name in now.required
        if (old in was.required) != is_required:
            self._requirement(name, was, now, new.pointer, is_required=is_required)
        self.compare(former, new, optional=old not in was.required)

    def _requirement(self, name: str, was: Schema, now: Schema, pointer: str, *, is_required: bool) -> None:
        words = f"{name} is {'required' if is_required else 'optional'} now"
        required = self._by_way("request-field-required", "reply-field-required")
        optional = self._by_way("request-field-optional", "reply-field-optional")
        covers = [was.pointer("required"), now.pointer("required")]
        self._say(required if is_required else optional, pointer, words, covers)

    def _schemas(self, was: Schema, now: Schema) -> None:
        """Keywords that hold schemas."""
        for keyword in sorted(was.schemas.keys() | now.schemas.keys()):
            one, other = was.schemas.get(keyword, {}), now.schemas.get(keyword, {})
            is_known = one.keys() == other.keys()
            if is_known and keyword in _LOOKED_INTO:
                for name, former in one.items():
                    self.compare(former, other[name])
            elif not is_known or not all(means_the_same(former, other[name]) for name, former in one.items()):
                pointers = [was.pointer(keyword), now.pointer(keyword)]
                covers = [*pointers, *(each.followed().pointer for some in (one, other) for each in some.values())]
                self._say(self._by_way(*_SCHEMA_CHANGED), _at(keyword, was, now), f"another {keyword}", covers)

    def _further(self, former: Place, new: Place, was: Schema, now: Schema) -> None:
        """Fields that the schema does not name: allowed unless it says no."""
        keyword = "additionalProperties"
        if was.is_closed != now.is_closed:
            if now.is_closed:
                name, words = self._by_way("request-object-closed", "reply-object-closed"), "no other fields"
            else:
                name, words = self._by_way("request-object-opened", "reply-object-opened"), "other fields as well"
            self._say(name, _at(keyword, was, now), words, [was.pointer(keyword), now.pointer(keyword)])
        elif not was.is_closed and (was.further or now.further):
            self.compare(was.further or anything(former, keyword), now.further or anything(new, keyword))

    def _unions(self, former: Place, new: Place, was: Schema, now: Schema) -> bool:
        """Members of `anyOf` and `oneOf`: those that are the same by name or meaning are compared, the others told.

        Returns whether any of them changed.
        """
        if not (was.unions or now.unions):
            return False
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        at = next(_at(each, was, now) for each in ("oneOf", "anyOf") if each in was.pointers | now.pointers)
        if len(was.unions) > 1 or len(now.unions) > 1:
            if is_other := not has_the_same_unions(was, now):
                self._say(self._by_way(*_SCHEMA_CHANGED), at, "another anyOf or oneOf", covers)
            return is_other
        formerly = list(was.alternatives or (former,))
        gone = list(formerly)
        kept: list[tuple[int, Place]] = []
        added: list[Place] = []
        is_edited = False
        for each in now.alternatives or (new,):
            same = next((one for one in gone if _is_of_one_name(one, each)), None)
            same = same or next((one for one in gone if means_the_same(one, each, null_aside=True)), None)
            if same is None:
                added.append(each)
                continue
            gone.remove(same)
            kept.append((formerly.index(same), each))
            is_edited |= not means_the_same(same, each, null_aside=True)
            if was.unions and now.unions:
                self.compare(same, each, null_told=True)
        for each in gone:
            name = self._by_way("request-alternative-removed", "reply-alternative-removed")
            self._say(name, each.pointer, f"{in_words(each)} no longer", covers)
        for each in added:
            name = self._by_way("request-alternative-added", "reply-alternative-added")
            self._say(name, each.pointer, f"{in_words(each)} as well", covers)
        self._exclusion(was, now, added, at, covers)
        if self._way == "reply" and (both := _exchanged(kept)):
            self._say("reply-alternatives-reordered", at, f"{in_words(both[1])} before {in_words(both[0])}", covers)
        return bool(gone or added or is_edited)

    def _exclusion(self, was: Schema, now: Schema, added: Iterable[Place], at: str, covers: Iterable[str]) -> None:
        """Of the members of `oneOf` only one may fit: what fits another one as well is refused."""
        before, after = (any(each.is_exclusive for each in schema.unions) for schema in (was, now))
        members = now.alternatives
        if was.unions and now.unions and before != after and _overlapping(members, members):
            names, words = (_TIGHTENED, "anyOf → oneOf") if after else (_LOOSENED, "oneOf → anyOf")
            self._say(self._by_way(*names), at, words, covers)
        elif after and self._way == "request" and (both := _overlapping(added, members)):
            words = f"{in_words(both[0])} or {in_words(both[1])}, where both may fit"
            self._say("request-constraint-changed", at, words, covers)

    def _by_way(self, request: str, reply: str) -> str:
        """The one of two rules that is about the way compared."""
        return request if self._way == "request" else reply

    def _say(self, name: str, pointer: str, what: str, covers: Iterable[str]) -> None:
        self._tell(RULES[name], pointer, what, covers)


def _covers(former: Place, new: Place, was: Schema, now: Schema, keywords: Iterable[str]) -> list[str]:
    return [
        pointer
        for keyword in keywords
        for pointer in (
            f"{former.pointer}/{keyword}",
            f"{new.pointer}/{keyword}",
            was.pointer(keyword),
            now.pointer(keyword),
        )
    ]


def _at(keyword: str, was: Schema, now: Schema) -> str:
    """Where a keyword stands: in the new contract, or in the former one if it is gone."""
    return now.pointers.get(keyword) or was.pointers.get(keyword) or now.pointer(keyword)


def _without(types: frozenset[str] | None, others: frozenset[str] | None) -> bool:
    """Whether some of these types are none of the others; every integer is a number."""
    if types is None or others is None:
        return types is None and others is not None
    return any(each not in others and not (each == "integer" and "number" in others) for each in types)


def _renamed(gone: dict[str, Place], added: dict[str, Place]) -> Iterator[tuple[str, str]]:
    """Fields that went and came at once, mean the same and are called alike."""
    left = dict(added)
    for old, former in gone.items():
        same = [name for name, new in left.items() if _is_of_one_name(former, new) or means_the_same(former, new)]
        alike = {name: SequenceMatcher(None, old.lower(), name.lower()).ratio() for name in same}
        best = max(alike, key=lambda name: alike[name], default=None)
        if best is not None and (alike[best] >= _ALIKE or _described(former) == _described(left[best])):
            del left[best]
            yield old, best


def _described(place: Place) -> Any:
    return place.raw.get("description", place) if isinstance(place.raw, dict) else place


def _is_of_one_name(one: Place, other: Place) -> bool:
    names = {each.raw.get("$ref") if isinstance(each.raw, dict) else None for each in (one, other)}
    return len(names) == 1 and None not in names


def _overlapping(some: Iterable[Place], others: Iterable[Place]) -> tuple[Place, Place] | None:
    """Two different schemas of which both may fit one value."""
    pairs = ((one, other) for one in some for other in others if one.identity != other.identity)
    return next((pair for pair in pairs if may_overlap(*pair)), None)


def _exchanged(kept: Sequence[tuple[int, Place]]) -> tuple[Place, Place] | None:
    """Two alternatives, the former first of them first, that stand the other way round now and may fit one value."""
    pairs = [
        (later, earlier)
        for index, (before, earlier) in enumerate(kept)
        for former, later in kept[index + 1 :]
        if former < before
    ]
    return next((pair for pair in pairs if may_overlap(*pair)), None)


def _value(value: Any) -> str:
    return "none" if value is ABSENT else "null" if value is None else str(value)
