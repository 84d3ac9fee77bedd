"""What the modules of a client say, read from their source and never run: classes, functions, where a name comes from.

As much of it as callers name: what stands in a module or a class, what `__init__` gives an object, and the constructor
of a dataclass.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_INIT = "__init__"

# Decorators that make a method an attribute; the last is the client's own.
_PROPERTIES = frozenset({"property", "cached_property", "made_once"})

# How many modules are kept: those of a client of 500 operations, before and after a change, are mostly the same.
_KEPT = 32768


@dataclass(frozen=True)
class Argument:
    """An argument: how it is given, its type, and its default as Python; None: it has none."""

    kind: str
    type: str
    default: str | None = None


@dataclass(frozen=True)
class Function:
    """A function, or a method without what it is bound to."""

    is_async: bool
    arguments: Mapping[str, Argument]
    type: str
    """What it gives."""


@dataclass(frozen=True)
class Attribute:
    """A name with a value. `type` and `value` are '' where none is written."""

    type: str
    value: str
    is_at_run_time: bool = True
    """Whether others than type checkers see it."""


@dataclass(frozen=True)
class Import:
    """A name of another module, which is written with a dot for each level up."""

    module: str
    name: str


@dataclass(frozen=True)
class Class:
    """A class, with the members of its own."""

    bases: tuple[str, ...]
    members: Mapping[str, Member]


Member = Function | Attribute | Import | Class


@dataclass(frozen=True)
class Module:
    """A module: its members, and its `__all__`, if it has one."""

    members: Mapping[str, Member]
    exports: tuple[str, ...] | None


@dataclass(frozen=True)
class Definition:
    """What a name stands for, and where that is defined."""

    module: str
    name: str
    member: Member = field(compare=False)


class Package:
    """The modules of a package, each read when it is first asked for; '' is the package itself.

    Raises KeyError for a name that is not there, OSError, SyntaxError or ValueError for what is no Python, and
    RecursionError for names that only import one another.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {_dotted(each.relative_to(folder)): each for each in folder.rglob("*.py")}
        self._modules: dict[str, Module] = {}

    def module(self, path: str) -> Module:
        """A module by its dotted path."""
        if path not in self._files:
            raise FileNotFoundError(f"there is no module {path}" if path else f"there is no {_INIT}.py")
        if path not in self._modules:
            self._modules[path] = _read(self._files[path].read_text(encoding="utf-8"))
        return self._modules[path]

    def modules(self, path: str) -> list[str]:
        """The paths of all modules below one."""
        return sorted(each for each in self._files if each.startswith(f"{path}."))

    def definition(self, path: str, name: str) -> Definition | None:
        """Where a name of a module is defined; None where that is in another package, or a module."""
        member = self.module(path).members[name]
        if not isinstance(member, Import):
            return Definition(path, name, member)
        target = self._imported(path, member.module)
        if target is None or member.name not in self.module(target).members:
            return None
        return self.definition(target, member.name)

    def bases(self, of: Definition) -> list[Definition]:
        """The classes of the package that one derives from, each before those that it derives from itself."""
        found = [each for base in self._own_bases(of) for each in (base, *self.bases(base))]
        return list(dict.fromkeys(reversed(found)))[::-1]

    def _own_bases(self, of: Definition) -> Iterator[Definition]:
        for name in of.member.bases if isinstance(of.member, Class) else ():
            known = self.module(of.module).members
            base = self.definition(of.module, name) if name in known else None
            if base and base != of:
                yield base

    def _imported(self, path: str, module: str) -> str | None:
        """The path of what a module imports from; None for another package."""
        name = module.lstrip(".")
        level = len(module) - len(name)
        if not level:
            return None
        above = path.split(".") if path else []
        up = level - 1 if self._files[path].stem == _INIT else level
        return ".".join([*above[: len(above) - up], *([name] if name else [])])


def _dotted(file: Path) -> str:
    *above, name = file.with_suffix("").parts
    return ".".join(above if name == _INIT else [*above, name])


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> Module:
    members = _members(ast.parse(text).body)
    exports = members.get("__all__")
    return Module(members, tuple(ast.literal_eval(exports.value)) if isinstance(exports, Attribute) else None)


def _members(body: Iterable[ast.stmt], *, at_run_time: bool = True) -> dict[str, Member]:
    """What stands in a module, or in a class."""
    found: dict[str, Member] = {}
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if member := _function(node):
                    found[node.name] = member
            case ast.ClassDef():
                found[node.name] = _class(node)
            case ast.Assign() | ast.AnnAssign():
                _assign(node, found, at_run_time=at_run_time)
            case ast.ImportFrom():
                module = "." * node.level + (node.module or "")
                found |= {each.asname or each.name: Import(module, each.name) for each in node.names}
            case ast.If():
                is_seen = _text(node.test) not in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
                found |= _members(node.orelse, at_run_time=at_run_time)
                found |= _members(node.body, at_run_time=at_run_time and is_seen)
    return found


def _class(node: ast.ClassDef) -> Class:
    members = _members(node.body)
    if "dataclass" in map(_name, node.decorator_list) and _INIT not in members:
        members[_INIT] = Function(is_async=False, arguments=dict(_dataclass_arguments(node)), type="None")
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == _INIT:
            for inner in ast.walk(each):
                if isinstance(inner, ast.Assign | ast.AnnAssign):
                    _assign(inner, members, of="self")
    bases = (each.value if isinstance(each, ast.Subscript) else each for each in node.bases)
    return Class(tuple(map(_text, bases)), members)


def _assign(
    node: ast.Assign | ast.AnnAssign, found: dict[str, Member], *, of: str = "", at_run_time: bool = True
) -> None:
    """Take in what is given a value: a name, or with `of` an attribute of that."""
    type_ = _text(node.annotation) if isinstance(node, ast.AnnAssign) else ""
    if isinstance(node, ast.AnnAssign) and _name(node.annotation) == "ClassVar":
        type_ = _text(node.annotation.slice) if isinstance(node.annotation, ast.Subscript) else ""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        match target:
            case ast.Name(name) if not of:
                pass
            case ast.Attribute(ast.Name(owner), name) if owner == of:
                pass
            case _:
                continue
        former = found.get(name)
        known = former.type if isinstance(former, Attribute) else ""
        found[name] = Attribute(type_ or known, _text(None if of else node.value), at_run_time)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Member | None:
    """What a function is to whoever calls it; None for what says more of another one of its name."""
    decorators = {_name(each) for each in node.decorator_list}
    if decorators & {"overload", "setter", "deleter"}:
        return None
    returns = _text(node.returns)
    if decorators & _PROPERTIES:
        return Attribute(returns, "")
    return Function(isinstance(node, ast.AsyncFunctionDef), dict(_arguments(node.args)), returns)


def _arguments(stated: ast.arguments) -> Iterator[tuple[str, Argument]]:
    by_position = [*stated.posonlyargs, *stated.args]
    defaults = [*[None] * (len(by_position) - len(stated.defaults)), *stated.defaults]
    kinds = ["positional-only"] * len(stated.posonlyargs) + ["positional or keyword"] * len(stated.args)
    for each, kind, default in zip(by_position, kinds, defaults, strict=True):
        if each.arg not in ("self", "cls"):
            yield each.arg, _argument(kind, each.annotation, default)
    if stated.vararg:
        yield stated.vararg.arg, Argument("variadic positional", _text(stated.vararg.annotation), "()")
    for each, default in zip(stated.kwonlyargs, stated.kw_defaults, strict=True):
        yield each.arg, _argument("keyword-only", each.annotation, default)
    if stated.kwarg:
        yield stated.kwarg.arg, Argument("variadic keyword", _text(stated.kwarg.annotation), "{}")


def _argument(kind: str, annotation: ast.expr | None, default: ast.expr | None) -> Argument:
    return Argument(kind, _text(annotation), _text(default) if default else None)


def _dataclass_arguments(node: ast.ClassDef) -> Iterator[tuple[str, Argument]]:
    """What the constructor takes that a dataclass has by itself."""
    for each in node.body:
        if (
            isinstance(each, ast.AnnAssign)
            and isinstance(each.target, ast.Name)
            and _name(each.annotation) != "ClassVar"
        ):
            value = each.value
            if isinstance(value, ast.Call) and _name(value) == "field":
                given = {one.arg: one.value for one in value.keywords}
                value = given.get("default", given.get("default_factory"))
            yield each.target.id, _argument("positional or keyword", each.annotation, value)


def _name(node: ast.expr) -> str:
    """The name of a decorator or a type, without where it comes from and what it is given."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr | None) -> str:
    """An expression as Python, the same however it is laid out."""
    return ast.unparse(node) if node else ""
