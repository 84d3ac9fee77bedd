"""What became of our operations from release to release of the vendor's SDK, in words and as a table."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from contract_tests.documents.releases import Releases
from contract_tests.proof.releases import other_arguments
from scripts.terminal import printable

Said = Mapping[tuple[str, str], Any]
"""What a release says, by operation and place, as `Releases.said_by` gives it."""

_WIDTH = 56  # characters of an operation's column
_FIELDS = ("/request", "/reply")
_NOT_THERE = "not there"


@dataclass(frozen=True)
class Change:
    """One thing that a release says otherwise than the one before; `operation` is empty for what holds for all."""

    operation: str
    text: str

    def __str__(self) -> str:
        return f"{self.operation or 'all operations'}: {self.text}"


def changes(before: Said, after: Said) -> Iterator[Change]:
    """Everything that changed, operation by operation; of what came or went as a whole, that alone."""
    for operation in dict.fromkeys(operation for operation, _ in (*before, *after)):
        one, other = (
            {place: value for (label, place), value in said.items() if label == operation} for said in (before, after)
        )
        for text in _changes(one, other):
            yield Change(operation, printable(text))


def groups(releases: Releases) -> list[list[str]]:
    """The releases that were looked at, those together that follow one another and say the same."""
    return [list(group) for _, group in groupby(releases.dates, key=releases.said_by)]


def table(releases: Releases, operations: Sequence[str]) -> str:
    """The story of these operations, oldest release first: a row for all releases that say the same."""
    head = [[name] for name in ("releases", "since", *operations)]
    rows = [head, *(_row(releases, group, operations) for group in groups(releases))]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    for row in rows:
        for at in range(max(map(len, row))):
            cells = [cell[at] if at < len(cell) else "" for cell in row]
            lines.append("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    return "\n".join(lines)


def _row(releases: Releases, group: Sequence[str], operations: Sequence[str]) -> list[list[str]]:
    first, last = group[0], group[-1]
    before = releases.before(first)
    said, said_before = releases.said_by(first), releases.said_by(before) if before else {}
    found = list(changes(said_before, said))
    cells = [[first if first == last else f"{first} to {last}"], [releases.dates[first] or ""]]
    for operation in operations:
        texts = [each.text for each in found if each.operation == operation]
        if not texts:
            texts = ["as before"] if (operation, "method") in said else [_NOT_THERE]
        cells.append([line for text in texts for line in _wrapped(text)])
    return cells


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What changed of one operation."""
    if not before and "method" in after:
        count = len(after["arguments"])
        yield f"there: {after['method']} sends {after['sends']}, {count} argument{'s' if count != 1 else ''}"
        return
    if not after and "method" in before:
        yield "withdrawn"
        return
    come = [place for place in after if place not in before]
    gone = [place for place in before if place not in after]
    for sign, places, said in (("new", come, after), ("gone", gone, before)):
        for place in places:
            if place.rpartition("/")[0] not in places:  # else a part of what came or went
                yield f"{_named(place)}: {sign}{_type(said[place]) if sign == 'new' else ''}"
    described: dict[str, list[str]] = {}
    for place in (place for place in before if place in after and before[place] != after[place]):
        one, other = before[place], after[place]
        if place.startswith(_FIELDS):
            for text in _of_schema(one, other):
                described.setdefault(text, []).append(_named(place))
        elif place == "sends":
            yield f"moved from {one} to {other}"
        elif place == "arguments":
            yield from (f"argument {each}: new" for each in _others(after) if each not in one)
            yield from (f"argument {each}: gone" for each in _others(before) if each not in other)
        else:
            yield f"{place}: {_shown(one)} → {_shown(other)}"
    for text, places in described.items():
        yield f"{', '.join(places)}: {text}"


def _others(said: Mapping[str, Any]) -> list[str]:
    """The arguments of a method that are no fields of its request."""
    below = "/request/"
    return other_arguments(said["arguments"], [each.removeprefix(below) for each in said if each.startswith(below)])


def _of_schema(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """What changed at a place of fields. Of an enum, its members; of a description that came, that it did."""
    for keyword in dict.fromkeys((*one, *other)):
        left, right = one.get(keyword), other.get(keyword)
        if left == right:
            continue
        if keyword == "enum" and left and right:
            yield from (f"{member} is new" for member in right if member not in left)
            yield from (f"{member} is gone" for member in left if member not in right)
        elif keyword == "required":
            yield "required now" if right else "no longer required"
        elif keyword == "description":
            yield f"described as “{right}”" if left and right else "described" if right else "no longer described"
        else:
            yield f"{keyword}: {_shown(left)} → {_shown(right)}"


def _named(place: str) -> str:
    """`/request/participants/*/role` as people read it: `request participants/*/role`."""
    return place.removeprefix("/").replace("/", " ", 1)


def _type(said: Any) -> str:
    types = said.get("type", "") if isinstance(said, dict) else ""
    return f", {types if isinstance(types, str) else ' or '.join(types)}" if types else ""


def _shown(value: Any) -> str:
    return "nothing" if value in (None, []) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
