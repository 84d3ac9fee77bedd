"""The parameters of an operation: how values become parts of its path, query, headers and cookies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class RequestParts(NamedTuple):
    """The parts of a request that parameters become: the path, pairs of the query, and headers."""

    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]


def request_parts(path: str, parameters: Sequence[Parameter], arguments: Mapping[str, Any]) -> RequestParts:
    """The parts of a request. `path` holds its parameters by their names in Python.

    Raises ArgumentTypeError or ArgumentValueError, naming the argument, where the contract does not allow a value or
    it cannot stand there.
    """
    values = list(_json_values(parameters, arguments)) if parameters else []
    if not values:
        return RequestParts(path, [], [])
    segments = {
        parameter.name: _segment(_text(parameter, value) or "", parameter.name)
        for parameter, value in values
        if parameter.location == "path"
    }
    query = [pair for parameter, value in values if parameter.location == "query" for pair in _pairs(parameter, value)]
    return RequestParts(path.format_map(segments) if segments else path, query, _headers(values))


def _json_values(parameters: Iterable[Parameter], arguments: Mapping[str, Any]) -> Iterator[tuple[Parameter, Any]]:
    """The parameters that are given, each with its value as JSON that fits."""
    for parameter in parameters:
        value = arguments.get(parameter.name, UNSET)
        if value is not UNSET:
            yield parameter, _converted(parameter, value)
        elif parameter.required:
            raise ArgumentTypeError(f"{parameter.name}: expected {parameter.schema.expected}; it is required")


def _headers(values: Iterable[tuple[Parameter, Any]]) -> list[tuple[str, str]]:
    """The headers, with the cookies in one of them. A value without any text has none."""
    headers: list[tuple[str, str]] = []
    cookies: list[str] = []
    for parameter, value in values:
        if parameter.location not in ("header", "cookie") or (text := _text(parameter, value)) is None:
            continue
        if parameter.location == "header":
            headers.append((parameter.wire, text))
        else:
            cookies.append(f"{parameter.wire}={_quoted(text, parameter.name)}")
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    if headers:
        checked_headers("header", dict(headers))
    return headers


def _converted(parameter: Parameter, value: Any) -> Any:
    """A value as JSON that fits."""
    names = {parameter.wire: parameter.name}
    place = (None, parameter.wire)
    value = convert(parameter.schema, value, place, lambda: names)
    check(parameter.schema, value, place, lambda: names)
    return value


def _text(parameter: Parameter, value: Any) -> str | None:
    """The texts of a value with commas between them; None where there is none."""
    texts = [text for _, text in _texts(parameter, value)]
    return ",".join(texts) if texts else None


def _texts(parameter: Parameter, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a value, those of the properties of an object under their names. Of null there is none."""
    name, wire = parameter.name, parameter.wire
    if parameter.style == "json":
        yield wire, json_in_ascii(value, name)
    elif isinstance(value, dict):
        for key, part in cast("dict[str, Any]", value).items():
            items: list[Any] = [] if part is None else [part]
            if isinstance(part, list) and parameter.style == "default":  # else it could not be told from the rest
                items = cast("list[Any]", part)
            for item in items:
                yield key, text_of(item, f"{name}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield wire, text_of(item, f"{name}/{index}")
    elif value is not None:
        yield wire, text_of(value, name)


def _pairs(parameter: Parameter, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of a value in the query."""
    texts = list(_texts(parameter, value))
    between = _BETWEEN.get(parameter.style)
    if between is None or not isinstance(value, dict | list):
        yield from texts
        return
    parts = [text for pair in texts for text in pair] if isinstance(value, dict) else [text for _, text in texts]
    if parts:
        yield parameter.wire, QuotedText(between.join(_quoted(part, parameter.name) for part in parts))


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
