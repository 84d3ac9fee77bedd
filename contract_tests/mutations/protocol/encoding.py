"""Replies as bytes: a server whose reply says another media type, or is no JSON."""

import json
import re

from contract_tests.mutations.bends import PARSERS, Drifts, body, error, header, success
from contract_tests.mutations.bent_server import Exchange, Reply


def hang_up_late(_: Exchange, reply: Reply) -> None:
    """Declare more than is sent."""
    reply.headers["content-length"] = str(len(reply.body) + 10)


DRIFTS: Drifts = {
    PARSERS: {
        "a success is text/plain": success(header("content-type", "text/plain")),
        "a success has no media type": success(header("content-type", None)),
        "a success is vendor JSON": success(header("content-type", "application/vnd.roark+json")),
        "a success says Latin-1": success(header("content-type", "application/json; charset=iso-8859-1")),
        "a success says UTF-16": success(header("content-type", 'application/json; charset="UTF-16"')),
        "a success is UTF-16": success(body(lambda given: given.decode().encode("utf-16"))),
        "a success is Latin-1": success(body(lambda given: given.decode().encode("latin-1", "replace"))),
        "a success begins with a byte order mark": success(body(lambda given: b"\xef\xbb\xbf" + given)),
        "a success holds NaN": success(body(lambda given: given.replace(b'"durationMs":null', b'"durationMs":NaN'))),
        "a success holds Infinity": success(
            body(lambda given: given.replace(b'"durationMs":null', b'"durationMs":-Infinity'))
        ),
        "a success is truncated": success(body(lambda given: given[:-2])),
        "a success breaks off": success(hang_up_late),
        "a success ends in garbage": success(body(lambda given: given + b"\n<!-- 12 ms -->")),
        "a success ends in a second value": success(body(lambda given: given + b"{}")),
        "a success holds a field twice": success(
            body(lambda given: given.replace(b'{"data":', b'{"data":null,"data":', 1))
        ),
        "an id stands twice": success(body(lambda given: re.sub(rb'("(?:jobId|callId)":"[^"]*")', rb"\1,\1", given))),
        "a success is empty": success(body(lambda _: b"")),
        "a success is null": success(body(lambda _: b"null")),
        "a success is encoded twice": success(body(lambda given: json.dumps(given.decode()).encode())),
        "a success is wrapped in an array": success(body(lambda given: b"[" + given + b"]")),
        "a success is not wrapped in data": success(lambda _, reply: setattr(reply, "json", reply.json["data"])),
        "a success says gzip and is not": success(header("content-encoding", "gzip")),
        "a success holds raw line feeds": success(body(lambda given: given.replace(b'"PENDING', b'"PEN\nDING'))),
        "a success has a prefix against hijacking": success(body(lambda given: b")]}',\n" + given)),
        "an error is truncated": error(body(lambda given: given[:-1])),
        "an error is empty": error(body(lambda _: b"")),
        "an error is Latin-1": error(body(lambda given: given.replace(b"Expected", "Erwünscht".encode("latin-1")))),
        "an error holds a field twice": error(body(lambda given: given.replace(b'{"code', b'{"code":"","code'))),
    },
}
