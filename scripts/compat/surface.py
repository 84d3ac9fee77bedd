"""The Python surface of a client: every name that callers import, call or read, as griffe finds it in the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import griffe

from scripts.codegen.generator import PACKAGE
from scripts.compat.change import SurfaceChange
from scripts.compat.rules import RULES

# Where callers look: modules whose `__all__` they import from, and folders whose modules they call or meet.
_EXPORTING = ("", "models", "errors")
_FOLDERS = ("api", "resources")

_LITERAL = ("'", '"', "-", *"0123456789")  # how the value of a member of an enum begins

_OPEN_ENUMS = {"OpenStrEnum": "str", "OpenIntEnum": "int"}

# Types of which one that holds less can stand for one that may hold more; the key of a mapping is a text everywhere.
_COVARIANT = ("Iterable", "Mapping")

_POSITIONAL = ("positional-only", "positional or keyword")


@dataclass(frozen=True)
class Argument:
    """An argument: how it is given, its type, and its default as Python; None: it has none."""

    kind: str
    type: str
    default: str | None = None


@dataclass(frozen=True)
class Name:
    """What a name stands for: a `class`, a `function`, an `async function` or an `attribute`.

    `type` is what a function gives or an attribute holds, the value of a member of an enum.
    """

    kind: str
    type: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    bases: tuple[str, ...] = ()


Surface = Mapping[str, Name]
"""By dotted name below the package, such as `models.Call.status`."""


def read(folder: Path) -> Surface:
    """The surface of the client in a folder. Raises ValueError where there is none, or not the whole of one."""
    try:
        return _read(folder)
    except (griffe.GriffeError, ImportError, KeyError, SyntaxError, UnicodeDecodeError) as error:
        raise ValueError(f"{folder} holds no client that can be read: {error}") from None


def _read(folder: Path) -> Surface:
    package = griffe.load(
        PACKAGE, search_paths=[str(folder)], allow_inspection=False, try_relative_path=False, submodules=True
    )
    assert isinstance(package, griffe.Module)  # noqa: S101 - tells type checkers
    found: dict[str, Name] = {}
    known: set[str] = set()
    for path in _EXPORTING:
        module = package[path] if path else package
        for name in map(str, module.exports or ()):
            _add(found, f"{path}.{name}".lstrip("."), module[name], known)
    for path in _FOLDERS:
        for module in _modules(package.members.get(path)):
            names = map(str, module.exports) if module.exports is not None else _own_public(module)
            for name in names:
                _add(found, f"{module.path.removeprefix(f'{PACKAGE}.')}.{name}", module[name], known)
    return found


def as_value(surface: Surface) -> dict[str, Any]:
    """A surface as JSON, without what is empty."""
    return {
        name: {key: value for key, value in asdict(each).items() if value} for name, each in sorted(surface.items())
    }


def from_value(value: Mapping[str, Any]) -> Surface:
    """A surface that `as_value` wrote."""
    return {
        name: Name(
            each["kind"],
            each.get("type", ""),
            {argument: Argument(**said) for argument, said in each.get("arguments", {}).items()},
            tuple(each.get("bases", ())),
        )
        for name, each in value.items()
    }


def compare(former: Surface, new: Surface, *, only_got: Set[str], only_given: Set[str]) -> list[SurfaceChange]:
    """Every change between two surfaces; the gravest first.

    `only_got` are the classes that callers get and do not make: their constructors are not judged. `only_given` are
    those that callers make and do not get: the types of their attributes are not judged.
    """

    def change(rule: str, name: str, what: str) -> SurfaceChange:
        return SurfaceChange(RULES[rule], name, what)

    renamed = dict(_renamed_classes(former, new))
    former = _with_names(former, renamed)
    found = [change("class-renamed", name, f"{old} → {name}") for old, name in renamed.items()]
    for name in former.keys() - new.keys():
        if not _has_parent(name, former, without=new):
            found.append(change("name-removed", name, f"{former[name].kind} no longer"))
    for name in new.keys() - former.keys():
        if not _has_parent(name, new, without=former):
            found.append(change("name-added", name, f"new {new[name].kind}"))
    for name in former.keys() & new.keys():
        one, other = former[name], new[name]
        owner = name.rpartition(".")[0].rpartition(".")[2]
        if one.kind != other.kind:
            found.append(change("name-is-something-else", name, f"{one.kind} → {other.kind}"))
            continue
        for base in sorted({*one.bases} ^ {*other.bases}):
            rule = "base-removed" if base in one.bases else "base-added"
            found.append(change(rule, name, f"is {'no' if base in one.bases else 'a'} {base}"))
        if not (name.endswith(".__init__") and owner in only_got):
            found += [change(rule, name, what) for rule, what in _arguments(one.arguments, other.arguments, new)]
        is_value = one.type[:1] in _LITERAL  # of a member of an enum, which callers give by its name
        if one.type != other.type and (is_value or owner not in only_given):
            rule = "type-narrowed" if _is_within(other.type, one.type, new) else "type-changed"
            found.append(change(rule, name, f"{one.type or 'no type'} → {other.type or 'no type'}"))
    return sorted(found, key=lambda each: (-each.rule.impact, each.name, each.rule.name, each.what))


def _arguments(
    former: Mapping[str, Argument], new: Mapping[str, Argument], surface: Surface
) -> Iterator[tuple[str, str]]:
    """The rule for each argument that changed, and how."""
    positions = [[name for name, each in some.items() if each.kind in _POSITIONAL] for some in (former, new)]
    for name, one in former.items():
        if name not in new:
            yield "argument-removed", f"{name} no longer"
            continue
        other = new[name]
        if one.kind in _POSITIONAL and (
            other.kind not in _POSITIONAL or positions[0].index(name) != positions[1].index(name)
        ):
            yield "argument-given-otherwise", f"{name}: another place"
        if one.default != other.default:
            if other.default is None:
                yield "argument-required", f"{name} is required now"
            elif one.default is None:
                yield "argument-optional", f"{name} is optional now"
            else:
                yield "argument-default-changed", f"{name}: {one.default} → {other.default}"
        before, after = (_without_unset(each.type) for each in (one, other))
        if before != after:
            rule = "argument-type-widened" if _is_within(before, after, surface) else "argument-type-changed"
            yield rule, f"{name}: {before} → {after}"
    for name, other in new.items():
        if name not in former:
            is_required = other.default is None and not other.kind.startswith("variadic")
            rule = "required-argument-added" if is_required else "argument-added"
            yield rule, f"{name} is new: {other.type}"


def _is_within(one: str, other: str, surface: Surface) -> bool:
    """Whether each of the types of one union is one of the other, or a kind of one."""
    narrow, wide = ([each for member in _members(type_) for each in _values(member)] for type_ in (one, other))
    return all(any(_is_kind(each, every, surface) for every in wide) for each in narrow)


def _members(type_: str) -> list[ast.expr]:
    """The types of a union; no type is any."""
    waiting, found = [ast.parse(type_ or "Any", mode="eval").body], list[ast.expr]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.BinOp):
            waiting += [each.right, each.left]
        else:
            found.append(each)
    return found


def _values(type_: ast.expr) -> list[ast.expr]:
    """A type, or each value of a Literal, by itself."""
    name, inner = _generic(type_)
    return inner if name == "Literal" else [type_]


def _generic(type_: ast.expr) -> tuple[str, list[ast.expr]]:
    """What stands before the brackets of a type, and in them."""
    if not isinstance(type_, ast.Subscript):
        return ast.unparse(type_), []
    return ast.unparse(type_.value), type_.slice.elts if isinstance(type_.slice, ast.Tuple) else [type_.slice]


def _is_kind(type_: ast.expr, other: ast.expr, surface: Surface) -> bool:
    """Whether values of one type have the other as well."""
    name, inner = _generic(type_)
    wider, other_inner = _generic(other)
    if ast.unparse(type_) == ast.unparse(other) or wider in {"Any", "object", *_kinds_of(type_, surface)}:
        return True
    return (
        name == wider
        and name in _COVARIANT
        and all(
            _is_within(ast.unparse(each), ast.unparse(every), surface)
            for each, every in zip(inner, other_inner, strict=True)
        )
    )


def _kinds_of(type_: ast.expr, surface: Surface) -> set[str]:
    """The types that values of a type have as well."""
    if isinstance(type_, ast.Constant | ast.UnaryOp):  # of a Literal
        return {type(ast.literal_eval(type_)).__name__}
    name = ast.unparse(type_)
    bases = {base for other, each in surface.items() if other.rpartition(".")[2] == name for base in each.bases}
    return bases | {_OPEN_ENUMS[base] for base in bases & _OPEN_ENUMS.keys()} | ({"float"} if name == "int" else set())


def _without_unset(type_: str) -> str:
    """A type without what says that it may be left out, which the default says too."""
    return " | ".join(each for each in map(ast.unparse, _members(type_)) if each != "Unset")


def _renamed_classes(former: Surface, new: Surface) -> Iterator[tuple[str, str]]:
    """Classes that went and came at once, and hold the same."""
    gone = [name for name in former.keys() - new.keys() if former[name].kind == "class"]
    added = sorted(name for name in new.keys() - former.keys() if new[name].kind == "class")
    held = {name: _held(name, new) for name in added}
    for old in sorted(gone):
        own = _held(old, former)
        same = [name for name in added if held[name] == own and own]
        if len(same) == 1 and same[0].rpartition(".")[0] == old.rpartition(".")[0]:
            added.remove(same[0])
            yield old, same[0]


def _held(name: str, surface: Surface) -> list[tuple[str, str]]:
    own = name.rpartition(".")[2]
    return sorted(
        (each.removeprefix(f"{name}."), re.sub(rf"\b{re.escape(own)}\b", "", repr(said)))
        for each, said in surface.items()
        if each.startswith(f"{name}.")
    )


def _with_names(surface: Surface, renamed: Mapping[str, str]) -> Surface:
    """A surface in which classes have their new names, also where types speak of them."""
    if not renamed:
        return surface
    names = {old.rpartition(".")[2]: name.rpartition(".")[2] for old, name in renamed.items()}
    # Not within quotes, where it is a value.
    pattern = re.compile(rf"(?<!['\"])\b({'|'.join(map(re.escape, names))})\b(?!['\"])")

    def said(text: str) -> str:
        return pattern.sub(lambda found: names[found[0]], text)

    return {
        said(name): Name(
            each.kind,
            said(each.type),
            {key: Argument(one.kind, said(one.type), one.default) for key, one in each.arguments.items()},
            tuple(map(said, each.bases)),
        )
        for name, each in surface.items()
    }


def _has_parent(name: str, surface: Surface, *, without: Surface) -> bool:
    """Whether it belongs to a class that went or came with it."""
    parent = name.rpartition(".")[0]
    return parent in surface and parent not in without


def _modules(module: Any) -> Iterator[griffe.Module]:
    for each in module.members.values() if isinstance(module, griffe.Module) else ():
        if isinstance(each, griffe.Module):
            yield each
            yield from _modules(each)


def _own_public(module: griffe.Module) -> list[str]:
    return [name for name, each in module.members.items() if not each.is_alias and not name.startswith("_")]


def _keys(target: Any) -> dict[str, Argument] | None:
    """The keys of a TypedDict, which is written as a class or, where a key is no name, as a call."""
    if target.is_class and any(str(base) == "TypedDict" for base in target.bases):
        types = {key: str(each.annotation) for key, each in target.members.items() if each.is_attribute}
    elif target.is_attribute and str(target.value).startswith("TypedDict("):
        made = ast.parse(str(target.value), mode="eval").body
        assert isinstance(made, ast.Call)  # noqa: S101 - tells type checkers
        types = ast.literal_eval(made.args[1])
    else:
        return None
    return {
        key: Argument("keyword-only", type_.removeprefix("Required[").removesuffix("]"), None)
        if type_.startswith("Required[")
        else Argument("keyword-only", type_, "left out")
        for key, type_ in types.items()
    }


def _add(found: dict[str, Name], name: str, what: Any, known: set[str]) -> None:
    """Take in what a name stands for, and what it holds if it is a class that has no other name yet."""
    target = what.final_target if what.is_alias else what
    keys = _keys(target)
    if keys is not None:  # a dict that callers give has its keys as a call has its arguments
        found[name] = Name("class", arguments=keys)
    elif target.is_attribute and not target.runtime:
        return  # a member that type checkers alone see
    elif target.is_function and any(each.callable_path.endswith(".made_once") for each in target.decorators):
        found[name] = Name("attribute", str(target.returns))  # a property by a name of ours
    elif target.is_function:
        arguments = {
            each.name: Argument(
                each.kind.value if each.kind else "",
                str(each.annotation or ""),
                None if each.default is None else str(each.default),
            )
            for each in target.parameters
            if each.name not in ("self", "cls")
        }
        kind = "async function" if "async" in target.labels else "function"
        found[name] = Name(kind, str(target.returns or ""), arguments)
    elif target.is_attribute:
        value = str(target.value) if target.annotation is None and target.value is not None else ""
        found[name] = Name("attribute", str(target.annotation or (value if value[:1] in _LITERAL else "")))
    elif target.is_class:
        bases = [each for each in target.mro() if each.path.startswith(PACKAGE)]
        found[name] = Name("class", bases=tuple(each.name for each in bases))
        if target.path in known:
            return
        known.add(target.path)
        for member, each in target.all_members.items():
            if member == "__init__" or not member.startswith("_"):
                _add(found, f"{name}.{member}", each, known)
