"""A document as it is put together from a text: its values, their lines, and what the text says that JSON cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from scripts.contract.faults import Fault
from scripts.contract.lines import Lines
from scripts.contract.pointers import json_pointer

DEEPEST = 100  # five times what public contracts have; what reads them further on goes down by calls
LARGEST = 1_000_000  # values that aliases may unfold to
LONGEST = 300  # digits of a number: no double has more before its point

_HALF = re.compile("[\ud800-\udfff]")


class TextError(Exception):
    """The text cannot be read any further."""

    def __init__(self, reason: str, line: int, pointer: str | None = None) -> None:
        self.fault = Fault(reason, pointer, line)
        super().__init__(reason)


@dataclass(frozen=True)
class Reading:
    """What a text says. Where something has a fault, a value stands in that the rest can be judged with."""

    value: Any
    lines: Lines
    faults: tuple[Fault, ...]
    unread: frozenset[str] = frozenset()
    """The JSON pointers at which another value stands in."""
    is_whole: bool = True
    """Whether the text could be read to its end."""


@dataclass(slots=True)
class _Container:
    """An object or array whose end is not read yet. `key` is what its next value stands under."""

    value: dict[str, Any] | list[Any]
    lines: Lines
    key: str | None = None
    key_line: int = 0
    key_is_merge: bool = False
    merged: list[tuple[dict[str, Any], Lines]] = field(default_factory=list)
    size: int = 1
    anchor: str | None = None


class _Anchored(NamedTuple):
    """What an anchor names."""

    value: Any
    lines: Lines
    size: int


class Tree:
    """Puts a document together, part by part in the order of its text."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._count = 0
        self._containers: list[_Container] = []
        self._anchors: dict[str, _Anchored | None] = {}  # None until it is read whole
        self._faults: list[Fault] = []
        self._unread: set[str] = set()
        self._root: tuple[Any, Lines] | None = None

    def reading(self) -> Reading:
        """What was put together."""
        value, lines = self._root or (None, Lines(1))
        return Reading(value, lines, tuple(self._faults), frozenset(self._unread))

    def failed(self, error: TextError) -> Reading:
        """What is told where the text cannot be read any further."""
        return Reading(None, Lines(1), (*self._faults, error.fault), is_whole=False)

    @property
    def is_whole(self) -> bool:
        """Whether nothing may follow."""
        return self._root is not None

    @property
    def awaits_key(self) -> bool:
        """Whether a key comes next, or the end of an object."""
        innermost = self._containers[-1] if self._containers else None
        return innermost is not None and isinstance(innermost.value, dict) and innermost.key is None

    def start(self, value: dict[str, Any] | list[Any], line: int, anchor: str | None = None) -> None:
        """Begin an object or an array."""
        if len(self._containers) == DEEPEST:
            raise TextError(f"is nested more than {DEEPEST} deep", line, self._pointer())
        if anchor is not None:
            self._anchors[anchor] = None
        self._containers.append(_Container(value, self._lines(line), anchor=anchor))

    def end(self) -> None:
        """End the innermost object or array."""
        done = self._containers.pop()
        value: Any = done.value
        if done.merged:
            layers = [*reversed(done.merged), (value, done.lines)]  # what stands there already wins
            value = {key: each for layer, _ in layers for key, each in layer.items()}
            done.lines.below = {key: each for _, lines in layers for key, each in lines.below.items()}
        self._add(value, done.lines, done.size, done.anchor)

    def key(self, text: str, line: int, *, is_merge: bool = False, fault: str | None = None) -> None:
        """The key that the next value of the innermost object stands under."""
        holder = self._containers[-1]
        holder.key, holder.key_line, holder.key_is_merge = self._without_halves(text), line, is_merge
        if fault or holder.key != text:
            self.fault(fault or _half_fault(text), line)

    def scalar(self, value: Any, line: int, anchor: str | None = None, fault: str | None = None) -> None:
        """A value that holds no others."""
        if isinstance(value, str) and (whole := self._without_halves(value)) != value:
            fault, value = _half_fault(value), whole
        if fault:
            self.fault(fault, line)
            if value in (None, 0):
                self._unread.add(self._pointer())
        self._add(value, self._lines(line), 1, anchor)

    def alias(self, name: str, line: int) -> None:
        """What an anchor names, once more."""
        known = self._anchors.get(name)
        if known is None:
            is_open = name in self._anchors
            reason = "is an alias of something that it stands in" if is_open else f"*{name} names nothing"
            self.scalar(None, line, fault=reason)
            return
        if sum(each.size for each in self._containers) + known.size > LARGEST:
            raise TextError(f"its aliases unfold to more than {LARGEST:,} values", line, self._pointer())
        self._add(known.value, known.lines, known.size)

    def _lines(self, line: int) -> Lines:
        self._count += 1
        return Lines(line, self._count)

    def _add(self, value: Any, lines: Lines, size: int, anchor: str | None = None) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(value, lines, size)
        if not self._containers:
            self._root = value, lines
            return
        holder = self._containers[-1]
        holder.size += size
        if isinstance(holder.value, list):
            holder.lines.below[str(len(holder.value))] = lines
            holder.value.append(value)
        elif holder.key_is_merge:
            self._merge(holder, value, lines)
        elif holder.key is not None:
            self._set(holder, holder.key, value, Lines(holder.key_line, lines.order, lines.below))
        holder.key = None

    def _set(self, holder: _Container, key: str, value: Any, lines: Lines) -> None:
        assert isinstance(holder.value, dict)  # noqa: S101 - tells type checkers
        if key not in holder.value:
            holder.value[key], holder.lines.below[key] = value, lines
            return
        former, former_lines = holder.value[key], holder.lines.below[key]
        reason = f'duplicate key "{key}", which stands in line {former_lines.line} already'
        self.fault(f"is not valid {self._language}: {reason}", lines.line)
        if isinstance(former, dict) and isinstance(value, dict):  # so that what stands in either is not missed
            holder.value[key] = {**value, **former}
            former_lines.below = {**lines.below, **former_lines.below}

    def _merge(self, holder: _Container, value: Any, lines: Lines) -> None:
        parts = [(value, lines)]
        if isinstance(value, list):
            parts = [(each, lines.below[str(index)]) for index, each in enumerate(value)]
        if all(isinstance(each, dict) for each, _ in parts):
            holder.merged += parts
        else:
            self.fault("takes in something that is no mapping", holder.key_line)

    def fault(self, reason: str, line: int) -> None:
        """Something that the text says of the next value, and JSON cannot."""
        self._faults.append(Fault(reason, self._pointer(), line))

    def _pointer(self) -> str:
        return json_pointer(self._path())

    def _path(self) -> Iterator[str | int]:
        for each in self._containers:
            if isinstance(each.value, list):
                yield len(each.value)
            elif each.key is not None:
                yield each.key

    @staticmethod
    def _without_halves(text: str) -> str:
        return text if text.isascii() else _HALF.sub("\ufffd", text)


def _half_fault(text: str) -> str:
    found = _HALF.search(text)
    code = f"\\u{ord(found[0]):04x}" if found else ""
    return f"holds {code}, half of a surrogate pair, which is no character; write both halves"


def whole_number(digits: str, base: int = 10) -> tuple[int, str | None]:
    """The number that a text says, and its fault if it has one."""
    if len(digits) > LONGEST:
        return 0, f"is a number of {len(digits)} digits, more than JSON can carry to others"
    return int(digits, base), None


def real_number(text: str) -> tuple[float | None, str | None]:
    """The same of one that is not whole."""
    value = float(text)
    return (value, None) if abs(value) != float("inf") else (None, f"is {text}, more than a number of JSON can be")
