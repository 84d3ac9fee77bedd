"""References: what a `$ref` of a document leads to. All of them lead into the document itself, as `read` sees to."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from scripts.contract.keywords import DATA_KEYWORDS, EXTENSIBLE, NAMED
from scripts.contract.pointers import value_at

_IN_FRAGMENT = "/?:@!$&'()*+,;=~"  # RFC 3986, 3.5, beside letters, digits and -._

Path = tuple[str | int, ...]


def reference(pointer: str) -> str:
    """A JSON pointer as a `$ref` (RFC 6901, 6): what no URI may hold, such as the braces of a path, percent-encoded."""
    return f"#{quote(pointer, safe=_IN_FRAGMENT)}"


def pointer_of(ref: str) -> str:
    """The JSON pointer that a `$ref` leads to."""
    return unquote(ref.removeprefix("#"))


def resolved(document: Any, ref: str) -> Any:
    """What a `$ref` leads to. Raises as `value_at` does."""
    return value_at(document, pointer_of(ref))


def followed(document: Any, stated: dict[str, Any]) -> dict[str, Any]:
    """What a part of a document says itself, or what the one says that it refers to."""
    while "$ref" in stated:
        stated = resolved(document, stated["$ref"])
    return stated


def direct_references(value: Any) -> set[str]:
    """The JSON pointers that a part of a document refers to itself."""
    targets = (each.get("$ref") for _, each in stated_objects(value))
    return {pointer_of(target) for target in targets if isinstance(target, str)}


def references(document: Any, value: Any) -> set[str]:
    """The JSON pointers that a part of a document refers to, and those that these refer to."""
    return set(reachable(direct_references(value), lambda pointer: direct_references(value_at(document, pointer))))


def reachable(starts: Iterable[str], successors: Callable[[str], Iterable[str]]) -> list[str]:
    """Some nodes of a graph, such as JSON pointers, and all that their successors lead to; the nearest first."""
    nodes = dict.fromkeys(starts)
    waiting = deque(nodes)
    while waiting:
        for node in successors(waiting.popleft()):
            if node not in nodes:
                nodes[node] = None
                waiting.append(node)
    return list(nodes)


def stated_objects(value: Any, path: Path = (), named_by: str | None = None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each object of a document, or of a part of it, with its path; but for data, extensions, and what only maps names.

    `named_by` is the field whose names a value maps, where it does.
    """
    if isinstance(value, dict):
        if named_by is None:
            yield path, value
        for key, child in value.items():
            is_extension = named_by in EXTENSIBLE and str(key).startswith("x-")
            is_data = key in DATA_KEYWORDS or (key == "examples" and isinstance(child, list))
            if not is_extension and (named_by is not None or not is_data):
                yield from stated_objects(child, (*path, key), key if named_by is None and key in NAMED else None)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from stated_objects(child, (*path, index))
