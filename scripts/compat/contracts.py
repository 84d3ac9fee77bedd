"""How two contracts differ for callers of the client: operation by operation, and then whatever is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scripts.compat.access import argument_differences, server_differences, variable_differences
from scripts.compat.change import EVERY_OPERATION, Change, Difference
from scripts.compat.operations import OperationComparison
from scripts.compat.references import References
from scripts.compat.rules import RULES
from scripts.compat.words import is_for_people
from scripts.contract import METHODS, Operation, json_pointer, read_operations, root, same_value, value_or_none

_SHOWN = 40  # characters of a text that is for people


def compare(former: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every change between two documents, each of which is a contract that can be used; the gravest first.

    Nothing is left out: what no rule of meaning explains is told as a change of the documentation.
    """
    comparison = _Comparison(former, new)
    comparison.run()
    changes = dict.fromkeys(comparison.changes)
    order = {pointer: index for index, pointer in enumerate(_pointers(new))} if len(changes) > 1 else {}
    return sorted(changes, key=lambda each: (-each.rule.impact, each.operation, order.get(each.pointer, -1)))


@dataclass
class _Comparison:
    former: Mapping[str, Any]
    new: Mapping[str, Any]
    changes: list[Change] = field(default_factory=list)
    _moved: list[tuple[Operation, Operation]] = field(default_factory=list)

    def run(self) -> None:
        self._comparison = OperationComparison(self.former, self.new)
        gone, added = _operations(self.former), _operations(self.new)
        for key in list(gone):
            if key in added:
                self._operation(gone.pop(key), added.pop(key))
        self._moved = _take_moved(gone, added)
        for was, now in self._moved:
            path = json_pointer(["paths", was.path])
            words = f"{was.label} → {now.label}"
            self._tell(now.label, [Difference("operation-moved", now.place.pointer, words, (path,))])
            self._operation(was, now)
        for was in gone.values():
            covers = _only_in(self.former, self.new, was.definition)
            self._tell(was.label, [Difference("operation-removed", was.place.pointer, "no longer", covers)])
        for now in added.values():
            covers = _only_in(self.new, self.former, now.definition)
            self._tell(now.label, [Difference("operation-added", now.place.pointer, "new", covers)])
        self._tell(EVERY_OPERATION, variable_differences(self.former, self.new))
        self._tell(EVERY_OPERATION, argument_differences(self.former, self.new))
        self._tell_what_is_left()

    def _tell(self, operation: str, differences: Iterable[Difference]) -> None:
        self.changes += [
            Change(RULES[each.rule], operation, each.pointer, each.what, frozenset({each.pointer, *each.covers}))
            for each in differences
        ]

    def _operation(self, was: Operation, now: Operation) -> None:
        are_shared = was.servers.pointer == now.servers.pointer == "/servers"  # and not its own, or those of its path
        self._tell(EVERY_OPERATION if are_shared else now.label, server_differences(was.servers, now.servers))
        self._tell(now.label, self._comparison.differences(was, now))

    def _tell_what_is_left(self) -> None:
        explained = {pointer for each in self.changes for pointer in each.covers}
        above_explained = {pointer for each in explained for pointer in _up_from(each)}
        # What is for people is explained only by what came or went with it.
        whole = {each.pointer for each in self.changes if each.rule.name.endswith(("-added", "-removed"))}
        for pointer, words in self._literal_differences():
            above = {*_up_from(pointer)}
            if is_for_people(pointer):
                is_explained = not whole.isdisjoint(above)
            else:
                is_explained = pointer in above_explained or not explained.isdisjoint(above)
            if not is_explained:
                labels = {label for each in above for label in self._labels.get(each, ())}
                for label in sorted(labels) or [EVERY_OPERATION]:
                    self._tell(label, [Difference(_rule_of_what_is_left(pointer), pointer, words)])

    def _literal_differences(self) -> Iterator[tuple[str, str]]:
        """Where the documents differ to the letter, and how; of operations that moved, what is for people."""
        yield from _differences(self.former, self.new)
        for was, now in self._moved:
            for pointer, words in _differences(was.definition, now.definition):
                if is_for_people(now.place.pointer + pointer):
                    yield now.place.pointer + pointer, words

    @cached_property  # which takes time, and is mostly not asked for
    def _labels(self) -> dict[str, set[str]]:
        """By pointer, the labels of the operations that it speaks of."""
        found: dict[str, set[str]] = {}
        for document, references in zip((self.former, self.new), self._comparison.references, strict=True):
            for operation in read_operations(root(document)):
                for pointer in _reach(operation, references):
                    found.setdefault(pointer, set()).add(operation.label)
        return found


def _operations(document: Mapping[str, Any]) -> dict[str, Operation]:
    """By method and path, whatever the names of the parameters in it."""
    return {re.sub(r"\{[^{}]*\}", "{}", each.label): each for each in read_operations(root(document))}


def _take_moved(gone: dict[str, Operation], added: dict[str, Operation]) -> list[tuple[Operation, Operation]]:
    """Take out of the operations that went and came those of one operationId: they have another path or method now."""
    by_id = {each.operation_id: key for key, each in added.items() if each.operation_id}
    moved: list[tuple[Operation, Operation]] = []
    for key, was in list(gone.items()):
        if was.operation_id in by_id:
            moved.append((gone.pop(key), added.pop(by_id.pop(was.operation_id))))
    return moved


def _reach(operation: Operation, references: References) -> set[str]:
    """The pointers of what speaks of an operation."""
    shared = [item.below(key) for item in operation.items for key in item.raw if key not in METHODS]
    parts = [operation.place, *shared]
    return {each.pointer for each in parts} | references.of([each.raw for each in parts])


def _only_in(document: Mapping[str, Any], other: Mapping[str, Any], raw: Any) -> tuple[str, ...]:
    """The pointers of what a part of a document refers to and the other one does not have."""
    return tuple(pointer for pointer in References(document).of(raw) if value_or_none(other, pointer) is None)


def _differences(one: Any, other: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, str]]:
    """The pointers at which two values differ, the deepest that both have, and how."""
    if one is other:
        return
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            if key not in other:
                yield json_pointer([*path, key]), "no longer"
            elif key not in one:
                yield json_pointer([*path, key]), "new"
            else:
                yield from _differences(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from _differences(*pair, (*path, index))
    elif not same_value(one, other):
        texts = isinstance(one, str) and isinstance(other, str)
        yield json_pointer(path), f"{_short(one)} → {_short(other)}" if texts else "changed"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


def _up_from(pointer: str) -> Iterator[str]:
    """A pointer, and those of all that it stands in."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _rule_of_what_is_left(pointer: str) -> str:
    if pointer.endswith("/x-source"):
        return "source-changed"
    return "description-changed" if is_for_people(pointer) and "/x-" not in pointer else "said-otherwise"


def _pointers(value: Any, pointer: str = "") -> Iterator[str]:
    """Every pointer of a document, in its order."""
    yield pointer
    if isinstance(value, Mapping | list):
        for key, child in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _pointers(child, pointer + json_pointer([key]))
