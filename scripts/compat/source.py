"""What the modules of a client say, read from their source and never run: classes, functions, where a name comes from.

As much of it as callers name: what stands in a module or a class, what `__init__` gives an object, and the constructor
of a dataclass.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

_INIT = "__init__"

# Decorators that make a method an attribute; the last is the client's own.
_PROPERTIES = frozenset({"property", "cached_property", "made_once"})

# How many modules are kept: those of a client of 500 operations, before and after a change, are mostly the same.
_KEPT = 32768

_IMPORTS = 100  # that a name passes through at most; those in a circle come to an end


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
    """A name of another module, which is written with a dot for each level up; '': that module itself."""

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

    Raises KeyError for what is not there, OSError, and SyntaxError, ValueError or RecursionError for what is no Python.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._modules: dict[str, Module] = {}

    def module(self, path: str) -> Module:
        """A module by its dotted path."""
        if path not in self._modules:
            self._modules[path] = _read(self._file(path).read_text(encoding="utf-8"))
        return self._modules[path]

    def modules(self, path: str) -> Iterator[str]:
        """The paths of all modules below one."""
        folder = self._folder.joinpath(*path.split("."))
        for each in sorted(folder.iterdir()) if folder.is_dir() else ():
            if each.suffix == ".py" and each.stem != _INIT:
                yield f"{path}.{each.stem}"
            elif (each / f"{_INIT}.py").is_file():
                yield f"{path}.{each.name}"
                yield from self.modules(f"{path}.{each.name}")

    def definition(self, path: str, name: str) -> Definition | None:
        """Where a name of a module is defined; None where that is in another package, or a module."""
        for _ in range(_IMPORTS):
            member = self.module(path).members[name]
            if not isinstance(member, Import):
                return Definition(path, name, member)
            target = self._imported(path, member.module)
            if target is None or not member.name or member.name not in self.module(target).members:
                return None
            path, name = target, member.name
        return None

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
        up = level - 1 if self._is_folder(path) else level
        return ".".join([*above[: len(above) - up], *([name] if name else [])])

    def _is_folder(self, path: str) -> bool:
        return (self._folder.joinpath(*path.split(".")) / f"{_INIT}.py").is_file()

    def _file(self, path: str) -> Path:
        place = self._folder.joinpath(*path.split("."))
        return place / f"{_INIT}.py" if self._is_folder(path) else place.with_suffix(".py")


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> Module:
    members = _Reader(text).members(ast.parse(text).body)
    exports = members.get("__all__")
    return Module(members, tuple(ast.literal_eval(exports.value)) if isinstance(exports, Attribute) else None)


class _Reader:
    """Reads what stands in one module."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def members(self, body: Iterable[ast.stmt], *, at_run_time: bool = True) -> dict[str, Member]:
        """What stands in a module, or in a class."""
        found: dict[str, Member] = {}
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if member := self._function(node):
                        found[node.name] = member
                case ast.ClassDef():
                    found[node.name] = self._class(node)
                case ast.Assign() | ast.AnnAssign():
                    self._assign(node, found, at_run_time=at_run_time)
                case ast.ImportFrom():
                    module = "." * node.level + (node.module or "")
                    found |= {each.asname or each.name: Import(module, each.name) for each in node.names}
                case ast.If():
                    is_seen = self._text(node.test) not in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
                    found |= self.members(node.orelse, at_run_time=at_run_time)
                    found |= self.members(node.body, at_run_time=at_run_time and is_seen)
                case _:
                    pass
        return found

    def _class(self, node: ast.ClassDef) -> Class:
        members = self.members(node.body)
        decorators = {self._name(each): each for each in node.decorator_list}
        if "dataclass" in decorators and _INIT not in members:
            members[_INIT] = Function(is_async=False, arguments=dict(self._dataclass_arguments(node)), type="None")
        for each in node.body:
            if isinstance(each, ast.FunctionDef) and each.name == _INIT:
                for inner in ast.walk(each):
                    if isinstance(inner, ast.Assign | ast.AnnAssign):
                        self._assign(inner, members, of="self")
        bases = (each.value if isinstance(each, ast.Subscript) else each for each in node.bases)
        return Class(tuple(map(self._text, bases)), members)

    def _assign(
        self, node: ast.Assign | ast.AnnAssign, found: dict[str, Member], *, of: str = "", at_run_time: bool = True
    ) -> None:
        """Take in what is given a value: a name, or with `of` an attribute of that."""
        type_ = self._text(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        if isinstance(node, ast.AnnAssign) and self._name(node.annotation) == "ClassVar":
            type_ = self._text(node.annotation.slice) if isinstance(node.annotation, ast.Subscript) else ""
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
            value = self._text(node.value) if node.value and not of else ""
            found[name] = Attribute(type_ or known, value, at_run_time)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Member | None:
        """What a function is to whoever calls it; None for what says more of another one of its name."""
        decorators = {self._name(each) for each in node.decorator_list}
        if decorators & {"overload", "setter", "deleter"}:
            return None
        returns = self._text(node.returns)
        if decorators & _PROPERTIES:
            return Attribute(returns, "")
        return Function(isinstance(node, ast.AsyncFunctionDef), dict(self._arguments(node.args)), returns)

    def _arguments(self, stated: ast.arguments) -> Iterator[tuple[str, Argument]]:
        by_position = [*stated.posonlyargs, *stated.args]
        defaults = [*[None] * (len(by_position) - len(stated.defaults)), *stated.defaults]
        kinds = ["positional-only"] * len(stated.posonlyargs) + ["positional or keyword"] * len(stated.args)
        for each, kind, default in zip(by_position, kinds, defaults, strict=True):
            if each.arg not in ("self", "cls"):
                yield each.arg, self._argument(each, kind, default)
        if stated.vararg:
            yield stated.vararg.arg, replace(self._argument(stated.vararg, "variadic positional", None), default="()")
        for each, default in zip(stated.kwonlyargs, stated.kw_defaults, strict=True):
            yield each.arg, self._argument(each, "keyword-only", default)
        if stated.kwarg:
            yield stated.kwarg.arg, replace(self._argument(stated.kwarg, "variadic keyword", None), default="{}")

    def _argument(self, node: ast.arg, kind: str, default: ast.expr | None) -> Argument:
        return Argument(kind, self._text(node.annotation), None if default is None else self._text(default))

    def _dataclass_arguments(self, node: ast.ClassDef) -> Iterator[tuple[str, Argument]]:
        """What the constructor takes that a dataclass has by itself."""
        for each in node.body:
            if (
                isinstance(each, ast.AnnAssign)
                and isinstance(each.target, ast.Name)
                and self._name(each.annotation) != "ClassVar"
            ):
                value = each.value
                if isinstance(value, ast.Call) and self._name(value) == "field":
                    given = {one.arg: one.value for one in value.keywords}
                    value = given.get("default", given.get("default_factory"))
                default = None if value is None else self._text(value)
                yield each.target.id, Argument("positional or keyword", self._text(each.annotation), default)

    def _name(self, node: ast.expr) -> str:
        """The name of a decorator or a type, without where it comes from and what it is given."""
        while isinstance(node, ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""

    def _text(self, node: ast.expr | None) -> str:
        """An expression as Python, the same however it is laid out."""
        if node is None:
            return ""
        if isinstance(node, ast.Name):
            return node.id
        line = self._lines[node.lineno - 1]
        if node.lineno != node.end_lineno or not line.isascii():  # whose columns are counted in bytes
            return ast.unparse(node)
        return _laid_out(line[node.col_offset : node.end_col_offset])


@lru_cache(maxsize=_KEPT)
def _laid_out(expression: str) -> str:
    return ast.unparse(ast.parse(expression, mode="eval"))
