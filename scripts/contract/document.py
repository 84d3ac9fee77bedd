"""A contract's file: its text becomes a document that is valid OpenAPI 3.1, and keeps its lines."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from scripts.contract.faults import ContractError, Fault, with_lines
from scripts.contract.lines import Lines
from scripts.contract.place import Place, root
from scripts.contract.validation import first_line, found_faults


@dataclass(frozen=True)
class Contract:
    """A contract that was read and found to be valid OpenAPI 3.1: its file, its text and its value."""

    path: Path
    text: str
    document: dict[str, Any]

    @cached_property
    def root(self) -> Place:
        """Where a walk through it begins, which knows the lines."""
        return root(self.document, Lines(self.text))

    def error(self, faults: Iterable[Fault]) -> ContractError:
        """Those faults as an error, each with the line that its pointer, or the nearest one above, stands on."""
        return ContractError(self.path, with_lines(faults, Lines(self.text)))


def read(path: Path) -> Contract:
    """Read and judge a contract. Raises `ContractError` where the file cannot be read, and as `parse` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContractError(path, [Fault(f"cannot be read: {error.strerror}")]) from None
    return parse(path, content)


def parse(path: Path, content: bytes) -> Contract:
    """Judge what was read of a contract's file.

    Raises `ContractError` where it is not YAML, repeats a key, or is not valid OpenAPI 3.1 that holds together by
    itself.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(path, [Fault(f"is not UTF-8 at byte {error.start}")]) from None
    document, faults = _judged(text)
    if faults:
        raise ContractError(path, faults)
    return Contract(path, text, deepcopy(document))


@lru_cache(maxsize=8)  # what a run compares is mostly one text: the contract, the committed one, the released one
def _judged(text: str) -> tuple[dict[str, Any], Sequence[Fault]]:
    """What a text holds, and its faults. Not to be changed."""
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        reason = " ".join(str(error.problem or error.context).split())
        return {}, [Fault(f"is not valid YAML: {reason}", line=line)]
    except (YAMLError, ValueError, RecursionError) as error:
        return {}, [Fault(f"is not valid YAML: {first_line(str(error))}")]
    if not isinstance(document, dict):
        return {}, [Fault("is not an OpenAPI document: expected a mapping at the top", line=1)]
    return document, with_lines(found_faults(document), Lines(text))
