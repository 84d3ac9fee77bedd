"""Bodies of requests: a server that reads what is no JSON, or breaks at it."""

import json
import re
from collections.abc import Callable

from contract_tests.mutations.bends import OPERATORS, Drifts, failure, requests
from contract_tests.mutations.bent_server import Bend, Request


def reads(change: Callable[[bytes], bytes]) -> Bend:
    """A bend that lets the mock see another body than came."""

    def bent(request: Request) -> None:
        request.body = change(request.body)

    return requests(bent)


def lenient_json(given: bytes) -> bytes:
    """Read JSON as Python does: NaN, and UTF-16 too."""
    try:
        return json.dumps(json.loads(given)).replace("NaN", "0").replace("Infinity", "0").encode()
    except (ValueError, RecursionError):
        return given


def first_value(given: bytes) -> bytes:
    """Read the first value of a body and forget the rest."""
    try:
        return json.dumps(json.JSONDecoder().raw_decode(given.decode())[0]).encode()
    except (ValueError, RecursionError):
        return given


def latin(given: bytes) -> bytes:
    """Read what is no UTF-8 as Latin-1."""
    try:
        given.decode()
    except UnicodeDecodeError:
        return given.decode("latin-1").encode()
    return given


def missing_end(given: bytes) -> bytes:
    """Add the brace that a body lacks."""
    try:
        json.loads(given)
    except (ValueError, RecursionError):
        return given + b"}"
    return given


DRIFTS: Drifts = {
    OPERATORS: {
        "NaN is taken for a number": reads(lenient_json),
        "UTF-16 is read": reads(
            lambda given: given.decode("utf-16").encode() if given[:2] in (b"\xff\xfe", b"\xfe\xff") else given
        ),
        "Latin-1 is read": reads(latin),
        "what stands behind the JSON is forgotten": reads(first_value),
        "a truncated body is mended": reads(missing_end),
        "a comment before the JSON is skipped": reads(lambda given: re.sub(rb"^/\*.*?\*/", b"", given)),
        "an empty body breaks the server": lambda exchange: (
            failure(500) if not exchange.request.body and exchange.request.method == "POST" else None
        ),
        "malformed JSON breaks the server": lambda exchange: (
            failure(500) if exchange.request.json is None and exchange.request.method == "POST" else None
        ),
        "deep malformed JSON breaks the server": lambda exchange: (
            failure(500) if b"[[[[[[[[" in exchange.request.body else None
        ),
        "a long number breaks the server": lambda exchange: (
            failure(500) if b"1" * 4301 in exchange.request.body else None
        ),
        "half a surrogate pair breaks the server": lambda exchange: (
            failure(500) if b"\\ud800" in exchange.request.body else None
        ),
    },
}
