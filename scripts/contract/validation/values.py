"""Whether defaults, constants and the members of enums fit the schemas that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationErrorKind

from scripts.contract.faults import Fault
from scripts.contract.parts import Part, Parts
from scripts.contract.pointers import json_pointer, pointer_parts
from scripts.contract.references import reachable, reference
from scripts.contract.validation.wording import expected_types, misfit

_MOST_TRIED = 50  # times that what cannot be judged is looked for

# What gives references and their targets another meaning than OpenAPI's.
_REBASING = frozenset({"$dynamicRef", "$id", "$schema"})


@dataclass(frozen=True)
class _SchemaValue:
    """A value that has to fit the schema that it stands in."""

    pointer: str
    value: Any
    schema: str
    is_default: bool


def value_faults(parts: Parts, wrong: Iterable[str]) -> Iterator[Fault]:
    """Values that do not fit, in schemas where nothing else is wrong, nor in those that they refer to.

    A default of null says that there is none, and one that fits several of oneOf is no fault of the default. Of
    constants and enums the type alone is told: they may narrow what stands beside them.
    """
    unsound = _unsound(parts, wrong)
    values = [each for part in parts.of("schema") if part.pointer not in unsound for each in _values_in(part)]
    for about, error in _misfits(parts.document, values):
        path = list(error.instance_path)[1:]
        is_told = not _fits_several(error) if about.is_default else not path and expected_types(error)
        if is_told:
            yield Fault(f"does not fit its schema: {misfit(error)}", about.pointer + json_pointer(path))


def _values_in(part: Part) -> Iterator[_SchemaValue]:
    schema = part.stated
    if schema.get("default") is not None:
        yield _SchemaValue(part.below("default"), schema["default"], part.pointer, is_default=True)
    if "const" in schema:
        yield _SchemaValue(part.below("const"), schema["const"], part.pointer, is_default=False)
    for at, value in enumerate(schema.get("enum", ())):
        yield _SchemaValue(part.below("enum", at), value, part.pointer, is_default=False)


def _fits_several(error: Any) -> bool:
    """Whether a value fits more than one of oneOf."""
    return isinstance(error.kind, ValidationErrorKind.OneOfMultipleValid)


def _misfits(document: Any, values: Sequence[_SchemaValue]) -> Iterator[tuple[_SchemaValue, Any]]:
    """The errors about values, all judged at once; without those whose schemas the judge cannot take."""
    waiting = [values] if values else []
    for _ in range(_MOST_TRIED):
        if not waiting:
            return
        some = waiting.pop()
        schema = {**document, "prefixItems": [{"$ref": reference(each.schema)} for each in some]}
        try:
            judge = Draft202012Validator(schema)
        except Exception:  # noqa: BLE001 - it raises what it likes, and of none alone
            half = len(some) // 2
            waiting += [some[half:], some[:half]] if half else []
            continue
        for error in judge.iter_errors([each.value for each in some]):
            yield some[int(error.instance_path[0])], error


def _unsound(parts: Parts, wrong: Iterable[str]) -> set[str]:
    """The schemas in which something is wrong, by its pointer, that hold such a schema, or refer to one."""
    above = {json_pointer(path[:end]) for path in map(pointer_parts, wrong) for end in range(len(path) + 1)}
    dependents: dict[str, list[str]] = {}
    unsound: list[str] = []
    for part in parts.by_pointer.values():
        dependents.setdefault(part.pointer, []).append(part.holder)
        if part.target is not None:
            dependents.setdefault(part.target, []).append(part.pointer)
        if part.pointer in above or _REBASING & part.stated.keys():
            unsound.append(part.pointer)
    return set(reachable(unsound, lambda pointer: dependents.get(pointer, ())))
