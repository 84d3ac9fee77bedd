"""Contracts of any number of operations: copies of another's, or of every shape that the client must express.

A number gives one contract.
"""

import copy
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from scripts.contract import METHODS, pointer_of, reachable, read, value_at

SHAPES = Path(__file__).with_name("shapes.yaml")

# A component, or a part of one, as a reference and a mapping of a discriminator name it.
_COMPONENT = re.compile(r"^#/components/\w+/[^/]+")

# What is copied of the components: all that operations refer to.
KINDS = ("schemas", "parameters", "requestBodies", "responses", "headers")


def grown(operations: int, shapes: dict[str, Any] | None = None) -> dict[str, Any]:
    """A contract of that many operations, copied from those of another. Each copy has tags, paths and schemas of its
    own."""
    shapes = _shapes() if shapes is None else shapes
    components: dict[str, dict[str, Any]] = {key: {} for key in shapes["components"]}
    grown: dict[str, Any] = {**shapes, "paths": {}, "components": components, "tags": []}
    wanted = [key for key in shapes["paths"] for key in _operations(shapes["paths"][key])]
    for number in range(-(-operations // len(wanted))):
        left = operations - number * len(wanted)
        part = _numbered(shapes, number)
        for path, item in part["paths"].items():
            here = list(_operations(item))
            for method in here[max(left, 0) :]:
                del item[method]
            left -= len(here)
            if any(_operations(item)):
                grown["paths"][path] = item
        grown["tags"] += part["tags"]
        for kind, parts in part["components"].items():
            components[kind] |= parts
    _drop_unused(grown)
    return grown


def repeated(times: int, document: dict[str, Any]) -> dict[str, Any]:
    """A contract with each operation of another so many times, each at a path of its own. All share the components."""
    paths: dict[str, Any] = {}
    for number in range(times):
        for path, item in copy.deepcopy(document["paths"]).items():
            for method in _operations(item) if number else ():
                item[method]["operationId"] += f" {number}"
            paths[f"/{number}{path}" if number else path] = item
    return {**document, "paths": paths}


def copies(number: int) -> dict[str, Any]:
    """A contract with so many copies of every shape."""
    return grown(number * len(list(operations_of(_shapes()))))


def operations_of(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The method and the raw operation of each."""
    for item in contract["paths"].values():
        for method in _operations(item):
            yield method, item[method]


@cache
def _shapes() -> dict[str, Any]:
    return read(SHAPES).document


def _operations(item: dict[str, Any]) -> Iterator[str]:
    return (method for method in METHODS if method in item)


def _copied_parts(contract: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, parts) for kind, parts in contract["components"].items() if kind in KINDS]


def _numbered(shapes: dict[str, Any], number: int) -> dict[str, Any]:
    """A copy of the shapes; all but the first with a number in every name that has to differ."""
    if number == 0:
        return copy.deepcopy(shapes)
    part: dict[str, Any] = _with_references(shapes, number)
    part["tags"] = [{**tag, "name": f"{tag['name']} {number}"} for tag in part["tags"]]
    part["paths"] = {f"/{number}{path}": item for path, item in part["paths"].items()}
    for kind, parts in _copied_parts(part):
        part["components"][kind] = {f"{name}{number}": each for name, each in parts.items()}
    for _, operation in operations_of(part):
        operation["tags"] = [f"{tag} {number}" for tag in operation["tags"]]
        is_named = "operationId" in operation
        if is_named:
            operation["operationId"] += f" {number}"
        if call := operation.get("x-call"):
            method = call["method"]
            call["method"] = f"{method}_{number}" if is_named else re.sub("^get_", f"get_{number}_", method)
            call["request"]["path"] = f"/{number}{call['request']['path']}"
    return part


def _with_references(value: Any, number: int) -> Any:
    if isinstance(value, dict):
        return {key: _with_references(each, number) for key, each in value.items()}
    if isinstance(value, str):
        return _COMPONENT.sub(rf"\g<0>{number}", value)
    return [_with_references(each, number) for each in value] if isinstance(value, list) else value


def _drop_unused(contract: dict[str, Any]) -> None:
    """Leave out the components that no operation refers to: there is as much of the contract as operations."""
    used = set(reachable(_references(contract["paths"]), lambda ref: _references(value_at(contract, pointer_of(ref)))))
    for kind, parts in _copied_parts(contract):
        contract["components"][kind] = {
            name: each for name, each in parts.items() if f"#/components/{kind}/{name}" in used
        }


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, str) and (component := _COMPONENT.match(value)):
        yield component[0]
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
