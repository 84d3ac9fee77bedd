"""What of a contract is words for people, on which nothing of a call depends."""

from scripts.compat.schema import PASSTHROUGH
from scripts.contract import SUBSCHEMAS, pointer_parts

# Keys for people, and those below which every key is a name.
_FOR_PEOPLE = frozenset(
    {"contact", "deprecated", "description", "example", "examples", "externalDocs", "license", "summary", "title"}
)
_NAMES = SUBSCHEMAS | {
    "callbacks", "content", "headers", "links", "parameters", "pathItems", "paths", "requestBodies", "responses",
    "schemas", "securitySchemes", "variables",
}  # fmt: skip


def is_annotation(key: str) -> bool:
    """Whether a key is for people, or for tools other than the client."""
    return key in _FOR_PEOPLE or (key.startswith("x-") and key != PASSTHROUGH)


def is_for_people(pointer: str) -> bool:
    """Whether what stands at a pointer is, or is part of what is."""
    parts = pointer_parts(pointer)
    return parts[0] == "info" or any(
        is_annotation(part) and above not in _NAMES for above, part in zip(["", *parts], parts, strict=False)
    )
