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
from scripts.contract import Operation, Parameter, examples_of

JSON = Any
Values = Mapping[Parameter, JSON]

# Texts that can stand anywhere, as many cannot in a header; one of what means something in a URL.
TEXTS = ("a word", "a/b?c=d&e#f;g%2Fh")


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
    derived = [each.value for each in variants(parameter.schema) if each.fits]
    others = [each for each in (*TEXTS, list(TEXTS)) if judge.is_valid(parameter.schema, each)]
    shown = examples_of(chosen().contract.document, judge.value_at(parameter.pointer))
    shown = [each for each in shown if judge.is_valid(parameter.schema, each)]
    return tuple(each for each in (*shown, *derived, *others) if can_be_written(parameter, each))


def refused_values(parameter: Parameter) -> Iterator[JSON]:
    """Values that break what the contract says of a parameter, or would make another request than is meant."""
    for each in variants(parameter.schema):
        if not each.fits or not (can_be_written(parameter, each.value) or each.value is None):
            yield each.value
    if parameter.location == "path":
        yield from (each for each in ("", ".", "..") if judge.is_valid(parameter.schema, each))


def can_be_written(parameter: Parameter, value: JSON) -> bool:
    """Whether a value has a text that can stand where the parameter does. A null has none: it is left out."""
    if None in (value if isinstance(value, list) else [value]):
        return False
    match parameter.location:
        case "path":
            return as_text(value) not in ("", ".", "..")  # which are other paths
        case "header":
            text = as_text(value)
            return text.isascii() and text.isprintable() and text == text.strip()
        case _:
            return True


def written(operation: Operation, values: Values) -> Written:
    """The request that values become, in the styles that are OpenAPI's defaults."""
    path, query, headers, cookies = operation.path, [], {}, []
    for parameter, value in values.items():
        name, texts = parameter.name, as_texts(value)
        match parameter.location:
            case "path":
                path = path.replace(f"{{{name}}}", quote(as_text(value), safe=""))
            case "query":
                query += [(name, text) for text in texts]
            case "header" if texts:
                headers[name] = as_text(value)
            case "cookie" if texts:
                cookies.append(f"{name}={quote(as_text(value), safe='')}")
            case _:
                pass
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    return Written(path, tuple(query), headers)


def as_text(value: JSON) -> str:
    """A scalar or an array of scalars as one text."""
    return ",".join(as_texts(value))


def as_texts(value: JSON) -> list[str]:
    """The text of a scalar, or of each item of an array."""
    items = value if isinstance(value, list) else [value]
    return [each if isinstance(each, str) else json.dumps(each) for each in items]
