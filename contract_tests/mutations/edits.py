"""What is done to a contract at one place of it. Paths are keys and indexes from where an edit begins."""

import copy
from collections.abc import Callable
from typing import Any

from scripts.contract import json_pointer, value_at

Document = dict[str, Any]
Edit = Callable[[Any], object]


def put(*path: str | int, value: Any) -> Edit:
    """Say this at a path, whatever stands there."""

    def edit(whole: Any) -> None:
        _holder(whole, path)[path[-1]] = value

    return edit


def drop(*path: str | int) -> Edit:
    """Say nothing at a path any more."""
    return lambda whole: _holder(whole, path).pop(path[-1])


def rename(*path: str | int, to: str) -> Edit:
    """Say the same under another name."""

    def edit(whole: Any) -> None:
        holder = _holder(whole, path)
        holder[to] = holder.pop(path[-1])

    return edit


def below(pointer: str, edit: Edit) -> Edit:
    """The same edit, of what stands at a JSON pointer."""
    return lambda document: edit(value_at(document, pointer))


def with_edit(document: Document, edit: Edit) -> Document:
    """A copy of a contract with one edit."""
    document = copy.deepcopy(document)
    edit(document)
    return document


def _holder(whole: Any, path: tuple[str | int, ...]) -> Any:
    return value_at(whole, json_pointer(path[:-1]))
