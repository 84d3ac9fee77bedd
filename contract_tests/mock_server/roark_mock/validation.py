"""From bytes to a typed request, or to a refusal that names the culprit by JSON pointer."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from roark_mock.checked_strings import check
from roark_mock.errors import Problem, RefusalError

T = TypeVar("T")

_decoder = msgspec.json.Decoder()


def decode(body: bytes) -> Any:
    """The JSON value in `body`, in UTF-8.

    Raises a RefusalError of status 400 if it is none, or nests deeper than Python's recursion limit, or holds a number
    beyond a double.
    """
    # Decoded whole before it is typed: a typed decoder skips unknown fields without looking whether they are UTF-8.
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    raise RefusalError(
        400, "invalid_json", f"Expected a body of JSON in UTF-8, got {len(body)} bytes that are not: {reason}."
    )


def validate(document: Any, model: type[T]) -> T:
    """`document` as an instance of `model`.

    Raises a RefusalError of status 400 that names the first value that does not fit.
    """
    try:
        return msgspec.convert(document, model, dec_hook=check)
    except msgspec.ValidationError as error:
        problem = _problem(str(error))
        where = problem.path or "the whole body"
        raise RefusalError(400, "invalid_request", f"{problem.message} at {where}.", details=[problem]) from None


def validate_parameters(values: Mapping[str, str], model: type[T]) -> T:
    """The parameters of a path and a query as an instance of `model`: each is text, and read as what is stated.

    Raises a RefusalError of status 400 that names the first one that does not fit.
    """
    try:
        return msgspec.convert(values, model, strict=False, dec_hook=check)
    except msgspec.ValidationError as error:
        problem = _problem(str(error))
        name = problem.path.removeprefix("/")
        raise RefusalError(400, "invalid_parameter", f"{problem.message} as the parameter `{name}`.") from None


_LOCATED = re.compile(r"(?P<message>.*?)(?: - at `\$(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>\w+)`")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def _problem(text: str) -> Problem:
    """Turn msgspec's `… - at `$.a[0].b`` into a pointer; a missing field is pointed at where it should be."""
    located = _LOCATED.fullmatch(text)
    assert located is not None
    message = located["message"]
    path = "".join(f"/{name or index}" for name, index in _STEP.findall(located["path"] or ""))
    if missing := _MISSING.fullmatch(message):
        return Problem(
            path=f"{path}/{missing['name']}", message=f"Expected the required field `{missing['name']}`, got none"
        )
    return Problem(path=path, message=message)
