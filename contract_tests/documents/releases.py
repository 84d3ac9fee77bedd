"""What the vendor's releases say of our operations: each fact with the first and the last release that says it.

`releases.json` holds it, one fact a line. `scripts/vendor` reads it from the wheels and writes it; nobody else does.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from packaging.version import Version as _Version

from scripts.contract import json_pointer, pointer_parts

FILE = "releases.json"

Version = cache(_Version)  # hundreds of releases, each compared with many facts

# A schema's parts that stand at places of their own, and that a field is required, which stands at the field.
_PARTS = ("properties", "items", "required")
_REQUIRED = "required"


@dataclass(frozen=True)
class Fact:
    """One thing that releases say, from the `first` of them to the `last` without a gap.

    `operation` is its label, or empty for what holds for all. `place` is `method`, `sends`, `arguments`, `description`,
    or a path of fields that begins with `/request` or `/reply`, `*` for the items of an array. What is said there is
    JSON Schema without what has a place of its own, and with `required: true` at a field that must be there.
    """

    operation: str
    place: str
    first: str
    last: str
    said: Any


@dataclass(frozen=True)
class Releases:
    """Every release that was looked at, and what they say."""

    dates: dict[str, str | None]
    """When each came out, as `2025-03-02`, oldest release first; None where the registry did not tell."""
    facts: tuple[Fact, ...]

    def named(self, release: str) -> str:
        """A release with its date, as people read it."""
        date = self.dates.get(release)
        return f"{release} ({date})" if date else release

    def before(self, release: str) -> str | None:
        """The newest release looked at that is older than this one."""
        return next((each for each in reversed(self.dates) if Version(each) < Version(release)), None)

    def after(self, release: str) -> str | None:
        """The oldest release looked at that is newer than this one."""
        return next((each for each in self.dates if Version(each) > Version(release)), None)

    def said_by(self, release: str) -> dict[tuple[str, str], Any]:
        """What one of them says, by operation and place."""
        at = Version(release)
        return {
            (fact.operation, fact.place): fact.said
            for fact in self.facts
            if Version(fact.first) <= at <= Version(fact.last)
        }

    def span(self, operation: str, place: str) -> tuple[str, str] | None:
        """The first and the last release that say anything there; None where none does."""
        there = [fact for fact in self.facts if (fact.operation, fact.place) == (operation, place)]
        return (there[0].first, there[-1].last) if there else None

    def last_word(self, operation: str, place: str) -> Fact | None:
        """What the last release says there that says anything."""
        return next((fact for fact in reversed(self.facts) if (fact.operation, fact.place) == (operation, place)), None)

    def schema(self, operation: str, part: str) -> dict[str, Any] | None:
        """What the last release that has the operation says of `/request` or `/reply`, as one JSON Schema."""
        span = self.span(operation, "method")
        last = {} if span is None else self.said_by(span[1])
        said = {place: value for (label, place), value in last.items() if label == operation}
        return _nested(said, part) if part in said else None

    def looked_at(self, found: Mapping[str, tuple[str | None, Mapping[str, Any]]]) -> "Releases":
        """These, and what was found in others: the date of each release, and what `read_wheel` says of it."""
        said = {release: self.said_by(release) for release in self.dates}
        dates = dict(self.dates)
        for release, (date, value) in found.items():
            said[release] = dict(_flat(value))
            dates[release] = date or dates.get(release)
        order = sorted(said, key=Version)
        return Releases({release: dates[release] for release in order}, tuple(_facts(order, said)))


def read_releases(folder: Path) -> Releases:
    """What was found. Raises OSError or ValueError where the file is not what it was."""
    text = (folder / FILE).read_text(encoding="utf-8")
    try:
        value = json.loads(text)
        releases = Releases(dict(value["releases"]), tuple(Fact(**each) for each in value["facts"]))
        for release in (*releases.dates, *(each for fact in releases.facts for each in (fact.first, fact.last))):
            Version(release)
        return releases
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"{FILE} is not what scripts/vendor wrote, let git restore it: {error}") from None


def as_text(releases: Releases) -> str:
    """The file: the dates a few a line, then a fact a line."""
    dates = [f"{json.dumps(release)}: {json.dumps(date)}" for release, date in releases.dates.items()]
    lines = [", ".join(dates[at : at + 4]) for at in range(0, len(dates), 4)]
    facts = [json.dumps(asdict(fact)) for fact in releases.facts]
    return '{"releases": {\n' + ",\n".join(lines) + '\n},\n"facts": [\n' + ",\n".join(facts) + "\n]}\n"


def _facts(order: list[str], said: Mapping[str, Mapping[tuple[str, str], Any]]) -> Iterator[Fact]:
    """Each fact, those of an operation and place together, in the order in which releases name them."""
    open_: dict[tuple[str, str], Fact] = {}
    closed: dict[tuple[str, str], list[Fact]] = {}
    for release in order:
        for at in [at for at, fact in open_.items() if said[release].get(at, _NOTHING) != fact.said]:
            closed[at].append(open_.pop(at))
        for at, value in said[release].items():
            closed.setdefault(at, [])
            open_[at] = replace(open_.get(at, Fact(*at, first=release, last=release, said=value)), last=release)
    operations = list(dict.fromkeys(operation for operation, _ in closed))
    for at in sorted(closed, key=lambda at: operations.index(at[0])):
        yield from [*closed[at], *([open_[at]] if at in open_ else [])]


_NOTHING = object()


def _nested(said: Mapping[str, Any], place: str) -> dict[str, Any]:
    """What is said of a place and all below it, as one JSON Schema."""
    schema = {key: value for key, value in said[place].items() if key != _REQUIRED}
    for below in (each for each in said if each.rpartition("/")[0] == place):
        name = pointer_parts(below)[-1]
        if name == "*":
            schema["items"] = _nested(said, below)
            continue
        schema.setdefault("properties", {})[name] = _nested(said, below)
        if said[below].get(_REQUIRED):
            schema.setdefault(_REQUIRED, []).append(name)
    return schema


def _flat(said: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    """What a release says, by operation and place."""
    for what in ("errors", "headers"):
        yield ("", what), said[what]
    for label, operation in said["operations"].items():
        for what, value in operation.items():
            if what in ("request", "reply"):
                for place, schema in _places(value, f"/{what}", is_required=False):
                    yield (label, place), schema
            else:
                yield (label, what), value


def _places(schema: Mapping[str, Any], place: str, *, is_required: bool) -> Iterator[tuple[str, Any]]:
    own = {key: value for key, value in schema.items() if key not in _PARTS}
    yield place, own | ({_REQUIRED: True} if is_required else {})
    for name, field in schema.get("properties", {}).items():
        yield from _places(field, place + json_pointer([name]), is_required=name in schema.get("required", ()))
    if "items" in schema:
        yield from _places(schema["items"], f"{place}/*", is_required=False)
