"""The operations of the contract in Python: what each takes, sends and gives."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString

from scripts.codegen import names
from scripts.codegen.schemas import ANY, NULL, CannotExpressError, Field, Place, PythonType, Schemas, union

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Headers that OpenAPI leaves to other parts of the contract.
OWN_HEADERS = frozenset({"accept", "authorization", "content-type"})

# How the client writes arrays in each part of a request, and whether it repeats the name of the parameter.
STYLES = {"path": ("simple", False), "query": ("form", True), "header": ("simple", False), "cookie": ("form", False)}

NONE = PythonType(("None",), ("None",), ("None",), "None")
"""What a reply without a body gives; no schema reads it."""


@dataclass(frozen=True)
class Parameter(Field):
    """A parameter of an operation: a field that goes into a part of the request."""

    location: str = "query"


@dataclass(frozen=True)
class Body(Field):
    """The JSON body of a request."""

    fields: tuple[Field, ...] = ()
    """Its fields, where they are arguments of their own: it is one object that has to be there."""


@dataclass(frozen=True)
class Argument:
    """An argument of a method: the parameter or field that it gives, under a name that is free."""

    name: str
    gives: Field

    @property
    def in_path(self) -> bool:
        """Whether it is given by position."""
        return isinstance(self.gives, Parameter) and self.gives.location == "path"


@dataclass(frozen=True)
class Success:
    """A range of statuses and what their replies read as."""

    first: int
    last: int
    type: PythonType


@dataclass(frozen=True)
class Operation:
    """One operation."""

    place: Place
    label: str
    method: str
    path: str
    """With its parameters by their names in Python."""
    tag: str
    name: str
    documentation: str
    parameters: list[Parameter]
    body: Body | None
    successes: list[Success]
    result: PythonType
    is_authenticated: bool

    @property
    def method_name(self) -> str:
        """Its name as a method of the tag's resource, where a builtin's name does no harm."""
        return names.method_name(self.name, self.tag).rstrip("_")

    @property
    def inputs(self) -> list[Field]:
        """Its parameters and its body."""
        return [*self.parameters, *([self.body] if self.body else [])]

    @property
    def arguments(self) -> list[Argument]:
        """What its method takes: those of the path first, then what is required."""
        taken = set(names.CALL_NAMES) - {"body"}
        found: list[Argument] = []
        in_body = [] if self.body is None else self.body.fields or [self.body]
        for each in (*self.parameters, *in_body):
            found.append(Argument(names.free(each.name, taken), each))
            taken.add(found[-1].name)
        return sorted(found, key=lambda each: (not each.in_path, not each.gives.required))

    @property
    def of_parameters(self) -> list[Argument]:
        """The arguments that are parameters."""
        return [each for each in self.arguments if isinstance(each.gives, Parameter)]

    @property
    def of_body(self) -> list[Argument]:
        """The arguments that are the body, or its fields."""
        return [each for each in self.arguments if not isinstance(each.gives, Parameter)]


def read_operations(document: Mapping[str, Any], schemas: Schemas) -> list[Operation]:
    """Every operation of the contract.

    Raises `CannotExpressError` for one that the client cannot express, or that would have the name of another.
    """
    found = list(_operations(document, schemas))
    taken: dict[tuple[str, str, str], str] = {}
    for each in found:
        if names.is_reserved(each.method_name, names.RESOURCE_NAMES):
            reserved = f"{each.label} would be the method {each.method_name}, which is a reserved word"
            raise CannotExpressError(each.place, reserved)
        for noun, name in (("Python name", each.name), ("method name", each.method_name)):
            first = taken.setdefault((each.tag, noun, name), each.label)
            if first != each.label:
                raise CannotExpressError(each.place, f"{each.label} has the {noun} {name}, as has {first}")
    return found


def _operations(document: Mapping[str, Any], schemas: Schemas) -> Iterator[Operation]:
    for path, raw_item in document.get("paths", {}).items():
        item, _ = schemas.resolved(raw_item, ("paths", path))
        for method in METHODS:
            if method in item:
                yield _operation(document, schemas, path, method, item)


def _operation(
    document: Mapping[str, Any], schemas: Schemas, path: str, method: str, item: Mapping[str, Any]
) -> Operation:
    place: Place = ("paths", path, method)
    raw = item[method]
    tag = names.identifier((raw.get("tags") or ["default"])[0], "tag")
    given_name = raw.get("operationId")
    name = names.identifier(given_name or generate_operation_id(path=UntrustedString(path), method=method, prefix=""))
    label = f"{method.upper()} {path}"
    if names.is_reserved(tag, names.CLIENT_NAMES):
        raise CannotExpressError(place, f"{label}: its tag would be the attribute {tag}, which is a reserved word")
    parameters = list(_parameters(schemas, item, method, ("paths", path), name))
    successes = list(_successes(schemas, raw, place, name))
    result = union([NULL if each.type is NONE else each.type for each in successes] or [NULL])
    return Operation(
        place=place,
        label=label,
        method=method.upper(),
        path=_path(path, parameters, place),
        tag=tag,
        name=name,
        documentation="\n\n".join(text for text in (raw.get("summary"), raw.get("description")) if text) or label,
        parameters=parameters,
        body=_body(schemas, raw, place, name),
        successes=successes,
        result=result,
        is_authenticated=bool(raw.get("security", document.get("security"))),
    )


def _path(path: str, parameters: Iterable[Parameter], place: Place) -> str:
    in_path = {each.wire: each.name for each in parameters if each.location == "path"}
    named = re.findall(r"\{([^{}]*)\}", path)
    if sorted(named) != sorted(in_path):
        raise CannotExpressError(place, f"the path names {sorted(named)}, the parameters in it are {sorted(in_path)}")
    return re.sub(r"\{([^{}]*)\}", lambda found: f"{{{in_path[found[1]]}}}", path)


def _parameters(
    schemas: Schemas, item: Mapping[str, Any], method: str, place: Place, operation: str
) -> Iterator[Parameter]:
    """Those of an operation and of its path, in the order path, query, header, cookie."""
    lists = [(item[method], (*place, method)), (item, place)]
    found: dict[tuple[str, str], tuple[dict[str, Any], Place]] = {}
    for holder, at in lists:
        for index, raw in enumerate(holder.get("parameters", [])):
            parameter, where = schemas.resolved(raw, (*at, "parameters", index))
            found.setdefault((parameter["in"], parameter["name"]), (parameter, where))
    taken = set(names.CALL_NAMES)
    for location, (style, repeats) in STYLES.items():
        for (each_location, wire), (parameter, where) in found.items():
            if each_location != location or (location == "header" and wire.lower() in OWN_HEADERS):
                continue
            name = names.free(names.identifier(wire), taken)
            taken.add(name)
            if "schema" not in parameter:
                raise CannotExpressError(where, f"the client writes a parameter by its schema, and {wire!r} has none")
            schema, schema_place = parameter["schema"], (*where, "schema")
            type_ = schemas.type_of(schema, schema_place, f"{names.class_name(operation)}{names.class_name(wire)}")
            if "object" in type_.kinds:
                raise CannotExpressError(schema_place, f"the client writes no object into the {location}")
            if "array" in type_.kinds:
                written = parameter.get("style", style), parameter.get("explode", location in ("query", "cookie"))
                if written[0] != style or (location in ("query", "cookie") and written[1] is not repeats):
                    raise CannotExpressError(
                        where, f"the client writes arrays in the {location} with style {style}, explode {repeats}"
                    )
            documentation = schemas.documentation(schema, schema_place, parameter.get("description"))
            yield Parameter(name, wire, type_, parameter.get("required") is True, documentation, location)


def _body(schemas: Schemas, raw: Mapping[str, Any], place: Place, operation: str) -> Body | None:
    if "requestBody" not in raw:
        return None
    request, at = schemas.resolved(raw["requestBody"], (*place, "requestBody"))
    content = request.get("content", {})
    media_type = next((each for each in content if media_type_of(each) == "application/json"), None)
    if media_type is None:
        raise CannotExpressError(
            (*at, "content"), f"{', '.join(content) or 'no media type'}: the client sends application/json only"
        )
    where = (*at, "content", media_type, "schema")
    type_ = schemas.type_of(content[media_type].get("schema", {}), where, f"{names.class_name(operation)}Body")
    return Body("body", "body", type_, request.get("required") is True, str(request.get("description") or ""))


def with_fields(operation: Operation, schemas: Schemas) -> Operation:
    """The operation, with the fields of its body as arguments where that can be: once all classes are read."""
    body = operation.body
    if body is None or not body.required or not body.type.is_one_object:
        return operation
    model = schemas.model(body.type)
    if model.additional is not None:
        return operation
    return replace(operation, body=replace(body, fields=tuple(model.fields)))


def _successes(schemas: Schemas, raw: Mapping[str, Any], place: Place, operation: str) -> Iterator[Success]:
    """The documented 2xx, single ones before ranges; `default` where there is none."""
    responses: Mapping[str, Any] = raw.get("responses", {})
    statuses = sorted(each for each in responses if re.fullmatch(r"2(\d\d|XX)", each))
    if not statuses and "default" in responses:
        statuses = ["default"]
    for status in statuses:
        response, at = schemas.resolved(responses[status], (*place, "responses", status))
        content = response.get("content", {}) if place[-1] != "head" else {}
        first, last = (int(status), int(status)) if status.isdecimal() else (200, 299)
        if not content:
            yield Success(first, last, NONE)
            continue
        media_type = next((each for each in content if is_json(each)), None)
        if media_type is None:
            raise CannotExpressError((*at, "content"), f"{', '.join(content)}: the client reads application/json only")
        where = (*at, "content", media_type, "schema")
        name = f"{names.class_name(operation)}Response{status}"
        schema = content[media_type].get("schema")
        yield Success(first, last, ANY if schema is None else schemas.type_of(schema, where, name))


def media_type_of(text: str) -> str:
    """A media type without its parameters."""
    return text.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether the client reads it."""
    essence = media_type_of(media_type)
    return essence == "application/json" or essence.endswith("+json")
