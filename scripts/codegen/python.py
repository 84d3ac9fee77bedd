"""What the contract becomes in Python: names, types, docstrings and schema expressions, for the templates to set.

All text of the contract passes through `literal` or `docstring` here, so that none of it becomes code.
"""

import json
import keyword
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty
from openapi_python_client.strings import snake_case

from scripts.codegen.contract import pointer_parts

Raw = Mapping[str, Any]

WIDTH = 110  # of a docstring's lines

# Names that every model has. A field of one gets a trailing underscore.
MODEL_NAMES = frozenset(
    {"additional_properties", "additional_keys", "kept", "fields", "from_dict", "to_dict", "to_json"}
)

# Arguments that every method of the facade has; the same.
OPTIONS = frozenset({"extra_headers", "extra_query", "extra_body", "timeout", "self"})

# What a client and a resource have by themselves. A tag or an operation of one stops the generation.
CLIENT_NAMES = frozenset({"base_url", "close", "with_options"})
RESOURCE_NAMES = frozenset({"with_raw_response"})


class CannotExpressError(Exception):
    """The client cannot say a part of the contract. The message names the part and says why."""


@dataclass(frozen=True)
class PythonType:
    """How a schema reads in Python: as an attribute, as an argument, as an expression that makes its schema."""

    attribute: str
    argument: str
    schema: str
    imports: frozenset[str] = frozenset()
    """The names of generated classes in it, as `module.Class`."""


@dataclass(frozen=True)
class Described:
    """A field, a parameter or an argument: its names, its type and what the contract says of it."""

    name: str
    wire: str
    type: PythonType
    required: bool
    documentation: str
    location: str = "body"
    model_name: str = ""
    """Its name in the model, where an argument's differs from it."""


@dataclass(frozen=True)
class Call:
    """An operation, as the templates see it."""

    endpoint: Endpoint
    label: str
    method_name: str
    module: str
    documentation: list[str]
    parameters: list[Described]
    body: Described | None
    body_fields: list[Described]
    arguments: list[Described]
    successes: list[tuple[int, int, str]]
    result: PythonType
    is_authenticated: bool


_SCALARS: dict[type[PropertyProtocol], tuple[str, str, str]] = {
    AnyProperty: ("Any", "Any", "ANY"),
    BooleanProperty: ("bool", "bool", "BOOLEAN"),
    NoneProperty: ("None", "None", "NULL"),
    DateTimeProperty: ("datetime.datetime", "datetime.datetime | str", "DATE_TIME"),
    DateProperty: ("datetime.date", "datetime.date | str", "DATE"),
    UuidProperty: ("UUID", "UUID | str", "UUID_"),
}

_BOUNDS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
}
_LENGTHS = {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"}
_COUNTS = {"minItems": "min_items", "maxItems": "max_items"}


def literal(value: object) -> str:
    """A scalar of the contract as a Python literal."""
    if not isinstance(value, str | int | float | bool | None):
        raise TypeError(f"no scalar: {value!r}")
    return ascii(value)


def docstring(text: str, indent: int = 0, first: int = 0) -> str:
    """Text for the inside of a docstring: wrapped, then escaped; `first` is what its first line has before it."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(
            " ".join(paragraph.split()),
            WIDTH - indent,
            initial_indent=" " * (0 if lines else first),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    escaped = "\n".join(line.strip() for line in lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    printable = "".join(
        each if each.isprintable() or each == "\n" else repr(each)[1:-1].replace("\\", "\\\\") for each in escaped
    )
    indented = re.sub(r"\n(?=.)", "\n" + " " * indent, printable)
    return indented + (" " if indented.endswith('"') else "")


@dataclass
class Python:
    """The view of one contract that the templates are given."""

    document: Raw
    _models: dict[str, list[Described]] = field(default_factory=dict)

    def resolved(self, raw: Any) -> dict[str, Any]:
        """A schema with its references followed; what stands beside a reference wins."""
        seen: set[str] = set()
        siblings: dict[str, Any] = dict(raw) if isinstance(raw, Mapping) else {}
        while isinstance(reference := siblings.pop("$ref", None), str) and reference not in seen:
            seen.add(reference)
            value: Any = self.document
            for part in pointer_parts(reference.removeprefix("#")):
                value = value[part]
            siblings = {**value, **siblings}
        return siblings

    def raw_properties(self, raw: Any) -> dict[str, Any]:
        """The raw schema of each property of an object, those from `allOf` included."""
        schema = self.resolved(raw)
        found: dict[str, Any] = {}
        for part in schema.get("allOf", []):
            for name, each in self.raw_properties(part).items():
                found[name] = {**found.get(name, {}), **each}
        for name, each in schema.get("properties", {}).items():
            found[name] = {**found.get(name, {}), **each} if isinstance(each, Mapping) else {}
        return found

    def type_of(self, prop: PropertyProtocol, raw: Any) -> PythonType:
        """How a property of the generator, with its raw schema, reads in Python."""
        schema = self.resolved(raw)
        while len(schema.get("allOf", [])) == 1 and not schema.get("properties"):  # a wrapper around one reference
            inner = self.resolved(schema.pop("allOf")[0])
            schema = {**inner, **schema}
        if type(prop) in _SCALARS:
            return PythonType(*_SCALARS[type(prop)])
        match prop:
            case StringProperty():
                if schema.get("format") == "uri":
                    return PythonType("str", "str", "URI")
                return PythonType("str", "str", _made("String", "STRING", schema, _LENGTHS))
            case FloatProperty():
                return PythonType("float", "float", _made("Number", "NUMBER", schema, _BOUNDS))
            case IntProperty():
                return PythonType("int", "int", _made("Integer", "INTEGER", schema, _BOUNDS))
            case ConstProperty():
                value = literal(schema.get("const"))
                return PythonType(f"Literal[{value}]", f"Literal[{value}]", f"Const({value})")
            case EnumProperty():
                return self._enum(prop)
            case ModelProperty():
                return self._model(prop, schema)
            case ListProperty():
                return self._array(prop, schema)
            case UnionProperty():
                return self._union(prop, schema)
        raise CannotExpressError(f"{prop.name}: the client has no schema for a {type(prop).__name__}")

    def fields(self, model: ModelProperty) -> list[Described]:
        """The fields of a model, required ones first."""
        name = str(model.class_info.name)
        if name not in self._models:
            raw = self.raw_properties(model.data.model_dump(mode="json", by_alias=True, exclude_unset=True))
            props = [*(model.required_properties or []), *(model.optional_properties or [])]
            self._models[name] = [self._described(prop, raw.get(_text(prop.name), {}), MODEL_NAMES) for prop in props]
        return self._models[name]

    def additional(self, model: ModelProperty) -> PythonType | None:
        """The schema of further fields, where the contract provides for such; unknown ones are drift elsewhere."""
        raw = model.data.model_dump(mode="json", by_alias=True, exclude_unset=True).get("additionalProperties")
        if raw is None or raw is False or model.additional_properties is None:
            return None
        return self.type_of(model.additional_properties, {} if raw is True else raw)

    def model_documentation(self, model: ModelProperty) -> str:
        """What the contract says of a model."""
        return _text(model.description) or f"{model.class_info.name}."

    def literals(self, enum: EnumProperty) -> list[tuple[str, str]]:
        """The members of an enum: their names, and their values as Python literals."""
        return [(name, literal(_enum_value(value))) for name, value in enum.values.items()]

    def calls(self, collection: EndpointCollection) -> list[Call]:
        """The operations of a tag."""
        calls = [self.call(endpoint, str(collection.tag)) for endpoint in collection.endpoints]
        taken: dict[str, str] = {}
        for call in calls:
            name = call.method_name
            if keyword.iskeyword(name) or name in RESOURCE_NAMES or not name.isidentifier():
                raise CannotExpressError(f"{call.label} would be the method {name!r}, which is a reserved word")
            if taken.setdefault(name, call.label) != call.label:
                raise CannotExpressError(f"{call.label} would be the method {name!r}, as is {taken[name]}")
        return calls

    def call(self, endpoint: Endpoint, tag: str) -> Call:
        """One operation."""
        path, raw = self._operation(endpoint)
        parameters = [self._parameter(prop, str(location), raw) for location, prop in endpoint.iter_all_parameters()]
        body, body_fields = self._body(endpoint, raw)
        taken = {each.name for each in parameters} | OPTIONS
        in_body = [] if body is None else body_fields or [body]
        arguments = [*parameters, *(_renamed(each, taken) for each in in_body)]
        successes, result = self._successes(endpoint, raw)
        return Call(
            endpoint=endpoint,
            label=f"{endpoint.method.upper()} {path}",
            method_name=method_name(str(endpoint.name), tag),
            module=str(endpoint.name),
            documentation=[text for text in (raw.get("summary", ""), raw.get("description", "")) if text],
            parameters=parameters,
            body=body,
            body_fields=body_fields,
            arguments=sorted(arguments, key=lambda each: (each.location != "path", not each.required)),
            successes=successes,
            result=result,
            is_authenticated=bool(raw.get("security", self.document.get("security"))),
        )

    def tags(self, names: Iterable[str]) -> list[str]:
        """The tags as attributes of the client."""
        tags = [str(name) for name in names]
        for name in tags:
            if name in CLIENT_NAMES or keyword.iskeyword(name):
                raise CannotExpressError(f"the tag {name!r}: the client has another attribute of this name")
        return tags

    def tag_documentation(self, tag: str) -> str:
        """What the contract says of a tag."""
        for each in self.document.get("tags", []):
            if snake_case(each.get("name", "")) == tag and each.get("description"):
                return str(each["description"])
        return f"The operations of {tag}."

    def base_url(self) -> str | None:
        """The URL of the first server that the contract names."""
        servers = self.document.get("servers") or []
        url = servers[0].get("url") if servers else None
        return url if isinstance(url, str) and url.startswith(("http://", "https://")) else None

    @staticmethod
    def _enum(prop: EnumProperty) -> PythonType:
        name = str(prop.class_info.name)
        values = ", ".join(literal(value) for value in (_enum_value(each) for each in prop.values.values()))
        return PythonType(
            name, f"{name} | Literal[{values}]", f"EnumOf({name})", frozenset({f"{prop.class_info.module_name}.{name}"})
        )

    def _model(self, prop: ModelProperty, schema: Raw) -> PythonType:
        name = str(prop.class_info.name)
        expression = f"object_of({name})"
        if schema.get("x-passthrough") is True:
            expression = f"Passthrough({expression})"
        return PythonType(
            name, f"{name} | Mapping[str, Any]", expression, frozenset({f"{prop.class_info.module_name}.{name}"})
        )

    def _array(self, prop: ListProperty, schema: Raw) -> PythonType:
        prefix = list(schema.get("prefixItems", []))
        items = [*prefix, *([schema["items"]] if schema.get("items") else [])]
        inner = self.type_of(prop.inner_property, items[0] if len(items) == 1 else {"anyOf": items})
        counts = _keywords(schema, _COUNTS)
        return PythonType(
            f"list[{inner.attribute}]",
            f"Sequence[{inner.argument}]",
            f"Array({', '.join([inner.schema, *counts])})",
            inner.imports,
        )

    def _union(self, prop: UnionProperty, schema: Raw) -> PythonType:
        raws = self._members(schema)
        inner = [self.type_of(each, self._raw_of(each, raws)) for each in prop.inner_properties]
        nullable = any(isinstance(each, NoneProperty) for each in prop.inner_properties)
        members = [each for each in inner if each.schema != "NULL"]
        expression = members[0].schema if len(members) == 1 else f"Union({', '.join(each.schema for each in members)})"
        if nullable:
            expression = f"Nullable({expression})" if members else "NULL"
        ends = ["None"] if nullable else []
        return PythonType(
            " | ".join(dict.fromkeys([*(each.attribute for each in members), *ends])),
            " | ".join(dict.fromkeys([*(each.argument for each in members), *ends])),
            expression,
            frozenset().union(*(each.imports for each in members)),
        )

    def _members(self, schema: Raw) -> list[Any]:
        """The raw schemas of a union's members, nested unions flattened as the generator flattens them."""
        kinds = schema.get("type")
        of_type = [{**schema, "type": kind} for kind in kinds] if isinstance(kinds, list) else []
        of_type = [{name: each for name, each in one.items() if name not in ("anyOf", "oneOf")} for one in of_type]
        members: list[Any] = []
        for each in [*schema.get("anyOf", []), *schema.get("oneOf", []), *of_type]:
            inner = self.resolved(each)
            nested = inner.get("anyOf") or inner.get("oneOf") or isinstance(inner.get("type"), list)
            members += self._members(inner) if nested else [inner]
        return members or [schema]

    @staticmethod
    def _raw_of(prop: PropertyProtocol, raws: Sequence[Raw]) -> Raw:
        """The raw schema that a member of a union was made from, by its kind: the generator drops equal members."""
        kind = {
            StringProperty: "string",
            DateTimeProperty: "string",
            DateProperty: "string",
            UuidProperty: "string",
            IntProperty: "integer",
            FloatProperty: "number",
            BooleanProperty: "boolean",
            ListProperty: "array",
            NoneProperty: "null",
        }.get(type(prop))
        if isinstance(prop, ConstProperty):
            return next(
                (raw for raw in raws if "const" in raw and repr(raw["const"]) == repr(prop.value.raw_value)), {}
            )
        fitting = [raw for raw in raws if kind is not None and raw.get("type") == kind and "const" not in raw]
        # Two members of one kind and different bounds read as one: the bounds of neither are held against values then.
        return (
            fitting[0]
            if len(fitting) == 1
            else {key: fitting[0][key] for key in ("items",)}
            if fitting and kind == "array"
            else {}
        )

    def _described(self, prop: PropertyProtocol, raw: Any, taken: frozenset[str], location: str = "body") -> Described:
        name = str(prop.python_name)
        name = f"{name}_" if name in taken else name
        schema = self.resolved(raw)
        text = " ".join(str(schema.get("description") or _text(prop.description)).split())
        if "default" in schema and isinstance(schema["default"], str | int | float | bool):
            text = f"{text} (default: {schema['default']})".strip()
        if isinstance(source := schema.get("x-source"), str):
            text = f"{text} [{source}]".strip()
        wire = _text(prop.name)
        return Described(name, wire, self.type_of(prop, raw), prop.required, text, location, name)

    def _parameter(self, prop: PropertyProtocol, location: str, raw: Raw) -> Described:
        wire = _text(prop.name)
        for each in (self.resolved(parameter) for parameter in raw["parameters"]):
            if each.get("name") == wire and each.get("in") == location:
                schema = {"description": each.get("description", ""), **self.resolved(each.get("schema", {}))}
                return self._described(prop, schema, OPTIONS, location)
        return self._described(prop, {}, OPTIONS, location)

    def _operation(self, endpoint: Endpoint) -> tuple[str, dict[str, Any]]:
        """The path and the raw operation of an endpoint, with the parameters of its path."""
        names = {str(prop.python_name): _text(prop.name) for prop in endpoint.path_parameters}
        path = endpoint.path.get_untrusted_value()
        for python_name, name in names.items():
            path = path.replace(f"{{{python_name}}}", f"{{{name}}}")
        item = self.resolved(self.document["paths"][path])
        operation = item[endpoint.method]
        parameters = [*operation.get("parameters", []), *item.get("parameters", [])]
        return path, {**operation, "parameters": parameters}

    def _body(self, endpoint: Endpoint, raw: Raw) -> tuple[Described | None, list[Described]]:
        """The request body, and its fields where they become arguments: it is one object."""
        if not endpoint.bodies:
            return None, []
        (body, *others) = endpoint.bodies
        if others or body.content_type.get_untrusted_value() != "application/json":
            label = f"{endpoint.method.upper()} {endpoint.path.get_untrusted_value()}"
            raise CannotExpressError(f"{label}: the client sends one media type, application/json")
        request = self.resolved(raw["requestBody"])
        schema = request["content"]["application/json"].get("schema", {})
        required = request.get("required") is True
        text = str(request.get("description", ""))
        described = Described("body", "body", self.type_of(body.prop, schema), required, text, "body", "body")
        fields: list[Described] = []
        if isinstance(body.prop, ModelProperty) and self.additional(body.prop) is None:
            fields = [
                Described(
                    each.name, each.wire, each.type, each.required and required, each.documentation, "body", each.name
                )
                for each in self.fields(body.prop)
            ]
        return described, fields

    def _successes(self, endpoint: Endpoint, raw: Raw) -> tuple[list[tuple[int, int, str]], PythonType]:
        """The documented 2xx with their schemas, and the type that a call gives."""
        found: list[tuple[int, int, PythonType]] = []
        for response in endpoint.responses.patterns:
            if response.status_code.range is None or not 200 <= response.status_code.range[0] < 300:
                continue
            first, last = response.status_code.range
            if response.source["attribute"] == "None":
                found.append((first, last, PythonType("None", "None", "None")))
                continue
            if response.source["attribute"] != "response.json()":
                label = f"{endpoint.method.upper()} {endpoint.path.get_untrusted_value()}"
                raise CannotExpressError(f"{label}: the client reads one media type, application/json")
            answer = self.resolved(raw["responses"][response.status_code.pattern])
            content = next(media for name, media in answer["content"].items() if "json" in name)
            found.append((first, last, self.type_of(response.prop, content.get("schema", {}))))
        types = [each for _, _, each in found] or [PythonType("None", "None", "None")]
        result = PythonType(
            " | ".join(dict.fromkeys(each.attribute for each in types)),
            "",
            "",
            frozenset().union(*(each.imports for each in types)),
        )
        return [(first, last, each.schema) for first, last, each in found], result


def method_name(operation: str, tag: str) -> str:
    """The operation's name less the words of its tag: `create_call_analysis` of `call_analysis` is `create`."""
    words, taken = operation.split("_"), tag.split("_")
    for at in range(len(words) - len(taken) + 1):
        if words[at : at + len(taken)] == taken and len(words) > len(taken):
            return "_".join(words[:at] + words[at + len(taken) :])
    return operation


def resource_name(tag: str) -> str:
    """The name of a tag's resource."""
    return "".join(word[:1].upper() + word[1:] for word in tag.split("_"))


def imports(types: Iterable[PythonType]) -> list[tuple[str, str]]:
    """The module and the name of each generated class in these types."""
    found = sorted({each for one in types for each in one.imports})
    return [(module, name) for module, _, name in (each.rpartition(".") for each in found)]


def _made(kind: str, plain: str, schema: Raw, keywords: Mapping[str, str]) -> str:
    arguments = _keywords(schema, keywords)
    return f"{kind}({', '.join(arguments)})" if arguments else plain


def _keywords(schema: Raw, names: Mapping[str, str]) -> list[str]:
    return [
        f"{python}={literal(schema[name])}"
        for name, python in names.items()
        if isinstance(schema.get(name), str | int | float) and not isinstance(schema[name], bool)
    ]


def _enum_value(value: str | int) -> str | int:
    """The value of an enum's member, which the generator has escaped for double quotes, as JSON escapes."""
    return json.loads(f'"{value}"') if isinstance(value, str) else value


def _renamed(described: Described, taken: set[str]) -> Described:
    if described.name not in taken:
        return described
    return Described(
        f"{described.name}_",
        described.wire,
        described.type,
        described.required,
        described.documentation,
        "body",
        described.name,
    )


def _text(value: Any) -> str:
    return value.get_untrusted_value() if hasattr(value, "get_untrusted_value") else str(value or "")
