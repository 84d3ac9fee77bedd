"""What a JSON Schema says, however it is written: references followed, nullable spelled one way, annotations left out.

Two statements of the same thing, such as the contract and the mock's types, can be compared keyword by keyword.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.contract import json_pointer, pointer_of, value_at

# Keywords that tell a reader something and say nothing about a value.
ANNOTATIONS = frozenset({"title", "description", "examples", "example", "deprecated", "$comment", "externalDocs"})


@dataclass
class Meaning:
    """What a schema says of a value: plain keywords, its fields, its items. `place` is its JSON pointer."""

    place: str = field(compare=False)
    keywords: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, "Meaning"] = field(default_factory=dict)
    items: "Meaning | None" = None


@dataclass(frozen=True)
class Difference:
    """One keyword in which two statements differ; None where one does not have it. `at` is a path of fields, such as
    `/data/call/status`; `place` is where the first of the two says, or would say, it."""

    at: str
    place: str
    keyword: str
    one: Any
    other: Any


def meaning(document: Mapping[str, Any], pointer: str, above: tuple[str, ...] = ()) -> Meaning:
    """What the schema at a JSON pointer of a document says. Raises KeyError where there is none."""
    schema = value_at(document, pointer)
    if not isinstance(schema, Mapping):
        return Meaning(pointer, {"schema": schema})
    if pointer in above:
        return Meaning(pointer, {"recursion": pointer})  # of the contract's own, which goes on for ever
    above = (*above, pointer)
    found = Meaning(pointer)
    if "$ref" in schema:
        found = meaning(document, pointer_of(schema["$ref"]), above)
    for keyword, value in schema.items():
        if keyword in ANNOTATIONS or keyword.startswith("x-") or keyword == "$ref":
            continue
        below = pointer + json_pointer([keyword])
        match keyword:
            case "type":
                found.keywords["type"] = sorted([value] if isinstance(value, str) else value)
            case "enum":
                found.keywords["enum"] = sorted(value, key=repr)
            case "required":
                found.keywords["required"] = sorted(value)
            case "properties":
                for name in value:
                    found.fields[name] = meaning(document, below + json_pointer([name]), above)
            case "items" if value is not False:
                found.items = meaning(document, below, above)
            case "prefixItems" if all(each == value[0] for each in value):
                # A tuple of equal members is an array of that many.
                found.items = meaning(document, f"{below}/0", above)
            case "items":
                pass  # closes a tuple, whose length is in minItems and maxItems
            case "oneOf" | "anyOf":
                _take_union(found, keyword, [meaning(document, f"{below}/{at}", above) for at in range(len(value))])
            case "additionalProperties" if value is True:
                pass  # the same as silence
            case _:
                found.keywords[keyword] = value
    if "enum" in found.keywords and "type" not in found.keywords:
        found.keywords["type"] = sorted({_type_of(value) for value in found.keywords["enum"]})  # which it implies
    if not found.keywords.get("required", True):
        del found.keywords["required"]
    return found


def differences(one: Meaning, other: Meaning, at: str = "") -> Iterator[Difference]:
    """Every keyword in which two statements differ, whichever of the two has it."""
    for keyword in sorted({*one.keywords, *other.keywords}):
        left, right = one.keywords.get(keyword), other.keywords.get(keyword)
        if left != right:
            yield Difference(at, one.place, keyword, left, right)
    for name in [*one.fields, *(name for name in other.fields if name not in one.fields)]:
        below, place = at + json_pointer([name]), one.place + json_pointer(["properties", name])
        if name not in other.fields:
            yield Difference(below, place, "properties", name, None)
        elif name not in one.fields:
            yield Difference(below, place, "properties", None, name)
        else:
            yield from differences(one.fields[name], other.fields[name], below)
    if one.items is not None and other.items is not None:
        yield from differences(one.items, other.items, f"{at}/*")
    elif one.items is not other.items:
        yield Difference(at, one.place, "items", one.items is not None, other.items is not None)


def _take_union(found: Meaning, keyword: str, members: list[Meaning]) -> None:
    """A member beside null says what the schema says, and null as well; any other union stays one."""
    others = [member for member in members if member.keywords != {"type": ["null"]}]
    if len(others) == 1 and len(members) == 2 and "type" in others[0].keywords:
        (member,) = others
        found.place = member.place
        found.keywords.update(member.keywords, type=sorted([*member.keywords["type"], "null"]))
        found.fields.update(member.fields)
        found.items = member.items or found.items
    else:
        found.keywords[keyword] = members


def _type_of(value: Any) -> str:
    kinds = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}
    return kinds.get(type(value), "null")
