"""From bytes to a typed request, or to a refusal that names the culprit by JSON pointer."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import msgspec

from roark_mock.checked_strings import check
from roark_mock.errors import Problem, RefusalError

T = TypeVar("T")

_decoder = msgspec.json.Decoder()

# An escape of half a surrogate pair, or another one, which may be a backslash that begins none.
_ESCAPE = re.compile(rb"(\\[^u])|\\u[Dd][89A-Fa-f][0-9A-Fa-f]{2}")


def decode(body: bytes) -> Any:
    """The JSON value in `body`, in UTF-8.

    Raises a RefusalError of status 400 if it is none, or nests deeper than Python's recursion limit, or holds a number
    beyond a double.
    """
    # Decoded whole before it is typed: a typed decoder skips unknown fields without looking whether they are UTF-8.
    try:
        try:
            return _decoder.decode(body)
        except msgspec.DecodeError:
            return _with_halves(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    raise RefusalError(
        400, "invalid_json", f"Expected a body of JSON in UTF-8, got {len(body)} bytes that are not: {reason}."
    )


def _with_halves(body: bytes) -> Any:
    """The JSON value in a body that msgspec refuses for nothing but half a surrogate pair (RFC 8259, 8.2)."""
    _decoder.decode(_ESCAPE.sub(lambda escape: escape[1] or rb"\ufffd", body))  # which judges all the rest
    return json.loads(body)


def validate(document: Any, model: type[T]) -> T:
    """`document` as an instance of `model`.

    Raises a RefusalError of status 400 that names the first value that does not fit, or says that it nests too deeply.
    """
    try:
        return _typed(document, model)
    except msgspec.ValidationError as error:
        problem = _problem(str(error))
        where = problem.path or "the whole body"
        raise RefusalError(400, "invalid_request", f"{problem.message} at {where}.", details=[problem]) from None
    except RecursionError:
        raise RefusalError(400, "invalid_json", "Expected a body of JSON, got one that is nested too deeply.") from None


def _typed(document: Any, model: type[T]) -> T:
    try:
        return msgspec.convert(document, model, dec_hook=check)
    except UnicodeEncodeError:  # half a surrogate pair in a name, which msgspec looks up in UTF-8
        typed = msgspec.convert(_renamed(document, _spelled_out), model, dec_hook=check)
        return cast(T, _renamed(typed, _read_back))


def _spelled_out(name: str) -> str:
    """A name as one that has no half of a surrogate pair; one in ASCII stays what it is."""
    return name.encode("utf-8", "surrogatepass").decode("latin-1")


def _read_back(name: str) -> str:
    return name.encode("latin-1").decode("utf-8", "surrogatepass")


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """A value with the names of its JSON objects changed, those within typed objects too."""
    if isinstance(value, dict):
        return {rename(name): _renamed(each, rename) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_renamed(each, rename) for each in value)
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(
            value, **{name: _renamed(getattr(value, name), rename) for name in value.__struct_fields__}
        )
    return value


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
