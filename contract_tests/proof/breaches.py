"""Where a value breaks its schema, in words that are the same for the same mistake, and what that does to callers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests import judge
from contract_tests.proof.places import REMOVED, found_at, shared_place
from contract_tests.proof.same_value import NOTHING
from scripts.contract import json_pointer, pointer_parts, reference

JSON = Any

MISSING = "a required field is missing"

JSON_TYPES = {
    dict: "an object",
    list: "an array",
    str: "a text",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
    type(NOTHING): "no JSON",
}


@dataclass(frozen=True)
class Wrong:
    """A place where a value breaks its schema, and what a reader may do about it."""

    pointer: str
    unknown_value: bool
    """It is text where the schema has an enum of texts."""
    optional: str | None
    """Pointer of the outermost optional field that it lies in; None where all are required."""
    passthrough: bool
    """Whether it lies in what is sent exactly as it was given."""
    fault: str
    """What is wrong with it, in words that name no place."""

    @property
    def rule_of_reply(self) -> str:
        """What it does to the caller who gets it in a reply."""
        if self.unknown_value:
            return "unlisted-value"
        return "optional-value-unreadable" if self.optional else "reply-unreadable"

    @property
    def fault_of_reply(self) -> str:
        """What is wrong with a reply; of what is missing, in which object, and of a value that is not listed, where."""
        if self.unknown_value:
            return f"at {shared_place(self.pointer)}"
        within = shared_place(self.pointer).rpartition("/")[0] or "the whole reply"
        return f"{self.fault}, in {within}" if self.fault == MISSING else self.fault

    @property
    def fault_of_request(self) -> str:
        """What a server overlooks that takes it; of what only passes through, one fault for all."""
        if self.passthrough:
            return "whatever a raw report holds"
        return "a value of another type" if " in the place of " in self.fault else self.fault


def json_type(value: JSON) -> str:
    """The JSON type of a value, with its article."""
    return JSON_TYPES[type(value)]


def wrong_places(operation_schema: str, value: JSON) -> Iterator[Wrong]:
    """Where a value breaks its schema, as an independent judge sees it."""
    for breach in {each.pointer: each for each in reversed(judge.breaches(operation_schema, value))}.values():
        schema: judge.Schema = {"$ref": reference(operation_schema)}
        optional, passthrough, here = None, False, ""
        for part in pointer_parts(breach.pointer):
            here += json_pointer([part])
            owner = next(
                each
                for each in judge.alternatives(schema)
                if part in each.get("properties", {}) or "items" in each or judge.entries_of(each)
            )
            if part not in owner.get("properties", {}):
                schema = owner.get("items") or judge.entries_of(owner) or {}
                continue
            schema = owner["properties"][part]
            passthrough = passthrough or schema.get("x-passthrough", False)
            if part not in owner.get("required", ()):
                optional = optional or here
        enum = any("enum" in each for each in judge.alternatives(schema))
        came = found_at(value, pointer_parts(breach.pointer))
        unknown_value = enum and isinstance(came, str)
        yield Wrong(breach.pointer, unknown_value, optional, passthrough, _fault(breach, schema, came))


def _fault(breach: judge.Breach, schema: judge.Schema, came: JSON) -> str:
    if came is REMOVED:
        return MISSING
    if came is None:
        return "a null where none may be"
    match breach.keyword:
        case "format":
            formats = {each["format"] for each in judge.alternatives(schema) if "format" in each}
            return f"a text that is no {' or '.join(sorted(formats))}"
        case "type" | "oneOf" | "anyOf" | "enum" | "const":
            kinds = _types(schema)
            if json_type(came) in kinds:
                return "a value that the enum does not list"
            return f"{json_type(came)} in the place of {' or '.join(kinds)}"
        case "minItems" | "maxItems":
            return "another number of items"
        case "minLength" | "maxLength":
            return "a text of another length"
        case keyword:
            return f"what {keyword} forbids"


def _types(schema: judge.Schema) -> list[str]:
    """The types that a schema allows, as words; null left out."""
    words = {
        "object": "an object",
        "array": "an array",
        "string": "a text",
        "boolean": "a boolean",
        "number": "a number",
        "integer": "a number",
    }
    found = []
    for each in judge.alternatives(schema):
        stated = each.get("type", [])
        found += [words[kind] for kind in ([stated] if isinstance(stated, str) else stated) if kind in words]
        found += [json_type(value) for value in judge.enum_of(each) or () if "type" not in each]
    return list(dict.fromkeys(found))
