"""Edits of a contract, as the files beside this one write them: a value at a JSON pointer is set, removed or moved."""

import copy
import json
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.contract import json_pointer, pointer_parts, value_at

Document = dict[str, Any]


def edited(document: Mapping[str, Any], edits: Iterable[Mapping[str, Any]]) -> Document:
    """A copy of a contract with these edits, each `{set: pointer, to: value}`, `{remove: pointer}` or
    `{move: pointer, to: pointer}`. A list grows by setting what comes after its last item."""
    found: Document = json.loads(json.dumps(document))
    for edit in edits:
        if "set" in edit:
            _set(found, edit["set"], copy.deepcopy(edit["to"]))
        elif "remove" in edit:
            _pop(found, edit["remove"])
        else:
            _set(found, edit["to"], _pop(found, edit["move"]))
    return found


def _set(document: Document, pointer: str, value: Any) -> None:
    holder, key = _holder(document, pointer)
    if isinstance(holder, list) and int(key) == len(holder):
        holder.append(value)
    else:
        holder[int(key) if isinstance(holder, list) else key] = value


def _pop(document: Document, pointer: str) -> Any:
    holder, key = _holder(document, pointer)
    return holder.pop(int(key) if isinstance(holder, list) else key)


def _holder(document: Document, pointer: str) -> tuple[Any, str]:
    *above, key = pointer_parts(pointer)
    return value_at(document, json_pointer(above)), key
