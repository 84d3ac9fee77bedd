"""Whatever a server echoes, the token is nowhere."""

import gzip
import json
import logging
import pickle
import traceback
from collections.abc import Callable

import pytest
from roark_client import APIError

from contract_tests.client.network.replies import IN_CHUNKS
from contract_tests.client.network.ways import SHORT, TOKEN, Caller, in_some_ways
from contract_tests.client.scripted_server import PATIENCE, End, Script, ScriptedServer, head, reply


def echoed(make: Callable[[bytes], bytes]) -> Script:
    """An answer made of the Authorization header that came."""
    return (lambda received: make(received.headers["authorization"].encode()), End.CLOSE)


def escaped(text: bytes) -> bytes:
    """As a JSON string with every escape that JSON allows."""
    return b'"' + text.replace(b"/", b"\\/").replace(b"=", b"\\u003d").replace(b"+", b"\\u002B") + b'"'


ECHOES: dict[str, Script] = {
    "as text": echoed(lambda text: reply(401, b"no good: " + text)),
    "as HTML": echoed(lambda text: reply(500, b"<pre>" + text, "Content-Type: text/html")),
    "as JSON": echoed(lambda text: reply(422, b'{"error": {"headers": ["' + text + b'"], "' + text + b'": 1}}')),
    "as JSON with escapes": echoed(lambda text: reply(400, b'{"error": ' + escaped(text) + b"}")),
    "as UTF-16": echoed(
        lambda text: reply(400, text.decode().encode("utf-16"), "Content-Type: text/html; charset=utf-16")
    ),
    "as UTF-16 JSON": echoed(lambda text: reply(400, f'["{text.decode()}"]'.encode("utf-16-be"))),
    "in gzip": echoed(lambda text: reply(500, gzip.compress(text), "Content-Encoding: gzip")),
    "in a header": echoed(lambda text: head(500, "X-You-Sent: " + text.decode(), "Content-Length: 0")),
    "in a cookie": echoed(lambda text: head(403, "Set-Cookie: a=" + text.decode(), "Content-Length: 0")),
    "in the phrase": echoed(lambda text: b"HTTP/1.1 500 " + text + b"\r\n\r\n"),
    "in garbage": echoed(lambda text: text + b"\r\n\r\n"),
    "in a header of garbage": echoed(lambda text: b"HTTP/1.1 200 OK\r\n" + text + b"\r\n\r\n"),
    "in an encoding": echoed(lambda text: reply(200, b"x", "Content-Encoding: " + text.decode())),
    "in a redirect": echoed(lambda text: reply(302, b"", "Location: /" + text.decode())),
    "in a redirect to garbage": echoed(lambda text: reply(302, b"", "Location: http://[" + text.decode())),
    "in a body cut off": echoed(lambda text: head(200, "Content-Length: 999") + text),
    "in a body that drips": (*echoed(lambda text: head(500) + text)[:1], End.SILENCE),
    "in a chunk of garbage": echoed(lambda text: IN_CHUNKS + text + b"\r\n"),
    "in a body damaged": echoed(lambda text: reply(200, text, "Content-Encoding: gzip")),
}


@in_some_ways
@pytest.mark.parametrize("script", ECHOES.values(), ids=list(ECHOES))
def test_token_is_nowhere(call: Caller, script: Script, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a server echoes, the token is in nothing that an error shows, logs or takes along."""
    caplog.set_level(logging.DEBUG)
    timeout = SHORT / 5 if End.SILENCE in script else PATIENCE
    with ScriptedServer(script) as server:
        (error,) = call(server.url, timeout=timeout, max_retries=0)
    assert isinstance(error, APIError)
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    shown = {
        "text": str(error),
        "repr": repr(error),
        "traceback": "".join(trace.format()),
        "attributes": repr(vars(error)),
        "request": repr((error.request.headers.raw, error.request.content)),
        "response": repr(error.response and (error.response.headers.raw, error.response.text)),
        "body": json.dumps(error.body),
        "pickle": repr(pickle.dumps(error)),
        "log": "".join(each.getMessage() for each in caplog.records if each.name.startswith("roark_client")),
    }
    secret = TOKEN[4:]  # also where its beginning is escaped
    assert [place for place, text in shown.items() if secret in text.replace("\\x00", "").replace("\0", "")] == []
    assert error.request.headers["authorization"] == "[masked]"
