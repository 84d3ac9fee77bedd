"""A contract of which the client can say a part: which operations it cannot, and the contract without these."""

from collections.abc import Iterable, Mapping
from typing import Any

from scripts.codegen.python import refused
from scripts.contract import (
    Fault,
    Operation,
    direct_references,
    json_pointer,
    reachable,
    read_operations,
    root,
    value_or_none,
)


class PartialContract:
    """What of a contract the client can say."""

    def __init__(self, document: Mapping[str, Any], faults: Iterable[Fault] = ()) -> None:
        """`faults` are those that the document is known to have; without any, the client is asked for its own."""
        self._document = document
        self._referred: dict[str, set[str]] = {}
        self._operations = list(read_operations(root(document)))
        self.faults: list[Fault] = list(faults) or refused(document)
        """All that it cannot, also what no operation uses."""
        self.refused = {each.label: found for each in self._operations if (found := self._in_the_way(_pointers(each)))}
        """The operations that it cannot say, by label, each with what stands in the way: in it, or in what it uses."""

    def document(self) -> dict[str, Any]:
        """The contract without these operations, and without the webhooks, components and tags that it cannot say."""
        left = dict(self._document)
        left["paths"] = paths = dict(left.get("paths", {}))
        for each in self._operations:
            if each.label in self.refused:
                item = paths[each.path]
                if "$ref" in item:  # others may share what it refers to
                    item = {**each.items[-1].raw, **{key: value for key, value in item.items() if key != "$ref"}}
                paths[each.path] = {key: value for key, value in item.items() if key != each.method}
        if "webhooks" in left:
            left["webhooks"] = self._without_faults(left["webhooks"], "webhooks")
        if isinstance(tags := left.get("tags"), list):
            left["tags"] = [tag for at, tag in enumerate(tags) if not self._in_the_way([json_pointer(["tags", at])])]
        left["components"] = {
            kind: each if kind == "securitySchemes" else self._without_faults(each, "components", kind)
            for kind, each in left.get("components", {}).items()
        }
        return left

    def _without_faults(self, named: Mapping[str, Any], *keys: str) -> dict[str, Any]:
        return {name: each for name, each in named.items() if not self._in_the_way([json_pointer([*keys, name])])}

    def _in_the_way(self, pointers: Iterable[str]) -> list[Fault]:
        """The faults in these parts of the document, and in what they refer to."""
        if not self.faults:
            return []
        parts = reachable(pointers, self._referred_by)
        return [fault for fault in self.faults if any(f"{fault.pointer}/".startswith(f"{part}/") for part in parts)]

    def _referred_by(self, pointer: str) -> set[str]:
        if pointer not in self._referred:
            # A reference that leads nowhere is a fault of its own.
            self._referred[pointer] = direct_references(value_or_none(self._document, pointer))
        return self._referred[pointer]


def _pointers(operation: Operation) -> list[str]:
    """Where it stands that says something of an operation, but for what these parts refer to."""
    schemes = {name for alternative in operation.security.raw for name in alternative}
    parts = [operation.security, operation.servers, *(each.place for each in operation.parameters)]
    around = [each.pointer for each in parts if each.raw]
    return [operation.pointer, *around, *(json_pointer(["components", "securitySchemes", each]) for each in schemes)]
