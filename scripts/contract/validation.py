"""Whether a document can be used as a contract: JSON, OpenAPI 3.1, whose references hold, in keywords that exist."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from math import isfinite
from typing import Any

from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.contract.faults import Fault, fault_in_text
from scripts.contract.keywords import KEYWORDS, SUBSCHEMA, SUBSCHEMAS
from scripts.contract.pointers import json_pointer, pointer_parts, value_at
from scripts.contract.references import Path, pointer_of, stated_objects


def found_faults(document: dict[str, Any]) -> list[Fault]:
    """What is wrong with a document. What rests on something that is wrong is not looked at."""
    for find_faults in (
        _json_faults,
        _version_faults,
        _reference_faults,
        _schema_faults,
        _security_faults,
        _document_faults,
    ):
        if faults := list(find_faults(document)):
            return faults
    return []


def _json_faults(value: Any, path: tuple[str | int, ...] = (), above: tuple[int, ...] = ()) -> Iterator[Fault]:
    """What YAML can say and JSON cannot: other keys than text, dates, an alias of what it stands in."""
    if isinstance(value, dict | list):
        if id(value) in above:
            yield Fault("is an alias of something that it stands in", json_pointer(path))
            return
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in children:
            if isinstance(value, dict) and not isinstance(key, str):
                yield Fault(f"the key {key!r} is no text to YAML; put it in quotes", json_pointer([*path, str(key)]))
            yield from _json_faults(child, (*path, key), (*above, id(value)))
    elif isinstance(value, float) and not isfinite(value):
        yield Fault(f"is {value}, which JSON cannot say", json_pointer(path))
    elif not isinstance(value, str | int | float | None):
        yield Fault(f"is a {type(value).__name__} to YAML; put it in quotes", json_pointer(path))


def _version_faults(document: dict[str, Any]) -> Iterator[Fault]:
    version = document.get("openapi")
    if not (isinstance(version, str) and version.startswith("3.1.")):
        yield Fault(f"expected OpenAPI 3.1, got {version!r}", "/openapi")
    elif not {"paths", "webhooks", "components"} & document.keys():
        yield fault_in_text("has neither paths nor webhooks nor components")


def _reference_faults(document: dict[str, Any]) -> Iterator[Fault]:
    for path, each in stated_objects(document):
        if "$ref" not in each:
            continue
        value, pointer = each["$ref"], json_pointer([*path, "$ref"])
        if not isinstance(value, str) or not value.startswith("#/"):
            yield Fault(f"expected a reference inside this file (#/…), got {value!r}", pointer)
        elif not _resolves(document, pointer_parts(pointer_of(value))):
            yield Fault(f"{value} does not exist", pointer)
        elif _leads_back(document, value):
            yield Fault(f"{value} refers to itself in the end", pointer)


def _security_faults(document: dict[str, Any]) -> Iterator[Fault]:
    known = document.get("components", {}).get("securitySchemes", {})
    for path, each in stated_objects(document):
        listed = each.get("security")
        for at, alternative in enumerate(listed if isinstance(listed, list) else ()):
            for name in alternative if isinstance(alternative, dict) else ():
                if name not in known:
                    pointer = json_pointer([*path, "security", at, name])
                    yield Fault(f"is no security scheme of {', '.join(known) or 'components, which has none'}", pointer)


def _schema_faults(document: dict[str, Any]) -> Iterator[Fault]:
    judge = Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"}, validate_formats=True)
    for path, schema in _schemas(document):
        for reason, pointer in dict.fromkeys(
            (each.message, tuple(each.instance_path)) for each in judge.iter_errors(schema)
        ):
            yield Fault(first_line(reason), json_pointer([*path, *pointer]))
        yield from _keyword_faults(schema, path)


def _schemas(document: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Each schema that is part of no other, with its path."""
    components = document.get("components")
    named = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in named.items() if isinstance(named, dict) else ():
        yield ("components", "schemas", name), schema
    for path, each in stated_objects(document):
        if "schema" in each:
            yield (*path, "schema"), each["schema"]


def _keyword_faults(schema: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Keywords that no specification knows: JSON Schema allows them, and a slip of the pen loosens the contract."""
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        place = (*path, keyword)
        if keyword == "nullable":
            yield Fault("is of OpenAPI 3.0; write type: [string, 'null'] or the like", json_pointer(place))
        elif keyword in SUBSCHEMA:
            yield from _keyword_faults(value, place)
        elif keyword in SUBSCHEMAS:
            listed = enumerate(value) if isinstance(value, list) else ()  # what is neither is told by the metaschema
            for at, each in value.items() if isinstance(value, dict) else listed:
                yield from _keyword_faults(each, (*place, at))
        elif keyword not in KEYWORDS and not keyword.startswith("x-"):
            meant = get_close_matches(keyword, KEYWORDS | SUBSCHEMA | SUBSCHEMAS, n=1)
            hint = f"; did you mean {meant[0]}?" if meant else ""
            yield Fault(f"is no keyword of JSON Schema or OpenAPI 3.1{hint}", json_pointer(place))


def _document_faults(document: dict[str, Any]) -> Iterator[Fault]:
    found = False
    try:
        for error in OpenAPIV31SpecValidator(document).iter_errors():
            found = True
            if error.absolute_path:
                yield Fault(first_line(error.message), json_pointer(error.absolute_path))
            else:
                yield fault_in_text(first_line(error.message))
    except Exception as error:  # noqa: BLE001 - the validator trips over what it reported a moment before
        if not found:
            yield Fault(f"the validator cannot read it: {type(error).__name__}: {first_line(str(error))}")


def _resolves(value: Any, parts: Sequence[str]) -> bool:
    for part in parts:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False
    return True


def _leads_back(document: dict[str, Any], ref: str, above: tuple[str, ...] = ()) -> bool:
    """Whether what a reference leads to is, or takes in by `allOf`, a reference, and so on, without an end."""
    pointer = pointer_of(ref)
    if pointer in above:
        return True
    if not _resolves(document, pointer_parts(pointer)):
        return False  # which is told where it stands
    stated = value_at(document, pointer)
    taken_in = stated.get("allOf") if isinstance(stated, dict) else None
    parts = [stated, *(taken_in if isinstance(taken_in, list) else ())]
    further = [each["$ref"] for each in parts if isinstance(each, dict) and isinstance(each.get("$ref"), str)]
    return any(_leads_back(document, each, (*above, pointer)) for each in further)


def first_line(text: str) -> str:
    """The first line of a message, of no more than 300 characters."""
    line = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return line if len(line) <= 300 else line[:300] + "…"
