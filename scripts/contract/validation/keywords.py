"""Keywords that no specification knows: to JSON Schema they are annotations, and a slip loosens the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scripts.contract.faults import Fault
from scripts.contract.keywords import KEYWORDS, SUBSCHEMA, SUBSCHEMAS
from scripts.contract.parts import Parts
from scripts.contract.validation.wording import did_you_mean

_KNOWN = KEYWORDS | SUBSCHEMA | SUBSCHEMAS

_NEAR = 0.75  # how like a known one a keyword is that is a slip, and no annotation

# Those of earlier drafts, and what says the same now. A word of another language is an annotation like any other.
_EARLIER = {
    "$recursiveAnchor": "$dynamicAnchor",
    "$recursiveRef": "$dynamicRef",
    "additionalItems": "items beside prefixItems",
    "definitions": "$defs",
    "dependencies": "dependentRequired or dependentSchemas",
    "divisibleBy": "multipleOf",
    "id": "$id",
}


def keyword_faults(parts: Parts) -> Iterator[Fault]:
    """Each keyword of a schema that says nothing where something was meant."""
    for part in parts.of("schema"):
        for keyword, value in part.stated.items():
            if keyword in _KNOWN or keyword.startswith("x-"):
                continue
            if keyword == "nullable":
                yield Fault(f"is of OpenAPI 3.0; {_nullable_hint(part.stated)}", part.below(keyword))
            elif hint := _keyword_hint(keyword) or _property_hint(value):
                yield Fault(f"is no keyword of JSON Schema or OpenAPI 3.1{hint}", part.below(keyword))


def _nullable_hint(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if schema["nullable"] is False:
        return "leave it out"
    if "$ref" in schema:
        return f"write anyOf: [{{$ref: '{schema['$ref']}'}}, {{type: 'null'}}]"
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return f"write {{type: 'null'}} as one more of {keyword}"
    if isinstance(kind, str):
        return f"write type: [{kind}, 'null']"
    return "write type: [string, 'null'] or the like"


@cache
def _keyword_hint(keyword: str) -> str:
    return f"; write {_EARLIER[keyword]}" if keyword in _EARLIER else did_you_mean(keyword, _KNOWN, _NEAR)


def _property_hint(value: Any) -> str:
    is_schema = isinstance(value, dict) and value.keys() & {
        "$ref",
        "allOf",
        "anyOf",
        "enum",
        "oneOf",
        "properties",
        "type",
    }
    return "; write it below properties, if it is one" if is_schema else ""
