"""Reading the contract, and saying where it is wrong before anything is made from it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

# What lies below these keys is data, in which a `$ref` or a `schema` means nothing.
DATA_KEYWORDS = frozenset({"const", "default", "enum", "example", "value"})

# The keywords of JSON Schema 2020-12 and of OpenAPI 3.1: those that hold a schema, several of them, or anything else.
SUBSCHEMA = frozenset(
    {
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then",
        "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
SUBSCHEMAS = frozenset(
    {"$defs", "allOf", "anyOf", "dependentSchemas", "oneOf", "patternProperties", "prefixItems", "properties"}
)
KEYWORDS = frozenset(
    {
        "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "const", "contentEncoding",
        "contentMediaType", "default", "dependentRequired", "deprecated", "description", "discriminator", "enum",
        "example", "examples", "exclusiveMaximum", "exclusiveMinimum", "externalDocs", "format", "maxContains",
        "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties",
        "minimum", "multipleOf", "pattern", "readOnly", "required", "title", "type", "uniqueItems", "writeOnly", "xml",
    }
)  # fmt: skip

_IN_FRAGMENT = "/?:@!$&'()*+,;=~"  # RFC 3986, 3.5, beside letters, digits and -._

_OPERATION_IN_TEXT = re.compile(r"\b(get|put|post|delete|options|head|patch|trace)\b[^/]*?(/[^\s']*)", re.IGNORECASE)
_SCHEMA_IN_TEXT = re.compile(r"/components/schemas/[^\s'\"]+")


def json_pointer(parts: Iterable[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path of keys and indexes; the empty path is the empty text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def pointer_parts(pointer: str) -> list[str]:
    """The keys and indexes of a JSON pointer, all as text."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def reference(pointer: str) -> str:
    """A JSON pointer as a `$ref` (RFC 6901, 6): what no URI may hold, such as the braces of a path, percent-encoded."""
    return f"#{quote(pointer, safe=_IN_FRAGMENT)}"


def value_at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer of a document. Raises KeyError or IndexError where nothing does."""
    for part in pointer_parts(pointer):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def followed(document: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says itself, or what the one says that it refers to."""
    return followed(document, value_at(document, schema["$ref"].removeprefix("#"))) if "$ref" in schema else schema


def place_of(document: Any, pointer: str) -> str:
    """The JSON pointer itself, or where that stands which it refers to."""
    value = value_at(document, pointer)
    if isinstance(value, dict) and "$ref" in value:
        return place_of(document, value["$ref"].removeprefix("#"))
    return pointer


def examples_of(stated: Mapping[str, Any]) -> list[Any]:
    """The values that a media type or a parameter states as examples, `examples` before `example`."""
    named = [each["value"] for each in stated.get("examples", {}).values() if "value" in each]
    return [*named, stated["example"]] if "example" in stated else named


def references(document: Any, value: Any) -> set[str]:
    """The JSON pointers that a part of a document refers to, and those that these refer to."""
    found: set[str] = set()
    waiting = [(value, False)]
    while waiting:
        each, is_named = waiting.pop()  # by the names of fields, among which a keyword is just a name
        if isinstance(each, dict):
            target = None if is_named else each.get("$ref")
            if isinstance(target, str) and (pointer := target.removeprefix("#")) not in found:
                found.add(pointer)
                waiting.append((value_at(document, pointer), False))
            below = each if is_named else {key: each[key] for key in each if key not in DATA_KEYWORDS}
            waiting += [(one, not is_named and key == "properties") for key, one in below.items()]
        elif isinstance(each, list):
            waiting += [(one, False) for one in each]
    return found


@dataclass(frozen=True)
class Fault:
    """One place where the contract cannot be used, and why."""

    reason: str
    pointer: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"#{self.pointer}: {self.reason}" if self.pointer else self.reason


class ContractError(Exception):
    """The contract cannot be used. `faults` holds at least one place and reason."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}{f':{fault.line}' if fault.line else ''}: {fault}" for fault in faults))


@dataclass(frozen=True)
class Contract:
    """A contract that was read and found to be valid OpenAPI 3.1: its file, its text and its value."""

    path: Path
    text: str
    document: dict[str, Any]

    def error(self, faults: Iterable[Fault]) -> ContractError:
        """Those faults as an error, each with the line that its pointer, or the nearest one above, stands on."""
        return ContractError(self.path, _with_lines(self.text, faults))


def read(path: Path) -> Contract:
    """Read and judge a contract. Raises `ContractError` where the file cannot be read, and as `parse` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContractError(path, [Fault(f"cannot be read: {error.strerror}")]) from None
    return parse(path, content)


def parse(path: Path, content: bytes) -> Contract:
    """Judge what was read of a contract's file.

    Raises `ContractError` where it is not YAML, repeats a key, or is not valid OpenAPI 3.1 that holds together by
    itself.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(path, [Fault(f"is not UTF-8 at byte {error.start}")]) from None
    document, faults = _judged(text)
    if faults:
        raise ContractError(path, faults)
    return Contract(path, text, deepcopy(document))


@lru_cache(maxsize=8)  # what a run compares is mostly one text: the contract, the committed one, the released one
def _judged(text: str) -> tuple[dict[str, Any], Sequence[Fault]]:
    """What a text holds, and its faults. Not to be changed."""
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        reason = " ".join(str(error.problem or error.context).split())
        return {}, [Fault(f"is not valid YAML: {reason}", line=line)]
    except (YAMLError, ValueError, RecursionError) as error:
        return {}, [Fault(f"is not valid YAML: {_first_line(str(error))}")]
    if not isinstance(document, dict):
        return {}, [Fault("is not an OpenAPI document: expected a mapping at the top", line=1)]
    for find_faults in (_json_faults, _version_faults, _reference_faults, _schema_faults, _document_faults):
        if faults := list(find_faults(document)):
            return document, _with_lines(text, faults)
    return document, []


def fault_in_text(reason: str) -> Fault:
    """A fault whose place is only named inside a message: by `POST /path` or by `/components/schemas/Name`."""
    if match := _OPERATION_IN_TEXT.search(reason):
        return Fault(reason, json_pointer(["paths", match[2], match[1].lower()]))
    if match := _SCHEMA_IN_TEXT.search(reason):
        return Fault(reason, match[0].rstrip(".,:"))
    return Fault(reason)


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
    elif not isinstance(value, str | int | float | None):
        yield Fault(f"is a {type(value).__name__} to YAML; put it in quotes", json_pointer(path))


def _version_faults(document: dict[str, Any]) -> Iterator[Fault]:
    version = document.get("openapi")
    if not (isinstance(version, str) and version.startswith("3.1.")):
        yield Fault(f"expected OpenAPI 3.1, got {version!r}", "/openapi")


def _reference_faults(document: dict[str, Any]) -> Iterator[Fault]:
    for path, value in _walk(document):
        if path[-1:] != ("$ref",) or path[-2:-1] == ("properties",):
            continue
        if not isinstance(value, str) or not value.startswith("#/"):
            yield Fault(f"expected a reference inside this file (#/…), got {value!r}", json_pointer(path))
        elif not _resolves(document, pointer_parts(value.removeprefix("#"))):
            yield Fault(f"{value} does not exist", json_pointer(path))


def _schema_faults(document: dict[str, Any]) -> Iterator[Fault]:
    judge = Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})
    for path, value in _walk(document):
        if (path[:2] == ("components", "schemas") and len(path) == 3) or path[-1:] == ("schema",):
            for error in judge.iter_errors(value):
                yield Fault(_first_line(error.message), json_pointer([*path, *error.instance_path]))
            yield from _keyword_faults(value, path)


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
            for at, each in value.items() if isinstance(value, dict) else enumerate(value):
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
                yield Fault(_first_line(error.message), json_pointer(error.absolute_path))
            else:
                yield fault_in_text(_first_line(error.message))
    except Exception as error:  # noqa: BLE001 - the validator trips over what it reported a moment before
        if not found:
            yield Fault(f"the validator cannot read it: {type(error).__name__}: {_first_line(str(error))}")


def _walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, child in value.items():
            # Below `properties` a keyword's name is just the name of a field.
            if key not in DATA_KEYWORDS or path[-1:] == ("properties",):
                yield from _walk(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _walk(child, (*path, index))


def _resolves(value: Any, parts: Sequence[str]) -> bool:
    for part in parts:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False
    return True


def _with_lines(text: str, faults: Iterable[Fault]) -> list[Fault]:
    root = YAML(typ="safe", pure=True).compose(text)
    return [Fault(fault.reason, fault.pointer, _line_of(root, pointer_parts(fault.pointer or ""))) for fault in faults]


def _line_of(node: Node | None, parts: Sequence[str]) -> int | None:
    if node is None:
        return None
    line: int = node.start_mark.line + 1
    for part in parts:
        if isinstance(node, MappingNode):
            entry = next(((key, value) for key, value in node.value if key.value == part), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return line if len(line) <= 300 else line[:300] + "…"
