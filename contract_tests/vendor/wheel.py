"""What one release of the vendor's SDK says of operations, read from the source in its wheel: never imported or run.

The classes of requests are TypedDicts, those of replies pydantic models, and a method names both beside the path that
it sends to. Types become JSON Schema; one that is not understood is kept as it is written, under `x-python`.
"""

import ast
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import griffe

PACKAGE = "roark_analytics"

LARGEST = 50_000_000  # bytes of source, unpacked; the largest release so far has 2.4 MB

# What every method of the SDK takes beside the fields of its request.
_OF_EVERY_METHOD = frozenset({"self", "extra_headers", "extra_query", "extra_body", "timeout"})

# The modules in which operations, their types, errors and headers are written.
_READ = ("resources", "types", "_client", "_base_client")

_SENDING = {"_get": "GET", "_post": "POST", "_put": "PUT", "_patch": "PATCH", "_delete": "DELETE"}

_PLAIN = {"str": "string", "bool": "boolean", "int": "integer", "float": "number", "NoneType": "null"}
_ARRAYS = ("List", "Iterable", "Sequence", "SequenceNotStr", "list")
_MAPPINGS = ("Dict", "dict", "Mapping")


class WheelError(Exception):
    """A wheel cannot be read; the message names it."""


def read_wheel(wheel: Path, operations: Mapping[str, str]) -> dict[str, Any]:
    """What a release says: its `operations`, and which `errors` and reply `headers` it knows.

    `operations` are those asked for, by label, such as `POST /v1/vapi/call`, each with the method that it is known by,
    such as `integrations.create_vapi_call`: the release may have it under another name, or at another path.
    """
    try:
        with TemporaryDirectory() as folder:
            modules = _unpack(wheel, Path(folder))
            package = griffe.load(
                PACKAGE, search_paths=[folder], allow_inspection=False, try_relative_path=False, submodules=True
            )
            for module in modules:
                if module.startswith(_READ):
                    package[module]  # KeyError where griffe passed over one that is no Python
            return _Release(package).said(operations)
    except Exception as error:  # a wheel may hold anything, over which zipfile and griffe raise anything
        raise WheelError(f"{wheel.name} cannot be read: {type(error).__name__}: {error}") from error


def _unpack(wheel: Path, folder: Path) -> list[str]:
    """Unpack the source into a folder. Returns the modules below the package, with dots."""
    with zipfile.ZipFile(wheel) as archive:
        source = [each for each in archive.infolist() if re.fullmatch(rf"{PACKAGE}/[\w/]+\.py", each.filename)]
        if sum(each.file_size for each in source) > LARGEST:
            raise ValueError(f"expected at most {LARGEST} bytes of source")
        archive.extractall(folder, source)
    names = [each.filename.removeprefix(f"{PACKAGE}/").removesuffix(".py").removesuffix("__init__") for each in source]
    return [name.strip("/").replace("/", ".") for name in names if name]


class _Release:
    """The package of one release, as griffe reads it."""

    def __init__(self, package: Any) -> None:
        self._package = package

    def said(self, operations: Mapping[str, str]) -> dict[str, Any]:
        methods = list(self._methods())
        found = {label: _best(label, known, methods) for label, known in operations.items()}
        return {
            "operations": {label: method.said() for label, method in found.items() if method is not None},
            "errors": self._errors(),
            "headers": self._headers(),
        }

    def _methods(self) -> Iterator["_Method"]:
        """Every method that sends a request."""
        for module in _modules(self._package["resources"]):
            for owner in module.classes.values():
                if owner.is_alias or owner.name.startswith("Async"):
                    continue  # imported from where it is read; says what its counterpart says
                for function in owner.functions.values():
                    if (found := _request_of(function)) is not None:
                        yield _Method(module, function, *found)

    def _errors(self) -> list[str]:
        """The statuses that are mapped to classes of errors."""
        found = []
        for each in ast.walk(_tree(self._package["_client.Roark._make_status_error"])):
            match each:
                case ast.Compare(left=ast.Attribute(attr="status_code"), ops=[op], comparators=[ast.Constant(int(at))]):
                    found.append(str(at) if isinstance(op, ast.Eq) else f"{at // 100}XX")
        return sorted(found)

    def _headers(self) -> list[str]:
        """The reply headers that say when to try again."""
        reader = self._package["_base_client.BaseClient"].members.get("_parse_retry_after_header")
        found = set()
        for each in ast.walk(_tree(reader)) if reader else ():
            match each:
                case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(str(name)), *_]):
                    found.add(name)
        return sorted(found)


@dataclass(frozen=True)
class _Method:
    """A method that `sends` a request, to method and path, by a call in its body."""

    module: Any
    function: Any
    sends: str
    call: ast.Call

    @property
    def name(self) -> str:
        """Its resource and its own name, as a client calls it."""
        return f"{_resource(self.module)}.{self.function.name}"

    def said(self) -> dict[str, Any]:
        """What it says of its operation."""
        given = {each.arg: each.value for each in self.call.keywords}
        body = given.get("body")
        text = self.function.docstring.value if self.function.docstring else ""
        said = {
            "method": self.name,
            "sends": self.sends,
            "description": _one_line(text.partition("Args:")[0]),
            "arguments": [each.name for each in self.function.parameters if each.name not in _OF_EVERY_METHOD],
            "request": _schema(body.args[1], self.module, ()) if isinstance(body, ast.Call) else None,
            "reply": _schema(given["cast_to"], self.module, ()),
        }
        return {key: value for key, value in said.items() if value not in (None, "")}


def _best(label: str, known: str, methods: Sequence[_Method]) -> _Method | None:
    """The method that sends to the operation, of several the one that it is known by; else the one known by name."""
    sends = re.sub(r"\{\w*\}", "{}", label)
    there = [each for each in methods if each.sends == sends]
    named = [each for each in methods if each.name == known]
    return next(iter([each for each in there if each in named] or there or named), None)


def _modules(module: Any) -> Iterator[Any]:
    yield module
    for each in module.modules.values():
        yield from _modules(each)


def _resource(module: Any) -> str:
    """What a client calls a resource: the way to its module, of which the last may only repeat its folder."""
    way = module.path.split(".")[2:]
    return ".".join(way[:-1] if way[-1:] == way[-2:-1] else way)


def _tree(function: Any) -> ast.Module:
    source = function.source  # which griffe cannot unindent where a text in it is not indented
    return ast.parse(f"class _:\n{source}" if source[:1].isspace() else source)


def _request_of(function: Any) -> tuple[str, ast.Call] | None:
    """Method and path that a function sends to, a parameter of the path as `{}`, and the call that does it."""
    if "self._" not in function.source:
        return None
    for each in ast.walk(_tree(function)):
        match each:
            case ast.Call(func=ast.Attribute(value=ast.Name("self"), attr=verb), args=[path, *_]) if verb in _SENDING:
                return f"{_SENDING[verb]} {_path(path)}", each
    return None


def _path(node: ast.expr) -> str:
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(values):
            return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in values)
        case ast.Call(args=[ast.Constant(str(template)), *_]):
            return re.sub(r"\{\w*\}", "{}", template)
    return ast.unparse(node)  # as it is written


def _schema(node: ast.expr, module: Any, above: tuple[str, ...]) -> dict[str, Any]:
    """A type as JSON Schema. `module` is where it is written, `above` the classes that it is a part of."""
    match node:
        case ast.Constant(str(text)):
            return _schema(ast.parse(text, mode="eval").body, module, above)
        case ast.Constant(None):
            return {"type": "null"}
        case ast.Name("object" | "Any"):
            return {}
        case ast.Name(("datetime" | "date") as name):
            return {"type": "string", "format": {"datetime": "date-time"}.get(name, name)}
        case ast.Name(name) if name in _PLAIN:
            return {"type": _PLAIN[name]}
        case ast.Name() | ast.Attribute():
            return _named(ast.unparse(node), module, above)
        case ast.Call(ast.Name("cast"), [_, part]):
            return _schema(part, module, above)
        case ast.IfExp(body=one, orelse=other):
            return _union([_schema(part, module, above) for part in (one, other)])
        case ast.Subscript(ast.Name("Required" | "NotRequired" | "Annotated"), part):
            return _schema(part.elts[0] if isinstance(part, ast.Tuple) else part, module, above)
        case ast.Subscript(ast.Name("Optional"), part):
            return _union([_schema(part, module, above), {"type": "null"}])
        case ast.Subscript(ast.Name("Union"), ast.Tuple(parts)):
            return _union([_schema(part, module, above) for part in parts])
        case ast.BinOp(left, ast.BitOr(), right):
            return _union([_schema(part, module, above) for part in (left, right)])
        case ast.Subscript(ast.Name("Literal"), part):
            listed = part.elts if isinstance(part, ast.Tuple) else [part]
            enum = [each.value for each in listed if isinstance(each, ast.Constant)]
            types = list(dict.fromkeys(_PLAIN.get(type(value).__name__, "") for value in enum))
            if len(enum) == len(listed) and "" not in types:
                return {"type": types[0] if len(types) == 1 else types, "enum": enum}
        case ast.Subscript(ast.Name(name), part) if name in _ARRAYS:
            items = _schema(part, module, above)
            return {"type": "array"} | ({"items": items} if items else {})
        case ast.Subscript(ast.Name(name), ast.Tuple([_, part])) if name in _MAPPINGS:
            values = _schema(part, module, above)
            return {"type": "object"} | ({"additionalProperties": values} if values else {})
    return {"x-python": ast.unparse(node)}


def _union(members: list[dict[str, Any]]) -> dict[str, Any]:
    if {} in members:
        return {}  # whatever else is named, any value goes
    others = [each for each in members if each != {"type": "null"}]
    if others == [{"type": "string"}, {"type": "string", "format": "date-time"}]:
        others = others[1:]  # an instant, given as text or as an object
    one = others[0] if len(others) == 1 else {"anyOf": others}
    if {"type": "null"} not in members:
        return one
    return (
        {**one, "type": [one["type"], "null"]}
        if isinstance(one.get("type"), str)
        else {"anyOf": [*others, {"type": "null"}]}
    )


def _named(name: str, module: Any, above: tuple[str, ...]) -> dict[str, Any]:
    found = _found(name, module)
    if found is None or found.path in above:  # of another package, or within itself
        return {"x-python": name}
    above = (*above, found.path)
    if found.is_attribute and found.value is not None:
        return _schema(_expression(found.value), found.module, above)
    if not found.is_class:
        return {"x-python": name}
    fields: dict[str, Any] = {}
    required: list[str] = []
    _add_fields(found, above, fields, required)
    return {"type": "object"} | ({"required": sorted(required)} if required else {}) | {"properties": fields}


def _found(name: str, module: Any) -> Any:
    """What a name stands for in a module; None where it is of another package."""
    try:
        found = module[name]
        return found.final_target if found.is_alias else found
    except (griffe.GriffeError, LookupError):
        return None


def _add_fields(owner: Any, above: tuple[str, ...], fields: dict[str, Any], required: list[str]) -> None:
    for base in owner.bases:
        for name, type_ in _called_fields(base, owner.module):
            fields[name] = _schema(type_, owner.module, above)
    for attribute in owner.attributes.values():  # those of its bases too
        written = attribute.final_target if attribute.is_alias else attribute
        if attribute.annotation is None or attribute.name.startswith("__") or written.path.startswith(f"{PACKAGE}._"):
            continue
        type_ = _expression(attribute.annotation)
        default = None if attribute.value is None else _expression(attribute.value)
        settings = _settings(type_) | _settings(default)
        name = settings.get("alias", attribute.name)
        schema = _schema(type_, written.module, above)
        may_be_absent = "default" in settings or isinstance(default, ast.Constant)
        if _is_typed_dict(written.parent):
            marks = [each.id for each in ast.walk(type_) if isinstance(each, ast.Name)]
            is_total = written.parent.keywords.get("total") != "False"
            may_be_absent = "NotRequired" in marks or not (is_total or "Required" in marks)
        elif may_be_absent:
            schema = _without_null(schema)  # `Optional` is all that pydantic has for a field that may be absent
        if attribute.docstring:
            schema = {**schema, "description": _one_line(attribute.docstring.value)}
        fields[name] = schema
        if not may_be_absent:
            required.append(name)


def _called_fields(base: Any, module: Any) -> Iterator[tuple[str, ast.expr]]:
    """The fields of a base that is a call, `TypedDict("_Base", {"from": str}, total=False)`, as for reserved words."""
    found = _found(str(base), module)
    if found is None or not found.is_attribute or found.value is None:
        return
    match _expression(found.value):
        case ast.Call(ast.Name("TypedDict"), [_, ast.Dict(keys, values)]):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value


def _is_typed_dict(owner: Any) -> bool:
    classes = [each for each in owner.resolved_bases if each.is_class]
    return (
        "TypedDict" in [str(base).rpartition(".")[2] for base in owner.bases]
        or any(list(_called_fields(base, owner.module)) for base in owner.bases)
        or any(map(_is_typed_dict, classes))
    )


class _Unqualified(ast.NodeTransformer):
    """`typing.Required` as `Required`, whichever way it is imported."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id in ("typing", "typing_extensions", "builtins"):
            return ast.Name(node.attr)
        return node


def _expression(written: Any) -> ast.expr:
    expression: ast.expr = _Unqualified().visit(ast.parse(str(written), mode="eval").body)
    return expression


def _settings(node: ast.expr | None) -> dict[str, Any]:
    """What `PropertyInfo(…)` or `FieldInfo(…)` says, such as the name in JSON."""
    found: dict[str, Any] = {}
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Call) and ast.unparse(each.func) in ("PropertyInfo", "FieldInfo"):
            for part in each.keywords:
                match part.value:
                    case ast.Constant(value) | ast.Name(value):  # griffe takes some texts for the names of types
                        found[str(part.arg)] = value
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(types := schema.get("type"), list):
        return {**schema, "type": types[0]}
    if {"type": "null"} in (members := schema.get("anyOf", [])):
        return _union([each for each in members if each != {"type": "null"}])
    return schema


def _one_line(text: str) -> str:
    return " ".join(text.split()).encode("utf-8", "replace").decode()  # which half a surrogate pair is not
