"""Errors keep one media type and one shape, and carry the headers that HTTP wants beside them."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from contract_tests.proof.breaches import json_type
from contract_tests.proof.checks.answer import Answer, Finding, RunHistory
from contract_tests.proof.same_value import NOTHING


def error_shape(answer: Answer, history: RunHistory) -> Iterator[Finding]:
    """An error is JSON, and has the fields that the other errors of the run have, of the same types."""
    if answer.status < 400 or not answer.content:
        return
    if answer.media_type != "application/json":
        message = f"an error of {answer.status}: expected application/json, got {answer.media_type or 'no media type'}"
        yield Finding("error_shape", f"reply {answer.status} Content-Type", message, rule="error-form")
    if answer.json is NOTHING:
        return  # which has no shape; that it should be JSON is told already
    shape = _shape(answer.json)
    if history.error_shape is None:
        history.error_shape = answer.status, shape
    status, usual = history.error_shape
    if shape.keys() != usual.keys() or any(
        shape[name] != usual[name] and "null" not in (shape[name], usual[name]) for name in shape
    ):
        message = f"expected the shape of the first error, a {status}, {_listed(usual)}; got {_listed(shape)}"
        yield Finding("error_shape", f"reply {answer.status}", message, rule="error-form")


def error_headers(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """401 names its scheme, 405 the methods there are (RFC 9110), 429 and 503 when to come back."""
    missing = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}.get(answer.status)
    if missing and missing.lower() not in answer.headers:
        message = f"a {answer.status} without {missing}"
        where = f"reply {answer.status} {missing}"
        yield Finding("error_headers", where, message, rule="error-headers", fault=message)
    challenge = answer.headers.get("www-authenticate", "bearer")
    if answer.status == 401 and not re.search(r"(?:^|,)\s*bearer\b", challenge, re.IGNORECASE):
        message = f"expected the scheme Bearer, got {challenge!r}"
        fault = "a 401 with another scheme than Bearer"
        yield Finding("error_headers", "reply 401 WWW-Authenticate", message, rule="error-headers", fault=fault)
    if (wait := answer.headers.get("retry-after")) is not None and not _is_wait(wait):
        message = f"expected seconds or an HTTP date, got {wait!r}"
        fault = "a Retry-After that cannot be read"
        yield Finding("error_headers", f"reply {answer.status} Retry-After", message, rule="error-headers", fault=fault)


def allowed_methods(value: str) -> set[str]:
    """The methods that an `Allow` header lists."""
    return {method.strip() for method in value.split(",") if method.strip()}


def _shape(value: Any) -> dict[str, str]:
    """The JSON type of each field; of what is no object, of itself under the empty name."""
    fields = value if isinstance(value, dict) else {"": value}
    return {name: json_type(each) for name, each in fields.items()}


def _listed(shape: Any) -> str:
    return ", ".join(f"{name!r}: {kind}" if name else kind for name, kind in shape.items()) or "no field"


def _is_wait(value: str) -> bool:
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", value):
        return True
    try:
        return bool(parsedate_to_datetime(value)) and value.endswith("GMT")
    except ValueError:
        return False
