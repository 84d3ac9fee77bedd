"""What is wrong with a contract, by line and JSON pointer, whichever part of the project finds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.contract.lines import Lines
from scripts.contract.pointers import pointer_parts


@dataclass(frozen=True)
class Fault:
    """One place where the contract cannot be used, and why."""

    reason: str
    pointer: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"#{self.pointer}: {self.reason}" if self.pointer else self.reason


class ContractError(Exception):
    """The contract cannot be used. `faults` holds at least one place and reason."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}{f':{fault.line}' if fault.line else ''}: {fault}" for fault in faults))


def with_lines(faults: Iterable[Fault], lines: Lines) -> list[Fault]:
    """Faults with the line that the pointer of each, or the nearest one above, stands on; in the order of the text.

    What stands there by several aliases is told once.
    """
    found: dict[tuple[object, ...], tuple[int, int, Fault]] = {}
    for fault in faults:
        place, rest = lines.at(pointer_parts(fault.pointer or ""))
        line = place.line if fault.line is None and fault.pointer is not None else fault.line
        found.setdefault((place, *rest, fault.reason), (line or 0, place.order, replace(fault, line=line)))
    return [fault for _, _, fault in sorted(found.values(), key=lambda each: each[:2])]
