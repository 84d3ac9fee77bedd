"""The parameters of an operation: how values become parts of its path, query, headers and cookies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, cast
from urllib.parse import quote

from .arguments import check, convert
from .connection import QuotedText, checked_headers, text_of
from .content import json_in_ascii
from .errors import ArgumentTypeError, ArgumentValueError
from .schema import Schema
from .types import UNSET

Style = Literal["default", "comma", "space", "pipe", "json"]
"""How a value is written that is more than one text. By default an array repeats its name in the query and has commas
elsewhere, and the properties of an object are parameters of the query themselves. `comma`, `space` and `pipe` stand
between all parts of either, under the one name; `json` is JSON text."""

_BETWEEN: Mapping[Style, str] = {"comma": ",", "space": "%20", "pipe": "%7C"}


class Parameter(NamedTuple):
    """A parameter of an operation: its names in Python and in the request, where it goes, and its schema."""

    name: str
    wire: str
    location: Literal["path", "query", "header", "cookie"]
    schema: Schema
    required: bool = False
    style: Style = "default"


class Placed(NamedTuple):
    """What the values of a call become: the path, pairs of the query, and headers."""

    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]


def placed(path: str, parameters: Iterable[Parameter], arguments: Mapping[str, Any]) -> Placed:
    """The parts of a request. `path` holds its parameters by their names in Python.

    Raises ArgumentTypeError or ArgumentValueError, naming the argument, where the contract does not allow a value or
    it cannot stand there.
    """
    in_path: dict[str, str] = {}
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    for parameter in parameters:
        name, wire = parameter.name, parameter.wire
        value = arguments.get(name, UNSET)
        if value is UNSET:
            if parameter.required:
                raise ArgumentTypeError(f"{name}: expected {parameter.schema.expected}; it is required")
            continue
        value = _converted(parameter, value)
        if parameter.location == "query":
            query += _pairs(parameter, value)
            continue
        texts = [text for _, text in _texts(parameter, value)]
        if parameter.location == "path":
            in_path[name] = _segment(",".join(texts), name)
        elif texts and parameter.location == "header":
            headers.append((wire, ",".join(texts)))
        elif texts:
            cookies.append(f"{wire}={_quoted(','.join(texts), name)}")
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    if headers:
        checked_headers("header", dict(headers))
    return Placed(path.format_map(in_path) if in_path else path, query, headers)


def _converted(parameter: Parameter, value: Any) -> Any:
    """A value as JSON that fits."""
    names = {parameter.wire: parameter.name}
    place = (None, parameter.wire)
    value = convert(parameter.schema, value, place, lambda: names)
    check(parameter.schema, value, place, lambda: names)
    return value


def _texts(parameter: Parameter, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a value, those of the properties of an object under their names. Of null there is none."""
    name, wire = parameter.name, parameter.wire
    if parameter.style == "json":
        yield wire, json_in_ascii(value, name)
    elif isinstance(value, dict):
        for key, each in cast("dict[str, Any]", value).items():
            items: list[Any] = [] if each is None else [each]
            if isinstance(each, list) and parameter.style == "default":  # else it could not be told from the rest
                items = cast("list[Any]", each)
            for item in items:
                yield key, text_of(item, f"{name}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield wire, text_of(item, f"{name}/{index}")
    elif value is not None:
        yield wire, text_of(value, name)


def _pairs(parameter: Parameter, value: Any) -> Iterator[tuple[str, str]]:
    """What a value becomes in the query."""
    texts = list(_texts(parameter, value))
    between = _BETWEEN.get(parameter.style)
    if between is None or not isinstance(value, dict | list):
        yield from texts
        return
    parts = [each for pair in texts for each in pair] if isinstance(value, dict) else [text for _, text in texts]
    if parts:
        yield parameter.wire, QuotedText(between.join(_quoted(each, parameter.name) for each in parts))


def _segment(text: str, name: str) -> str:
    """One segment of a path. Raises ArgumentValueError for one that would name another path."""
    if text in ("", ".", ".."):
        raise ArgumentValueError(f"{name}: expected text that is a segment of a path, got {text!r}")
    return _quoted(text, name)


def _quoted(text: str, name: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ArgumentValueError(f"{name}: expected text that UTF-8 can write") from None
