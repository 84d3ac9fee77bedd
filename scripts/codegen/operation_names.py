"""What each operation of a contract is called in Python."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString

from scripts.codegen import names
from scripts.contract import Operation


@dataclass(frozen=True)
class OperationName:
    """The names of an operation: `client.<attribute>.<method>`, and `api.<tag>.<name>` in the lower layer."""

    tag: str
    name: str
    method: str

    @property
    def attribute(self) -> str:
        """The attribute of a client that holds the operations of the tag."""
        return names.free(self.tag, names.CLIENT_NAMES)

    @property
    def whole(self) -> "OperationName":
        """The same with all words of its name in that of the method."""
        return replace(self, method=_as_method(self.name))

    @property
    def is_reserved(self) -> bool:
        """Whether the method has a name that means something else."""
        return names.is_reserved(self.method, names.RESOURCE_NAMES)


def operation_names(operations: Iterable[Operation]) -> dict[str, OperationName]:
    """The names of all operations of a contract, by label.

    Of one tag, two have the same name only where their operationIds are the same in Python.
    """
    found: dict[str, OperationName] = {}
    taken = Counter[tuple[str, str]]()
    # Those that the contract names come first: one that is named after its place gives way.
    for each in sorted(operations, key=lambda each: each.operation_id is None):
        tag = names.identifier(each.tag or "default", "tag")
        name = first = names.identifier(each.operation_id or _place(each))
        while each.operation_id is None and taken[tag, name]:
            taken[tag, first] += 1
            name = f"{first.rstrip('_')}_{taken[tag, first]}"
        taken[tag, name] += 1
        found[each.label] = OperationName(tag, name, _as_method(names.method_name(name, tag)))
    while longer := _longer(found):
        found |= longer
    return found


def _longer(found: dict[str, OperationName]) -> dict[str, OperationName]:
    """The whole names of those whose shortened ones collide or are reserved."""
    methods = Counter((each.tag, each.method) for each in found.values())
    return {
        label: each.whole
        for label, each in found.items()
        if each != each.whole and (methods[each.tag, each.method] > 1 or each.is_reserved)
    }


def _place(operation: Operation) -> str:
    """What the generator makes of an operation without a name: its method and its path."""
    return str(generate_operation_id(path=UntrustedString(operation.path), method=operation.method, prefix=""))


def _as_method(name: str) -> str:
    """A name as that of a method, where a builtin's does no harm."""
    return name.rstrip("_")
