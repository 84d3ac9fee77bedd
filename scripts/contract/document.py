"""A contract's file: its text becomes a document that is valid OpenAPI 3.1, and keeps its lines."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from scripts.contract.faults import ContractError, Fault, with_lines
from scripts.contract.lines import Lines
from scripts.contract.place import Place, root
from scripts.contract.text import read_text
from scripts.contract.tree import Reading
from scripts.contract.validation import document_faults


@dataclass(frozen=True)
class Contract:
    """A contract that was read and found to be valid OpenAPI 3.1: its file, its text and its value."""

    path: Path
    text: str
    document: dict[str, Any]
    lines: Lines = field(repr=False, compare=False)

    @cached_property
    def root(self) -> Place:
        """Where a walk through it begins, which knows the lines."""
        return root(self.document, self.lines)

    def error(self, faults: Iterable[Fault]) -> ContractError:
        """Those faults as an error, each with the line that its pointer, or the nearest one above, stands on."""
        return ContractError(self.path, with_lines(faults, self.lines))


def read(path: Path) -> Contract:
    """Read and judge a contract. Raises `ContractError` where the file cannot be read, and as `parse` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContractError(path, [Fault(f"cannot be read: {error.strerror}")]) from None
    return parse(path, content)


def parse(path: Path, content: bytes) -> Contract:
    """Judge what was read of a contract's file.

    Raises `ContractError` with all that is wrong, where it is neither YAML nor JSON, repeats a key, or is not valid
    OpenAPI 3.1 that holds together by itself.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        hint = ", but UTF-16; save it as UTF-8" if is_wide else ""
        line = content.count(b"\n", 0, error.start) + 1
        raise ContractError(path, [Fault(f"is not UTF-8 at byte {error.start}{hint}", line=line)]) from None
    reading, faults = _judged(text, is_json=path.suffix.lower() == ".json")
    if faults:
        raise ContractError(path, faults)
    return Contract(path, text, deepcopy(reading.value), reading.lines)


@lru_cache(maxsize=8)  # what a run compares is mostly one text: the contract, the committed one, the released one
def _judged(text: str, *, is_json: bool) -> tuple[Reading, Sequence[Fault]]:
    """What a text holds, and its faults. Not to be changed."""
    reading = read_text(text, is_json=is_json)
    found = document_faults(reading.value, reading.unread) if reading.is_whole else ()
    return reading, with_lines([*reading.faults, *found], reading.lines)
