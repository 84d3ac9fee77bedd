"""What a contract means by its schemas where JSON Schema alone leaves it open, and what of it a client is held to.

A schema is read by two standards, each for requests and for replies, since `readOnly` and `writeOnly` differ there:

- by MEANT, what fits is surely what the author had in mind: a value of the type that the keywords speak of, with the
  discriminator's own value for each member of a union, and without what only the other direction has to have;
- by HELD, what does not fit is surely refused: keywords that only narrow a type further are left out of it.

A value between the two, such as seven where a multiple of two is asked for, proves nothing about a client.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scripts.contract import (
    ANNOTATIONS,
    SUBSCHEMA,
    SUBSCHEMAS,
    json_pointer,
    pointer_of,
    pointer_parts,
    reference,
    value_at,
)
from scripts.contract.keywords import DATA_KEYWORDS, NAMED

Schema = dict[str, Any]

REQUEST, REPLY = "request", "reply"
MEANT, HELD = "meant", "held"

# The formats that a client reads; others tell a reader something.
FORMATS = frozenset({"date-time", "date", "uuid", "uri"})

NARROWED = "x-narrowed"
"""Marks a member of a union that a discriminator tells from the others."""

# Keywords that narrow what fits, and that our client takes for words to a reader.
UNHELD = frozenset(
    {
        "contains", "dependentRequired", "dependentSchemas", "else", "if", "maxContains", "maxProperties",
        "minContains", "minProperties", "multipleOf", "not", "prefixItems", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
    }
)  # fmt: skip

# What each keyword speaks of: values of another type fit it whatever they are.
_OF_TYPE = {
    "object": ("properties", "patternProperties", "additionalProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
_TYPED = frozenset({"type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"})
_UNIONS = ("anyOf", "oneOf")


def document_of(side: str, standard: str) -> str:
    """The URI of a contract as it is read for one direction by one standard."""
    return f"urn:{side}:{standard}"


def side_of(pointer: str) -> str:
    """The direction of a schema that is part of an operation, by its JSON pointer."""
    is_request = {"requestBody", "requestBodies", "parameters"} & {*pointer_parts(pointer)[:6]}
    return REQUEST if is_request else REPLY


def meant(document: Mapping[str, Any], side: str) -> dict[str, Any]:
    """A contract by the standard MEANT."""
    families = _families(document)

    def change(schema: Schema, keyword: str) -> Schema:
        if keyword != "allOf":  # in which a schema takes in another, and is no member of it
            schema = _as_family(families, schema)
        return refer(_of_one_side(document, side, _narrowed(document, _typed(schema))), keyword)

    def refer(schema: Schema, _: str) -> Schema:
        if isinstance(schema.get("$ref"), str):
            schema["$ref"] = _placed(side, schema["$ref"])
        for keyword in _UNIONS:  # of a family, which came to be meanwhile
            for each in schema.get(keyword, ()):
                if isinstance(each, dict) and str(each.get("$ref", "")).startswith("#"):
                    each["$ref"] = _placed(side, each["$ref"])
        return schema

    found: Schema = _mapped(document, change, refer)
    return found


def required(document: Mapping[str, Any], side: str) -> dict[str, Any]:
    """A contract that requires nothing of one direction which only the other one has to have."""
    found: Schema = _mapped(document, lambda schema, _: _of_one_side(document, side, schema), lambda schema, _: schema)
    return found


def _placed(side: str, ref: str) -> str:
    return ref if ref.startswith("urn:") else document_of(side, MEANT) + reference(pointer_of(ref))


def held(schema: Schema) -> Schema:
    """A schema, or a whole contract, by the standard HELD; given as it is by MEANT."""
    found: Schema = _mapped(schema, _held, _held)
    return found


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """The types that a schema names."""
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def is_requirement(schema: object) -> bool:
    """Whether a member of a union says no more than which fields have to be there together."""
    if not isinstance(schema, Mapping) or schema.get("type", "object") != "object":
        return False
    return schema.keys() <= {"required", "type", *ANNOTATIONS}


Change = Callable[[Schema, str], Schema]
"""What becomes of a schema that stands below a keyword."""


def _mapped(value: Any, change: Change, inverted: Change, keyword: str = "", *, names: bool = False) -> Any:
    """A copy of a document or a schema in which each object is changed, but for data and what maps names.

    `inverted` changes what stands below `not` and `if`, where a narrower schema is a wider one above.
    """
    if isinstance(value, list):
        return [_mapped(each, change, inverted, keyword) for each in value]
    if not isinstance(value, dict):
        return value
    copy = {}
    for key, each in value.items():
        here = inverted if key in ("if", "not") and not names else change
        is_data = _is_data(key, each) and not names
        below = keyword if names else key
        copy[key] = each if is_data else _mapped(each, here, inverted, below, names=not names and key in NAMED)
    return copy if names else change(copy, keyword)


def _is_data(key: str, value: Any) -> bool:
    return key in DATA_KEYWORDS or key.startswith("x-") or (key == "examples" and isinstance(value, list))


def _typed(schema: Schema) -> Schema:
    """A schema with the type that its keywords speak of, where it has none."""
    if not schema.keys() & _TYPED:
        for kind in ("object", "array"):
            if any(isinstance(schema.get(keyword), dict | list) for keyword in _OF_TYPE[kind]):
                return {"type": kind, **schema}
    if isinstance(schema.get("type"), str):
        # A member of a union that leaves its type to what stands around it.
        for keyword in _UNIONS:
            if isinstance(listed := schema.get(keyword), list):
                schema[keyword] = [
                    {"type": schema["type"], **each} if isinstance(each, dict) and not each.keys() & _TYPED else each
                    for each in listed
                ]
    return schema


def _narrowed(document: Mapping[str, Any], schema: Schema) -> Schema:
    """A schema whose discriminator is heeded: each member of the union has the value by which it is told."""
    said = schema.get("discriminator")
    if not isinstance(said, dict) or not isinstance(name := said.get("propertyName"), str):
        return schema
    mapping = said.get("mapping", {})
    for keyword in _UNIONS:
        if isinstance(listed := schema.get(keyword), list):
            schema[keyword] = [_told_by(document, each, name, mapping) for each in listed]
    return schema


def _told_by(document: Mapping[str, Any], member: Any, name: str, mapping: Mapping[str, str]) -> Any:
    if not isinstance(member, dict) or not isinstance(ref := member.get("$ref"), str):
        return member
    pointer = pointer_of(ref.partition("#")[2])
    component = pointer_parts(pointer)[-1]
    values = [value for value, target in mapping.items() if target == component or pointer_of(target) == pointer]
    if not values and _names_itself(document, pointer, name):
        return member
    return {**member, NARROWED: True, "required": [name], "properties": {name: {"enum": values or [component]}}}


def _names_itself(document: Mapping[str, Any], pointer: str, name: str) -> bool:
    """Whether an object says by itself which values a property of it may have."""
    return any(
        {"const", "enum"} & each.keys()
        for part in _parts(document, value_at(document, pointer))
        if isinstance(field := part.get("properties", {}).get(name), dict)
        for each in _parts(document, field)
    )


def _families(document: Mapping[str, Any]) -> dict[str, tuple[list[str], Any]]:
    """By its pointer, each schema that is told from its heirs: their pointers with its own, and the discriminator.

    Its heirs take it in by `allOf`, each by itself or by another heir.
    """
    schemas = document.get("components", {}).get("schemas", {})
    taken_in = {
        json_pointer(["components", "schemas", name]): {
            pointer_of(each["$ref"]) for each in said.get("allOf", ()) if isinstance(each, dict) and "$ref" in each
        }
        for name, said in schemas.items()
        if isinstance(said, dict)
    }
    found = {}
    for name, said in schemas.items():
        if isinstance(said, dict) and "discriminator" in said and not said.keys() & {*_UNIONS}:
            family = [json_pointer(["components", "schemas", name])]
            for member in family:  # to which more are added meanwhile
                family += [each for each, parents in taken_in.items() if member in parents and each not in family]
            if len(family) > 1:
                found[family[0]] = family, said["discriminator"]
    return found


def _as_family(families: Mapping[str, tuple[list[str], Any]], schema: Schema) -> Schema:
    """A reference to a schema that has heirs as the union of all of them."""
    ref = schema.get("$ref")
    if not isinstance(ref, str) or (family := families.get(pointer_of(ref))) is None:
        return schema
    members, discriminator = family
    rest = {key: each for key, each in schema.items() if key != "$ref"}
    return {**rest, "oneOf": [{"$ref": reference(each)} for each in members], "discriminator": discriminator}


def _parts(document: Mapping[str, Any], schema: Any, above: Sequence[int] = ()) -> Iterator[Schema]:
    """A schema and all that it takes in by `$ref` and `allOf`."""
    if isinstance(schema, dict) and id(schema) not in above:
        yield schema
        taken_in = list(schema.get("allOf", ()))
        if isinstance(ref := schema.get("$ref"), str):
            taken_in.append(value_at(document, pointer_of(f"#{ref.partition('#')[2]}")))
        for each in taken_in:
            yield from _parts(document, each, (*above, id(schema)))


def _of_one_side(document: Mapping[str, Any], side: str, schema: Schema) -> Schema:
    """An object that does not require the fields which only the other direction has to have."""
    keyword = "readOnly" if side == REQUEST else "writeOnly"
    if isinstance(names := schema.get("required"), list):
        schema["required"] = [name for name in names if not _says(document, schema, name, keyword)]
    return schema


def _says(document: Mapping[str, Any], schema: Schema, name: str, keyword: str) -> bool:
    """Whether any part of an object says this of a field."""
    return any(
        said.get(keyword) is True
        for part in _parts(document, schema)
        for said in _parts(document, part.get("properties", {}).get(name))
    )


def _held(schema: Schema, _: str) -> Schema:
    if isinstance(ref := schema.get("$ref"), str):
        schema["$ref"] = ref.replace(f":{MEANT}#", f":{HELD}#")
    if "const" in schema or isinstance(schema.get("enum"), list):
        return {key: each for key, each in schema.items() if key in ("const", "enum", "$defs")}
    kinds = types_of(schema)
    dropped = {*UNHELD}
    if "prefixItems" in schema:
        schema = {**schema, **_of_any_place(schema)}
    elif schema.get("items") is False:
        schema = {**schema, "items": {}, "maxItems": 0}  # as it is mostly said
    if schema.get("additionalProperties") is False:
        dropped.add("additionalProperties")
    if "string" not in kinds:
        dropped.update(_OF_TYPE["string"])
    elif schema.get("format") in FORMATS:
        dropped.update(("minLength", "maxLength", "pattern"))
    else:
        dropped.add("format")
    if not {"number", "integer"} & {*kinds}:
        dropped.update(_OF_TYPE["number"])
    found = {key: each for key, each in schema.items() if key not in dropped}
    for keyword in _UNIONS:
        if isinstance(listed := found.pop(keyword, None), list) and not all(map(is_requirement, listed)):
            found.setdefault("allOf", [])
            found["allOf"] = [*found["allOf"], {"anyOf": listed}]
    return found


def _of_any_place(schema: Schema) -> Schema:
    """What a tuple says of its items, wherever they stand, and of how many there are."""
    first, further = schema["prefixItems"], schema.get("items", True)
    most = schema.get("maxItems", len(first) + 1)
    if further is False:
        return {"items": {"anyOf": first}, "maxItems": min(most, len(first))}
    is_closed = "items" not in schema and most <= len(first)
    return {"items": {"anyOf": first if is_closed else [*first, further]}}


def unheld(value: Any, path: tuple[str | int, ...] = (), *, names: bool = False) -> Iterator[str]:
    """The JSON pointer of each keyword of a contract that no client is held to; `names` where it maps names."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from unheld(each, (*path, index))
    elif isinstance(value, dict):
        for key, each in value.items():
            if names:
                yield from unheld(each, (*path, key))
            elif key in UNHELD and _is_schema_keyword(key, each):
                yield json_pointer([*path, key])
            elif not _is_data(key, each):
                yield from unheld(each, (*path, key), names=key in NAMED)


def _is_schema_keyword(key: str, value: Any) -> bool:
    """Whether a key is the keyword of that name; `else`, say, may be anything elsewhere."""
    return key not in SUBSCHEMA | SUBSCHEMAS or isinstance(value, dict | list | bool)
