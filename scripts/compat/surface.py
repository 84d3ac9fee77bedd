"""The Python surface of a client: every name that callers import, call or read, as its source has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from scripts.codegen.generator import PACKAGE
from scripts.compat import source
from scripts.compat.change import SurfaceChange
from scripts.compat.rules import RULES
from scripts.compat.source import Argument, Class, Definition, Import
from scripts.contract import reachable

# Where callers look: modules whose `__all__` they import from, and folders whose modules they call or meet.
_EXPORTING = ("", "models", "errors")
_FOLDERS = ("api", "resources")

_LITERAL = ("'", '"', "-", *"0123456789")  # how the value of a member of an enum begins

_OPEN_ENUMS = {"OpenStrEnum": "str", "OpenIntEnum": "int"}

# Types of which one that holds less can stand for one that may hold more; the key of a mapping is a text everywhere.
_COVARIANT = ("Iterable", "Mapping")

_POSITIONAL = ("positional-only", "positional or keyword")


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

Bases = Mapping[str, set[str]]
"""By the name of a class, the names of those that it derives from."""


def read(folder: Path) -> Surface:
    """The surface of the client in a folder. Raises ValueError where there is none, or not the whole of one."""
    try:
        return _read(source.Package(folder / PACKAGE))
    except (KeyError, OSError, RecursionError, SyntaxError, ValueError) as error:
        raise ValueError(f"{folder} holds no client that can be read: {error}") from None


def _read(package: source.Package) -> Surface:
    found: dict[str, Name] = {}
    known: set[Definition] = set()
    for path in _EXPORTING:
        for name in package.module(path).exports or ():
            _add_name(package, found, f"{path}.{name}".lstrip("."), package.definition(path, name), known)
    for path in (each for folder in _FOLDERS for each in package.modules(folder)):
        module = package.module(path)
        own = [name for name, each in module.members.items() if not (name.startswith("_") or isinstance(each, Import))]
        for name in own if module.exports is None else module.exports:
            _add_name(package, found, f"{path}.{name}", package.definition(path, name), known)
    return found


def given_and_got(surface: Surface) -> tuple[set[str], set[str]]:
    """The names of the models and enums that callers give to operations, and of those that they get from them."""
    held: dict[str, set[str]] = {}
    given, got = set[str](), set[str]()
    for name, each in surface.items():
        arguments = {word for one in each.arguments.values() for word in _words(one.type)}
        if name.startswith("models."):
            held.setdefault(name.split(".")[1], set()).update(arguments, _words(each.type))
        elif name.startswith(_FOLDERS):
            given |= arguments
            got |= _words(each.type)
    given_and_held, got_and_held = (reachable(some, lambda name: held.get(name, ())) for some in (given, got))
    return held.keys() & given_and_held, held.keys() & got_and_held


@lru_cache(maxsize=1024)
def _words(type_: str) -> frozenset[str]:
    """The names in a type; not within quotes, where it is a value."""
    return frozenset(re.findall(r"\w+", re.sub(r"'[^']*'|\"[^\"]*\"", "", type_)))


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
    renamed = dict(_renamed_classes(former, new))
    former = _with_names(former, renamed)
    known_bases = _bases_of_classes(new)
    found = [("class-renamed", name, f"{old} → {name}") for old, name in renamed.items()]
    found += [
        ("name-removed", name, f"{each.kind} no longer")
        for name, each in former.items()
        if name not in new and not _has_parent(name, former, without=new)
    ]
    found += [
        ("name-added", name, f"new {each.kind}")
        for name, each in new.items()
        if name not in former and not _has_parent(name, new, without=former)
    ]
    for name in former.keys() & new.keys():
        one, other = former[name], new[name]
        if one != other or [*one.arguments] != [*other.arguments]:
            owner = name.rpartition(".")[0].rpartition(".")[2]
            differences = _differences(
                one,
                other,
                known_bases,
                is_made=not (name.endswith(".__init__") and owner in only_got),
                # A member of an enum has a literal value, and callers give it by its name.
                is_got=one.type[:1] in _LITERAL or owner not in only_given,
            )
            found += [(rule, name, what) for rule, what in differences]
    changes = [SurfaceChange(RULES[rule], name, what) for rule, name, what in found]
    return sorted(changes, key=lambda each: (-each.rule.impact, each.name, each.rule.name, each.what))


def _differences(one: Name, other: Name, bases: Bases, *, is_made: bool, is_got: bool) -> Iterator[tuple[str, str]]:
    """The rule for each way in which a name stands for something else, and how.

    `is_made`: callers may give its arguments. `is_got`: they may get what is of its type.
    """
    if one.kind != other.kind:
        yield "name-is-something-else", f"{one.kind} → {other.kind}"
        return
    for base in sorted({*one.bases} ^ {*other.bases}):
        if base in one.bases:
            yield "base-removed", f"is no {base}"
        else:
            yield "base-added", f"is a {base}"
    if is_made:
        yield from _argument_differences(one.arguments, other.arguments, bases)
    if is_got and one.type != other.type:
        rule = "type-narrowed" if _is_narrower(other.type, one.type, bases) else "type-changed"
        yield rule, f"{one.type or 'no type'} → {other.type or 'no type'}"


def _argument_differences(
    former: Mapping[str, Argument], new: Mapping[str, Argument], bases: Bases
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
        yield from _default_differences(name, one.default, other.default)
        before, after = (_without_unset(each.type) for each in (one, other))
        if before != after:
            rule = "argument-type-widened" if _is_narrower(before, after, bases) else "argument-type-changed"
            yield rule, f"{name}: {before} → {after}"
    for name, other in new.items():
        if name not in former:
            is_required = other.default is None and not other.kind.startswith("variadic")
            rule = "required-argument-added" if is_required else "argument-added"
            yield rule, f"{name} is new: {other.type}"


def _default_differences(name: str, former: str | None, new: str | None) -> Iterator[tuple[str, str]]:
    if former == new:
        return
    if new is None:
        yield "argument-required", f"{name} is required now"
    elif former is None:
        yield "argument-optional", f"{name} is optional now"
    else:
        yield "argument-default-changed", f"{name}: {former} → {new}"


def _is_narrower(one: str, other: str, known_bases: Bases) -> bool:
    """Whether each of the types of one union is one of the other, or a kind of one."""
    narrow, wide = ([each for member in _members(type_) for each in _values(member)] for type_ in (one, other))
    return all(any(_is_subtype(each, every, known_bases) for every in wide) for each in narrow)


@lru_cache(maxsize=1024)
def _members(type_: str) -> tuple[ast.expr, ...]:
    """The types of a union; no type is any."""
    waiting, found = [ast.parse(type_ or "Any", mode="eval").body], list[ast.expr]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.BinOp):
            waiting += [each.right, each.left]
        else:
            found.append(each)
    return tuple(found)


def _values(type_: ast.expr) -> list[ast.expr]:
    """A type, or each value of a Literal, by itself."""
    name, inner = _generic(type_)
    return inner if name == "Literal" else [type_]


def _generic(type_: ast.expr) -> tuple[str, list[ast.expr]]:
    """What stands before the brackets of a type, and in them."""
    if not isinstance(type_, ast.Subscript):
        return ast.unparse(type_), []
    return ast.unparse(type_.value), type_.slice.elts if isinstance(type_.slice, ast.Tuple) else [type_.slice]


def _is_subtype(type_: ast.expr, other: ast.expr, known_bases: Bases) -> bool:
    """Whether values of one type have the other as well."""
    name, inner = _generic(type_)
    wider, other_inner = _generic(other)
    if ast.unparse(type_) == ast.unparse(other) or wider in {"Any", "object", *_supertypes(type_, known_bases)}:
        return True
    return (
        name == wider
        and name in _COVARIANT
        and all(
            _is_narrower(ast.unparse(each), ast.unparse(every), known_bases)
            for each, every in zip(inner, other_inner, strict=True)
        )
    )


def _supertypes(type_: ast.expr, known_bases: Bases) -> set[str]:
    """The types that values of a type have as well."""
    if isinstance(type_, ast.Constant | ast.UnaryOp):  # of a Literal
        return {type(ast.literal_eval(type_)).__name__}
    name = ast.unparse(type_)
    bases = known_bases.get(name, set())
    return bases | {_OPEN_ENUMS[base] for base in bases & _OPEN_ENUMS.keys()} | ({"float"} if name == "int" else set())


def _bases_of_classes(surface: Surface) -> Bases:
    found: dict[str, set[str]] = {}
    for name, each in surface.items():
        if each.bases:
            found.setdefault(name.rpartition(".")[2], set()).update(each.bases)
    return found


@lru_cache(maxsize=1024)
def _without_unset(type_: str) -> str:
    """A type without what says that it may be left out, which the default says too."""
    return " | ".join(each for each in map(ast.unparse, _members(type_)) if each != "Unset")


def _renamed_classes(former: Surface, new: Surface) -> Iterator[tuple[str, str]]:
    """Classes that went and came at once, and hold the same."""
    added: dict[Any, list[str]] = {}
    for name, held in _held_by_classes(new, without=former):
        added.setdefault(held, []).append(name)
    for old, held in _held_by_classes(former, without=new):
        same = added.get(held, []) if held else []
        if len(same) == 1 and same[0].rpartition(".")[0] == old.rpartition(".")[0]:
            yield old, same.pop()


def _held_by_classes(surface: Surface, *, without: Surface) -> list[tuple[str, tuple[str, ...]]]:
    """What each class holds that is not in the other surface, with no word of the name of the class."""
    names = sorted(name for name in surface.keys() - without.keys() if surface[name].kind == "class")
    found: dict[str, list[str]] = {name: [] for name in names}
    for name, said in surface.items():
        holder, _, member = name.rpartition(".")
        if holder in found:
            own = re.escape(holder.rpartition(".")[2])
            found[holder].append(re.sub(rf"\b{own}\b", "", f"{member}: {said!r}"))
    return [(name, tuple(sorted(held))) for name, held in found.items()]


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


def _add_name(
    package: source.Package, found: dict[str, Name], name: str, what: Definition | None, known: set[Definition]
) -> None:
    """Take in what a name stands for, and what it holds if it is a class that has no other name yet."""
    member = what.member if what else None
    if what is None or member is None:
        found[name] = Name("attribute")
    elif (keys := _keys(member)) is not None:  # a dict that callers give has its keys as a call has its arguments
        found[name] = Name("class", arguments=keys)
    elif not isinstance(member, Class):
        if said := _as_name(member):
            found[name] = said
    else:
        bases = package.bases(what)
        found[name] = Name("class", bases=tuple(each.name for each in bases))
        if what in known:
            return
        known.add(what)
        own = [each.member.members for each in (*reversed(bases), what) if isinstance(each.member, Class)]
        for key, each in {key: each for members in own for key, each in members.items()}.items():
            if key == "__init__" or not key.startswith("_"):
                _add_name(package, found, f"{name}.{key}", Definition(what.module, f"{what.name}.{key}", each), known)


def _as_name(member: source.Member) -> Name | None:
    """What a function or an attribute is to callers; None where type checkers alone see it."""
    match member:
        case source.Function(is_async, arguments, type_):
            return Name("async function" if is_async else "function", type_, arguments)
        case source.Attribute(type_, value, True):
            return Name("attribute", type_ or (value if value[:1] in _LITERAL else ""))
        case _:
            return None


def _keys(member: source.Member) -> dict[str, Argument] | None:
    """The keys of a TypedDict, which is written as a class or, where a key is no name, as a call."""
    if isinstance(member, Class) and "TypedDict" in member.bases:
        types = {key: each.type for key, each in member.members.items() if isinstance(each, source.Attribute)}
    elif isinstance(member, source.Attribute) and member.value.startswith("TypedDict("):
        made = ast.parse(member.value, mode="eval").body
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
