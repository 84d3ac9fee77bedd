"""Whether a contract is made as OpenAPI 3.1 and JSON Schema say, judged by their own schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema_rs import Draft202012Validator

from scripts.contract.faults import Fault
from scripts.contract.keywords import KEYWORDS, SUBSCHEMA, SUBSCHEMAS
from scripts.contract.parts import Parts, with_article
from scripts.contract.pointers import json_pointer, value_at
from scripts.contract.validation.wording import did_you_mean, in_short, misfit, nearest

# What other languages call a type.
_TYPES = {
    **dict.fromkeys(("any", "mixed"), "leave type out"),
    **dict.fromkeys(("binary", "file"), "write type: string, contentMediaType: application/octet-stream"),
    **dict.fromkeys(("date", "date-time", "datetime", "timestamp"), "write type: string, format: date-time"),
    **dict.fromkeys(("decimal", "double", "float"), "write number"),
    **dict.fromkeys(("dict", "hash", "json", "map"), "write object"),
    **dict.fromkeys(("int", "int32", "int64", "long"), "write integer"),
    **dict.fromkeys(("list", "set", "tuple"), "write array"),
    **dict.fromkeys(("none", "nil", "undefined"), "write 'null'"),
    **dict.fromkeys(("str", "text"), "write string"),
    "bool": "write boolean",
    "uuid": "write type: string, format: uuid",
}
_KNOWN_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")

# Kinds of objects whose name in OpenAPI's schema is no word for one.
_KINDS = {
    "components": "components object",
    "external-documentation": "externalDocs",
    "info": "info object",
    "oauth-flows": "OAuth flow",
}

# A URI that is none keeps no client from being written.
_FORMATS = dict.fromkeys(("email", "uri", "uri-reference"), lambda _: True)

_Explanations = Iterator[tuple[list[str | int], str]]  # where something is wrong, by keys and indexes, and what


class Structure(NamedTuple):
    """What is missing, not known where it stands, or of another kind than has to stand there."""

    faults: list[Fault]
    misspelt: set[str]
    """The JSON pointers at which nothing stands, since their fields are written otherwise."""


def structure_of(parts: Parts) -> Structure:
    """Judge all parts of a document."""
    found = Structure([], set())
    outside = [(each.kind, each.pointer, each.value) for each in parts.outside]
    for kind, pointer, value in [("contract", "", parts.document), *outside]:
        errors = list(_judge(kind).iter_errors(value))
        wrong = [each.instance_path for each in errors if each.kind.name != "unevaluatedProperties"]
        broken = {json_pointer(path[:end]) for path in wrong for end in range(len(path) + 1)}
        misspelt = {json_pointer(path) for error in errors for path in _misspelt(error)}
        for error in errors:
            found.faults.extend(
                Fault(reason, pointer + json_pointer(path)) for path, reason in _explain(error, value, broken, misspelt)
            )
        found.misspelt.update(pointer + each for each in misspelt)
    return found


def _misspelt(error: Any) -> Iterator[list[str | int]]:
    """The fields that were meant where an error is about others that are not known."""
    if error.kind.name == "unevaluatedProperties":
        known = _fields(_openapi_part(error.schema_path[:-1]))
        for name in set(error.kind.unexpected) - known:
            if meant := nearest(name, known - error.instance.keys()):
                yield [*error.instance_path, meant]


def _explain(error: Any, whole: Any, broken: set[str], misspelt: set[str]) -> _Explanations:
    """What an error says. `broken` are all places at or below which a value is wrong."""
    path, kind = list(error.instance_path), _kind(error.schema_path)
    match error.kind.name:
        case "unevaluatedProperties":
            yield from _explain_unknown(error, kind, broken)
        case "propertyNames":
            name = error.kind.error.instance
            is_component = path[:1] == ["components"] and len(path) == 2
            reason = f"{name!r} is not a regex"
            yield [*path, name], "has a name of more than letters, digits, '.', '_' and '-'" if is_component else reason
        case "required" | "minProperties" if kind == "responses":
            if all(name.startswith("x-") for name in error.instance):
                yield path, "names no response; write one by its status ('200', '4XX') or default"
        case "required":
            yield from _explain_missing(error, kind, misspelt)
        case "not":
            names = [*error.schema_path[-2:-1], *error.kind.schema["required"]]
            yield path, f"has both {' and '.join(str(name) for name in names[-2:])}; leave one out"
        case "anyOf" | "oneOf" if names := _alternatives(error):
            yield from _explain_alternatives(error, names, misspelt)
        case "anyOf" | "enum" if path[-1:] == ["type"] and kind != "security scheme":
            yield from _explain_type(path, error.instance)
        case _:
            yield path, misfit(error, _hint(path, error, whole))


def _explain_missing(error: Any, kind: str, misspelt: set[str]) -> _Explanations:
    """A field that has to be there, unless it is written otherwise, which is told."""
    path = list(error.instance_path)
    if json_pointer([*path, error.kind.property]) not in misspelt:
        hint = "; write required: true" if error.kind.property == "required" else ""
        yield path, f"{misfit(error)}, which {with_article(kind)} must have{hint}"


def _explain_alternatives(error: Any, names: list[str], misspelt: set[str]) -> _Explanations:
    """Fields of which one has to be there, where there is none or more than one."""
    path = list(error.instance_path)
    if isinstance(error.instance, dict) and not any(json_pointer([*path, name]) in misspelt for name in names):
        if error.instance.keys() & set(names):
            yield path, f"has both {' and '.join(names)}; leave one out"
        else:
            yield path, f"has neither {' nor '.join(names)}"


def _explain_unknown(error: Any, kind: str, broken: set[str]) -> _Explanations:
    """Fields that are not known where they stand."""
    known = _fields(_openapi_part(error.schema_path[:-1]))
    for name in error.kind.unexpected:
        path = [*error.instance_path, name]
        if name in known:  # in another of its kind, or were it not for what is wrong beside it
            if json_pointer(error.instance_path) not in broken:
                yield path, f"is no field of this {kind}"
        elif kind == "paths":
            yield path, f"is no path, which begins with /; write /{name}"
        elif kind == "responses":
            yield path, "is no status; write one like '200', one like '4XX', or default"
        else:
            hint = did_you_mean(name, known)
            if kind in ("parameter", "header") and name in KEYWORDS | SUBSCHEMA | SUBSCHEMAS:
                hint = "; write it below schema"
            elif kind in ("response", "request body") and name == "schema":
                hint = "; write it below content and a media type"
            yield path, f"is no field of {with_article(kind)}{hint}"


def _explain_type(path: list[str | int], stated: Any) -> _Explanations:
    """What is wrong with the type of a schema."""
    places = [([*path, at], one) for at, one in enumerate(stated)] if isinstance(stated, list) else [(path, stated)]
    for place, name in places:
        if name in _KNOWN_TYPES and isinstance(name, str):
            continue
        hint = "write 'null' in quotes" if name is None else _TYPES.get(name.lower()) if isinstance(name, str) else None
        yield place, f"{in_short(name)} is no type{f'; {hint}' if hint else did_you_mean(name, _KNOWN_TYPES)}"
    if isinstance(stated, list) and all(each in _KNOWN_TYPES for each in stated):
        yield path, "names a type twice" if stated else "names no type"


def _hint(path: list[str | int], error: Any, whole: Any) -> str:
    """What somebody meant who knows a field from another place or another version."""
    *_, key = path or [""]
    value, expected = error.instance, getattr(error.kind, "types", [])
    match key, value:
        case "exclusiveMinimum" | "exclusiveMaximum", bool():
            limit = str(key).removeprefix("exclusive").lower()
            stated = value_at(whole, json_pointer(path[:-1])).get(limit)
            is_meant = value and stated is not None
            return f"; write {key}: {stated} in the place of {limit}" if is_meant else "; leave it out"
        case "required", bool() if expected == ["array"]:
            name = path[-2] if len(path) > 2 and path[-3] == "properties" else "name"
            return f"; write required: [{name}] in the object that holds it" if value else "; leave it out"
        case "examples", _:
            is_list = expected == ["array"]
            return "; examples of a schema are a list of values" if is_list else "; write {name: {value: …}}"
        case "discriminator", str():
            return f"; write {{propertyName: {value}}}"
        case "items", list():
            return "; write prefixItems for a list of schemas"
        case _:
            return ""


def _kind(schema_path: list[str | int]) -> str:
    """The kind of object that a part of OpenAPI's schema is about."""
    name = str(schema_path[1]) if schema_path[:1] == ["$defs"] else "contract"
    return _KINDS.get(name, name.replace("-", " "))


def _alternatives(error: Any) -> list[str]:
    """The fields of which one has to be there, where an error is about that."""
    if error.schema_path == ["anyOf"]:
        return ["paths", "webhooks", "components"]
    alternatives = _openapi_part(error.schema_path) if error.schema_path[:1] == ["$defs"] else ()
    return [each["required"][0] for each in alternatives if each.keys() == {"required"}]


def _openapi_part(schema_path: list[str | int]) -> Any:
    """A part of OpenAPI's schema."""
    return value_at(_openapi(), json_pointer(schema_path))


def _fields(schema: Mapping[str, Any]) -> set[str]:
    """Each field that a part of OpenAPI's schema names, on whatever condition."""
    further = [*schema.get("allOf", ()), *schema.get("dependentSchemas", {}).values()]
    further += [schema[key] for key in ("then", "else") if key in schema]
    if str(schema.get("$ref", "")).startswith("#"):
        further.append(value_at(_openapi(), schema["$ref"].removeprefix("#")))
    return set(schema.get("properties", ())).union(*map(_fields, further))


@cache
def _judge(kind: str) -> Draft202012Validator:
    schema = _openapi()
    if kind != "contract":
        name = kind.replace(" ", "-")
        place = f"#/$defs/{name}-or-reference" if f"{name}-or-reference" in schema["$defs"] else f"#/$defs/{name}"
        schema = {"$id": schema["$id"], "$ref": place, "$defs": schema["$defs"]}
    return Draft202012Validator(schema, validate_formats=True, formats=_FORMATS)


@cache
def _openapi() -> dict[str, Any]:
    """OpenAPI's own schema of its version 3.1, as openapi-spec-validator holds it, with that of its schemas."""
    package = find_spec("openapi_spec_validator")  # to import it would take longer than all the rest
    assert package is not None and package.origin is not None  # noqa: S101 - tells type checkers
    file = Path(package.origin).with_name("resources") / "schemas/v3.1/schema.json"
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    known = schema["$defs"]
    known["schema"] = {
        "$dynamicAnchor": "meta",
        "allOf": [{"$ref": "https://json-schema.org/draft/2020-12/schema"}],
        "properties": {
            "discriminator": {
                "type": "object",
                "properties": {"propertyName": {"type": "string"}, "mapping": {"$ref": "#/$defs/map-of-strings"}},
                "required": ["propertyName"],
            },
            "externalDocs": {"$ref": "#/$defs/external-documentation"},
        },
    }
    # A path item may say more beside its reference, as later editions of the schema know.
    known["path-item"]["properties"]["$ref"] = {"type": "string"}
    known["path-item-or-reference"] = {"$ref": "#/$defs/path-item"}
    return schema
