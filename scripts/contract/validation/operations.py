"""Whether operations, their parameters and their security go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from scripts.contract.faults import Fault
from scripts.contract.operations import METHODS
from scripts.contract.parts import Part, Parts
from scripts.contract.pointers import json_pointer, pointer_parts
from scripts.contract.validation.wording import did_you_mean, nearest


def operation_faults(parts: Parts, misspelt: Set[str]) -> Iterator[Fault]:
    """Names given twice, parameters that do not go with their path, security schemes that are none."""
    yield from _repeated_operation_ids(parts)
    yield from _repeated_tags(parts)
    if not misspelt & {"/components", "/components/securitySchemes"}:
        yield from _security_faults(parts)
    for item in parts.of("path item"):
        if item.holder == "" and item.field == "paths":
            yield from _path_faults(parts, item)
    for part in parts.by_pointer.values():
        if part.kind in ("path item", "operation"):
            yield from _repeated_parameters(parts, part)


def _repeated_operation_ids(parts: Parts) -> Iterator[Fault]:
    """The operations of paths that have the operationId of another one."""
    first: dict[str, str] = {}
    for part in parts.of("operation"):
        name = part.stated.get("operationId")
        if isinstance(name, str) and part.pointer.startswith("/paths/"):
            _, path, method, *_ = pointer_parts(part.pointer)
            label = f"{method.upper()} {path}"
            if first.setdefault(name, label) != label:
                yield Fault(f"{name!r} is not unique: {first[name]} has it", part.below("operationId"))


def _repeated_tags(parts: Parts) -> Iterator[Fault]:
    tags = parts.document.get("tags")
    listed = tags if isinstance(tags, list) else []
    names = [each.get("name") if isinstance(each, dict) else None for each in listed]
    for at, name in enumerate(names):
        if isinstance(name, str) and name in names[:at]:
            yield Fault(f"the tag {name} is declared twice", json_pointer(["tags", at, "name"]))


def _security_faults(parts: Parts) -> Iterator[Fault]:
    known = [pointer_parts(part.pointer)[-1] for part in parts.of("security scheme")]
    for part in parts.by_pointer.values():
        listed = part.stated.get("security") if part.kind in ("contract", "operation") else ()
        for at, requirement in enumerate(listed if isinstance(listed, list) else ()):
            for name in requirement if isinstance(requirement, dict) else ():
                if name not in known:
                    reason = f"is no security scheme of {', '.join(known) or 'components, which has none'}"
                    yield Fault(f"{reason}{did_you_mean(name, known)}", part.below("security", at, name))


def _path_faults(parts: Parts, item: Part) -> Iterator[Fault]:
    """What a path names and no parameter declares, and the other way round."""
    path = pointer_parts(item.pointer)[-1]
    named = dict.fromkeys(re.findall(r"\{([^{}]*)\}", path))
    referred = _target(parts, item)
    items = [item] if referred is None or referred is item else [item, referred]
    operations = [part for each in items for method in METHODS if (part := parts.by_pointer.get(each.below(method)))]
    undeclared: dict[str, list[str]] = {}
    for operation in operations:
        declared = _path_parameters(parts, [operation, *items])
        if declared is None:
            continue
        missing = [name for name in named if name not in declared]
        for name, pointer in declared.items():
            if name not in named:
                meant = nearest(name, missing)
                missing = [each for each in missing if each != meant]
                hint = f"; did you mean {meant}?" if meant else ""
                yield Fault(f"is in path, and the path {path} has no {{{name}}}{hint}", pointer)
        for name in missing:
            undeclared.setdefault(name, []).append(operation.pointer)
    for name, pointers in undeclared.items():
        reason = f"the path names {{{name}}}, and no parameter in path declares it"
        is_common = len(pointers) > 1 and len(pointers) == len(operations)
        for pointer in [item.pointer] if is_common else pointers:
            yield Fault(
                f"{reason}; write {{name: {name}, in: path, required: true, schema: …}} into parameters", pointer
            )


def _path_parameters(parts: Parts, holders: list[Part]) -> dict[str, str] | None:
    """Those in path by name, each with the pointer at which it stands there; None where one of them cannot be read."""
    found: dict[str, str] = {}
    for holder in holders:
        for part, stated in _parameters(parts, holder):
            if not (isinstance(stated.get("name"), str) and isinstance(stated.get("in"), str)):
                return None
            if stated["in"] == "path":
                found.setdefault(stated["name"], part.pointer)
    return found


def _repeated_parameters(parts: Parts, holder: Part) -> Iterator[Fault]:
    found: set[tuple[Any, Any]] = set()
    for part, stated in _parameters(parts, holder):
        key = str(stated.get("name")), str(stated.get("in"))
        if stated and key in found:
            yield Fault(f"is the parameter {key[0]} in {key[1]} again", part.pointer)
        found.add(key)


def _parameters(parts: Parts, holder: Part) -> Iterator[tuple[Part, Mapping[str, Any]]]:
    """Each parameter that is listed, and what it says or refers to; nothing where it leads to nothing."""
    listed = holder.stated.get("parameters")
    for at in range(len(listed) if isinstance(listed, list) else 0):
        part = parts.by_pointer[holder.below("parameters", at)]
        target = _target(parts, part)
        yield part, target.stated if target else {}


def _target(parts: Parts, part: Part) -> Part | None:
    """The part that a reference leads to in the end; itself where it is none, None where it leads to nothing."""
    passed: set[str] = set()
    while part.refers:
        if (
            part.pointer in passed
            or part.target not in parts.by_pointer
            or parts.by_pointer[part.target].kind != part.kind
        ):
            return None
        passed.add(part.pointer)
        part = parts.by_pointer[part.target]
    return part
