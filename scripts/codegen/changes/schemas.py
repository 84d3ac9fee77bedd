"""What a changed schema means for callers, by the way that its values go: given in a request, or got in a reply."""

from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, Literal

from scripts.codegen.changes.rules import RULES, Rule
from scripts.codegen.changes.schema import PASSTHROUGH, Place, Schema, in_words, is_same, meaning, read, type_in_words

Way = Literal["request", "reply"]

# Tells of one change: the rule, where it stands, what it was and is, and the pointers of all that it is made of.
Tell = Callable[[Rule, str, str, Iterable[str]], None]

# Bounds, with the sign of a change that lets more through.
_BOUNDS = {
    "exclusiveMaximum": 1, "exclusiveMinimum": -1, "maximum": 1, "maxItems": 1, "maxLength": 1, "maxProperties": 1,
    "minimum": -1, "minItems": -1, "minLength": -1, "minProperties": -1,
}  # fmt: skip

# Keywords that narrow by being there, and that cannot be weighed against one another.
_PLAIN = frozenset({"const", "contentEncoding", "contentMediaType", "format", "multipleOf", "pattern", "uniqueItems"})

# Formats that become a Python type of their own.
_TYPED_FORMATS = frozenset({"date", "date-time", "uuid"})

# How alike two names are that can be an old and a new one of the same field.
_ALIKE = 0.6

_TYPE_KEYWORDS = ("type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const")


class SchemaComparison:
    """Compares schemas whose values go one way. Each pair of places is looked at once."""

    def __init__(self, way: Way, tell: Tell) -> None:
        self._way = way
        self._tell = tell
        self._seen: set[tuple[str, str, bool]] = set()

    def compare(self, former: Place, new: Place, *, optional: bool = False) -> None:
        """Tell of all that the new schema says otherwise. `optional`: its field may be absent."""
        if (former.pointer, new.pointer, optional) in self._seen or is_same(former, new):
            return
        self._seen.add((former.pointer, new.pointer, optional))
        was, now = read(former), read(new)
        places = (former, new, was, now)
        if self._types(*places, optional=optional):
            return  # nothing below can be compared
        self._enums(*places)
        self._keywords(was, now)
        self._fields(was, now)
        self._alternatives(*places)
        anything = Place(new.document, new.pointer, {})
        if was.items or now.items:
            self.compare(was.items or anything, now.items or anything)
        self._further(was, now, anything)

    def _types(self, former: Place, new: Place, was: Schema, now: Schema, *, optional: bool) -> bool:
        """Tell of another type. Returns whether the two have none in common."""
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        pointer = _at("type", was, now)
        words = f"{in_words(former)} → {in_words(new)}"
        if was.nullable != now.nullable and not any(each.types is None and each.nullable for each in (was, now)):
            self._nullability(was, optional=optional, pointer=pointer, words=words, covers=covers)
        less, more = _without(was.types, now.types), _without(now.types, was.types)
        if was.alternatives or now.alternatives or not (less or more):
            return False
        kind = "changed" if less and more else "narrowed" if less else "widened"
        types = f"{type_in_words(was.types)} → {type_in_words(now.types)}"
        self._say(f"{self._way}-type-{kind}", pointer, types, covers)
        return kind == "changed"

    def _nullability(self, was: Schema, *, optional: bool, pointer: str, words: str, covers: list[str]) -> None:
        if self._way == "request":
            name = "request-null-refused" if was.nullable else "request-null-allowed"
        elif was.nullable:
            name = "reply-never-null"
        else:
            name = "optional-reply-field-may-be-null" if optional else "reply-may-be-null"
        self._say(name, pointer, words, covers)

    def _enums(self, former: Place, new: Place, was: Schema, now: Schema) -> None:
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        pointer = _at("enum", was, now)
        if was.enum is None or now.enum is None:
            if was.enum != now.enum:
                name = f"{self._way}-enum-{'begun' if was.enum is None else 'ended'}"
                self._say(name, pointer, f"{in_words(former)} → {in_words(new)}", covers)
            return
        if gone := [str(value) for value in was.enum if value not in now.enum]:
            self._say(f"{self._way}-enum-shrunk", pointer, f"{', '.join(gone)} no longer", covers)
        if added := [str(value) for value in now.enum if value not in was.enum]:
            self._say(f"{self._way}-enum-grown", pointer, f"{', '.join(added)} is new", covers)

    def _keywords(self, was: Schema, now: Schema) -> None:
        for keyword in sorted(was.keywords.keys() | now.keywords.keys()):
            one, other = was.keywords.get(keyword), now.keywords.get(keyword)
            if one == other:
                continue
            if rule := self._rule_of(keyword, one, other):
                words = f"{keyword} {_value(one)} → {_value(other)}"
                self._say(rule, _at(keyword, was, now), words, [was.pointer(keyword), now.pointer(keyword)])

    def _rule_of(self, keyword: str, one: Any, other: Any) -> str | None:
        """The name of the rule for a keyword that changed, or None where no caller notices."""
        if keyword == PASSTHROUGH:
            return f"request-passthrough-{'begun' if other else 'ended'}" if self._way == "request" else None
        if keyword == "default":
            stated = one is not None and other is not None
            return "request-default-changed" if self._way == "request" and stated else None
        if keyword == "format" and {one, other} & _TYPED_FORMATS:
            return f"{self._way}-format-changed"
        if keyword in _BOUNDS and isinstance(one, int | float | None) and isinstance(other, int | float | None):
            is_looser = other is None or (one is not None and (other - one) * _BOUNDS[keyword] > 0)
            return f"{self._way}-constraint-{'loosened' if is_looser else 'tightened'}"
        if keyword in _PLAIN:
            absent = False if keyword == "uniqueItems" else None
            kind = "loosened" if other in (None, absent) else "tightened" if one in (None, absent) else "changed"
            return f"{self._way}-constraint-{kind}"
        return f"{self._way}-schema-changed"

    def _fields(self, was: Schema, now: Schema) -> None:
        gone = {name: each for name, each in was.fields.items() if name not in now.fields}
        added = {name: each for name, each in now.fields.items() if name not in was.fields}
        for old, name in list(_renamed(gone, added)):
            former, new = gone.pop(old), added.pop(name)
            lists = [was.pointer("required"), now.pointer("required")]
            self._say(f"{self._way}-field-renamed", new.pointer, f"{old} → {name}", [former.pointer, *lists])
            self._field(old, name, was, now)
        for former in gone.values():
            covers = [former.pointer, was.pointer("required"), now.pointer("required")]
            self._say(f"{self._way}-field-removed", former.pointer, f"{in_words(former)} no longer", covers)
        for name, new in added.items():
            required = "required-" if name in now.required and self._way == "request" else ""
            words = f"new, {'required' if name in now.required else 'optional'}: {in_words(new)}"
            covers = [new.pointer, was.pointer("required"), now.pointer("required")]
            self._say(f"{required}{self._way}-field-added", new.pointer, words, covers)
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
        kind = "required" if is_required else "optional"
        self._say(f"{self._way}-field-{kind}", pointer, words, [was.pointer("required"), now.pointer("required")])

    def _further(self, was: Schema, now: Schema, anything: Place) -> None:
        """Fields that the schema does not name: allowed unless it says no."""
        covers = [was.pointer("additionalProperties"), now.pointer("additionalProperties")]
        is_closed = [each is not None and each.raw is False for each in (was.further, now.further)]
        if is_closed[0] != is_closed[1]:
            kind, words = ("closed", "no other fields") if is_closed[1] else ("opened", "other fields as well")
            self._say(f"{self._way}-object-{kind}", _at("additionalProperties", was, now), words, covers)
        elif not is_closed[0] and (was.further or now.further):
            self.compare(was.further or anything, now.further or anything)

    def _alternatives(self, former: Place, new: Place, was: Schema, now: Schema) -> None:
        """Members of `anyOf` and `oneOf`: those that are the same by name or meaning are compared, the others told."""
        if not (was.alternatives or now.alternatives):
            return
        covers = _covers(former, new, was, now, _TYPE_KEYWORDS)
        gone = list(was.alternatives or (former,))
        added: list[Place] = []
        for each in now.alternatives or (new,):
            same = next((one for one in gone if _means_the_same(one, each)), None)
            if same is None:
                added.append(each)
            else:
                gone.remove(same)
                if was.alternatives and now.alternatives:
                    self.compare(same, each)
        for each in gone:
            self._say(f"{self._way}-alternative-removed", each.pointer, f"{in_words(each)} no longer", covers)
        for each in added:
            self._say(f"{self._way}-alternative-added", each.pointer, f"{in_words(each)} as well", covers)

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
        same = [name for name, new in left.items() if _means_the_same(former, new)]
        alike = {name: SequenceMatcher(None, old.lower(), name.lower()).ratio() for name in same}
        best = max(alike, key=lambda name: alike[name], default=None)
        if best is not None and (alike[best] >= _ALIKE or _described(former) == _described(left[best])):
            del left[best]
            yield old, best


def _described(place: Place) -> Any:
    return place.raw.get("description", place) if isinstance(place.raw, dict) else place


def _means_the_same(one: Place, other: Place) -> bool:
    """Whether two schemas are of one name, or mean the same."""
    names = {each.raw.get("$ref") if isinstance(each.raw, dict) else None for each in (one, other)}
    return (len(names) == 1 and None not in names) or meaning(one) == meaning(other)


def _value(value: Any) -> str:
    return "none" if value is None else str(value)
