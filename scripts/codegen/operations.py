"""The operations of the contract in Python: what each takes, sends and gives."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scripts import contract
from scripts.codegen import names
from scripts.codegen.classes import Field, ModelClass
from scripts.codegen.operation_names import OperationName, operation_names
from scripts.codegen.refusals import CannotExpressError
from scripts.codegen.schemas import Schemas
from scripts.codegen.security import check_token
from scripts.codegen.types import NULL, PythonType, plain, union
from scripts.contract import Form, Place

# How the client writes parameters in each part of a request, by style and whether values are written apart: the style
# of the runtime. One of a single value is the same in any of them.
STYLES = {
    "path": {("simple", False): "default", ("simple", True): "default"},
    "query": {
        ("form", True): "default",
        ("form", False): "comma",
        ("spaceDelimited", True): "default",
        ("spaceDelimited", False): "space",
        ("pipeDelimited", True): "default",
        ("pipeDelimited", False): "pipe",
    },
    "header": {("simple", False): "default", ("simple", True): "default"},
    "cookie": {("form", False): "default"},
}

NO_BODY = PythonType(("None",), ("None",), ("None",), "None")
"""What a reply without a body gives; no schema reads it."""

# What is not JSON: its schema says nothing that the client holds against it, since it knows no values in it.
CONTENT = {
    Form.TEXT: plain("str", "TEXT"),
    Form.BYTES: PythonType(("bytes",), ("bytes", "bytearray", "memoryview"), ("bytes",), "BYTES"),
}


@dataclass(frozen=True)
class ParameterField(Field):
    """A parameter of an operation: a field that goes into a part of the request."""

    location: str = "query"
    style: str = "default"
    """How a value of several parts is written."""


@dataclass(frozen=True)
class BodyField(Field):
    """The body of a request."""

    media_type: str = "application/json"
    """What it is sent as."""
    fields: tuple[Field, ...] = ()
    """Its fields, where they are arguments of their own: it is one object that has to be there."""


@dataclass(frozen=True)
class MethodArgument:
    """An argument of a method: the parameter or field that it gives, under a name that is free."""

    name: str
    gives: Field

    @property
    def in_path(self) -> bool:
        """Whether it is given by position."""
        return isinstance(self.gives, ParameterField) and self.gives.location == "path"


@dataclass(frozen=True)
class Success:
    """A range of statuses, a media type, and what their replies read as."""

    first: int
    last: int
    type: PythonType
    media_type: str = "application/json"


@dataclass(frozen=True)
class PythonOperation:
    """One operation, as the templates write it."""

    place: Place
    label: str
    method: str
    path: str
    """With its parameters by their names in Python."""
    called: OperationName
    documentation: str
    parameters: list[ParameterField]
    body: BodyField | None
    successes: list[Success]
    result: PythonType
    accept: str
    """All media types that its replies may come as."""

    @property
    def tag(self) -> str:
        """The package of the lower layer that it stands in, and the module of its resource."""
        return self.called.tag

    @property
    def name(self) -> str:
        """Its module in the lower layer."""
        return self.called.name

    @property
    def returned(self) -> str:
        """What it gives, where that is no JSON."""
        given = [f"{each.type.result} of {each.media_type}" for each in self.successes if each.type in CONTENT.values()]
        return f"the body of the reply: {', '.join(dict.fromkeys(given))}" if given else ""

    @property
    def inputs(self) -> list[Field]:
        """Its parameters and its body."""
        return [*self.parameters, *([self.body] if self.body else [])]

    @property
    def arguments(self) -> list[MethodArgument]:
        """What its method takes: those of the path first, then what is required."""
        taken = set(names.CALL_NAMES) - {"body"}
        found: list[MethodArgument] = []
        in_body = [] if self.body is None else self.body.fields or [self.body]
        for each in (*self.parameters, *in_body):
            found.append(MethodArgument(names.free(each.name, taken), each))
            taken.add(found[-1].name)
        return sorted(found, key=lambda each: (not each.in_path, not each.gives.required_in_requests))

    @property
    def of_parameters(self) -> list[MethodArgument]:
        """The arguments that are parameters."""
        return [each for each in self.arguments if isinstance(each.gives, ParameterField)]

    @property
    def of_body(self) -> list[MethodArgument]:
        """The arguments that are the body, or its fields."""
        return [each for each in self.arguments if not isinstance(each.gives, ParameterField)]


def read_operations(schemas: Schemas) -> list[PythonOperation]:
    """Every operation of the contract that the client can express; the refusals of `schemas` take in the others."""
    found: list[PythonOperation] = []
    operations = list(contract.read_operations(schemas.root))
    called = operation_names(operations)
    taken: dict[tuple[str, str], str] = {}
    for operation in operations:
        label = operation.label
        with schemas.refusals.of(operation.place):
            _check_name(operation, called[label], taken.setdefault((called[label].tag, called[label].name), label))
        with schemas.refusals.of(operation.place):
            found.append(_operation(operation, called[label], schemas))
    return found


def _check_name(operation: contract.Operation, called: OperationName, first: str) -> None:
    """`first` is the operation that has this name before all others."""
    if called.is_reserved:
        reason = f"{operation.label} would be the method {called.method}, which is a reserved word"
        raise CannotExpressError(operation.place, reason)
    if first != operation.label:
        raise CannotExpressError(
            operation.place, f"{operation.label} has the Python name {called.name}, as has {first}"
        )


def _operation(operation: contract.Operation, called: OperationName, schemas: Schemas) -> PythonOperation:
    raw, class_name = operation.definition, names.class_name(called.name)
    parameters = list(_parameters(operation, schemas, class_name))
    body = None
    if operation.request is not None and operation.request.media_types:
        with schemas.refusals.of(_content(operation.request)):
            body = _body(operation.request, schemas, class_name)
    successes = list(_successes(operation, schemas, class_name))
    result = union([NULL if each.type is NO_BODY else each.type for each in successes] or [NULL])
    return PythonOperation(
        place=operation.place,
        label=operation.label,
        method=operation.method.upper(),
        path=_path(operation, parameters),
        called=called,
        documentation="\n\n".join(text for text in (raw.get("summary"), raw.get("description")) if text)
        or operation.label,
        parameters=parameters,
        body=body,
        successes=successes,
        result=result,
        accept=", ".join(operation.accepted) or "application/json",
    )


def _path(operation: contract.Operation, parameters: Iterable[ParameterField]) -> str:
    if found := re.search(r"[?#]", re.sub(r"\{[^{}]*\}", "", operation.path)):
        raise CannotExpressError(operation.place, f"the path holds {found[0]!r}, where a path ends")
    names_in_python = {each.wire: each.name for each in parameters if each.location == "path"}
    return re.sub(r"\{([^{}]*)\}", lambda found: f"{{{names_in_python[found[1]]}}}", operation.path)


def _parameters(operation: contract.Operation, schemas: Schemas, class_name: str) -> Iterator[ParameterField]:
    """Those of an operation and of its path, in the order path, query, header, cookie."""
    taken = set(names.CALL_NAMES)
    for location in STYLES:
        for each in operation.parameters:
            if each.location != location:
                continue
            name = names.free(names.identifier(each.name), taken)
            taken.add(name)
            with schemas.refusals.of(each.place):
                yield _parameter(each, name, schemas, class_name)


def _parameter(parameter: contract.Parameter, name: str, schemas: Schemas, class_name: str) -> ParameterField:
    wire, location, schema = parameter.name, parameter.location, parameter.stated_schema
    check_token(parameter.place, location, wire)
    type_ = schemas.type_of(schema, f"{class_name}{names.class_name(wire)}")
    style = _style(parameter, type_)
    documentation = schemas.documentation(schema, parameter.description)
    return ParameterField(name, wire, type_, parameter.is_required, documentation, location, style)


def _style(parameter: contract.Parameter, type_: PythonType) -> str:
    """How the values of a parameter are written."""
    content, location = parameter.content, parameter.location
    if content is not None and content.form is not Form.TEXT:
        if content.form is Form.JSON:
            return "json"
        raise CannotExpressError(content.place, f"{content.name}: the client writes a parameter as JSON or text")
    _expect_writable(parameter, type_)
    has_parts = bool(type_.kinds) or "Any" in type_.attributes
    if not has_parts or content is not None:
        return "default"
    style = STYLES[location].get((parameter.style, parameter.explodes))
    if style is None and "array" in type_.kinds:
        raise CannotExpressError(parameter.place, f"the client writes arrays in the {location} with explode false")
    return style or "default"


def _expect_writable(parameter: contract.Parameter, type_: PythonType) -> None:
    """Raise CannotExpressError for a style that the client does not know, and for an object that it cannot write."""
    content, location, style = parameter.content, parameter.location, parameter.style
    styles = dict.fromkeys(style for style, _ in STYLES[location])
    if content is None and style not in styles:
        reason = f"style {style}: the client writes the {location} with style {' or '.join(styles)}"
        raise CannotExpressError(parameter.place, reason)
    is_form = location == "query" and style == "form" and not content
    if "object" in type_.kinds and ("array" in type_.kinds or not is_form):
        what = "array of objects, or object beside one," if "array" in type_.kinds else "object"
        reason = f"the client writes no {what} into the {location}{'' if content else f' with style {style}'}"
        raise CannotExpressError(parameter.stated_schema, reason)


def _body(request: contract.Body, schemas: Schemas, class_name: str) -> BodyField:
    sent = request.sent
    if sent is None:
        raise _unusable(request, "sends")
    type_ = CONTENT.get(sent.form) or schemas.type_of(sent.schema, f"{class_name}Body")
    documentation = request.description
    if sent.form in CONTENT:
        documentation = f"{documentation} (sent as {sent.sent_as})" if documentation else f"sent as {sent.sent_as}"
    return BodyField("body", "body", type_, request.is_required, documentation, sent.sent_as)


def with_fields(operation: PythonOperation, schemas: Schemas) -> PythonOperation:
    """The operation, with the fields of its body as arguments where that can be: once all classes are read."""
    body = operation.body
    if body is None or not body.required or not body.type.is_one_object:
        return operation
    model = schemas.classes[body.type.attribute]
    if not isinstance(model, ModelClass) or model.further is not None:
        return operation
    return replace(operation, body=replace(body, fields=tuple(model.fields)))


def _successes(operation: contract.Operation, schemas: Schemas, class_name: str) -> Iterator[Success]:
    """The documented 2xx, single ones before ranges; `default` where there is none."""
    for status, reply in sorted(operation.successes.items()):
        with schemas.refusals.of(_content(reply)):
            first, last = (int(status), int(status)) if status.isdecimal() else (200, 299)
            if not reply.media_types or operation.method == "head" or status in contract.WITHOUT_BODY:
                yield Success(first, last, NO_BODY)
                continue
            if not reply.usable:
                raise _unusable(reply, "reads")
            for number, each in enumerate(reply.usable):
                name = f"{class_name}Response{status}{each.name.partition('/')[2] if number else ''}"
                yield Success(first, last, CONTENT.get(each.form) or schemas.type_of(each.schema, name), each.name)


def _unusable(body: contract.Body, does: str) -> CannotExpressError:
    for each in body.media_types:
        if not contract.is_media_type(each.name):
            return CannotExpressError(each.place, "is no media type")
    media_types = ", ".join(each.name for each in body.media_types)
    return CannotExpressError(_content(body), f"{media_types}: the client {does} JSON, text and bytes, and no form")


def _content(body: contract.Body) -> Place:
    return body.place.or_below("content", {})
