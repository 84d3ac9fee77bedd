"""Values for the parameters of an operation, and the parts of a request that they are written into."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from contract_tests import judge
from contract_tests.proof.variants import variants
from contract_tests.subject import chosen
from scripts.contract import Operation, Parameter, examples_of, is_json

JSON = Any
Values = Mapping[Parameter, JSON]

# Texts that can stand anywhere, as many cannot in a header; one of what means something in a URL.
TEXTS = ("a word", "a/b?c=d&e#f;g%2Fh")


# What stands between the parts of a value that is written under one name, by the style of the parameter.
BETWEEN = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True)
class Written:
    """What values become in a request: the path, undecoded pairs of the query, and headers."""

    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]

    @property
    def target(self) -> str:
        """Path and query, as they stand in a URL."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def every_value(operation: Operation) -> Values:
    """A value for each parameter of which one is known."""
    return {each: values[0] for each in operation.parameters if (values := fitting_values(each))}


def least_values(operation: Operation) -> Values:
    """A value for each parameter that has to be given."""
    return {each: value for each, value in every_value(operation).items() if each.is_required}


@cache
def fitting_values(parameter: Parameter) -> tuple[JSON, ...]:
    """Values that fit a parameter and can be written where it stands; those that the contract shows come first.

    None where no such value is found.
    """
    try:
        return tuple(each for each in _fitting_values(parameter) if can_be_written(parameter, each))
    except judge.UnreadableSchemaError:
        return ()


def _fitting_values(parameter: Parameter) -> Iterator[JSON]:
    shown = examples_of(chosen().contract.document, judge.value_at(parameter.pointer))
    yield from (each for each in shown if judge.is_valid(parameter.schema, each))
    yield from (each.value for each in variants(parameter.schema) if each.fits)
    yield from (each for each in (*TEXTS, list(TEXTS)) if judge.is_valid(parameter.schema, each))


def refused_values(parameter: Parameter) -> Iterator[JSON]:
    """Values that break what the contract says of a parameter, or would make another request than is meant."""
    for each in variants(parameter.schema):
        if not each.fits or not (can_be_written(parameter, each.value) or each.value is None):
            yield each.value
    if parameter.location == "path":
        yield from (each for each in ("", ".", "..") if judge.is_valid(parameter.schema, each))


def can_be_written(parameter: Parameter, value: JSON) -> bool:
    """Whether a value has a text that can stand where the parameter does. A null has none: it is left out."""
    if value is None or (not _is_json(parameter) and not _has_texts(parameter, value)):
        return False
    match parameter.location:
        case "path":
            return as_text(parameter, value) not in ("", ".", "..")  # which are other paths
        case "header":
            text = as_text(parameter, value)
            return text.isascii() and text.isprintable() and text == text.strip()
        case _:
            return True


def written(operation: Operation, values: Values) -> Written:
    """The request that values become."""
    path, query, headers, cookies = operation.path, [], {}, []
    for parameter, value in values.items():
        name, text = parameter.name, as_text(parameter, value)
        match parameter.location:
            case "path":
                path = path.replace(f"{{{name}}}", quote(text, safe=""))
            case "query":
                query += as_pairs(parameter, value)
            case "header" if value not in (None, []):
                headers[name] = text
            case "cookie" if value not in (None, []):
                cookies.append(f"{name}={quote(text, safe='')}")
            case _:
                pass
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    return Written(path, tuple(query), headers)


def as_text(parameter: Parameter, value: JSON) -> str:
    """What a value becomes anywhere but in the query."""
    return ",".join(text for _, text in _texts(parameter, value))


def as_pairs(parameter: Parameter, value: JSON) -> list[tuple[str, str]]:
    """What a value becomes in the query, in the style of the parameter."""
    pairs = _texts(parameter, value)
    if _is_json(parameter) or parameter.explodes or not pairs or not isinstance(value, list | dict):
        return pairs
    parts = [part for pair in pairs for part in pair] if isinstance(value, dict) else [text for _, text in pairs]
    return [(parameter.name, BETWEEN[parameter.style].join(parts))]


def _is_json(parameter: Parameter) -> bool:
    return parameter.content is not None and is_json(parameter.content.name)


def _has_texts(parameter: Parameter, value: JSON) -> bool:
    """Whether a value is a scalar, or made of scalars where it can be written so."""
    if isinstance(value, list):
        return all(_is_scalar(each) for each in value)
    if isinstance(value, dict):
        # Of an array in an object OpenAPI says nothing; under a name of its own it is clear what is meant.
        parts = [each if isinstance(each, list) and parameter.explodes else [each] for each in value.values()]
        return parameter.location == "query" and all(each == [None] or all(map(_is_scalar, each)) for each in parts)
    return True


def _is_scalar(value: JSON) -> bool:
    return value is not None and not isinstance(value, list | dict)


def _texts(parameter: Parameter, value: JSON) -> list[tuple[str, str]]:
    """The texts of a value, each with the name that it goes under where it is written apart."""
    if _is_json(parameter):
        return [(parameter.name, json.dumps(value, separators=(",", ":")))]
    named = value.items() if isinstance(value, dict) else [(parameter.name, value)]
    return [
        (name, item if isinstance(item, str) else json.dumps(item))
        for name, each in named
        for item in (each if isinstance(each, list) else [] if each is None else [each])
    ]
